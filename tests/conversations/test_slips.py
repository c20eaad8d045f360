"""Supervision slips: blue, orange, red; proposed by rule, issued by a person, one for a matter, signed for, closed."""

from pathlib import Path

import pytest

from duban.rehearsal.botapi import User
from rules.policy import Policy, SlipPolicy
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript

REMINDED = "2025-04-10 09:00"
BLUE = "2025-04-14 08:40"  # a Monday: 4 days overdue
AFTER_BLUE = "2025-04-21 08:40"  # the blue slip's limit was the 17th; 11 days overdue
AFTER_ORANGE = "2025-04-30 08:40"  # the orange slip's was the 24th; 20 days overdue
ONE = notice(task(1, "区发改局", role="support"), task(3, "区教体局", leaders=("赵区长",)))


async def overdue(people: Cast, until: str = BLUE) -> None:
    """Let the first due date pass with everybody reminded and nobody reporting."""
    for at in (REMINDED, until):
        await people.stage.move_to(local(at))


async def issued(people: Cast, until: str = BLUE) -> None:
    """Have 王科 issue a slip to 区教体局."""
    await overdue(people, until)
    await again(people)


async def again(people: Cast) -> str:
    """Have 王科 issue the next slip to 区教体局; gives the answer."""
    await people.say(people.wang, "/slip 区教体局 3")
    return await people.say(people.wang, "签发")


async def joined(people: Cast, number: int, name: str, role: Role, unit: str | None = None) -> User:
    """Have somebody else register."""
    user = people.stage.api.user(number, name)
    invite = people.stage.invite_unit(unit, role) if unit else people.stage.invite_person(role, name)
    await people.say(user, f"/start {invite.code}")
    return user


async def report(people: Cast) -> None:
    await people.say(people.li, "已完成3所学校建设。")
    await people.say(people.li, "提交")


def kept(people: Cast) -> list[tuple[object, ...]]:
    """List (colour, state, number, why it was closed) of every slip."""
    return rows(people, "SELECT colour, state, number, closed_for FROM slip ORDER BY id")


@transcript("督查人员", "督查单：建议、签发、签收、销单", "任务3逾期4天，王科按建议签发蓝色提示单，李丽签收并报送。")
async def test_a_slip_is_proposed_issued_signed_for_and_closed_by_the_report(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await overdue(people)
        assert "建议签发督查单 1 份：区教体局 任务3 蓝色提示单" in people.wang.last.text
        assert "• 蓝色提示单　区教体局　任务3 · 2025年第一季度，逾期4天" in await people.say(people.wang, "/slip")
        preview = await people.press(people.wang, "拟单：区教体局 任务3 蓝色提示单")
        assert "应于4月10日前报送，已逾期4天" in preview
        assert "其间提醒2次：4月10日、4月14日" in preview
        assert "时限：4月17日前" in preview
        assert "责任人（未登记）" in preview
        assert kept(people) == [("blue", "proposed", None, None)]
        assert "✓ 已签发督查单〔2025〕1号（蓝色提示单）" in await people.press(people.wang, "签发")
        assert people.wang.last.payload["document"]["file_name"] == "督查单〔2025〕1号.docx"
        assert "【督查单〔2025〕1号】蓝色提示单" in people.li.last.text
        assert people.li.last.payload["document"]["file_name"] == "督查单〔2025〕1号.docx"
        assert "未签收：李丽" in await people.say(people.wang, "/slip")
        assert "✓ 已签收督查单〔2025〕1号" in await people.press(people.li, "签收督查单")
        assert "已全部签收" in await people.say(people.wang, "/slip")
        await report(people)
        await people.stage.move_to(local("2025-04-14 08:50"))
        assert "督查单〔2025〕1号已销单" in people.li.last.text
        assert kept(people) == [("blue", "closed", 1, "reported")]


async def test_colours_come_in_order_and_only_after_the_former_limit(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await overdue(people, "2025-05-06 08:40")  # 26 days overdue: blue all the same
        assert "蓝色提示单" in await again(people)
        await people.stage.move_to(local("2025-05-09 10:00"))
        assert "时限5月9日。一事一单" in await people.say(people.wang, "/slip 区教体局 3")
        await people.stage.move_to(local("2025-05-12 08:40"))
        assert "橙色催办单" in people.wang.last.text
        assert "时限已过，仍未报送" in await people.say(people.wang, "/slip 区教体局 3")
        assert "橙色催办单" in await people.say(people.wang, "签发")
        assert kept(people) == [("blue", "closed", 1, "next"), ("orange", "issued", 2, None)]
        await people.stage.move_to(local("2025-05-16 08:40"))
        assert "红色督办单" in await again(people)
        await people.stage.move_to(local("2025-05-22 08:40"))
        assert "没有更高一级" in await people.say(people.wang, "/slip 区教体局 3")


async def test_the_next_colour_waits_for_its_days_too(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await issued(people)
        await people.stage.move_to(local("2025-04-18 08:40"))  # the limit has passed; 8 days overdue
        assert "督查单时限已过 1 份：督查单〔2025〕1号" in people.wang.last.text
        assert "建议签发" not in people.wang.last.text
        await people.stage.move_to(local(AFTER_BLUE))
        assert "建议签发督查单 1 份：区教体局 任务3 橙色催办单" in people.wang.last.text


async def test_each_colour_goes_to_its_roles(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        head = await joined(people, 3001, "周局", Role.HEAD, "区教体局")
        leader = await joined(people, 3002, "赵区长", Role.LEADER)
        second = await joined(people, 3003, "陈科", Role.SUPERVISOR)
        await issued(people)
        assert head.said("〔2025〕1号】蓝色提示单")
        assert not leader.said("【督查单")
        await people.stage.move_to(local(AFTER_BLUE))
        await again(people)
        assert leader.said("〔2025〕2号】橙色催办单")
        assert not second.said("【督查单〔2025〕2号")
        await people.stage.move_to(local(AFTER_ORANGE))
        await again(people)
        assert second.said("〔2025〕3号】红色督办单")
        assert "抄送" in second.last.text
        assert "✓ 已签收督查单〔2025〕3号" in await people.say(head, "签收督查单")
        assert "✓ 已签收督查单〔2025〕3号" in await people.say(leader, "签收")
        assert "未签收：李丽" in await people.say(people.wang, "/slip")


async def test_no_slip_without_a_reminder_that_was_delivered(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        people.li.block()
        await overdue(people)
        assert kept(people) == []
        assert "先提醒、后发单" in await people.say(people.wang, "/slip 区教体局 3")


async def test_two_supervisors_issue_one_slip(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        second = await joined(people, 3003, "陈科", Role.SUPERVISOR)
        await overdue(people)
        await people.say(people.wang, "/slip 区教体局 3")
        await people.say(second, "/slip 区教体局 3")
        await people.press(people.wang, "签发")
        assert "已有督查单〔2025〕1号" in await people.press(second, "签发")
        assert second.toasts[-1] == "没有办成，请看消息中的说明"
        assert kept(people) == [("blue", "issued", 1, None)]


async def test_a_draft_is_dropped_reworded_or_declined(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await overdue(people)
        await people.say(people.wang, "/slip 区教体局 3")
        assert "已取消" in await people.say(people.wang, "放弃")
        assert kept(people) == [("blue", "proposed", None, None)]
        assert "要求：请说明用地手续进度。" in await people.say(people.wang, "/slip 区教体局 3 请说明用地手续进度")
        assert "要求：请报送整改时间表。" in await people.say(people.wang, "请报送整改时间表")
        assert "同级不再建议" in await people.press(people.wang, "不予签发")
        await people.stage.move_to(local("2025-04-15 09:00"))
        assert kept(people) == [("blue", "declined", None, None)]


async def test_a_supervisor_closes_a_slip_for_a_reason(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await issued(people)
        assert "销单的原因是什么" in await people.press(people.wang, "销单")
        assert "已取消" in await people.say(people.wang, "取消")
        assert "销单的原因是什么" in await people.say(people.wang, "/slip 销单 1号")
        assert "督查单〔2025〕1号已销单" in await people.say(people.wang, "已电话报告进展")
        assert "（已电话报告进展）" in people.li.last.text
        assert "已销单（已电话报告进展）" in await people.say(people.wang, "/slip 销单 1号 再销一次")
        await people.stage.move_to(local(AFTER_BLUE))
        assert kept(people) == [("blue", "closed", 1, "reason")]  # the matter rests: nothing is proposed
        assert "✓ 已签发督查单〔2025〕2号（蓝色提示单）" in await again(people)  # but a person may


async def test_a_later_due_date_or_a_waiver_closes_the_slip(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await issued(people)
        for line in ("/extend 3 4月30日 因供地手续未办完", "跳过", "确认"):
            await people.say(people.li, line)
        await people.say(people.wang, "同意")
        await people.stage.move_to(local("2025-04-14 10:00"))
        assert kept(people) == [("blue", "closed", 1, "moved")]
        assert "（已延期）" in people.li.last.text
        for at in ("2025-04-30 09:00", "2025-05-06 08:40"):
            await people.stage.move_to(local(at))
        assert kept(people)[-1] == ("blue", "proposed", None, None)  # a new due date begins anew


async def test_a_request_made_in_time_holds_slips_back(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await people.stage.move_to(local(REMINDED))
        for line in ("/extend 3 4月30日 因供地手续未办完", "跳过", "确认"):
            await people.say(people.li, line)
        await people.stage.move_to(local(BLUE))
        assert kept(people) == []
        assert "已按时申请延期" in await people.say(people.wang, "/slip 区教体局 3")


async def test_a_slip_issued_at_night_waits_and_is_not_sent_when_reported_meanwhile(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await issued(people, "2025-04-14 21:00")
        assert not people.li.said("【督查单")
        await report(people)
        await people.stage.move_to(local("2025-04-15 09:00"))
        assert not people.li.said("】蓝色提示单")
        assert outbox(people, "slip") == [("cancelled", "reported or closed since")]


async def test_a_proposal_that_is_reported_meanwhile_disappears(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await overdue(people)
        await people.say(people.wang, "/slip 区教体局 3")
        await report(people)
        assert "已不需要报送" in await people.say(people.wang, "签发")
        await people.stage.move_to(local("2025-04-15 09:00"))
        assert kept(people) == []


async def test_a_tick_repeated_proposes_once(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await overdue(people)
        for _ in range(3):
            await people.stage.service.tick()
        assert kept(people) == [("blue", "proposed", None, None)]


async def test_a_draft_survives_a_restart(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await overdue(people)
        await people.say(people.wang, "/slip 区教体局 3")
    async with cast(tmp_path, given=ONE, registered=False, at=local(BLUE)) as people:
        assert "✓ 已签发督查单〔2025〕1号" in await people.say(people.wang, "签发")
    async with cast(tmp_path, given=ONE, registered=False, at=local(BLUE)) as people:
        assert "✓ 已签收督查单〔2025〕1号" in await people.say(people.li, "签收")


async def test_a_successor_gets_the_open_slip_and_signs_for_it(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await issued(people)
        await people.stage.move_to(local("2025-04-14 09:30"))
        await people.say(people.li, "/leave")
        await people.say(people.li, "确认退出")
        chen = await joined(people, 3009, "陈联", Role.LIAISON, "区教体局")
        for at in ("2025-04-14 09:35", "2025-04-14 09:40"):
            await people.stage.move_to(local(at))
        assert len(chen.said("【督查单〔2025〕1号】")) == 1
        assert "仅供受邀人员" in await people.say(people.li, "签收督查单")
        assert "未签收：陈联" in await people.say(people.wang, "/slip")
        assert "✓ 已签收" in await people.press(chen, "签收督查单")


async def test_who_has_no_right_learns_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(task(1, "区发改局"), task(3, "区教体局"))) as people:
        await issued(people)
        assert await people.say(people.zhang, "/slip") == "目前没有督查单。"
        for words in ("/slip 1号", "/slip 区教体局 3", "/slip 销单 1号 不需要了", "/slip 99号"):
            assert await people.say(people.zhang, words) == "目前没有督查单。"
        assert "没有需要您签收的督查单" in await people.say(people.zhang, "签收督查单")
        assert "没有办理此事的权限" in await people.say(people.zhang, "签发")
        assert "1号" not in await people.say(people.outsider, "/slip 1号")
        assert "未签收：李丽" in await people.say(people.li, "/slip 1号")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/slip 区教育局 3", "相近的有：区教体局"),
        ("/slip 区教体局 9", "没有逾期未报的任务9"),
        ("/slip 随便写写", "没有看懂"),
        ("/slip 销单 9号", "没有这份督查单"),
        ("签收督查单", "没有办理此事的权限"),
    ],
)
async def test_bad_input_is_answered(tmp_path: Path, words: str, answer: str) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await overdue(people)
        assert answer in await people.say(people.wang, words)


async def test_the_office_decides_days_limit_and_recipients(tmp_path: Path) -> None:
    policy = Policy(office="清河区督查室", slips=SlipPolicy((1, 2, 4), 1, ("liaison",)))
    async with cast(tmp_path, given=ONE, policy=policy) as people:
        await overdue(people, "2025-04-11 10:00")
        assert kept(people) == [("blue", "proposed", None, None)]
        preview = await people.say(people.wang, "/slip 区教体局 3")
        assert "时限：4月14日前" in preview
        assert "无法送达" not in preview
