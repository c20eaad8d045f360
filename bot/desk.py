"""The desk works off the inbox: each stored update goes to its handler, one after the other in a chat, chats abreast.

A handler carries out one use case; what it did, what is said and that the update is done are one transaction. An update
that fails is tried again, its chat waiting, and is set aside after some tries.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from telegram import Update

from office.receiving import tell_set_aside
from office.work import Work
from rules import meters
from rules.clock import Clock
from rules.failpoints import reach
from rules.policy import Policy
from storage import inbox
from storage.inbox import WaitingUpdate
from storage.store import Store, Transaction

log = logging.getLogger("duban.desk")
P = ParamSpec("P")
T = TypeVar("T")
ABREAST = 32  # chats handled at the same time
IN_HAND = 2000  # updates held in memory; the rest waits in the database
BACK_OFF = (1, 5, 30, 120)  # seconds before the second try, the third, …


class Office(Protocol):
    """The office this bot serves: its policy, and the unit of work for a transaction as of now."""

    @property
    def policy(self) -> Policy:
        """What the office decided."""
        ...

    def work(self, tx: Transaction) -> Work:
        """Give the work to carry out in this transaction."""
        ...


@dataclass(slots=True)
class InHand:
    """The update a handler is at work on, and whether it was marked done with what the handler did."""

    row: WaitingUpdate
    is_done: bool = False
    error: BaseException | None = None


class DoneBeforeError(Exception):
    """The update in hand was handled before, though nobody could be told: what is done again is undone."""


in_hand: ContextVar[InHand] = ContextVar("in_hand")


@dataclass
class Desk:
    """Hands stored updates to `handle`, which the handlers are behind."""

    store: Store
    clock: Clock
    office: Office
    attempts: int
    handle: Callable[[Update], Awaitable[None]] | None = None
    parse: Callable[[dict[str, Any]], Update | None] | None = None
    after_commit: Callable[[], None] = lambda: None
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _chats: dict[int, deque[WaitingUpdate]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _rests: set[asyncio.Task[None]] = field(default_factory=set)
    _is_stopping: bool = False
    _seen: int = 0
    _held: int = 0

    def __post_init__(self) -> None:
        self._abreast = asyncio.Semaphore(ABREAST)

    def wake(self) -> None:
        """Say that updates were stored."""
        self._woken.set()

    async def run(self) -> None:
        """Work for ever; cancelling it ends after the updates being handled: the others stay stored."""
        self._is_stopping = False
        try:
            while True:
                await self._woken.wait()
                self._woken.clear()
                try:
                    await self._take_in_hand()
                except Exception:  # the database is away: what is stored stays stored
                    log.exception("the inbox could not be read; trying again")
                    self._woken.set()
                    await self.clock.sleep(BACK_OFF[0])
        finally:
            self._is_stopping = True
            for rest in self._rests:
                rest.cancel()
            await self.finish()
            self._chats, self._held, self._seen = {}, 0, 0

    async def finish(self) -> None:
        """Wait until what is in hand is done."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def work_off(self) -> int:
        """Handle everything stored by now; gives how many updates."""
        total = 0
        while taken := await self._take_in_hand():
            total += taken
            await self.finish()
        return total

    async def do(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Carry out the use case of the update in hand and mark the update done, in one transaction."""
        current = in_hand.get()

        def act(tx: Transaction) -> T:
            if not inbox.mark_done(tx, current.row.id):
                raise DoneBeforeError
            result = use_case(self.office.work(tx), *args, **kwargs)
            reach("desk.before_commit")
            return result

        result = await self.store.write(act)
        current.is_done = True
        reach("desk.after_commit")
        self.after_commit()
        return result

    async def _take_in_hand(self) -> int:
        """Take stored updates in hand, as many as memory is meant to hold; gives how many."""
        taken = 0
        while self._held < IN_HAND:
            rows = await self.store.read(self._waiting)
            if not rows:
                break
            for row in rows:
                self._put(row)
            self._seen = rows[-1].id
            taken += len(rows)
        return taken

    def _waiting(self, tx: Transaction) -> list[WaitingUpdate]:
        return inbox.waiting(tx, after=self._seen)

    def _put(self, row: WaitingUpdate) -> None:
        chat = row.chat_id or 0
        self._held += 1
        if chat in self._chats:
            self._chats[chat].append(row)
            return
        self._chats[chat] = deque([row])
        task = asyncio.create_task(self._serve(chat))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, chat: int) -> None:
        waiting = self._chats[chat]
        while waiting and not self._is_stopping:
            await self._settle(waiting[0])
            waiting.popleft()
            self._held -= 1
        self._chats.pop(chat, None)
        if self._held < IN_HAND:
            self._woken.set()

    async def _settle(self, row: WaitingUpdate) -> None:
        """Try an update until it is done or set aside; only a failure that could be noted counts as a try."""
        tries = noted = row.attempts
        while noted < self.attempts:
            if tries:
                await self._rest(BACK_OFF[min(tries, len(BACK_OFF)) - 1])
            async with self._abreast:
                error = await self._try(row)
            if error is None:
                meters.UPDATES.labels("handled").inc()
                return
            meters.UPDATES.labels("failed").inc()
            tries += 1
            log.error("update %d failed at try %d: %s", row.id, tries, type(error).__name__, exc_info=error)
            noted += await self._note_failure(row, error, is_last=noted + 1 >= self.attempts)
        meters.UPDATES.labels("dead").inc()
        log.critical("update %d is set aside after %d tries", row.id, self.attempts)

    async def _rest(self, seconds: float) -> None:
        """Wait before the next try; a stop ends the wait, and with it the chat's turn."""
        if self._is_stopping:
            raise asyncio.CancelledError
        rest = asyncio.create_task(self.clock.sleep(seconds))
        self._rests.add(rest)
        rest.add_done_callback(self._rests.discard)
        await rest

    async def _try(self, row: WaitingUpdate) -> BaseException | None:
        assert self.handle is not None  # noqa: S101  # set when the handlers are put behind the desk
        assert self.parse is not None  # noqa: S101
        current = InHand(row)
        in_hand.set(current)
        try:
            update = self.parse(json.loads(row.raw))
            if update is not None:
                await self.handle(update)
            if current.error is None and not current.is_done:
                await self.store.write(lambda tx: inbox.mark_done(tx, row.id))
        except Exception as error:  # noqa: BLE001  # the last resort: nothing one update holds may stop the others
            current.error = error
        if current.is_done or isinstance(current.error, DoneBeforeError):
            if current.error is not None:
                log.warning("update %d is done; afterwards came %s", row.id, type(current.error).__name__)
            return None
        return current.error

    async def _note_failure(self, row: WaitingUpdate, error: BaseException, *, is_last: bool) -> bool:
        """Note a failure, and after the last one set the update aside; False where the database is away."""
        words = ascii(f"{type(error).__name__}: {error}")[
            1:-1
        ]  # no lone surrogate or NUL can keep it from being stored

        def act(tx: Transaction) -> None:
            inbox.note_failure(tx, row.id, words)
            if is_last:
                inbox.mark_dead(tx, row.id)
                tell_set_aside(self.office.work(tx), row.chat_id or 0, sent_at=row.received_at)

        try:
            await self.store.write(act)
        except Exception:
            log.exception("could not note the failure of update %d", row.id)
            return False
        self.after_commit()
        return True
