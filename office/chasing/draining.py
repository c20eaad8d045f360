"""Is it certain that no reply is still on its way? Nobody is called late before."""

from datetime import datetime

from office.work import Work
from storage import inbox, records

CAME_SHORT = "poll_came_short"  # the begin of the last poll that brought less than it could have


def note_poll(work: Work, *, began_at: datetime) -> None:
    """Note that a poll begun at this instant brought all that Telegram held."""
    records.note(work.tx, CAME_SHORT, began_at.isoformat(), at=work.at)


def drained_until(work: Work, *, polls: bool) -> datetime:
    """Give the instant up to which every reply is known and was tried: what was due later may still have been answered.

    Without polling (`duban tick`) only the inbox is looked at.
    """
    if not inbox.is_worked_off(work.tx, received_before=work.at):
        return datetime.min.replace(tzinfo=work.at.tzinfo)
    if not polls:
        return work.at
    noted = records.noted(work.tx, CAME_SHORT)
    begun = datetime.fromisoformat(noted) if noted else None
    if begun is None or begun > work.at:  # a poll that seems to lie ahead was noted by a clock that was put back since
        return datetime.min.replace(tzinfo=work.at.tzinfo)
    return begun


def units_held_back(work: Work) -> set[int]:
    """Give the chats whose replies are stored but could not be handled yet: their units are not called late."""
    return inbox.senders_held_back(work.tx)
