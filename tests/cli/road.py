"""The service road, walked once in processes of their own: what was seen on it, for the tests to judge.

Spring: `run` from 20 March; registration, a report, a tick as of 7 April beside it, SIGTERM.
Due day passed: `run` from 11 April; digest, /overdue, a backup, SIGTERM. Then restored: `run` from 14 April, held.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from duban.rehearsal.botapi import BotApi, User
from rules.clock import SystemClock
from tests.cast import ZONE
from tests.cli.desk import Desk

DUBAN = Path(sys.executable).with_name("duban")
TOKEN = "1000000:token-of-the-road"
SPRING = datetime(2025, 3, 20, 10, tzinfo=ZONE)
PATIENCE = 60.0  # real seconds to wait for the service; it takes about one


@dataclass
class Ended:
    """How a command ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """Give what it printed."""
        return json.loads(self.stdout)


@dataclass
class Road:
    """What was seen."""

    seen: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.seen[name]


async def duban(desk: Desk, *args: str) -> Ended:
    """Run a command in a process of its own."""
    process = await start(desk, *args)
    stdout, stderr = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, stdout.decode(), stderr.decode())


async def beside(desk: Desk, *args: str) -> Ended:
    """Run a command in this process: to the service's it is another one, and it starts faster."""
    result = await asyncio.to_thread(desk.run, *args)
    return Ended(result.exit_code, result.stdout, result.stderr)


async def start(desk: Desk, *args: str) -> Process:
    """Start a command."""
    return await asyncio.create_subprocess_exec(DUBAN, *args, "--config", desk.config, stdout=PIPE, stderr=PIPE)


@asynccontextmanager
async def serving(desk: Desk, server: BotApi, at: str, ended: list[int]) -> AsyncIterator[None]:
    """Run the service from an instant on while the block runs, then end it with SIGTERM and note its exit code."""
    with (desk.folder / "run.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            DUBAN, "run", "--at", at, "--config", desk.config, stdout=log, stderr=log
        )
        try:
            await server.wait_for(lambda: server.is_polled, PATIENCE)
            yield
        finally:
            process.terminate()
            ended.append(await process.wait())


async def walk(desk: Desk) -> Road:
    """Walk the road."""
    road, ended = Road(), list[int]()
    clock = SystemClock.starting_at(SPRING.astimezone(UTC))
    async with BotApi(clock, TOKEN, username="road_bot", flood_control=False) as server:
        set_up(desk, server)
        people = server.user(2001, "王", "科"), server.user(1001, "张敏"), server.user(1002, "李丽")
        async with serving(desk, server, "2025-03-20T10:00", ended):
            await register(desk, server, road, people)
            await report(server, people[2])
            await tick(desk, server, road, people)
            road.seen["second_run"] = await duban(desk, "run")
        await asyncio.to_thread(look, desk, road)
        clock.offset += timedelta(days=21, hours=22, minutes=20)  # before the hours at which the service acts by itself
        async with serving(desk, server, "2025-04-11T08:20", ended):
            await overdue(desk, server, road, people[0])
        clock.offset += timedelta(days=3)
        road.seen["restore"] = await beside(desk, "restore", str(desk.folder / "backup.db"))
        async with serving(desk, server, "2025-04-14T09:00", ended):
            await held(desk, server, road, people[0])
    road.seen["exit_codes"] = ended
    return road


def set_up(desk: Desk, server: BotApi) -> None:
    """Write the configuration and adopt the notice."""
    text = desk.config.read_text("utf-8").replace('token = ""', f'token = "{TOKEN}"\napi_url = "{server.url}"')
    desk.config.write_text(text, "utf-8")
    desk.do("notice", "adopt", desk.write_notice(), "--yes", "--at", "2025-03-20T09:00")


async def register(desk: Desk, server: BotApi, road: Road, people: tuple[User, User, User]) -> None:
    """Invite everybody twice; the first codes are tried, the second used."""
    wang, zhang, li = people
    at = ("--at", "2025-03-20T09:30")
    old = await asyncio.to_thread(desk.json, "invite", "--all", *at)
    new = await asyncio.to_thread(desk.json, "invite", "--all", *at)
    [chief] = await asyncio.to_thread(desk.json, "invite", "--role", "supervisor", "王科", *at)
    codes = {row["unit"]: row["code"] for row in new}
    zhang.send(f"/start {old[0]['code']}")
    await server.wait_for(lambda: zhang.inbox, PATIENCE)
    road.seen["old_code"] = zhang.last.text
    for person, code in ((wang, chief["code"]), (zhang, codes["区发改局"]), (li, codes["区教体局"])):
        count = len(person.inbox)
        person.send(f"/start {code}")
        await server.wait_for(lambda person=person, count=count: len(person.inbox) > count, PATIENCE)  # type: ignore[misc]
    await server.wait_for(lambda: "新建3所学校" in li.last.text, PATIENCE)
    road.seen["welcome"] = "\n".join(message.text for message in li.inbox)
    road.seen["invite_all_now"] = await asyncio.to_thread(desk.json, "invite", "--all", *at)


async def report(server: BotApi, li: User) -> None:
    """Have the one liaison answer."""
    li.send("新建学校3所已全部开工，累计完成投资12.5亿元。")
    await server.wait_for(lambda: "200字 ✓" in li.last.text, PATIENCE)
    li.send("提交")
    await server.wait_for(lambda: "已报送" in li.last.text, PATIENCE)


async def tick(desk: Desk, server: BotApi, road: Road, people: tuple[User, User, User]) -> None:
    """Tick twice as of a later morning beside the running service."""
    _, zhang, li = people
    before = len(zhang.inbox), len(li.inbox)
    road.seen["tick"] = (await duban(desk, "tick", "--at", "2025-04-07T09:00", "--json")).json
    await server.wait_for(lambda: any("第2次" in message.text for message in zhang.inbox), PATIENCE)
    road.seen["tick_again"] = (await beside(desk, "tick", "--at", "2025-04-07T09:00", "--json")).json
    road.seen["reminded"] = len(zhang.inbox) - before[0], len(li.inbox) - before[1]
    road.seen["reminder"] = zhang.last.text


def look(desk: Desk, road: Road) -> None:
    """Ask the command line what stands."""
    road.seen["overdue"] = desk.json("overdue", "--at", "2025-04-11T09:00")
    road.seen["reports"] = desk.json("reports")
    road.seen["reports_table"] = desk.do("reports")
    road.seen["chosen"] = [
        len(desk.json("reports", *options))
        for options in (
            ("--period", "2025-Q1"),
            ("--period", "2025-Q2"),
            ("--unit", "区教体局"),
            ("--unit", "区发改局"),
        )
    ]


async def overdue(desk: Desk, server: BotApi, road: Road, wang: User) -> None:
    """Tick for the digest, ask in the chat, and take a backup."""
    road.seen["tick_after"] = (await beside(desk, "tick", "--at", "2025-04-11T09:00", "--json")).json
    await server.wait_for(lambda: "【督查日报】清河区督查室　4月11日" in wang.last.text, PATIENCE)
    road.seen["digest"] = wang.last.text
    wang.send("/overdue")
    await server.wait_for(lambda: "逾期" in wang.last.text and "日报" not in wang.last.text, PATIENCE)
    road.seen["answer"] = wang.last.text
    road.seen["backup"] = await beside(desk, "backup", str(desk.folder / "backup.db"))
    road.seen["restore_beside"] = await beside(desk, "restore", str(desk.folder / "backup.db"))


async def held(desk: Desk, server: BotApi, road: Road, wang: User) -> None:
    """Ask after the restore: the answer comes only once sending is resumed."""
    before = len(server.journal.of("sendMessage"))
    wang.send("/overdue")
    await beside(desk, "tick", "--at", "2025-04-14T09:00")
    road.seen["sent_while_held"] = len(server.journal.of("sendMessage")) - before
    road.seen["resume"] = await beside(desk, "resume", "--yes")
    await server.wait_for(lambda: len(server.journal.of("sendMessage")) > before, PATIENCE)
