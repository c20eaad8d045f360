"""A whole office on a clock that stands, with messages put into its outbox by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from duban.rehearsal.botapi import Entry, User
from duban.rehearsal.stage import Stage, open_stage
from rules.policy import Limits, Policy
from storage import groups, outbox, people
from storage.states import GroupState
from storage.store import Transaction
from tests.cast import MORNING

WORDS = {"office": "督查室", "name": "张敏", "parts": [{"role": "liaison", "unit": "区发改局"}]}


class Rig:
    """The stage, with shortcuts for what the tests do and see."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sender = stage.service.sender
        self.poller = stage.service.poller
        self.desk = stage.service.desk

    def register_group(self, chat: int) -> None:
        """Register a group: only such a one is spoken to."""
        self.stage.store.write_now(
            lambda tx: groups.put(tx, chat, title="群", state=GroupState.REGISTERED, added_by=None, at=MORNING)
        )

    def put(self, chat: int, *, name: str = "张敏", priority: int = outbox.ANSWER, kind: str = "name_changed") -> int:
        """Leave a message in the outbox; its text names `name`."""

        def act(tx: Transaction) -> int:
            person = people.who_is(tx, chat)
            return outbox.add(
                tx,
                chat_id=chat,
                person_id=person.id if person else None,
                kind=kind,
                content={"name": name},
                priority=priority,
                at=self.stage.clock.now(),
            )

        return self.stage.store.write_now(act)

    def person(self, chat: int, *, started: bool = True) -> User:
        """Register somebody, who has opened the bot or not."""
        at = self.stage.clock.now()
        self.stage.store.write_now(lambda tx: people.add_person(tx, telegram_id=chat, name="张敏", at=at))
        user = self.stage.api.user(chat, "张敏")
        if started:
            user.send("/start")
            self.stage.api.world.updates.drop_all()
        return user

    def row(self, number: int) -> Any:
        """Give (state, attempts, reason) of a message."""
        return tuple(self.query("SELECT state, attempts, reason FROM outbox WHERE id = ?", number)[0])

    def query(self, sql: str, *values: object) -> list[Any]:
        """Look into the database."""
        return self.stage.store.read_now(lambda tx: [tuple(row) for row in tx.exec_driver_sql(sql, values)])

    def change(self, sql: str, *values: object) -> None:
        """Change the database by hand."""
        self.stage.store.write_now(lambda tx: tx.exec_driver_sql(sql, values) and None)

    def calls(self, chat: int | None = None) -> list[Entry]:
        """List the calls that send, as the server saw them."""
        return self.stage.api.journal.of("sendMessage", chat)

    async def round(self) -> int:
        """Claim once and wait for what was claimed; gives how many messages."""
        taken = await self.sender._take()
        await self.sender.finish()
        return taken


@asynccontextmanager
async def rig(folder: Path, *, limits: Limits | None = None, flood_control: bool = False) -> AsyncIterator[Rig]:
    """Open a stage; without `limits` of their own, messages go out as fast as they can."""
    policy = Policy(office="督查室", limits=limits or Limits(per_second=0))
    async with open_stage(folder, at=MORNING, policy=policy, flood_control=flood_control) as stage:
        yield Rig(stage)
