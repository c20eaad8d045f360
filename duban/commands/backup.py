"""`duban backup`, `duban restore`."""

from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_done
from duban.commands.opening import standing_clock
from duban.settings import load_settings
from storage import backups


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@json_option
@command_options
def backup(config: Path, at: str | None, out: Path, *, as_json: bool) -> None:  # every command takes --at
    """Copy the database to OUT, beside a running service, and verify the copy."""
    size = backups.back_up(load_settings(config).database.url, out)
    sentence = f"{out}: {size} bytes, verified; keep the key file's copy apart from it"
    print_done(sentence, {"file": str(out), "bytes": size}, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@command_options
def restore(config: Path, at: str | None, file: Path, *, as_json: bool) -> None:
    """Put the backup FILE in the database's place; nothing is sent until `duban resume` is confirmed."""
    settings = load_settings(config)
    backups.restore(settings.database.url, file, at=standing_clock(settings, at).now())
    sentence = "restored; the service receives but sends nothing until you confirm with `duban resume`"
    print_done(sentence, {"restored": str(file), "held": True}, as_json=as_json)
