"""Who issued a document and when, as its signature and its imprint print it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from notices.numerals import date_in, year_of
from notices.page import squeeze

if TYPE_CHECKING:
    from datetime import date

    from notices.document import Document

_DATE_LINE: Final = re.compile(
    r"(.*?)((?:20[0-9]{2}|二[〇○零0][一二三四五六七八九〇○零]{2})年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日)"
)
_OFFICE: Final = re.compile(
    r"[\u4e00-\u9fff]{2,30}(?:人民政府|办公室|办公厅|委员会|管委会|督查室|领导小组|指挥部|委|局|厅|党组|工委)"
)
_YEAR: Final = re.compile(r"(20[0-9]{2}|二[〇○零0][一二三四五六七八九〇○零]{2})\s*年")
_LONGEST: Final = 60


def signature(document: Document) -> tuple[str | None, date | None]:
    """Return issuer and date: from the signature, else the issuers above the title and the imprint's date."""
    issuers: tuple[str, ...] = ()
    issued_on = None
    lines = document.body.lines
    for index, line in enumerate(lines):
        found = _DATE_LINE.fullmatch(squeeze(line)) if len(line.strip()) <= _LONGEST else None
        if found and (signed := _offices(found[1] or (lines[index - 1] if index else ""))):
            issuers, issued_on = signed, date_in(found[2])
        elif found and not found[1] and issued_on is None:
            issued_on = date_in(found[2])
    issuers = issuers or document.issuers
    return "、".join(issuers) or None, issued_on or _imprint(document)


def plan_year(document: Document, issued_on: date | None, text: str) -> int | None:
    """Return the year in the title, else of issue, else the one the text names most often; None without any."""
    if found := _YEAR.search(document.title):
        return year_of(found[1])
    if issued_on:
        return issued_on.year
    years = Counter(_YEAR.findall(text))
    return year_of(max(years, key=years.__getitem__)) if years else None


def _offices(line: str) -> tuple[str, ...]:
    words = line.split()
    return tuple(words) if words and all(map(_OFFICE.fullmatch, words)) else ()


def _imprint(document: Document) -> date | None:
    for line in reversed(document.closing):
        words = squeeze(line)
        if words.endswith("印发"):
            return date_in(words)
    return None
