"""How requests are read and answered: paths, tokens, the four ways to pass parameters, files, control, journal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from duban.rehearsal.botapi import BotApi

if TYPE_CHECKING:
    from pathlib import Path

    from duban.rehearsal.botapi import User
    from rules.clock import SimulatedClock

    from .conftest import Bot


async def fetch(session: aiohttp.ClientSession, url: str, **options: Any) -> tuple[int, Any]:
    async with session.post(url, **options) as response:
        return response.status, await response.json()


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/botnonsense/getMe", 404, "Not Found"),
        ("/bot1:rehearsal-token/getmoney", 404, "Not Found: method not found"),
        ("/", 404, "Not Found"),
    ],
)
async def test_a_wrong_address_is_refused(
    server: BotApi, session: aiohttp.ClientSession, path: str, status: int, description: str
) -> None:
    told = {"ok": False, "error_code": status, "description": description}
    assert await fetch(session, server.url + path) == (status, told)


async def test_parameters_come_in_four_ways(server: BotApi, session: aiohttp.ClientSession, liaison: User) -> None:
    url = f"{server.url}/bot{server.token}/SENDMESSAGE"
    markup = {"inline_keyboard": [[{"text": "好", "callback_data": "1"}]]}
    flat = {"chat_id": "1001", "text": "你好 +1", "reply_markup": json.dumps(markup), "unknown": "ignored"}
    multipart = aiohttp.FormData(flat, default_to_multipart=True)
    for options in ({"json": flat | {"reply_markup": markup}}, {"data": flat}, {"params": flat}, {"data": multipart}):
        assert (await fetch(session, url, **options))[0] == 200
    assert [(m.text, m.buttons) for m in liaison.inbox] == [("你好 +1", [[("好", "1")]])] * 4
    assert [e.args["reply_markup"] for e in server.journal.of("sendMessage", 1001)] == [markup] * 4


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff"])
async def test_a_broken_body_is_refused(server: BotApi, session: aiohttp.ClientSession, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    status, _ = await fetch(session, f"{server.url}/bot{server.token}/getMe", data=body, headers=headers)
    assert status == 400


async def test_a_document_can_be_downloaded(
    server: BotApi, session: aiohttp.ClientSession, bot: Bot, liaison: User
) -> None:
    sent = liaison.document(b"PK\x03\x04", "../../附件 4.xlsx")
    told = await bot("getFile", file_id=sent["document"]["file_id"])
    async with session.get(f"{server.url}/file/bot{server.token}/{told['file_path']}") as response:
        assert await response.read() == b"PK\x03\x04"
    async with session.get(f"{server.url}/file/bot1:wrong/{told['file_path']}") as response:
        assert response.status == 401


async def test_a_file_over_20_mebibytes_cannot_be_downloaded(bot: Bot, liaison: User) -> None:
    sent = liaison.document(bytes((20 << 20) + 1), "big.bin")
    assert await bot.refused("getFile", file_id=sent["document"]["file_id"]) == "400 Bad Request: file is too big"


async def test_the_journal_tells_every_call_and_its_outcome(server: BotApi, bot: Bot, liaison: User) -> None:
    sent = await bot("sendMessage", chat_id=1001, text="x")
    await bot.refused("sendMessage", chat_id=1001, text="")
    liaison.send("y")
    await bot("getUpdates")
    entries = [(e.seq, e.method, e.outcome, e.status, e.delivered, e.chat_id) for e in server.journal]
    assert entries == [
        (1, "sendMessage", "ok", 200, True, 1001),
        (2, "sendMessage", "Bad Request: message text is empty", 400, False, 1001),
        (3, "getUpdates", "ok", 200, True, None),
    ]
    assert server.journal[0].message_id == sent["message_id"]
    assert server.journal[-1].update_ids == (1001,)


async def test_the_journal_can_be_a_file_and_bounded(clock: SimulatedClock, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    async with BotApi(clock, journal_path=path, journal_limit=2) as server:
        for _ in range(3):
            await server.call("getMe")
        assert [entry.seq for entry in server.journal] == [2, 3]
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["seq"] for line in lines] == [1, 2, 3]


async def test_the_same_seed_gives_the_same_journal(clock: SimulatedClock, tmp_path: Path) -> None:
    for name in ("first", "second"):
        async with BotApi(clock, seed=7, journal_path=tmp_path / name) as server:
            liaison = server.user(1001)
            liaison.send("/start")
            query_id = liaison.press_raw("ok:1", 1)
            await server.call("answerCallbackQuery", callback_query_id=query_id)
            await server.call("getUpdates")
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes()


async def test_people_can_be_played_by_curl(server: BotApi, session: aiohttp.ClientSession, bot: Bot) -> None:
    root = f"{server.url}/control/user/1001"
    await fetch(session, root, json={"first_name": "张敏"})
    status, sent = await fetch(session, f"{root}/send", json={"text": "/start"})
    assert (status, sent["from"]["first_name"]) == (200, "张敏")
    markup = {"inline_keyboard": [[{"text": "提交", "callback_data": "ok:1"}]]}
    message = await bot("sendMessage", chat_id=1001, text="好", reply_markup=markup)
    await fetch(session, f"{root}/press", json={"message_id": message["message_id"], "button": [0, 0]})
    async with session.get(f"{root}/messages") as response:
        assert [shown["buttons"] for shown in await response.json()] == [[[["提交", "ok:1"]]]]
    async with session.get(f"{server.url}/control/journal?since=0") as response:
        assert [entry["method"] for entry in await response.json()] == ["sendMessage"]
    async with session.get(f"{server.url}/control/state") as response:
        assert (await response.json())["pending"] == 2


async def test_a_mistake_in_control_is_told_plainly(server: BotApi, session: aiohttp.ClientSession) -> None:
    for path, body in (("user/1001/fly", {}), ("user/x/send", {"text": "x"}), ("user/1001/send", {"txt": "x"})):
        status, told = await fetch(session, f"{server.url}/control/{path}", json=body)
        assert (status, bool(told["error"])) == (400, True)


async def test_commands_are_kept_by_scope_and_language(bot: Bot) -> None:
    commands = [{"command": "tasks", "description": "我的任务"}]
    await bot("setMyCommands", commands=commands, language_code="zh")
    assert await bot("getMyCommands", language_code="zh") == commands
    assert await bot("getMyCommands") == []
    assert "BOT_COMMAND_INVALID" in await bot.refused(
        "setMyCommands", commands=[{"command": "督办", "description": "x"}]
    )


async def test_commands_for_one_chat_are_kept_and_removed(bot: Bot, liaison: User) -> None:
    liaison.send("x")
    scope = {"type": "chat", "chat_id": liaison.id}
    commands = [{"command": "tasks", "description": "我的任务"}]
    await bot("setMyCommands", commands=commands, scope=scope)
    assert await bot("getMyCommands", scope={"type": "chat", "chat_id": str(liaison.id)}) == commands
    await bot("deleteMyCommands", scope=scope)
    assert await bot("getMyCommands", scope=scope) == []


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ({"type": "everyone"}, "can't parse BotCommandScope: Unsupported type specified"),
        ({"type": "chat"}, "can't parse BotCommandScope: Can't find field \"chat_id\""),
        ([1], "can't parse BotCommandScope: BotCommandScope must be an Object"),
        ({"type": "chat", "chat_id": 404}, "chat not found"),
        ({"type": "chat_member", "chat_id": 1001, "user_id": 1001}, "can't use specified scope in private chats"),
    ],
)
async def test_a_scope_telegram_does_not_take_is_refused(bot: Bot, liaison: User, scope: object, reason: str) -> None:
    liaison.send("x")
    assert await bot.refused("setMyCommands", commands=[], scope=scope) == f"400 Bad Request: {reason}"


async def test_commands_are_kept_for_languages_of_two_letters(bot: Bot) -> None:
    told = await bot.refused("setMyCommands", commands=[], language_code="zh-hans")
    assert told == "400 Bad Request: invalid language code specified"


async def test_the_webhook_is_described(bot: Bot, liaison: User) -> None:
    liaison.send("x")
    assert "HTTPS" in await bot.refused("setWebhook", url="http://office.example")
    assert "unallowed" in await bot.refused("setWebhook", url="https://office.example", secret_token="a b")
    await bot("setWebhook", url="https://office.example")
    assert (await bot("getWebhookInfo"))["pending_update_count"] == 1
    await bot("deleteWebhook", drop_pending_updates=True)
    assert (await bot("getWebhookInfo"))["url"] == ""
