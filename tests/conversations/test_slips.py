"""Supervision slips: blue, orange, red; proposed by rule, issued by a person, one for a matter, signed for, closed."""

from pathlib import Path

import pytest

from duban.rehearsal.botapi import User
from rules.policy import Policy, SlipPolicy
from storage.states import Role
from tests.cast import Cast, cast, local
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript

REMINDED = ("2025-04-01 09:00", "2025-04-07 09:00", "2025-04-09 09:00", "2025-04-10 09:00", "2025-04-11 09:00")
BLUE = "2025-04-14 08:40"  # a Monday: 4 days overdue
ORANGE = "2025-04-21 08:40"
RED = "2025-04-30 08:40"


async def overdue(people: Cast, until: str = BLUE) -> None:
    """Let the first due date pass with everybody reminded and nobody reporting."""
    for at in (*REMINDED, until):
        await people.stage.move_to(local(at))


async def issued(people: Cast, until: str = BLUE) -> None:
    """Have 王科 issue a blue slip to 区教体局."""
    await overdue(people, until)
    await people.say(people.wang, "/slip 区教体局 3")
    await people.say(people.wang, "签发")


async def joined(people: Cast, name: str, role: Role, unit: str | None = None) -> User:
    """Have somebody else register."""
    user = people.stage.api.user(3000 + len(name) * 10 + len(str(role)), name[0], name[1:])
    invite = people.stage.invite_unit(unit, role) if unit else people.stage.invite_person(role, name)
    await people.say(user, f"/start {invite.code}")
    return user


def slips(people: Cast) -> list[tuple[object, ...]]:
    return rows(people, "SELECT colour, state, number, closed_for FROM slip ORDER BY id")


@transcript("督查人员", "督查单：建议、签发、签收、销单", "任务3逾期4天，王科按建议签发蓝色提示单，李丽签收并报送。")
async def test_a_slip_is_proposed_issued_signed_for_and_closed_by_the_report(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await overdue(people)
        assert "建议签发督查单 3 份" in people.wang.last.text
        assert "• 蓝色提示单　区教体局　任务3 · 2025年第一季度，逾期4天" in await people.say(people.wang, "/slip")
        preview = await people.press(people.wang, "拟单：区教体局 任务3 蓝色提示单")
        assert "应于4月10日报送，已逾期4天" in preview
        assert "其间提醒5次：4月1日、4月7日、4月9日、4月10日、4月11日" in preview
        assert "时限：4月17日前" in preview
        assert "责任人（未登记）" in preview
        assert slips(people)[-1][1] == "proposed"
        answer = await people.press(people.wang, "签发")
        assert "✓ 已签发督查单〔2025〕1号（蓝色提示单）" in answer
        assert people.wang.last.payload["document"]["file_name"] == "督查单〔2025〕1号.docx"
        assert "【督查单〔2025〕1号】蓝色提示单" in people.li.last.text
        assert people.li.last.payload["document"]["file_name"] == "督查单〔2025〕1号.docx"
        assert "未签收：李丽" in await people.say(people.wang, "/slip")
        assert "✓ 已签收督查单〔2025〕1号" in await people.press(people.li, "签收督查单")
        assert "已全部签收" in await people.say(people.wang, "/slip")
        await people.say(people.li, "已完成3所学校建设。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-14 09:30"))
        assert "督查单〔2025〕1号已销单" in people.li.last.text
        assert ("blue", "closed", 1, "reported") in slips(people)
