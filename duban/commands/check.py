"""`duban check`: is everything in order? One line each."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bot.api import ApiError, TelegramApi, UnauthorizedError
from duban.commands.common import command_options, json_option, print_json, print_table, standing_clock
from duban.settings import Settings, load_settings
from storage.engine import SAFE_SQLITE, StorageError, database_file
from storage.schema import require_current
from storage.store import open_store
from storage.vault import open_vault

Found = tuple[bool, str]
OPTIONAL = ("fonts",)
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
    if not all(ok or name in OPTIONAL for name, ok, _ in results):
        sys.exit(1)


def _database(settings: Settings) -> Found:
    try:
        open_vault(settings.database.key_file)
        store = open_store(settings.database.url)
        try:
            store.read_now(require_current)
        finally:
            store.close()
    except StorageError as error:
        return False, str(error)
    file = database_file(settings.database.url)
    return True, f"{file} ({file.stat().st_size // 1024} KiB)" if file else "PostgreSQL"


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
        subprocess.run([lister, ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout
        if lister
        else ""
    )
    names = sorted({line.split(",")[0].strip() for line in listed.splitlines() if line.strip()})
    return bool(names), names[0] if names else "no Chinese font found; pictures will need one, e.g. fonts-noto-cjk"


def _sqlite(_: Settings) -> Found:
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return True, sqlite3.sqlite_version
    safe = ".".join(map(str, SAFE_SQLITE))
    return True, f"{sqlite3.sqlite_version}: older than {safe}, whose WAL bug is ruled out here by the lock file"
