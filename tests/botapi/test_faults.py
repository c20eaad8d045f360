"""What a bot sees of each fault, and what the journal and the people see of it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import aiohttp
import pytest

from . import faults

if TYPE_CHECKING:
    from duban.rehearsal.botapi import BotApi, User

    from .conftest import Bot
    from .faults import Scripted

ACCEPTED = [
    faults.accept_then_rst,
    faults.accept_then_500,
    faults.html200,
    faults.no_result,
    faults.bad_json,
    faults.truncate,
]
REFUSED = [faults.rst_before, faults.status(502, "<html>"), faults.retry_after(35), faults.unauthorized]
HANGING = [(faults.hang_before, 0), (faults.half_open, 0), (faults.accept_then_hang, 1), (faults.drip(0.01), 1)]


async def send(bot: Bot) -> bool:
    """Say whether the bot was told that its message is sent."""
    with contextlib.suppress(aiohttp.ClientError, ValueError, AssertionError):
        return "message_id" in (await bot("sendMessage", chat_id=1001, text="提醒"))
    return False


@pytest.mark.parametrize("fault", ACCEPTED, ids=lambda fault: fault.name)
async def test_an_accepted_call_took_effect_unknown_to_the_bot(
    server: BotApi, bot: Bot, liaison: User, fault: Scripted
) -> None:
    server.faults.on("sendMessage", chat=1001, fault=fault)
    with contextlib.suppress(KeyError):
        assert not await send(bot)
    assert len(liaison.said("提醒")) == 1
    assert [(e.delivered, e.fault) for e in server.journal] == [(True, fault.name)]


@pytest.mark.parametrize("fault", REFUSED, ids=lambda fault: fault.name)
async def test_a_refused_call_took_no_effect(server: BotApi, bot: Bot, liaison: User, fault: Scripted) -> None:
    server.faults.on("sendMessage", fault=fault)
    assert not await send(bot)
    assert liaison.inbox == []
    assert [(e.delivered, e.fault) for e in server.journal] == [(False, fault.name)]
    assert await send(bot)


@pytest.mark.parametrize(("fault", "shown"), HANGING, ids=lambda value: getattr(value, "name", ""))
async def test_a_hanging_call_is_let_go_when_the_bot_gives_up(
    server: BotApi, bot: Bot, liaison: User, fault: Scripted, shown: int
) -> None:
    server.faults.on("sendMessage", fault=fault)
    call = asyncio.create_task(send(bot))
    await server.wait_for(lambda: len(server.journal))
    call.cancel()
    assert len(liaison.inbox) == shown
    assert await send(bot)


async def test_a_server_stops_beneath_a_hanging_call(server: BotApi, bot: Bot, liaison: User) -> None:
    server.faults.on("sendMessage", fault=faults.hang_before)
    call = asyncio.create_task(send(bot))
    await server.wait_for(lambda: len(server.journal))
    await server.stop()
    assert not await call


async def test_a_rule_strikes_the_nth_call_in_its_chat(server: BotApi, bot: Bot, liaison: User) -> None:
    server.user(1002).send("/start")
    rule = server.faults.on("sendMessage", chat=1001, nth=2, times=2, fault=faults.accept_then_500)
    outcomes = [await send(bot) for _ in range(2)]
    await bot("sendMessage", chat_id=1002, text="x")
    outcomes += [await send(bot) for _ in range(2)]
    assert outcomes == [True, False, False, True]
    assert rule.fired == 2


async def test_a_rule_may_last_until_it_is_cleared(server: BotApi, bot: Bot, liaison: User) -> None:
    rule = server.faults.on("*", times=None, fault=faults.not_found)
    assert [await send(bot), await send(bot)] == [False, False]
    server.faults.clear(rule)
    assert await send(bot)


@pytest.mark.parametrize("seconds", [1, 3600, 0, None, "abc", -1, 1e9])
async def test_a_429_may_say_anything(server: BotApi, bot: Bot, seconds: object) -> None:
    server.faults.on("getMe", fault=faults.retry_after(seconds))
    told = await bot.told("getMe")
    assert told.get("parameters") == (None if seconds is None else {"retry_after": seconds})


async def test_a_huge_answer_arrives_whole(server: BotApi, bot: Bot) -> None:
    server.faults.on("getMe", fault=faults.huge(3_000_000))
    assert len(await bot("getMe")) == 3_000_000


async def test_updates_of_a_lost_answer_are_handed_out_again(server: BotApi, bot: Bot, liaison: User) -> None:
    liaison.send("一")
    server.faults.on("getUpdates", fault=faults.accept_then_rst)
    with pytest.raises(aiohttp.ClientError):
        await bot("getUpdates")
    assert len(await bot("getUpdates")) == 1
