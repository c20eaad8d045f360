"""A table that reached plain text with its cell borders: tabs, pipes or Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from notices.block import Reading
from notices.grid import Cell, Grid, Header, find_header, read_grid
from notices.marked import BREAK, MERGED, PIPE, marks_of, unmarked
from notices.outline import HEADINGS, STYLES
from notices.page import join, squeeze
from notices.units import is_unit, split_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.block import Block

_NUMBER: Final = re.compile(r"\s*[（(]?[0-9０-９]{1,5}[）)]?[.．、]?\s*")
_HEADING_LENGTH: Final = 60
_WIDEST: Final = 200

_SEPARATORS: Final = "、，,；;）)"

Line = tuple[int, list[str]]


class GridTable:
    """Rows and cells as the marks between them say; a cell broken over lines is joined again."""

    def read(self, block: Block) -> Reading | None:
        """Read every table of the block under its own header; headings between them are sections."""
        split = _split(block.lines)
        fewest = 2 if _is_framed(block.lines) else 3
        if sum(len(cells) >= fewest for cells in split) < 2:
            return None
        places, grid = _grid(block.lines, split)
        header = find_header(grid)
        taken = read_grid(grid) if header else None
        if header is None or taken is None or not taken.rows:
            return None
        return Reading(
            taken.rows,
            places[taken.begins_at],
            taken.unread,
            sure=0.95,
            aside=taken.aside,
            after=_after(block.lines, split),
            totals=taken.totals,
        )


def cells_of_lines(lines: Sequence[str]) -> list[list[str]]:
    """Return each line's cells without layout spaces; a line without marks is one cell."""
    return [[_cell(piece).words for piece in cells[:_WIDEST]] for cells in _split(lines)]


def _split(lines: Sequence[str]) -> list[list[str]]:
    framed = _is_framed(lines)
    return [_cells_of(line, framed=framed) for line in lines]


def _is_framed(lines: Sequence[str]) -> bool:
    """Tell whether the tables have pipes at their outer edges too."""
    piped = [line for line in lines if PIPE.search(line)]
    return 2 * sum(line.lstrip()[0] in "|｜" for line in piped) > len(piped)


def _after(lines: Sequence[str], split: Sequence[list[str]]) -> str:
    """Return the running text behind the table."""
    end = next((at for at in range(len(lines), 0, -1) if len(split[at - 1]) > 1), len(lines))
    return join(lines[end:])


def cells_of(row: str) -> tuple[Cell, ...]:
    """Return the cells of a row between pipes."""
    return tuple(map(_cell, _cells_of(row, framed=True)))


def _cells_of(line: str, *, framed: bool) -> list[str]:
    """Cut a line at its pipes, else at its tabs; `framed`: the table has pipes at its outer edges too."""
    pieces = PIPE.split(line)
    if len(pieces) == 1:
        return line.split("\t")
    start = 1 if framed and not pieces[0].strip() else 0
    end = -1 if framed and not pieces[-1].strip() and len(pieces) > 2 else len(pieces)
    return pieces[start:end]


def _grid(lines: Sequence[str], split: Sequence[list[str]]) -> tuple[list[int], Grid]:
    """Put lines to rows: a line that does not begin a row is more of the row above, or a heading across the table."""
    rows: list[Line] = []
    header: Header | None = None
    for index, (line, cells) in enumerate(zip(lines, split, strict=True)):
        width = len(header.columns) if header else 0
        is_framed = bool(index) and lines[index - 1].endswith("|")
        if is_framed:
            rows.append((index, list(cells)))
        elif header and rows and _is_more(rows[-1][1], cells, line, width, numbered=header.columns[0].kind == "no"):
            _append(rows[-1][1], cells)
        elif header and len(cells) == 1 and len(rows[-1][1]) == width and _ends_cell(rows[-1][1][-1], line):
            rows[-1][1][-1] += "\n" + line
        else:
            rows.append((index, list(cells)))
        if header is None and len(cells) > 1:
            header = find_header(Grid((tuple(map(_cell, cells)),)))
    return [index for index, _ in rows], Grid(tuple(tuple(map(_cell, cells)) for _, cells in rows))


def _is_more(row: Sequence[str], cells: Sequence[str], line: str, width: int, *, numbered: bool) -> bool:
    if len(row) >= width or not _NUMBER.fullmatch(row[0]) or len(row) < 2:
        return False
    if len(row) + len(cells) - 1 > width or not cells[0].strip() or line.lstrip().startswith("|"):
        return False
    if numbered and _NUMBER.fullmatch(cells[0]):
        return False
    return len(cells) > 1 or not _is_heading(line)


def _ends_cell(cell: str, line: str) -> bool:
    """Tell whether a line is the wrapped end of a row's last cell."""
    words = squeeze(line)
    if words[0] in _SEPARATORS or cell.rstrip()[-1:] in set(_SEPARATORS):
        return True
    units = split_units(cell)
    return bool(units) and not is_unit(units[-1]) and all(is_unit(name) for name in split_units(cell + words)[-1:])


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING_LENGTH and any(style.match(squeeze(line)) for style in STYLES[:HEADINGS])


def _append(row: list[str], cells: Sequence[str]) -> None:
    row[-1] += "\n" + cells[0]
    row += cells[1:]


def _cell(text: str) -> Cell:
    """Make a cell of a piece of text: <br> is a line end, quotation marks around it are the exporter's."""
    if text.strip() == MERGED:
        return Cell(is_merged=True)
    line = unmarked(BREAK.sub("\n", text.strip()))
    bold = marks_of(line)
    if len(line) > 1 and line[0] == line[-1] == '"':
        return Cell(line[1:-1], bold and bold[1:-1])
    return Cell(line, bold)
