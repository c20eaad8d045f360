"""Supervisors may work in a registered group chat; the bot leaves every other and says nothing there."""

from datetime import timedelta
from pathlib import Path

import pytest

from duban.rehearsal.botapi import Group, User
from rules.policy import DigestPolicy, Policy
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import rows
from tests.transcripts import transcript

GROUP = -4001
SUPER = -1001234567890
OVERDUE = local("2025-04-14 10:00")


async def added(people: Cast, by: User, *, register: bool = True) -> Group:
    """Have somebody add the bot to a group of everybody, and register it or leave that open."""
    group = people.stage.api.group(
        GROUP, title="督查工作群", members=[people.wang, people.zhang, people.li, people.outsider]
    )
    group.add_bot(by)
    await people.stage.settle()
    if register:
        await people.press(by, "登记")
    return group


async def a_while(people: Cast, passed: timedelta = timedelta(minutes=1)) -> None:
    """Let some time pass, and everything be done that it is time for."""
    await people.stage.move_to(people.stage.clock.now() + passed)


def states(people: Cast) -> list[str]:
    return [state for (state,) in rows(people, "SELECT state FROM office_group ORDER BY id")]


def has_left(people: Cast, chat: int = GROUP) -> bool:
    return any(e.args["chat_id"] == chat and e.delivered for e in people.stage.api.journal.of("leaveChat"))


async def ask(people: Cast, who: User, text: str, group: Group) -> list[str]:
    """Have somebody write in the group; gives what the bot said there because of it."""
    before = len(group.inbox)
    who.send(text, chat=group)
    await people.stage.settle()
    return [message.text for message in group.inbox[before:]]


@transcript("督查人员", "登记群聊", "王科把机器人加进督查工作群，在私聊中登记；群里只答复查看类命令。")
async def test_a_supervisor_registers_a_group_and_works_in_it(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        group = await added(people, people.wang, register=False)
        assert len(group.inbox) == 0
        await people.press(people.wang, "登记")
        assert people.wang.last.text.startswith("群聊“督查工作群”已登记")
        assert len(group.inbox) == 1
        [listed] = await ask(people, people.wang, "/registrations", group)
        assert "已登记 2 个" in listed
        [told] = await ask(people, people.wang, "/groups", group)
        assert told.startswith("/groups 请在与机器人的私聊中使用。")
        assert await people.say(people.wang, "/groups") == (
            "群聊 1 个：\n• 群1“督查工作群”：已登记（王科 添加）\n按钮也可用文字代替，如“登记 1”“不登记 1”“退出群聊 1”。"
        )


async def test_the_words_do_what_the_buttons_do(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await added(people, people.wang, register=False)
        await people.say(people.wang, "登记")
        assert states(people) == ["registered"]
        assert await people.say(people.wang, "退出群聊 1") == "已退出群聊“督查工作群”。"
        assert states(people) == ["left"]
        assert has_left(people)
        assert (await people.say(people.wang, "退出群聊 1")).startswith("没有这样的群聊")
        await added(people, people.wang, register=False)
        await people.say(people.wang, "不登记")
        assert states(people) == ["refused"]


async def test_of_several_groups_the_word_alone_asks_which(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await added(people, people.wang, register=False)
        people.stage.api.group(-4002, title="另一个群", members=[people.wang]).add_bot(people.wang)
        await people.stage.settle()
        assert (await people.say(people.wang, "登记")).startswith("群聊 2 个")
        await people.say(people.wang, "登记 2")
        assert states(people) == ["asked", "registered"]


async def test_a_group_that_others_add_the_bot_to_is_left_in_silence(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for by in (people.zhang, people.outsider):
            group = await added(people, by, register=False)
            await a_while(people)
            assert has_left(people)
            assert len(group.inbox) == 0
        assert states(people) == ["refused"]


async def test_a_channel_is_left(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        channel = people.stage.api.group(-1009, title="频道", kind="channel", members=[people.wang])
        channel.add_bot(people.wang)
        await people.stage.settle()
        await a_while(people)
        assert has_left(people, -1009)
        channel.post("/overdue")
        await people.stage.settle()
        assert len(channel.inbox) == 0


async def test_a_group_nobody_registers_within_a_day_is_left(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang, register=False)
        assert await ask(people, people.wang, "/overdue", group) == []
        await a_while(people, timedelta(hours=23))
        assert not has_left(people)
        await a_while(people, timedelta(hours=2))
        assert has_left(people)
        assert (await people.say(people.wang, "登记")).startswith("没有这样的群聊")


async def test_a_group_the_bot_finds_itself_in_is_left(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = people.stage.api.group(GROUP, title="老群", members=[people.wang])
        assert await ask(people, people.wang, "/overdue", group) == []
        await a_while(people)
        assert has_left(people)


async def test_in_a_group_only_commands_of_persons_with_a_role_are_answered(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        for text in ("今天开会", "签收", "1", "/unheard_of", "/overdue@other_bot"):
            assert await ask(people, people.wang, text, group) == []
        assert await ask(people, people.outsider, "/overdue", group) == []
        code = people.stage.invite_unit("区发改局").code
        assert await ask(people, people.outsider, f"/start {code}", group) == []
        assert await ask(people, people.outsider, code, group) == []
        before = len(group.inbox)
        group.post("/overdue")
        await people.stage.settle()
        assert len(group.inbox) == before
        assert rows(people, "SELECT count(*) FROM invite WHERE used_at IS NULL") == [(1,)]
        [own] = await ask(people, people.zhang, "/tasks", group)
        assert "第1项工作" in own
        assert "第3项工作" not in own
        [refused] = await ask(people, people.zhang, "/registrations", group)
        assert refused.startswith("您当前没有办理此事的权限")


async def test_reports_and_dialogues_stay_out_of_groups(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        [told] = await ask(people, people.zhang, "/report", group)
        assert told.startswith("/report 请在与机器人的私聊中使用。群里可用：/tasks /task /overdue")
        assert await ask(people, people.zhang, "已完成投资12.5亿元。", group) == []
        assert rows(people, "SELECT count(*) FROM report") == [(0,)]
        assert rows(people, "SELECT count(*) FROM dialogue WHERE chat_id < 0") == [(0,)]


async def test_slips_and_inspections_are_shown_in_a_group_and_nothing_of_them_is_begun(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/inspect 区教体局 3月28日 任务3 通知")
        await people.say(people.wang, "确认")
        group = await added(people, people.wang)
        for text in ("/inspect", "/inspect 1", "/inspect 区发改局 3月29日", "/inspect 记录 1", "/inspect 取消 1 改期"):
            [told] = await ask(people, people.wang, text, group)
            assert "区教体局" in told, text
            assert group.inbox[-1].buttons == []
        assert "区教体局" not in (await ask(people, people.zhang, "/inspect", group))[0]
        [listed] = await ask(people, people.wang, "/slip", group)
        assert await ask(people, people.wang, "/slip 区教体局 3", group) == [listed]
        assert rows(people, "SELECT state FROM inspection") == [("planned",)]
        assert rows(people, "SELECT count(*) FROM dialogue WHERE chat_id < 0") == [(0,)]


async def test_pages_in_a_group_are_turned_by_every_supervisor_and_by_nobody_else(tmp_path: Path) -> None:

    units = ["区发改局", "区教体局", *(f"区{sign}局" for sign in "甲乙丙丁戊己庚辛壬癸")]
    given = notice(*(task(no, unit) for no, unit in enumerate(units, 1)))
    async with cast(tmp_path, given=given) as people:
        group = await added(people, people.wang)
        await people.stage.move_to(OVERDUE)
        await ask(people, people.wang, "/overdue", group)
        shown = group.inbox[-1]
        people.zhang.press(shown.message_id, "下一页", chat=group)
        await people.stage.settle()
        assert "1/2" in group.inbox[-1].text
        assert people.zhang.toasts[-1]
        code = people.stage.invite_person(Role.SUPERVISOR, "钱科").code
        await people.say(people.outsider, f"/start {code}")
        people.outsider.press(shown.message_id, "下一页", chat=group)
        await people.stage.settle()
        assert "2/2" in group.inbox[-1].text


async def test_what_decides_has_no_button_in_a_group(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        for text in ("/extend 3 4月25日 因供地手续未办完", "跳过", "确认"):
            await people.say(people.li, text)
        [listed] = await ask(people, people.wang, "/extensions", group)
        assert "区教体局" in listed
        assert group.inbox[-1].buttons == []
        asked = people.wang.inbox[-1]
        data = asked.buttons[0][0][1]
        people.wang.press_raw(data, group.inbox[-1].message_id, chat=group)
        await people.stage.settle()
        assert people.wang.toasts[-1] == "请在与机器人的私聊中办理。"
        assert rows(people, "SELECT state FROM extension") == [("waiting",)]


async def test_a_group_that_becomes_a_supergroup_stays_registered(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        upgraded = group.migrate(SUPER)
        people.stage.api.world.queue_membership(
            people.stage.api.world.chats[SUPER], people.zhang.card, "left", "member"
        )
        await people.stage.settle()
        await a_while(people)
        assert rows(people, "SELECT chat_id, state FROM office_group") == [(SUPER, "registered")]
        assert not has_left(people, SUPER)
        people.wang.send("/registrations", chat=upgraded)
        await people.stage.settle()
        assert "已登记 2 个" in upgraded.inbox[-1].text


async def test_a_supergroup_that_shows_first_is_not_left(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        people.stage.api.group(SUPER, title="督查工作群", members=[people.zhang]).add_bot(people.zhang)
        await people.stage.settle()
        assert states(people) == ["registered", "refused"]
        group.migrate(SUPER)
        await people.stage.settle()
        await a_while(people)
        assert rows(people, "SELECT chat_id, state FROM office_group") == [(SUPER, "registered")]
        assert not has_left(people, SUPER)


async def test_supervisors_are_told_that_a_registered_group_removed_the_bot(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        group.kick_bot(people.zhang)
        await people.stage.settle()
        assert states(people) == ["kicked"]
        await people.stage.move_to(local("2025-03-21 08:30"))
        assert "机器人被移出已登记的群聊 1 个：督查工作群。登记随之结束。" in people.wang.last.text


async def test_a_registered_group_gets_the_daily_digest_once(tmp_path: Path) -> None:
    policy = Policy(office="清河区督查室", digests=DigestPolicy(groups=True))
    async with cast(tmp_path, policy=policy) as people:
        group = await added(people, people.wang)
        before = len(group.inbox)
        await people.stage.move_to(local("2025-04-11 08:30"))
        await people.stage.move_to(local("2025-04-11 12:00"))
        assert len(group.inbox) == before + 1
        assert "区发改局" in group.inbox[-1].text


async def test_without_the_setting_a_group_gets_no_digest(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        before = len(group.inbox)
        await people.stage.move_to(local("2025-04-11 08:30"))
        assert len(group.inbox) == before


@pytest.mark.parametrize("how", ["kicked", "left"])
async def test_what_waits_for_a_group_is_not_said_once_it_is_not_registered(tmp_path: Path, how: str) -> None:
    async with cast(tmp_path) as people:
        group = await added(people, people.wang)
        said = len(group.inbox)
        people.wang.send("/registrations", chat=group)
        await people.stage.service.poller.poll_once()
        await people.stage.service.desk.work_off()
        if how == "left":
            people.wang.send("退出群聊")
        else:
            group.kick_bot(people.zhang)
        await people.stage.service.poller.poll_once()
        await people.stage.service.desk.work_off()
        await people.stage.settle()
        assert len(group.inbox) == said


async def test_a_group_has_a_menu_of_what_is_answered_there(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await added(people, people.wang)
        calls = [e.args for e in people.stage.api.journal.of("setMyCommands")]
        [offered] = [c["commands"] for c in calls if c.get("scope") == {"type": "chat", "chat_id": GROUP}]
        assert [each["command"] for each in offered][:3] == ["tasks", "task", "overdue"]
        assert "report" not in [each["command"] for each in offered]
