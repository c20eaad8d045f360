"""Which days are working days in China, and how surely that is known."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_OVERRIDES: Final[Mapping[date, bool]] = MappingProxyType({})
_ONE_DAY: Final = timedelta(days=1)


class WorkCalendar:
    """Answer from the office's overrides first, then the official arrangement, then a prediction marked provisional.

    Official: the State Council General Office's yearly notice on public holidays (国务院办公厅关于部分节假日安排的通知),
    with its make-up days, as chinesecalendar holds it. Beyond its last year `holidays` predicts from the statutory days
    (全国年节及纪念日放假办法), which knows no make-up days. Before its first year: Monday to Friday.
    """

    def __init__(self, overrides: Mapping[date, bool] = _NO_OVERRIDES) -> None:
        """Take overrides (True: a working day) of single days, or of a whole year's arrangement.

        A year whose 1 January and 1 October are both overridden as days off counts as arranged: every official notice
        names those two, so the rest of that year's list is complete, and no prediction is mixed into it.
        """
        self._overrides = dict(overrides)
        self._arranged = frozenset(day.year for day in self._overrides if self._is_arranged(day.year))
        self._days: dict[date, bool] = {}
        self._given = self._overrides

    def arranged(self, days: Mapping[date, bool]) -> WorkCalendar:
        """Give a calendar with these arrangements (True: a working day) on top of what this one was made with at first.

        So an arrangement that is left out this time is gone.
        """
        made = WorkCalendar({**self._given, **days})
        made._given = self._given
        return made

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on that day."""
        known = self._days.get(day)
        return known if known is not None else self._look_up(day)

    def is_provisional(self, day: date) -> bool:
        """Tell whether an official notice may still change that day.

        So are 29 to 31 December of the last official year: the next year's notice moved them for 2007, 2011 and 2018.
        """
        if day in self._overrides:
            return False
        if self._is_predicted(day.year):
            return True
        return day.month == 12 and day.day >= 29 and self._is_predicted(day.year + 1)

    def shift(self, day: date, workdays: int) -> date:
        """Return the n-th working day after `day` (n > 0) or before it (n < 0); 0 gives the day itself, working or not."""
        step = _ONE_DAY if workdays > 0 else -_ONE_DAY
        left = abs(workdays)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def nth(self, year: int, month: int, n: int) -> date:
        """Return the n-th working day of a month, -1 being its last; ValueError if it has no such day."""
        last = calendar.monthrange(year, month)[1]
        days = [day for day in (date(year, month, number) for number in range(1, last + 1)) if self.is_workday(day)]
        if n == 0 or not -len(days) <= n <= len(days):
            raise ValueError(f"{year}-{month:02d} has {len(days)} working days, none of them is number {n}")
        return days[n - 1 if n > 0 else n]

    def official_years(self) -> tuple[int, ...]:
        """Return the years whose arrangement is known, ascending."""
        first, last = _official_span()
        return tuple(sorted({*range(first, last + 1), *self._arranged}))

    def _is_arranged(self, year: int) -> bool:
        return all(self._overrides.get(date(year, month, 1)) is False for month in (1, 10))

    def _is_predicted(self, year: int) -> bool:
        return year > _official_span()[1] and year not in self._arranged

    def _look_up(self, day: date) -> bool:
        plain = date(day.year, day.month, day.day)  # a datetime is a date too, but hashes differently
        if plain not in self._days:
            off, on = (frozenset[date](), frozenset[date]()) if day.year in self._arranged else _exceptions(day.year)
            for each in _days_of(day.year):
                self._days[each] = each in on or (each.weekday() < 5 and each not in off)
            self._days.update((each, works) for each, works in self._overrides.items() if each.year == day.year)
        return self._days[plain]


def _days_of(year: int) -> list[date]:
    start = date(year, 1, 1)
    return [start + timedelta(days=n) for n in range(366 if calendar.isleap(year) else 365)]


@cache
def _official_span() -> tuple[int, int]:
    import chinese_calendar  # noqa: PLC0415  (loaded when first asked)

    return min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year


@cache
def _exceptions(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return a year's days off and its extra working days."""
    import chinese_calendar  # noqa: PLC0415

    first, last = _official_span()
    if year > last:
        return _predicted(year)
    if year < first:
        return frozenset(), frozenset()
    # the tables themselves: chinese_calendar.is_workday() costs 16 µs a day, its find_workday() raises across 31 December
    return frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)


def _predicted(year: int) -> tuple[frozenset[date], frozenset[date]]:
    import holidays  # noqa: PLC0415  (160 ms, and only needed past the last official year)

    # one year at a time: asked about another one, a HolidayBase silently grows by it
    china = holidays.country_holidays("CN", years=year, expand=False)
    return frozenset(china), frozenset(china.weekend_workdays)
