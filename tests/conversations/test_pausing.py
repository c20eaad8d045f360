"""A supervisor holds everything pushed, sees what would go out, and lets it go, with or without what went stale."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from office.chasing.holding import held
from storage.states import Role
from tests.cast import Cast, cast, local
from tests.cli.desk import Desk
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript


async def paused_until(people: Cast, *at: str) -> None:
    """Have the pushing paused, and time pass."""
    assert "✓ 已暂停发送" in await people.say(people.wang, "/pause")
    for instant in at:
        await people.stage.move_to(local(instant))


async def test_what_is_pushed_waits_and_who_writes_is_answered(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await paused_until(people, "2025-04-07 09:30")
        assert not people.li.said("【报送提醒】")
        assert "字" in await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "⏸ 已暂停发送（王科，3月20日 10:00起）" in await people.say(people.wang, "/overdue")
        for asked in ("/review", "/status", "/unit 区教体局", "/registrations"):
            assert "⏸ 已暂停发送" in await people.say(people.wang, asked), asked
        assert "⏸" not in await people.say(people.li, "/overdue")
        assert "此前已暂停发送（王科" in await people.say(people.wang, "/pause")
        assert rows(people, "SELECT person_id FROM audit WHERE action = 'pause_sending'") == [(1,)]


@transcript("督查人员", "暂停和恢复发送", "王科暂停发送，几天后恢复。")
async def test_resuming_shows_what_waits_and_sends_each_thing_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await paused_until(people, "2025-04-01 09:00", "2025-04-07 09:00", "2025-04-09 09:00")
        shown = await people.say(people.wang, "/resume")
        assert "• 提醒、催办 " in shown
        assert "最早一条：" in shown
        await people.press(people.wang, "全部发送")
        assert people.wang.said("✓ 已恢复发送")
        assert len(people.li.said("【报送提醒】")) == 1
        assert "还剩1天" in people.li.said("【报送提醒】")[0].text
        assert not people.wang.said("【督查日报】")
        assert "overtaken by a later one while sending was held" in {reason for _, reason in outbox(people, "nudge")}
        assert people.stage.premises.look(people.stage.store, held) is None
        assert "没有暂停发送" in await people.say(people.wang, "/resume")


async def test_a_reminder_that_waited_says_the_days_that_are_left_now(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await paused_until(people, "2025-04-09 09:30")
        await people.stage.move_to(local("2025-04-10 08:30"))
        await people.say(people.wang, "/resume")
        await people.press(people.wang, "全部发送")
        [told] = people.li.said("【报送提醒】")
        assert "今天" in told.text
        assert "还剩" not in told.text


@pytest.mark.parametrize("how", ["丢弃催办", "press"])
async def test_stale_reminders_are_dropped_and_the_rest_goes_out(tmp_path: Path, how: str) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "正在推进。")
        await people.say(people.li, "提交")
        await paused_until(people, "2025-04-09 09:30")
        await people.say(people.wang, "/review")
        await people.say(people.wang, "退回 数据缺失")
        assert not people.li.said("退回修改")
        await people.say(people.wang, "/resume")
        done = await (people.press(people.wang, "丢弃催办") if how == "press" else people.say(people.wang, how))
        assert "不再发出：" in done
        await people.stage.settle()
        assert people.li.said("退回修改")
        assert not people.zhang.said("【报送提醒】")
        await people.stage.move_to(local("2025-04-10 09:30"))
        assert people.zhang.said("【报送提醒】")


async def test_resuming_can_wait(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await paused_until(people, "2025-04-09 09:30")
        await people.say(people.wang, "/resume")
        assert "已取消" in await people.say(people.wang, "取消")
        assert people.stage.premises.look(people.stage.store, held) is not None


async def test_two_supervisors_resume_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        second = people.stage.api.user(2002, "陈", "科")
        await people.say(second, f"/start {people.stage.invite_person(Role.SUPERVISOR, '陈科').code}")
        await paused_until(people, "2025-04-09 09:30")
        for who in (people.wang, second):
            await people.say(who, "/resume")
        await people.press(people.wang, "丢弃催办")
        assert "没有暂停发送" in await people.press(second, "全部发送")
        assert rows(people, "SELECT count(*) FROM audit WHERE action = 'resume_sending'") == [(1,)]


async def test_with_nothing_waiting_it_resumes_at_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/pause")
        assert "✓ 已恢复发送，待发 0 条" in await people.say(people.wang, "/resume")


@pytest.mark.parametrize("word", ["/pause", "/resume"])
async def test_who_may_not_pause_learns_nothing(tmp_path: Path, word: str) -> None:
    async with cast(tmp_path) as people:
        assert "没有办理此事的权限" in await people.say(people.li, word)
        assert people.stage.premises.look(people.stage.store, held) is None


async def test_it_is_one_mechanism_with_the_command_line(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        (tmp_path / "config.toml").write_text(
            f'[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\n'
            f'key_file = "{tmp_path / "duban.key"}"\n',
            "utf-8",
        )
        desk, at = Desk(tmp_path), ("--at", "2025-04-09T09:00")
        assert "is held until" in desk.do("pause", *at)
        assert "held already" in desk.do("pause", *at)
        assert "督查室" in await people.say(people.wang, "/overdue")
        checked = json.loads(desk.run("check", "--json").stdout)  # without a token it exits 1
        assert [row["ok"] for row in checked if row["check"] == "sending"] == [False]
        await people.stage.move_to(local("2025-04-09 09:30"))
        printed = desk.do("resume", "--yes", "--drop-reminders", *at)
        assert "nudge since 2025-04-09 09:30" in printed
        assert "not sent any more: " in printed
        await people.stage.settle()
        assert not people.li.said("【报送提醒】")
        assert "nothing is held" in desk.do("resume")


async def test_a_pause_holds_decisions_and_what_others_bring_about(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for said in ("/extend 3 4月25日 因供地手续未办完", "跳过", "确认"):
            await people.say(people.li, said)
        await people.say(people.wang, "/pause")
        before = [len(who.inbox) for who in (people.li, people.zhang)]
        await people.say(people.wang, "同意E1")
        await people.say(people.wang, "/people 区发改局")
        for said in ("撤销职务 1", "调离岗位", "确认"):
            await people.say(people.wang, said)
        assert [len(who.inbox) for who in (people.li, people.zhang)] == before
        await people.say(people.wang, "/resume")
        await people.press(people.wang, "全部发送")
        await people.stage.move_to(local("2025-03-21 10:00"))
        assert [state for state, _ in outbox(people, "request_answered")] == ["sent"]
        assert [state for state, _ in outbox(people, "role_ended")] == ["sent"]


async def test_a_group_is_left_during_a_pause_too(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/pause")
        group = people.stage.api.group(-100500, title="业主群", members=[people.wang, people.outsider])
        group.add_bot(people.outsider)
        await people.stage.settle()
        await people.stage.move_to(people.stage.clock.now() + timedelta(minutes=2))
        assert [state for state, _ in outbox(people, "leave_group")] == ["sent"]
        assert people.stage.api.journal.of("leaveChat")
