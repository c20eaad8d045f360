"""When a festival's days off are: officially arranged ones, else the statutory days."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

# 全国年节及纪念日放假办法, as chinesecalendar and holidays name them
FESTIVALS: Final = {
    "元旦": "New Year's Day",
    "春节": "Spring Festival",
    "清明节": "Tomb-sweeping Day",
    "清明": "Tomb-sweeping Day",
    "劳动节": "Labour Day",
    "五一节": "Labour Day",
    "五一": "Labour Day",
    "端午节": "Dragon Boat Festival",
    "端午": "Dragon Boat Festival",
    "中秋节": "Mid-autumn Festival",
    "中秋": "Mid-autumn Festival",
    "国庆节": "National Day",
    "国庆": "National Day",
    "十一": "National Day",
}


# the beginnings of the names that `holidays` gives them in English
_PREFIXES: Final = {
    "New Year's Day": "New Year",
    "Spring Festival": "Chinese New Year",
    "Tomb-sweeping Day": "Tomb",
    "Labour Day": "Labor",
    "Dragon Boat Festival": "Dragon",
    "Mid-autumn Festival": "Mid-Autumn",
    "National Day": "National",
}


@cache
def festival_days(name: str, year: int) -> tuple[date, ...]:
    """Return the days off of the festival that falls into this year, in order; empty if unknown.

    New Year's days off may begin in December: they belong to the year that begins.
    """
    import chinese_calendar  # noqa: PLC0415  (loaded when first asked)

    named = (day for day, label in chinese_calendar.holidays.items() if label == name)
    found = tuple(sorted(day for day in named if (day + timedelta(days=10)).year == year))
    return found or _statutory(name, year)


def _statutory(name: str, year: int) -> tuple[date, ...]:
    import holidays  # noqa: PLC0415  (160 ms, and only past the last official year)

    china = holidays.country_holidays("CN", years=year, expand=False, language="en_US")
    return tuple(sorted(day for day, label in china.items() if _PREFIXES[name] in label and day.year == year))
