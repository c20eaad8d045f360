"""What is told by itself, not in a digest: a task that is closed out whole, a major matter (重大事项)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from office.apart import for_each
from office.notice.assigning import may_push, today
from office.notice.differences import OWING_ROLES
from office.saying import Kind, Recipient, say
from office.work import Work
from storage import ledger, nudges, outbox, people, requests, summaries
from storage.people import Holder
from storage.states import Reach, Role

BACK = timedelta(days=12)  # the longest days off, and some: what is older was told of in digests
MAJOR = "重大事项"  # a report that begins with it is told of by itself


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell: to the supervisors and whoever leads the task, once each."""

    kind: Kind
    slot: str
    leaders: frozenset[str]
    content: dict[str, Any]
    known_to: int | None = None  # who brought it about
    at: datetime | None = None  # whoever came later is not told


def tell_at_once(work: Work) -> int:
    """Tell supervisors and the leaders concerned of what has happened; gives how many messages."""
    if not may_push(work) or not work.policy.calendar.is_workday(today(work)):
        return 0
    news = [*_done(work), *_major(work)]
    readers = people.holders(work.tx, Role.SUPERVISOR, Role.LEADER) if news else []

    def tell(told: tuple[News, Holder]) -> bool:
        return _tell(work, *told)

    pairs = [(each, holder) for each in news for holder in readers]
    return sum(for_each(work, "tell_at_once", pairs, tell, named=lambda told: f"person:{told[1].person_id}"))


def _tell(work: Work, news: News, holder: Holder) -> bool:
    is_meant = holder.role == Role.SUPERVISOR or holder.leader_name in news.leaders
    is_late = news.at is not None and holder.since > news.at
    if not is_meant or is_late or holder.reach != Reach.YES or holder.person_id == news.known_to:
        return False
    if nudges.has_digest(work.tx, news.kind, holder.person_id, news.slot):
        return False
    digest = nudges.add_digest(work.tx, kind=news.kind, person_id=holder.person_id, slot=news.slot, at=work.at)
    to = Recipient(holder.telegram_id, holder.person_id)
    nudges.set_digest_message(work.tx, digest, say(work, to, news.kind, priority=outbox.DIGEST, **news.content))
    return True


def _done(work: Work) -> Iterator[News]:
    """Give the tasks of which every unit that owes reports was closed out."""
    granted = requests.closed_out_since(work.tx, work.at - BACK, until=work.at)
    closed = requests.closed_out(work.tx) if granted else set()
    for asked in {each.task_id: each for each in granted}.values():
        parts = [part for part in ledger.assigned_tasks(work.tx, [asked.task_id]) if part.role in OWING_ROLES]
        if not parts or any((part.task_id, part.unit_id) not in closed for part in parts):
            continue
        content = {"list": parts[0].list, "no": parts[0].no, "name": parts[0].text[:60]}
        yield News(
            Kind.TASK_DONE,
            str(asked.task_id),
            frozenset(parts[0].leaders),
            {**content, "units": [part.unit_name for part in parts]},
            known_to=asked.decided_by,
            at=asked.decided_at,
        )


def _major(work: Work) -> Iterator[News]:
    """Give the submitted reports that begin with 重大事项."""
    for report in summaries.major_reports(work.tx, MAJOR, since=work.at - BACK):
        due = ledger.obligation(work.tx, report.obligation_id)
        assert due is not None  # noqa: S101  # a report points to its obligation
        content = {"unit": due.unit_name, "no": due.no, "name": due.text[:24], "text": report.text}
        yield News(Kind.MAJOR, str(report.obligation_id), frozenset(due.leaders), content)
