"""What a cell may hold: each reading of a cell gives its value, or notes the cell as wrong with what is allowed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from notices.notice import NoticeError
from notices.workbook.words import FIRST_YEAR, LAST_YEAR, MOST_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Value = TypeVar("Value")
_WHOLE: Final = re.compile(r"([+-]?[0-9]{1,9})(?:\.0*)?")
_DATE: Final = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_DAY_ZERO: Final = date(1899, 12, 30)  # of Excel's serial numbers, from March 1900 on
_DATE_ADVICE: Final = f"应为日期，如 2025-06-30，年份在{FIRST_YEAR}至{LAST_YEAR}之间"
_MOST_SHOWN: Final = 3
_LONGEST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell to be put right: `cell` is its address (F12), empty for a whole sheet; `allowed` says what may stand."""

    sheet: str
    cell: str
    value: str
    allowed: str

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.cell}" if self.cell else self.sheet
        shown = self.value if len(self.value) <= _LONGEST_SHOWN else f"{self.value[:_LONGEST_SHOWN]}…"
        return f"{place}（{' '.join(shown.split()) or '空'}）：{self.allowed}"


class WorkbookError(NoticeError):
    """A workbook with wrong cells; `wrong` holds every one of them, in the order of the sheets."""

    def __init__(self, wrong: Sequence[WrongCell]) -> None:
        self.wrong = tuple(wrong)
        shown = "；".join(map(str, self.wrong[:_MOST_SHOWN]))
        more = f"；另有{len(self.wrong) - _MOST_SHOWN}处" if len(self.wrong) > _MOST_SHOWN else ""
        super().__init__("workbook", f"工作簿中有{len(self.wrong)}处需要改正：{shown}{more}。")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as it was read; `row` and `column` count from 1."""

    sheet: str
    row: int
    column: int
    value: Any

    @property
    def address(self) -> str:
        """Return the cell's name, such as F12."""
        letters, column = "", self.column
        while column:
            column, index = divmod(column - 1, 26)
            letters = chr(ord("A") + index) + letters
        return f"{letters}{self.row}"

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing stands in it."""
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())

    @property
    def words(self) -> str:
        """Return what stands in it as text without blank ends; empty for an empty cell."""
        if isinstance(self.value, dict):
            return str(self.value.get("error", ""))
        return "" if self.value is None else str(self.value).strip()

    @property
    def plain(self) -> str:
        """Return its words with full-width signs as narrow ones and without blanks: what is compared, not kept."""
        if isinstance(self.value, bool):
            return "是" if self.value else "否"
        return "".join(unicodedata.normalize("NFKC", self.words).split())


class Check:
    """Reads cells and gathers the wrong ones; what is asked of a wrong cell comes back as of an empty one."""

    def __init__(self) -> None:
        self.wrong: list[WrongCell] = []

    def refuse(self, cell: Cell, allowed: str) -> None:
        """Note a cell as wrong."""
        self.wrong.append(WrongCell(cell.sheet, cell.address, cell.words, allowed))

    def text(self, cell: Cell) -> str | None:
        """Read a text; None where nothing stands."""
        if isinstance(cell.value, dict):
            self.refuse(cell, "公式出错，请改成文字")
            return None
        if len(cell.words) > MOST_CHARACTERS:
            self.refuse(cell, f"应不超过{MOST_CHARACTERS}字")
            return None
        return cell.words or None

    def required(self, cell: Cell, allowed: str) -> str:
        """Read a text that must be there."""
        found = self.text(cell)
        if cell.is_blank:
            self.refuse(cell, allowed)
        return found or ""

    def number(self, cell: Cell, least: int, most: int, words: Mapping[Any, str]) -> int | None:
        """Read an integer, or a word that stands for one; None where nothing stands."""
        if cell.is_blank:
            return None
        named = {word: value for value, word in words.items()}
        if cell.plain in named:
            return int(named[cell.plain])
        found = None if isinstance(cell.value, bool) else _WHOLE.fullmatch(unicodedata.normalize("NFKC", cell.words))
        number = int(found[1]) if found else None
        if number is None or not least <= number <= most or (number == 0 and least < 0):
            self.refuse(cell, f"应为{least}至{most}的整数{''.join(f'、{word}' for word in named)}")
            return None
        return number

    def choice(self, cell: Cell, words: Mapping[Value, str]) -> Value | None:
        """Read one of some words; None where nothing stands."""
        named = {word: value for value, word in words.items()}
        if not cell.is_blank and cell.plain not in named:
            self.refuse(cell, f"应为{'、'.join(named)}之一")
        return named.get(cell.plain)

    def day(self, cell: Cell) -> date | None:
        """Read a date, a real one or a written one; None where nothing stands."""
        if cell.is_blank:
            return None
        found = day_of(cell.plain)
        if found is None:
            self.refuse(cell, _DATE_ADVICE)
        return found

    def required_day(self, cell: Cell) -> date:
        """Read a date that must be there."""
        if cell.is_blank:
            self.refuse(cell, _DATE_ADVICE)
        return self.day(cell) or date(FIRST_YEAR, 1, 1)

    def days(self, cell: Cell) -> tuple[date, ...]:
        """Read several dates parted by 、 or blanks."""
        parts = [part for part in re.split(r"[、，,；;\n]", cell.words) if part.strip()]
        found = [day_of(Cell(cell.sheet, cell.row, cell.column, part).plain) for part in parts]
        if None in found:
            self.refuse(cell, f"{_DATE_ADVICE}，多个日期用顿号隔开")
        return tuple(day for day in found if day)


def day_of(words: str) -> date | None:
    """Read a written date, or Excel's number of a day; None where it is none, or beyond the years allowed."""
    found = _DATE.fullmatch(words)
    try:
        day = date(*map(int, found.groups())) if found else _DAY_ZERO + timedelta(days=int(words))
    except (ValueError, OverflowError):
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
