"""A notice is adopted (立项): its tasks, units, periods and what is due from whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from notices.notice import Notice, Task
from notices.units import is_group
from office.auditing import record
from office.work import OfficeError, Work
from rules.periods import DueRule, Period, due_at, plan_periods
from rules.policy import ReportingPolicy
from rules.workdays import WorkCalendar
from storage import ledger, requests
from storage.states import ObligationState

GROUP = "“{}”是一组单位，尚未展开，暂按一个单位立项；不发邀请码，请核对由哪些单位分别报送。"
OWING_ROLES = ("lead", "owner")  # a support owes nothing to the office: it contributes to its lead


@dataclass(frozen=True, slots=True)
class Adoption:
    """What stands for a notice after adopting it."""

    notice_id: int
    tasks: int
    units: int
    periods: int
    obligations: int
    warnings: Sequence[dict[str, Any]]
    is_new: bool


def adopt_notice(work: Work, notice: Notice, *, source_hash: str, waive_before: date | None = None) -> Adoption:
    """Adopt a notice; the same file again adds only periods that a setting has given since, or waives earlier ones.

    Raises: OfficeError where the notice holds no task.
    """
    if not notice.tasks:
        raise OfficeError(f"the notice “{notice.title}” holds no task; nothing was adopted")
    notice_id = ledger.notice_by_hash(work.tx, source_hash)
    is_new = notice_id is None
    if notice_id is None:
        notice_id = _keep_notice(work, notice, source_hash)
        _keep_tasks(work, notice_id, notice)
    added = _keep_periods(work, notice_id, notice)
    waived = _waive(work, notice_id, waive_before)
    counts = ledger.counts_of(work.tx, notice_id)
    if is_new:
        record(work, "adopt_notice", f"notice:{notice_id}", title=notice.title, source=source_hash, **counts)
    elif added:
        record(work, "add_periods", f"notice:{notice_id}", periods=added)
    if waived and waive_before:
        record(work, "waive_periods", f"notice:{notice_id}", before=waive_before.isoformat(), obligations=waived)
    warnings = _warnings(notice, has_periods=counts["periods"] > 0)
    return Adoption(notice_id=notice_id, warnings=warnings, is_new=is_new, **counts)


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


def _waive(work: Work, notice_id: int, before: date | None) -> int:
    return ledger.waive_before(work.tx, notice_id, due_at(before, work.policy.zone)) if before else 0


def _warnings(notice: Notice, *, has_periods: bool) -> list[dict[str, Any]]:
    """Give what was doubtful in the notice and still is, and the groups of units in it."""
    groups = dict.fromkeys(owner.name for task in notice.tasks for owner in task.owners if is_group(owner.name))
    found = [
        {"code": w.code, "message": w.message, "task": w.task}
        for w in notice.warnings
        if not (has_periods and w.code == "no_cadence")
    ]
    return [*found, *({"code": "group", "message": GROUP.format(name), "task": None} for name in groups)]


def _keep_notice(work: Work, notice: Notice, source_hash: str) -> int:
    reporting, rules = work.policy.reporting, notice.rules
    soft = rules.length_is_soft if rules.length_is_soft is not None else reporting.length_is_soft
    return ledger.add_notice(
        work.tx,
        {
            "source_hash": source_hash,
            "title": notice.title,
            "issuer": notice.issuer,
            "document_number": notice.document_number,
            "issued_on": notice.issued_on,
            "plan_year": notice.plan_year,
            "max_length": rules.max_length or reporting.max_length,
            "min_length": rules.min_length or reporting.min_length,
            "length_is_soft": True if soft is None else soft,
            "rules": notice.to_json()["rules"],
            "warnings": notice.to_json()["warnings"],
            "adopted_at": work.at,
        },
    )


def _keep_tasks(work: Work, notice_id: int, notice: Notice) -> None:
    known = {unit.name: unit.id for unit in ledger.units(work.tx)}
    known |= {alias: unit.id for unit in ledger.units(work.tx) for alias in unit.aliases}
    for position, task in enumerate(notice.tasks):
        task_id = ledger.add_task(work.tx, _task_row(notice_id, position, task))
        parts: dict[int, str] = {}
        for owner in task.owners:
            if owner.name not in known:
                known[owner.name] = ledger.add_unit(work.tx, name=owner.name, is_group=is_group(owner.name), at=work.at)
            parts.setdefault(known[owner.name], owner.role)  # a unit printed twice keeps its first, stronger part
        rows = [{"task_id": task_id, "unit_id": unit_id, "role": role} for unit_id, role in parts.items()]
        ledger.add_assignments(work.tx, rows)


def _task_row(notice_id: int, position: int, task: Task) -> dict[str, Any]:
    return {
        "notice_id": notice_id,
        "position": position,
        "list": task.list,
        "no": task.no,
        "section": task.section,
        "text": task.text,
        "leaders": list(task.leaders),
        "leader_label": task.leader_label,
        "deadline": task.deadline,
        "status": "open",
    }


def _keep_periods(work: Work, notice_id: int, notice: Notice) -> list[str]:
    """Keep the periods that are not kept yet, with what is due in them; gives their labels."""
    kept = set(ledger.periods_of(work.tx, notice_id))
    periods = periods_for(notice, work.policy.reporting, work.policy.calendar)
    new = [period for period in periods if period.label not in kept]
    if not new:
        return []
    closed_out = requests.closed_out(work.tx)
    owing = [
        (task_id, unit_id)
        for task_id, unit_id, role, list_name in ledger.assignments_of(work.tx, notice_id)
        if role in OWING_ROLES and list_name in notice.reporting_lists and (task_id, unit_id) not in closed_out
    ]
    for period in new:
        _keep_period(work, notice_id, period, owing)
    return [period.label for period in new]


def _keep_period(work: Work, notice_id: int, period: Period, owing: list[tuple[int, int]]) -> None:
    due = due_at(period.due_on, work.policy.zone)
    period_id = ledger.add_period(
        work.tx,
        {
            "notice_id": notice_id,
            "label": period.label,
            "begins_on": period.begins_on,
            "ends_on": period.ends_on,
            "due_at": due,
            "is_provisional": period.provisional,
        },
    )
    open_ = ObligationState.OPEN
    rows = [
        {"period_id": period_id, "task_id": task, "unit_id": unit, "due_at": due, "state": open_}
        for task, unit in owing
    ]
    ledger.add_obligations(work.tx, rows)
