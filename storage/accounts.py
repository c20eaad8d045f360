"""What is kept about a person, and how it is taken out again: the roles' history and the reports stay."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Select, String, cast, delete, func, insert, literal, select, update

from storage.people import KnownPerson, Part
from storage.rows import add, many, one
from storage.states import OutboxState, ReportState
from storage.store import Transaction
from storage.tables import (
    Deletion,
    Dialogue,
    Fact,
    Inbox,
    Invite,
    KeptText,
    Keyboard,
    Membership,
    Outbox,
    Person,
    Report,
    Unit,
    columns_of,
)

_person, _membership, _unit, _report = (columns_of(table) for table in (Person, Membership, Unit, Report))
_inbox, _outbox, _fact = (columns_of(table) for table in (Inbox, Outbox, Fact))
_deletion, _dialogue, _keyboard = (columns_of(table) for table in (Deletion, Dialogue, Keyboard))
_invite, _kept = columns_of(Invite), columns_of(KeptText)
IN_HAND = (OutboxState.READY, OutboxState.CLAIMED)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as kept; a forgotten one has no Telegram number of their own any more."""

    id: int
    telegram_id: int
    name: str
    phone: bytes | None
    language: str | None
    reach: str
    created_at: datetime

    @property
    def is_forgotten(self) -> bool:
        """Whether the person's own data were deleted."""
        return self.telegram_id < 0


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role a person has or had."""

    person_id: int
    role: str
    unit: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AskedDeletion:
    """A request to be forgotten that waits for the office's decision."""

    id: int
    person_id: int
    asked_at: datetime


def account(tx: Transaction, person_id: int) -> Account | None:
    """Give a person by their number."""
    return one(tx, Account, _accounts().where(_person.c.id == person_id))


def accounts(tx: Transaction) -> list[Account]:
    """List everybody who ever registered, in that order."""
    return many(tx, Account, _accounts().order_by(_person.c.id))


def roles_held(tx: Transaction, person_id: int | None = None) -> list[RoleHeld]:
    """List the roles a person, or everybody, has or had, oldest first."""
    held = select(
        _membership.c.person_id,
        _membership.c.role,
        _unit.c.name.label("unit"),
        _membership.c.since,
        _membership.c.until,
    ).select_from(_membership.outerjoin(_unit, _unit.c.id == _membership.c.unit_id))
    if person_id is not None:
        held = held.where(_membership.c.person_id == person_id)
    return many(tx, RoleHeld, held.order_by(_membership.c.id))


def everyone_serving(tx: Transaction) -> list[KnownPerson]:
    """List everybody who has a role now, with all their roles."""
    rows = tx.execute(
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
            _membership.join(_person, _person.c.id == _membership.c.person_id).outerjoin(
                _unit, _unit.c.id == _membership.c.unit_id
            )
        )
        .where(_membership.c.until.is_(None))
        .order_by(_person.c.id, _membership.c.id)
    )
    found = []
    for _, group in groupby(rows, key=lambda row: row.id):
        held = list(group)
        parts = tuple(Part(row.role, row.unit_id, row.unit_name, row.leader_name) for row in held)
        own = held[0]
        found.append(KnownPerson(own.id, own.telegram_id, own.name, own.language, own.reach, own.has_phone, parts))
    return found


def counts(tx: Transaction, person: Account) -> dict[str, int]:
    """Count what is kept of a person: reports, drafts, messages from and to them."""

    def count(table: Any, *where: Any) -> int:
        return int(tx.execute(select(func.count()).select_from(table).where(*where)).scalar_one())

    mine = _report.c.author_id == person.id
    return {
        "reports": count(_report, mine, _report.c.submitted_at.is_not(None)),
        "drafts": count(_report, mine, _report.c.state == ReportState.DRAFT),
        "received": count(_inbox, _inbox.c.chat_id == person.telegram_id),
        "sent": count(_outbox, _outbox.c.chat_id == person.telegram_id),
    }


# --- deletion --------------------------------------------------------------------------------------------------------


def ask_deletion(tx: Transaction, person_id: int, *, at: datetime) -> int:
    """Note that a person asks to be forgotten; gives the request's number."""
    return add(tx, insert(_deletion), {"person_id": person_id, "asked_at": at})


def waiting_deletions(tx: Transaction) -> list[AskedDeletion]:
    """List the requests that wait for a decision, oldest first."""
    waiting = select(_deletion.c.id, _deletion.c.person_id, _deletion.c.asked_at)
    return many(tx, AskedDeletion, waiting.where(_deletion.c.decided_at.is_(None)).order_by(_deletion.c.id))


def decide_deletions(tx: Transaction, person_id: int, *, agreed: bool, by: int | None, at: datetime) -> bool:
    """Note the office's decision on a person's request; False where none waits."""
    waiting = (_deletion.c.person_id == person_id, _deletion.c.decided_at.is_(None))
    decided = update(_deletion).where(*waiting).values(decided_at=at, decided_by=by, is_agreed=agreed)
    return tx.execute(decided).rowcount > 0


def forget(tx: Transaction, person: Account, *, name: str, at: datetime) -> None:
    """Take out what is a person's own: roles end, name, phone and Telegram number go, what they wrote raw is blanked.

    Reports stay with the unit, by an author of this name. What is being sent at this instant is left to `blank_sent`.
    """
    mine, chat = person.id, person.telegram_id
    kept_facts = (f"failed_codes:{chat}", f"album:{chat}")
    for statement in (
        update(_membership).where(_membership.c.person_id == mine, _membership.c.until.is_(None)).values(until=at),
        update(_membership).where(_membership.c.person_id == mine).values(leader_name=None),
        update(_invite).where(_invite.c.used_by == mine).values(person_name=None),
        update(_report).where(_report.c.author_id == mine).values(chat_id=None, message_id=None),
        update(_kept).where(_kept.c.person_id == mine).values(text="", chat_id=0, message_id=0),
        update(_inbox)
        .where(_inbox.c.chat_id == chat, _inbox.c.state != "new")
        .values(raw="{}", chat_id=None, dedupe=literal("forgotten:") + cast(_inbox.c.id, String)),
        update(_outbox)
        .where(_outbox.c.chat_id == chat, _outbox.c.state == "ready")
        .values(state=OutboxState.CANCELLED, reason="the recipient was forgotten"),
        _blanked().where(_outbox.c.chat_id == chat),
        delete(_dialogue).where(_dialogue.c.chat_id == chat),
        delete(_keyboard).where(_keyboard.c.person_id == mine),
        delete(_fact).where(_fact.c.name.in_(kept_facts)),
        update(_person).where(_person.c.id == mine).values(telegram_id=-mine, name=name, phone=None),
    ):
        tx.execute(statement)


def blank_sent(tx: Transaction) -> int:
    """Blank what was still being sent to persons when they were forgotten; gives how many messages."""
    forgotten = select(_person.c.id).where(_person.c.telegram_id < 0)
    if tx.execute(forgotten.limit(1)).first() is None:
        return 0
    return tx.execute(_blanked().where(_outbox.c.person_id.in_(forgotten), _outbox.c.chat_id != 0)).rowcount


def _accounts() -> Select[Any]:
    return select(*(_person.c[name] for name in Account.__dataclass_fields__))


def _blanked() -> Any:
    return update(_outbox).where(_outbox.c.state.not_in(IN_HAND)).values(chat_id=0, content={}, message_id=None)
