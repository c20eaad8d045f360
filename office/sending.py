"""Before a message goes out: is it still true, and may its reader still have it? After: what became of it?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from office.assigning import ROOM
from office.auditing import record
from office.forgetting import shown_request
from office.rights import Right, may
from office.work import Work
from storage import ledger, outbox, people
from storage.outbox import OutgoingMessage
from storage.people import KnownPerson
from storage.states import OWED, OutboxState, Reach, Role


@dataclass(frozen=True, slots=True)
class Cancel:
    """That a message is not to be sent, and why."""

    reason: str


def still_true(work: Work, message: OutgoingMessage) -> dict[str, Any] | Cancel:
    """Give what is still true of a message that nobody asked for, or the reason to drop it."""
    check = CHECKS.get(message.kind)
    if check is None:
        return message.content
    person = people.who_is(work.tx, message.chat_id)
    if person is None:
        return Cancel("the recipient is not registered any more")
    return check(work, message, person)


def note_undeliverable(work: Work, message_id: int, chat_id: int, reach: Reach | None, reason: str) -> None:
    """Note that a message cannot reach its reader; the supervisors' digest names the unit."""
    outbox.end(work.tx, message_id, OutboxState.UNDELIVERABLE, reason)
    if reach is not None and people.set_reach(work.tx, chat_id, reach):
        person = people.who_is(work.tx, chat_id)
        subject = f"person:{person.id}" if person is not None else f"message:{message_id}"
        record(work, "unreachable", subject, None, reach=reach, message=message_id)


def _check_nudge(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    tasks = message.content["tasks"]
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [task["obligation_id"] for task in tasks])}
    left = [
        task
        for task in tasks
        if (due := dues.get(task["obligation_id"])) is not None
        and due.state in OWED
        and due.due_at.isoformat() == task["due_at"]
        and _may_have(person, task["role"], due)
    ]
    return {**message.content, "tasks": left} if left else Cancel("answered, changed or taken over since")


def _may_have(person: KnownPerson, role: str, due: ledger.Due) -> bool:
    if role == Role.LEADER:
        return any(part.role == Role.LEADER and part.leader_name in due.leaders for part in person.parts)
    return due.unit_id in person.units_as(Role(role))


def _check_tasks(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    unit = message.content["unit_id"]
    if unit not in person.units_as(Role.LIAISON):
        return Cancel("the recipient does not serve the unit any more")
    now = {task.task_id: (task.role, task.text) for task in ledger.tasks_of_units(work.tx, [unit])}
    shown = message.content["tasks"]
    left = [task for task in shown if _says(task, *now.get(task["task_id"], ("", "")))]
    if not left:
        return Cancel("withdrawn or changed since; what changed is told anew")
    total = message.content["total"] - len(shown) + len(left)
    return {**message.content, "tasks": left, "total": total}


def _says(shown: dict[str, Any], role: str, text: str) -> bool:
    return bool(shown["role"] == role and shown["text"] == text[:ROOM])


def _check_office(_work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    serves = person.has_role(Role.SUPERVISOR, Role.ADMIN)
    return message.content if serves else Cancel("the recipient does not serve the office any more")


def _check_deletion(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    if not may(person, Right.DECIDE_DELETION):
        return Cancel("the recipient does not serve the office any more")
    asked = shown_request(work, message.content["deletion"])
    return {**message.content, **asked} if asked is not None else Cancel("it was decided since")


CHECKS: dict[str, Callable[[Work, OutgoingMessage, KnownPerson], dict[str, Any] | Cancel]] = {
    "nudge": _check_nudge,
    "tasks": _check_tasks,
    "digest": _check_office,
    "deletion_asked": _check_deletion,
}
