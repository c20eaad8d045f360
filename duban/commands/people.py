"""`duban people`, `duban person …`: who is registered, ending a role, deleting what is a person's own."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from duban.commands.common import command_options, json_option, print_done, print_json, print_table, refuse
from duban.commands.opening import opened
from duban.commands.putting_right import put_right, reason_option, yes_option
from office.register.forgetting import forget_person
from office.register.inviting import find_unit
from office.work import OfficeError, Work
from storage import accounts
from storage.accounts import Account, RoleHeld
from storage.states import Role


@click.command()
@json_option
@command_options
def people(config: Path, at: str | None, *, as_json: bool) -> None:
    """List who is or was registered, with their roles."""
    with opened(config, at) as office:
        known = office.store.read_now(accounts.accounts)
        held = office.store.read_now(accounts.roles_held)
        zone = office.premises.policy.zone
    roles: dict[int, list[RoleHeld]] = {}
    for role in held:
        roles.setdefault(role.person_id, []).append(role)
    if as_json:
        print_json([_json(person, roles.get(person.id, []), zone) for person in known])
        return
    rows = [(person.id, person.name, _named(roles.get(person.id, [])), _reach(person)) for person in known]
    print_table(("id", "name", "roles", "reachable"), rows, empty="nobody is registered")


@click.command()
@click.argument("person_id", metavar="ID", type=int)
@click.option("--yes", is_flag=True, help="Delete without asking.")
@json_option
@command_options
def forget(person_id: int, config: Path, at: str | None, *, yes: bool, as_json: bool) -> None:
    """Delete name, phone and account of person ID (see `duban people`) and end their roles; the reports stay.

    The person is told; what was done stays in the audit. It cannot be undone.
    """
    with opened(config, at) as office:
        if not yes:
            click.echo(office.premises.look(office.store, lambda work: _effect(work, person_id)), err=True)
            if not click.confirm("Delete it?", err=True):
                refuse("nothing was deleted; answer y, or give --yes")
        name = office.premises.do(office.store, lambda work: forget_person(work, person_id))
    sentence = f"person {person_id} was forgotten and is shown as {name}; older backups still hold the data"
    print_done(sentence, {"id": person_id, "shown_as": name}, as_json=as_json)


@click.command()
@click.argument("person_id", metavar="ID", type=int)
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("unit", required=False)
@reason_option
@yes_option
@json_option
@command_options
def end(
    person_id: int,
    role: str,
    config: Path,
    at: str | None,
    *,
    unit: str | None,
    reason: str,
    yes: bool,
    as_json: bool,
) -> None:
    """End the ROLE of person ID (see `duban people`), for UNIT where it is a unit's; the last admin cannot go."""
    with opened(config, at) as office:
        named = office.premises.look(office.store, lambda work: find_unit(work, unit)) if unit is not None else None
        values = {"person": person_id, "role": role, "unit": named.id if named else None, "reason": reason}
        put_right(office, "end_role", values, yes=yes, as_json=as_json)


def _effect(work: Work, person_id: int) -> str:
    person = accounts.account(work.tx, person_id)
    if person is None:
        raise OfficeError(f"there is no person {person_id}; `duban people` lists them")
    return f"{person.name} ({_named(accounts.roles_held(work.tx, person_id))}) loses name, phone, account and roles"


def _named(held: list[RoleHeld]) -> str:
    return ", ".join(f"{role.role} {role.unit or ''}".strip() for role in held if role.until is None) or "none"


def _reach(person: Account) -> str:
    return "forgotten" if person.is_forgotten else person.reach


def _json(person: Account, held: list[RoleHeld], zone: ZoneInfo) -> dict[str, Any]:
    def local(at: datetime | None) -> str | None:
        return at.astimezone(zone).isoformat() if at else None

    return {
        "id": person.id,
        "name": person.name,
        "has_phone": person.phone is not None,
        "language": person.language,
        "reach": person.reach,
        "forgotten": person.is_forgotten,
        "registered_at": local(person.created_at),
        "roles": [
            {"role": role.role, "unit": role.unit, "since": local(role.since), "until": local(role.until)}
            for role in held
        ],
    }
