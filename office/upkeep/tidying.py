"""What is no longer needed is forgotten, each kind at its age (PIPL Art. 19: no longer than the purpose needs)."""

from collections.abc import Callable
from datetime import timedelta

from office.apart import for_each
from office.notice.taking_in import forget_undecided
from office.register.registering import FAILED_CODES
from office.work import Work
from rules.clock import local
from storage import accounts, conversations, failures, inbox, retention

FORGET_OLD = "forget_old"  # the tick, as failures name it
DEAD_UPDATES = timedelta(days=90)  # time enough to see why one could not be handled
QUESTIONS = timedelta(days=60)  # as long as buttons live
KEPT_TEXTS = timedelta(days=90)
MESSAGES = timedelta(days=400)  # a plan year, and the next one's beginning
PHONES = timedelta(days=30)  # after a person's last role ended
FAILURES = timedelta(days=90)
Forget = Callable[[Work], int]


def forget_old(work: Work) -> int:
    """Forget everything that is past its time; gives how many rows."""
    return sum(for_each(work, FORGET_OLD, FORGETTING.items(), lambda item: item[1](work), named=lambda item: item[0]))


FORGETTING: dict[str, Forget] = {
    "updates": lambda work: inbox.forget_done(work.tx, at=work.at),
    "dead updates": lambda work: retention.forget_dead_updates(work.tx, before=work.at - DEAD_UPDATES),
    "buttons": lambda work: conversations.forget_buttons(work.tx, before=work.at),
    "questions": lambda work: retention.forget_questions(work.tx, before=work.at - QUESTIONS),
    "undecided notices and files": forget_undecided,
    "kept texts": lambda work: retention.forget_kept_texts(work.tx, before=work.at - KEPT_TEXTS),
    "messages": lambda work: retention.forget_messages(work.tx, before=work.at - MESSAGES),
    "phone numbers": lambda work: retention.forget_phones(work.tx, before=work.at - PHONES),
    "messages to those forgotten": lambda work: accounts.blank_sent(work.tx),
    "failed codes": lambda work: retention.forget_facts(work.tx, FAILED_CODES, before=work.at - timedelta(days=1)),
    "failures": lambda work: failures.forget_old(work.tx, before=local(work.at - FAILURES, work.policy.zone).date()),
}
