"""The running service: receiving, handling, ticking and sending, around one database."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.error import TelegramError

from bot.api import ApiError, NotSentError, TelegramApi, UnauthorizedError
from bot.desk import Desk
from bot.handlers import App, build_application
from bot.limits import SendingLimits
from bot.mail_server import MailServer
from bot.mailing import Mailer
from bot.menus import Menus
from bot.poller import DeafError, Poller
from bot.sender import Sender
from duban.premises import Premises
from duban.watch import Heartbeat, Watch, beat, watch_over
from jobs.runner import run_all, start_clock, wake_all
from jobs.timetable import Errand, Made, Tick
from jobs.upkeep import Upkeep
from office.apart import note_failure
from office.register.inviting import note_bot_name
from rules import meters
from rules.clock import Clock
from storage import outbox
from storage.store import Store, Transaction
from storage.turns import take_turn

log = logging.getLogger("duban")
STOP_SECONDS = 20.0  # what is in hand must end within this after a SIGTERM


@dataclass
class Service:
    """The parts of the service, wired; use as an async context, then `run`, or step by step on a simulated clock."""

    store: Store
    premises: Premises
    api: TelegramApi
    token: str
    upkeep: Upkeep | None = None
    heartbeat: Heartbeat | None = None
    mail_server: MailServer | None = None

    def __post_init__(self) -> None:
        clock, policy = self.premises.clock, self.premises.policy
        limits = SendingLimits(clock, policy.limits)
        self.sender = Sender(self.api, self.store, clock, self.premises, limits)
        self.mailer = Mailer(self.mail_server, self.store, clock, self.premises)
        self.desk = Desk(self.store, clock, self.premises, policy.limits.attempts, after_commit=self.sender.wake)
        self.poller = Poller(self.api, self.store, clock, self.premises, after_commit=self.desk.wake)
        self.watch = Watch(self.store, self.premises, self.poller, self.sender)
        self.menus = Menus(self.api, self.store, clock, self.premises)
        self.application: App = build_application(self.token, self.api, self.desk)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(self.api)
            name = await self._greet(self.premises.clock)
            await self.store.write(lambda tx: note_bot_name(self.premises.work(tx), name))
            self._stack = opening.pop_all()  # a service that does not come up closes what it opened
        self._stack.push_async_callback(self.application.shutdown)
        await self._ask("deleteWebhook", {})  # a webhook left over would keep every poll from its updates
        await self.menus.set_default()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._stack.aclose()

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT, then finish what is in hand.

        Raises: DeafError where Telegram refuses the token for good, EndedError where a part ends otherwise.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        self.desk.wake()
        tasks = [asyncio.create_task(run(), name=name) for name, run in self._parts().items()]
        await self.tick()
        scheduler = start_clock(self.run_tick, self.run_errand)
        watching = [asyncio.create_task(watch_over(self.watch, partial(self._begin_anew, scheduler)))]
        if self.heartbeat is not None:
            watching.append(asyncio.create_task(beat(self.watch, self.heartbeat)))
        stopped = asyncio.create_task(stop.wait())
        log.info("serving")
        done, _ = await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        await self._note_ended([task.get_name() for task in done - {stopped}])
        scheduler.shutdown(wait=False)
        for task in (*watching, stopped):
            task.cancel()
        await self._end(tasks)
        for ended in done - {stopped}:
            ended.result()
            raise EndedError(f"the {ended.get_name()} ended by itself; the log says what went before")
        log.info("stopped")

    async def _note_ended(self, parts: list[str]) -> None:
        """Say that parts of the service ended that were to run for ever; the chat hears of it after the next start."""
        for part in parts:
            self.watch.ended = part
            log.critical("the %s ended by itself: the service stops", part)
            await self.watch.raise_alarm("ended", about=part)

    async def _begin_anew(self, scheduler: AsyncIOScheduler) -> None:
        """Have nothing wait by a clock that was put back."""
        wake_all(scheduler)
        await self.store.write(lambda tx: outbox.end_long_waits(tx, at=self.premises.clock.now()))

    async def tick(self, *, polls: bool = True) -> Made:
        """Do everything the clock would do as of now, once."""
        return await run_all(lambda tick: self.run_tick(tick, polls=polls))

    async def run_tick(self, tick: Tick, *, polls: bool = True) -> Made:
        """Run one tick in a transaction of its own; one that fails is noted."""
        try:
            with meters.TICK_SECONDS.labels(tick.name).time():
                made = await self.store.write(lambda tx: act_on(tx, self.premises, tick, polls=polls))
        except Exception as error:
            await self._note_failed(tick.name, error)
            raise
        self.watch.note_tick(tick)
        if made.outbox:
            self.sender.wake()
        return made

    async def run_errand(self, errand: Errand) -> None:
        """Run an errand in a thread of its own; one that fails is noted."""
        if self.upkeep is None:
            return
        try:
            with meters.TICK_SECONDS.labels(errand.name).time():
                await asyncio.to_thread(errand.act, self.upkeep, self.premises.clock.now())
        except Exception as error:
            await self._note_failed(errand.name, error)
            raise

    async def _note_failed(self, name: str, error: Exception) -> None:
        meters.TICK_FAILURES.labels(name).inc()
        try:
            await self.store.write(lambda tx: note_failure(self.premises.work(tx), name, "", error))
        except Exception:
            log.exception("nobody could be told that tick %s failed", name)
        self.sender.wake()

    async def settle(self) -> None:
        """Receive, handle and send until nothing is left to do; for a clock that stands still meanwhile."""
        while True:
            received = await self.poller.poll_once()
            handled = await self.desk.work_off()
            sent = await self.sender.send_all()
            mailed = await self.mailer.send_all()
            if not received and not handled and not sent and not mailed:
                await self.menus.refresh()
                return

    def _parts(self) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
        parts: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "poller": self.poller.run,
            "desk": self.desk.run,
            "sender": self.sender.run,
            "menus": self.menus.run,
        }
        return {**parts, "mailer": self.mailer.run} if self.mail_server is not None else parts

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """Stop receiving first, then handling, then sending, each after what it has in hand."""
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError, TimeoutError, DeafError):
                async with asyncio.timeout(STOP_SECONDS):
                    await task

    async def _greet(self, clock: Clock) -> str | None:
        """Wait until the Bot API answers; gives the bot's user name.

        Raises: DeafError where it refuses the token.
        """
        wait, refusals = 1.0, 0
        while True:
            try:
                me = await self.api.call("getMe", {})
                await self.application.initialize()
            except UnauthorizedError as error:
                refusals += 1
                if refusals == 3:  # one stray answer of a proxy must not stop the service
                    raise DeafError(
                        "Telegram refuses the token; put the one @BotFather gave you into [telegram] token"
                    ) from error
            except (ApiError, TelegramError) as error:
                level = logging.WARNING if isinstance(error, NotSentError) else logging.ERROR
                log.log(level, "the Bot API does not answer yet (%s); trying again in %d s", error, wait)
            else:
                log.info("connected as @%s", me.get("username"))
                return str(me["username"]) if me.get("username") else None
            await clock.sleep(wait)
            wait = min(wait * 2, 30.0)

    async def _ask(self, method: str, params: dict[str, object]) -> None:
        """Ask for something the service can do without."""
        try:
            await self.api.call(method, params)
        except ApiError as error:
            log.warning("%s was refused: %s", method, error)


class EndedError(Exception):
    """A part of the service that was to run for ever ended by itself."""


def act_on(tx: Transaction, premises: Premises, tick: Tick, *, polls: bool) -> Made:
    """Run one tick in this transaction and count the messages it left; nothing where another process runs it now."""
    if not take_turn(tx, tick.name):
        return Made()
    before = outbox.last_number(tx)
    made = tick.act(premises.work(tx), polls)
    return made + Made(outbox=outbox.last_number(tx) - before)
