"""On-site inspections (现场督查): plan, notice, findings, what units put right (整改), the supervisor's word on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from office.apart import for_each
from office.auditing import record
from office.chasing.draining import drained_until
from office.notice.assigning import let_wait, may_push, today
from office.requests.forms import ask_office, deciders
from office.rights import Right, covers
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.ladder import is_escalation, latest_passed
from rules.periods import days_overdue, due_at, due_on
from storage import inspections, ledger, outbox, people, requests
from storage.inspections import InspectedPart, KnownAnswer, KnownInspection, KnownMeasure
from storage.overdue import Filter
from storage.people import Holder, KnownPerson
from storage.states import InspectionState, MeasureState, Reach, Role

LIST = "整改"  # what the list of a measure is called among what is overdue
OF_UNIT = (Role.LIAISON, Role.HEAD)
STALE = timedelta(days=14)  # a step of the ladder missed for longer than this is not made up for
FOLLOW = "follow_inspections"  # the tick, as failures name it
MOST_BUTTONS = 6


@dataclass(frozen=True, slots=True)
class Inspected:
    """A unit's part in an inspection, or a measure, as rights look at it."""

    unit_id: int
    leaders: Sequence[str]


@dataclass(frozen=True, slots=True)
class OverdueMeasure:
    """A measure past its due instant, and who can be reached about it."""

    measure: KnownMeasure
    days: int
    liaison: str | None
    reachable: bool


# --- planning --------------------------------------------------------------------------------------------------------


def plan_inspection(
    work: Work, *, form: str, day: date, parts: Sequence[tuple[int, list[int]]], is_announced: bool, by: int
) -> KnownInspection:
    """Plan an inspection and tell the units of it, but where it comes unannounced."""
    values = {
        "form": form,
        "day": day,
        "is_announced": is_announced,
        "planned_at": work.at,
        "planned_by": by,
        "reminded_at": work.at if day == today(work) else None,  # who plans it for today needs no reminder
    }
    number = inspections.plan(work.tx, values, parts)
    record(work, "plan_inspection", f"inspection:{number}", by, day=day.isoformat(), announced=is_announced)
    if is_announced:
        _tell_units(work, Kind.INSPECTION_NOTICE, number)
    return _kept(work, number)


def cancel_inspection(work: Work, inspection: KnownInspection, *, by: int, reason: str) -> bool:
    """Cancel an inspection; units that were told of it are told so. False where it was over before."""
    values = {"state": InspectionState.CANCELLED, "closed_at": work.at, "closed_by": by, "reason": reason}
    if not inspections.change_inspection(work.tx, inspection.id, **values):
        return False
    record(work, "cancel_inspection", f"inspection:{inspection.id}", by, reason=reason)
    if inspection.is_announced:
        _tell_units(work, Kind.INSPECTION_OFF, inspection.id)
    return True


def close_inspection(work: Work, inspection: KnownInspection, *, by: int) -> str | None:
    """Close an inspection whose findings are written down and whose measures are done; gives why it cannot be."""
    if inspection.state != InspectionState.PLANNED:
        return "over"
    left = [m for m in inspections.measures(work.tx, inspection_id=inspection.id) if m.state != MeasureState.DONE]
    if left:
        return "measures"
    files = inspections.files_of(work.tx, inspection_id=inspection.id, measure_id=None)
    if not files and not inspections.findings(work.tx, inspection.id):
        return "nothing"
    ended = {"state": InspectionState.CLOSED, "closed_at": work.at, "closed_by": by}
    inspections.change_inspection(work.tx, inspection.id, **ended)
    record(work, "close_inspection", f"inspection:{inspection.id}", by)
    return None


def remind_inspectors(work: Work) -> int:
    """On the day of an inspection remind whoever planned it, or where they left, who decides; gives how many."""
    if not may_push(work):
        return 0
    due = [each for each in inspections.inspections(work.tx, only_open=True) if each.day <= today(work)]
    waiting = [each for each in due if each.reminded_at is None]

    def remind(inspection: KnownInspection) -> None:
        inspections.change_inspection(work.tx, inspection.id, reminded_at=work.at)
        buttons: list[list[Action]] = [[{"do": "record_findings", "inspection": inspection.id}]]
        for to in _inspectors(work, inspection):
            shown = shown_inspection(work, inspection)
            say(work, to, Kind.INSPECTION_TODAY, buttons=buttons, priority=outbox.REMINDER, **shown)

    return len(for_each(work, FOLLOW, waiting, remind, named=lambda inspection: f"inspection:{inspection.id}"))


# --- on the spot -----------------------------------------------------------------------------------------------------


def note_finding(work: Work, letter: Letter, person: KnownPerson, inspection_id: int) -> None:
    """Write down a text as what was found."""
    values = {
        "inspection_id": inspection_id,
        "person_id": person.id,
        "text": letter.text.strip(),
        "chat_id": letter.chat_id,
        "message_id": letter.message_id,
        "sent_at": letter.sent_at,
    }
    number = inspections.add_finding(work.tx, values)
    record(work, "note_finding", f"inspection:{inspection_id}", person.id, finding=number)


def order_measure(
    work: Work, *, form: str, inspection_id: int, unit_id: int, text: str, due: date, by: int
) -> KnownMeasure:
    """Have a unit put something right by a day, and tell it."""
    values = {
        "form": form,
        "inspection_id": inspection_id,
        "unit_id": unit_id,
        "text": text,
        "due_at": due_at(due, work.policy.zone),
        "made_at": work.at,
        "made_by": by,
    }
    number = inspections.add_measure(work.tx, values)
    record(work, "order_measure", f"measure:{number}", by, inspection=inspection_id, due=due.isoformat())
    measure = _measure(work, number)
    _tell_unit(work, Kind.MEASURE, measure, answers=True)
    return measure


# --- the unit answers, the supervisor decides ------------------------------------------------------------------------


def answer_measure(work: Work, letter: Letter, person: KnownPerson, measure: KnownMeasure) -> bool:
    """Take a text as what a unit put right, and put it before the supervisors; False where it is not asked for now."""
    if not inspections.change_measure(work.tx, measure.id, MeasureState.OPEN, state=MeasureState.ANSWERED):
        return False
    values = {
        "measure_id": measure.id,
        "person_id": person.id,
        "text": letter.text.strip(),
        "chat_id": letter.chat_id,
        "message_id": letter.message_id,
        "sent_at": letter.sent_at,
    }
    number = inspections.add_answer(work.tx, values)
    record(work, "answer_measure", f"measure:{measure.id}", person.id, answer=number)
    shown = shown_answer(work, number, measure.id)
    ask_office(work, Kind.MEASURE_ANSWERED, decision_buttons(shown), **shown)
    return True


def decide_answer(work: Work, answer: KnownAnswer, *, passed: bool, by: int, reason: str | None = None) -> bool:
    """Let an answer pass, or return it with a reason and time to do better; False where somebody was quicker."""
    values = {"passed": passed, "decided_at": work.at, "decided_by": by, "reason": reason}
    if not inspections.change_answer(work.tx, answer.id, **values):
        return False
    measure = _measure(work, answer.measure_id)
    changed: dict[str, Any] = {"state": MeasureState.DONE}
    if not passed:
        day = work.policy.calendar.shift(today(work), work.policy.return_workdays)
        changed = {"state": MeasureState.OPEN, "due_at": max(measure.due_at, due_at(day, work.policy.zone))}
    inspections.change_measure(work.tx, measure.id, MeasureState.ANSWERED, **changed)
    record(work, "decide_measure", f"measure:{measure.id}", by, passed=passed, reason=reason)
    told = _measure(work, measure.id)
    _tell_unit(work, Kind.MEASURE_RESULT, told, answers=not passed, passed=passed, reason=reason)
    return True


def decision_buttons(shown: dict[str, Any]) -> list[list[Action]]:
    """Give the buttons under an answer: let it pass, return it, see its photos."""
    named = {"answer": shown["answer"]}
    decide: list[Action] = [{"do": "pass_measure", **named}, {"do": "return_measure", **named}]
    return [decide, [{"do": "field_files", "measure": shown["measure"]}]]


def remind_of_measures(work: Work, *, polls: bool) -> int:
    """Remind units of what they have to put right by the ladder of reports, one message a person; gives how many."""
    if not may_push(work) or not work.policy.calendar.is_workday(today(work)):
        return 0
    told: dict[int, list[tuple[Holder, KnownMeasure, str]]] = {}
    for measure, rung, holder in _steps(work, polls=polls):
        told.setdefault(holder.person_id, []).append((holder, measure, rung))

    def tell(steps: list[tuple[Holder, KnownMeasure, str]]) -> None:
        holder = steps[0][0]
        items = [shown_measure(work, measure) for _, measure, _ in steps]
        answerable = [
            item["measure"] for item, (who, _, _) in zip(items, steps, strict=True) if who.role == Role.LIAISON
        ]
        buttons: list[list[Action]] = [[{"do": "rectify", "measure": no, "of": no}] for no in answerable]
        to = Recipient(holder.telegram_id, holder.person_id)
        message = say(
            work, to, Kind.MEASURE_NUDGE, buttons=buttons[:MOST_BUTTONS], priority=outbox.REMINDER, measures=items
        )
        rows = {(measure.id, measure.due_at, rung, holder.person_id) for _, measure, rung in steps}
        inspections.add_nudges(work.tx, sorted(rows), outbox_id=message)

    return len(for_each(work, FOLLOW, told.values(), tell, named=lambda steps: f"person:{steps[0][0].person_id}"))


# --- looking ---------------------------------------------------------------------------------------------------------


def overdue_measures(work: Work, wanted: Filter) -> list[OverdueMeasure]:
    """List what units should have put right and have not answered, as far as it fits what is asked for, worst first."""
    late = [m for m in inspections.measures(work.tx, states=[MeasureState.OPEN]) if _fits(work, m, wanted)]
    liaisons = people.holders(work.tx, Role.LIAISON, units=[m.unit_id for m in late]) if late else []
    found = []
    for measure in late:
        own = [holder for holder in liaisons if holder.unit_id == measure.unit_id]
        best = next((h for h in own if h.reach == Reach.YES), own[0] if own else None)
        days = days_overdue(measure.due_at, work.at, work.policy.zone)
        reachable = best is not None and best.reach == Reach.YES
        found.append(OverdueMeasure(measure, days, best.name if best else None, reachable))
    return sorted(found, key=lambda each: (-each.days, each.measure.unit_id, each.measure.id))


def shown_overdue_measures(work: Work, wanted: Filter) -> list[dict[str, Any]]:
    """Give what /overdue shows of measures."""
    return [
        {**shown_measure(work, late.measure), "liaison": late.liaison, "reachable": late.reachable}
        for late in overdue_measures(work, wanted)
    ]


def inspected(work: Work, inspection_id: int, unit_id: int) -> Inspected:
    """Give a unit's part in an inspection as rights look at it: with the leaders of the tasks inspected."""
    numbers = {
        no for part in inspections.parts(work.tx, [inspection_id]) if part.unit_id == unit_id for no in part.tasks
    }
    tasks = ledger.tasks_of_units(work.tx, [unit_id])
    leaders = [name for task in tasks if not numbers or task.no in numbers for name in task.leaders]
    return Inspected(unit_id, list(dict.fromkeys(leaders)))


def visible_parts(work: Work, person: KnownPerson, inspection: KnownInspection) -> list[InspectedPart]:
    """List the parts of an inspection a person may know of; units learn of an unannounced one by its measures."""
    own = {*person.units_as(Role.LIAISON), *person.units_as(Role.HEAD)}
    sees_all = person.has_role(Role.SUPERVISOR, Role.ADMIN)
    return [
        part
        for part in inspections.parts(work.tx, [inspection.id])
        if covers(person, Right.SEE_INSPECTIONS, inspected(work, inspection.id, part.unit_id))
        and (inspection.is_announced or sees_all or part.unit_id not in own)
    ]


def visible_measures(work: Work, person: KnownPerson) -> list[KnownMeasure]:
    """List the measures not done that a person may know of."""
    left = inspections.measures(work.tx, states=[MeasureState.OPEN, MeasureState.ANSWERED])
    return [m for m in left if covers(person, Right.SEE_INSPECTIONS, inspected(work, m.inspection_id, m.unit_id))]


def shown_inspection(
    work: Work, inspection: KnownInspection, parts: Sequence[InspectedPart] | None = None
) -> dict[str, Any]:
    """Give what is said of an inspection; `parts` leaves out units that somebody may not know of."""
    parts = inspections.parts(work.tx, [inspection.id]) if parts is None else parts
    measures = inspections.measures(work.tx, inspection_id=inspection.id)
    return {
        "inspection": inspection.id,
        "day": inspection.day.isoformat(),
        "announced": inspection.is_announced,
        "state": inspection.state,
        "reason": inspection.reason,
        "parts": [{"unit": part.unit_name, "tasks": list(part.tasks)} for part in parts],
        "findings": [finding.text for finding in inspections.findings(work.tx, inspection.id)],
        "files": len(inspections.files_of(work.tx, inspection_id=inspection.id, measure_id=None)),
        "measures": len(measures),
        "left": sum(measure.state != MeasureState.DONE for measure in measures),
    }


def shown_measure(work: Work, measure: KnownMeasure) -> dict[str, Any]:
    """Give what is said of a measure."""
    zone = work.policy.zone
    return {
        "measure": measure.id,
        "inspection": measure.inspection_id,
        "day": measure.day.isoformat(),
        "unit": measure.unit_name,
        "unit_id": measure.unit_id,
        "text": measure.text,
        "due_on": due_on(measure.due_at, zone).isoformat(),
        "state": measure.state,
        "days": days_overdue(measure.due_at, work.at, zone),
        "days_left": (due_on(measure.due_at, zone) - today(work)).days,
    }


def shown_answer(work: Work, answer_id: int, measure_id: int) -> dict[str, Any]:
    """Give what is said of an answer to whoever decides on it."""
    measure = _measure(work, measure_id)
    answer = next(each for each in inspections.answers(work.tx, measure_id) if each.id == answer_id)
    files = inspections.files_of(work.tx, inspection_id=measure.inspection_id, measure_id=measure.id)
    by = people.name_of(work.tx, answer.decided_by) if answer.decided_by is not None else None
    return {
        **shown_measure(work, measure),
        "answer": answer.id,
        "said": answer.text,
        "by": answer.name,
        "files": len(files),
        "passed": answer.passed,
        "reason": answer.reason,
        "decided_by": by,
    }


# --- in this module only ---------------------------------------------------------------------------------------------


def _fits(work: Work, measure: KnownMeasure, wanted: Filter) -> bool:
    """Whether a measure is overdue as a filter of obligations asks for; it has no period and no notice."""
    if measure.due_at > wanted.until or wanted.periods or wanted.notice_id is not None:
        return False
    if (wanted.lists or wanted.numbers) and LIST not in wanted.lists:
        return False
    leaders = inspected(work, measure.inspection_id, measure.unit_id).leaders
    within = wanted.within
    return (
        (not wanted.units or measure.unit_id in wanted.units)
        and (not wanted.numbers or measure.id in wanted.numbers)
        and (wanted.due_at is None or measure.due_at in wanted.due_at)
        and (not wanted.leaders or any(name in leaders for name in wanted.leaders))
        and all(text in f"{measure.unit_name} {measure.text}" for text in wanted.texts)
        and (within is None or measure.unit_id in within.units or any(name in leaders for name in within.leaders))
    )


def _steps(work: Work, *, polls: bool) -> Iterator[tuple[KnownMeasure, str, Holder]]:
    """Give who is to be told of which measure at which rung now, each once."""
    policy, told = work.policy, inspections.nudged(work.tx)
    open_ = inspections.measures(work.tx, states=[MeasureState.OPEN])
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))} if open_ else set()
    for measure in open_:
        day = due_on(measure.due_at, policy.zone)
        reached = latest_passed(day, policy.ladder, work.at, policy.calendar, policy.zone)
        if reached is None or reached[1] <= measure.made_at or work.at - reached[1] > STALE:
            continue
        rung, moment = reached
        if is_escalation(rung) != (work.at >= measure.due_at):
            continue
        if is_escalation(rung) and drained_until(work, polls=polls) < measure.due_at:
            continue  # the answer may still be on its way
        for holder in _people_of(work, measure.unit_id):
            is_told = (measure.id, measure.due_at, rung.key, holder.person_id) in told
            if holder.role in rung.to and holder.person_id not in away and holder.since < moment and not is_told:
                yield measure, rung.key, holder


def _people_of(work: Work, unit_id: int) -> list[Holder]:
    """List the liaisons and heads of a unit whom messages reach, each person once."""
    found = people.holders(work.tx, *OF_UNIT, units=[unit_id])
    ordered = sorted(found, key=lambda holder: holder.role != Role.LIAISON)
    once: dict[int, Holder] = {}
    for holder in ordered:
        if holder.reach == Reach.YES:
            once.setdefault(holder.person_id, holder)
    return list(once.values())


def _tell_units(work: Work, kind: Kind, inspection_id: int) -> None:
    inspection = _kept(work, inspection_id)
    for part in inspections.parts(work.tx, [inspection_id]):
        for holder in _people_of(work, part.unit_id):
            to = Recipient(holder.telegram_id, holder.person_id)
            shown = {**shown_inspection(work, inspection, [part]), "unit_id": part.unit_id, "role": holder.role}
            let_wait(work, say(work, to, kind, priority=outbox.REMINDER, **shown))


def _tell_unit(work: Work, kind: Kind, measure: KnownMeasure, *, answers: bool, **values: Any) -> None:
    for holder in _people_of(work, measure.unit_id):
        is_liaison = answers and holder.role == Role.LIAISON
        buttons: list[list[Action]] = [[{"do": "rectify", "measure": measure.id}]] if is_liaison else []
        to = Recipient(holder.telegram_id, holder.person_id)
        shown = {**shown_measure(work, measure), "role": holder.role, **values}
        let_wait(work, say(work, to, kind, buttons=buttons, priority=outbox.REMINDER, **shown))


def _inspectors(work: Work, inspection: KnownInspection) -> list[Recipient]:
    offices = people.holders(work.tx, Role.SUPERVISOR, Role.ADMIN)
    own = [h for h in offices if h.person_id == inspection.planned_by and h.reach == Reach.YES]
    return [Recipient(holder.telegram_id, holder.person_id) for holder in own[:1] or deciders(work)]


def _kept(work: Work, number: int) -> KnownInspection:
    inspection = inspections.inspection(work.tx, number)
    assert inspection is not None  # noqa: S101  # it was just kept
    return inspection


def _measure(work: Work, number: int) -> KnownMeasure:
    measure = inspections.measure(work.tx, number)
    assert measure is not None  # noqa: S101  # rows point to it
    return measure
