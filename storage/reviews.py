"""What supervisors decided on reports (审核), and what waits for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.rows import add, many, one
from storage.states import ObligationState, ReportState
from storage.store import Transaction
from storage.tables import Notice, Obligation, Period, Person, Report, Review, Task, columns_of

_review, _report, _obligation, _task, _notice, _period, _person = (
    columns_of(table) for table in (Review, Report, Obligation, Task, Notice, Period, Person)
)
_reviews = select(
    _review.c.report_id,
    _review.c.obligation_id,
    _review.c.accepted,
    _review.c.reason,
    _review.c.decided_at,
    _person.c.name.label("decided_by"),
    _review.c.due_at,
).select_from(_review.outerjoin(_person, _person.c.id == _review.c.decided_by))


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A submitted version that nobody decided on; `review` is what its notice says about waiting for one."""

    report_id: int
    obligation_id: int
    submitted_at: datetime
    findings: list[Any]
    review: bool | None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A decision on a version; `decided_by` is a name, or nothing for the command line."""

    report_id: int
    obligation_id: int
    accepted: bool
    reason: str | None
    decided_at: datetime
    decided_by: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class FormerStep:
    """What a unit promised for a task in an earlier period."""

    period: str
    next_step: str | None


def waiting(tx: Transaction) -> list[WaitingReport]:
    """List the submitted reports that nobody decided on, the one that waits longest first."""
    rows = (
        select(
            _report.c.id.label("report_id"),
            _report.c.obligation_id,
            _report.c.submitted_at,
            _report.c.findings,
            _notice.c.review,
        )
        .join(_obligation, _obligation.c.id == _report.c.obligation_id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .join(_notice, _notice.c.id == _task.c.notice_id)
        .where(_report.c.state == "submitted", _obligation.c.state == "submitted")
        .order_by(_report.c.submitted_at, _report.c.id)
    )
    return many(tx, WaitingReport, rows)


def accept(tx: Transaction, values: dict[str, Any]) -> bool:
    """Accept a version that is submitted still; False where it is not any more. `values` is the decision's row."""
    return _settle(tx, values, ReportState.ACCEPTED, ObligationState.ACCEPTED)


def send_back(tx: Transaction, values: dict[str, Any]) -> bool:
    """Return a version that is submitted still, with a due date of its own; False where it is not any more."""
    return _settle(tx, values, ReportState.RETURNED, ObligationState.RETURNED)


def _settle(tx: Transaction, values: dict[str, Any], report: ReportState, obligation: ObligationState) -> bool:
    stands = (_report.c.id == values["report_id"], _report.c.state == "submitted")
    if tx.execute(update(_report).where(*stands).values(state=report)).rowcount != 1:
        return False
    owed = update(_obligation).where(_obligation.c.id == values["obligation_id"])
    set_anew = {} if values["accepted"] else {"due_at": values["due_at"], "due_set_at": values["decided_at"]}
    tx.execute(owed.values(state=obligation, **set_anew))
    add(tx, insert(_review), values)
    return True


def review_of(tx: Transaction, report_id: int) -> Reviewed | None:
    """Give the decision on a version."""
    return one(tx, Reviewed, _reviews.where(_review.c.report_id == report_id))


def last_return(tx: Transaction, obligation_id: int) -> Reviewed | None:
    """Give the last return of an obligation's report."""
    returned = (_review.c.obligation_id == obligation_id, _review.c.accepted.is_(False))
    return one(tx, Reviewed, _reviews.where(*returned).order_by(_review.c.id.desc()).limit(1))


def former_step(tx: Transaction, obligation_id: int) -> FormerStep | None:
    """Give the next step that the unit's last report on the same task promised, in the period before."""
    this = _obligation.alias("this")
    now = _period.alias("now")
    rows = (
        select(_period.c.label.label("period"), _report.c.next_step)
        .select_from(this)
        .join(now, now.c.id == this.c.period_id)
        .join(_obligation, (_obligation.c.task_id == this.c.task_id) & (_obligation.c.unit_id == this.c.unit_id))
        .join(_period, _period.c.id == _obligation.c.period_id)
        .join(_report, _report.c.obligation_id == _obligation.c.id)
        .where(this.c.id == obligation_id, _period.c.begins_on < now.c.begins_on)
        .where(_report.c.state.in_(("submitted", "returned", "accepted")))
        .order_by(_period.c.begins_on.desc(), _report.c.version.desc())
        .limit(1)
    )
    return one(tx, FormerStep, rows)


def require(tx: Transaction, notice_id: int, *, review: bool | None) -> None:
    """Say whether a notice's reports wait for a decision, or that the office's setting says it."""
    tx.execute(update(_notice).where(_notice.c.id == notice_id).values(review=review))
