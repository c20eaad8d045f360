"""APScheduler wakes the ticks; what is due stands in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from jobs.timetable import TICKS, TIMETABLE, Errand, Made, Tick

log = logging.getLogger("duban.clock")
RunTick = Callable[[Tick], Awaitable[Made]]
RunErrand = Callable[[Errand], Awaitable[None]]
T = TypeVar("T")


async def run_all(run: RunTick) -> Made:
    """Run every tick once, in order; one that fails does not keep the others."""
    made = Made()
    for tick in TICKS:
        made += await _guarded(tick, run(tick)) or Made()
    return made


def start_clock(run: RunTick, run_errand: RunErrand) -> AsyncIOScheduler:
    """Wake each tick and errand at its interval, from now on: late ones run once, none twice at a time."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    turn = asyncio.Lock()  # the ticks' order matters, their haste does not

    async def wake(item: Tick | Errand) -> None:
        if isinstance(item, Errand):
            await _guarded(item, run_errand(item))
            return
        async with turn:
            await _guarded(item, run(item))

    for item in TIMETABLE:
        scheduler.add_job(
            wake,
            "interval",
            seconds=item.every,
            args=[item],
            id=item.name,
            name=item.name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    scheduler.start()
    return scheduler


def wake_all(scheduler: AsyncIOScheduler) -> None:
    """Wake everything now: after the machine's clock was put back APScheduler would wait until it is as late again."""
    for job in scheduler.get_jobs():
        job.modify(next_run_time=datetime.now(UTC))


async def _guarded(item: Tick | Errand, running: Awaitable[T]) -> T | None:
    try:
        return await running
    except Exception:  # it is tried again at its next turn; the others must run
        log.exception("tick %s failed; it runs again in %d s", item.name, item.every)
        return None
