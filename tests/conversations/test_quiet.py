"""What is pointless or was said already is not said again."""

from pathlib import Path

from tests.cast import cast, local


async def test_after_a_due_date_on_a_day_off_the_overdue_notice_comes_once_at_its_hour(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-12-01 10:00")) as people:  # 10 January 2026 is a Saturday
        early = await people.stage.move_to(local("2026-01-12 08:30"))
        assert (early.nudges, early.escalations) == (0, 0)
        made = await people.stage.move_to(local("2026-01-12 09:00"))
        assert (made.nudges, made.escalations) == (0, 3)


async def test_a_digest_that_would_say_the_same_waits_for_the_next_week(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        made = [
            (await people.stage.move_to(local(f"2025-04-{day} 08:30"))).digests
            for day in ("11", "14", "15", "16", "17", "21")
        ]
        assert made == [1, 1, 1, 0, 0, 1]  # the 14th and the 21st are Mondays; on the 15th a slip is proposed
        assert any("建议签发督查单" in message.text for message in people.wang.inbox)


async def test_a_digest_comes_again_as_soon_as_something_changes(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-14 08:30"))
        await people.say(people.li, "已完成30个项目。")
        await people.say(people.li, "提交")
        made = await people.stage.move_to(local("2025-04-15 08:30"))
        assert made.digests == 1
        assert "新收到报告 1 份" in people.wang.last.text


async def test_a_draft_can_be_moved_to_a_later_period_that_is_owed_too(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-07-01 10:00"))
        shown = await people.say(people.li, "已完成30个项目。")
        assert "第一季度" in shown
        await people.press(people.li, "换任务或时段")
        later = next(t for row in people.li.last.buttons for t, _ in row if "第三季度" not in t and "第二季度" in t)
        assert "任务3 · 2025年第二季度" in await people.press(people.li, later)


async def test_what_waits_for_the_morning_waits_through_a_restart_too(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.stage.move_to(local("2025-04-11 01:00"))
        await people.stage.service.sender.recover()  # what a service does first when it starts
        await people.stage.settle()
        assert not people.li.said("已自动报送")
        await people.stage.move_to(local("2025-04-11 08:00"))
        assert people.li.said("已自动报送")
