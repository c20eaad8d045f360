"""The workbook's cells as plain values: what the child process that opens the file hands back."""

import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from notices.notice import NoticeError
from notices.workbook.words import MOST_COLUMNS, MOST_ROWS, SHEETS

DAMAGED = (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError, SyntaxError, OSError)


def cells(data: bytes) -> dict[str, list[list[Any]]]:
    """Give the cells of our sheets; see `notices.workbook.cells_of`."""
    return _read(data, SHEETS)


def all_cells(data: bytes) -> dict[str, list[list[Any]]]:
    """Give the cells of every sheet; see `notices.workbook.all_cells_of`."""
    return _read(data, None)


def _read(data: bytes, names: Sequence[str] | None) -> dict[str, list[list[Any]]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of what it leaves aside: pictures, drop-downs
            return _cells(data, names)
    except DAMAGED as error:
        raise NoticeError("damaged", "Excel 文件已损坏，打不开，请用 Excel 或 WPS 打开后另存为 .xlsx 再试。") from error


def _cells(data: bytes, names: Sequence[str] | None) -> dict[str, list[list[Any]]]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        found = {sheet.title.strip(): sheet for sheet in book.worksheets}
        return {name: _rows(name, found[name]) for name in (found if names is None else names) if name in found}
    finally:
        book.close()


def _rows(name: str, sheet: Any) -> list[list[Any]]:  # openpyxl gives its two kinds of sheet no common type
    rows = [_row(row) for row in sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)]
    if len(rows) > MOST_ROWS and rows[-1]:
        raise NoticeError("too_large", f"工作表“{name}”超过 {MOST_ROWS} 行的上限，请删去多余的行。")
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _row(row: Iterable[Any]) -> list[Any]:
    values = [_value(cell) for cell in row]
    while values and values[-1] is None:
        values.pop()
    return values


def _value(cell: Any) -> Any:
    value = cell.value
    if value is None or value == "":
        return None
    if cell.data_type == "e":
        return {"error": str(value)}
    if isinstance(value, str):  # _x000D_: a carriage return, as Excel and WPS write it
        return value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, bool | int | float) else str(value)
