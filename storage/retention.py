"""What is no longer needed is deleted: the text of messages, of updates nobody could handle, phone numbers of those who left."""

from datetime import datetime

from sqlalchemy import delete, exists, func, select, update

from storage.store import Transaction
from storage.tables import Dialogue, Fact, Inbox, KeptText, Membership, Outbox, Person, columns_of

_inbox, _outbox, _kept, _dialogue, _person, _membership, _fact = (
    columns_of(table) for table in (Inbox, Outbox, KeptText, Dialogue, Person, Membership, Fact)
)
FORGOTTEN = "forgotten"  # the kind of a message whose text is gone


def forget_dead_updates(tx: Transaction, *, before: datetime) -> int:
    """Delete updates that could not be handled and came in before then."""
    return tx.execute(delete(_inbox).where(_inbox.c.state == "dead", _inbox.c.received_at < before)).rowcount


def forget_messages(tx: Transaction, *, before: datetime) -> int:
    """Blank what messages made before then said; that they were sent, to whom and when stays."""
    old = (_outbox.c.judged_at < before, _outbox.c.kind != FORGOTTEN, _outbox.c.state.not_in(("ready", "claimed")))
    return tx.execute(update(_outbox).where(*old).values(kind=FORGOTTEN, content={}, reason=None)).rowcount


def forget_kept_texts(tx: Transaction, *, before: datetime) -> int:
    """Delete free texts kept before then until their task was known."""
    return tx.execute(delete(_kept).where(_kept.c.sent_at < before)).rowcount


def forget_questions(tx: Transaction, *, before: datetime) -> int:
    """Delete what was asked in chats before then and never answered."""
    return tx.execute(delete(_dialogue).where(_dialogue.c.asked_at < before)).rowcount


def forget_phones(tx: Transaction, *, before: datetime) -> int:
    """Delete the phone numbers of persons who have had no role since then."""
    held = exists().where(
        _membership.c.person_id == _person.c.id,
        func.coalesce(_membership.c.until, before) >= before,
    )
    left = (_person.c.phone.is_not(None), _person.c.created_at < before, ~held)
    return tx.execute(update(_person).where(*left).values(phone=None)).rowcount


def forget_facts(tx: Transaction, prefix: str, *, before: datetime) -> int:
    """Delete noted facts whose names begin so and that were noted before then."""
    old = select(_fact.c.name).where(_fact.c.name.startswith(prefix, autoescape=True), _fact.c.noted_at < before)
    return tx.execute(delete(_fact).where(_fact.c.name.in_(old))).rowcount
