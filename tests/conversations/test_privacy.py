"""What is kept about a person is shown to them, and deleted with the office's consent; the unit's reports stay."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.words import catalogue
from office.auditing import find_break
from office.register.forgetting import forget_person
from office.work import OfficeError
from storage.records import audit_rows
from storage.states import Role
from tests.cast import Cast, cast, local
from tests.conversations.looking import reported, rows, states
from tests.transcripts import transcript

PHONE = "13800001234"
KEPT = ("person", "inbox", "outbox", "dialogue", "kept_text", "report", "menu", "fact", "audit", "invite", "keyboard")


async def asked(people: Cast) -> None:
    """Have 李丽 register a phone, report, and ask to be forgotten."""
    await people.say(people.li, PHONE)
    await people.say(people.li, "已完成3个项目。")
    await people.press(people.li, "提交")
    await people.say(people.li, "/forget")
    await people.press(people.li, "申请删除")


@transcript("个人信息", "查看本人留存的信息", "李丽想知道系统里留存了她的哪些信息。")
async def test_what_is_kept_is_shown(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, PHONE)
        await people.say(people.li, "已完成3个项目。")
        answer = await people.say(people.li, "/mydata")
        assert "姓名：李丽" in answer
        assert "尾号1234（加密保存）" in answer
        assert PHONE not in answer
        assert "区教体局联络员（2025年3月20日起）" in answer
        assert "报告 0 份，草稿 1 份" in answer
        assert "原文保存8天后删除" in answer


@transcript("个人信息", "申请删除个人信息", "李丽调离，申请删除个人信息；王科同意。")
async def test_a_person_is_forgotten_with_the_offices_consent(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        assert "李丽（区教体局联络员）于2025年3月20日申请删除" in people.wang.last.text
        assert "署名为“原联络员”" in await people.press(people.wang, "同意删除")
        assert "这是最后一条消息" in people.li.last.text
        assert await people.say(people.li, "/tasks") == catalogue("zh")["stranger"]


async def test_nothing_of_a_forgotten_person_is_left_but_the_reports(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await asked(people)
        await people.press(people.wang, "同意删除")
        assert rows(people, "SELECT kind FROM outbox WHERE chat_id = 1002") == [("forgotten",)]
        await people.stage.move_to(local("2025-03-20 12:00"))
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]
        assert rows(people, "SELECT name, phone, telegram_id FROM person WHERE id = 3") == [("原联络员", None, -3)]
        for table in KEPT:
            for row in rows(people, f"SELECT * FROM {table}"):  # names from this test
                assert re.search(r"\b1002\b|李丽", str(row)) is None, (table, row)


async def test_the_audit_keeps_the_fact(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        await people.press(people.wang, "同意删除")
        audit = people.stage.store.read_now(audit_rows)
        assert [(row["action"], row["subject"], row["person_id"]) for row in audit][-2:] == [
            ("ask_deletion", "person:3", 3),
            ("forget", "person:3", 1),
        ]
        assert find_break(audit, people.stage.premises.vault) is None


async def test_a_refusal_changes_nothing_and_is_told(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        assert "没有删除" in await people.press(people.wang, "不同意删除")
        assert "没有同意删除" in people.li.last.text
        assert "任务3" in await people.say(people.li, "/tasks")


async def test_every_step_can_be_typed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "/forget")
        assert "没有删除" in await people.say(people.li, "不删除")
        await people.say(people.li, "/forget")
        assert "已转督查室" in await people.say(people.li, "确认")
        assert "正在办理" in await people.say(people.li, "申请删除")
        assert "已删除" in await people.say(people.wang, "同意删除")
        assert "没有待办" in await people.say(people.wang, "同意删除")


async def test_the_bare_word_explains_first(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "无法恢复" in await people.say(people.li, "申请删除")
        assert rows(people, "SELECT count(*) FROM deletion") == [(0,)]


async def test_of_several_requests_one_is_shown_before_it_is_decided(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for who in (people.zhang, people.li):
            await people.say(who, "/forget")
            await people.say(who, "申请删除")
        assert "张敏" in await people.say(people.wang, "同意删除")
        assert rows(people, "SELECT count(*) FROM person WHERE telegram_id < 0") == [(0,)]
        assert "已删除" in await people.say(people.wang, "同意删除")
        assert rows(people, "SELECT id FROM person WHERE telegram_id < 0") == [(2,)]


async def test_the_only_liaison_and_one_with_drafts_are_told_what_it_means(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        answer = await people.say(people.li, "/forget")
        assert "【区教体局】将没有联络员" in answer
        assert "1 份草稿尚未提交" in answer
        other = people.stage.api.user(1003, "孙", "二")
        await people.register(other, "区教体局")
        assert "没有联络员" not in await people.say(people.li, "/forget")


async def test_a_draft_left_behind_is_still_submitted_at_its_due_instant(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked_with_draft(people)
        await people.say(people.wang, "同意删除")
        said = len(people.li.inbox)
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert states(people) == [(3, 1, "submitted")]
        assert len(people.li.inbox) == said


async def test_a_forgotten_liaisons_draft_goes_to_the_other_one(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        other = people.stage.api.user(1003, "孙", "二")
        await people.register(other, "区教体局")
        await asked_with_draft(people)
        await people.say(people.wang, "同意删除")
        assert "原联络员" in other.last.text
        assert "✓ 已报送" in await people.say(other, "提交")


async def asked_with_draft(people: Cast) -> None:
    """Have 李丽 write a draft and ask to be forgotten."""
    await people.say(people.li, "已完成3个项目。")
    await people.say(people.li, "/forget")
    await people.say(people.li, "申请删除")


async def test_the_last_administrator_cannot_be_forgotten(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        admin = people.stage.api.user(4001, "钱")
        await people.say(admin, people.stage.invite_person(Role.ADMIN, "钱主任").code)
        assert "最后一名管理员" in await people.say(admin, "/forget")
        with pytest.raises(OfficeError, match="last administrator"):
            people.stage.premises.do(people.stage.store, lambda work: forget_person(work, 4))
        second = people.stage.api.user(4002, "冯")
        await people.say(second, people.stage.invite_person(Role.ADMIN, "冯主任").code)
        assert "申请删除" in await people.say(admin, "/forget")


async def test_nobody_decides_their_own_request(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/forget")
        assert "请直接联系督查室" in await people.say(people.wang, "申请删除")
        assert "没有待办" in await people.say(people.wang, "同意删除")


async def test_a_liaison_cannot_decide(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        assert "没有办理此事的权限" in await people.say(people.zhang, "同意删除")
        assert rows(people, "SELECT decided_at FROM deletion") == [(None,)]


async def test_someone_whose_role_ended_still_sees_and_deletes_their_data(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.store.write(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since WHERE person_id = 3").rowcount
        )
        assert "曾任区教体局联络员" in await people.say(people.li, "/mydata")
        await people.say(people.li, "/forget")
        assert "已转督查室" in await people.say(people.li, "申请删除")
        assert "（已不任职）" in people.wang.last.text
        assert await people.say(people.li, "提交") == catalogue("zh")["stranger"]


async def test_a_request_at_night_reaches_the_office_in_the_morning_and_its_digest(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-03-20 21:00")) as people:
        await people.say(people.li, "/forget")
        await people.say(people.li, "申请删除")
        assert people.wang.said("申请删除") == []
        await people.stage.move_to(local("2025-03-21 09:00"))
        assert people.wang.said("李丽（区教体局联络员）")
        assert people.wang.said("申请删除个人信息 1 人：李丽")


async def test_a_request_decided_meanwhile_is_not_told_any_more(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-03-20 21:00")) as people:
        await people.say(people.li, "/forget")
        await people.say(people.li, "申请删除")
        await people.say(people.wang, "不同意删除")
        await people.stage.move_to(local("2025-03-21 09:00"))
        assert people.wang.said("于2025年3月20日申请删除") == []


async def test_a_forgotten_person_can_be_invited_anew(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await asked(people)
        await people.press(people.wang, "同意删除")
        people.stage.clock.advance(timedelta(days=1))
        await people.register(people.li, "区教体局")
        assert people.li.said("您已登记为【区教体局】联络员")
        assert rows(people, "SELECT count(*) FROM person") == [(4,)]
