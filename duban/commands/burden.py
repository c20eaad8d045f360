"""`duban burden`: how many messages the office sent, by kind and by unit."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from office.chasing.burden import Burden, burden_of_period


@click.command()
@click.option("--period", help="This period, from the due day before to its own; else since the last due day.")
@click.option("--notice", "notice_id", type=int, help="The notice whose period is meant.")
@json_option
@command_options
def burden(config: Path, at: str | None, period: str | None, notice_id: int | None, *, as_json: bool) -> None:
    """Count the messages of a period: pushed, by kind and by unit, the most burdened first."""
    with opened(config, at) as office:
        found = office.premises.look(office.store, lambda work: burden_of_period(work, period, notice_id=notice_id))
        zone = office.premises.policy.zone
    if as_json:
        print_json(_json(found, zone))
        return
    each = f", {found.pushed / found.persons:.1f} each" if found.persons else ""
    click.echo(
        f"{_local(found.since, zone) or 'from the beginning'} to {_local(found.until, zone)}: {found.pushed} messages"
        f" pushed to {found.persons} persons{each}; {found.answers} answers; {found.failed} failed"
    )
    print_table(("kind", "messages"), list(found.by_kind.items()), empty="no message was made")
    rows = [(unit.unit, unit.persons, unit.pushed, unit.answers, unit.failed) for unit in found.by_unit]
    if rows:
        click.echo()
        print_table(("unit", "persons", "pushed", "answers", "failed"), rows, empty="")


def _json(found: Burden, zone: ZoneInfo) -> dict[str, object]:
    return {
        "from": _local(found.since, zone),
        "to": _local(found.until, zone),
        "persons": found.persons,
        "pushed": found.pushed,
        "answers": found.answers,
        "failed": found.failed,
        "by_kind": found.by_kind,
        "by_unit": [
            {"unit": unit.unit, "persons": unit.persons, "pushed": unit.pushed}
            | {"answers": unit.answers, "failed": unit.failed}
            for unit in found.by_unit
        ],
    }


def _local(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None
