"""What is overdue is counted, grouped and paged in SQL: an office may have a million obligations."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, or_, select, text

from storage.ledger import Due, select_dues
from storage.rows import many
from storage.store import Transaction
from storage.tables import Assignment, Nudge, Obligation, Outbox, Period, Task, columns_of

_obligation, _period, _task, _assignment, _nudge, _outbox = (
    columns_of(table) for table in (Obligation, Period, Task, Assignment, Nudge, Outbox)
)
_is_owed = text("obligation.state IN ('open', 'returned')")  # literal: a bound value keeps SQLite from the index


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a person may look: these units, and the tasks that name one of these leaders."""

    units: tuple[int, ...] = ()
    leaders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which overdue obligations are meant: every condition set holds; of several values of one, any does (texts: all)."""

    until: datetime  # due by then
    units: tuple[int, ...] = ()
    periods: tuple[str, ...] = ()  # labels
    due_at: tuple[datetime, ...] | None = None  # empty: a day on which nothing was due
    numbers: tuple[int, ...] = ()
    lists: tuple[str, ...] = ()
    leaders: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    notice_id: int | None = None
    within: Bounds | None = None  # None: the whole office


@dataclass(frozen=True, slots=True)
class UnitOverdue:
    """How much of a unit is overdue, and since when the oldest of it is due."""

    unit_id: int
    count: int
    due_at: datetime


def by_unit(tx: Transaction, wanted: Filter) -> list[UnitOverdue]:
    """Count what is overdue by unit: the longest overdue first, of those the one with the most."""
    count, first = func.count().label("count"), func.min(_obligation.c.due_at).label("due_at")
    rows = select(_obligation.c.unit_id, count, first).where(*_conditions(wanted)).group_by(_obligation.c.unit_id)
    return many(tx, UnitOverdue, rows.order_by(first, count.desc(), _obligation.c.unit_id))


def last_due_at(tx: Transaction, wanted: Filter) -> datetime | None:
    """Give when the newest of what is overdue was due, or None where nothing is."""
    found: datetime | None = tx.execute(select(func.max(_obligation.c.due_at)).where(*_conditions(wanted))).scalar_one()
    return found


def dues(tx: Transaction, wanted: Filter, *, most: int | None = None, offset: int = 0) -> list[Due]:
    """List what is overdue, the longest first, then by unit and task."""
    order = (_obligation.c.due_at, _obligation.c.unit_id, _task.c.notice_id, _task.c.position)
    return many(tx, Due, select_dues().where(*_conditions(wanted)).order_by(*order).limit(most).offset(offset))


def last_nudged(tx: Transaction, wanted: Filter) -> dict[int, datetime]:
    """Give when each unit was last told of what is overdue by a message that reached somebody."""
    rows = (
        select(_obligation.c.unit_id, func.max(_outbox.c.sent_at).label("at"))
        .select_from(
            _obligation.join(_nudge, _nudge.c.obligation_id == _obligation.c.id).join(
                _outbox, _outbox.c.id == _nudge.c.outbox_id
            )
        )
        .where(*_conditions(wanted), _outbox.c.state == "sent")
        .group_by(_obligation.c.unit_id)
    )
    return {row.unit_id: row.at for row in tx.execute(rows)}


def due_instants(tx: Transaction, wanted: Filter) -> list[datetime]:
    """List the due instants of what is overdue, the first one first."""
    rows = select(_obligation.c.due_at).distinct().where(*_conditions(wanted)).order_by(_obligation.c.due_at)
    return list(tx.execute(rows).scalars())


# --- names -----------------------------------------------------------------------------------------------------------


def lists_and_leaders(tx: Transaction, within: Bounds | None) -> tuple[list[str], list[str]]:
    """Give the lists that hold standing tasks within bounds, and the leaders that these name, in their notices' order."""
    leaders, first = cast(_task.c.leaders, Text), func.min(_task.c.id)
    rows = select(_task.c.list, leaders.label("leaders")).where(_stands(within)).group_by(_task.c.list, leaders)
    found = tx.execute(rows.order_by(first)).all()
    named = (name for row in found for name in json.loads(row.leaders or "[]"))
    return list(dict.fromkeys(row.list for row in found)), list(dict.fromkeys(named))


def units_within(tx: Transaction, within: Bounds) -> set[int]:
    """Give the units with a part in standing tasks within bounds."""
    tasks = select(_task.c.id).where(_stands(within))
    return set(tx.execute(select(_assignment.c.unit_id).distinct().where(_assignment.c.task_id.in_(tasks))).scalars())


def periods_within(tx: Transaction, within: Bounds | None) -> list[str]:
    """Give the labels of the standing periods of notices with tasks within bounds, the first one first."""
    labels = select(_period.c.label).where(_period.c.ended_at.is_(None)).order_by(_period.c.due_at)
    if within is not None:
        labels = labels.where(_period.c.notice_id.in_(select(_task.c.notice_id).where(_stands(within))))
    return list(dict.fromkeys(tx.execute(labels).scalars()))


def has_task(tx: Transaction, within: Bounds | None, *, no: int | None = None, words: str | None = None) -> bool:
    """Whether a standing task within bounds has this number, or these words in its text."""
    found = select(_task.c.id).where(_stands(within))
    found = found if no is None else found.where(_task.c.no == no)
    found = found if words is None else found.where(_task.c.text.contains(words, autoescape=True))
    return tx.execute(found.limit(1)).first() is not None


def scope_conditions(wanted: Filter) -> list[Any]:
    """Give what a filter demands of an obligation's unit and task, in whatever state and period it is."""
    found: list[Any] = []
    if wanted.units:
        found.append(_obligation.c.unit_id.in_(wanted.units))
    if (named := _task_conditions(wanted)) is not None:
        found.append(_obligation.c.task_id.in_(select(_task.c.id).where(named)))
    if wanted.within is not None:
        led = select(_task.c.id).where(_is_led_by(wanted.within.leaders))
        found.append(or_(_obligation.c.unit_id.in_(wanted.within.units), _obligation.c.task_id.in_(led)))
    return found


# --- in this module only ---------------------------------------------------------------------------------------------


def _stands(within: Bounds | None) -> ColumnElement[bool]:
    """Whether a task stands, within bounds."""
    if within is None:
        return _task.c.status == "open"
    parts = select(_assignment.c.task_id).where(
        _assignment.c.unit_id.in_(within.units), _assignment.c.ended_at.is_(None)
    )
    return and_(_task.c.status == "open", or_(_task.c.id.in_(parts), _is_led_by(within.leaders)))


def _conditions(wanted: Filter) -> list[Any]:
    found: list[Any] = [_is_owed, _obligation.c.due_at <= wanted.until, *scope_conditions(wanted)]
    if wanted.periods:
        found.append(_obligation.c.period_id.in_(select(_period.c.id).where(_period.c.label.in_(wanted.periods))))
    if wanted.due_at is not None:
        found.append(_obligation.c.due_at.in_(wanted.due_at))
    return found


def _task_conditions(wanted: Filter) -> ColumnElement[bool] | None:
    found: list[ColumnElement[bool]] = [_task.c.text.contains(words, autoescape=True) for words in wanted.texts]
    if wanted.numbers:
        found.append(_task.c.no.in_(wanted.numbers))
    if wanted.lists:
        found.append(_task.c.list.in_(wanted.lists))
    if wanted.leaders:
        found.append(_is_led_by(wanted.leaders))
    if wanted.notice_id is not None:
        found.append(_task.c.notice_id == wanted.notice_id)
    return and_(*found) if found else None


def _is_led_by(names: Collection[str]) -> ColumnElement[bool]:
    """Whether a task names one of these leaders; its list of them is JSON, a name stands in it between quotes."""
    stored: Sequence[str] = [json.dumps(name, ensure_ascii=False) for name in names]
    return or_(false(), *(cast(_task.c.leaders, Text).contains(name, autoescape=True) for name in stored))
