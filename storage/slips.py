"""Supervision slips (督查单): which are proposed, issued, signed for and closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, text, update

from storage.rows import add, many, one
from storage.states import SlipState
from storage.store import Transaction
from storage.tables import Nudge, Obligation, Outbox, Person, Slip, SlipCopy, columns_of

_slip, _copy, _nudge, _outbox, _obligation, _person = (
    columns_of(table) for table in (Slip, SlipCopy, Nudge, Outbox, Obligation, Person)
)
_is_owed = text("obligation.state IN ('open', 'returned')")  # literal: see storage.ledger
_is_not_owed = text("obligation.state NOT IN ('open', 'returned')")
_delivered = (
    select(_nudge.c.id)
    .join(_outbox, _outbox.c.id == _nudge.c.outbox_id)
    .where(_nudge.c.obligation_id == _obligation.c.id, _outbox.c.state == "sent")
)
_other = _slip.alias("other")  # beside the one a statement is about
_same_matter = select(_other.c.id).where(
    _other.c.obligation_id == _obligation.c.id, _other.c.due_at == _obligation.c.due_at
)
_proposed = select(_other.c.id).where(_other.c.obligation_id == _obligation.c.id, _other.c.state == "proposed")


@dataclass(frozen=True, slots=True)
class KnownSlip:
    """A slip as it is kept; `year` and `number` only once it was issued."""

    id: int
    obligation_id: int
    due_at: datetime
    colour: str
    state: str
    proposed_at: datetime
    year: int | None
    number: int | None
    issued_at: datetime | None
    issued_by: int | None
    limit_at: datetime | None
    facts: dict[str, Any] | None
    file_id: int | None
    closed_at: datetime | None
    closed_by: int | None
    closed_for: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """That a person got a slip, and when they signed for it."""

    slip_id: int
    person_id: int
    name: str
    role: str
    signed_at: datetime | None


_slips = select(*(_slip.c[name] for name in KnownSlip.__dataclass_fields__))


def slip(tx: Transaction, slip_id: int) -> KnownSlip | None:
    """Give one slip."""
    return one(tx, KnownSlip, _slips.where(_slip.c.id == slip_id))


def numbered(tx: Transaction, *, year: int, number: int) -> KnownSlip | None:
    """Give the slip issued under a number."""
    return one(tx, KnownSlip, _slips.where(_slip.c.year == year, _slip.c.number == number))


def in_state(tx: Transaction, state: SlipState, *, most: int | None = None) -> list[KnownSlip]:
    """List the slips in a state, oldest first, all or the first so many."""
    return many(tx, KnownSlip, _slips.where(_slip.c.state == state).order_by(_slip.c.id).limit(most))


def count(tx: Transaction, state: SlipState) -> int:
    """Count the slips in a state."""
    return int(tx.execute(select(func.count()).where(_slip.c.state == state)).scalar_one())


def proposed_for(tx: Transaction, obligation_id: int) -> KnownSlip | None:
    """Give the slip proposed for an obligation."""
    return one(tx, KnownSlip, _slips.where(_slip.c.obligation_id == obligation_id, _slip.c.state == "proposed"))


def issued(tx: Transaction) -> list[KnownSlip]:
    """List every slip that was ever issued, by year and number."""
    return many(tx, KnownSlip, _slips.where(_slip.c.number.is_not(None)).order_by(_slip.c.year, _slip.c.number))


def of_obligation(tx: Transaction, obligation_id: int, due_at: datetime) -> list[KnownSlip]:
    """List the slips for an obligation and due date, oldest first, whatever became of them."""
    same = (_slip.c.obligation_id == obligation_id, _slip.c.due_at == due_at)
    return many(tx, KnownSlip, _slips.where(*same).order_by(_slip.c.id))


def never_proposed(tx: Transaction, *, due_until: datetime, most: int) -> list[tuple[int, datetime]]:
    """List what is owed since then or longer, was reminded of by a message that arrived, and has no slip (obligation, due instant)."""
    owed = (_is_owed, _obligation.c.due_at <= due_until, _delivered.exists(), ~_same_matter.exists())
    rows = select(_obligation.c.id, _obligation.c.due_at).where(*owed).order_by(_obligation.c.due_at, _obligation.c.id)
    return [(row.id, row.due_at) for row in tx.execute(rows.limit(most))]


def to_follow(tx: Transaction, *, at: datetime) -> list[int]:
    """List what is still owed although a slip's limit has passed, or owed again after one was closed by the report."""
    is_past = (_slip.c.state == "issued") & (_slip.c.limit_at <= at)
    is_again = (_slip.c.state == "closed") & (_slip.c.closed_for == "reported")
    rows = (
        select(_obligation.c.id)
        .join(_slip, (_slip.c.obligation_id == _obligation.c.id) & (_slip.c.due_at == _obligation.c.due_at))
        .where(_is_owed, is_past | is_again, ~_proposed.exists())
        .group_by(_obligation.c.id)
    )
    return list(tx.execute(rows.order_by(_obligation.c.id)).scalars())


def forget_untrue(tx: Transaction) -> int:
    """Delete the proposals for what is not owed any more or has another due date; gives how many."""
    untrue = (
        select(_slip.c.id)
        .join(_obligation, _obligation.c.id == _slip.c.obligation_id)
        .where(_slip.c.state == "proposed", or_(_is_not_owed, _obligation.c.due_at != _slip.c.due_at))
    )
    ids = list(tx.execute(untrue).scalars())
    return tx.execute(delete(_slip).where(_slip.c.id.in_(ids))).rowcount if ids else 0


def reminded_at(tx: Transaction, obligation_id: int, due_at: datetime) -> list[datetime]:
    """List when messages that reached somebody reminded of an obligation for this due date."""
    rows = (
        select(_outbox.c.sent_at)
        .join(_nudge, _nudge.c.outbox_id == _outbox.c.id)
        .where(_nudge.c.obligation_id == obligation_id, _nudge.c.due_at == due_at, _outbox.c.state == "sent")
    )
    return sorted(set(tx.execute(rows).scalars()))


def propose(tx: Transaction, *, obligation_id: int, due_at: datetime, colour: str, at: datetime) -> int:
    """Keep a proposal; gives its number."""
    values = {"obligation_id": obligation_id, "due_at": due_at, "colour": colour, "proposed_at": at}
    return add(tx, insert(_slip), {**values, "state": SlipState.PROPOSED})


def next_number(tx: Transaction, year: int) -> int:
    """Give the next number of a year."""
    last = select(func.coalesce(func.max(_slip.c.number), 0)).where(_slip.c.year == year)
    return int(tx.execute(last).scalar_one()) + 1


def change(tx: Transaction, slip_id: int, was: SlipState, **values: Any) -> bool:
    """Change a slip that is in this state; False where somebody was quicker."""
    same = update(_slip).where(_slip.c.id == slip_id, _slip.c.state == was)
    return tx.execute(same.values(**values)).rowcount == 1


def add_copy(tx: Transaction, *, slip_id: int, person_id: int, role: str, outbox_id: int) -> None:
    """Note that a person is sent a slip."""
    values = {"slip_id": slip_id, "person_id": person_id, "role": role, "outbox_id": outbox_id}
    tx.execute(insert(_copy), values)


def copies(tx: Transaction, slip_ids: Sequence[int]) -> list[Copy]:
    """List who got these slips."""
    columns = (_copy.c.slip_id, _copy.c.person_id, _person.c.name, _copy.c.role, _copy.c.signed_at)
    rows = select(*columns).join(_person, _person.c.id == _copy.c.person_id).where(_copy.c.slip_id.in_(list(slip_ids)))
    return many(tx, Copy, rows.order_by(_copy.c.id))


def sign(tx: Transaction, slip_id: int, *, person_id: int, at: datetime) -> bool:
    """Note that a person signed for a slip; False where they did before, or got none."""
    unsigned = (_copy.c.slip_id == slip_id, _copy.c.person_id == person_id, _copy.c.signed_at.is_(None))
    return tx.execute(update(_copy).where(*unsigned).values(signed_at=at)).rowcount == 1
