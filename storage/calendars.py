"""The arrangements of days off that were handed in, and which of them are in force."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert  # its ON CONFLICT clause compiles for SQLite too

from storage import records
from storage.store import Transaction
from storage.tables import HolidayArrangement, Period, columns_of

VERSION = "calendar"  # a hash of all arrangements: whoever has worked with it before need not read them again

_arrangement, _period = columns_of(HolidayArrangement), columns_of(Period)
_new = upsert(_arrangement)
_keep = _new.on_conflict_do_update(
    index_elements=["year"],
    set_={name: _new.excluded[name] for name in ("content", "imported_at", "imported_by")},
)


def version(tx: Transaction) -> str | None:
    """Give what tells the arrangements in force from all others, or None where none was handed in."""
    return records.noted(tx, VERSION)


def contents(tx: Transaction) -> dict[int, dict[str, Any]]:
    """Give the arrangements in force by year, in the schema of their files."""
    rows = select(_arrangement.c.year, _arrangement.c.content).order_by(_arrangement.c.year)
    return {row.year: row.content for row in tx.execute(rows)}


def keep(tx: Transaction, content: dict[str, Any], *, person_id: int | None, at: datetime) -> None:
    """Keep a year's arrangement in place of the one before."""
    tx.execute(_keep, {"year": content["year"], "content": content, "imported_at": at, "imported_by": person_id})
    found = json.dumps(list(contents(tx).values()), ensure_ascii=False, sort_keys=True)
    records.note(tx, VERSION, hashlib.sha256(found.encode()).hexdigest(), at=at)


def provisional_notices(tx: Transaction, *, due_after: datetime) -> list[int]:
    """List the notices with periods due later whose due instant the official calendar may still move."""
    unsure = (_period.c.is_provisional.is_(True), _period.c.ended_at.is_(None), _period.c.due_at > due_after)
    return list(tx.execute(select(_period.c.notice_id).distinct().where(*unsure)).scalars())
