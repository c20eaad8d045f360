"""What is overdue, and who can be reached about it: the list behind /overdue, the command line and the digests."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from office.inspections import shown_overdue_measures
from office.rights import Right, covers
from office.saying import Action, Kind, Recipient, say
from office.work import Work
from rules.numbering import read_choice
from rules.periods import days_overdue, due_on
from storage import ledger, nudges, people, requests
from storage.ledger import Due
from storage.people import Holder, KnownPerson
from storage.states import Reach, Role

UNITS_ON_A_PAGE = 10
TASKS_OF_A_UNIT = 8  # more are summed up: the list must stay readable on a phone


@dataclass(frozen=True, slots=True)
class Overdue:
    """One obligation past its due instant."""

    due: Due
    days: int
    reachable: bool
    liaison: str | None
    requested: bool  # a later due date was asked for and is not decided
    uses_bot: bool = True


def list_overdue(work: Work, words: str = "") -> list[Overdue]:
    """List everything owed past its due instant, worst first; `words` keep what names them (unit or its other names, leader, period, text)."""
    contacts = liaisons_by_unit(work)
    aliases = {unit.id: " ".join(unit.aliases) for unit in ledger.units(work.tx)} if words else {}
    without_bot = units_without_bot(work)
    requested = {asked.obligation_id for asked in requests.waiting_extensions(work.tx)}
    found = [
        _overdue(
            work,
            due,
            contacts.get(due.unit_id, []),
            uses_bot=due.unit_id not in without_bot,
            is_requested=due.obligation_id in requested,
        )
        for due in ledger.all_owed(work.tx, due_until=work.at)
        if _is_meant(work, due, words.split(), aliases.get(due.unit_id, ""))
    ]
    return sorted(found, key=lambda item: (-item.days, item.due.unit_id))


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


def by_unit(items: Iterable[Overdue]) -> list[list[Overdue]]:
    """Group a list of what is overdue by unit, the unit with the longest delay and the most tasks first."""
    ordered = sorted(items, key=lambda item: (item.due.unit_id, -item.days))
    groups = [list(group) for _, group in groupby(ordered, key=lambda item: item.due.unit_id)]
    return sorted(groups, key=lambda group: (-group[0].days, -len(group), group[0].due.unit_id))


def show_overdue(
    work: Work, to: Recipient, person: KnownPerson, words: str, *, page: int = 0, edits: int | None = None
) -> None:
    """Answer /overdue: each person sees what their right reaches.

    `edits` names the message that the page takes the place of.
    """
    visible = [item for item in list_overdue(work, words) if covers(person, Right.SEE_OVERDUE, item.due)]
    groups = by_unit(visible)
    pages = max(1, -(-len(groups) // UNITS_ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = groups[page * UNITS_ON_A_PAGE : (page + 1) * UNITS_ON_A_PAGE]
    say(
        work,
        to,
        Kind.OVERDUE,
        buttons=_page_buttons(words, page, pages),
        total=len(visible),
        units=len(groups),
        words=words,
        at=work.at.isoformat(),
        page=page + 1,
        pages=pages,
        groups=[_shown(work, group) for group in shown],
        measures=shown_overdue_measures(work, person, words),
        **({"edits": edits} if edits is not None else {}),
    )


def _is_meant(work: Work, due: Due, words: Sequence[str], aliases: str) -> bool:
    named = f"{due.unit_name} {aliases} {due.list} {' '.join(due.leaders)} {due.text}"
    dated = _names_of_time(due.period, due_on(due.due_at, work.policy.zone))
    return all(word in named or word.upper() in dated or _is_number(word, due.no) for word in words)


def _is_number(word: str, no: int) -> bool:
    return len(word) > 1 and not word.isdecimal() and read_choice(word) == no  # 任务3, 第3项; a bare 3 is in many texts


def _names_of_time(period: str, day: date) -> set[str]:
    """Give how people call a period and its due day: its label, 一季度, 3月, 上半年, with or without the year; 4月10日."""
    year, _, part = period.partition("-")
    names = {"Q": ["第{}季度", "{}季度"], "H": ["{}半年"], "W": ["第{}周"]}.get(part[:1], ["{}月"] if part else [])
    signs = {"Q": "一二三四", "H": "上下"}.get(part[:1])
    number = part.lstrip("QHW0")
    said = signs[int(number) - 1] if signs and number.isdecimal() and int(number) <= len(signs) else number
    spoken = {name.format(said) for name in names}
    return {period, *spoken, *(f"{year}年{name}" for name in spoken), f"{day.month}月{day.day}日", day.isoformat()}


def _overdue(work: Work, due: Due, liaisons: Sequence[Holder], *, uses_bot: bool, is_requested: bool) -> Overdue:
    best = next((holder for holder in liaisons if holder.reach == Reach.YES), liaisons[0] if liaisons else None)
    reachable = best is not None and best.reach == Reach.YES
    days = days_overdue(due.due_at, work.at, work.policy.zone)
    return Overdue(due, days, reachable, best.name if best else None, is_requested, uses_bot or best is not None)


def _shown(work: Work, group: Sequence[Overdue]) -> dict[str, Any]:
    last = nudges.last_nudged(work.tx, [item.due.obligation_id for item in group])
    return {
        "unit": group[0].due.unit_name,
        "count": len(group),
        "days": group[0].days,
        "reachable": group[0].reachable,
        "liaison": group[0].liaison,
        "uses_bot": group[0].uses_bot,
        "last_nudged": _iso(max(last.values(), default=None)),
        "tasks": [
            {
                "no": item.due.no,
                "list": item.due.list,
                "period": item.due.period,
                "name": item.due.text[:16],
                "days": item.days,
                "requested": item.requested,
            }
            for item in group[:TASKS_OF_A_UNIT]
        ],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _page_buttons(words: str, page: int, pages: int) -> list[list[Action]]:
    row: list[Action] = []
    if page > 0:
        row.append({"do": "overdue_page", "words": words, "page": page - 1, "label": "previous"})
    if page < pages - 1:
        row.append({"do": "overdue_page", "words": words, "page": page + 1, "label": "next"})
    return [row] if row else []
