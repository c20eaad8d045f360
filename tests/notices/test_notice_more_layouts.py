"""Web pages, space-aligned tables, tables without a header, matrices and paragraphs are read, or it is said why not."""

from datetime import date

import pytest

from notices.html import plain
from notices.notice import Notice, NoticeError
from notices.read import read_notice
from rules.workdays import WorkCalendar

_HEAD = "清河区人民政府办公室\n关于分解落实2025年重点任务的通知\n各镇街：\n请抓好落实。\n清河区人民政府办公室\n2025年2月14日\n"
_TABLE = (
    "<table border=1><tr><td>序号</td><td>类别</td><td>工作任务</td><td>牵头单位</td><td>配合单位</td></tr>"
    "<tr><td><p>1</p></td><td rowspan=2>水利&amp;生态</td><td>修渠12公里，<br>清淤5处。</td><td rowspan='2'>区水务局</td><td>区财政局、各镇街</td></tr>"
    "<tr><td>2</td><td>建泵站3座。</td><td>区林业局</td></tr>"
    "<tr><td>3</td><td>林业</td><td>栽树2万棵。</td><td>区林业局</td><td></td></tr>"
    "<tr><td colspan=5>合计：3项</td></tr></table>"
)
_PAGE = (
    "<!DOCTYPE html><html><head><title>x</title><style>p{color:red}</style></head><body>"
    '<div class="nav"><a href="/">首页</a> <a href="/a">政务公开</a></div><div>当前位置：<a>首页</a> > <a>通知公告</a></div>'
    "<h1>清河区人民政府办公室<br>关于分解落实2025年重点任务的通知</h1><div>发布时间：2025-02-14 浏览次数：33 【打印】</div>"
    "<p>各镇街：</p><p>&nbsp;&nbsp;现将任务分解如下，请于每月25日前将当月\n进展报区政府督查室。</p>"
    "<p>清河区人民政府办公室</p><p>2025年2月14日</p><p>附件</p><p>任务分解表</p>"
    f"{_TABLE}<div><a>上一篇</a></div><script>'1.假任务（责任单位：区水务局）'</script></body></html>"
)
_ALIGNED = (
    "序号       类 别      任 务 名 称       牵头领导    牵头单位    配合单位     完成时限\n"
    "1        农业水利建    修渠 12 公      顾  宁      区水务局    区财政局、   12 月底前\n"
    "         设        里，清淤河                       区农业农村\n"
    "                  道 5 处。                      局\n"
    "2                 改造老旧小      罗安      区住房和城   区城管局    10 月底前\n"
    "                  区 8 个。                乡建设局\n"
    "3        民生       新建学校。      程远山     区教育局             全年\n"
)


def _read(text: str) -> Notice:
    return read_notice((_HEAD + text).encode(), name="x.txt", calendar=WorkCalendar())


def _codes(notice: Notice) -> set[str]:
    return {remark.code for remark in notice.warnings} - {"no_cadence"}


def _owners(notice: Notice) -> list[list[tuple[str, str]]]:
    return [[(owner.name, owner.role) for owner in task.owners] for task in notice.tasks]


@pytest.mark.parametrize("text", [_PAGE, f"{_HEAD}附件\n任务分解表\n{_TABLE}\n"], ids=["page", "table"])
def test_html_tables_are_read_with_their_merged_cells(text: str) -> None:
    notice = read_notice(text.encode(), name="x.html", calendar=WorkCalendar())
    assert [(task.no, task.section, task.text) for task in notice.tasks] == [
        (1, "水利&生态", "修渠12公里，清淤5处。"),
        (2, "水利&生态", "建泵站3座。"),
        (3, "林业", "栽树2万棵。"),
    ]
    assert _owners(notice) == [
        [("区水务局", "lead"), ("区财政局", "support"), ("各镇街", "support")],
        [("区水务局", "lead"), ("区林业局", "support")],
        [("区林业局", "lead")],
    ]
    assert "control_total" not in _codes(notice)


def test_a_saved_page_loses_the_sites_frame_only() -> None:
    notice = read_notice(_PAGE.encode("gb18030"), name="x.html", calendar=WorkCalendar())
    assert notice.title == "清河区人民政府办公室关于分解落实2025年重点任务的通知"
    assert notice.rules.submit_to == "区政府督查室"
    assert "首页" not in plain(_PAGE)


def test_a_text_without_tags_is_left_alone() -> None:
    assert plain("PM2.5<35，增长>5%") == "PM2.5<35，增长>5%"


def test_cells_between_spaces_go_to_the_columns_they_stand_under() -> None:
    notice = _read(f"附件\n任务分解表\n{_ALIGNED}")
    assert [(task.section, task.text, task.leaders, task.deadline) for task in notice.tasks] == [
        ("农业水利建设", "修渠12公里，清淤河道5处。", ("顾宁",), "12月底前"),
        ("农业水利建设", "改造老旧小区8个。", ("罗安",), "10月底前"),
        ("民生", "新建学校。", ("程远山",), "全年"),
    ]
    assert _owners(notice) == [
        [("区水务局", "lead"), ("区财政局", "support"), ("区农业农村局", "support")],
        [("区住房和城乡建设局", "lead"), ("区城管局", "support")],
        [("区教育局", "lead")],
    ]


def test_a_table_whose_numbers_stand_in_the_middle_of_their_rows_is_refused() -> None:
    lines = _ALIGNED.splitlines()
    with pytest.raises(NoticeError):
        _read("附件\n任务分解表\n" + "\n".join([lines[0], lines[2], lines[1], *lines[3:]]))


@pytest.mark.parametrize(
    "rows",
    [
        "1\t修渠。\t区水务局\t顾宁\n2\t栽树。\t区林业局\t罗安\n",
        "|1|修渠。|区水务局|顾宁|\n|2|栽树。|区林业局|罗安|\n",
        "责任\n1\n修渠。\n区水务局\n顾宁\n2\n栽树。\n区林业局\n罗安\n",
        "目标任务\n责任单位\n责任人\n1\n修渠。\n区水务局\n顾宁\n2\n栽树。\n区林业局\n罗安\n",
    ],
    ids=["tabs", "pipes", "cells", "half"],
)
def test_a_table_that_lost_its_header_is_read_by_its_contents_and_told(rows: str) -> None:
    notice = _read(f"附件\n任务分解表\n{rows}")
    assert [(task.text, task.leaders) for task in notice.tasks] == [("修渠。", ("顾宁",)), ("栽树。", ("罗安",))]
    assert _owners(notice) == [[("区水务局", "owner")], [("区林业局", "owner")]]
    assert "no_header" in _codes(notice)


def test_a_headless_table_with_two_columns_of_units_is_told_row_by_row() -> None:
    listed = "附件1\n任务清单\n1.修路。（责任单位：区交通局）\n附件2\n任务表\n"
    notice = _read(listed + "1\t修渠。\t区水务局\t区财政局\n2\t栽树。\t区林业局\t区财政局\n")
    assert [task.list for task in notice.tasks] == ["附件1"]
    assert sum(remark.code == "unread_row" for remark in notice.warnings) == 2


def test_an_indicator_belongs_to_the_units_whose_cell_is_filled() -> None:
    notice = _read(
        "附件\n指标表\n|序号|指标名称|区水务局|城关镇|全区|\n|1|投资额|3||7|\n|2|增速|—|5|9|\n|3|数量|1|2|3|\n"
    )
    assert [task.text for task in notice.tasks] == ["投资额", "增速", "数量"]
    assert _owners(notice) == [
        [("区水务局", "owner")],
        [("城关镇", "owner")],
        [("区水务局", "owner"), ("城关镇", "owner")],
    ]
    (told,) = [remark.message for remark in notice.warnings if remark.code == "columns_aside"]
    assert "区水务局、城关镇、全区" in told


def test_paragraphs_under_a_heading_are_one_task_of_the_units_at_its_end() -> None:
    notice = _read(
        "一、兴水\n修渠12公里，清淤5处。\n新建水库1座。\n责任单位：区水务局\n二、兴林\n栽树2万棵。\n责任单位：区林业局\n"
    )
    assert [(task.section, task.text) for task in notice.tasks] == [
        ("一、兴水", "修渠12公里，清淤5处。新建水库1座。"),
        ("二、兴林", "栽树2万棵。"),
    ]
    assert _codes(notice) == {"section_task"}


def test_a_list_without_units_is_refused_with_what_is_missing() -> None:
    with pytest.raises(NoticeError, match=r"3项编号的内容.*责任单位"):
        _read("一、兴水\n1.修渠。\n2.清淤。\n3.建库。\n")


def test_an_annex_without_units_beside_a_list_with_units_is_told() -> None:
    notice = _read(
        "附件1\n任务清单\n1.修渠。（责任单位：区水务局）\n附件2\n民生实事清单\n1.建园。\n2.建校。\n3.建桥。\n"
    )
    assert [task.list for task in notice.tasks] == ["附件1"]
    assert "unread_list" in _codes(notice)


def test_demands_behind_the_list_are_letter_again() -> None:
    notice = _read(
        "一、任务\n1.修渠。（责任单位：区水务局）\n二、工作要求\n（一）按时报送。各单位每月25日前将当月进展报区政府督查室。\n"
    )
    assert len(notice.tasks) == 1
    assert (notice.rules.cadence, notice.rules.submit_to) == ("monthly", "区政府督查室")


def test_a_year_in_chinese_signs_is_a_year() -> None:
    text = "关于分解落实二〇二四年重点任务的通知\n各镇街：\n1.修渠。（责任单位：区水务局）\n"
    assert read_notice(text.encode(), name="x", calendar=WorkCalendar()).plan_year == 2024


@pytest.mark.parametrize("lead_in", ["—— ", "－－", "--", "● ", "　◆"])
def test_a_dash_or_bullet_may_lead_in_a_label_line(lead_in: str) -> None:
    notice = _read(
        f"一、兴水\n1.修渠12公里。\n{lead_in}牵头单位：区水务局\n{lead_in}完成时限：6月底\n"
        f"2.清淤5处。\n{lead_in}牵头单位：区城管局\n{lead_in}完成时限：全年\n"
    )
    assert [(task.text, task.deadline) for task in notice.tasks] == [("修渠12公里。", "6月底"), ("清淤5处。", "全年")]
    assert _owners(notice) == [[("区水务局", "lead")], [("区城管局", "lead")]]


def test_figures_of_places_beside_a_list_are_no_tasks_and_told() -> None:
    listed = "附件1\n任务清单\n1.修渠。（责任单位：区水务局）\n2.栽树。（责任单位：区林业局）\n"
    notice = _read(
        listed + "附件2\n指标表\n|序号|指标|单位|城关镇|北山乡|全区|\n|1|水田|亩|3|4|7|\n|2|林地|亩|5|6|11|\n"
    )
    assert [task.list for task in notice.tasks] == ["附件1", "附件1"]
    (told,) = [remark.message for remark in notice.warnings if remark.code == "unread_list"]
    assert "附件2" in told
    assert "指标表" in told


def test_a_subtotal_row_is_no_part_of_the_task_above() -> None:
    notice = _read(
        "附件\n任务表\n|序号|板块|工作任务|责任单位|\n|1|水利|修渠12公里。|区水务局|\n|<br>|小 计|共1项|<br>|\n"
        "|2|林业|栽树2万棵。|区林业局|\n|<br>|小计|共1项|<br>|\n|总计|<br>|2项任务|<br>|\n"
    )
    assert [(task.section, task.text) for task in notice.tasks] == [("水利", "修渠12公里。"), ("林业", "栽树2万棵。")]
    assert not _codes(notice)


def test_a_plan_enacted_in_an_annex_says_when_to_report() -> None:
    notice = _read(
        "附件\n2025年重点任务推进方案\n一、总体要求\n各单位要高度重视。\n二、信息报送\n"
        "从3月起，各牵头单位每月5日前将上月进展报区政府督查室，每项不超过160字。\n（二）细化方案。于2月28日前报送年度推进计划。\n"
        "附件1\n任务清单\n1.修渠。（责任单位：区水务局）\n附件2\n进展情况表\n每季度末报区财政局，不超过90字。\n"
    )
    rules = notice.rules
    assert (rules.cadence, rules.due_rule and rules.due_rule.day, rules.max_length) == ("monthly", 5, 160)
    assert (rules.submit_to, rules.plan_due) == ("区政府督查室", date(2025, 2, 28))
    assert notice.periods[0].label == "2025-03"
    assert [task.list for task in notice.tasks] == ["附件1"]


def test_a_form_before_the_list_demands_nothing() -> None:
    notice = _read(
        "附件1\n联络员登记表\n请于每月25日前报区政府督查室，注明联系人。\n附件2\n任务清单\n1.修渠。（责任单位：区水务局）\n"
    )
    assert (notice.rules.cadence, notice.rules.contact_required) == (None, None)


def test_a_page_mark_with_a_stroke_is_no_heading() -> None:
    header = "|序号|工作任务|责任单位|\n"
    notice = _read(
        f"附件\n任务表\n{header}|1|修渠。|区水务局|\n第1页/共2页\n{header}|2|栽树。|区林业局|\n第 2 页 / 共 2 页\n"
    )
    assert [(task.no, task.section) for task in notice.tasks] == [(1, None), (2, None)]


def test_a_form_of_blank_rows_is_not_reported_row_by_row() -> None:
    notice = _read(
        "附件1\n任务清单\n1.修渠。（责任单位：区水务局）\n附件2\n月报表\n|序号|进展|困难|\n|1|<br>|<br>|\n|2|<br>|<br>|\n"
    )
    assert not _codes(notice)


def test_a_line_end_of_the_web_parts_lines_of_running_text() -> None:
    notice = _read("1.修渠。<br>责任单位：区水务局<br/>2.栽树。\n<br>\t责任单位：区林业局\n")
    assert [task.text for task in notice.tasks] == ["修渠。", "栽树。"]
    assert _owners(notice) == [[("区水务局", "owner")], [("区林业局", "owner")]]
