"""The files sent with reports: which belong to what is owed, and which wait for a task like the text they came with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update

from storage import files
from storage.rows import add as add_row
from storage.rows import many, one
from storage.store import Transaction
from storage.tables import Attachment, Notice, Obligation, Period, Task, Unit, columns_of

_attachment, _obligation, _period, _task, _unit, _notice = (
    columns_of(table) for table in (Attachment, Obligation, Period, Task, Unit, Notice)
)
_add = insert(_attachment)
_stands = _attachment.c.removed_at.is_(None)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file somebody sent; its `obligation_id` is None while nobody knows what it is for."""

    id: int
    obligation_id: int | None
    person_id: int
    unique_id: str
    name: str
    chat_id: int
    message_id: int
    album: str | None


@dataclass(frozen=True, slots=True)
class FiledAttachment:
    """A standing attachment with what names its report."""

    id: int
    file_id: int
    name: str
    size: int
    notice_id: int
    unit: str
    list: str
    no: int
    period: str


_columns = tuple(_attachment.c[name] for name in Attached.__dataclass_fields__)
_of = select(*_columns).where(_stands, _attachment.c.obligation_id.in_(bindparam("wanted", expanding=True)))
_by_id = select(*_columns).where(_stands, _attachment.c.id == bindparam("wanted"))


def add(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep an attachment; gives its number."""
    return add_row(tx, _add, values)


def attachment(tx: Transaction, attachment_id: int) -> Attached | None:
    """Give a standing attachment by its number."""
    return one(tx, Attached, _by_id, {"wanted": attachment_id})


def of_obligations(tx: Transaction, obligation_ids: Sequence[int]) -> list[Attached]:
    """List what stands with these obligations' reports, in the order it was sent."""
    if not obligation_ids:
        return []
    return many(tx, Attached, _of.order_by(_attachment.c.id), {"wanted": list(obligation_ids)})


def sent_with(tx: Transaction, chat_id: int, message_id: int) -> list[Attached]:
    """List what came with a message of a chat: in it, or in the album it is one of."""
    here = _attachment.c.chat_id == chat_id
    album = select(_attachment.c.album).where(here, _attachment.c.message_id == message_id).limit(1).scalar_subquery()
    same = or_(_attachment.c.message_id == message_id, _attachment.c.album == album)
    return many(tx, Attached, select(*_columns).where(_stands, here, same).order_by(_attachment.c.id))


def place(tx: Transaction, attachment_id: int, obligation_id: int) -> None:
    """Put an attachment with an obligation's report."""
    tx.execute(update(_attachment).where(_attachment.c.id == attachment_id).values(obligation_id=obligation_id))


def take_off(tx: Transaction, attachment_ids: Sequence[int], *, message_id: int) -> None:
    """Take attachments away from their report: they wait with a message's text again."""
    taken = update(_attachment).where(_attachment.c.id.in_(attachment_ids))
    tx.execute(taken.values(obligation_id=None, message_id=message_id))


def remove(tx: Transaction, attachment_id: int, *, at: datetime) -> None:
    """Remove an attachment and delete its bytes; that it was there stays on record."""
    file_id = tx.execute(select(_attachment.c.file_id).where(_attachment.c.id == attachment_id)).scalar_one()
    tx.execute(update(_attachment).where(_attachment.c.id == attachment_id).values(removed_at=at, file_id=None))
    if file_id is not None:
        files.drop(tx, file_id)


def filed(tx: Transaction, *, period: str | None, unit: str | None, notice_id: int | None) -> list[FiledAttachment]:
    """List the attachments of reports, in the order of notice, period, unit and task."""
    wanted = (
        *([_period.c.label == period] if period is not None else []),
        *([_unit.c.name == unit] if unit is not None else []),
        *([_task.c.notice_id == notice_id] if notice_id is not None else []),
    )
    statement = (
        select(
            _attachment.c.id,
            _attachment.c.file_id,
            _attachment.c.name,
            _attachment.c.size,
            _task.c.notice_id,
            _unit.c.name.label("unit"),
            _task.c.list,
            _task.c.no,
            _period.c.label.label("period"),
        )
        .join(_obligation, _obligation.c.id == _attachment.c.obligation_id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .join(_unit, _unit.c.id == _obligation.c.unit_id)
        .join(_period, _period.c.id == _obligation.c.period_id)
        .where(_stands, _attachment.c.file_id.is_not(None), *wanted)
        .order_by(_task.c.notice_id, _period.c.due_at, _unit.c.id, _task.c.position, _attachment.c.id)
    )
    return many(tx, FiledAttachment, statement)
