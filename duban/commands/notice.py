"""`duban notice read` and `duban notice adopt`."""

import hashlib
from datetime import date
from pathlib import Path

import click

from duban.commands.common import command_options, json_option, opened, print_json
from notices.notice import Notice, NoticeError
from notices.decode import MAX_BYTES
from notices.read import read_notice
from office.adopting import Adoption, adopt_notice
from rules.workdays import WorkCalendar

WARNINGS_SHOWN = 20


@click.group()
def notice() -> None:
    """Read a notice, or adopt it."""


@notice.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@command_options
def read(file: Path, config: Path, at: str | None, *, as_json: bool) -> None:  # reading needs no office
    """Read FILE and show what it says; nothing is changed."""
    found, _ = _read(file, WorkCalendar())
    if as_json:
        print_json(found.to_json())
    else:
        click.echo(_summary(found))


@notice.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Adopt without asking.")
@click.option("--from", "from_on", metavar="DATE", help="Waive the periods due before this day (late adoption).")
@json_option
@command_options
def adopt(file: Path, config: Path, at: str | None, from_on: str | None, *, yes: bool, as_json: bool) -> None:
    """Adopt FILE: its tasks, units, periods and what is due from whom. The same file again changes nothing."""
    waive_before = _day(from_on)
    with opened(config, at) as office:
        found, source_hash = _read(file, office.premises.policy.calendar)
        if not yes:
            click.echo(_summary(found), err=True)
            click.confirm("Adopt it?", abort=True, err=True)
        adoption = office.premises.do(
            office.store,
            lambda work: adopt_notice(work, found, source_hash=source_hash, waive_before=waive_before),
        )
    _show(adoption, as_json=as_json)


def _read(file: Path, calendar: WorkCalendar) -> tuple[Notice, str]:
    try:
        with file.open("rb") as opened_file:
            data = opened_file.read(MAX_BYTES + 1)  # one byte too many is enough to be refused
    except OSError as error:
        raise NoticeError("unreadable", f"{file} cannot be read: {error.strerror}") from error
    return read_notice(data, name=file.name, calendar=calendar), hashlib.sha256(data).hexdigest()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise click.UsageError(f"--from {text}: give a date such as 2025-07-01") from error


def _summary(found: Notice) -> str:
    lists: dict[str, int] = {}
    for task in found.tasks:
        lists[task.list] = lists.get(task.list, 0) + 1
    units = {owner.name for task in found.tasks for owner in task.owners}
    lines = [found.title, f"tasks: {len(found.tasks)}, units: {len(units)}"]
    lines += [f"  {name}: {count}" for name, count in lists.items()]
    lines.append("periods: " + (", ".join(f"{p.label} due {p.due_on}" for p in found.periods) or "none"))
    lines.append(f"warnings: {len(found.warnings)}")
    lines += [f"  {w.code} {w.task or ''} {w.message}" for w in found.warnings[:WARNINGS_SHOWN]]
    if len(found.warnings) > WARNINGS_SHOWN:
        lines.append(f"  … {len(found.warnings) - WARNINGS_SHOWN} more: see --json")
    return "\n".join(lines)


def _show(adoption: Adoption, *, as_json: bool) -> None:
    counts = {name: getattr(adoption, name) for name in ("notice_id", "tasks", "units", "periods", "obligations")}
    if as_json:
        print_json({**counts, "warnings": list(adoption.warnings)})
        return
    said = "adopted" if adoption.is_new else "adopted before; it stands with"
    click.echo(
        f"notice {adoption.notice_id} {said}: " + ", ".join(f"{n} {name}" for name, n in list(counts.items())[1:])
    )
    if adoption.warnings:
        click.echo(f"{len(adoption.warnings)} warnings: see `duban notice read FILE`")
