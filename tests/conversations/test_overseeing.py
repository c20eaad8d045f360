"""The supervisor's desk: 催办 of one unit, the files behind 图 and 表, /status, /unit; and who may not."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript

GIVEN = notice(
    task(1, "区发改局", leaders=("赵区长",)),
    task(2, "区发改局"),
    task(3, "区教体局", leaders=("赵区长",)),
    task(4, "清风镇"),
)
AFTER = local("2025-04-11 10:00")
EARLY = local("2025-04-11 07:30")


def desk_nudges(people: Cast) -> int:
    return int(rows(people, "SELECT count(*) FROM nudge WHERE rung LIKE 'desk-%'")[0][0])


async def told_at(people: Cast, at: str) -> None:
    """Let somebody be told of the tasks, so that reminders may follow, and the time come."""
    await people.stage.move_to(local("2025-04-10 09:00"))
    await people.stage.move_to(local(at))


# --- reminding one unit ----------------------------------------------------------------------------------------------


@transcript("督查人员", "催办一个单位", "到期次日早上，王科催办区发改局。")
async def test_a_unit_is_reminded_after_a_preview_and_it_is_on_record(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await told_at(people, "2025-04-11 08:05")
        await people.say(people.wang, "/overdue 发改局")
        preview = await people.press(people.wang, "催办")
        assert "将提醒以下 2 项逾期任务" in preview
        assert "发给：张 敏" in preview
        assert desk_nudges(people) == 0
        assert "已催办【区发改局】2 项，发给：张 敏" in await people.press(people.wang, "确认")
        assert "【督查催办】" in people.zhang.last.text
        assert people.zhang.last.buttons
        assert desk_nudges(people) == 2
        assert rows(people, "SELECT action, subject FROM audit WHERE action = 'remind'") == [("remind", "unit:1")]


async def test_a_reminder_is_answered_like_any_other(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await told_at(people, "2025-04-11 08:05")
        await people.say(people.wang, "催办 区教体局")
        await people.say(people.wang, "确认")
        assert "任务3 · 2025年第一季度" in await people.say(
            people.li, "已完成3个项目。", reply_to=people.li.last.message_id
        )


async def test_the_same_is_reminded_once_a_day_by_hand_or_by_the_clock(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await told_at(people, "2025-04-11 08:05")
        await people.say(people.wang, "催办 区发改局")
        await people.say(people.wang, "确认")
        await people.stage.move_to(local("2025-04-11 09:30"))
        told = [text for text in (m.text for m in people.zhang.inbox) if "逾期" in text and "任务1" in text]
        assert len(told) == 1
        assert "当天已提醒过 2 项，不再重复" in await people.say(people.wang, "催办 区发改局")
        assert people.wang.last.buttons == []
        assert "当天已提醒过 1 项" in await people.say(people.wang, "催办 区教体局")  # by the clock, at nine
        await people.stage.move_to(local("2025-04-14 10:00"))
        assert "将提醒以下 2 项" in await people.say(people.wang, "催办 区发改局")


async def test_a_second_press_and_a_second_supervisor_send_nothing_more(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        other = people.stage.api.user(2002, "周")
        await people.say(other, people.stage.invite_person(Role.SUPERVISOR, "周科").code)
        await told_at(people, "2025-04-11 08:05")
        for who in (people.wang, other):
            await people.say(who, "催办 区发改局")
        shown = [who.last.message_id for who in (people.wang, other)]
        for who, message in zip((people.wang, other), shown, strict=True):
            who.press(message, "确认")
            await people.stage.settle()
        assert "不再重复" in other.last.text
        assert desk_nudges(people) == 2


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        ("2025-04-11 07:30", "4月11日 08:00"),
        ("2025-04-11 21:00", "4月14日 08:00"),
        ("2025-04-12 10:00", "4月14日 08:00"),
    ],
)
async def test_nothing_goes_in_quiet_hours_or_on_days_off(tmp_path: Path, at: str, goes: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(local(at))
        seen = len(people.li.inbox)
        assert f"确认后将于{goes}发出" in await people.say(people.wang, "催办 区教体局")
        assert f"将于{goes}发给：李 丽" in await people.say(people.wang, "确认")
        assert len(people.li.inbox) == seen
        assert "不再重复" in await people.say(people.wang, "催办 区教体局")


async def test_what_is_reported_before_it_goes_is_left_out(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(EARLY)
        await people.say(people.wang, "催办 区教体局")
        await people.say(people.wang, "确认")
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-11 08:05"))
        assert [state for state, _ in outbox(people, "nudge")][-1] == "cancelled"


async def test_who_cannot_be_reached_is_named_and_nobody_left_means_phoning(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await told_at(people, "2025-04-11 08:05")
        people.zhang.block()
        await people.stage.settle()
        answer = await people.say(people.wang, "催办 区发改局")
        assert "无法送达：张 敏（" in answer
        assert "请电话联系" in answer
        assert people.wang.last.buttons == []
        assert "请电话联系" in await people.say(people.wang, "催办 清风镇")
        await people.say(people.wang, "确认")
        assert desk_nudges(people) == 0


async def test_the_unit_is_chosen_by_button_or_name_and_near_names_are_offered(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await told_at(people, "2025-04-11 08:05")
        await people.say(people.wang, "/overdue")
        assert "催办哪个单位？共 3 个单位逾期" in await people.press(people.wang, "催办")
        assert "【催办】区教体局" in await people.press(people.wang, "区教体局")
        await people.say(people.wang, "催办")
        assert "【催办】区发改局" in await people.say(people.wang, "发改局")
        assert "好的，已取消" in await people.say(people.wang, "取消")
        assert "最接近的：区教体局" in await people.say(people.wang, "催办 区教育局")
        assert "“区”可能是：区发改局、区教体局" in await people.say(people.wang, "催办 区")
        assert desk_nudges(people) == 0


async def test_an_extension_asked_for_is_answered_first(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        for words in ("/extend 3 4月25日 因供地手续未办完", "跳过", "确认"):
            await people.say(people.li, words)
        await people.stage.move_to(AFTER)
        assert "已申请延期、待审批 1 项，不催办" in await people.say(people.wang, "催办 区教体局")


# --- files -----------------------------------------------------------------------------------------------------------


async def test_the_picture_is_sent_for_the_list_last_shown(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(AFTER)
        await people.say(people.wang, "/overdue")
        assert "报送进度图" in await people.press(people.wang, "图")
        assert people.wang.last.photo is not None
        everything = Image.open(BytesIO(people.wang.last.photo.data))
        await people.say(people.wang, "/overdue 区教体局")
        assert "条件：区教体局" in await people.say(people.wang, "图")
        assert people.wang.last.photo is not None
        assert Image.open(BytesIO(people.wang.last.photo.data)).height < everything.height


async def test_the_table_has_a_row_an_obligation_and_no_formula(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局", text='=HYPERLINK("http://x","点")'), task(3, "区教体局", leaders=("赵区长",)))
    async with cast(tmp_path, given=given) as people:
        await people.stage.move_to(AFTER)
        await people.say(people.wang, "/overdue")
        assert "逾期清单：2 项" in await people.press(people.wang, "表")
        assert people.wang.last.document is not None
        assert people.wang.last.document.name == "逾期清单20250411.xlsx"
        sheet = load_workbook(BytesIO(people.wang.last.document.data))["逾期清单"]
        found = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        assert [row[0] for row in found] == ["区发改局", "区教体局"]
        assert found[1][4:8] == ["赵区长", "2025年一季度", local("2025-04-10").replace(tzinfo=None), 1]
        assert sheet["D3"].data_type == "s"
        assert sheet["D3"].value.startswith("=")


async def test_there_is_no_file_of_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "没有逾期任务" in await people.say(people.wang, "表")
        assert people.wang.last.document is None


# --- a period, a unit ------------------------------------------------------------------------------------------------


@transcript("督查人员", "查看本期报送情况", "李丽按时报送，张敏迟报一项；王科查看。")
async def test_a_period_at_a_glance_parts_what_is_due(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(AFTER)
        await people.say(people.zhang, "1. 已完成10个项目。")
        await people.say(people.zhang, "提交")
        answer = await people.say(people.wang, "/status")
        assert "2025年第一季度报送情况（2025年4月10日截止）" in answer
        assert "应报 4 项，3 个单位" in answer
        assert "已报 2 项，其中迟报 1 项" in answer
        assert "逾期 2 项，2 个单位" in answer
        assert "无法送达 1 个单位：清风镇" in answer
        answer = await people.say(people.wang, "/status 二季度")
        assert "未到期 4 项" in answer
        assert "其他时段还有逾期 2 项" in answer
        assert "没有与“五季度”相符" in await people.say(people.wang, "/status 五季度")


async def test_the_period_asked_about_is_the_one_that_is_over_or_soon_due(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        for day, quarter in (("2025-03-20", "一"), ("2025-04-11", "一"), ("2025-06-20", "一"), ("2025-07-01", "二")):
            await people.stage.move_to(local(f"{day} 10:00"))
            assert f"2025年第{quarter}季度报送情况" in await people.say(people.wang, "/status")


async def test_several_lists_are_told_apart(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局"), replace(task(1, "区教体局"), list="附件二"))
    async with cast(tmp_path, given=replace(given, reporting_lists=("附件", "附件二"))) as people:
        await people.stage.move_to(AFTER)
        answer = await people.say(people.wang, "/status")
        assert "附件：已报 0/1，逾期 1" in answer
        assert "附件二：已报 0/1，逾期 1" in answer


@transcript("督查人员", "查看一个单位", "王科查看区发改局：任务1已报，任务2已申请延期，联络员停用了机器人。")
async def test_a_unit_at_a_glance(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        head = people.stage.api.user(3001, "何")
        await people.register(head, "区发改局", Role.HEAD)
        await people.say(people.zhang, "1. 已完成10个项目。")
        await people.say(people.zhang, "提交")
        for words in ("/extend 2 4月25日 因供地手续未办完", "跳过", "确认"):
            await people.say(people.zhang, words)
        await people.stage.move_to(AFTER)
        people.zhang.block()
        await people.stage.settle()
        answer = await people.say(people.wang, "/unit 发改局")
        for words in (
            "联络员：张 敏（",
            "责任人：何",
            "逾期1",
            "任务2　逾期1天：2025年第一季度",
            "任务1 2025年第一季度　3月20日 10:00",
            "E1 延期　任务2",
            "催办 区发改局",
        ):
            assert words in answer
        assert "联络员：尚未邀请" in await people.say(people.wang, "/unit 清风镇")
        assert "最接近的：区教体局" in await people.say(people.wang, "/unit 区教育局")
        assert "【区教体局】" in await people.press(people.wang, "区教体局")
        assert "待审批：E1 延期（【区发改局】）" in await people.say(people.wang, "/task 2")


# --- who may not -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["/status", "/unit 区教体局", "/unit 不存在", "图", "表", "催办"])
async def test_liaisons_are_refused_alike_whatever_exists(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(AFTER)
        assert await people.say(people.zhang, words) == "您当前没有办理此事的权限。如有疑问，请联系督查室。"
        assert await people.say(people.outsider, words) == people.outsider.last.text
        assert "仅供受邀人员使用" in people.outsider.last.text


async def test_a_leader_gets_the_picture_and_table_of_the_tasks_led_only(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        leader = people.stage.api.user(3002, "赵")
        await people.say(leader, people.stage.invite_person(Role.LEADER, "赵区长").code)
        await people.stage.move_to(AFTER)
        await people.say(leader, "/overdue")
        assert [text for row in leader.last.buttons for text, _ in row] == ["图", "表"]
        await people.press(leader, "表")
        assert leader.last.document is not None
        sheet = load_workbook(BytesIO(leader.last.document.data))["逾期清单"]
        assert [row[2].value for row in sheet.iter_rows(min_row=3)] == [1, 3]
        await people.press(leader, "图")
        assert leader.last.photo is not None
        assert await people.say(leader, "催办") == "您当前没有办理此事的权限。如有疑问，请联系督查室。"
        assert "没有与“清风镇”相符" in await people.say(leader, "/overdue 清风镇")


async def test_who_is_no_supervisor_any_more_cannot_send_a_previewed_reminder(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(local("2025-04-11 08:05"))
        await people.say(people.wang, "催办 区教体局")
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since WHERE role = 'supervisor'")
        )
        await people.press(people.wang, "确认")
        assert desk_nudges(people) == 0
