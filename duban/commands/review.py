"""`duban review`: what waits for review, and the decisions."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import Opened, opened
from duban.commands.show import check_choice
from office.reports.reviewing import decide_from_desk, require_review, waiting_reports
from rules.clock import parse_instant

SHOWN = 24
KEEP = {"yes": True, "no": False, "default": None}


@click.command()
@click.option("--unit", default="", help="Only this unit.")
@click.option("--accept", "accepted", metavar="ID", type=int, multiple=True, help="Accept this report; repeatable.")
@click.option("--return", "returned", metavar="ID", type=int, multiple=True, help="Return this report; repeatable.")
@click.option("--reason", help="Why it is returned; the liaison reads it.")
@click.option(
    "--require",
    type=click.Choice(list(KEEP)),
    help="Whether the reports of --notice wait for a decision; default: as [review] required says.",
)
@click.option("--notice", "notice_id", type=int, help="The notice that --require is for.")
@json_option
@command_options
def review(
    config: Path,
    at: str | None,
    *,
    unit: str,
    accepted: tuple[int, ...],
    returned: tuple[int, ...],
    reason: str | None,
    require: str | None,
    notice_id: int | None,
    as_json: bool,
) -> None:
    """List the reports that wait for a decision, oldest first; or accept or return some, all or none of them."""
    if bool(returned) != bool(reason and reason.strip()):
        raise click.UsageError("--return and --reason go together")
    if accepted and returned:
        raise click.UsageError("give either --accept or --return")
    if (require is None) != (notice_id is None):
        raise click.UsageError("--require and --notice go together")
    with opened(config, at) as office:
        if require is not None and notice_id is not None:
            _require(office, notice_id, require)
        elif accepted or returned:
            _decide(office, accepted or returned, reason.strip() if reason else None)
        else:
            found = office.premises.look(office.store, lambda work: waiting_reports(work, unit))
            _list([_row(item, office.premises.policy.zone) for item in found], as_json=as_json)


def _decide(office: Opened, ids: tuple[int, ...], reason: str | None) -> None:
    done = office.premises.do(office.store, lambda work: decide_from_desk(work, ids, reason=reason))
    for number, due in zip(dict.fromkeys(ids), done, strict=True):
        word = "accepted" if reason is None else "returned"
        click.echo(f"{number} {word}: {due.unit_name}, {due.list} {due.no}, {due.period}")


def _require(office: Opened, notice_id: int, require: str) -> None:
    check_choice(office, notice_id)
    office.premises.do(office.store, lambda work: require_review(work, notice_id, review=KEEP[require]))
    said = {"yes": "wait for a decision", "no": "count as accepted after the due day", "default": "follow the setting"}
    click.echo(f"the reports of notice {notice_id} {said[require]}")


def _list(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    print_table(
        ("id", "unit", "task", "period", "sent", "字数", "", "progress"),
        [
            (
                row["id"],
                row["unit"],
                f"{row['list']} {row['no']}",
                row["period"],
                row["sent_at"][:16],
                row["characters"],
                " ".join([*row["findings"], *(["late"] if row["late"] else []), row["source"] or ""]).strip(),
                row["progress"][:SHOWN],
            )
            for row in rows
        ],
        empty="no report waits for review",
    )


def _row(item: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    task = item["tasks"][0]
    same = ("unit", "list", "no", "period", "version", "characters", "problems", "next_step", "stage_met")
    return {
        "id": item["report"],
        "notice_id": item["notice_id"],
        **{name: task[name] for name in same},
        "progress": task["text"],
        "findings": [finding["code"] for finding in task["findings"]],
        "sent_at": _local(item["sent_at"], zone),
        "submitted_at": _local(item["submitted_at"], zone),
        "late": item["late"],
        "source": item["source"],
        "attachments": item["attachments"],
        "former_next_step": item["former"]["next_step"] if item["former"] else None,
        "returned_before": item["returned"],
    }


def _local(at: str, zone: ZoneInfo) -> str:
    return parse_instant(at, zone).astimezone(zone).isoformat()
