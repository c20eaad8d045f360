"""`duban notice adopt`: a notice becomes tasks, units, periods and obligations."""

from datetime import date
from pathlib import Path

import click

from duban.commands.common import Day, command_options, json_option, print_json, refuse
from duban.commands.opening import opened
from duban.commands.read import read_file, summary, warning_lines
from office.adopting import Adoption, adopt_notice


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Adopt without asking.")
@click.option(
    "--from", "from_on", metavar="DATE", type=Day(), help="Waive the periods due before this day (late adoption)."
)
@json_option
@command_options
def adopt(file: Path, config: Path, at: str | None, from_on: date | None, *, yes: bool, as_json: bool) -> None:
    """Adopt FILE: its tasks, units, periods and what is due from whom. The same file again changes nothing."""
    with opened(config, at) as office:
        plan, source_hash = read_file(
            file, office.premises.policy.calendar, override_secrecy=office.settings.notices.override_secrecy
        )
        if not yes:
            click.echo(summary(plan.notice), err=True)
            if not _is_confirmed():
                refuse("nothing was adopted; answer y, or give --yes")
        adoption = office.premises.do(
            office.store,
            lambda work: adopt_notice(work, plan.notice, source_hash=source_hash, waive_before=from_on),
        )
    _show(adoption, as_json=as_json)


def _is_confirmed() -> bool:
    try:
        return click.confirm("Adopt it?", err=True)
    except click.Abort:  # nobody is there to answer
        click.echo(err=True)
        return False


def _show(adoption: Adoption, *, as_json: bool) -> None:
    counts = {name: getattr(adoption, name) for name in ("tasks", "units", "periods", "obligations")}
    if as_json:
        print_json({"notice_id": adoption.notice_id, **counts, "warnings": list(adoption.warnings)})
        return
    said = "adopted" if adoption.is_new else "adopted before; it stands with"
    click.echo(f"notice {adoption.notice_id} {said}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    for line in warning_lines([(w["code"], w["task"], w["message"]) for w in adoption.warnings]):
        click.echo(line)
