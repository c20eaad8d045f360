"""A table of cells wherever it comes from (text, Markdown, Word, Excel, PDF), its header, and its rows under one reader."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from notices.columns import UNIT_KINDS, Column, Kind, label_kind, left_aside, merged
from notices.marked import Line
from notices.outline import marker_of
from notices.page import join, squeeze
from notices.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.block import Row

_SENTENCE: Final = re.compile(r"[。；;]")
_LONGEST_HEADER: Final = 24
_SHORT: Final = 12
_MOST_HEADER_ROWS: Final = 3
_LONGEST_HEADING: Final = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, line ends kept; `bold` has one mark per character where the source knows it.

    `is_merged`: the source says that it is one cell with that above; a line end alone says that it is empty in print.
    """

    text: str = ""
    bold: tuple[bool, ...] | None = None
    is_merged: bool = False

    @property
    def lines(self) -> list[str]:
        """Return the cell's lines that are not blank, each with its own marks."""
        pieces = self.text.split("\n")
        if self.bold is None:
            return [piece for piece in pieces if piece.strip()]
        starts = accumulate((len(piece) + 1 for piece in pieces), initial=0)
        return [
            Line(piece, self.bold[start : start + len(piece)])
            for start, piece in zip(starts, pieces, strict=False)
            if piece.strip()
        ]

    @property
    def words(self) -> str:
        """Return the cell's text without layout spaces."""
        return join(self.lines)


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells, top to bottom, left to right; rows may differ in length, a merged cell stands in its first place."""

    rows: tuple[tuple[Cell, ...], ...]


class Header(NamedTuple):
    """A grid's columns and its header rows [start, end)."""

    columns: tuple[Column, ...]
    start: int
    end: int

    @property
    def holds_tasks(self) -> bool:
        """Tell whether a list of tasks can stand below: a text column and a unit column."""
        kinds = {column.kind for column in self.columns}
        return "text" in kinds and not UNIT_KINDS.isdisjoint(kinds)


class Taken(NamedTuple):
    """What was read out of a grid: rows, unread rows as printed, columns left aside, closing rows with totals."""

    rows: tuple[Row, ...]
    unread: tuple[str, ...]
    begins_at: int
    aside: tuple[str, ...]
    totals: tuple[str, ...]


def find_header(grid: Grid, start: int = 0) -> Header | None:
    """Find the first rows whose cells are column labels; a second row (quarters) goes under the first."""
    for at in range(start, len(grid.rows)):
        header = _header_at(grid, at)
        if header:
            return header
    return None


def read_grid(grid: Grid) -> Taken | None:
    """Read a grid's rows below its headers; None if it holds no tasks."""
    header = find_header(grid)
    if header is None:
        return None
    table = Table(header.columns)
    for words in _headings_above(grid, header.start):
        table.head(words)
    tables = [table]
    begins_at = None
    above: Sequence[Cell] = ()
    index = header.end
    while index < len(grid.rows):
        row = grid.rows[index]
        again = _header_at(grid, index)
        if again:
            if again.columns != table.columns:
                table = Table(again.columns)
                table.follow(tables[-1])
                tables.append(table)
            index = again.end
            continue
        if not _is_rule(row) and not _repeats(row, table.columns):
            above = _with_merged(row, above)
            table.take(
                [cell.lines for cell in above],
                merged=frozenset(at for at, cell in enumerate(above) if cell.is_merged),
                blank=frozenset(at for at, cell in enumerate(above) if cell.text and not cell.lines),
            )
            if begins_at is None and any(each.rows for each in tables):
                begins_at = index
        index += 1
    rows = tuple(row for each in tables for row in each.rows)
    aside = tuple(dict.fromkeys(label for each in tables if each.rows for label in left_aside(each.columns)))
    unread = tuple(words for each in tables for words in each.unread)
    return Taken(rows, unread, begins_at or 0, aside, tuple(words for each in tables for words in each.totals))


def _with_merged(row: Sequence[Cell], above: Sequence[Cell]) -> list[Cell]:
    """Put into the row's merged cells what stands in the cells above them."""
    return [
        replace(above[at], is_merged=True) if cell.is_merged and at < len(above) else cell
        for at, cell in enumerate(row)
    ]


def _headings_above(grid: Grid, start: int) -> list[str]:
    """Return the numbered headings that stand right above the first header, outermost first."""
    found: list[str] = []
    while start and len(grid.rows[start - 1]) == 1:
        start -= 1
        words = grid.rows[start][0].words
        if len(words) > _LONGEST_HEADING or words.endswith("。") or not marker_of(0, words):
            break
        found.insert(0, words)
    return found


def _header_at(grid: Grid, start: int) -> Header | None:
    row = grid.rows[start]
    if len(row) < 2 or row[0].text.strip().isdecimal() or any(len(cell.text) > 3 * _LONGEST_HEADER for cell in row):
        return None
    if not _is_header(row) or sum(_label(cell) is not None for cell in row) < 2:
        return None
    end = start + 1
    columns = [Column(label_kind(words) or "other", words) for words in (cell.words for cell in row)]
    if not columns[0].label or any(re.search(r"[0-9]$", column.label) for column in columns):
        return None
    while end < min(start + _MOST_HEADER_ROWS, len(grid.rows)) and _is_second(grid.rows[end], columns):
        columns = _under(columns, grid.rows[end])
        end += 1
    header = Header(merged(_spanned(columns)), start, end)
    return _one_text(header, grid) if header.holds_tasks else None


def _spanned(columns: Sequence[Column]) -> list[Column]:
    """Give the columns without a label, which a label of units spans, that label."""
    found: list[Column] = []
    for column in columns:
        spans = found and not column.label and found[-1].kind in UNIT_KINDS
        found.append(found[-1] if spans else column)
    return found


def _one_text(header: Header, grid: Grid) -> Header:
    """Keep one text column: a short name before it is a category, everything behind it no part of the task."""
    places = [at for at, column in enumerate(header.columns) if column.kind == "text"]
    if len(places) < 2:
        return header
    first, second = places[:2]
    lengths = [[len(row[at].words) for row in grid.rows[header.end :] if at < len(row)] for at in (first, second)]
    own, other = (sum(each) / max(1, sum(bool(length) for length in each)) for each in lengths)
    named = own <= _SHORT and other > 2 * own
    merged_down = lengths[0].count(0) > lengths[1].count(0)
    task = second if named or merged_down else first
    kinds: dict[int, Kind] = {at: "category" if at < task else "other" for at in places if at != task}
    columns = tuple(
        replace(column, kind=kinds[at]) if at in kinds else column for at, column in enumerate(header.columns)
    )
    return header._replace(columns=columns)


def _label(cell: Cell) -> Kind | None:
    return label_kind(cell.words) if len(cell.text) <= 3 * _LONGEST_HEADER else None


def _is_header(row: Sequence[Cell]) -> bool:
    words = [cell.words for cell in row if cell.words]
    return all(len(each) <= _LONGEST_HEADER and not _SENTENCE.search(each) for each in words)


def _is_second(row: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """Tell whether a row stands under a header row as part of it: labels only, nothing in the number column."""
    filled = [(at, cell) for at, cell in enumerate(row) if cell.words]
    if not filled or not _is_header(row) or any(at >= len(columns) for at, _ in filled):
        return False
    if any(columns[at].kind == "no" and cell.words != columns[at].label for at, cell in filled):
        return False
    return all(_label(cell) for _, cell in filled)


def _under(columns: Sequence[Column], row: Sequence[Cell]) -> list[Column]:
    words = [row[at].words if at < len(row) else "" for at in range(len(columns))]
    return [
        Column(label_kind(below) or "other", below) if below else column
        for below, column in zip(words, columns, strict=True)
    ]


def _is_rule(row: Sequence[Cell]) -> bool:
    return all(not cell.words.strip("-:：—=") for cell in row)


def _repeats(row: Sequence[Cell], columns: Sequence[Column]) -> bool:
    same = sum(squeeze(cell.words) == column.label for cell, column in zip(row, columns, strict=False) if cell.words)
    return same >= 2
