"""A supervisor reminds one unit now (催办): shown before it goes, recorded, once a day, never at night or on a day off."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from office.auditing import record
from office.chasing.reminding import answer_buttons, desk_rung, draft_of, shown_due
from office.looking.listing import contacts_of, everything_overdue, overdue_units
from office.looking.understanding import find_units, understand
from office.looking.unit_card import offer_units
from office.notice.assigning import let_wait, pushable_from, today
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations, nudges, outbox, overdue, people, reports, requests
from storage.ledger import Due
from storage.people import Holder, KnownPerson
from storage.states import Reach, Role

SPOKEN = re.compile(r"(?:催办|remind)(?:[\s:：]+|(?=[\u4e00-\u9fff]))(\S.{0,39})", re.IGNORECASE)
CHOICES = 8  # units to choose from by button; any other is typed
SHOWN = 6  # tasks named in the preview


@dataclass(frozen=True)
class Call:
    """What reminding a unit would do now: what is told to whom, what and who is left out, and when it would go."""

    unit_id: int
    unit: str
    dues: Sequence[Due]
    told_before: Sequence[Due]  # on the day it would go
    requested: Sequence[Due]  # a later date was asked for: the office owes the answer
    to: Sequence[Holder]
    unreached: Sequence[tuple[str, str]]  # name, why
    goes_at: datetime

    @property
    def can_go(self) -> bool:
        """Tell whether there is anything to say and anybody to say it to."""
        return bool(self.dues and self.to)


def begin_call(work: Work, to: Recipient, words: str) -> None:
    """Remind one of the units that a list asked for by these words shows: where it is several, ask which."""
    units = overdue_units(work, understand(work, words, None).filter(work, None))
    if len(units) == 1:
        preview_call(work, to, units[0].unit_id)
        return
    buttons: list[list[Action]] = [
        [{"do": "remind_unit", "name": u.unit} for u in units[begin : begin + 2]]
        for begin in range(0, min(len(units), CHOICES), 2)
    ]
    if units:
        conversations.ask(work.tx, to.chat_id, "remind_which", {}, at=work.at)
    say(work, to, Kind.REMIND_WHICH, buttons=buttons, units=len(units), more=max(0, len(units) - CHOICES))


def call_by_words(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take 催办 区教体局 as the wish to remind that unit; False for anything else."""
    spoken = SPOKEN.fullmatch(letter.text.strip())
    if spoken is None:
        return False
    preview_named(work, Recipient(letter.chat_id, person.id), spoken[1])
    return True


def answer_which(work: Work, letter: Letter, person: KnownPerson, _content: dict[str, Any]) -> bool:
    """Take a typed name as the unit to remind; False where it is none, from somebody who may mean a report."""
    if not may(person, Right.REMIND):
        return False
    found, _ = find_units(work, letter.text)
    if not found and person.units_as(Role.LIAISON):
        return False
    preview_named(work, Recipient(letter.chat_id, person.id), letter.text)
    return True


def preview_named(work: Work, to: Recipient, name: str) -> None:
    """Show what reminding the unit of this name would do; where it is none, or several, ask which."""
    found, near = find_units(work, name)
    if len(found) == 1:
        preview_call(work, to, found[0].id)
    else:
        offer_units(work, to, name, [unit.name for unit in found] or near, is_known=bool(found), then="remind_unit")


def preview_call(work: Work, to: Recipient, unit_id: int) -> None:
    """Show who would get what, who cannot be reached, and when it would go."""
    call = plan_call(work, unit_id)
    if call.can_go:
        conversations.ask(work.tx, to.chat_id, "remind", {"unit": unit_id}, at=work.at)
    else:
        _forget(work, to)
    buttons: list[list[Action]] = [[{"do": "send_call", "unit": unit_id}, {"do": "drop_call"}]] if call.can_go else []
    say(work, to, Kind.REMIND, buttons=buttons, **_shown(work, call))


def send_call(work: Work, to: Recipient, person: KnownPerson, unit_id: int) -> None:
    """Remind a unit of what is overdue as of now."""
    _forget(work, to)
    call = plan_call(work, unit_id)
    if not call.can_go:
        say(work, to, Kind.REMIND, **_shown(work, call))
        return
    rung = desk_rung(_day(work, call.goes_at))
    drafted = reports.drafted(work.tx, until=work.at)
    for holder in call.to:
        message = say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            Kind.NUDGE,
            buttons=answer_buttons(call.dues),
            priority=outbox.REMINDER,
            position=None,
            called=True,
            as_liaison=True,
            days=1,
            tasks=[
                {**shown_due(work, due, role=Role.LIAISON, rung=rung), **draft_of(work, due, drafted)}
                for due in call.dues
            ],
            plans=[],
        )
        rows = [(due.obligation_id, due.due_at, rung, holder.person_id) for due in call.dues]
        nudges.add_nudges(work.tx, rows, outbox_id=message, at=work.at)
        let_wait(work, message)
    record(
        work,
        "remind",
        f"unit:{unit_id}",
        person.id,
        unit=call.unit,
        obligations=[due.obligation_id for due in call.dues],
        persons=[holder.person_id for holder in call.to],
    )
    say(work, to, Kind.REMINDED, **_shown(work, call))


def drop_call(work: Work, to: Recipient) -> None:
    """Remind nobody after all."""
    _forget(work, to)
    say(work, to, Kind.CANCELLED, codes=0)


def plan_call(work: Work, unit_id: int) -> Call:
    """Work out what reminding a unit would do now."""
    wanted = replace(everything_overdue(work), units=(unit_id,))
    found = overdue.dues(work.tx, wanted)
    goes_at = pushable_from(work.policy, work.at)
    midnight = datetime.combine(_day(work, goes_at), time.min, work.policy.zone)
    told = nudges.told_on(
        work.tx, [due.obligation_id for due in found], since=midnight, rung=desk_rung(midnight.date())
    )
    requested = {asked.obligation_id for asked in requests.waiting_extensions(work.tx)}
    left = [due for due in found if due.obligation_id not in told and due.obligation_id not in requested]
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    liaisons = people.holders(work.tx, Role.LIAISON, units=[unit_id])
    return Call(
        unit_id,
        contacts_of(work).names[unit_id],
        left,
        [due for due in found if due.obligation_id in told],
        [due for due in found if due.obligation_id in requested and due.obligation_id not in told],
        [holder for holder in liaisons if holder.reach == Reach.YES and holder.person_id not in away],
        [
            (holder.name, "away" if holder.reach == Reach.YES else holder.reach)
            for holder in liaisons
            if holder.reach != Reach.YES or holder.person_id in away
        ],
        goes_at,
    )


# --- in this module only ---------------------------------------------------------------------------------------------


def _forget(work: Work, to: Recipient) -> None:
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.kind in ("remind", "remind_which"):
        conversations.answered(work.tx, to.chat_id)


def _day(work: Work, at: datetime) -> date:
    return at.astimezone(work.policy.zone).date()


def _shown(work: Work, call: Call) -> dict[str, Any]:
    return {
        "unit": call.unit,
        "count": len(call.dues),
        "tasks": [shown_due(work, due, role=Role.LIAISON, rung="") for due in call.dues[:SHOWN]],
        "told_before": len(call.told_before),
        "requested": len(call.requested),
        "told": [holder.name for holder in call.to],
        "unreached": [{"name": name, "why": why} for name, why in call.unreached],
        "goes_at": call.goes_at.isoformat() if call.goes_at > work.at else None,
    }
