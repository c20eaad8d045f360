"""A table as PDF text: number and first cell on one line, cells broken over lines, the header again on each page."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from notices.block import Reading
from notices.columns import headers, rows_below
from notices.layouts.cells import is_closed, tell_apart
from notices.numbering import chain, spans
from notices.table import Table
from notices.units import is_unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notices.block import Block
    from notices.columns import Header

# 6 月底 is a deadline, no row
_NUMBER: Final = re.compile(r"\s*([0-9０-９]{1,5})(?:\s+(?![月年日号%％])|\s*$)")


class FragmentTable:
    """Rows found by their running number, cells by what can stand in their column."""

    def read(self, block: Block) -> Reading | None:
        """Read row by row, from one running number to the next, below any header of a task table."""
        found = headers(block.lines)
        if not found or not found[0].holds_tasks:
            return None
        columns = found[0].columns[1:]
        below = list(rows_below(block.lines, found))
        lines = [line for _, line in below]
        numbers = _numbers(found[0], lines)
        sure = _sure(lines, numbers)
        starts = chain(numbers, lambda start, end: end in sure or is_closed(columns, _unnumbered(lines[start:end])))
        table = Table(found[0].columns)
        for start, end, no in spans(starts, len(lines)):
            placed = tell_apart(columns, _unnumbered(lines[start:end]))
            table.take([[str(no)], *(placed.get(index, []) for index in range(len(columns)))])
        return Reading(tuple(table.rows), below[starts[0][0]][0] if starts else 0, tuple(table.unread), sure=0.8)


def _numbers(header: Header, lines: Sequence[str]) -> dict[int, int]:
    """Return the line-initial numbers; where the unit comes first, only those a unit can follow."""
    found: dict[int, int] = {}
    for index, line in enumerate(lines):
        match = _NUMBER.match(line)
        if match and (header.kinds[1] not in {"lead", "shared"} or _unit_follows(line[match.end() :])):
            found[index] = int(match[1])
    return found


def _sure(lines: Sequence[str], numbers: Mapping[int, int]) -> frozenset[int]:
    """Return the lines whose number stands only once and before a unit: rows, whatever ends the one above."""
    times = Counter(numbers.values())
    rests = ((index, _NUMBER.sub("", lines[index], count=1).split()) for index in numbers)
    return frozenset(index for index, words in rests if words and is_unit(words[0]) and times[numbers[index]] == 1)


def _unit_follows(rest: str) -> bool:
    words = rest.split()
    return not words or is_unit(words[0]) or len(words[0]) <= 12


def _unnumbered(lines: Sequence[str]) -> list[str]:
    return [_NUMBER.sub("", lines[0], count=1), *lines[1:]] if lines else []
