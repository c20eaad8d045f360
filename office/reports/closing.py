"""A period closes: what was submitted for it counts as accepted, once a correction had its day."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from office.apart import in_bulk
from office.auditing import record
from office.notice.assigning import today
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
    closed = ledger.closed(
        work.tx, due_until=due_until, sent_until=work.at - CORRECTION, review=work.policy.review.required
    )

    def accept(obligations: Sequence[int]) -> None:
        ledger.accept(work.tx, obligations)
        reports.accept_reports(work.tx, list(obligations))

    accepted = in_bulk(work, "accept_closed_reports", closed, accept, named=lambda number: f"obligation:{number}")
    if accepted:
        record(work, "accept_closed_reports", "period", None, obligations=accepted)
    return len(accepted)
