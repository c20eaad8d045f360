"""Every day administrators hear how the service did: a line that stays away says as much as one that comes (自检日报)."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from office.apart import for_each
from office.chasing.holding import held
from office.notice.assigning import pushable_from
from office.saying import Kind, Recipient, say
from office.work import Work
from rules.clock import local
from rules.ladder import moments
from rules.periods import due_on
from storage import failures, ledger, nudges, outbox, people, watching
from storage.people import Holder
from storage.states import Reach, Role

DAILY = "self_report"
AHEAD = timedelta(days=120)  # what is due later is no news yet


def report_on_itself(work: Work) -> int:
    """Tell each administrator once a day, from the hour on, what ran, was sent, failed, waits and is next; gives how many."""
    slot, hour = _latest_hour(work)
    waiting = [
        holder
        for holder in people.holders(work.tx, Role.ADMIN)
        if holder.reach == Reach.YES
        and holder.since < hour
        and not nudges.has_digest(work.tx, DAILY, holder.person_id, slot)
    ]
    if not waiting:
        return 0
    upcoming = _next_step(work)

    def tell(holder: Holder) -> None:
        since = nudges.last_digest_at(work.tx, DAILY, holder.person_id) or hour - timedelta(days=1)
        digest = nudges.add_digest(work.tx, kind=DAILY, person_id=holder.person_id, slot=slot, at=work.at)
        to = Recipient(holder.telegram_id, holder.person_id)
        facts = {**_facts(work, since), "next": upcoming}
        message = say(work, to, Kind.SELF_REPORT, priority=outbox.DIGEST, **facts)
        nudges.set_digest_message(work.tx, digest, message)

    return len(for_each(work, "report_on_itself", waiting, tell, named=lambda holder: f"person:{holder.person_id}"))


def _latest_hour(work: Work) -> tuple[str, datetime]:
    """Give the day whose line is due, and its hour; one that falls into quiet hours comes at their end."""
    policy = work.policy
    today = local(work.at, policy.zone).date()
    for days_ago in range(3):
        day = today - timedelta(days=days_ago)
        hour = policy.quiet_hours.over_at(datetime.combine(day, policy.digests.admin_at, policy.zone), policy.zone)
        if hour <= work.at:
            break
    return day.isoformat(), hour


def _facts(work: Work, since: datetime) -> dict[str, Any]:
    outages, down = watching.downtime(work.tx, since=since)
    failed = failures.since(work.tx, since)
    return {
        "since": since.isoformat(),
        "at": work.at.isoformat(),
        "outages": outages,
        "down_minutes": round(down.total_seconds() / 60),
        **asdict(watching.traffic(work.tx, since=since)),
        "failed_ticks": [{"tick": failure.tick, "subjects": failure.subjects} for failure in failed],
        "held": held(work) is not None,
    }


def _next_step(work: Work) -> dict[str, Any] | None:
    """Give when somebody is next to be told of something owed, and how many obligations that is about."""
    policy = work.policy
    found: list[datetime] = []
    for due in ledger.all_owed(work.tx, due_from=work.at - timedelta(days=30), due_until=work.at + AHEAD):
        steps = moments(due_on(due.due_at, policy.zone), policy.ladder, policy.calendar, policy.zone)
        found += [moment for _, moment in steps if moment > work.at][:1]
    if not found:
        return None
    return {"at": pushable_from(policy, min(found)).isoformat(), "count": found.count(min(found))}
