"""A liaison hands over or leaves: the unit keeps everything, the old account keeps nothing."""

import re
from pathlib import Path

import pytest

from bot.words import catalogue
from duban.rehearsal.botapi import User
from storage.states import Role
from tests.cast import Cast, cast, local
from tests.conversations.looking import outbox, reported, rows, states
from tests.conversations.test_registering import on_disk
from tests.transcripts import transcript

STRANGER, WRONG = catalogue("zh")["stranger"], catalogue("zh")["wrong_code"]
CODE = re.compile(r"邀请码：([\w-]{22})")


async def handover_code(people: Cast, who: User, command: str = "/handover") -> str:
    """Have a liaison ask for a successor's code; gives the code."""
    found = CODE.search(await people.say(who, command))
    assert found is not None, who.last.text
    return found[1]


def successor(people: Cast) -> User:
    return people.stage.api.user(1005, "陈", "晨")


def liaisons(people: Cast) -> list[tuple[str, str]]:
    """List (unit, name) of those who serve a unit now."""
    return [
        (unit, name)
        for unit, name in rows(
            people,
            "SELECT unit.name, person.name FROM membership JOIN unit ON unit.id = unit_id"
            " JOIN person ON person.id = person_id WHERE role = 'liaison' AND until IS NULL ORDER BY membership.id",
        )
    ]


async def second_unit(people: Cast) -> None:
    """Have 张敏 serve 区教体局 too."""
    await people.register(people.zhang, "区教体局")


# --- handover --------------------------------------------------------------------------------------------------------


async def test_the_code_comes_with_a_link_what_follows_and_how_to_call_it_off(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        text = people.li.last.text
        assert re.search(rf"^https://t\.me/\w+\?start={code}$", text, re.MULTILINE)
        assert "【区教体局】联络员交接" in text
        assert "4月3日 10:00前有效" in text
        assert "原联络员的身份同时结束" in text
        assert liaisons(people) == [("区发改局", "张敏"), ("区教体局", "李丽")]


async def test_the_code_stands_nowhere_in_plain_until_it_is_used(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
    assert code.encode() not in on_disk(tmp_path)


@transcript("登记", "移交给接任人", "李丽调离，把移交码转发给接任人陈晨；报送记录留在单位。")
async def test_the_successor_takes_the_role_the_tasks_and_the_history(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        chen = successor(people)
        await people.say(chen, f"/start {await handover_code(people, people.li)}")
        assert chen.said("您已登记为【区教体局】联络员")
        assert chen.said("由李丽移交")
        assert chen.said("【区教体局】承担 1 项任务")
        assert "联络员已由陈晨接任" in people.li.last.text
        assert liaisons(people) == [("区发改局", "张敏"), ("区教体局", "陈晨")]
        assert "✓ 已报：2025年第一季度" in await people.say(chen, "/tasks")
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]


async def test_the_old_account_is_a_stranger_with_its_next_update(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        draft = next(m for m in reversed(people.li.inbox) if m.buttons)
        await people.say(successor(people), await handover_code(people, people.li))
        for text in ("已完成5个项目。", "提交", "/tasks", "/handover", "13912345678"):
            assert await people.say(people.li, text) == STRANGER
        people.li.press(draft.message_id, "提交")
        await people.stage.settle()
        assert people.li.last.text == STRANGER
        assert reported(people) == []


async def test_what_the_old_account_sent_before_but_is_handled_after_is_refused(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        chen = successor(people)
        people.li.send("已完成5个项目。")
        await people.stage.service.poller.poll_once()
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE inbox SET state = 'dead' WHERE state = 'new'")
        )
        await people.say(chen, code)
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE inbox SET state = 'new' WHERE state = 'dead'")
        )
        people.stage.service.desk._seen = 0
        await people.stage.settle()
        assert people.li.last.text == STRANGER
        assert states(people) == []


@transcript("登记", "移交时还有草稿", "李丽写了草稿没有提交就移交，由陈晨核对后提交。")
async def test_drafts_go_on_with_the_successor_and_keep_their_own_date(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        written = rows(people, "SELECT sent_at FROM report")
        code = await handover_code(people, people.li)
        await people.stage.move_to(local("2025-03-24 10:00"))
        chen = successor(people)
        await people.say(chen, code)
        assert "前任联络员留下草稿 1 份" in chen.last.text
        assert "李丽起草" in chen.last.text
        assert "已完成3个项目。" in chen.last.text
        assert states(people) == [(3, 1, "replaced"), (3, 2, "draft")]
        assert "✓ 已报送：任务3" in await people.press(chen, "提交")
        assert rows(people, "SELECT sent_at FROM report WHERE state = 'submitted'") == written


@pytest.mark.parametrize("typed", [True, False])
async def test_the_successor_may_type_or_change_instead_of_pressing(tmp_path: Path, typed: bool) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        chen = successor(people)
        await people.say(chen, await handover_code(people, people.li))
        if typed:
            assert "✓ 已报送" in await people.say(chen, "提交")
        else:
            await people.say(chen, "已完成4个项目。")
            assert states(people)[-1] == (3, 3, "draft")


async def test_a_draft_left_lying_is_submitted_at_the_deadline_and_the_successor_told(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        chen = successor(people)
        await people.say(chen, await handover_code(people, people.li))
        before = len(people.li.inbox)
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert chen.said("已到截止时间，您的草稿已自动报送")
        assert len(people.li.inbox) == before
        assert [row.late for row in reported(people)] == [False]


async def test_an_open_question_goes_on_with_the_successor(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "报的是哪项任务" in await people.say(people.zhang, "两项工作都有进展。")
        chen = successor(people)
        await people.say(chen, await handover_code(people, people.zhang))
        assert chen.said("前任联络员张敏还有一段文字，尚未确定是哪项任务：\n两项工作都有进展。")
        assert chen.said("报的是哪项任务")
        await people.say(chen, "2")
        assert states(people) == [(2, 1, "draft")]


async def test_an_edit_by_the_old_account_changes_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        await people.say(successor(people), await handover_code(people, people.li))
        people.li.edit(sent["message_id"], "已完成9个项目。")
        await people.stage.settle()
        assert people.li.last.text == STRANGER
        assert rows(people, "SELECT progress FROM report WHERE state = 'draft'") == [("已完成3个项目。",)]


async def test_a_new_code_replaces_the_one_before(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        first = await handover_code(people, people.li)
        second = await handover_code(people, people.li)
        assert await people.say(people.outsider, first) == WRONG
        await people.say(people.outsider, second)
        assert people.outsider.said("您已登记为【区教体局】联络员")


async def test_the_office_inviting_again_leaves_a_handovers_code_alone(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        people.stage.invite_unit("区教体局")
        chen = successor(people)
        await people.say(chen, code)
        assert chen.said("由李丽移交")


@pytest.mark.parametrize("typed", [True, False])
async def test_a_handover_can_be_called_off(tmp_path: Path, typed: bool) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        answer = await (people.say(people.li, "取消") if typed else people.press(people.li, "取消"))
        assert "已取消交接，邀请码作废" in answer
        assert await people.say(people.outsider, code) == WRONG
        assert "没有可以取消" in await people.say(people.li, "取消")


async def test_the_own_code_is_not_used_up_by_its_maker(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        assert "请转发给接任人" in await people.say(people.li, f"/start {code}")
        chen = successor(people)
        await people.say(chen, code)
        assert ("区教体局", "陈晨") in liaisons(people)


async def test_the_whole_message_passed_on_registers(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await handover_code(people, people.li)
        chen = successor(people)
        await people.say(chen, people.li.last.text)
        assert ("区教体局", "陈晨") in liaisons(people)


async def test_an_expired_code_hands_nothing_over(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        await people.stage.move_to(local("2025-04-03 10:05"))
        assert await people.say(people.outsider, code) == WRONG
        assert ("区教体局", "李丽") in liaisons(people)


async def test_of_two_who_use_a_handovers_code_one_gets_in(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        chen = successor(people)
        chen.send(code)
        people.outsider.send(code)
        await people.stage.settle()
        assert len(chen.said("您已登记")) + len(people.outsider.said("您已登记")) == 1
        assert len([unit for unit, _ in liaisons(people) if unit == "区教体局"]) == 1


async def test_a_second_liaison_may_be_the_successor(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        chen = successor(people)
        await people.register(chen, "区教体局")
        await people.say(chen, await handover_code(people, people.li))
        assert liaisons(people) == [("区发改局", "张敏"), ("区教体局", "陈晨")]


async def test_who_serves_several_units_is_asked_which(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await second_unit(people)
        assert "1. 区发改局\n2. 区教体局" in await people.say(people.zhang, "/handover")
        assert "要移交哪一个" in await people.say(people.zhang, "3")
        assert "【区教体局】联络员交接" in await people.say(people.zhang, "2")
        assert "【区发改局】联络员交接" in await people.say(people.zhang, "/handover 发改")
        await people.say(people.zhang, "/handover")
        assert "【区教体局】联络员交接" in await people.press(people.zhang, "区教体局")
        await people.say(people.zhang, "/handover")
        assert "已取消" in await people.say(people.zhang, "取消")


async def test_who_hands_over_one_of_two_units_keeps_the_other(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await second_unit(people)
        await people.say(people.zhang, "/handover 发改")
        found = CODE.search(people.zhang.last.text)
        assert found is not None
        await people.say(successor(people), found[1])
        answer = await people.say(people.zhang, "/tasks")
        assert "任务3" in answer
        assert "任务1" not in answer


async def test_the_audit_and_the_next_digest_tell_the_office(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await people.say(successor(people), await handover_code(people, people.li))
        assert rows(people, "SELECT count(*) FROM audit WHERE action = 'hand_over'") == [(1,)]
        await people.stage.move_to(local("2025-03-21 08:30"))
        assert "联络员变动：区教体局 由李丽移交陈晨" in people.wang.last.text
        before = len(people.wang.inbox)
        await people.stage.move_to(local("2025-03-24 08:30"))
        assert not any("联络员变动" in m.text for m in people.wang.inbox[before:])


@pytest.mark.parametrize("command", ["/handover", "/leave"])
async def test_only_liaisons_hand_over_and_leave(tmp_path: Path, command: str) -> None:
    async with cast(tmp_path) as people:
        assert "没有办理此事的权限" in await people.say(people.wang, command)
        assert await people.say(people.outsider, command) == STRANGER


async def test_a_waiting_code_that_was_taken_back_is_not_sent(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.li.send("/handover")
        people.li.send("/handover")
        await people.stage.settle()
        assert len(people.li.said("联络员交接")) == 1
        assert outbox(people, "handover") == [
            ("cancelled", "the code was used, replaced or taken back"),
            ("sent", None),
        ]


# --- leaving ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["确认", "确认退出", "press"])
async def test_leaving_is_confirmed_and_then_done(tmp_path: Path, how: str) -> None:
    async with cast(tmp_path) as people:
        head = people.stage.api.user(3001, "何", "局长")
        await people.register(head, "区教体局", Role.HEAD)
        answer = await people.say(people.li, "/leave")
        assert "您是该单位唯一的联络员" in answer
        assert "请改用 /handover" in answer
        answer = await (people.press(people.li, "确认退出") if how == "press" else people.say(people.li, how))
        assert "您已退出【区教体局】联络员" in answer
        assert liaisons(people) == [("区发改局", "张敏")]
        assert "目前没有联络员" in head.last.text
        assert await people.say(people.li, "已完成3个项目。") == STRANGER
        await people.stage.move_to(local("2025-03-21 08:30"))
        assert "联络员变动：区教体局 李丽已退出" in people.wang.last.text
        assert "未登记联络员 1 个单位：区教体局（3月27日截止，还剩6天）" in people.wang.last.text


async def test_leaving_can_be_called_off(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "/leave")
        assert "一切照旧" in await people.say(people.li, "取消")
        await people.say(people.li, "确认")
        assert ("区教体局", "李丽") in liaisons(people)


async def test_calling_off_a_leaving_keeps_a_handovers_code(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        await people.say(people.li, "/leave")
        await people.say(people.li, "取消")
        await people.say(people.outsider, code)
        assert people.outsider.said("您已登记为【区教体局】联络员")


async def test_a_late_yes_asks_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "/leave")
        await people.stage.move_to(local("2025-03-21 10:00"))
        assert "确定退出，请按" in await people.say(people.li, "确认")
        assert ("区教体局", "李丽") in liaisons(people)
        assert "您已退出" in await people.say(people.li, "确认")


async def test_a_yes_without_a_question_leaves_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for text in ("确认退出", "确认"):
            await people.say(people.li, text)
        assert ("区教体局", "李丽") in liaisons(people)


async def test_leaving_ends_the_handovers_code(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = await handover_code(people, people.li)
        await people.say(people.li, "/leave")
        await people.say(people.li, "确认")
        assert await people.say(people.outsider, code) == WRONG


@transcript("登记", "退出联络员", "李丽发送 /leave 退出；单位另有联络员陈晨，草稿转给她。")
async def test_drafts_of_who_leaves_go_to_the_other_liaison(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        chen = successor(people)
        await people.register(chen, "区教体局")
        people.begin_scene()
        await people.say(people.li, "已完成3个项目。")
        answer = await people.say(people.li, "/leave")
        assert "唯一" not in answer
        assert "您有 1 份草稿尚未提交" in answer
        await people.say(people.li, "确认")
        assert "前任联络员留下草稿 1 份" in chen.last.text
        assert "✓ 已报送" in await people.press(chen, "提交")


async def test_a_draft_of_a_colleague_still_there_is_not_taken_over(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        chen = successor(people)
        await people.register(chen, "区教体局")
        assert not chen.said("前任联络员")
        assert "✓ 已报送" in await people.say(people.li, "提交")


async def test_drafts_of_who_left_wait_for_the_next_liaison(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "/leave")
        await people.say(people.li, "确认")
        chen = successor(people)
        await people.register(chen, "区教体局")
        assert "前任联络员留下草稿 1 份" in chen.last.text


async def test_a_draft_nobody_took_over_is_submitted_and_who_left_hears_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "/leave")
        await people.say(people.li, "确认")
        before = len(people.li.inbox)
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert len(people.li.inbox) == before
        assert [row.unit for row in reported(people)] == ["区教体局"]


async def test_a_head_is_not_told_of_a_gap_that_is_filled(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        head = people.stage.api.user(3001, "何", "局长")
        await people.register(head, "区教体局", Role.HEAD)
        await people.stage.move_to(local("2025-03-20 21:00"))
        await people.say(people.li, "/leave")
        await people.say(people.li, "确认")
        await people.register(successor(people), "区教体局")
        await people.stage.move_to(local("2025-03-21 09:00"))
        assert not head.said("目前没有联络员")
        assert outbox(people, "no_liaison") == [("cancelled", "the unit has a liaison again")]


@transcript("登记", "退出其中一个单位", "张敏联络两个单位，退出其中一个。")
async def test_one_of_several_units_is_left(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await second_unit(people)
        people.begin_scene()
        assert "要退出哪一个" in await people.say(people.zhang, "/leave")
        await people.say(people.zhang, "区教体局")
        await people.say(people.zhang, "确认")
        assert liaisons(people) == [("区发改局", "张敏"), ("区教体局", "李丽")]


async def test_the_words_are_there_in_english_too(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "/language")
        await people.press(people.li, "English")
        assert "Handover for 区教体局" in await people.say(people.li, "/handover")
        assert "called off" in await people.say(people.li, "cancel")
        assert "its only liaison" in await people.say(people.li, "/leave")
        assert "no longer the liaison" in await people.say(people.li, "confirm")
