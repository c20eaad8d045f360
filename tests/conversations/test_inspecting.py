"""On-site inspections: planned, noticed, recorded with photos; what is to be put right is told, overdue, answered, closed."""

from datetime import timedelta
from pathlib import Path

import pytest

from duban.rehearsal.botapi import User
from rules.policy import InspectionPolicy, Policy
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript

AT = local("2025-04-15 10:00")  # a Tuesday
DAY = "2025-04-17 09:00"
JPEG = b"\xff\xd8\xff\xe0 a photo"
TASKS = notice(task(1, "区发改局", role="support"), task(3, "区教体局", leaders=("赵区长",)), reports=False)


async def planned(people: Cast, told: str = "通知") -> str:
    """Have 王科 plan an inspection of 区教体局; gives the answer."""
    await people.say(people.wang, f"/inspect 区教体局 4月17日 任务3 {told}")
    return await people.say(people.wang, "确认")


async def ordered(people: Cast, due: str = "4月30日") -> str:
    """Have 王科 plan, record, and order a measure on the day; gives the answer."""
    await planned(people)
    await people.stage.move_to(local(DAY))
    await people.say(people.wang, "/inspect 记录 1 二楼灭火器过期")
    await people.say(people.wang, f"/inspect 整改要求 1 {due} 更换二楼灭火器")
    return await people.say(people.wang, "确认")


async def joined(people: Cast, number: int, name: str, role: Role, unit: str | None = None) -> User:
    """Have somebody else register."""
    user = people.stage.api.user(number, name)
    invite = people.stage.invite_unit(unit, role) if unit else people.stage.invite_person(role, name)
    await people.say(user, f"/start {invite.code}")
    return user


async def photo(people: Cast, who: User, caption: str | None = None) -> str:
    who.photo(caption)
    await people.stage.settle()
    return who.last.text


def measures(people: Cast) -> list[tuple[object, ...]]:
    return rows(people, "SELECT id, state, text FROM measure ORDER BY id")


@transcript(
    "督查人员",
    "现场督查：安排、记录、整改、结束",
    "王科安排到区教体局现场督查，记录问题，提出整改；李丽答复，王科确认。",
)
async def test_an_inspection_from_plan_to_close(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        shown = await people.say(people.wang, "/inspect 区教体局 4月17日 任务3")
        assert "是否提前通知单位" in shown
        assert "4月17日（星期四）　区教体局" in await people.press(people.wang, "通知单位")
        assert "✓ 已安排现场督查1" in await people.press(people.wang, "确认")
        assert "【现场督查通知】区教体局：督查室定于4月17日（星期四）" in people.li.last.text
        await people.stage.move_to(local(DAY))
        assert "【今天】现场督查1" in people.wang.last.text
        assert "文字、照片、文件均可" in await people.press(people.wang, "记录情况")
        assert "共1段文字、0个照片" in await people.say(people.wang, "二楼灭火器过期")
        assert "共2段文字、1个照片" in await photo(people, people.wang, "现场照片")
        assert "整改什么、何时完成" in await people.press(people.wang, "提出整改")
        assert "【区教体局】2025年4月30日前完成：更换二楼灭火器" in await people.say(
            people.wang, "4月30日前更换二楼灭火器"
        )
        assert "✓ 已发出整改1" in await people.press(people.wang, "确认")
        assert "【整改1】区教体局：4月17日（星期四）现场督查要求" in people.li.last.text
        assert "还有整改没有完成" in await people.say(people.wang, "结束督查")
        assert "请发送整改情况" in await people.press(people.li, "答复整改")
        assert "请再发送一段文字" in await photo(people, people.li)
        assert "已报督查室确认" in await people.say(people.li, "灭火器已全部更换")
        assert "答复：灭火器已全部更换\n照片和文件 1 个" in people.wang.last.text
        assert "✓ 整改1已通过" in await people.press(people.wang, "整改通过")
        assert "✓ 整改1已确认完成" in people.li.last.text
        assert "已结束" in await people.press(people.wang, "结束督查")


async def test_the_plan_is_asked_for_step_by_step(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        assert "督查哪个单位" in await people.say(people.wang, "/inspect 4月17日")
        assert "相近的有：区教体局" in await people.say(people.wang, "区教育局")
        assert "看哪几项任务" in await people.say(people.wang, "区教体局、区发改局")
        assert "没有任务7" in await people.say(people.wang, "7")
        assert "是否提前通知" in await people.say(people.wang, "3")
        assert "请核对" in await people.say(people.wang, "不打招呼")
        assert "请核对" in await people.say(people.wang, "4月18日")
        assert (
            "✓ 已安排现场督查1　4月18日（星期五）　区教体局（任务3）、区发改局（全部）　不打招呼"
            in await people.say(people.wang, "确认")
        )
        assert rows(people, "SELECT day, is_announced FROM inspection") == [("2025-04-18", 0)]


@pytest.mark.parametrize("words", ["/inspect 区教体局 4月1日 任务3", "/inspect 区教体局 2024年1月1日"])
async def test_a_day_that_is_past_is_asked_for_again(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await people.say(people.wang, words)
        assert rows(people, "SELECT count(*) FROM inspection") == [(0,)]


async def test_an_unannounced_inspection_is_not_told(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await planned(people, "不打招呼")
        assert not people.li.said("现场督查通知")
        assert "没有现场督查" in await people.say(people.li, "/inspect")
        await people.say(people.wang, "/inspect 取消 1 另行安排")
        assert not people.li.said("现场督查取消")


async def test_the_office_may_always_announce(tmp_path: Path) -> None:
    policy = Policy(office="清河区督查室", inspection=InspectionPolicy(may_be_unannounced=False))
    async with cast(tmp_path, at=AT, given=TASKS, policy=policy) as people:
        assert "请核对" in await people.say(people.wang, "/inspect 区教体局 4月17日 任务3 不打招呼")
        await people.say(people.wang, "确认")
        assert people.li.said("现场督查通知")


async def test_a_notice_at_night_waits_and_a_cancelled_one_is_not_sent(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-04-15 21:00"), given=TASKS) as people:
        await planned(people)
        await people.say(people.wang, "/inspect 取消 1 另行安排")
        await people.stage.move_to(local("2025-04-16 09:00"))
        assert not people.li.said("现场督查通知")
        assert outbox(people, "inspection_notice") == [("cancelled", "cancelled or closed since")]


async def test_a_cancellation_asks_why_and_tells_the_unit(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await planned(people)
        assert "取消的原因是什么" in await people.say(people.wang, "/inspect 取消 1")
        assert "已取消" in await people.say(people.wang, "市里有会")
        assert "原因：市里有会" in people.li.last.text
        assert "已经结束或取消" in await people.say(people.wang, "/inspect 记录 1 情况")
        assert "已经结束或取消" in await people.say(people.wang, "/inspect 取消 1 再取消")


async def test_a_plan_confirmed_twice_is_one(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await people.say(people.wang, "/inspect 区教体局 4月17日 任务3 通知")
        shown = people.wang.last
        await people.say(people.wang, "确认")
        people.wang.press(shown.message_id, "确认")
        await people.stage.settle()
        assert rows(people, "SELECT count(*) FROM inspection") == [(1,)]


async def test_the_reminder_comes_once_and_on_the_day(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await planned(people)
        await people.stage.move_to(local("2025-04-16 09:00"))
        assert not people.wang.said("【今天】")
        for at in (DAY, "2025-04-17 11:00", "2025-04-18 09:00"):
            await people.stage.move_to(local(at))
        assert len(people.wang.said("【今天】")) == 1


async def test_a_document_in_a_recording_is_no_notice_and_edits_are_followed(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local(DAY), given=TASKS) as people:
        await planned(people)
        await people.say(people.wang, "记录情况")
        assert "0段文字、1个照片和文件" in await people.send_file(people.wang, b"%PDF-1.4 record", "台账.pdf")
        sent = people.wang.send("灭火器过期")
        await people.stage.settle()
        people.wang.edit(sent, "二楼灭火器过期")
        await people.stage.settle()
        assert rows(people, "SELECT text FROM finding") == [("二楼灭火器过期",)]
        assert "二楼灭火器过期" in await people.press(people.wang, "记完了")
        assert "照片和文件 1/1" in await people.press(people.wang, "查看照片")
        assert people.wang.last.document is not None
        await people.press(people.wang, "结束督查")
        people.wang.edit(sent, "一切正常")
        await people.stage.settle()
        assert "修改未生效" in people.wang.last.text


async def test_a_recording_ends_with_the_day(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local(DAY), given=TASKS) as people:
        await planned(people)
        await people.say(people.wang, "记录情况")
        await people.stage.move_to(local("2025-04-18 09:00"))
        await people.say(people.wang, "谢谢各位")
        await photo(people, people.wang)
        assert rows(people, "SELECT count(*) FROM finding") == [(0,)]
        assert rows(people, "SELECT count(*) FROM field_file") == [(0,)]


async def test_an_album_is_kept_whole_and_answered_once(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local(DAY), given=TASKS) as people:
        await planned(people)
        await people.say(people.wang, "记录情况")
        before = len(people.wang.inbox)
        people.wang.media_group(3)
        await people.stage.settle()
        assert len(people.wang.inbox) == before + 1
        assert rows(people, "SELECT count(*) FROM field_file") in ([(3,)], [(1,)])


async def test_of_several_units_the_one_that_puts_right_is_asked_for(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local(DAY), given=TASKS) as people:
        await people.say(people.wang, "/inspect 区教体局、区发改局 4月17日 全部 通知")
        await people.say(people.wang, "确认")
        await people.say(people.wang, "记录情况")
        assert "由哪个单位整改" in await people.say(people.wang, "提出整改")
        assert "没有看懂是哪个单位" in await people.say(people.wang, "住建局")
        assert "【区发改局】整改什么" in await people.press(people.wang, "区发改局")
        assert "何时完成" in await people.say(people.wang, "补齐项目台账")
        assert "日期已过" in await people.say(people.wang, "2025年4月1日")
        assert "【区发改局】2025年4月30日前完成：补齐项目台账" in await people.say(people.wang, "4月30日")
        await people.say(people.wang, "确认")
        assert people.zhang.said("【整改1】区发改局")
        assert not people.li.said("【整改1】")


async def test_a_measure_past_its_day_is_overdue_and_reminded_of(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        head = await joined(people, 3001, "周局", Role.HEAD, "区教体局")
        leader = await joined(people, 3002, "赵区长", Role.LEADER)
        await ordered(people)
        for at in ("2025-04-27 09:00", "2025-04-30 09:00", "2025-04-30 15:00"):
            await people.stage.move_to(local(at))
        assert len(people.li.said("【整改提醒】")) == 2
        assert "整改逾期" not in await people.say(people.wang, "/overdue")
        await people.stage.move_to(local("2025-05-06 09:00"))  # after the holidays
        assert "整改逾期 1 条：整改1 区教体局（6天）" in people.wang.said("整改逾期")[-1].text
        assert "整改逾期 1 条" in await people.say(people.wang, "/overdue")
        assert "整改逾期 1 条" in await people.say(people.wang, "/overdue 整改")
        assert "整改逾期" in await people.say(leader, "/overdue")
        assert "整改逾期" not in await people.say(people.zhang, "/overdue")
        assert head.said("【整改提醒】")
        await people.say(people.li, "整改1 灭火器已全部更换")
        assert "整改逾期" not in await people.say(people.wang, "/overdue")


async def test_a_returned_answer_asks_again_with_time_and_reason(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await ordered(people, "4月17日")
        await people.say(people.li, "整改1：正在联系厂家")
        assert "退回整改1" in await people.press(people.wang, "整改退回")
        assert "✓ 整改1已退回：区教体局，限4月22日前重报" in await people.say(people.wang, "请换好后再报")
        assert "退回原因：请换好后再报" in people.li.last.text
        assert measures(people) == [(1, "open", "更换二楼灭火器")]
        await people.press(people.li, "答复整改")
        await people.say(people.li, "灭火器已全部更换")
        assert "✓ 整改1已通过" in await people.say(people.wang, "整改通过 1")
        assert rows(people, "SELECT passed FROM measure_answer ORDER BY id") == [(0,), (1,)]


async def test_two_supervisors_decide_once(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        second = await joined(people, 3003, "陈科", Role.SUPERVISOR)
        await ordered(people)
        await people.say(people.li, "整改1 灭火器已全部更换")
        assert second.said("【整改1待确认】")
        await people.press(people.wang, "整改通过")
        assert "没有待确认的整改" in await people.press(second, "整改退回")
        assert measures(people) == [(1, "done", "更换二楼灭火器")]


async def test_an_answer_can_be_edited_until_it_is_decided_on(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await ordered(people)
        sent = people.li.send("整改1 灭火器已更换")
        await people.stage.settle()
        people.li.edit(sent, "整改1 灭火器已更换12具")
        await people.stage.settle()
        assert rows(people, "SELECT text FROM measure_answer") == [("灭火器已更换12具",)]
        assert "没有需要您答复的这条整改" in await people.say(people.li, "整改1 又换了一批")
        await people.say(people.wang, "整改通过")
        people.li.edit(sent, "整改1 没有更换")
        await people.stage.settle()
        assert rows(people, "SELECT text FROM measure_answer") == [("灭火器已更换12具",)]


async def test_every_step_survives_a_restart(tmp_path: Path) -> None:
    steps = (
        ("wang", "/inspect 区教体局 4月17日 任务3", "是否提前通知"),
        ("wang", "通知", "请核对"),
        ("wang", "确认", "✓ 已安排现场督查1"),
        ("wang", "记录情况", "文字、照片、文件均可"),
        ("wang", "二楼灭火器过期", "共1段文字"),
        ("wang", "提出整改", "整改什么"),
        ("wang", "更换二楼灭火器", "何时完成"),
        ("wang", "4月30日", "请核对"),
        ("wang", "确认", "✓ 已发出整改1"),
        ("li", "答复整改", "请发送整改情况"),
        ("li", "已更换", "已报督查室确认"),
        ("wang", "整改退回", "退回整改1"),
        ("wang", "没有照片", "已退回"),
        ("li", "整改1 已更换，照片随后", "已报督查室确认"),
        ("wang", "整改通过", "已通过"),
        ("wang", "结束督查", "已结束"),
    )
    async with cast(tmp_path, at=local(DAY), given=TASKS):
        pass
    for minute, (who, text, answer) in enumerate(steps, 1):
        at = local(DAY) + timedelta(minutes=minute)
        async with cast(tmp_path, at=at, given=TASKS, registered=False) as people:
            assert answer in await people.say(getattr(people, who), text)


async def test_who_has_no_right_learns_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, at=AT, given=TASKS) as people:
        await ordered(people)
        for words in ("/inspect", "/inspect 1号", "/inspect 记录 1 x", "/inspect 区发改局 4月20日"):
            assert "没有现场督查" in await people.say(people.zhang, words)
        assert "整改1" in await people.say(people.li, "/inspect")
        assert "没有办理此事的权限" in await people.say(people.li, "整改通过")
        assert "没有待报的任务" not in await people.say(people.zhang, "整改1 已更换")
        assert measures(people) == [(1, "open", "更换二楼灭火器")]
        assert rows(people, "SELECT count(*) FROM measure_answer") == [(0,)]
