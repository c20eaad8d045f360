"""How people write a task's number, and where the text behind it begins."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_DIGITS: Final = r"[0-9０-９]{1,3}"
_NUMERAL: Final = rf"(?:{_DIGITS}|[一二三四五六七八九十]{{1,3}})"
_END: Final = r"(?:\s*[：:、.．，,](?![0-9０-９])\s*|\s+|$)"

# `3.2万亩`, `3、4月份`, `3：30` are no prefixes: a mark that a digit follows belongs to a quantity, a date or a time
_PREFIX: Final = re.compile(
    rf"""[^\S\n]*(?:
        第\s*(?P<item>{_NUMERAL})\s*[项条号](?:任务)?{_END}
      | 任务\s*第?\s*(?P<task>{_NUMERAL})(?!\s*[个件类条家处万亿余多])\s*项?{_END}
      | [（(]\s*(?P<bracket>{_DIGITS})\s*[）)]\s*[、.．：:]?
      | (?P<plain>{_DIGITS})\s*(?:[.．、：:]|(?P<closing>[）)]))(?![0-9０-９])
    )\s*""",
    re.VERBOSE,
)
_CHOICE: Final = re.compile(rf"\s*(?:第?\s*({_NUMERAL})\s*[项条号]?|任务\s*第?\s*({_NUMERAL})\s*项?)\s*[.。．、]?\s*")
_ONES: Final = {sign: value for value, sign in enumerate("一二三四五六七八九", 1)}


class Prefix(NamedTuple):
    """A number at the start of a line: its value, where the text behind it begins, whether a bracket closes it."""

    no: int
    end: int
    bracketed: bool


def read_prefix(line: str) -> Prefix | None:
    """Read the task number that `line` starts with, or None; quantities, dates and times are none."""
    found = _PREFIX.match(line)
    no = _value(next(filter(None, found.groups()))) if found else 0
    if not found or not no:
        return None
    return Prefix(no, found.end(), bool(found["bracket"] or found["closing"]))


def read_choice(text: str) -> int | None:
    """Read a text that is nothing but a task number: `3`, `３`, `第3项`, `任务三`, `3.`, `（3）`."""
    if found := _CHOICE.fullmatch(text):
        return _value(found[1] or found[2]) or None
    prefix = read_prefix(text)
    return prefix.no if prefix and not text[prefix.end :].strip() else None


def _value(numeral: str) -> int:
    """Return the number, or 0 where the characters do not make one (十十)."""
    if numeral[0] not in _ONES and numeral[0] != "十":
        return int(numeral)
    tens, ten, ones = numeral.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return (_ONES.get(tens, 1) * 10 if ten else 0) + _ONES.get(ones, 0)
