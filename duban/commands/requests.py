"""`duban requests` and `duban decide`: what units ask for, and the answers."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import Day, command_options, json_option, print_done, print_json, print_table
from duban.commands.opening import opened
from office.requests.deciding import decide_from_desk, open_requests, shown_request

SHOWN = 24
AS_ASKED = "as asked"


class GrantedDay(Day):
    """A date, or nothing for what was asked for."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Let `--grant` stand without a date."""
        return value if value == AS_ASKED else super().convert(value, param, ctx)


@click.command()
@json_option
@command_options
def requests(config: Path, at: str | None, *, as_json: bool) -> None:
    """List the extensions (E…) and completions (C…) that wait for a decision, oldest first."""
    with opened(config, at) as office:
        found = office.premises.look(
            office.store, lambda work: [shown_request(work, ref) for ref in open_requests(work)]
        )
        zone = office.premises.policy.zone
    rows = [_row(item, zone) for item in found]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("id", "unit", "task", "period", "until", "asked", "why"),
        [
            (
                row["id"],
                row["unit"],
                f"{row['list']} {row['no']}",
                row["period"] or "-",
                row["until"] or "-",
                row["asked_at"][:10],
                row["text"][:SHOWN],
            )
            for row in rows
        ],
        empty="no request waits for a decision",
    )


@click.command()
@click.argument("ref", metavar="ID")
@click.option(
    "--grant",
    type=GrantedDay(),
    is_flag=False,
    flag_value=AS_ASKED,
    metavar="[DATE]",
    help="Grant it: a completion, or an extension until DATE; without one, as it was asked.",
)
@click.option("--refuse", metavar="REASON", help="Refuse it; the liaison reads the reason.")
@json_option
@command_options
def decide(
    config: Path, at: str | None, ref: str, grant: date | str | None, refuse: str | None, *, as_json: bool
) -> None:
    """Decide a request by its ID, as `duban requests` shows it; the unit is told."""
    if (grant is None) == (refuse is None):
        raise click.UsageError("give either --grant or --refuse")
    if refuse is not None and not refuse.strip():
        raise click.UsageError("the reason is empty")
    until = grant if isinstance(grant, date) else None
    refusal = refuse.strip() if refuse is not None else None
    with opened(config, at) as office:
        done = office.premises.do(
            office.store, lambda work: decide_from_desk(work, ref.upper(), until=until, refusal=refusal)
        )
    task = done["tasks"][0]
    until_words = f" until {done['granted']}" if done["granted"] else ""
    sentence = f"{done['request']} {done['state']}{until_words}: {task['unit']}, {task['list']} {task['no']}"
    named = {name: task[name] for name in ("unit", "list", "no")}
    decided = {"id": done["request"], "state": done["state"], "until": done["granted"], **named}
    print_done(sentence, decided, as_json=as_json)


def _row(item: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    task = item["tasks"][0]
    return {
        "id": item["request"],
        "kind": "extension" if "until" in item else "completion",
        "unit": task["unit"],
        "list": task["list"],
        "no": task["no"],
        "period": task.get("period"),
        "asked_by": item["asked_by"],
        "asked_at": _local(item["asked_at"], zone),
        "due_at": _local(task["due_at"], zone) if "due_at" in task else None,
        "until": item.get("until"),
        "text": item.get("reason") or item["text"],
        "progress": item.get("progress"),
        "times": item.get("times"),
        "late": item.get("late"),
    }


def _local(at: str, zone: ZoneInfo) -> str:
    return datetime.fromisoformat(at).astimezone(zone).isoformat()
