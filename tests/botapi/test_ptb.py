"""Every shape this server prints is one python-telegram-bot reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import telegram
from telegram.error import BadRequest, Conflict, Forbidden, RetryAfter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from duban.rehearsal.botapi import BotApi, User
    from rules.clock import SimulatedClock


@pytest.fixture
async def ptb(server: BotApi, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[telegram.Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # without it RetryAfter warns on creation
    bot = telegram.Bot(server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot")
    async with bot:
        yield bot


async def test_a_bot_converses_with_a_person(ptb: telegram.Bot, liaison: User, clock: SimulatedClock) -> None:
    assert (ptb.username, ptb.id) == ("duban_rehearsal_bot", 1)
    liaison.send("/start CODE")
    (update,) = await ptb.get_updates(timeout=1, allowed_updates=telegram.Update.ALL_TYPES)
    assert update.message is not None
    assert update.message.date == clock.now()
    assert update.message.parse_entities(["bot_command"]) == {update.message.entities[0]: "/start"}
    button = telegram.InlineKeyboardButton("提交", callback_data="ok:1")
    sent = await update.message.reply_text(
        "<b>你好</b>", parse_mode="HTML", do_quote=True, reply_markup=telegram.InlineKeyboardMarkup([[button]])
    )
    assert sent.text_html == "<b>你好</b>"
    liaison.press(sent.message_id, "提交")
    (pressed,) = await ptb.get_updates(offset=update.update_id + 1)
    assert pressed.callback_query is not None
    assert await pressed.callback_query.answer("收到")
    edited = await pressed.callback_query.edit_message_text("已提交")
    assert isinstance(edited, telegram.Message)
    assert (liaison.toasts, liaison.last.text, liaison.last.buttons) == (["收到"], "已提交", [])


async def test_files_go_both_ways(ptb: telegram.Bot, liaison: User) -> None:
    await ptb.send_document(1001, b"PK\x03\x04", filename="台账.xlsx", caption="台账")
    assert liaison.last.document is not None
    assert (liaison.last.document.name, liaison.last.document.data) == ("台账.xlsx", b"PK\x03\x04")
    liaison.document("通知".encode(), "通知.txt", "请办理")
    (update,) = await ptb.get_updates()
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    assert bytes(await file.download_as_bytearray()).decode() == "通知"
    await ptb.send_photo(1001, b"\xff\xd8\xff", caption="热力图")
    assert liaison.last.photo is not None


async def test_every_kind_of_update_parses(server: BotApi, ptb: telegram.Bot, liaison: User) -> None:
    first = liaison.send("进展 https://gov.example")
    liaison.edit(first, "新进展")
    liaison.contact("+8613800000000")
    liaison.photo("现场")
    liaison.document(b"x", "a.pdf")
    liaison.sticker()
    liaison.forward("转发")
    liaison.media_group(2)
    liaison.press_raw("forged", 999)
    liaison.block()
    liaison.unblock()
    group = server.group(-123, members=[liaison])
    group.add_bot(liaison)
    group.promote_bot(liaison)
    liaison.send("在群里", chat=group, reply_to=group.post("匿名"))
    group.migrate(-100456)
    server.group(-100777, kind="channel").post("公告")
    updates = await ptb.get_updates()
    assert len(updates) == server.pending == 20
    assert all(update.effective_chat for update in updates)
    assert not any(update.api_kwargs for update in updates)
    assert not any(
        update.effective_message.api_kwargs
        for update in updates
        if isinstance(update.effective_message, telegram.Message)
    )


async def test_errors_become_their_exceptions(server: BotApi, ptb: telegram.Bot, liaison: User) -> None:
    with pytest.raises(BadRequest, match="Message text is empty"):
        await ptb.send_message(1001, "")
    for _ in range(5):
        await ptb.send_message(1001, "x")
    with pytest.raises(RetryAfter):
        await ptb.send_message(1001, "x")
    liaison.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await ptb.send_message(1001, "x")
    await ptb.set_webhook("https://office.example/hook")
    with pytest.raises(Conflict):
        await ptb.get_updates()
    assert (await ptb.get_webhook_info()).url == "https://office.example/hook"


async def test_chats_and_commands_are_described(server: BotApi, ptb: telegram.Bot, liaison: User) -> None:
    assert (await ptb.get_chat(1001)).first_name == "张敏"
    assert (await ptb.get_chat(server.group(-100123).id)).type == "supergroup"
    await ptb.set_my_commands([("tasks", "我的任务")], scope=telegram.BotCommandScopeChat(1001))
    assert (await ptb.get_my_commands(scope=telegram.BotCommandScopeChat(1001)))[0].command == "tasks"
    assert await ptb.send_chat_action(1001, "typing")
    sent = await ptb.send_message(1001, "x", reply_markup=telegram.ReplyKeyboardMarkup([["跳过"]]))
    assert liaison.keyboard == [["跳过"]]
    assert await sent.delete()
    assert liaison.inbox == []
