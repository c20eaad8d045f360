"""A matrix of indicators (rows) and units (columns): every unit whose cell is filled answers for the row's indicator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from notices.block import Duty, Reading, Row
from notices.columns import label_kind
from notices.layouts.grid_table import cells_of_lines
from notices.units import is_complete, is_group, is_unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.block import Block

_NUMBER: Final = re.compile(r"[（(]?([0-9]{1,5})[）)]?[.．、]?")
_EMPTY: Final = re.compile(r"[—\-－–/／\\]*")
_DISTRICT: Final = re.compile(r"[\u4e00-\u9fff]{1,4}(?:区|县|市|镇|乡|街道|旗)")
_ALL: Final = re.compile(r"^(?:全|合计|总计|市本级|区本级|平均)")
_VALUE: Final = re.compile(r"[^\u4e00-\u9fff]{0,12}[\u4e00-\u9fff]{0,4}[^\u4e00-\u9fff]{0,6}|[—\-－–/／\\√●○★☆▲△◎■□]*")
_FEWEST_UNITS: Final = 2


class _Header(NamedTuple):
    """Where a matrix begins, which column holds the indicators, which the numbers, and which units the others."""

    at: int
    text: int
    no: int | None
    category: int | None
    units: dict[int, str]
    aside: tuple[str, ...]


class MatrixTable:
    """Indicators down, units across; the values themselves are left aside, and that is said."""

    def read(self, block: Block) -> Reading | None:
        """Read one task per indicator, owned by the units whose cell is filled."""
        lines = cells_of_lines(block.lines)
        header = next((found for at, cells in enumerate(lines) if (found := _header(at, cells))), None)
        if header is None:
            return None
        if not _holds_values(header, lines[header.at + 1 :]):
            return None
        rows: list[Row] = []
        unread: list[str] = []
        begins_at = section = None
        for index, cells in enumerate(lines[header.at + 1 :], header.at + 1):
            if len(cells) <= header.text or not cells[header.text] or _EMPTY.fullmatch(cells[header.text]):
                continue
            if header.category is not None:
                section = cells[header.category] or section
            row = _row(header, cells, len(rows) + len(unread) + 1, section)
            if row:
                rows.append(row)
                begins_at = index if begins_at is None else begins_at
            else:
                unread.append(" ".join(filter(None, cells)))
        if not rows:
            return None
        return Reading(
            tuple(rows),
            begins_at or 0,
            tuple(unread),
            sure=0.9,
            aside=(*header.units.values(), *header.aside),
            is_figures=True,
        )


def _holds_values(header: _Header, lines: Sequence[Sequence[str]]) -> bool:
    """Tell whether the units' cells hold values or marks, not words."""
    filled = [cells[place] for cells in lines for place in header.units if place < len(cells) and cells[place]]
    return bool(filled) and all(map(_VALUE.fullmatch, filled))


def _header(at: int, cells: Sequence[str]) -> _Header | None:
    if any(map(_NUMBER.fullmatch, cells)):
        return None
    kinds = [label_kind(cell) for cell in cells]
    units = {
        place: cell
        for place, cell in enumerate(cells)
        if kinds[place] is None
        and not _ALL.match(cell)
        and (is_complete(cell) or is_unit(cell) or is_group(cell) or _DISTRICT.fullmatch(cell))
    }
    named = [place for place, kind in enumerate(kinds) if kind == "text" and place < min(units, default=0)]
    if len(units) < _FEWEST_UNITS or not named:
        return None
    text = named[-1]
    no = kinds.index("no") if "no" in kinds else None
    category = next((place for place, kind in enumerate(kinds[:text]) if kind in {"category", "text"}), None)
    used = {text, no, category, *units}
    return _Header(
        at, text, no, category, units, tuple(cell for place, cell in enumerate(cells) if cell and place not in used)
    )


def _row(header: _Header, cells: Sequence[str], following: int, section: str | None) -> Row | None:
    """Read one row; None where no unit's cell is filled."""
    number = _NUMBER.fullmatch(cells[header.no]) if header.no is not None else None
    owners = tuple(
        name for place, name in header.units.items() if place < len(cells) and not _EMPTY.fullmatch(cells[place])
    )
    if not owners:
        return None
    return Row(int(number[1]) if number else following, cells[header.text], section, Duty(shared=owners))
