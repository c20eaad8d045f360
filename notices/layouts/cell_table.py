"""A table that reached plain text as one cell a line, with or without a leading tab."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from notices.block import Reading
from notices.columns import Header, headers, left_aside, rows_below
from notices.groups import duty_of_heading
from notices.layouts.alignment import align
from notices.layouts.cells import is_closed, tell_apart
from notices.numbering import spans
from notices.outline import HEADINGS, Marker, marker_of, starts_of
from notices.responsibility import label_at
from notices.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notices.block import Block

_NUMBER: Final = re.compile(r"\s*[（(]?\s*([0-9０-９]{1,5})\s*[）)]?\s*[.．、]?\s*")
_HEADING_LENGTH: Final = 60

# a cell: the index of its first line, and its lines
Cell = tuple[int, list[str]]


class CellTable:
    """Header and rows alike: every cell begins a line of its own."""

    def read(self, block: Block) -> Reading | None:
        """Read row by row, from one number cell to the next, below a header printed one word a line."""
        found = headers(block.lines)
        if not found or not found[0].holds_tasks or found[0].end - found[0].start < len(found[0].columns):
            return None
        header = found[0]
        cells = list(_cells(rows_below(block.lines, found), by_tab=block.lines[header.start].startswith("\t")))
        starts = starts_of(_marks(cells), HEADINGS, lambda start, end: _fits(header, cells[start + 1 : end]))
        table = Table(header.columns)
        above = cells[: starts[0][0]] if starts else []
        for _, lines in above:
            table.head("".join(lines).strip())
        for start, end, no in spans(starts, len(cells)):
            own, headings = _without_headings(cells[start + 1 : end])
            table.take([[str(no)], *_placed(header, own)])
            for _, lines in headings:
                table.head("".join(lines).strip())
        return Reading(
            tuple(table.rows),
            cells[starts[0][0]][0] if starts else 0,
            tuple(table.unread),
            sure=0.9,
            aside=left_aside(header.columns),
        )


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


def _marks(cells: Sequence[Cell]) -> list[Marker]:
    """Return the cells that are a number, and the headings between rows."""
    found: list[Marker] = []
    for at, (_, lines) in enumerate(cells):
        number = _NUMBER.fullmatch(lines[0]) if len(lines) == 1 else None
        if number:
            found.append(Marker(at, HEADINGS, int(number[1]), 0, is_weak=False))
        elif _is_heading(lines) and (marker := marker_of(at, lines[0])):
            found.append(marker)
    return found


def _is_heading(lines: Sequence[str]) -> bool:
    words = lines[0].strip()
    if len(lines) > 1 or len(words) > _HEADING_LENGTH:
        return False
    marker = marker_of(0, words)
    return bool(marker and marker.level < HEADINGS) or label_at(words) == "leaders" or bool(_leads(words))


def _leads(words: str) -> bool:
    return "牵头" in words and bool(duty_of_heading(words).leaders)


def _without_headings(cells: Sequence[Cell]) -> tuple[Sequence[Cell], Sequence[Cell]]:
    """Part a row from the headings that follow it."""
    end = len(cells)
    while end > 1 and _is_heading(cells[end - 1][1]):
        end -= 1
    return cells[:end], cells[end:]


def _fits(header: Header, cells: Sequence[Cell]) -> bool:
    cells, _ = _without_headings(cells)
    lines = [line for _, lines in cells for line in lines]
    return len(cells) == len(header.columns) - 1 or is_closed(header.columns[1:], lines)


def _placed(header: Header, cells: Sequence[Cell]) -> list[list[str]]:
    columns = header.columns[1:]
    if len(cells) == len(columns):
        return [lines for _, lines in cells]
    if len(cells) < len(columns) or any(column.kind == "other" for column in columns):
        return align(columns, [lines for _, lines in cells])
    placed = tell_apart(columns, [line for _, lines in cells for line in lines])
    return [placed.get(index, []) for index in range(len(columns))]
