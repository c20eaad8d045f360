"""What the bot may send, and how it is refused (Bot API; tdlib Client.cpp error texts)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

if TYPE_CHECKING:
    from duban.rehearsal.botapi import BotApi, User
    from rules.clock import SimulatedClock

    from .conftest import Bot


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


async def test_a_message_appears_in_the_inbox_with_its_buttons(bot: Bot, liaison: User, clock: SimulatedClock) -> None:
    markup = keyboard({"text": "提交", "callback_data": "ok:1"}, {"text": "网站", "url": "https://gov.example"})
    sent = await bot("sendMessage", chat_id=1001, text="请报送进展", reply_markup=markup)
    assert liaison.last.message_id == sent["message_id"]
    assert liaison.last.text == "请报送进展"
    assert liaison.last.buttons == [[("提交", "ok:1")], [("网站", "https://gov.example")]]
    assert liaison.last.date == liaison.last.sent_at == clock.now()
    assert liaison.last.edited is None
    assert liaison.said("进展") == liaison.inbox == [liaison.last]


@pytest.mark.parametrize(
    ("chat_id", "told"),
    [
        (4040, "400 Bad Request: chat not found"),
        ("@nobody", "400 Bad Request: chat not found"),
        ("", "400 Bad Request: chat_id is empty"),
        (9001, "403 Forbidden: bot can't initiate conversation with a user"),
    ],
)
async def test_a_wrong_recipient_is_refused(bot: Bot, outsider: User, chat_id: object, told: str) -> None:
    assert await bot.refused("sendMessage", chat_id=chat_id, text="你好") == told
    assert outsider.inbox == []


async def test_a_blocked_bot_is_refused_until_unblocked(bot: Bot, liaison: User) -> None:
    liaison.block()
    assert await bot.refused("sendMessage", chat_id=1001, text="x") == "403 Forbidden: bot was blocked by the user"
    liaison.unblock()
    await bot("sendMessage", chat_id=1001, text="x")


async def test_a_deactivated_user_is_refused(bot: Bot, liaison: User) -> None:
    liaison.deactivate()
    assert await bot.refused("sendMessage", chat_id=1001, text="x") == "403 Forbidden: user is deactivated"


@pytest.mark.parametrize("text", ["", "  \n ", None])
async def test_an_empty_text_is_refused(bot: Bot, liaison: User, text: str | None) -> None:
    assert await bot.refused("sendMessage", chat_id=1001, text=text) == "400 Bad Request: message text is empty"


@pytest.mark.parametrize("char", ["a", "字", "😀"])
async def test_a_text_holds_4096_code_points(bot: Bot, liaison: User, char: str) -> None:
    await bot("sendMessage", chat_id=1001, text=char * 4096)
    told = await bot.refused("sendMessage", chat_id=1001, text=char * 4097)
    assert told == "400 Bad Request: message is too long"


async def test_length_is_counted_after_entities_parsing(bot: Bot, liaison: User) -> None:
    await bot("sendMessage", chat_id=1001, text="<b>" + "&lt;" * 4096 + "</b>", parse_mode="HTML")
    assert liaison.last.text == "<" * 4096


async def test_a_lone_surrogate_is_refused(bot: Bot, liaison: User) -> None:
    assert "strings must be encoded in UTF-8" in await bot.refused("sendMessage", chat_id=1001, text="\ud83d")


@pytest.mark.parametrize(("data", "fits"), [("提" * 21 + "x", True), ("提" * 22, False), ("", False), ("x" * 64, True)])
async def test_callback_data_is_1_to_64_bytes(bot: Bot, liaison: User, data: str, *, fits: bool) -> None:
    told = await bot.told(
        "sendMessage", chat_id=1001, text="x", reply_markup=keyboard({"text": "好", "callback_data": data})
    )
    assert told["ok"] is fits
    assert fits or told["description"] == "Bad Request: BUTTON_DATA_INVALID"


async def test_a_button_without_action_is_refused(bot: Bot, liaison: User) -> None:
    told = await bot.refused("sendMessage", chat_id=1001, text="x", reply_markup=keyboard({"text": "好"}))
    assert told.endswith("Text buttons are unallowed in the inline keyboard")


async def test_a_reply_must_quote_a_message_that_is_there(bot: Bot, liaison: User) -> None:
    asked = liaison.send("第几项？")
    sent = await bot("sendMessage", chat_id=1001, text="第3项", reply_parameters={"message_id": asked["message_id"]})
    assert sent["reply_to_message"]["text"] == "第几项？"
    assert liaison.last.reply_to == asked["message_id"]
    told = await bot.refused("sendMessage", chat_id=1001, text="x", reply_parameters={"message_id": 999})
    assert told == "400 Bad Request: message to be replied not found"
    forgiving = {"message_id": 999, "allow_sending_without_reply": True}
    await bot("sendMessage", chat_id=1001, text="x", reply_parameters=forgiving)


async def test_a_reply_keyboard_stays_until_removed(bot: Bot, liaison: User) -> None:
    shown = {"keyboard": [[{"text": "共享电话", "request_contact": True}, "跳过"]]}
    await bot("sendMessage", chat_id=1001, text="电话？", reply_markup=shown)
    assert liaison.keyboard == [["共享电话", "跳过"]]
    await bot("sendMessage", chat_id=1001, text="好", reply_markup={"remove_keyboard": True})
    assert liaison.keyboard == []


async def test_a_document_arrives_with_its_bytes(server: BotApi, session: aiohttp.ClientSession, liaison: User) -> None:
    fields = {"chat_id": "1001", "caption": "<b>台账</b>", "parse_mode": "HTML"}
    form = aiohttp.FormData(fields, quote_fields=False)  # quoted, the name would arrive as %E5%8F%B0…
    form.add_field("document", b"PK\x03\x04", filename="台账.xlsx")
    async with session.post(f"{server.url}/bot{server.token}/sendDocument", data=form) as response:
        assert (await response.json())["result"]["document"]["file_name"] == "台账.xlsx"
    assert liaison.last.document is not None
    assert liaison.last.document.data == b"PK\x03\x04"
    assert liaison.last.text == "台账"


async def test_a_known_file_id_can_be_sent_again(bot: Bot, liaison: User) -> None:
    file_id = liaison.photo("现场")["photo"][0]["file_id"]
    await bot("sendPhoto", chat_id=1001, photo=file_id)
    assert liaison.last.photo is not None
    told = await bot.refused("sendPhoto", chat_id=1001, photo="unknown")
    assert told == "400 Bad Request: wrong file_id or the file is temporarily unavailable"


async def test_a_caption_holds_1024_code_points(bot: Bot, liaison: User) -> None:
    file_id = liaison.document(b"x", "a.txt")["document"]["file_id"]
    await bot("sendDocument", chat_id=1001, document=file_id, caption="字" * 1024)
    told = await bot.refused("sendDocument", chat_id=1001, document=file_id, caption="字" * 1025)
    assert told == "400 Bad Request: message caption is too long"


async def test_an_edit_replaces_text_and_keyboard(bot: Bot, liaison: User, clock: SimulatedClock) -> None:
    markup = keyboard({"text": "提交", "callback_data": "ok:1"})
    sent = await bot("sendMessage", chat_id=1001, text="草稿", reply_markup=markup)
    clock.advance(timedelta(seconds=2))
    await bot("editMessageText", chat_id=1001, message_id=sent["message_id"], text="已提交")
    assert [(m.text, m.buttons, m.edited) for m in liaison.inbox] == [("已提交", [], clock.now())]


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, liaison: User) -> None:
    sent = await bot("sendMessage", chat_id=1001, text="<b>草稿</b>", parse_mode="HTML")
    same = {"chat_id": 1001, "message_id": sent["message_id"]}
    told = await bot.refused("editMessageText", text="<b>草稿</b>", parse_mode="HTML", **same)
    assert told.startswith("400 Bad Request: message is not modified: ")
    assert "not modified" in await bot.refused("editMessageReplyMarkup", **same)
    await bot("editMessageText", text="草稿", **same)
    assert "not modified" in await bot.refused("editMessageText", text="草稿", **same)


async def test_only_own_messages_that_exist_can_be_edited(bot: Bot, liaison: User) -> None:
    theirs = liaison.send("我的")["message_id"]
    told = await bot.refused("editMessageText", chat_id=1001, message_id=theirs, text="x")
    assert told == "400 Bad Request: message can't be edited"
    told = await bot.refused("editMessageText", chat_id=1001, message_id=999, text="x")
    assert told == "400 Bad Request: message to edit not found"


async def test_a_deleted_message_leaves_the_inbox(bot: Bot, liaison: User) -> None:
    sent = await bot("sendMessage", chat_id=1001, text="x")
    await bot("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    assert liaison.inbox == []
    told = await bot.refused("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    assert told == "400 Bad Request: message to delete not found"


async def test_a_message_over_48_hours_old_cannot_be_deleted(bot: Bot, liaison: User, clock: SimulatedClock) -> None:
    sent = await bot("sendMessage", chat_id=1001, text="x")
    clock.advance(timedelta(hours=48, seconds=1))
    told = await bot.refused("deleteMessage", chat_id=1001, message_id=sent["message_id"])
    assert told == "400 Bad Request: message can't be deleted for everyone"


async def test_five_messages_may_burst_then_one_a_second(bot: Bot, liaison: User, clock: SimulatedClock) -> None:
    for _ in range(5):
        await bot("sendMessage", chat_id=1001, text="x")
    told = await bot.told("sendMessage", chat_id=1001, text="x")
    assert told["description"] == "Too Many Requests: retry after 1"
    assert told["parameters"] == {"retry_after": 1}
    clock.advance(timedelta(seconds=1))
    await bot("sendMessage", chat_id=1001, text="x")
    assert (await bot.refused("sendMessage", chat_id=1001, text="x")).startswith("429")


async def test_a_group_takes_twenty_a_minute(server: BotApi, bot: Bot, clock: SimulatedClock) -> None:
    server.group(-100123)
    for _ in range(20):
        await bot("sendMessage", chat_id=-100123, text="x")
        clock.advance(timedelta(seconds=1))
    told = await bot.told("sendMessage", chat_id=-100123, text="x")
    assert told["parameters"] == {"retry_after": 40}


async def test_thirty_a_second_go_out_overall(server: BotApi, bot: Bot, clock: SimulatedClock) -> None:
    for number in range(31):
        server.user(2000 + number).send("/start")
    for number in range(30):
        await bot("sendMessage", chat_id=2000 + number, text="x")
    assert (await bot.refused("sendMessage", chat_id=2030, text="x")).startswith("429")
    clock.advance(timedelta(seconds=1))
    await bot("sendMessage", chat_id=2030, text="x")
    assert server.flood_refusals == 1


async def test_sendChatAction_shows_nothing(bot: Bot, liaison: User) -> None:  # noqa: N802
    assert await bot("sendChatAction", chat_id=1001, action="upload_document") is True
    assert "wrong parameter action" in await bot.refused("sendChatAction", chat_id=1001, action="dancing")
    assert liaison.inbox == []
