"""Requests to correct an accepted report: one waits at a time for each obligation, and each is decided once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from storage.rows import add as add_row
from storage.rows import many, one
from storage.states import CorrectionState
from storage.store import Transaction
from storage.tables import Correction, Person, columns_of

_correction, _person = columns_of(Correction), columns_of(Person)
_add = insert(_correction)
_columns = (
    _correction.c.id,
    _correction.c.obligation_id,
    _correction.c.person_id,
    _correction.c.kept_id,
    _correction.c.reason,
    _correction.c.state,
    _correction.c.asked_at,
    _correction.c.answer,
    _person.c.name.label("decided_by"),
)
_joined = select(*_columns).select_from(_correction.outerjoin(_person, _person.c.id == _correction.c.decided_by))


@dataclass(frozen=True, slots=True)
class AskedCorrection:
    """A request to correct an accepted report; `kept_id` is the text kept for it, `decided_by` a name."""

    id: int
    obligation_id: int
    person_id: int
    kept_id: int
    reason: str
    state: str
    asked_at: datetime
    answer: str | None
    decided_by: str | None


def ask(tx: Transaction, values: dict[str, Any], *, at: datetime) -> tuple[int, bool]:
    """Keep a request in place of the one that waits; gives its number, and whether it took another's place."""
    waiting = (_correction.c.obligation_id == values["obligation_id"], _correction.c.state == "waiting")
    ended = {"state": CorrectionState.REPLACED, "decided_at": at}
    replaced = tx.execute(update(_correction).where(*waiting).values(**ended)).rowcount > 0
    return add_row(tx, _add, {**values, "state": CorrectionState.WAITING, "asked_at": at}), replaced


def correction(tx: Transaction, correction_id: int) -> AskedCorrection | None:
    """Give a request by its number, however it was decided."""
    return one(tx, AskedCorrection, _joined.where(_correction.c.id == correction_id))


def waiting(tx: Transaction) -> list[AskedCorrection]:
    """List the requests nobody has decided on, oldest first."""
    return many(tx, AskedCorrection, _joined.where(_correction.c.state == "waiting").order_by(_correction.c.id))


def decide(
    tx: Transaction, correction_id: int, state: CorrectionState, *, by: int, at: datetime, answer: str | None
) -> bool:
    """Decide on a request; False where somebody was quicker."""
    values = {"state": state, "decided_by": by, "decided_at": at, "answer": answer}
    open_ = (_correction.c.id == correction_id, _correction.c.state == "waiting")
    return tx.execute(update(_correction).where(*open_).values(**values)).rowcount == 1
