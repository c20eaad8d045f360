"""Units are told of their tasks (交办) and sign for them (签收)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from office.apart import for_each, look_at
from office.auditing import record
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from rules.policy import Policy
from storage import ledger, outbox, people, requests
from storage.ledger import AssignedTask
from storage.people import KnownPerson
from storage.states import Reach, Role

PUSH_TASKS = "push_new_tasks"  # the tick, as failures name it
ROOM = 3200  # characters of tasks in one message: Telegram takes 4096, the rest is for the words around them


def push_to_person(work: Work, to: Recipient, unit_id: int) -> int:
    """Tell one person of all tasks of a unit, in as few messages as they fit; gives how many messages."""
    return _push(work, to, ledger.tasks_of_units(work.tx, [unit_id]))


def push_new_tasks(work: Work) -> int:
    """Tell units of tasks they were not told of yet, as far as somebody there can be reached; gives how many messages.

    A person who serves several units is told of all of them together.
    """
    unannounced = sorted(ledger.unannounced_tasks(work.tx), key=lambda task: task.unit_id)
    if not unannounced or not may_push(work):
        return 0
    looked = look_at(work, PUSH_TASKS, unannounced, _shown, named=lambda task: f"assignment:{task.assignment_id}")
    waiting = [task for task, _ in looked]
    told: dict[Recipient, set[int | None]] = {}
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    for person in people.holders(work.tx, Role.LIAISON):
        if person.reach == Reach.YES and person.person_id not in away:
            told.setdefault(Recipient(person.telegram_id, person.person_id), set()).add(person.unit_id)
    pushes = [(to, [task for task in waiting if task.unit_id in units]) for to, units in told.items()]

    def push(given: tuple[Recipient, list[AssignedTask]]) -> int:
        return _push(work, *given)

    due = [(to, tasks) for to, tasks in pushes if tasks]
    return sum(for_each(work, PUSH_TASKS, due, push, named=lambda given: f"person:{given[0].person_id}"))


def may_push(work: Work) -> bool:
    """Whether messages nobody asked for may go out at this hour."""
    return not work.policy.quiet_hours.covers(work.at, work.policy.zone)


def let_wait(work: Work, message: int) -> None:
    """Have a message that nobody asked for wait for the next working day's waking hours."""
    until = pushable_from(work.policy, work.at)
    if until > work.at:
        outbox.let_wait(work.tx, message, until=until)


def pushable_from(policy: Policy, at: datetime) -> datetime:
    """Give the first instant not before `at` in a working day's waking hours."""
    wall = at.astimezone(policy.zone)
    day = wall.date()
    is_workday = policy.calendar.is_workday(day)
    if is_workday and not policy.quiet_hours.covers(at, policy.zone):
        return at
    if not is_workday or wall.time() >= policy.quiet_hours.end:
        day = policy.calendar.shift(day, 1)
    return policy.quiet_hours.over_at(datetime.combine(day, policy.quiet_hours.end, policy.zone), policy.zone)


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


def _push(work: Work, to: Recipient, tasks: Sequence[AssignedTask]) -> int:
    chunks = list(_fitting(tasks))
    for part, chunk in enumerate(chunks, 1):
        ids = [task.assignment_id for task in chunk]
        say(
            work,
            to,
            Kind.TASKS,
            buttons=[[{"do": "sign", "assignments": ids}]],
            priority=outbox.REMINDER,
            units=list(dict.fromkeys(task.unit_name for task in tasks)),
            total=len(tasks),
            part=part,
            parts=len(chunks),
            tasks=[{**_shown(task), "unit": task.unit_name, "unit_id": task.unit_id} for task in chunk],
        )
    ledger.mark_announced(work.tx, [task.assignment_id for task in tasks], at=work.at)
    return len(chunks)


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
