"""The cast with an administrator, and rows that cannot be read or written."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from duban.rehearsal.botapi import User
from notices.notice import Notice
from rules.policy import Policy
from storage.states import Role
from storage.store import Transaction
from tests.cast import MORNING, Cast, cast


@asynccontextmanager
async def office(
    folder: Path, *, at: datetime = MORNING, given: Notice | None = None, policy: Policy | None = None
) -> AsyncIterator[tuple[Cast, User]]:
    """Open a stage with the cast on it, and an administrator beside them."""
    async with cast(folder, at=at, given=given, policy=policy) as people:
        yield people, await join(people, 4001, Role.ADMIN)


async def join(people: Cast, number: int, role: Role, unit: str | None = None, name: str = "关") -> User:
    """Have somebody new take a role."""
    user = people.stage.api.user(number, name, "明")
    invitation = people.stage.invite_unit(unit, role) if unit else people.stage.invite_person(role, name)
    await people.say(user, f"/start {invitation.code}")
    return user


def change(people: Cast, statement: str, *values: Any) -> None:
    """Change the database by hand."""

    def act(tx: Transaction) -> None:
        tx.exec_driver_sql(statement, values)

    people.stage.store.write_now(act)


def poison(people: Cast, event: str, table: str, condition: str) -> None:
    """Have SQLite refuse to write a row: `event` is INSERT, UPDATE or DELETE, the condition speaks of NEW or OLD."""
    change(
        people,
        f"CREATE TRIGGER poison BEFORE {event} ON {table} WHEN {condition} "
        "BEGIN SELECT RAISE(ABORT, 'this row is poisoned'); END",
    )


def refuse_message(people: Cast, kind: str, chat: int) -> None:
    """Have the outbox refuse messages of a kind to one person."""
    poison(people, "INSERT", "outbox", f"NEW.kind = '{kind}' AND NEW.chat_id = {chat}")


def heal(people: Cast) -> None:
    """Have SQLite write the row again."""
    change(people, "DROP TRIGGER poison")
