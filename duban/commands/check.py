"""`duban check`: is everything in order? One line each."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.api import ApiError, TelegramApi, UnauthorizedError
from duban.commands.common import command_options, expected_errors, json_option, print_json, print_table, told
from duban.commands.opening import standing_clock
from duban.settings import Settings, load_settings
from storage.engine import SAFE_SQLITE, StorageError, database_file
from storage.schema import require_current
from storage.store import Transaction, open_store
from storage.vault import open_vault

Found = tuple[bool, str]
T = TypeVar("T")
SECONDS = 5.0


@click.command()
@json_option
@command_options
def check(config: Path, at: str | None, *, as_json: bool) -> None:
    """Check configuration, database, token, calendar, fonts and SQLite; exit 1 where something needs doing."""
    settings = load_settings(config)
    checks: dict[str, Callable[[Settings], Found]] = {
        "config": lambda _: (True, str(config)),
        "database": _database,
        "token": _token,
        "calendar": lambda found: _calendar(found, at),
        "fonts": _fonts,
        "SQLite": _sqlite,
    }
    results = [(name, *look(settings)) for name, look in checks.items()]
    if as_json:
        print_json([{"check": name, "ok": ok, "detail": detail} for name, ok, detail in results])
    else:
        print_table(("check", "", "detail"), [(n, "ok" if ok else "!!", d) for n, ok, d in results], empty="")
    if not all(ok for _, ok, _ in results):
        sys.exit(1)


def _database(settings: Settings) -> Found:
    try:
        open_vault(settings.database.key_file)
        _ask_database(settings, require_current)
    except expected_errors() as error:
        return False, told(error)
    except OSError as error:
        return False, f"{error.filename}: {error.strerror}"
    file = database_file(settings.database.url)
    return True, f"{file} ({file.stat().st_size // 1024} KiB)" if file else "PostgreSQL"


def _ask_database(settings: Settings, ask: Callable[[Transaction], T]) -> T:
    store = open_store(settings.database.url)
    try:
        return store.read_now(ask)
    finally:
        store.close()


def _token(settings: Settings) -> Found:
    if not settings.telegram.token.get_secret_value():
        return False, "[telegram] token is empty; put in the one @BotFather gave you"
    try:
        me = asyncio.run(_ask(settings))
    except UnauthorizedError:
        return False, "Telegram refuses the token; put the one @BotFather gave you into [telegram] token"
    except ApiError as error:
        return (
            False,
            f"the Bot API at {settings.telegram.api_url} does not answer ({error}); see [telegram] api_url, proxy",
        )
    return True, f"@{me.get('username')}"


async def _ask(settings: Settings) -> dict[str, Any]:
    telegram = settings.telegram
    async with TelegramApi(url=telegram.api_url, token=telegram.token.get_secret_value(), proxy=telegram.proxy) as api:
        me: dict[str, Any] = await api.call("getMe", {}, seconds=SECONDS)
    return me


def _calendar(settings: Settings, at: str | None) -> Found:
    years = settings.policy().calendar.official_years()
    this_year = standing_clock(settings, at).now().astimezone(settings.office.timezone).year
    detail = f"official working days {years[0]}–{years[-1]}"
    return this_year in years, detail if this_year in years else f"{detail}; {this_year} is provisional"


def _fonts(_: Settings) -> Found:
    lister = shutil.which("fc-list")
    listed = (  # the program's own list, no words of a person's in the call
        subprocess.run([lister, ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        if lister
        else ""
    )
    names = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    rare = f"rare characters: {names[0]}" if names else "rare characters stay blank; fonts-noto-cjk has them"
    return True, f"pictures have their own Chinese font; {rare}"


def _sqlite(settings: Settings) -> Found:
    if database_file(settings.database.url) is None:
        return True, "not used"
    try:
        version = _ask_database(settings, lambda tx: tx.dialect.server_version_info or ())
    except StorageError:
        return True, "not asked: there is no database"
    if version >= SAFE_SQLITE:
        return True, _dotted(version)
    return True, f"{_dotted(version)}: older than {_dotted(SAFE_SQLITE)}, whose WAL bug is ruled out by the lock file"


def _dotted(version: tuple[object, ...]) -> str:
    return ".".join(map(str, version))
