"""`duban slips` and `duban slip …`: supervision slips (督查单), proposed, issued, closed, written as files."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_done, print_json, print_table, refuse
from duban.commands.opening import opened
from office.chasing.slips import close_slip, issue_from_desk, reference, shown_slip, slip_for_desk
from office.work import OfficeError, Work
from storage import files, slips
from storage.slips import KnownSlip
from storage.states import SlipColour, SlipState


@click.command(name="slips")
@json_option
@command_options
def list_slips(config: Path, at: str | None, *, as_json: bool) -> None:
    """List the slips proposed and issued, with their limit, who has not signed, and how they ended."""
    with opened(config, at) as office:

        def look(work: Work) -> list[tuple[KnownSlip, dict[str, Any]]]:
            found = [*slips.in_state(work.tx, SlipState.PROPOSED), *slips.issued(work.tx)]
            return [(slip, shown_slip(work, slip)) for slip in found]

        found = office.premises.look(office.store, look)
        zone = office.premises.policy.zone
    if as_json:
        print_json([_json(slip, shown, zone) for slip, shown in found])
        return
    rows = [
        (
            shown["reference"] or "-",
            shown["colour"],
            shown["state"],
            shown["tasks"][0]["unit"],
            f"{shown['tasks'][0]['list']} {shown['tasks'][0]['no']}",
            shown["tasks"][0]["period"],
            shown["limit_on"] or "-",
            "、".join(shown["unsigned"]) or "-",
            shown["reason"] or shown["closed_for"] or "-",
        )
        for _, shown in found
    ]
    columns = ("slip", "colour", "state", "unit", "task", "period", "limit", "not signed", "closed for")
    print_table(columns, rows, empty="no slip is proposed or was issued")


@click.command()
@click.argument("unit")
@click.argument("no", metavar="NO")
@click.option(
    "--colour",
    type=click.Choice([each.value for each in SlipColour]),
    help="Refuse if the next slip is of another colour.",
)
@click.option("--yes", is_flag=True, help="Issue without asking.")
@json_option
@command_options
def issue(config: Path, at: str | None, unit: str, no: str, colour: str | None, *, yes: bool, as_json: bool) -> None:
    """Issue the next slip to UNIT for the earliest overdue report on its task NO; whom it concerns is told."""
    with opened(config, at) as office:
        if not yes:
            draft, _ = office.premises.look(
                office.store, lambda work: issue_from_desk(work, unit, no, colour=colour, dry=True)
            )
            due = draft.due
            click.echo(
                f"{draft.colour} slip to {due.unit_name}: {due.list} {due.no}, {due.period},"
                f" {draft.facts['days']} days overdue, limit {draft.limit_on}",
                err=True,
            )
            if not click.confirm("Issue it?", err=True):
                refuse("nothing was issued; answer y, or give --yes")
        _, slip = office.premises.do(
            office.store, lambda work: issue_from_desk(work, unit, no, colour=colour, dry=False)
        )
    if slip is not None:
        value = {"slip": reference(slip), "colour": slip.colour, "unit": unit, "no": no}
        print_done(f"{reference(slip)} issued: {slip.colour}, {unit}, task {no}", value, as_json=as_json)


@click.command()
@click.argument("ref", metavar="REF")
@click.option("--reason", required=True, help="Why; everybody who got the slip reads it.")
@json_option
@command_options
def close(config: Path, at: str | None, ref: str, reason: str, *, as_json: bool) -> None:
    """Close the slip REF (督查单〔2026〕3号, 2026-3, or 3 of this year) before its report is in."""
    if not reason.strip():
        raise click.UsageError("the reason is empty")

    def act(work: Work) -> KnownSlip:
        slip = slip_for_desk(work, ref)
        if not close_slip(work, slip, by=None, reason=reason.strip()):
            raise OfficeError(f"{reference(slip)} is closed already")
        return slip

    with opened(config, at) as office:
        slip = office.premises.do(office.store, act)
    value = {"slip": reference(slip), "reason": reason.strip()}
    print_done(f"{reference(slip)} closed: {reason.strip()}", value, as_json=as_json)


@click.command()
@click.argument("ref", metavar="REF")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The .docx file to write.",
)
@command_options
def export(config: Path, at: str | None, ref: str, out: Path) -> None:
    """Write the slip REF as the Word file that was sent."""
    with opened(config, at) as office:

        def look(work: Work) -> bytes:
            slip = slip_for_desk(work, ref)
            content = files.read(work.tx, slip.file_id) if slip.file_id is not None else None
            if content is None:
                raise OfficeError(f"the file of {reference(slip)} is not kept any more")
            return content.data

        out.write_bytes(office.premises.look(office.store, look))
    click.echo(f"wrote {out}")


def _json(slip: KnownSlip, shown: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    task = shown["tasks"][0]

    def local(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat() if at is not None else None

    return {
        "slip": shown["reference"],
        "colour": slip.colour,
        "state": slip.state,
        "unit": task["unit"],
        "list": task["list"],
        "no": task["no"],
        "period": task["period"],
        "due_at": local(slip.due_at),
        "days_overdue": shown["days"],
        "proposed_at": local(slip.proposed_at),
        "issued_at": local(slip.issued_at),
        "limit_at": local(slip.limit_at),
        "signed": shown["signed"],
        "unsigned": shown["unsigned"],
        "closed_at": local(slip.closed_at),
        "closed_for": slip.closed_for,
        "reason": slip.reason,
    }
