"""How updates are handed out (Bot API getUpdates; tdlib Client.cpp; td TQueue.cpp)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from duban.rehearsal.botapi import BotApi

from .faults import dup_update, reorder

if TYPE_CHECKING:
    from duban.rehearsal.botapi import User
    from rules.clock import SimulatedClock

    from .conftest import Bot


def ids(updates: list[dict[str, int]]) -> list[int]:
    return [update["update_id"] for update in updates]


async def test_a_poll_without_offset_confirms_nothing(server: BotApi, bot: Bot, liaison: User) -> None:
    liaison.send("一")
    first = await bot("getUpdates")
    assert first == await bot("getUpdates")
    assert server.pending == 1


async def test_a_higher_offset_confirms_and_deletes(server: BotApi, bot: Bot, liaison: User) -> None:
    liaison.send("一")
    liaison.send("二")
    assert ids(await bot("getUpdates", offset=1002)) == [1002]
    assert ids(await bot("getUpdates")) == [1002]
    assert server.confirmed_offset == 1002


async def test_a_negative_offset_forgets_all_earlier_updates(server: BotApi, bot: Bot, liaison: User) -> None:
    for word in "一二三四":
        liaison.send(word)
    assert ids(await bot("getUpdates", offset=-2)) == [1003, 1004]
    assert server.pending == 2


async def test_a_negative_offset_beyond_the_queue_forgets_nothing(server: BotApi, bot: Bot, liaison: User) -> None:
    liaison.send("一")
    assert ids(await bot("getUpdates", offset=-100)) == [1001]


async def test_an_offset_far_past_the_tail_falls_back_to_the_head(server: BotApi, bot: Bot, liaison: User) -> None:
    liaison.send("一")
    assert ids(await bot("getUpdates", offset=1002 + 11)) == [1001]
    assert await bot("getUpdates", offset=1002 + 10) == []
    assert server.pending == 0


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (0, 1), (100, 100), (1000, 100), ("7", 7), ("", 100)])
async def test_the_limit_lies_between_1_and_100(bot: Bot, liaison: User, limit: int | str, count: int) -> None:
    for number in range(120):
        liaison.send(str(number))
    assert len(await bot("getUpdates", limit=limit)) == count


async def test_one_answer_stops_at_four_mebibytes(server: BotApi, bot: Bot) -> None:
    for _ in range(12):
        server.push_update(message={"text": "x" * 500_000})
    assert len(await bot("getUpdates")) == 8


async def test_an_update_over_512_kibibytes_is_never_queued(server: BotApi) -> None:
    assert server.push_update(message={"text": "x" * 600_000}) is None


async def test_a_long_poll_is_woken_by_an_update(server: BotApi, bot: Bot, liaison: User) -> None:
    poll = asyncio.create_task(bot("getUpdates", timeout=50))
    await server.wait_for(lambda: server.is_polled)
    liaison.send("到了")
    assert (await poll)[0]["message"]["text"] == "到了"


async def test_a_poll_with_timeout_zero_returns_at_once(bot: Bot) -> None:
    async with asyncio.timeout(2):
        assert await bot("getUpdates", timeout=0) == []


async def test_a_long_poll_returns_empty_after_its_seconds(bot: Bot) -> None:
    async with asyncio.timeout(5):
        assert await bot("getUpdates", timeout=1) == []


async def test_a_second_poller_ends_the_first_with_409(server: BotApi, bot: Bot) -> None:
    first = asyncio.create_task(bot.refused("getUpdates", timeout=50))
    await server.wait_for(lambda: server.is_polled)
    second = asyncio.create_task(bot("getUpdates", timeout=50))
    assert (await first).startswith("409 Conflict: terminated by other getUpdates request")
    server.push_update(message={"text": "later"})
    assert len(await second) == 1


async def test_a_client_that_hangs_up_leaves_the_next_poll_alone(server: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot("getUpdates", timeout=50))
    await server.wait_for(lambda: server.is_polled)
    poll.cancel()
    await server.wait_for(lambda: not server.is_polled)
    assert await bot("getUpdates") == []


async def test_polling_is_refused_while_a_webhook_is_set(bot: Bot) -> None:
    await bot("setWebhook", url="https://office.example/hook")
    assert (await bot.refused("getUpdates")).startswith("409 Conflict: can't use getUpdates method while webhook")
    await bot("deleteWebhook")
    assert await bot("getUpdates") == []


async def test_setting_a_webhook_ends_a_waiting_poll(server: BotApi, bot: Bot) -> None:
    poll = asyncio.create_task(bot.refused("getUpdates", timeout=50))
    await server.wait_for(lambda: server.is_polled)
    await bot("setWebhook", url="https://office.example/hook", drop_pending_updates=True)
    assert await poll == "409 Conflict: terminated by setWebhook request"


async def test_allowed_updates_are_remembered_until_set_again(bot: Bot, liaison: User) -> None:
    await bot("getUpdates", allowed_updates=["message"])
    await bot("getUpdates")
    liaison.block()
    liaison.unblock()
    assert await bot("getUpdates") == []
    await bot("getUpdates", allowed_updates=[])
    liaison.block()
    assert "my_chat_member" in (await bot("getUpdates"))[0]


async def test_a_message_lives_a_day_from_its_date(
    server: BotApi, bot: Bot, liaison: User, clock: SimulatedClock
) -> None:
    liaison.send("旧", date=clock.now() - timedelta(hours=23))
    liaison.send("新")
    clock.advance(timedelta(hours=1))
    assert len(await bot("getUpdates")) == 2
    clock.advance(timedelta(seconds=1))
    assert [update["message"]["text"] for update in await bot("getUpdates")] == ["新"]
    clock.advance(timedelta(hours=23))
    assert server.pending == 0


async def test_a_message_over_a_day_old_is_never_queued(server: BotApi, liaison: User, clock: SimulatedClock) -> None:
    liaison.send("前天", date=clock.now() - timedelta(days=2))
    assert server.pending == 0


async def test_a_press_lives_150_seconds_in_the_queue(bot: Bot, liaison: User, clock: SimulatedClock) -> None:
    liaison.press_raw("ok:1", 1)
    clock.advance(timedelta(seconds=150))
    assert len(await bot("getUpdates")) == 1
    clock.advance(timedelta(seconds=1))
    assert await bot("getUpdates") == []


async def test_nothing_expires_when_expiry_is_off(clock: SimulatedClock) -> None:
    quiet = BotApi(clock, expiry=False)
    quiet.user(1001).send("还在")
    clock.advance(timedelta(days=30))
    assert quiet.pending == 1


async def test_numbering_restarts_only_on_an_empty_queue(server: BotApi, bot: Bot, liaison: User) -> None:
    liaison.send("一")
    with pytest.raises(ValueError, match="unconfirmed"):
        server.reset_update_ids(500)
    await bot("getUpdates", offset=1002)
    server.reset_update_ids(500)
    liaison.send("二")
    assert ids(await bot("getUpdates", offset=1002)) == [500]


async def test_a_hook_sees_what_a_poll_is_about_to_confirm(server: BotApi, bot: Bot, liaison: User) -> None:
    seen: list[tuple[int, list[int]]] = []
    server.hooks.before_confirm = lambda offset: seen.append((offset, server.waiting(offset)))
    liaison.send("一")
    await bot("getUpdates")
    await bot("getUpdates", offset=1002)
    await bot("getUpdates", offset=1002)
    assert seen == [(1002, [1001])]


async def test_a_hook_that_fails_makes_the_server_fail(clock: SimulatedClock) -> None:
    def object_to(offset: int) -> None:
        raise AssertionError(f"{offset} is not on disk")

    server = BotApi(clock, first_update_id=1)
    server.hooks.before_confirm = object_to
    await server.start()
    server.user(1001).send("一")
    assert (await server.call("getUpdates", offset=2))["error_code"] == 500
    with pytest.raises(AssertionError, match="2 is not on disk"):
        await server.stop()


async def test_updates_can_be_handed_out_twice_and_out_of_order(server: BotApi, bot: Bot, liaison: User) -> None:
    for word in "一二三四":
        liaison.send(word)
    server.faults.on("getUpdates", fault=dup_update(3))
    server.faults.on("getUpdates", nth=2, fault=reorder(seed=1))
    assert ids(await bot("getUpdates", limit=1)) == [1001] * 3
    shuffled = ids(await bot("getUpdates"))
    assert sorted(shuffled) == [1001, 1002, 1003, 1004] != shuffled


async def test_a_poison_update_can_be_forged(server: BotApi, bot: Bot) -> None:
    server.push_raw('"message":{"text":17}')
    assert (await bot("getUpdates"))[0]["message"] == {"text": 17}
