"""A report nobody has accepted yet is taken back, and its text is a draft again."""

from pathlib import Path

from tests.cast import Cast, cast, local
from tests.conversations.looking import reported, rows, states


async def submitted(people: Cast, text: str = "已完成3个项目。") -> None:
    """Have 李丽 submit a report."""
    await people.say(people.li, text)
    await people.say(people.li, "提交")


async def test_the_receipts_button_takes_a_report_back(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await submitted(people)
        answer = await people.press(people.li, "撤回")
        assert "已撤回：任务3 · 2025年第一季度，现为草稿" in answer
        assert "到截止时间仍未提交的，自动报送" in answer
        assert reported(people) == []
        assert states(people) == [(3, 1, "draft")]
        assert rows(
            people, "SELECT state, first_sent_at IS NOT NULL, is_late FROM obligation WHERE first_sent_at IS NOT NULL"
        ) == [("open", 1, 0)]
        assert "✓ 已报送" in await people.press(people.li, "提交")


async def test_a_typed_word_and_the_command_take_the_only_report_back(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for word in ("撤回", "/withdraw"):
            await submitted(people)
            assert "已撤回" in await people.say(people.li, word)
        assert "没有可以撤回的报告" in await people.say(people.li, "/withdraw")
        assert rows(people, "SELECT count(*) FROM audit WHERE action = 'withdraw_report'") == [(2,)]


async def test_of_several_reports_the_one_named_or_quoted_is_taken_back(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。")
        await people.say(people.zhang, "提交")
        first = people.zhang.last
        await people.say(people.zhang, "已完成5个项目。")
        await people.say(people.zhang, "提交")
        assert "要撤回哪一项" in await people.say(people.zhang, "撤回")
        assert "要撤回哪一项" in await people.say(people.zhang, "9")
        assert "已撤回：任务2" in await people.say(people.zhang, "2")
        await people.say(people.zhang, "提交")
        assert "已撤回：任务1" in await people.say(people.zhang, "撤回", reply_to=first)
        await people.say(people.zhang, "提交")
        assert "已撤回：任务2" in await people.say(people.zhang, "/withdraw 2")


async def test_a_receipt_for_several_asks_which(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        assert "要撤回哪一项" in await people.press(people.zhang, "撤回")
        await people.press(people.zhang, "任务1 2025年第一季度 第1项工作，全年完成10个项目。")
        assert states(people) == [(1, 1, "draft"), (2, 1, "submitted")]


async def test_a_withdrawn_draft_goes_out_by_itself_at_the_deadline(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await submitted(people)
        await people.say(people.li, "撤回")
        await people.stage.move_to(local("2025-04-10 09:00"))
        assert "草稿尚未提交" in people.li.last.text
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert [row.late for row in reported(people)] == [False]
        assert not people.li.said("【逾期提示】")


async def test_after_the_deadline_it_is_asked_first_and_then_counts_as_overdue(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await submitted(people)
        await people.stage.move_to(local("2025-04-11 09:30"))
        assert "撤回后列为逾期未报" in await people.say(people.li, "撤回")
        assert "没有撤回" in await people.press(people.li, "不撤回")
        await people.say(people.li, "撤回")
        answer = await people.say(people.li, "确认")
        assert "现列为逾期未报" in answer
        await people.stage.move_to(local("2025-04-11 11:00"))
        assert states(people) == [(3, 1, "draft")]
        await people.say(people.li, "提交")
        assert [row.late for row in reported(people)] == [False]  # the first submission was in time: on record


async def test_a_newer_draft_stays_the_draft(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await submitted(people)
        await people.say(people.li, "已完成4个项目。", reply_to=people.li.last)
        await people.say(people.li, "撤回")
        assert states(people) == [(3, 1, "replaced"), (3, 2, "draft")]
        await people.say(people.li, "提交")
        assert [row.progress for row in reported(people)] == ["已完成4个项目。"]


async def test_what_is_accepted_is_not_taken_back(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await submitted(people)
        receipt = people.li.last
        await people.stage.move_to(local("2025-04-20 10:00"))
        people.li.press(receipt.message_id, "撤回")
        await people.stage.settle()
        assert "已审结的，可用 /correct 申请更正" in people.li.last.text
        assert people.li.toasts[-1] == "没有办成，请看消息中的说明"
        assert [row.state for row in reported(people)] == ["accepted"]


async def test_another_units_report_is_not_taken_back(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await submitted(people)
        assert "没有可以撤回的报告" in await people.say(people.zhang, "撤回")
        assert "没有办理此事的权限" in await people.say(people.wang, "/withdraw")
        assert [row.state for row in reported(people)] == ["submitted"]


async def test_the_question_survives_a_restart(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        await people.say(people.zhang, "撤回")
    async with cast(tmp_path, registered=False) as people:
        assert "已撤回：任务2" in await people.say(people.zhang, "2")
