"""What serves: `duban tick`, and `duban run` once it may (see start)."""

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from bot.api import TelegramApi
from bot.poller import DeafError
from duban.commands.common import command_options, json_option, print_json, refuse
from duban.commands.opening import opened
from duban.health import serve_health
from duban.logs import set_up_logging
from duban.premises import Premises
from duban.service import EndedError, Service, act_on
from duban.settings import Settings
from duban.watch import Heartbeat
from jobs.timetable import TICKS, Made
from jobs.upkeep import Upkeep
from office.apart import note_failure
from rules.clock import Clock
from storage.backups import back_up
from storage.engine import database_file
from storage.schema import is_current, migrate
from storage.store import open_store
from storage.vault import open_vault


@click.command()
@json_option
@command_options
def tick(config: Path, at: str | None, *, as_json: bool) -> None:
    """Do once what the clock would do; sends nothing itself, a running service does."""
    with opened(config, at) as office:
        token = office.settings.telegram.token.get_secret_value()
        set_up_logging(level="ERROR", file=None, secrets=(token,), force=False)
        premises = replace(office.premises, via="clock")
        made, failed = Made(), []
        for each in TICKS:
            try:
                made += office.store.write_now(partial(act_on, premises=premises, tick=each, polls=False))
            except Exception as error:  # noqa: BLE001  # the others are done all the same
                failed.append(each.name)
                premises.do(office.store, partial(note_failure, tick=each.name, subject="", error=error))
        now = premises.clock.now().astimezone(premises.policy.zone).isoformat()
    counts = {"nudges": made.nudges, "escalations": made.escalations, "digests": made.digests, "outbox": made.outbox}
    if as_json:
        print_json({"at": now, **counts})
    else:
        click.echo(f"{now}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))
    if failed:
        refuse(f"these ticks failed and changed nothing: {', '.join(failed)}; what went wrong stands above")


def serve(settings: Settings, clock: Clock, token: str) -> None:
    """Bring the database up to date and serve until SIGTERM or SIGINT.

    Raises: StorageError.
    """
    set_up_logging(level=settings.log.level, file=settings.log.file, secrets=(token,))
    _bring_up_to_date(settings, clock)
    try:
        asyncio.run(_serve(settings, clock, token))
    except (DeafError, EndedError) as error:
        refuse(str(error))
    except asyncio.CancelledError:  # stopped before it served
        return


async def _serve(settings: Settings, clock: Clock, token: str) -> None:
    me = asyncio.current_task()
    assert me is not None  # noqa: S101  # this is a coroutine
    for number in (signal.SIGTERM, signal.SIGINT):  # while it waits for the Bot API; once it serves, it listens itself
        asyncio.get_running_loop().add_signal_handler(number, me.cancel)
    store = open_store(settings.database.url, checkpoints=True)
    try:
        premises = Premises(settings.policy(), open_vault(settings.database.key_file), clock)
        api = TelegramApi(url=settings.telegram.api_url, token=token, proxy=settings.telegram.proxy)
        async with AsyncExitStack() as stack:
            service = Service(
                store, premises, api, token, _upkeep(settings), _heartbeat(settings), settings.mail_server()
            )
            await stack.enter_async_context(service)
            await stack.enter_async_context(serve_health(settings.http.listen, service.watch))
            await service.run()
    finally:
        store.close()


def _upkeep(settings: Settings) -> Upkeep:
    backup = settings.backup
    url, zone = settings.database.url, settings.office.timezone
    return Upkeep(url, zone, at=backup.at, folder=backup.folder, keep=backup.keep, daily=backup.daily)


def _heartbeat(settings: Settings) -> Heartbeat | None:
    watch = settings.watch
    return Heartbeat(watch.heartbeat_url, watch.heartbeat_seconds) if watch.heartbeat_url else None


def _bring_up_to_date(settings: Settings, clock: Clock) -> None:
    """Back the database up, then migrate it, where it is of an older version."""
    url = settings.database.url
    store = open_store(url)
    try:
        current = store.read_now(is_current)
    finally:
        store.close()
    if current:
        return
    file = database_file(url)
    if file is not None:
        folder = file.parent / "backups"
        folder.mkdir(exist_ok=True)
        back_up(url, folder / f"{file.stem}-{clock.now():%Y%m%dT%H%M%S}.db")
    migrate(url)
