"""What a notice says once it is read: tasks, rules, periods, and what a person should look at."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from rules.periods import Cadence, DueRule, Period

Role = Literal["lead", "support", "owner"]


class NoticeError(Exception):
    """A file that cannot be taken as a notice; the message is one sentence for a person, `code` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Owner:
    """A unit or group as printed, layout spaces removed."""

    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Task:
    """One numbered task; `owners` is never empty, `list` and `no` need not be unique in a faulty document."""

    list: str
    no: int
    section: str | None
    text: str
    owners: tuple[Owner, ...]
    leaders: tuple[str, ...] = ()
    leader_label: str | None = None
    deadline: str | None = None

    @property
    def key(self) -> str:
        """Return `<list>#<no>`, as warnings name a task."""
        return f"{self.list}#{self.no}"


@dataclass(frozen=True, slots=True)
class Rules:
    """How the notice wants to be reported to; None or empty: it does not say."""

    cadence: Cadence | None = None
    due_dates: tuple[date, ...] = ()
    due_rule: DueRule | None = None
    max_length: int | None = None
    min_length: int | None = None
    length_is_soft: bool | None = None
    contact_required: bool | None = None
    submit_to: str | None = None
    plan_due: date | None = None
    liaisons_per_unit: int | None = None
    bulletins: tuple[str, ...] = ()
    attest: bool | None = (
        None  # whether the unit's principal head has to agree first; not in the JSON, whose keys are fixed
    )


@dataclass(frozen=True, slots=True)
class Remark:
    """A warning: something guessed, repaired or left unread; `task` is a task's key where it concerns one."""

    code: str
    message: str
    task: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One published notice; `reporting_lists` names the lists whose tasks its rules bind."""

    title: str
    issuer: str | None
    document_number: str | None
    issued_on: date | None
    plan_year: int
    rules: Rules
    periods: tuple[Period, ...]
    tasks: tuple[Task, ...]
    warnings: tuple[Remark, ...]
    reporting_lists: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the notice as formats/notice.schema.json has it."""
        return {
            "title": self.title,
            "issuer": self.issuer,
            "document_number": self.document_number,
            "issued_on": _iso(self.issued_on),
            "plan_year": self.plan_year,
            "rules": _rules_to_json(self.rules),
            "periods": [_period_to_json(period) for period in self.periods],
            "tasks": [_task_to_json(task) for task in self.tasks],
            "warnings": [asdict(remark) for remark in self.warnings],
        }


def _rules_to_json(rules: Rules) -> dict[str, Any]:
    return {
        "cadence": rules.cadence,
        "due_dates": [due.isoformat() for due in rules.due_dates],
        "due_rule": asdict(rules.due_rule) if rules.due_rule else None,
        "max_length": rules.max_length,
        "min_length": rules.min_length,
        "length_is_soft": rules.length_is_soft,
        "contact_required": rules.contact_required,
        "submit_to": rules.submit_to,
        "plan_due": _iso(rules.plan_due),
        "liaisons_per_unit": rules.liaisons_per_unit,
        "bulletins": list(rules.bulletins),
    }


def _period_to_json(period: Period) -> dict[str, str]:
    return {
        "label": period.label,
        "begins_on": period.begins_on.isoformat(),
        "ends_on": period.ends_on.isoformat(),
        "due_on": period.due_on.isoformat(),
    }


def _task_to_json(task: Task) -> dict[str, Any]:
    return {**asdict(task), "owners": [asdict(owner) for owner in task.owners], "leaders": list(task.leaders)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
