"""`duban enter`: a report that a unit gave outside the chat."""

import sys
from pathlib import Path

import click

from duban.commands.common import Instant, command_options, json_option, print_done
from duban.commands.opening import opened
from office.reports.entering import enter_report, find_due
from office.work import OfficeError, Work
from rules.clock import parse_instant
from storage import ledger
from storage.ledger import Due


@click.command()
@click.argument("unit")
@click.argument("no", type=int)
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--period", required=True, help="The period it is for, e.g. 2025-Q1.")
@click.option("--source", type=click.Choice(["phone", "paper", "mail"]), required=True, help="How it came.")
@click.option("--received", metavar="INSTANT", type=Instant(), required=True, help="When it was received.")
@click.option("--list", "list_", help="The list the task is in, where several have its number.")
@click.option("--notice", "notice_id", type=int, help="The notice, where several have its number.")
@json_option
@command_options
def enter(
    config: Path,
    at: str | None,
    *,
    unit: str,
    no: int,
    file: Path,
    period: str,
    source: str,
    received: str,
    list_: str | None,
    notice_id: int | None,
    as_json: bool,
) -> None:
    """Enter the report in FILE (- for standard input, UTF-8) for UNIT and task NO; its liaison is told."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OfficeError(f"{file} is not a text file in UTF-8; save it as one") from error
    with opened(config, at) as office:
        came = parse_instant(received, office.premises.policy.zone)

        def act(work: Work) -> tuple[Due, int]:
            due = find_due(work, unit=unit, no=no, period=period, list_=list_, notice_id=notice_id)
            told = enter_report(work, due, source=source, received=came, text=text, by=None)
            return ledger.obligation(work.tx, due.obligation_id) or due, told

        due, told = office.premises.do(office.store, act)
    late = ", late" if due.is_late else ""
    value = {"unit": due.unit_name, "list": due.list, "no": due.no, "period": due.period, "late": due.is_late}
    sentence = f"entered: {due.unit_name}, {due.list} {due.no}, {due.period}{late}; liaisons told: {told}"
    print_done(sentence, {**value, "liaisons": told}, as_json=as_json)
