"""A notice as it stands is put back into a plan, so that it can be written as the correctable workbook and adopted again."""

from datetime import date
from typing import Any

from notices.notice import Notice, Owner, Rules, Task
from notices.plan import Plan, UnitEntry
from office.notice.differences import reporting_lists
from office.work import OfficeError, Work
from rules.periods import DueRule, Period, due_on
from storage import ledger, standing
from storage.standing import Standing


def standing_plan(work: Work, notice_id: int) -> Plan:
    """Give what stands of a notice as a plan; adopting it changes nothing.

    Raises: OfficeError where there is no such notice.
    """
    known = standing.notices(work.tx)
    if notice_id not in {each.id for each in known}:
        there_are = "；".join(f"{each.id} {each.title}" for each in known) or "none"
        raise OfficeError(f"there is no notice {notice_id}; there are: {there_are}")
    stands = standing.load(work.tx, notice_id)
    fields = stands.fields
    notice = Notice(
        title=fields["title"],
        issuer=fields["issuer"],
        document_number=fields["document_number"],
        issued_on=fields["issued_on"],
        plan_year=fields["plan_year"],
        rules=_rules(fields),
        periods=tuple(
            Period(each.label, each.begins_on, each.ends_on, due_on(each.due_at, work.policy.zone), each.is_provisional)
            for each in stands.periods
            if each.ended_at is None
        ),
        tasks=_tasks(stands),
        warnings=(),
        reporting_lists=tuple(sorted(reporting_lists(stands))),
    )
    return Plan(notice, _entries(work, notice))


def _rules(fields: Any) -> Rules:
    said = dict(fields["rules"])
    rule = said.pop("due_rule")
    said |= {name: fields[name] for name in ("max_length", "min_length", "length_is_soft", "attest")}
    said |= {"due_dates": (), "bulletins": tuple(said["bulletins"])}  # the periods say when what is due
    plan_due = said.pop("plan_due")
    return Rules(
        **said,
        due_rule=DueRule(**rule) if rule else None,
        plan_due=date.fromisoformat(plan_due) if plan_due else None,
    )


def _tasks(stands: Standing) -> tuple[Task, ...]:
    owners: dict[int, list[Owner]] = {}
    for part in stands.parts:
        if part.ended_at is None:
            owners.setdefault(part.task_id, []).append(Owner(part.unit, part.role))  # type: ignore[arg-type]  # kept as read
    return tuple(
        Task(
            list=task.list,
            no=task.no,
            section=task.section,
            text=task.text,
            owners=tuple(owners.get(task.id, ())),
            leaders=tuple(task.leaders),
            leader_label=task.leader_label,
            deadline=task.deadline,
        )
        for task in stands.tasks
        if task.status == "open"
    )


def _entries(work: Work, notice: Notice) -> tuple[UnitEntry, ...]:
    """Give what the office has said of the notice's units."""
    named = {owner.name for task in notice.tasks for owner in task.owners}
    return tuple(
        UnitEntry(unit.name, tuple(unit.aliases), tuple(unit.members))
        for unit in ledger.units(work.tx)
        if unit.name in named and (unit.aliases or unit.members)
    )
