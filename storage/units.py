"""The register of units is put right: other names, members of groups, two units that are one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from storage.contributions import hand_over_requests, join_requests
from storage.rows import many
from storage.states import OWED, ObligationState, ReportState, Role, Waiver
from storage.store import Transaction
from storage.tables import Assignment, Invite, Membership, Obligation, Report, Task, Unit, columns_of

_unit, _task, _assignment, _obligation, _report, _membership, _invite = (
    columns_of(table) for table in (Unit, Task, Assignment, Obligation, Report, Membership, Invite)
)
STANDS = (ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class OwedByUnit:
    """An obligation of one unit, as far as it matters where two units are one."""

    id: int
    period_id: int
    task_id: int
    due_at: datetime
    state: str
    first_sent_at: datetime | None
    is_late: bool
    waived_for: str | None
    is_written_for: bool


def change_unit(tx: Transaction, unit_id: int, **values: Any) -> None:
    """Change what is kept of a unit (name, aliases, members, is_group, uses_bot, merged_at)."""
    tx.execute(update(_unit).where(_unit.c.id == unit_id).values(**values))


def merged_unit(tx: Transaction, name: str) -> int | None:
    """Give the unit that had this name until it was merged into another one."""
    found: int | None = tx.execute(
        select(_unit.c.id).where(_unit.c.name == name, _unit.c.merged_at.is_not(None))
    ).scalar_one_or_none()
    return found


def counts_by_unit(tx: Transaction) -> dict[int, dict[str, int]]:
    """Count each unit's tasks, and what it owes in all its periods."""
    tasks = (
        select(_assignment.c.unit_id, func.count().label("tasks"))
        .join(_task, _task.c.id == _assignment.c.task_id)
        .where(_assignment.c.ended_at.is_(None), _task.c.status == "open")
        .group_by(_assignment.c.unit_id)
    )
    owed = (
        select(_obligation.c.unit_id, func.count().label("owed"))
        .where(_obligation.c.state.in_(OWED))
        .group_by(_obligation.c.unit_id)
    )
    found: dict[int, dict[str, int]] = {}
    for statement in (tasks, owed):
        for row in tx.execute(statement):
            found.setdefault(row.unit_id, {"tasks": 0, "owed": 0}).update(
                {name: value for name, value in row._mapping.items() if name != "unit_id"}  # noqa: SLF001
            )
    return found


def parts_of(tx: Transaction, unit_id: int) -> dict[int, tuple[int, str, bool]]:
    """Give a unit's part (its number, role, whether it still has it) in each task."""
    rows = select(_assignment).where(_assignment.c.unit_id == unit_id)
    return {row.task_id: (row.id, row.role, row.ended_at is None) for row in tx.execute(rows)}


def change_part(tx: Transaction, part_id: int, **values: Any) -> None:
    """Change a unit's part in a task."""
    tx.execute(update(_assignment).where(_assignment.c.id == part_id).values(**values))


def owed_by_unit(tx: Transaction, unit_id: int) -> list[OwedByUnit]:
    """List every obligation of a unit, in whatever state."""
    is_written_for = select(_report.c.id).where(_report.c.obligation_id == _obligation.c.id).exists()
    columns = [_obligation.c[name] for name in OwedByUnit.__dataclass_fields__ if name != "is_written_for"]
    rows = select(*columns, is_written_for.label("is_written_for")).where(_obligation.c.unit_id == unit_id)
    return many(tx, OwedByUnit, rows.order_by(_obligation.c.id))


def hand_over_obligations(tx: Transaction, obligation_ids: Iterable[int], *, to_unit: int) -> None:
    """Make obligations another unit's."""
    for number in obligation_ids:
        tx.execute(update(_obligation).where(_obligation.c.id == number).values(unit_id=to_unit))


def join_obligations(tx: Transaction, kept: OwedByUnit, other: OwedByUnit, *, other_stands: bool) -> None:
    """Make two obligations one: all reports under `kept`, in the state of the one that stands; `other` is waived."""
    last = select(func.coalesce(func.max(_report.c.version), 0)).where(_report.c.obligation_id == kept.id)
    offset = int(tx.execute(last).scalar_one())
    standing, replaced = (other, kept) if other_stands else (kept, other)
    if standing.is_written_for:
        old = (_report.c.obligation_id == replaced.id, _report.c.state.in_(STANDS))
        tx.execute(update(_report).where(*old).values(state=ReportState.REPLACED))
    moved = update(_report).where(_report.c.obligation_id == other.id)
    tx.execute(moved.values(obligation_id=kept.id, version=_report.c.version + offset))
    join_requests(tx, other.id, into=kept.id)
    names = ("state", "due_at", "first_sent_at", "is_late", "waived_for")
    values = {name: getattr(standing, name) for name in names}
    tx.execute(update(_obligation).where(_obligation.c.id == kept.id).values(**values))
    waived = {"state": ObligationState.WAIVED, "waived_for": Waiver.MERGED}
    tx.execute(update(_obligation).where(_obligation.c.id == other.id).values(**waived))


def hand_over_people(tx: Transaction, unit_id: int, *, to_unit: int, at: datetime) -> None:
    """Make a unit's liaisons, heads, invites and requests another unit's; who serves both in one role has it once from now on."""
    hand_over_requests(tx, unit_id, to_unit=to_unit)
    held = select(_membership.c.id, _membership.c.person_id, _membership.c.role).where(_membership.c.until.is_(None))
    own = {(row.person_id, row.role) for row in tx.execute(held.where(_membership.c.unit_id == to_unit))}
    came = tx.execute(held.where(_membership.c.unit_id == unit_id)).all()
    twice = [row.id for row in came if (row.person_id, row.role) in own]
    tx.execute(update(_membership).where(_membership.c.id.in_(twice)).values(until=at))
    for table in (_membership, _invite):
        tx.execute(update(table).where(table.c.unit_id == unit_id).values(unit_id=to_unit))


def has_liaison(tx: Transaction, unit_id: int) -> bool:
    """Whether somebody is a unit's liaison now."""
    same = (_membership.c.unit_id == unit_id, _membership.c.role == Role.LIAISON, _membership.c.until.is_(None))
    return tx.execute(select(_membership.c.id).where(*same)).first() is not None
