"""The ladder as the office set it: who is told at which step, how firmly, how often at most."""

from dataclasses import replace
from datetime import UTC, time
from pathlib import Path
from typing import Any

import pytest

from notices.notice import Notice
from rules.ladder import DEFAULT_LADDER, Ladders, Rung
from rules.policy import Limits, Policy
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox

GIVEN = notice(task(3, "区教体局", leaders=("赵区长",)), task(9, "区发改局", role="support"))
OFFICE = Policy(office="清河区督查室")


def change(people: Cast, statement: str) -> None:
    people.stage.store.write_now(lambda tx: tx.exec_driver_sql(statement))


def give_back(people: Cast, *, at: str, due: str) -> None:
    """Return 区教体局's report at an instant, with a due instant of its own."""
    set_at, due_at = (f"{local(text).astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for text in (at, due))
    change(
        people,
        f"UPDATE obligation SET state = 'returned', due_at = '{due_at}', due_set_at = '{set_at}'"
        " WHERE id = (SELECT min(obligation_id) FROM report)",
    )


async def said_on(people: Cast, who: Any, *days: str) -> list[str]:
    """Give the reminders somebody got on these mornings, empty where none."""
    said = []
    for day in days:
        before = len(who.inbox)
        await people.stage.move_to(local(f"{day} 09:00"))
        said.append("\n".join(message.text for message in who.inbox[before:]))
    return said


async def test_the_words_get_firmer_with_every_step_and_stay_polite(tmp_path: Path) -> None:
    ladder = (*DEFAULT_LADDER[:5], Rung("after-2", 2, "workdays", time(9), ("liaison", "leader")))
    async with cast(tmp_path, given=GIVEN, policy=replace(OFFICE, ladder=ladder)) as people:
        days = ("2025-03-31", "2025-04-07", "2025-04-10", "2025-04-11", "2025-04-14")
        said = await said_on(people, people.li, *days)
        for text, words in zip(
            said, ("请您合理安排", "请抓紧准备", "今天是最后期限", "请于今天内补报", "请立即补报"), strict=True
        ):
            assert words in text
        assert not any(rude in text for text in said for rude in ("责令", "追责", "否则", "！"))


async def test_a_returned_report_has_a_ladder_of_its_own(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        head = people.stage.api.user(3001, "何", "局长")
        await people.register(head, "区教体局", Role.HEAD)
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        people.stage.clock.set(local("2025-04-01 10:00"))
        give_back(people, at="2025-04-01 10:00", due="2025-04-08 00:00")
        quiet, before, due, late = await said_on(
            people, people.li, "2025-04-01", "2025-04-03", "2025-04-07", "2025-04-08"
        )
        assert quiet == ""
        assert before.startswith("【报送提醒】第1次，共2次\n【区教体局】还有 1 项退回修改的报告待报，4月7日截止")
        assert due.startswith("【报送提醒】最后一次")
        assert "1 项退回修改的报告已逾期1天" in late
        assert "1 项退回修改的报告逾期1天未报" in head.last.text


async def test_a_step_from_before_the_return_is_not_made_up_for(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        people.stage.clock.set(local("2025-04-03 15:00"))
        give_back(people, at="2025-04-03 15:00", due="2025-04-08 00:00")
        assert (await people.stage.move_to(local("2025-04-03 15:05"))).nudges == 0
        assert (await people.stage.move_to(local("2025-04-07 09:00"))).nudges == 1


async def test_heads_before_and_supervisors_after_the_due_day_where_the_office_says_so(tmp_path: Path) -> None:
    ladder = (
        Rung("before-1", -1, "workdays", time(14), ("liaison", "head", "leader")),
        Rung("after-1", 1, "days", time(10), ("supervisor",)),
    )
    async with cast(tmp_path, given=GIVEN, policy=replace(OFFICE, ladder=ladder)) as people:
        head, leader = people.stage.api.user(3001, "何", "局长"), people.stage.api.user(3002, "赵", "区长")
        await people.register(head, "区教体局", Role.HEAD)
        await people.say(leader, f"/start {people.stage.invite_person(Role.LEADER, '赵区长').code}")
        assert (await people.stage.move_to(local("2025-04-09 09:00"))).nudges == 0
        await people.stage.move_to(local("2025-04-09 14:00"))
        assert "【区教体局】还有 1 项进展待报，4月10日截止（还剩1天），请予关注" in head.last.text
        assert "您牵头的任务中，【区教体局】还有 1 项进展待报" in leader.last.text
        await people.stage.move_to(local("2025-04-11 08:30"))
        await people.stage.move_to(local("2025-04-11 10:00"))
        assert people.wang.last.text.splitlines() == [
            "【逾期提示】",
            "【区教体局】1 项进展逾期1天未报（4月10日截止），联络员已收到提醒",
        ]


async def test_a_notice_has_steps_of_its_own(tmp_path: Path) -> None:
    own = Ladders((Rung("before-5d", -5, "days", time(14), ("liaison",)),))
    policy = replace(OFFICE, notice_ladders={1: own})
    async with cast(tmp_path, given=GIVEN, policy=policy) as people:
        made = [
            (await people.stage.move_to(local(moment))).nudges
            for moment in ("2025-03-31 09:00", "2025-04-07 09:00", "2025-04-07 14:00", "2025-04-10 09:00")
        ]
        assert made == [0, 1, 0, 0]  # the fifth day before is a day off: told on the next working day
        assert "【报送提醒】最后一次" in people.li.last.text


@pytest.mark.parametrize("state", ["submitted", "accepted", "waived", "done"])
async def test_a_reminder_that_waits_is_dropped_once_nothing_is_owed(tmp_path: Path, state: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.stage.clock.set(local("2025-04-07 09:00"))
        await people.stage.service.tick()
        change(people, f"UPDATE obligation SET state = '{state}'")
        await people.stage.settle()
        assert [found for found, _ in outbox(people, "nudge")] == ["cancelled"]


def two_notices() -> tuple[Notice, Notice]:
    return GIVEN, replace(notice(task(5, "区教体局")), title="关于另一批工作的通知", plan_year=2025)


async def test_one_message_lists_everything_owed_the_worst_first(tmp_path: Path) -> None:
    first, second = two_notices()
    async with cast(tmp_path, given=first) as people:
        people.stage.adopt(second, b"another")
        await people.stage.move_to(local("2025-03-20 11:00"))
        later = (
            "UPDATE obligation SET due_at = '2025-04-17 16:00:00.000000' WHERE task_id = 3 AND due_at < '2025-05-01'"
        )
        change(people, later)
        await said_on(people, people.li, "2025-04-09", "2025-04-10")
        [said] = await said_on(people, people.li, "2025-04-14")  # task 3's own steps are told; task 5's third is now
        assert said.index("任务3") < said.index("任务5")
        assert "已逾期4天" in said
        assert "还剩3天" in said


async def test_past_the_cap_nothing_more_is_pushed_and_nothing_is_lost(tmp_path: Path) -> None:
    policy = replace(OFFICE, limits=Limits(messages_per_person_and_period=2))
    async with cast(tmp_path, given=GIVEN, policy=policy) as people:
        # two reminders; the message of the tasks is none; the third and the fourth step are silent
        said = await said_on(people, people.li, "2025-03-31", "2025-04-07", "2025-04-09", "2025-04-10")
        assert [bool(text) for text in said] == [True, True, False, False]
        assert "本期提醒条数已达上限" not in said[0]
        assert "本期提醒条数已达上限" in said[1]
        [late] = await said_on(people, people.li, "2025-04-11")
        assert "任务3" in late
        assert "已逾期1天" in late
