"""Bold letters and borders are written and read back alike, and leave no sign in the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.block import Block, Row
from notices.layouts import read_block
from notices.marked import marks_of, note, notes, unmarked, written
from notices.page import lines_of
from notices.read import read_notice
from rules.workdays import WorkCalendar

_PIECES = st.lists(st.tuples(st.text(st.sampled_from("甲乙*_|｜\\ab.（、"), min_size=1, max_size=5), st.booleans()))


@given(_PIECES)
def test_what_is_written_is_read_back(pieces: list[tuple[str, bool]]) -> None:
    line = unmarked(written(pieces))
    assert line == "".join(words for words, _ in pieces)
    marks = tuple(bold for words, bold in pieces for _ in words)
    assert (marks_of(line) or (False,) * len(line)) == marks


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("## **一、工业**", "一、工业"),
        ("**1.** 修渠", "1. 修渠"),
        ("由 *区水务局* 负责，__各镇__，<b>配合</b>", "由 区水务局 负责，各镇，配合"),
        ("带*的为约束性指标，带*的不考核", "带*的为约束性指标，带*的不考核"),
        ("联系人____电话____", "联系人____电话____"),
        ("138****1234", "138****1234"),
        ("**区水务****局**", "区水务局"),
        ("宽3*4米", "宽3*4米"),
        ("修渠<!-- 内部批注 -->。", "修渠。"),
        ("A\\|B", "A|B"),
    ],
)
def test_no_sign_of_markdown_is_left_in_a_line(line: str, words: str) -> None:
    assert lines_of(line) == [words]


def test_notes_are_found_again_and_are_no_line_of_the_text() -> None:
    text = f"通知\n{note('有隐藏的行')}\n正文"
    assert notes(text) == ["有隐藏的行"]
    assert lines_of(text) == ["通知", "正文"]


def _rows(text: str) -> tuple[Row, ...]:
    reading = read_block(Block("附件", "", tuple(lines_of(text))))
    assert reading is not None
    return reading.rows


def test_bold_letters_in_a_parenthesis_mark_the_lead() -> None:
    first, second, third = _rows(
        "**一、兴水**\n1.**修渠**12公里（区发展改革局参与）。（承办单位：**区水务局**、区发展改革局）\n"
        "2.清淤。（承办单位：区财政局、**区城\n**管局**）\n3.**办好会展。（承办单位：区商务局）**\n"
    )
    assert (first.section, first.text) == ("一、兴水", "修渠12公里（区发展改革局参与）。")
    assert (first.duty.lead, first.duty.support) == (("区水务局",), ("区发展改革局",))
    assert (second.duty.lead, second.duty.support) == (("区城管局",), ("区财政局",))
    assert (third.text, third.duty.lead) == ("办好会展。", ("区商务局",))


def test_a_name_is_bold_where_it_stands_last_and_by_itself() -> None:
    first, second = _rows(
        "1.**区水务局修渠**。（承办单位：**区财政局**、区水务局）\n2.清淤。（承办单位：**财政局**、市财政局、各镇）\n"
    )
    assert first.duty.lead == ("区财政局",)
    assert second.duty.lead == ("财政局",)


def test_bold_letters_in_a_line_of_labels_mark_the_lead() -> None:
    (row,) = _rows("1.修渠。\n**责任单位：**区财政局、**区水务局**\n**完成时限：**年底\n")
    assert (row.duty.lead, row.duty.support, row.duty.deadline) == (("区水务局",), ("区财政局",), "年底")


def test_items_in_the_cells_of_a_table_without_a_header_are_a_list() -> None:
    rows = _rows("| 兴水 | 1.修渠。（责任单位：**区水务局**、各镇）<br>2.清淤。（责任单位：区城管局） |\n")
    assert [(row.text, row.duty.lead, row.duty.shared) for row in rows] == [
        ("修渠。", ("区水务局",), ()),
        ("清淤。", (), ("区城管局",)),
    ]


def test_each_sheet_is_a_list_under_its_own_name_and_notes_are_warnings() -> None:
    text = (
        "某某区2025年任务\n请于每月5日前报送当月进展。\n【工作表】重点\\_任务\n|序号|任务|责任单位|\n|1|修渠。|区水务局|\n"
        f"【工作表】附件2\n|序号|任务|责任单位|\n|1|栽树。|区林业局|\n{note('隐藏了一行')}\n"
    )
    notice = read_notice(text.encode(), name="x", calendar=WorkCalendar())
    assert [(task.list, task.text) for task in notice.tasks] == [("重点_任务", "修渠。"), ("附件2", "栽树。")]
    assert notice.title == "某某区2025年任务"
    assert notice.rules.due_rule is not None
    assert [remark.message for remark in notice.warnings if remark.code == "left_out"] == ["隐藏了一行"]
