"""A whole office on a simulated clock: database, embedded Bot API and service, set up in a folder."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from bot.api import TelegramApi
from duban.premises import Premises
from duban.rehearsal.botapi import BotApi
from duban.service import Service
from jobs.timetable import Made
from notices.notice import Notice
from notices.plan import Plan
from office.notice.adopting import Adoption, adopt_notice
from office.register.inviting import Invitation, invite_all, invite_person, invite_units
from rules.clock import SimulatedClock
from rules.policy import Policy
from storage.schema import create_database
from storage.states import Role
from storage.store import Store, open_store
from storage.vault import create_key, open_vault

TOKEN = "1000000:rehearsal-token-that-opens-nothing"  # noqa: S105  # of the embedded server only
DATABASE = "duban.db"


@dataclass
class Stage:
    """An office at work; move its clock with `move_to`, let everybody finish with `settle`."""

    clock: SimulatedClock
    api: BotApi
    store: Store
    premises: Premises
    service: Service

    def adopt(self, notice: Notice, data: bytes) -> Adoption:
        """Adopt a notice read from these bytes."""
        source = hashlib.sha256(data).hexdigest()
        return self._as_cli().do(self.store, lambda work: adopt_notice(work, Plan(notice), source_hash=source))

    def invite_all(self) -> list[Invitation]:
        """Invite a liaison for every unit."""
        return self._as_cli().do(self.store, invite_all)

    def invite_unit(self, unit: str, role: Role = Role.LIAISON) -> Invitation:
        """Invite one person for a unit."""
        return self._as_cli().do(self.store, lambda work: invite_units(work, [unit], role)[0])

    def invite_person(self, role: Role, name: str) -> Invitation:
        """Invite one person to an office's role."""
        return self._as_cli().do(self.store, lambda work: invite_person(work, role, name))

    async def settle(self) -> None:
        """Let the service receive, handle and send until nothing is left to do."""
        await self.service.settle()

    async def move_to(self, at: datetime) -> Made:
        """Move the clock, do what it is time for, and let everybody finish."""
        self.clock.set(max(at, self.clock.now()))
        await self.settle()
        made = await self.service.tick()
        await self.settle()
        return made

    def _as_cli(self) -> Premises:
        return replace(self.premises, via="cli")


@asynccontextmanager
async def open_stage(
    folder: Path,
    *,
    at: datetime,
    policy: Policy,
    journal: Path | None = None,
    flood_control: bool = True,
    database_url: str | None = None,
) -> AsyncIterator[Stage]:
    """Set an office up in a folder and open it; a database that is there already is gone on with.

    `database_url` names another, migrated database to play in.
    """
    clock = SimulatedClock(at)
    url = database_url or f"sqlite:///{folder / DATABASE}"
    if database_url is None and not (folder / DATABASE).exists():
        (folder / DATABASE).write_bytes(empty_database())
    create_key(folder / "duban.key")
    store = open_store(url, checkpoints=True)
    premises = Premises(policy, open_vault(folder / "duban.key"), clock)
    server = BotApi(clock, token=TOKEN, flood_control=flood_control, journal_path=journal, journal_limit=100_000)
    try:
        async with server:
            api = TelegramApi(url=server.url, token=TOKEN)
            async with Service(store, premises, api, TOKEN) as service:
                yield Stage(clock, server, store, premises, service)
    finally:
        store.close()


@cache
def empty_database() -> bytes:
    """Give a database with today's tables and nothing in it, as a file's bytes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / DATABASE
        create_database(f"sqlite:///{file}")
        return file.read_bytes()
