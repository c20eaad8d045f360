"""`duban status` and `duban unit show`: a period, or a unit, at a glance."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from office.looking.status import Standing, Status, status_of_period
from office.looking.unit_card import UnitCard, unit_card
from office.register.inviting import find_unit
from office.work import OfficeError

COLUMNS = ("due", "reported", "late", "accepted", "waiting", "done", "open", "returned", "overdue", "waived")


@click.command()
@click.option("--period", help="This period, e.g. 2025-Q1; otherwise the one that is reported on now.")
@json_option
@command_options
def status(config: Path, at: str | None, period: str | None, *, as_json: bool) -> None:
    """Show how a period stands, in all and by list."""
    with opened(config, at) as office:
        found = office.premises.look(office.store, lambda work: status_of_period(work, period))
    if found is None:
        raise OfficeError("there is no period yet; run `duban notice adopt FILE` first")
    if as_json:
        print_json(_status_json(found))
        return
    click.echo(f"{found.period}, due {found.due_on}")
    rows = [(f"{each.notice_id} {each.list}", *_figures(each.standing)) for each in found.lists]
    print_table(("list", *COLUMNS), [*rows, ("all", *_figures(found.total))], empty="nothing is due")
    click.echo(f"units: {found.units}, with something overdue: {found.overdue_units}")
    if found.unreachable:
        click.echo(f"owing, without a liaison who can be reached: {'、'.join(found.unreachable)}")
    if found.older:
        click.echo(f"overdue of other periods: {found.older}")


@click.command(name="show")
@click.argument("unit")
@json_option
@command_options
def show_unit(unit: str, config: Path, at: str | None, *, as_json: bool) -> None:
    """Show who serves UNIT and can be reached, its tasks, last reports and open requests."""
    with opened(config, at) as office:
        card = office.premises.look(office.store, lambda work: unit_card(work, find_unit(work, unit, allow_group=True)))
        zone = office.premises.policy.zone
    shown = _unit_json(card, zone)
    if as_json:
        print_json(shown)
        return
    more = [f"also called {'、'.join(shown['aliases'])}"] if shown["aliases"] else []
    more += [] if shown["uses_bot"] else ["does not use the bot"]
    click.echo(", ".join([shown["unit"], *more, f"overdue: {shown['overdue']}"]))
    people = [(p["role"], p["name"], p["reach"], "yes" if p["has_phone"] else "no") for p in shown["people"]]
    _section("role", "name", "reach", "phone", rows=people, empty="nobody is registered for it")
    tasks = [
        (f"{t['list']} {t['no']}", t["role"], t["state"], t["period"] or "-", t["days_overdue"]) for t in shown["tasks"]
    ]
    _section("task", "role", "state", "period", "days", rows=tasks, empty="it has no tasks")
    last = [(f"{r['list']} {r['no']}", r["period"], r["sent_at"][:16], r["characters"]) for r in shown["reports"]]
    _section("last reports", "period", "sent", "字数", rows=last, empty="it has reported nothing")
    if shown["requests"]:
        click.echo(f"\nrequests to decide: {', '.join(shown['requests'])}")


def _section(*columns: str, rows: list[tuple[Any, ...]], empty: str) -> None:
    click.echo()
    print_table(columns, rows, empty=empty)


def _figures(standing: Standing) -> tuple[int, ...]:
    figures = _standing_json(standing)
    return tuple(figures[name] for name in COLUMNS)


def _standing_json(standing: Standing) -> dict[str, int]:
    figures = {"due": standing.due, "reported": standing.reported, "late": standing.late, "waived": standing.waived}
    return {**figures, **standing.counts}


def _status_json(found: Status) -> dict[str, Any]:
    return {
        "period": found.period,
        "due_on": found.due_on.isoformat(),
        **_standing_json(found.total),
        "units": found.units,
        "overdue_units": found.overdue_units,
        "unreachable": list(found.unreachable),
        "overdue_of_other_periods": found.older,
        "lists": [
            {"notice_id": each.notice_id, "list": each.list, **_standing_json(each.standing)} for each in found.lists
        ],
    }


def _unit_json(card: UnitCard, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "unit": card.unit.name,
        "aliases": list(card.unit.aliases),
        "members": list(card.unit.members),
        "is_group": card.unit.is_group,
        "uses_bot": card.unit.uses_bot,
        "registration": str(card.registration) if card.registration else None,
        "people": [
            {
                "role": person.role,
                "name": person.name,
                "reach": "away" if person.is_away else person.reach,
                "has_phone": person.has_phone,
            }
            for person in card.servers
        ],
        "overdue": card.overdue,
        "last_reminded_at": _local(card.last_nudged, zone),
        "tasks": [
            {
                "list": task["list"],
                "no": task["no"],
                "role": task["role"],
                "signed": task["is_signed"],
                "state": stand,
                "period": task["owed"]["period"] if task["owed"] else task["sent"],
                "days_overdue": task["owed"]["days"] if task["owed"] else 0,
            }
            for task, stand in zip(card.tasks, card.stands, strict=True)
        ],
        "reports": [
            {
                "list": row.list,
                "no": row.no,
                "period": row.period,
                "sent_at": _local(row.sent_at, zone),
                "characters": row.characters,
                "late": row.late,
            }
            for row in card.reports
        ],
        "requests": [asked["request"] for asked in card.requests],
    }


def _local(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat() if at is not None else None
