"""Units are told of their tasks (交办) and sign for them (签收)."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from office.auditing import record
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import ledger, outbox, people
from storage.ledger import AssignedTask
from storage.people import KnownPerson
from storage.states import Role

ROOM = 3200  # characters of tasks in one message: Telegram takes 4096, the rest is for the words around them


def push_to_person(work: Work, to: Recipient, unit_id: int) -> int:
    """Tell one person of all tasks of a unit, in as few messages as they fit; gives how many messages."""
    return _push(work, [to], ledger.tasks_of_units(work.tx, [unit_id]))


def push_new_tasks(work: Work) -> int:
    """Tell units of tasks they were not told of yet, as far as somebody there can be reached; gives how many messages."""
    waiting = sorted(ledger.unannounced_tasks(work.tx), key=lambda task: task.unit_id)
    if not waiting or not may_push(work):
        return 0
    liaisons = people.holders(work.tx, Role.LIAISON)
    made = 0
    for unit_id, tasks in groupby(waiting, key=lambda task: task.unit_id):
        to = [Recipient(person.telegram_id, person.person_id) for person in liaisons if person.unit_id == unit_id]
        made += _push(work, to, list(tasks)) if to else 0
    return made


def may_push(work: Work) -> bool:
    """Whether messages nobody asked for may go out at this hour."""
    return not work.policy.quiet_hours.covers(work.at, work.policy.zone)


def sign_for(work: Work, letter: Letter, person: KnownPerson, assignments: Sequence[int] | None = None) -> None:
    """Sign for tasks of the person's own units: those shown, or all that are not signed for."""
    own = ledger.tasks_of_units(work.tx, list(person.units_as(Role.LIAISON)))
    wanted = [task for task in own if assignments is None or task.assignment_id in assignments]
    ledger.mark_announced(work.tx, [task.assignment_id for task in wanted], at=work.at)
    signed = ledger.sign(work.tx, [task.assignment_id for task in wanted], person_id=person.id, at=work.at)
    if signed:
        record(work, "sign_for", f"person:{person.id}", person.id, assignments=[t.assignment_id for t in wanted])
    say(work, Recipient(letter.chat_id, person.id), Kind.SIGNED, signed=signed, tasks=len(wanted))


def today(work: Work) -> date:
    """Give the office's date at this work's instant."""
    return work.at.astimezone(work.policy.zone).date()


def _push(work: Work, to: Sequence[Recipient], tasks: Sequence[AssignedTask]) -> int:
    chunks = list(_fitting(tasks))
    for recipient in to:
        for part, chunk in enumerate(chunks, 1):
            ids = [task.assignment_id for task in chunk]
            say(
                work,
                recipient,
                Kind.TASKS,
                buttons=[[{"do": "sign", "assignments": ids}]],
                priority=outbox.REMINDER,
                unit=chunk[0].unit_name,
                unit_id=chunk[0].unit_id,
                total=len(tasks),
                part=part,
                parts=len(chunks),
                tasks=[_shown(task) for task in chunk],
            )
    ledger.mark_announced(work.tx, [task.assignment_id for task in tasks], at=work.at)
    return len(to) * len(chunks)


def _fitting(tasks: Sequence[AssignedTask]) -> Iterator[list[AssignedTask]]:
    """Group tasks so that each group fits one message."""
    group: list[AssignedTask] = []
    used = 0
    for task in tasks:
        size = len(task.text) + 80
        if group and used + size > ROOM:
            yield group
            group, used = [], 0
        group.append(task)
        used += size
    if group:
        yield group


def _shown(task: AssignedTask) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "list": task.list,
        "no": task.no,
        "text": task.text[:ROOM],
        "role": task.role,
        "leaders": list(task.leaders),
        "leader_label": task.leader_label,
    }
