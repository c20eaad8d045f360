"""`duban audit`: who did what, when, why."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import Day, command_options, json_option, print_json, print_table, refuse
from duban.commands.opening import Opened, opened
from duban.commands.task import find_task, notice_option
from office.auditing import find_break
from office.register.inviting import find_unit
from storage import records, trail
from storage.trail import Act, Place

SHOWN = 60  # characters of what an act says


@click.command()
@click.option("--since", metavar="DATE", type=Day(), help="Only from this day on.")
@click.option("--unit", help="Only what concerns this unit, its tasks' reports included.")
@click.option("--task", "task_name", metavar="TASK", help="Only what concerns this task (3, or 附件#3).")
@notice_option
@json_option
@command_options
def audit(
    config: Path,
    at: str | None,
    *,
    since: date | None,
    unit: str | None,
    task_name: str | None,
    notice_id: int | None,
    as_json: bool,
) -> None:
    """List who did what, the oldest first; exit 1 where a row was changed, moved or put in."""
    with opened(config, at) as office:
        zone = office.premises.policy.zone
        begin = datetime.combine(since, time.min, zone) if since else None
        found = office.store.read_now(lambda tx: trail.acts(tx, since=begin))
        if unit is not None or task_name is not None:
            found = _about(office, found, unit, task_name, notice_id)
        broken = find_break(office.store.read_now(records.audit_rows), office.premises.vault)
    if as_json:
        print_json([_row(act, zone) for act in found])
    else:
        rows = [
            (f"{act.at.astimezone(zone):%Y-%m-%d %H:%M}", act.name or act.via, act.action, act.subject, _said(act))
            for act in found
        ]
        print_table(("at", "who", "act", "subject", ""), rows, empty="nothing was done")
    if broken is not None:
        refuse(f"row {broken} of the audit was changed, moved or put in")


def _about(
    office: Opened, acts: list[Act], unit: str | None, task_name: str | None, notice_id: int | None
) -> list[Act]:
    """Keep the acts that concern a unit, a task, or both."""
    places = office.store.read_now(trail.places)
    known = office.premises.look(office.store, lambda work: find_unit(work, unit, allow_group=True)) if unit else None
    task = find_task(office, task_name, notice_id)[0].task_id if task_name else None

    def concerns(act: Act) -> bool:
        own = {place for subject in _subjects(act) for place in _places(subject, places)}
        named = known is not None and any(known.name == said.rpartition(" ")[2] for said in _strings(act.content))
        of_unit = known is None or named or any(place[1] == known.id for place in own)
        return of_unit and (task is None or any(place[0] == task for place in own))

    return [act for act in acts if concerns(act)]


def _strings(value: Any) -> Iterator[str]:
    """Give every text in an act's content."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _subjects(act: Act) -> list[str]:
    """List what an act is about: its subject, and the rows its content names."""
    content = act.content
    lists = {"assignments": "assignment", "obligations": "obligation"}
    more = [
        f"{kind}:{number}"
        for name, kind in lists.items()
        if isinstance(content.get(name), list)
        for number in content[name]
    ]
    return [act.subject, *more, *([f"obligation:{content['obligation']}"] if "obligation" in content else [])]


def _places(subject: str, places: dict[str, set[Place]]) -> set[Place]:
    kind, _, number = subject.partition(":")
    if kind == "task" and number.isdecimal():
        return {(int(number), None)}
    if kind == "unit" and number.isdecimal():
        return {(None, int(number))}
    return places.get(subject, set())


def _said(act: Act) -> str:
    said = json.dumps(act.content, ensure_ascii=False)
    said = act.content.get("reason") or said
    return said if len(said) <= SHOWN else f"{said[:SHOWN]}…"


def _row(act: Act, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": act.id,
        "at": act.at.astimezone(zone).isoformat(),
        "person_id": act.person_id,
        "name": act.name,
        "via": act.via,
        "action": act.action,
        "subject": act.subject,
        "content": act.content,
    }
