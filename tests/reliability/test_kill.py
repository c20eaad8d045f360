"""Killed at every fail point and started again, the service loses nothing and records nothing twice.

As SQLite tests itself (sqlite.org/testing.html): each point is killed at its 1st, 2nd, 3rd passing, or until a run
goes through untouched.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from duban.rehearsal.botapi import User
from tests.reliability.nursery import Child, Nursery
from tests.reliability.premises import LIAISONS, START, Place, confirmed_only_if_stored, place, prepare

pytestmark = pytest.mark.asyncio(loop_scope="module")
RECEIVING = ("poller.fetched", "poller.stored", "desk.before_commit", "desk.after_commit")
STORING = ("store.before_commit", "store.after_commit")
SENDING = ("sender.claimed", "sender.sent", "sender.before_mark", "sender.marked")
SECONDS = 20.0  # within which a healthy service has done everything
WAVES = ((1001, 1002), (1003, 1004))


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="template")
async def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    await prepare(folder)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="nursery")
async def _nursery() -> AsyncIterator[Nursery]:
    async with Nursery() as nursery:
        yield nursery


def report(chat: int) -> str:
    return f"已完成{chat}个项目，开工率100%。"


def answers(user: User) -> tuple[int, int]:
    """Count the previews and the receipts a liaison got."""
    return len(user.said("字 ✓")), len(user.said("已报送"))


def speak(found: Place, wave: tuple[int, ...]) -> None:
    for chat in wave:
        found.user(chat).send(report(chat))
        found.user(chat).send("提交")


async def started(nursery: Nursery, found: Place, failpoint: str = "") -> Child:
    log, config = found.folder / "log", str(found.config)
    return await nursery.start("run", "--config", config, "--at", START.isoformat(), log=log, failpoint=failpoint)


async def at_rest(found: Place, child: Child, wave: tuple[int, ...]) -> bool:
    """Wait until everybody of a wave is answered and nothing waits; False where the service ended before."""

    def is_done() -> bool:
        if not child.is_alive:
            return True
        if found.server.pending or any(0 in answers(found.user(chat)) for chat in wave):
            return False
        return found.is_at_rest()

    async with asyncio.timeout(SECONDS):
        while not is_done():
            await asyncio.wait([child.ended], timeout=0.01)
    return child.is_alive


async def play(nursery: Nursery, found: Place, failpoint: str) -> bool:
    """Play both waves with the service killed at one point and started again; gives whether it was killed."""
    found.server.hooks.before_confirm = confirmed_only_if_stored(found)
    was_killed = False
    child = await started(nursery, found, failpoint)
    for wave in WAVES:
        speak(found, wave)
        while not await at_rest(found, child, wave):
            assert not was_killed, found.folder.joinpath("log").read_text()
            assert await child.ended == -signal.SIGKILL, found.folder.joinpath("log").read_text()
            was_killed = True
            child = await started(nursery, found)
    await found.server.wait_for(lambda: found.server.is_polled or not child.is_alive, SECONDS)
    child.kill(signal.SIGTERM)
    async with asyncio.timeout(SECONDS):
        code = await child.ended
    if code == -signal.SIGKILL and not was_killed:
        return True  # killed after everything was answered and noted
    assert code == 0, found.folder.joinpath("log").read_text()
    return was_killed


def check(found: Place, *, may_repeat: bool) -> None:
    """Check every oracle: recorded once, answered once (twice after a kill), books in order."""
    written = found.rows("SELECT progress, state, version FROM report ORDER BY progress")
    assert written == [(report(chat), "submitted", 1) for chat in sorted(LIAISONS)]
    for chat in LIAISONS:
        for count in answers(found.user(chat)):
            assert 1 <= count <= (2 if may_repeat else 1), (chat, answers(found.user(chat)))
    assert found.rows("SELECT count(*) FROM kept_text") == [(0,)]
    assert found.rows("SELECT DISTINCT state FROM inbox") == [("done",)]
    stored = [key.split(":")[0] for (key,) in found.rows("SELECT dedupe FROM inbox")]
    assert len(stored) == len(set(stored)) == len(LIAISONS) * 3  # registered, told, submitted
    assert found.rows("SELECT DISTINCT state FROM outbox") == [("sent",)]
    repeated = [entry for entry in found.server.journal.of("sendMessage") if "重复" in str(entry.args["text"])]
    assert may_repeat or not repeated
    found.check_books()


@pytest.mark.parametrize(
    ("point", "n"),
    [
        *((point, n) for point in RECEIVING + STORING + SENDING for n in (1, 2, 3)),
        *(("store.after_commit", n) for n in range(4, 13)),  # whatever is committed: a kill right after it
    ],
)
async def test_a_kill_loses_nothing_and_doubles_nothing(
    nursery: Nursery, template: Path, tmp_path: Path, point: str, n: int
) -> None:
    async with place(template, tmp_path / "office") as found:
        was_killed = await play(nursery, found, f"{point}:{n}:kill")
        check(found, may_repeat=was_killed)
        assert was_killed or n > 1  # a point passed fewer times than that: the run went through untouched


async def test_a_failure_in_place_of_the_kill_is_got_over_without_a_restart(
    nursery: Nursery, template: Path, tmp_path: Path
) -> None:
    async def survive(point: str) -> None:
        async with place(template, tmp_path / point) as found:
            assert not await play(nursery, found, f"{point}:2:raise")
            check(found, may_repeat=True)

    await asyncio.gather(*map(survive, STORING + SENDING + RECEIVING))


async def test_a_message_that_two_crashes_hit_is_doubtful_and_goes_out_no_third_time(
    nursery: Nursery, template: Path, tmp_path: Path
) -> None:
    async with place(template, tmp_path / "office") as found:
        found.user(1001).send("/help")
        for _ in range(2):
            child = await started(nursery, found, "sender.sent:1:kill")
            assert await child.ended == -signal.SIGKILL
        child = await started(nursery, found)
        async with asyncio.timeout(SECONDS):
            while found.rows("SELECT count(*) FROM outbox WHERE state = 'unknown'") != [(1,)]:
                await asyncio.wait([child.ended], timeout=0.01)
        child.kill(signal.SIGTERM)
        assert await child.ended == 0
        assert [entry.chat_id for entry in found.server.journal.of("sendMessage")] == [1001, 1001]
        assert "可能重复" in found.user(1001).last.text
        found.check_books()
