"""`duban backup`, `duban restore`, `duban resume`."""

from pathlib import Path

import click

from duban.commands.common import command_options, refuse
from duban.commands.opening import opened, standing_clock
from duban.settings import load_settings
from office.holding import is_held, let_go, waiting_messages
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


@click.command()
@click.option("--yes", is_flag=True, help="Send without asking.")
@command_options
def resume(config: Path, at: str | None, *, yes: bool) -> None:
    """Show what would go out after a restore, and let it go."""
    with opened(config, at) as office:
        if not office.premises.look(office.store, is_held):
            click.echo("nothing is held; messages go out as usual")
            return
        waiting = office.premises.look(office.store, waiting_messages)
        click.echo("waiting: " + (", ".join(f"{count} {kind}" for kind, count in waiting.items()) or "nothing"))
        if not yes and not click.confirm("Let them go out?", err=True):
            refuse("nothing goes out; answer y, or give --yes")
        office.premises.do(office.store, let_go)
    click.echo("messages go out again")
