"""Registered groups get the supervisors' daily digest, where the office wants it."""

from datetime import datetime

from office.looking.digesting import Seen, facts_for_group, settled_overdue
from office.notice.assigning import may_push, today
from office.saying import Kind, Recipient, say
from office.work import Work
from storage import groups, outbox
from storage.groups import KnownGroup
from storage.states import GroupState


def send_group_digests(work: Work, *, polls: bool) -> int:
    """Send every registered group the day's digest, once, from its hour on; gives how many were made."""
    policy, day = work.policy, today(work)
    hour = datetime.combine(day, policy.digests.at, policy.zone)
    if not policy.digests.groups or not may_push(work) or not policy.calendar.is_workday(day) or work.at < hour:
        return 0
    waiting = [group for group in groups.groups_in(work.tx, GroupState.REGISTERED) if _is_waiting(group, hour)]
    overdue = settled_overdue(work, polls=polls) if waiting else None
    if overdue is None:
        return 0
    return sum(_send(work, group, Seen(group.digest_at, group.changed_at, overdue)) for group in waiting)


def _is_waiting(group: KnownGroup, hour: datetime) -> bool:
    return group.changed_at < hour and (group.digest_at is None or group.digest_at < hour)


def _send(work: Work, group: KnownGroup, seen: Seen) -> bool:
    facts = facts_for_group(work, seen, group.digest)
    groups.note_digest(work.tx, group.id, facts, at=work.at)
    if facts is not None:
        say(
            work,
            Recipient(group.chat_id),
            Kind.GROUP_DIGEST,
            priority=outbox.DIGEST,
            office=work.policy.office,
            day=today(work).isoformat(),
            sections=facts,
        )
    return facts is not None
