"""What people do, and what the bot gets of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from duban.rehearsal.botapi import BotApi, User
    from rules.clock import SimulatedClock

    from .conftest import Bot


async def prompt(bot: Bot) -> int:
    rows = [[{"text": "提交", "callback_data": "ok:1"}, {"text": "修改", "callback_data": "edit:1"}]]
    rows.append([{"text": "网站", "url": "https://gov.example"}])
    sent = await bot("sendMessage", chat_id=1001, text="186/200字 ✓", reply_markup={"inline_keyboard": rows})
    return int(sent["message_id"])


@pytest.mark.parametrize(("button", "data"), [("提交", "ok:1"), ("edit:1", "edit:1"), ((0, 1), "edit:1")])
async def test_a_button_is_found_by_text_data_or_place(
    bot: Bot, liaison: User, button: str | tuple[int, int], data: str
) -> None:
    query_id = liaison.press(await prompt(bot), button)
    query = (await bot("getUpdates"))[0]["callback_query"]
    assert (query["id"], query["data"], query["from"]["id"]) == (query_id, data, 1001)
    assert query["message"]["text"] == "186/200字 ✓"


async def test_a_button_that_is_not_there_cannot_be_pressed(bot: Bot, liaison: User) -> None:
    message_id = await prompt(bot)
    with pytest.raises(LookupError, match="no button '退回'"):
        liaison.press(message_id, "退回")
    with pytest.raises(ValueError, match="sends no callback"):
        liaison.press(message_id, "网站")
    with pytest.raises(LookupError, match="shows no message"):
        liaison.press(999, "提交")


async def test_a_forged_press_may_hold_anything(bot: Bot, liaison: User) -> None:
    liaison.press_raw("\x00" * 64, 999)
    query = (await bot("getUpdates"))[0]["callback_query"]
    assert query["message"] == {
        "chat": {"id": 1001, "type": "private", "first_name": "张敏"},
        "message_id": 999,
        "date": 0,
    }


async def test_a_press_is_answered_once(bot: Bot, liaison: User) -> None:
    query_id = liaison.press(await prompt(bot), "提交")
    await bot("answerCallbackQuery", callback_query_id=query_id, text="已收到")
    assert (liaison.toasts, liaison.answered) == (["已收到"], {query_id})
    told = await bot.refused("answerCallbackQuery", callback_query_id=query_id)
    assert told == "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.mark.parametrize(("seconds", "ok"), [(1, True), (149, True), (151, False)])
async def test_a_press_can_be_answered_for_150_seconds(
    bot: Bot, liaison: User, clock: SimulatedClock, seconds: int, *, ok: bool
) -> None:
    query_id = liaison.press_raw("ok:1", 1)
    clock.advance(timedelta(seconds=seconds))
    assert (await bot.told("answerCallbackQuery", callback_query_id=query_id))["ok"] is ok


async def test_a_toast_holds_200_characters(bot: Bot, liaison: User) -> None:
    query_id = liaison.press_raw("ok:1", 1)
    assert await bot.refused("answerCallbackQuery", callback_query_id=query_id, text="字" * 201)
    await bot("answerCallbackQuery", callback_query_id=query_id, text="字" * 200)


async def test_an_edit_carries_both_times(bot: Bot, liaison: User, clock: SimulatedClock) -> None:
    sent = liaison.send("完成50%")
    liaison.edit(sent["message_id"], "完成60% /done", clock.now() + timedelta(minutes=5))
    edited = (await bot("getUpdates", offset=-1))[0]["edited_message"]
    assert edited["edit_date"] - edited["date"] == 300
    assert (edited["text"], edited["entities"][0]["type"]) == ("完成60% /done", "bot_command")
    assert sent["text"] == "完成50%"


async def test_a_person_edits_only_own_messages(bot: Bot, liaison: User) -> None:
    message_id = await prompt(bot)
    with pytest.raises(ValueError, match="not 1001's own"):
        liaison.edit(message_id, "x")


async def test_a_message_may_bear_an_earlier_date(bot: Bot, liaison: User, clock: SimulatedClock) -> None:
    earlier = clock.now() - timedelta(hours=3)
    liaison.send("补报", date=earlier)
    date = (await bot("getUpdates"))[0]["message"]["date"]
    assert datetime.fromtimestamp(date, UTC) == earlier


async def test_blocking_and_unblocking_are_told_to_the_bot(bot: Bot, liaison: User) -> None:
    liaison.block()
    liaison.block()
    with pytest.raises(ValueError, match="cannot write"):
        liaison.send("x")
    liaison.unblock()
    changes = [update["my_chat_member"] for update in await bot("getUpdates")]
    assert [change["new_chat_member"]["status"] for change in changes] == ["kicked", "member"]


async def test_a_shared_contact_is_ones_own_unless_said(bot: Bot, liaison: User) -> None:
    assert liaison.contact("+8613800000000")["contact"]["user_id"] == 1001
    assert liaison.contact("+8613800000000", 7)["contact"]["user_id"] == 7
    assert "user_id" not in liaison.contact("+8613800000000", 0)["contact"]


async def test_an_album_shares_one_id(bot: Bot, liaison: User) -> None:
    liaison.media_group(3, "现场照片")
    messages = [update["message"] for update in await bot("getUpdates")]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [message.get("caption") for message in messages] == ["现场照片", None, None]


async def test_a_reply_quotes_the_bots_message(bot: Bot, liaison: User) -> None:
    message_id = await prompt(bot)
    sent = liaison.send("完成", reply_to=message_id)
    assert sent["reply_to_message"]["from"]["is_bot"] is True


async def test_message_ids_are_shared_by_private_chats(server: BotApi, liaison: User) -> None:
    other = server.user(1002).send("/start")
    assert liaison.send("x")["message_id"] == other["message_id"] + 1


async def test_a_client_does_not_send_over_4096_characters(liaison: User) -> None:
    with pytest.raises(ValueError, match=r"1\.\.4096"):
        liaison.send("字" * 4097)


async def test_a_group_counts_its_own_messages_and_knows_its_members(server: BotApi, bot: Bot, liaison: User) -> None:
    group = server.group(-100123, members=[liaison])
    sent = liaison.send("/overdue@duban_rehearsal_bot", chat=group)
    assert (sent["message_id"], sent["chat"]["type"]) == (1, "supergroup")
    await bot("sendMessage", chat_id=group.id, text="3项逾期")
    assert (group.last.text, liaison.inbox) == ("3项逾期", [])
    with pytest.raises(ValueError, match="not a member"):
        server.user(1002).send("x", chat=group)


async def test_a_migrated_group_names_its_new_id(server: BotApi, bot: Bot, liaison: User) -> None:
    group = server.group(-123, members=[liaison])
    new = group.migrate(-100456)
    told = await bot.told("sendMessage", chat_id=-123, text="x")
    assert told["error_code"] == 400
    assert told["parameters"] == {"migrate_to_chat_id": -100456}
    await bot("sendMessage", chat_id=new.id, text="x")
    service = [update["message"] for update in await bot("getUpdates")]
    assert [m.get("migrate_to_chat_id") or m.get("migrate_from_chat_id") for m in service] == [-100456, -123]


async def test_a_bot_put_out_or_gone_cannot_write(server: BotApi, bot: Bot, liaison: User) -> None:
    group = server.group(-100123, members=[liaison])
    await bot("leaveChat", chat_id=group.id)
    told = await bot.refused("sendMessage", chat_id=group.id, text="x")
    assert told == "403 Forbidden: bot is not a member of the supergroup chat"
    group.add_bot(liaison)
    await bot("sendMessage", chat_id=group.id, text="x")
    group.kick_bot(liaison)
    told = await bot.refused("sendMessage", chat_id=group.id, text="x")
    assert told == "403 Forbidden: bot was kicked from the supergroup chat"


async def test_anonymous_admins_and_channels_have_no_person(server: BotApi, bot: Bot) -> None:
    server.group(-100123).post("通知")
    server.group(-100777, kind="channel").post("公告")
    first, second = await bot("getUpdates")
    assert first["message"]["from"]["id"] == 1087968824
    assert "from" not in second["channel_post"]
