"""The units' year plans (计划): which are asked for, what stands, who has not sent theirs (未报计划)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from office.auditing import record
from office.notice.assigning import today
from office.saying import Kind, Recipient, say
from office.work import Work
from rules.ladder import Rung, latest_passed, position
from rules.periods import days_overdue, due_at, due_on
from storage import nudges, outbox, people, plans
from storage.people import Holder, KnownPerson
from storage.plans import FIELDS, TARGETS, PlanRow
from storage.states import Reach, Role

NOTHING = "无"  # what is written where there is nothing: it replaces what stood, and fills no field
MOST = {**dict.fromkeys(TARGETS, 500), "head": 50, "person": 50}  # characters
REMINDED = "plan"  # the kind under which plan reminders are noted
AHEAD = timedelta(days=45)  # no ladder reaches further before a due date
STALE = timedelta(days=14)  # a step missed for longer than this is not made up for
SOON_DAYS = 10
UNITS_SHOWN, UNITS_NAMED, TASKS_NAMED = 20, 8, 10


@dataclass(frozen=True, slots=True)
class PlanTask:
    """A unit's part in a task that a plan is asked for; without `due_at` it is asked for without a date."""

    row: PlanRow
    title: str
    year: int
    due_at: datetime | None

    @property
    def is_planned(self) -> bool:
        """Tell whether a plan for it stands."""
        return self.row.version > 0


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of a plan that changed, and what stood there."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class PlanReminder:
    """What one person is to be told of plans at this tick, and the slots to note it under."""

    holder: Holder
    shown: list[dict[str, Any]]
    slots: list[str]
    position: list[int] | None


def asked_plans(work: Work, units: Sequence[int] | None = None) -> list[PlanTask]:
    """List what plans are asked for, of these units or of all: where a notice sets a date, or the office's setting asks."""
    asking = {
        notice.id: (notice, date.fromisoformat(said) if (said := notice.rules.get("plan_due")) else None)
        for notice in plans.notices(work.tx)
        if notice.plan_year >= today(work).year and (notice.rules.get("plan_due") or work.policy.reporting.plan)
    }
    if not asking:
        return []
    found = []
    for row in plans.rows(work.tx, list(asking), units=units):
        notice, due = asking[row.notice_id]
        instant = due_at(due, work.policy.zone) if due is not None else None
        found.append(PlanTask(row, notice.title, notice.plan_year, instant))
    return found


def lacking(values: Mapping[str, str]) -> list[str]:
    """List the fields a plan cannot do without: the target of some quarter (given as the first), the head."""
    filled = {name for name, value in values.items() if value != NOTHING}
    return [*([] if filled & set(TARGETS) else [TARGETS[0]]), *([] if "head" in filled else ["head"])]


def keep_plan(work: Work, row: PlanRow, values: Mapping[str, str], author_id: int | None) -> list[Changed]:
    """Keep a whole plan as a new version; gives what changed. Where nothing did, the version that stands is enough."""
    stood = row.values
    changed = [
        Changed(name, stood.get(name), values[name]) for name in FIELDS if values.get(name, "") != stood.get(name, "")
    ]
    if not changed:
        plans.drop_draft(work.tx, row.assignment_id)
        return []
    plans.keep(work.tx, row.assignment_id, dict(values), author_id=author_id, at=work.at)
    record(work, "keep_plan", f"assignment:{row.assignment_id}", author_id, fields=[each.field for each in changed])
    return changed


def shown_plan(row: PlanRow) -> dict[str, Any]:
    """Give what names a plan's task to a person."""
    return {
        "assignment": row.assignment_id,
        "list": row.list,
        "no": row.no,
        "name": row.text[:24],
        "unit": row.unit_name,
    }


# --- who has not sent a plan -----------------------------------------------------------------------------------------


def show_plans(work: Work, to: Recipient) -> None:
    """Answer /plans: for each notice which units have not sent their plan, for which tasks."""
    notices = []
    for tasks in _by(asked_plans(work), lambda task: task.row.notice_id):
        missing = [task for task in tasks if not task.is_planned]
        units = [
            {
                "unit": group[0].row.unit_name,
                "count": len(group),
                "numbers": [task.row.no for task in group[:TASKS_NAMED]],
            }
            for group in _by(missing, lambda task: task.row.unit_id)
        ]
        notices.append(
            {
                "title": tasks[0].title,
                "due_at": _iso(tasks[0].due_at),
                "days": _days(work, tasks[0].due_at),
                "total": len(tasks),
                "planned": len(tasks) - len(missing),
                "units": units[:UNITS_SHOWN],
                "more": max(len(units) - UNITS_SHOWN, 0),
            }
        )
    say(work, to, Kind.PLANS, notices=notices)


def missing_plans(work: Work, *, late: bool) -> list[dict[str, Any]]:
    """Tell for the digest, notice by notice, which units have no plan: past its date, or due within some days."""
    found = []
    missing = [task for task in asked_plans(work) if not task.is_planned and task.due_at is not None]
    for tasks in _by(missing, lambda task: task.row.notice_id):
        due = tasks[0].due_at
        if due is None or bool(_days(work, due)) != late:
            continue
        days_left = (due_on(due, work.policy.zone) - today(work)).days
        if days_left > SOON_DAYS:
            continue
        names = list(dict.fromkeys(task.row.unit_name for task in tasks))
        found.append(
            {
                "due_at": due.isoformat(),
                "days": _days(work, due),
                "days_left": days_left,
                "count": len(tasks),
                "units": len(names),
                "names": names[:UNITS_NAMED],
            }
        )
    return found


# --- reminders -------------------------------------------------------------------------------------------------------


def plan_reminders(work: Work) -> dict[int, PlanReminder]:
    """Give by person what to remind them of: plans not sent, at the ladder's latest step passed, each step once."""
    by_person: dict[int, list[tuple[Holder, list[PlanTask], Rung]]] = {}
    told = nudges.digest_slots(work.tx, REMINDED)
    for tasks, rung, moment in _steps(work):
        for holder in people.holders(work.tx, Role.LIAISON, units=[tasks[0].row.unit_id]):
            is_new = (holder.person_id, _slot(tasks[0], rung)) not in told
            if is_new and holder.since < moment and holder.reach == Reach.YES:
                by_person.setdefault(holder.person_id, []).append((holder, tasks, rung))
    return {person_id: _reminder(work, found) for person_id, found in by_person.items()}


def tell_of_plans(work: Work, reminder: PlanReminder) -> None:
    """Remind a person of plans alone."""
    to = Recipient(reminder.holder.telegram_id, reminder.holder.person_id)
    message = say(work, to, Kind.PLAN_NUDGE, priority=outbox.REMINDER, position=reminder.position, plans=reminder.shown)
    note_reminded(work, reminder, message)


def note_reminded(work: Work, reminder: PlanReminder, message: int) -> None:
    """Note which message reminds a person of plans."""
    for slot in reminder.slots:
        person_id = reminder.holder.person_id
        number = nudges.add_digest(work.tx, kind=REMINDED, person_id=person_id, slot=slot, at=work.at)
        nudges.set_digest_message(work.tx, number, message)


def still_missing(work: Work, person: KnownPerson, shown: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give what is still true of a reminder's plans: those of the person's own units that were not sent meanwhile."""
    missing = [task for task in asked_plans(work, list(person.units_as(Role.LIAISON))) if not task.is_planned]
    left = []
    for plan in shown:
        same = [
            task for task in missing if (task.row.unit_id, task.row.notice_id) == (plan["unit_id"], plan["notice_id"])
        ]
        if same and _iso(same[0].due_at) == plan["due_at"]:
            left.append({**plan, "count": len(same)})
    return left


def _steps(work: Work) -> Iterable[tuple[list[PlanTask], Rung, datetime]]:
    """Give each unit's missing plans of one notice with the reminder they have reached."""
    policy = work.policy
    coming = [task for task in asked_plans(work) if task.due_at is not None and _is_near(work, task.due_at)]
    for tasks in _by(
        [task for task in coming if not task.is_planned], lambda task: (task.row.notice_id, task.row.unit_id)
    ):
        due = tasks[0].due_at
        assert due is not None  # noqa: S101  # only those with a date came this far
        found = latest_passed(due_on(due, policy.zone), policy.ladder, work.at, policy.calendar, policy.zone)
        if found is None or work.at - found[1] > STALE:
            continue
        known = [task for task in tasks if task.row.announced_at is not None and task.row.announced_at < found[1]]
        if known:  # a unit that was not told of its tasks before this step is not chased for them
            yield known, *found


def _reminder(work: Work, found: Sequence[tuple[Holder, list[PlanTask], Rung]]) -> PlanReminder:
    shown = [_shown_reminder(work, tasks) for _, tasks, _ in found]
    rungs = {rung for _, _, rung in found}
    step = list(position(next(iter(rungs)), work.policy.ladder)) if len(rungs) == 1 else None
    return PlanReminder(found[0][0], shown, [_slot(tasks[0], rung) for _, tasks, rung in found], step)


def _shown_reminder(work: Work, tasks: Sequence[PlanTask]) -> dict[str, Any]:
    first, due = tasks[0].row, tasks[0].due_at
    assert due is not None  # noqa: S101  # nobody is reminded of what has no date
    return {
        "unit_id": first.unit_id,
        "notice_id": first.notice_id,
        "unit": first.unit_name,
        "count": len(tasks),
        "due_at": due.isoformat(),
        "days_left": (due_on(due, work.policy.zone) - today(work)).days,
    }


def _slot(task: PlanTask, rung: Rung) -> str:
    return f"{task.row.notice_id}:{task.row.unit_id}:{_iso(task.due_at)}:{rung.key}"


def _is_near(work: Work, due: datetime) -> bool:
    return work.at < due <= work.at + AHEAD


def _days(work: Work, due: datetime | None) -> int:
    return days_overdue(due, work.at, work.policy.zone) if due is not None else 0


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _by(tasks: Collection[PlanTask], key: Any) -> list[list[PlanTask]]:
    """Group tasks by a key, in the order the keys are met."""
    groups: dict[Any, list[PlanTask]] = {}
    for task in tasks:
        groups.setdefault(key(task), []).append(task)
    return list(groups.values())
