"""`duban check`: is everything in order? One line each."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.api import ApiError, TelegramApi, UnauthorizedError
from duban.commands.common import command_options, expected_errors, json_option, print_json, print_table, told
from duban.commands.opening import standing_clock
from duban.settings import Settings, load_settings
from office.chasing.calendars import policy_in_force
from rules.workdays import WorkCalendar
from storage.backups import HELD, RESTORED
from storage.engine import SAFE_SQLITE, StorageError, database_file
from storage.records import noted
from storage.schema import require_current
from storage.store import Transaction, open_store
from storage.vault import open_vault

Found = tuple[bool, str]
T = TypeVar("T")
OPTIONAL = ("sending",)  # held on purpose: nothing to put right
SECONDS = 5.0
DUE_BY = (11, 25)  # month and day: most years the State Council has published the next year's arrangement by then


@click.command()
@json_option
@command_options
def check(config: Path, at: str | None, *, as_json: bool) -> None:
    """Check configuration, database, token, calendar, fonts and SQLite; exit 1 where something needs doing."""
    settings = load_settings(config)
    checks: dict[str, Callable[[Settings], Found]] = {
        "config": lambda _: (True, str(config)),
        "database": _database,
        "sending": _sending,
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


def _sending(settings: Settings) -> Found:
    try:
        value = _ask_database(settings, lambda tx: noted(tx, HELD))
    except StorageError:
        return True, "not asked: there is no database"
    if not value:
        return True, "messages go out"
    why = "a restore" if value == RESTORED else "a pause; answers go on"
    return False, f"held since {why}; `duban resume` lets messages go out again"


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
    """Say which years' working days are official, and until when; the last days of December wait for the next year."""
    calendar = _calendar_in_force(settings)
    years, today = calendar.official_years(), standing_clock(settings, at).now().astimezone(settings.office.timezone)
    last = next(day for n in range(31, 0, -1) if not calendar.is_provisional(day := date(years[-1], 12, n)))
    detail = f"official working days {_spans(years)}, sure until {last}"
    if today.year not in years:
        return False, f"{detail}; {today.year} is provisional: import its arrangement with `duban calendar import`"
    if today.year == years[-1] and (today.month, today.day) >= DUE_BY:
        return True, f"{detail}; the arrangement for {today.year + 1} is usually published by now"
    return True, detail


def _calendar_in_force(settings: Settings) -> WorkCalendar:
    policy = settings.policy()
    try:
        return _ask_database(settings, lambda tx: policy_in_force(tx, policy, known={})).calendar
    except expected_errors():
        return policy.calendar  # what is wrong with the database is said of the database


def _spans(years: Sequence[int]) -> str:
    """Give years as 2004–2026, 2028."""
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][1] == year - 1:
            spans[-1][1] = year
        else:
            spans.append([year, year])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in spans)


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
