"""The year plan in the chat: field by field, back and forth, sent, changed; reminders, digest, /plans."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from notices.notice import Notice
from rules.policy import Policy, ReportingPolicy
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, rows

EARLY = local("2025-02-05 10:00")


def asking(*tasks: object, due: date | None = date(2025, 2, 18), reports: bool = True) -> Notice:
    """Make a notice that asks for a plan."""
    found = notice(*tasks, reports=reports)  # type: ignore[arg-type]
    return replace(found, rules=replace(found.rules, plan_due=due))


def plans(people: Cast) -> list[tuple[object, ...]]:
    return rows(
        people,
        "SELECT task.no, version, is_draft, q1, q2, head FROM plan_item JOIN assignment ON assignment.id ="
        " plan_item.assignment_id JOIN task ON task.id = assignment.task_id ORDER BY plan_item.id",
    )


async def write_plan(people: Cast, *texts: str) -> str:
    said = ""
    for text in texts:
        said = await people.say(people.li, text)
    return said


async def test_a_plan_is_asked_for_shown_and_sent(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, at=EARLY, given=asking(), database_url=database_url) as people:
        asked = await people.say(people.li, "/plan")
        assert asked.startswith("【区教体局】任务3　")
        assert "第3项工作" in asked
        assert "一季度目标？" in asked
        assert "【区教体局】任务3　二季度目标？" in await people.say(people.li, "完成选址")
        assert "三季度目标？" in await people.press(people.li, "跳过")
        await write_plan(people, "主体封顶", "交付使用")
        assert "责任人？" in await people.say(people.li, "李校长")
        shown = await people.say(people.li, "跳过")
        assert "一季度目标：完成选址\n三季度目标：主体封顶\n四季度目标：交付使用\n主要负责人：李校长" in shown
        assert "尚未报送" in shown
        assert plans(people) == [(3, 1, True, "完成选址", None, "李校长")]
        said = await people.press(people.li, "提交")
        assert said.startswith("✓ 任务3的年度计划已报送。")
        assert "全部报齐" in said
        assert plans(people) == [(3, 1, False, "完成选址", None, "李校长")]
        assert rows(people, "SELECT count(*) FROM report") == [(0,)]


async def test_typed_words_stand_for_the_buttons_and_back_leads_back(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await write_plan(people, "/plan", "完成选址")
        assert "一季度目标？" in await people.say(people.li, "上一步")
        assert "（已填：完成选址" in people.li.last.text
        await people.say(people.li, "完成选址和立项")
        assert plans(people)[0][3] == "完成选址和立项"
        assert "已取消" in await people.say(people.li, "取消")
        assert plans(people) == []
        assert "/200字 ✓" in await people.say(people.li, "已完成3个项目。")


async def test_what_is_missing_is_asked_for_before_it_is_sent(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await write_plan(people, "/plan", "跳过", "跳过", "跳过", "跳过", "跳过")
        assert "还不能报送：至少要有一个季度的目标、缺少主要负责人" in await people.say(people.li, "跳过")
        assert "还缺一季度目标" in await people.say(people.li, "提交")
        assert "二季度目标？" in await people.say(people.li, "完成选址")
        assert "还缺主要负责人" in await people.say(people.li, "提交")
        await people.say(people.li, "无")
        assert "还缺主要负责人" in await people.say(people.li, "提交")
        await people.say(people.li, "李校长")
        assert "✓ 任务3的年度计划已报送。" in await people.say(people.li, "提交")


async def test_too_long_a_target_is_asked_for_again(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await people.say(people.li, "/plan")
        assert "501字，太长了" in await people.say(people.li, "一" * 501)
        assert "一季度目标？" in people.li.last.text
        assert plans(people) == []


async def test_one_of_several_tasks_is_chosen_by_button_or_number(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        shown = await people.say(people.zhang, "/plan")
        assert "共2项任务，还有2项未报" in shown
        assert "请于2月18日前报送" in shown
        assert "【区发改局】任务2" in await people.say(people.zhang, "2")
        for text in ("开工", "跳过", "跳过", "跳过", "王局长", "跳过"):
            await people.say(people.zhang, text)
        assert "还有1项未报" in await people.say(people.zhang, "确认")
        await people.press(people.zhang, "任务1 第1项工作，全年完成10个项目。")
        assert "【区发改局】任务1" in people.zhang.last.text
        assert "【区发改局】任务2" in await people.say(people.zhang, "/plan 2")
        assert "共2项任务，还有1项未报" in await people.say(people.zhang, "/plan 9")


async def test_what_was_written_survives_another_conversation(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await write_plan(people, "/plan", "完成选址", "/report", "已完成3个项目。", "提交")
        assert rows(people, "SELECT progress FROM report") == [("已完成3个项目。",)]
        assert "（已填：完成选址" in await people.say(people.li, "/plan")


async def test_a_change_is_shown_against_what_stood(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await write_plan(people, "/plan", "完成选址", "跳过", "跳过", "跳过", "李校长", "跳过", "提交")
        said = await write_plan(people, "/plan", "完成选址和立项", "跳过", "跳过", "跳过", "跳过", "跳过", "提交")
        assert "已更新" in said
        assert "一季度目标：完成选址 → 完成选址和立项" in said
        assert [(row[1], row[2]) for row in plans(people)] == [(1, False), (2, False)]
        said = await write_plan(people, "/plan", "跳过", "跳过", "跳过", "跳过", "跳过", "跳过", "提交")
        assert "没有变化" in said
        assert len(plans(people)) == 2


async def test_an_old_button_starts_nothing_for_a_stranger_or_twice(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await write_plan(people, "/plan", "完成选址")
        message = people.li.last
        people.li.press(message, "跳过")
        people.li.press(message, "跳过")
        await people.stage.settle()
        assert "四季度" not in people.li.last.text
        people.outsider.press(message, "跳过", chat=people.li)
        await people.stage.settle()
        assert people.outsider.toasts == ["此按钮不是给您的"]


@pytest.mark.parametrize(("given", "policy"), [(notice(), None), (asking(due=date(2024, 2, 18)), None)])
async def test_nothing_is_asked_where_the_notice_does_not_ask(tmp_path: Path, given: Notice, policy: None) -> None:
    given = replace(given, plan_year=2024) if given.rules.plan_due else given
    async with cast(tmp_path, at=EARLY, given=given, policy=policy) as people:
        assert "没有要报的年度计划" in await people.say(people.li, "/plan")
        assert "没有要求报送年度计划" in await people.say(people.wang, "/plans")


async def test_the_office_may_ask_by_its_setting_without_a_date(tmp_path: Path) -> None:
    policy = Policy(office="清河区督查室", reporting=ReportingPolicy(plan=True))
    async with cast(tmp_path, at=EARLY, policy=policy) as people:
        assert "一季度目标？" in await people.say(people.li, "/plan")
        assert "已报 0/3 项" in await people.say(people.wang, "/plans")
        await people.stage.move_to(local("2025-02-18 09:00"))
        assert outbox(people, "plan_nudge") == []


async def test_supporting_units_and_unreported_lists_owe_no_plan(tmp_path: Path) -> None:
    given = asking(task(1, "区发改局", role="lead"), task(3, "区教体局", role="support"))
    async with cast(tmp_path, at=EARLY, given=given) as people:
        assert "没有要报的年度计划" in await people.say(people.li, "/plan")
        assert "一季度目标？" in await people.say(people.zhang, "/plan")


async def test_a_notice_without_periods_may_ask_for_plans(tmp_path: Path) -> None:
    given = asking(task(1, "区发改局", role="lead"), task(3, "区教体局", role="support"), reports=False)
    async with cast(tmp_path, at=EARLY, given=given) as people:
        assert "一季度目标？" in await people.say(people.zhang, "/plan")
        assert "没有要报的年度计划" in await people.say(people.li, "/plan")


# --- reminders, digest, /plans ---------------------------------------------------------------------------------------


async def test_the_ladder_reminds_of_plans_once_a_step_until_they_are_sent(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        for day in ("2025-02-08 09:00", "2025-02-08 15:00", "2025-02-13 09:00"):
            await people.stage.move_to(local(day))
        told = people.zhang.said("【报送提醒】")
        assert [message.text.splitlines()[0] for message in told] == [
            "【报送提醒】第1次，共4次",
            "【报送提醒】第2次，共4次",
        ]
        assert "【区发改局】还有 2 项任务的年度计划未报，2月18日截止（还剩5天）。" in told[-1].text
        await write_plan(people, "/plan", "完成选址", "跳过", "跳过", "跳过", "李校长", "跳过", "提交")
        await people.stage.move_to(local("2025-02-18 09:00"))
        assert "今天（2月18日）截止" in people.zhang.last.text
        assert len(people.li.said("【报送提醒】")) == 2
        await people.stage.move_to(local("2025-02-21 09:00"))
        assert len(people.zhang.said("【报送提醒】")) == 3


async def test_a_plan_and_a_report_due_together_are_one_message(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-03-20 10:00"), given=asking(due=date(2025, 4, 10))) as people:
        await people.stage.move_to(local("2025-04-07 09:00"))
        [message] = people.zhang.said("【报送提醒】")
        assert "项进展待报" in message.text
        assert "2 项任务的年度计划未报" in message.text
        assert outbox(people, "plan_nudge") == []


async def test_a_reminder_already_answered_is_not_sent(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await write_plan(people, "/plan", "完成选址", "跳过", "跳过", "跳过", "李校长", "跳过")
        people.stage.clock.set(local("2025-02-08 08:59"))
        people.li.send("提交")
        people.stage.clock.set(local("2025-02-08 09:00"))
        await people.stage.service.tick()  # the reminder is made before the answer is read
        await people.stage.settle()
        assert people.li.said("【报送提醒】") == []
        assert ("cancelled", "planned or taken over since") in outbox(people, "plan_nudge")


async def test_a_unit_told_of_its_tasks_too_late_is_not_chased(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY) as people:
        await people.stage.move_to(local("2025-02-17 10:00"))
        late = replace(asking(task(7, "区教体局")), title="关于做好年度重点工作的通知")
        people.stage.adopt(late, b"late")
        await people.stage.move_to(local("2025-02-17 10:01"))
        await people.stage.move_to(local("2025-02-17 15:00"))
        assert outbox(people, "plan_nudge") == []
        await people.stage.move_to(local("2025-02-18 09:00"))
        assert "今天（2月18日）截止" in people.li.last.text


async def test_supervisors_see_who_has_not_sent_a_plan(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await write_plan(people, "/plan", "完成选址", "跳过", "跳过", "跳过", "李校长", "跳过", "提交")
        said = await people.say(people.wang, "/plans")
        assert "2月18日截止" in said
        assert "已报 1/3 项" in said
        assert "• 区发改局　未报2项（任务1、2）" in said
        assert "区教体局" not in said
        await people.stage.move_to(local("2025-02-19 08:30"))
        assert "年度计划逾期未报（2月18日截止，已过1天）：1 个单位 2 项：区发改局" in people.wang.last.text
        assert "没有办理此事的权限" in await people.say(people.li, "/plans")


async def test_a_plan_due_soon_alone_makes_no_digest(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-02-11 10:00"), given=asking()) as people:
        await people.stage.move_to(local("2025-02-12 08:30"))
        assert people.wang.said("【督查日报】") == []


async def test_a_head_is_not_asked_to_write_plans(tmp_path: Path) -> None:
    async with cast(tmp_path, at=EARLY, given=asking()) as people:
        await people.register(people.outsider, "区教体局", Role.HEAD)
        assert "没有办理此事的权限" in await people.say(people.outsider, "/plan")
