"""A period closes: what was submitted for it counts as accepted, once a correction had its day."""

from datetime import datetime, time, timedelta

from office.assigning import today
from office.auditing import record
from office.work import Work
from storage import ledger, reports

CORRECTION = timedelta(days=1)


def accept_closed_reports(work: Work) -> int:
    """Accept what was submitted for periods that are over; gives how many.

    A whole working day after the due day is left for corrections (a draft submitted by itself at midnight is told of
    that morning), and a day after a late report or the last correction. What waits for review stays as it is.
    """
    last = work.policy.calendar.shift(today(work), -1)  # the last working day that is wholly past
    due_until = datetime.combine(last, time(), work.policy.zone)
    accepted = ledger.accept_closed(
        work.tx, due_until=due_until, sent_until=work.at - CORRECTION, review=work.policy.review.required
    )
    if accepted:
        reports.accept_reports(work.tx, accepted)
        record(work, "accept_closed_reports", "period", None, obligations=accepted)
    return len(accepted)
