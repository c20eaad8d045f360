"""What the clock could not do, and how often, day by day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT clause compiles for SQLite too

from storage.rows import many
from storage.store import Transaction
from storage.tables import TickFailure, columns_of

_failure = columns_of(TickFailure)
_new = upsert(_failure)
_note = _new.on_conflict_do_update(
    index_elements=["tick", "subject", "day"],
    set_={"count": _failure.c.count + 1, "last_at": _new.excluded.last_at, "error": _new.excluded.error},
).returning(_failure.c.count)


@dataclass(frozen=True, slots=True)
class FailedTick:
    """A tick that failed, or left something out, since some instant: how much of it."""

    tick: str
    subjects: int
    count: int


def note(tx: Transaction, tick: str, subject: str, error: str, *, day: date, at: datetime) -> int:
    """Note that a tick failed (no subject) or left a subject out; gives how often it did that day."""
    values = {"tick": tick, "subject": subject[:200], "day": day, "error": error[:200]}
    return int(tx.execute(_note, {**values, "count": 1, "first_at": at, "last_at": at}).scalar_one())


def since(tx: Transaction, instant: datetime) -> list[FailedTick]:
    """Sum up by tick what failed since then."""
    rows = (
        select(
            _failure.c.tick,
            func.count(_failure.c.subject.distinct()).label("subjects"),
            func.sum(_failure.c.count).label("count"),
        )
        .where(_failure.c.last_at > instant)
        .group_by(_failure.c.tick)
        .order_by(_failure.c.tick)
    )
    return many(tx, FailedTick, rows)


def forget_old(tx: Transaction, *, before: date) -> int:
    """Delete what failed before a day."""
    return tx.execute(delete(_failure).where(_failure.c.day < before)).rowcount
