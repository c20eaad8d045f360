"""What lead units ask of their supporting units, and what those give: every version of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update

from storage.rows import add, many, one
from storage.states import OWED
from storage.store import Transaction
from storage.tables import (
    Assignment,
    Contribution,
    ContributionRequest,
    Notice,
    Obligation,
    Period,
    Task,
    Unit,
    columns_of,
)

_request, _contribution, _obligation, _assignment, _period, _task, _notice, _unit = (
    columns_of(table)
    for table in (ContributionRequest, Contribution, Obligation, Assignment, Period, Task, Notice, Unit)
)
_lead = _unit.alias("lead")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a supporting unit was asked for, with what is needed to speak of it, and what it gave last.

    `state` and `due_at` are the lead's obligation's; `is_support` tells whether the unit still supports the task.
    """

    id: int
    obligation_id: int
    unit_id: int
    unit_name: str
    lead_id: int
    lead_name: str
    task_id: int
    list: str
    no: int
    text: str
    period: str
    due_at: datetime
    state: str
    max_length: int | None
    note: str | None
    wanted_on: date | None
    called_at: datetime
    told_at: datetime | None
    lead_told_at: datetime | None
    closed_at: datetime | None
    is_support: bool
    given: str | None
    given_at: datetime | None
    first_given_at: datetime | None  # when the first version came
    version: int | None
    characters: int | None

    @property
    def is_open(self) -> bool:
        """Whether something may still be given: the lead has not reported yet, and the unit still supports it."""
        return self.closed_at is None and self.state in OWED and self.is_support

    @property
    def is_awaited(self) -> bool:
        """Whether the unit may still give something and gave nothing yet."""
        return self.is_open and self.given is None


def of_obligations(tx: Transaction, obligation_ids: Sequence[int]) -> list[Asked]:
    """List what was asked for these obligations of lead units, unit by unit."""
    return many(tx, Asked, _asked().where(_request.c.obligation_id.in_(obligation_ids)))


def of_units(tx: Transaction, unit_ids: Sequence[int]) -> list[Asked]:
    """List what these supporting units were asked for, as far as it may still be given; earliest due first."""
    found = many(tx, Asked, _asked().where(_request.c.unit_id.in_(unit_ids), _request.c.closed_at.is_(None)))
    return [asked for asked in found if asked.is_open]


def of_task(tx: Transaction, task_id: int) -> list[Asked]:
    """List what was asked of anybody for a task, in every period."""
    return many(tx, Asked, _asked().where(_obligation.c.task_id == task_id))


def not_closed(tx: Transaction) -> list[Asked]:
    """List what was asked and not closed yet."""
    ids = list(tx.execute(select(_request.c.id).where(_request.c.closed_at.is_(None))).scalars())
    return many(tx, Asked, _asked().where(_request.c.id.in_(ids))) if ids else []  # mostly there is none


def request(tx: Transaction, request_id: int) -> Asked | None:
    """Give one request by its number."""
    return one(tx, Asked, _asked().where(_request.c.id == request_id))


def given_in(tx: Transaction, chat_id: int, message_id: int) -> int | None:
    """Give the number of the request that a message of a chat answered last, or None."""
    same = select(_contribution.c.request_id).where(
        _contribution.c.chat_id == chat_id, _contribution.c.message_id == message_id
    )
    found: int | None = tx.execute(same.order_by(_contribution.c.id.desc()).limit(1)).scalar_one_or_none()
    return found


def add_request(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep what a unit is asked for; gives its number."""
    return add(tx, insert(_request), values)


def change_request(tx: Transaction, request_id: int, **values: Any) -> None:
    """Change what is kept of a request."""
    tx.execute(update(_request).where(_request.c.id == request_id).values(**values))


def add_contribution(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a new version of what a unit gave; gives its number."""
    return add(tx, insert(_contribution), values)


def hand_over_requests(tx: Transaction, unit_id: int, *, to_unit: int) -> None:
    """Make what a unit was asked for, and gave, another unit's."""
    _move(tx, _request.c.unit_id, unit_id, to_unit, beside="obligation_id")


def join_requests(tx: Transaction, obligation_id: int, *, into: int) -> None:
    """Make what was asked for one obligation asked for another."""
    _move(tx, _request.c.obligation_id, obligation_id, into, beside="unit_id")


def _move(tx: Transaction, column: Any, old: int, new: int, *, beside: str) -> None:
    """Change a column of requests from `old` to `new`; where there is one with the same `beside`, the two become one."""
    rows = select(_request.c.id, _request.c[beside].label("beside"))
    kept = {row.beside: row.id for row in tx.execute(rows.where(column == new))}
    for row in tx.execute(rows.where(column == old)).all():
        if row.beside not in kept:
            tx.execute(update(_request).where(_request.c.id == row.id).values({column.name: new}))
            continue
        same = _contribution.c.request_id == kept[row.beside]
        last = tx.execute(select(func.coalesce(func.max(_contribution.c.version), 0)).where(same)).scalar_one()
        moved = update(_contribution).where(_contribution.c.request_id == row.id)
        tx.execute(moved.values(request_id=kept[row.beside], version=_contribution.c.version + last))
        tx.execute(delete(_request).where(_request.c.id == row.id))


def _asked() -> Select[Any]:
    newest = (
        select(func.max(_contribution.c.version))
        .where(_contribution.c.request_id == _request.c.id)
        .correlate(_request)
        .scalar_subquery()
    )
    first = (
        select(func.min(_contribution.c.created_at))
        .where(_contribution.c.request_id == _request.c.id)
        .correlate(_request)
        .scalar_subquery()
    )
    supports = (
        (_assignment.c.task_id == _obligation.c.task_id)
        & (_assignment.c.unit_id == _request.c.unit_id)
        & (_assignment.c.role == "support")
        & _assignment.c.ended_at.is_(None)
    )
    return (
        select(
            _request.c.id,
            _request.c.obligation_id,
            _request.c.unit_id,
            _unit.c.name.label("unit_name"),
            _lead.c.id.label("lead_id"),
            _lead.c.name.label("lead_name"),
            _task.c.id.label("task_id"),
            _task.c.list,
            _task.c.no,
            _task.c.text,
            _period.c.label.label("period"),
            _obligation.c.due_at,
            _obligation.c.state,
            _notice.c.max_length,
            _request.c.note,
            _request.c.wanted_on,
            _request.c.called_at,
            _request.c.told_at,
            _request.c.lead_told_at,
            _request.c.closed_at,
            _assignment.c.id.is_not(None).label("is_support"),
            _contribution.c.text.label("given"),
            _contribution.c.sent_at.label("given_at"),
            first.label("first_given_at"),
            _contribution.c.version,
            _contribution.c.characters,
        )
        .join(_obligation, _obligation.c.id == _request.c.obligation_id)
        .join(_period, _period.c.id == _obligation.c.period_id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .join(_notice, _notice.c.id == _task.c.notice_id)
        .join(_unit, _unit.c.id == _request.c.unit_id)
        .join(_lead, _lead.c.id == _obligation.c.unit_id)
        .outerjoin(_assignment, supports)
        .outerjoin(_contribution, (_contribution.c.request_id == _request.c.id) & (_contribution.c.version == newest))
        .order_by(_obligation.c.due_at, _task.c.position, _request.c.id)
    )
