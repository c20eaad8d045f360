"""`duban export board|overdue`: what stands, written to a file."""

from pathlib import Path

import click

from duban.commands.common import command_options
from duban.commands.opening import opened
from office.looking.listing import filter_of
from office.looking.picturing import board_of_period, make_table

out_option = click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where to write it."
)


@click.command()
@out_option
@click.option("--period", help="Only this period, e.g. 2025-Q1; otherwise the last twelve begun.")
@command_options
def board(config: Path, at: str | None, out: Path, period: str | None) -> None:
    """Draw how each unit stands in each period (.png): the picture that the chat's 图 sends."""
    with opened(config, at) as office:
        data = office.premises.look(office.store, lambda work: board_of_period(work, period))
    _write(out, data)


@click.command()
@click.argument("words", nargs=-1)
@out_option
@command_options
def overdue(words: tuple[str, ...], config: Path, at: str | None, out: Path) -> None:
    """Write everything overdue (.xlsx), worst first; WORDS narrow it as in the chat: 区教体局 一季度 超过5天."""
    with opened(config, at) as office:
        data = office.premises.look(office.store, lambda work: make_table(work, filter_of(work, " ".join(words))))
    _write(out, data)


def _write(out: Path, data: bytes) -> None:
    out.write_bytes(data)
    click.echo(f"wrote {out} ({len(data):,} bytes)")
