"""`duban calendar import`: the official arrangement of days off is put in force."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, refuse
from duban.commands.opening import opened
from office.calendars import Foreseen, foresee, import_arrangement
from rules.arrangement import ArrangementError, read_arrangement
from rules.periods import due_on


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@command_options
def import_(config: Path, at: str | None, file: Path, *, yes: bool) -> None:
    """Put a year's official arrangement of days off in force; FILE is in the schema of the holiday-cn data."""
    try:
        arrangement = read_arrangement(file.read_bytes())
    except ArrangementError as error:
        refuse(f"{file}: {error}")
        return
    with opened(config, at) as office:
        foreseen = office.premises.look(office.store, lambda work: foresee(work, arrangement))
        if foreseen.is_known:
            click.echo(f"the arrangement for {arrangement.year} is in force already; nothing changed")
            return
        _show(foreseen, office.premises.policy.zone)
        if not yes:
            click.confirm("put it in force?", abort=True)
        done = office.premises.do(office.store, lambda work: import_arrangement(work, arrangement))
    moved = sum(period.obligations for period in done.periods)
    click.echo(f"in force; {moved} reports moved, their liaisons are told once")


def _show(foreseen: Foreseen, zone: ZoneInfo) -> None:
    days = foreseen.arrangement.days
    off = sum(day.is_off for day in days)
    click.echo(f"{foreseen.arrangement.year}: {off} days off, {len(days) - off} make-up days")
    for day in foreseen.days:
        click.echo(f"  {day.date}: {'working day' if day.is_workday else 'day off'} {day.name}".rstrip())
    for each in foreseen.periods:
        old, new = _day(each.old_due_at, zone), _day(each.due_at, zone)
        click.echo(f"  notice {each.notice_id}, {each.label}: due {old} -> {new} ({each.obligations} reports owed)")
    if not foreseen.days:
        click.echo("  no day differs from what is known; it is no longer provisional")


def _day(at: datetime, zone: ZoneInfo) -> str:
    return due_on(at, zone).isoformat()
