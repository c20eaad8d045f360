"""Who is reminded of what is owed, and who is told of what is overdue (催办、升级): each step once, one message a person."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from office.absences import deserted_units
from office.assigning import may_push, today
from office.drafting import button_label, is_blocked, lacks_attestation, shown_task
from office.draining import drained_until, units_held_back
from office.plans import PlanReminder, note_reminded, plan_reminders, tell_of_plans
from office.saying import Action, Kind, Recipient, say
from office.work import Work
from rules.ladder import Rung, is_escalation, latest_passed, position
from rules.periods import days_overdue, due_on
from storage import ledger, nudges, outbox, people, reports, requests
from storage.ledger import Due
from storage.people import Holder
from storage.states import Reach, Role

AHEAD = timedelta(days=45)  # no ladder reaches further before a due date
BEHIND = timedelta(days=30)  # what lies further back is in the digests and in /overdue
MOST_BUTTONS = 6  # under one reminder: past this, numbers are quicker than scrolling
STALE = timedelta(days=14)  # a step missed for longer than this is not made up for


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder that one obligation has reached."""

    due: Due
    rung: Rung
    moment: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """How many nudges were made: reminders before the due instant, escalations after it."""

    reminders: int
    escalations: int


@dataclass(frozen=True)
class Known:
    """What is looked up once for a whole round."""

    announced: dict[tuple[int, int], datetime]
    drafted: dict[int, int]
    holders: list[Holder]
    told: set[tuple[int, datetime, str, int]]
    delivered: set[tuple[int, datetime]]
    held_back: set[int]
    requested: set[int]  # obligations with a request for a later due date, made in time and not decided
    extended: dict[int, datetime]
    away: set[int]
    deserted: Collection[int]  # units all of whose liaisons are away


def plan_nudges(work: Work, *, polls: bool) -> Planned:
    """Remind and escalate as of this instant: for each obligation the latest step passed, never one twice.

    Nothing goes out in quiet hours or on a day off; escalations wait until no reply can still be on its way.
    """
    if not may_push(work) or not work.policy.calendar.is_workday(today(work)):
        return Planned(0, 0)
    known = _look_up(work)
    drained = drained_until(work, polls=polls)
    by_person: dict[int, list[tuple[Holder, Step]]] = {}
    for step in _steps(work):
        if is_escalation(step.rung) and drained < step.due.due_at:
            continue
        for holder in _recipients(work, step, known):
            by_person.setdefault(holder.person_id, []).append((holder, step))
    plans = plan_reminders(work)
    for person_id, told in by_person.items():
        _tell(work, told, known.drafted, plans.get(person_id))
    for person_id in plans.keys() - by_person.keys():
        tell_of_plans(work, plans[person_id])
    steps = [step for told in by_person.values() for _, step in told]
    escalations = sum(is_escalation(step.rung) for step in steps)
    return Planned(len(steps) - escalations + sum(len(each.slots) for each in plans.values()), escalations)


def _look_up(work: Work) -> Known:
    past = nudges.past_nudges(work.tx, due_from=work.at - BEHIND)
    return Known(
        announced=ledger.announced(work.tx, until=work.at),
        drafted=reports.drafted(work.tx, until=work.at),
        holders=people.holders(work.tx, Role.LIAISON, Role.HEAD, Role.LEADER),
        told={(nudge.obligation_id, nudge.due_at, nudge.rung, nudge.person_id) for nudge in past},
        delivered={(nudge.obligation_id, nudge.due_at) for nudge in past if nudge.delivered},
        held_back=units_held_back(work),
        requested={asked.obligation_id for asked in requests.waiting_extensions(work.tx) if not asked.is_late},
        extended=requests.extended(work.tx),
        away={absence.person_id for absence in requests.away_on(work.tx, today(work))},
        deserted=deserted_units(work),
    )


def _steps(work: Work) -> Iterator[Step]:
    policy = work.policy
    reached: dict[datetime, tuple[Rung, datetime] | None] = {}
    for due in ledger.all_owed(work.tx, due_from=work.at - BEHIND, due_until=work.at + AHEAD):
        if due.due_at not in reached:
            day = due_on(due.due_at, policy.zone)
            reached[due.due_at] = latest_passed(day, policy.ladder, work.at, policy.calendar, policy.zone)
        found = reached[due.due_at]
        if found is None or work.at - found[1] > STALE:
            continue
        if is_escalation(found[0]) or work.at < due.due_at:  # once the day is over, a reminder of it is pointless
            yield Step(due, *found)


def _recipients(work: Work, step: Step, known: Known) -> Iterator[Holder]:
    due, rung = step.due, step.rung
    announced = known.announced.get((due.task_id, due.unit_id))
    if announced is None or announced >= step.moment:
        return  # a unit that was not told of its task before this step is not chased for it
    extended = known.extended.get(due.obligation_id)
    if extended is not None and extended >= step.moment:
        return  # a step that the new due date would have had before it was given
    if is_escalation(rung) and due.obligation_id in known.requested:
        return  # nobody is called late while the office owes the answer
    if due.obligation_id in known.drafted and rung.days < 0:
        return  # a draft stops the reminders but for one on the due day; one left lying after it stops nothing
    chats = {holder.telegram_id for holder in _liaisons(due, known)}
    if is_escalation(rung) and chats & known.held_back:
        return
    for holder in known.holders:
        if not _is_meant(holder, step, known) or holder.since >= step.moment or holder.reach != Reach.YES:
            continue
        steps = (rung.key, desk_rung(today(work)))  # who was reminded by the office today is not reminded again
        if not any((due.obligation_id, due.due_at, name, holder.person_id) in known.told for name in steps):
            yield holder


def _is_meant(holder: Holder, step: Step, known: Known) -> bool:
    due = step.due
    if holder.role not in step.rung.to:
        return False
    if holder.role == Role.LIAISON:
        return holder.unit_id == due.unit_id and holder.person_id not in known.away
    if holder.role == Role.HEAD and due.unit_id in known.deserted:
        return holder.unit_id == due.unit_id  # was told that nobody stands in
    if (due.obligation_id, due.due_at) not in known.delivered:
        return False  # nobody above is told of a silence before the liaison was reminded in fact
    return holder.unit_id == due.unit_id if holder.role == Role.HEAD else holder.leader_name in due.leaders


def desk_rung(day: date) -> str:
    """Name the step of a reminder that a supervisor has sent on a day."""
    return f"desk-{day.isoformat()}"


def _liaisons(due: Due, known: Known) -> list[Holder]:
    return [holder for holder in known.holders if holder.role == Role.LIAISON and holder.unit_id == due.unit_id]


def _tell(
    work: Work, told: Sequence[tuple[Holder, Step]], drafted: Mapping[int, int], plans: PlanReminder | None
) -> None:
    """Send one person one message on everything this round found, worst first, plans last."""
    holder = told[0][0]
    ordered = sorted(told, key=lambda pair: (pair[1].due.due_at, pair[1].due.unit_id, pair[1].due.no))
    first = ordered[0][1]
    message = say(
        work,
        Recipient(holder.telegram_id, holder.person_id),
        Kind.NUDGE,
        buttons=answer_buttons([step.due for who, step in ordered if who.role == Role.LIAISON]),
        priority=outbox.REMINDER,
        position=_position(work, ordered),
        as_liaison=any(who.role == Role.LIAISON for who, _ in ordered),
        days=days_overdue(first.due.due_at, work.at, work.policy.zone),
        tasks=[{**_shown(work, who, step), **draft_of(work, step.due, drafted)} for who, step in ordered],
        plans=plans.shown if plans is not None else [],
    )
    if plans is not None:
        note_reminded(work, plans, message)
    rows = {(step.due.obligation_id, step.due.due_at, step.rung.key, holder.person_id) for _, step in told}
    nudges.add_nudges(work.tx, sorted(rows), outbox_id=message, at=work.at)


def _shown(work: Work, holder: Holder, step: Step) -> dict[str, Any]:
    return shown_due(work, step.due, role=holder.role, rung=step.rung.key)


def draft_of(work: Work, due: Due, drafted: Mapping[int, int]) -> dict[str, Any]:
    """Tell whether a draft lies there, and what it lacks to be submitted by itself."""
    draft = reports.report(work.tx, drafted[due.obligation_id]) if due.obligation_id in drafted else None
    if draft is None:
        return {"drafted": False, "lacks": None}
    lacks = "text" if is_blocked(draft) else "attestation" if lacks_attestation(draft, due) else None
    return {"drafted": True, "lacks": lacks}


def _position(work: Work, told: Sequence[tuple[Holder, Step]]) -> list[int] | None:
    """Give which reminder of how many this is, where all that is told is at the same step before its due instant."""
    rungs = {step.rung for _, step in told}
    if len(rungs) != 1 or is_escalation(next(iter(rungs))):
        return None
    return list(position(next(iter(rungs)), work.policy.ladder))


def shown_due(work: Work, due: Due, *, role: str, rung: str) -> dict[str, Any]:
    """Give what a reminder says of an obligation."""
    return {
        **shown_task(due),
        "role": role,
        "rung": rung,
        "days": days_overdue(due.due_at, work.at, work.policy.zone),
        "days_left": (due_on(due.due_at, work.policy.zone) - today(work)).days,
        "state": due.state,
    }


def answer_buttons(dues: Sequence[Due]) -> list[list[Action]]:
    """Give the buttons under a reminder: to report on what it names, or to ask for a later date."""
    if len(dues) == 1:
        named = {"obligation": dues[0].obligation_id}
        return [[{"do": "report_on", **named}, {"do": "extend", **named}]]
    rows: list[list[Action]] = [
        [{"do": "report_on", "obligation": due.obligation_id, **button_label(due, dues)}] for due in dues
    ]
    extend: list[list[Action]] = [[{"do": "extend"}]] if dues else []
    return (rows if len(dues) <= MOST_BUTTONS else []) + extend
