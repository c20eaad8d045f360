"""After an outage what was missed is told once; what is pointless by now is dropped, with the reason on record."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from office.auditing import record
from office.chasing.outages import Outage, note_run
from office.chasing.reminding import AHEAD, BEHIND, STALE
from office.notice.assigning import pushable_from
from office.upkeep.alarming import alarm
from office.work import Work
from rules.clock import local
from rules.ladder import Rung, is_escalation, moments
from rules.periods import due_on
from storage import ledger
from storage.ledger import Due


def note_running(work: Work) -> Outage | None:
    """Note that the clock runs; at the end of an outage write down what it cost and tell the administrators."""
    outage = note_run(work)
    if outage is None:
        return None
    late, dropped = _missed_steps(work, outage)
    digests = _dropped_digests(work, outage)
    span = {"begins": outage.begins.isoformat(), "ends": outage.ends.isoformat()}
    record(work, "outage", "clock", None, **span, late=late, dropped=dropped, digests=digests)
    alarm(work, "outage", about=span["begins"], **span, late=late, dropped=sum(step["count"] for step in dropped))
    return outage


def _missed_steps(work: Work, outage: Outage) -> tuple[int, list[dict[str, Any]]]:
    """Give how many obligations' steps the outage kept back and are told now, and those that are dropped, with why."""
    late, dropped = 0, Counter[tuple[str, str, str]]()
    for due in ledger.all_owed(work.tx, due_from=outage.begins - BEHIND, due_until=work.at + AHEAD):
        for rung, reason in _kept_back(work, due, outage):
            if reason is None:
                late += 1
            else:
                dropped[rung.key, due.due_at.isoformat(), reason] += 1
    return late, [
        {"step": step, "due_at": due_at, "reason": reason, "count": count}
        for (step, due_at, reason), count in sorted(dropped.items())
    ]


def _kept_back(work: Work, due: Due, outage: Outage) -> Iterator[tuple[Rung, str | None]]:
    """Give the steps of one obligation that lay in the outage, each with why it is dropped, or None."""
    policy = work.policy
    passed = [
        step
        for step in moments(due_on(due.due_at, policy.zone), policy.ladder, policy.calendar, policy.zone)
        if step[1] <= work.at
    ]
    for place, (rung, moment) in enumerate(passed):
        if outage.begins < pushable_from(policy, moment) <= outage.ends:
            yield rung, _pointless(work, due, rung, moment, is_last=place == len(passed) - 1)


def _pointless(work: Work, due: Due, rung: Rung, moment: datetime, *, is_last: bool) -> str | None:
    if not is_last:
        return "a later step is told instead"
    if not is_escalation(rung) and work.at >= due.due_at:
        return "the due day is over"
    return "it was due too long ago" if work.at - moment > STALE else None


def _dropped_digests(work: Work, outage: Outage) -> list[str]:
    """List the days whose digest was not made: one made now tells what it would have told."""
    policy = work.policy
    day, last = local(outage.begins, policy.zone).date(), local(work.at, policy.zone).date()
    days = []
    while policy.digests.daily and day < last:
        hour = datetime.combine(day, policy.digests.at, policy.zone)
        if outage.begins < hour and policy.calendar.is_workday(day):
            days.append(day.isoformat())
        day += timedelta(days=1)
    return days
