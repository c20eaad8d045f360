"""`duban form …`: forms for units that get and send them by mail."""

from pathlib import Path

import click

from duban.commands.common import command_options, one_line, refuse
from duban.commands.opening import opened
from office.register.inviting import find_unit
from office.reports.form_sending import plan_form_of, report_form_of
from office.reports.form_taking import FormFile, Taken, enter_form, office_person, open_form
from office.work import OfficeError, Work
from storage.files import FileContent

unit_option = click.option("--unit", required=True, help="The unit.")
out_option = click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The .xlsx file to write.",
)


@click.command()
@unit_option
@out_option
@command_options
def plan(config: Path, at: str | None, unit: str, out: Path) -> None:
    """Write a unit's year plan form (计划表), filled as far as known."""

    def made(work: Work) -> FileContent | None:
        known = find_unit(work, unit, allow_group=True)
        return plan_form_of(work, known.id, known.name)

    with opened(config, at) as office:
        _write(office.premises.look(office.store, made), out, f"no year plan is asked of {unit}")


@click.command()
@unit_option
@click.option("--period", help="This period, e.g. 2025-Q1; not given: for each task the earliest one owed.")
@out_option
@command_options
def period(config: Path, at: str | None, unit: str, period: str | None, out: Path) -> None:
    """Write a unit's progress form (落实情况表) for what it owes."""

    def made(work: Work) -> FileContent | None:
        known = find_unit(work, unit, allow_group=True)
        return report_form_of(work, known.id, known.name, period)

    with opened(config, at) as office:
        owes = f"{unit} owes nothing" + (f" for {period}" if period else " now")
        _write(office.premises.look(office.store, made), out, owes)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@unit_option
@click.option("--by", "name", metavar="NAME", help="The supervisor or admin who enters it; not given: the first admin.")
@click.option("--reason", help="Why reports are longer than a limit that may be passed with a reason.")
@command_options
def read(config: Path, at: str | None, file: Path, unit: str, *, name: str | None, reason: str | None) -> None:
    """Read a filled form and enter it for its unit: plans are kept, reports are submitted.

    Right rows are entered although others are wrong; wrong cells are listed, with exit 1. `--at` says when it came.
    """
    with opened(config, at) as office:
        form = open_form(FileContent(file.name, "", file.read_bytes()))
        if not isinstance(form, FormFile):
            raise OfficeError(form.sentence if form is not None else f"{file} is no form of this office")
        found = form

        def enter(work: Work) -> Taken:
            return enter_form(
                work, found, find_unit(work, unit, allow_group=True), by=office_person(work, name), reason=reason
            )

        taken = office.premises.do(office.store, enter)
    click.echo(
        f"{len(taken.plans)} plans and {len(taken.drafts)} reports entered,"
        f" {taken.unchanged} unchanged, {taken.empty} left empty"
    )
    if taken.wrong:
        cells = [f"  {one_line(cell)}" for cell in taken.wrong]
        refuse("\n".join([f"{len(cells)} cells are wrong; the rows they stand in were not entered:", *cells]))


def _write(content: FileContent | None, out: Path, nothing: str) -> None:
    if content is None:
        raise OfficeError(nothing)
    out.write_bytes(content.data)
    click.echo(f"wrote {out}")
