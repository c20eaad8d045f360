"""What is asked for in plain words is understood (区教体局 一季度 超过5天), within what the asker may know of; the rest is named."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from office.chasing.inspections import LIST as MEASURES
from office.notice.assigning import today
from office.work import Work
from rules.conditions import least_days, month_and_day, names_of_period, task_number, words_of
from rules.periods import due_at, due_on
from storage import ledger, overdue
from storage.ledger import KnownUnit
from storage.overdue import Bounds, Filter

FILLERS = re.compile(  # they say nothing by themselves
    r"[的之和与及且在有谁了请看]|查看?|哪些|全部|所有|情况|(?:逾期|未报|未报送|没报|牵头)的?|截止|到期|单位|任务|时段|领导"
    r"|the|of|for|in|and|all|overdue|unit|task|period|leader|due|with|by|from|days"
)
NEAREST = 4  # names proposed for one that is not known
CUTOFF = 0.3  # how alike two names are at least, from 0 to 1
LEAST_PART = 2  # characters of a text looked for in names and tasks


@dataclass(frozen=True, slots=True)
class Said:
    """One condition that was understood: its kind and what is shown of it."""

    kind: str  # unit, leader, list, text, period, day, days or task
    shown: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that means nothing here, with the nearest that would."""

    word: str
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """What was asked for: the conditions, and the words that could not be read as one."""

    said: tuple[Said, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def units(self) -> tuple[int, ...]:
        """Give the units that were named."""
        return _values(self.said, "unit")

    @property
    def periods(self) -> tuple[str, ...]:
        """Give the labels of the periods that were named."""
        return _values(self.said, "period")

    def filter(self, work: Work, within: Bounds | None) -> Filter:
        """Give the conditions on what is overdue now."""
        least = _values(self.said, "days")
        days = [said for said in self.said if said.kind == "day"]
        until = due_at(date.fromordinal(today(work).toordinal() - max(least)), work.policy.zone) if least else work.at
        return Filter(
            until=min(until, work.at),
            units=self.units,
            periods=self.periods,
            due_at=_values(days, "day") if days else None,
            numbers=_values(self.said, "task"),
            lists=_values(self.said, "list"),
            leaders=_values(self.said, "leader"),
            texts=_values(self.said, "text"),
            within=within,
        )


def understand(work: Work, words: str, within: Bounds | None) -> Understood:
    """Read conditions out of plain words; only what lies within the bounds is known at all."""
    wanted = words_of(words)
    if not wanted:
        return Understood()
    reader = _Reader(work, within)
    said: list[Said] = []
    unknown: list[Unknown] = []
    for word in wanted:
        found = reader.read(word)
        if found is None:
            unknown.append(Unknown(word, reader.nearest(word)))
        else:
            said += [each for each in found if each not in said]
    return Understood(tuple(said), tuple(unknown))


def find_units(work: Work, words: str, within: Bounds | None = None) -> tuple[list[KnownUnit], list[str]]:
    """Find the units a name means: the one it names, else those whose name has it; and the nearest names where none has."""
    reader = _Reader(work, within)
    name = "".join(words_of(words))
    exact = [unit for unit in reader.units if name in _names(unit)]
    found = exact or [unit for unit in reader.units if name and any(name in each for each in _names(unit))]
    near = () if found else reader.near(name, (unit.name for unit in reader.units))
    return found, list(near)


@dataclass
class _Reader:
    """Reads one word after the other, by the names within some bounds."""

    work: Work
    within: Bounds | None

    def read(self, word: str) -> list[Said] | None:
        """Give what a word means, or the words it is put together of; None: nothing that is known here."""
        found = self._exact(word)
        if found is None:
            found = self._part(word)
        return found if found is not None else self._split(word)

    def nearest(self, word: str) -> tuple[str, ...]:
        """Give the names nearest to a word that is none."""
        names = [unit.name for unit in self.units]
        lists, leaders = self._lists_and_leaders
        return self.near(word, [*names, *leaders, *lists, *self._labels])

    def near(self, word: str, names: Iterable[str]) -> tuple[str, ...]:
        """Give those of the names that are like a word, the likest first."""
        plain = {name.lower(): name for name in names}
        return tuple(plain[name] for name in get_close_matches(word, plain, n=NEAREST, cutoff=CUTOFF))

    @cached_property
    def units(self) -> list[KnownUnit]:
        """List the units within the bounds."""
        known = ledger.units(self.work.tx)
        return known if self.within is None else [unit for unit in known if self._may_know(unit)]

    @cached_property
    def _labels(self) -> list[str]:
        return overdue.periods_within(self.work.tx, self.within)

    @cached_property
    def _lists_and_leaders(self) -> tuple[list[str], list[str]]:
        return overdue.lists_and_leaders(self.work.tx, self.within)

    @cached_property
    def _unit_names(self) -> Mapping[str, Said]:
        return {name: Said("unit", unit.name, (unit.id,)) for unit in self.units for name in _names(unit)}

    @cached_property
    def _other_names(self) -> Mapping[str, Said]:
        """Give what the names of leaders and lists mean, a leader before a list."""
        lists, leaders = self._lists_and_leaders
        found = {name.lower(): Said("list", name, (name,)) for name in (*lists, MEASURES)}
        return found | {name.lower(): Said("leader", name, (name,)) for name in leaders}

    @cached_property
    def _periods(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for label in self._labels:
            for name in names_of_period(label):
                found.setdefault(name, []).append(label)
        for year in {label[:4] for label in self._labels}:
            labels = [label for label in self._labels if label.startswith(year)]
            found |= dict.fromkeys(names_of_period(year), labels)
        return found

    @cached_property
    def _due_instants(self) -> dict[date, list[Any]]:
        found: dict[date, list[Any]] = {}
        for at in overdue.due_instants(self.work.tx, Filter(until=self.work.at, within=self.within)):
            found.setdefault(due_on(at, self.work.policy.zone), []).append(at)
        return found

    def _exact(self, word: str) -> list[Said] | None:
        """Read a word that is a whole name, a period, a number of days, a day, a task, or says nothing by itself."""
        if FILLERS.fullmatch(word):
            return []
        if word in self._unit_names:
            return [self._unit_names[word]]
        if (labels := self._periods.get(word)) is not None:
            return [Said("period", label, (label,)) for label in labels]
        figure = self._figure(word)
        return figure if figure is not None or word not in self._other_names else [self._other_names[word]]

    def _figure(self, word: str) -> list[Said] | None:
        """Read a word that is a number of days, a day or a task's number."""
        if (days := least_days(word)) is not None:
            return [Said("days", str(days), (days,))]
        if (day := month_and_day(word)) is not None:
            return [self._day(*day)]
        no = task_number(word)
        return [Said("task", str(no), (no,))] if no and overdue.has_task(self.work.tx, self.within, no=no) else None

    def _part(self, word: str) -> list[Said] | None:
        """Read a word that is a part of names (教体), else of tasks' texts."""
        if len(word) < LEAST_PART:
            return None
        if found := self._part_of_name(word):
            return found
        return [Said("text", word, (word,))] if overdue.has_task(self.work.tx, self.within, words=word) else None

    def _known(self, word: str) -> list[Said] | None:
        found = self._exact(word)
        return found if found is not None else self._part_of_name(word)

    def _part_of_name(self, word: str) -> list[Said] | None:
        if len(word) < LEAST_PART:
            return None
        for kind in ("unit", "leader", "list"):
            names = self._unit_names if kind == "unit" else self._other_names
            found = [said for name, said in names.items() if said.kind == kind and word in name]
            if found:
                return list(dict.fromkeys(found))
        return None

    def _split(self, word: str) -> list[Said] | None:
        """Read words written without a space between them: 区教体局一季度超过5天."""
        for end in range(len(word) - 1, 0, -1):
            head, rest = (self._known(part) for part in (word[:end], word[end:]))
            if head is None:
                continue
            rest = rest if rest is not None else self._split(word[end:])
            if rest is not None:
                return [*head, *rest]
        return None

    def _day(self, year: int | None, month: int, day: int) -> Said:
        """Mean the days of this date on which something overdue was due; without a year, whichever year."""
        found = {
            on: instants
            for on, instants in self._due_instants.items()
            if (on.month, on.day) == (month, day) and year in (None, on.year)
        }
        shown = max(found).isoformat() if found else f"{year or today(self.work).year:04}-{month:02}-{day:02}"
        return Said("day", shown, tuple(at for instants in found.values() for at in instants))

    @cached_property
    def _units_of_tasks(self) -> set[int]:
        return overdue.units_within(self.work.tx, self.within) if self.within is not None else set()

    def _may_know(self, unit: KnownUnit) -> bool:
        assert self.within is not None  # noqa: S101
        return unit.id in self.within.units or unit.id in self._units_of_tasks


def _names(unit: KnownUnit) -> list[str]:
    return [name.lower() for name in (unit.name, *unit.aliases)]


def _values(said: Iterable[Said], kind: str) -> tuple[Any, ...]:
    return tuple(value for each in said if each.kind == kind for value in each.values)
