"""Supervisors review reports: each version decided once, a return reaches its unit with a due date of its own."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from duban.rehearsal.botapi import User
from office.reports.reviewing import decide, held_for_review
from rules.policy import Policy, ReviewPolicy
from storage import ledger
from storage.states import Role
from tests.cast import Cast, cast, local, notice
from tests.conversations.looking import outbox, reported, rows, states
from tests.transcripts import transcript

POLICY = Policy(office="清河区督查室", review=ReviewPolicy(required=True))
GOOD, VAGUE = "已完成3个项目。", "正在推进。"


async def report(people: Cast, who: User, text: str) -> object:
    """Have a liaison send a text and submit it; gives the message."""
    sent = who.send(text)
    await people.stage.settle()
    await people.say(who, "提交")
    return sent


async def second_supervisor(people: Cast) -> User:
    """Have another supervisor register."""
    second = people.stage.api.user(2002, "陈", "科")
    await people.say(second, f"/start {people.stage.invite_person(Role.SUPERVISOR, '陈科').code}")
    return second


def due_of(people: Cast, no: int) -> datetime:
    """Give when the first obligation of a task is due."""
    ids = [number for (number,) in rows(people, IDS, no=no)]
    owed = people.stage.store.read_now(lambda tx: ledger.obligations(tx, ids))
    return min(due.due_at for due in owed)


IDS = "SELECT obligation.id FROM obligation JOIN task ON task.id = task_id WHERE task.no = :no ORDER BY obligation.id"


@transcript("督查人员", "审核报告", "各单位报送后，王科逐份审核。")
async def test_the_oldest_comes_first_and_accepting_shows_the_next(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有待审核的报告" in await people.say(people.wang, "/review")
        await report(people, people.li, GOOD)
        await people.say(people.zhang, "1. 已完成2个项目。\n2. 正在推进。")
        await people.say(people.zhang, "提交")
        shown = await people.say(people.wang, "/review")
        assert "【待审核 1/3】区教体局 任务3 · 2025年第一季度" in shown
        assert f"8/200字\n\n{GOOD}" in shown.replace("，迟报", "")
        assert len(shown.splitlines()) <= 30
        after = await people.press(people.wang, "通过")
        assert after.startswith("✓ 已通过：区教体局 任务3")
        assert "【待审核 1/2】区发改局 任务1" in after
        assert "【待审核 2/2】区发改局 任务2" in await people.say(people.wang, "下一条")
        assert "⚠ 只有“正在推进”之类的套话" in people.wang.last.text
        assert "【待审核 1/2】区发改局 任务1" in await people.press(people.wang, "下一条")
        await people.say(people.wang, "通过")
        assert "没有待审核的报告" in await people.press(people.wang, "通过")
        assert {row.state for row in reported(people)} == {"accepted"}


@transcript("督查人员", "退回修改", "李丽的报告只有套话，王科退回，李丽改好重报。")
async def test_a_return_reaches_the_liaison_at_once_with_its_own_due_date(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-04-10 10:00")) as people:
        await report(people, people.li, VAGUE)
        await people.say(people.wang, "/review")
        assert "1. 数据缺失\n2. 内容空泛" in await people.press(people.wang, "退回")
        done = await people.press(people.wang, "内容空泛")
        assert done.startswith("✓ 已退回：区教体局 任务3 · 2025年第一季度，4月15日前重新报送")
        told = people.li.last.text
        assert "【退回修改】区教体局 任务3 · 2025年第一季度" in told
        assert "原因：内容空泛" in told
        assert "请于4月15日前重新报送" in told
        assert f"原报送：{VAGUE}" in told
        assert due_of(people, 3) == local("2025-04-16 00:00")
        assert "任务3" in await people.press(people.li, "修改")
        assert "8/200字" in await people.say(people.li, GOOD)
        await people.say(people.li, "提交")
        shown = await people.say(people.wang, "/review")
        assert "上次退回原因：内容空泛" in shown
        await people.press(people.wang, "通过")
        assert states(people) == [(3, 1, "returned"), (3, 2, "accepted")]
        assert [(row.version, row.state, row.late) for row in reported(people)] == [(2, "accepted", False)]


async def test_a_return_never_shortens_the_time_there_was(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:  # 20 March: due on 10 April
        await report(people, people.li, VAGUE)
        await people.say(people.wang, "/review")
        assert "4月10日前重新报送" in await people.say(people.wang, "退回 请写明开工数量")
        assert "原因：请写明开工数量" in people.li.last.text
        assert due_of(people, 3) == local("2025-04-11 00:00")


async def test_the_ladder_of_a_return_is_its_own_and_overdue_waits_for_its_due_date(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-04-10 10:00")) as people:
        await people.register(people.stage.api.user(3001, "罗", "安"), "区教体局", Role.HEAD)
        for who, text in ((people.zhang, "1. 已完成2个项目。\n2. 已完成5个项目。"), (people.li, VAGUE)):
            await report(people, who, text)
        await people.say(people.wang, "/review 区教体局")
        await people.say(people.wang, "退回 2")  # a typed number beside the word is a reason of one sign: asked again
        assert "原因请写2至500字" in people.wang.last.text
        await people.say(people.wang, "2")
        before = len(people.li.inbox)
        await people.stage.move_to(local("2025-04-11 09:30"))
        assert "没有逾期未报的任务" in await people.say(people.wang, "/overdue")
        assert len(people.li.inbox) == before
        await people.stage.move_to(local("2025-04-14 09:30"))
        assert "【报送提醒】第1次，共2次" in people.li.last.text
        assert "（退回待改）" in people.li.last.text
        await people.stage.move_to(local("2025-04-15 09:30"))
        assert "最后一次" in people.li.last.text
        await people.stage.move_to(local("2025-04-16 09:30"))
        assert "逾期1天" in people.li.last.text
        overdue = await people.say(people.wang, "/overdue")
        assert "（退回待改）" in overdue
        assert "逾期未报 1 项" in overdue


@transcript("督查人员", "两人同时审核", "王科、陈科同时看到一份报告。")
async def test_two_supervisors_never_decide_twice(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        second = await second_supervisor(people)
        await report(people, people.li, GOOD)
        for who in (people.wang, second):
            await people.say(who, "/review")
        await people.press(people.wang, "通过")
        assert "这份报告已由王科于3月20日 10:00通过" in await people.press(second, "退回")
        assert second.toasts[-1] == "没有办成，请看消息中的说明"
        assert "没有待审核的报告" in await people.say(second, "/review")
        assert rows(people, "SELECT accepted, reason FROM review") == [(1, None)]


async def test_a_reason_given_after_somebody_decided_does_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        second = await second_supervisor(people)
        await report(people, people.li, GOOD)
        for who in (people.wang, second):
            await people.say(who, "/review")
        await people.press(second, "退回")
        await people.press(people.wang, "通过")
        assert "已由王科" in await people.say(second, "数据缺失")
        assert [row.state for row in reported(people)] == ["accepted"]
        assert not people.li.said("退回修改")


async def test_of_two_decisions_in_a_row_only_the_first_is_written(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, people.li, GOOD)
        done = people.stage.premises.do(
            people.stage.store, lambda work: [decide(work, 1, by=1), decide(work, 1, by=1, reason="数据缺失")]
        )
        assert [due is not None for due in done] == [True, False]
        assert states(people) == [(3, 1, "accepted")]


async def test_a_version_sent_meanwhile_is_asked_about_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = await report(people, people.li, GOOD)
        await people.say(people.wang, "/review")
        people.li.edit(sent, "已完成4个项目。")  # type: ignore[arg-type]
        await people.stage.settle()
        again = await people.press(people.wang, "通过")
        assert "送来了新版本" in again
        assert "已完成4个项目。" in again
        assert states(people) == [(3, 1, "replaced"), (3, 2, "submitted")]
        assert "✓ 已通过" in await people.press(people.wang, "通过")


async def test_what_was_taken_back_is_not_decided(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, people.li, GOOD)
        await people.say(people.wang, "/review")
        await people.say(people.li, "撤回")
        assert "已由单位撤回" in await people.press(people.wang, "通过")
        assert states(people) == [(3, 1, "draft")]


@transcript("督查人员", "一次通过多份", "没有提示的报告，王科一次通过；其间李丽改了自己的一份。")
async def test_many_are_accepted_together_after_a_preview(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成2个项目。\n2. 正在推进。")
        await people.say(people.zhang, "提交")
        sent = await report(people, people.li, GOOD)
        await people.say(people.wang, "/review")
        preview = await people.press(people.wang, "全部通过（无提示的2份）")
        assert "将通过以下 2 份" in preview
        assert "任务2" not in preview
        assert "submitted" in {state for _, _, state in states(people)}
        people.li.edit(sent, "已完成4个项目。")  # type: ignore[arg-type]
        await people.stage.settle()
        result = await people.say(people.wang, "确认")
        assert "✓ 已通过 1 份" in result
        assert "没有办理的：1 份" in result
        assert "还有 2 份待审核" in result
        assert [row.state for row in reported(people)] == ["accepted", "submitted", "submitted"]


async def test_accepting_all_can_be_dropped(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成2个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        assert "将通过以下 2 份" in await people.say(people.wang, "全部通过")
        assert "已取消" in await people.say(people.wang, "取消")
        assert "2份" in people.wang.inbox[-2].text or "2 份" in people.wang.inbox[-2].text
        assert {row.state for row in reported(people)} == {"submitted"}


async def test_last_periods_promise_stands_beside_the_report(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, GOOD)
        await people.say(people.li, "补充")
        for answer in ("跳过", "二季度开工2所学校", "跳过"):
            await people.say(people.li, answer)
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-21 10:00"))
        await report(people, people.li, "已开工1所学校。")
        shown = await people.say(people.wang, "/review")
        assert "任务3 · 2025年第二季度" in shown
        assert "上期（2025年第一季度）下一步：二季度开工2所学校" in shown


async def test_where_review_is_asked_for_the_clock_accepts_nothing_and_the_digest_says_so(tmp_path: Path) -> None:
    async with cast(tmp_path, policy=POLICY) as people:
        await report(people, people.li, GOOD)
        await people.stage.move_to(local("2025-04-22 09:00"))
        assert [row.state for row in reported(people)] == ["submitted"]
        assert people.wang.said("待审核报告 1 份，最早3月20日 10:00报送（/review）")
        await people.say(people.wang, "/review")
        await people.say(people.wang, "通过")
        assert people.stage.premises.look(people.stage.store, held_for_review) == []


async def test_a_notice_may_say_otherwise_than_the_setting(tmp_path: Path) -> None:
    async with cast(tmp_path, policy=POLICY) as people:
        await report(people, people.li, GOOD)
        people.stage.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE notice SET review = false"))
        await people.stage.move_to(local("2025-04-22 09:00"))
        assert [row.state for row in reported(people)] == ["accepted"]


async def test_a_return_that_is_sent_again_late_has_its_day_before_it_counts_as_accepted(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-04-10 10:00")) as people:
        await report(people, people.li, VAGUE)
        await people.say(people.wang, "/review")
        await people.say(people.wang, "退回 数据缺失")
        await people.stage.move_to(local("2025-04-21 10:00"))
        await report(people, people.li, GOOD)
        await people.stage.move_to(local("2025-04-21 11:00"))
        assert [row.state for row in reported(people)] == ["submitted"]
        await people.stage.move_to(local("2025-04-22 11:00"))
        assert [(row.state, row.late) for row in reported(people)] == [("accepted", False)]


async def test_a_return_at_night_waits_for_the_morning(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, people.li, GOOD)
        await people.stage.move_to(local("2025-03-20 21:00"))
        await people.say(people.wang, "/review")
        await people.say(people.wang, "退回 数据缺失")
        assert not people.li.said("退回修改")
        await people.stage.move_to(local("2025-03-21 08:05"))
        assert people.li.said("退回修改")
        assert outbox(people, "report_returned") == [("sent", None)]


async def test_typed_words_without_a_report_shown_show_the_queue_first(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成2个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        assert "【待审核 1/2】" in await people.say(people.wang, "通过")
        assert {row.state for row in reported(people)} == {"submitted"}


async def test_a_quoted_report_is_the_one_that_is_meant(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成2个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        await people.say(people.wang, "/review")
        first = people.wang.last
        await people.press(people.wang, "下一条")
        await people.say(people.wang, "退回 数据缺失", reply_to=first)
        assert states(people) == [(1, 1, "returned"), (2, 1, "submitted")]


async def test_another_decision_is_not_taken_for_a_return(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, people.li, GOOD)
        await people.say(people.wang, "/review")
        await people.say(people.wang, "退回C1")
        assert [row.state for row in reported(people)] == ["submitted"]


@pytest.mark.parametrize("other", ["同意E9", "同意更正3", "退回C1"])
async def test_another_decision_is_not_taken_for_the_reason(tmp_path: Path, other: str) -> None:
    async with cast(tmp_path) as people:
        await report(people, people.li, GOOD)
        await people.say(people.wang, "/review")
        await people.press(people.wang, "退回")
        await people.say(people.wang, other)
        assert [row.state for row in reported(people)] == ["submitted"]


@pytest.mark.parametrize("word", ["/review", "通过", "下一条", "全部通过"])
async def test_who_may_not_review_learns_nothing(tmp_path: Path, word: str) -> None:
    async with cast(tmp_path) as people:
        await report(people, people.li, GOOD)
        assert "没有办理此事的权限" in await people.say(people.zhang, word)


async def test_a_supervisor_who_lost_the_role_decides_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, people.li, GOOD)
        await people.say(people.wang, "/review")
        message = people.wang.last
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since WHERE role = 'supervisor'")
        )
        people.wang.press(message.message_id, "通过")
        await people.say(people.wang, "通过")
        assert [row.state for row in reported(people)] == ["submitted"]


async def test_the_offices_own_reasons_are_offered(tmp_path: Path) -> None:
    policy = replace(POLICY, review=ReviewPolicy(reasons=("口径不一致",)))
    async with cast(tmp_path, policy=policy, given=notice()) as people:
        await report(people, people.li, GOOD)
        await people.say(people.wang, "/review")
        await people.say(people.wang, "退回")
        await people.say(people.wang, "1")
        assert "原因：口径不一致" in people.li.last.text


async def test_a_typed_change_after_a_return_asks_for_the_new_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成2个项目。")
        await people.say(people.zhang, "提交")
        await people.say(people.wang, "/review")
        await people.say(people.wang, "退回 数据缺失")
        assert "任务1" in await people.say(people.zhang, "修改")
        await people.say(people.zhang, "已完成6个项目，投资1.2亿元。")
        await people.say(people.zhang, "提交")
        assert states(people) == [(1, 1, "returned"), (1, 2, "submitted")]
