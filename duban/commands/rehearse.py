"""`duban rehearse`: a notice's whole plan year before going live."""

import asyncio
import json
import time as timing
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import click

from duban.commands.common import Instant, in_one_sentence, json_option, print_json
from duban.rehearsal.play import Play
from duban.rehearsal.stage import DATABASE, Stage, open_stage
from duban.rehearsal.transcript import Transcript
from duban.settings import Settings, SettingsError, load_settings
from notices.files import read_plan
from notices.notice import Notice
from office.notice.wanted import periods_for
from rules.clock import parse_instant
from rules.policy import Policy, ReportingPolicy
from storage import ledger, outbox

ASSUMED = ReportingPolicy(cadence="quarterly", day=10, month_offset=1, max_length=200, length_is_soft=True)
MINE = (
    DATABASE,
    "duban.db-wal",
    "duban.db-shm",
    "duban.db.lock",
    "duban.key",
    "transcript.txt",
    "journal.jsonl",
    "summary.json",
)


@click.command()
@click.argument("file", metavar="NOTICE", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("demo-out"), show_default=True, help="Where to write."
)
@click.option("--config", type=click.Path(path_type=Path), help="An office's configuration to rehearse with.")
@click.option(
    "--at", metavar="INSTANT", type=Instant(), help="Begin at this instant instead of the working day after the notice."
)
@json_option
@in_one_sentence
def rehearse(file: Path, out: Path, config: Path | None, at: str | None, *, as_json: bool) -> None:
    """Play NOTICE's whole plan year against an embedded Bot API, on a simulated clock.

    Writes the transcript, the server's journal, the database and a summary into the folder --out.
    """
    settings = load_settings(config) if config else Settings()
    summary = asyncio.run(_rehearse(file, out, settings, at))
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if as_json:
        print_json(summary)
    else:
        _show(summary, out)


async def _rehearse(file: Path, out: Path, settings: Settings, at: str | None) -> dict[str, Any]:
    began = timing.perf_counter()
    policy = settings.policy()
    data = _read(file)
    plan = read_plan(data, name=file.name, calendar=policy.calendar, override_secrecy=policy.override_secrecy)
    notice, policy, assumed = _with_periods(plan.notice, policy)
    begins = parse_instant(at, policy.zone) if at else _first_working_day(notice, policy)
    _clear(out)
    async with open_stage(out, at=begins, policy=policy, journal=out / "journal.jsonl") as stage:
        with Transcript(out / "transcript.txt", policy.zone, {}) as transcript:
            transcript.remark(begins, f"采用通知：{notice.title}")
            adoption = stage.adopt(notice, data)
            play = Play(stage, notice, transcript, policy.zone)
            play.cast_players()
            await _with_progress(play)
        return {
            "notice": notice.title,
            "assumed": assumed,
            "tasks": adoption.tasks,
            "units": adoption.units,
            "periods": adoption.periods,
            "obligations": adoption.obligations,
            **_results(stage, play),
            "seconds": round(timing.perf_counter() - began, 1),
        }


async def _with_progress(play: Play) -> None:
    from rich.console import Console  # noqa: PLC0415  # loaded only where the bar is shown
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("days"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        total = play.number_of_days()
        bar = progress.add_task("rehearsing", total=total)
        async for day in play.days():
            progress.update(bar, advance=1, description=f"{day:%Y-%m-%d}")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error


def _with_periods(notice: Notice, policy: Policy) -> tuple[Notice, Policy, str | None]:
    """Give a notice that is silent on reporting the office's rhythm, else a quarterly one, and say so."""
    if notice.periods:
        return notice, policy, None
    reporting = policy.reporting if policy.reporting.cadence else ASSUMED
    policy = replace(policy, reporting=reporting)
    note = f"the notice sets no reporting dates; assumed: {reporting.cadence}, day {reporting.day} of the month after"
    click.echo(note, err=True)
    return replace(notice, periods=periods_for(notice, reporting, policy.calendar)), policy, note


def _first_working_day(notice: Notice, policy: Policy) -> datetime:
    issued = notice.issued_on or datetime(notice.plan_year, 2, 1, tzinfo=policy.zone).date()
    return datetime.combine(policy.calendar.shift(issued, 1), time(10), policy.zone)


def _clear(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    foreign = [path.name for path in out.iterdir() if path.name not in MINE]
    if foreign:
        raise SettingsError(f"{out} holds other files ({foreign[0]}); give an empty folder with --out")
    for name in MINE:
        (out / name).unlink(missing_ok=True)


def _results(stage: Stage, play: Play) -> dict[str, Any]:
    states = stage.store.read_now(outbox.count_by_state)
    return {
        "liaisons": sum(liaison.is_registered for liaison in play.liaisons),
        "messages_sent": states.get("sent", 0),
        "messages_cancelled": states.get("cancelled", 0),
        "messages_undeliverable": states.get("undeliverable", 0),
        "messages_unknown": states.get("unknown", 0),
        "messages_left": states.get("ready", 0) + states.get("claimed", 0),
        "reminders": play.made.nudges,
        "escalations": play.made.escalations,
        "digests": play.made.digests,
        "flood_refusals": stage.api.flood_refusals,
        "by_period": stage.store.read_now(ledger.outcomes_by_period),
    }


def _show(summary: dict[str, Any], out: Path) -> None:
    click.echo(
        f"{summary['notice']}: {summary['tasks']} tasks, {summary['units']} units, {summary['obligations']} reports due"
    )
    for period in summary["by_period"]:
        click.echo(
            f"  {period['period']}: {period['on_time']} on time, {period['late']} late, {period['owed']} not reported"
        )
    click.echo(
        f"  {summary['messages_sent']} messages sent; {summary['reminders']} reminders, "
        f"{summary['escalations']} escalations, {summary['digests']} digests; "
        f"{summary['messages_undeliverable']} could not be delivered"
    )
    click.echo(f"  in {summary['seconds']} s. Read {out}/transcript.txt; {out}/{DATABASE} holds everything.")
