"""`duban invite`: one-time codes."""

import asyncio
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.api import ApiError, TelegramApi
from duban.commands.common import command_options, json_option, print_json, print_table
from duban.commands.opening import opened
from duban.settings import Settings
from office.inviting import OFFICE_ROLES, Invitation, invite_all, invite_person, invite_units
from office.work import Work
from storage.states import Role

ASK_SECONDS = 5.0


@click.command()
@click.argument("names", nargs=-1, metavar="[UNIT|NAME]…")
@click.option("--all", "everyone", is_flag=True, help="Every unit that has no liaison yet; unused codes are replaced.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="liaison", show_default=True)
@json_option
@command_options
def invite(
    names: tuple[str, ...],
    config: Path,
    at: str | None,
    role: str,
    *,
    everyone: bool,
    as_json: bool,
) -> None:
    """Make one-time invites: for units (a liaison, or --role head), or for persons by NAME."""
    if everyone == bool(names):
        raise click.UsageError("give either --all or the names of units or persons")
    if everyone and role != Role.LIAISON:
        raise click.UsageError("--all invites liaisons only")
    if not all(name.strip() for name in names):
        raise click.UsageError("a name is empty")

    def act(work: Work) -> list[Invitation]:
        if everyone:
            return invite_all(work)
        if Role(role) in OFFICE_ROLES:
            return [invite_person(work, Role(role), name) for name in dict.fromkeys(map(str.strip, names))]
        return invite_units(work, names, Role(role))

    with opened(config, at) as office:
        invitations = office.premises.do(office.store, act)
        settings, zone = office.settings, office.premises.policy.zone
    username = bot_name(settings) if invitations else None
    rows = [invite_row(invitation, username, zone) for invitation in invitations]
    if as_json:
        print_json(rows)
        return
    print_table(
        ("for", "role", "code", "until", "link"),
        [
            (invitation.unit or invitation.name, row["role"], row["code"], row["expires_at"][:10], row["link"] or "-")
            for invitation, row in zip(invitations, rows, strict=True)
        ],
        empty="every unit has a liaison; no invite was made",
    )


def invite_row(invitation: Invitation, username: str | None, zone: ZoneInfo) -> dict[str, Any]:
    """Give an invite as JSON has it: unit, role, code, link (None where the bot's name is not known), expires_at."""
    return {
        "unit": invitation.unit,
        "role": str(invitation.role),
        "code": invitation.code,
        "link": f"https://t.me/{username}?start={invitation.code}" if username else None,
        "expires_at": invitation.expires_at.astimezone(zone).isoformat(),
    }


def bot_name(settings: Settings) -> str | None:
    """Give the bot's user name: from the configuration, else from Telegram, else None."""
    if settings.telegram.username:
        return settings.telegram.username.lstrip("@")
    if not settings.telegram.token.get_secret_value():
        return None
    try:
        return asyncio.run(_ask_name(settings))
    except ApiError:
        return None


async def _ask_name(settings: Settings) -> str | None:
    telegram = settings.telegram
    api = TelegramApi(url=telegram.api_url, token=telegram.token.get_secret_value(), proxy=telegram.proxy)
    async with api:
        me = await api.call("getMe", {}, seconds=ASK_SECONDS)
    return str(me["username"]) if me.get("username") else None
