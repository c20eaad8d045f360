"""A table that has lost its header: read by what stands in its columns if that is sure, else reported row by row."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from notices.block import Reading
from notices.columns import Column, Kind
from notices.layouts.alignment import DEADLINE
from notices.marked import BREAK
from notices.page import join, squeeze
from notices.people import is_person, split_people
from notices.table import Table
from notices.units import is_complete, is_group, is_unit, split_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.block import Block

_PIPE: Final = re.compile(r"(?<!\\)[|｜\t]")
_NUMBER: Final = re.compile(r"[0-9]{1,5}")
_RULE: Final = re.compile(r"[-:：—=]*")
_FEWEST_ROWS: Final = 2
_FEWEST_COLUMNS: Final = 3
_SHORT: Final = 12

Rows = list[tuple[int, list[str]]]


class HeadlessTable:
    """Rows between tabs or pipes, or one cell a line from number to number, all of one width and without a header."""

    def read(self, block: Block) -> Reading | None:
        """Read the rows if one column is numbers, one the units' and one the text; else report them as unread."""
        rows = _numbered(_piped(block.lines)) or _cell_a_line(block.lines)
        if len(rows) < _FEWEST_ROWS or not _counts(rows) or not any(any(cells[1:]) for _, cells in rows):
            return None
        unread = tuple(" ".join(filter(None, cells)) for _, cells in rows)
        kinds = _kinds([cells for _, cells in rows])
        if kinds is None:
            return Reading((), rows[0][0], unread, sure=0.1)
        table = Table([Column(kind, "") for kind in kinds])
        for _, cells in rows:
            table.take([[cell] if cell else [] for cell in cells])
        named = tuple(replace(row, duty=row.duty.guessed("no_header")) for row in table.rows)
        return Reading(named, rows[0][0], tuple(table.unread), sure=0.75)


def _numbered(rows: Rows) -> Rows:
    """Leave out what stands above the first numbered row: labels that nobody knows."""
    start = next((at for at, (_, cells) in enumerate(rows) if _NUMBER.fullmatch(cells[0])), len(rows))
    return rows[start:]


def _piped(lines: Sequence[str]) -> Rows:
    """Return the rows between marks, all as wide as the first; none if they differ."""
    rows: Rows = []
    for index, line in enumerate(lines):
        cells = [squeeze(BREAK.sub(" ", cell)) for cell in _PIPE.split(line.strip().strip("|｜"))]
        if len(cells) >= _FEWEST_COLUMNS and not all(map(_RULE.fullmatch, cells)):
            rows.append((index, cells))
    return rows if rows and all(len(cells) == len(rows[0][1]) for _, cells in rows) else []


def _cell_a_line(lines: Sequence[str]) -> Rows:
    """Return what stands from one lone number to the next, if it is as many lines each time."""
    starts = [index for index, line in enumerate(lines) if _NUMBER.fullmatch(line.strip())]
    rows = [
        (start, [squeeze(line) for line in lines[start:end]])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=False)
    ]
    wide = rows and len(rows[0][1]) >= _FEWEST_COLUMNS
    return rows if wide and all(len(cells) == len(rows[0][1]) for _, cells in rows) else []


def _counts(rows: Rows) -> bool:
    """Tell whether the first cells count on from the first one."""
    numbers = [int(cells[0]) if _NUMBER.fullmatch(cells[0]) else None for _, cells in rows]
    return numbers[0] is not None and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _kinds(rows: Sequence[Sequence[str]]) -> list[Kind] | None:
    """Tell the columns' kinds by what fills them; None where the task's or the units' column is not the only one."""
    kinds = [_kind([row[at] for row in rows if row[at]]) for at in range(len(rows[0]))]
    kinds[0] = "no"
    if kinds.count("shared") != 1 or kinds.count("text") != 1:
        return None
    text = kinds.index("text")
    return [kind if kind != "category" or at < text else "other" for at, kind in enumerate(kinds)]


def _kind(cells: Sequence[str]) -> Kind:
    if not cells:
        return "other"
    if all(map(_are_units, cells)):
        return "shared"
    if all(all(map(is_person, split_people([cell]))) for cell in cells):
        return "leaders"
    if all(map(DEADLINE.fullmatch, cells)):
        return "deadline"
    if sum(map(len, cells)) > _SHORT * len(cells) or any("。" in cell for cell in cells):
        return "text"
    return "category"


def _are_units(cell: str) -> bool:
    names = split_units(join([cell]))
    return bool(names) and all(is_complete(name) or is_unit(name) or is_group(name) for name in names)
