"""`duban init`: from nothing to an office that can run."""

import json
import os
import sys
from pathlib import Path

import click

from duban.commands.common import command_options, json_option, print_json
from duban.commands.invite import bot_name, invite_row
from duban.commands.opening import standing_clock
from duban.premises import Premises
from duban.settings import Settings, SettingsError, load_settings
from office.register.inviting import Invitation, invite_person
from storage import people
from storage.schema import create_database
from storage.states import Role
from storage.store import open_store
from storage.vault import create_key, open_vault

TEMPLATE = """\
# The office's configuration. Every key is explained in config.example.toml.

[office]
name = {name}
timezone = {timezone}

[telegram]
token = {token}        # from @BotFather; or the environment variable DUBAN_TELEGRAM_TOKEN
{more}
[database]
url = {url}
key_file = {key_file}  # encrypts phone numbers; keep a copy apart from the database
"""


@click.command()
@click.option("--name", help="The office's name, e.g. 清河区政府督查室.")
@click.option("--token", help="The bot's token from @BotFather; can be put into the file later.")
@click.option("--timezone", default="Asia/Shanghai", show_default=True)
@click.option("--username", help="The bot's user name, for invite links; asked of Telegram where left out.")
@click.option("--api-url", help="Another Bot API server (scheme and host).")
@click.option("--database", default="sqlite:///data/duban.db", show_default=True, help="The database's address.")
@click.option("--key-file", default="data/duban.key", show_default=True)
@click.option("--admin", default="管理员", show_default=True, help="The first administrator's name.")
@json_option
@command_options
def init(config: Path, at: str | None, as_json: bool, admin: str, **given: str | None) -> None:
    """Set up a new office: configuration, database, the first admin's invite.

    An existing configuration or database is kept as it is.
    """
    is_new = not config.exists()
    if is_new:
        _write(config, given)
    try:
        settings = load_settings(config)
        create_key(settings.database.key_file)
        create_database(settings.database.url)
    except BaseException:
        if is_new:  # what was asked for cannot be: nothing of it may keep the next try from it
            config.unlink()
        raise
    click.echo(f"wrote {config}" if is_new else f"{config} is there already and was kept", err=True)
    invitation = _invite_first_admin(settings, at, admin)
    if invitation is None:
        click.echo("the office is set up already and has an administrator; nothing was changed", err=True)
        if as_json:
            print_json(None)
        return
    _show(settings, invitation, as_json=as_json)


def _invite_first_admin(settings: Settings, at: str | None, name: str) -> Invitation | None:
    premises = Premises(settings.policy(), open_vault(settings.database.key_file), standing_clock(settings, at), "cli")
    store = open_store(settings.database.url)
    try:
        if store.read_now(lambda tx: people.count_holders(tx, Role.ADMIN)):
            return None
        return premises.do(store, lambda work: invite_person(work, Role.ADMIN, name))
    finally:
        store.close()


def _write(config: Path, given: dict[str, str | None]) -> None:
    answers = {**given, "name": given["name"] or _ask("The office's name", "督查室")}
    answers["token"] = given["token"] or _ask("The bot's token (empty: put it into the file later)", "")
    more = "".join(f"{key} = {_quoted(value)}\n" for key in ("username", "api_url") if (value := answers[key]))
    shown = {key: _quoted(answers[key] or "") for key in ("name", "timezone", "token", "key_file")}
    text = TEMPLATE.format(more=more, url=_quoted(answers["database"] or ""), **shown)
    try:
        config.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise SettingsError(f"{config} cannot be written: {error.strerror}") from error


def _ask(question: str, default: str) -> str:
    if not sys.stdin.isatty():
        return default
    return str(click.prompt(question, default=default, show_default=bool(default)))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")  # a TOML string has JSON's escapes


def _show(settings: Settings, invitation: Invitation, *, as_json: bool) -> None:
    row = invite_row(invitation, bot_name(settings), settings.office.timezone)
    if as_json:
        print_json(row)
        return
    click.echo("The office is set up. Next:")
    click.echo("  1. put the bot's token into the configuration, if it is not there yet")
    click.echo("  2. duban notice adopt FILE     the notice becomes tasks, units and due dates")
    click.echo("  3. duban invite --all          a code for each unit's liaison")
    click.echo("  4. duban invite --role supervisor NAME   who gets the daily digest and asks /overdue")
    click.echo("  5. duban run                   the service")
    click.echo(f"The first administrator opens {row['link'] or 'the bot'} and sends: /start {invitation.code}")
