"""What units ask for and how it was decided: extensions, completions; and who is away."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, text, update

from storage.rows import add, many, one
from storage.states import RequestState
from storage.store import Transaction
from storage.tables import Absence, Assignment, Completion, Extension, Obligation, Person, Task, columns_of

_extension, _completion, _absence, _obligation, _person, _assignment, _task = (
    columns_of(table) for table in (Extension, Completion, Absence, Obligation, Person, Assignment, Task)
)
_is_owed = text("obligation.state IN ('open', 'returned')")
_extensions = (
    select(*[column for column in _extension.c if column.name != "form"], _person.c.name.label("asked_by"))
    .join(_person, _person.c.id == _extension.c.person_id)
    .join(_obligation, _obligation.c.id == _extension.c.obligation_id)
    .order_by(_extension.c.id)
)
_completions = (
    select(*[column for column in _completion.c if column.name != "form"], _person.c.name.label("asked_by"))
    .join(_person, _person.c.id == _completion.c.person_id)
    .order_by(_completion.c.id)
)
_absences = (
    select(
        *[column for column in _absence.c if column.name not in ("noted_at", "cancelled_at")],
        _person.c.telegram_id,
        _person.c.name,
    )
    .join(_person, _person.c.id == _absence.c.person_id)
    .where(_absence.c.cancelled_at.is_(None))
    .order_by(_absence.c.first_on, _absence.c.id)
)


@dataclass(frozen=True, slots=True)
class AskedExtension:
    """A request for a later due date."""

    id: int
    obligation_id: int
    person_id: int
    asked_by: str
    asked_at: datetime
    is_late: bool
    old_due_at: datetime
    wanted_due_at: datetime
    reason: str
    progress: str | None
    state: str
    granted_due_at: datetime | None
    decided_at: datetime | None
    decided_by: int | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class AskedCompletion:
    """A request to close a unit's part in a task out."""

    id: int
    task_id: int
    unit_id: int
    person_id: int
    asked_by: str
    asked_at: datetime
    text: str
    state: str
    decided_at: datetime | None
    decided_by: int | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Away:
    """The days a person is away, both included."""

    id: int
    person_id: int
    telegram_id: int
    name: str
    first_on: date
    last_on: date
    told_at: datetime | None
    back_at: datetime | None


# --- extensions ------------------------------------------------------------------------------------------------------


def add_extension(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a request for a later due date; gives its number."""
    return add(tx, insert(_extension), {"state": RequestState.WAITING, **values})


def extension(tx: Transaction, number: int) -> AskedExtension | None:
    """Give one request for a later due date."""
    return one(tx, AskedExtension, _extensions.where(_extension.c.id == number))


def waiting_extensions(tx: Transaction) -> list[AskedExtension]:
    """List the undecided requests for a later due date whose report is still owed, oldest first."""
    return many(tx, AskedExtension, _extensions.where(_extension.c.state == "waiting", _is_owed))


def replace_extension(tx: Transaction, obligation_id: int) -> int:
    """End the undecided request for an obligation in favour of a newer one; gives how many there were."""
    waiting = (_extension.c.obligation_id == obligation_id, _extension.c.state == "waiting")
    return tx.execute(update(_extension).where(*waiting).values(state=RequestState.REPLACED)).rowcount


def decide_extension(tx: Transaction, number: int, **values: Any) -> bool:
    """Note how a request was decided (state, decided_at, …); False where it was decided before."""
    waiting = (_extension.c.id == number, _extension.c.state == "waiting")
    return tx.execute(update(_extension).where(*waiting).values(**values)).rowcount == 1


def times_extended(tx: Transaction, *, task_id: int, unit_id: int) -> int:
    """Count how often a unit's due date for a task was moved, in whatever period."""
    granted = (
        select(func.count())
        .select_from(_extension.join(_obligation, _obligation.c.id == _extension.c.obligation_id))
        .where(_obligation.c.task_id == task_id, _obligation.c.unit_id == unit_id, _extension.c.state == "granted")
    )
    return int(tx.execute(granted).scalar_one())


# --- completions -----------------------------------------------------------------------------------------------------


def add_completion(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a request to close out; gives its number."""
    return add(tx, insert(_completion), {"state": RequestState.WAITING, **values})


def completion(tx: Transaction, number: int) -> AskedCompletion | None:
    """Give one request to close out."""
    return one(tx, AskedCompletion, _completions.where(_completion.c.id == number))


def waiting_completions(tx: Transaction) -> list[AskedCompletion]:
    """List the undecided requests to close out, oldest first, of units that still have a part in the task."""
    part = (
        select(_assignment.c.id)
        .join(_task, _task.c.id == _assignment.c.task_id)
        .where(_assignment.c.task_id == _completion.c.task_id, _assignment.c.unit_id == _completion.c.unit_id)
        .where(_assignment.c.ended_at.is_(None), _task.c.status == "open")
    )
    return many(tx, AskedCompletion, _completions.where(_completion.c.state == "waiting", part.exists()))


def replace_completion(tx: Transaction, *, task_id: int, unit_id: int) -> int:
    """End the undecided request of a unit for a task in favour of a newer one; gives how many there were."""
    same = (_completion.c.task_id == task_id, _completion.c.unit_id == unit_id, _completion.c.state == "waiting")
    return tx.execute(update(_completion).where(*same).values(state=RequestState.REPLACED)).rowcount


def decide_completion(tx: Transaction, number: int, **values: Any) -> bool:
    """Note how a request was decided (state, decided_at, …); False where it was decided before."""
    waiting = (_completion.c.id == number, _completion.c.state == "waiting")
    return tx.execute(update(_completion).where(*waiting).values(**values)).rowcount == 1


def closed_out(tx: Transaction) -> set[tuple[int, int]]:
    """List the (task, unit) that were closed out."""
    rows = select(_completion.c.task_id, _completion.c.unit_id).where(_completion.c.state == "granted")
    return {(row.task_id, row.unit_id) for row in tx.execute(rows)}


def closed_out_since(tx: Transaction, since: datetime | None, *, until: datetime) -> list[AskedCompletion]:
    """List what was closed out during a span, in the order it was asked for."""
    found = _completions.where(_completion.c.state == "granted", _completion.c.decided_at <= until)
    if since is not None:
        found = found.where(_completion.c.decided_at > since)
    return many(tx, AskedCompletion, found)


def is_form_used(tx: Transaction, form: str) -> bool:
    """Whether a form was sent before."""
    used = select(_extension.c.id).where(_extension.c.form == form)
    return tx.execute(used.union_all(select(_completion.c.id).where(_completion.c.form == form))).first() is not None


# --- absences --------------------------------------------------------------------------------------------------------


def add_absence(tx: Transaction, *, person_id: int, first_on: date, last_on: date, at: datetime) -> int:
    """Note the days a person is away; gives the number."""
    values = {"person_id": person_id, "first_on": first_on, "last_on": last_on, "noted_at": at}
    return add(tx, insert(_absence), values)


def absences_of(tx: Transaction, person_id: int, *, today: date) -> list[Away]:
    """List a person's absences that are not over, earliest first."""
    return many(tx, Away, _absences.where(_absence.c.person_id == person_id, _absence.c.last_on >= today))


def absence(tx: Transaction, number: int) -> Away | None:
    """Give one absence that was not cancelled."""
    return one(tx, Away, _absences.where(_absence.c.id == number))


def away_on(tx: Transaction, day: date) -> list[Away]:
    """List who is away on a day."""
    return many(tx, Away, _absences.where(_absence.c.first_on <= day, _absence.c.last_on >= day))


def just_back(tx: Transaction, day: date) -> list[Away]:
    """List the absences that are over on a day and whose persons were not told yet what is owed."""
    return many(tx, Away, _absences.where(_absence.c.last_on < day, _absence.c.back_at.is_(None)))


def change_absence(tx: Transaction, number: int, **values: Any) -> None:
    """Note of an absence that somebody was told of it, that the person is back, or that it is cancelled."""
    tx.execute(update(_absence).where(_absence.c.id == number).values(**values))
