"""A revision is written: what was decided of a notice's tasks, parts, periods and obligations becomes what stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from notices.plan import UnitEntry
from office.auditing import record
from office.notice.differences import Change, Revision, Wanted, WantedPeriod, WantedTask, compare, reporting_lists
from office.notice.units import keep_names, known_register, unit_id, unit_ids
from office.notice.wanted import as_it_stands
from office.work import Work
from storage import ledger, standing
from storage.standing import Standing, StandingPeriod, StandingTask
from storage.states import ObligationState


@dataclass(frozen=True, slots=True)
class Decided:
    """What stands, what is to stand, and how the one becomes the other."""

    standing: Standing
    wanted: Wanted
    revision: Revision


def decide(work: Work, stands: Standing, wanted: Wanted) -> Decided:
    """Decide how what stands becomes what is wanted, as of this work's instant."""
    return Decided(stands, wanted, compare(stands, wanted, at=work.at, zone=work.policy.zone))


def write_revision(work: Work, notice_id: int, decided: Decided) -> list[int]:
    """Write what was decided: tasks, parts, periods, obligations; gives the tasks' numbers, in their order."""
    revision, ids = decided.revision, unit_ids(work)
    task_ids = _write_tasks(work, notice_id, decided)
    new = [
        {"task_id": task_ids[place], "unit_id": unit_id(work, ids, unit), "role": role}
        for place, unit, role in revision.new_parts
    ]
    ledger.add_assignments(work.tx, new)
    standing.change_parts(work.tx, [{"id": part, "role": role} for part, role in revision.changed_parts])
    standing.end_parts(work.tx, revision.ended_parts, at=work.at)
    period_ids = _write_periods(work, notice_id, decided)
    ledger.add_obligations(
        work.tx,
        [
            {
                "period_id": period_ids[made.period],
                "task_id": task_ids[made.place],
                "unit_id": unit_id(work, ids, made.unit),
                "due_at": made.due_at,
                "state": ObligationState.OPEN,
            }
            for made in revision.made
        ],
    )
    standing.waive(work.tx, revision.waived)
    standing.ask_again(work.tx, revision.asked_again)
    standing.move_due(work.tx, revision.moved, at=work.at)
    return task_ids


def change_units(work: Work, entries: Sequence[UnitEntry]) -> list[Change]:
    """Keep what a person said of units and carry it out in every notice; gives what changed by it."""
    changes = keep_names(work, entries)
    replace_groups(work, [entry.name for entry in entries])
    return changes


def replace_groups(work: Work, names: Iterable[str]) -> int:
    """Replace groups that stand as one unit in any notice by their members; gives in how many notices."""
    register, ids = known_register(work), unit_ids(work)
    groups = {register.name_of(name) for name in names} & set(register.members)
    touched = standing.notices_naming(work.tx, [ids[name] for name in groups])
    for notice_id in touched:
        standing.lock_notice(work.tx, notice_id)
        stands = standing.load(work.tx, notice_id)
        wanted = as_it_stands(stands, register, reporting_lists(stands))
        decided = decide(work, stands, wanted)
        write_revision(work, notice_id, decided)
        changes = as_rows(decided.revision.changes)
        record(work, "expand_groups", f"notice:{notice_id}", groups=sorted(groups), changes=changes)
    return len(touched)


def as_rows(changes: Iterable[Change]) -> list[list[str | None]]:
    """Give differences as the audit keeps them."""
    return [[change.what, change.subject, change.before, change.after] for change in changes]


def _write_tasks(work: Work, notice_id: int, decided: Decided) -> list[int]:
    """Write a notice's tasks in their order, those withdrawn behind them; gives their numbers."""
    revision = decided.revision
    rows = [_task_row(place, task) for place, task in enumerate(decided.wanted.tasks)]
    kept = {task.id for task in revision.kept_tasks if task is not None}
    known = [(old, row) for old, row in zip(revision.kept_tasks, rows, strict=True) if old is not None]
    if len(known) == len(rows) and not revision.withdrawn and all(_is_as(old, row) for old, row in known):
        return [old.id for old, _ in known]
    standing.clear_positions(work.tx, notice_id)
    standing.change_tasks(work.tx, [{**row, "id": old.id} for old, row in known])
    behind = [task for task in decided.standing.tasks if task.id not in kept]
    last = len(rows)
    gone = [{"id": task.id, "position": last + n, "status": "withdrawn"} for n, task in enumerate(behind)]
    standing.change_tasks(work.tx, gone)
    return [
        old.id if old is not None else ledger.add_task(work.tx, {**row, "notice_id": notice_id})
        for old, row in zip(revision.kept_tasks, rows, strict=True)
    ]


def _is_as(task: StandingTask, row: dict[str, Any]) -> bool:
    return all(getattr(task, name) == value for name, value in row.items())


def _task_row(position: int, task: WantedTask) -> dict[str, Any]:
    return {
        "position": position,
        "list": task.list,
        "no": task.no,
        "section": task.section,
        "text": task.text,
        "leaders": list(task.leaders),
        "leader_label": task.leader_label,
        "deadline": task.deadline,
        "status": "open",
    }


def _write_periods(work: Work, notice_id: int, decided: Decided) -> dict[str, int]:
    """Write a notice's periods; gives their numbers by label."""
    revision = decided.revision
    before = {period.id: period for period in decided.standing.periods}
    changed = [(number, _period_row(period)) for number, period in revision.changed_periods]
    moved = [(number, before[number]) for number, row in changed if row["due_at"] != before[number].due_at]
    ended = [(each.id, {**_period_row(each), "ended_at": work.at}) for each in revision.ended_periods]
    standing.change_periods(work.tx, [{"id": number, **row} for number, row in (*changed, *ended)])
    first = [{"id": number, "first_due_at": old.first_due_at or old.due_at} for number, old in moved]
    standing.change_periods(work.tx, first)
    known = {period.label: period.id for period in decided.standing.periods}
    added = {
        period.label: ledger.add_period(work.tx, {**_period_row(period), "label": period.label, "notice_id": notice_id})
        for period in revision.new_periods
    }
    return {**known, **added}


def _period_row(period: StandingPeriod | WantedPeriod) -> dict[str, Any]:
    names = ("begins_on", "ends_on", "due_at", "is_provisional")
    return {**{name: getattr(period, name) for name in names}, "ended_at": None}
