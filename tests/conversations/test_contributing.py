"""A lead unit asks its supporting units, they answer to it, it makes one draft of it; nobody else sees that."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from duban.rehearsal.botapi import User
from notices.notice import Notice, Owner
from storage.contributions import hand_over_requests
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, reported, rows, states
from tests.conversations.test_buttons import press_raw
from tests.transcripts import transcript

OWNERS = (Owner("区发改局", "lead"), Owner("区民政局", "support"), Owner("区水务局", "support"))


def shared(**changes: Any) -> Notice:
    """Make a notice: 区发改局 leads task 1 with two supports; each support owes a task of its own if `busy`."""
    busy = changes.pop("busy", False)
    first = task(1, "区发改局", text="建成公共服务设施10处。")
    own = (task(2, "区民政局"), task(3, "区水务局")) if busy else ()
    other = task(4, "区教体局")
    return notice(replace(first, owners=OWNERS), *own, other, **changes)


@dataclass
class Team:
    """The lead's liaison is 张敏; her supporting units have these."""

    people: Cast
    min: User  # 区民政局
    shui: User  # 区水务局


@asynccontextmanager
async def team(folder: Path, **changes: Any) -> AsyncIterator[Team]:
    async with cast(folder, given=shared(**changes)) as people:
        found = Team(people, people.stage.api.user(1003, "民"), people.stage.api.user(1004, "水"))
        await people.register(found.min, "区民政局")
        await people.register(found.shui, "区水务局")
        people.begin_scene()
        yield found


async def asked(folder: Team, words: str = "请于4月5日前提供") -> str:
    await folder.people.say(folder.people.zhang, f"/ask 1 {words}")
    return await folder.people.say(folder.people.zhang, "发出")


def given(people: Cast) -> list[tuple[Any, ...]]:
    return rows(
        people,
        "SELECT unit.name, contribution.version, contribution.text FROM contribution"
        " JOIN contribution_request r ON r.id = contribution.request_id JOIN unit ON unit.id = r.unit_id"
        " ORDER BY contribution.id",
    )


async def test_nothing_goes_out_before_the_lead_has_seen_what_would(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        answer = await here.people.say(here.people.zhang, "/ask 1 请于4月5日前提供开工情况")
        assert "尚未发出" in answer
        assert "单位：区民政局、区水务局" in answer
        assert "时间：4月5日前" in answer
        assert outbox(here.people, "contribution_asked") == []
        answer = await here.people.say(here.people.zhang, "请于4月3日前提供竣工情况")
        assert "时间：4月3日前" in answer
        assert "已请 2 个单位提供" in await here.people.press(here.people.zhang, "发出")
        for who in (here.min, here.shui):
            assert "牵头单位【区发改局】请【区" in who.last.text
            assert "任务1 · 2025年第一季度的情况（4月3日前）" in who.last.text
            assert "要求：请于4月3日前提供竣工情况" in who.last.text
        assert "【配合提供" not in here.people.li.last.text


async def test_a_report_typed_after_the_preview_is_a_report(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await here.people.say(here.people.zhang, "/ask 1")
        await here.people.say(here.people.zhang, "已建成公共服务设施3处。")
        assert states(here.people) == [(1, 1, "draft")]
        assert outbox(here.people, "contribution_asked") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("请于3月5日前提供", "时间：2026年3月5日前\n⚠ 晚于本单位的截止日4月10日"),
        ("请于2025年3月5日前提供", "这个日期已经过了"),
        ("请于4月20日前提供", "晚于本单位的截止日4月10日"),
        ("下周三前", "时间：3月26日前"),
        ("请各单位于4月2日前提供", "时间：4月2日前"),
        ("请提供", "将请配合单位提供任务1"),
    ],
)
async def test_the_day_in_a_wish_is_read_and_shown(tmp_path: Path, words: str, said: str) -> None:
    async with team(tmp_path) as here:
        assert said in await here.people.say(here.people.zhang, f"/ask 1 {words}")


async def test_a_support_answers_by_button_quote_or_prompt_and_may_replace_it(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        request = here.min.last
        assert "请发送【区民政局】配合任务1" in await here.people.press(here.min, "回复")
        assert "✓ 已提供给牵头单位【区发改局】" in await here.people.say(here.min, "已开工2处。")
        await here.people.say(here.min, "已开工3处。", reply_to=request)
        assert "已更新" in here.min.last.text
        assert given(here.people) == [("区民政局", 1, "已开工2处。"), ("区民政局", 2, "已开工3处。")]
        assert states(here.people) == []


async def test_an_edit_of_the_answer_changes_it_and_the_same_words_change_nothing(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        sent = here.min.send("已开工2处。", reply_to=here.min.last)
        await here.people.stage.settle()
        here.min.edit(sent, "已开工4处。")
        here.min.edit(sent, "已开工4处。")
        await here.people.stage.settle()
        assert given(here.people) == [("区民政局", 1, "已开工2处。"), ("区民政局", 2, "已开工4处。")]


async def test_a_support_that_owes_nothing_need_not_say_what_its_text_is_for(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        await here.people.say(here.shui, "已供水5处。")
        assert given(here.people) == [("区水务局", 1, "已供水5处。")]


async def test_a_text_that_may_be_the_units_own_report_is_asked_about(tmp_path: Path) -> None:
    async with team(tmp_path, busy=True) as here:
        await asked(here)
        answer = await here.people.say(here.min, "已开工2处。")
        assert "这段文字报的是哪项任务" in answer
        assert "配合任务1：提供给牵头单位【区发改局】" in answer
        assert (given(here.people), states(here.people)) == ([], [])
        await here.people.press(here.min, "配合任务1：回复【区发改局】")
        assert given(here.people) == [("区民政局", 1, "已开工2处。")]
        await here.people.say(here.min, "已完成5个项目。")
        assert states(here.people) == [(2, 1, "draft")]


async def test_the_question_is_answered_by_a_typed_number_too(tmp_path: Path) -> None:
    async with team(tmp_path, busy=True) as here:
        await asked(here)
        await here.people.say(here.min, "已开工2处。")
        await here.people.say(here.min, "1")
        await here.people.say(here.shui, "已供水5处。")
        await here.people.say(here.shui, "3")
        assert given(here.people) == [("区民政局", 1, "已开工2处。")]
        assert states(here.people) == [(3, 1, "draft")]


async def test_a_number_of_the_units_own_task_needs_no_question(tmp_path: Path) -> None:
    async with team(tmp_path, busy=True) as here:
        await asked(here)
        await here.people.say(here.min, "2. 已完成5个项目。")
        assert states(here.people) == [(2, 1, "draft")]


async def test_the_lead_sees_who_is_silent_and_reminds_once_a_day(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        await here.people.say(here.min, "已开工2处。", reply_to=here.min.last)
        answer = await here.people.say(here.people.zhang, "/ask 1")
        assert "✓ 区民政局　3月20日 10:00提供，6字" in answer
        assert "○ 区水务局　未提供，3月20日 10:00已请" in answer
        assert "今天已经请过" in await here.people.press(here.people.zhang, "提醒未提供的单位")
        assert len(outbox(here.people, "contribution_asked")) == 2
        await here.people.stage.move_to(local("2025-03-21 10:00"))
        assert "已请 1 个单位提供" in await here.people.say(here.people.zhang, "提醒未提供的单位")
        assert "【配合提供 · 提醒】" in here.shui.last.text
        assert "【配合提供 · 提醒】" not in here.min.last.text
        assert "今天已经请过" in await here.people.say(here.people.zhang, "提醒未提供的单位")


async def test_what_was_given_becomes_the_leads_draft_with_the_room_left(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        await here.people.say(here.min, "已开工2处。", reply_to=here.min.last)
        await here.people.say(here.people.zhang, "汇总")
        stitched = here.people.zhang.inbox[-2].text
        assert "区民政局：已开工2处。" in stitched
        assert "合计11字，限200字，还可写189字" in stitched
        assert "尚未提供：区水务局" in stitched
        assert "11/200字 ✓" in here.people.zhang.last.text
        await here.people.say(here.people.zhang, "提交")
        assert [(row.no, row.progress) for row in reported(here.people)] == [(1, "区民政局：已开工2处。")]


async def test_stitching_keeps_what_the_lead_wrote_and_doubles_nothing(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        await here.people.say(here.people.zhang, "我局已立项10处。")
        await here.people.say(here.min, "已开工2处。", reply_to=here.min.last)
        await here.people.say(here.people.zhang, "汇总")
        await here.people.say(here.shui, "已供水5处。", reply_to=here.shui.last)
        await here.people.say(here.people.zhang, "汇总")
        await here.people.say(here.people.zhang, "提交")
        expected = "我局已立项10处。\n区民政局：已开工2处。\n区水务局：已供水5处。"
        assert [row.progress for row in reported(here.people)] == [expected]


async def test_a_long_draft_is_shown_whole_and_never_cut(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        long = "".join(f"第{n}处已开工。" for n in range(440))
        await here.people.say(here.min, long, reply_to=here.min.last)
        before = len(here.people.zhang.inbox)
        await here.people.say(here.people.zhang, "汇总")
        shown = "".join(message.text for message in here.people.zhang.inbox[before:])
        assert "第0处" in shown
        assert "第439处" in shown
        assert "超出" in shown


@transcript(
    "牵头和配合", "请配合单位提供，汇总报送", "张敏牵头任务1，请区民政局（民）、区水务局（水）提供情况，汇总后报送。"
)
async def test_a_lead_asks_its_supports_answer_and_what_they_gave_is_reported(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        people = here.people
        await people.say(people.zhang, "/ask 1 请于4月5日前提供开工情况")
        await people.press(people.zhang, "发出")
        await people.press(here.min, "回复")
        await people.say(here.min, "已开工2处。")
        await people.stage.move_to(local("2025-03-21 10:00"))
        assert "○ 区水务局　未提供" in await people.say(people.zhang, "/ask 1")
        await people.press(people.zhang, "提醒未提供的单位")
        await people.say(here.shui, "已供水5处。", reply_to=here.shui.last)
        await people.stage.move_to(local("2025-03-21 10:10"))
        assert "配合单位已全部提供" in people.zhang.last.text
        await people.press(people.zhang, "汇总")
        await people.say(people.zhang, "提交")
        assert [row.progress for row in reported(people)] == ["区民政局：已开工2处。\n区水务局：已供水5处。"]


async def test_the_lead_is_told_once_when_all_is_in(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        await here.people.say(here.min, "已开工2处。", reply_to=here.min.last)
        await here.people.say(here.shui, "已供水5处。", reply_to=here.shui.last)
        await here.people.stage.move_to(local("2025-03-20 10:10"))
        assert "配合单位已全部提供（区民政局、区水务局）" in here.people.zhang.last.text
        await here.people.say(here.shui, "已供水6处。", reply_to=here.shui.last)
        await here.people.stage.move_to(local("2025-03-21 10:10"))
        assert len(outbox(here.people, "contributions_in")) == 1


async def test_silence_past_the_day_is_told_to_the_lead_and_to_nobody_else(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await here.people.say(here.people.zhang, "签收")
        await asked(here, "请于3月25日前提供")
        await here.people.stage.move_to(local("2025-03-25 10:00"))
        assert outbox(here.people, "contributions_in") == []
        await here.people.stage.move_to(local("2025-03-26 09:00"))
        assert "时间已过，尚未提供：区民政局、区水务局" in here.people.zhang.last.text
        await here.people.stage.move_to(local("2025-03-27 09:00"))
        assert len(outbox(here.people, "contributions_in")) == 1
        await here.people.stage.move_to(local("2025-04-11 09:00"))
        assert "区民政局" not in await here.people.say(here.people.wang, "/overdue")


async def test_nothing_more_is_asked_once_the_lead_has_reported_and_the_silent_hear_it_once(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        request = here.min.last
        await here.people.say(here.shui, "已供水5处。", reply_to=here.shui.last)
        await here.people.say(here.people.zhang, "已建成3处。")
        await here.people.say(here.people.zhang, "提交")
        await here.people.stage.move_to(local("2025-03-20 10:10"))
        await here.people.stage.move_to(local("2025-03-21 10:10"))
        assert "不再需要【区民政局】提供" in here.min.last.text
        assert [state for state, _ in outbox(here.people, "contribution_closed")] == ["sent"]
        assert "没有转给牵头单位" in await here.people.say(here.min, "已开工2处。", reply_to=request)
        assert "本期已经报送" in await here.people.say(here.people.zhang, "/ask 1")
        assert given(here.people) == [("区水务局", 1, "已供水5处。")]


async def test_a_request_answered_before_it_goes_out_is_cancelled(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await here.people.say(here.people.zhang, "/ask 1")
        here.people.zhang.send("发出")
        here.people.zhang.send("已建成3处。")
        here.people.zhang.send("提交")
        await here.people.stage.service.poller.poll_once()
        await here.people.stage.service.desk.work_off()
        await here.people.stage.settle()
        assert {reason for _, reason in outbox(here.people, "contribution_asked")} == {
            "answered, reported or changed since"
        }


async def test_at_night_a_request_waits_for_the_morning(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await here.people.stage.move_to(local("2025-03-21 21:00"))
        assert "下一工作日" in await asked(here)
        await here.people.stage.move_to(local("2025-03-22 10:00"))  # a Saturday
        assert outbox(here.people, "contribution_asked") == []
        await here.people.stage.move_to(local("2025-03-24 08:00"))
        assert "【配合提供】" in here.min.last.text
        assert "今天已经请过" in await here.people.say(here.people.zhang, "提醒未提供的单位")


async def test_a_unit_out_of_reach_is_named_and_told_when_somebody_is_there(tmp_path: Path) -> None:
    async with cast(tmp_path, given=shared()) as people:
        here = Team(people, people.stage.api.user(1003, "民"), people.stage.api.user(1004, "水"))
        await people.register(here.min, "区民政局")
        assert "○ 区水务局　无法送达（未登记），请电话联系" in await asked(here)
        await people.register(here.shui, "区水务局")
        await people.stage.move_to(local("2025-03-20 10:10"))
        assert here.shui.said("【配合提供】")


@pytest.mark.parametrize("word", ["取消", "cancel", "不发"])
async def test_what_is_previewed_can_be_called_off(tmp_path: Path, word: str) -> None:
    async with cast(tmp_path, given=shared()) as people:
        await people.say(people.zhang, "/ask 1 请于4月5日前提供")
        assert "没有发出" in await people.say(people.zhang, word)
        await people.say(people.zhang, "发出")
        assert rows(people, "SELECT count(*) FROM contribution_request") == [(0,)]


async def test_only_the_lead_and_the_office_see_what_was_given(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        head, leader = here.people.stage.api.user(3001, "何"), here.people.stage.api.user(3002, "赵")
        await here.people.register(head, "区民政局", Role.HEAD)
        await here.people.say(leader, here.people.stage.invite_person(Role.LEADER, "赵区长").code)
        await asked(here)
        await here.people.say(here.min, "已开工2处。", reply_to=here.min.last)
        await here.people.say(here.shui, "已供水5处。", reply_to=here.shui.last)
        for who in (here.people.zhang, here.people.wang):
            answer = await here.people.say(who, "/task 1")
            assert "✓ 区民政局　3月20日" in answer
            assert "✓ 区水务局　3月20日" in answer
            answer = await here.people.press(who, "查看报送内容")
            answer += await here.people.press(who, "下一页")
            assert "已开工2处。" in answer
            assert "已供水5处。" in answer
        assert "区水务局　3月20日" not in await here.people.say(here.min, "/task 1")
        assert "已开工2处。" in await here.people.press(here.min, "查看报送内容")
        assert len(here.min.last.buttons) == 0
        assert "没有找到任务" in await here.people.say(here.people.li, "/task 1")
        assert "没有找到任务" in await here.people.say(leader, "/task 1")
        assert "没有需要请配合单位提供的任务" in await here.people.say(here.min, "/ask 1")
        assert "权限" in await here.people.say(here.people.wang, "/ask 1")


async def test_each_of_two_leads_has_its_own(tmp_path: Path) -> None:
    owners = (Owner("区发改局", "lead"), Owner("区教体局", "lead"), Owner("区民政局", "support"))
    given_notice = notice(replace(task(1, "区发改局"), owners=owners))
    async with cast(tmp_path, given=given_notice) as people:
        min_ = people.stage.api.user(1003, "民")
        await people.register(min_, "区民政局")
        for who in (people.zhang, people.li):
            await people.say(who, "/ask 1")
            await people.say(who, "发出")
        answer = await people.say(min_, "已开工2处。")
        assert "牵头单位【区发改局】" in answer
        assert "牵头单位【区教体局】" in answer
        await people.press(min_, "配合任务1：回复【区教体局】")
        assert "未提供" in await people.say(people.zhang, "/ask 1")
        assert "✓ 区民政局" in await people.say(people.li, "/ask 1")
        assert "已开工" not in await people.say(people.zhang, "/task 1")


async def test_asking_survives_that_the_report_comes_back(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        await here.people.say(here.people.zhang, "已建成3处。")
        await here.people.say(here.people.zhang, "提交")
        await here.people.stage.move_to(local("2025-03-21 10:10"))
        back = "UPDATE obligation SET state = 'returned' WHERE state = 'submitted'"
        await here.people.stage.store.write(lambda tx: tx.execute(text(back)))
        await here.people.say(here.people.zhang, "/ask 1 请补充")
        assert "已请 2 个单位提供" in await here.people.say(here.people.zhang, "发出")
        assert "要求：请补充" in here.min.last.text


async def test_a_unit_merged_into_another_hands_over_what_it_gave(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        await here.people.say(here.min, "已开工2处。", reply_to=here.min.last)
        await here.people.say(here.shui, "已供水5处。", reply_to=here.shui.last)
        ids = dict(rows(here.people, "SELECT name, id FROM unit"))
        await here.people.stage.store.write(lambda tx: hand_over_requests(tx, ids["区水务局"], to_unit=ids["区民政局"]))
        assert given(here.people) == [("区民政局", 1, "已开工2处。"), ("区民政局", 2, "已供水5处。")]
        assert "已供水5处。" in await _texts(here)


async def _texts(here: Team) -> str:
    await here.people.say(here.people.zhang, "/task 1")
    return await here.people.press(here.people.zhang, "查看报送内容")


async def test_a_foreign_press_gives_nothing(tmp_path: Path) -> None:
    async with team(tmp_path) as here:
        await asked(here)
        data = here.min.last.buttons[0][0][1]
        assert await press_raw(here.people, here.shui, data) == "此按钮不是给您的"
        await here.people.say(here.shui, "已供水5处。", reply_to=here.shui.last)
        assert [unit for unit, _, _ in given(here.people)] == ["区水务局"]
