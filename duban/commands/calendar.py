"""`duban calendar import`: the official arrangement of days off is put in force."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_done, refuse
from duban.commands.opening import opened
from office.chasing.calendars import Foreseen, foresee, import_arrangement
from rules.arrangement import ArrangementError, read_arrangement
from rules.periods import due_on


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@command_options
def import_(config: Path, at: str | None, file: Path, *, yes: bool, as_json: bool) -> None:
    """Put a year's official arrangement of days off in force; FILE is in the schema of the holiday-cn data."""
    try:
        arrangement = read_arrangement(file.read_bytes())
    except ArrangementError as error:
        refuse(f"{file}: {error}")
        return
    with opened(config, at) as office:
        foreseen = office.premises.look(office.store, lambda work: foresee(work, arrangement))
        if foreseen.is_known:
            sentence = f"the arrangement for {arrangement.year} is in force already; nothing changed"
            print_done(sentence, {"year": arrangement.year, "was_in_force": True, "moved": 0}, as_json=as_json)
            return
        _show(foreseen, office.premises.policy.zone, err=as_json)
        if not yes:
            click.confirm("put it in force?", abort=True, err=as_json)
        done = office.premises.do(office.store, lambda work: import_arrangement(work, arrangement))
    moved = sum(period.obligations for period in done.periods)
    value = {"year": arrangement.year, "was_in_force": False, "moved": moved}
    print_done(f"in force; {moved} reports moved, their liaisons are told once", value, as_json=as_json)


def _show(foreseen: Foreseen, zone: ZoneInfo, *, err: bool) -> None:
    days = foreseen.arrangement.days
    off = sum(day.is_off for day in days)
    click.echo(f"{foreseen.arrangement.year}: {off} days off, {len(days) - off} make-up days", err=err)
    for day in foreseen.days:
        click.echo(f"  {day.date}: {'working day' if day.is_workday else 'day off'} {day.name}".rstrip(), err=err)
    for each in foreseen.periods:
        old, new = _day(each.old_due_at, zone), _day(each.due_at, zone)
        click.echo(
            f"  notice {each.notice_id}, {each.label}: due {old} -> {new} ({each.obligations} reports owed)", err=err
        )
    if not foreseen.days:
        click.echo("  no day differs from what is known; it is no longer provisional", err=err)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return due_on(at, zone).isoformat()
