"""An accepted report is corrected only by request: text, reason, a supervisor's word."""

from functools import partial
from pathlib import Path

import pytest

from storage import corrections
from storage.states import CorrectionState
from tests.cast import Cast, cast, local, notice
from tests.conversations.looking import outbox, reported, rows, states
from tests.transcripts import transcript

CLOSED = local("2025-04-21 10:00")  # a Monday
NEW = "已完成4个项目。"


async def accepted(people: Cast) -> object:
    """Have 李丽 report, and the period close; gives the message."""
    sent = people.li.send("已完成3个项目。")
    await people.stage.settle()
    await people.say(people.li, "提交")
    await people.stage.move_to(CLOSED)
    people.begin_scene()
    assert [row.state for row in reported(people)] == ["accepted"]
    return sent


async def asked(people: Cast) -> None:
    """Have 李丽 ask for a correction."""
    await accepted(people)
    await people.say(people.li, "/correct")
    await people.say(people.li, NEW)
    await people.say(people.li, "数据有误")


@transcript("修改和更正", "申请更正已审结的报告", "报告审结后，李丽申请更正，王科同意。")
async def test_the_command_asks_text_and_reason_and_the_supervisor_agrees(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await accepted(people)
        assert "更正后的全文" in await people.say(people.li, "/correct")
        assert "已完成3个项目。" in people.li.last.text
        assert "更正的原因" in await people.say(people.li, NEW)
        assert "更正申请已报督查室" in await people.say(people.li, "数据有误")
        shown = people.wang.last.text
        assert "【更正申请1】区教体局 任务3 · 2025年第一季度" in shown
        assert "原文：已完成3个项目。" in shown
        assert f"改为：{NEW}" in shown
        assert "原因：数据有误" in shown
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]
        assert "已同意更正申请1" in await people.press(people.wang, "同意更正")
        assert "更正申请已获同意" in people.li.last.text
        [row] = reported(people)
        assert (row.progress, row.version, row.state, row.late) == (NEW, 2, "accepted", False)
        assert states(people) == [(3, 1, "replaced"), (3, 2, "accepted")]
        acts = [act for (act,) in rows(people, "SELECT action FROM audit ORDER BY id") if "correct" in act]
        assert acts[-3:] == ["ask_correction", "decide_correction", "correct_accepted"]


async def test_an_edit_after_acceptance_offers_the_request_with_its_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = await accepted(people)
        people.li.edit(sent, NEW)  # type: ignore[arg-type]
        await people.stage.settle()
        assert "已审结，修改未生效" in people.li.last.text
        assert "更正的原因" in await people.press(people.li, "申请更正")
        await people.say(people.li, "数据有误")
        await people.press(people.wang, "同意更正")
        assert [row.progress for row in reported(people)] == [NEW]


async def test_the_typed_twin_takes_the_edited_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = await accepted(people)
        people.li.edit(sent, NEW)  # type: ignore[arg-type]
        await people.stage.settle()
        assert "更正的原因" in await people.say(people.li, "申请更正")


@transcript("修改和更正", "更正申请未获同意", "王科不同意更正，写明理由。")
async def test_a_refusal_reaches_the_liaison_with_its_reason(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        assert "的原因" in await people.press(people.wang, "不同意更正")
        assert "未同意更正申请1" in await people.say(people.wang, "与台账不符")
        assert "原因：与台账不符" in people.li.last.text
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]


@pytest.mark.parametrize("words", ["{}", "不同意更正1 {}"])
async def test_too_long_a_refusal_is_asked_for_again_and_never_cut(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        await people.press(people.wang, "不同意更正")
        assert (await people.say(people.wang, words.format("与台账不符" * 101))).startswith("请写2至500字。")
        await people.say(people.wang, "与台账不符" * 100)
        assert people.li.last.text.endswith("原因：" + "与台账不符" * 100)


@pytest.mark.parametrize("words", ["同意更正", "同意更正1", "同意更正 1。"])
async def test_a_typed_agreement_is_understood(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        assert "已同意更正申请1" in await people.say(people.wang, words)


async def test_a_typed_refusal_with_its_reason_is_understood(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        assert "未同意更正申请1" in await people.say(people.wang, "不同意更正1 与台账不符")
        assert "原因：与台账不符" in people.li.last.text


async def test_another_decision_is_not_taken_as_the_reason_for_refusing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        await people.say(people.wang, "不同意更正")
        await people.say(people.wang, "同意E9")
        assert "未获同意" not in people.li.last.text
        await people.say(people.wang, "数据无误")
        assert "数据无误" in people.li.last.text


async def test_two_supervisors_never_decide_twice(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        second = people.stage.api.user(2002, "陈", "科")
        await people.say(second, f"/start {people.stage.invite_person('supervisor', '陈科').code}")  # type: ignore[arg-type]
        await asked(people)
        assert "【更正申请1】" in second.last.text
        await people.press(people.wang, "同意更正")
        assert "这份更正申请已由王科同意" in await people.press(second, "不同意更正")
        assert second.toasts[-1] == "没有办成，请看消息中的说明"
        assert "没有待审定的更正申请" in await people.say(second, "同意更正")


async def test_a_decision_is_written_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        decide = partial(corrections.decide, correction_id=1, by=1, at=CLOSED, answer=None)
        written = people.stage.store.write_now(
            lambda tx: [decide(tx, state=state) for state in (CorrectionState.GRANTED, CorrectionState.REFUSED)]
        )
        assert written == [True, False]


async def test_a_newer_request_takes_the_older_ones_place(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        old = people.wang.last
        await people.say(people.li, "/correct")
        await people.say(people.li, "已完成5个项目。")
        assert "由这次代替" in await people.say(people.li, "又核实一次")
        people.wang.press(old.message_id, "同意更正")
        await people.stage.settle()
        assert "新的申请代替" in people.wang.last.text
        await people.say(people.wang, "同意更正2")
        assert [row.progress for row in reported(people)] == ["已完成5个项目。"]


async def test_it_can_be_dropped_at_either_question(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await accepted(people)
        await people.say(people.li, "/correct")
        assert "已取消" in await people.say(people.li, "取消")
        await people.say(people.li, "/correct")
        await people.say(people.li, NEW)
        assert "已取消" in await people.say(people.li, "取消")
        assert rows(people, "SELECT count(*) FROM correction") == [(0,)]


async def test_a_text_past_a_hard_limit_is_asked_for_again(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(soft=False)) as people:
        await accepted(people)
        await people.say(people.li, "/correct")
        assert "超出上限200字" in await people.say(people.li, "一" * 203)
        assert "更正的原因" in await people.say(people.li, NEW)


async def test_nothing_accepted_leaves_nothing_to_request(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "直接编辑原消息即可更正" in await people.say(people.li, "/correct")
        assert "没有办理此事的权限" in await people.say(people.wang, "/correct")
        assert "没有办理此事的权限" in await people.say(people.li, "/corrections")


async def test_of_several_accepted_reports_the_number_chooses(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        await people.stage.move_to(CLOSED)
        assert "要更正哪份" in await people.say(people.zhang, "/correct")
        assert "要更正哪份" in await people.say(people.zhang, "9")
        assert "任务2 · 2025年第一季度更正后的全文" in await people.say(people.zhang, "2")
        assert "任务1 · 2025年第一季度更正后的全文" in await people.say(people.zhang, "/correct 1")


async def test_supervisors_list_what_waits_and_the_digest_names_it(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有待审定的更正申请" in await people.say(people.wang, "/corrections")
        await asked(people)
        assert "【更正申请1】" in await people.say(people.wang, "/corrections")
        await people.stage.move_to(local("2025-04-22 09:00"))
        assert "待审定更正申请 1 份" in people.wang.last.text


async def test_a_request_at_night_waits_for_the_morning_and_is_gone_when_decided(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await accepted(people)
        await people.stage.move_to(local("2025-04-21 21:00"))
        await people.say(people.li, "/correct")
        await people.say(people.li, NEW)
        await people.say(people.li, "数据有误")
        assert not people.wang.said("【更正申请1】")
        await people.say(people.wang, "同意更正1")
        await people.stage.move_to(local("2025-04-22 08:00"))
        assert not people.wang.said("【更正申请1】")
        assert outbox(people, "correction_asked") == [("cancelled", "decided or replaced since")]
        assert "更正申请已获同意" in people.li.last.text


async def test_a_supervisor_who_lost_the_role_decides_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        message = people.wang.last
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since WHERE role = 'supervisor'")
        )
        people.wang.press(message.message_id, "同意更正")
        await people.say(people.wang, "同意更正1")
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]


@pytest.mark.parametrize("stop", [1, 2, 3])
async def test_every_step_survives_a_restart(tmp_path: Path, stop: int) -> None:
    steps = (("/correct", "更正后的全文"), (NEW, "更正的原因"), ("数据有误", "更正申请已报督查室"))
    async with cast(tmp_path) as people:
        await accepted(people)
        for text, answer in steps[:stop]:
            assert answer in await people.say(people.li, text)
    async with cast(tmp_path, registered=False, at=CLOSED) as people:
        for text, answer in steps[stop:]:
            assert answer in await people.say(people.li, text)
        assert "已同意更正申请1" in await people.say(people.wang, "同意更正1")
