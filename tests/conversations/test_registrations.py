"""Who is registered and who is not: several liaisons, several units, phones, the office's list and digest."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.words import catalogue
from rules.policy import Policy, RegistrationPolicy
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, rows, states
from tests.transcripts import transcript

WRONG = catalogue("zh")["wrong_code"]
OFFICE = Policy(office="清河区督查室")


def with_registration(**values: object) -> Policy:
    return replace(OFFICE, registration=RegistrationPolicy(**values))  # type: ignore[arg-type]


async def supervisor(people: Cast) -> None:
    await people.say(people.wang, people.stage.invite_person(Role.SUPERVISOR, "王科").code)


def without_bot(people: Cast, unit: str) -> None:
    people.stage.store.write_now(
        lambda tx: tx.execute(text("UPDATE unit SET uses_bot = :no WHERE name = :unit"), {"no": False, "unit": unit})
    )


# --- several liaisons, several units, several roles ------------------------------------------------------------------


async def test_every_liaison_of_a_unit_is_reminded_and_one_answer_stops_all(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        chen = people.stage.api.user(1005, "陈", "晨")
        await people.register(chen, "区教体局")
        await people.stage.move_to(local("2025-04-07 09:00"))
        assert len(people.li.said("报送提醒")) == len(chen.said("报送提醒")) == 1
        await people.say(chen, "已完成3个项目。")
        await people.say(chen, "提交")
        await people.stage.move_to(local("2025-04-10 09:00"))
        assert len(people.li.said("报送提醒")) == len(chen.said("报送提醒")) == 1


async def test_one_person_of_several_units_gets_one_reminder(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.register(people.zhang, "区教体局")
        before = len(people.zhang.inbox)
        await people.stage.move_to(local("2025-04-07 09:00"))
        assert len(people.zhang.inbox) == before + 1
        assert "【区发改局】还有 2 项" in people.zhang.last.text
        assert "【区教体局】还有 1 项" in people.zhang.last.text


@transcript("任务和签收", "几个单位的新任务合为一条", "张敏联络两个单位，新通知立项后收到一条消息，一次签收。")
async def test_one_person_of_several_units_is_told_of_new_tasks_in_one_message(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.register(people.zhang, "区教体局")
        people.begin_scene()
        before = len(people.zhang.inbox)
        second = notice(task(1, "区发改局", "区教体局"), task(2, "区教体局"))
        people.stage.adopt(replace(second, title="另一通知"), b"second")
        await people.stage.move_to(local("2025-03-21 10:00"))
        assert len(people.zhang.inbox) == before + 1
        assert people.zhang.last.text.startswith("您联络的 2 个单位共承担 3 项任务，请阅知\n\n【区发改局】\n任务1")
        assert "\n\n【区教体局】\n任务1" in people.zhang.last.text
        assert people.li.last.text.startswith("【区教体局】承担 2 项任务，请阅知")
        assert "已签收 3 项任务" in await people.press(people.zhang, "签收")


async def test_a_liaison_may_be_a_supervisor_too(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, people.stage.invite_person(Role.SUPERVISOR, "李丽").code)
        answer = await people.say(people.li, "/help")
        assert "联络员" in answer
        assert "督查人员" in answer
        await people.say(people.li, "已完成3个项目。")
        assert states(people) == [(3, 1, "draft")]
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert people.li.said("督查日报")
        assert "区发改局　2项" in await people.say(people.li, "/overdue")


# --- blocked and returned --------------------------------------------------------------------------------------------


async def test_who_writes_again_is_reachable_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.li.block()
        await people.stage.settle()
        assert rows(people, "SELECT reach FROM person WHERE telegram_id = 1002") == [("blocked",)]
        people.li.unblock()
        people.li.send("/tasks")
        await people.stage.settle()
        assert rows(people, "SELECT reach FROM person WHERE telegram_id = 1002") == [("yes",)]


@transcript("登记", "停用后重新启用", "李丽停用了机器人，期间错过提醒和新任务；重新启用后只告知仍然有效的。")
async def test_who_returns_is_told_once_of_what_is_still_true(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(task(3, "区教体局"), task(9, "区发改局", role="support"))) as people:
        people.li.block()
        for day in ("2025-03-31", "2025-04-07", "2025-04-09"):
            await people.stage.move_to(local(f"{day} 09:00"))
        people.stage.adopt(replace(notice(task(7, "区教体局"), reports=False), title="另一通知"), b"second")
        await people.stage.move_to(local("2025-04-09 10:00"))
        before = len(people.li.inbox)
        people.li.unblock()
        await people.stage.move_to(local("2025-04-09 11:00"))
        told = [message.text.splitlines()[0] for message in people.li.inbox[before:]]
        assert told == ["【区教体局】承担 1 项任务，请阅知", "【报送提醒】第3次，共4次"]


async def test_a_unit_whose_liaison_is_blocked_is_unreachable_and_not_missing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.li.block()
        await people.stage.move_to(local("2025-03-21 08:30"))
        assert "无法送达 1 个单位，请电话联系：\n　• 区教体局　已停用机器人　还剩20天　待报1项" in people.wang.last.text
        assert "未登记" not in people.wang.last.text


# --- who is missing --------------------------------------------------------------------------------------------------


@transcript("督查人员", "谁还没有登记联络员", "王科查看各单位联络员的登记情况。")
async def test_the_office_sees_who_is_missing_and_how_the_invite_stands(
    tmp_path: Path, database_url: str | None
) -> None:
    given = notice(*(task(n, unit) for n, unit in enumerate(("区甲局", "区乙局", "区丙局", "区丁局"), 1)))
    async with cast(tmp_path, given=given, registered=False, database_url=database_url) as people:
        await supervisor(people)
        people.stage.invite_unit("区甲局")
        await people.stage.move_to(local("2025-04-02 10:00"))
        people.stage.invite_unit("区乙局")
        without_bot(people, "区丁局")
        await people.stage.move_to(local("2025-04-04 10:00"))
        assert await people.say(people.wang, "/registrations") == (
            "联络员登记：3 个单位，已登记 0 个\n"
            "尚未登记：\n"
            "　• 区甲局　邀请已失效（3月27日截止，已过8天）\n"
            "　• 区乙局　邀请有效至4月16日 10:00（4月9日截止，还剩5天）\n"
            "　• 区丙局　尚未邀请\n"
            "不使用机器人，请电话联系：区丁局"
        )


async def test_only_the_office_sees_the_registrations(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有办理此事的权限" in await people.say(people.li, "/registrations")
        assert "2 个单位，已登记 2 个" in await people.say(people.wang, "/registrations")


async def test_the_digest_names_the_missing_with_the_days_left_and_not_every_day(tmp_path: Path) -> None:
    policy = with_registration(due=date(2025, 3, 26))
    async with cast(tmp_path, registered=False, policy=policy) as people:
        await supervisor(people)
        seen = []
        for day in ("03-21", "03-24", "03-25", "03-26", "03-27", "03-28"):
            before = len(people.wang.inbox)
            await people.stage.move_to(local(f"2025-{day} 08:30"))
            seen += [(day, "未登记联络员 2 个单位" in m.text) for m in people.wang.inbox[before:]]
        assert seen == [("03-21", True), ("03-24", True), ("03-27", True)]  # first, the week begins, the day is past
        assert people.wang.said("区发改局（3月26日截止，还剩5天）")
        assert "区教体局（3月26日截止，已过1天）" in people.wang.last.text
        assert "无法送达" not in people.wang.last.text


async def test_units_without_the_bot_are_to_be_phoned_and_not_called_unreachable(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        await supervisor(people)
        await people.register(people.zhang, "区发改局")
        without_bot(people, "区教体局")
        await people.stage.move_to(local("2025-04-11 08:30"))
        digest = people.wang.last.text
        assert "区教体局　1项　逾期1天，请电话联系" in digest
        assert "应报的 1 个单位，请电话联系：区教体局" in digest
        assert "无法送达" not in digest
        assert "未登记" not in digest
        assert "不使用机器人，请电话联系" in await people.say(people.wang, "/overdue 区教体局")


async def test_a_group_not_expanded_is_named_as_such(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(task(1, "各镇街")), registered=False) as people:
        await supervisor(people)
        await people.stage.move_to(local("2025-03-21 08:30"))
        assert "　• 各镇街　集体名称，尚未展开　还剩20天" in people.wang.last.text
        assert "未登记联络员" not in people.wang.last.text


# --- the conversation of registering ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["spaced", "full-width", "start", "labelled"])
async def test_a_code_typed_otherwise_is_understood(tmp_path: Path, form: str) -> None:
    async with cast(tmp_path, registered=False) as people:
        code = people.stage.invite_unit("区教体局").code
        said = {
            "spaced": f" {code[:5]} {code[5:11]}\n{code[11:]} ",
            "full-width": "".join(chr(ord(c) + 0xFEE0) for c in code),
            "start": f"/start {code[:11]} {code[11:]}",
            "labelled": f"邀请码 {code[:11]} {code[11:]}",
        }[form]
        await people.say(people.li, said)
        assert people.li.said("您已登记为【区教体局】联络员")


async def test_words_that_only_look_like_a_code_are_a_report(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "Finish Phase two of it soon")
        assert rows(people, "SELECT progress FROM report") == [("Finish Phase two of it soon",)]


async def test_a_spaced_code_of_somebody_registered_is_a_code(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        code = people.stage.invite_unit("区发改局").code
        await people.say(people.li, f"{code[:11]} {code[11:]}")
        assert people.li.said("您已登记为【区发改局】联络员")


@transcript("登记", "暂不登记电话", "李丽先跳过电话，后来又补上。")
async def test_a_phone_may_be_skipped(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "暂不登记电话" in await people.say(people.li, "跳过")
        assert people.li.keyboard == []
        assert "尾号5678" in await people.say(people.li, "13912345678")


async def test_a_required_phone_is_asked_for_until_it_is_there(tmp_path: Path) -> None:
    async with cast(tmp_path, policy=with_registration(phone="required")) as people:
        assert people.li.said("联系电话（必填）")
        assert people.li.keyboard == [["发送本人号码"]]
        assert "要求登记联系电话" in await people.say(people.li, "跳过")
        assert "未留电话：区发改局（张敏）、区教体局（李丽）" in await people.say(people.wang, "/registrations")
        await people.say(people.li, "13912345678")
        assert "未留电话：区发改局（张敏）" in (await people.say(people.wang, "/registrations")).splitlines()[-1]


async def test_where_phones_are_off_none_is_asked_for(tmp_path: Path) -> None:
    async with cast(tmp_path, policy=with_registration(phone="off")) as people:
        assert not people.li.said("联系电话")
        assert people.li.keyboard == []
        assert outbox(people, "welcome")


async def test_a_report_after_the_phone_question_is_a_report(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        assert states(people) == [(3, 1, "draft")]
