"""What is overdue, and who can be reached about it: the list behind /overdue, the command line and the digests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from office.chasing.holding import paused_for
from office.chasing.inspections import shown_overdue_measures
from office.looking.understanding import Understood, understand
from office.rights import Right, bounds, may
from office.saying import Action, Kind, Recipient, say
from office.work import OfficeError, Work
from rules.periods import days_overdue
from storage import ledger, outbox, overdue, people, requests
from storage.ledger import Due
from storage.overdue import Filter, UnitOverdue
from storage.people import Holder, KnownPerson
from storage.states import ObligationState, Reach, Role

UNITS_ON_A_PAGE = 8
TASKS_ON_A_PAGE = 16  # where the list is one unit's
TASKS_OF_A_UNIT = 2  # more are summed up: the list must stay readable on a phone
CHOICES = 6  # names offered for a word that is none


@dataclass(frozen=True, slots=True)
class Overdue:
    """One obligation past its due instant."""

    due: Due
    days: int
    reachable: bool
    liaison: str | None
    requested: bool  # a later due date was asked for and is not decided
    uses_bot: bool = True


@dataclass(frozen=True, slots=True)
class OverdueUnit:
    """How much of a unit is overdue, for how long the oldest of it, and who can be reached."""

    unit_id: int
    unit: str
    count: int
    days: int
    reachable: bool
    liaison: str | None
    uses_bot: bool


@dataclass(frozen=True)
class Contacts:
    """Whom one turns to at each unit."""

    names: Mapping[int, str]
    liaisons: Mapping[int, Sequence[Holder]]
    without_bot: set[int]

    def of(self, unit_id: int) -> tuple[str | None, bool, bool]:
        """Give a unit's liaison (the one who can be reached, if any can), whether they can be, and whether it uses the bot."""
        holders = self.liaisons.get(unit_id, [])
        best = next((h for h in holders if h.reach == Reach.YES), holders[0] if holders else None)
        uses_bot = unit_id not in self.without_bot or best is not None
        return best.name if best else None, best is not None and best.reach == Reach.YES, uses_bot


def everything_overdue(work: Work) -> Filter:
    """Give the filter that leaves nothing out."""
    return Filter(until=work.at)


def list_overdue(
    work: Work, wanted: Filter | None = None, *, most: int | None = None, offset: int = 0
) -> list[Overdue]:
    """List what is owed past its due instant, worst first."""
    contacts = contacts_of(work)
    requested = {asked.obligation_id for asked in requests.waiting_extensions(work.tx)}
    found = []
    for due in overdue.dues(work.tx, wanted or everything_overdue(work), most=most, offset=offset):
        liaison, reachable, uses_bot = contacts.of(due.unit_id)
        days = days_overdue(due.due_at, work.at, work.policy.zone)
        found.append(Overdue(due, days, reachable, liaison, due.obligation_id in requested, uses_bot))
    return found


def filter_of(work: Work, words: str) -> Filter:
    """Read what is asked for on the command line, where the whole office is known.

    Raises: OfficeError naming the words that mean nothing, with the nearest that would.
    """
    understood = understand(work, words, None)
    if understood.unknown:
        first = understood.unknown[0]
        near = f"; the nearest are: {'、'.join(first.near)}" if first.near else ""
        raise OfficeError(f"there is no unit, task, leader, list, period or date {first.word}{near}")
    return understood.filter(work, None)


def overdue_units(work: Work, wanted: Filter | None = None) -> list[OverdueUnit]:
    """List the units of which something is overdue, the longest overdue first, of those the one with the most."""
    contacts = contacts_of(work)
    return [_unit(work, counted, contacts) for counted in overdue.by_unit(work.tx, wanted or everything_overdue(work))]


def contacts_of(work: Work) -> Contacts:
    """Look up whom one turns to at each unit."""
    known = ledger.units(work.tx)
    without_bot = {unit.id for unit in known if not unit.uses_bot}
    return Contacts({unit.id: unit.name for unit in known}, liaisons_by_unit(work), without_bot)


def liaisons_by_unit(work: Work) -> dict[int, list[Holder]]:
    """Give the liaisons of every unit."""
    found: dict[int, list[Holder]] = {}
    for holder in people.holders(work.tx, Role.LIAISON):
        if holder.unit_id is not None:
            found.setdefault(holder.unit_id, []).append(holder)
    return found


def units_without_bot(work: Work) -> set[int]:
    """Give the units that do not use the bot: they are phoned."""
    return {unit.id for unit in ledger.units(work.tx) if not unit.uses_bot}


def show_overdue(
    work: Work, to: Recipient, person: KnownPerson, words: str, *, page: int = 0, edits: int | None = None
) -> None:
    """Answer /overdue: each person sees what their right reaches, and of words that mean nothing the nearest that do.

    `edits` names the message that the page takes the place of.
    """
    within = bounds(person, Right.SEE_OVERDUE)
    understood = understand(work, words, within)
    if understood.unknown:
        ask_what_is_meant(work, to, words, understood, then="overdue_page", page=0)
        return
    wanted = understood.filter(work, within)
    units = overdue_units(work, wanted)
    total = sum(unit.count for unit in units)
    is_one = len(units) == 1
    pages = max(1, -(-(total if is_one else len(units)) // (TASKS_ON_A_PAGE if is_one else UNITS_ON_A_PAGE)))
    page = min(max(page, 0), pages - 1)
    shown = units if is_one else units[page * UNITS_ON_A_PAGE : (page + 1) * UNITS_ON_A_PAGE]
    say(
        work,
        to,
        Kind.OVERDUE,
        buttons=_buttons(person, words, page, pages, is_empty=not units),
        total=total,
        units=len(units),
        words=words,
        said=shown_conditions(understood),
        at=work.at.isoformat(),
        page=page + 1,
        pages=pages,
        groups=_shown_units(work, wanted, shown, first=page * TASKS_ON_A_PAGE if is_one else 0, is_one=is_one),
        **paused_for(work, person),
        measures=shown_overdue_measures(work, wanted) if page == 0 else [],
        **({"edits": edits} if edits is not None else {}),
    )


def turn_page(work: Work, to: Recipient, person: KnownPerson, by: int) -> bool:
    """Show the page after or before the one last shown in this chat; False where no list was."""
    last = outbox.last_of_kind(work.tx, to.chat_id, Kind.OVERDUE)
    if last is None:
        return False
    show_overdue(work, to, person, last.content["words"], page=last.content["page"] - 1 + by)
    return True


def last_words(work: Work, to: Recipient) -> str:
    """Give the words the list last shown in this chat was asked by; none where there was no list."""
    last = outbox.last_of_kind(work.tx, to.chat_id, Kind.OVERDUE)
    return str(last.content["words"]) if last is not None else ""


def ask_what_is_meant(
    work: Work, to: Recipient, words: str, understood: Understood, *, then: str, **values: Any
) -> None:
    """Name the words that mean nothing here, with buttons that put the nearest in the place of the first of them."""
    first = understood.unknown[0]
    choices = [{"do": then, "words": _replaced(words, first.word, name), "name": name, **values} for name in first.near]
    say(
        work,
        to,
        Kind.NOT_KNOWN,
        buttons=[[choice] for choice in choices[:CHOICES]],
        unknown=[{"word": each.word, "near": list(each.near)} for each in understood.unknown],
        said=shown_conditions(understood),
        then=then,
    )


def shown_conditions(understood: Understood) -> list[dict[str, str]]:
    """Give what is said of the conditions that were understood."""
    return [{"kind": said.kind, "shown": said.shown} for said in understood.said]


# --- in this module only ---------------------------------------------------------------------------------------------


def _unit(work: Work, counted: UnitOverdue, contacts: Contacts) -> OverdueUnit:
    liaison, reachable, uses_bot = contacts.of(counted.unit_id)
    return OverdueUnit(
        counted.unit_id,
        contacts.names[counted.unit_id],
        counted.count,
        days_overdue(counted.due_at, work.at, work.policy.zone),
        reachable,
        liaison,
        uses_bot,
    )


def _shown_units(
    work: Work, wanted: Filter, units: Sequence[OverdueUnit], *, first: int, is_one: bool
) -> list[dict[str, Any]]:
    shown = [unit.unit_id for unit in units]
    last = overdue.last_nudged(work.tx, only(wanted, shown)) if shown else {}
    requested = {asked.obligation_id for asked in requests.waiting_extensions(work.tx)}
    return [
        {
            "unit": unit.unit,
            "count": unit.count,
            "days": unit.days,
            "reachable": unit.reachable,
            "liaison": unit.liaison,
            "uses_bot": unit.uses_bot,
            "last_nudged": at.isoformat() if (at := last.get(unit.unit_id)) else None,
            "tasks": [
                {**_shown_task(work, due), "requested": due.obligation_id in requested}
                for due in overdue.dues(
                    work.tx,
                    only(wanted, [unit.unit_id]),
                    most=TASKS_ON_A_PAGE if is_one else _fitting(unit.count),
                    offset=first,
                )
            ],
            "is_whole": is_one,
        }
        for unit in units
    ]


def _fitting(count: int) -> int:
    return count if count <= TASKS_OF_A_UNIT else TASKS_OF_A_UNIT - 1  # the last line says how many more


def only(wanted: Filter, units: Sequence[int]) -> Filter:
    """Give a filter narrowed to these units."""
    return replace(wanted, units=tuple(units))


def _shown_task(work: Work, due: Due) -> dict[str, Any]:
    return {
        "no": due.no,
        "list": due.list,
        "period": due.period,
        "name": due.text[:16],
        "days": days_overdue(due.due_at, work.at, work.policy.zone),
        "returned": due.state == ObligationState.RETURNED,
    }


def _replaced(words: str, word: str, name: str) -> str:
    """Put a name in the place of a word, as far as it stands there as it was read."""
    if word in words:
        return words.replace(word, name, 1)
    return name


def _buttons(person: KnownPerson, words: str, page: int, pages: int, *, is_empty: bool) -> list[list[Action]]:
    turns = [(page - 1, "previous")] * (page > 0) + [(page + 1, "next")] * (page < pages - 1)
    rows: list[list[Action]] = [
        [{"do": "overdue_page", "words": words, "page": at, "label": label} for at, label in turns]
    ]
    rows.append([])
    if may(person, Right.SEE_BOARD) and not is_empty:
        rows[1] += [{"do": "board", "words": words}, {"do": "overdue_table", "words": words}]
    if may(person, Right.REMIND) and not is_empty:
        rows[1].append({"do": "remind", "words": words})
    return [row for row in rows if row]
