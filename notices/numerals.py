"""Which number Chinese or Arabic numerals write."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

NUMERAL: Final = r"(?:[0-9０-９]{1,4}|[一二三四五六七八九十两]{1,3})"

_ONES: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_DATE: Final = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_CHINESE_DATE: Final = re.compile(
    r"(二[〇○零0][一二三四五六七八九〇○零]{2})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)


def value_of(numeral: str) -> int:
    """Return the number, below a thousand where it is Chinese; 0 for what is none."""
    if numeral.isdecimal():
        return int(numeral)
    hundreds, hundred, rest = numeral.rpartition("百")
    if hundred:
        return 100 * _ONES.get(hundreds, 0) + (value_of(rest.lstrip("零")) if rest else 0)
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (_ONES.get(tens, 1) * 10 if ten else 0) + _ONES.get(ones, 0)


def date_in(text: str) -> date | None:
    """Return the first full date in a text without spaces."""
    if found := _DATE.search(text):
        return day_of(int(found[1]), int(found[2]), int(found[3]))
    if found := _CHINESE_DATE.search(text):
        return day_of(year_of(found[1]), value_of(found[2]), value_of(found[3]))
    return None


def year_of(digits: str) -> int:
    """Return the year that four digits write, Arabic or Chinese (二〇二五)."""
    return int("".join(sign if sign.isascii() else str(_ONES.get(sign, 0)) for sign in digits))


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
