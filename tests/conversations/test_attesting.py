"""Where the notice or the office asks for it, a report goes out only with the head's agreement."""

from dataclasses import replace
from pathlib import Path

import pytest

from rules.policy import Policy, ReportingPolicy
from tests.cast import Cast, cast, local, notice
from tests.conversations.looking import reported, rows, states

ASKS = replace(notice(), rules=replace(notice().rules, attest=True))


async def drafted(people: Cast) -> None:
    """Have 李丽 write a draft and press 提交."""
    await people.say(people.li, "已完成3个项目。")
    await people.press(people.li, "提交")


async def test_a_notice_that_asks_for_it_has_the_agreement_asked_before_submitting(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
        assert "主要负责人已审阅同意？" in people.li.last.text
        assert reported(people) == []
        assert "✓ 已报送" in await people.press(people.li, "是")
        assert rows(people, "SELECT attested_by = author_id, attested_at IS NOT NULL FROM report") == [(1, 1)]
        assert rows(people, "SELECT count(*) FROM audit WHERE action = 'attest'") == [(1,)]


async def test_the_offices_setting_asks_for_it_too(tmp_path: Path) -> None:
    policy = Policy(office="清河区督查室", reporting=ReportingPolicy(attest=True))
    async with cast(tmp_path, policy=policy) as people:
        await drafted(people)
        assert "主要负责人已审阅同意？" in people.li.last.text


async def test_nothing_is_asked_where_nobody_asks_for_it(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await drafted(people)
        assert "✓ 已报送" in people.li.last.text


@pytest.mark.parametrize("word", ["是", "已审阅同意", "同意。", "确认", "ok", "yes"])
async def test_a_typed_yes_is_the_agreement(tmp_path: Path, word: str) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
        assert "✓ 已报送" in await people.say(people.li, word)


@pytest.mark.parametrize("word", ["否", "还没有", "未审阅"])
async def test_a_no_keeps_the_draft(tmp_path: Path, word: str) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
        assert "草稿已保存" in await people.say(people.li, word)
        assert states(people) == [(3, 1, "draft")]
        assert "主要负责人已审阅同意？" in await people.say(people.li, "提交")
        assert "草稿已保存" in await people.press(people.li, "否")


async def test_submit_is_no_agreement_and_a_polite_word_neither(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
        assert "主要负责人已审阅同意？" in await people.say(people.li, "提交")
        await people.say(people.li, "收到，谢谢")
        assert reported(people) == []


async def test_a_new_text_needs_a_new_agreement(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        await people.say(people.li, "提交")
        await people.say(people.li, "是")
        people.li.edit(sent, "已完成4个项目。")
        await people.stage.settle()
        assert "主要负责人已审阅同意？" in people.li.last.text
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]
        assert "✓ 已更正：任务3" in await people.say(people.li, "是")
        assert [row.progress for row in reported(people)] == ["已完成4个项目。"]


async def test_the_reason_comes_before_the_agreement(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await people.say(people.li, "一" * 203)
        assert "说明原因" in await people.say(people.li, "提交")
        assert "主要负责人已审阅同意？" in await people.say(people.li, "项目较多")
        assert "✓ 已报送" in await people.say(people.li, "是")


async def test_a_draft_without_it_is_not_submitted_by_itself_and_the_due_day_says_what_is_missing(
    tmp_path: Path,
) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
        await people.stage.move_to(local("2025-04-10 09:00"))
        assert "还缺主要负责人审阅同意" in people.li.last.text
        assert "到截止时间不会自动报送" in people.li.last.text
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert reported(people) == []
        assert "逾期" in people.li.last.text


async def test_a_draft_past_a_hard_limit_is_told_so_on_the_due_day(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(soft=False)) as people:
        await people.say(people.li, "一" * 203)
        await people.stage.move_to(local("2025-04-10 09:00"))
        assert "内容还不能报送" in people.li.last.text


async def test_a_report_agreed_to_after_the_deadline_is_late(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
        await people.stage.move_to(local("2025-04-14 10:00"))
        await people.say(people.li, "提交")
        assert "晚于截止时间" in await people.say(people.li, "是")
        assert [row.late for row in reported(people)] == [True]


async def test_an_old_button_of_the_question_does_nothing_for_somebody_who_lost_the_role(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
        people.stage.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since"))
        people.li.press(people.li.last.message_id, "是")
        await people.stage.settle()
        assert reported(people) == []
        assert people.li.toasts[-1] == "没有办成，请看消息中的说明"


async def test_the_question_survives_a_restart(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ASKS) as people:
        await drafted(people)
    async with cast(tmp_path, given=ASKS, registered=False) as people:
        assert "✓ 已报送" in await people.say(people.li, "是")
