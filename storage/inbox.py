"""The raw updates Telegram handed over: stored first, handled after, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT clause compiles for SQLite too

from storage.rows import many
from storage.states import InboxState
from storage.store import Transaction
from storage.tables import Inbox, columns_of

KEPT_FOR = timedelta(days=8)  # update numbers may start again at random after a week (Bot API, Update)
_inbox = columns_of(Inbox)
_add = insert(_inbox).on_conflict_do_nothing(index_elements=["dedupe"])
_waiting = (
    select(_inbox.c.id, _inbox.c.chat_id, _inbox.c.raw, _inbox.c.received_at, _inbox.c.attempts)
    .where(_inbox.c.state == "new", _inbox.c.id > bindparam("after"))
    .order_by(_inbox.c.id)
    .limit(200)
)
_done = (
    update(_inbox)
    .where(_inbox.c.id == bindparam("row_id"), _inbox.c.state == "new")
    .values(state=InboxState.DONE, error=None)
)


@dataclass(frozen=True, slots=True)
class WaitingUpdate:
    """An update not yet handled."""

    id: int
    chat_id: int | None
    raw: str
    received_at: datetime
    attempts: int


def add_updates(tx: Transaction, updates: Sequence[dict[str, Any]]) -> int:
    """Store raw updates (dedupe, chat_id, raw, received_at) and give how many were new."""
    if not updates:
        return 0
    return tx.execute(_add, [{**row, "state": InboxState.NEW, "attempts": 0} for row in updates]).rowcount


def waiting(tx: Transaction, *, after: int = 0) -> list[WaitingUpdate]:
    """List the updates not handled yet, oldest first, past the row `after`; at most 200."""
    return many(tx, WaitingUpdate, _waiting, {"after": after})


def mark_done(tx: Transaction, row_id: int) -> bool:
    """Note that an update was handled, in the transaction that did it; False where it was handled before."""
    return tx.execute(_done, {"row_id": row_id}).rowcount == 1


def note_failure(tx: Transaction, row_id: int, error: str) -> None:
    """Note that an update failed once more and why."""
    failed = update(_inbox).where(_inbox.c.id == row_id)
    tx.execute(failed.values(attempts=_inbox.c.attempts + 1, error=error[:500]))


def mark_dead(tx: Transaction, row_id: int) -> None:
    """Set an update aside that cannot be handled; it stays stored."""
    tx.execute(update(_inbox).where(_inbox.c.id == row_id).values(state=InboxState.DEAD))


def senders_held_back(tx: Transaction) -> set[int]:
    """Give the chats whose updates are still being tried again."""
    retried = select(_inbox.c.chat_id).where(_inbox.c.state == "new", _inbox.c.attempts > 0)
    return {chat for (chat,) in tx.execute(retried) if chat is not None}


def is_worked_off(tx: Transaction, *, received_before: datetime) -> bool:
    """Whether every update received by then was tried at least once."""
    untried = select(_inbox.c.id).where(
        _inbox.c.state == "new", _inbox.c.attempts == 0, _inbox.c.received_at <= received_before
    )
    return tx.execute(untried.limit(1)).first() is None


def forget_done(tx: Transaction, *, at: datetime) -> int:
    """Delete updates handled long ago."""
    old = delete(_inbox).where(_inbox.c.state == "done", _inbox.c.received_at < at - KEPT_FOR)
    return tx.execute(old).rowcount


def count_by_state(tx: Transaction) -> dict[str, int]:
    """Count the updates in each state."""
    counted = select(_inbox.c.state, func.count()).group_by(_inbox.c.state)
    return {state: count for state, count in tx.execute(counted)}  # noqa: C416  # rows are not pairs to dict()
