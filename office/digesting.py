"""Supervisors get one digest on a working day when there is something to say (摘要)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from office.absences import deserted_units
from office.assigning import may_push, today
from office.completing import shown_completion
from office.draining import drained_until
from office.forgetting import waiting_requests
from office.groups import changed_groups
from office.listing import OverdueUnit, everything_overdue, liaisons_by_unit, overdue_units, units_without_bot
from office.plans import missing_plans
from office.registrations import missing, shown_missing
from office.saying import Kind, Recipient, say
from office.signing import unsigned_by_unit
from office.work import Work
from rules.periods import due_on
from storage import corrections, ledger, nudges, outbox, overdue, people, reports, requests
from storage.people import Holder
from storage.requests import AskedCompletion, AskedExtension
from storage.states import Reach, Role

DAILY = "daily"
UNITS_SHOWN = 15  # more are summed up; /overdue lists them all
SOON_DAYS = 10


def send_digests(work: Work, *, polls: bool) -> int:
    """Send each supervisor the day's digest, once, from its hour on; gives how many were made."""
    policy = work.policy
    day = today(work)
    if not policy.digests.daily or not may_push(work) or not policy.calendar.is_workday(day):
        return 0
    if work.at.astimezone(policy.zone).time() < policy.digests.at:
        return 0
    waiting = [holder for holder in people.holders(work.tx, Role.SUPERVISOR) if _is_waiting(work, holder)]
    found = settled_overdue(work, polls=polls) if waiting else None
    return sum(_send(work, holder, found) for holder in waiting) if found is not None else 0


def _send(work: Work, holder: Holder, found: list[OverdueUnit]) -> int:
    seen = Seen(nudges.last_digest_at(work.tx, DAILY, holder.person_id), holder.since, found)
    facts = {section.name: found for section in SECTIONS if (found := section.look(work, seen))}
    day = today(work).isoformat()
    before = nudges.last_digest_content(work.tx, DAILY, holder.person_id)
    digest = nudges.add_digest(work.tx, kind=DAILY, person_id=holder.person_id, slot=day, at=work.at)
    if not _has_something(work, facts, before):
        return 0  # looked at for this day: nothing to say
    message = say(
        work,
        Recipient(holder.telegram_id, holder.person_id),
        Kind.DIGEST,
        priority=outbox.DIGEST,
        office=work.policy.office,
        day=day,
        sections=facts,
    )
    nudges.set_digest_message(work.tx, digest, message)
    return 1


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


def _is_waiting(work: Work, holder: Holder) -> bool:
    day = today(work)
    hour = datetime.combine(day, work.policy.digests.at, work.policy.zone)
    has_had = nudges.has_digest(work.tx, DAILY, holder.person_id, day.isoformat())
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
    """Tell of the next due date within some days, and how much is still owed for it."""
    upcoming = [due for due in ledger.all_owed(work.tx, due_from=work.at) if _days_left(work, due.due_at) <= SOON_DAYS]
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
    """List the units that owe something and whose messages reach nobody: they are not silent, but unreached.

    Units without a liaison are told of elsewhere, but for groups: they can have none until they are expanded.
    """
    contacts = liaisons_by_unit(work)
    groups = {unit.id for unit in ledger.units(work.tx) if unit.is_group}
    owing = {due.unit_id: due.unit_name for due in ledger.all_owed(work.tx) if due.period}
    found = []
    for unit_id, name in owing.items():
        liaisons = contacts.get(unit_id, [])
        if liaisons and all(holder.reach != Reach.YES for holder in liaisons):
            found.append({"unit": name, "why": liaisons[0].reach})
        elif not liaisons and unit_id in groups:
            found.append({"unit": name, "why": "group"})
    return found


def _missing(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return [shown_missing(unit) for unit in missing(work)]


def _to_phone(work: Work, _seen: Seen) -> list[str]:
    """List the units that do not use the bot, have no liaison on it, and owe something now or soon."""
    contacts, without_bot = liaisons_by_unit(work), units_without_bot(work)
    soon = [due for due in ledger.all_owed(work.tx) if _days_left(work, due.due_at) <= SOON_DAYS]
    silent = {due.unit_id: due.unit_name for due in soon if due.unit_id in without_bot and due.unit_id not in contacts}
    return list(silent.values())


def _changes(work: Work, seen: Seen) -> list[dict[str, Any]]:
    """List the liaisons who handed over or left since the last digest, or since its reader is a supervisor."""
    ended = people.ended_liaisons(work.tx, since=seen.since or seen.reader_since, until=work.at)
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


def _deletions(work: Work, _seen: Seen) -> list[dict[str, Any]]:
    return waiting_requests(work)


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


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the digest: its facts, or nothing to say.

    A part that is news is worth a message by itself; of one that has a `standing`, a change of that is.
    """

    name: str
    look: Callable[[Work, Seen], Any]
    is_news: bool = False
    standing: Callable[[Any], Any] | None = None


SECTIONS = (  # in the order they are read; each has its words in bot.wording.pushing
    Section("new", _new, is_news=True),
    Section("overdue", _overdue, standing=_late_units),
    Section("soon", _due_soon),
    Section("corrections", _corrections, standing=_count),
    Section("unsigned", _unsigned, standing=_unsigned_units),
    Section("extensions", _extensions, standing=_requests),
    Section("completions", _completions, standing=_requests),
    Section("closed_out", _closed_out, is_news=True),
    Section("deserted", _deserted, standing=_units),
    Section("unreachable", _unreachable, standing=_units),
    Section("plans_late", _plans_late, standing=_late_plans),
    Section("plans_soon", _plans_soon),
    Section("missing", _missing, standing=_unregistered),
    Section("no_bot", _to_phone, standing=list),
    Section("changes", _changes, is_news=True),
    Section("deletions", _deletions, standing=len),
    Section("groups", _groups, is_news=True),
    Section("doubtful", _doubtful, is_news=True),
)


def facts_for_group(work: Work, seen: Seen, told: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give what a group's digest says, or None where it is not worth a message after what was `told` last."""
    facts = {section.name: found for section in SECTIONS if (found := section.look(work, seen))}
    return facts if _has_something(work, facts, None if told is None else {"sections": told}) else None


def settled_overdue(work: Work, *, polls: bool) -> list[OverdueUnit] | None:
    """List what is overdue by unit, or None while somebody's reply may still be on its way: look again in a moment."""
    found = overdue_units(work)
    newest = overdue.last_due_at(work.tx, everything_overdue(work)) if found else None
    return None if newest is not None and drained_until(work, polls=polls) < newest else found
