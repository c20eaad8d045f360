"""Who is reminded, who is told of it, when, and above all who is not."""

from datetime import timedelta
from pathlib import Path

import pytest

from rules.periods import due_on
from storage.states import Role
from tests.cast import ZONE, Cast, cast, local, notice, task
from tests.conversations.looking import outbox, reported, rows, states
from tests.transcripts import transcript

GIVEN = notice(task(3, "区教体局", leaders=("赵区长",)), task(9, "区发改局", role="support"))


async def report(people: Cast) -> None:
    await people.say(people.li, "已完成3个项目。")
    await people.say(people.li, "提交")


async def seniors(people: Cast) -> tuple[object, object]:
    """Register a head of 区教体局 and the leader in charge."""
    head = people.stage.api.user(3001, "何", "局长")
    leader = people.stage.api.user(3002, "赵", "区长")
    await people.register(head, "区教体局", Role.HEAD)
    await people.say(leader, f"/start {people.stage.invite_person(Role.LEADER, '赵区长').code}")
    return head, leader


@transcript("提醒和逾期", "到期前的提醒", "李丽一直没有报送，到期前共收到四次提醒。")
async def test_the_ladder_says_which_reminder_this_is(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        seen = []
        for day in ("2025-03-31", "2025-04-07", "2025-04-09", "2025-04-10"):
            await people.stage.move_to(local(f"{day} 09:00"))
            seen.append(people.li.last.text.splitlines()[0])
        assert seen == [
            "【报送提醒】第1次，共4次",
            "【报送提醒】第2次，共4次",
            "【报送提醒】第3次，共4次",
            "【报送提醒】最后一次",
        ]
        assert "今天（4月10日）截止" in people.li.last.text


async def test_a_step_is_never_told_twice(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        made = [(await people.stage.move_to(local(f"2025-04-07 {hour:02}:00"))).nudges for hour in (9, 10, 15)]
        assert made == [1, 0, 0]


async def test_who_answered_is_never_reminded(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await report(people)
        before = len(people.li.inbox)
        for day in ("2025-03-31", "2025-04-07", "2025-04-09", "2025-04-10", "2025-04-11", "2025-04-14"):
            await people.stage.move_to(local(f"{day} 09:00"))
        assert len(people.li.inbox) == before


async def test_a_reminder_answered_between_planning_and_sending_is_cancelled_with_the_reason(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.stage.clock.set(local("2025-04-07 09:00"))
        await people.stage.service.tick()
        await report_unsent(people)
        await people.stage.settle()
        assert outbox(people, "nudge") == [("cancelled", "answered, changed or taken over since")]
        assert not people.li.said("【报送提醒】")


async def report_unsent(people: Cast) -> None:
    """Have 李丽's report handled before anything that waits is sent."""
    people.li.send("已完成3个项目。")
    people.li.send("提交")
    await people.stage.service.poller.poll_once()
    await people.stage.service.desk.work_off()


async def test_a_draft_stops_reminders_but_for_the_due_days(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "已完成3个项目。")
        made = [
            (await people.stage.move_to(local(f"{day} 09:00"))).nudges
            for day in ("2025-03-31", "2025-04-07", "2025-04-09", "2025-04-10")
        ]
        assert made == [0, 0, 0, 1]
        assert "草稿未提交" in people.li.last.text
        assert "自动报送" in people.li.last.text


async def test_a_draft_written_after_the_due_day_stops_no_escalation(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        _, leader = await seniors(people)
        await people.stage.move_to(local("2025-04-10 09:00"))
        await people.stage.move_to(local("2025-04-11 00:10"))
        await people.say(people.li, "已完成3个项目。")
        await people.stage.move_to(local("2025-04-14 09:00"))
        assert leader.said("您牵头的任务中")  # type: ignore[attr-defined]


@pytest.mark.parametrize("moment", ["2025-04-09 23:00", "2025-04-10 07:59", "2025-04-05 09:00"])
async def test_nothing_goes_out_at_night_or_on_a_day_off(tmp_path: Path, moment: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        before = len(people.li.inbox)
        made = await people.stage.move_to(local(moment))
        assert (made.nudges, made.digests) == (0, 0)
        assert len(people.li.inbox) == before


@transcript(
    "提醒和逾期", "逾期后逐级告知", "李丽没有报送：第1个工作日告知责任人何局长，第2个工作日告知牵头领导赵区长。"
)
async def test_the_head_hears_on_the_first_and_the_leader_on_the_second_working_day(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        head, leader = await seniors(people)
        for at in ("2025-04-10 09:00", "2025-04-11 08:30", "2025-04-11 09:05"):
            await people.stage.move_to(local(at))
        assert "1 项进展逾期1天未报" in head.last.text  # type: ignore[attr-defined]
        assert "【逾期提示】" in people.li.last.text
        assert not leader.said("【逾期提示】")  # type: ignore[attr-defined]
        for at in ("2025-04-14 08:30", "2025-04-14 09:05"):
            await people.stage.move_to(local(at))
        assert "您牵头的任务中，【区教体局】1 项进展逾期4天未报" in leader.last.text  # type: ignore[attr-defined]


async def test_nobody_above_hears_of_a_liaison_who_was_never_reminded(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        head, leader = await seniors(people)
        people.li.block()
        await people.stage.settle()
        for day in ("2025-04-07", "2025-04-10", "2025-04-11", "2025-04-14"):
            await people.stage.move_to(local(f"{day} 09:00"))
        for who in (head, leader):
            assert not who.said("【逾期提示】")  # type: ignore[attr-defined]


async def test_a_person_registered_after_a_step_is_not_chased_for_it(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, registered=False) as people:
        people.stage.clock.set(local("2025-04-10 10:00"))
        await people.register(people.li, "区教体局")
        assert (await people.stage.move_to(local("2025-04-10 10:05"))).nudges == 0
        assert (await people.stage.move_to(local("2025-04-11 09:00"))).escalations == 1


async def test_a_second_liaison_is_not_chased_for_a_step_before_their_time(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        people.stage.clock.set(local("2025-04-10 10:00"))
        await people.register(people.outsider, "区教体局")
        assert (await people.stage.move_to(local("2025-04-10 10:05"))).nudges == 0
        assert (await people.stage.move_to(local("2025-04-11 09:00"))).escalations == 2


@transcript("督查人员", "日报和无法送达的单位", "李丽停用了机器人；王科从日报得知，改用电话联系。")
async def test_a_liaison_who_blocked_the_bot_is_unreachable_and_in_the_digest(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.li.block()
        await people.stage.settle()
        await people.stage.move_to(local("2025-04-07 09:00"))
        assert rows(people, "SELECT reach FROM person WHERE telegram_id = 1002") == [("blocked",)]
        await people.stage.move_to(local("2025-04-11 08:30"))
        assert "　• 区教体局　已停用机器人　已逾期1天　待报1项" in people.wang.last.text
        assert "，无法送达" in people.wang.last.text


async def test_a_403_alone_makes_a_liaison_unreachable(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.li.deactivate()  # Telegram tells the bot nothing of it
        await people.stage.move_to(local("2025-04-07 09:00"))
        assert rows(people, "SELECT reach FROM person WHERE telegram_id = 1002") == [("deactivated",)]
        assert outbox(people, "nudge")[0][0] == "undeliverable"


async def test_one_message_tells_a_person_of_all_their_tasks(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        before = len(people.zhang.inbox)
        made = await people.stage.move_to(local("2025-04-07 09:00"))
        assert (made.nudges, len(people.zhang.inbox) - before) == (3, 1)
        assert "还有 2 项进展待报，4月10日截止（还剩3天）" in people.zhang.last.text
        assert [row[0][0][:3] for row in people.zhang.last.buttons] == ["任务1", "任务2", "申请延"]


@transcript("提醒和逾期", "草稿到时自动报送", "李丽按时写了草稿，忘了提交。")
async def test_a_draft_written_in_time_is_submitted_at_the_due_instant_and_told_in_the_morning(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.stage.clock.set(local("2025-04-10 22:00"))
        await people.say(people.li, "已完成3个项目。")
        await people.stage.move_to(local("2025-04-10 23:59"))
        assert reported(people) == []
        await people.stage.move_to(local("2025-04-11 00:00"))
        assert [row.late for row in reported(people)] == [False]
        assert not people.li.said("自动报送：")
        await people.stage.move_to(local("2025-04-11 08:00"))
        assert "已到截止时间，您的草稿已自动报送：\n✓ 已报送：任务3" in people.li.last.text


async def test_what_was_submitted_by_itself_can_still_be_corrected_the_next_working_day(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        for moment in ("2025-04-11 00:00", "2025-04-11 16:00"):
            await people.stage.move_to(local(moment))
        people.li.edit(sent, "已完成4个项目。")
        await people.stage.settle()
        assert "✓ 已更正" in people.li.last.text


async def test_a_draft_that_came_too_late_or_is_too_long_is_not_submitted_by_itself(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(task(3, "区教体局"), task(1, "区发改局"), soft=False)) as people:
        await people.say(people.zhang, "长" * 201)
        await people.stage.move_to(local("2025-04-11 00:10"))
        await people.say(people.li, "已完成3个项目。")
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert reported(people) == []
        assert {state for _, _, state in states(people)} == {"draft"}


async def test_a_reply_sent_before_the_deadline_that_arrives_after_it_is_not_late(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        head, _ = await seniors(people)
        await people.stage.move_to(local("2025-04-10 09:00"))
        people.stage.clock.set(local("2025-04-11 09:00"))
        people.li.send("已完成3个项目。", date=local("2025-04-10 23:50"))
        made = await people.stage.service.tick()  # the clock is quicker than the poll
        assert made.escalations == 0
        await people.stage.move_to(local("2025-04-11 09:01"))
        assert [row.late for row in reported(people)] == [False]
        assert not head.said("【逾期提示】")  # type: ignore[attr-defined]


async def test_escalations_and_the_digest_wait_for_a_poll_after_the_due_instant(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        people.stage.clock.set(local("2025-04-11 09:00"))
        made = await people.stage.service.tick()
        assert (made.escalations, made.digests) == (0, 0)
        made = await people.stage.move_to(local("2025-04-11 09:00"))
        assert (made.escalations, made.digests) == (1, 1)


async def test_escalations_wait_until_the_inbox_is_worked_off(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        people.stage.clock.set(local("2025-04-11 09:00"))
        people.li.send("已完成3个项目。", date=local("2025-04-10 20:00"))
        while await people.stage.service.poller.poll_once():
            pass
        made = await people.stage.service.tick()
        assert (made.escalations, made.digests) == (0, 0)


async def test_a_date_of_sending_in_the_future_is_not_believed(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.li.send("已完成3个项目。", date=local("2025-12-01 09:00"))
        await people.stage.settle()
        [(sent,)] = rows(people, "SELECT sent_at FROM report")
        assert str(sent).startswith("2025-03-20")


async def test_the_digest_comes_once_and_counts_what_went_wrong_since_the_last(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE outbox SET state = 'unknown' WHERE kind = 'tasks'")
        )
        first = await people.stage.move_to(local("2025-03-21 08:30"))
        assert "送达存疑 2 条，无法送达 0 条" in people.wang.last.text
        again = await people.stage.move_to(local("2025-03-21 09:00"))
        second = await people.stage.move_to(local("2025-03-24 08:30"))
        assert (first.digests, again.digests, second.digests) == (1, 0, 0)


def test_the_due_day_is_the_day_that_ends_with_the_due_instant() -> None:
    assert due_on(local("2025-04-11 00:00"), ZONE) == (local("2025-04-11 00:00") - timedelta(days=1)).date()
