"""What people ask by in plain words: 超过5天, 一季度, 2025-Q1, March 2025, 4月10日, 第3项; nothing here knows any name."""

import re
import unicodedata
from datetime import date
from typing import Final

from rules.numbering import read_choice
from rules.numerals import NUMERAL, value_of

LEAP_YEAR: Final = 2024  # a day without a year may be any year's
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = "(" + "|".join(MONTHS) + r")[a-z]{0,6}\.?"
_JOINED: Final = re.compile(  # what English writes with spaces is one word here
    rf"(?:over|more than|longer than|at least)\s+\d{{1,3}}\s*(?:days?|weeks?)?|tasks?\s+\d{{1,3}}|item\s+\d{{1,3}}"
    rf"|[qh][1-4]\s+20\d\d|20\d\d\s+[qh][1-4]|week\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH}(?:\s+20\d\d)?"
    rf"|{_MONTH}\s+\d{{1,2}}(?:,?\s+20\d\d)?(?!\d)|{_MONTH}\s+20\d\d"
    r"|(?:超过|超|大于|多于|逾期)\s+\d{1,3}\s*(?:天|日|周|个月)|\d{1,3}\s+天(?:以上)?|第\s*\d{1,3}\s*项|任务\s+\d{1,3}"
)
_APART: Final = re.compile(r"[\s,，、;；]+")
_UNITS: Final = {"天": 1, "日": 1, "day": 1, "days": 1, "": 1, "周": 7, "星期": 7, "week": 7, "weeks": 7, "个月": 30}
_SPAN: Final = rf"({NUMERAL})(天|日|周|星期|个月|days?|weeks?)"
_MORE: Final = re.compile(rf"(?:逾期|已)?(?:超过|超出|超|大于|多于|>|over|morethan|longerthan){_SPAN}(?:的|以上)?")
_LEAST: Final = re.compile(
    rf"(?:逾期)?(?:至少|不少于|不低于|满|>=|≥|atleast)?{_SPAN}(?:以上|及以上|或以上|\+)(?:的)?"
    rf"|(?:逾期)?(?:至少|不少于|不低于|满|>=|≥|atleast|逾期){_SPAN}(?:的)?"
)
_DAY: Final = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})[日号]?(?:截止|到期|前)?")
_DAY_FIRST: Final = re.compile(rf"(\d{{1,2}}){_MONTH}(20\d\d)?")
_MONTH_FIRST: Final = re.compile(rf"{_MONTH}(\d{{1,2}})(20\d\d)?")
_TASK: Final = re.compile(r"(?:tasks?|item|no\.|#|№)(\d{1,3})|(\d{1,3})号任务")
_SIGNS: Final = {"Q": "一二三四", "H": "上下"}


def words_of(text: str) -> list[str]:
    """Split what was asked into words: full-width signs folded, lower case, what belongs together kept together."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    joined = _JOINED.sub(lambda found: re.sub(r"[\s,]+", "", found[0]), plain)
    return [word for word in _APART.split(joined) if word]


def least_days(word: str) -> int | None:
    """Read how many days overdue are meant at least: 超过5天 is 6, 5天以上 is 5, 超过一周 is 8. None: it is no such word."""
    if found := _MORE.fullmatch(word):
        return _days(found[1], found[2]) + 1
    if found := _LEAST.fullmatch(word):
        return max(1, _days(found[1] or found[3], found[2] or found[4]))
    return None


def month_and_day(word: str) -> tuple[int | None, int, int] | None:
    """Read a date: its year where it was written, month, day. None: it is none."""
    if found := _DAY.fullmatch(word):
        year, month, day = found[1], int(found[2]), int(found[3])
    elif found := _DAY_FIRST.fullmatch(word):
        year, month, day = found[3], MONTHS.index(found[2]) + 1, int(found[1])
    elif found := _MONTH_FIRST.fullmatch(word):
        year, month, day = found[3], MONTHS.index(found[1]) + 1, int(found[2])
    else:
        return None
    try:
        date(int(year or LEAP_YEAR), month, day)
    except ValueError:
        return None
    return (int(year) if year else None, month, day)


def task_number(word: str) -> int | None:
    """Read a task's number: 第3项, 任务三, 3, task3, #3. None: it is none."""
    found = _TASK.fullmatch(word)
    return int(found[1] or found[2]) if found else read_choice(word)


def names_of_period(label: str) -> set[str]:
    """Give how people call a period by its label, in the form of `words_of`: 一季度, q1, 2025年3月, mar2025, 上半年, 第10周."""
    year, _, part = label.partition("-")
    if not part:
        return {label.lower(), f"{label}年", f"{label}年度", f"{label}全年"}
    kind, number = (part[0], part[1:].lstrip("0")) if part[0] in "QHW" else ("M", part.lstrip("0"))
    if not number.isdecimal():
        return {label.lower()}
    names = _names_within_year(kind, int(number))
    plain = f"{part}".lower() if kind != "M" else None
    dated = {f"{year}年{name}" for name in names} | {f"{year}{name}" for name in names} | {label.lower()}
    dated |= {f"{name}{year}" for name in names}
    if plain is not None:
        names = {*names, plain}
        dated |= {f"{year}{plain}", f"{plain}{year}", f"{year}年{plain}"}
    elif int(number) <= 12:
        short = MONTHS[int(number) - 1]
        dated |= {f"{short}{year}", f"{year}{short}", f"{year}-{int(number)}", f"{year}年{int(number)}"}
    return names | dated


def chinese_period(label: str) -> str:
    """Name a period as documents do: 2025年一季度, 2025年3月, 2025年上半年, 2025年第10周, 2025年; another label stands as it is."""
    year, _, part = label.partition("-")
    kind, number = part[:1], part.lstrip("QHW").lstrip("0")
    if not part:
        return f"{year}年"
    if kind in _SIGNS and number.isdecimal() and int(number) <= len(_SIGNS[kind]):
        return f"{year}年{_SIGNS[kind][int(number) - 1]}{'季度' if kind == 'Q' else '半年'}"
    if kind == "W" and number.isdecimal():
        return f"{year}年第{number}周"
    return f"{year}年{number}月" if number.isdecimal() and kind.isdecimal() else label


def _names_within_year(kind: str, number: int) -> set[str]:
    signs = _SIGNS.get(kind, "")
    if kind == "Q":
        said = signs[number - 1] if 1 <= number <= 4 else str(number)
        return {f"{sign}{name}" for sign in (said, f"第{said}", str(number), f"第{number}") for name in ("季度", "季")}
    if kind == "H":
        return {f"{signs[number - 1]}半年"} if 1 <= number <= 2 else set()
    if kind == "W":
        return {f"第{number}周", f"{number}周", f"week{number}"}
    chinese = {sign for sign in _CHINESE_MONTHS if _CHINESE_MONTHS[sign] == number}
    english = {MONTHS[number - 1], _ENGLISH_MONTHS[number - 1]} if 1 <= number <= 12 else set()
    return {f"{sign}{name}" for sign in ({str(number)} | chinese) for name in ("月", "月份")} | english


_CHINESE_MONTHS: Final = {sign: place for place, sign in enumerate("一二三四五六七八九十", 1)} | {
    "十一": 11,
    "十二": 12,
}
_ENGLISH_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def _days(number: str, unit: str) -> int:
    return value_of(number) * _UNITS[unit]
