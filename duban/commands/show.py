"""`duban overdue` and `duban reports`: what is owed and what was reported."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import Opened, opened
from office.chasing.inspections import LIST, OverdueMeasure, overdue_measures
from office.looking.listing import Overdue, filter_of, list_overdue
from office.register.inviting import find_unit
from office.work import OfficeError, Work
from storage import ledger
from storage.reports import ReportRow, list_reports
from storage.store import Transaction

SHOWN = 24


@click.command()
@click.argument("words", nargs=-1)
@click.option("--unit", help="Only this unit.")
@click.option("--notice", "notice_id", type=int, help="Only this notice.")
@json_option
@command_options
def overdue(
    words: tuple[str, ...], config: Path, at: str | None, unit: str | None, notice_id: int | None, *, as_json: bool
) -> None:
    """List what is owed past its due date, worst first; WORDS narrow it as in the chat: 区教体局 一季度 超过5天."""
    with opened(config, at) as office:
        several = check_choice(office, notice_id)

        def look(work: Work) -> tuple[list[Overdue], list[OverdueMeasure]]:
            wanted = replace(filter_of(work, " ".join(words)), notice_id=notice_id)
            if unit is not None:
                wanted = replace(wanted, units=(find_unit(work, unit, allow_group=True).id,))
            return list_overdue(work, wanted), overdue_measures(work, wanted)

        items, measures = office.premises.look(office.store, look)
        zone = office.premises.policy.zone
    if as_json:
        print_json([_overdue_json(item, zone) for item in items] + [_measure_json(item, zone) for item in measures])
        return
    rows = [
        (
            *([item.due.notice_id] if several else []),
            item.due.unit_name,
            f"{item.due.list} {item.due.no}",
            item.due.period,
            item.days,
            item.liaison or "-",
            "yes" if item.reachable else "no",
        )
        for item in items
    ]
    rows += [
        (
            *(["-"] if several else []),
            item.measure.unit_name,
            f"{LIST} {item.measure.id}",
            item.measure.day.isoformat(),
            item.days,
            item.liaison or "-",
            "yes" if item.reachable else "no",
        )
        for item in measures
    ]
    columns = (*_notice_column(several), "unit", "task", "period", "days", "liaison", "reachable")
    print_table(columns, rows, empty="nothing is overdue")


@click.command()
@click.option("--period", help="Only this period, e.g. 2025-Q1.")
@click.option("--unit", help="Only this unit.")
@click.option("--notice", "notice_id", type=int, help="Only this notice.")
@json_option
@command_options
def reports(
    config: Path, at: str | None, period: str | None, unit: str | None, notice_id: int | None, *, as_json: bool
) -> None:
    """List what was reported: the latest version of each report."""
    with opened(config, at) as office:
        several = check_choice(office, notice_id, period)
        unit = unit_name(office, unit)
        rows = office.store.read_now(lambda tx: list_reports(tx, period=period, unit=unit, notice_id=notice_id))
        zone = office.premises.policy.zone
    if as_json:
        print_json([_report_json(row, zone) for row in rows])
        return
    shown: list[tuple[object, ...]] = [
        (
            *([row.notice_id] if several else []),
            row.unit,
            f"{row.list} {row.no}",
            row.period,
            row.version,
            row.characters,
            " ".join([*(["late"] if row.late else []), *([row.source] if row.source else [])]),
            row.attachments or "",
            row.progress[:SHOWN],
        )
        for row in rows
    ]
    columns = (*_notice_column(several), "unit", "task", "period", "version", "字数", "", "附件", "progress")
    print_table(columns, shown, empty="nothing was reported")


def _notice_column(several: bool) -> tuple[str, ...]:
    return ("notice",) if several else ()


def check_choice(office: Opened, notice_id: int | None, period: str | None = None) -> bool:
    """Refuse a notice or period there is none of; tell whether rows of several notices are to be told apart.

    Raises: OfficeError naming those there are.
    """

    def check(tx: Transaction) -> bool:
        notices = ledger.open_notices(tx)
        if notice_id is not None and notice_id not in dict(notices):
            known = "；".join(f"{number} {title}" for number, title in notices) or "none"
            raise OfficeError(f"there is no notice {notice_id} with periods; there are: {known}")
        labels = list(dict.fromkeys(label for number, _ in notices for label in ledger.periods_of(tx, number)))
        if period is not None and labels and period not in labels:
            raise OfficeError(f"there is no period {period}; there are: {', '.join(labels)}")
        return notice_id is None and len(notices) > 1

    return office.store.read_now(check)


def unit_name(office: Opened, wanted: str | None) -> str | None:
    """Give the unit's own name for what was typed, which may be an alias."""
    if wanted is None:
        return None
    return office.premises.look(office.store, lambda work: find_unit(work, wanted, allow_group=True)).name


def _overdue_json(item: Overdue, zone: ZoneInfo) -> dict[str, Any]:
    due = item.due
    return {
        "notice_id": due.notice_id,
        "unit": due.unit_name,
        "list": due.list,
        "no": due.no,
        "period": due.period,
        "due_at": _local(due.due_at, zone),
        "days_overdue": item.days,
        "state": due.state,
        "reachable": item.reachable,
        "liaison": item.liaison,
    }


def _measure_json(item: OverdueMeasure, zone: ZoneInfo) -> dict[str, Any]:
    """Give a measure (整改) the keys of what is owed: its list is 整改, its period the inspection's day."""
    measure = item.measure
    return {
        "notice_id": None,
        "unit": measure.unit_name,
        "list": LIST,
        "no": measure.id,
        "period": measure.day.isoformat(),
        "due_at": _local(measure.due_at, zone),
        "days_overdue": item.days,
        "state": measure.state,
        "reachable": item.reachable,
        "liaison": item.liaison,
    }


def _report_json(row: ReportRow, zone: ZoneInfo) -> dict[str, Any]:
    names = ("notice_id", "unit", "list", "no", "period", "version", "state", "characters", "progress", "problems")
    more = {
        "next_step": row.next_step,
        "stage_met": row.stage_met,
        "sent_at": _local(row.sent_at, zone),
        "late": row.late,
    }
    return {**{name: getattr(row, name) for name in names}, **more}


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()
