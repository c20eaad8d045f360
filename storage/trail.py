"""The audit is looked through: who did what, in words, and which tasks and units each act was about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from storage.store import Transaction
from storage.tables import (
    Assignment,
    Audit,
    Completion,
    Contribution,
    ContributionRequest,
    Correction,
    Extension,
    Obligation,
    Person,
    Report,
    columns_of,
)

_audit, _person = columns_of(Audit), columns_of(Person)
_obligation, _assignment = columns_of(Obligation), columns_of(Assignment)
Place = tuple[int | None, int | None]  # task, unit


@dataclass(frozen=True, slots=True)
class Act:
    """One row of the audit."""

    id: int
    at: datetime
    person_id: int | None
    name: str | None
    via: str
    action: str
    subject: str
    content: dict[str, Any]


def acts(tx: Transaction, *, since: datetime | None = None) -> list[Act]:
    """List the acts since an instant, or all, the oldest first."""
    columns = (_audit.c[name] for name in Act.__dataclass_fields__ if name != "name")
    rows = select(*columns, _person.c.name).select_from(_audit.outerjoin(_person, _person.c.id == _audit.c.person_id))
    if since is not None:
        rows = rows.where(_audit.c.at >= since)
    return [Act(**row._mapping) for row in tx.execute(rows.order_by(_audit.c.id))]  # noqa: SLF001


def places(tx: Transaction) -> dict[str, set[Place]]:
    """Give the tasks and units that each subject of the audit is about (`report:3`, `extension:2`, …)."""
    owed = {row.id: (row.task_id, row.unit_id) for row in tx.execute(select(*_places(_obligation)))}
    held = {row.id: (row.task_id, row.unit_id) for row in tx.execute(select(*_places(_assignment)))}
    found: dict[str, set[Place]] = {f"obligation:{number}": {place} for number, place in owed.items()}
    found |= {f"assignment:{number}": {place} for number, place in held.items()}
    for name, number, obligation in _of_obligations(tx):
        found[f"{name}:{number}"] = {owed[obligation]}
    completion = columns_of(Completion)
    for row in tx.execute(select(*_places(completion))):
        found[f"completion:{row.id}"] = {(row.task_id, row.unit_id)}
    for name, letter in (("extension", "E"), ("completion", "C")):
        found |= {
            f"request:{letter}{subject.partition(':')[2]}": place
            for subject, place in found.items()
            if subject.startswith(f"{name}:")
        }
    return found


def _of_obligations(tx: Transaction) -> Iterator[tuple[str, int, int]]:
    request = columns_of(ContributionRequest)
    for name, table in (("report", Report), ("extension", Extension), ("correction", Correction)):
        columns = columns_of(table)
        for row in tx.execute(select(columns.c.id, columns.c.obligation_id)):
            yield name, row.id, row.obligation_id
    given = columns_of(Contribution)
    rows = select(given.c.id, request.c.obligation_id).join(request, request.c.id == given.c.request_id)
    for row in tx.execute(rows):
        yield "contribution", row.id, row.obligation_id


def _places(table: Any) -> tuple[Any, Any, Any]:
    return table.c.id, table.c.task_id, table.c.unit_id
