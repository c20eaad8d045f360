"""A table's ruling lines and the glyphs between them become rows of cells, and tables go on over page breaks."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from notices.marked import BLANK, MERGED, SPANNED
from notices.page import squeeze
from notices.pdf.lines import lines_from, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdfplumber.table import Table

    from notices.pdf.glyphs import Glyph

# points; nothing legible stands in a narrower column or lower row: it is one line drawn twice, or sloppily
_NARROWEST: Final = 8.0
_LOWEST: Final = 4.0
_MOST_HEADER_ROWS: Final = 3


@dataclass(slots=True)
class PdfTable:
    """A table's cells as notices.marked writes them, in rows of one length."""

    edges: tuple[float, ...]
    rows: list[list[str]]

    def goes_on_in(self, other: PdfTable) -> bool:
        """Tell whether a table at the top of the next page has this one's columns."""
        if len(self.edges) != len(other.edges):
            return False
        return all(abs(one - two) < _NARROWEST for one, two in zip(self.edges, other.edges, strict=True))

    def take(self, other: PdfTable) -> None:
        """Take the rows of the next page, without the header printed again; cells the page break parted are put right."""
        rows = other.rows
        repeated = 0
        while repeated < min(_MOST_HEADER_ROWS, len(rows), len(self.rows)) and _same(
            rows[repeated], self.rows[repeated]
        ):
            repeated += 1
        rows = rows[repeated:]
        if rows:
            for column in range(len(rows[0])):
                self._mend(rows, column)
        self.rows += rows

    def _mend(self, rows: list[list[str]], column: int) -> None:
        """Put a parted cell's words where it begins: they may stand in the middle of it, on the next page."""
        first = len(self.rows) - 1
        while self.rows[first][column] == MERGED:
            first -= 1
        above, below = self.rows[first][column], rows[0][column]
        is_merged = len(rows) > 1 and rows[1][column] == MERGED
        is_number = column == 0 and below.strip().isdecimal()
        if is_merged and BLANK in {above, below}:
            self.rows[first][column], rows[0][column] = above if below == BLANK else below, MERGED
        elif is_number and above == BLANK:
            self.rows[first][column], rows[0][column] = below, BLANK


def table_of(table: Table, glyphs: Iterable[Glyph]) -> tuple[PdfTable | None, list[Glyph]]:
    """Return the table, None if it is only a frame, and the glyphs that stand in none of its cells."""
    left = list(glyphs)
    columns, column_of = _edges((x for cell in table.cells for x in (cell[0], cell[2])), _NARROWEST)
    rows, row_of = _edges((y for cell in table.cells for y in (cell[1], cell[3])), _LOWEST)
    if len(columns) < 3 or len(rows) < 2:
        return None, left
    begins: dict[tuple[int, int], tuple[int, int]] = {}
    for x0, top, x1, bottom in table.cells:
        first = row_of[top], column_of[x0]
        for row in range(first[0], row_of[bottom]):
            for column in range(first[1], column_of[x1]):
                begins.setdefault((row, column), first)
    within: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    outside = []
    for glyph in left:
        cell = begins.get((bisect_right(rows, glyph.y) - 1, bisect_right(columns, glyph.x) - 1))
        (within[cell] if cell else outside).append(glyph)
    words = {cell: "\n".join(marked(lines_from(each))) for cell, each in within.items()}
    grid = [
        [_cell((row, column), begins.get((row, column)), words) for column in range(len(columns) - 1)]
        for row in range(len(rows) - 1)
    ]
    return PdfTable(tuple(columns), grid), outside


def _edges(values: Iterable[float], nearest: float) -> tuple[list[float], dict[float, int]]:
    """Return the edges left to right, those nearer to each other as one, and which of them each value is."""
    edges: list[float] = []
    places: dict[float, int] = {}
    for value in sorted(set(values)):
        if not edges or value - edges[-1] >= nearest:
            edges.append(value)
        places[value] = len(edges) - 1
    return edges, places


def _cell(place: tuple[int, int], first: tuple[int, int] | None, words: dict[tuple[int, int], str]) -> str:
    if first is None or place[1] != first[1]:
        return SPANNED
    return words.get(first, BLANK) if place == first else MERGED


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [squeeze(cell) for cell in one] == [squeeze(cell) for cell in other]
