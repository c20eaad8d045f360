"""The units' year plans (计划): what each part in a task was planned to reach by quarter, every version kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.sql import FromClause

from storage.rows import add, many
from storage.store import Transaction
from storage.tables import Assignment, Notice, Obligation, Period, PlanItem, Task, Unit, columns_of

_item, _assignment, _task, _unit, _notice, _obligation, _period = (
    columns_of(table) for table in (PlanItem, Assignment, Task, Unit, Notice, Obligation, Period)
)
FIELDS = ("q1", "q2", "q3", "q4", "head", "person")
TARGETS = FIELDS[:4]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A unit's part in a task and the plan that stands for it; `version` is 0 and the fields are None without one."""

    assignment_id: int
    task_id: int
    notice_id: int
    list: str
    no: int
    text: str
    unit_id: int
    unit_name: str
    announced_at: datetime | None
    version: int
    q1: str | None
    q2: str | None
    q3: str | None
    q4: str | None
    head: str | None
    person: str | None
    updated_at: datetime | None

    @property
    def values(self) -> dict[str, str]:
        """Give the fields that hold something."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}


@dataclass(frozen=True, slots=True)
class AskingNotice:
    """A notice by what decides whether it asks for plans."""

    id: int
    title: str
    plan_year: int
    rules: dict[str, Any]


def notices(tx: Transaction) -> list[AskingNotice]:
    """List the adopted notices with their rules, the first one first."""
    columns = (_notice.c[name] for name in AskingNotice.__dataclass_fields__)
    return many(tx, AskingNotice, select(*columns).order_by(_notice.c.id))


def rows(tx: Transaction, notice_ids: Sequence[int], *, units: Sequence[int] | None = None) -> list[PlanRow]:
    """List the parts in tasks that a plan is made for: leads and owners, of these units or of all, with what stands."""
    statement = _rows(_standing()).where(_task.c.notice_id.in_(notice_ids))
    return many(tx, PlanRow, statement if units is None else statement.where(_assignment.c.unit_id.in_(units)))


def draft(tx: Transaction, assignment_id: int) -> dict[str, str]:
    """Give what was written of a plan and not submitted yet."""
    mine = select(*(_item.c[name] for name in FIELDS)).where(_item.c.assignment_id == assignment_id, _item.c.is_draft)
    found = tx.execute(mine).first()
    return {} if found is None else {name: value for name, value in found._mapping.items() if value is not None}  # noqa: SLF001


def keep_draft(
    tx: Transaction, assignment_id: int, values: dict[str, str], *, author_id: int | None, at: datetime
) -> None:
    """Keep what is being written of a plan in place of what was written before."""
    row = {**dict.fromkeys(FIELDS), **values, "author_id": author_id, "updated_at": at}
    changed = update(_item).where(_item.c.assignment_id == assignment_id, _item.c.is_draft).values(row)
    if not tx.execute(changed).rowcount:
        _add(tx, assignment_id, row, is_draft=True)


def drop_draft(tx: Transaction, assignment_id: int) -> None:
    """Drop what was written of a plan and not submitted."""
    tx.execute(delete(_item).where(_item.c.assignment_id == assignment_id, _item.c.is_draft))


def keep(tx: Transaction, assignment_id: int, values: dict[str, str], *, author_id: int | None, at: datetime) -> None:
    """Keep a plan as its newest version; the draft, if there is one, has become it."""
    drop_draft(tx, assignment_id)
    row = {**dict.fromkeys(FIELDS), **values, "author_id": author_id, "updated_at": at}
    _add(tx, assignment_id, row, is_draft=False)


def _add(tx: Transaction, assignment_id: int, row: dict[str, Any], *, is_draft: bool) -> None:
    last = select(func.max(_item.c.version)).where(_item.c.assignment_id == assignment_id)
    version = (tx.execute(last).scalar_one_or_none() or 0) + 1
    add(tx, insert(_item), {"assignment_id": assignment_id, "version": version, "is_draft": is_draft, **row})


def _standing() -> FromClause:
    """Give the newest submitted version of each plan."""
    newest = (
        select(_item.c.assignment_id, func.max(_item.c.version).label("version"))
        .where(_item.c.is_draft.is_(False))
        .group_by(_item.c.assignment_id)
        .subquery()
    )
    same = and_(newest.c.assignment_id == _item.c.assignment_id, newest.c.version == _item.c.version)
    return select(_item).join(newest, same).subquery()


def _rows(standing: FromClause) -> Select[Any]:
    """Select the leads' and owners' parts; where a notice has periods, only in the tasks that are reported on."""
    asked = exists().where(_obligation.c.task_id == _task.c.id, _obligation.c.unit_id == _assignment.c.unit_id)
    has_periods = exists().where(_period.c.notice_id == _task.c.notice_id)
    return (
        select(
            _assignment.c.id.label("assignment_id"),
            _task.c.id.label("task_id"),
            _task.c.notice_id,
            _task.c.list,
            _task.c.no,
            _task.c.text,
            _unit.c.id.label("unit_id"),
            _unit.c.name.label("unit_name"),
            _assignment.c.announced_at,
            func.coalesce(standing.c.version, 0).label("version"),
            *(standing.c[name] for name in FIELDS),
            standing.c.updated_at,
        )
        .select_from(
            _assignment.join(_task, _task.c.id == _assignment.c.task_id)
            .join(_unit, _unit.c.id == _assignment.c.unit_id)
            .outerjoin(standing, standing.c.assignment_id == _assignment.c.id)
        )
        .where(_task.c.status == "open", _assignment.c.ended_at.is_(None), _assignment.c.role != "support")
        .where(or_(~has_periods, asked))
        .order_by(_task.c.notice_id, _task.c.position, _assignment.c.id)
    )
