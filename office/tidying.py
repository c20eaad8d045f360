"""What is no longer needed is forgotten: handled updates, expired buttons, files kept for a while."""

from office.taking_in import forget_undecided
from office.work import Work
from storage import accounts, conversations, inbox


def forget_old(work: Work) -> int:
    """Forget updates handled long ago, buttons that expired and files kept until now; gives how many rows."""
    forgotten = inbox.forget_done(work.tx, at=work.at) + conversations.forget_buttons(work.tx, before=work.at)
    return forgotten + forget_undecided(work) + accounts.blank_sent(work.tx)
