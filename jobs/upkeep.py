"""Work beside the database: a verified copy of it every day (备份)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from rules.clock import local
from storage.backups import back_up
from storage.engine import database_file


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is copied, from which local hour on, into which folder, and how many copies are kept."""

    url: str
    zone: ZoneInfo
    at: time
    folder: Path
    keep: int
    daily: bool = True


def back_up_daily(upkeep: Upkeep, now: datetime) -> Path | None:
    """Copy the database once a day from the hour on, and delete the oldest copies; gives the new copy, if one was due.

    PostgreSQL is left to pg_dump. Raises: StorageError, OSError.
    """
    source = database_file(upkeep.url)
    wall = local(now, upkeep.zone)
    if source is None or not upkeep.daily or wall.time() < upkeep.at:
        return None
    copy = upkeep.folder / f"{source.stem}-{wall.date().isoformat()}.db"
    if copy.exists():
        return None
    upkeep.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    back_up(upkeep.url, copy)
    for old in daily_copies(upkeep)[: -upkeep.keep]:
        old.unlink(missing_ok=True)
    return copy


def daily_copies(upkeep: Upkeep) -> list[Path]:
    """List the daily copies there are, oldest first; what was put there by hand is none of them."""
    source = database_file(upkeep.url)
    named = re.compile(rf"{re.escape(source.stem if source else '')}-(\d{{4}}-\d\d-\d\d)\.db")
    found = [(read[1], file) for file in upkeep.folder.glob("*.db") if (read := named.fullmatch(file.name))]
    return [file for day, file in sorted(found) if _is_day(day)]


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
