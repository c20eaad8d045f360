"""One bad row never stops the others: what a tick does for many is done for each apart, and what fails is noted."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from office.upkeep.alarming import alarm
from office.work import Work
from rules import meters
from rules.clock import local
from storage import failures
from storage.store import is_in_transaction, savepoint

log = logging.getLogger("duban.clock")
T = TypeVar("T")
R = TypeVar("R")


def for_each(work: Work, tick: str, items: Iterable[T], act: Callable[[T], R], *, named: Callable[[T], str]) -> list[R]:
    """Do something for each item in a savepoint of its own and give what came of it; one that fails is undone and left out."""
    done = []
    for item in items:
        try:
            with savepoint(work.tx):
                done.append(act(item))
        except Exception as error:
            if not is_in_transaction(work.tx):  # the disk is full or away: that is nobody's own failure
                raise
            note_failure(work, tick, named(item), error)
    return done


def in_bulk(
    work: Work, tick: str, items: Sequence[T], act: Callable[[Sequence[T]], object], *, named: Callable[[T], str]
) -> list[T]:
    """Do something for all items at once, by halves where that fails, down to the one that is left out; gives the done."""
    if not items:
        return []
    try:
        with savepoint(work.tx):
            act(items)
    except Exception as error:
        if not is_in_transaction(work.tx):
            raise
        if len(items) == 1:
            note_failure(work, tick, named(items[0]), error)
            return []
        middle = len(items) // 2
        return [
            done for half in (items[:middle], items[middle:]) for done in in_bulk(work, tick, half, act, named=named)
        ]
    return list(items)


def look_at(
    work: Work, tick: str, items: Iterable[T], look: Callable[[T], R], *, named: Callable[[T], str]
) -> list[tuple[T, R]]:
    """Give each item with what a look at it finds, one that changes nothing; one that cannot be looked at is left out."""
    found = []
    for item in items:
        try:
            found.append((item, look(item)))
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one row, the others go on
            note_failure(work, tick, named(item), error)
    return found


def note_failure(work: Work, tick: str, subject: str, error: BaseException) -> None:
    """Count a failure of a tick (no subject) or of its part for one; the day's first is logged and told to admins."""
    if subject:
        meters.ROW_FAILURES.labels(tick).inc()
    kind = type(error).__name__
    if failures.note(work.tx, tick, subject, kind, day=local(work.at, work.policy.zone).date(), at=work.at) == 1:
        log.error("tick %s leaves out %s today: %s", tick, subject or "everything", kind, exc_info=error)
        alarm(work, "tick_failed", about=tick, subject=subject, error=kind)
