"""APScheduler wakes the ticks; what is due stands in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from jobs.timetable import TIMETABLE, Made, Tick

log = logging.getLogger("duban.clock")
RunTick = Callable[[Tick], Awaitable[Made]]


async def run_all(run: RunTick) -> Made:
    """Run every tick once, in order; one that fails does not keep the others."""
    made = Made()
    for tick in TIMETABLE:
        made += await _guarded(run, tick)
    return made


def start_clock(run: RunTick) -> AsyncIOScheduler:
    """Wake each tick at its interval, from now on: late ones run once, none twice at a time."""
    scheduler = AsyncIOScheduler(timezone=UTC)
    turn = asyncio.Lock()  # the ticks' order matters, their haste does not

    async def wake(tick: Tick) -> None:
        async with turn:
            await _guarded(run, tick)

    for tick in TIMETABLE:
        scheduler.add_job(
            wake,
            "interval",
            seconds=tick.every,
            args=[tick],
            id=tick.name,
            name=tick.name,
            replace_existing=True,
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
    scheduler.start()
    return scheduler


async def _guarded(run: RunTick, tick: Tick) -> Made:
    try:
        return await run(tick)
    except Exception:  # the tick is tried again at its next turn; the others must run
        log.exception("tick %s failed; it runs again in %d s", tick.name, tick.every)
        return Made()
