"""Put the parts together: one fake Telegram, its people, its journal and its script."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from duban.rehearsal.botapi.args import Args
from duban.rehearsal.botapi.calls import Calls, canonical
from duban.rehearsal.botapi.chats import Access, Chat
from duban.rehearsal.botapi.control import Control
from duban.rehearsal.botapi.faults import Faults, Hooks
from duban.rehearsal.botapi.flood import FloodControl
from duban.rehearsal.botapi.front import Front
from duban.rehearsal.botapi.groups import Group, make_group
from duban.rehearsal.botapi.journal import Journal
from duban.rehearsal.botapi.users import User
from duban.rehearsal.botapi.wire import ApiError, Json
from duban.rehearsal.botapi.world import MESSAGE_LIFE, World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from rules.clock import Clock

    T = TypeVar("T")


class BotApi:
    """Be Telegram for one bot, on a loopback port, on the clock given."""

    def __init__(  # switches of a test server, all by name
        self,
        clock: Clock,
        token: str = "1:rehearsal-token",  # noqa: S107  # a rehearsal's token opens nothing
        username: str = "duban_rehearsal_bot",
        *,
        flood_control: bool = True,
        expiry: bool = True,
        seed: int = 0,
        port: int = 0,
        first_update_id: int | None = None,
        journal_path: str | Path | None = None,
        journal_limit: int | None = None,
    ) -> None:
        self.token = token
        self.world = World(
            clock=clock,
            bot={
                "id": int(token.split(":", maxsplit=1)[0]),
                "is_bot": True,
                "first_name": "督办",
                "username": username,
            },
            random=random.Random(seed),  # noqa: S311  # repeatable ids, no secrets
            flood=FloodControl(is_on=flood_control),
            expiry=expiry,
            first_update_id=first_update_id,
        )
        self.journal = Journal(limit=journal_limit, path=None if journal_path is None else Path(journal_path))
        self.faults = Faults()
        self.hooks = Hooks()
        self.world.updates.before_confirm = self._before_confirm
        self._people: dict[int, User] = {}
        self._groups: dict[int, Group] = {}
        self._calls = Calls(self.world, self.journal)
        self._front = Front(self._calls, self.faults, token=token, port=port, control=Control(self))

    async def start(self) -> None:
        """Listen on 127.0.0.1, on the port asked for or a free one."""
        await self._front.start()

    async def stop(self) -> None:
        """Close everything; raises the first error of a hook or of the server itself."""
        self.world.updates.end_poll(ApiError(500, "Internal Server Error: restart"))
        await self._front.stop()
        self.journal.close()
        if self._calls.errors:
            raise self._calls.errors.pop(0)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Stop; an error of the body itself goes first."""
        if error is not None:
            self._calls.errors.clear()
        await self.stop()

    @property
    def url(self) -> str:
        """Give the root to use as [telegram] api_url; raises RuntimeError before start()."""
        return self._front.url

    def user(self, user_id: int, first_name: str = "", last_name: str = "", **more: str) -> User:
        """Get or create a person; more may hold username and language_code."""
        if user_id not in self._people:
            self._people[user_id] = self._new_user(user_id)
        user = self._people[user_id]
        given = {"first_name": first_name, "last_name": last_name, **more}
        user.card.update({name: value for name, value in given.items() if value})
        names = ("first_name", "last_name", "username")
        self.world.chats[user_id].card.update({name: user.card[name] for name in names if name in user.card})
        return user

    def group(
        self, chat_id: int, members: Iterable[User | int] = (), title: str = "督办群", kind: str | None = None
    ) -> Group:
        """Get or create a group; -100… is a supergroup unless kind says "channel" (Bot API Chat.type)."""
        if chat_id not in self.world.chats:
            make_group(self.world, chat_id, title, kind or default_kind(chat_id))
        if chat_id not in self._groups:
            self._groups[chat_id] = Group(self.world, self.world.chats[chat_id])
        self._groups[chat_id].members.update(m if isinstance(m, int) else m.id for m in members)
        return self._groups[chat_id]

    @property
    def pending(self) -> int:
        """Count the updates neither confirmed nor expired."""
        return len(self.world.updates)

    @property
    def confirmed_offset(self) -> int:
        """Give the offset of the last poll that confirmed anything, 0 before the first."""
        return self.world.updates.confirmed_offset

    @property
    def is_polled(self) -> bool:
        """Say whether a long poll is waiting now."""
        return self.world.updates.is_polled

    @property
    def flood_refusals(self) -> int:
        """Count the sends refused with 429 by flood control (not by scripted faults)."""
        return self.world.flood.refused

    def waiting(self, before: int | None = None) -> list[int]:
        """List queued update ids, or those below an offset (what before_confirm is about to lose)."""
        return self.world.updates.waiting(before)

    def reset_update_ids(self, start: int) -> None:
        """Number updates from here, as after a week of silence; raises ValueError while any is unconfirmed."""
        self.world.updates.restart_numbering(start)

    def push_update(self, **payload: object) -> int | None:
        """Queue any update, e.g. push_update(message={...}); None where Telegram would drop it."""
        kind, content = next(iter(payload.items()))
        return self.world.updates.push(kind, content, lives_until=self.world.until(self.world.now() + MESSAGE_LIFE))

    def push_raw(self, fields: str) -> int:
        """Queue an update of any shape and size; fields is the JSON text after its update_id."""
        return self.world.updates.push_raw("raw", fields)

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 5.0) -> T:  # noqa: ASYNC109  # as in Changes
        """Wait for a state of this server; returns the predicate's first true value, raises TimeoutError (real seconds).

        Looks again at every call, update and press, not when the clock is moved.
        """
        return await self.world.changes.wait_for(predicate, timeout)

    async def call(self, method: str, **params: Any) -> Json:
        """Call a method past the socket, journalled like any other; returns the whole answer."""
        answer = await self._calls.perform(canonical(method), Args(params))
        told: Json = json.loads(answer.body)
        return told

    def _new_user(self, user_id: int) -> User:
        card: Json = {"id": user_id, "is_bot": False, "first_name": f"用户{user_id}", "language_code": "zh-hans"}
        chat = Chat(user_id, "private", {"id": user_id, "type": "private"}, access=Access.UNSTARTED)
        self.world.chats[user_id] = chat
        return User(self.world, chat, card)

    def _before_confirm(self, offset: int) -> None:
        if self.hooks.before_confirm is not None:
            self.hooks.before_confirm(offset)


def default_kind(chat_id: int) -> str:
    """Tell a supergroup from a basic group by its id (core.telegram.org/api/bots/ids)."""
    return "supergroup" if chat_id <= -1_000_000_000_000 or str(chat_id).startswith("-100") else "group"
