"""The forms a unit fills in offline and sends back: the year plan (计划表) and the period's progress (落实情况表).

Written here, read back by the key of each row (编号), wherever the row then stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

MARK: Final = "duban-form"  # the custom document property by which a form is known (notices/formats.py)
KEY: Final = "编号"
YES_NO: Final = ("是", "否")
PLAN_FIELDS: Final = {  # header: field
    "一季度目标": "q1",
    "二季度目标": "q2",
    "三季度目标": "q3",
    "四季度目标": "q4",
    "主要负责人": "head",
    "责任人": "person",
}
REPORT_FIELDS: Final = {
    "进展情况": "progress",
    "存在问题": "problems",
    "下一步措施": "next_step",
    "是否达到阶段目标": "stage_met",
}
_NUMBER, _TASK = "序号", "重点任务内容"
_PLAN_WIDTHS: Final = (9, 6, 38, 22, 22, 22, 22, 11, 11)
_REPORT_WIDTHS: Final = (9, 6, 34, 20, 20, 42, 22, 22, 10)
_PLAN_HELP: Final = "请填写白色各格：每项至少填一个季度的目标和主要负责人。"
_REPORT_HELP: Final = "请填写白色各格：本期有进展的，填写“进展情况”，其余三格可以不填；最后一格从下拉框选是或否。"
_HELP: Final = "灰色各格和编号请勿改动。留空的格不改变已报的内容，要删去的请填“无”。填好保存，把文件直接发回机器人。"
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # cannot stand in XML, or not survive it
_MOST_CHARACTERS: Final = 8000  # of a cell; Excel takes 32,767 UTF-16 units
_HEADER_ROW: Final = 5
_NARROW: Final = "\u2e7f"  # the last character before the wide ones begin
_LINE_POINTS, _FEWEST_POINTS, _MOST_POINTS = 15, 48, 400
_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")  # Excel refuses these in a sheet's name
_SONG: Final = "宋体"
_THIN: Final = Side(style="thin", color="808080")
_BOX: Final = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_GIVEN: Final = PatternFill("solid", "EDEDED")
_HEAD: Final = PatternFill("solid", "D9E2F3")
_LEFT: Final = Alignment(wrap_text=True, vertical="center", horizontal="left")
_MIDDLE: Final = Alignment(wrap_text=True, vertical="center", horizontal="center")
_AS_TEXT: Final = "@"  # so that nothing typed in is made a formula, a number or a date of


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A task's line of the plan; `values` by field, as far as known."""

    key: str
    no: int
    text: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A task's line of the period's form: what was planned, what was promised last, and what is written already."""

    key: str
    no: int
    text: str
    target: str | None
    last_step: str | None
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """A unit's plan for one notice."""

    title: str
    unit: str
    year: int
    due_on: date | None
    lines: Sequence[PlanLine]


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """A unit's form for one period of one notice; `period` is its label."""

    title: str
    unit: str
    period: str
    due_on: date
    lines: Sequence[ReportLine]


def plan_form(sheets: Sequence[PlanSheet]) -> bytes:
    """Write the plan form as .xlsx, a sheet a notice."""
    headers = (KEY, _NUMBER, _TASK, *PLAN_FIELDS)
    book = _book()
    for place, sheet in enumerate(sheets, 1):
        name = "计划表" if len(sheets) == 1 else f"计划表{place}"
        written = _begin(book, name, headers, _PLAN_WIDTHS)
        _write_head(written, len(headers), f"{sheet.year}年年度工作任务落实计划表", sheet.title, _PLAN_HELP + _HELP)
        due = f"报送期限：{_day(sheet.due_on)}" if sheet.due_on else ""
        _write_who(written, sheet.unit, due)
        for row, line in enumerate(sheet.lines, _HEADER_ROW + 1):
            filled = [line.values.get(field) for field in PLAN_FIELDS.values()]
            _write_line(written, row, (line.key, line.no, line.text), filled, _PLAN_WIDTHS)
    return _saved(book)


def report_form(sheets: Sequence[ReportSheet]) -> bytes:
    """Write the period's form as .xlsx, a sheet a notice and period."""
    headers = (KEY, _NUMBER, _TASK, "本期计划目标", "上期所报下一步", *REPORT_FIELDS)
    book = _book()
    names: set[str] = set()
    for place, sheet in enumerate(sheets, 1):
        period = period_name(sheet.period)
        name = _SHEET_NAME.sub("", period)[:24]
        name = name if name not in names else f"{name} {place}"
        names.add(name)
        written = _begin(book, name, headers, _REPORT_WIDTHS)
        title = f"{period}工作任务落实情况表"
        _write_head(written, len(headers), title, sheet.title, _REPORT_HELP + _HELP)
        _write_who(written, sheet.unit, f"报送期：{period}（{_day(sheet.due_on)}截止）")
        for row, line in enumerate(sheet.lines, _HEADER_ROW + 1):
            given = (line.key, line.no, line.text, line.target, line.last_step)
            filled = [line.values.get(field) for field in REPORT_FIELDS.values()]
            _write_line(written, row, given, filled, _REPORT_WIDTHS)
        _offer_yes_no(written, len(headers), _HEADER_ROW + len(sheet.lines))
    return _saved(book)


def period_name(label: str) -> str:
    """Name a period in Chinese: 2025-Q1, 2025-03, 2025-H1, 2025-W10 or 2025; another label stands as it is."""
    year, _, part = label.partition("-")
    if not part:
        return f"{year}年" if year.isdecimal() else label
    if part in ("H1", "H2"):
        return f"{year}年{'上' if part == 'H1' else '下'}半年"
    if part[0] == "Q" and part[1:] in ("1", "2", "3", "4"):
        return f"{year}年第{'一二三四'[int(part[1:]) - 1]}季度"
    if part[0] == "W" and part[1:].isdecimal():
        return f"{year}年第{int(part[1:])}周"
    return f"{year}年{int(part)}月" if part.isdecimal() else label


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _book() -> Workbook:
    book = Workbook()
    if book.active:
        book.remove(book.active)
    book.properties.creator = MARK
    mark = StringProperty(name=MARK, value="1")
    book.custom_doc_props.append(mark)  # type: ignore[attr-defined]  # newer than its stubs
    return book


def _saved(book: Workbook) -> bytes:
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def _begin(book: Workbook, name: str, headers: Sequence[str], widths: Sequence[int]) -> Worksheet:
    """Begin a sheet with its header row frozen; all but what is filled in is locked, without a password."""
    sheet: Worksheet = book.create_sheet(name)
    for number, (header, width) in enumerate(zip(headers, widths, strict=True), 1):
        _put(sheet, _HEADER_ROW, number, header, font=Font(name=_SONG, size=11, bold=True), fill=_HEAD, at=_MIDDLE)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.row_dimensions[_HEADER_ROW].height = 32
    sheet.freeze_panes = f"D{_HEADER_ROW + 1}"
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    protection = sheet.protection
    protection.sheet = True
    protection.formatCells = protection.formatColumns = protection.formatRows = False  # False: may be done
    protection.insertRows = protection.sort = protection.autoFilter = False
    return sheet


def _write_head(sheet: Worksheet, columns: int, title: str, notice: str, advice: str) -> None:
    lines = (
        (1, title, Font(name=_SONG, size=18, bold=True), _MIDDLE, 34),
        (2, notice, Font(name=_SONG, size=11), _MIDDLE, 20),
        (4, advice, Font(name=_SONG, size=10, color="7F7F7F"), _LEFT, 32),
    )
    for row, text, font, alignment, height in lines:
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        _put(sheet, row, 1, text, font=font, at=alignment, border=None)
        sheet.row_dimensions[row].height = height


def _write_who(sheet: Worksheet, unit: str, when: str) -> None:
    """Write the line of who reports what; name and phone may be filled in for the paper copy."""
    font = Font(name=_SONG, size=11)
    for first, last, text in ((1, 3, f"填报单位：{unit}"), (4, 6, when), (7, 7, "填报人："), (8, 9, "联系电话：")):
        if last > first:
            sheet.merge_cells(start_row=3, start_column=first, end_row=3, end_column=last)
        _put(sheet, 3, first, text, font=font, at=_LEFT, border=None, locked=first < 7)
    sheet.row_dimensions[3].height = 22


def _write_line(
    sheet: Worksheet, row: int, given: Sequence[Any], filled: Sequence[str | None], widths: Sequence[int]
) -> None:
    """Write a task's line as high as its longest cell needs: not every program fits the height when it opens a file."""
    small, plain = Font(name=_SONG, size=8, color="7F7F7F"), Font(name=_SONG, size=11)
    for number, value in enumerate(given, 1):
        alignment = _MIDDLE if number < 3 else _LEFT
        _put(sheet, row, number, value, font=small if number == 1 else plain, fill=_GIVEN, at=alignment)
    for number, value in enumerate(filled, len(given) + 1):
        _put(sheet, row, number, value, font=plain, at=_LEFT, locked=False)
    lines = max(_lines(value, width) for value, width in zip([*given, *filled][2:], widths[2:], strict=True))
    sheet.row_dimensions[row].height = min(max(_LINE_POINTS * lines + 6, _FEWEST_POINTS), _MOST_POINTS)


def _lines(value: Any, width: int) -> int:
    """Estimate the lines a text takes in a column; a Chinese character is two wide."""
    parts = value.split("\n") if isinstance(value, str) else [""]
    return sum(1 + sum(1 + (sign > _NARROW) for sign in part) // (width - 1) for part in parts)


def _put(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Any,
    *,
    font: Font,
    at: Alignment,
    fill: PatternFill | None = None,
    border: Border | None = _BOX,
    locked: bool = True,
) -> None:
    """Write a cell; a text stays a text, whatever it begins with."""
    cell = sheet.cell(row, column)
    cell.font, cell.alignment, cell.protection = font, at, Protection(locked=locked)
    cell.number_format = _AS_TEXT if not isinstance(value, int) else "0"
    if fill is not None:
        cell.fill = fill
    if border is not None:
        cell.border = border
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = _UNFIT.sub("", value)[:_MOST_CHARACTERS]
    cell.data_type = "s"  # openpyxl makes a formula of what begins with =, and an error of #N/A


def _offer_yes_no(sheet: Worksheet, column: int, last: int) -> None:
    offer = DataValidation("list", formula1=f'"{",".join(YES_NO)}"', allow_blank=True, showErrorMessage=True)
    offer.errorTitle, offer.error = "请从下拉框中选择", "请选是或否；不填请留空。"
    offer.add(f"{get_column_letter(column)}{_HEADER_ROW + 1}:{get_column_letter(column)}{max(last, _HEADER_ROW + 1)}")
    sheet.add_data_validation(offer)
