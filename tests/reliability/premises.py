"""An office in a folder, ready for `duban run`: four liaisons registered, one task owed by each."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from duban.rehearsal.botapi import BotApi, User
from duban.rehearsal.stage import DATABASE, TOKEN, open_stage
from office.auditing import find_break
from rules.clock import SystemClock
from rules.policy import Policy
from storage.records import audit_rows
from storage.store import open_store
from storage.vault import open_vault
from tests.cast import MORNING, ZONE, notice, task

LIAISONS = {1001: "区发改局", 1002: "区教体局", 1003: "区住建局", 1004: "区民政局"}
START = datetime(2025, 3, 20, 11, tzinfo=ZONE)  # `duban run --at`: a working day long before the first due day


async def prepare(folder: Path) -> None:
    """Make the office once; `copy_of` gives each test its own."""
    async with open_stage(folder, at=MORNING, policy=Policy(office="清河区督查室"), flood_control=False) as stage:
        found = notice(*(task(no, unit) for no, unit in enumerate(LIAISONS.values(), 1)))
        stage.adopt(found, repr(found).encode())
        for chat, unit in LIAISONS.items():
            stage.api.user(chat, f"联络员{chat}").send(f"/start {stage.invite_unit(unit).code}")
        await stage.settle()


@dataclass
class Place:
    """One copy of the office: its folder, its server, and what its database holds."""

    folder: Path
    server: BotApi

    @property
    def database(self) -> Path:
        """Give the database's file."""
        return self.folder / DATABASE

    @property
    def config(self) -> Path:
        """Give the configuration's file."""
        return self.folder / "config.toml"

    def rows(self, sql: str, *values: object) -> list[Any]:
        """Look into the database by a connection that cannot write."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return connection.execute(sql, values).fetchall()

    def user(self, chat: int) -> User:
        """Give one of the liaisons."""
        return self.server.user(chat, f"联络员{chat}")

    def write_config(self, *, level: str = "WARNING", token: str = TOKEN, api_url: str | None = None) -> None:
        """Write the configuration."""
        self.config.write_text(
            f'[office]\nname = "清河区督查室"\n[telegram]\ntoken = "{token}"\napi_url = "{api_url or self.server.url}"\n'
            f'[database]\nurl = "sqlite:///{DATABASE}"\nkey_file = "duban.key"\n'
            f'[log]\nlevel = "{level}"\n[limits]\nmessages_per_second = 0\n',
            "utf-8",
        )

    def is_at_rest(self) -> bool:
        """Whether nothing stored waits to be handled or sent."""
        waiting = (
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'new') + (SELECT count(*) FROM outbox WHERE state IN "
        )
        return self.rows(waiting + "('ready', 'claimed'))") == [(0,)]

    def check_books(self) -> None:
        """Check what must hold of the database whatever happened."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        assert self.rows("PRAGMA foreign_key_check") == []
        store = open_store(f"sqlite:///{self.database}")
        try:
            assert find_break(store.read_now(audit_rows), open_vault(self.folder / "duban.key")) is None
        finally:
            store.close()


@asynccontextmanager
async def place(template: Path, folder: Path, **options: Any) -> AsyncIterator[Place]:
    """Give a copy of the office with a server of its own, on a clock that runs from START."""
    shutil.copytree(template, folder)
    clock = SystemClock.starting_at(START.astimezone(UTC))
    # numbers that no update of the registering had: the oracle below tells updates by them
    server = BotApi(clock, TOKEN, flood_control=False, first_update_id=700_000_000, **options)
    async with server:
        found = Place(folder, server)
        found.write_config()
        yield found


def confirmed_only_if_stored(found: Place) -> Callable[[int], None]:
    """Make the oracle: what a poll confirms, another connection can see (reliability.md, O1)."""

    def check(offset: int) -> None:
        stored = {int(key.split(":")[0]) for (key,) in found.rows("SELECT dedupe FROM inbox")}
        lost = set(found.server.waiting(offset)) - stored
        assert not lost, f"the poll with offset {offset} confirms {sorted(lost)}, which are not stored"

    return check
