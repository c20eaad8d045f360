"""A numbered list under nested headings, each item ending in a labelled parenthesis that says who answers for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from notices.block import Reading, Row
from notices.layouts.numbering import chain, spans
from notices.page import join, squeeze
from notices.responsibility import take_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notices.block import Block

_ITEM: Final = re.compile(r"\s*([0-9０-９]{1,3})\s*[.．、]\s*(?:(?![0-9０-９])|(?=20[0-9]{2}\s*年))")
_HEADINGS: Final = (
    re.compile(r"\s*第[一二三四五六七八九十]{1,3}(?:部分|章|篇)"),
    re.compile(r"\s*[一二三四五六七八九十]{1,3}\s*、"),
    re.compile(r"\s*[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)]"),
)
_HEADING_LENGTH: Final = 60
_ITEM_BEHIND_HEADING: Final = re.compile(
    r"(\s*(?:[一二三四五六七八九十]{1,3}\s*、|[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)])[^。；]{2,60}?)\s[0-9]{1,3}[.．、]\s*(?![0-9])"
)
_LONE_NUMBER: Final = re.compile(r"\s*[0-9]{1,3}\s*")


class NumberedList:
    """Items by their running number, sections by the style of the headings' numbers, not by Markdown marks."""

    def reads(self, block: Block) -> float:
        """Return up to 0.7: the share of items with a responsibility."""
        rows = _rows(block)[0]
        return 0.7 * sum(row.duty.has_units for row in rows) / len(rows) if rows else 0

    def read(self, block: Block) -> Reading:
        """Read every item that says who answers for it; the others are reported as unread."""
        rows, begins_at = _rows(block)
        unread = tuple(f"{row.no}.{row.text}" for row in rows if not row.duty.has_units)
        return Reading(tuple(row for row in rows if row.duty.has_units), begins_at, unread)


def _rows(block: Block) -> tuple[list[Row], int]:
    places, lines = _lines(block)
    headings = {index: level for index, line in enumerate(lines) if (level := _level(line)) is not None}
    starts = chain(_numbers(lines), lambda start, end: _is_closed(lines[start:end]))
    sections = _sections(lines, headings)
    rows = []
    for start, end, no in spans(starts, len(lines)):
        last = next((index for index in range(start + 1, end) if index in headings), end)
        rows.append(_row(lines[start:last], no, sections[start]))
    return rows, places[starts[0][0]] if starts else 0


def _lines(block: Block) -> tuple[list[int], list[str]]:
    """Return the lines with their place in the block: lone page numbers left out, an item parted from its heading."""
    placed: list[tuple[int, str]] = []
    for index, line in enumerate(block.lines):
        item = _ITEM_BEHIND_HEADING.match(line)
        if item:
            placed += [(index, item[1]), (index, line[item.end(1) :])]
        elif not _LONE_NUMBER.fullmatch(line):
            placed.append((index, line))
    return [index for index, _ in placed], [line for _, line in placed]


def _row(lines: Sequence[str], no: int, section: str | None) -> Row:
    item = join([_ITEM.sub("", lines[0], count=1), *lines[1:]])
    text, duty, _ = take_apart(item)
    return Row(no, text, section, duty)


def _numbers(lines: Sequence[str]) -> dict[int, int]:
    found = {index: _ITEM.match(line) for index, line in enumerate(lines)}
    return {index: int(match[1]) for index, match in found.items() if match}


def _is_closed(lines: Sequence[str]) -> bool:
    last = next((line for line in reversed(lines) if _level(line) is None), "").rstrip()
    return last.endswith(("）", ")", "。", "”", "】", "〕"))


def _level(line: str) -> int | None:
    level = next((level for level, style in enumerate(_HEADINGS) if style.match(line)), None)
    return level if level is not None and len(line) <= _HEADING_LENGTH else None


def _sections(lines: Sequence[str], headings: Mapping[int, int]) -> list[str | None]:
    """Return for each line the headings in force, outermost first."""
    above: dict[int, str] = {}
    sections: list[str | None] = []
    for index, line in enumerate(lines):
        if index in headings:
            above = {level: words for level, words in above.items() if level < headings[index]}
            above[headings[index]] = squeeze(line)
        sections.append(" / ".join(above[level] for level in sorted(above)) or None)
    return sections
