"""`duban waive`: what a unit, or every unit of a task, need not report for a period."""

from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_done, refuse
from duban.commands.opening import opened
from office.register.inviting import find_unit
from office.reports.waiving import LEAST_REASON, waive
from office.work import OfficeError, Work
from storage import ledger
from storage.ledger import Due
from storage.states import OWED


@click.command("waive")
@click.argument("no", type=int)
@click.option("--period", required=True, help="The period it is for, e.g. 2025-Q1.")
@click.option("--reason", required=True, help="Why; the liaisons read it.")
@click.option("--unit", help="Only this unit; otherwise every unit that owes the task.")
@click.option("--list", "list_", help="The list the task is in, where several have its number.")
@click.option("--notice", "notice_id", type=int, help="The notice, where several have its number.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@json_option
@command_options
def waive_command(
    config: Path,
    at: str | None,
    *,
    no: int,
    period: str,
    reason: str,
    unit: str | None,
    list_: str | None,
    notice_id: int | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Waive the report on task NO for a period, after showing whose; the liaisons are told."""
    if len(reason.strip()) < LEAST_REASON:
        raise click.UsageError("the reason is too short")
    with opened(config, at) as office:

        def find(work: Work) -> list[Due]:
            unit_id = find_unit(work, unit, allow_group=True).id if unit is not None else None
            named = ledger.obligations_named(work.tx, no=no, unit_id=unit_id)
            return [
                d for d in named if d.period == period and list_ in (None, d.list) and notice_id in (None, d.notice_id)
            ]

        found = [due for due in office.premises.look(office.store, find) if due.state in OWED]
        if not found:
            raise OfficeError(f"nothing is owed for task {no} in {period}{f' by {unit}' if unit else ''}")
        if len({due.task_id for due in found}) > 1:
            lists = "、".join(dict.fromkeys(f"{due.list} (notice {due.notice_id})" for due in found))
            raise OfficeError(f"several lists have a task {no}: {lists}; add --list or --notice")
        for due in found:
            click.echo(f"{due.unit_name}, {due.list} {due.no}, {due.period}", err=as_json or not yes)
        if not yes and not click.confirm(f"Waive these {len(found)}?", err=True):
            refuse("nothing was waived; answer y, or give --yes")
        done = office.premises.do(office.store, lambda work: waive(work, found, reason.strip(), by=None))
    value = [{"unit": due.unit_name, "list": due.list, "no": due.no, "period": due.period} for due in done]
    print_done(f"waived: {len(done)}", value, as_json=as_json)
