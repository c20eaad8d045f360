"""`duban backup`, `duban restore`."""

from pathlib import Path

import click

from duban.commands.common import command_options
from duban.commands.opening import standing_clock
from duban.settings import load_settings
from storage import backups


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@command_options
def backup(config: Path, at: str | None, out: Path) -> None:  # every command takes --at
    """Copy the database to OUT, beside a running service, and verify the copy."""
    size = backups.back_up(load_settings(config).database.url, out)
    click.echo(f"{out}: {size} bytes, verified; keep the key file's copy apart from it")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@command_options
def restore(config: Path, at: str | None, file: Path) -> None:
    """Put the backup FILE in the database's place; nothing is sent until `duban resume` is confirmed."""
    settings = load_settings(config)
    backups.restore(settings.database.url, file, at=standing_clock(settings, at).now())
    click.echo("restored; the service receives but sends nothing until you confirm with `duban resume`")
