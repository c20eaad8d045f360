"""The correctable workbook, both ways: a plan as sheets a clerk puts right, and what the clerk left there as a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notices.workbook.checking import WorkbookError, WrongCell
from notices.workbook.reading import read_workbook, with_periods
from notices.workbook.words import MARK

if TYPE_CHECKING:
    from notices.plan import Plan

__all__ = [
    "MARK",
    "WorkbookError",
    "WrongCell",
    "all_cells_of",
    "cells_of",
    "read_workbook",
    "with_periods",
    "write_workbook",
]


def write_workbook(plan: Plan) -> bytes:
    """Write a plan as .xlsx; text is kept as text, whatever it begins with.

    Raises: NoticeError `too_large` where a text or a task's units do not fit into Excel's cells.
    """
    from notices.workbook.writing import written  # noqa: PLC0415  # openpyxl takes half a second to import

    return written(plan)


def cells_of(data: bytes) -> dict[str, list[list[Any]]]:
    """Give the cells of our sheets, row by row, as JSON has them; nothing is checked.

    Dates are ISO text, errors `{"error": "#REF!"}`; row 1 is index 0, empty ends are cut off.

    Raises: NoticeError `damaged`, `too_large`.
    """
    from notices.workbook.cells import cells  # noqa: PLC0415  # openpyxl takes half a second to import

    return cells(data)


def all_cells_of(data: bytes) -> dict[str, list[list[Any]]]:
    """Give the cells of every sheet of any workbook, as `cells_of` does of ours.

    Raises: NoticeError `damaged`, `too_large`.
    """
    from notices.workbook.cells import all_cells  # noqa: PLC0415  # openpyxl takes half a second to import

    return all_cells(data)
