"""A supervisor enters a report for a unit: judged by when it was received, told to its liaison, in the audit with both."""

import json
from pathlib import Path

import pytest

from office.reports.entering import read_received
from rules.policy import Policy
from storage.states import Role
from tests.cast import MORNING, cast, local, notice, task
from tests.conversations.looking import outbox, reported, rows, states
from tests.transcripts import transcript

LINE = "/enter 区教体局 3 电话 4月9日15点 已完成3个项目。"
AFTER = local("2025-04-14 10:00")  # a Monday; due on 10 April


@transcript("督查人员", "代单位报送", "区教体局打来电话报送，王科代为录入。")
async def test_one_line_is_shown_confirmed_and_told_to_the_liaison(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AFTER) as people:
        shown = await people.say(people.wang, LINE)
        assert "【代报】区教体局 任务3 · 2025年第一季度（尚未报送）" in shown
        assert "电话收到，4月9日 15:00" in shown
        assert "字数" not in shown
        assert rows(people, "SELECT count(*) FROM report") == [(0,)]
        done = await people.press(people.wang, "确认代报")
        assert "✓ 已代报：区教体局 任务3" in done
        assert "迟报" not in done
        assert "【代报告知】区教体局 任务3" in people.li.last.text
        assert "已完成3个项目。" in people.li.last.text
        [row] = reported(people)
        assert (row.source, row.late, row.state, row.sent_at) == (
            "phone",
            False,
            "submitted",
            local("2025-04-09 15:00"),
        )
        [(person, content)] = rows(people, "SELECT person_id, content FROM audit WHERE action = 'enter_report'")
        said = json.loads(content) if isinstance(content, str) else content
        assert (person, said["unit"], said["liaisons"], said["source"]) == (1, "区教体局", ["李丽"], "phone")


async def test_received_after_the_due_day_it_is_late(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AFTER) as people:
        assert "，迟报" in await people.say(people.wang, LINE.replace("4月9日", "4月11日"))
        assert "属迟报" in await people.say(people.wang, "确认")
        assert [(row.late, row.source) for row in reported(people)] == [(True, "phone")]
        assert "，迟报，代报（电话）" in await people.say(people.wang, "/task 3")
        assert "，迟报，代报（电话）" in await people.say(people.wang, "/review")


async def test_what_is_received_later_than_now_is_refused(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AFTER) as people:
        assert "晚于现在" in await people.say(people.wang, LINE.replace("4月9日15点", "4月14日11点"))
        assert "晚于现在" in await people.say(people.wang, "2025年4月20日")
        await people.say(people.wang, "今天9点")
        await people.say(people.wang, "已完成3个项目。")
        await people.say(people.wang, "确认")
        assert [row.sent_at for row in reported(people)] == [local("2025-04-14 09:00")]


@transcript("督查人员", "逐项代报", "王科逐项填写，写错的当场提示。")
async def test_step_by_step_asks_for_what_is_missing(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AFTER) as people:
        assert "代哪个单位报送" in await people.say(people.wang, "/enter")
        again = await people.say(people.wang, "区发改委")
        assert "没有找到这个单位" in again
        assert "区发改局" in again
        assert "哪项任务" in await people.say(people.wang, "区发改局")
        assert "没有这项待报" in await people.say(people.wang, "9")
        assert "什么方式收到" in await people.say(people.wang, "2")
        assert "没有看懂收到方式" in await people.say(people.wang, "托人带话")
        assert "什么时候收到" in await people.press(people.wang, "纸质")
        assert "没有看懂时间" in await people.say(people.wang, "那天")
        assert "请发送报送内容" in await people.say(people.wang, "昨天下午3点")
        assert "【代报】区发改局 任务2" in await people.say(people.wang, "已签约25个项目。")
        await people.say(people.wang, "确认代报")
        assert [(row.no, row.source, row.sent_at) for row in reported(people)] == [
            (2, "paper", local("2025-04-13 15:00"))
        ]


async def test_it_can_be_dropped_and_is_entered_once(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AFTER) as people:
        await people.say(people.wang, LINE)
        assert "已取消" in await people.say(people.wang, "取消")
        await people.say(people.wang, LINE)
        preview = people.wang.last
        await people.say(people.wang, "确认")
        people.wang.press(preview.message_id, "确认代报")
        await people.stage.settle()
        assert "没有重复办理" in people.wang.last.text
        assert states(people) == [(3, 1, "submitted")]


async def test_a_liaisons_own_draft_stays_and_a_reply_corrects_the_entry(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, LINE.replace("4月9日15点", "今天9点"))
        await people.say(people.wang, "确认")
        told = people.li.last
        people.li.send("已完成4个项目。", reply_to=told)
        await people.stage.settle()
        await people.say(people.li, "提交")
        [row] = reported(people)
        assert (row.progress, row.source, row.sent_at) == ("已完成4个项目。", None, MORNING)
        assert rows(people, "SELECT first_sent_at = sent_at FROM obligation JOIN report ON obligation.id = "
                    "obligation_id WHERE version = 1") == [(1,)]  # fmt: skip


async def test_an_entry_after_a_report_corrects_it(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "作为更正" in await people.say(people.wang, LINE.replace("4月9日15点 已完成3", "今天9点 已完成5"))
        await people.say(people.wang, "确认")
        assert [(row.version, row.progress) for row in reported(people)] == [(2, "已完成5个项目。")]


async def test_a_unit_may_take_an_entry_back_as_its_own_draft(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, LINE.replace("4月9日15点", "今天9点"))
        await people.say(people.wang, "确认")
        assert "已撤回" in await people.say(people.li, "/withdraw")
        await people.say(people.li, "提交")
        assert [(row.source, row.state) for row in reported(people)] == [(None, "submitted")]


async def test_a_unit_without_a_liaison_is_entered_for_all_the_same(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局"), task(3, "区教体局"), task(5, "区水务局"))
    async with cast(tmp_path, given=given, at=AFTER) as people:
        assert "没有可以告知的联络员" in await people.say(people.wang, "/enter 区水务局 5 邮件 昨天 已通水6公里。")
        assert "没有可以告知的联络员" in await people.say(people.wang, "确认")
        assert outbox(people, "entered") == []
        assert [row.unit for row in reported(people)] == ["区水务局"]


async def test_a_hard_limit_holds_for_entries_too(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(soft=False), at=AFTER) as people:
        assert "硬性字数上限" in await people.say(people.wang, LINE + "一" * 200)
        assert "尚未报送" in await people.say(people.wang, "已完成3个项目。")


async def test_who_may_not_enter_learns_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AFTER) as people:
        assert "没有办理此事的权限" in await people.say(people.zhang, LINE)
        await people.say(people.wang, LINE)
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since WHERE role = 'supervisor'")
        )
        await people.press(people.wang, "确认代报")
        assert reported(people) == []


async def test_two_supervisors_entering_the_same_keep_one_report(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AFTER) as people:
        second = people.stage.api.user(2002, "陈", "科")
        await people.say(second, f"/start {people.stage.invite_person(Role.SUPERVISOR, '陈科').code}")
        for who in (people.wang, second):
            await people.say(who, LINE)
        await people.say(people.wang, "确认")
        assert "没有重复办理" in await people.say(second, "确认")
        assert len(reported(people)) == 1


@pytest.mark.parametrize(
    ("words", "at", "rest"),
    [
        ("4月9日15点 已完成", "2025-04-09 15:00", "已完成"),
        ("2025-04-09 15:30 已完成", "2025-04-09 15:30", "已完成"),
        ("昨天下午3点 已完成", "2025-04-13 15:00", "已完成"),
        ("昨天15点30分，已完成", "2025-04-13 15:30", "已完成"),
        ("4月9日 3个项目开工", "2025-04-09 12:00", "3个项目开工"),
        ("12月30日16点 已完成", "2024-12-30 16:00", "已完成"),
        ("4月20日 已完成", "2025-04-20 12:00", "已完成"),
        ("今天 已完成", "2025-04-14 10:00", "已完成"),
    ],
)
async def test_a_receipt_is_read_as_a_past_instant(tmp_path: Path, words: str, at: str, rest: str) -> None:
    async with cast(tmp_path, at=AFTER, registered=False, policy=Policy(office="清河区督查室")) as people:
        found = people.stage.premises.look(people.stage.store, lambda work: read_received(work, words))
        assert found == (local(at), rest)
