"""When may the next message go to which chat?

Telegram allows about 1 message a second in a chat with short bursts, 20 a minute in a group, 30 a second overall (Bots
FAQ, "My bot is hitting limits"); a 429 names a wait that is always honoured.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rules.clock import Clock
from rules.policy import Limits

BURST = 3.0  # messages at once after a rest; the rates below leave room for them, so that no window holds too many
LONGEST_HOLD = timedelta(hours=1)
TOGETHER = timedelta(seconds=1)  # two chats refused within this: it is the bot that is held, not the chats


@dataclass(slots=True)
class _Bucket:
    rate: float  # tokens a second
    most: float
    tokens: float
    since: datetime

    def refill(self, now: datetime) -> None:
        passed = max((now - self.since).total_seconds(), 0.0)
        self.tokens = min(self.most, self.tokens + passed * self.rate)
        self.since = now

    def wait(self) -> float:
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate


@dataclass
class SendingLimits:
    """Token buckets: one overall, one for each chat lately written to; a rate of 0 means no limit."""

    clock: Clock
    limits: Limits
    _overall: _Bucket | None = None
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _held: dict[int, datetime] = field(default_factory=dict)
    _refused: tuple[int, datetime] | None = None
    _all_held_until: datetime | None = None

    def room(self, most: int) -> int:
        """Give how many messages may be taken from the outbox now, so that later answers still come first."""
        now = self.clock.now()
        if self._all_held_until is not None and self._all_held_until > now:
            return 0
        if not self.limits.per_second:
            return most
        bucket = self._overall_bucket(now)
        bucket.refill(now)
        return min(most, int(bucket.tokens))

    def held_chats(self) -> list[int]:
        """List the chats that may not be written to yet."""
        now = self.clock.now()
        self._held = {chat: until for chat, until in self._held.items() if until > now}
        if not self.limits.per_second:
            return list(self._held)
        for chat, bucket in list(self._chats.items()):
            bucket.refill(now)
            if bucket.tokens >= bucket.most:
                del self._chats[chat]
        return [*self._held, *(chat for chat, bucket in self._chats.items() if bucket.tokens < 1)]

    def room_in(self, chat_id: int) -> int:
        """Give how many messages may go to a chat at once now."""
        if not self.limits.per_second:
            return 1_000_000
        bucket = self._chats.get(chat_id)
        if bucket is None:
            return int(BURST)
        bucket.refill(self.clock.now())
        return int(bucket.tokens)

    def take(self, chat_id: int) -> None:
        """Count a message to a chat."""
        if not self.limits.per_second:
            return
        now = self.clock.now()
        for bucket in (self._overall_bucket(now), self._chat_bucket(chat_id, now)):
            bucket.refill(now)
            bucket.tokens -= 1

    def hold(self, chat_id: int, seconds: float) -> timedelta:
        """Leave a chat alone for as long as Telegram asked, an hour at most; gives how long that is.

        All chats where another one was refused just before.
        """
        now, wait = self.clock.now(), min(timedelta(seconds=seconds), LONGEST_HOLD)
        if self._refused is not None and self._refused[0] != chat_id and now - self._refused[1] < TOGETHER:
            self.hold_all(wait.total_seconds())
        self._refused = (chat_id, now)
        self.rest(chat_id, wait.total_seconds())
        return wait

    def rest(self, chat_id: int, seconds: float) -> None:
        """Write nothing to a chat for a while, so that what is tried again is not overtaken."""
        self._held[chat_id] = self.clock.now() + timedelta(seconds=seconds)

    def hold_all(self, seconds: float) -> None:
        """Send nothing to anybody for a while."""
        until = self.clock.now() + timedelta(seconds=seconds)
        self._all_held_until = max(until, self._all_held_until or until)

    def seconds_to_room(self) -> float:
        """Give in how many seconds it is worth looking again."""
        now = self.clock.now()
        waits = [bucket.wait() for bucket in (self._overall, *self._chats.values()) if bucket and bucket.tokens < 1]
        held = [until for until in (self._all_held_until, *self._held.values()) if until is not None and until > now]
        return min([*waits, *((until - now).total_seconds() for until in held)], default=0.0)

    def _overall_bucket(self, now: datetime) -> _Bucket:
        if self._overall is None:
            self._overall = _Bucket(_beside_burst(self.limits.per_second), BURST, 1.0, now)
        return self._overall

    def _chat_bucket(self, chat_id: int, now: datetime) -> _Bucket:
        if chat_id not in self._chats:
            in_group = _beside_burst(self.limits.group_per_minute) / 60
            rate = in_group if chat_id < 0 else self.limits.per_chat_per_second
            self._chats[chat_id] = _Bucket(rate, BURST, BURST, now)
        return self._chats[chat_id]


def _beside_burst(most: float) -> float:
    """Give the rate that keeps to `most` in every window, a burst included."""
    return max(most - BURST, most / 2)
