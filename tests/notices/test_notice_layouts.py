"""Each layout finds its rows, and only its rows."""

from notices.block import Block, Duty, Reading, Row
from notices.columns import headers
from notices.layouts import read_block
from notices.page import lines_of
from notices.responsibility import take_apart


def _read(text: str) -> Reading:
    reading = read_block(Block("附件", "", tuple(lines_of(text))))
    assert reading is not None
    return reading


def _owners(row: Row) -> tuple[tuple[str, ...], ...]:
    return row.duty.lead, row.duty.support, row.duty.shared


def test_a_header_is_found_in_one_line_in_several_and_with_spaced_letters() -> None:
    lines = [
        "序号 责任单位 目 标 任 务 责任人",
        "1 区教育局",
        "序 号",
        "类  别",
        "工作任务 牵头单位",
        "（加黑的为牵头单位）",
        "1",
    ]
    found = headers(lines)
    assert [header.kinds for header in found] == [
        ("no", "shared", "text", "leaders"),
        ("no", "category", "text", "lead"),
    ]
    assert [(header.start, header.end) for header in found] == [(0, 1), (2, 6)]


def test_a_cell_table_keeps_wrapped_cells_together_by_their_tabs() -> None:
    rows = _read(
        "\t序号\n\t责任单位\n\t目 标 任 务\n\t责任人\n\t1\n\t区公园广场\n管理办公室\n\t种树3万棵。\n\t罗  安\n"
        "\t2\n\t区水务局\n\t疏浚河道。\n\t各镇街\n负责人\n"
    ).rows
    assert [row.no for row in rows] == [1, 2]
    assert rows[0] == Row(
        1, "种树3万棵。", None, Duty(shared=("区公园广场管理办公室",), leaders=("罗安",), leader_label="责任人")
    )
    assert rows[1].duty.leaders == ("各镇街负责人",)


def test_a_task_first_cell_table_tells_lead_from_support() -> None:
    rows = _read(
        "序号\n工作任务\n牵头单位\n配合单位\n完成时限\n"
        "1\n建成学校\n区教育局\n区财政局、各镇街\n10月底前\n2\n修好路灯\n区城管局\n区水务局\n年底前\n"
    ).rows
    assert _owners(rows[0]) == (("区教育局",), ("区财政局", "各镇街"), ())
    assert [row.duty.deadline for row in rows] == ["10月底前", "年底前"]


def test_pdf_rows_are_read_over_page_breaks_and_short_rows_on_one_line() -> None:
    rows = _read(
        "序号 责任单位 目 标 任 务 责任人\n1 区教育局\n新建学校\n2 所，改造食堂\n3 处。\n顾 宁\n序号 责任单位 目 标 任 务 责任人\n"
        "2 区医保局 办好服务。\n罗 安\n程远山\n3 高新区 建设厂房，招引企业。 温如玉\n"
    ).rows
    assert [row.text for row in rows] == ["新建学校2所，改造食堂3处。", "办好服务。", "建设厂房，招引企业。"]
    assert [row.duty.leaders for row in rows] == [("顾宁",), ("罗安", "程远山"), ("温如玉",)]
    assert rows[2].duty.shared == ("高新区",)


def test_a_leader_table_carries_the_category_cell_down() -> None:
    rows = _read(
        "序号 类别 重点任务 牵头领导\n责任单位\n（加黑的为牵头单位）\n1\n提升城市\n品质\n改造老旧小区，加装\n电梯。\n顾  宁\n罗安\n"
        "区住房城乡建设\n局、市生态环境局清\n河分局\n2 建成公园。 罗安 区城管局\n"
    ).rows
    assert [row.section for row in rows] == ["提升城市品质", "提升城市品质"]
    assert rows[0].text == "改造老旧小区，加装电梯。"
    assert rows[0].duty.leaders == ("顾宁", "罗安")
    assert rows[0].duty.shared == ("区住房城乡建设局", "市生态环境局清河分局")
    assert rows[1].duty.shared == ("区城管局",)


def test_a_numbered_list_takes_its_sections_from_the_headings_numbers() -> None:
    reading = _read(
        "# 一、产业\n#### （一）工业\n1.建设\n厂房（力争3座）。（牵头\n单位：区工信局；责任单位：各镇街）\n## （二）农业 2.种粮\n3.2万亩。"
        "（牵头单位：区农业农村局）\n二、民生\n12\n3.助老。(牵头单位:区民政局，区残联)\n"
    )
    assert [row.section for row in reading.rows] == ["一、产业 / （一）工业", "一、产业 / （二）农业", "二、民生"]
    assert [row.text for row in reading.rows] == ["建设厂房（力争3座）。", "种粮3.2万亩。", "助老。"]
    assert _owners(reading.rows[2]) == (("区民政局", "区残联"), (), ())
    assert reading.begins_at == 2


def test_items_without_anyone_responsible_are_reported_and_not_read() -> None:
    reading = _read("1.种树。（责任单位：区林业局）\n2.浇水。\n3.修枝。（责任单位：各镇街）")
    assert [row.no for row in reading.rows] == [1, 3]
    assert reading.unread == ("2.浇水。",)


def test_a_block_without_units_holds_no_list() -> None:
    assert read_block(Block("正文", "", ("附件：1.任务表", "2.计划表", "3.情况表"))) is None
    assert read_block(Block("附件3", "", ("序号", "重点任务", "备注", "1", "2"))) is None


def test_a_responsibility_is_taken_out_wherever_it_stands() -> None:
    taken = take_apart("修路（含桥）(牵头领导:顾宁、罗安。承办单位:区交通局，各镇街。黑体为主办单位，下同)")
    assert taken.text == "修路（含桥）"
    assert taken.duty.leaders == ("顾宁", "罗安")
    assert taken.duty.leader_label == "牵头领导"
    assert taken.duty.shared == ("区交通局", "各镇街")


def test_a_units_own_parenthesis_does_not_close_the_responsibility() -> None:
    taken = take_apart("办好实事。（责任单位：两地区（县）政府办公室、发展改革局；完成时限：6月底前）")
    assert taken.duty.shared == ("两地区（县）政府办公室", "发展改革局")
    assert taken.duty.deadline == "6月底前"
