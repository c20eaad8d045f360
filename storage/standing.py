"""What stands of one notice, whatever has ended included, and how a correction changes it: nothing is ever deleted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, bindparam, exists, or_, select, update

from storage.rows import many
from storage.states import CORRECTED, OWED, ObligationState, RequestState, Waiver
from storage.store import Transaction
from storage.tables import Assignment, Completion, Notice, Obligation, Period, Report, Task, Unit, columns_of

_completion = columns_of(Completion)
_notice, _unit, _task, _assignment, _period, _obligation, _report = (
    columns_of(table) for table in (Notice, Unit, Task, Assignment, Period, Obligation, Report)
)


@dataclass(frozen=True, slots=True)
class StandingNotice:
    """A notice by what it is recognised by; `sources` are (hash, instant) of every file adopted for it, in order."""

    id: int
    title: str
    issuer: str | None
    document_number: str | None
    plan_year: int
    source_hash: str
    sources: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class StandingTask:
    """A task of a notice; its status is open, or withdrawn where a correction left it out."""

    id: int
    position: int
    list: str
    no: int
    section: str | None
    text: str
    leaders: Sequence[str]
    leader_label: str | None
    deadline: str | None
    status: str


@dataclass(frozen=True, slots=True)
class StandingPart:
    """A unit's part in a task, or the part it had until `ended_at`."""

    id: int
    task_id: int
    unit: str
    role: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StandingPeriod:
    """A period of a notice, or one it had until `ended_at`."""

    id: int
    label: str
    begins_on: date
    ends_on: date
    due_at: datetime
    is_provisional: bool
    ended_at: datetime | None
    first_due_at: datetime | None = None  # before it was first moved


@dataclass(frozen=True, slots=True)
class StandingObligation:
    """An obligation of a notice; `is_written_for` where there is any version of a report, a draft included."""

    id: int
    period: str
    task_id: int
    unit: str
    due_at: datetime
    state: str
    waived_for: str | None
    is_written_for: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything kept of one notice; `fields` are its row."""

    fields: Mapping[str, Any]
    tasks: Sequence[StandingTask]
    parts: Sequence[StandingPart]
    periods: Sequence[StandingPeriod]
    obligations: Sequence[StandingObligation]
    closed_out: Collection[tuple[int, str]] = ()  # (task, unit)


@dataclass(frozen=True, slots=True)
class NoticePeriod:
    """A period that stands, with its notice."""

    id: int
    notice_id: int
    label: str
    begins_on: date
    due_at: datetime
    first_due_at: datetime | None
    title: str
    plan_year: int


@dataclass(frozen=True, slots=True)
class OwedInPeriod:
    """Something still owed in a period; `announced_at` is when its unit was told of the task."""

    id: int
    unit_id: int
    unit: str
    task_id: int
    no: int
    state: str
    due_at: datetime
    announced_at: datetime | None


def notices(tx: Transaction) -> list[StandingNotice]:
    """List the adopted notices that stand, the first one first."""
    columns = (_notice.c[name] for name in StandingNotice.__dataclass_fields__)
    return many(tx, StandingNotice, select(*columns).where(_notice.c.withdrawn_at.is_(None)).order_by(_notice.c.id))


def notices_naming(tx: Transaction, unit_ids: Collection[int]) -> list[int]:
    """List the notices in whose open tasks one of these units has a part."""
    rows = (
        select(_task.c.notice_id)
        .distinct()
        .join(_assignment, _assignment.c.task_id == _task.c.id)
        .where(_assignment.c.unit_id.in_(unit_ids), _assignment.c.ended_at.is_(None), _task.c.status == "open")
        .order_by(_task.c.notice_id)
    )
    return list(tx.execute(rows).scalars())


def lock_notice(tx: Transaction, notice_id: int) -> None:
    """Keep other writers off a notice until this transaction ends; on SQLite there are none."""
    tx.execute(select(_notice.c.id).where(_notice.c.id == notice_id).with_for_update())


def notice_of_task(tx: Transaction, task_id: int) -> int | None:
    """Give the notice an open task is of, or None."""
    rows = select(_task.c.notice_id).where(_task.c.id == task_id, _task.c.status == "open")
    found: int | None = tx.execute(rows).scalar_one_or_none()
    return found


def told_units(tx: Transaction, task_ids: Collection[int]) -> dict[int, dict[int, str]]:
    """Give by task the units (number to name) that have a part in it and were told of it."""
    rows = (
        select(_assignment.c.task_id, _unit.c.id, _unit.c.name)
        .join(_unit, _unit.c.id == _assignment.c.unit_id)
        .where(
            _assignment.c.task_id.in_(task_ids),
            _assignment.c.ended_at.is_(None),
            _assignment.c.announced_at.is_not(None),
        )
        .order_by(_assignment.c.id)
    )
    found: dict[int, dict[int, str]] = {}
    for row in tx.execute(rows):
        found.setdefault(row.task_id, {})[row.id] = row.name
    return found


def periods_standing(tx: Transaction) -> list[NoticePeriod]:
    """List the periods of all notices that stand, by notice and due date."""
    columns = (_period.c[name] for name in ("id", "notice_id", "label", "begins_on", "due_at", "first_due_at"))
    rows = (
        select(*columns, _notice.c.title, _notice.c.plan_year)
        .join(_notice, _notice.c.id == _period.c.notice_id)
        .where(_period.c.ended_at.is_(None), _notice.c.withdrawn_at.is_(None))
        .order_by(_period.c.notice_id, _period.c.due_at, _period.c.id)
    )
    return many(tx, NoticePeriod, rows)


def owed_in_period(tx: Transaction, period_id: int) -> list[OwedInPeriod]:
    """List what is still owed in a period, with whether its unit was told of the task."""
    rows = (
        select(
            _obligation.c.id,
            _obligation.c.unit_id,
            _unit.c.name.label("unit"),
            _obligation.c.task_id,
            _task.c.no,
            _obligation.c.state,
            _obligation.c.due_at,
            _assignment.c.announced_at,
        )
        .join(_unit, _unit.c.id == _obligation.c.unit_id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .outerjoin(
            _assignment,
            (_assignment.c.task_id == _obligation.c.task_id) & (_assignment.c.unit_id == _obligation.c.unit_id),
        )
        .where(_obligation.c.period_id == period_id, _is_one_of(_obligation.c.state, OWED))
        .order_by(_obligation.c.unit_id, _task.c.position)
    )
    return many(tx, OwedInPeriod, rows)


def is_told_of(tx: Transaction, notice_id: int) -> bool:
    """Whether any unit was told of a task of this notice, or has written a report for it."""
    told = (
        select(_assignment.c.id)
        .join(_task, _task.c.id == _assignment.c.task_id)
        .where(_task.c.notice_id == notice_id, _assignment.c.announced_at.is_not(None))
    )
    written = (
        select(_report.c.id)
        .join(_obligation, _obligation.c.id == _report.c.obligation_id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .where(_task.c.notice_id == notice_id)
    )
    return any(tx.execute(rows.limit(1)).first() is not None for rows in (told, written))


def last_adopted(tx: Transaction) -> int:
    """Give the notice adopted last, 0 where there is none."""
    last = select(_notice.c.id).where(_notice.c.withdrawn_at.is_(None)).order_by(_notice.c.id.desc()).limit(1)
    return int(tx.execute(last).scalar_one_or_none() or 0)


def load(tx: Transaction, notice_id: int) -> Standing:
    """Load everything kept of a notice."""
    of_notice = _task.c.notice_id == notice_id
    tasks = select(*(_task.c[name] for name in StandingTask.__dataclass_fields__)).where(of_notice)
    parts = (
        select(
            _assignment.c.id,
            _assignment.c.task_id,
            _unit.c.name.label("unit"),
            _assignment.c.role,
            _assignment.c.ended_at,
        )
        .join(_task, _task.c.id == _assignment.c.task_id)
        .join(_unit, _unit.c.id == _assignment.c.unit_id)
        .where(of_notice)
    )
    periods = select(*(_period.c[name] for name in StandingPeriod.__dataclass_fields__))
    obligations = (
        select(
            _obligation.c.id,
            _period.c.label.label("period"),
            _obligation.c.task_id,
            _unit.c.name.label("unit"),
            _obligation.c.due_at,
            _obligation.c.state,
            _obligation.c.waived_for,
            exists().where(_report.c.obligation_id == _obligation.c.id).label("is_written_for"),
        )
        .join(_period, _period.c.id == _obligation.c.period_id)
        .join(_unit, _unit.c.id == _obligation.c.unit_id)
        .where(_period.c.notice_id == notice_id)
    )
    closed_out = (
        select(_completion.c.task_id, _unit.c.name)
        .join(_task, _task.c.id == _completion.c.task_id)
        .join(_unit, _unit.c.id == _completion.c.unit_id)
        .where(of_notice, _completion.c.state == RequestState.GRANTED)
    )
    return Standing(
        fields=dict(tx.execute(select(_notice).where(_notice.c.id == notice_id)).one()._mapping),  # noqa: SLF001
        tasks=many(tx, StandingTask, tasks.order_by(_task.c.position)),
        parts=many(tx, StandingPart, parts.order_by(_assignment.c.id)),
        periods=many(
            tx, StandingPeriod, periods.where(_period.c.notice_id == notice_id).order_by(_period.c.due_at, _period.c.id)
        ),
        obligations=many(tx, StandingObligation, obligations.order_by(_obligation.c.id)),
        closed_out={(row.task_id, row.name) for row in tx.execute(closed_out)},
    )


def clear_positions(tx: Transaction, notice_id: int) -> None:
    """Take a notice's tasks out of each other's way before they get new positions, which are unique."""
    tx.execute(update(_task).where(_task.c.notice_id == notice_id).values(position=-1 - _task.c.id))


def change_tasks(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Change tasks: rows of id and the columns that change, the same in each."""
    _change(tx, _task, rows)


def change_parts(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Give units another role, or their part back, and have them told and sign again: rows of id and role."""
    values = {"ended_at": None, "announced_at": None, "signed_at": None, "signed_by": None}
    _change(tx, _assignment, [{**row, **values} for row in rows])


def end_parts(tx: Transaction, part_ids: Collection[int], *, at: datetime) -> None:
    """Note that units have no part in tasks any more."""
    _change(tx, _assignment, [{"id": number, "ended_at": at} for number in part_ids])


def change_periods(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Change periods: rows of id and the columns that change, the same in each."""
    _change(tx, _period, rows)


def waive(tx: Transaction, reasons: Mapping[int, Waiver]) -> None:
    """Waive what is still owed of these obligations, each for its reason."""
    rows = [{"id": number, "waived_for": reason} for number, reason in reasons.items()]
    _change(
        tx,
        _obligation,
        [{**row, "state": ObligationState.WAIVED} for row in rows],
        _is_one_of(_obligation.c.state, OWED),
    )


def ask_again(tx: Transaction, due: Mapping[int, datetime]) -> None:
    """Ask again for what a correction waived: obligation to due instant; one that was answered is a returned one."""
    corrected = (_obligation.c.state == ObligationState.WAIVED, _is_one_of(_obligation.c.waived_for, CORRECTED))
    for first_sent, state in (
        (_obligation.c.first_sent_at.is_(None), ObligationState.OPEN),
        (_obligation.c.first_sent_at.is_not(None), ObligationState.RETURNED),
    ):
        rows = [{"id": number, "due_at": at, "state": state, "waived_for": None} for number, at in due.items()]
        _change(tx, _obligation, rows, first_sent, *corrected)


def move_due(tx: Transaction, due: Mapping[int, datetime], *, at: datetime) -> None:
    """Move the due instant of what is still owed of these obligations."""
    rows = [{"id": number, "due_at": due_at, "due_set_at": at} for number, due_at in due.items()]
    _change(tx, _obligation, rows, _is_one_of(_obligation.c.state, OWED))


def _is_one_of(column: Column[Any], values: Collection[str]) -> ColumnElement[bool]:
    return or_(*(column == value for value in values))  # an IN cannot be sent for many rows at once


def _change(tx: Transaction, table: Table, rows: Sequence[dict[str, Any]], *only: Any) -> None:
    """Change rows of a table by their numbers, all with the same columns, as far as they are as `only` says."""
    if not rows:
        return
    columns = [name for name in rows[0] if name != "id"]
    statement = update(table).where(table.c.id == bindparam("row_id"), *only)
    values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns}
    tx.execute(
        statement.values(values),
        [{"row_id": row["id"], **{f"new_{name}": row[name] for name in columns}} for row in rows],
    )
