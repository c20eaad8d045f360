"""Where in a sheet a table stands: its columns found by their headers, its rows down to the next table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from notices.workbook.checking import Cell, WrongCell
from notices.workbook.words import OWNER, ROLE, SHEETS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notices.workbook.checking import Check

Sheet = list[list[Any]]
_LONGEST_HEADER: Final = 20
_OWNER: Final = re.compile(rf"{OWNER}[0-9]{{1,3}}")
_ROLE: Final = re.compile(rf"{ROLE}[0-9]{{1,3}}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; a column that the table has not is an empty cell."""

    sheet: str
    number: int
    columns: Mapping[str, int]
    values: Sequence[Any]

    def __getitem__(self, header: str) -> Cell:
        column = self.columns.get(header, min(self.columns.values()))
        value = self.values[column - 1] if header in self.columns and column <= len(self.values) else None
        return Cell(self.sheet, self.number, column, value)

    @property
    def is_blank(self) -> bool:
        """Tell whether none of the table's columns holds anything."""
        return all(self[header].is_blank for header in self.columns)

    @property
    def owners(self) -> list[tuple[Cell, Cell]]:
        """Return the pairs of cells under 单位1 and 分工1, 单位2 and 分工2, …, by their numbers."""
        numbers = sorted(int(header[len(OWNER) :]) for header in self.columns if _OWNER.fullmatch(header))
        return [(self[f"{OWNER}{n}"], self[f"{ROLE}{n}"]) for n in numbers if f"{ROLE}{n}" in self.columns]


def missing_sheets(sheets: Mapping[str, Sheet]) -> list[WrongCell]:
    """Return the sheets that are not there, or hold nothing."""
    return [
        WrongCell(name, "", "", "缺少这张工作表，请用系统生成的工作簿修改") for name in SHEETS if not sheets.get(name)
    ]


def tables(check: Check, name: str, sheet: Sheet, heads: Sequence[Sequence[str]]) -> list[list[Row]]:
    """Find tables by their headers, in any order of columns; gives the rows of each that hold anything.

    Notes as wrong: a table that is not there, a column that is missing or stands twice.
    """
    found = [_head(sheet, head) for head in heads]
    ends = sorted(at for at in found if at is not None)
    return [
        _rows(check, name, sheet[: next((end for end in ends if at is not None and end > at), len(sheet))], head, at)
        for head, at in zip(heads, found, strict=True)
    ]


def _head(sheet: Sheet, head: Sequence[str]) -> int | None:
    """Return the index of the first row with the most of these headers: at least two, or it is none."""
    counts = [len(set(head) & {_header(value) for value in row}) for row in sheet]
    best = max(counts, default=0)
    return counts.index(best) if best > 1 else None


def _header(value: Any) -> str:
    """Return a cell's words as a header's; a text too long for one is none."""
    if not isinstance(value, str) or len(value) > _LONGEST_HEADER:
        return ""
    return "".join(unicodedata.normalize("NFKC", value).split())


def _rows(check: Check, name: str, sheet: Sheet, head: Sequence[str], at: int | None) -> list[Row]:
    if at is None:
        check.wrong.append(WrongCell(name, "", "", f"找不到标题行，须有这些列：{'、'.join(head)}"))
        return []
    columns: dict[str, int] = {}
    for column, header in enumerate(map(_header, sheet[at]), 1):
        if header in head or _OWNER.fullmatch(header) or _ROLE.fullmatch(header):
            if header in columns:
                check.refuse(Cell(name, at + 1, column, header), f"“{header}”一列只能有一个")
            columns.setdefault(header, column)
    roles = [header.replace(OWNER, ROLE) for header in columns if _OWNER.fullmatch(header)]
    for header in dict.fromkeys((*head, *roles)):
        if header not in columns:
            check.refuse(Cell(name, at + 1, 1, sheet[at][0]), f"标题行中缺少“{header}”一列")
    rows = (Row(name, index + 1, columns, sheet[index]) for index in range(at + 1, len(sheet)))
    return [row for row in rows if not row.is_blank]
