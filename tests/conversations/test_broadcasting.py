"""The office tells its liaisons something, once, after it was shown who gets it and who cannot be reached."""

from pathlib import Path

from tests.cast import cast, local, notice, task
from tests.cli.desk import Desk
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript

GIVEN = notice(task(1, "区发改局"), task(3, "区教体局"), task(5, "区水务局"))


@transcript("督查人员", "群发通知", "王科通知全部联络员开会。")
async def test_every_liaison_gets_it_after_a_preview(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        shown = await people.say(people.wang, "/broadcast 4月12日9时召开调度会。")
        assert "发给 2 名联络员，2 个单位：区发改局、区教体局" in shown
        assert "无法送达 1 个单位，请另行告知：区水务局（未登记）" in shown
        assert outbox(people, "broadcast") == []
        assert "✓ 已发出：2 名联络员" in await people.press(people.wang, "确认发送")
        for who in (people.zhang, people.li):
            assert who.last.text == "【清河区督查室通知】\n4月12日9时召开调度会。"
        assert rows(people, "SELECT person_id FROM audit WHERE action = 'broadcast'") == [(1,)]


async def test_some_units_are_named_and_wrong_names_get_the_nearest(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        wrong = await people.say(people.wang, "/broadcast 给 区教体局、区发改委：请核对台账。")
        assert "没有找到“区发改委”，没有发出" in wrong
        assert "区发改局" in wrong
        await people.say(people.wang, "/broadcast 给 区教体局：请核对台账。")
        await people.say(people.wang, "确认")
        assert "请核对台账" in people.li.last.text
        assert not people.zhang.said("请核对台账")


async def test_it_goes_out_once_however_often_it_is_confirmed(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.say(people.wang, "/broadcast")
        await people.say(people.wang, "4月12日9时召开调度会。")
        preview = people.wang.last
        await people.say(people.wang, "确认")
        people.wang.press(preview.message_id, "确认发送")
        await people.stage.settle()
        assert "这条通知已经发出" in people.wang.last.text
        assert len(people.li.said("调度会")) == 1


async def test_it_can_be_dropped_and_waits_for_the_morning(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, at=local("2025-03-20 21:00")) as people:
        await people.say(people.wang, "/broadcast 明天上午报数。")
        assert "已取消" in await people.say(people.wang, "取消")
        await people.say(people.wang, "/broadcast 明天上午报数。")
        await people.say(people.wang, "确认")
        assert not people.li.said("明天上午报数")
        await people.stage.move_to(local("2025-03-21 08:05"))
        assert people.li.said("明天上午报数")


async def test_who_may_not_broadcast_learns_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        assert "没有办理此事的权限" in await people.say(people.li, "/broadcast 大家好。")
        assert outbox(people, "broadcast") == []


async def test_the_command_line_shows_and_asks_too(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        (tmp_path / "config.toml").write_text(
            f'[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\n'
            f'key_file = "{tmp_path / "duban.key"}"\n',
            "utf-8",
        )
        desk, line = Desk(tmp_path), ("broadcast", "请核对台账。", "--at", "2025-03-21T09:00")
        assert desk.run(*line, input="n\n").exit_code == 1
        assert desk.do(*line, "--yes") == "sent to 2 liaisons of 2 units\n"
        assert "nobody can be reached" in desk.run(*line, "--unit", "区水务局", "--yes").stderr
        await people.stage.settle()
        assert people.li.said("请核对台账")
