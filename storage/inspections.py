"""On-site inspections (现场督查): plans, findings, what units have to put right, their answers, photos."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from storage.rows import add, many, one
from storage.states import InspectionState, MeasureState
from storage.store import Transaction
from storage.tables import (
    FieldFile,
    Finding,
    InspectedUnit,
    Inspection,
    Measure,
    MeasureAnswer,
    MeasureNudge,
    Person,
    Unit,
    columns_of,
)

_inspection, _part, _finding, _measure, _answer, _nudge, _file, _unit, _person = (
    columns_of(table)
    for table in (
        Inspection,
        InspectedUnit,
        Finding,
        Measure,
        MeasureAnswer,
        MeasureNudge,
        FieldFile,
        Unit,
        Person,
    )
)


@dataclass(frozen=True, slots=True)
class KnownInspection:
    """An inspection as it was planned, and how it ended."""

    id: int
    day: date
    is_announced: bool
    state: str
    planned_at: datetime
    planned_by: int
    reminded_at: datetime | None
    closed_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class InspectedPart:
    """A unit of an inspection and the numbers of its tasks that are looked at; none: the unit as a whole."""

    inspection_id: int
    unit_id: int
    unit_name: str
    tasks: Sequence[int]


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """What was written down, by whom and when."""

    id: int
    inspection_id: int
    person_id: int
    name: str
    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class KnownMeasure:
    """What a unit has to put right; `day` is the inspection's."""

    id: int
    inspection_id: int
    unit_id: int
    unit_name: str
    text: str
    due_at: datetime
    state: str
    made_at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """What a unit said it put right, and how that was decided."""

    id: int
    measure_id: int
    person_id: int
    name: str
    text: str
    sent_at: datetime
    passed: bool | None
    decided_at: datetime | None
    decided_by: int | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A photo or document of an inspection, or of a measure's answer."""

    id: int
    inspection_id: int
    measure_id: int | None
    file_id: int
    unique_id: str
    name: str


_inspections = select(*(_inspection.c[name] for name in KnownInspection.__dataclass_fields__))
_findings = select(
    _finding.c.id,
    _finding.c.inspection_id,
    _finding.c.person_id,
    _person.c.name,
    _finding.c.text,
    _finding.c.sent_at,
).join(_person, _person.c.id == _finding.c.person_id)
_measures = (
    select(
        _measure.c.id,
        _measure.c.inspection_id,
        _measure.c.unit_id,
        _unit.c.name.label("unit_name"),
        _measure.c.text,
        _measure.c.due_at,
        _measure.c.state,
        _measure.c.made_at,
        _inspection.c.day,
    )
    .join(_unit, _unit.c.id == _measure.c.unit_id)
    .join(_inspection, _inspection.c.id == _measure.c.inspection_id)
    .order_by(_measure.c.id)
)
_answers = (
    select(
        *(_answer.c[name] for name in KnownAnswer.__dataclass_fields__ if name != "name"),
        _person.c.name,
    )
    .join(_person, _person.c.id == _answer.c.person_id)
    .order_by(_answer.c.id)
)
_files = select(*(_file.c[name] for name in KnownFile.__dataclass_fields__)).order_by(_file.c.id)


# --- plans -----------------------------------------------------------------------------------------------------------


def plan(tx: Transaction, values: dict[str, Any], parts: Sequence[tuple[int, list[int]]]) -> int:
    """Keep a planned inspection of these units (number, numbers of tasks); gives its number."""
    number = add(tx, insert(_inspection), {"state": InspectionState.PLANNED, **values})
    rows = [{"inspection_id": number, "unit_id": unit_id, "tasks": tasks} for unit_id, tasks in parts]
    tx.execute(insert(_part), rows)
    return number


def is_form_used(tx: Transaction, form: str) -> bool:
    """Whether an inspection or a measure was made from a form before."""
    used = select(_inspection.c.id).where(_inspection.c.form == form)
    return tx.execute(used.union_all(select(_measure.c.id).where(_measure.c.form == form))).first() is not None


def inspection(tx: Transaction, number: int) -> KnownInspection | None:
    """Give one inspection."""
    return one(tx, KnownInspection, _inspections.where(_inspection.c.id == number))


def inspections(tx: Transaction, *, only_open: bool = False) -> list[KnownInspection]:
    """List the inspections by their days, all or those still open."""
    wanted = _inspections.order_by(_inspection.c.day, _inspection.c.id)
    return many(tx, KnownInspection, wanted.where(_inspection.c.state == "planned") if only_open else wanted)


def parts(tx: Transaction, numbers: Sequence[int]) -> list[InspectedPart]:
    """List the units of inspections."""
    columns = (_part.c.inspection_id, _part.c.unit_id, _unit.c.name.label("unit_name"), _part.c.tasks)
    rows = select(*columns).join(_unit, _unit.c.id == _part.c.unit_id).where(_part.c.inspection_id.in_(list(numbers)))
    return many(tx, InspectedPart, rows.order_by(_part.c.id))


def change_inspection(tx: Transaction, number: int, **values: Any) -> bool:
    """Change an inspection that is open; False where it is not any more."""
    same = update(_inspection).where(_inspection.c.id == number, _inspection.c.state == "planned")
    return tx.execute(same.values(**values)).rowcount == 1


def hand_over(tx: Transaction, unit_id: int, *, to_unit: int) -> None:
    """Make what a unit has to put right, and where it is inspected, another unit's."""
    tx.execute(update(_measure).where(_measure.c.unit_id == unit_id).values(unit_id=to_unit))
    of_both = select(_part.c.inspection_id).where(_part.c.unit_id == to_unit)
    alone = (_part.c.unit_id == unit_id, _part.c.inspection_id.not_in(of_both))
    tx.execute(update(_part).where(*alone).values(unit_id=to_unit))


# --- what was found --------------------------------------------------------------------------------------------------


def add_finding(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep what was written down; gives its number."""
    return add(tx, insert(_finding), values)


def findings(tx: Transaction, inspection_id: int) -> list[KnownFinding]:
    """List what was written down at an inspection, in order."""
    return many(tx, KnownFinding, _findings.where(_finding.c.inspection_id == inspection_id).order_by(_finding.c.id))


def finding_from(tx: Transaction, chat_id: int, message_id: int) -> KnownFinding | None:
    """Give what was written down by a message."""
    return one(tx, KnownFinding, _findings.where(_finding.c.chat_id == chat_id, _finding.c.message_id == message_id))


def reword_finding(tx: Transaction, number: int, text: str) -> None:
    """Give a finding another text."""
    tx.execute(update(_finding).where(_finding.c.id == number).values(text=text))


# --- what is to be put right -----------------------------------------------------------------------------------------


def add_measure(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep what a unit has to put right; gives its number."""
    return add(tx, insert(_measure), {"state": MeasureState.OPEN, **values})


def measure(tx: Transaction, number: int) -> KnownMeasure | None:
    """Give one measure."""
    return one(tx, KnownMeasure, _measures.where(_measure.c.id == number))


def measures(
    tx: Transaction, *, inspection_id: int | None = None, states: Sequence[MeasureState] = tuple(MeasureState)
) -> list[KnownMeasure]:
    """List the measures in these states, of one inspection or of all."""
    wanted = _measures.where(_measure.c.state.in_(states))
    return many(tx, KnownMeasure, wanted if inspection_id is None else wanted.where(_inspection.c.id == inspection_id))


def change_measure(tx: Transaction, number: int, was: MeasureState, **values: Any) -> bool:
    """Change a measure that is in this state; False where it is not any more."""
    same = update(_measure).where(_measure.c.id == number, _measure.c.state == was)
    return tx.execute(same.values(**values)).rowcount == 1


def nudged(tx: Transaction) -> set[tuple[int, datetime, str, int]]:
    """List (measure, due instant, rung, person) of every reminder of a measure not done."""
    rows = (
        select(_nudge.c.measure_id, _nudge.c.due_at, _nudge.c.rung, _nudge.c.person_id)
        .join(_measure, _measure.c.id == _nudge.c.measure_id)
        .where(_measure.c.state == "open")
    )
    return {(row.measure_id, row.due_at, row.rung, row.person_id) for row in tx.execute(rows)}


def add_nudges(tx: Transaction, rows: Sequence[tuple[int, datetime, str, int]], *, outbox_id: int) -> None:
    """Note that one message tells a person of measures: rows of (measure, due_at, rung, person)."""
    names = ("measure_id", "due_at", "rung", "person_id")
    tx.execute(insert(_nudge), [{**dict(zip(names, row, strict=True)), "outbox_id": outbox_id} for row in rows])


# --- what was put right ----------------------------------------------------------------------------------------------


def add_answer(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep what a unit says it put right; gives its number."""
    return add(tx, insert(_answer), values)


def answers(tx: Transaction, measure_id: int) -> list[KnownAnswer]:
    """List what a unit said of a measure, in order."""
    return many(tx, KnownAnswer, _answers.where(_answer.c.measure_id == measure_id))


def waiting_answers(tx: Transaction) -> list[KnownAnswer]:
    """List the answers that wait for a decision, oldest first."""
    return many(tx, KnownAnswer, _answers.where(_answer.c.decided_at.is_(None)))


def answer_from(tx: Transaction, chat_id: int, message_id: int) -> KnownAnswer | None:
    """Give the answer a message gave."""
    return one(tx, KnownAnswer, _answers.where(_answer.c.chat_id == chat_id, _answer.c.message_id == message_id))


def change_answer(tx: Transaction, number: int, **values: Any) -> bool:
    """Change an answer that waits for a decision, or note that; False where it was decided before."""
    waiting = update(_answer).where(_answer.c.id == number, _answer.c.decided_at.is_(None))
    return tx.execute(waiting.values(**values)).rowcount == 1


# --- photos ----------------------------------------------------------------------------------------------------------


def add_file(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a photo or document; gives its number."""
    return add(tx, insert(_file), values)


def files_of(tx: Transaction, *, inspection_id: int, measure_id: int | None) -> list[KnownFile]:
    """List the files of what was found at an inspection, or of a measure's answers."""
    same = (_file.c.inspection_id == inspection_id, _file.c.measure_id.is_not_distinct_from(measure_id))
    return many(tx, KnownFile, _files.where(*same))


def file_beside(tx: Transaction, chat_id: int, message_id: int, album: str | None) -> KnownFile | None:
    """Give a file that came with a message or in its album."""
    same = or_(_file.c.message_id == message_id, *([_file.c.album == album] if album is not None else []))
    return one(tx, KnownFile, _files.where(_file.c.chat_id == chat_id, same))
