"""Tables of every kind come down to one grid, and one reader reads it."""

import pytest

from notices.block import Block, Duty, Row
from notices.columns import Column, label_kind, merged
from notices.grid import Cell, Grid, find_header, read_grid
from notices.layouts import read_block
from notices.layouts.alignment import align
from notices.page import lines_of

_HEADER = ("序号", "工作任务", "责任单位", "完成时限")


def _grid(*rows: tuple[str | Cell, ...]) -> Grid:
    return Grid(tuple(tuple(Cell(cell) if isinstance(cell, str) else cell for cell in row) for row in rows))


def _rows(grid: Grid) -> tuple[Row, ...]:
    taken = read_grid(grid)
    assert taken is not None
    return taken.rows


def _read(text: str) -> tuple[Row, ...]:
    reading = read_block(Block("附件", "", tuple(lines_of(text))))
    assert reading is not None
    return reading.rows


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("序号", "no"),
        ("市级牵头责任单位", "lead"),
        ("主要责任部门", "lead"),
        ("共同责任单位", "support"),
        ("责任单位（加黑的为牵头单位）", "shared"),
        ("分管副区长", "leaders"),
        ("完成时间要求", "deadline"),
        ("重点任务类别", "category"),
        ("三季度目标", "other"),
        ("重点项目名称", "text"),
        ("各责任单位", None),
        ("你好", None),
    ],
)
def test_a_label_is_known_by_the_words_it_is_made_of(label: str, kind: str | None) -> None:
    assert label_kind(label) == kind


def test_bold_letters_in_a_cell_mark_the_lead() -> None:
    names = "区水务局、区财政局"
    cell = Cell(names, tuple(sign in "区财政局" and at > 4 for at, sign in enumerate(names)))
    (row,) = _rows(_grid(_HEADER, ("1", "修渠。", cell, "年底")))
    assert (row.duty.shared, row.duty.bold) == (("区水务局", "区财政局"), frozenset({"区财政局"}))
    (row,) = _read("|序号|任务|责任单位|\n|1|修渠。|区水务局、**区财政局**|")
    assert (row.duty.lead, row.duty.support) == (("区财政局",), ("区水务局",))
    assert "bold_leads" in row.duty.guesses


def test_a_merged_cell_holds_until_the_next_one_and_is_told() -> None:
    first, second, third = _rows(
        _grid(_HEADER, ("1", "修渠。", "区水务局", "年底"), ("2", "清淤。", "", ""), ("3", "栽树。", "区林业局", "5月"))
    )
    assert first.duty == Duty(shared=("区水务局",), deadline="年底")
    assert second.duty == Duty(shared=("区水务局",), deadline="年底", guesses=frozenset({"inherited_cell"}))
    assert third.duty.deadline == "5月"


def test_a_dash_is_no_merged_cell() -> None:
    rows = _rows(
        _grid(
            ("序号", "任务", "牵头单位", "配合单位"),
            ("1", "修渠。", "区水务局", "区财政局"),
            ("2", "清淤。", "区城管局", "—"),
        )
    )
    assert rows[1].duty == Duty(lead=("区城管局",))


def test_rows_across_the_table_are_sections_and_leaders() -> None:
    rows = _rows(
        _grid(
            _HEADER,
            ("一、兴水", "", "", ""),
            ("牵头领导：顾宁", "", "", ""),
            ("1", "修渠。", "区水务局", "年底"),
            ("二、兴林", "", "", ""),
            ("牵头领导：罗安", "", "", ""),
            ("2", "栽树。", "区林业局", "年底"),
        )
    )
    assert [row.section for row in rows] == ["一、兴水", "二、兴林"]
    assert [(row.duty.leaders, row.duty.leader_label) for row in rows] == [
        (("顾宁",), "牵头领导"),
        (("罗安",), "牵头领导"),
    ]


def test_a_row_without_a_number_goes_on_with_the_row_above() -> None:
    (row,) = _rows(_grid(_HEADER, ("1", "修渠12公里，", "区水务局、区财", "年底"), ("", "清淤5处。", "政局", "")))
    assert (row.text, row.duty.shared) == ("修渠12公里，清淤5处。", ("区水务局", "区财政局"))


def test_quarters_under_a_spanning_header_are_left_aside() -> None:
    grid = _grid(
        ("序号", "重点任务", "进度安排", "", "责任单位"),
        ("", "", "一季度", "二季度", ""),
        ("1", "修渠。", "勘察", "开工", "区水务局"),
    )
    taken = read_grid(grid)
    assert taken is not None
    assert taken.aside == ("一季度", "二季度")
    assert [(row.text, row.duty.shared) for row in taken.rows] == [("修渠。", ("区水务局",))]


def test_a_second_header_printed_below_the_first_one_goes_where_it_is_spanned() -> None:
    labels = ["序号", "任务", "进度安排", "责任单位", "一季度", "二季度"]
    columns = merged([Column(label_kind(label) or "other", label) for label in labels])
    assert [column.label for column in columns] == ["序号", "任务", "一季度", "二季度", "责任单位"]


def test_a_short_name_before_the_task_is_its_section() -> None:
    grid = _grid(
        ("序号", "重点工作", "工作内容", "责任单位"),
        ("1", "兴水", "修渠12公里，清淤5处，年底前全部完工通水。", "区水务局"),
    )
    (row,) = _rows(grid)
    assert (row.section, row.text) == ("兴水", "修渠12公里，清淤5处，年底前全部完工通水。")


def test_a_grid_without_units_holds_no_tasks() -> None:
    assert find_header(_grid(("序号", "任务名称", "进展情况"), ("1", "", ""))) is None


@pytest.mark.parametrize("framed", [True, False])
def test_pipes_with_and_without_an_outer_frame_are_the_same_table(framed: bool) -> None:
    lines = ["序号|任务|责任单位", "1|修渠。|区水务局", "2|清淤。|", "3|栽树。|区林业局"]
    rows = _read("\n".join(f"|{line}|" if framed else line for line in lines))
    assert [(row.no, row.text, row.duty.shared) for row in rows] == [
        (1, "修渠。", ("区水务局",)),
        (2, "清淤。", ("区水务局",)),
        (3, "栽树。", ("区林业局",)),
    ]


def test_a_cell_broken_over_lines_between_tabs_is_joined() -> None:
    rows = _read("序号\t任务\t牵头单位\t配合单位\n1\t修渠12\n公里。\t区水务局\t区财政\n局\n2\t栽树。\t区林业局\t各镇\n")
    assert [(row.text, row.duty.support) for row in rows] == [("修渠12公里。", ("区财政局",)), ("栽树。", ("各镇",))]


@pytest.mark.parametrize(
    ("cell", "duty"),
    [
        ("区水务局（牵头）、区财政局", Duty(lead=("区水务局",), support=("区财政局",))),
        ("牵头单位：区水务局<br>配合单位：区财政局", Duty(lead=("区水务局",), support=("区财政局",))),
        ("区水务局牵头，区财政局配合", Duty(lead=("区水务局",), support=("区财政局",))),
    ],
)
def test_a_cell_may_divide_its_units_itself(cell: str, duty: Duty) -> None:
    (row,) = _read(f"|序号|任务|责任单位|\n|---|---|---|\n|1|修渠。|{cell}|\n")
    assert row.duty == duty


def test_cells_are_put_in_their_columns_where_empty_ones_left_no_trace() -> None:
    columns = [
        Column("text", "任务"),
        Column("leaders", "领导"),
        Column("lead", "牵头单位"),
        Column("support", "配合单位"),
        Column("deadline", "时限"),
    ]
    assert align(columns, [["修渠12公里。"], ["区水务局"], ["年底前"]]) == [
        ["修渠12公里。"],
        [],
        ["区水务局"],
        [],
        ["年底前"],
    ]
    assert align(columns, [["修渠12公里。"], ["顾宁"], ["区水务局"], ["区财政局、各镇"]])[1:4] == [
        ["顾宁"],
        ["区水务局"],
        ["区财政局、各镇"],
    ]
