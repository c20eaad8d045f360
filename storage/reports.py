"""What was reported: every version of every report, and texts whose task is not known yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, text, update

from storage.rows import add, many, one
from storage.states import ReportState
from storage.store import Transaction
from storage.tables import Attachment, KeptText, Notice, Obligation, Period, Report, Task, Unit, columns_of

_report, _kept, _obligation, _period, _task, _unit, _notice, _attachment = (
    columns_of(table) for table in (Report, KeptText, Obligation, Period, Task, Unit, Notice, Attachment)
)
_columns = (
    _report.c.id,
    _report.c.obligation_id,
    _report.c.version,
    _report.c.state,
    _report.c.progress,
    _report.c.problems,
    _report.c.next_step,
    _report.c.stage_met,
    _report.c.characters,
    _report.c.over_limit_reason,
    _report.c.findings,
    _report.c.author_id,
    _report.c.chat_id,
    _report.c.message_id,
    _report.c.sent_at,
    _report.c.attested_at,
    _report.c.withdrawn_at,
)
_add = insert(_report)
_report_by_id = select(*_columns).where(_report.c.id == bindparam("number"))
_past = (
    select(_report.c.obligation_id, _report.c.version, _report.c.state, _report.c.progress)
    .join(_obligation, _obligation.c.id == _report.c.obligation_id)
    .where(_obligation.c.task_id == bindparam("task_id"), _obligation.c.unit_id == bindparam("unit_id"))
    .order_by(_obligation.c.due_at.desc(), _report.c.version.desc())
    .limit(50)
)
_is_draft = text("report.state = 'draft'")  # literal: a bound value keeps SQLite from the partial index
_replace = (
    update(_report)
    .where(_report.c.obligation_id == bindparam("owed"), _report.c.state == "draft")
    .values(state=ReportState.REPLACED)
)


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """One version of a report."""

    id: int
    obligation_id: int
    version: int
    state: str
    progress: str
    problems: str | None
    next_step: str | None
    stage_met: bool | None
    characters: int
    over_limit_reason: str | None
    findings: list[Any]
    author_id: int
    chat_id: int | None
    message_id: int | None
    sent_at: datetime
    attested_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastText:
    """What a unit wrote for a task before."""

    obligation_id: int
    version: int
    state: str
    progress: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a unit said it would do next for a task, in the report due at `due_at`."""

    task_id: int
    due_at: datetime
    next_step: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A text that waits for its task."""

    id: int
    person_id: int
    chat_id: int
    message_id: int
    text: str
    sent_at: datetime
    used_at: datetime | None
    continues_id: int | None
    report_id: int | None
    part: str | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report as the ledger shows it."""

    notice_id: int
    unit: str
    list: str
    no: int
    period: str
    version: int
    state: str
    characters: int
    progress: str
    problems: str | None
    next_step: str | None
    stage_met: bool | None
    sent_at: datetime
    late: bool
    attachments: int


def past_texts(tx: Transaction, *, task_id: int, unit_id: int) -> list[PastText]:
    """List what a unit wrote for a task, newest period and version first."""
    return many(tx, PastText, _past, {"task_id": task_id, "unit_id": unit_id})


def add_draft(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a new version as a draft in place of the one before, which stays kept; gives its number."""
    tx.execute(_replace, {"owed": values["obligation_id"]})
    return add(tx, _add, {**values, "state": ReportState.DRAFT})


def report(tx: Transaction, report_id: int) -> ReportVersion | None:
    """Give one version by its number."""
    return one(tx, ReportVersion, _report_by_id, {"number": report_id})


def drafts_of(tx: Transaction, person_id: int) -> list[ReportVersion]:
    """List the drafts a person has not submitted, oldest first."""
    mine = select(*_columns).where(_report.c.author_id == person_id, _report.c.state == "draft")
    return many(tx, ReportVersion, mine.order_by(_report.c.id))


def drafts_of_unit(tx: Transaction, unit_id: int) -> list[ReportVersion]:
    """List a unit's drafts that may still be submitted, oldest first."""
    theirs = (
        select(*_columns)
        .join(_obligation, _obligation.c.id == _report.c.obligation_id)
        .where(_obligation.c.unit_id == unit_id, _report.c.state == "draft")
        .where(_obligation.c.state.in_(("open", "returned", "submitted")))
        .order_by(_report.c.id)
    )
    return many(tx, ReportVersion, theirs)


def newest(tx: Transaction, obligation_id: int) -> ReportVersion | None:
    """Give the newest version of an obligation's report that stands: its draft, else what was submitted."""
    standing = select(*_columns).where(
        _report.c.obligation_id == obligation_id,
        _report.c.state.in_((ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETURNED)),
    )
    return one(tx, ReportVersion, standing.order_by(_report.c.version.desc()).limit(1))


def drafted(tx: Transaction, *, until: datetime) -> dict[int, int]:
    """Give the draft (its number) of each obligation that has one written by then."""
    rows = select(_report.c.obligation_id, _report.c.id).where(
        _report.c.state == "draft", _report.c.created_at <= until
    )
    return {row.obligation_id: row.id for row in tx.execute(rows)}


def drafts_due(tx: Transaction, *, until: datetime) -> list[ReportVersion]:
    """List the drafts whose obligation's due instant has passed by then, but those that were taken back after it."""
    ripe = (
        select(*_columns)
        .join(_obligation, _obligation.c.id == _report.c.obligation_id)
        .where(_report.c.state == "draft", _obligation.c.due_at <= until, _obligation.c.state.in_(("open", "returned")))
        .where(or_(_report.c.withdrawn_at.is_(None), _report.c.withdrawn_at < _obligation.c.due_at))
        .order_by(_report.c.id)
    )
    return many(tx, ReportVersion, ripe)


def written_in(tx: Transaction, chat_id: int, message_id: int) -> list[ReportVersion]:
    """List the latest versions that came from one message of a chat."""
    newest = (
        select(func.max(_report.c.id))
        .where(_report.c.chat_id == chat_id, _report.c.message_id == message_id)
        .group_by(_report.c.obligation_id)
    )
    return many(tx, ReportVersion, select(*_columns).where(_report.c.id.in_(newest)).order_by(_report.c.id))


def submitted_version(tx: Transaction, obligation_id: int) -> ReportVersion | None:
    """Give the version that stands as submitted, or as accepted."""
    standing = (_report.c.obligation_id == obligation_id, _report.c.state.in_(("submitted", "accepted")))
    return one(tx, ReportVersion, select(*_columns).where(*standing).order_by(_report.c.version.desc()).limit(1))


def draft_of(tx: Transaction, obligation_id: int) -> ReportVersion | None:
    """Give an obligation's draft."""
    return one(tx, ReportVersion, select(*_columns).where(_report.c.obligation_id == obligation_id, _is_draft))


def was_returned(tx: Transaction, obligation_id: int) -> bool:
    """Whether a version of an obligation's report was returned for revision."""
    returned = (_report.c.obligation_id == obligation_id, _report.c.state == "returned")
    return tx.execute(select(_report.c.id).where(*returned).limit(1)).first() is not None


def add_accepted(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a new version as accepted in place of the accepted one, which stays kept; gives its number."""
    accepted = (_report.c.obligation_id == values["obligation_id"], _report.c.state == "accepted")
    tx.execute(update(_report).where(*accepted).values(state=ReportState.REPLACED))
    return add(tx, _add, {**values, "state": ReportState.ACCEPTED})


def change_report(tx: Transaction, report_id: int, **values: Any) -> None:
    """Change a version that is still a draft, or its state."""
    tx.execute(update(_report).where(_report.c.id == report_id).values(**values))


def replace_submitted(tx: Transaction, obligation_id: int, *, newest: int) -> None:
    """Mark the submitted versions before the newest as replaced; they stay kept."""
    older = (_report.c.obligation_id == obligation_id, _report.c.id != newest, _report.c.state == "submitted")
    tx.execute(update(_report).where(*older).values(state=ReportState.REPLACED))


def accept_reports(tx: Transaction, obligation_ids: list[int]) -> None:
    """Mark the submitted versions of these obligations as accepted."""
    submitted = (_report.c.obligation_id.in_(obligation_ids), _report.c.state == "submitted")
    tx.execute(update(_report).where(*submitted).values(state=ReportState.ACCEPTED))


def submitted_since(tx: Transaction, since: datetime | None, *, until: datetime) -> int:
    """Count the reports that came in during a span: by when they were submitted, whenever their texts were written."""
    statement = select(func.count(_report.c.obligation_id.distinct())).where(_report.c.submitted_at <= until)
    if since is not None:
        statement = statement.where(_report.c.submitted_at > since)
    return int(tx.execute(statement).scalar_one())


def list_reports(
    tx: Transaction, *, period: str | None, unit: str | None, notice_id: int | None, task_id: int | None = None
) -> list[ReportRow]:
    """List the latest submitted version of each report, in the order of notice, period, unit and task."""
    kept = (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED)
    stands = (_attachment.c.obligation_id == _obligation.c.id, _attachment.c.removed_at.is_(None))
    attached = select(func.count()).select_from(_attachment).where(*stands).scalar_subquery()
    statement = (
        select(
            _task.c.notice_id,
            _unit.c.name.label("unit"),
            _task.c.list,
            _task.c.no,
            _period.c.label.label("period"),
            _report.c.version,
            _report.c.state,
            _report.c.characters,
            _report.c.progress,
            _report.c.problems,
            _report.c.next_step,
            _report.c.stage_met,
            _report.c.sent_at,
            _obligation.c.is_late.label("late"),
            attached.label("attachments"),
        )
        .join(_obligation, _obligation.c.id == _report.c.obligation_id)
        .join(_task, _task.c.id == _obligation.c.task_id)
        .join(_unit, _unit.c.id == _obligation.c.unit_id)
        .join(_period, _period.c.id == _obligation.c.period_id)
        .where(_report.c.state.in_(kept))
        .order_by(_task.c.notice_id, _period.c.due_at, _unit.c.id, _task.c.position)
    )
    if period is not None:
        statement = statement.where(_period.c.label == period)
    if unit is not None:
        statement = statement.where(_unit.c.name == unit)
    if notice_id is not None:
        statement = statement.where(_task.c.notice_id == notice_id)
    if task_id is not None:
        statement = statement.where(_task.c.id == task_id)
    return many(tx, ReportRow, statement)


def next_steps(tx: Transaction, unit_id: int) -> list[NextStep]:
    """List what a unit reported as its next steps, the latest due first."""
    sent = (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED)
    rows = (
        select(_obligation.c.task_id, _obligation.c.due_at, _report.c.next_step)
        .join(_obligation, _obligation.c.id == _report.c.obligation_id)
        .where(_obligation.c.unit_id == unit_id, _report.c.state.in_(sent), _report.c.next_step.is_not(None))
        .order_by(_obligation.c.due_at.desc(), _report.c.version.desc())
    )
    return many(tx, NextStep, rows)


# --- kept texts ------------------------------------------------------------------------------------------------------


def keep_text(tx: Transaction, values: dict[str, Any]) -> int:
    """Keep a text until its task is known; gives its number."""
    return add(tx, insert(_kept), values)


def kept_text(tx: Transaction, kept_id: int) -> Kept | None:
    """Give a kept text by its number."""
    return one(tx, Kept, _kept_columns().where(_kept.c.id == kept_id))


def kept_from(tx: Transaction, chat_id: int, message_id: int) -> Kept | None:
    """Give the text last kept from one message of a chat."""
    same = _kept_columns().where(_kept.c.chat_id == chat_id, _kept.c.message_id == message_id)
    return one(tx, Kept, same.order_by(_kept.c.id.desc()).limit(1))


def half_in(tx: Transaction, chat_id: int, message_id: int) -> Kept | None:
    """Give the text of one message of a chat that is one part of a text sent in several messages."""
    later = _kept.alias("later")
    first = select(later.c.id).where(later.c.continues_id == _kept.c.id).exists()
    same = (_kept.c.chat_id == chat_id, _kept.c.message_id == message_id)
    found = _kept_columns().where(*same, or_(_kept.c.continues_id.is_not(None), first))
    return one(tx, Kept, found.order_by(_kept.c.id).limit(1))


def continuation_of(tx: Transaction, kept_id: int) -> Kept | None:
    """Give the text that goes on with a kept one."""
    return one(tx, Kept, _kept_columns().where(_kept.c.continues_id == kept_id).order_by(_kept.c.id).limit(1))


def last_long(tx: Transaction, chat_id: int, *, between: tuple[int, int], since: datetime, before: int) -> Kept | None:
    """Give the last text kept of a chat since an instant, before a message, of so many characters."""
    found = _kept_columns().where(
        _kept.c.chat_id == chat_id,
        _kept.c.sent_at >= since,
        _kept.c.message_id < before,
        func.length(_kept.c.text).between(*between),
    )
    return one(tx, Kept, found.order_by(_kept.c.id.desc()).limit(1))


def last_open_kept(tx: Transaction, person_id: int, *, since: datetime) -> Kept | None:
    """Give the text last kept for a person since then that has not found its task."""
    theirs = _kept_columns().where(_kept.c.person_id == person_id, _kept.c.used_at.is_(None), _kept.c.sent_at > since)
    return one(tx, Kept, theirs.order_by(_kept.c.id.desc()).limit(1))


def change_kept(tx: Transaction, kept_id: int, **values: Any) -> None:
    """Change a kept text (its words after an edit, or that it found its task)."""
    tx.execute(update(_kept).where(_kept.c.id == kept_id).values(**values))


def _kept_columns() -> Any:
    return select(
        _kept.c.id,
        _kept.c.person_id,
        _kept.c.chat_id,
        _kept.c.message_id,
        _kept.c.text,
        _kept.c.sent_at,
        _kept.c.used_at,
        _kept.c.continues_id,
        _kept.c.report_id,
        _kept.c.part,
    )
