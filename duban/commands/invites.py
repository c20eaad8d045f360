"""`duban invites`: the invites that can still be used, without their codes; one is taken back."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from office.register.inviting import revoke
from storage import people
from storage.people import StandingInvite


@click.command()
@click.option("--revoke", "revoked", type=int, metavar="REF", multiple=True, help="Take this invite back.")
@json_option
@command_options
def invites(config: Path, at: str | None, revoked: tuple[int, ...], *, as_json: bool) -> None:
    """List the invites that can still be used; their codes are shown only when they are made."""
    with opened(config, at) as office:
        if revoked:
            office.premises.do(office.store, lambda work: revoke(work, revoked))
        now, zone = office.premises.clock.now(), office.premises.policy.zone
        found = office.store.read_now(lambda tx: people.open_invites(tx, at=now))
    if as_json:
        print_json([_row(invite, zone) for invite in found])
        return
    rows = [
        (
            invite.id,
            invite.role,
            invite.unit or invite.name,
            invite.expires_at.astimezone(zone).date(),
            f"handover by {invite.predecessor}" if invite.predecessor else "",
        )
        for invite in found
    ]
    print_table(("ref", "role", "for", "until", ""), rows, empty="no invite can be used")


def _row(invite: StandingInvite, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "ref": invite.id,
        "role": invite.role,
        "unit": invite.unit,
        "name": invite.name,
        "created_at": invite.created_at.astimezone(zone).isoformat(),
        "expires_at": invite.expires_at.astimezone(zone).isoformat(),
        "handover_by": invite.predecessor,
    }
