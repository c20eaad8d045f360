"""A table that reached plain text as one cell a line, with or without a leading tab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from notices.block import Reading
from notices.columns import Header, headers, rows_below
from notices.layouts.cells import Cells, is_closed, make_row, tell_apart
from notices.layouts.numbering import chain, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notices.block import Block, Row

_NUMBER: Final = re.compile(r"\s*([0-9０-９]{1,3})\s*[.．、]?\s*")

# a cell: the index of its first line, and its lines
Cell = tuple[int, list[str]]


class CellTable:
    """Header and rows alike: every cell begins a line of its own."""

    def reads(self, block: Block) -> float:
        """Return 0.9 for a header printed one word a line."""
        found = headers(block.lines)
        if not found or not found[0].holds_tasks or found[0].start not in _task_headers(found):
            return 0
        return 0.9 if found[0].end - found[0].start >= len(found[0].columns) else 0

    def read(self, block: Block) -> Reading:
        """Read row by row: from one number cell to the next."""
        found = headers(block.lines)
        columns = found[0].columns[1:]
        cells = list(_cells(rows_below(block.lines, found), by_tab=block.lines[found[0].start].startswith("\t")))
        starts = chain(_numbers(cells), lambda start, end: _fits(found[0], cells[start + 1 : end]))
        rows: list[Row] = []
        for start, end, no in spans(starts, len(cells)):
            section = rows[-1].section if rows else None
            rows.append(make_row(columns, no, _placed(found[0], cells[start + 1 : end]), section))
        return Reading(tuple(rows), cells[starts[0][0]][0] if starts else 0)


def _task_headers(found: Sequence[Header]) -> set[int]:
    return {header.start for header in found if header.holds_tasks}


def _cells(lines: Iterable[tuple[int, str]], *, by_tab: bool) -> Iterable[Cell]:
    held: Cell | None = None
    for index, line in lines:
        if held and by_tab and not line.startswith("\t"):
            held[1].append(line)
            continue
        if held:
            yield held
        held = (index, [line])
    if held:
        yield held


def _numbers(cells: Sequence[Cell]) -> dict[int, int]:
    found = {at: _NUMBER.fullmatch(lines[0]) for at, (_, lines) in enumerate(cells) if len(lines) == 1}
    return {at: int(match[1]) for at, match in found.items() if match}


def _fits(header: Header, cells: Sequence[Cell]) -> bool:
    lines = [line for _, lines in cells for line in lines]
    return len(cells) == len(header.columns) - 1 or is_closed(header.columns[1:], lines)


def _placed(header: Header, cells: Sequence[Cell]) -> Cells:
    columns = header.columns[1:]
    if len(cells) == len(columns):
        return {index: lines for index, (_, lines) in enumerate(cells)}
    return tell_apart(columns, [line for _, lines in cells for line in lines])
