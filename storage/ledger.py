"""What is owed by whom: notices, units, tasks, periods, obligations (台账)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, func, insert, or_, select, text, update

from storage.rows import add, in_parts, many, one
from storage.states import CORRECTED, ObligationState, Waiver
from storage.store import Transaction
from storage.tables import Assignment, Notice, Obligation, Period, Report, Task, Unit, columns_of

_notice, _unit, _task, _assignment, _period, _obligation, _report = (
    columns_of(table) for table in (Notice, Unit, Task, Assignment, Period, Obligation, Report)
)
_joined = (
    _obligation.join(_task, _task.c.id == _obligation.c.task_id)
    .join(_period, _period.c.id == _obligation.c.period_id)
    .join(_unit, _unit.c.id == _obligation.c.unit_id)
    .join(_notice, _notice.c.id == _task.c.notice_id)
)
_columns = (
    _obligation.c.id.label("obligation_id"),
    _obligation.c.state,
    _obligation.c.due_at,
    _obligation.c.due_set_at,
    _obligation.c.is_late,
    (_period.c.is_provisional & (_obligation.c.due_at == _period.c.due_at)).label("is_provisional"),
    _obligation.c.unit_id,
    _unit.c.name.label("unit_name"),
    _task.c.id.label("task_id"),
    _task.c.notice_id,
    _task.c.list,
    _task.c.no,
    _task.c.text,
    _task.c.leaders,
    _period.c.label.label("period"),
    _notice.c.max_length,
    _notice.c.min_length,
    _notice.c.length_is_soft,
    _notice.c.attest,
)
_is_owed = text(
    "obligation.state IN ('open', 'returned')"
)  # literal: a bound value keeps SQLite from the partial index
_owed_by_units = (
    select(*_columns)
    .select_from(_joined)
    .where(_is_owed, _obligation.c.unit_id.in_(bindparam("units", expanding=True)))
    .where(_period.c.begins_on <= bindparam("today"))
    .order_by(_obligation.c.due_at, _task.c.notice_id, _task.c.position)
)
_submitted_by_units = (
    select(*_columns)
    .select_from(_joined)
    .where(_obligation.c.unit_id.in_(bindparam("units", expanding=True)), _obligation.c.state == "submitted")
    .order_by(_obligation.c.due_at.desc(), _task.c.position)
)
_obligation_by_id = select(*_columns).select_from(_joined).where(_obligation.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Due:
    """An obligation with what is needed to speak of it."""

    obligation_id: int
    state: str
    due_at: datetime
    due_set_at: datetime | None  # when the due instant was last moved
    is_late: bool  # whether its first report came after its due instant
    is_provisional: bool  # whether the official calendar may still move its due instant
    unit_id: int
    unit_name: str
    task_id: int
    notice_id: int
    list: str
    no: int
    text: str
    leaders: Sequence[str]
    period: str
    max_length: int | None
    min_length: int | None
    length_is_soft: bool
    attest: bool = False  # whether the unit's principal head has to agree first


@dataclass(frozen=True, slots=True)
class AssignedTask:
    """A task with a unit's part in it."""

    assignment_id: int
    task_id: int
    notice_id: int
    list: str
    no: int
    section: str | None
    text: str
    leaders: Sequence[str]
    leader_label: str | None
    deadline: str | None
    role: str
    unit_id: int
    unit_name: str
    announced_at: datetime | None
    signed_at: datetime | None
    sign_reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit in the office's register."""

    id: int
    name: str
    aliases: Sequence[str]
    is_group: bool
    uses_bot: bool
    members: Sequence[str] = ()  # of a group that was expanded


# --- adopting --------------------------------------------------------------------------------------------------------


def add_notice(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a notice; gives its number."""
    return add(tx, insert(_notice), values)


def change_notice(tx: Transaction, notice_id: int, **values: Any) -> None:
    """Change what is kept of a notice."""
    tx.execute(update(_notice).where(_notice.c.id == notice_id).values(**values))


def add_unit(tx: Transaction, *, name: str, is_group: bool, at: datetime) -> int:
    """Register a unit; gives its number."""
    values = {"name": name, "aliases": [], "members": [], "is_group": is_group, "uses_bot": True, "created_at": at}
    return add(tx, insert(_unit), values)


def add_task(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a task of a notice; gives its number."""
    return add(tx, insert(_task), values)


def add_assignments(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Assign tasks to units: rows of task_id, unit_id, role."""
    if rows:
        tx.execute(insert(_assignment), rows)


def add_period(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a reporting period; gives its number."""
    return add(tx, insert(_period), values)


def add_obligations(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what is due: rows of period_id, task_id, unit_id, due_at, state."""
    if rows:
        tx.execute(insert(_obligation), [{"is_late": False, **row} for row in rows])


def periods_of(tx: Transaction, notice_id: int) -> list[str]:
    """List the labels of a notice's periods."""
    standing = (_period.c.notice_id == notice_id, _period.c.ended_at.is_(None))
    return list(tx.execute(select(_period.c.label).where(*standing)).scalars())


def counts_of(tx: Transaction, notice_id: int) -> dict[str, int]:
    """Count what stands for a notice: tasks, units, periods, obligations but those that a correction waived."""
    of_notice = _task.c.notice_id == notice_id
    assigned = _assignment.join(_task, _task.c.id == _assignment.c.task_id)
    owed = _obligation.join(_task, _task.c.id == _obligation.c.task_id)
    units = func.count(_assignment.c.unit_id.distinct())
    stands = _obligation.c.waived_for.is_(None) | _obligation.c.waived_for.not_in(CORRECTED)
    open_ = (of_notice, _task.c.status == "open")
    periods = select(func.count()).where(_period.c.notice_id == notice_id, _period.c.ended_at.is_(None))
    return {
        "tasks": tx.execute(select(func.count()).select_from(_task).where(*open_)).scalar_one(),
        "units": tx.execute(
            select(units).select_from(assigned).where(*open_, _assignment.c.ended_at.is_(None))
        ).scalar_one(),
        "periods": tx.execute(periods).scalar_one(),
        "obligations": tx.execute(select(func.count()).select_from(owed).where(of_notice, stands)).scalar_one(),
    }


# --- units -----------------------------------------------------------------------------------------------------------


def units(tx: Transaction) -> list[KnownUnit]:
    """List the register of units in the order they were met; those merged into another are its aliases."""
    columns = (_unit.c[name] for name in KnownUnit.__dataclass_fields__)
    return many(tx, KnownUnit, select(*columns).where(_unit.c.merged_at.is_(None)).order_by(_unit.c.id))


# --- tasks -----------------------------------------------------------------------------------------------------------


def tasks_of_units(tx: Transaction, units: Sequence[int]) -> list[AssignedTask]:
    """List the tasks in which these units have a part, in the order of their notices."""
    return many(tx, AssignedTask, _assigned_tasks().where(_assignment.c.unit_id.in_(units)))


def assigned_tasks(tx: Transaction, task_ids: Sequence[int] | None = None) -> list[AssignedTask]:
    """List every unit's part in these tasks, or in all, in the order of their notices."""
    statement = _assigned_tasks()
    return many(tx, AssignedTask, statement if task_ids is None else statement.where(_task.c.id.in_(task_ids)))


def assigned_task(tx: Transaction, *, task_id: int, unit_id: int) -> AssignedTask | None:
    """Give a unit's part in a task."""
    part = _assigned_tasks().where(_assignment.c.task_id == task_id, _assignment.c.unit_id == unit_id)
    return one(tx, AssignedTask, part)


def unannounced_tasks(tx: Transaction) -> list[AssignedTask]:
    """List the tasks whose units have not been told of them yet."""
    return many(tx, AssignedTask, _assigned_tasks().where(_assignment.c.announced_at.is_(None)))


def mark_announced(tx: Transaction, assignments: Iterable[int], *, at: datetime) -> None:
    """Note that units were told of their tasks."""
    told = update(_assignment).where(_assignment.c.announced_at.is_(None)).values(announced_at=at)
    for part in in_parts(list(assignments)):
        tx.execute(told.where(_assignment.c.id.in_(part)))


def sign(tx: Transaction, assignments: Iterable[int], *, person_id: int, at: datetime) -> int:
    """Note that a unit signed for tasks (签收); gives how many were not signed for before."""
    ids = list(assignments)
    signed = (
        update(_assignment)
        .where(_assignment.c.id.in_(ids), _assignment.c.signed_at.is_(None))
        .values(signed_at=at, signed_by=person_id)
    )
    return tx.execute(signed).rowcount


def unsigned_tasks(tx: Transaction, *, told_before: datetime, not_reminded: bool = False) -> list[AssignedTask]:
    """List the tasks that units were told of before then, have not signed for and never reported on.

    `not_reminded` leaves out those that a unit was reminded of since it was last told.
    """
    reported = select(_obligation.c.id).where(
        _obligation.c.task_id == _assignment.c.task_id,
        _obligation.c.unit_id == _assignment.c.unit_id,
        _obligation.c.first_sent_at.is_not(None),
    )
    unsigned = [_assignment.c.signed_at.is_(None), _assignment.c.announced_at < told_before]
    if not_reminded:
        reminded = _assignment.c.sign_reminded_at
        unsigned.append(or_(reminded.is_(None), reminded < _assignment.c.announced_at))
    return many(tx, AssignedTask, _assigned_tasks().where(*unsigned, ~reported.exists()))


def mark_sign_reminded(tx: Transaction, assignments: Iterable[int], *, at: datetime) -> None:
    """Note that units were reminded to sign for tasks."""
    tx.execute(update(_assignment).where(_assignment.c.id.in_(list(assignments))).values(sign_reminded_at=at))


def _assigned_tasks() -> Select[Any]:
    return (
        select(
            _assignment.c.id.label("assignment_id"),
            _task.c.id.label("task_id"),
            _task.c.notice_id,
            _task.c.list,
            _task.c.no,
            _task.c.section,
            _task.c.text,
            _task.c.leaders,
            _task.c.leader_label,
            _task.c.deadline,
            _assignment.c.role,
            _unit.c.id.label("unit_id"),
            _unit.c.name.label("unit_name"),
            _assignment.c.announced_at,
            _assignment.c.signed_at,
            _assignment.c.sign_reminded_at,
        )
        .join(_task, _task.c.id == _assignment.c.task_id)
        .join(_unit, _unit.c.id == _assignment.c.unit_id)
        .where(_task.c.status == "open", _assignment.c.ended_at.is_(None))
        .order_by(_task.c.notice_id, _task.c.position, _assignment.c.id)
    )


# --- obligations -----------------------------------------------------------------------------------------------------


def select_dues() -> Select[Any]:
    """Select obligations with the columns of `Due`; the caller says which, and in what order."""
    return select(*_columns).select_from(_joined)


def owed_by(tx: Transaction, units: Sequence[int], *, today: date) -> list[Due]:
    """List what these units owe: periods begun, open or returned; earliest due first."""
    return many(tx, Due, _owed_by_units, {"units": list(units), "today": today}) if units else []


def obligations(tx: Transaction, ids: Sequence[int]) -> list[Due]:
    """Give obligations by their numbers."""
    return [due for part in in_parts(ids) for due in many(tx, Due, _obligation_by_id, {"ids": part})]


def obligation(tx: Transaction, obligation_id: int) -> Due | None:
    """Give one obligation by its number."""
    return one(tx, Due, _obligation_by_id, {"ids": [obligation_id]})


def obligations_named(tx: Transaction, *, no: int, unit_id: int | None = None) -> list[Due]:
    """List the obligations for the tasks of this number, of one unit or of all; earliest due first."""
    statement = select(*_columns).select_from(_joined).where(_task.c.no == no, _task.c.status == "open")
    if unit_id is not None:
        statement = statement.where(_obligation.c.unit_id == unit_id)
    return many(tx, Due, statement.order_by(_obligation.c.due_at, _task.c.notice_id, _task.c.position, _unit.c.id))


def all_owed(tx: Transaction, *, due_from: datetime | None = None, due_until: datetime | None = None) -> list[Due]:
    """List what is open or returned, due in this span; earliest first, then by unit and task."""
    statement = select(*_columns).select_from(_joined).where(_is_owed)
    if due_from is not None:
        statement = statement.where(_obligation.c.due_at > due_from)
    if due_until is not None:
        statement = statement.where(_obligation.c.due_at <= due_until)
    return many(tx, Due, statement.order_by(_obligation.c.due_at, _obligation.c.unit_id, _task.c.position))


def owed_within(
    tx: Transaction, units: Collection[int], *, due_from: datetime | None = None, due_until: datetime
) -> list[Due]:
    """List what these units owe that is due in a span, begun or not; earliest first, then by unit and task."""
    owed = select_dues().where(_is_owed, _obligation.c.due_at <= due_until)
    if due_from is not None:
        owed = owed.where(_obligation.c.due_at > due_from)
    found = [
        due
        for part in in_parts(sorted(units))
        for due in many(tx, Due, owed.where(_obligation.c.unit_id.in_(part)).order_by(_task.c.position))
    ]
    return sorted(found, key=lambda due: (due.due_at, due.unit_id))


def owed_days(tx: Transaction, units: Collection[int]) -> list[tuple[int, datetime, int]]:
    """Count what each of these units owes by due instant, begun or not: (unit, due instant, how many)."""
    counted = select(_obligation.c.unit_id, _obligation.c.due_at, func.count().label("owed")).where(_is_owed)
    grouped = counted.group_by(_obligation.c.unit_id, _obligation.c.due_at)
    return [
        (row.unit_id, row.due_at, row.owed)
        for part in in_parts(units)
        for row in tx.execute(grouped.where(_obligation.c.unit_id.in_(part)))
    ]


def due_instants(tx: Transaction, *, due_from: datetime, due_until: datetime) -> list[datetime]:
    """List the instants in a span at which something is due that is open or returned."""
    instants = select(_obligation.c.due_at).distinct().where(_is_owed, _obligation.c.due_at > due_from)
    within = instants.where(_obligation.c.due_at <= due_until).order_by(_obligation.c.due_at)
    return list(tx.execute(within).scalars())


def submitted_by(tx: Transaction, units: Sequence[int]) -> list[Due]:
    """List what these units submitted and nobody accepted yet; latest due first."""
    return many(tx, Due, _submitted_by_units, {"units": list(units)}) if units else []


def accepted_of(tx: Transaction, units: Sequence[int]) -> list[Due]:
    """List what these units reported and the office accepted; latest due first."""
    closed = (_obligation.c.unit_id.in_(units), _obligation.c.state == ObligationState.ACCEPTED)
    statement = select(*_columns).select_from(_joined).where(*closed)
    return many(tx, Due, statement.order_by(_obligation.c.due_at.desc(), _task.c.notice_id, _task.c.position))


def reopen(tx: Transaction, obligation_id: int, state: ObligationState) -> None:
    """Ask again for what was submitted: open, or returned; when it was first sent stays on record."""
    tx.execute(update(_obligation).where(_obligation.c.id == obligation_id).values(state=state))


def progress_of_unit(tx: Transaction, unit_id: int, period: str, notice_id: int) -> tuple[int, int]:
    """Count (reported, due) of a unit in one period of a notice; what was waived is not due."""
    rows = (
        select(_obligation.c.state)
        .join(_period, _period.c.id == _obligation.c.period_id)
        .where(_obligation.c.unit_id == unit_id, _period.c.label == period, _period.c.notice_id == notice_id)
    )
    states = list(tx.execute(rows.where(_obligation.c.state != ObligationState.WAIVED)).scalars())
    owed = sum(state in (ObligationState.OPEN, ObligationState.RETURNED) for state in states)
    return len(states) - owed, len(states)


def mark_submitted(tx: Transaction, obligation_id: int, *, sent_at: datetime) -> None:
    """Note an obligation as submitted; whether its first submission was late stays as it was first judged."""
    first = _obligation.c.first_sent_at.is_(None)
    same = _obligation.c.id == obligation_id
    tx.execute(
        update(_obligation)
        .where(same, first)
        .values(
            first_sent_at=sent_at,
            is_late=bindparam("sent", sent_at, type_=_obligation.c.due_at.type) >= _obligation.c.due_at,
        )
    )
    tx.execute(update(_obligation).where(same).values(state=ObligationState.SUBMITTED))


def move_due(tx: Transaction, obligation_id: int, *, due_at: datetime, at: datetime) -> None:
    """Give an obligation another due instant."""
    tx.execute(update(_obligation).where(_obligation.c.id == obligation_id).values(due_at=due_at, due_set_at=at))


def close_out(tx: Transaction, *, task_id: int, unit_id: int) -> int:
    """Let a unit owe nothing more for a task, in this period or a later one; gives how many obligations that ends."""
    left = (_obligation.c.task_id == task_id, _obligation.c.unit_id == unit_id, _is_owed)
    return tx.execute(update(_obligation).where(*left).values(state=ObligationState.DONE)).rowcount


def plan_year_of(tx: Transaction, notice_id: int) -> int:
    """Give the year a notice plans."""
    return int(tx.execute(select(_notice.c.plan_year).where(_notice.c.id == notice_id)).scalar_one())


def closed(tx: Transaction, *, due_until: datetime, sent_until: datetime, review: bool) -> list[int]:
    """List the obligations submitted for periods that are over, once a correction had its time.

    Not what waits for a supervisor's decision: `review` is what holds where a notice leaves that open.
    """
    fresh = (_report.c.obligation_id == _obligation.c.id, _report.c.submitted_at > sent_until)
    found = (
        select(_obligation.c.id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .join(_notice, _notice.c.id == _task.c.notice_id)
        .where(
            _obligation.c.state == ObligationState.SUBMITTED,
            _obligation.c.due_at <= due_until,
            _obligation.c.first_sent_at <= sent_until,
            func.coalesce(_notice.c.review, review).is_(False),
            ~select(_report.c.id).where(*fresh, _report.c.state == "submitted").exists(),
        )
    )
    return list(tx.execute(found).scalars())


def accept(tx: Transaction, ids: Sequence[int]) -> None:
    """Accept what was submitted."""
    tx.execute(update(_obligation).where(_obligation.c.id.in_(ids)).values(state=ObligationState.ACCEPTED))


def waive_before(tx: Transaction, notice_id: int, due_before: datetime) -> int:
    """Waive what a notice's earlier periods would ask for; gives how many."""
    earlier = select(_period.c.id).where(_period.c.notice_id == notice_id, _period.c.due_at < due_before)
    waived = update(_obligation).where(_obligation.c.period_id.in_(earlier), _obligation.c.state == "open")
    return tx.execute(waived.values(state=ObligationState.WAIVED, waived_for=Waiver.BEFORE)).rowcount


def announced(tx: Transaction, *, units: Collection[int], until: datetime) -> dict[tuple[int, int], datetime]:
    """Give when each (task, unit) of these units was told of, as far as it was by then."""
    rows = select(_assignment.c.task_id, _assignment.c.unit_id, _assignment.c.announced_at).where(
        _assignment.c.announced_at <= until
    )
    return {
        (row.task_id, row.unit_id): row.announced_at
        for part in in_parts(units)
        for row in tx.execute(rows.where(_assignment.c.unit_id.in_(part)))
    }


def outcomes_by_period(tx: Transaction) -> list[dict[str, Any]]:
    """Count per period what was due: on_time, late, owed (still open or returned), other (waived, done)."""
    is_owed = _obligation.c.state.in_((ObligationState.OPEN, ObligationState.RETURNED))
    is_reported = _obligation.c.state.in_((ObligationState.SUBMITTED, ObligationState.ACCEPTED))
    kind = case(
        (is_owed, "owed"), (is_reported & _obligation.c.is_late, "late"), (is_reported, "on_time"), else_="other"
    ).label("kind")
    rows = (
        select(_period.c.label, kind, func.count().label("count"))
        .join(_period, _period.c.id == _obligation.c.period_id)
        .group_by(_period.c.label, _period.c.due_at, kind)
        .order_by(_period.c.due_at)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in tx.execute(rows):
        empty = {"period": row.label, "on_time": 0, "late": 0, "owed": 0, "other": 0}
        found.setdefault(row.label, empty)[row.kind] = row.count
    return list(found.values())


def open_notices(tx: Transaction) -> list[tuple[int, str]]:
    """List (number, title) of the notices that something is still due for."""
    rows = (
        select(_notice.c.id, _notice.c.title)
        .where(_notice.c.id.in_(select(_period.c.notice_id)), _notice.c.withdrawn_at.is_(None))
        .order_by(_notice.c.id)
    )
    return [(row.id, row.title) for row in tx.execute(rows)]
