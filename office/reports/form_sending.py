"""A unit gets its form (表格) filled as far as known: the year plan (计划表), or the period's (落实情况表)."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from office.auditing import record
from office.notice.assigning import today
from office.reports.plans import PlanTask, asked_plans
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from papers.forms import PlanLine, PlanSheet, ReportLine, ReportSheet, plan_form, report_form
from rules.periods import due_on
from storage import files, ledger, plans, reports
from storage.files import FileContent
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import Role

PLAN, REPORT = "J", "Q"  # what a row's key begins with: the plan of an assignment, the report on an obligation
KEY = re.compile(rf"([{PLAN}{REPORT}])([0-9]{{1,15}})-([0-9A-F]{{8}})")
FORM_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT_FOR = timedelta(days=14)
PLAN_WORDS = {"plan", "计划", "计划表", "年度计划"}


def row_key(work: Work, kind: str, number: int) -> str:
    """Make the key of a form's row; its second half is signed, so that a changed number does not pass."""
    return f"{kind}{number}-{_check(work, kind, number)}"


def read_key(work: Work, text: str) -> tuple[str, int] | None:
    """Read a row's key; None for one that this office did not make."""
    found = KEY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()).upper())
    if found is None or not hmac.compare_digest(found[3], _check(work, found[1], int(found[2]))):
        return None
    return found[1], int(found[2])


def send_form(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Answer /form: the plan's where that is asked, else the period's; `words` may name a period by its label."""
    word = words.strip().lower()
    to = Recipient(letter.chat_id, person.id)
    units = person.units_as(Role.LIAISON)
    forms = (
        [] if word in PLAN_WORDS else [report_form_of(work, unit, name, word or None) for unit, name in units.items()]
    )
    name = "report"
    if word in PLAN_WORDS or not (word or any(forms)):
        forms, name = [plan_form_of(work, unit, unit_name) for unit, unit_name in units.items()], "plan"
    if not any(forms):
        say(work, to, Kind.FORM_NONE)
    for content in forms:
        if content is not None:
            kept = files.add(
                work.tx, content, purpose="form", person_id=person.id, at=work.at, keep_until=work.at + KEPT_FOR
            )
            record(work, "send_form", f"file:{kept}", person.id, name=content.name)
            say(work, to, Kind.FORM, file=kept, form=name)


def plan_form_of(work: Work, unit_id: int, unit: str) -> FileContent | None:
    """Write a unit's plan form; None where no plan is asked of it."""
    by_notice: dict[int, list[PlanTask]] = {}
    for task in asked_plans(work, [unit_id]):
        by_notice.setdefault(task.row.notice_id, []).append(task)
    if not by_notice:
        return None
    zone = work.policy.zone
    sheets = [
        PlanSheet(
            title=tasks[0].title,
            unit=unit,
            year=tasks[0].year,
            due_on=due_on(tasks[0].due_at, zone) if tasks[0].due_at is not None else None,
            lines=[_plan_line(work, task) for task in tasks],
        )
        for tasks in by_notice.values()
    ]
    return FileContent(f"{unit}-年度工作任务落实计划表.xlsx", FORM_TYPE, plan_form(sheets))


def report_form_of(work: Work, unit_id: int, unit: str, period: str | None = None) -> FileContent | None:
    """Write a unit's form for what it owes: for each task the earliest period, or the period named; None for nothing."""
    by_period: dict[tuple[int, str], list[Due]] = {}
    for due in _owed(work, unit_id, period):
        by_period.setdefault((due.notice_id, due.period), []).append(due)
    if not by_period:
        return None
    titles = {notice.id: notice.title for notice in plans.notices(work.tx)}
    targets = {row.task_id: row.values for row in plans.rows(work.tx, list(titles), units=[unit_id])}
    steps = reports.next_steps(work.tx, unit_id)
    sheets = [
        ReportSheet(
            title=titles[notice_id],
            unit=unit,
            period=label,
            due_on=due_on(dues[0].due_at, work.policy.zone),
            lines=[
                ReportLine(
                    key=row_key(work, REPORT, due.obligation_id),
                    no=due.no,
                    text=due.text,
                    target=target_of(targets.get(due.task_id, {}), label),
                    last_step=next(
                        (s.next_step for s in steps if s.task_id == due.task_id and s.due_at < due.due_at), None
                    ),
                    values=_written(work, due),
                )
                for due in dues
            ],
        )
        for (notice_id, label), dues in by_period.items()
    ]
    return FileContent(f"{unit}-工作任务落实情况表.xlsx", FORM_TYPE, report_form(sheets))


def target_of(values: dict[str, str], label: str) -> str | None:
    """Give what a plan says of a period: its quarter's target, or those of the quarters it spans."""
    targets = [values[name] for name in _quarters(label) if name in values]
    return "；".join(dict.fromkeys(targets)) or None


def _quarters(label: str) -> Sequence[str]:
    _, _, part = label.partition("-")
    if part in ("H1", "H2"):
        return ("q1", "q2") if part == "H1" else ("q3", "q4")
    if part[:1] == "Q":
        return (part.lower(),)
    if part.isdecimal() and 1 <= int(part) <= 12:
        return (f"q{(int(part) + 2) // 3}",)
    return () if part else plans.TARGETS


def _owed(work: Work, unit_id: int, period: str | None) -> list[Due]:
    owed = ledger.owed_by(work.tx, [unit_id], today=today(work))
    if period is not None:
        return [due for due in owed if due.period.lower() == period.lower()]
    first: dict[int, Due] = {}
    for due in owed:
        first.setdefault(due.task_id, due)
    return list(first.values())


def _plan_line(work: Work, task: PlanTask) -> PlanLine:
    row = task.row
    values = {**row.values, **plans.draft(work.tx, row.assignment_id)}
    return PlanLine(row_key(work, PLAN, row.assignment_id), row.no, row.text, values)


def _written(work: Work, due: Due) -> dict[str, str]:
    """Give what was written on an obligation already: its draft, or what came back for revision."""
    before = reports.newest(work.tx, due.obligation_id)
    if before is None:
        return {}
    met = {True: "是", False: "否", None: None}[before.stage_met]
    said: dict[str, Any] = {
        "progress": before.progress,
        "problems": before.problems,
        "next_step": before.next_step,
        "stage_met": met,
    }
    return {name: value for name, value in said.items() if value}


def _check(work: Work, kind: str, number: int) -> str:
    return work.vault.sign(f"form:{kind}{number}")[:8].upper()
