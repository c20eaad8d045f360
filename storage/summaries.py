"""What came of a span of time: reports sent, periods closed, messages delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from storage.outbox import ANSWER
from storage.rows import many
from storage.states import ObligationState, Role
from storage.store import Transaction
from storage.tables import (
    Completion,
    Membership,
    Notice,
    Obligation,
    Outbox,
    Period,
    Person,
    Report,
    Task,
    Unit,
    columns_of,
)

_notice, _period, _obligation, _task, _unit, _outbox, _membership, _person, _report, _completion = (
    columns_of(table)
    for table in (Notice, Period, Obligation, Task, Unit, Outbox, Membership, Person, Report, Completion)
)
_is_answer = case((_outbox.c.priority == ANSWER, 1), else_=0).label("is_answer")


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A period whose due instant has passed."""

    id: int
    notice_id: int
    title: str
    label: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one report due in a period."""

    unit: str
    list: str
    leaders: Sequence[str]
    state: str
    is_late: bool
    first_sent_at: datetime | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Messages:
    """How many messages of a kind a person got, asked for (answers) or not."""

    person_id: int
    kind: str
    is_answer: int
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Served:
    """A person and a unit they served at some time of a span."""

    person_id: int
    name: str
    reach: str
    unit: str


@dataclass(frozen=True, slots=True)
class MajorReport:
    """A submitted report that says of itself that it is a major matter."""

    obligation_id: int
    text: str


def first_reports(tx: Transaction, *, since: datetime, until: datetime) -> tuple[int, int]:
    """Count what was reported for the first time in a span: (on time, late)."""
    sent = (_obligation.c.first_sent_at > since, _obligation.c.first_sent_at <= until)
    rows = select(_obligation.c.is_late, func.count()).where(*sent).group_by(_obligation.c.is_late)
    counts = {bool(row[0]): row[1] for row in tx.execute(rows)}
    return counts.get(False, 0), counts.get(True, 0)


def closed_periods(tx: Transaction, *, since: datetime, until: datetime) -> list[ClosedPeriod]:
    """List the periods whose due instant lies in a span (its begin not included), earliest first."""
    rows = (
        select(_period.c.id, _period.c.notice_id, _notice.c.title, _period.c.label, _period.c.due_at)
        .join(_notice, _notice.c.id == _period.c.notice_id)
        .where(_period.c.due_at > since, _period.c.due_at <= until, _period.c.ended_at.is_(None))
        .order_by(_period.c.due_at, _period.c.id)
    )
    return many(tx, ClosedPeriod, rows)


def period_named(tx: Transaction, label: str, *, notice_id: int | None) -> list[ClosedPeriod]:
    """List the periods of this label, of one notice or of all."""
    rows = (
        select(_period.c.id, _period.c.notice_id, _notice.c.title, _period.c.label, _period.c.due_at)
        .join(_notice, _notice.c.id == _period.c.notice_id)
        .where(_period.c.label == label, _period.c.ended_at.is_(None))
        .order_by(_period.c.id)
    )
    return many(tx, ClosedPeriod, rows if notice_id is None else rows.where(_period.c.notice_id == notice_id))


def due_before(tx: Transaction, notice_id: int, due_at: datetime) -> datetime | None:
    """Give the due instant of the period before, or when the notice was adopted for its first one."""
    earlier = select(func.max(_period.c.due_at)).where(
        _period.c.notice_id == notice_id, _period.c.due_at < due_at, _period.c.ended_at.is_(None)
    )
    adopted = select(_notice.c.adopted_at).where(_notice.c.id == notice_id)
    found: datetime | None = tx.execute(earlier).scalar_one() or tx.execute(adopted).scalar_one_or_none()
    return found


def outcomes(tx: Transaction, period_id: int) -> list[Outcome]:
    """List what became of everything due in a period but what was waived, by unit and task."""
    rows = (
        select(
            _unit.c.name.label("unit"),
            _task.c.list,
            _task.c.leaders,
            _obligation.c.state,
            _obligation.c.is_late,
            _obligation.c.first_sent_at,
            _obligation.c.due_at,
        )
        .select_from(
            _obligation.join(_unit, _unit.c.id == _obligation.c.unit_id).join(
                _task, _task.c.id == _obligation.c.task_id
            )
        )
        .where(_obligation.c.period_id == period_id, _obligation.c.state != ObligationState.WAIVED)
        .order_by(_unit.c.id, _task.c.position)
    )
    return many(tx, Outcome, rows)


def promises(tx: Transaction) -> dict[int, list[str]]:
    """Give the bulletins that each notice promises, in its own words."""
    rows = select(_notice.c.id, _notice.c.rules)
    return {row.id: list(row.rules.get("bulletins") or ()) for row in tx.execute(rows)}


def lists_of(tx: Transaction, notice_id: int) -> list[str]:
    """List a notice's lists of tasks in their order."""
    rows = (
        select(_task.c.list).where(_task.c.notice_id == notice_id, _task.c.status == "open").order_by(_task.c.position)
    )
    return list(dict.fromkeys(tx.execute(rows).scalars()))


@dataclass(frozen=True, slots=True)
class ListProgress:
    """How a list of tasks stands: its tasks, and what was due in a span."""

    list: str
    tasks: int
    due: int
    reported: int
    overdue: int
    closed_out: int


def list_progress(tx: Transaction, notice_id: int, name: str, *, since: datetime, until: datetime) -> ListProgress:
    """Count a list's tasks, what was due in a span, reported and overdue of it, and the parts ever closed out."""
    of_list = (_task.c.notice_id == notice_id, _task.c.list == name, _task.c.status == "open")
    owed = _obligation.c.state.in_((ObligationState.OPEN, ObligationState.RETURNED))
    due = (_obligation.c.due_at > since, _obligation.c.due_at <= until, _obligation.c.state != ObligationState.WAIVED)
    joined = _obligation.join(_task, _task.c.id == _obligation.c.task_id)
    row = tx.execute(
        select(
            func.count().label("due"),
            func.count(_obligation.c.first_sent_at).label("reported"),
            func.coalesce(func.sum(case((owed, 1), else_=0)), 0).label("overdue"),
        )
        .select_from(joined)
        .where(*of_list, *due)
    ).one()
    tasks = tx.execute(select(func.count()).select_from(_task).where(*of_list)).scalar_one()
    done = (
        select(func.count())
        .select_from(_completion.join(_task, _task.c.id == _completion.c.task_id))
        .where(*of_list, _completion.c.state == "granted")
    )
    return ListProgress(name, tasks, row.due, row.reported, row.overdue, tx.execute(done).scalar_one())


# --- messages --------------------------------------------------------------------------------------------------------


def messages(tx: Transaction, *, since: datetime | None, until: datetime) -> list[Messages]:
    """Count each person's messages of a span by kind and by what became of them; what was dropped is none."""
    made = (_outbox.c.judged_at <= until, _outbox.c.person_id.is_not(None), _outbox.c.state != "cancelled")
    rows = (
        select(_outbox.c.person_id, _outbox.c.kind, _is_answer, _outbox.c.state, func.count().label("count"))
        .where(*made, *([_outbox.c.judged_at >= since] if since is not None else []))
        .group_by(_outbox.c.person_id, _outbox.c.kind, _is_answer, _outbox.c.state)
    )
    return many(tx, Messages, rows)


def served(tx: Transaction, *, since: datetime | None, until: datetime) -> list[Served]:
    """List who served which unit as liaison or head at some time of a span."""
    rows = (
        select(_person.c.id.label("person_id"), _person.c.name, _person.c.reach, _unit.c.name.label("unit"))
        .distinct()
        .select_from(
            _membership.join(_person, _person.c.id == _membership.c.person_id).join(
                _unit, _unit.c.id == _membership.c.unit_id
            )
        )
        .where(_membership.c.role.in_((Role.LIAISON, Role.HEAD)), _membership.c.since <= until)
        .order_by(_unit.c.name, _person.c.id)
    )
    if since is not None:
        rows = rows.where(or_(_membership.c.until.is_(None), _membership.c.until > since))
    return many(tx, Served, rows)


def unreceived(tx: Transaction) -> set[int]:
    """List the persons whose last message nobody asked for did not arrive."""
    last = (
        select(func.max(_outbox.c.id))
        .where(_outbox.c.person_id.is_not(None), _outbox.c.priority != ANSWER)
        .where(_outbox.c.state.in_(("sent", "unknown", "undeliverable")))
        .group_by(_outbox.c.person_id)
    )
    failed = select(_outbox.c.person_id).where(_outbox.c.id.in_(last), _outbox.c.state == "undeliverable")
    return set(tx.execute(failed).scalars())


# --- what is told by itself ------------------------------------------------------------------------------------------


def major_reports(tx: Transaction, prefix: str, *, since: datetime) -> list[MajorReport]:
    """List the reports submitted since then that begin with a word, in the order they were written."""
    says = or_(_report.c.progress.like(f"{prefix}%"), _report.c.problems.like(f"{prefix}%"))
    text = case((_report.c.progress.like(f"{prefix}%"), _report.c.progress), else_=_report.c.problems).label("text")
    rows = (
        select(_report.c.obligation_id, text)
        .where(says, _report.c.submitted_at > since, _report.c.state.in_(("submitted", "accepted")))
        .order_by(_report.c.id)
    )
    return many(tx, MajorReport, rows)
