"""Completion: a liaison says a task is done; once a supervisor agrees, nothing more is owed for it."""

from pathlib import Path

import pytest

from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import reported, rows
from tests.transcripts import transcript

GIVEN = notice(task(3, "区教体局", leaders=("赵区长",)), task(9, "区发改局", role="support"))
DONE = "三所学校全部建成投用，新增学位3000个。"


def owed(people: Cast) -> list[tuple[str, int]]:
    """Count the obligations by state."""
    return [
        (str(state), int(count))
        for state, count in rows(people, "SELECT state, count(*) FROM obligation GROUP BY state ORDER BY state")
    ]


async def ask(people: Cast, *, counts: str = "否") -> str:
    await people.say(people.li, f"/done 3 {DONE}")
    await people.say(people.li, counts)
    return await people.say(people.li, "确认")


@transcript("延期、办结和外出", "申请办结，同意销号", "任务已完成，李丽申请办结，王科同意销号。")
async def test_what_is_agreed_is_closed_out_and_announced(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "第一季度的进展尚未报送" in await people.say(people.li, f"/done 3 {DONE}")
        echo = await people.say(people.li, "否")
        assert "请核对办结申请" in echo
        assert DONE in echo
        assert "✓ 办结申请已提交" in await people.press(people.li, "确认")
        assert "【办结申请 C1】" in people.wang.last.text
        assert owed(people) == [("open", 4)]
        assert "✓ 已同意销号 C1" in await people.press(people.wang, "同意销号")
        assert owed(people) == [("done", 4)]
        assert "同意销号。此项任务以后不再报送" in people.li.last.text
        await people.stage.move_to(local("2025-03-21 08:30"))
        assert "新销号任务 1 项：\n　• 【区教体局】任务3" in people.wang.last.text
        assert "✓ 已销号" in await people.say(people.li, "/tasks")


async def test_nobody_is_reminded_of_what_was_closed_out(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.say(people.wang, "同意")
        before = len(people.li.inbox)
        for day in ("2025-03-31", "2025-04-10", "2025-04-11", "2025-04-14", "2025-07-10", "2025-07-11"):
            made = await people.stage.move_to(local(f"{day} 09:00"))
            assert (made.nudges, made.escalations) == (0, 0)
        assert len(people.li.inbox) == before
        assert "没有可以申请办结的任务" in await people.say(people.li, f"/done 3 {DONE}")


async def test_the_text_is_the_periods_report_where_the_person_says_so(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "✓ 已报送：任务3" in await ask(people, counts="是")
        assert [(row.period, row.progress) for row in reported(people)] == [("2025-Q1", DONE)]
        await people.say(people.wang, "同意")
        assert owed(people) == [("done", 3), ("submitted", 1)]


async def test_a_text_past_the_limit_asks_its_reason_as_ever(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/done")
        await people.say(people.li, "建成3所学校。" * 40)
        await people.say(people.li, "是")
        assert "字数超出规定" in await people.say(people.li, "确认")
        assert people.wang.said("【办结申请 C1】")
        await people.say(people.li, "情况较多")
        assert len(reported(people)) == 1


async def test_it_can_be_asked_step_by_step_with_buttons(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "申请办结：哪项任务" in await people.say(people.zhang, "申请办结")
        assert "请说明完成情况" in await people.press(people.zhang, "任务2　第2项工作，全年完成20个项目。")
        assert "说明太短" in await people.say(people.zhang, "完成")
        await people.say(people.zhang, "20个项目全部完成。")
        await people.press(people.zhang, "否")
        await people.press(people.zhang, "确认")
        assert rows(people, "SELECT state FROM completion") == [("waiting",)]


@transcript("延期、办结和外出", "办结申请被退回", "王科退回办结申请，任务仍要报送。")
async def test_what_is_sent_back_reaches_the_liaison_and_stays_owed(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.press(people.wang, "退回")
        assert "✓ 已退回 C1" in await people.say(people.wang, "请附验收意见")
        assert "退回：请附验收意见" in people.li.last.text
        assert owed(people) == [("open", 4)]
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert len(reported(people)) == 1


@pytest.mark.parametrize("words", ["退回C1 请附验收意见", "不同意 请附验收意见"])
async def test_it_can_be_sent_back_in_words(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.say(people.wang, words)
        assert "退回：请附验收意见" in people.li.last.text


async def test_it_is_decided_once_and_listed_until_then(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        assert "C1　【区教体局】任务3" in await people.say(people.wang, "/completions")
        data = people.wang.last.buttons[0][1][1]
        await people.press(people.wang, "C1 同意销号")
        people.wang.press_raw(data, people.wang.last.message_id)
        await people.stage.settle()
        assert "此前已由王科于" in people.wang.last.text
        assert "没有待审批的办结申请" in await people.say(people.wang, "/completions")
        assert rows(people, "SELECT state FROM completion") == [("granted",)]


async def test_a_newer_completion_replaces_the_older(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        assert "此前的申请已由本次申请代替" in await ask(people)
        assert rows(people, "SELECT state FROM completion ORDER BY id") == [("replaced",), ("waiting",)]


async def test_it_ends_an_extension_that_waits(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, "/extend 3 4月25日 因供地手续未办完")
        await people.say(people.li, "跳过")
        await people.say(people.li, "确认")
        await ask(people)
        await people.say(people.wang, "同意C1")
        assert "不需要再审批" in await people.say(people.wang, "同意E1")
        assert "没有待审批的延期申请" in await people.say(people.wang, "/extensions")


async def test_a_unit_that_only_supports_has_nothing_to_close_out(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "没有可以申请办结的任务" in await people.say(people.zhang, f"/done 9 {DONE}")
        assert "没有办理此事的权限" in await people.say(people.wang, f"/done 3 {DONE}")


async def test_a_successor_hears_the_answer_and_who_left_does_not(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await ask(people)
        await people.register(people.outsider, "区教体局", Role.LIAISON)
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql(
                "UPDATE membership SET until = since WHERE person_id = (SELECT id FROM person WHERE telegram_id = 1002)"
            )
        )
        await people.say(people.wang, "同意")
        assert people.outsider.said("【办结批复】")
        assert not people.li.said("【办结批复】")


async def test_adopting_again_gives_no_new_obligations_to_what_was_closed_out(tmp_path: Path) -> None:
    tasks = task(3, "区教体局"), task(9, "区发改局", role="support")
    silent = notice(*tasks, reports=False)
    async with cast(tmp_path, given=silent) as people:
        await people.say(people.li, f"/done 3 {DONE}")
        await people.say(people.li, "确认")
        await people.say(people.wang, "同意")
        people.stage.adopt(notice(*tasks), repr(silent).encode())
        assert owed(people) == []


async def test_a_report_sent_instead_of_a_yes_is_a_report(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.li, f"/done 3 {DONE}")
        assert "尚未报送" in await people.say(people.li, "已完成3个项目，签约2个。")
        assert rows(people, "SELECT count(*) FROM completion") == [(0,)]
