"""The running service: receiving, handling, ticking and sending, around one database."""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any, Self

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
from jobs.runner import run_all, start_clock
from jobs.timetable import Made, Tick
from office.inviting import note_bot_name
from rules.clock import Clock
from storage import outbox
from storage.store import Store, Transaction

log = logging.getLogger("duban")
STOP_SECONDS = 20.0  # what is in hand must end within this after a SIGTERM


@dataclass
class Service:
    """The parts of the service, wired; use as an async context, then `run`, or step by step on a simulated clock."""

    store: Store
    premises: Premises
    api: TelegramApi
    token: str
    mail_server: MailServer | None = None

    def __post_init__(self) -> None:
        clock, policy = self.premises.clock, self.premises.policy
        limits = SendingLimits(clock, policy.limits)
        self.sender = Sender(self.api, self.store, clock, self.premises, limits)
        self.mailer = Mailer(self.mail_server, self.store, clock, self.premises)
        self.desk = Desk(self.store, clock, self.premises, policy.limits.attempts, after_commit=self.sender.wake)
        self.poller = Poller(self.api, self.store, clock, self.premises, after_commit=self.desk.wake)
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

        Raises: DeafError where Telegram refuses the token for good.
        """
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        self.desk.wake()
        tasks = [asyncio.create_task(part()) for part in self._parts()]
        await self.tick()
        scheduler = start_clock(self.run_tick)
        stopped = asyncio.create_task(stop.wait())
        log.info("serving")
        done, _ = await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        scheduler.shutdown(wait=False)
        await self._end(tasks)
        stopped.cancel()
        for task in done - {stopped}:
            task.result()
        log.info("stopped")

    async def tick(self, *, polls: bool = True) -> Made:
        """Do everything the clock would do as of now, once."""
        return await run_all(lambda tick: self.run_tick(tick, polls=polls))

    async def run_tick(self, tick: Tick, *, polls: bool = True) -> Made:
        """Run one tick in a transaction of its own."""
        made = await self.store.write(lambda tx: act_on(tx, self.premises, tick, polls=polls))
        if made.outbox:
            self.sender.wake()
        return made

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

    def _parts(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        parts = [self.poller.run, self.desk.run, self.sender.run, self.menus.run]
        return [*parts, self.mailer.run] if self.mail_server is not None else parts

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


def act_on(tx: Transaction, premises: Premises, tick: Tick, *, polls: bool) -> Made:
    """Run one tick in this transaction and count the messages it left."""
    before = outbox.last_number(tx)
    made = tick.act(premises.work(tx), polls)
    return made + Made(outbox=outbox.last_number(tx) - before)
