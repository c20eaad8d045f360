"""Who is reminded of what is owed, and who is told of what is overdue (催办、升级): each step once, one message a person."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

from office.apart import for_each, look_at
from office.chasing.budget import room_for
from office.chasing.draining import drained_until, units_held_back
from office.chasing.outages import Outage, last_outage
from office.notice.assigning import may_push, pushable_from, today
from office.reports.drafting import button_label, is_blocked, lacks_attestation, shown_task
from office.reports.plans import PlanReminder, note_reminded, plan_reminders, tell_of_plans
from office.requests.absences import deserted_units
from office.saying import Action, Kind, Recipient, say
from office.work import Work
from rules.ladder import Rung, is_escalation, latest_passed, position, stage
from rules.periods import days_overdue, due_on
from storage import ledger, nudges, outbox, people, reports, requests
from storage.ledger import Due
from storage.people import Holder
from storage.states import OWED, ObligationState, Reach, Role

PLAN_NUDGES = "plan_nudges"  # the tick, as failures name it
AHEAD = timedelta(days=45)  # no ladder reaches further before a due date
BEHIND = timedelta(days=30)  # what lies further back is in the digests and in /overdue
MOST_BUTTONS = 6  # under one reminder: past this, numbers are quicker than scrolling
STAGES = ("later", "late", "due", "last", "next", "first")  # the worst first
STALE = timedelta(days=14)  # a step missed for longer than this is not made up for


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the ladder that one obligation has reached."""

    due: Due
    rung: Rung
    moment: datetime
    is_stale: bool = False  # missed for so long that it is not made up for


@dataclass(frozen=True, slots=True)
class Told:
    """A step, told to a person in one of their roles."""

    holder: Holder
    step: Step


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
    of_unit: dict[int, list[Holder]]  # who serves a unit
    office: list[Holder]
    liaison_as: dict[int, list[Holder]]  # by person
    told: set[tuple[int, datetime, str, int]]
    delivered: set[tuple[int, datetime]]
    held_back: set[int]
    requested: set[int]  # obligations with a request for a later due date, made in time and not decided
    away: set[int]
    deserted: Collection[int]  # units all of whose liaisons are away
    outage: Outage | None


def plan_nudges(work: Work, *, polls: bool) -> Planned:
    """Remind and escalate as of this instant: for each obligation the latest step passed, never one twice.

    Nothing goes out in quiet hours or on a day off; escalations wait until no reply can still be on its way. Who had as
    many messages as the office allows until the next due day gets none: what is owed stands in the next one.
    """
    if not may_push(work) or not work.policy.calendar.is_workday(today(work)):
        return Planned(0, 0)
    drained = drained_until(work, polls=polls)
    untold = [each for reached in _reached(work, drained) for each in nudges.untold(work.tx, reached, at=work.at)]
    plans = plan_reminders(work)
    if not untold and not plans:
        return Planned(0, 0)
    holders = _holders_beside(work, {unit_id for _, unit_id in untold})
    steps = [step for step in _steps(work, holders) if not is_escalation(step.rung) or drained >= step.due.due_at]
    known = _look_up(work, steps, holders)
    by_person: dict[int, list[Told]] = {}
    for step, holders in look_at(
        work, PLAN_NUDGES, steps, lambda step: list(_recipients(work, step, known)), named=_named
    ):
        for holder in holders:
            by_person.setdefault(holder.person_id, []).append(Told(holder, step))
    steps_of = _by_unit(steps)
    room = room_for(work, by_person.keys() | plans.keys())

    def tell(told: list[Told]) -> Planned:
        person_id = told[0].holder.person_id
        reminder = plans.get(person_id)
        listed = [*told, *_owed_besides(told, steps_of, known)]
        _tell(work, listed, told, known, reminder, is_last=room[person_id] == 1)
        escalations = sum(is_escalation(each.step.rung) for each in told)
        return Planned(len(told) - escalations + (len(reminder.slots) if reminder else 0), escalations)

    def tell_plans(reminder: PlanReminder) -> Planned:
        tell_of_plans(work, reminder)
        return Planned(len(reminder.slots), 0)

    owing = [told for person_id, told in by_person.items() if room[person_id] > 0]
    alone = [each for person_id, each in plans.items() if room[person_id] > 0 and person_id not in by_person]
    made = for_each(work, PLAN_NUDGES, owing, tell, named=lambda told: f"person:{told[0].holder.person_id}")
    made += for_each(work, PLAN_NUDGES, alone, tell_plans, named=lambda each: f"person:{each.holder.person_id}")
    return Planned(sum(each.reminders for each in made), sum(each.escalations for each in made))


def _reached(work: Work, drained: datetime) -> Iterator[nudges.Step]:
    """Give the steps that are to be told now, with the due instants that have reached them."""
    policy, own = work.policy, tuple(work.policy.notice_ladders)
    for due_at in ledger.due_instants(work.tx, due_from=work.at - BEHIND, due_until=work.at + AHEAD):
        for notice_id, state in product((None, *own), OWED):
            ladder = policy.ladder_for(notice_id, is_returned=state == ObligationState.RETURNED)
            found = _latest(work, due_at, ladder)
            if found is None or work.at - found[1] > STALE or (is_escalation(found[0]) and drained < due_at):
                continue
            rung, moment = found
            keys = (rung.key, desk_rung(today(work)))  # who was reminded by the office today is not reminded again
            waits = not is_escalation(rung) and rung.days != 0
            yield nudges.Step(due_at, state, notice_id, own, moment, rung.to, keys, waits)


def _latest(work: Work, due_at: datetime, ladder: tuple[Rung, ...]) -> tuple[Rung, datetime] | None:
    """Give the latest step that has passed; a reminder is pointless once the due day is over."""
    policy = work.policy
    found = latest_passed(due_on(due_at, policy.zone), ladder, work.at, policy.calendar, policy.zone)
    return found if found is not None and (is_escalation(found[0]) or work.at < due_at) else None


def _holders_beside(work: Work, units: Collection[int]) -> list[Holder]:
    """List who may be told of what these units owe, and whoever serves a unit beside one of their liaisons."""
    liaisons = {holder.person_id for holder in people.holders(work.tx, Role.LIAISON, units=units)}
    wider = set(units) | people.units_served(work.tx, Role.LIAISON, liaisons)
    return [
        *people.holders(work.tx, Role.LIAISON, Role.HEAD, units=wider),
        *people.holders(work.tx, Role.LEADER, Role.SUPERVISOR),
    ]


def _look_up(work: Work, steps: Sequence[Step], holders: Sequence[Holder]) -> Known:
    past = nudges.past_nudges(work.tx, [step.due.obligation_id for step in steps])
    of_unit: dict[int, list[Holder]] = {}
    liaison_as: dict[int, list[Holder]] = {}
    for holder in holders:
        if holder.unit_id is not None:
            of_unit.setdefault(holder.unit_id, []).append(holder)
        if holder.role == Role.LIAISON:
            liaison_as.setdefault(holder.person_id, []).append(holder)
    return Known(
        announced=ledger.announced(work.tx, units={step.due.unit_id for step in steps}, until=work.at),
        drafted=reports.drafted(work.tx, until=work.at),
        of_unit=of_unit,
        office=[holder for holder in holders if holder.unit_id is None],
        liaison_as=liaison_as,
        told={(nudge.obligation_id, nudge.due_at, nudge.rung, nudge.person_id) for nudge in past},
        delivered={(nudge.obligation_id, nudge.due_at) for nudge in past if nudge.delivered},
        held_back=units_held_back(work),
        requested={asked.obligation_id for asked in requests.waiting_extensions(work.tx) if not asked.is_late},
        away={absence.person_id for absence in requests.away_on(work.tx, today(work))},
        deserted=deserted_units(work),
        outage=last_outage(work),
    )


def _steps(work: Work, holders: Sequence[Holder]) -> Iterator[Step]:
    """Give the latest step that all their units owe has reached, also one missed for so long that it is not made up for."""
    units = {holder.unit_id for holder in holders if holder.unit_id is not None}
    reached: dict[tuple[datetime, tuple[Rung, ...]], tuple[Rung, datetime] | None] = {}
    for due in ledger.owed_within(work.tx, units, due_from=work.at - BEHIND, due_until=work.at + AHEAD):
        ladder = _ladder_of(work, due)
        if (due.due_at, ladder) not in reached:
            reached[due.due_at, ladder] = _latest(work, due.due_at, ladder)
        found = reached[due.due_at, ladder]
        if found is not None:
            yield Step(due, *found, is_stale=work.at - found[1] > STALE)


def _by_unit(steps: Sequence[Step]) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = {}
    for step in steps:
        found.setdefault(step.due.unit_id, []).append(step)
    return found


def _ladder_of(work: Work, due: Due) -> tuple[Rung, ...]:
    return work.policy.ladder_for(due.notice_id, is_returned=due.state == ObligationState.RETURNED)


def _recipients(work: Work, step: Step, known: Known) -> Iterator[Holder]:
    due, rung = step.due, step.rung
    if step.is_stale or not _is_waited_for(step, known):
        return
    if known.announced[due.task_id, due.unit_id] >= step.moment:
        return  # a unit that was not told of its task before this step is not chased for it
    if due.due_set_at is not None and due.due_set_at >= step.moment:
        return  # a step that the due date would have had before it was moved there
    for holder in (*known.of_unit.get(due.unit_id, ()), *known.office):
        if not _is_meant(holder, step, known) or holder.since >= step.moment or holder.reach != Reach.YES:
            continue
        steps = (rung.key, desk_rung(today(work)))  # who was reminded by the office today is not reminded again
        if not any((due.obligation_id, due.due_at, name, holder.person_id) in known.told for name in steps):
            yield holder


def _is_waited_for(step: Step, known: Known) -> bool:
    """Whether somebody may be spoken to about what is owed: nobody is called late while an answer may be on its way."""
    due, rung = step.due, step.rung
    if (due.task_id, due.unit_id) not in known.announced:
        return False
    if is_escalation(rung):
        serving = known.of_unit.get(due.unit_id, ())
        chats = {holder.telegram_id for holder in serving if holder.role == Role.LIAISON}
        return due.obligation_id not in known.requested and not chats & known.held_back
    # a draft stops the reminders but for one on the due day; one left lying after it stops nothing
    return due.obligation_id not in known.drafted or rung.days == 0


def _owed_besides(told: Sequence[Told], steps_of: Mapping[int, Sequence[Step]], known: Known) -> list[Told]:
    """Give what else a liaison who is written to owes and was reminded of: one message lists it all."""
    serving = {each.holder.unit_id: each.holder for each in told if each.holder.role == Role.LIAISON}
    if not serving:
        return []
    for holder in known.liaison_as[told[0].holder.person_id]:
        serving.setdefault(holder.unit_id, holder)
    said = {each.step.due.obligation_id for each in told if each.holder.role == Role.LIAISON}
    return [
        Told(holder, step)
        for unit_id, holder in serving.items()
        for step in steps_of.get(unit_id or 0, ())
        if step.due.obligation_id not in said and _is_waited_for(step, known)
    ]


def _is_meant(holder: Holder, step: Step, known: Known) -> bool:
    due = step.due
    if holder.role not in step.rung.to:
        return False
    if holder.role == Role.LIAISON:
        return holder.unit_id == due.unit_id and holder.person_id not in known.away
    if holder.role == Role.HEAD and due.unit_id in known.deserted:
        return holder.unit_id == due.unit_id  # was told that nobody stands in
    if is_escalation(step.rung) and (due.obligation_id, due.due_at) not in known.delivered:
        return False  # nobody above is told of a silence before the liaison was reminded in fact
    if holder.role == Role.LEADER:
        return holder.leader_name in due.leaders
    return holder.role == Role.SUPERVISOR or holder.unit_id == due.unit_id


def desk_rung(day: date) -> str:
    """Name the step of a reminder that a supervisor has sent on a day."""
    return f"desk-{day.isoformat()}"


def _named(step: Step) -> str:
    return f"obligation:{step.due.obligation_id}"


def _tell(
    work: Work,
    listed: Sequence[Told],
    told: Sequence[Told],
    known: Known,
    plans: PlanReminder | None,
    *,
    is_last: bool,
) -> None:
    """Send one person one message on everything they owe, worst first, plans last; `told` are the steps it stands for.

    `is_last` says that it is the last one until the next due day.
    """
    holder = told[0].holder
    ordered = sorted(listed, key=lambda each: (each.step.due.due_at, each.step.due.unit_id, each.step.due.no))
    own = [each for each in ordered if each.holder.role == Role.LIAISON]
    message = say(
        work,
        Recipient(holder.telegram_id, holder.person_id),
        Kind.NUDGE,
        buttons=answer_buttons([each.step.due for each in own]),
        priority=outbox.REMINDER,
        position=_position(work, told),
        late=_missed_at(work, [each.step for each in told], known.outage),
        stage=_stage(work, [each for each in told if each.holder.role == Role.LIAISON]),
        as_liaison=bool(own),
        is_last=is_last,
        days=days_overdue(ordered[0].step.due.due_at, work.at, work.policy.zone),
        tasks=[
            {**_shown(work, each.holder, each.step), **draft_of(work, each.step.due, known.drafted)} for each in ordered
        ],
        plans=plans.shown if plans is not None else [],
    )
    if plans is not None:
        note_reminded(work, plans, message)
    rows = {(each.step.due.obligation_id, each.step.due.due_at, each.step.rung.key, holder.person_id) for each in told}
    nudges.add_nudges(work.tx, sorted(rows), outbox_id=message, at=work.at)


def _missed_at(work: Work, steps: Sequence[Step], outage: Outage | None) -> str | None:
    """Give when the first of these steps would have been told, had the service not been down."""
    hours = sorted(pushable_from(work.policy, step.moment) for step in steps) if outage is not None else []
    return next((hour.isoformat() for hour in hours if outage is not None and outage.kept_back(hour)), None)


def _shown(work: Work, holder: Holder, step: Step) -> dict[str, Any]:
    return shown_due(work, step.due, role=holder.role, rung=step.rung.key)


def draft_of(work: Work, due: Due, drafted: Mapping[int, int]) -> dict[str, Any]:
    """Tell whether a draft lies there, and what it lacks to be submitted by itself."""
    draft = reports.report(work.tx, drafted[due.obligation_id]) if due.obligation_id in drafted else None
    if draft is None:
        return {"drafted": False, "lacks": None}
    lacks = "text" if is_blocked(draft) else "attestation" if lacks_attestation(draft, due) else None
    return {"drafted": True, "lacks": lacks}


def _position(work: Work, told: Sequence[Told]) -> list[int] | None:
    """Give which reminder of how many this is, where all that is told is at the same step before its due instant."""
    steps = {(each.step.rung, _ladder_of(work, each.step.due)) for each in told}
    rung, ladder = next(iter(steps))
    return None if len(steps) != 1 or is_escalation(rung) else list(position(rung, ladder))


def _stage(work: Work, told: Sequence[Told]) -> str | None:
    """Give how far a liaison's ladder has come with what is told, the worst of it; None for whoever is no liaison."""
    found = {stage(each.step.rung, _ladder_of(work, each.step.due)) for each in told}
    return next((each for each in STAGES if each in found), None)


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
