"""Is the service receiving? `GET /healthz` answers 200 while it is, 503 once no poll came back for two minutes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from aiohttp import web

from bot.poller import DEAF_AFTER, Poller
from duban.settings import SettingsError
from rules.clock import Clock


@asynccontextmanager
async def serve_health(listen: str | None, poller: Poller, clock: Clock) -> AsyncIterator[None]:
    """Answer on `[http] listen` (host:port) while the block runs; nothing where it is not set.

    Raises: SettingsError for an address that cannot be listened on.
    """
    if listen is None:
        yield
        return
    host, _, port = listen.rpartition(":")
    began = clock.now()

    async def answer(_request: web.Request) -> web.Response:
        age = clock.now() - (poller.last_good_at or began)
        is_well = age <= timedelta(seconds=DEAF_AFTER)
        body = {"ok": is_well, "seconds_since_last_poll": round(age.total_seconds(), 1)}
        return web.json_response(body, status=200 if is_well else 503)

    app = web.Application()
    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host or "127.0.0.1", int(port)).start()
    except (OSError, ValueError, OverflowError) as error:
        await runner.cleanup()
        raise SettingsError(
            f"[http] listen = {listen!r} cannot be listened on ({error}); e.g. 127.0.0.1:8080"
        ) from error
    try:
        yield
    finally:
        await runner.cleanup()
