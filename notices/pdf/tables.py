"""A table's ruling lines and the glyphs between them become rows of cells, and tables go on over page breaks."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from notices.marked import BLANK, MERGED, SPANNED
from notices.page import squeeze
from notices.pdf.lines import lines_from, marked
from notices.units import is_complete

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pdfplumber.table import Table

    from notices.pdf.glyphs import Glyph
    from notices.pdf.lines import Line

# points; nothing legible stands in a narrower column or lower row: it is one line drawn twice, or sloppily
_NARROWEST: Final = 8.0
_LOWEST: Final = 4.0
_MOST_HEADER_ROWS: Final = 3
_SEPARATORS: Final = frozenset("、，；。,; ")
_PADDING: Final = 11.0  # left and right of a cell's words, as Word leaves it
_SHORTEST_BROKEN: Final = 5  # signs; shorter full lines are persons' names in a narrow column


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
        elif below == BLANK and self.rows[-1][column] == MERGED:
            rows[0][column] = SPANNED  # the merged cell's last row, or a cell that is empty: not known


def table_of(table: Table, glyphs: Iterable[Glyph]) -> tuple[PdfTable | None, list[Glyph]]:
    """Return the table, None if it is only a frame, and the glyphs that stand in none of its cells."""
    left = list(glyphs)
    columns, column_of = _edges((x for cell in table.cells for x in (cell[0], cell[2])), _NARROWEST)
    rows, row_of = _edges((y for cell in table.cells for y in (cell[1], cell[3])), _LOWEST)
    if len(columns) < 3 or len(rows) < 2:
        return None, left
    begins: dict[tuple[int, int], tuple[int, int]] = {}
    widths: dict[tuple[int, int], float] = {}
    for x0, top, x1, bottom in table.cells:
        first = row_of[top], column_of[x0]
        widths[first] = x1 - x0
        for row in range(first[0], row_of[bottom]):
            for column in range(first[1], column_of[x1]):
                begins.setdefault((row, column), first)
    within: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    for glyph in left:
        cell = begins.get((bisect_right(rows, glyph.y) - 1, bisect_right(columns, glyph.x) - 1))
        (within[cell] if cell else outside).append(glyph)
    words = {cell: _words(lines_from(each), widths[cell]) for cell, each in within.items()}
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


def _words(lines: Sequence[Line], width: float) -> str:
    """Return a cell's words; names one a line are put together where the cell's edge broke them."""
    if _SEPARATORS.isdisjoint("".join(line.words for line in lines)):
        lines = _unbroken(lines, width)
    return "\n".join(map(marked, lines))


def _unbroken(lines: Sequence[Line], width: float) -> list[Line]:
    """Join a line that fills the cell and ends within a name to the next one."""
    whole: list[Line] = []
    is_broken = False
    for line in lines:
        if is_broken:
            whole[-1] = whole[-1].before(line)
        else:
            whole.append(line)
        is_full = width - line.width < line.glyphs[0].height + _PADDING
        is_broken = is_full and len(line.words) >= _SHORTEST_BROKEN and not is_complete(whole[-1].words)
    return whole


def _cell(place: tuple[int, int], first: tuple[int, int] | None, words: dict[tuple[int, int], str]) -> str:
    if first is None or place[1] != first[1]:
        return SPANNED
    return words.get(first, BLANK) if place == first else MERGED


def _same(one: Sequence[str], other: Sequence[str]) -> bool:
    return [squeeze(cell) for cell in one] == [squeeze(cell) for cell in other]
