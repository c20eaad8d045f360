"""Who was told of what, at which step: each once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, cast, func, insert, or_, select, text, update

from storage.rows import add, in_parts, many
from storage.states import Reach, Role
from storage.store import Transaction
from storage.tables import (
    Assignment,
    Digest,
    Inbox,
    Membership,
    Nudge,
    Obligation,
    Outbox,
    Period,
    Person,
    Report,
    Task,
    columns_of,
)

_nudge, _digest, _outbox, _inbox, _period = (columns_of(table) for table in (Nudge, Digest, Outbox, Inbox, Period))
_obligation, _assignment, _task, _report, _membership, _person = (
    columns_of(table) for table in (Obligation, Assignment, Task, Report, Membership, Person)
)
_is_owed = text("obligation.state IN ('open', 'returned')")  # literal: see storage.ledger


@dataclass(frozen=True, slots=True)
class PastNudge:
    """A step at which a person was told of an obligation."""

    obligation_id: int
    due_at: datetime
    rung: str
    person_id: int
    delivered: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a ladder, and what has reached it: what is due at one instant, open or returned.

    `notice_id` is the notice whose ladder it is, None for what has the office's: all but `apart`.
    """

    due_at: datetime
    state: str
    notice_id: int | None
    apart: tuple[int, ...]
    moment: datetime
    roles: tuple[str, ...]
    keys: tuple[str, ...]  # under any of which a person may have been told of it
    waits_for_drafts: bool  # whether a draft keeps it back


def untold(tx: Transaction, step: Step, *, at: datetime) -> list[tuple[int, int]]:
    """List (obligation, unit) of what somebody may still have to be told at this step.

    Who was told, came later or is not reached does not count, nor whom no step before it was told of.
    """
    theirs = _untold(step, at).where(_membership.c.unit_id == _obligation.c.unit_id)
    found = {(row.id, row.unit_id) for row in tx.execute(theirs)}
    office = [role for role in step.roles if role in (Role.LEADER, Role.SUPERVISOR)]
    if office:
        leaders = cast(_task.c.leaders, Text)
        named = or_(leaders.contains(_membership.c.leader_name), leaders.not_like("[%]"))  # damaged: it is to be noted
        led = select(_task.c.id).where(_task.c.id == _obligation.c.task_id, named)
        reminded = (
            select(_nudge.c.id)
            .join(_outbox, _outbox.c.id == _nudge.c.outbox_id)
            .where(_nudge.c.obligation_id == _obligation.c.id, _nudge.c.due_at == _obligation.c.due_at)
            .where(_outbox.c.state == "sent")
        )
        above = _untold(step, at).where(_membership.c.role.in_(office), reminded.exists())
        above = above.where(or_(_membership.c.role == Role.SUPERVISOR, led.exists()))
        found |= {(row.id, row.unit_id) for row in tx.execute(above)}
    return sorted(found)


def _untold(step: Step, at: datetime) -> Select[Any]:
    """Select what has reached a step beside the roles it is for; the caller says which role is whose."""
    told = select(_nudge.c.id).where(
        _nudge.c.obligation_id == _obligation.c.id,
        _nudge.c.due_at == _obligation.c.due_at,
        _nudge.c.rung.in_(step.keys),
        _nudge.c.person_id == _membership.c.person_id,
    )
    reached = select(_person.c.id).where(_person.c.id == _membership.c.person_id, _person.c.reach == Reach.YES)
    announced = select(_assignment.c.id).where(
        _assignment.c.task_id == _obligation.c.task_id,
        _assignment.c.unit_id == _obligation.c.unit_id,
        _assignment.c.announced_at < step.moment,
    )
    found = (
        select(_obligation.c.id, _obligation.c.unit_id)
        .select_from(_obligation.join(_membership, _membership.c.role.in_(step.roles)))
        .where(_is_owed, _obligation.c.state == step.state, _obligation.c.due_at == step.due_at)
        .where(or_(_obligation.c.due_set_at.is_(None), _obligation.c.due_set_at < step.moment))
        .where(_membership.c.until.is_(None), _membership.c.since < step.moment)
        .where(~told.exists(), reached.exists(), announced.exists())
    )
    if step.waits_for_drafts:
        draft = select(_report.c.id).where(_report.c.obligation_id == _obligation.c.id, _report.c.created_at <= at)
        found = found.where(~draft.where(text("report.state = 'draft'")).exists())
    if step.notice_id is not None:
        return found.where(_obligation.c.task_id.in_(select(_task.c.id).where(_task.c.notice_id == step.notice_id)))
    if step.apart:
        return found.where(_obligation.c.task_id.not_in(select(_task.c.id).where(_task.c.notice_id.in_(step.apart))))
    return found


def past_nudges(tx: Transaction, obligation_ids: Collection[int]) -> list[PastNudge]:
    """List what persons were told of these obligations, and whether it reached them."""
    rows = select(
        _nudge.c.obligation_id,
        _nudge.c.due_at,
        _nudge.c.rung,
        _nudge.c.person_id,
        (func.coalesce(_outbox.c.state, "") == "sent").label("delivered"),
    ).select_from(_nudge.outerjoin(_outbox, _outbox.c.id == _nudge.c.outbox_id))
    return [
        past
        for part in in_parts(obligation_ids)
        for past in many(tx, PastNudge, rows.where(_nudge.c.obligation_id.in_(part)))
    ]


def add_nudges(tx: Transaction, rows: list[tuple[int, datetime, str, int]], *, outbox_id: int, at: datetime) -> None:
    """Note that one message tells a person of obligations: rows of (obligation, due_at, rung, person)."""
    names = ("obligation_id", "due_at", "rung", "person_id")
    tx.execute(
        insert(_nudge),
        [{**dict(zip(names, row, strict=True)), "outbox_id": outbox_id, "created_at": at} for row in rows],
    )


def reminded_since(tx: Transaction, person_ids: Collection[int], *, since: datetime) -> set[int]:
    """Give which of these persons were told of an obligation since then."""
    told = select(_nudge.c.person_id).where(_nudge.c.created_at > since, _nudge.c.outbox_id.is_not(None)).distinct()
    return {
        person
        for part in in_parts(person_ids)
        for person in tx.execute(told.where(_nudge.c.person_id.in_(part))).scalars()
    }


def last_due(tx: Transaction, *, until: datetime) -> datetime | None:
    """Give the last due instant of any notice's period that has passed by then."""
    passed = select(func.max(_period.c.due_at)).where(_period.c.due_at <= until, _period.c.ended_at.is_(None))
    found: datetime | None = tx.execute(passed).scalar_one()
    return found


def pushed_since(
    tx: Transaction, person_ids: Collection[int], kinds: Collection[str], *, since: datetime | None
) -> dict[int, int]:
    """Count by person the messages of these kinds that were made for them since then, dropped ones apart."""
    pushed = (
        select(_outbox.c.person_id, func.count().label("pushed"))
        .join(_person, (_person.c.id == _outbox.c.person_id) & (_person.c.telegram_id == _outbox.c.chat_id))
        .where(_outbox.c.kind.in_(list(kinds)), _outbox.c.state != "cancelled")
        .group_by(_outbox.c.person_id)
    )
    if since is not None:
        pushed = pushed.where(_outbox.c.judged_at > since)
    return {
        row.person_id: row.pushed
        for part in in_parts(person_ids)
        for row in tx.execute(pushed.where(_person.c.id.in_(part)))
    }


def told_on(tx: Transaction, obligation_ids: Collection[int], *, since: datetime, rung: str) -> set[int]:
    """Give which of these obligations somebody was told of since then, or at this rung."""
    rows = select(_nudge.c.obligation_id).where(
        _nudge.c.obligation_id.in_(list(obligation_ids)), (_nudge.c.created_at >= since) | (_nudge.c.rung == rung)
    )
    return set(tx.execute(rows).scalars())


def has_digest(tx: Transaction, kind: str, person_id: int, slot: str) -> bool:
    """Whether a person got this digest already."""
    same = (_digest.c.kind == kind, _digest.c.person_id == person_id, _digest.c.slot == slot)
    return tx.execute(select(_digest.c.id).where(*same)).first() is not None


def digest_slots(tx: Transaction, kind: str) -> set[tuple[int, str]]:
    """List (person, slot) of every digest of a kind."""
    return {
        (row.person_id, row.slot)
        for row in tx.execute(select(_digest.c.person_id, _digest.c.slot).where(_digest.c.kind == kind))
    }


def last_digest_at(tx: Transaction, kind: str, person_id: int) -> datetime | None:
    """Give when a person last got this kind of digest."""
    last = select(func.max(_digest.c.created_at)).where(_digest.c.kind == kind, _digest.c.person_id == person_id)
    found: datetime | None = tx.execute(last).scalar_one()
    return found


def last_digest_content(tx: Transaction, kind: str, person_id: int) -> dict[str, Any] | None:
    """Give what a person's last digest of this kind said, or None."""
    last = (
        select(_outbox.c.content)
        .join(_digest, _digest.c.outbox_id == _outbox.c.id)
        .where(_digest.c.kind == kind, _digest.c.person_id == person_id)
        .order_by(_digest.c.id.desc())
        .limit(1)
    )
    found: dict[str, Any] | None = tx.execute(last).scalar_one_or_none()
    return found


def add_digest(tx: Transaction, *, kind: str, person_id: int, slot: str, at: datetime) -> int:
    """Note that a person gets a digest for a slot; gives its number."""
    return add(tx, insert(_digest), {"kind": kind, "person_id": person_id, "slot": slot, "created_at": at})


def set_digest_message(tx: Transaction, digest_id: int, outbox_id: int) -> None:
    """Point a digest to the message that carries it."""
    tx.execute(update(_digest).where(_digest.c.id == digest_id).values(outbox_id=outbox_id))


def doubtful_since(tx: Transaction, since: datetime | None) -> dict[str, int]:
    """Count the messages made since then that are unknown or undeliverable, and the updates received that are dead."""
    messages = select(_outbox.c.state, func.count()).where(_outbox.c.state.in_(("unknown", "undeliverable")))
    updates = select(_inbox.c.state, func.count()).where(_inbox.c.state == "dead")
    if since is not None:
        messages = messages.where(_outbox.c.judged_at > since)
        updates = updates.where(_inbox.c.received_at > since)
    rows = [
        *tx.execute(messages.group_by(_outbox.c.state)).all(),
        *tx.execute(updates.group_by(_inbox.c.state)).all(),
    ]
    return {row[0]: row[1] for row in rows}
