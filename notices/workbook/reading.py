"""From the workbook's cells to the plan they mean; every wrong cell is noted before the workbook is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from notices.notice import Notice, Owner, Remark, Rules, Task
from notices.plan import Plan
from notices.workbook import words
from notices.workbook.checking import Cell, Check, WorkbookError, WrongCell
from notices.workbook.merging import read_units
from notices.workbook.tables import missing_sheets, tables
from rules.periods import DueRule, Period, plan_periods

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from notices.workbook.tables import Row, Sheet
    from notices.workbook.words import Item
    from rules.workdays import WorkCalendar

_GREATEST_NUMBER: Final = 99_999
_REPEATED: Final = "number_repeat"
_UNPLANNED: Final = "no_cadence"


def read_workbook(cells: Mapping[str, Sheet]) -> Plan:
    """Read the plan out of a workbook's cells, as `cells_of` gives them; its periods are those of the sheet's table.

    Raises: WorkbookError with every wrong cell.
    """
    if missing := missing_sheets(cells):
        raise WorkbookError(missing)
    check = Check()
    remarks = _remarks(check, cells[words.REMARKS])
    rows, tasks = _tasks(check, cells[words.TASKS])
    _refuse_repeats(check, rows, tasks, remarks)
    printed = {owner.name for task in tasks for owner in task.owners}
    units = read_units(check, cells[words.UNITS], printed)
    notice = _notice(check, cells[words.REPORTING], rows)
    if check.wrong:
        raise WorkbookError(sorted(check.wrong, key=lambda each: words.SHEETS.index(each.sheet)))
    return Plan(replace(notice, tasks=tuple(tasks), warnings=remarks), units)


def with_periods(plan: Plan, calendar: WorkCalendar) -> Plan:
    """Work out the periods from the rules where the sheet's table names none but a person gave a cadence or dates."""
    notice = plan.notice
    if notice.periods:
        return plan
    periods = plan_periods(
        cadence=notice.rules.cadence,
        due_dates=notice.rules.due_dates,
        due_rule=notice.rules.due_rule,
        issued_on=notice.issued_on,
        starts_on=None,
        plan_year=notice.plan_year,
        calendar=calendar,
    )
    if not periods:
        return plan
    remarks = tuple(remark for remark in notice.warnings if remark.code != _UNPLANNED)
    return replace(plan, notice=replace(notice, periods=periods, warnings=remarks))


def _remarks(check: Check, sheet: Sheet) -> tuple[Remark, ...]:
    [rows] = tables(check, words.REMARKS, sheet, [words.REMARK_COLUMNS])
    return tuple(
        Remark(
            check.text(row[words.CODE]) or "remark",
            check.required(row[words.MESSAGE], "请填写提示内容，或删去整行"),
            check.text(row[words.TASK]),
        )
        for row in rows
    )


def _tasks(check: Check, sheet: Sheet) -> tuple[list[Row], list[Task]]:
    first = (f"{words.OWNER}1", f"{words.ROLE}1")
    [rows] = tables(check, words.TASKS, sheet, [(*words.TASK_COLUMNS, *first)])
    if not rows and not check.wrong:
        check.wrong.append(WrongCell(words.TASKS, "", "", "至少要有一项任务"))
    return rows, [_task(check, row) for row in rows]


def _task(check: Check, row: Row) -> Task:
    number = check.number(row[words.NUMBER], 0, _GREATEST_NUMBER, {})
    if row[words.NUMBER].is_blank:
        check.refuse(row[words.NUMBER], "请填写序号，整数")
    return Task(
        list=check.required(row[words.LIST], "请填写所在的清单，如“附件1”"),
        no=-1 if number is None else number,
        section=check.text(row[words.SECTION]),
        text=check.required(row[words.TEXT], "请填写任务内容，或清空整行"),
        owners=_owners(check, row),
        leaders=words.split_list(check.text(row[words.LEADERS]) or "", words.NAME_MARKS),
        leader_label=check.text(row[words.LABEL]),
        deadline=check.text(row[words.DEADLINE]),
    )


def _owners(check: Check, row: Row) -> tuple[Owner, ...]:
    owners: dict[str, Owner] = {}
    for name_cell, role_cell in row.owners:
        name = check.text(name_cell)
        if name is None:
            continue
        if role_cell.is_blank:
            check.refuse(role_cell, f"请选择{'、'.join(words.ROLES.values())}之一")
        if name in owners:
            check.refuse(name_cell, "同一项任务中一个单位只写一次")
        owners[name] = Owner(name, check.choice(role_cell, words.ROLES) or "owner")
    if not owners:
        check.refuse(row[f"{words.OWNER}1"], "至少要有一个单位")
    return tuple(owners.values())


def _refuse_repeats(check: Check, rows: Sequence[Row], tasks: Sequence[Task], remarks: Sequence[Remark]) -> None:
    """Refuse a number that stands twice in a list and section, unless the notice itself is said to print it twice."""
    printed = {remark.task for remark in remarks if remark.code == _REPEATED}
    seen = set()
    for row, task in zip(rows, tasks, strict=True):
        place = (task.list, task.section, task.no)
        if place in seen and task.no >= 0 and task.key not in printed:
            check.refuse(row[words.NUMBER], f"“{task.list}”同一章节中已有第{task.no}项，序号不能重复")
        seen.add(place)


def _notice(check: Check, sheet: Sheet, task_rows: Sequence[Row]) -> Notice:
    heads = [words.FORM_COLUMNS, words.LIST_COLUMNS, words.PERIOD_COLUMNS]
    form, lists, periods = tables(check, words.REPORTING, sheet, heads)
    said = _form(check, form)
    due = {item.attribute: said[item.attribute] for item in words.DUE_ITEMS}
    rules = {item.attribute: said[item.attribute] for item in (*words.CLOCK_ITEMS, *words.RULE_ITEMS)}
    has_rule = any(value is not None for value in due.values())
    return Notice(
        title=said["title"] or "",
        issuer=said["issuer"],
        document_number=said["document_number"],
        issued_on=said["issued_on"],
        plan_year=said["plan_year"] or 0,
        rules=Rules(
            **rules, due_rule=DueRule(**{**due, "month_offset": due["month_offset"] or 0}) if has_rule else None
        ),
        periods=_periods(check, periods),
        tasks=(),
        warnings=(),
        reporting_lists=_reporting_lists(check, lists, task_rows),
    )


def _form(check: Check, rows: Sequence[Row]) -> dict[str, Any]:
    """Read the form; every item of it stands there once."""
    contents: dict[str, Cell] = {}
    labels = {item.label for item in words.FORM}
    for row in rows:
        label = row[words.ITEM].plain
        if label not in labels or label in contents:
            check.refuse(row[words.ITEM], "项目名称不要改动、不要重复")
        contents[label] = row[words.CONTENT]
    for item in words.FORM:
        if item.label not in contents and not item.is_new:
            check.wrong.append(WrongCell(words.REPORTING, "", "", f"缺少“{item.label}”一行，不填的留空、不要删行"))
    blank = Cell(words.REPORTING, 1, 1, None)
    said = {item.attribute: _content(check, item, contents.get(item.label, blank)) for item in words.FORM}
    year = contents.get("任务年度")
    if year and year.is_blank:
        check.refuse(year, f"请填写年份，{words.FIRST_YEAR}至{words.LAST_YEAR}")
    return said


def _content(check: Check, item: Item, cell: Cell) -> Any:
    match item.kind:
        case "text":
            return check.text(cell)
        case "lines":
            return words.split_list(check.text(cell) or "", words.LINE_MARKS)
        case "date":
            return check.day(cell)
        case "dates":
            return check.days(cell)
        case "word":
            return check.choice(cell, item.words)
        case "number":
            return check.number(cell, item.least, item.most, item.words)


def _reporting_lists(check: Check, rows: Sequence[Row], task_rows: Sequence[Row]) -> tuple[str, ...]:
    """Read which lists are reported on; every list of the tasks has to be named, so that a renamed one is not lost."""
    said: dict[str, bool | None] = {}
    for row in rows:
        name = check.required(row[words.LIST], "请填写清单名称")
        if name in said:
            check.refuse(row[words.LIST], "一个清单只写一行")
        if row[words.REPORTS].is_blank:
            check.refuse(row[words.REPORTS], "请选择是、否之一")
        said[name] = check.choice(row[words.REPORTS], words.YES_NO)
    for cell in {row[words.LIST].words: row[words.LIST] for row in reversed(task_rows)}.values():
        if not cell.is_blank and cell.words not in said:
            check.refuse(cell, f"“{words.REPORTING}”的清单表中没有这个清单，请在那里加一行，或改成其中之一")
    return tuple(name for name, reports in said.items() if reports)


def _periods(check: Check, rows: Sequence[Row]) -> tuple[Period, ...]:
    periods: dict[str, Period] = {}
    for row in rows:
        label = check.required(row[words.PERIOD], "请填写报送期，如 2025-Q1、2025-03，或清空整行")
        if label in periods:
            check.refuse(row[words.PERIOD], "报送期不能重复")
        begins_on = check.required_day(row[words.BEGINS])
        ends_on = check.required_day(row[words.ENDS])
        due_on = check.required_day(row[words.DUE])
        if ends_on < begins_on and not row[words.ENDS].is_blank:
            check.refuse(row[words.ENDS], f"应不早于起始日期 {begins_on}")
        if due_on < begins_on and not row[words.DUE].is_blank:
            check.refuse(row[words.DUE], f"应不早于起始日期 {begins_on}")
        is_provisional = check.choice(row[words.PROVISIONAL], words.YES_NO) or False
        periods[label] = Period(label, begins_on, ends_on, due_on, is_provisional)
    return tuple(periods.values())
