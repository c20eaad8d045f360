"""Who is known: persons, their roles, the invites that give them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, select, update

from storage.rows import add, in_parts, many, one
from storage.states import Reach, Role
from storage.store import Transaction
from storage.tables import Inbox, Invite, Membership, Person, Unit, columns_of

_person, _membership, _invite, _unit, _inbox = (
    columns_of(table) for table in (Person, Membership, Invite, Unit, Inbox)
)
_who = (
    select(
        _person.c.id,
        _person.c.telegram_id,
        _person.c.name,
        _person.c.language,
        _person.c.reach,
        _person.c.phone.is_not(None).label("has_phone"),
        _membership.c.role,
        _membership.c.unit_id,
        _membership.c.leader_name,
        _unit.c.name.label("unit_name"),
    )
    .select_from(
        _person.outerjoin(
            _membership, (_membership.c.person_id == _person.c.id) & (_membership.c.until.is_(None))
        ).outerjoin(_unit, _unit.c.id == _membership.c.unit_id)
    )
    .where(_person.c.telegram_id == bindparam("telegram_id"))
    .order_by(_membership.c.id)
)
_holders = (
    select(
        _person.c.id.label("person_id"),
        _person.c.telegram_id,
        _person.c.name,
        _person.c.reach,
        _membership.c.role,
        _membership.c.unit_id,
        _membership.c.leader_name,
        _membership.c.since,
        _person.c.phone.is_not(None).label("has_phone"),
    )
    .join(_membership, _membership.c.person_id == _person.c.id)
    .where(_membership.c.until.is_(None))
    .order_by(_membership.c.id)
)


@dataclass(frozen=True, slots=True)
class Part:
    """A role a person has now: for a unit, for a leader's tasks, or for the office."""

    role: str
    unit_id: int | None
    unit_name: str | None
    leader_name: str | None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person and every role they have now."""

    id: int
    telegram_id: int
    name: str
    language: str | None
    reach: str
    has_phone: bool
    parts: tuple[Part, ...]

    def units_as(self, role: Role) -> dict[int, str]:
        """Give the units (number to name) this person serves in a role."""
        return {
            part.unit_id: part.unit_name or "" for part in self.parts if part.role == role and part.unit_id is not None
        }

    def has_role(self, *roles: Role) -> bool:
        """Whether the person has one of these roles now."""
        return any(part.role in roles for part in self.parts)


@dataclass(frozen=True, slots=True)
class Holder:
    """A person who holds a role now."""

    person_id: int
    telegram_id: int
    name: str
    reach: str
    role: str
    unit_id: int | None
    leader_name: str | None
    since: datetime
    has_phone: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Where a person is written to, and their name."""

    telegram_id: int
    name: str


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """What a code that can still be used gives; `predecessor_id` names whose role it ends."""

    id: int
    role: str
    unit_id: int | None
    unit_name: str | None
    person_name: str | None
    predecessor_id: int | None


@dataclass(frozen=True, slots=True)
class StandingInvite:
    """An invite that can be used, without its code; `predecessor` hands the role over by it."""

    id: int
    role: str
    unit: str | None
    name: str | None
    created_at: datetime
    expires_at: datetime
    predecessor: str | None


@dataclass(frozen=True, slots=True)
class EndedMembership:
    """That a liaison's role for a unit ended, and who took it over."""

    unit: str
    name: str
    successor: str | None


@dataclass(frozen=True, slots=True)
class UnitInvites:
    """How a unit's liaisons were invited: when first, and until when an unused code holds."""

    unit_id: int
    first_at: datetime
    open_until: datetime | None


def who_is(tx: Transaction, telegram_id: int) -> KnownPerson | None:
    """Find a person by Telegram's number, with the roles they have now."""
    rows = tx.execute(_who, {"telegram_id": telegram_id}).all()
    if not rows:
        return None
    first = rows[0]
    parts = tuple(Part(row.role, row.unit_id, row.unit_name, row.leader_name) for row in rows if row.role)
    return KnownPerson(first.id, telegram_id, first.name, first.language, first.reach, first.has_phone, parts)


def account_of(tx: Transaction, person_id: int) -> Account:
    """Give a person's account by their number."""
    found = one(tx, Account, select(_person.c.telegram_id, _person.c.name).where(_person.c.id == person_id))
    assert found is not None  # noqa: S101  # rows point to persons, and no person is ever deleted
    return found


def language_of(tx: Transaction, telegram_id: int) -> str | None:
    """Give the language a person chose, or None."""
    chosen = select(_person.c.language).where(_person.c.telegram_id == telegram_id)
    found: str | None = tx.execute(chosen).scalar_one_or_none()
    return found


def name_of(tx: Transaction, person_id: int) -> str | None:
    """Give a person's name."""
    found: str | None = tx.execute(select(_person.c.name).where(_person.c.id == person_id)).scalar_one_or_none()
    return found


def add_person(tx: Transaction, *, telegram_id: int, name: str, at: datetime) -> int:
    """Register a person; gives their number."""
    return add(
        tx,
        insert(_person),
        {"telegram_id": telegram_id, "name": name, "reach": Reach.YES, "created_at": at},
    )


def change_person(tx: Transaction, person_id: int, **values: Any) -> None:
    """Change what is kept of a person (name, phone, language, reach)."""
    tx.execute(update(_person).where(_person.c.id == person_id).values(**values))


def set_reach(tx: Transaction, telegram_id: int, reach: Reach) -> bool:
    """Note whether messages get through to a person; gives whether that changed."""
    changed = update(_person).where(_person.c.telegram_id == telegram_id, _person.c.reach != reach).values(reach=reach)
    return tx.execute(changed).rowcount > 0


def phone_of(tx: Transaction, person_id: int) -> bytes | None:
    """Give a person's phone number as it is kept: encrypted."""
    found: bytes | None = tx.execute(select(_person.c.phone).where(_person.c.id == person_id)).scalar_one_or_none()
    return found


def forget_plain_words(tx: Transaction, chat_id: int) -> None:
    """Blank the update a chat was served last, being handled now: what it says is kept encrypted elsewhere."""
    last = select(func.max(_inbox.c.id)).where(_inbox.c.chat_id == chat_id, _inbox.c.state == "done")
    tx.execute(update(_inbox).where(_inbox.c.id == last.scalar_subquery()).values(raw="{}"))


def add_membership(
    tx: Transaction, *, person_id: int, role: str, unit_id: int | None, leader_name: str | None, at: datetime
) -> int:
    """Give a person a role from now on."""
    values = {"person_id": person_id, "role": role, "unit_id": unit_id, "leader_name": leader_name, "since": at}
    return add(tx, insert(_membership), values)


def end_membership(tx: Transaction, *, person_id: int, role: str, unit_id: int | None, at: datetime) -> bool:
    """End a person's role for a unit, or for the office; False where it is not theirs now."""
    of_unit = _membership.c.unit_id.is_not_distinct_from(unit_id)
    held = (_membership.c.person_id == person_id, _membership.c.role == role, of_unit)
    ended = update(_membership).where(*held, _membership.c.until.is_(None)).values(until=at)
    return tx.execute(ended).rowcount > 0


def has_lost_role(tx: Transaction, person_id: int, *, since: datetime) -> bool:
    """Whether a role of a person ended after an instant."""
    lost = select(_membership.c.id).where(_membership.c.person_id == person_id, _membership.c.until > since)
    return tx.execute(lost.limit(1)).first() is not None


def ended_liaisons(tx: Transaction, *, since: datetime, until: datetime) -> list[EndedMembership]:
    """List the liaisons whose role ended in a span, oldest first, with who took it over by a handover's code."""
    successor = _person.alias("successor")
    handed_over = (
        (_invite.c.predecessor_id == _membership.c.person_id)
        & (_invite.c.unit_id == _membership.c.unit_id)
        & (_invite.c.used_at == _membership.c.until)
    )
    rows = (
        select(_unit.c.name.label("unit"), _person.c.name, successor.c.name.label("successor"))
        .select_from(
            _membership.join(_person, _person.c.id == _membership.c.person_id)
            .join(_unit, _unit.c.id == _membership.c.unit_id)
            .outerjoin(_invite, handed_over)
            .outerjoin(successor, successor.c.id == _invite.c.used_by)
        )
        .where(_membership.c.role == Role.LIAISON, _membership.c.until > since, _membership.c.until <= until)
        .order_by(_membership.c.until, _membership.c.id)
    )
    return many(tx, EndedMembership, rows)


def last_ended(tx: Transaction, role: Role) -> dict[int, datetime]:
    """Give when somebody last gave up this role, by unit."""
    rows = (
        select(_membership.c.unit_id, func.max(_membership.c.until).label("at"))
        .where(_membership.c.role == role, _membership.c.until.is_not(None))
        .group_by(_membership.c.unit_id)
    )
    return {row.unit_id: row.at for row in tx.execute(rows)}


def holders(tx: Transaction, *roles: Role, units: Collection[int] | None = None) -> list[Holder]:
    """List who holds one of these roles now, of these units or of all."""
    statement = _holders.where(_membership.c.role.in_(roles))
    if units is None:
        return many(tx, Holder, statement)
    return [
        holder
        for part in in_parts(units)
        for holder in many(tx, Holder, statement.where(_membership.c.unit_id.in_(part)))
    ]


def units_served(tx: Transaction, role: Role, person_ids: Collection[int]) -> set[int]:
    """Give the units that these persons serve now in a role."""
    served = select(_membership.c.unit_id).where(
        _membership.c.role == role, _membership.c.until.is_(None), _membership.c.unit_id.is_not(None)
    )
    return {
        unit
        for part in in_parts(person_ids)
        for unit in tx.execute(served.where(_membership.c.person_id.in_(part))).scalars()
    }


def lock_holders(tx: Transaction, role: Role) -> None:
    """Keep other writers off who holds a role until this transaction ends; on SQLite there are none."""
    held = (_membership.c.role == role, _membership.c.until.is_(None))
    tx.execute(select(_membership.c.id).where(*held).order_by(_membership.c.id).with_for_update())


def count_holders(tx: Transaction, role: Role) -> int:
    """Count who holds a role now."""
    held = select(func.count()).where(_membership.c.role == role, _membership.c.until.is_(None))
    return int(tx.execute(held).scalar_one())


# --- invites ---------------------------------------------------------------------------------------------------------


def add_invite(
    tx: Transaction,
    *,
    code_hash: str,
    role: str,
    unit_id: int | None,
    person_name: str | None,
    at: datetime,
    expires_at: datetime,
    predecessor_id: int | None = None,
) -> int:
    """Keep an invite by its code's hash; using it ends the role of the predecessor."""
    return add(
        tx,
        insert(_invite),
        {
            "code_hash": code_hash,
            "role": role,
            "unit_id": unit_id,
            "person_name": person_name,
            "created_at": at,
            "expires_at": expires_at,
            "predecessor_id": predecessor_id,
        },
    )


def open_invite(tx: Transaction, code_hash: str, *, at: datetime) -> OpenInvite | None:
    """Find the invite of a code that can be used at this instant; nobody else can use it until this transaction ends."""
    found = (
        select(
            _invite.c.id,
            _invite.c.role,
            _invite.c.unit_id,
            _unit.c.name.label("unit_name"),
            _invite.c.person_name,
            _invite.c.predecessor_id,
        )
        .select_from(_invite.outerjoin(_unit, _unit.c.id == _invite.c.unit_id))
        .where(_invite.c.code_hash == code_hash, *_is_open(at))
        .with_for_update(of=_invite)
    )
    return one(tx, OpenInvite, found)


def used_by(tx: Transaction, code_hash: str) -> int | None:
    """Give the Telegram number of who used a code, or None."""
    user = select(_person.c.telegram_id).join(_invite, _invite.c.used_by == _person.c.id)
    found: int | None = tx.execute(user.where(_invite.c.code_hash == code_hash)).scalar_one_or_none()
    return found


def use_invite(tx: Transaction, invite_id: int, *, person_id: int, at: datetime) -> bool:
    """Use an invite up; False where someone else was first."""
    used = update(_invite).where(_invite.c.id == invite_id, *_is_open(at)).values(used_at=at, used_by=person_id)
    return tx.execute(used).rowcount == 1


def revoke_invites(tx: Transaction, *, role: str, unit_id: int | None, person_name: str | None, at: datetime) -> int:
    """Take back the office's unused invites for the same role, unit and name."""
    same = (
        _invite.c.role == role,
        _invite.c.unit_id.is_not_distinct_from(unit_id),
        _invite.c.predecessor_id.is_(None),
    )
    named = () if unit_id is not None else (_invite.c.person_name.is_not_distinct_from(person_name),)
    unused = (_invite.c.used_at.is_(None), _invite.c.revoked_at.is_(None))
    return tx.execute(update(_invite).where(*same, *named, *unused).values(revoked_at=at)).rowcount


def revoke_handovers(tx: Transaction, *, person_id: int, unit_id: int | None = None, at: datetime) -> int:
    """Take back the unused codes a person made for successors, of one unit or of all; gives how many still held."""
    mine = (_invite.c.predecessor_id == person_id, *_is_open(at))
    if unit_id is not None:
        mine = (*mine, _invite.c.unit_id == unit_id)
    return tx.execute(update(_invite).where(*mine).values(revoked_at=at)).rowcount


def is_invite_open(tx: Transaction, invite_id: int, *, at: datetime) -> bool:
    """Whether an invite can be used at this instant."""
    return tx.execute(select(_invite.c.id).where(_invite.c.id == invite_id, *_is_open(at))).first() is not None


def liaison_invites(tx: Transaction) -> list[UnitInvites]:
    """List how the office invited the liaisons of each unit it invited any for."""
    unused = _invite.c.used_at.is_(None) & _invite.c.revoked_at.is_(None)
    rows = (
        select(
            _invite.c.unit_id,
            func.min(_invite.c.created_at).label("first_at"),
            func.max(case((unused, _invite.c.expires_at))).label("open_until"),
        )
        .where(_invite.c.role == Role.LIAISON, _invite.c.unit_id.is_not(None), _invite.c.predecessor_id.is_(None))
        .group_by(_invite.c.unit_id)
    )
    return many(tx, UnitInvites, rows)


def open_invites(tx: Transaction, *, at: datetime) -> list[StandingInvite]:
    """List the invites that can be used at this instant, the oldest first."""
    rows = (
        select(
            _invite.c.id,
            _invite.c.role,
            _unit.c.name.label("unit"),
            _invite.c.person_name.label("name"),
            _invite.c.created_at,
            _invite.c.expires_at,
            _person.c.name.label("predecessor"),
        )
        .select_from(
            _invite.outerjoin(_unit, _unit.c.id == _invite.c.unit_id).outerjoin(
                _person, _person.c.id == _invite.c.predecessor_id
            )
        )
        .where(*_is_open(at))
        .order_by(_invite.c.id)
    )
    return many(tx, StandingInvite, rows)


def revoke_invite(tx: Transaction, invite_id: int, *, at: datetime) -> bool:
    """Take back an invite; False where it cannot be used any more."""
    revoked = update(_invite).where(_invite.c.id == invite_id, *_is_open(at)).values(revoked_at=at)
    return tx.execute(revoked).rowcount == 1


def is_known_code(tx: Transaction, code_hash: str) -> bool:
    """Whether there is or was an invite of this code."""
    return tx.execute(select(_invite.c.id).where(_invite.c.code_hash == code_hash)).first() is not None


def has_open_invite(tx: Transaction, role: Role, *, at: datetime) -> bool:
    """Whether somebody still holds a usable invite for a role."""
    return tx.execute(select(_invite.c.id).where(_invite.c.role == role, *_is_open(at))).first() is not None


def _is_open(at: datetime) -> tuple[Any, ...]:
    return (_invite.c.used_at.is_(None), _invite.c.revoked_at.is_(None), _invite.c.expires_at > at)
