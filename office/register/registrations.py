"""Which units have registered a liaison, which have not, and by when they should have."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from office.chasing.holding import paused_for
from office.looking.listing import liaisons_by_unit
from office.notice.assigning import today
from office.saying import Kind, Recipient, say
from office.work import Work
from storage import ledger, people
from storage.ledger import KnownUnit
from storage.people import Holder, KnownPerson, UnitInvites
from storage.states import Role


class RegistrationState(StrEnum):
    """How far a unit is with its registration."""

    REGISTERED = "registered"
    INVITED = "invited"
    EXPIRED = "expired"  # it was invited, and no code of it can be used now
    NOT_INVITED = "not_invited"
    NO_BOT = "no_bot"  # it does not use the bot: it is phoned


@dataclass(frozen=True, slots=True)
class Registration:
    """One unit's registration; `due_on` and `days_left` (negative once it is past) where it is still to come."""

    unit: str
    state: RegistrationState
    liaisons: tuple[str, ...]
    without_phone: tuple[str, ...]
    invited_until: datetime | None
    due_on: date | None
    days_left: int | None


def list_registrations(work: Work) -> list[Registration]:
    """List the registration of every unit but groups, in the register's order."""
    liaisons = liaisons_by_unit(work)
    invites = {found.unit_id: found for found in people.liaison_invites(work.tx)}
    left = people.last_ended(work.tx, Role.LIAISON)
    return [
        _registration(work, unit, liaisons.get(unit.id, []), invites.get(unit.id), left.get(unit.id))
        for unit in ledger.units(work.tx)
        if not unit.is_group
    ]


def registration_due(work: Work) -> dict[str, date]:
    """Give by when each unit that is still to register should, as far as that day is not past."""
    return {
        found.unit: found.due_on
        for found in list_registrations(work)
        if found.due_on is not None and found.due_on >= today(work)
    }


def missing(work: Work) -> list[Registration]:
    """List the units that use the bot and have no liaison."""
    done = (RegistrationState.REGISTERED, RegistrationState.NO_BOT)
    return [found for found in list_registrations(work) if found.state not in done]


def show_registrations(work: Work, to: Recipient, person: KnownPerson) -> None:
    """Answer /registrations: who is missing and how it stands with the invite; for the office only."""
    if not person.has_role(Role.SUPERVISOR, Role.ADMIN):
        say(work, to, Kind.NOT_ALLOWED)
        return
    found = list_registrations(work)
    using = [unit for unit in found if unit.state != RegistrationState.NO_BOT]
    registered = [unit for unit in using if unit.state == RegistrationState.REGISTERED]
    wants_phone = work.policy.registration.phone == "required"
    say(
        work,
        to,
        Kind.REGISTRATIONS,
        registered=len(registered),
        total=len(using),
        missing=[shown_missing(unit) for unit in using if unit.state != RegistrationState.REGISTERED],
        no_bot=[unit.unit for unit in found if unit.state == RegistrationState.NO_BOT],
        without_phone=[
            {"unit": unit.unit, "name": name} for unit in registered for name in unit.without_phone if wants_phone
        ],
        **paused_for(work, person),
    )


def shown_missing(unit: Registration) -> dict[str, Any]:
    """Give a unit without a liaison, for showing."""
    return {
        "unit": unit.unit,
        "state": unit.state,
        "until": unit.invited_until.isoformat() if unit.invited_until else None,
        "due_on": unit.due_on.isoformat() if unit.due_on else None,
        "days_left": unit.days_left,
    }


def _registration(
    work: Work, unit: KnownUnit, liaisons: list[Holder], invites: UnitInvites | None, left_at: datetime | None
) -> Registration:
    state = _state(work, unit, liaisons, invites)
    is_missing = state not in (RegistrationState.REGISTERED, RegistrationState.NO_BOT)
    due_on = _due_on(work, invites, left_at) if is_missing else None
    return Registration(
        unit=unit.name,
        state=state,
        liaisons=tuple(holder.name for holder in liaisons),
        without_phone=tuple(holder.name for holder in liaisons if not holder.has_phone),
        invited_until=invites.open_until if invites is not None and state == RegistrationState.INVITED else None,
        due_on=due_on,
        days_left=(due_on - today(work)).days if due_on else None,
    )


def _state(work: Work, unit: KnownUnit, liaisons: list[Holder], invites: UnitInvites | None) -> RegistrationState:
    if liaisons:
        return RegistrationState.REGISTERED
    if not unit.uses_bot:
        return RegistrationState.NO_BOT
    if invites is None:
        return RegistrationState.NOT_INVITED
    is_open = invites.open_until is not None and invites.open_until > work.at
    return RegistrationState.INVITED if is_open else RegistrationState.EXPIRED


def _due_on(work: Work, invites: UnitInvites | None, left_at: datetime | None) -> date | None:
    """Give the office's day, else some days after the first invite; a unit that lost its liaison has as many days anew."""
    policy = work.policy
    days = timedelta(days=policy.registration.days)
    first, anew = (
        at.astimezone(policy.zone).date() + days if at else None
        for at in (invites.first_at if invites else None, left_at)
    )
    return max((day for day in (policy.registration.due or first, anew) if day), default=None)
