"""The plan as sheets: everything that was read, each text in a cell of its own, what is doubtful beside its task."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from openpyxl import Workbook
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from notices.notice import NoticeError
from notices.similar import similar_names
from notices.units import is_group
from notices.workbook import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from notices.notice import Notice, Task
    from notices.plan import Plan
    from notices.workbook.words import Item
    from rules.periods import Period

_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # cannot stand in XML, or not survive it
_SPARE_OWNERS: Final = 2
_FEWEST_OWNERS: Final = 4
_SPARE_ROWS: Final = 200
_SPARE_PERIODS: Final = 4
_NARROW: Final = "\u2e7f"  # the last character before the wide ones begin
_LINE_POINTS: Final = 15
_MOST_POINTS: Final = 400
_FIRST_ROW: Final = 3
_INK, _PALE, _LINE, _DOUBT = "1F3864", "DDE6F3", "BFBFBF", "FFF2CC"

_SIDE: Final = Side(style="thin", color=_LINE)
_BORDER: Final = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_LEFT: Final = Alignment(wrap_text=True, vertical="center", horizontal="left")
_MIDDLE: Final = Alignment(wrap_text=True, vertical="center", horizontal="center")
_PLAIN: Final = Font(name="宋体", size=11)
_GREY: Final = Font(name="宋体", size=10, color="7F7F7F")
_BLUE: Final = Font(name="宋体", size=11, color="0563C1", underline="single")
_WHITE: Final = Font(name="宋体", size=11, color="FFFFFF", bold=True)
_AS_TEXT: Final = "@"  # so that nothing typed in is made a formula, a number or a date of
_HELP, _HEADER, _TEXT, _CENTRE, _DATE, _LABEL, _ASIDE, _LINK = (
    "说明",
    "标题",
    "文字",
    "居中",
    "日期",
    "栏目",
    "参考",
    "链接",
)
_DOUBTFUL: Final = "核对"  # behind a style's name: the same, marked as doubtful
_BASIC_STYLES: Final[dict[str, dict[str, Any]]] = {
    _HELP: {"font": Font(name="宋体", size=11, color=_INK), "alignment": _LEFT},
    _HEADER: {"font": _WHITE, "fill": PatternFill("solid", _INK), "border": _BORDER, "alignment": _MIDDLE},
    _TEXT: {"font": _PLAIN, "border": _BORDER, "alignment": _LEFT, "number_format": _AS_TEXT},
    _CENTRE: {"font": _PLAIN, "border": _BORDER, "alignment": _MIDDLE},
    _DATE: {"font": _PLAIN, "border": _BORDER, "alignment": _MIDDLE, "number_format": "yyyy-mm-dd"},
    _LABEL: {"font": _PLAIN, "fill": PatternFill("solid", _PALE), "border": _BORDER, "alignment": _LEFT},
    _ASIDE: {"font": _GREY, "border": _BORDER, "alignment": _LEFT, "number_format": _AS_TEXT},
    _LINK: {"font": _BLUE, "border": _BORDER, "alignment": _LEFT, "number_format": _AS_TEXT},
}
_STYLES: Final = _BASIC_STYLES | {
    f"{name}{_DOUBTFUL}": {**_BASIC_STYLES[name], "fill": PatternFill("solid", _DOUBT)}
    for name in (_TEXT, _CENTRE, _ASIDE)
}

_TASKS_HELP: Final = (
    "每行一项任务，可以修改、插入、复制、删除整行；不同的单位填在不同的“单位”格，右边的“分工”从下拉框选"
    "（牵头、配合、责任），单位多的向右接着填。黄色的行请对照原件核对，见“提示”列。"
)
_UNITS_HELP: Final = (
    "名称不同、实为同一单位的：在写错或简称的那一行“并入”中选正确的名称，由您决定，系统不会自动合并。"
    "一组单位（如各镇街）：在“成员单位”中写全，用顿号隔开，由各成员分别报送。"
)
_REPORTING_HELP: Final = (
    "截止日期以最下面的“报送期”表为准：表中有行，就按表执行，与上面的报送周期等不一致时也以表为准；"
    "表是空的，才按上面的报送周期和截止要求推算。"
)
_REMARKS_HELP: Final = (
    "读取通知时拿不准、没有读入的地方。点“任务”可跳到那一行；核对改正后可以删去这里的行，留下的在立项时会再次显示。"
)


def written(plan: Plan) -> bytes:
    """Write a plan; see `notices.workbook.write_workbook`."""
    book = Workbook()
    if book.active:
        book.remove(book.active)
    for name, style in _STYLES.items():
        book.add_named_style(NamedStyle(name, **style))
    tasks = _sheet(book, words.TASKS, _TASK_COLUMNS, _TASKS_HELP, help_columns=4)
    rows = _write_tasks(tasks, plan.notice)
    _write_units(_sheet(book, words.UNITS, _UNIT_COLUMNS, _UNITS_HELP, help_columns=5), plan)
    _write_reporting(_sheet(book, words.REPORTING, _FORM_COLUMNS, _REPORTING_HELP, help_columns=6), plan.notice)
    _write_remarks(_sheet(book, words.REMARKS, _REMARK_COLUMNS, _REMARKS_HELP, help_columns=4), plan.notice, rows)
    book.properties.creator = words.MARK
    mark = StringProperty(name=words.MARK, value=words.VERSION)
    book.custom_doc_props.append(mark)  # type: ignore[attr-defined]  # newer than its stubs
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of a table: its header, its width in characters, the style of its cells."""

    header: str
    width: int
    style: str


_TASK_COLUMNS: Final = (
    _Column(words.LIST, 11, _TEXT),
    _Column(words.SECTION, 18, _TEXT),
    _Column(words.NUMBER, 7, _CENTRE),
    _Column(words.TEXT, 52, _TEXT),
    _Column(words.DEADLINE, 14, _TEXT),
    _Column(words.LEADERS, 12, _TEXT),
    _Column(words.LABEL, 11, _TEXT),
    _Column(words.HINT, 26, _ASIDE),
)
_OWNER_COLUMN: Final = _Column(words.OWNER, 20, _TEXT)
_ROLE_COLUMN: Final = _Column(words.ROLE, 7, _CENTRE)
_UNIT_COLUMNS: Final = (
    _Column(words.UNIT, 34, _TEXT),
    _Column(words.COUNT, 9, _CENTRE),
    _Column(words.INTO, 34, _TEXT),
    _Column(words.MEMBERS, 46, _TEXT),
    _Column(words.ALIKE, 46, _ASIDE),
)
_FORM_COLUMNS: Final = (
    _Column(words.ITEM, 18, _LABEL),
    _Column(words.CONTENT, 16, _TEXT),
    _Column("", 16, _TEXT),
    _Column("", 16, _TEXT),
    _Column("", 16, _TEXT),
    _Column(words.ADVICE, 60, _ASIDE),
)
_REMARK_COLUMNS: Final = (
    _Column(words.MESSAGE, 66, _TEXT),
    _Column(words.TASK, 16, _LINK),
    _Column(words.TEXT, 60, _ASIDE),
    _Column(words.CODE, 20, _ASIDE),
)
_FORM_WIDTH: Final = 64
_UNUSED_WIDTH: Final = 10


def _sheet(book: Workbook, name: str, columns: Sequence[_Column], help_words: str, *, help_columns: int) -> Worksheet:
    """Begin a sheet: a line of help over the first columns, and the widths and formats that new rows inherit."""
    sheet: Worksheet = book.create_sheet(name)
    _put(sheet, 1, 1, help_words, _HELP)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=help_columns)
    sheet.row_dimensions[1].height = 48
    for number, column in enumerate(columns, 1):
        _set_column(sheet, number, column)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=name != words.TASKS)  # those are too wide
    return sheet


def _set_column(sheet: Worksheet, number: int, column: _Column) -> None:
    dimension = sheet.column_dimensions[get_column_letter(number)]
    dimension.width = column.width
    dimension.number_format = _STYLES[column.style].get("number_format", "General")
    dimension.alignment = _STYLES[column.style]["alignment"]


def _write_row(sheet: Worksheet, row: int, columns: Sequence[_Column], values: Sequence[Any], *, doubt: Any) -> None:
    """Write a row as high as its longest cell needs: not every program fits the height when it opens the file."""
    for number, (column, value) in enumerate(zip(columns, values, strict=True), 1):
        _put(sheet, row, number, value, f"{column.style}{_DOUBTFUL if doubt else ''}")
    lines = max(_lines(value, column.width) for column, value in zip(columns, values, strict=True))
    sheet.row_dimensions[row].height = _height(lines)


def _lines(value: Any, width: int) -> int:
    """Estimate the lines a text takes in a column; a Chinese character is two wide."""
    parts = value.split("\n") if isinstance(value, str) else [""]
    return sum(1 + sum(1 + (sign > _NARROW) for sign in part) // (width - 1) for part in parts)


def _height(lines: int) -> int:
    return min(_LINE_POINTS * lines + 6, _MOST_POINTS)


def _write_header(sheet: Worksheet, row: int, headers: Iterable[str | None]) -> None:
    for number, header in enumerate(headers, 1):
        _put(sheet, row, number, header, _HEADER)
    sheet.row_dimensions[row].height = 24


def _finish(sheet: Worksheet, columns: int, rows: int, *, frozen: str) -> None:
    """Freeze the header and let it filter."""
    sheet.freeze_panes = frozen
    sheet.auto_filter.ref = f"A2:{get_column_letter(columns)}{max(rows, _FIRST_ROW)}"
    sheet.print_title_rows = "2:2"


def _put(sheet: Worksheet, row: int, column: int, value: Any, style: str) -> None:
    """Write a cell; a text stays a text, whatever it begins with.

    Raises: NoticeError `too_large` where Excel would cut it off.
    """
    cell = sheet.cell(row, column)
    cell.style = style
    if not isinstance(value, str):
        cell.value = value
        return
    value = _UNFIT.sub("", value)
    if len(value.encode("utf-16-le")) > 2 * words.MOST_CHARACTERS:
        raise NoticeError(
            "too_large", f"“{value[:20]}…”超过 Excel 单元格 {words.MOST_CHARACTERS} 字的上限，不能写成工作簿。"
        )
    cell.value = value
    cell.data_type = "s"  # openpyxl makes a formula of what begins with =, and an error of #N/A


def _offer(sheet: Worksheet, choices: Iterable[str] | str, ranges: Iterable[str], *, only: bool = True) -> None:
    """Put a drop-down on ranges: of these words or of another range; `only`: nothing else may be typed in."""
    formula = choices if isinstance(choices, str) else f'"{",".join(choices)}"'
    offer = DataValidation("list", formula1=formula, allow_blank=True, showErrorMessage=only)
    offer.errorTitle, offer.error = "请从下拉框中选择", "可选的内容见下拉框；不填请留空。"
    for each in ranges:
        offer.add(each)
    sheet.add_data_validation(offer)


def _write_tasks(sheet: Worksheet, notice: Notice) -> dict[str, int]:
    """Write the tasks, a row each; gives the first row of each task's key."""
    most = max((len(task.owners) for task in notice.tasks), default=0)
    if most > words.MOST_OWNERS:
        raise NoticeError("too_large", f"有一项任务写了 {most} 个单位，超过工作簿 {words.MOST_OWNERS} 个的上限。")
    pairs = max(most + _SPARE_OWNERS, _FEWEST_OWNERS)
    owner_headers = [f"{word}{number}" for number in range(1, pairs + 1) for word in (words.OWNER, words.ROLE)]
    _write_header(sheet, 2, [*(column.header for column in _TASK_COLUMNS), *owner_headers])
    hints: dict[str, list[str]] = {}
    for remark in notice.warnings:
        if remark.task:
            hints.setdefault(remark.task, []).append(remark.message)
    rows: dict[str, int] = {}
    for row, task in enumerate(notice.tasks, _FIRST_ROW):
        rows.setdefault(task.key, row)
        _write_task(sheet, row, task, "\n".join(hints.get(task.key, ())))
    last = len(notice.tasks) + _FIRST_ROW - 1
    _narrow_unused(sheet, last)
    _offer_owners(sheet, pairs)
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    _finish(sheet, len(_TASK_COLUMNS) + 2 * pairs, last, frozen="E3")
    return rows


def _write_task(sheet: Worksheet, row: int, task: Task, hint: str) -> None:
    values = (
        task.list,
        task.section,
        task.no,
        task.text,
        task.deadline,
        words.join_list(task.leaders, words.NAME_MARKS) or None,
        task.leader_label,
        hint or None,
    )
    owners = [part for owner in task.owners for part in (owner.name, words.ROLES[owner.role])]
    columns = (*_TASK_COLUMNS, *[_OWNER_COLUMN, _ROLE_COLUMN] * len(task.owners))
    _write_row(sheet, row, columns, (*values, *owners), doubt=hint)


def _narrow_unused(sheet: Worksheet, last: int) -> None:
    """Make the columns narrow in which no task has anything, so that the units come nearer."""
    for number in range(1, len(_TASK_COLUMNS) + 1):
        if all(sheet.cell(row, number).value is None for row in range(_FIRST_ROW, last + 1)):
            sheet.column_dimensions[get_column_letter(number)].width = _UNUSED_WIDTH


def _offer_owners(sheet: Worksheet, pairs: int) -> None:
    """Offer the known units (others may be typed in) and the roles."""
    first = len(_TASK_COLUMNS) + 1
    for number in range(first, first + 2 * pairs):
        _set_column(sheet, number, _ROLE_COLUMN if (number - first) % 2 else _OWNER_COLUMN)
    letters = [get_column_letter(number) for number in range(first, first + 2 * pairs)]
    ranges = [f"{letter}{_FIRST_ROW}:{letter}{words.MOST_ROWS}" for letter in letters]
    _offer(sheet, words.ROLES.values(), ranges[1::2])
    _offer(sheet, f"{words.UNITS}!$A${_FIRST_ROW}:$A${words.MOST_ROWS}", ranges[::2], only=False)


def _write_units(sheet: Worksheet, plan: Plan) -> None:
    """Write each unit with the number of its tasks; first those of which something was said, aliases below theirs."""
    counts = Counter(owner.name for task in plan.notice.tasks for owner in task.owners)
    members = {entry.name: entry.members for entry in plan.units}
    into = {alias: entry.name for entry in plan.units for alias in entry.aliases}
    said = [name for entry in plan.units for name in (entry.name, *entry.aliases)]
    alike = _alike([name for name, _ in counts.most_common() if name not in into])
    names = list(dict.fromkeys([*said, *counts]))
    _write_header(sheet, 2, [column.header for column in _UNIT_COLUMNS])
    for row, name in enumerate(names, _FIRST_ROW):
        is_open_group = is_group(name) and name not in into and not members.get(name)
        hint = "一组单位，请填写成员单位；不填的暂按一个单位报送" if is_open_group else alike.get(name)
        values = (
            name,
            counts[name],
            into.get(name),
            words.join_list(members.get(name, ()), words.NAME_MARKS) or None,
            hint,
        )
        _write_row(sheet, row, _UNIT_COLUMNS, values, doubt=hint)
    last = len(names) + 2
    known = f"$A${_FIRST_ROW}:$A${last + _SPARE_ROWS}"
    _offer(sheet, known, [f"C{_FIRST_ROW}:C{last + _SPARE_ROWS}"], only=False)
    _finish(sheet, len(_UNIT_COLUMNS), last, frozen="B3")


def _alike(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, other, _ in similar_names(names):
        found.setdefault(name, []).append(f"疑似与“{other}”为同一单位")
    return {name: "；".join(hints) for name, hints in found.items()}


def _write_reporting(sheet: Worksheet, notice: Notice) -> None:
    """Write the form, the lists that are reported on, and the periods, one below the other."""
    _write_form_header(sheet, 2, (words.ITEM, words.CONTENT), words.ADVICE)
    due_rule = notice.rules.due_rule
    sources = ((words.NOTICE_ITEMS, notice), (words.CLOCK_ITEMS, notice.rules), (words.DUE_ITEMS, due_rule))
    row = _FIRST_ROW
    for items, source in (*sources, (words.RULE_ITEMS, notice.rules)):
        for item in items:
            _write_item(sheet, row, item, getattr(source, item.attribute) if source else None)
            row += 1
    row = _write_lists(sheet, row + 1, notice)
    _write_periods(sheet, row + 1, notice.periods)
    sheet.freeze_panes = "A3"


def _write_form_header(sheet: Worksheet, row: int, headers: Sequence[str], advice: str) -> None:
    last = len(_FORM_COLUMNS)
    _write_header(sheet, row, [*headers, *[None] * (last - 1 - len(headers))])
    sheet.merge_cells(start_row=row, start_column=len(headers), end_row=row, end_column=last - 1)
    _put(sheet, row, last, advice, _ASIDE)
    sheet.row_dimensions[row].height = _height(2)


def _write_item(sheet: Worksheet, row: int, item: Item, value: Any) -> None:
    match item.kind:
        case "lines":
            value = words.join_list(value, words.LINE_MARKS)
        case "dates":
            value = "、".join(day.isoformat() for day in value)
        case "word" | "number":
            value = item.words.get(value, value)
    _put(sheet, row, 1, item.label, _LABEL)
    for column in range(2, len(_FORM_COLUMNS)):
        _put(sheet, row, column, None, _DATE if item.kind == "date" else _TEXT)
    _put(sheet, row, 2, value or None, _DATE if item.kind == "date" else _TEXT)
    sheet.cell(row, 2).alignment = _LEFT
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=len(_FORM_COLUMNS) - 1)
    _put(sheet, row, len(_FORM_COLUMNS), item.advice or None, _ASIDE)
    sheet.row_dimensions[row].height = _height(_lines(value, _FORM_WIDTH))
    if item.words:
        _offer(sheet, item.words.values(), [f"B{row}"], only=item.kind == "word")


def _write_lists(sheet: Worksheet, row: int, notice: Notice) -> int:
    """Write the lists, those first that are reported on; gives the first free row."""
    _write_form_header(sheet, row, words.LIST_COLUMNS, "选“否”的清单照样立项，但不要求报送。")
    first = row + 1
    for name in dict.fromkeys([*notice.reporting_lists, *(task.list for task in notice.tasks)]):
        row += 1
        _put(sheet, row, 1, name, _TEXT)
        _put(sheet, row, 2, words.YES_NO[name in notice.reporting_lists], _CENTRE)
    _offer(sheet, words.YES_NO.values(), [f"B{first}:B{row + 1}"])
    return row + 1


def _write_periods(sheet: Worksheet, row: int, periods: Sequence[Period]) -> None:
    advice = "报送期如 2025-Q1、2025-03、2025-H1、2025；暂定：节假日安排公布后，截止日期可能变动。"
    _write_form_header(sheet, row, words.PERIOD_COLUMNS, advice)
    blank = (None,) * len(words.PERIOD_COLUMNS)
    values = [
        (each.label, each.begins_on, each.ends_on, each.due_on, words.YES_NO[each.provisional]) for each in periods
    ]
    for number, value in enumerate([*values, *[blank] * _SPARE_PERIODS], row + 1):
        for column, (part, style) in enumerate(zip(value, (_TEXT, _DATE, _DATE, _DATE, _CENTRE), strict=True), 1):
            _put(sheet, number, column, part, style)
    _offer(sheet, words.YES_NO.values(), [f"E{row + 1}:E{row + len(values) + _SPARE_PERIODS}"])


def _write_remarks(sheet: Worksheet, notice: Notice, rows: Mapping[str, int]) -> None:
    """Write the warnings, each with a link to its task's row and the task beside it."""
    _write_header(sheet, 2, [column.header for column in _REMARK_COLUMNS])
    texts = {task.key: task.text for task in reversed(notice.tasks)}
    for row, remark in enumerate(notice.warnings, _FIRST_ROW):
        values = (remark.message, remark.task, texts.get(remark.task or ""), remark.code)
        _write_row(sheet, row, _REMARK_COLUMNS, values, doubt=None)
        if target := rows.get(remark.task or ""):
            sheet.cell(row, 2).hyperlink = Hyperlink(ref=f"B{row}", location=f"'{words.TASKS}'!D{target}")
    _finish(sheet, len(_REMARK_COLUMNS), len(notice.warnings) + 2, frozen="A3")
