"""What was last asked in a chat, and what its buttons do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT clause compiles for SQLite too

from storage.rows import one
from storage.store import Transaction
from storage.tables import Dialogue, Keyboard, columns_of

_dialogue, _keyboard = columns_of(Dialogue), columns_of(Keyboard)
_asked = select(_dialogue.c.kind, _dialogue.c.content).where(_dialogue.c.chat_id == bindparam("chat"))
_forget = delete(_dialogue).where(_dialogue.c.chat_id == bindparam("chat"))
_new = upsert(_dialogue)
_ask = _new.on_conflict_do_update(
    index_elements=["chat_id"],
    set_={"kind": _new.excluded.kind, "content": _new.excluded.content, "asked_at": _new.excluded.asked_at},
)
_add_keyboard = insert(_keyboard)
_buttons = (
    select(_keyboard.c.token, _keyboard.c.person_id, _keyboard.c.actions, _keyboard.c.expires_at, _keyboard.c.used)
    .where(_keyboard.c.token == bindparam("token"))
    .with_for_update()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the bot last asked in a chat."""

    kind: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Buttons:
    """The actions behind a message's buttons."""

    token: str
    person_id: int
    actions: list[dict[str, Any]]
    expires_at: datetime
    used: list[int]


def asked(tx: Transaction, chat_id: int) -> Asked | None:
    """Give what was last asked in a chat and not yet answered."""
    return one(tx, Asked, _asked, {"chat": chat_id})


def ask(tx: Transaction, chat_id: int, kind: str, content: dict[str, Any], *, at: datetime) -> None:
    """Note what is asked in a chat, in place of what was asked before."""
    tx.execute(_ask, {"chat_id": chat_id, "kind": kind, "content": content, "asked_at": at})


def answered(tx: Transaction, chat_id: int) -> None:
    """Forget what was asked in a chat."""
    tx.execute(_forget, {"chat": chat_id})


def add_buttons(
    tx: Transaction, *, token: str, person_id: int, actions: list[dict[str, Any]], at: datetime, expires_at: datetime
) -> None:
    """Keep the actions behind a message's buttons."""
    tx.execute(
        _add_keyboard,
        {
            "token": token,
            "person_id": person_id,
            "actions": actions,
            "created_at": at,
            "expires_at": expires_at,
            "used": [],
        },
    )


def buttons(tx: Transaction, token: str) -> Buttons | None:
    """Give the actions behind a message's buttons."""
    return one(tx, Buttons, _buttons, {"token": token})


def mark_used(tx: Transaction, token: str, used: list[int]) -> None:
    """Note which of a message's buttons can no longer be pressed."""
    tx.execute(update(_keyboard).where(_keyboard.c.token == token).values(used=used))


def forget_buttons(tx: Transaction, *, before: datetime) -> int:
    """Delete the actions of buttons that expired before then."""
    return tx.execute(delete(_keyboard).where(_keyboard.c.expires_at < before)).rowcount
