"""`duban backup`, `duban restore`, `duban resume`."""

from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_done, refuse
from duban.commands.opening import opened, standing_clock
from duban.settings import load_settings
from office.holding import is_held, let_go, waiting_messages
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


@click.command()
@click.option("--yes", is_flag=True, help="Send without asking.")
@json_option
@command_options
def resume(config: Path, at: str | None, *, yes: bool, as_json: bool) -> None:
    """Show what would go out after a restore, and let it go."""
    with opened(config, at) as office:
        if not office.premises.look(office.store, is_held):
            print_done("nothing is held; messages go out as usual", {"was_held": False}, as_json=as_json)
            return
        waiting = office.premises.look(office.store, waiting_messages)
        told = ", ".join(f"{count} {kind}" for kind, count in waiting.items()) or "nothing"
        click.echo(f"waiting: {told}", err=as_json)
        if not yes and not click.confirm("Let them go out?", err=True):
            refuse("nothing goes out; answer y, or give --yes")
        office.premises.do(office.store, let_go)
    print_done("messages go out again", {"was_held": True, "released": waiting}, as_json=as_json)
