"""What is written into the workbook is what is read out of it again, and it is made for a clerk."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notices.files import read_plan
from notices.notice import NoticeError, Owner, Remark
from notices.plan import Plan
from notices.read import read_notice
from notices.workbook import MARK, cells_of, read_workbook, with_periods, write_workbook
from notices.workbook.words import LINE_MARKS, NAME_MARKS, join_list, split_list
from rules.workdays import WorkCalendar
from tests.notices.plans import PLAN, plans, texts

_ROOT = Path(__file__).parents[2]
_SHARED = _ROOT.parent / "shared" / "notices"
_FILES = [*sorted((_ROOT / "examples" / "notices").glob("*.txt")), *sorted(_SHARED.glob("0*.txt"))]
_CALENDAR = WorkCalendar()


def _again(plan: Plan) -> Plan:
    """Write a plan and read it back, its cells as JSON in between."""
    return read_workbook(json.loads(json.dumps(cells_of(write_workbook(plan)))))


@cache
def _book() -> Any:
    return openpyxl.load_workbook(BytesIO(write_workbook(PLAN)))


def _with_task(**changes: Any) -> Plan:
    first, *others = PLAN.notice.tasks
    return replace(PLAN, notice=replace(PLAN.notice, tasks=(replace(first, **changes), *others)))


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.name[:12])
def test_a_notice_comes_back_as_it_was_read(file: Path) -> None:
    plan = Plan(read_notice(file.read_bytes(), name=file.name, calendar=_CALENDAR))
    assert _again(plan) == plan


@given(plans())
@example(PLAN)
@settings(deadline=None, max_examples=60)
def test_any_plan_comes_back_as_it_was(plan: Plan) -> None:
    assert _again(plan) == plan


def test_a_workbook_saved_by_libreoffice_is_read_alike() -> None:
    data = (Path(__file__).parent / "books" / "libreoffice.xlsx").read_bytes()  # the small plan, opened and saved there
    assert read_plan(data, name="x", calendar=_CALENDAR) == PLAN


@given(st.lists(texts, unique=True).map(tuple), st.sampled_from([NAME_MARKS, LINE_MARKS]))
def test_a_list_in_a_cell_comes_back_as_it_was(items: tuple[str, ...], marks: str) -> None:
    assert split_list(join_list(items, marks), marks) == items


def test_a_comma_in_a_units_parenthesis_parts_nothing() -> None:
    assert split_list("区发改局（甲、乙）、区财政局，区审计局\n", NAME_MARKS) == (
        "区发改局（甲、乙）",
        "区财政局",
        "区审计局",
    )
    for name in ("区发改局（甲、乙）", "区工信局（区大数据局（筹））"):
        assert join_list([name, "区财政局"], NAME_MARKS) == f"{name}、区财政局"


@pytest.mark.parametrize("text", ["字" * 32_767, "\U0001f600" * 16_383])
def test_a_cell_holds_as_much_as_excel_allows(text: str) -> None:
    plan = _with_task(text=text)
    assert _again(plan) == plan
    with pytest.raises(NoticeError, match="32767"):
        write_workbook(_with_task(text=f"{text}太长"))


def test_more_units_than_the_sheet_has_columns_for_are_refused() -> None:
    owners = tuple(Owner(f"单位{number}", "owner") for number in range(181))
    assert _again(_with_task(owners=owners[1:])) == _with_task(owners=owners[1:])
    with pytest.raises(NoticeError, match="181"):
        write_workbook(_with_task(owners=owners))


def test_what_no_workbook_can_hold_is_left_out() -> None:
    read = _again(_with_task(text="新\x00建\x0b3\ud800个\uffff园区。"))
    assert read == PLAN


def test_line_ends_as_windows_and_excel_write_them_are_line_ends() -> None:
    for text in ("甲_x000D_\n乙", "甲\n乙"):
        assert _again(_with_task(text=text)).notice.tasks[0].text == "甲\n乙"


def test_nothing_in_it_is_a_formula() -> None:
    signs = ("=1+1", "+1", "-1", "@A1", '=HYPERLINK("http://x")', "#REF!", "\t=1")
    plan = replace(
        _with_task(owners=tuple(Owner(sign.strip(), "lead") for sign in signs), text="=cmd|' /C calc'!A0"), units=()
    )
    with zipfile.ZipFile(BytesIO(write_workbook(plan))) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in packed.read(name)
                assert b't="e"' not in packed.read(name)


def test_it_bears_the_mark_by_which_it_is_known() -> None:
    assert [(each.name, each.value) for each in _book().custom_doc_props] == [(MARK, "1")]
    assert read_plan(write_workbook(PLAN), name="x", calendar=_CALENDAR) == PLAN


def test_headers_are_frozen_and_filter() -> None:
    assert _book().sheetnames == ["任务", "单位", "报送安排", "提示"]
    assert {sheet.title: (sheet.freeze_panes, sheet.auto_filter.ref) for sheet in _book()} == {
        "任务": ("E3", "A2:P5"),
        "单位": ("B3", "A2:E6"),
        "报送安排": ("A3", None),
        "提示": ("A3", "A2:D4"),
    }


def test_roles_answers_and_rhythms_are_chosen_from_lists() -> None:
    offers = {
        (sheet.title, offer.formula1, str(offer.sqref))
        for sheet in _book()
        for offer in sheet.data_validations.dataValidation
    }
    assert ("任务", '"牵头,配合,责任"', "J3:J20000 L3:L20000 N3:N20000 P3:P20000") in offers
    assert ("报送安排", '"每两周,每月,每季度,每半年,每年"', "B8") in offers
    assert ("报送安排", '"是,否"', "B16") in offers
    assert ("单位", "$A$3:$A$206", "C3:C206") in offers


def test_a_warning_leads_to_its_task_and_a_row_that_was_not_read_is_named() -> None:
    remarks, tasks = _book()["提示"], _book()["任务"]
    assert remarks["B3"].hyperlink.location == "'任务'!D4"
    assert remarks["C3"].value == tasks["D4"].value == "技改20家企业。"
    assert remarks["A4"].value.endswith("未读入：3 其他")
    assert tasks["H4"].value == "第2项有2名责任人，请核对。"
    assert tasks["D4"].fill.fgColor.rgb != tasks["D3"].fill.fgColor.rgb


def test_units_that_look_alike_are_proposed_and_not_merged() -> None:
    plan = replace(PLAN, units=())
    sheet: Any = openpyxl.load_workbook(BytesIO(write_workbook(plan)))["单位"]
    rows = {row[0]: row[1:] for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert rows["区工信局"] == (1, None, None, "疑似与“区工业和信息化局”为同一单位")
    assert rows["各镇街"][3].startswith("一组单位")
    assert _again(plan).units == ()


def test_dates_are_real_dates_and_what_excel_would_spoil_is_text() -> None:
    reporting = _book()["报送安排"]
    assert reporting["B6"].value.date() == date(2025, 2, 14)
    assert reporting["B6"].is_date
    assert _book()["任务"]["B3"].number_format == "@"


def test_a_long_text_gets_a_high_row() -> None:
    sheet = openpyxl.load_workbook(BytesIO(write_workbook(_with_task(text="很长的任务。" * 40))))["任务"]
    assert sheet.row_dimensions[3].height > 100 > sheet.row_dimensions[4].height


def test_without_rows_in_the_table_the_periods_follow_from_the_rules() -> None:
    silent = replace(PLAN, notice=replace(PLAN.notice, periods=(), warnings=(Remark("no_cadence", "没有写明。"),)))
    planned = with_periods(silent, _CALENDAR).notice
    assert (planned.periods[0].label, planned.periods[0].due_on) == ("2025-Q1", date(2025, 4, 10))
    assert planned.warnings == ()
    assert with_periods(PLAN, _CALENDAR) == PLAN


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", write_workbook(PLAN)[:4000]])
def test_a_damaged_file_is_refused(data: bytes) -> None:
    with pytest.raises(NoticeError) as refused:
        cells_of(data)
    assert refused.value.code == "damaged"


def test_a_sheet_of_too_many_rows_is_refused() -> None:
    book = openpyxl.load_workbook(BytesIO(write_workbook(PLAN)))
    book["任务"].cell(20_001, 1).value = "附件"
    saved = BytesIO()
    book.save(saved)
    with pytest.raises(NoticeError) as refused:
        cells_of(saved.getvalue())
    assert refused.value.code == "too_large"
    assert re.search("任务.*20000", str(refused.value))
