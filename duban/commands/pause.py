"""`duban pause` and `duban resume`: everything pushed is held, and let go again."""

from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_done, refuse
from duban.commands.opening import opened
from office.chasing.holding import held, let_go, pause, waiting_messages


@click.command("pause")
@json_option
@command_options
def pause_sending(config: Path, at: str | None, *, as_json: bool) -> None:
    """Hold everything pushed until `duban resume`; answers go on."""
    with opened(config, at) as office:
        was_held = office.premises.look(office.store, held) is not None
        office.premises.do(office.store, lambda work: pause(work, by=None, name=None))
    sentence = "sending is held already" if was_held else "everything pushed is held until `duban resume`"
    print_done(sentence, {"held": True, "was_held": was_held}, as_json=as_json)


@click.command()
@click.option("--yes", is_flag=True, help="Send without asking.")
@click.option("--drop-reminders", is_flag=True, help="Do not send the reminders and digests that waited.")
@json_option
@command_options
def resume(config: Path, at: str | None, *, yes: bool, drop_reminders: bool, as_json: bool) -> None:
    """Show what would go out after a restore or a pause, and let it go."""
    with opened(config, at) as office:
        if office.premises.look(office.store, held) is None:
            print_done("nothing is held; messages go out as usual", {"was_held": False}, as_json=as_json)
            return
        zone = office.premises.policy.zone
        waiting = office.premises.look(office.store, waiting_messages)
        said = [f"{each.count} {each.kind} since {each.oldest.astimezone(zone):%Y-%m-%d %H:%M}" for each in waiting]
        click.echo("waiting: " + (", ".join(said) or "nothing"), err=as_json)
        if not yes and not click.confirm("Let them go out?", err=True):
            refuse("nothing goes out; answer y, or give --yes")
        dropped = office.premises.do(office.store, lambda work: let_go(work, drop=drop_reminders))
    sentence = "messages go out again" + (f"; not sent any more: {dropped}" if dropped else "")
    released = {each.kind: each.count for each in waiting}
    print_done(sentence, {"was_held": True, "released": released, "dropped": dropped}, as_json=as_json)
