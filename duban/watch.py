"""The service watches itself: is it receiving, ticking and sending, and what is wrong if it is not?"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import aiohttp

from bot.poller import DEAF_AFTER, Poller
from bot.sender import Sender
from duban.premises import Premises
from jobs.timetable import TICKS, Tick
from office.chasing.holding import held
from office.upkeep.alarming import alarm
from rules import meters
from storage import watching
from storage.store import Store, Transaction

log = logging.getLogger("duban.watch")
LATE_AFTER = 4  # intervals of a tick
STUCK_AFTER = timedelta(minutes=5)
CONFLICT_LASTS = timedelta(minutes=10)  # two pollers take turns: one that was seen is still there
REFUSAL_LASTS = timedelta(minutes=2)
LOOK_EVERY = 10.0  # seconds
JUMP = 60.0  # seconds the wall clock may gain or lose on the machine's own between two looks
DATABASE_SECONDS = 10.0
HEARTBEAT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong: a short name, what exactly it is about, and a sentence."""

    what: str
    says: str
    about: str = ""


@dataclass
class Watch:
    """Knows when each part last did its work, and says what is wrong as of now."""

    store: Store
    premises: Premises
    poller: Poller
    sender: Sender
    ticked: dict[str, datetime] = field(default_factory=dict)  # when each tick last succeeded
    ended: str | None = None  # the part of the service that ended by itself
    _known: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.began_at = self.premises.clock.now()

    def note_tick(self, tick: Tick) -> None:
        """Note that a tick succeeded."""
        self.ticked[tick.name] = self.premises.clock.now()

    def poll_age(self) -> timedelta:
        """Give how long ago a poll last came back, since the start where none did."""
        return self.premises.clock.now() - (self.poller.last_good_at or self.began_at)

    async def problems(self) -> list[Problem]:
        """Give what is wrong now, the worst first."""
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                stored = await self.store.read(self._stored_problems)
        except Exception as error:  # noqa: BLE001  # whatever keeps the database from answering is the problem
            stored = [Problem("database", f"the database does not answer ({type(error).__name__})")]
        return [*self._running_problems(), *stored]

    async def look(self) -> list[Problem]:
        """Log what went wrong or came right since the last look and tell the administrators; gives what is wrong."""
        found = await self.problems()
        fresh = [problem for problem in found if (problem.what, problem.about) not in self._known]
        now = {(problem.what, problem.about) for problem in found}
        for problem in fresh:
            log.critical("the service is not well: %s", problem.says)
        for what, about in sorted(self._known - now):
            log.warning("well again: %s %s", what, about)
        self._known = now
        for problem in fresh:
            await self.raise_alarm(problem.what, about=problem.about)
        return found

    async def raise_alarm(self, what: str, *, about: str = "", **facts: object) -> None:
        """Tell the administrators in chat, as far as the database can be written."""
        try:
            await self.store.write(lambda tx: alarm(self.premises.work(tx), what, about=about, **facts))
        except Exception:  # the log has it, and /healthz shows it
            log.exception("nobody could be told in chat of: %s", what)
        self.sender.wake()

    def begin_anew(self) -> None:
        """Forget every instant noted: the clock they were read from was put forward or back."""
        self.began_at = self.premises.clock.now()
        self.ticked.clear()
        self.poller.last_good_at = None

    def _running_problems(self) -> Iterator[Problem]:
        now = self.premises.clock.now()
        if self.ended is not None:
            yield Problem("ended", f"the {self.ended} ended by itself", self.ended)
        if (self.poller.refused_since or _within(self.sender.refused_at, REFUSAL_LASTS, now)) is not None:
            yield Problem("token", "Telegram refuses the token (401)")
        if _within(self.poller.conflict_at, CONFLICT_LASTS, now) is not None:
            yield Problem("conflict", "another program polls with this bot's token (409)")
        if (age := self.poll_age()).total_seconds() > DEAF_AFTER:
            yield Problem("polls", f"no poll came back for {age.total_seconds():.0f} s")
        for tick in TICKS:
            late = now - self.ticked.get(tick.name, self.began_at)
            if late > timedelta(seconds=LATE_AFTER * tick.every):
                says = (
                    f"tick {tick.name} did not succeed for {late.total_seconds():.0f} s; it runs every {tick.every} s"
                )
                yield Problem("tick", says, tick.name)

    def _stored_problems(self, tx: Transaction) -> list[Problem]:
        now = self.premises.clock.now()
        found = []
        waiting = watching.waiting_since(tx, at=now)
        if waiting is not None and self._is_stuck(waiting) and held(self.premises.work(tx)) is None:
            sent = watching.last_sent_at(tx)
            if sent is None or self._is_stuck(sent):  # else the queue is long, but it moves
                found.append(Problem("outbox", f"messages have waited for {_minutes(now - waiting)} and none goes out"))
        untried = watching.untried_since(tx)
        if untried is not None and self._is_stuck(untried):
            found.append(Problem("inbox", f"an update has waited for {_minutes(now - untried)} and is not handled"))
        return found

    def _is_stuck(self, since: datetime) -> bool:
        return self.premises.clock.now() - max(since, self.began_at) > STUCK_AFTER


async def watch_over(watch: Watch, on_jump: Callable[[], Awaitable[None]]) -> None:
    """Look at the service for ever; where the machine's clock jumps, say so and start every interval anew."""
    loop, clock = asyncio.get_running_loop(), watch.premises.clock
    wall, own = clock.now(), loop.time()
    while True:
        await asyncio.sleep(LOOK_EVERY)
        jump = (clock.now() - wall).total_seconds() - (loop.time() - own)
        wall, own = clock.now(), loop.time()
        try:
            if abs(jump) > JUMP:
                log.critical("the machine's clock jumped by %d s, or the machine slept", jump)
                watch.begin_anew()
                await on_jump()
                await watch.raise_alarm("jump", seconds=round(jump))
            await watch.look()
        except Exception:  # the watch must not be what stops the service
            log.exception("the watch failed; it looks again in %d s", LOOK_EVERY)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """An address outside that expects to be asked for so often, and raises the alarm when it is not."""

    url: str
    seconds: int


async def beat(watch: Watch, heartbeat: Heartbeat) -> None:
    """Ask for the address for ever, as long as all is well: a switch that goes off when this service is dead."""
    timeout = aiohttp.ClientTimeout(total=HEARTBEAT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        while True:
            await _beat_once(watch, heartbeat, session)
            await asyncio.sleep(heartbeat.seconds)


async def _beat_once(watch: Watch, heartbeat: Heartbeat, session: aiohttp.ClientSession) -> None:
    if watch.poller.last_good_at is None or await watch.problems():  # a start alone proves nothing
        meters.HEARTBEATS.labels("held back").inc()
        return
    try:
        async with session.get(heartbeat.url) as answer:
            answer.raise_for_status()
        meters.HEARTBEATS.labels("sent").inc()
    except (aiohttp.ClientError, TimeoutError, OSError) as error:  # the address is a secret: it stands in no log
        meters.HEARTBEATS.labels("failed").inc()
        log.warning("the heartbeat was not taken: %s", type(error).__name__)


def _within(instant: datetime | None, span: timedelta, now: datetime) -> datetime | None:
    return instant if instant is not None and now - instant < span else None


def _minutes(span: timedelta) -> str:
    return f"{span.total_seconds() / 60:.0f} min"
