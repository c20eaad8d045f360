"""`duban groups`: the group chats the bot is or was in."""

from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from office.register.groups import list_groups


@click.command()
@json_option
@command_options
def groups(config: Path, at: str | None, *, as_json: bool) -> None:
    """List the group chats the bot is or was in: registered, asked, refused, left, kicked."""
    with opened(config, at) as office:
        found = office.premises.look(office.store, list_groups)
        zone = office.premises.policy.zone
    rows = [
        {
            "group": group.id,
            "title": group.title,
            "state": str(group.state),
            "added_by": group.added_by,
            "since": group.changed_at.astimezone(zone).isoformat(),
        }
        for group in found
    ]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("group", "title", "state", "added by", "since"),
        [(row["group"], row["title"], row["state"], row["added_by"] or "-", str(row["since"])[:16]) for row in rows],
        empty="the bot was added to no group",
    )
