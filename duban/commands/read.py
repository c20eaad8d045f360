"""`duban notice read`: what does a notice say? Needs no configuration and no database."""

import hashlib
import shlex
from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_json, refuse
from notices.decode import MAX_BYTES
from notices.files import read_plan
from notices.notice import Notice, NoticeError
from notices.plan import Plan
from notices.units import is_group
from notices.workbook import write_workbook
from rules.workdays import WorkCalendar

WARNINGS_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--xlsx", "out", metavar="OUT", type=click.Path(path_type=Path), help="Write a workbook in which it is corrected."
)
@json_option
@command_options
def read(file: Path, out: Path | None, config: Path, at: str | None, *, as_json: bool) -> None:
    """Read FILE, a notice or the workbook it was corrected in, and show what it says; nothing is changed."""
    plan, _ = read_file(file, WorkCalendar(), override_secrecy=_overrides_secrecy(config))
    if out is not None:
        _write_workbook(plan, out)
    if as_json:
        print_json(plan.notice.to_json())
        return
    click.echo("\n".join([summary(plan.notice), *_unit_lines(plan)]))
    if out is not None:
        click.echo(f"\nwritten: {out}; correct it in Excel or WPS, then: duban notice adopt {shlex.quote(str(out))}")


def _overrides_secrecy(config: Path) -> bool:
    """Tell what the office has decided, where there is one."""
    if not config.exists():
        return False
    from duban.settings import load_settings  # noqa: PLC0415  # reading needs no office

    return load_settings(config).notices.override_secrecy


def _write_workbook(plan: Plan, out: Path) -> None:
    """Write the workbook where no file is yet: one that was corrected is never written over."""
    data = write_workbook(plan)
    try:
        with out.open("xb") as opened_file:
            opened_file.write(data)
    except FileExistsError:
        refuse(f"{out} exists; name another file, or move that one away")


def _unit_lines(plan: Plan) -> list[str]:
    """Give what a person said of the units, a line each."""
    lines = [f"  {alias} is {entry.name}" for entry in plan.units for alias in entry.aliases]
    lines += [f"  {entry.name}: {'、'.join(entry.members)}" for entry in plan.units if entry.members]
    return ["units merged or expanded:", *lines] if lines else []


def read_file(file: Path, calendar: WorkCalendar, *, override_secrecy: bool) -> tuple[Plan, str]:
    """Read a notice, or the workbook it was corrected in; gives what is to be adopted with its file's hash.

    Raises: NoticeError.
    """
    try:
        with file.open("rb") as opened_file:
            data = opened_file.read(MAX_BYTES + 1)  # one byte too many is enough to be refused
    except OSError as error:
        raise NoticeError("unreadable", f"{file} cannot be read: {error.strerror}") from error
    plan = read_plan(data, name=file.name, calendar=calendar, override_secrecy=override_secrecy)
    return plan, hashlib.sha256(data).hexdigest()


def summary(found: Notice) -> str:
    """Give what a person looks at before adopting."""
    lists: dict[str, int] = {}
    for task in found.tasks:
        lists[task.list] = lists.get(task.list, 0) + 1
    units = {owner.name for task in found.tasks for owner in task.owners}
    lines = [found.title, f"tasks: {len(found.tasks)}, units: {len(units)}"]
    lines += [f"  {name}: {count}" for name, count in lists.items()]
    groups = sorted(filter(is_group, units))
    lines += [f"groups, to be expanded by the office: {', '.join(groups)}"] if groups else []
    lines.append("periods: " + (", ".join(f"{p.label} due {p.due_on}" for p in found.periods) or "none"))
    lines.append(f"warnings: {len(found.warnings)}")
    lines += warning_lines([(w.code, w.task, w.message) for w in found.warnings])
    return "\n".join(lines)


def warning_lines(warnings: list[tuple[str, str | None, str]]) -> list[str]:
    """Give the first warnings, a line each: code, task, message."""
    lines = ["  " + " ".join(part for part in warning if part) for warning in warnings[:WARNINGS_SHOWN]]
    more = len(warnings) - WARNINGS_SHOWN
    return [*lines, f"  … {more} more: see --json"] if more > 0 else lines
