"""`duban run` as an operator sees it: starts, refusals, stops, backups beside it, and what its log tells."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from duban.rehearsal.stage import TOKEN
from storage.backups import restore
from tests.botapi import faults
from tests.reliability.nursery import Child, Nursery
from tests.reliability.premises import START, Place, place, prepare

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECONDS = 20.0


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="template")
async def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    await prepare(folder)
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module", name="nursery")
async def _nursery() -> AsyncIterator[Nursery]:
    async with Nursery() as nursery:
        yield nursery


async def run(nursery: Nursery, found: Place, *args: str, log: str = "log") -> Child:
    at = ("--at", START.isoformat())
    return await nursery.start(*(args or ("run",)), "--config", str(found.config), *at, log=found.folder / log)


async def ended(child: Child, within: float = SECONDS) -> tuple[int, str]:
    """Wait for a process; gives its code and what it printed."""
    async with asyncio.timeout(within):
        code = await asyncio.shield(child.ended)
    return code, child.log.read_text()


async def stopped(child: Child) -> tuple[int, str]:
    child.kill(signal.SIGTERM)
    return await ended(child)


async def until(child: Child, is_so: Callable[[], object]) -> None:
    async with asyncio.timeout(SECONDS):
        while not is_so():
            assert child.is_alive, child.log.read_text()
            await asyncio.wait([child.ended], timeout=0.01)


async def serving(nursery: Nursery, found: Place) -> Child:
    child = await run(nursery, found)
    await until(child, lambda: found.server.is_polled)
    return child


async def test_a_second_service_is_refused_at_once(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    async with place(template, tmp_path / "office") as found:
        first = await serving(nursery, found)
        began = time.monotonic()
        code, printed = await ended(await run(nursery, found, log="second"), within=2)
        assert time.monotonic() - began < 2
        assert (code, printed) == (1, "another `duban run` serves this database already; stop it first\n")
        assert (await stopped(first))[0] == 0


async def test_a_stop_is_quick_and_clean(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    async with place(template, tmp_path / "office") as found:
        child = await serving(nursery, found)
        for chat in (1001, 1002):
            found.user(chat).send("/help")
        await until(
            child,
            lambda: all("督查室" in found.user(chat).last.text for chat in (1001, 1002) if found.user(chat).inbox),
        )
        began = time.monotonic()
        code, printed = await stopped(child)
        assert (code, printed) == (0, "")
        assert time.monotonic() - began < 5
        assert found.rows("SELECT count(*) FROM outbox WHERE state = 'claimed'") == [(0,)]


async def test_a_stop_in_the_middle_of_work_repeats_nothing(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    async with place(template, tmp_path / "office") as found:
        for round_ in range(4):
            child = await serving(nursery, found)
            for n in range(20):
                found.user(1001 + n % 4).send(f"/help {round_}")
            await until(child, lambda: found.server.journal.of("sendMessage"))
            assert (await stopped(child))[0] == 0
        child = await serving(nursery, found)
        await until(child, lambda: not found.server.pending and found.is_at_rest())
        assert (await stopped(child))[0] == 0
        sent = found.server.journal.of("sendMessage")
        assert len(sent) == 80
        assert [entry for entry in sent if "可能重复" in entry.args["text"]] == []


async def test_a_wrong_token_at_the_start_ends_in_a_sentence(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    async with place(template, tmp_path / "office") as found:
        found.write_config(token="1000000:another-bots-token-altogether", level="ERROR")
        code, printed = await ended(await run(nursery, found))
        assert code == 1
        assert printed == "Telegram refuses the token; put the one @BotFather gave you into [telegram] token\n"


async def test_without_a_network_the_start_is_tried_until_it_comes(
    nursery: Nursery, template: Path, tmp_path: Path
) -> None:
    async with place(template, tmp_path / "office") as found:
        port = int(found.server.url.rsplit(":", 1)[1])
        await found.server.stop()
        child = await run(nursery, found)
        await until(child, lambda: child.log.exists() and "does not answer yet" in child.log.read_text())
        assert child.is_alive
        found.server._front._port = port
        await found.server.start()
        await until(child, lambda: found.server.is_polled)
        assert (await stopped(child))[0] == 0


async def test_the_network_may_go_during_the_start(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    async with place(template, tmp_path / "office") as found:
        found.server.faults.on("getMe", times=1, fault=faults.accept_then_500)
        found.server.faults.on("setMyCommands", times=2, fault=faults.rst_before)
        child = await run(nursery, found)
        await until(child, lambda: found.server.is_polled)
        assert (await stopped(child))[0] == 0


async def test_a_backup_beside_the_service_and_its_restore(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    async with place(template, tmp_path / "office") as found:
        child = await serving(nursery, found)
        found.user(1001).send("已完成10个项目。")
        await until(child, lambda: found.user(1001).said("字 ✓"))
        backup = found.folder / "backup.db"
        code, printed = await ended(await run(nursery, found, "backup", str(backup), log="backup"))
        assert code == 0, printed
        refused, sentence = await ended(await run(nursery, found, "restore", str(backup), log="refused"))
        assert (refused, "stop `duban run` first" in sentence) == (1, True)
        found.user(1001).send("提交")
        await until(child, lambda: found.user(1001).said("已报送"))
        child.kill(signal.SIGKILL)  # its log stays behind
        await child.ended
        code, printed = await ended(await run(nursery, found, "restore", str(backup), log="restored"))
        assert code == 0, printed
        assert found.rows("SELECT state, progress FROM report") == [("draft", "已完成10个项目。")]
        before = len(found.server.journal.of("sendMessage"))
        child = await serving(nursery, found)
        found.user(1002).send("/help")
        await until(child, lambda: found.rows("SELECT count(*) FROM outbox WHERE state = 'ready'")[0][0])
        await until(child, lambda: not found.server.pending)
        assert len(found.server.journal.of("sendMessage")) == before  # nothing goes out by itself
        code, printed = await ended(await run(nursery, found, "resume", "--yes", log="resume"))
        assert code == 0, printed
        await until(child, lambda: len(found.server.journal.of("sendMessage")) > before)
        assert (await stopped(child))[0] == 0
        found.check_books()


CANARY_PHONE, CANARY_TEXT = "13812345678", "金丝雀项目完成率百分之九十九"


async def test_no_log_line_holds_token_phone_or_text(nursery: Nursery, template: Path, tmp_path: Path) -> None:
    """At DEBUG, through refusals, broken connections, failing handlers and a stop."""
    async with place(template, tmp_path / "office") as found:
        found.write_config(level="DEBUG")
        api = found.server.faults
        log = found.folder / "log"
        at = ("--config", str(found.config), "--at", START.isoformat())
        child = await nursery.start("run", *at, log=log, failpoint="desk.before_commit:2:raise")
        await until(child, lambda: found.server.is_polled)
        for fault in (faults.accept_then_rst, faults.unauthorized, faults.html200, faults.conflict):
            api.on("getUpdates", fault=fault)
        api.on("sendMessage", nth=1, fault=faults.accept_then_rst)
        api.on("sendMessage", nth=3, fault=faults.refusal(400, "Bad Request: message is too long"))
        user = found.user(1001)
        user.send(CANARY_TEXT)
        user.send(f"电话：{CANARY_PHONE}")
        user.contact(f"+86{CANARY_PHONE}")
        user.send("提交")
        found.server.push_raw(f'"message":{{"message_id":"{CANARY_TEXT}","text":"{CANARY_PHONE}"}}')
        await until(child, lambda: user.said("已报送"))
        await until(child, lambda: "failed at try 2" in log.read_text())
        code, printed = await stopped(child)
        assert code == 0
        assert "Traceback" in printed or "Error" in printed
        assert "DEBUG" in printed or "INFO" in printed
        for secret in (TOKEN, TOKEN.split(":")[1], CANARY_PHONE, CANARY_TEXT, "张敏"):
            assert secret not in printed


async def test_a_service_whose_token_is_revoked_keeps_its_books(
    nursery: Nursery, template: Path, tmp_path: Path
) -> None:
    async with place(template, tmp_path / "office") as found:
        child = await serving(nursery, found)
        found.server.faults.on("*", times=None, fault=faults.unauthorized)
        found.user(1001).send("/help")
        code, _ = await stopped(child)
        assert code == 0
        restored = found.folder / "again.db"
        restore(f"sqlite:///{restored}", found.database, at=START)
        assert restored.exists()
        found.check_books()
