"""`duban notice read`: what does a notice say? Needs no configuration and no database."""

import hashlib
from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_json
from notices.decode import MAX_BYTES
from notices.notice import Notice, NoticeError
from notices.read import read_notice
from notices.units import is_group
from rules.workdays import WorkCalendar

WARNINGS_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@command_options
def read(file: Path, config: Path, at: str | None, *, as_json: bool) -> None:  # reading needs no office
    """Read FILE and show what it says; nothing is changed."""
    found, _ = read_file(file, WorkCalendar())
    if as_json:
        print_json(found.to_json())
    else:
        click.echo(summary(found))


def read_file(file: Path, calendar: WorkCalendar) -> tuple[Notice, str]:
    """Read a notice; gives it with its file's hash.

    Raises: NoticeError.
    """
    try:
        with file.open("rb") as opened_file:
            data = opened_file.read(MAX_BYTES + 1)  # one byte too many is enough to be refused
    except OSError as error:
        raise NoticeError("unreadable", f"{file} cannot be read: {error.strerror}") from error
    return read_notice(data, name=file.name, calendar=calendar), hashlib.sha256(data).hexdigest()


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
