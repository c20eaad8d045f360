"""Absence: nothing is pushed to who is away, somebody stands in, and who is back hears what is owed."""

from dataclasses import replace
from pathlib import Path

import pytest

from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import rows
from tests.transcripts import transcript

GIVEN = notice(task(3, "区教体局", leaders=("赵区长",)), task(9, "区发改局", role="support"))
AWAY = "/away 4月7日-4月11日"


def days(people: Cast) -> list[tuple[str, str]]:
    return [
        (str(first), str(last))
        for first, last in rows(
            people, "SELECT first_on, last_on FROM absence WHERE cancelled_at IS NULL ORDER BY first_on"
        )
    ]


async def through(people: Cast, *daily: str, hour: str = "10:00") -> None:
    """Let these days of April pass."""
    for day in daily:
        await people.stage.move_to(local(f"2025-04-{day} {hour}"))


@pytest.mark.parametrize(
    "words",
    ["/away 4月7日-4月11日", "/away 4月7日至11日", "外出 4月7日-4月11日", "请假4月7日到4月11日", "/away 4月7日起5天"],
)
async def test_an_absence_is_noted_and_echoed(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "✓ 已登记：4月7日至4月11日外出" in await people.say(people.li, words)
        assert days(people) == [("2025-04-07", "2025-04-11")]


@transcript("延期、办结和外出", "登记外出，再撤销", "李丽按提示登记外出日期，后来撤销。")
async def test_without_days_it_shows_what_is_noted_and_asks(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "登记外出，请发送起止日期" in await people.say(people.li, "/away")
        assert "没有看懂起止日期" in await people.say(people.li, "过几天")
        assert "✓ 已登记：3月24日至3月26日" in await people.say(people.li, "下周一到周三")
        assert "• 3月24日至3月26日" in await people.say(people.li, "/away")
        assert "✓ 已撤销" in await people.press(people.li, "撤销 3月24日至3月26日")
        assert days(people) == []


async def test_days_that_leave_a_choice_are_asked_about(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "您说的是3月18日至3月25日吗" in await people.say(people.li, "/away 3月18日-3月25日")
        assert days(people) == []
        await people.say(people.li, "是的")
        assert days(people) == [("2025-03-18", "2025-03-25")]


@pytest.mark.parametrize(
    ("words", "told"),
    [("2025年3月1日-2025年3月5日", "已经过去"), ("4月1日-8月1日", "超过三个月"), ("不知道", "没有看懂")],
)
async def test_days_that_cannot_be_are_refused(tmp_path: Path, words: str, told: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert told in await people.say(people.li, f"/away {words}")
        assert days(people) == []


async def test_newer_days_take_the_place_of_those_they_overlap(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, AWAY)
        assert "重叠日期已由本次代替" in await people.say(people.li, "/away 4月9日-4月15日")
        await people.say(people.li, "/away 5月6日")
        assert days(people) == [("2025-04-09", "2025-04-15"), ("2025-05-06", "2025-05-06")]
        await people.say(people.li, "撤销外出")
        assert len(days(people)) == 2  # which one? it asks


async def test_a_report_that_begins_with_the_word_is_a_report(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "提交" in await people.say(people.li, "外出 考察3次，签约2个项目。")
        assert days(people) == []


@transcript("延期、办结和外出", "外出，同事代办", "李丽登记外出，本单位另一名联络员路人代办。")
async def test_nobody_away_is_reminded_and_the_second_liaison_is(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        second = people.outsider
        await people.register(second, "区教体局")
        people.begin_scene()
        assert "由路人代办" in await people.say(people.li, AWAY)
        before = len(people.li.inbox)
        await through(people, "07", hour="08:30")
        assert "联络员李丽4月7日至4月11日外出，【区教体局】由您代办" in second.said("由您代办")[0].text
        await through(people, "07", "08", "09", "10", "11")
        assert len(second.said("由您代办")) == 1
        assert len(second.said("【报送提醒】")) == 4
        told = "SELECT DISTINCT telegram_id FROM nudge JOIN person ON person.id = nudge.person_id"
        assert rows(people, told) == [(second.id,)]
        assert len(people.li.inbox) == before


async def test_who_is_back_hears_once_what_is_owed(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, AWAY)
        await through(people, "07", "11", "12", "13")
        assert not people.li.said("您已回到岗位")
        await through(people, "14", "14", "15")
        [told] = people.li.said("您已回到岗位")
        assert "任务3 2025年第一季度（4月10日截止，已逾期4天）" in told.text


async def test_who_owes_nothing_is_left_in_peace_when_back(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.say(people.li, AWAY)
        before = len(people.li.inbox)
        await through(people, "07", "14", "15")
        assert len(people.li.inbox) == before


async def test_without_a_second_liaison_the_head_is_told_and_escalations_go_on(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        head = people.stage.api.user(3001, "何", "局长")
        leader = people.stage.api.user(3002, "赵", "区长")
        await people.register(head, "区教体局", Role.HEAD)
        await people.say(leader, f"/start {people.stage.invite_person(Role.LEADER, '赵区长').code}")
        assert "届时告知责任人何局长" in await people.say(people.li, "/away 4月7日-4月18日")
        before = len(people.li.inbox)
        await through(people, "07")
        assert "没有其他联络员代办。目前待报：\n• 任务3" in head.last.text
        await through(people, "10", "11")
        assert "1 项进展逾期1天未报" in head.last.text
        await through(people, "14")
        assert "您牵头的任务中" in leader.last.text
        assert len(people.li.inbox) == before


async def test_without_anybody_the_supervisors_digest_names_the_unit(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "没有其他联络员和责任人登记" in await people.say(people.li, AWAY)
        await through(people, "07", hour="08:30")
        assert "无人代办 1 个单位：区教体局（4月12日返回）" in people.wang.last.text


async def test_a_reminder_that_waits_is_not_sent_to_who_went_away(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.stage.clock.set(local("2025-04-07 09:00"))
        await people.stage.service.tick()
        people.li.send("/away 今天")
        await people.stage.service.poller.poll_once()
        await people.stage.service.desk.work_off()
        await people.stage.settle()
        assert not people.li.said("【报送提醒】")


async def test_back_early_everything_goes_on(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, AWAY)
        await through(people, "08")
        await people.say(people.li, "撤销外出")
        assert "您已回到岗位" in people.li.last.text
        await through(people, "09")
        assert people.li.said("【报送提醒】")


async def test_who_stood_in_hears_once_that_the_liaison_is_back_early(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        second = people.outsider
        await people.register(second, "区教体局")
        await people.say(people.li, "/away 5月6日")
        await people.say(people.li, AWAY)
        await through(people, "07", "08")
        await people.press(people.li, "撤销外出")
        assert second.last.text == "联络员李丽已提前回到岗位，【区教体局】由其继续办理，谢谢。"
        await people.say(people.li, "撤销外出")  # the later one, of which nobody was told yet
        await through(people, "09")
        assert len(second.said("已提前回到岗位")) == 1


async def test_who_was_to_stand_in_hears_nothing_of_an_absence_called_off_meanwhile(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        second = people.outsider
        await people.register(second, "区教体局")
        await people.say(people.li, AWAY)
        people.stage.clock.set(local("2025-04-07 08:30"))
        await people.stage.service.tick()
        people.li.send("撤销外出")
        await people.stage.service.poller.poll_once()
        await people.stage.service.desk.work_off()
        await people.stage.settle()
        assert not second.said("由您代办")


async def test_who_is_away_is_still_answered(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/away 今天起5天")
        assert "提交" in await people.say(people.li, "已完成3个项目。")
        assert "✓ 已报送" in await people.say(people.li, "提交")


async def test_only_a_liaison_can_be_away(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "没有办理此事的权限" in await people.say(people.wang, AWAY)
        await people.say(people.li, AWAY)
        data = people.li.last.buttons[0][0][1]
        people.zhang.press_raw(data, people.li.last.message_id)
        await people.stage.settle()
        assert people.zhang.toasts[-1] == "此按钮不是给您的"
        assert len(days(people)) == 1


async def test_new_tasks_wait_while_everybody_there_is_away(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/away 今天起2天")
        people.stage.adopt(replace(notice(task(5, "区教体局")), title="另一份通知"), b"another")
        before = len(people.li.inbox)
        await people.stage.move_to(local("2025-03-21 10:00"))
        assert len(people.li.inbox) == before
        await people.stage.move_to(local("2025-03-24 10:00"))
        assert "任务5" in people.li.said("承担")[-1].text
