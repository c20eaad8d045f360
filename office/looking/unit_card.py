"""One unit at a glance (/unit): who serves it and can be reached, its tasks, last reports and open requests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from office.chasing.holding import paused_for
from office.looking.listing import everything_overdue, overdue_units
from office.looking.understanding import find_units
from office.notice.assigning import today
from office.notice.tasks import tasks_of_unit
from office.register.registrations import list_registrations
from office.requests.deciding import open_requests, shown_request
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import overdue, people, reports, requests
from storage.ledger import KnownUnit
from storage.people import KnownPerson
from storage.reports import ReportRow
from storage.states import Reach, Role

CHOICES = 8  # names offered where it is not clear which unit is meant
TASKS_SHOWN, REPORTS_SHOWN, REQUESTS_SHOWN = 8, 3, 3
URGENCY = ("overdue", "owed", "awaited", "sent", "clear", "done")  # in this order a unit's tasks are shown


@dataclass(frozen=True, slots=True)
class Server:
    """Somebody who serves a unit: liaison or head."""

    role: str
    name: str
    reach: str
    has_phone: bool
    is_away: bool


@dataclass(frozen=True)
class UnitCard:
    """What there is to know of a unit."""

    unit: KnownUnit
    servers: Sequence[Server]
    registration: str | None  # how far it is with it, where it has no liaison
    tasks: Sequence[dict[str, Any]]  # as `tasks_of_unit` gives them, the most urgent first
    stands: Sequence[str]  # how each of the tasks stands, as `URGENCY` names it
    overdue: int  # obligations
    last_nudged: datetime | None
    reports: Sequence[ReportRow]  # the last ones, newest first
    requests: Sequence[dict[str, Any]]  # that wait for a decision


def find_unit_card(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Answer /unit: the unit that is named, or those it may be."""
    to = Recipient(letter.chat_id, person.id)
    found, near = find_units(work, words)
    if len(found) == 1:
        _show(work, to, person, found[0])
        return
    if not words.strip():
        near = [unit.unit for unit in overdue_units(work)]
    offer_units(work, to, words, [unit.name for unit in found] or near, is_known=bool(found), then="unit")


def show_unit_card(work: Work, to: Recipient, person: KnownPerson, name: str) -> None:
    """Show the unit of this name, if it still bears it."""
    found, near = find_units(work, name)
    if len(found) == 1:
        _show(work, to, person, found[0])
    else:
        offer_units(work, to, name, near, is_known=False, then="unit")


def offer_units(work: Work, to: Recipient, word: str, names: Sequence[str], *, is_known: bool, then: str) -> None:
    """Ask which unit is meant: several bear the name (`is_known`), or none does and these are the nearest."""
    shown = list(names[:CHOICES])
    buttons: list[list[Action]] = [
        [{"do": then, "name": name} for name in shown[at : at + 2]] for at in range(0, len(shown), 2)
    ]
    say(work, to, Kind.WHICH_UNITS, buttons=buttons, word=word.strip(), is_known=is_known, near=shown, then=then)


def unit_card(work: Work, unit: KnownUnit) -> UnitCard:
    """Look up what there is to know of a unit."""
    wanted = replace(everything_overdue(work), units=(unit.id,))
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    holders = people.holders(work.tx, Role.LIAISON, Role.HEAD, units=[unit.id])
    tasks = sorted(tasks_of_unit(work, unit.id), key=lambda task: URGENCY.index(_stand(task)))
    stands = [_stand(task) for task in tasks]
    found = reports.list_reports(work.tx, period=None, unit=unit.name, notice_id=None)
    asked = [shown for ref in open_requests(work) if (shown := shown_request(work, ref))["unit_id"] == unit.id]
    state = next((r.state for r in list_registrations(work) if r.unit == unit.name), None)
    return UnitCard(
        unit,
        [Server(h.role, h.name, h.reach, h.has_phone, h.person_id in away) for h in holders],
        state if not any(holder.role == Role.LIAISON for holder in holders) else None,
        tasks,
        stands,
        sum(counted.count for counted in overdue.by_unit(work.tx, wanted)),
        overdue.last_nudged(work.tx, wanted).get(unit.id),
        sorted(found, key=lambda row: row.sent_at, reverse=True)[:REPORTS_SHOWN],
        asked,
    )


# --- in this module only ---------------------------------------------------------------------------------------------


def _show(work: Work, to: Recipient, person: KnownPerson, unit: KnownUnit) -> None:
    card = unit_card(work, unit)
    remind: list[Action] = [{"do": "remind_unit", "name": unit.name, "label": "this"}] if card.overdue else []
    say(
        work,
        to,
        Kind.UNIT,
        buttons=[remind] if remind else [],
        unit=unit.name,
        aliases=list(unit.aliases),
        members=list(unit.members),
        is_group=unit.is_group,
        uses_bot=unit.uses_bot,
        registration=card.registration,
        people=[
            {
                "role": server.role,
                "name": server.name,
                "why": None if server.reach == Reach.YES else server.reach,
                "has_phone": server.has_phone,
                "is_away": server.is_away,
            }
            for server in card.servers
        ],
        overdue=card.overdue,
        last_nudged=card.last_nudged.isoformat() if card.last_nudged is not None else None,
        counts={stand: card.stands.count(stand) for stand in URGENCY if stand in card.stands},
        tasks=list(card.tasks[:TASKS_SHOWN]),
        total=len(card.tasks),
        reports=[
            {
                "no": r.no,
                "list": r.list,
                "period": r.period,
                "sent_at": r.sent_at.isoformat(),
                "characters": r.characters,
                "late": r.late,
            }
            for r in card.reports
        ],
        requests=[{"request": asked["request"], **asked["tasks"][0]} for asked in card.requests[:REQUESTS_SHOWN]],
        more_requests=max(0, len(card.requests) - REQUESTS_SHOWN),
        **paused_for(work, person),
    )


def _stand(task: dict[str, Any]) -> str:
    """Name how a task stands for its unit."""
    if task["done"]:
        return "done"
    if task["owed"] is not None:
        return "overdue" if task["owed"]["days"] else "owed"
    if task["asked"] is not None and not task["asked"]["given_at"]:
        return "awaited"
    return "sent" if task["sent"] else "clear"
