"""Queue updates for getUpdates: offsets, expiry, limits, and one poller at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duban.rehearsal.botapi.wire import ApiError, encode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duban.rehearsal.botapi.changes import Changes

QUEUE_CAP = 100_000  # td TQueue.cpp:86-88
UPDATE_BYTES = 512 * 1024  # td TQueue.cpp, MAX_EVENT_LEN
QUEUE_BYTES = 128 * 1024 * 1024  # td TQueue.cpp
ANSWER_BYTES = 1 << 22  # tdlib Client.cpp JsonUpdates
LONGEST_POLL = 50  # tdlib Client.h LONG_POLL_MAX_TIMEOUT, seconds
FUTURE_TOLERANCE = 10  # td TQueue.cpp get: "from_id is in the future"
PAST_TOLERANCE = 2 * QUEUE_CAP  # td TQueue.cpp get: "from_id is in the past"
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})  # Bot API getUpdates
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Update:
    """Hold one queued update as it will be printed; lives_until in Unix seconds."""

    update_id: int
    kind: str
    body: str
    lives_until: float


class UpdateQueue:
    """Hold what the bot has not confirmed yet, in order of update_id."""

    def __init__(self, now: Callable[[], float], changes: Changes, *, first_id: int) -> None:
        self._now = now
        self._changes = changes
        self._queue: deque[Update] = deque()
        self._bytes = 0
        self._tail = first_id
        self._next_expiry = float("inf")
        self._poller: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] | None = None
        self.before_confirm: Callable[[int], None] | None = None
        self.confirmed_offset = 0
        self.last_batch: list[Update] = []

    def __len__(self) -> int:
        """Count the updates neither confirmed nor expired."""
        self._expire()
        return len(self._queue)

    def waiting(self, before: int | None = None) -> list[int]:
        """List the ids in the queue, or those a poll with offset `before` would confirm."""
        return [update.update_id for update in self._queue if before is None or update.update_id < before]

    def push(self, kind: str, payload: object, *, lives_until: float) -> int | None:
        """Queue an update; None where Telegram would drop it: not allowed, expired, too large, queue full."""
        if not self._is_allowed(kind) or lives_until < self._now():
            return None
        body = f'{{"update_id":{self._tail},"{kind}":{encode(payload)}}}'
        full = len(self._queue) >= QUEUE_CAP or self._bytes + len(body) > QUEUE_BYTES
        return None if full or len(body) > UPDATE_BYTES else self._append(kind, body, lives_until)

    def push_raw(self, kind: str, fields: str) -> int:
        """Queue an update Telegram would never make; fields is what follows update_id in the JSON text."""
        return self._append(kind, f'{{"update_id":{self._tail},{fields}}}', float("inf"))

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Remember allowed_updates; None keeps the former ones, empty means the default (Bot API getUpdates)."""
        if kinds is not None:
            self._allowed = frozenset(kinds) or None

    def restart_numbering(self, start: int) -> None:
        """Go on from another id, as after a week without updates (Bot API Update; td TQueue.cpp:158-166)."""
        if len(self):
            raise ValueError(f"{len(self._queue)} updates are unconfirmed: numbering restarts only on an empty queue")
        self._tail = start

    def drop_all(self) -> None:
        """Forget everything queued (Bot API deleteWebhook drop_pending_updates)."""
        self._queue.clear()
        self._bytes = 0
        self._next_expiry = float("inf")
        self._changes.notify()

    async def poll(self, offset: int, limit: int, seconds: int) -> list[Update]:
        """Answer getUpdates; waits real seconds, at most 50, and ends an older poll with 409."""
        self.end_poll(ApiError(409, CONFLICT))
        batch = self._take(offset, limit)
        if batch or seconds <= 0:
            return batch
        poller: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poller = poller
        self._changes.notify()
        try:
            async with asyncio.timeout(min(seconds, LONGEST_POLL)):
                await poller
        except TimeoutError:
            return []
        finally:
            if self._poller is poller:
                self._poller = None
                self._changes.notify()
        return self._take(offset, limit)

    def end_poll(self, error: ApiError) -> None:
        """End the waiting poll, if there is one, with this error."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(error)
        self._poller = None

    @property
    def is_polled(self) -> bool:
        """Say whether a long poll is waiting now."""
        return self._poller is not None

    def _is_allowed(self, kind: str) -> bool:
        return kind not in NOT_BY_DEFAULT if self._allowed is None else kind in self._allowed

    def _append(self, kind: str, body: str, lives_until: float) -> int:
        update = Update(self._tail, kind, body, lives_until)
        self._queue.append(update)
        self._bytes += len(body)
        self._tail += 1
        self._next_expiry = min(self._next_expiry, lives_until)
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        self._changes.notify()
        return update.update_id

    def _take(self, offset: int, limit: int) -> list[Update]:
        self._expire()
        self._confirm(self._first_wanted(offset))
        self.last_batch = self._head(limit)
        return self.last_batch

    def _first_wanted(self, offset: int) -> int:
        """Turn an offset into an id (tdlib Client.cpp do_get_updates; td TQueue.cpp get)."""
        head = self._queue[0].update_id if self._queue else self._tail
        wanted = offset + self._tail if offset < 0 else offset
        if wanted <= 0 or wanted > self._tail + FUTURE_TOLERANCE or wanted < self._tail - PAST_TOLERANCE:
            return head
        return wanted

    def _confirm(self, wanted: int) -> None:
        if not self._queue or self._queue[0].update_id >= wanted:
            return
        if self.before_confirm is not None:
            self.before_confirm(wanted)
        while self._queue and self._queue[0].update_id < wanted:
            self._bytes -= len(self._queue.popleft().body)
        self.confirmed_offset = wanted
        self._changes.notify()

    def _head(self, limit: int) -> list[Update]:
        batch: list[Update] = []
        size = 0
        for update in self._queue:
            size += len(update.body)
            if len(batch) >= limit or (batch and size > ANSWER_BYTES):
                break
            batch.append(update)
        return batch

    def _expire(self) -> None:
        now = self._now()
        if self._next_expiry >= now:
            return
        self._queue = deque(update for update in self._queue if update.lives_until >= now)
        self._bytes = sum(len(update.body) for update in self._queue)
        self._next_expiry = min((update.lives_until for update in self._queue), default=float("inf"))
        self._changes.notify()
