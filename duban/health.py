"""Is the service well, and how does it do? `GET /healthz` and `GET /metrics`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from duban.metrics import read_gauges
from duban.settings import SettingsError
from duban.watch import Watch


@asynccontextmanager
async def serve_health(listen: str | None, watch: Watch) -> AsyncIterator[None]:
    """Answer on `[http] listen` (host:port) while the block runs; nothing where it is not set.

    `/healthz` is 200 while all is well, else 503, and says what is wrong.

    Raises: SettingsError for an address that cannot be listened on.
    """
    if listen is None:
        yield
        return
    host, _, port = listen.rpartition(":")

    async def health(_request: web.Request) -> web.Response:
        problems = await watch.problems()
        body = {
            "ok": not problems,
            "seconds_since_last_poll": round(watch.poll_age().total_seconds(), 1),
            "wrong": [{"what": problem.what, "says": problem.says} for problem in problems],
        }
        return web.json_response(body, status=503 if problems else 200)

    async def metrics(_request: web.Request) -> web.Response:
        await read_gauges(watch)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/healthz", health)
    app.router.add_get("/metrics", metrics)
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
