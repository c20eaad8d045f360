"""Tasks are signed for (签收) within some working days: who did not is reminded once, and named to the supervisors."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from office.apart import for_each
from office.chasing.budget import room_for
from office.chasing.outages import missed
from office.notice.assigning import may_push, pushable_from, today
from office.saying import Kind, Recipient, say
from office.work import Work
from rules.clock import local
from storage import ledger, nudges, outbox, people, requests
from storage.ledger import AssignedTask
from storage.people import Holder
from storage.states import Reach, Role


def unsigned_tasks(work: Work, *, not_reminded: bool = False) -> list[AssignedTask]:
    """List the tasks that units should have signed for by the last working day and did not; who reported, or was closed out, knows of it."""
    within = work.policy.sign_within_workdays
    if not within:
        return []
    last = work.policy.calendar.shift(today(work), -within)  # told of on this day or later, a unit still has time
    told_before = datetime.combine(last, time(), work.policy.zone)
    unsigned = ledger.unsigned_tasks(work.tx, told_before=told_before, not_reminded=not_reminded)
    done = requests.closed_out(work.tx) if unsigned else set()
    return [task for task in unsigned if (task.task_id, task.unit_id) not in done]


def sign_by(work: Work, told_at: datetime) -> date:
    """Give the last day on which tasks that a unit was told of at an instant are signed for in time."""
    told_on = local(told_at, work.policy.zone).date()
    return work.policy.calendar.shift(told_on, work.policy.sign_within_workdays)


def remind_to_sign(work: Work) -> int:
    """Remind units once, on the first working day after the last one for it, to sign; one message a person.

    Who is reminded of a report today hears of this on the next working day, who is away when back.
    """
    if not may_push(work) or not work.policy.calendar.is_workday(today(work)):
        return 0
    midnight = datetime.combine(today(work), time(), work.policy.zone)
    waiting = unsigned_tasks(work, not_reminded=True)
    if not waiting:
        return 0
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    of_unit: dict[int, list[AssignedTask]] = {}
    for task in waiting:
        of_unit.setdefault(task.unit_id, []).append(task)
    liaisons = people.holders(work.tx, Role.LIAISON, units=of_unit)
    spoken_to = away | nudges.reminded_since(work.tx, {each.person_id for each in liaisons}, since=midnight)
    told: dict[int, list[tuple[Holder, list[AssignedTask]]]] = {}
    for holder in liaisons:
        if holder.reach == Reach.YES and holder.person_id not in spoken_to:
            told.setdefault(holder.person_id, []).append((holder, of_unit[holder.unit_id or 0]))

    def remind(units: list[tuple[Holder, list[AssignedTask]]]) -> None:
        _remind(work, units)

    room = room_for(work, told)
    reminded = [units for person_id, units in told.items() if room[person_id]]
    return len(
        for_each(work, "remind_to_sign", reminded, remind, named=lambda units: f"person:{units[0][0].person_id}")
    )


def unsigned_by_unit(work: Work) -> list[dict[str, Any]]:
    """List the units that are late with signing: how many tasks, and since when they know of them."""
    zone = work.policy.zone
    found: dict[str, list[AssignedTask]] = {}
    for task in unsigned_tasks(work):
        found.setdefault(task.unit_name, []).append(task)
    return [
        {"unit": unit, "count": len(tasks), "since": local(min(map(_told_at, tasks)), zone).date().isoformat()}
        for unit, tasks in found.items()
    ]


def _told_at(task: AssignedTask) -> datetime:
    assert task.announced_at is not None  # noqa: S101  # only what units were told of is waited for
    return task.announced_at


def _remind(work: Work, units: Sequence[tuple[Holder, list[AssignedTask]]]) -> None:
    tasks = [task for _, own in units for task in own]
    ids = [task.assignment_id for task in tasks]
    holder = units[0][0]
    by = max(sign_by(work, _told_at(task)) for task in tasks)
    from_ = pushable_from(work.policy, datetime.combine(by + timedelta(days=1), time(), work.policy.zone))
    say(
        work,
        Recipient(holder.telegram_id, holder.person_id),
        Kind.SIGN_REMINDER,
        buttons=[[{"do": "sign", "assignments": ids}]],
        priority=outbox.REMINDER,
        units=list(dict.fromkeys(task.unit_name for task in tasks)),
        by=by.isoformat(),
        late=from_.isoformat() if missed(work, from_) else None,
        tasks=[
            {"assignment_id": task.assignment_id, "task_id": task.task_id, "list": task.list, "no": task.no}
            | {"unit": task.unit_name, "name": task.text[:24]}
            for task in tasks
        ],
    )
    ledger.mark_sign_reminded(work.tx, ids, at=work.at)
