"""`duban notice list|export|withdraw`: the adopted notices, one as a workbook, one adopted by mistake taken back."""

from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from duban.commands.putting_right import put_right, reason_option, yes_option
from notices.workbook import write_workbook
from office.notice.exporting import standing_plan
from storage import ledger, standing
from storage.store import Transaction


@click.command(name="list")
@json_option
@command_options
def list_notices(config: Path, at: str | None, *, as_json: bool) -> None:
    """List the adopted notices."""

    def read(tx: Transaction) -> list[dict[str, object]]:
        return [
            {"notice_id": each.id, "title": each.title, "number": each.document_number, **ledger.counts_of(tx, each.id)}
            for each in standing.notices(tx)
        ]

    with opened(config, at) as office:
        rows = office.store.read_now(read)
    if as_json:
        print_json(rows)
        return
    shown = [(row["notice_id"], row["title"], row["tasks"], row["units"], row["obligations"]) for row in rows]
    print_table(("id", "title", "tasks", "units", "obligations"), shown, empty="no notice was adopted yet")


@click.command()
@click.argument("notice_id", metavar="ID", type=int)
@click.option("--out", required=True, metavar="X.xlsx", type=click.Path(path_type=Path), help="The file to write.")
@command_options
def export(notice_id: int, config: Path, at: str | None, out: Path) -> None:
    """Write notice ID as it stands as the correctable workbook; adopted back, only what was corrected changes."""
    with opened(config, at) as office:
        plan = office.premises.look(office.store, lambda work: standing_plan(work, notice_id))
    out.write_bytes(write_workbook(plan))
    click.echo(f"{out}: {len(plan.notice.tasks)} tasks; correct it, then `duban notice adopt {out}`")


@click.command()
@click.argument("notice_id", metavar="ID", type=int)
@reason_option
@yes_option
@json_option
@command_options
def withdraw(notice_id: int, config: Path, at: str | None, reason: str, *, yes: bool, as_json: bool) -> None:
    """Take back the adoption of notice ID, as long as no unit was told of its tasks."""
    with opened(config, at) as office:
        put_right(office, "unadopt", {"notice": notice_id, "reason": reason}, yes=yes, as_json=as_json)
