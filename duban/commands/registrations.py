"""`duban registrations`: which units have a liaison."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from office.register.registrations import Registration, list_registrations


@click.command()
@json_option
@command_options
def registrations(config: Path, at: str | None, *, as_json: bool) -> None:
    """List each unit's liaisons; without one, how it stands with its invite and until when it should register."""
    with opened(config, at) as office:
        found = office.premises.look(office.store, list_registrations)
        zone = office.premises.policy.zone
    rows = [_row(unit, zone) for unit in found]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("unit", "state", "liaisons", "invited until", "due", "days left"),
        [
            (
                row["unit"],
                row["state"].replace("_", " "),
                "、".join(row["liaisons"]) or "-",
                (row["invited_until"] or "-")[:10],
                row["due_on"] or "-",
                "-" if row["days_left"] is None else row["days_left"],
            )
            for row in rows
        ],
        empty="there are no units yet; run `duban notice adopt FILE` first",
    )


def _row(unit: Registration, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "unit": unit.unit,
        "state": str(unit.state),
        "liaisons": list(unit.liaisons),
        "without_phone": list(unit.without_phone),
        "invited_until": unit.invited_until.astimezone(zone).isoformat() if unit.invited_until else None,
        "due_on": unit.due_on.isoformat() if unit.due_on else None,
        "days_left": unit.days_left,
    }
