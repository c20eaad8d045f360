"""What is to stand of a notice: what a plan says, or what stands with its groups replaced and periods added."""

from collections.abc import Sequence
from typing import Any

from notices.notice import Notice
from office.notice.differences import Wanted, WantedPeriod, WantedTask
from office.notice.units import Register
from office.work import Work
from rules.periods import DueRule, Period, due_at, plan_periods
from rules.policy import ReportingPolicy
from rules.workdays import WorkCalendar
from storage.standing import Standing


def as_planned(work: Work, notice: Notice, register: Register) -> Wanted:
    """Want what a notice says, its owners by the names and members the register has for them."""
    lists = frozenset(notice.reporting_lists)
    tasks, periods = wanted_tasks(notice, register), wanted_periods(work, notice)
    return Wanted(notice_fields(work, notice), tasks, periods, lists, is_whole=True)


def as_it_stands(
    stands: Standing, register: Register, lists: frozenset[str], more: Sequence[WantedPeriod] = ()
) -> Wanted:
    """Want what stands, its groups replaced by their members, and the periods that are not there yet."""
    parts: dict[int, list[tuple[str, str]]] = {}
    for part in stands.parts:
        if part.ended_at is None:
            parts.setdefault(part.task_id, []).append((part.unit, part.role))
    tasks = [
        WantedTask(
            task.list,
            task.no,
            task.section,
            task.text,
            tuple(task.leaders),
            task.leader_label,
            task.deadline,
            register.parts(parts.get(task.id, ())),
        )
        for task in stands.tasks
        if task.status == "open"
    ]
    kept = [
        WantedPeriod(each.label, each.begins_on, each.ends_on, each.due_at, each.is_provisional)
        for each in stands.periods
        if each.ended_at is None
    ]
    labels = {period.label for period in stands.periods}
    new = [period for period in more if period.label not in labels]
    return Wanted(stands.fields, tasks, [*kept, *new], lists, is_whole=False)


def wanted_tasks(notice: Notice, register: Register) -> tuple[WantedTask, ...]:
    """Give a notice's tasks with each unit's part in them."""
    return tuple(
        WantedTask(
            list=task.list,
            no=task.no,
            section=task.section,
            text=task.text,
            leaders=tuple(task.leaders),
            leader_label=task.leader_label,
            deadline=task.deadline,
            parts=register.parts((owner.name, owner.role) for owner in task.owners),
        )
        for task in notice.tasks
    )


def wanted_periods(work: Work, notice: Notice) -> tuple[WantedPeriod, ...]:
    """Give a notice's periods, or for a silent notice the office's."""
    policy = work.policy
    return tuple(
        WantedPeriod(
            period.label, period.begins_on, period.ends_on, due_at(period.due_on, policy.zone), period.provisional
        )
        for period in periods_for(notice, policy.reporting, policy.calendar)
    )


def periods_for(notice: Notice, reporting: ReportingPolicy, calendar: WorkCalendar) -> tuple[Period, ...]:
    """Give a notice's periods: its own, or for a silent notice those the office's setting gives."""
    if notice.periods or reporting.cadence is None:
        return tuple(notice.periods)
    return plan_periods(
        cadence=reporting.cadence,
        due_dates=(),
        due_rule=reporting.due_rule or DueRule(reporting.month_offset, day=-1),
        issued_on=notice.issued_on,
        starts_on=None,
        plan_year=notice.plan_year,
        calendar=calendar,
    )


def notice_fields(work: Work, notice: Notice) -> dict[str, Any]:
    """Give a notice's own row, but for the file it is from; what it leaves open the office's setting decides."""
    reporting, rules = work.policy.reporting, notice.rules
    soft = rules.length_is_soft if rules.length_is_soft is not None else reporting.length_is_soft
    return {
        "title": notice.title,
        "issuer": notice.issuer,
        "document_number": notice.document_number,
        "issued_on": notice.issued_on,
        "plan_year": notice.plan_year,
        "max_length": rules.max_length or reporting.max_length,
        "min_length": rules.min_length or reporting.min_length,
        "length_is_soft": True if soft is None else soft,
        "attest": reporting.attest if rules.attest is None else rules.attest,
        "rules": notice.to_json()["rules"],
        "warnings": notice.to_json()["warnings"],
    }
