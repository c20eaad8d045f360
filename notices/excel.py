"""An Excel file as text: each visible sheet's cells as they are shown, with borders and bold letters."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.exceptions import InvalidFileException

from notices.document import SHEET
from notices.marked import BLANK, MERGED, SPANNED, note, table_lines, written
from notices.notice import NoticeError
from notices.office_file import BROKEN, MARKING, damaged, is_black, refuse_unfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200

_KIND: Final = "Excel"
_PROGRAM: Final = "Excel 或 WPS"
_BROKEN: Final = (*BROKEN, InvalidFileException, AttributeError, IndexError, TypeError)
_SHEET_PART: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
# a formula without its result: no value, and not the empty text either
_UNCALCULATED: Final = re.compile(
    rb"<(?:\w+:)?c\b(?![^>]*\bt=\"str\")[^>]*?\br=\"([A-Z]{1,3}[0-9]{1,7})\"[^>]*>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_LITERAL: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_PERCENT: Final = re.compile(r"0(?:\.(0+))?%")
_CODES: Final = re.compile(r"&(?:\"[^\"]*\"|[0-9]{1,3}|K[0-9A-F]{6}|[A-Z])")

Cells = dict[tuple[int, int], str]


def excel_text(data: bytes) -> str:
    """Return an .xlsx file's text in the signs of notices.marked: shown values, never formulas.

    Hidden rows and columns are read and told of; hidden sheets are left out and told of.
    Raises NoticeError: `encrypted`, `damaged`, `too_large` (rows and columns in use), `uncalculated` (a formula whose
    result the file does not hold).
    """
    refuse_unfit(data, kind=_KIND, program=_PROGRAM)
    try:
        _refuse_uncalculated(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
        return _text(book.worksheets)
    except _BROKEN as error:
        raise damaged(_KIND, _PROGRAM) from error


def _refuse_uncalculated(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if _SHEET_PART.fullmatch(name)]
        found = [place.decode() for name in names for place in _UNCALCULATED.findall(package.read(name))]
    if found:
        named = "、".join(found[:5]) + (f" 等 {len(found)} 个单元格" if len(found) > 5 else "")
        raise NoticeError(
            "uncalculated", f"{named}是公式，文件中没有保存计算结果，请用 {_PROGRAM} 打开并保存一次后再发送。"
        )


def _text(sheets: Sequence[Any]) -> str:
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    shown = [(sheet, lines) for sheet in visible if (lines := _lines(sheet))]
    text = list(dict.fromkeys(line for sheet in visible for line in _markings(sheet)))
    told = []
    is_marked = False
    for sheet, lines in shown:
        start = next((at for at, line in enumerate(lines) if line.startswith("|")), len(lines))
        is_letter = start == len(lines) and not is_marked
        mark = [] if len(shown) == 1 or is_letter else [SHEET + written([(sheet.title, False)])]
        # what stands above the first table is the letter
        text += [*mark, *lines] if is_marked else [*lines[:start], *mark, *lines[start:]]
        is_marked = is_marked or bool(mark)
        if _has_hidden(sheet):
            told.append(f"工作表“{sheet.title}”有隐藏的行或列，已一并读入，请核对。")
    told += [f"工作表“{sheet.title}”是隐藏的，没有读入。" for sheet in sheets if sheet not in visible and _lines(sheet)]
    return "\n".join((*text, *map(note, told)))


def _lines(sheet: Worksheet) -> list[str]:
    """Return a sheet's rows, those that are empty left out."""
    cells = _cells(sheet)
    if not cells:
        return []
    last_row, last_column = (max(place[axis] for place in cells) for axis in (0, 1))
    if last_row > MOST_ROWS or last_column > MOST_COLUMNS:
        raise NoticeError(
            "too_large",
            f"工作表“{sheet.title}”用到第 {last_row} 行、第 {last_column} 列，超过 {MOST_ROWS} 行、{MOST_COLUMNS} 列的上限，"
            "请只保留任务表。",
        )
    filled = {row for row, _ in cells}
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row, min(area.max_row, last_row) + 1):
            for column in range(area.min_col, min(area.max_col, last_column) + 1):
                if (row, column) != (area.min_row, area.min_col):
                    cells[row, column] = SPANNED if row == area.min_row else MERGED
    return table_lines(
        [
            [cells.get((row, column), BLANK) for column in range(1, last_column + 1)]
            for row in range(1, last_row + 1)
            if row in filled
        ]
    )


def _cells(sheet: Worksheet) -> Cells:
    """Return the cells that hold something; only those that stand in the file are looked at, not the whole range."""
    existing = sheet._cells  # noqa: SLF001 (every public way makes the cells of the whole range first)
    shown = {place: _shown(cell) for place, cell in existing.items() if not isinstance(cell, MergedCell)}
    return {place: text for place, text in shown.items() if text.strip()}


def _shown(cell: Any) -> str:
    """Return what a cell shows, written with its bold letters; an error value shows nothing that could be read."""
    found = cell.value
    if found is None or cell.data_type == "e":
        return ""
    font = cell.font
    bold = bool(font.b) or is_black(font.name or "")
    if isinstance(found, CellRichText):
        pieces = [
            (_clean(piece.text), bool(piece.font.b) or is_black(piece.font.rFont or ""))
            if isinstance(piece, TextBlock)
            else (_clean(str(piece)), bold)
            for piece in found
        ]
    else:
        pieces = [(_clean(_words(found, cell.number_format)), bold)]
    return written(pieces)


def _clean(text: str) -> str:
    return text.replace("_x000D_", "").replace("\r", "")


def _words(found: object, style: str) -> str:
    """Return a value as its cell shows it: whole numbers without a point, dates in Chinese, shares in per cent."""
    if isinstance(found, bool):
        return str(found).upper()
    if isinstance(found, (int, float)):
        if percent := _PERCENT.search(style):
            return f"{found * 100:.{len(percent[1] or '')}f}%"
        return str(int(found)) if float(found).is_integer() else f"{found:.15g}"
    if isinstance(found, (datetime, date)):
        return _day(found, _LITERAL.sub("", style).lower())
    if isinstance(found, time):
        return f"{found:%H:%M}"
    return str(found)


def _day(day: date, style: str) -> str:
    """Return the parts of a date that its number style shows; all of them where it shows none."""
    parts = {"y": f"{day.year}年", "m": f"{day.month}月", "d": f"{day.day}日"}
    shown = "".join(words for sign, words in parts.items() if sign in style) or "".join(parts.values())
    return shown + (f"{day:%H:%M}" if isinstance(day, datetime) and "h" in style else "")


def _has_hidden(sheet: Worksheet) -> bool:
    return any(each.hidden for each in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()))


def _markings(sheet: Any) -> Iterator[str]:
    """Yield what a sheet's header or footer says of secrecy; the rest of it is no text of the notice."""
    edges = (sheet.oddHeader, sheet.firstHeader, sheet.evenHeader, sheet.oddFooter, sheet.firstFooter, sheet.evenFooter)
    for edge in edges:
        for part in (edge.left, edge.center, edge.right):
            words = _CODES.sub("", part.text or "").strip()
            if MARKING.search(words):
                yield written([(words, False)])
