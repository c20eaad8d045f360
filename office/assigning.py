"""Units are told of their tasks (交办) and sign for them (签收)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from office.auditing import record
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.periods import days_overdue
from storage import ledger, outbox, people, reports
from storage.ledger import AssignedTask, Due
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


def let_wait(work: Work, message: int) -> None:
    """Have a message that nobody asked for wait for the next working day's waking hours."""
    policy = work.policy
    day = today(work)
    if may_push(work) and policy.calendar.is_workday(day):
        return
    wall = work.at.astimezone(policy.zone).time()
    if not policy.calendar.is_workday(day) or wall >= policy.quiet_hours.end:
        day = policy.calendar.shift(day, 1)
    until = policy.quiet_hours.over_at(datetime.combine(day, policy.quiet_hours.end, policy.zone), policy.zone)
    outbox.give_back(work.tx, message, until=until, counts=True)


def sign_for(work: Work, letter: Letter, person: KnownPerson, assignments: Sequence[int] | None = None) -> None:
    """Sign for tasks of the person's own units: those shown, or all that are not signed for."""
    own = ledger.tasks_of_units(work.tx, list(person.units_as(Role.LIAISON)))
    wanted = [task for task in own if assignments is None or task.assignment_id in assignments]
    ledger.mark_announced(work.tx, [task.assignment_id for task in wanted], at=work.at)
    signed = ledger.sign(work.tx, [task.assignment_id for task in wanted], person_id=person.id, at=work.at)
    if signed:
        record(work, "sign_for", f"person:{person.id}", person.id, assignments=[t.assignment_id for t in wanted])
    say(work, Recipient(letter.chat_id, person.id), Kind.SIGNED, signed=signed, tasks=len(wanted))


def list_tasks(work: Work, letter: Letter, person: KnownPerson) -> None:
    """Show a liaison the unit's tasks with what is owed for each; those not signed for can be, here."""
    units = list(person.units_as(Role.LIAISON))
    tasks = sorted(ledger.tasks_of_units(work.tx, units), key=lambda task: units.index(task.unit_id))
    owed = {(due.task_id, due.unit_id): due for due in reversed(ledger.owed_by(work.tx, units, today=today(work)))}
    sent = {(due.task_id, due.unit_id): due for due in reversed(ledger.submitted_by(work.tx, units))}
    drafted = reports.drafted(work.tx, until=work.at)
    lines = [
        {**_shown(task), "unit": task.unit_name, **_standing(work, owed.get(key), sent.get(key), drafted)}
        for task in tasks
        for key in [(task.task_id, task.unit_id)]
    ]
    unsigned = [task.assignment_id for task in tasks if task.signed_at is None]
    buttons: list[list[Action]] = [[{"do": "sign", "assignments": unsigned}]] if unsigned else []
    to = Recipient(letter.chat_id, person.id)
    say(work, to, Kind.TASK_LIST, buttons=buttons, tasks=lines, several_units=len(units) > 1, unsigned=len(unsigned))


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


def _standing(work: Work, owed: Due | None, sent: Due | None, drafted: Collection[int]) -> dict[str, Any]:
    """Tell how a task stands: what is owed (as a draft, or overdue), else what was reported last."""
    if owed is None:
        return {"owed": None, "sent": sent.period if sent is not None else None}
    shown = {
        "period": owed.period,
        "due_at": owed.due_at.isoformat(),
        "state": owed.state,
        "drafted": owed.obligation_id in drafted,
        "days": days_overdue(owed.due_at, work.at, work.policy.zone),
    }
    return {"owed": shown, "sent": None}
