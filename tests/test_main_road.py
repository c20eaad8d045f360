"""The main road, walked with real parts on both databases: from registration to /overdue."""

from pathlib import Path

from tests.cast import cast, local


async def test_a_reply_is_counted_submitted_and_acknowledged(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        shown = await people.say(people.li, "已完成30个项目，开工率100%。")
        assert "13/200字 ✓" in shown
        receipt = await people.press(people.li, "提交")
        assert "已报送：任务3 · 2025年第一季度" in receipt
        assert "已报 1/1 项" in receipt


async def test_only_those_who_have_not_answered_are_reminded(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await people.say(people.li, "已完成30个项目。")
        await people.say(people.li, "提交")
        before = len(people.li.inbox), len(people.zhang.inbox)
        made = await people.stage.move_to(local("2025-04-07 09:00"))
        assert made.nudges == 2  # both tasks of the silent unit, in one message
        assert (len(people.li.inbox), len(people.zhang.inbox)) == (before[0], before[1] + 1)
        assert "第2次，共4次" in people.zhang.last.text


async def test_overdue_lists_the_silent_and_not_those_who_answered(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await people.say(people.li, "已完成30个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-11 09:00"))
        answer = await people.say(people.wang, "/overdue")
        assert "区发改局　2项　逾期1天" in answer
        assert "区教体局" not in answer


async def test_the_digest_reaches_the_supervisor_on_a_working_day(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        made = await people.stage.move_to(local("2025-04-11 08:30"))
        assert made.digests == 1
        assert "【督查日报】" in people.wang.last.text
        assert "逾期未报 3 项，2 个单位" in people.wang.last.text
