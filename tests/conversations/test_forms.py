"""Forms go out filled as far as known and come back by row key: rows taken, wrong cells listed, nothing half lost."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from duban.rehearsal.botapi import User
from tests.cast import Cast, cast, local, notice
from tests.conversations.looking import reported, rows, states
from tests.conversations.test_planning import EARLY, asking, plans

FIRST = 6  # the first task's row
Fill = Callable[[Worksheet], object]


async def form(people: Cast, who: User, command: str = "/form") -> bytes:
    """Ask for a form and give its bytes."""
    await people.say(who, command)
    document = who.last.document
    assert document is not None, who.last.text
    return document.data


def filled(data: bytes, fill: Fill) -> bytes:
    """Fill a form in as a program would that keeps everything."""
    book = load_workbook(BytesIO(data))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def cells(**values: Any) -> Fill:
    """Make a fill that puts values into cells: F6="…"."""

    def fill(sheet: Worksheet) -> None:
        for address, value in values.items():
            sheet[address] = value

    return fill


def retyped(data: bytes) -> bytes:
    """Give a form's values in a new file without marks, styles or properties, as copying into another program does."""
    old = load_workbook(BytesIO(data)).active
    assert isinstance(old, Worksheet)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Sheet1"
    for row in old.iter_rows(values_only=True):
        sheet.append(row)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def audits(people: Cast, action: str) -> int:
    return int(rows(people, "SELECT count(*) FROM audit WHERE action = :action", action=action)[0][0])


# --- the period's form -----------------------------------------------------------------------------------------------


async def test_a_form_filled_in_becomes_drafts_and_one_press_submits_all(
    tmp_path: Path, database_url: str | None
) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        data = await form(people, people.zhang)
        assert people.zhang.last.document is not None
        assert people.zhang.last.document.name == "区发改局-工作任务落实情况表.xlsx"
        back = filled(data, cells(F6="已开工8个项目。", G6="资金不足", H6="下月开工", I6="否", F7="已完成12个项目。"))
        said = await people.send_file(people.zhang, back, "情况表.xlsx")
        assert "进展 2 项，尚未报送" in said
        assert "• 任务1 2025年第一季度　" in said
        assert reported(people) == []
        assert "✓ 已报送：任务2" in await people.press(people.zhang, "提交")
        first, second = reported(people)
        assert (first.progress, first.problems, first.next_step, first.stage_met) == (
            "已开工8个项目。",
            "资金不足",
            "下月开工",
            False,
        )
        assert (second.progress, second.problems, second.stage_met) == ("已完成12个项目。", None, None)
        assert audits(people, "take_form") == 1


async def test_a_form_is_checked_and_counted_as_if_typed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await form(people, people.zhang)
        said = await people.send_file(
            people.zhang, filled(data, cells(F6="1. 正在有序推进。", F7="一" * 203)), "x.xlsx"
        )
        assert "7/200字 ✓　⚠ 只有“有序推进”之类的套话" in said
        assert "203/200字 ⚠　⚠ 超出3字：可以报送，须说明原因" in said
        assert "请用一句话说明原因" in await people.say(people.zhang, "提交")
        await people.say(people.zhang, "涉及多个项目")
        assert [row.progress for row in reported(people)] == ["正在有序推进。", "一" * 203]


async def test_past_a_hard_limit_a_row_is_a_wrong_cell(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(soft=False)) as people:
        data = await form(people, people.zhang)
        said = await people.send_file(people.zhang, filled(data, cells(F6="一" * 203, F7="已完成2个。")), "x.xlsx")
        assert "有 1 处需要改正" in said
        assert "F6“" in said
        assert "203字，超出上限200字，第201字在“一一一一一一一一一一▮一一一”处" in said
        assert states(people) == [(2, 1, "draft")]


async def test_the_form_knows_what_was_written_planned_and_promised(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        for text in ("/plan", "一季度选址", "二季度开工", "跳过", "跳过", "李校长", "跳过", "提交"):
            await people.say(people.li, text)
        for text in ("已选定3处校址。", "补充", "跳过", "4月挂牌", "是", "提交"):
            await people.say(people.li, text)
        await people.stage.move_to(local("2025-04-14 10:00"))
        await people.say(people.li, "新开工2所学校。")
        sheet = load_workbook(BytesIO(await form(people, people.li))).active
        assert sheet is not None
        assert [cell.value for cell in sheet[FIRST]][1:] == [
            3,
            "第3项工作，全年完成30个项目。",
            "二季度开工",
            "4月挂牌",
            "新开工2所学校。",
            None,
            None,
            None,
        ]


async def test_sending_the_same_form_again_changes_nothing_and_a_blank_keeps_what_stood(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await form(people, people.li)
        back = filled(data, cells(F6="已完成3个项目。", G6="资金不足"))
        await people.send_file(people.li, back, "x.xlsx")
        said = await people.send_file(people.li, back, "x.xlsx")
        assert "没有变化的 1 项" in said
        assert states(people) == [(3, 1, "draft")]
        await people.send_file(people.li, filled(data, cells(I6="是")), "x.xlsx")
        [row] = rows(people, "SELECT progress, problems, stage_met FROM report WHERE state = 'draft'")
        assert (row[0], row[1], bool(row[2])) == ("已完成3个项目。", "资金不足", True)
        await people.say(people.li, "提交")
        await people.send_file(people.li, filled(data, cells(F6="已完成4个项目。")), "x.xlsx")
        assert "✓ 已更正：任务3" in await people.say(people.li, "提交")


async def test_a_caption_is_no_report_and_editing_it_changes_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        back = filled(await form(people, people.li), cells(F6="已完成3个项目。"))
        sent = people.li.document(back, "x.xlsx", caption="请查收")
        await people.stage.settle()
        assert "没有作为进展报送" in people.li.last.text
        people.li.edit(sent, "请查收，谢谢，已完成9个项目")
        await people.stage.settle()
        assert states(people) == [(3, 1, "draft")]
        assert rows(people, "SELECT progress FROM report") == [("已完成3个项目。",)]


# --- what clerks and their programs do to a form ---------------------------------------------------------------------


def insert_rows(sheet: Worksheet) -> None:
    sheet["F6"], sheet["F7"] = "已开工1个。", "已开工2个。"
    sheet.insert_rows(1, 3)
    sheet.insert_rows(10, 2)
    sheet["A20"] = "负责人签字："


def turn_around(sheet: Worksheet) -> None:
    rows_ = [[cell.value for cell in sheet[number]] for number in (7, 6)]
    for number, values in enumerate(rows_, 6):
        for column, value in enumerate(values, 1):
            sheet.cell(number, column).value = value
    sheet["F6"], sheet["F7"] = "已开工2个。", "已开工1个。"


def move_columns(sheet: Worksheet) -> None:
    sheet["F6"], sheet["F7"] = "已开工1个。", "已开工2个。"
    sheet.insert_cols(1, 2)
    sheet["A5"], sheet["A6"], sheet["L6"] = "本局序号", 1, "本局备注"
    sheet["H5"] = " 进 展情况 "


@pytest.mark.parametrize("fill", [insert_rows, turn_around, move_columns])
async def test_rows_are_known_by_their_keys_wherever_they_stand(tmp_path: Path, fill: Fill) -> None:
    async with cast(tmp_path) as people:
        back = filled(await form(people, people.zhang), fill)
        for name, data in (("x.xlsx", back), ("新建.xlsx", retyped(back))):
            said = await people.send_file(people.zhang, data, name)
            assert "需要改正" not in said
        assert rows(people, "SELECT progress FROM report ORDER BY progress") == [("已开工1个。",), ("已开工2个。",)]


async def test_numbers_dates_and_errors_in_cells(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        back = filled(await form(people, people.zhang), cells(F6=12.5, G6=3, H6="#N/A", F7="已开工2个。", I7="完成"))
        said = await people.send_file(people.zhang, back, "x.xlsx")
        assert "H6“#N/A”：公式出错，请改成文字" in said
        assert "I7“完成”：应为是、否之一" in said
        assert states(people) == []


# --- what must not pass ----------------------------------------------------------------------------------------------


async def test_rows_of_others_changed_keys_and_repeats_are_refused_alike(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await form(people, people.zhang)
        theirs = load_workbook(BytesIO(await form(people, people.li))).active
        assert theirs is not None

        def fill(sheet: Worksheet) -> None:
            key = str(sheet["A6"].value)
            sheet["F6"] = "已开工1个。"
            sheet["A7"], sheet["F7"] = theirs["A6"].value, "别家的"
            sheet["A8"], sheet["F8"] = f"Q99-{key[-8:]}", "没有的"
            sheet["A9"], sheet["F9"] = key, "再来一次"
            sheet["F10"] = "没有编号"

        said = await people.send_file(people.zhang, filled(data, fill), "x.xlsx")
        lines = [line.partition("：")[2] for line in said.splitlines() if line.startswith("• 2025年第一季度 A")]
        assert len(lines) == 4
        assert lines[0] == lines[1]
        assert "编号重复" in lines[2]
        assert "没有编号" in lines[3]
        assert "第3项工作" not in said
        assert rows(people, "SELECT progress FROM report") == [("已开工1个。",)]


async def test_a_closed_report_cannot_be_changed_by_a_form(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await form(people, people.li)
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-15 10:00"))
        said = await people.send_file(people.li, filled(data, cells(F6="改了")), "x.xlsx")
        assert "已审结" in said
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]


def with_macros(data: bytes) -> bytes:
    saved = BytesIO(data)
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return saved.getvalue()


async def test_macros_and_old_formats_are_refused_with_what_to_do(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = filled(await form(people, people.li), cells(F6="已完成3个项目。"))
        for name in ("x.xlsm", "x.xlsx"):
            assert "表格中带有宏" in await people.send_file(people.li, with_macros(data), name)
        ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le")
        assert "旧版表格" in await people.send_file(people.li, ole, "落实情况表.xls")
        assert "文件没有读成" in await people.send_file(people.li, data[:2000], "落实情况表.xlsx")
        assert states(people) == []
        assert "附件已收到" in await people.send_file(people.li, ole, "数据.xls")


async def test_a_sheet_that_is_no_form_goes_with_the_report(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        book, saved = Workbook(), BytesIO()
        book.save(saved)
        assert "附件已收到" in await people.send_file(people.li, saved.getvalue(), "附表.xlsx")
        said = await people.send_file(people.li, saved.getvalue(), "附表.xlsx", caption="已完成3个项目。")
        assert "/200字 ✓" in said


async def test_a_supervisors_form_of_another_unit_is_no_notice(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await form(people, people.li)
        assert "不是通知" in await people.send_file(people.wang, data, "x.xlsx")
        await people.register(people.wang, "区教体局")
        said = await people.send_file(people.wang, filled(data, cells(F6="已完成3个项目。")), "x.xlsx")
        assert "进展 1 项" in said


# --- the plan's form -------------------------------------------------------------------------------------------------


async def test_a_plan_comes_by_form_and_changes_are_shown(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, at=EARLY, given=asking(), database_url=database_url) as people:
        await people.say(people.zhang, "/plan")
        await people.press(people.zhang, "下载计划表")
        document = people.zhang.last.document
        assert document is not None
        back = filled(document.data, cells(D6="选址", E6="开工", H6="王局长", D7="立项", F7="招标"))
        said = await people.send_file(people.zhang, back, "计划.xlsx")
        assert "✓ 年度计划已收下 1 项（任务1）" in said
        assert "• 计划表 H7“”：请填写主要负责人" in said
        assert [row[:1] + row[3:] for row in plans(people)] == [(1, "选址", "开工", "王局长")]
        again = filled(back, cells(E6="二季度开工", H7="周局长"))
        said = await people.send_file(people.zhang, again, "计划.xlsx")
        assert "✓ 年度计划已收下 2 项（任务1、2）" in said
        assert "任务1 二季度目标：开工 → 二季度开工" in said
        assert "没有变化的 2 项" in await people.send_file(people.zhang, again, "计划.xlsx")
        assert "已报 2/3 项" in await people.say(people.wang, "/plans")


async def test_plan_and_progress_keys_do_not_pass_for_each_other(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        plan = await form(people, people.li, "/form plan")
        key = str(load_workbook(BytesIO(plan)).active["A6"].value)  # type: ignore[index]
        back = filled(plan, cells(A6=key.replace("J", "Q"), D6="选址", H6="李校长"))
        assert "编号不是本单位的" in await people.send_file(people.li, back, "x.xlsx")
        assert plans(people) == []


async def test_asking_for_forms(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有要填报的表格" in await people.say(people.li, "/form plan")
        assert "没有要填报的表格" in await people.say(people.li, "/form 2024-Q1")
        assert await form(people, people.li, "/form 2025-q1")
        await people.say(people.zhang, "/report")
        await people.press(people.zhang, "下载情况表")
        assert people.zhang.last.document is not None
        assert "没有办理此事的权限" in await people.say(people.wang, "/form")
