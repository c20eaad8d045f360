"""`duban run`: refuses at once where it may not serve, and only then imports what serves."""

import signal
import sys
from pathlib import Path
from types import FrameType

import click

from duban.commands.common import command_options
from duban.settings import Settings, SettingsError, load_settings
from rules.clock import SystemClock, parse_instant
from storage.engine import database_file
from storage.locks import service_lock

ALREADY = "another `duban run` serves this database already; stop it first"


@click.command()
@command_options
def run(config: Path, at: str | None) -> None:
    """Run the service until SIGTERM or Ctrl-C. With --at its clock starts at that instant and runs on."""
    signal.signal(signal.SIGTERM, _leave)  # until the service listens itself
    settings = load_settings(config)
    token = _token(settings)
    clock = SystemClock.starting_at(parse_instant(at, settings.office.timezone)) if at else SystemClock()
    with service_lock(database_file(settings.database.url), otherwise=ALREADY):
        from duban.commands.run import serve  # noqa: PLC0415  # a second of imports

        serve(settings, clock, token)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _token(settings: Settings) -> str:
    if settings.telegram.mode == "webhook":
        raise SettingsError('[telegram] mode = "webhook" is not carried out yet; set mode = "polling"')
    token = settings.telegram.token.get_secret_value()
    if not token:
        raise SettingsError(
            "[telegram] token is empty; put in the one @BotFather gave you, or set DUBAN_TELEGRAM_TOKEN"
        )
    return token
