"""`duban inspections`: on-site inspections (现场督查), what was found, what units have to put right."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from office.chasing.inspections import shown_inspection, shown_measure
from office.work import Work
from storage import inspections as kept
from storage.inspections import KnownAnswer, KnownFinding, KnownInspection, KnownMeasure

SHOWN = 24


@click.command()
@json_option
@command_options
def inspections(config: Path, at: str | None, *, as_json: bool) -> None:
    """List the on-site inspections by their days, with what units have to put right."""
    with opened(config, at) as office:
        zone = office.premises.policy.zone
        found = office.premises.look(
            office.store, lambda work: [_json(work, each, zone) for each in kept.inspections(work.tx)]
        )
    if as_json:
        print_json(found)
        return
    rows: list[tuple[object, ...]] = []
    for item in found:
        units = "、".join(part["unit"] for part in item["units"])
        rows.append((item["inspection"], item["day"], item["state"], units, "", "", f"{len(item['findings'])} notes"))
        for each in item["measures"]:
            what = each["text"][:SHOWN]
            rows.append(("", "", each["state"], each["unit"], f"整改 {each['no']}", each["due_at"][:10], what))
    columns = ("inspection", "day", "state", "unit", "measure", "due", "")
    print_table(columns, rows, empty="no inspection was planned")


def _json(work: Work, inspection: KnownInspection, zone: ZoneInfo) -> dict[str, Any]:
    shown = shown_inspection(work, inspection)
    return {
        "inspection": inspection.id,
        "day": shown["day"],
        "announced": inspection.is_announced,
        "state": inspection.state,
        "reason": inspection.reason,
        "units": shown["parts"],
        "findings": [_finding(each, zone) for each in kept.findings(work.tx, inspection.id)],
        "files": shown["files"],
        "measures": [_measure(work, each, zone) for each in kept.measures(work.tx, inspection_id=inspection.id)],
    }


def _finding(finding: KnownFinding, zone: ZoneInfo) -> dict[str, Any]:
    return {"by": finding.name, "at": _local(finding.sent_at, zone), "text": finding.text}


def _measure(work: Work, measure: KnownMeasure, zone: ZoneInfo) -> dict[str, Any]:
    late = shown_measure(work, measure)["days"] if measure.state == "open" else 0
    return {
        "no": measure.id,
        "unit": measure.unit_name,
        "text": measure.text,
        "due_at": _local(measure.due_at, zone),
        "days_overdue": late,
        "state": measure.state,
        "answers": [_answer(each, zone) for each in kept.answers(work.tx, measure.id)],
    }


def _answer(answer: KnownAnswer, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "by": answer.name,
        "at": _local(answer.sent_at, zone),
        "text": answer.text,
        "passed": answer.passed,
        "reason": answer.reason,
    }


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
