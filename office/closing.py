"""A period closes: what was submitted for it counts as accepted, once a correction had its day."""

from datetime import timedelta

from office.auditing import record
from office.work import Work
from storage import ledger, reports

CORRECTION = timedelta(days=1)


def accept_closed_reports(work: Work) -> int:
    """Accept what was submitted for periods that are over, a day after it was sent at the earliest; gives how many."""
    accepted = ledger.accept_closed(work.tx, due_until=work.at, sent_until=work.at - CORRECTION)
    if accepted:
        reports.accept_reports(work.tx, accepted)
        record(work, "accept_closed_reports", "period", None, obligations=accepted)
    return len(accepted)
