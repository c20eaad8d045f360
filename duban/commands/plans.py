"""`duban plans`: the units' year plans, and who has not sent theirs."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from office.register.inviting import find_unit
from office.reports.plans import PlanTask, asked_plans
from office.work import Work
from rules.periods import days_overdue, due_on
from storage.plans import FIELDS

SHOWN = 16


@click.command()
@click.option("--unit", help="Only this unit.")
@click.option("--missing", is_flag=True, help="Only what was not sent.")
@json_option
@command_options
def plans(config: Path, at: str | None, unit: str | None, *, missing: bool, as_json: bool) -> None:
    """List the year plans asked for: a line for each unit and task."""
    with opened(config, at) as office:

        def look(work: Work) -> list[PlanTask]:
            return asked_plans(work, [find_unit(work, unit, allow_group=True).id] if unit is not None else None)

        tasks = [task for task in office.premises.look(office.store, look) if not (missing and task.is_planned)]
        zone, now = office.premises.policy.zone, office.premises.clock.now()
    if as_json:
        print_json([_json(task, zone, days_overdue(task.due_at, now, zone) if task.due_at else 0) for task in tasks])
        return
    rows = [
        (
            task.row.unit_name,
            f"{task.row.list} {task.row.no}",
            due_on(task.due_at, zone) if task.due_at else "-",
            "sent" if task.is_planned else "missing",
            *((getattr(task.row, name) or "")[:SHOWN] for name in FIELDS),
        )
        for task in tasks
    ]
    empty = "nothing is missing" if missing else "no notice asks for a year plan"
    print_table(("unit", "task", "due", "", "Q1", "Q2", "Q3", "Q4", "head", "person"), rows, empty=empty)


def _json(task: PlanTask, zone: ZoneInfo, days: int) -> dict[str, Any]:
    row = task.row
    return {
        "notice_id": row.notice_id,
        "unit": row.unit_name,
        "list": row.list,
        "no": row.no,
        "due_at": task.due_at.astimezone(zone).isoformat() if task.due_at else None,
        "days_overdue": 0 if task.is_planned else days,
        "planned": task.is_planned,
        **{name: getattr(row, name) for name in FIELDS},
        "version": row.version,
        "updated_at": row.updated_at.astimezone(zone).isoformat() if row.updated_at else None,
    }
