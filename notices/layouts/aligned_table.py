"""A table whose columns only spaces keep apart, as layout-preserving PDF converters print it (pdftotext -layout)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from notices.block import Reading
from notices.columns import Column, Header, headers, left_aside
from notices.groups import duty_of_heading
from notices.outline import HEADINGS, marker_of
from notices.page import squeeze
from notices.people import is_person
from notices.table import CLOSING, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notices.block import Block

_SEGMENT: Final = re.compile(r"\S+(?: \S+)*")
_WORD: Final = re.compile(r"\S+")
_NUMBER: Final = re.compile(r"[（(]?([0-9]{1,5})[）)]?[.．、]?")
_FEWEST_COLUMNS: Final = 3
_ALIGNED: Final = 0.6
_HEADING_LENGTH: Final = 60
_NEAR: Final = 1
_MOST_MEASURED: Final = 500


class _Segment(NamedTuple):
    """A piece of a line between wide gaps, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Columns with the places their labels take, measured in characters or in printed widths."""

    header: Header
    places: tuple[tuple[int, int], ...]
    width: Callable[[str], int]

    def segments(self, line: str) -> list[_Segment]:
        """Cut a line at its wide gaps, and where a word begins just under the next column's label."""
        return [piece for segment in _closed(self._cut(line, _SEGMENT)) for piece in self._parted(line, segment)]

    def column_of(self, segment: _Segment) -> int:
        """Return the column whose label stands over a segment, else the nearest."""
        return max(range(len(self.places)), key=lambda at: _overlap(self.places[at], segment))

    def _cut(self, line: str, pattern: re.Pattern[str]) -> list[_Segment]:
        return [
            _Segment(found[0], start := self.width(line[: found.start()]), start + self.width(found[0]))
            for found in pattern.finditer(line)
        ]

    def _parted(self, line: str, segment: _Segment) -> list[_Segment]:
        covered = [place for place in self.places if segment.start < place[0] < segment.end]
        if not covered:
            return [segment]
        pieces: list[_Segment] = []
        for word in self._cut(line, _WORD):
            if not segment.start <= word.start < segment.end:
                continue
            begins = any(abs(word.start - place[0]) <= _NEAR for place in covered)
            if pieces and not begins:
                pieces[-1] = _Segment(f"{pieces[-1].text} {word.text}", pieces[-1].start, word.end)
            else:
                pieces.append(word)
        return pieces


class AlignedTable:
    """Cells by where they stand under the header's labels, rows by the numbers in the first column."""

    def read(self, block: Block) -> Reading | None:
        """Read the table below a one-line header with wide gaps, if its lines keep to the columns."""
        found = [header for header in headers(block.lines) if header.holds_tasks]
        if not found or len(found[0].columns) < _FEWEST_COLUMNS:
            return None
        ruler = _ruler(block.lines, found)
        if ruler is None:
            return None
        within = {index for header in headers(block.lines) for index in range(header.start, header.end)}
        lines = [(index, block.lines[index]) for index in range(found[0].end, len(block.lines)) if index not in within]
        return _read(ruler, lines)


def _read(ruler: _Ruler, lines: Sequence[tuple[int, str]]) -> Reading | None:
    table = Table(ruler.header.columns)
    rows: list[tuple[int, list[list[str]]]] = []
    above: list[str] = []
    closing: list[str] = []
    for index, line in lines:
        segments = ruler.segments(line)
        cells = _cells(ruler, segments)
        if CLOSING.match(squeeze(line)):
            closing.append(squeeze(line))
        elif cells[0] and _NUMBER.fullmatch(cells[0][0]):
            _flush(table, rows, above)
            rows.append((index, cells))
        elif len(segments) == 1 and _is_heading(segments[0].text):
            above.append(segments[0].text)
        elif rows and not above:
            for at, more in enumerate(cells):
                rows[-1][1][at].extend(more)
        else:
            return _centred(lines)
    _flush(table, rows, above)
    if not table.rows:
        return None
    aside = left_aside(ruler.header.columns)
    return Reading(tuple(table.rows), rows[0][0], tuple(table.unread), sure=0.85, aside=aside, totals=tuple(closing))


def _centred(lines: Sequence[tuple[int, str]]) -> Reading:
    """Give up a table whose numbers stand in the middle of their rows: which lines belong to which row cannot be told."""
    return Reading((), lines[0][0], (" ".join(squeeze(line) for _, line in lines),), sure=0.85)


def _flush(table: Table, rows: list[tuple[int, list[list[str]]]], above: list[str]) -> None:
    """Give the last row, now complete, to the table, and then the headings that stand below it."""
    if rows:
        table.take(rows[-1][1])
    for words in above:
        table.head(words)
    above.clear()


def _cells(ruler: _Ruler, segments: Sequence[_Segment]) -> list[list[str]]:
    cells: list[list[str]] = [[] for _ in ruler.places]
    for segment in segments:
        cells[ruler.column_of(segment)].append(segment.text)
    return cells


def _ruler(lines: Sequence[str], found: Sequence[Header]) -> _Ruler | None:
    """Measure by characters and by printed width, and keep what fits the lines better; None if neither does."""
    header = found[0]
    if header.end - header.start != 1:
        return None
    best, most = None, _ALIGNED
    pieces = [(line, _SEGMENT.findall(line)) for line in lines[header.end :]]
    numbered = [words for _, words in pieces if _NUMBER.fullmatch(words[0])]
    if sum(len(words) >= _FEWEST_COLUMNS for words in numbered) <= _ALIGNED * len(numbered):
        return None
    below = [line for line, words in pieces if len(words) > 1][:_MOST_MEASURED]
    for width in (len, _printed_width):
        places = _places(lines[header.start], header.columns, width)
        if places is None:
            return None
        ruler = _Ruler(header, _widened(places, below, width), width)
        share = sum(_keeps(ruler, line) for line in below) / len(below)
        if share > most:
            best, most = ruler, share
    return best


def _places(line: str, columns: Sequence[Column], width: Callable[[str], int]) -> tuple[tuple[int, int], ...] | None:
    """Return where each label stands in the header's line; None if two of them are not apart."""
    places: list[tuple[int, int]] = []
    at = 0
    for column in columns:
        start = None
        for sign in column.label:
            at = line.find(sign, at)
            if at < 0:
                return None
            start = at if start is None else start
            at += 1
        places.append((width(line[:start]), width(line[:at])))
        following = line[at:]
        if following.strip() and len(following) - len(following.lstrip()) < 2:
            return None
    return tuple(places)


def _widened(
    places: tuple[tuple[int, int], ...], lines: Sequence[str], width: Callable[[str], int]
) -> tuple[tuple[int, int], ...]:
    """Stretch the columns over the segments that stand under one label only."""
    reach = [list(place) for place in places]
    for line in lines:
        for found in _SEGMENT.finditer(line):
            start = width(line[: found.start()])
            segment = _Segment(found[0], start, start + width(found[0]))
            under = [at for at, place in enumerate(places) if _overlap(place, segment) > 0]
            if len(under) == 1:
                own = reach[under[0]]
                left = places[under[0] - 1][1] if under[0] else 0
                own[0], own[1] = max(left, min(own[0], segment.start)), max(own[1], segment.end)
    return tuple((start, end) for start, end in reach)


def _keeps(ruler: _Ruler, line: str) -> bool:
    """Tell whether every segment of a line stands in a column of its own, in order."""
    columns = [ruler.column_of(segment) for segment in ruler.segments(line)]
    return all(before < after for before, after in pairwise(columns))


def _overlap(place: tuple[int, int], segment: _Segment) -> int:
    """Return how far a segment stands under a place; below 0 how far beside it."""
    return min(place[1], segment.end) - max(place[0], segment.start)


def _closed(segments: Sequence[_Segment]) -> list[_Segment]:
    """Close the gap inside two-character names (顾  宁)."""
    closed: list[_Segment] = []
    for segment in segments:
        if closed and len(segment.text) == 1 == len(closed[-1].text) and is_person(closed[-1].text + segment.text):
            closed[-1] = _Segment(closed[-1].text + segment.text, closed[-1].start, segment.end)
        else:
            closed.append(segment)
    return closed


def _is_heading(words: str) -> bool:
    marker = marker_of(0, words)
    if len(words) > _HEADING_LENGTH:
        return False
    return bool(marker and marker.level < HEADINGS) or bool("牵头" in words and duty_of_heading(words).leaders)


def _printed_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
