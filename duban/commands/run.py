"""`duban run` and `duban tick`."""

import asyncio
import sys
from pathlib import Path

import click

from bot.api import TelegramApi
from bot.poller import DeafError
from duban.commands.common import command_options, json_option, opened, print_json, standing_clock
from duban.logs import set_up_logging
from duban.premises import Premises
from duban.service import Service, act_on
from duban.settings import Settings, SettingsError, load_settings
from jobs.runner import run_all
from jobs.timetable import Made, Tick
from rules.clock import Clock, SystemClock, parse_instant
from storage.backups import back_up
from storage.engine import database_file
from storage.locks import service_lock
from storage.schema import is_current, migrate
from storage.store import open_store
from storage.vault import open_vault

ALREADY = "another `duban run` serves this database already; stop it first"


@click.command()
@command_options
def run(config: Path, at: str | None) -> None:
    """Run the service until SIGTERM or Ctrl-C. With --at its clock starts at that instant and runs on."""
    settings = load_settings(config)
    token = settings.telegram.token.get_secret_value()
    if not token:
        raise SettingsError(
            "[telegram] token is empty; put in the one @BotFather gave you, or set DUBAN_TELEGRAM_TOKEN"
        )
    set_up_logging(level=settings.log.level, file=settings.log.file, secrets=(token,))
    clock = _running_clock(settings, at)
    with service_lock(database_file(settings.database.url), otherwise=ALREADY):
        _bring_up_to_date(settings, clock)
        try:
            asyncio.run(_serve(settings, clock, token))
        except DeafError as error:
            click.echo(str(error), err=True)
            sys.exit(1)


@click.command()
@json_option
@command_options
def tick(config: Path, at: str | None, *, as_json: bool) -> None:
    """Do once what the clock would do; sends nothing itself, a running service does."""
    with opened(config, at) as office:
        store, premises = office.store, office.premises
        premises = Premises(premises.policy, premises.vault, premises.clock, "clock")

        async def act(tick: Tick) -> Made:
            return await store.write(lambda tx: act_on(tx, premises, tick, polls=False))

        made = asyncio.run(run_all(act))
        now = premises.clock.now().astimezone(premises.policy.zone).isoformat()
    counts = {"nudges": made.nudges, "escalations": made.escalations, "digests": made.digests, "outbox": made.outbox}
    if as_json:
        print_json({"at": now, **counts})
    else:
        click.echo(f"{now}: " + ", ".join(f"{count} {name}" for name, count in counts.items()))


async def _serve(settings: Settings, clock: Clock, token: str) -> None:
    store = open_store(settings.database.url, checkpoints=True)
    try:
        premises = Premises(settings.policy(), open_vault(settings.database.key_file), clock)
        api = TelegramApi(url=settings.telegram.api_url, token=token, proxy=settings.telegram.proxy)
        async with Service(store, premises, api, token) as service:
            await service.run()
    finally:
        store.close()


def _running_clock(settings: Settings, at: str | None) -> Clock:
    if at is None:
        return SystemClock()
    standing_clock(settings, at)  # refuses what cannot be read
    return SystemClock.starting_at(parse_instant(at, settings.office.timezone))


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
