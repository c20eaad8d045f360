"""Whoever reads digests gets one on a working day when there is something to say (摘要): in chat, or by e-mail."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from office.apart import for_each
from office.chasing.draining import drained_until
from office.chasing.inspections import overdue_measures
from office.chasing.outages import missed
from office.chasing.slips import past_limit, proposals, unsigned
from office.looking.listing import OverdueUnit, everything_overdue, overdue_units, units_without_bot
from office.looking.summing_up import WEEK, closed_periods, past_week, promised_lists
from office.notice.assigning import may_push, today
from office.notice.signing import unsigned_by_unit
from office.register.forgetting import waiting_requests
from office.register.groups import changed_groups
from office.register.reaching import SOON_DAYS, unreached
from office.register.registrations import missing, shown_missing
from office.reports.plans import missing_plans
from office.reports.reviewing import held_for_review
from office.requests.absences import deserted_units
from office.requests.completing import shown_completion
from office.saying import Kind, Recipient, say
from office.work import Work
from rules.clock import local
from rules.periods import due_on
from rules.policy import Edition, MailTo
from storage import corrections, inspections, ledger, mails, nudges, outbox, overdue, people, reports, requests
from storage.overdue import Bounds, Filter
from storage.people import Holder
from storage.requests import AskedCompletion, AskedExtension
from storage.states import Reach, Role

DAILY = "daily"
LEADER = "leader"
UNITS_SHOWN = 15  # more are summed up; /overdue lists them all
ONE_DAY = timedelta(days=1)
URGENT_DAYS = 3  # a unit that cannot be reached is named once more when its due day is that near


def send_digests(work: Work, *, polls: bool) -> int:
    """Send whoever is due one the day's digest, once, from its hour on; gives how many were made.

    What the office's people get in chat or by e-mail is one message: what is new today, and on their days the week, the
    periods that closed, the lists whose progress is promised.
    """
    policy = work.policy
    if not may_push(work) or not policy.calendar.is_workday(today(work)):
        return 0
    if work.at.astimezone(policy.zone).time() < policy.digests.at:
        return 0
    readers = _readers(work)
    found = settled_overdue(work, polls=polls) if readers else None
    if found is None:
        return 0

    def send(reader: Reader) -> int:
        return reader.send(work, found)

    return sum(for_each(work, "send_digests", readers, send, named=lambda reader: reader.name))


class Reader(Protocol):
    """Somebody who gets digests."""

    @property
    def name(self) -> str:
        """Name the reader, for what failed."""
        ...

    def is_waiting(self, work: Work) -> bool:
        """Whether the day's digest is still to be made."""
        ...

    def send(self, work: Work, found: list[OverdueUnit]) -> bool:
        """Make the digest, or note that there is nothing to say; tells whether one was made."""
        ...


def _readers(work: Work) -> list[Reader]:
    holders = people.holders(work.tx, Role.SUPERVISOR, Role.LEADER)
    supervisors = [SupervisorReader(each) for each in holders if each.role == Role.SUPERVISOR]
    leaders = [LeaderReader(each) for each in holders if each.role == Role.LEADER and work.policy.digests.leaders]
    readers: list[Reader] = [*supervisors, *leaders, *(MailReader(mail_to) for mail_to in work.policy.mail_to)]
    return [each for each in readers if each.is_waiting(work)]


@dataclass(frozen=True, slots=True)
class SupervisorReader:
    """A supervisor, in chat."""

    holder: Holder

    @property
    def name(self) -> str:
        """Name the reader, for what failed."""
        return f"person:{self.holder.person_id}"

    def is_waiting(self, work: Work) -> bool:
        """Whether the day's digest is still to be made."""
        return _is_waiting(work, self.holder, DAILY)

    def send(self, work: Work, found: list[OverdueUnit]) -> bool:
        """Make the digest of all sections that are due."""
        holder = self.holder
        seen = Seen(nudges.last_digest_at(work.tx, DAILY, holder.person_id), holder.since, found)
        facts = _look(work, seen, editions_due(work, seen.last))
        before = nudges.last_digest_content(work.tx, DAILY, holder.person_id)
        digest = nudges.add_digest(
            work.tx, kind=DAILY, person_id=holder.person_id, slot=today(work).isoformat(), at=work.at
        )
        if not _has_something(work, facts, before):
            return False  # looked at for this day: nothing to say
        _say(work, holder, digest, Kind.DIGEST, facts)
        return True


@dataclass(frozen=True, slots=True)
class LeaderReader:
    """A leader, in chat: their own tasks only, once a week, and what is a week old: escalations speak of it first."""

    holder: Holder

    @property
    def name(self) -> str:
        """Name the reader, for what failed."""
        return f"person:{self.holder.person_id}"

    def is_waiting(self, work: Work) -> bool:
        """Whether the day's digest is still to be made."""
        return _is_waiting(work, self.holder, LEADER) and Edition.WEEKLY in editions_due(work, self._last(work))

    def _last(self, work: Work) -> datetime:
        return nudges.last_digest_at(work.tx, LEADER, self.holder.person_id) or self.holder.since

    def send(self, work: Work, found: list[OverdueUnit]) -> bool:
        """Make the digest of what the leader leads, where something of it is overdue or has closed."""
        holder = self.holder
        last, slot = self._last(work), today(work).isoformat()
        led = Filter(until=work.at - WEEK, within=Bounds(leaders=(holder.leader_name or "",)))
        old = overdue_units(work, led)
        late = _overdue(work, Seen(last, holder.since, old))
        closed = closed_periods(work, since=last - WEEK, until=work.at - WEEK, leader=holder.leader_name)
        facts = {name: found for name, found in (("closed", closed), ("overdue", late)) if found}
        digest = nudges.add_digest(work.tx, kind=LEADER, person_id=holder.person_id, slot=slot, at=work.at)
        if facts:
            _say(work, holder, digest, Kind.LEADER_DIGEST, facts)
        return bool(facts)


@dataclass(frozen=True, slots=True)
class MailReader:
    """An address that gets digests by e-mail."""

    to: MailTo

    @property
    def name(self) -> str:
        """Name the reader, for what failed."""
        return f"mail:{self.to.address}"

    def is_waiting(self, work: Work) -> bool:
        """Whether the day's mail is still to be made."""
        return not mails.is_made(work.tx, self.to.address, today(work).isoformat())

    def send(self, work: Work, found: list[OverdueUnit]) -> bool:
        """Make the mail of the sections that were asked for."""
        last = mails.last_at(work.tx, self.to.address)
        seen = Seen(last, work.at - ONE_DAY, found)
        facts = _look(work, seen, editions_due(work, seen.last) & self.to.digests)
        before = mails.last_content(work.tx, self.to.address)
        content = {"office": work.policy.office, "day": today(work).isoformat(), "sections": facts}
        has_something = _has_something(work, facts, before)
        slot = today(work).isoformat()
        mails.add(work.tx, self.to.address, slot, content, at=work.at, is_empty=not has_something)
        return has_something


def editions_due(work: Work, last: datetime) -> set[Edition]:
    """Give what a digest made now holds, for a reader whose last one was then."""
    digests, day = work.policy.digests, today(work)
    monday = day - timedelta(days=day.weekday())
    chosen = [monday + timedelta(days=digests.weekday - 1 - back) for back in (0, 7)]
    weekly = [each if work.policy.calendar.is_workday(each) else work.policy.calendar.shift(each, 1) for each in chosen]
    is_week = any(local(last, work.policy.zone).date() < each <= day for each in weekly)
    wanted = {
        Edition.DAILY: digests.daily,
        Edition.WEEKLY: digests.weekly and is_week,
        Edition.PERIOD_CLOSE: digests.period_close,
        Edition.PROMISED: digests.promised,
    }
    return {edition for edition, is_wanted in wanted.items() if is_wanted}


def _look(work: Work, seen: Seen, editions: Collection[Edition]) -> dict[str, Any]:
    return {
        section.name: found
        for section in SECTIONS
        if section.edition in editions and (found := section.look(work, seen))
    }


def _say(work: Work, holder: Holder, digest: int, kind: Kind, facts: dict[str, Any]) -> None:
    hour = datetime.combine(today(work), work.policy.digests.at, work.policy.zone)
    message = say(
        work,
        Recipient(holder.telegram_id, holder.person_id),
        kind,
        priority=outbox.DIGEST,
        office=work.policy.office,
        day=today(work).isoformat(),
        late=hour.isoformat() if missed(work, hour) else None,
        sections=facts,
    )
    nudges.set_digest_message(work.tx, digest, message)


def _has_something(work: Work, facts: dict[str, Any], before: dict[str, Any] | None) -> bool:
    """Whether a digest is worth a message: something new, or what stands as it stood on the week's first working day."""
    if any(section.is_news and section.name in facts for section in SECTIONS):
        return True
    standing = _standing(facts)
    return bool(standing) and (
        before is None or standing != _standing(before.get("sections", {})) or _begins_week(work)
    )


def _standing(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        section.name: section.standing(facts[section.name])
        for section in SECTIONS
        if section.standing and section.name in facts
    }


def _begins_week(work: Work) -> bool:
    """Whether this is the first working day since a Sunday."""
    day = today(work)
    return work.policy.calendar.shift(day, -1).isocalendar().week != day.isocalendar().week


def _is_waiting(work: Work, holder: Holder, kind: str) -> bool:
    day = today(work)
    hour = datetime.combine(day, work.policy.digests.at, work.policy.zone)
    has_had = nudges.has_digest(work.tx, kind, holder.person_id, day.isoformat())
    return holder.reach == Reach.YES and holder.since < hour and not has_had


def _new(work: Work, seen: Seen) -> int:
    return reports.submitted_since(work.tx, seen.since, until=work.at)


def _overdue(_work: Work, seen: Seen) -> dict[str, Any] | None:
    shown = [
        {
            "unit": unit.unit,
            "count": unit.count,
            "days": unit.days,
            "reachable": unit.reachable,
            "uses_bot": unit.uses_bot,
        }
        for unit in seen.overdue[:UNITS_SHOWN]
    ]
    total = sum(unit.count for unit in seen.overdue)
    return {"count": total, "units": len(seen.overdue), "groups": shown} if total else None


def _late_units(overdue: dict[str, Any]) -> Any:
    """What of the overdue counts as changed: days pass by themselves."""
    return overdue["count"], [(group["unit"], group["count"]) for group in overdue["groups"]]


def _due_soon(work: Work, _seen: Seen) -> dict[str, Any] | None:
    """Tell of the next due date after today within some days, and how much is still owed for it."""
    owed = ledger.all_owed(work.tx, due_from=work.at, due_until=work.at + timedelta(days=SOON_DAYS + 2))
    upcoming = [due for due in owed if 0 < _days_left(work, due.due_at) <= SOON_DAYS]
    if not upcoming:
        return None
    first = [due for due in upcoming if due.due_at == upcoming[0].due_at]
    return {
        "due_at": first[0].due_at.isoformat(),
        "days": _days_left(work, first[0].due_at),
        "owed": len(first),
        "units": len({due.unit_id for due in first}),
    }


def _days_left(work: Work, due_at: datetime) -> int:
    return (due_on(due_at, work.policy.zone) - today(work)).days


def _unreachable(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    """List the units that owe something and hear nothing, with the days left: they are not silent, but unreached."""
    return [
        {"unit": each.unit, "why": each.why, "days_left": each.days_left, "owed": each.owed} for each in unreached(work)
    ]


def _missing(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    """List the units without a liaison but those that cannot be reached and owe something soon."""
    said = {each.unit for each in unreached(work)}
    return [shown_missing(unit) for unit in missing(work) if unit.unit not in said]


def _to_phone(work: Work, _seen: Seen) -> list[str]:
    """List the units that do not use the bot, have no liaison on it, and owe something now or soon."""
    without_bot = units_without_bot(work)
    silent = without_bot - {holder.unit_id for holder in people.holders(work.tx, Role.LIAISON, units=without_bot)}
    owed = ledger.owed_within(work.tx, silent, due_until=work.at + timedelta(days=SOON_DAYS + 2))
    soon = [due for due in owed if _days_left(work, due.due_at) <= SOON_DAYS]
    return list({due.unit_id: due.unit_name for due in soon}.values())


def _changes(work: Work, seen: Seen) -> list[dict[str, Any]]:
    """List the liaisons who handed over or left since the last digest, or since its reader is a supervisor."""
    ended = people.ended_liaisons(work.tx, since=seen.last, until=work.at)
    return [{"unit": change.unit, "name": change.name, "successor": change.successor} for change in ended]


def _plans_late(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return missing_plans(work, late=True)


def _plans_soon(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return missing_plans(work, late=False)


def _late_plans(found: list[dict[str, Any]]) -> Any:
    """What of the plans past their date counts as changed: days pass by themselves."""
    return [(each["due_at"], each["count"], each["names"]) for each in found]


def _doubtful(work: Work, seen: Seen) -> dict[str, int]:
    """Count what went wrong since the last digest: messages of doubtful delivery, undeliverable ones, updates set aside."""
    return {state: count for state, count in nudges.doubtful_since(work.tx, seen.since).items() if count}


def _corrections(work: Work, _seen: Seen) -> dict[str, Any] | None:
    """Tell how many corrections wait for a decision, and since when."""
    asked = corrections.waiting(work.tx)
    return {"count": len(asked), "since": asked[0].asked_at.isoformat()} if asked else None


def _reviews(work: Work, _seen: Seen) -> dict[str, Any] | None:
    """Tell how many reports wait for a decision that their notice asks for, and since when."""
    found = held_for_review(work)
    return {"count": len(found), "since": found[0].submitted_at.isoformat()} if found else None


def _count(found: dict[str, Any]) -> Any:
    return found["count"]


def _unsigned(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return unsigned_by_unit(work)


def _unsigned_units(found: list[dict[str, Any]]) -> Any:
    return [(unit["unit"], unit["count"]) for unit in found]


def _extensions(work: Work, _seen: Seen) -> dict[str, Any] | None:
    return _waiting(requests.waiting_extensions(work.tx))


def _completions(work: Work, _seen: Seen) -> dict[str, Any] | None:
    return _waiting(requests.waiting_completions(work.tx))


def _waiting(asked: Sequence[AskedExtension] | Sequence[AskedCompletion]) -> dict[str, Any] | None:
    if not asked:
        return None
    return {"ids": [each.id for each in asked], "oldest": asked[0].asked_at.isoformat()}


def _requests(waiting: dict[str, Any]) -> Any:
    return waiting["ids"]


def _closed_out(work: Work, seen: Seen) -> list[dict[str, Any]]:
    """List what was closed out since the last digest, each unit's part in a task by name."""
    found = requests.closed_out_since(work.tx, seen.since, until=work.at)
    return [shown_completion(work, asked.id)["tasks"][0] for asked in found]


def _deserted(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    """List the units that owe something, all of whose liaisons are away, with no head to be told."""
    heads = {holder.unit_id for holder in people.holders(work.tx, Role.HEAD) if holder.reach == Reach.YES}
    alone = {unit_id: back for unit_id, back in deserted_units(work).items() if unit_id not in heads}
    names = {due.unit_id: due.unit_name for due in ledger.owed_by(work.tx, list(alone), today=today(work))}
    return [{"unit": names[unit_id], "back": back.isoformat()} for unit_id, back in alone.items() if unit_id in names]


def _closed(work: Work, seen: Seen) -> list[dict[str, Any]]:
    return closed_periods(work, since=seen.last, until=work.at)


def _week(work: Work, _seen: Seen) -> dict[str, Any] | None:
    return past_week(work)


def _promised(work: Work, seen: Seen) -> list[dict[str, Any]]:
    return promised_lists(work, since=seen.last)


def _today(work: Work, _seen: Seen) -> dict[str, Any] | None:
    """Tell what happens today: what is due by midnight, how many extensions end with it."""
    midnight = datetime.combine(today(work) + ONE_DAY, time(), work.policy.zone)
    due = [each for each in ledger.all_owed(work.tx, due_from=work.at, due_until=midnight) if each.due_at == midnight]
    if not due:
        return None
    extended = sum(each.due_set_at is not None for each in due)
    return {"owed": len(due), "units": len({each.unit_id for each in due}), "extended": extended}


def _mail(work: Work, seen: Seen) -> list[dict[str, Any]]:
    """List the addresses whose digest did not go out since the last one, or still waits, with the reason."""
    return [
        {"address": each.address, "state": each.state, "reason": each.reason or ""}
        for each in mails.troubled(work.tx, since=seen.since, until=work.at)
    ]


def _unreached_units(found: list[dict[str, Any]]) -> Any:
    return [(unit["unit"], unit["days_left"] <= URGENT_DAYS) for unit in sorted(found, key=lambda unit: unit["unit"])]


def _deletions(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return waiting_requests(work)


def _slips_proposed(work: Work, _seen: Seen) -> dict[str, Any] | None:
    return proposals(work)


def _slips_named(found: dict[str, Any]) -> Any:
    return found["count"], _slip_ids(found["slips"])


def _slips_unsigned(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return unsigned(work)


def _slips_past(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return past_limit(work)


def _slip_ids(found: list[dict[str, Any]]) -> Any:
    return [(slip["slip"], slip["unsigned"]) for slip in found]


def _measures(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    """List what units should have put right after inspections by now."""
    return [
        {"measure": m.measure.id, "unit": m.measure.unit_name, "days": m.days}
        for m in overdue_measures(work, everything_overdue(work))
    ]


def _late_measures(found: list[dict[str, Any]]) -> Any:
    return [each["measure"] for each in found]


def _measures_answered(work: Work, _seen: Seen) -> list[int]:
    return [answer.measure_id for answer in inspections.waiting_answers(work.tx)]


def _groups(work: Work, seen: Seen) -> dict[str, Any] | None:
    return changed_groups(work, since=seen.since or seen.reader_since)


def _units(found: list[dict[str, Any]]) -> Any:
    return [unit["unit"] for unit in found]


def _unregistered(found: list[dict[str, Any]]) -> Any:
    return [(unit["unit"], (unit["days_left"] or 0) < 0) for unit in found]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a supervisor's digest is made from: when the last one was, and what is overdue now, by unit."""

    since: datetime | None
    reader_since: datetime
    overdue: list[OverdueUnit]

    @property
    def last(self) -> datetime:
        """Give when its reader last had one, or began to read."""
        return self.since or self.reader_since


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the digest: its facts, or nothing to say.

    A part that is news is worth a message by itself; of one that has a `standing`, a change of that is.
    """

    name: str
    look: Callable[[Work, Seen], Any]
    is_news: bool = False
    standing: Callable[[Any], Any] | None = None
    edition: Edition = Edition.DAILY


SECTIONS = (  # in the order they are read; each has its words in bot.wording.pushing
    Section("closed", _closed, is_news=True, edition=Edition.PERIOD_CLOSE),
    Section("week", _week, is_news=True, edition=Edition.WEEKLY),
    Section("promised", _promised, is_news=True, edition=Edition.PROMISED),
    Section("today", _today, is_news=True),
    Section("new", _new, is_news=True),
    Section("overdue", _overdue, standing=_late_units),
    Section("soon", _due_soon),
    Section("reviews", _reviews, standing=_count),
    Section("corrections", _corrections, standing=_count),
    Section("unsigned", _unsigned, standing=_unsigned_units),
    Section("extensions", _extensions, standing=_requests),
    Section("completions", _completions, standing=_requests),
    Section("closed_out", _closed_out, is_news=True),
    Section("slips_proposed", _slips_proposed, standing=_slips_named),
    Section("slips_unsigned", _slips_unsigned, standing=_slip_ids),
    Section("slips_past", _slips_past, standing=_slip_ids),
    Section("measures", _measures, standing=_late_measures),
    Section("measures_answered", _measures_answered, standing=len),
    Section("deserted", _deserted, standing=_units),
    Section("unreachable", _unreachable, standing=_unreached_units),
    Section("plans_late", _plans_late, standing=_late_plans),
    Section("plans_soon", _plans_soon),
    Section("missing", _missing, standing=_unregistered),
    Section("no_bot", _to_phone, standing=list),
    Section("changes", _changes, is_news=True),
    Section("deletions", _deletions, standing=len),
    Section("groups", _groups, is_news=True),
    Section("doubtful", _doubtful, is_news=True),
    Section("mail", _mail, is_news=True),
)


def facts_for_group(work: Work, seen: Seen, told: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give what a group's digest says, or None where it is not worth a message after what was `told` last."""
    facts = _look(work, seen, editions_due(work, seen.last))
    return facts if _has_something(work, facts, None if told is None else {"sections": told}) else None


def settled_overdue(work: Work, *, polls: bool) -> list[OverdueUnit] | None:
    """List what is overdue by unit, or None while somebody's reply may still be on its way: look again in a moment."""
    found = overdue_units(work)
    newest = overdue.last_due_at(work.tx, everything_overdue(work)) if found else None
    return None if newest is not None and drained_until(work, polls=polls) < newest else found
