"""The notices taken in (收文) that nobody has adopted or dropped yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from storage.rows import add as add_row
from storage.rows import many, one
from storage.store import Transaction
from storage.tables import Intake, StoredFile, columns_of

_intake, _file = columns_of(Intake), columns_of(StoredFile)
_known = select(
    _intake.c.id,
    _intake.c.person_id,
    _intake.c.source_id,
    _intake.c.workbook_id,
    _intake.c.plan,
    _intake.c.shown,
    _file.c.sha256,
    _file.c.name,
).join(_file, _file.c.id == _intake.c.source_id)


@dataclass(frozen=True, slots=True)
class KnownIntake:
    """A notice taken in; `sha256` and `name` are its file's."""

    id: int
    person_id: int
    source_id: int
    workbook_id: int
    plan: dict[str, Any]
    shown: str
    sha256: str
    name: str


def add(
    tx: Transaction,
    *,
    person_id: int,
    source_id: int,
    workbook_id: int,
    plan: dict[str, Any],
    shown: str,
    at: datetime,
) -> int:
    """Keep a notice that was taken in; gives its number."""
    values = {"person_id": person_id, "source_id": source_id, "workbook_id": workbook_id, "plan": plan}
    return add_row(tx, insert(_intake), {**values, "shown": shown, "created_at": at})


def take(tx: Transaction, intake_id: int, *, person_id: int) -> KnownIntake | None:
    """Give a person's intake, once: it is not kept any more, its files are."""
    found = one(tx, KnownIntake, _known.where(_intake.c.id == intake_id, _intake.c.person_id == person_id))
    if found is None or not tx.execute(delete(_intake).where(_intake.c.id == intake_id)).rowcount:
        return None
    return found


def of_person(tx: Transaction, person_id: int) -> list[KnownIntake]:
    """List what a person has sent and not decided on."""
    return many(tx, KnownIntake, _known.where(_intake.c.person_id == person_id))


def forget_old(tx: Transaction, *, before: datetime) -> int:
    """Delete intakes that nobody decided on since then; gives how many."""
    return tx.execute(delete(_intake).where(_intake.c.created_at < before)).rowcount
