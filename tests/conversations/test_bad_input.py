"""Whatever people send, somebody gets a sensible answer and nothing is lost."""

import json
from pathlib import Path

import pytest

from tests.cast import Cast, cast
from tests.conversations.looking import reported, rows, states


async def push(people: Cast, **content: object) -> None:
    """Hand the bot a message of any shape from 李丽, then let everybody finish."""
    head = {"message_id": 77_001, "date": int(people.stage.clock.now().timestamp()), "from": people.li.card}
    chat = {"id": people.li.id, "type": "private", "first_name": "李"}
    people.stage.api.push_raw('"message": ' + json.dumps({**head, "chat": chat, **content}))
    await people.stage.settle()


async def test_a_sticker_is_answered_kindly(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.li.sticker()
        await people.stage.settle()
        assert "目前只能接收文字" in people.li.last.text


@pytest.mark.parametrize(
    "content",
    [
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"location": {"latitude": 1.0, "longitude": 2.0}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"something_new": {"of": "tomorrow"}},
    ],
)
async def test_what_is_no_text_is_answered(tmp_path: Path, content: dict[str, object]) -> None:
    async with cast(tmp_path) as people:
        await push(people, **content)
        assert "目前只能接收文字" in people.li.last.text


async def test_a_caption_is_the_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.li.photo("已完成3个项目。")
        await people.stage.settle()
        assert "/200字 ✓" in people.li.last.text


async def test_an_album_is_answered_once_by_its_caption(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        before = len(people.li.inbox)
        people.li.media_group(4, "已完成3个项目。")
        await people.stage.settle()
        assert len(people.li.inbox) == before + 1
        assert "/200字 ✓" in people.li.last.text


async def test_an_album_without_a_caption_is_answered_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        before = len(people.li.inbox)
        people.li.media_group(4)
        await people.stage.settle()
        assert len(people.li.inbox) == before + 1


async def test_service_messages_are_not_answered(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        before = len(people.li.inbox)
        chat = {"id": people.li.id, "type": "private"}
        await push(people, pinned_message={"message_id": 5, "date": 1_742_436_000, "chat": chat, "text": "已读"})
        assert len(people.li.inbox) == before
        assert rows(people, "SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]


async def test_a_text_of_4096_characters_is_kept_whole(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        text = "已完成3个项目。" * 512
        assert "4096/200字 ⚠" in await people.say(people.li, text)
        assert rows(people, "SELECT progress FROM report") == [(text,)]


async def test_lone_surrogates_and_nul_are_taken_as_unreadable_marks(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await push(people, text="已完成3个项目\ud800\x00。")
        assert rows(people, "SELECT progress FROM report") == [("已完成3个项目\ufffd\ufffd。",)]


async def test_emoji_count_one_each(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "10/200字 ✓" in await people.say(people.li, "已完成3个项目。👍🏽👨‍👩‍👧")


async def test_full_width_digits_and_slash_are_understood(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "２．已完成3个项目。")
        assert states(people) == [(2, 1, "draft")]
        assert "没有逾期未报" in await people.say(people.wang, "／overdue")


@pytest.mark.parametrize("text", ["/nothing", "/报送", "/123 abc", "／查看"])
async def test_an_unknown_command_is_no_report(tmp_path: Path, text: str) -> None:
    async with cast(tmp_path) as people:
        assert "这个命令" in await people.say(people.li, text)
        assert states(people) == []


async def test_a_command_is_read_in_any_case_and_with_the_bots_name(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "本单位任务（1项）" in await people.say(people.li, "/Tasks@duban_bot")


async def test_groups_are_ignored(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        group = people.stage.api.group(-100_500, members=[people.li])
        before = len(people.li.inbox)
        for text in ("已完成3个项目。", "/overdue", "提交"):
            people.li.send(text, chat=group)
        await people.stage.settle()
        assert group.inbox == []
        assert len(people.li.inbox) == before
        assert states(people) == []


async def test_what_a_person_writes_never_becomes_markup(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个<b>项目</b> *&amp;* [x](http://e.cn)")
        await people.say(people.li, "提交")
        assert [row.progress for row in reported(people)] == ["已完成3个<b>项目</b> *&amp;* [x](http://e.cn)"]
