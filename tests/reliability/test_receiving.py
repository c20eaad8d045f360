"""Updates are fetched whatever the network says, stored before they are confirmed, and handled once, in order."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot import api as api_module
from bot import desk as desk_module
from bot.poller import DeafError
from rules.failpoints import FailPointError
from storage.store import Transaction
from tests.botapi import faults
from tests.botapi.faults import Scripted
from tests.cast import cast
from tests.reliability.rig import Rig, rig

PASSING = [
    faults.unauthorized,
    faults.not_found,
    faults.conflict,
    faults.status(500),
    faults.status(502, "<html>Bad Gateway</html>"),
    faults.status(400),
    faults.status(401, "<html>captive portal</html>"),
    faults.retry_after(3),
    faults.retry_after(None),
    faults.html200,
    faults.no_result,
    faults.bad_json,
    faults.status(200, '{"ok":true,"result":7}'),
    faults.rst_before,
    faults.accept_then_rst,
    faults.truncate,
    faults.huge(1_000_000),
]
HANGING = [faults.hang_before, faults.half_open, faults.accept_then_hang, faults.drip(1)]


def stored(found: Rig) -> list[int]:
    """List the numbers of the stored updates, in the order of their storing."""
    return [int(key.split(":")[0]) for (key,) in found.query("SELECT dedupe FROM inbox ORDER BY id")]


def heard(found: Rig) -> list[str]:
    """Have the desk note what it is handed instead of handling it; gives the growing list."""
    texts: list[str] = []

    async def hear(update: Update) -> None:
        assert update.message is not None
        assert update.message.text is not None
        texts.append(update.message.text)

    found.desk.handle = hear
    return texts


async def run_until(found: Rig, is_done: Callable[[], object]) -> None:
    """Poll for ever, until something is so."""
    polling = asyncio.create_task(found.poller.run())
    try:
        await found.stage.api.wait_for(is_done, 10)
    finally:
        polling.cancel()
        with suppress(asyncio.CancelledError):
            await polling


async def until(is_so: Callable[[], object]) -> None:
    """Give the loop turns until something is so."""
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  # what is waited for happens in the service, which tells nobody
            await asyncio.sleep(0)


# --- the network -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 10])
@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault.name)
async def test_polling_goes_on_after_whatever_passes(tmp_path: Path, fault: Scripted, times: int) -> None:
    async with rig(tmp_path) as found:
        rule = found.stage.api.faults.on("getUpdates", times=times, fault=fault)
        sent = found.stage.api.user(1001).send("一")
        began = found.stage.clock.now()
        assert sent
        # a refused token counts as lasting after two minutes; ten refusals in a row take longer than that
        lasting = fault.name in ("status(401)", "status(404)") and times == 10
        if lasting:
            with pytest.raises(DeafError):
                await found.poller.run()
            assert 5 < rule.fired <= 10
            return
        await run_until(found, lambda: rule.fired == times and not found.stage.api.pending)
        assert len(stored(found)) == 1
        assert found.stage.clock.now() - began < timedelta(seconds=times * 37)


@pytest.mark.parametrize("fault", HANGING, ids=lambda fault: fault.name)
async def test_polling_goes_on_after_an_answer_that_does_not_end(
    tmp_path: Path, fault: Scripted, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(tmp_path) as found:
        fetch = api_module.TelegramApi.fetch

        async def impatient(api: Any, method: str, **options: Any) -> tuple[int, bytes]:
            return await fetch(api, method, **{**options, "seconds": 0.2})

        monkeypatch.setattr(api_module.TelegramApi, "fetch", impatient)
        found.stage.api.user(1001).send("一")
        found.stage.api.faults.on("getUpdates", fault=fault)
        await run_until(found, lambda: not found.stage.api.pending)
        assert len(stored(found)) == 1


async def test_a_token_refused_for_two_minutes_ends_the_service_in_a_sentence(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        found.stage.api.user(1001).send("一")
        found.stage.api.faults.on("getUpdates", times=None, fault=faults.unauthorized)
        began = found.stage.clock.now()
        with pytest.raises(DeafError, match="refuses the token"):
            await found.poller.run()
        assert timedelta(seconds=120) < found.stage.clock.now() - began < timedelta(seconds=160)
        assert found.stage.api.pending == 1  # nothing dropped


async def test_one_refusal_long_after_the_last_good_poll_ends_nothing(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        await found.poller.poll_once()
        found.stage.clock.advance(timedelta(hours=8))  # a machine that slept
        found.stage.api.faults.on("getUpdates", times=2, fault=faults.unauthorized)
        found.stage.api.user(1001).send("一")
        await run_until(found, lambda: not found.stage.api.pending)


async def test_the_offset_moves_only_after_the_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(tmp_path) as found:
        found.stage.api.user(1001).send("一")
        write = found.stage.store.write
        left = [3]

        async def full(act: Callable[[Transaction], Any]) -> Any:
            if left[0]:
                left[0] -= 1
                raise OSError("disk full")
            return await write(act)

        monkeypatch.setattr(found.stage.store, "write", full)
        seen: list[int] = []
        found.stage.api.hooks.before_confirm = lambda offset: seen.extend(stored(found))
        await run_until(found, lambda: not found.stage.api.pending)
        polls = [entry.args["offset"] for entry in found.stage.api.journal.of("getUpdates")]
        assert polls == [0] * 4
        assert found.stage.api.confirmed_offset == seen[0] + 1


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copies", [2, 50])
async def test_an_update_handed_over_many_times_is_stored_once(tmp_path: Path, copies: int) -> None:
    async with rig(tmp_path) as found:
        texts = heard(found)
        for n in range(5):
            found.stage.api.user(1001).send(str(n))
        found.stage.api.faults.on("getUpdates", fault=faults.dup_update(copies))
        await found.stage.settle()
        for _ in range(copies):  # and once more after a restart that forgot the offset
            found.poller._offset = 0
            await found.stage.settle()
        assert texts == [str(n) for n in range(5)]


async def test_an_update_handed_over_again_after_its_storing_is_known(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        texts = heard(found)
        found.stage.api.user(1001).send("一")
        for _ in range(10):
            found.poller._offset = 0
            await found.poller.poll_once()
            await found.desk.work_off()
        assert texts == ["一"]


@pytest.mark.parametrize("back", [0, 1, 3, 5, 9, 500])
async def test_numbers_that_start_again_below_swallow_nothing(tmp_path: Path, back: int) -> None:
    """After a week without updates the next number is random (Bot API, Update): it may lie just below the last."""
    async with rig(tmp_path) as found:
        texts = heard(found)
        user = found.stage.api.user(1001)
        for n in range(10):
            user.send(f"旧{n}")
        await found.stage.settle()
        last = max(stored(found))
        found.stage.clock.advance(timedelta(days=7, hours=1))
        found.stage.api.reset_update_ids(last + 1 - back)
        for n in range(10):
            user.send(f"新{n}")
            await found.stage.settle()
        assert texts == [f"旧{n}" for n in range(10)] + [f"新{n}" for n in range(10)]


# --- poison ----------------------------------------------------------------------------------------------------------


def deep(depth: int) -> str:
    return '"message":' + '{"reply_to_message":' * depth + "{}" + "}" * depth


CHAT = '"chat":{"id":1001,"type":"private"},"date":1742400000,"message_id":1'
POISON = {
    "no fields": '"message":{}',
    "no date": '"message":{"message_id":1,"chat":{"id":1001,"type":"private"},"text":"x"}',
    "wrong types": '"message":{"message_id":"one","chat":[],"date":"soon","text":7}',
    "chat without bounds": f'"message":{{"message_id":1,"date":1,"chat":{{"id":{10**30},"type":"private"}},"text":"x"}}',
    "number without end": f'"message":{{"message_id":{"9" * 5000},{CHAT}}}',
    "surrogate key": '"message":{"message_id":"\\ud800","chat":{"id":"\\udfff"},"date":1,"text":"\\ud83d"}',
    "nul": '"message":{"message_id":"\\u0000","chat":{"id":1001,"type":"private"},"date":1,"text":"\\u0000"}',
    "deep": deep(1000),
    "deeper": deep(100_000),
    "list for an object": '"callback_query":[1,2,3]',
}
PLACES = (1, 50, 100)  # of a batch
HARMLESS = {  # unknown or odd, but nothing to fail at
    "unknown kind": '"telepathy":{"from":1}',
    "text of ten megabytes": f'"message":{{{CHAT},"text":"{"字" * 3_400_000}","from":{{"id":1001,"is_bot":false,"first_name":"x"}}}}',
    "null": '"message":null',
    "lone surrogate": f'"message":{{{CHAT},"text":"a\\ud800b","from":{{"id":1001,"is_bot":false,"first_name":"\\udc00"}}}}',
}


@pytest.mark.parametrize("name", [*POISON, *HARMLESS])
async def test_poison_is_set_aside_wherever_it_stands_and_its_neighbours_are_handled(tmp_path: Path, name: str) -> None:
    async with rig(tmp_path) as found:
        api, handle, texts = found.stage.api, found.desk.handle, heard(found)
        hear = found.desk.handle
        assert handle is not None
        assert hear is not None
        neighbour = api.user(1002)

        async def take(update: Update) -> None:
            await (hear if update.effective_chat and update.effective_chat.id == 1002 else handle)(update)

        found.desk.handle = take
        for n in range(1, 101):
            if n in PLACES:
                api.push_raw({**POISON, **HARMLESS}[name])
            else:
                neighbour.send(str(n))
        async with asyncio.timeout(20):
            await found.stage.settle()
        assert len(api.journal.of("getUpdates")) <= 4
        states = found.query("SELECT state, attempts FROM inbox ORDER BY id")
        bad = [states.pop(place - 1) for place in reversed(PLACES)]
        assert states == [("done", 0)] * 97
        assert bad == [("dead", 5) if name in POISON else ("done", 0)] * 3
        assert texts == [str(n) for n in range(1, 101) if n not in PLACES]
        assert found.desk._chats == {}


async def test_updates_that_cannot_be_confirmed_are_not_fetched_in_haste(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        body = '{"ok":true,"result":[{"update_id":"x","message":{}}, {"message":{}}]}'
        found.stage.api.faults.on("getUpdates", times=None, fault=faults.status(200, body))
        began = found.stage.clock.now()
        await run_until(found, lambda: len(found.stage.api.journal.of("getUpdates")) >= 10)
        assert found.stage.clock.now() - began >= timedelta(seconds=9)
        assert found.query("SELECT count(*) FROM inbox") == [(2,)]


# --- the desk --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failures", [1, 4, 5])
async def test_a_handler_that_fails_is_tried_again_and_then_set_aside(
    tmp_path: Path, failures: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "duban.desk")  # pytest's own log does not bear what ours does
    async with rig(tmp_path) as found:
        tried: list[Any] = []

        async def fail(update: Update) -> None:
            tried.append(found.stage.clock.now())
            if len(tried) <= failures:
                raise ValueError("broken\ud800\0")

        found.desk.handle = fail
        found.stage.api.user(1001).send("一")
        await found.stage.settle()
        waits = [(late - early).total_seconds() for early, late in pairwise(tried)]
        assert waits == [1, 5, 30, 120][: min(failures, 4)]
        assert found.query("SELECT state, attempts FROM inbox") == [
            ("dead", 5) if failures == 5 else ("done", failures)
        ]


async def test_while_the_database_is_away_no_try_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(tmp_path) as found:
        texts = heard(found)
        for text in ("一", "二"):
            found.stage.api.user(1001).send(text)
        await found.poller.poll_once()
        write, left = found.stage.store.write, [50]

        async def full(act: Callable[[Transaction], Any]) -> Any:
            if left[0]:
                left[0] -= 1
                raise OSError("disk full")
            return await write(act)

        monkeypatch.setattr(found.stage.store, "write", full)
        await found.desk.work_off()
        assert found.query("SELECT state, attempts FROM inbox") == [("done", 0)] * 2
        assert texts[-1] == "二"


async def test_what_was_done_though_nobody_was_told_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit whose answer is lost: the second try finds the update done, and undoes itself."""
    async with cast(tmp_path) as people:
        store = people.stage.store
        write, lost = store.write, [2]

        async def lose_answer(act: Callable[[Transaction], Any]) -> Any:
            result = await write(act)
            if lost[0] and "Desk.do" in act.__qualname__:
                lost[0] -= 1
                raise FailPointError("the answer is lost")
            return result

        monkeypatch.setattr(store, "write", lose_answer)
        await people.say(people.li, "已完成30个项目。")
        await people.say(people.li, "提交")
        monkeypatch.undo()
        assert lost == [0]
        rows = store.read_now(lambda tx: [tuple(r) for r in tx.exec_driver_sql("SELECT state, version FROM report")])
        assert rows == [("submitted", 1)]
        assert len(people.li.said("已报送")) == len(people.li.said("字 ✓")) == 1


async def test_an_error_after_the_commit_is_no_failure_of_the_update(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        desk = people.stage.service.desk
        handle = desk.handle
        assert handle is not None

        async def trip(update: Update) -> None:
            await handle(update)
            raise ValueError("after the fact")

        desk.handle = trip
        await people.say(people.li, "已完成30个项目。")
        assert len(people.li.said("字 ✓")) == 1
        rows = people.stage.store.read_now(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM report").scalar_one())
        assert rows == 1


async def test_a_chat_is_served_in_order_and_chats_abreast(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        gate, began, ended = asyncio.Event(), [], []
        busy: set[int] = set()

        async def handle(update: Update) -> None:
            assert update.message is not None
            chat = update.message.chat.id
            assert chat not in busy, "two updates of one chat at the same time"
            busy.add(chat)
            began.append((chat, update.message.text))
            if chat == 1001:
                await gate.wait()
            else:
                await asyncio.sleep(0)
            busy.discard(chat)
            ended.append((chat, update.message.text))
            if len(ended) == 6:
                gate.set()

        found.desk.handle = handle
        for n in range(3):
            for chat in (1001, 1002, 1003):
                found.stage.api.user(chat).send(str(n))
        async with asyncio.timeout(10):
            await found.stage.settle()
        assert [text for chat, text in ended if chat == 1001] == ["0", "1", "2"]
        assert {chat for chat, _ in ended[:6]} == {1002, 1003}  # the slow chat kept nobody waiting
        assert [text for chat, text in ended if chat == 1002] == ["0", "1", "2"]


async def test_a_backlog_at_the_start_is_handled_in_order(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        texts = heard(found)
        for n in range(1000):
            found.stage.api.user(1000 + n % 7).send(f"{n % 7}:{n}")
        async with asyncio.timeout(20):
            await found.stage.settle()
        assert len(texts) == 1000
        for chat in range(7):
            numbers = [int(text.split(":")[1]) for text in texts if text.startswith(f"{chat}:")]
            assert numbers == sorted(numbers)


async def test_more_than_memory_is_meant_to_hold_is_handled_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "IN_HAND", 5)
    async with rig(tmp_path) as found:
        texts = heard(found)
        for n in range(450):
            found.stage.api.user(1001 + n % 3).send(str(n))
        while await found.poller.poll_once():
            pass
        serving = asyncio.create_task(found.desk.run())
        found.desk.wake()
        await until(lambda: len(texts) == 450)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
        assert found.query("SELECT state, count(*) FROM inbox GROUP BY state") == [("done", 450)]


async def test_the_desk_goes_on_when_the_inbox_could_not_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(tmp_path) as found:
        texts = heard(found)
        found.stage.api.user(1001).send("一")
        await found.poller.poll_once()
        read, left = found.stage.store.read, [3]

        async def away(act: Callable[[Transaction], Any]) -> Any:
            if left[0]:
                left[0] -= 1
                raise OSError("away")
            return await read(act)

        monkeypatch.setattr(found.stage.store, "read", away)
        serving = asyncio.create_task(found.desk.run())
        found.desk.wake()
        await until(lambda: texts)
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving
