"""Who was told of what, at which step: each once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.rows import add, many
from storage.store import Transaction
from storage.tables import Digest, Inbox, Nudge, Outbox, columns_of

_nudge, _digest, _outbox, _inbox = (columns_of(table) for table in (Nudge, Digest, Outbox, Inbox))


@dataclass(frozen=True, slots=True)
class PastNudge:
    """A step at which a person was told of an obligation."""

    obligation_id: int
    due_at: datetime
    rung: str
    person_id: int
    delivered: bool


def past_nudges(tx: Transaction, *, due_from: datetime) -> list[PastNudge]:
    """List what persons were told of obligations due since then, and whether it reached them."""
    rows = (
        select(
            _nudge.c.obligation_id,
            _nudge.c.due_at,
            _nudge.c.rung,
            _nudge.c.person_id,
            (func.coalesce(_outbox.c.state, "") == "sent").label("delivered"),
        )
        .select_from(_nudge.outerjoin(_outbox, _outbox.c.id == _nudge.c.outbox_id))
        .where(_nudge.c.due_at >= due_from)
    )
    return many(tx, PastNudge, rows)


def add_nudges(tx: Transaction, rows: list[tuple[int, datetime, str, int]], *, outbox_id: int, at: datetime) -> None:
    """Note that one message tells a person of obligations: rows of (obligation, due_at, rung, person)."""
    names = ("obligation_id", "due_at", "rung", "person_id")
    tx.execute(
        insert(_nudge),
        [{**dict(zip(names, row, strict=True)), "outbox_id": outbox_id, "created_at": at} for row in rows],
    )


def pushed_count(tx: Transaction, person_id: int, *, since: datetime) -> int:
    """Count the reminders and escalations made for a person since then, one a message."""
    made = select(func.count(_nudge.c.outbox_id.distinct())).where(
        _nudge.c.person_id == person_id, _nudge.c.created_at > since
    )
    return int(tx.execute(made).scalar_one())


def told_on(tx: Transaction, obligation_ids: Collection[int], *, since: datetime, rung: str) -> set[int]:
    """Give which of these obligations somebody was told of since then, or at this rung."""
    rows = select(_nudge.c.obligation_id).where(
        _nudge.c.obligation_id.in_(list(obligation_ids)), (_nudge.c.created_at >= since) | (_nudge.c.rung == rung)
    )
    return set(tx.execute(rows).scalars())


def has_digest(tx: Transaction, kind: str, person_id: int, slot: str) -> bool:
    """Whether a person got this digest already."""
    same = (_digest.c.kind == kind, _digest.c.person_id == person_id, _digest.c.slot == slot)
    return tx.execute(select(_digest.c.id).where(*same)).first() is not None


def digest_slots(tx: Transaction, kind: str) -> set[tuple[int, str]]:
    """List (person, slot) of every digest of a kind."""
    return {
        (row.person_id, row.slot)
        for row in tx.execute(select(_digest.c.person_id, _digest.c.slot).where(_digest.c.kind == kind))
    }


def last_digest_at(tx: Transaction, kind: str, person_id: int) -> datetime | None:
    """Give when a person last got this kind of digest."""
    last = select(func.max(_digest.c.created_at)).where(_digest.c.kind == kind, _digest.c.person_id == person_id)
    found: datetime | None = tx.execute(last).scalar_one()
    return found


def last_digest_content(tx: Transaction, kind: str, person_id: int) -> dict[str, Any] | None:
    """Give what a person's last digest of this kind said, or None."""
    last = (
        select(_outbox.c.content)
        .join(_digest, _digest.c.outbox_id == _outbox.c.id)
        .where(_digest.c.kind == kind, _digest.c.person_id == person_id)
        .order_by(_digest.c.id.desc())
        .limit(1)
    )
    found: dict[str, Any] | None = tx.execute(last).scalar_one_or_none()
    return found


def add_digest(tx: Transaction, *, kind: str, person_id: int, slot: str, at: datetime) -> int:
    """Note that a person gets a digest for a slot; gives its number."""
    return add(tx, insert(_digest), {"kind": kind, "person_id": person_id, "slot": slot, "created_at": at})


def set_digest_message(tx: Transaction, digest_id: int, outbox_id: int) -> None:
    """Point a digest to the message that carries it."""
    tx.execute(update(_digest).where(_digest.c.id == digest_id).values(outbox_id=outbox_id))


def doubtful_since(tx: Transaction, since: datetime | None) -> dict[str, int]:
    """Count the messages made since then that are unknown or undeliverable, and the updates received that are dead."""
    messages = select(_outbox.c.state, func.count()).where(_outbox.c.state.in_(("unknown", "undeliverable")))
    updates = select(_inbox.c.state, func.count()).where(_inbox.c.state == "dead")
    if since is not None:
        messages = messages.where(_outbox.c.judged_at > since)
        updates = updates.where(_inbox.c.received_at > since)
    rows = [
        *tx.execute(messages.group_by(_outbox.c.state)).all(),
        *tx.execute(updates.group_by(_inbox.c.state)).all(),
    ]
    return {row[0]: row[1] for row in rows}
