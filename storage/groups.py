"""The group chats the bot is or was in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT clause compiles for SQLite too

from storage.rows import many, one
from storage.states import GroupState
from storage.store import Transaction
from storage.tables import OfficeGroup, Person, columns_of

_group, _person = columns_of(OfficeGroup), columns_of(Person)
_new = insert(_group)
_put = _new.on_conflict_do_update(
    index_elements=["chat_id"],
    set_={name: _new.excluded[name] for name in ("title", "state", "added_by", "changed_at")},
)
_groups = (
    select(
        _group.c.id,
        _group.c.chat_id,
        _group.c.title,
        _group.c.state,
        _group.c.changed_at,
        _group.c.digest_at,
        _group.c.digest,
        _person.c.name.label("added_by"),
    )
    .select_from(_group.outerjoin(_person, _person.c.id == _group.c.added_by))
    .order_by(_group.c.id)
)


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group chat, and since when it stands as it does; `added_by` is a person's name."""

    id: int
    chat_id: int
    title: str
    state: str
    changed_at: datetime
    digest_at: datetime | None
    digest: dict[str, Any] | None
    added_by: str | None


def find(tx: Transaction, chat_id: int) -> KnownGroup | None:
    """Find a group by Telegram's number."""
    return one(tx, KnownGroup, _groups.where(_group.c.chat_id == chat_id))


def group(tx: Transaction, number: int) -> KnownGroup | None:
    """Find a group by its own number."""
    return one(tx, KnownGroup, _groups.where(_group.c.id == number))


def groups_in(tx: Transaction, *states: GroupState) -> list[KnownGroup]:
    """List the groups that stand so, in the order they became known."""
    return many(tx, KnownGroup, _groups.where(_group.c.state.in_(states)))


def put(tx: Transaction, chat_id: int, *, title: str, state: GroupState, added_by: int | None, at: datetime) -> None:
    """Keep a group, in place of what was kept of it."""
    values = {"chat_id": chat_id, "title": title, "state": state, "added_by": added_by, "changed_at": at}
    tx.execute(_put, values)


def change_state(
    tx: Transaction, number: int, state: GroupState, *, before: Sequence[GroupState], at: datetime
) -> bool:
    """Change how the office stands to a group; False where it stands differently by now."""
    changed = update(_group).where(_group.c.id == number, _group.c.state.in_(before))
    return tx.execute(changed.values(state=state, changed_at=at)).rowcount == 1


def move(tx: Transaction, old: int, new: int) -> None:
    """Follow a group that became a supergroup, whose own row, if it came first, gives way."""
    tx.execute(_group.delete().where(_group.c.chat_id == new))
    tx.execute(update(_group).where(_group.c.chat_id == old).values(chat_id=new))


def note_digest(tx: Transaction, number: int, facts: dict[str, Any] | None, *, at: datetime) -> None:
    """Note when a group's digest was last looked at, and what it last told; None: nothing new."""
    told = {} if facts is None else {"digest": facts}
    tx.execute(update(_group).where(_group.c.id == number).values(digest_at=at, **told))


def kicked_from(tx: Transaction, *, since: datetime | None, until: datetime) -> list[str]:
    """List the titles of the registered groups that removed the bot in a span."""
    when = [_group.c.changed_at <= until, *([_group.c.changed_at > since] if since is not None else [])]
    found = select(_group.c.title).where(_group.c.state == GroupState.KICKED, *when).order_by(_group.c.id)
    return list(tx.execute(found).scalars())


def count_refused(tx: Transaction, *, since: datetime | None, until: datetime) -> int:
    """Count the groups left in a span without having been registered."""
    when = [_group.c.changed_at <= until, *([_group.c.changed_at > since] if since is not None else [])]
    found = select(func.count()).where(_group.c.state == GroupState.REFUSED, *when)
    return int(tx.execute(found).scalar_one())
