"""A year's official arrangement of days off and make-up days, as a file in the schema of the holiday-cn data.

{"year": 2027, "papers": ["https://…"], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, …]}
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

LARGEST: Final = 200_000  # bytes: a year takes 4,000
EARLIEST_DAY: Final = 25  # of the December before, whose last days the next year's notice arranges
SENTENCES: Final = {
    "too_large": "the file is too large for an arrangement of days off",
    "not_json": "the file is not JSON",
    "shape": 'the file is not an arrangement of days off: it needs "year" and "days"',
    "year": "the year {value} cannot be an arrangement's; give 2000 to 2100",
    "empty": "the file for {year} holds no days: the arrangement is not published yet",
    "day": "day {value} is not written as {{name, date, isOffDay}}",
    "date": "{value} is not a date; write it like 2027-01-01",
    "outside": "{value} lies outside {year} and the last days of the December before",
    "twice": "{value} stands twice",
    "not_whole": "{value} is not in it as a day off: every year's arrangement has it, so something is missing",
}


class ArrangementError(ValueError):
    """A file that is no arrangement, or not a whole one; `code` and `values` say what is wrong."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(SENTENCES[code].format(**values))
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class ArrangedDay:
    """One day that is arranged: off, or worked on instead of another."""

    date: date
    name: str
    is_off: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What the State Council's notice says of one year, the days in order."""

    year: int
    papers: tuple[str, ...]
    days: tuple[ArrangedDay, ...]

    @property
    def workdays(self) -> dict[date, bool]:
        """Give each arranged day and whether it is worked on."""
        return {day.date: not day.is_off for day in self.days}

    def to_json(self) -> dict[str, Any]:
        """Give it in the file's schema."""
        days = [{"name": day.name, "date": day.date.isoformat(), "isOffDay": day.is_off} for day in self.days]
        return {"year": self.year, "papers": list(self.papers), "days": days}


def looks_arranged(data: bytes) -> bool:
    """Tell whether a file is meant as an arrangement: JSON that names days off."""
    return len(data) <= LARGEST and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"days"' in data


def read_arrangement(data: bytes) -> Arrangement:
    """Read a year's arrangement.

    Raises: ArrangementError.
    """
    if len(data) > LARGEST:
        raise ArrangementError("too_large")
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ArrangementError("not_json") from error
    return arrangement_from(found)


def arrangement_from(found: Any) -> Arrangement:
    """Check an arrangement in the file's schema.

    Raises: ArrangementError.
    """
    if not isinstance(found, dict) or not isinstance(found.get("days"), list) or "year" not in found:
        raise ArrangementError("shape")
    year = found["year"]
    if type(year) is not int or not 2000 <= year <= 2100:
        raise ArrangementError("year", value=str(year)[:20])
    if not found["days"]:
        raise ArrangementError("empty", year=year)
    days = sorted((_day(each, place, year) for place, each in enumerate(found["days"], 1)), key=lambda day: day.date)
    for one, other in pairwise(days):
        if one.date == other.date:
            raise ArrangementError("twice", value=one.date.isoformat())
    off = {day.date for day in days if day.is_off}
    for sure in (date(year, 1, 1), date(year, 10, 1)):
        if sure not in off:
            raise ArrangementError("not_whole", value=sure.isoformat())
    papers = found.get("papers")
    named = tuple(str(paper)[:200] for paper in papers[:10]) if isinstance(papers, list) else ()
    return Arrangement(year, named, tuple(days))


def _day(each: Any, place: int, year: int) -> ArrangedDay:
    is_day = isinstance(each, dict) and isinstance(each.get("date"), str) and isinstance(each.get("isOffDay"), bool)
    if not is_day:
        raise ArrangementError("day", value=place)
    try:
        day = date.fromisoformat(each["date"])
    except ValueError as error:
        raise ArrangementError("date", value=each["date"][:20]) from error
    if day.year != year and not (day.year == year - 1 and day.month == 12 and day.day >= EARLIEST_DAY):
        raise ArrangementError("outside", value=each["date"][:20], year=year)
    return ArrangedDay(day, str(each.get("name") or "")[:40], each["isOffDay"])
