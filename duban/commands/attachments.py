"""`duban attachments`: write the files that came with reports into a folder."""

from collections import Counter
from functools import partial
from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_done
from duban.commands.opening import opened
from duban.commands.show import check_choice, unit_name
from office.work import OfficeError
from rules.attachments import ending_of
from storage import attachments, files
from storage.attachments import FiledAttachment

UNSAFE = '<>:"/\\|?*. '  # in names of files on any system


@click.command("attachments")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="Into this folder."
)
@click.option("--period", help="Only this period, e.g. 2025-Q1.")
@click.option("--unit", help="Only this unit.")
@click.option("--notice", "notice_id", type=int, help="Only this notice.")
@json_option
@command_options
def write_attachments(
    config: Path,
    at: str | None,
    folder: Path,
    *,
    period: str | None,
    unit: str | None,
    notice_id: int | None,
    as_json: bool,
) -> None:
    """Write the attachments of reports as files: unit_task_period_n, never by the sender's name."""
    with opened(config, at) as office:
        several = check_choice(office, notice_id, period)
        unit = unit_name(office, unit)
        found = office.store.read_now(lambda tx: attachments.filed(tx, period=period, unit=unit, notice_id=notice_id))
        named = _named(found, several=several)
        folder.mkdir(parents=True, exist_ok=True)
        if there := [name for _, name in named if (folder / name).exists()]:
            raise OfficeError(f"{folder / there[0]} exists already; give another folder with --out")
        for attached, name in named:
            content = office.store.read_now(partial(files.read, file_id=attached.file_id))
            if content is not None:
                (folder / name).write_bytes(content.data)
    written = [{"file": str(folder / name), "unit": each.unit, "period": each.period} for each, name in named]
    print_done(f"{len(named)} files written to {folder}", written, as_json=as_json)


def _named(found: list[FiledAttachment], *, several: bool) -> list[tuple[FiledAttachment, str]]:
    """Give each attachment the name of its file: unit_list-no_period_n.ending, the notice before it where there are several."""
    counts: Counter[str] = Counter()
    named = []
    for attached in found:
        task = f"{attached.list}{attached.no}"
        parts = [*([str(attached.notice_id)] if several else []), attached.unit, task, attached.period]
        stem = "_".join(map(_safe, parts))
        counts[stem] += 1
        named.append((attached, f"{stem}_{counts[stem]}.{ending_of(attached.name) or 'bin'}"))
    return named


def _safe(part: str) -> str:
    """Make a word part of a file's name: no path, no sign that a file system takes ill."""
    kept = "".join("-" if sign in UNSAFE or not sign.isprintable() else sign for sign in part)
    return kept[:40] or "-"
