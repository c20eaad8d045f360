"""How many obligations are in which state, counted in SQL: by unit and period for the board, by list for a period's status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from storage.overdue import Filter, scope_conditions
from storage.rows import many
from storage.states import ObligationState
from storage.store import Transaction
from storage.tables import Notice, Obligation, Period, Task, columns_of

_obligation, _period, _task, _notice = (columns_of(table) for table in (Obligation, Period, Task, Notice))


@dataclass(frozen=True, slots=True)
class PeriodDates:
    """A period by its label, over all notices that have it."""

    label: str
    begins_on: date
    ends_on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class UnitTally:
    """How many of a unit's obligations of a period are of one kind, and how many of these were late."""

    unit_id: int
    period: str
    kind: str
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class ListTally:
    """How many obligations of a unit on a notice's list are of one kind, and how many of these were late."""

    notice_id: int
    title: str
    list: str
    unit_id: int
    kind: str
    count: int
    late: int


def periods(tx: Transaction, wanted: Filter) -> list[PeriodDates]:
    """List the standing periods for which something is due within the bounds, the first one first."""
    of = select(_obligation.c.period_id).where(*scope_conditions(wanted))
    begins, ends, due = (
        func.min(_period.c.begins_on).label("begins_on"),
        func.max(_period.c.ends_on).label("ends_on"),
        func.max(_period.c.due_at).label("due_at"),
    )
    rows = select(_period.c.label, begins, ends, due).where(_period.c.ended_at.is_(None))
    if wanted.within is not None:
        rows = rows.where(_period.c.id.in_(of))
    return many(tx, PeriodDates, rows.group_by(_period.c.label).order_by(due, _period.c.label))


def by_unit_and_period(tx: Transaction, wanted: Filter, labels: Sequence[str]) -> list[UnitTally]:
    """Count by unit, period and kind; `wanted.until` is the instant that tells overdue from still due.

    A label that several notices have comes once for each.
    """
    named = {row.id: row.label for row in tx.execute(select(_period.c.id, _period.c.label)) if row.label in labels}
    kind = _kind(wanted.until)
    rows = (
        select(_obligation.c.unit_id, _obligation.c.period_id, kind, *_counts())
        .where(_obligation.c.period_id.in_(list(named)), *scope_conditions(wanted))
        .group_by(_obligation.c.unit_id, _obligation.c.period_id, kind)
    )
    return [UnitTally(unit_id, named[period_id], *rest) for unit_id, period_id, *rest in tx.execute(rows)]


def by_list(tx: Transaction, wanted: Filter, label: str) -> list[ListTally]:
    """Count a period by notice, list, unit and kind, in the notices' order."""
    kind = _kind(wanted.until)
    place = (_task.c.notice_id, _notice.c.title, _task.c.list)
    rows = (
        select(*place, _obligation.c.unit_id, kind, *_counts())
        .join(_period, _period.c.id == _obligation.c.period_id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .join(_notice, _notice.c.id == _task.c.notice_id)
        .where(_period.c.label == label, *scope_conditions(wanted))
        .group_by(*place, _obligation.c.unit_id, kind)
        .order_by(_task.c.notice_id, func.min(_task.c.position))
    )
    return many(tx, ListTally, rows)


def _kind(at: datetime) -> ColumnElement[str]:
    """Name what becomes of an obligation: overdue, returned, open, waiting (for review), accepted, done or waived."""
    is_owed = _obligation.c.state.in_((ObligationState.OPEN, ObligationState.RETURNED))
    return case(
        (is_owed & (_obligation.c.due_at <= at), "overdue"),
        (_obligation.c.state == ObligationState.SUBMITTED, "waiting"),
        else_=_obligation.c.state,
    ).label("kind")


def _counts() -> tuple[Any, ...]:
    is_reported = _obligation.c.state.in_((ObligationState.SUBMITTED, ObligationState.ACCEPTED))
    late = func.sum(case((is_reported & _obligation.c.is_late, 1), else_=0)).label("late")
    return func.count().label("count"), late
