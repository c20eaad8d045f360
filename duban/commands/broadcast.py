"""`duban broadcast`: tell the liaisons something."""

from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_done, refuse
from duban.commands.opening import opened
from duban.commands.show import unit_name
from office.chasing.broadcasting import LEAST, MOST, audience_of
from office.chasing.broadcasting import broadcast as send
from office.work import OfficeError


@click.command()
@click.argument("text")
@click.option("--unit", "units", multiple=True, help="Only this unit's liaisons; repeatable.")
@click.option("--yes", is_flag=True, help="Send without asking.")
@json_option
@command_options
def broadcast(config: Path, at: str | None, *, text: str, units: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Send TEXT to every liaison, or to some units', after showing who gets it and who cannot be reached."""
    if not LEAST <= len(text.strip()) <= MOST:
        raise click.UsageError(f"the text must have {LEAST} to {MOST} characters")
    with opened(config, at) as office:
        names = [name for unit in units if (name := unit_name(office, unit)) is not None]
        audience = office.premises.look(office.store, lambda work: audience_of(work, names))
        click.echo(
            f"liaisons who get it: {len(audience.holders)}, of {'、'.join(audience.units) or 'no unit'}", err=True
        )
        for unit, why in audience.unreached:
            click.echo(f"cannot be reached: {unit} ({why.replace('_', ' ')})", err=True)
        if not audience.holders:
            raise OfficeError("nobody can be reached; nothing was sent")
        if not yes and not click.confirm("Send it?", err=True):
            refuse("nothing was sent; answer y, or give --yes")
        done = office.premises.do(office.store, lambda work: send(work, text, names, by=None))
    value = {
        "liaisons": len(done.holders),
        "units": list(done.units),
        "unreached": [unit for unit, _ in done.unreached],
    }
    print_done(f"sent to {len(done.holders)} liaisons of {len(done.units)} units", value, as_json=as_json)
