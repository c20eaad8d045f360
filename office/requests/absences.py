"""A liaison is away for some days (请假、外出): nothing is pushed to them, somebody stands in, and they hear when back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from office.apart import for_each
from office.auditing import record
from office.notice.assigning import let_wait, may_push, today
from office.reports.drafting import shown_task
from office.requests.forms import CANCEL, CONFIRM, NO, plain
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.clock import local
from rules.dates import LONGEST, read_span
from rules.periods import days_overdue
from storage import conversations, ledger, outbox, people, requests
from storage.ledger import Due
from storage.people import Holder, KnownPerson
from storage.requests import Away
from storage.states import Reach, Role

TELL_ABSENCES = "tell_absences"  # the tick, as failures name it
LONGEST_AWAY = timedelta(days=92)  # who is away for longer hands over
AHEAD = timedelta(days=30)  # what falls due later is no matter for a stand-in


def tell_absence(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Note an absence said in one line, cancel one, or show those there are and ask for the days."""
    to = Recipient(letter.chat_id, person.id)
    if plain(words) in CANCEL | {"撤销"}:
        cancel_absence(work, to, person, {})
    elif words.strip():
        _take_days(work, to, person, words, may_be_other=False)
    else:
        _ask_days(work, to, person)


def answer_absence(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the days asked for, or as the yes to them; False where it is neither."""
    to, word = Recipient(letter.chat_id, person.id), plain(letter.text)
    if word in CANCEL or not person.has_role(Role.LIAISON):
        return False
    if "first" in content and word in CONFIRM:
        note_absence(work, to, person, content)
        return True
    if "first" in content and word in NO:
        _ask_days(work, to, person)
        return True
    return _take_days(work, to, person, letter.text, may_be_other=True)


def note_absence(work: Work, to: Recipient, person: KnownPerson, content: dict[str, Any]) -> None:
    """Note an absence in place of any that it overlaps, and say who stands in."""
    first, last = date.fromisoformat(content["first"]), date.fromisoformat(content["last"])
    if problem := _problem(work, first, last):
        _ask_days(work, to, person, again=problem)
        return
    conversations.answered(work.tx, to.chat_id)
    before = requests.absences_of(work.tx, person.id, today=today(work))
    replaced = [absence for absence in before if absence.first_on <= last and first <= absence.last_on]
    for absence in replaced:
        requests.change_absence(work.tx, absence.id, cancelled_at=work.at)
    number = requests.add_absence(work.tx, person_id=person.id, first_on=first, last_on=last, at=work.at)
    record(work, "be_away", f"absence:{number}", person.id, first=first.isoformat(), last=last.isoformat())
    say(
        work,
        to,
        Kind.AWAY_NOTED,
        buttons=[[{"do": "cancel_absence", "absence": number}]],
        first=first.isoformat(),
        last=last.isoformat(),
        replaced=bool(replaced),
        units=[_stand_ins(work, person.id, unit_id, name, first) for unit_id, name in _units(person).items()],
    )


def cancel_absence(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Cancel an own absence: the one named, or the only one; who is back early hears what is owed, who stood in that it is over."""
    own = requests.absences_of(work.tx, person.id, today=today(work))
    wanted = [absence for absence in own if absence.id == action.get("absence", absence.id)]
    if len(wanted) != 1:
        _ask_days(work, to, person) if wanted else say(work, to, Kind.REQUEST_GONE, why="no_absence")
        return
    absence = wanted[0]
    requests.change_absence(work.tx, absence.id, cancelled_at=work.at)
    record(work, "cancel_absence", f"absence:{absence.id}", person.id)
    say(work, to, Kind.AWAY_CANCELLED, first=absence.first_on.isoformat(), last=absence.last_on.isoformat())
    if absence.told_at is not None:
        for unit_id in _units(person):
            _relieve_stand_in(work, absence, unit_id)
    if absence.first_on <= today(work):
        _tell_back(work, absence)


def tell_stand_ins(work: Work) -> int:
    """Tell once, on a working day of each absence, who stands in: the unit's other liaison, else its head."""
    if not _may_tell(work):
        return 0
    fresh = [absence for absence in requests.away_on(work.tx, today(work)) if absence.told_at is None]

    def tell(absence: Away) -> None:
        person = people.who_is(work.tx, absence.telegram_id)
        for unit_id in person.units_as(Role.LIAISON) if person is not None else ():
            _tell_stand_in(work, absence, unit_id)
        requests.change_absence(work.tx, absence.id, told_at=work.at)

    return len(for_each(work, TELL_ABSENCES, fresh, tell, named=_named))


def tell_who_is_back(work: Work) -> int:
    """Tell who is back from an absence, on the first working day, what is owed."""
    if not _may_tell(work):
        return 0
    back = requests.just_back(work.tx, today(work))
    still = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    one_each = {absence.person_id: absence for absence in back if absence.person_id not in still}

    def tell(absence: Away) -> int:
        requests.change_absence(work.tx, absence.id, back_at=work.at)
        if one_each.get(absence.person_id) is not absence:
            return 0
        _tell_back(work, absence)
        return 1

    return sum(for_each(work, TELL_ABSENCES, back, tell, named=_named))


def deserted_units(work: Work) -> dict[int, date]:
    """Give the units all of whose liaisons are away today, and the first day one of them is back."""
    away = {absence.person_id: absence.last_on for absence in requests.away_on(work.tx, today(work))}
    last: dict[int, list[date | None]] = {}
    for holder in people.holders(work.tx, Role.LIAISON, units=people.units_served(work.tx, Role.LIAISON, away)):
        if holder.unit_id is not None:
            last.setdefault(holder.unit_id, []).append(away.get(holder.person_id))
    found = {unit_id: [day for day in days if day is not None] for unit_id, days in last.items() if all(days)}
    return {unit_id: min(days) + timedelta(days=1) for unit_id, days in found.items()}


# --- in this module only ---------------------------------------------------------------------------------------------


def _named(absence: Away) -> str:
    return f"absence:{absence.id}"


def _take_days(work: Work, to: Recipient, person: KnownPerson, text: str, *, may_be_other: bool) -> bool:
    span = read_span(text, now=local(work.at, work.policy.zone), calendar=work.policy.calendar)
    if span is None:
        if may_be_other and len(text.strip()) > LONGEST:
            return False
        _ask_days(work, to, person, again="unread")
        return True
    days: dict[str, Any] = {"first": span.first.isoformat(), "last": span.last.isoformat()}
    if span.sure or _problem(work, span.first, span.last):
        note_absence(work, to, person, days)
        return True
    conversations.ask(work.tx, to.chat_id, "away", days, at=work.at)
    buttons: list[list[Action]] = [[{"do": "note_absence", **days}, {"do": "drop_form"}]]
    say(work, to, Kind.AWAY, buttons=buttons, again=None, absences=[], **days)
    return True


def _ask_days(work: Work, to: Recipient, person: KnownPerson, *, again: str | None = None) -> None:
    conversations.ask(work.tx, to.chat_id, "away", {}, at=work.at)
    own = requests.absences_of(work.tx, person.id, today=today(work))
    shown = [{"first": absence.first_on.isoformat(), "last": absence.last_on.isoformat()} for absence in own]
    buttons: list[list[Action]] = [
        [{"do": "cancel_absence", "absence": absence.id, **days}] for absence, days in zip(own, shown, strict=True)
    ]
    say(work, to, Kind.AWAY, buttons=buttons, again=again, absences=shown)


def _problem(work: Work, first: date, last: date) -> str | None:
    if last < today(work):
        return "past"
    return "too_long" if last - first >= LONGEST_AWAY else None


def _units(person: KnownPerson) -> dict[int, str]:
    return person.units_as(Role.LIAISON)


def _present(work: Work, person_id: int, unit_id: int, day: date) -> tuple[list[Holder], list[Holder]]:
    """Give a unit's other liaisons who are there on a day, and its heads, as far as messages reach them."""
    away = {absence.person_id for absence in requests.away_on(work.tx, day)} | {person_id}
    holders = people.holders(work.tx, Role.LIAISON, Role.HEAD, units=[unit_id])
    there = [holder for holder in holders if holder.reach == Reach.YES and holder.person_id not in away]
    return [h for h in there if h.role == Role.LIAISON], [h for h in there if h.role == Role.HEAD]


def _stand_ins(work: Work, person_id: int, unit_id: int, name: str, day: date) -> dict[str, Any]:
    liaisons, heads = _present(work, person_id, unit_id, day)
    return {
        "unit": name,
        "liaison": liaisons[0].name if liaisons else None,
        "head": heads[0].name if heads and not liaisons else None,
    }


def _tell_stand_in(work: Work, absence: Away, unit_id: int) -> None:
    liaisons, heads = _present(work, absence.person_id, unit_id, today(work))
    owed = _soon(work, [unit_id])
    if not owed:
        return
    for holder in liaisons[:1] or heads:
        say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            Kind.STAND_IN,
            priority=outbox.REMINDER,
            absence=absence.id,
            role=holder.role,
            unit=owed[0].unit_name,
            unit_id=unit_id,
            name=absence.name,
            first=absence.first_on.isoformat(),
            last=absence.last_on.isoformat(),
            tasks=_shown(work, owed),
        )


def _relieve_stand_in(work: Work, absence: Away, unit_id: int) -> None:
    """Tell whoever was told that they stand in, or is to see to it, that the liaison is back early."""
    liaisons, heads = _present(work, absence.person_id, unit_id, today(work))
    owed = _soon(work, [unit_id])
    for holder in (liaisons[:1] or heads) if owed else ():
        message = say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            Kind.STAND_IN_OVER,
            priority=outbox.REMINDER,
            role=holder.role,
            unit=owed[0].unit_name,
            unit_id=unit_id,
            name=absence.name,
        )
        let_wait(work, message)


def _tell_back(work: Work, absence: Away) -> None:
    """Tell a person who is back what their units owe; nothing where nothing is owed."""
    person = people.who_is(work.tx, absence.telegram_id)
    owed = _soon(work, list(_units(person))) if person is not None else []
    if person is not None and owed:
        to = Recipient(absence.telegram_id, absence.person_id)
        say(work, to, Kind.BACK, priority=outbox.REMINDER, unit_id=owed[0].unit_id, tasks=_shown(work, owed))


def _soon(work: Work, units: Sequence[int]) -> list[Due]:
    """List what units owe that is overdue or falls due before long."""
    owed = ledger.owed_by(work.tx, units, today=today(work))
    return [due for due in owed if due.due_at <= work.at + AHEAD]


def _shown(work: Work, owed: Sequence[Due]) -> list[dict[str, Any]]:
    return [{**shown_task(due), "days": days_overdue(due.due_at, work.at, work.policy.zone)} for due in owed]


def _may_tell(work: Work) -> bool:
    return may_push(work) and work.policy.calendar.is_workday(today(work))
