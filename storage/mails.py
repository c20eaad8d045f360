"""Digests by e-mail: made once per address and day, claimed, sent, marked; never more than two copies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, insert, or_, select, update

from storage.outbox import ATTEMPTS
from storage.rows import many
from storage.states import OutboxState
from storage.store import Transaction
from storage.tables import Mail, columns_of

_mail = columns_of(Mail)
_ready = _mail.c.state == "ready"


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A digest to word and send; `attempts` counts all tries, `copies` those that may have gone out."""

    id: int
    address: str
    content: dict[str, Any]
    judged_at: datetime
    attempts: int
    copies: int


@dataclass(frozen=True, slots=True)
class TroubledMail:
    """A digest that did not go out, may not have, or cannot yet."""

    address: str
    state: str
    reason: str | None


def add(tx: Transaction, address: str, slot: str, content: dict[str, Any], *, at: datetime, is_empty: bool) -> None:
    """Have a digest mailed; an empty one is only noted as made."""
    ended = {"state": OutboxState.CANCELLED, "ended_at": at, "reason": "there was nothing to say"} if is_empty else {}
    made = {"address": address, "slot": slot, "content": content, "judged_at": at, "attempts": 0, "copies": 0}
    tx.execute(insert(_mail), {**made, "state": OutboxState.READY, "ended_at": None, "reason": None, **ended})


def is_made(tx: Transaction, address: str, slot: str) -> bool:
    """Whether an address's digest for a slot was made."""
    return tx.execute(select(_mail.c.id).where(_mail.c.address == address, _mail.c.slot == slot)).first() is not None


def last_at(tx: Transaction, address: str) -> datetime | None:
    """Give when an address's last digest was made."""
    found: datetime | None = tx.execute(
        select(func.max(_mail.c.judged_at)).where(_mail.c.address == address)
    ).scalar_one()
    return found


def last_content(tx: Transaction, address: str) -> dict[str, Any] | None:
    """Give what an address's last digest said, or None."""
    last = select(_mail.c.content).where(_mail.c.address == address, _mail.c.state != "cancelled")
    found: dict[str, Any] | None = tx.execute(last.order_by(_mail.c.id.desc()).limit(1)).scalar_one_or_none()
    return found


def claim(tx: Transaction, *, at: datetime, most: int) -> list[OutgoingMail]:
    """Take the next mails to send, oldest first; nobody else gets these."""
    columns = (_mail.c[name] for name in OutgoingMail.__dataclass_fields__)
    due = (_ready, or_(_mail.c.retry_at.is_(None), _mail.c.retry_at <= at))
    found = many(
        tx,
        OutgoingMail,
        select(*columns).where(*due).order_by(_mail.c.id).limit(most).with_for_update(skip_locked=True),
    )
    if found:
        claimed = update(_mail).where(_mail.c.id.in_([mail.id for mail in found]))
        tx.execute(claimed.values(state=OutboxState.CLAIMED, attempts=_mail.c.attempts + 1))
    return found


def is_any_ready(tx: Transaction, *, at: datetime) -> bool:
    """Whether a mail is to be sent now."""
    due = (_ready, or_(_mail.c.retry_at.is_(None), _mail.c.retry_at <= at))
    return tx.execute(select(_mail.c.id).where(*due).limit(1)).first() is not None


def end(tx: Transaction, mail_id: int, state: OutboxState, reason: str | None, *, at: datetime) -> None:
    """Note what became of a mail: sent, undeliverable or unknown."""
    ended = {"state": state, "reason": reason[:500] if reason else None, "ended_at": at}
    tx.execute(update(_mail).where(_mail.c.id == mail_id).values(**ended))


def give_back(tx: Transaction, mail_id: int, *, until: datetime, reason: str, may_be_out: bool) -> None:
    """Have a mail tried again at `until`; `may_be_out` counts this try as a copy."""
    copies = _mail.c.copies + int(may_be_out)
    values = {"state": OutboxState.READY, "retry_at": until, "reason": reason[:500], "copies": copies}
    tx.execute(update(_mail).where(_mail.c.id == mail_id).values(**values))


def recover_claims(tx: Transaction, *, at: datetime) -> tuple[int, int]:
    """Settle what a crash left claimed: one more copy, or `unknown` after the second; gives (again, unknown)."""
    claimed = _mail.c.state == "claimed"
    reason = "the service stopped while sending it"
    unknown = tx.execute(
        update(_mail)
        .where(claimed, _mail.c.copies + 1 >= ATTEMPTS)
        .values(state=OutboxState.UNKNOWN, reason=reason, ended_at=at)
    ).rowcount
    again = tx.execute(
        update(_mail).where(claimed).values(state=OutboxState.READY, retry_at=None, copies=_mail.c.copies + 1)
    ).rowcount
    return again, unknown


def troubled(tx: Transaction, *, since: datetime | None, until: datetime) -> list[TroubledMail]:
    """List the mails that ended badly in a span, and those that were tried in vain and wait."""
    ended = _mail.c.state.in_(("undeliverable", "unknown")) & (_mail.c.ended_at <= until)
    if since is not None:
        ended = ended & (_mail.c.ended_at >= since)
    waits = and_(_ready, _mail.c.attempts > 0)
    rows = select(_mail.c.address, _mail.c.state, _mail.c.reason).where(or_(ended, waits)).order_by(_mail.c.id)
    return many(tx, TroubledMail, rows)
