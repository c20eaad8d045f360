"""Every wrong cell of a workbook is named with what is allowed; what a clerk and other programs do to it is understood."""

import copy
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.notice import Owner, Remark
from notices.plan import UnitEntry
from notices.workbook import WorkbookError, WrongCell, cells_of, read_workbook, write_workbook
from notices.workbook.checking import Cell
from tests.notices.plans import PLAN

Cells = dict[str, list[list[Any]]]
_CELLS = cells_of(write_workbook(PLAN))


def _changed(*changes: tuple[str, Any]) -> Cells:
    """Give the small plan's cells, some of them changed: ("任务!C3", 7)."""
    cells = copy.deepcopy(_CELLS)
    for place, value in changes:
        sheet, address = place.split("!")
        row, column = _place(address)
        rows = cells[sheet]
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = value
    return cells


def _place(address: str) -> tuple[int, int]:
    found = re.fullmatch(r"([A-Z]+)([0-9]+)", address)
    assert found
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def _wrong(cells: Cells) -> list[WrongCell]:
    with pytest.raises(WorkbookError) as refused:
        read_workbook(cells)
    assert refused.value.code == "workbook"
    assert f"有{len(refused.value.wrong)}处" in str(refused.value)
    return list(refused.value.wrong)


def _place_of(label: str) -> str:
    """Give the cell of the form that stands beside a label."""
    row = next(at for at, values in enumerate(_CELLS["报送安排"], 1) if values[:1] == [label])
    return f"报送安排!B{row}"


def _row_of(label: str) -> int:
    return int(_place_of(label).removeprefix("报送安排!B"))


@pytest.mark.parametrize(
    ("place", "value", "allowed"),
    [
        ("任务!A3", None, "清单"),
        ("任务!A3", "附件9", "清单表中没有"),
        ("任务!C3", None, "序号"),
        ("任务!C3", "一", "整数"),
        ("任务!C3", 1.5, "整数"),
        ("任务!C3", True, "整数"),
        ("任务!C4", 1, "不能重复"),
        ("任务!D3", " ", "任务内容"),
        ("任务!D3", {"error": "#REF!"}, "公式出错"),
        ("任务!I4", None, "至少要有一个单位"),
        ("任务!J3", "负责", "牵头、配合、责任"),
        ("任务!J3", None, "牵头、配合、责任"),
        ("任务!K3", "区工信局", "只写一次"),
        ("单位!A4", None, "单位名称"),
        ("单位!A4", "区工业和信息化局", "只写一行"),
        ("单位!C4", "区水利局", "先加一行"),
        ("单位!C4", "区工信局", "不能并入自己"),
        ("单位!C3", "区财政局", "“区工业和信息化局”自己也要并入"),
        ("单位!C5", "区财政局", "成员单位要留空"),
        ("单位!D5", "各镇街、东关街道", "自己"),
        ("提示!A3", None, "提示内容"),
        (_place_of("印发日期"), "2025-02-30", "日期"),
        (_place_of("印发日期"), "1999-12-31", "2000至2099"),
        (_place_of("工作计划截止"), "明天", "2025-06-30"),
        (_place_of("印明的截止日期"), "2025-04-10、四月", "顿号"),
        (_place_of("任务年度"), None, "年份"),
        (_place_of("任务年度"), 25, "2000至2099"),
        (_place_of("报送周期"), "每周", "每两周、每月、每季度、每半年、每年"),
        (_place_of("截止日"), 0, "最后一日"),
        (_place_of("截止日"), 32, "-31至31"),
        (_place_of("字数上限"), "很多", "整数"),
        (_place_of("字数可放宽"), "也许", "是、否"),
        (_place_of("字数上限").replace("B", "A"), "字数", "不要改动"),
        ("报送安排!B25", None, "是、否"),
        ("报送安排!A26", "附件1", "只写一行"),
        ("报送安排!A29", None, "报送期"),
        ("报送安排!A30", "2025-Q1", "不能重复"),
        ("报送安排!B29", None, "日期"),
        ("报送安排!C29", "2024-12-31", "不早于"),
        ("报送安排!D29", "2024-12-31", "不早于"),
        ("报送安排!E29", "暂", "是、否"),
    ],
)
def test_a_wrong_cell_is_named_with_what_is_allowed(place: str, value: Any, allowed: str) -> None:
    wrong = _wrong(_changed((place, value)))
    named = {f"{each.sheet}!{each.cell}" if each.cell else each.sheet: each.allowed for each in wrong}
    assert any(allowed in each for each in named.values()), named
    if "自己也要并入" in allowed:
        assert list(named) == ["单位!C4"]
    elif "成员单位" in allowed:
        assert list(named) == ["单位!D5"]
    else:
        assert place in named, named


def test_all_wrong_cells_come_at_once_in_the_order_of_the_sheets() -> None:
    wrong = _wrong(_changed(("提示!A3", ""), ("单位!C4", "无此单位"), ("任务!J3", "负责"), ("任务!C4", "x")))
    assert [(each.sheet, each.cell, each.value) for each in wrong] == [
        ("任务", "J3", "负责"),
        ("任务", "C4", "x"),
        ("单位", "C4", "无此单位"),
        ("提示", "A3", ""),
    ]


def test_the_sentence_names_the_first_ones_and_how_many_there_are() -> None:
    wrong = [WrongCell("任务", f"C{row}", "x" * 30, "应为整数") for row in range(3, 8)]
    assert str(WorkbookError(wrong)) == (
        "工作簿中有5处需要改正：任务!C3（xxxxxxxxxxxxxxxxxxxx…）：应为整数；"
        "任务!C4（xxxxxxxxxxxxxxxxxxxx…）：应为整数；任务!C5（xxxxxxxxxxxxxxxxxxxx…）：应为整数；另有2处。"
    )


def test_merges_in_a_circle_are_refused() -> None:
    wrong = _wrong(_changed(("单位!C3", "区工信局")))
    assert [each.cell for each in wrong] == ["C3", "C4"]


def test_missing_sheets_columns_and_rows_are_named() -> None:
    cells = copy.deepcopy(_CELLS)
    del cells["提示"]
    assert [(each.sheet, each.cell) for each in _wrong(cells)] == [("提示", "")]
    assert "缺少“任务内容”" in _wrong(_changed(("任务!D2", "内容")))[0].allowed
    assert ["缺少“分工2”" in each.allowed for each in _wrong(_changed(("任务!L2", None)))] == [True]
    assert "只能有一个" in _wrong(_changed(("任务!K2", "单位1")))[0].allowed
    cells = copy.deepcopy(_CELLS)
    cells["报送安排"].pop(_row_of("字数上限") - 1)
    assert "缺少“字数上限”一行" in _wrong(cells)[0].allowed
    cells["报送安排"] = cells["报送安排"][:2]
    assert len(_wrong(cells)) > 3


def test_a_workbook_without_tasks_is_refused() -> None:
    cells = copy.deepcopy(_CELLS)
    cells["任务"] = cells["任务"][:2]
    assert [each.allowed for each in _wrong(cells)] == ["至少要有一项任务"]


def test_a_repeated_number_stands_where_the_notice_itself_is_said_to_repeat_it() -> None:
    first = PLAN.notice.tasks[0]
    tasks = (first, replace(first, text="再建1个园区。"))
    repeat = Remark("number_repeat", "第1项出现2次。", first.key)
    plan = replace(PLAN, notice=replace(PLAN.notice, tasks=tasks, warnings=(repeat,)))
    assert read_workbook(cells_of(write_workbook(plan))) == plan
    plan = replace(plan, notice=replace(plan.notice, warnings=()))
    assert [each.cell for each in _wrong(cells_of(write_workbook(plan)))] == ["C4"]


def test_columns_in_another_order_and_columns_of_ones_own_change_nothing() -> None:
    cells = copy.deepcopy(_CELLS)
    width = max(map(len, cells["任务"]))
    order = [*range(8, width), 3, 7, 0, 1, 2, 6, 5, 4]
    cells["任务"] = [
        [
            row[0] if at == 0 else None,
            *((row + [None] * width)[column] for column in order),
            "自己的一列" if at else None,
        ]
        for at, row in enumerate(cells["任务"])
    ]
    assert read_workbook(cells) == PLAN


@given(st.permutations([2, 3, 4]))
def test_rows_in_another_order_are_the_same_tasks_in_that_order(order: list[int]) -> None:
    cells = copy.deepcopy(_CELLS)
    cells["任务"] = [*cells["任务"][:2], *(cells["任务"][at] for at in order)]
    assert read_workbook(cells).notice.tasks == tuple(PLAN.notice.tasks[at - 2] for at in order)


def test_emptied_rows_are_dropped_and_copied_ones_are_further_tasks() -> None:
    cells = copy.deepcopy(_CELLS)
    copied = list(cells["任务"][2])
    copied[2] = 9
    hint_left = [None] * 7 + ["提示留下了"]
    cells["任务"][3:3] = [[], copied, hint_left, [" ", None, "　"]]
    cells["报送安排"][28] = []
    cells["提示"][2] = []
    read = read_workbook(cells)
    assert [task.no for task in read.notice.tasks] == [1, 9, 2, 1]
    assert [period.label for period in read.notice.periods] == ["2025-Q2"]
    assert read.notice.warnings == PLAN.notice.warnings[1:]


def test_a_unit_taken_out_leaves_the_others_in_their_order() -> None:
    read = read_workbook(_changed(("任务!I3", None)))
    assert read.notice.tasks[0].owners == (Owner("区财政局", "support"),)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("任务!C4", 2.0),
        ("任务!C4", "2"),
        ("任务!C4", " ２ "),
        ("任务!C4", "2.0"),
        ("任务!D4", "技改20家企业。 \n"),
        ("任务!J3", "牵 头"),
        ("任务!F4", "顾宁；罗安"),
        ("任务!F4", "顾宁\n罗安"),
        ("任务!A2", "清 单"),
        ("任务!I2", "单位１"),
        ("单位!D5", "东关街道，西关街道（开发区）、"),
        (_place_of("任务年度"), "２０２５"),
        (_place_of("印发日期"), "2025年2月14日"),
        (_place_of("印发日期"), "2025/2/14"),
        (_place_of("印发日期"), "2025.02.14"),
        (_place_of("印发日期"), 45702),
        (_place_of("字数可放宽"), True),
        (_place_of("截止在哪个月"), 1),
        ("报送安排!E30", True),
        ("报送安排!E29", None),
    ],
)
def test_other_ways_of_writing_the_same_are_understood(place: str, value: Any) -> None:
    assert read_workbook(_changed((place, value))) == PLAN


def test_numbers_and_dates_that_excel_made_of_texts_are_texts_again() -> None:
    read = read_workbook(_changed(("任务!B3", 2025), ("任务!E3", "2025-06-30")))
    assert (read.notice.tasks[0].section, read.notice.tasks[0].deadline) == ("2025", "2025-06-30")


def test_merging_and_expanding_are_said_in_the_sheet_of_units() -> None:
    cells = _changed(
        ("单位!C4", None), ("单位!C6", "区工业和信息化局"), ("单位!A7", "市税务局"), ("单位!C3", "市税务局")
    )
    cells["单位"][5][2] = None
    assert read_workbook(cells).units == (
        UnitEntry("各镇街", (), ("东关街道", "西关街道（开发区）")),
        UnitEntry("市税务局", ("区工业和信息化局",)),
    )


def test_addresses_are_excels() -> None:
    assert [Cell("任务", 12, column, None).address for column in (1, 26, 27, 52, 703)] == [
        "A12",
        "Z12",
        "AA12",
        "AZ12",
        "AAA12",
    ]


_JSON = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**6)
    | st.floats(0, 9)
    | st.text(max_size=5)
    | st.just({"error": "#N/A"})
)
_GRIDS = st.lists(st.lists(_JSON, max_size=8), max_size=8)


@given(st.dictionaries(st.sampled_from(["任务", "单位", "报送安排", "提示"]), _GRIDS))
def test_any_cells_give_a_plan_or_say_what_is_wrong(cells: Cells) -> None:
    with suppress(WorkbookError):
        read_workbook(cells)


@given(st.sampled_from(sorted(_CELLS)), st.integers(0, 40), st.integers(0, 16), _JSON)
def test_any_one_cell_changed_gives_a_plan_or_says_what_is_wrong(sheet: str, row: int, column: int, value: Any) -> None:
    cells = copy.deepcopy(_CELLS)
    if row < len(cells[sheet]) and column < len(cells[sheet][row]):
        cells[sheet][row][column] = value
    with suppress(WorkbookError):
        read_workbook(cells)


def test_dates_beyond_the_calendar_are_wrong_and_no_crash() -> None:
    for value in (10**9, -1, "99999999999", "2025-13-45", date(2025, 1, 1).isoformat() + "x"):
        assert _wrong(_changed((_place_of("印发日期"), value)))
