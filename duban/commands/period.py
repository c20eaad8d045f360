"""`duban period …`: the reporting periods, and their due dates moved."""

from datetime import date
from pathlib import Path

import click

from duban.commands.common import Day, command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from duban.commands.putting_right import put_right, reason_option, yes_option
from office.notice.moving_due import find_periods
from office.work import OfficeError
from rules.periods import due_on
from storage import standing


@click.command(name="list")
@json_option
@command_options
def list_periods(config: Path, at: str | None, *, as_json: bool) -> None:
    """List the reporting periods of all notices, with their due dates, the first ones beside."""
    with opened(config, at) as office:
        known = office.store.read_now(standing.periods_standing)
        zone = office.premises.policy.zone
    rows = [
        {
            "notice_id": each.notice_id,
            "period": each.label,
            "due_on": due_on(each.due_at, zone).isoformat(),
            "first_due_on": due_on(each.first_due_at or each.due_at, zone).isoformat(),
        }
        for each in known
    ]
    if as_json:
        print_json(rows)
        return
    shown = [
        (
            row["notice_id"],
            row["period"],
            row["due_on"],
            "" if row["first_due_on"] == row["due_on"] else row["first_due_on"],
        )
        for row in rows
    ]
    print_table(("notice", "period", "due", "first due"), shown, empty="no notice has periods")


@click.command()
@click.argument("name", metavar="PERIOD")
@click.argument("until", metavar="DATE", type=Day())
@click.option("--notice", "notice_id", type=int, metavar="ID", help="The notice, where several have the period.")
@reason_option
@yes_option
@json_option
@command_options
def move(
    name: str,
    until: date,
    config: Path,
    at: str | None,
    *,
    notice_id: int | None,
    reason: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Move the due date of PERIOD (2025-Q1, 一季度) to DATE; reminders follow, the liaisons are told."""
    with opened(config, at) as office:
        found = office.premises.look(office.store, lambda work: find_periods(work, name, notice_id))
        if len(found) > 1:
            named = "；".join(f"{each.notice_id} {each.title}" for each in found)
            raise OfficeError(f"several notices have {name}; give --notice: {named}")
        values = {"period": found[0].id, "until": until.isoformat(), "reason": reason}
        put_right(office, "due", values, yes=yes, as_json=as_json)
