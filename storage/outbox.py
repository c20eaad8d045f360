"""The messages to send: claimed, sent, marked; kind and values here, the words when they go out."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, update

from storage.rows import add as add_row
from storage.rows import many, one
from storage.states import OutboxState
from storage.store import Transaction
from storage.tables import Outbox, Person, columns_of

ANSWER, REMINDER, DIGEST = 0, 1, 2  # priorities: answers before reminders before digests
LONGEST_WAIT = timedelta(hours=1)  # what waits for longer waits by a clock that was put back since
ATTEMPTS = 2  # one more copy at most after an ambiguous time-out or a crash

_outbox, _person = columns_of(Outbox), columns_of(Person)
_add = insert(_outbox)
_ready = (
    select(
        _outbox.c.id,
        _outbox.c.chat_id,
        _outbox.c.person_id,
        _outbox.c.kind,
        _outbox.c.content,
        _outbox.c.priority,
        _outbox.c.judged_at,
        _outbox.c.attempts,
        _person.c.language,
        _person.c.reach,
    )
    .select_from(_outbox.outerjoin(_person, _person.c.id == _outbox.c.person_id))
    .where(_outbox.c.state == "ready", or_(_outbox.c.retry_at.is_(None), _outbox.c.retry_at <= bindparam("at")))
    .where(or_(_outbox.c.not_before.is_(None), _outbox.c.not_before <= bindparam("at")))
    .where(_outbox.c.chat_id.not_in(bindparam("held", expanding=True)))
    .order_by(_outbox.c.priority, _outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=_outbox)
)
_claim = (
    update(_outbox)
    .where(_outbox.c.id.in_(bindparam("ids", expanding=True)), _outbox.c.state == "ready")
    .values(state=OutboxState.CLAIMED, attempts=_outbox.c.attempts + 1)
)
_sent = (
    update(_outbox)
    .where(_outbox.c.id == bindparam("row_id"))
    .values(state=OutboxState.SENT, sent_at=bindparam("at"), message_id=bindparam("telegram_id"), reason=None)
)
_any_ready = select(_outbox.c.id).where(_outbox.c.state == "ready").limit(1)
_last = select(func.coalesce(func.max(_outbox.c.id), 0))


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message to word and send."""

    id: int
    chat_id: int
    person_id: int | None
    kind: str
    content: dict[str, Any]
    priority: int
    judged_at: datetime
    attempts: int
    language: str | None
    reach: str | None


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message of a chat, sent or not."""

    id: int
    kind: str
    content: dict[str, Any]
    state: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that went out earlier, found by its place in the chat."""

    id: int
    kind: str
    content: dict[str, Any]


def add(
    tx: Transaction,
    *,
    chat_id: int,
    person_id: int | None,
    kind: str,
    content: dict[str, Any],
    priority: int,
    at: datetime,
) -> int:
    """Have a message sent; gives its number."""
    return add_row(
        tx,
        _add,
        {
            "chat_id": chat_id,
            "person_id": person_id,
            "kind": kind,
            "content": content,
            "priority": priority,
            "state": OutboxState.READY,
            "judged_at": at,
            "attempts": 0,
        },
    )


def claim(
    tx: Transaction,
    *,
    at: datetime,
    most: int,
    held: Collection[int] = (),
    most_in: Callable[[int], int] | None = None,
) -> list[OutgoingMessage]:
    """Take the next messages to send, answers first; nobody else gets these.

    None to the chats `held`, and to each other chat no more than `most_in` says.
    """
    found = many(tx, OutgoingMessage, _ready, {"at": at, "most": most, "held": list(held) or [0]})
    if most_in is not None:
        found = _at_most(found, most_in)
    if found:
        tx.execute(_claim, {"ids": [message.id for message in found]})
    return found


def _at_most(found: Sequence[OutgoingMessage], most_in: Callable[[int], int]) -> list[OutgoingMessage]:
    kept, taken = [], Counter[int]()
    for message in found:
        if taken[message.chat_id] < most_in(message.chat_id):
            kept.append(message)
            taken[message.chat_id] += 1
    return kept


def mark_sent(tx: Transaction, sent: Sequence[tuple[int, int | None]], *, at: datetime) -> None:
    """Note messages (number, Telegram's message id) as sent."""
    tx.execute(_sent, [{"row_id": row_id, "at": at, "telegram_id": message_id} for row_id, message_id in sent])


def change_content(tx: Transaction, row_id: int, content: dict[str, Any]) -> None:
    """Change the values of a message that is being sent."""
    tx.execute(update(_outbox).where(_outbox.c.id == row_id).values(content=content))


def give_back(tx: Transaction, row_id: int, *, until: datetime, counts: bool) -> None:
    """Have a message tried again at `until`; an attempt that certainly sent nothing does not count."""
    values: dict[str, Any] = {"state": OutboxState.READY, "retry_at": until}
    if not counts:
        values["attempts"] = _outbox.c.attempts - 1
    tx.execute(update(_outbox).where(_outbox.c.id == row_id).values(**values))


def let_wait(tx: Transaction, row_id: int, *, until: datetime) -> None:
    """Have a message wait until an instant; unlike the wait for another try it outlasts a stop of the service."""
    tx.execute(update(_outbox).where(_outbox.c.id == row_id).values(not_before=until))


def end(tx: Transaction, row_id: int, state: OutboxState, reason: str) -> None:
    """End a message unsent (undeliverable, cancelled) or doubtful (unknown), with the reason."""
    tx.execute(update(_outbox).where(_outbox.c.id == row_id).values(state=state, reason=reason[:500]))


def end_waiting(tx: Transaction, chat_id: int, reason: str) -> None:
    """End what waits for a chat that takes nothing."""
    waiting = (_outbox.c.chat_id == chat_id, _outbox.c.state == "ready")
    tx.execute(update(_outbox).where(*waiting).values(state=OutboxState.UNDELIVERABLE, reason=reason[:500]))


def move_chat(tx: Transaction, old: int, new: int) -> None:
    """Follow a group that became a supergroup."""
    tx.execute(update(_outbox).where(_outbox.c.chat_id == old, _outbox.c.state != "sent").values(chat_id=new))


def recover_claims(tx: Transaction, *, at: datetime) -> tuple[int, int]:
    """Settle what a crash left claimed: one more try, or `unknown` after the second; gives (again, unknown)."""
    claimed = _outbox.c.state == "claimed"
    unknown = tx.execute(
        update(_outbox)
        .where(claimed, _outbox.c.attempts >= ATTEMPTS)
        .values(state=OutboxState.UNKNOWN, reason="the service stopped twice while sending it")
    ).rowcount
    again = tx.execute(update(_outbox).where(claimed).values(state=OutboxState.READY, retry_at=None)).rowcount
    tx.execute(update(_outbox).where(_outbox.c.retry_at > at + LONGEST_WAIT).values(retry_at=None))
    return again, unknown


def sent_as(tx: Transaction, chat_id: int, message_id: int) -> SentMessage | None:
    """Find the message that stands at this place of a chat."""
    found = select(_outbox.c.id, _outbox.c.kind, _outbox.c.content).where(
        _outbox.c.chat_id == chat_id, _outbox.c.message_id == message_id
    )
    return one(tx, SentMessage, found)


def last_of_kind(tx: Transaction, chat_id: int, kind: str) -> SentMessage | None:
    """Find the message of this kind that was last made for a chat."""
    found = select(_outbox.c.id, _outbox.c.kind, _outbox.c.content).where(
        _outbox.c.chat_id == chat_id, _outbox.c.kind == kind
    )
    return one(tx, SentMessage, found.order_by(_outbox.c.id.desc()).limit(1))


def last_in(tx: Transaction, chat_id: int) -> LastMessage | None:
    """Give the newest message to a chat, whatever became of it."""
    columns = (_outbox.c[name] for name in LastMessage.__dataclass_fields__)
    newest = select(*columns).where(_outbox.c.chat_id == chat_id).order_by(_outbox.c.id.desc()).limit(1)
    return one(tx, LastMessage, newest)


def kinds_since(tx: Transaction, number: int, chat_id: int) -> set[str]:
    """Give the kinds of the messages to a chat after the one of this number."""
    found = select(_outbox.c.kind).where(_outbox.c.id > number, _outbox.c.chat_id == chat_id)
    return set(tx.execute(found).scalars())


def is_anything_ready(tx: Transaction) -> bool:
    """Whether a message waits to be sent."""
    return tx.execute(_any_ready).first() is not None


def count_by_state(tx: Transaction) -> dict[str, int]:
    """Count the messages in each state."""
    counted = select(_outbox.c.state, func.count()).group_by(_outbox.c.state)
    return {row[0]: row[1] for row in tx.execute(counted)}


def count_waiting_by_kind(tx: Transaction) -> dict[str, int]:
    """Count the messages not sent yet, by kind."""
    counted = select(_outbox.c.kind, func.count()).where(_outbox.c.state == "ready").group_by(_outbox.c.kind)
    return {row[0]: row[1] for row in tx.execute(counted)}


def last_number(tx: Transaction) -> int:
    """Give the number of the newest message, 0 where there is none."""
    return int(tx.execute(_last).scalar_one())
