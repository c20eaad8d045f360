"""What digests hold: the week, periods that closed, promised lists, who cannot be reached; what is told by itself."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from office.looking.summing_up import last_span, promised
from rules.policy import DigestPolicy, Policy
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.cli.desk import Desk
from tests.conversations.looking import rows
from tests.transcripts import transcript

LED = notice(task(1, "区发改局"), task(2, "区发改局"), task(3, "区教体局", leaders=("赵区长",)))


async def report(people: Cast, who: Any, text: str) -> None:
    await people.say(who, text)
    await people.say(who, "提交")


async def leader(people: Cast) -> Any:
    who = people.stage.api.user(3002, "赵", "区长")
    await people.say(who, f"/start {people.stage.invite_person(Role.LEADER, '赵区长').code}")
    return who


@transcript("督查人员", "时段截止的小结", "一季度截止后的早晨，王科看到谁按时、谁未报，以及发了多少条消息。")
async def test_a_closed_period_is_summed_up_once_with_its_burden(tmp_path: Path) -> None:
    async with cast(tmp_path, given=LED) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        await report(people, people.zhang, "1. 已完成10个项目。\n2. 已完成20个项目。")
        await people.stage.move_to(local("2025-04-11 08:30"))
        lines = people.wang.last.text.splitlines()
        assert "【2025年第一季度截止】关于分解落实重点工作任务的通知（4月10日截止）" in lines
        assert "　应报 3 项：按时 2，迟报 0，未报 1；全部按时的 1 个单位" in lines
        assert "　未报：区教体局 1项" in lines
        assert any(line.startswith("　本期主动发送 ") and "人均" in line for line in lines)
        assert len(lines) <= 30
        before = len(people.wang.inbox)
        await people.stage.move_to(local("2025-04-14 08:30"))
        assert not any("截止】" in message.text for message in people.wang.inbox[before:])


async def test_a_period_that_closed_during_an_outage_is_summed_up_afterwards(tmp_path: Path) -> None:
    async with cast(tmp_path, given=LED) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        await people.stage.move_to(local("2025-04-16 10:00"))
        assert "【2025年第一季度截止】" in people.wang.last.text


async def test_the_week_is_summed_up_on_its_first_working_day(tmp_path: Path) -> None:
    policy = Policy(office="督查室", digests=DigestPolicy(daily=False, period_close=False))
    async with cast(tmp_path, given=LED, policy=policy) as people:
        await report(people, people.li, "已完成3个项目。")
        seen = []
        for day in ("2025-03-24", "2025-03-25", "2025-04-03", "2025-04-07", "2025-04-08"):
            before = len(people.wang.inbox)
            await people.stage.move_to(local(f"{day} 08:30"))
            seen.append([m.text for m in people.wang.inbox[before:]])
        assert [len(texts) for texts in seen] == [1, 0, 0, 1, 0]
        assert "过去7天按时报送 1 项，迟报 0 项" in seen[0][0]
        assert "未来7天：4月10日截止，1 个单位尚有 2 项" in seen[3][0]


async def test_leaders_get_only_their_own_tasks_and_only_what_is_a_week_old(tmp_path: Path) -> None:
    async with cast(tmp_path, given=LED) as people:
        who = await leader(people)
        await people.stage.move_to(local("2025-04-10 09:00"))
        before = len(who.inbox)
        await people.stage.move_to(local("2025-04-14 08:30"))
        assert len(who.inbox) == before
        await people.stage.move_to(local("2025-04-14 09:00"))
        assert "您牵头的任务中" in who.last.text
        await people.stage.move_to(local("2025-04-21 08:30"))
        said = who.last.text
        assert said.startswith("【牵头任务摘要】")
        assert "应报 1 项" in said
        assert "区教体局　1项　逾期11天" in said
        assert "区发改局" not in said
        assert "主动发送" not in said
        before = len(who.inbox)
        await people.stage.move_to(local("2025-04-22 08:30"))
        assert len(who.inbox) == before


async def test_lists_are_summed_up_as_often_as_the_notice_promises(tmp_path: Path) -> None:
    given = replace(LED, rules=replace(LED.rules, bulletins=("每月通报一次",)))
    async with cast(tmp_path, given=given) as people:
        await people.stage.move_to(local("2025-03-31 08:30"))
        assert not people.wang.said("【分表进度】")
        await people.stage.move_to(local("2025-04-01 08:30"))
        assert "　• 附件（3月1日—3月31日）3 项任务，应报 0，已报 0，逾期 0，累计销号 0" in people.wang.last.text
        await people.stage.move_to(local("2025-05-06 08:30"))
        assert "　• 附件（4月1日—4月30日）3 项任务，应报 3，已报 0，逾期 3，累计销号 0" in people.wang.last.text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["民生实事项目每月通报一次", "总体情况按季度通报"], {"民生实事项目表": "monthly", "重点任务": "quarterly"}),
        (["每季度印发通报一期"], {"民生实事项目表": "quarterly", "重点任务": "quarterly"}),
        (["每半年通报"], {"民生实事项目表": "semiannual", "重点任务": "semiannual"}),
        (["不定期通报"], {}),
    ],
)
def test_a_promise_names_its_list_or_means_all(words: list[str], found: dict[str, str]) -> None:
    assert promised(words, ["重点任务", "民生实事项目表"]) == found


def test_a_rhythms_last_span_is_whole() -> None:
    day = date(2025, 5, 6)
    assert last_span("monthly", day) == (date(2025, 4, 1), date(2025, 5, 1))
    assert last_span("quarterly", day) == (date(2025, 1, 1), date(2025, 4, 1))
    assert last_span("semiannual", date(2025, 7, 1)) == (date(2025, 1, 1), date(2025, 7, 1))
    assert last_span("annual", day) == (date(2024, 1, 1), date(2025, 1, 1))


async def test_who_cannot_be_reached_is_named_before_the_due_day_with_the_reason(tmp_path: Path) -> None:
    given = notice(*(task(no, unit) for no, unit in enumerate(("区发改局", "区教体局", "区水利局", "区民政局"), 1)))
    async with cast(tmp_path, given=given) as people:
        people.stage.invite_unit("区水利局")
        people.li.block()
        await people.stage.settle()
        await people.stage.move_to(local("2025-03-28 08:30"))
        assert "　• 区教体局　已停用机器人　还剩13天　待报1项" in people.wang.last.text
        assert "区水利局　已邀请" not in people.wang.last.text  # still in time: among those without a liaison
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql(
                "UPDATE outbox SET state = 'undeliverable' WHERE priority = 1 AND chat_id = 1001"
            )
        )
        await people.stage.move_to(local("2025-03-31 08:30"))
        lines = people.wang.last.text.splitlines()
        begin = lines.index("无法送达 4 个单位，请电话联系：")
        assert set(lines[begin + 1 : begin + 5]) == {
            "　• 区发改局　最近的消息未送达　还剩10天　待报1项",
            "　• 区教体局　已停用机器人　还剩10天　待报1项",
            "　• 区水利局　已邀请，尚未登记　还剩10天　待报1项",
            "　• 区民政局　未登记　还剩10天　待报1项",
        }
        assert "未登记联络员" not in people.wang.last.text


async def test_the_digest_says_what_is_due_today(tmp_path: Path) -> None:
    async with cast(tmp_path, given=LED) as people:
        await people.stage.move_to(local("2025-04-10 08:30"))
        assert "今天截止 3 项，2 个单位尚未报送" in people.wang.last.text


async def test_a_task_closed_out_whole_is_told_at_once_to_who_did_not_decide_it(tmp_path: Path) -> None:
    async with cast(tmp_path, given=LED) as people:
        who = await leader(people)
        second = people.stage.api.user(2009, "陈", "科")
        await people.say(second, f"/start {people.stage.invite_person(Role.SUPERVISOR, '陈科').code}")
        for line in ("/done 3 三所学校全部建成投用", "否", "确认"):
            await people.say(people.li, line)
        people.stage.clock.set(local("2025-03-20 21:00"))
        await people.press(people.wang, "同意销号")
        await people.stage.move_to(local("2025-03-20 21:05"))
        assert not who.said("【任务办结】")  # in quiet hours nothing but answers
        await people.stage.move_to(local("2025-03-21 08:00"))
        for each in (who, second):
            assert "【任务办结】附件 任务3" in each.last.text
        assert not people.wang.said("【任务办结】")
        before = len(who.inbox)
        await people.stage.move_to(local("2025-03-21 08:10"))
        assert len(who.inbox) == before


@transcript("督查人员", "重大事项随时告知", "李丽的报告以“重大事项”开头，提交后王科和牵头领导各收到一条。")
async def test_a_major_matter_is_told_by_itself_with_its_text(tmp_path: Path) -> None:
    async with cast(tmp_path, given=LED) as people:
        who = await leader(people)
        await report(people, people.li, "重大事项：三号教学楼地基沉降2厘米，已停工。")
        await report(people, people.zhang, "1. 已完成10个项目，无重大事项。")
        await people.stage.move_to(local("2025-03-20 11:00"))
        for each in (who, people.wang):
            [told] = [m.text for m in each.inbox if m.text.startswith("【重大事项】")]
            assert "重大事项：三号教学楼地基沉降2厘米，已停工。" in told


async def test_the_burden_is_counted_by_unit_and_kind(tmp_path: Path) -> None:
    async with cast(tmp_path, given=LED) as people:
        (tmp_path / "config.toml").write_text(
            f'[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\nkey_file = "{tmp_path / "duban.key"}"\n', "utf-8"
        )
        await people.stage.move_to(local("2025-04-07 09:00"))
        await people.stage.move_to(local("2025-04-10 09:00"))
        desk = Desk(tmp_path)
        found = desk.json("burden", "--period", "2025-Q1", "--at", "2025-04-10T12:00")
        units = {unit["unit"]: unit["pushed"] for unit in found["by_unit"]}
        sent = rows(people, "SELECT count(*) FROM outbox WHERE priority > 0 AND state = 'sent'")
        assert found["pushed"] == sent[0][0]
        assert units == {"区发改局": 3, "区教体局": 3}  # the tasks, two reminders
        assert found["by_kind"]["nudge"] == 4
        assert "by_kind" in desk.json("burden")
        assert "区发改局" in desk.do("burden", "--at", "2025-04-10T12:00")
        assert "there is no period 2031-Q1" in desk.refusal("burden", "--period", "2031-Q1")
