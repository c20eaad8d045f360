"""Extensions: asked for step by step or in one line, confirmed, decided once, and reminders follow the new date."""

from datetime import timedelta
from pathlib import Path

import pytest

from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, reported, rows, states
from tests.transcripts import transcript

GIVEN = notice(task(3, "区教体局", leaders=("赵区长",)), task(9, "区发改局", role="support"))
LINE = "/extend 3 4月25日 因供地手续未办完"


def asked(people: Cast) -> list[tuple[str, str]]:
    """List (state, wanted due day's end) of every request, in the order they came."""
    return [(state, str(until)[:10]) for state, until in rows(people, "SELECT state, wanted_due_at FROM extension")]


def due(people: Cast, unit: str = "区教体局") -> str:
    """Give the local day that ends at the first obligation's due instant."""
    [(at,)] = rows(
        people,
        "SELECT due_at FROM obligation JOIN unit ON unit.id = unit_id WHERE unit.name = :unit"
        " AND period_id = 1 AND task_id = (SELECT min(task_id) FROM obligation o WHERE o.unit_id = unit.id)",
        unit=unit,
    )
    return str(at)[:10]


async def ask(people: Cast, line: str = LINE) -> str:
    """Have 李丽 ask in one line and confirm; gives what the bot said."""
    await people.say(people.li, line)
    await people.say(people.li, "跳过")
    return await people.say(people.li, "确认")


# --- asking ----------------------------------------------------------------------------------------------------------


@transcript("延期、办结和外出", "一句话申请延期", "李丽用一句话申请延期，核对后提交。")
async def test_one_line_is_echoed_and_sent_once_it_is_confirmed(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "目前进展如何" in await people.say(people.li, LINE)
        echo = await people.say(people.li, "已完成勘界。")
        assert "截止日期：4月10日 → 2025年4月25日（星期五）" in echo
        assert "原因：因供地手续未办完" in echo
        assert "目前进展：已完成勘界。" in echo
        assert asked(people) == []
        assert "✓ 延期申请已提交" in await people.press(people.li, "确认")
        told = people.wang.last.text
        assert "【延期申请 E1】" in told
        assert "申请人：李丽" in told
        assert [text for text, _ in people.wang.last.buttons[0]] == ["同意", "另定日期", "不同意"]
        assert due(people) == "2025-04-10"


@transcript("延期、办结和外出", "逐步申请延期", "张敏按提示逐步填写，原因太短时重填。")
async def test_it_can_be_asked_step_by_step(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "申请延期：哪项任务" in await people.say(people.zhang, "/extend")
        assert "希望延期到哪一天" in await people.say(people.zhang, "2")
        assert "延期的原因" in await people.say(people.zhang, "4月25日")
        assert "原因太短" in await people.say(people.zhang, "无。")
        assert "目前进展如何" in await people.say(people.zhang, "施工图审查未通过")
        assert "请核对延期申请" in await people.say(people.zhang, "已完成设计。")
        await people.say(people.zhang, "确认")
        assert asked(people) == [("waiting", "2025-04-25")]
        assert "任务2" in people.wang.last.text


async def test_buttons_do_what_words_do(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-07 09:00"))
        await people.press(people.zhang, "申请延期")
        await people.press(people.zhang, "任务1 2025年第一季度 第1项工作，全年完成10个项目。")
        await people.say(people.zhang, "4月25日，因供地手续未办完")
        await people.press(people.zhang, "跳过")
        await people.press(people.zhang, "确认")
        assert asked(people) == [("waiting", "2025-04-25")]


@pytest.mark.parametrize("words", ["申请延期", "申请延期 3 4月25日 因供地手续未办完"])
async def test_the_request_can_be_typed_without_its_slash(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "【区教体局】任务3" in await people.say(people.li, words)
        assert states(people) == []


async def test_the_prompt_for_a_report_offers_it(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/report")
        assert "希望延期到哪一天" in await people.press(people.li, "申请延期")


async def test_a_date_that_leaves_a_choice_is_asked_about(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/extend 3")
        assert "您说的是2026年2月1日（星期日）吗" in await people.say(people.li, "2月1日")
        assert "希望延期到哪一天" in await people.say(people.li, "不是")
        await people.say(people.li, "2月1日")
        assert "延期的原因" in await people.say(people.li, "是")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("过些日子吧", "没有看懂日期"),
        ("4月10日", "须晚于现在的截止日期"),
        ("2025年3月1日", "已经过去"),
        ("2026年3月2日", "最晚可延至2026年3月1日"),
        ("4月31日", "没有看懂日期"),
    ],
)
async def test_a_date_that_cannot_be_is_asked_for_again(tmp_path: Path, said: str, told: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/extend 3")
        answer = await people.say(people.li, said)
        assert told in answer
        assert "希望延期到哪一天" in answer
        assert "延期的原因" in await people.say(people.li, "４月２５日")


async def test_a_date_typed_at_the_end_takes_the_place_of_the_wrong_one(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, LINE)
        await people.say(people.li, "跳过")
        assert "→ 2025年4月26日（星期六）" in await people.say(people.li, "4月26日")
        assert "新日期是休息日" in people.li.last.text


async def test_what_is_cancelled_is_not_sent(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, LINE)
        assert "已取消" in await people.say(people.li, "取消")
        assert "没有可以取消" in await people.say(people.li, "取消")
        assert asked(people) == []
        await people.say(people.li, "已完成3个项目。")
        assert states(people) == [(3, 1, "draft")]


async def test_a_report_sent_instead_of_a_date_is_a_report(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/extend 3")
        await people.say(
            people.li,
            "3所学校均已开工，主体工程完成六成，教师招聘方案已经印发，9月1日前可以投入使用，没有需要协调的问题。",
        )
        assert states(people) == [(3, 1, "draft")]


async def test_a_form_is_sent_once_however_often_it_is_confirmed(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, LINE)
        await people.say(people.li, "跳过")
        data = people.li.last.buttons[0][0][1]
        await people.say(people.li, "确认")
        people.li.press_raw(data, people.li.last.message_id)
        await people.stage.settle()
        assert "已经提交过" in people.li.last.text
        assert len(asked(people)) == 1


async def test_the_newer_request_takes_the_place_of_the_older(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        assert "此前的申请已由本次申请代替" in await ask(people, "/extend 3 4月28日 因连续降雨停工")
        assert asked(people) == [("replaced", "2025-04-25"), ("waiting", "2025-04-28")]
        assert "代替此前未审批的申请" in people.wang.last.text
        people.wang.press(people.wang.said("【延期申请 E1】")[0].message_id, "同意")
        await people.stage.settle()
        assert "E1 已由该单位新的申请代替" in people.wang.last.text
        assert due(people) == "2025-04-10"


async def test_a_request_after_the_due_day_says_so(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(local("2025-04-11 10:00"))
        assert "已注明" in await ask(people)
        assert "晚于截止日期提出" in people.wang.last.text


async def test_nothing_to_extend_is_said(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "没有需要延期的任务" in await people.say(people.li, "/extend 3 4月25日 因供地")
        assert "没有办理此事的权限" in await people.say(people.wang, "/extend")
        assert "没有需要延期的任务" in await people.say(people.zhang, "/extend 9 4月25日 因供地")


async def test_another_units_task_is_not_found(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有找到这项待报任务" in await people.say(people.zhang, "/extend 3 4月25日 因供地手续未办完")
        assert "目前进展如何" in await people.say(people.zhang, "1")


# --- deciding --------------------------------------------------------------------------------------------------------


@transcript("延期、办结和外出", "同意延期", "王科同意李丽的延期申请。")
async def test_an_extension_granted_moves_the_due_date_and_is_told_at_once(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        assert "✓ 已同意 E1" in await people.press(people.wang, "同意")
        assert due(people) == "2025-04-25"
        assert "同意延期。截止日期由4月10日改为2025年4月25日（星期五）" in people.li.last.text
        assert rows(people, "SELECT action, subject FROM audit WHERE action = 'decide'") == [("decide", "request:E1")]
        assert [str(at)[:10] for (at,) in rows(people, "SELECT old_due_at FROM extension")] == ["2025-04-10"]


@transcript("延期、办结和外出", "另定延期日期", "王科另定日期，前两次写得不对。")
async def test_another_date_can_be_set(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        assert "批准延期到哪一天" in await people.press(people.wang, "另定日期")
        assert "没有看懂日期" in await people.say(people.wang, "尽快")
        assert "须晚于" in await people.say(people.wang, "4月9日")
        assert "截止日期改为2025年4月18日" in await people.say(people.wang, "4月18日")
        assert "您申请的是2025年4月25日" in people.li.last.text
        assert due(people) == "2025-04-18"


@transcript("延期、办结和外出", "不同意延期", "王科不同意，写明原因。")
async def test_a_refusal_reaches_the_liaison_with_its_reason(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.press(people.wang, "不同意")
        assert "✓ 未同意 E1" in await people.say(people.wang, "手续应由贵单位提前办理")
        assert "未同意延期：手续应由贵单位提前办理\n截止日期仍为4月10日，请按期报送" in people.li.last.text
        assert due(people) == "2025-04-10"


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("同意", "2025-04-25"),
        ("同意E1", "2025-04-25"),
        ("同意 e1 4月18日", "2025-04-18"),
        ("同意4月18日", "2025-04-18"),
    ],
)
async def test_a_decision_can_be_typed(tmp_path: Path, words: str, day: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.say(people.wang, words)
        assert due(people) == day


async def test_a_refusal_can_be_typed_with_its_reason(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.say(people.wang, "不同意E1 材料不全")
        assert "未同意延期：材料不全" in people.li.last.text


async def test_a_word_without_its_request_asks_which(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for who, no in ((people.zhang, 1), (people.li, 3)):
            await people.say(who, f"/extend {no} 4月25日 因供地手续未办完")
            await people.say(who, "跳过")
            await people.say(who, "确认")
        shown = await people.say(people.wang, "同意")
        assert "待审批的申请 2 件" in shown
        assert {state for state, _ in asked(people)} == {"waiting"}
        await people.say(people.wang, "同意", reply_to=people.wang.said("【延期申请 E2】")[0].message_id)
        assert [state for state, _ in asked(people)] == ["waiting", "granted"]
        await people.press(people.wang, "E1 同意")
        assert [state for state, _ in asked(people)] == ["granted", "granted"]
        assert "没有待审批的申请" in await people.say(people.wang, "同意")


async def test_two_supervisors_never_decide_twice(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        second = people.stage.api.user(2002, "周", "科")
        await people.say(second, f"/start {people.stage.invite_person(Role.SUPERVISOR, '周科').code}")
        await ask(people)
        await people.press(second, "不同意")
        people.wang.press(people.wang.last.message_id, "同意")
        await people.stage.settle()
        answer = await people.say(second, "材料不全")
        assert "此前已由王科于" in answer
        assert not answer.startswith("✓")
        assert asked(people)[0][0] == "granted"
        assert "这里不接收" in await people.say(second, "材料不全")
        assert not people.li.said("未同意延期")


async def test_only_a_supervisor_decides(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        data = people.wang.last.buttons[0][0][1]
        people.li.press_raw(data, people.wang.last.message_id)
        await people.stage.settle()
        assert "没有办理此事的权限" in await people.say(people.li, "同意")
        assert "没有办理此事的权限" in await people.say(people.li, "/extensions")
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since WHERE role = 'supervisor'")
        )
        people.wang.press_raw(data, people.wang.last.message_id)
        await people.stage.settle()
        assert asked(people)[0][0] == "waiting"


async def test_a_decision_on_what_was_reported_meanwhile_changes_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "不需要再审批" in await people.press(people.wang, "同意")
        assert due(people) == "2025-04-10"
        assert "没有待审批的延期申请" in await people.say(people.wang, "/extensions")


async def test_a_date_that_passed_meanwhile_is_asked_for_anew(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.stage.move_to(local("2025-04-28 10:00"))
        assert "这一天已经过去" in await people.press(people.wang, "同意")
        await people.say(people.wang, "4月30日")
        assert due(people) == "2025-04-30"


async def test_the_request_waits_for_the_morning_and_for_a_decision(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.stage.clock.set(local("2025-03-21 21:00"))
        await ask(people)
        assert not people.wang.said("【延期申请 E1】")
        await people.stage.move_to(local("2025-03-24 08:30"))
        assert people.wang.said("【延期申请 E1】")
        assert "待审批延期 1 件，最早3月21日 21:00" in people.wang.said("【督查日报】")[-1].text
        assert "E1　【区教体局】任务3" in await people.say(people.wang, "/extensions")


async def test_how_often_a_task_was_extended_is_told(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.say(people.wang, "同意")
        await ask(people, "/extend 3 5月15日 因连续降雨停工")
        assert "此任务此前已延期 1 次" in people.wang.last.text


# --- the clock -------------------------------------------------------------------------------------------------------


async def test_reminders_follow_the_new_date_and_none_is_made_up_for(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(local("2025-04-07 09:00"))
        await ask(people, "/extend 3 4月15日 因供地手续未办完")
        await people.say(people.wang, "同意")
        made = {}
        for day in ("07", "08", "09", "10", "11", "14", "15", "16"):
            at = local(f"2025-04-{day} 10:00")
            done = await people.stage.move_to(at)
            made[day] = done.nudges + done.escalations
        assert made == {"07": 0, "08": 0, "09": 0, "10": 1, "11": 0, "14": 1, "15": 1, "16": 1}
        assert "4月15日截止" in people.li.last.text


async def test_a_reminder_of_the_old_date_that_waits_is_cancelled(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        people.stage.clock.set(local("2025-04-07 09:00"))
        await people.stage.service.tick()
        people.wang.send("同意E1")
        await people.stage.service.poller.poll_once()
        await people.stage.service.desk.work_off()
        await people.stage.settle()
        assert outbox(people, "nudge") == [("cancelled", "answered, changed or taken over since")]


async def test_an_undecided_request_made_in_time_holds_the_escalation_but_no_reminder(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        head = people.stage.api.user(3001, "何", "局长")
        await people.register(head, "区教体局", Role.HEAD)
        await ask(people)
        reminded = (await people.stage.move_to(local("2025-04-10 09:00"))).nudges
        late = await people.stage.move_to(local("2025-04-11 09:00"))
        assert (reminded, late.escalations) == (1, 0)
        assert "任务3 2025年第一季度　第3项工作，全年完成30个项目。（已申请延期，待审批）" in await people.say(
            people.wang, "/overdue"
        )
        await people.say(people.wang, "不同意E1 材料不全")
        assert "已经逾期，请尽快报送" in people.li.last.text
        assert (await people.stage.move_to(local("2025-04-11 10:00"))).escalations == 2
        assert head.said("【逾期提示】")


async def test_a_request_made_too_late_holds_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.stage.clock.set(local("2025-04-10 09:00"))
        await people.stage.settle()
        await people.stage.move_to(local("2025-04-10 09:00"))
        people.stage.clock.set(local("2025-04-11 00:30"))
        await ask(people)
        assert (await people.stage.move_to(local("2025-04-11 09:00"))).escalations == 1


async def test_a_report_in_the_time_granted_is_not_late(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.say(people.wang, "同意")
        await people.stage.move_to(local("2025-04-24 10:00"))
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert [row.late for row in reported(people)] == [False]


async def test_an_old_button_of_a_form_whose_report_is_in_does_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, LINE)
        await people.say(people.li, "跳过")
        data = people.li.last.buttons[0][0][1]
        await people.say(people.li, "取消")
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        people.li.press_raw(data, people.li.last.message_id)
        await people.stage.settle()
        assert "没有需要延期的任务" in people.li.last.text
        people.stage.clock.advance(timedelta(days=61))
        people.li.press_raw(data, people.li.last.message_id)
        await people.stage.settle()
        assert asked(people) == []


async def test_a_number_that_is_not_owed_is_never_taken_for_the_only_task(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "申请延期：哪项任务" in await people.say(people.li, "/extend 5 4月25日 因供地手续未办完")
        assert "目前进展如何" in await people.say(people.li, "3")


async def test_a_text_that_is_no_date_at_the_end_is_a_report(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, LINE)
        assert "目前进展如何" in await people.say(people.li, "确认")  # no progress report
        await people.say(people.li, "跳过")
        await people.say(people.li, "4月5日，完成主体施工，3所学校封顶。")
        assert states(people) == [(3, 1, "draft")]


async def test_an_old_cancel_button_leaves_a_newer_form_alone(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/extend 3")
        old = people.li.last
        await people.say(people.li, "/extend 3 4月25日")
        people.li.press(old.message_id, "取消")
        await people.stage.settle()
        assert "没有正在填写" in people.li.last.text
        assert "目前进展如何" in await people.say(people.li, "因供地手续未办完")


async def test_a_reason_may_begin_like_a_decision(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.press(people.wang, "不同意")
        await people.say(people.wang, "退回材料中没有说明")
        assert "未同意延期：退回材料中没有说明" in people.li.last.text


@pytest.mark.parametrize("words", ["同意该方案", "同意 4月18日 开工，请各科室配合"])
async def test_what_only_begins_like_a_decision_decides_nothing(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        assert "这里不接收" in await people.say(people.wang, words)
        assert asked(people)[0][0] == "waiting"


async def test_a_date_beyond_the_plan_is_refused_to_the_supervisor_too(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        assert "最晚可延至2026年3月1日" in await people.say(people.wang, "同意E1 2026年3月2日")
        assert "您说的是2026年2月1日" in await people.say(people.wang, "2月1日")
        await people.press(people.wang, "是")
        assert due(people) == "2026-02-01"


async def test_without_a_supervisor_to_be_reached_the_liaison_is_told_to_call(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        people.wang.block()
        await people.stage.settle()
        assert "请同时电话联系督查室" in await ask(people)
        admin = people.stage.api.user(4001, "管", "理")
        await people.say(admin, f"/start {people.stage.invite_person(Role.ADMIN, '管理').code}")
        await ask(people, "/extend 3 4月28日 因连续降雨停工")
        assert "【延期申请 E2】" in admin.last.text
