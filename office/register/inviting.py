"""People are invited: one code, used once, gives one role."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches

from office.auditing import record
from office.work import OfficeError, Work
from storage import ledger, people, records
from storage.ledger import KnownUnit
from storage.people import KnownPerson
from storage.states import Role

BOT_NAME = "bot_name"  # the fact that holds the bot's user name
OFFICE_ROLES = (Role.SUPERVISOR, Role.LEADER, Role.ADMIN)  # named after a person, not after a unit


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invite to hand over; the code is shown once and kept only as a hash."""

    unit: str | None
    role: str
    code: str
    expires_at: datetime
    name: str | None = None
    invite_id: int = 0


def invite_all(work: Work) -> list[Invitation]:
    """Invite a liaison for every unit that uses the bot and has none yet; unused codes are replaced."""
    return [_invite(work, Role.LIAISON, unit=unit) for unit in units_to_invite(work)]


def units_to_invite(work: Work) -> list[KnownUnit]:
    """List the units that use the bot and have no liaison yet."""
    served = {holder.unit_id for holder in people.holders(work.tx, Role.LIAISON)}
    return [unit for unit in ledger.units(work.tx) if unit.uses_bot and not unit.is_group and unit.id not in served]


def invite_units(work: Work, names: Sequence[str], role: Role = Role.LIAISON) -> list[Invitation]:
    """Invite someone for each of these units, once for a unit named twice.

    Raises: OfficeError for a name that is no unit, naming the nearest ones, or for a group.
    """
    found = {unit.id: unit for unit in (find_unit(work, name) for name in names)}
    return [_invite(work, role, unit=unit) for unit in found.values()]


def invite_person(work: Work, role: Role, name: str) -> Invitation:
    """Invite someone to an office's role by name: supervisor, leader or admin."""
    return _invite(work, role, name=name)


def invite_successor(work: Work, person: KnownPerson, unit_id: int) -> Invitation:
    """Make the code by which a liaison hands a unit over; one made before is taken back."""
    people.revoke_handovers(work.tx, person_id=person.id, unit_id=unit_id, at=work.at)
    unit = next(unit for unit in ledger.units(work.tx) if unit.id == unit_id)
    return _invite(work, Role.LIAISON, unit=unit, predecessor_id=person.id)


def revoke(work: Work, invite_ids: Sequence[int], *, by: int | None = None) -> None:
    """Take invites back: their codes cannot be used any more.

    Raises: OfficeError for one that cannot be used anyway, naming those that can.
    """
    for number in invite_ids:
        if not people.revoke_invite(work.tx, number, at=work.at):
            known = ", ".join(str(invite.id) for invite in people.open_invites(work.tx, at=work.at)) or "none"
            raise OfficeError(f"invite {number} cannot be used any more; those that can: {known}")
        record(work, "revoke_invite", f"invite:{number}", by)


def note_bot_name(work: Work, name: str | None) -> None:
    """Note the bot's user name as Telegram gives it, for the links in messages."""
    records.note(work.tx, BOT_NAME, name or "", at=work.at)


def invite_link(code: str, username: str | None) -> str | None:
    """Give the link that opens the bot with a code (Bot API, deep linking), or None where its name is not known."""
    return f"https://t.me/{username}?start={code}" if username else None


def find_unit(work: Work, name: str, *, allow_group: bool = False) -> KnownUnit:
    """Find a unit by its name or an alias.

    Raises: OfficeError for a name that is no unit, naming the nearest ones, or for a group where none is meant.
    """
    units, name = ledger.units(work.tx), name.strip()
    for unit in units:
        if name == unit.name or name in unit.aliases:
            if unit.is_group and not allow_group:
                raise OfficeError(f"{name} is a group of units; invite its members one by one")
            return unit
    if not units:
        raise OfficeError(f"there is no unit {name}: no notice was adopted yet; run `duban notice adopt FILE` first")
    near = get_close_matches(name, [unit.name for unit in units], n=5, cutoff=0.3)
    raise OfficeError(f"there is no unit {name}" + (f"; the nearest are: {'、'.join(near)}" if near else ""))


def code_hash(code: str) -> str:
    """Give what is kept of a code; a 128-bit random code needs no slow hash (OWASP ASVS 5.0, 6.5.2)."""
    return hashlib.sha256(code.encode()).hexdigest()


def _invite(
    work: Work,
    role: Role,
    *,
    unit: KnownUnit | None = None,
    name: str | None = None,
    predecessor_id: int | None = None,
) -> Invitation:
    unit_id = unit.id if unit else None
    code = secrets.token_urlsafe(16)
    expires_at = work.at + timedelta(days=work.policy.limits.invite_days)
    if predecessor_id is None:
        people.revoke_invites(work.tx, role=role, unit_id=unit_id, person_name=name, at=work.at)
    invite_id = people.add_invite(
        work.tx,
        code_hash=code_hash(code),
        role=role,
        unit_id=unit_id,
        person_name=name,
        at=work.at,
        expires_at=expires_at,
        predecessor_id=predecessor_id,
    )
    details = {"role": role, "unit": unit.name if unit else None, "name": name}
    record(work, "invite", f"invite:{invite_id}", predecessor_id, **details)
    return Invitation(unit.name if unit else None, role, code, expires_at, name, invite_id)
