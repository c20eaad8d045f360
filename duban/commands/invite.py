"""`duban invite`: one-time codes."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from bot.api import ApiError, TelegramApi
from duban.commands.common import command_options, json_option, print_json, print_table, refuse
from duban.commands.opening import Opened, opened
from duban.settings import Settings
from office.register.inviting import OFFICE_ROLES, Invitation, invite_all, invite_link, invite_person, invite_units
from office.register.registrations import registration_due
from office.work import Work
from storage.states import Role

ASK_SECONDS = 5.0


@click.command()
@click.argument("names", nargs=-1, metavar="[UNIT|NAME]…")
@click.option("--all", "everyone", is_flag=True, help="Every unit that has no liaison yet; unused codes are replaced.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="liaison", show_default=True)
@click.option(
    "--docx",
    "letters",
    metavar="OUT",
    type=click.Path(path_type=Path),
    help="Write a letter to each unit, with QR code.",
)
@json_option
@command_options
def invite(
    names: tuple[str, ...],
    config: Path,
    at: str | None,
    role: str,
    letters: Path | None,
    *,
    everyone: bool,
    as_json: bool,
) -> None:
    """Make one-time invites: for units (a liaison, or --role head), or for persons by NAME."""
    if everyone == bool(names):
        raise click.UsageError("give either --all or the names of units or persons")
    if everyone and role != Role.LIAISON:
        raise click.UsageError("--all invites liaisons only")
    if letters is not None and role != Role.LIAISON:
        raise click.UsageError("letters (--docx) are for liaisons only")
    if not all(name.strip() for name in names):
        raise click.UsageError("a name is empty")

    def act(work: Work) -> list[Invitation]:
        if everyone:
            return invite_all(work)
        if Role(role) in OFFICE_ROLES:
            return [invite_person(work, Role(role), name) for name in dict.fromkeys(map(str.strip, names))]
        return invite_units(work, names, Role(role))

    with opened(config, at) as office, _reserved(letters):
        invitations = office.premises.do(office.store, act)
        settings, zone = office.settings, office.premises.policy.zone
        username = bot_name(settings) if invitations else None
        if letters is not None and invitations:
            letters.write_bytes(_letters(office, invitations, username))
    rows = [invite_row(invitation, username, zone) for invitation in invitations]
    if as_json:
        print_json(rows)
        return
    if letters is not None and invitations:
        click.echo(
            f"letters written to {letters}: {len(invitations)}; each holds a code of its own, hand them out one by one"
        )
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
        "link": invite_link(invitation.code, username),
        "expires_at": invitation.expires_at.astimezone(zone).isoformat(),
    }


@contextmanager
def _reserved(file: Path | None) -> Iterator[None]:
    """Make a new file before any code is made, so that none is lost for want of a place; one left empty is removed."""
    if file is None:
        yield
        return
    try:
        file.touch(mode=0o600, exist_ok=False)  # readable by its owner alone: it holds codes
    except FileExistsError:
        refuse(f"{file} is there already; give another name")
    try:
        yield
    finally:
        if not file.stat().st_size:
            file.unlink()


def _letters(office: Opened, invitations: Sequence[Invitation], username: str | None) -> bytes:
    from papers.letters import InviteLetter, invite_letters  # noqa: PLC0415  # loaded only where letters are written

    policy, now = office.premises.policy, office.premises.clock.now()
    due = office.premises.look(office.store, registration_due)
    return invite_letters(
        [
            InviteLetter(
                unit=invitation.unit or "",
                code=invitation.code,
                link=invite_link(invitation.code, username),
                valid_until=invitation.expires_at.astimezone(policy.zone),
                due_on=due.get(invitation.unit or ""),
            )
            for invitation in invitations
        ],
        office=policy.office,
        contact=office.settings.office.contact,
        signed_on=now.astimezone(policy.zone).date(),
    )


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
