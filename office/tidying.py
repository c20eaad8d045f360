"""What is no longer needed is forgotten: handled updates and expired buttons."""

from office.work import Work
from storage import conversations, inbox


def forget_old(work: Work) -> int:
    """Forget updates handled long ago and buttons that expired; gives how many rows."""
    return inbox.forget_done(work.tx, at=work.at) + conversations.forget_buttons(work.tx, before=work.at)
