"""`duban invite`: one-time codes."""

import asyncio
from pathlib import Path
from typing import Any

import click

from bot.api import ApiError, TelegramApi
from duban.commands.common import command_options, json_option, opened, print_json, print_table
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

    def act(work: Work) -> list[Invitation]:
        if everyone:
            return invite_all(work)
        if Role(role) in OFFICE_ROLES:
            return [invite_person(work, Role(role), name) for name in names]
        return invite_units(work, names, Role(role))

    with opened(config, at) as office:
        invitations = office.premises.do(office.store, act)
        settings, zone = office.settings, office.premises.policy.zone
    username = bot_name(settings)
    rows = [_row(invitation, username, zone) for invitation in invitations]
    if as_json:
        print_json([{key: row[key] for key in ("unit", "role", "code", "link", "expires_at")} for row in rows])
        return
    print_table(
        ("for", "role", "code", "link", "until"),
        [(row["for"], row["role"], row["code"], row["link"] or "-", row["expires_at"][:10]) for row in rows],
        empty="every unit has a liaison; no invite was made",
    )


def link_to(settings: Settings, code: str) -> str | None:
    """Give the link that opens the bot with a code, or None where the bot's name cannot be learnt."""
    username = bot_name(settings)
    return f"https://t.me/{username}?start={code}" if username else None


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


def _row(invitation: Invitation, username: str | None, zone: Any) -> dict[str, Any]:
    return {
        "for": invitation.unit or invitation.name,
        "unit": invitation.unit,
        "role": str(invitation.role),
        "code": invitation.code,
        "link": f"https://t.me/{username}?start={invitation.code}" if username else None,
        "expires_at": invitation.expires_at.astimezone(zone).isoformat(),
    }
