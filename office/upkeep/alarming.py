"""Administrators are told what is wrong with the service itself (告警): each thing once a day."""

from typing import Any

from office.saying import Kind, Recipient, say
from office.work import Work
from rules.clock import local
from storage import nudges, outbox, people
from storage.states import Reach, Role


def alarm(work: Work, what: str, *, about: str = "", **facts: Any) -> int:
    """Tell every administrator who can be reached, once a day for each thing and what it is about; gives how many.

    In quiet hours the message waits for their end; the log and `/healthz` do not.
    """
    kind, slot = f"alarm:{what}:{about}", local(work.at, work.policy.zone).date().isoformat()
    told = 0
    for holder in people.holders(work.tx, Role.ADMIN):
        if holder.reach != Reach.YES or nudges.has_digest(work.tx, kind, holder.person_id, slot):
            continue
        digest = nudges.add_digest(work.tx, kind=kind, person_id=holder.person_id, slot=slot, at=work.at)
        to = Recipient(holder.telegram_id, holder.person_id)
        content = {"what": what, "about": about, "at": work.at.isoformat(), **facts}
        message = say(work, to, Kind.ALARM, priority=outbox.REMINDER, **content)
        nudges.set_digest_message(work.tx, digest, message)
        until = work.policy.quiet_hours.over_at(work.at, work.policy.zone)
        if until > work.at:
            outbox.let_wait(work.tx, message, until=until)
        told += 1
    return told
