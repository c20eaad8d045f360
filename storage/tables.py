"""What is kept? The tables, in the terms of the field.

The classes define the tables; statements elsewhere in this package use their columns directly, since building
an object for each row costs more than the row (docs/decisions/0003).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Index, LargeBinary, Table, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import BigId, instant, key, ref
from storage.states import (
    CorrectionState,
    GroupState,
    InboxState,
    InspectionState,
    MeasureState,
    ObligationState,
    OutboxState,
    Reach,
    ReportState,
    RequestState,
    SlipState,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
NEVER_REUSED = {"sqlite_autoincrement": True}  # rows are followed by number: a deleted one's must not come again
metadata = SQLModel.metadata
metadata.naming_convention = NAMING


def columns_of(table: type[SQLModel]) -> Table:
    """Give a table's columns for use in statements."""
    found = table.__table__  # type: ignore[attr-defined]  # SQLModel sets it on every class made with table=True
    assert isinstance(found, Table)  # noqa: S101
    return found


def json_column(*, nullable: bool = False) -> Any:
    return Field(default=None, sa_column=Column(JSON, nullable=nullable))


def json_list() -> Any:
    """Make a column for a list that is empty where nothing is said: it can be added to a table that has rows."""
    return Field(default=[], sa_column=Column(JSON, nullable=False, server_default="[]"))


def flag() -> Any:
    """Make a column for what is not so where nothing is said: it can be added to a table that has rows."""
    return Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=text("false")))


# --- who -------------------------------------------------------------------------------------------------------------


class Unit(SQLModel, table=True):
    """A responsible unit (责任单位), or a group of units not yet expanded (各镇街)."""

    id: int | None = key()
    name: str = Field(unique=True)
    aliases: list[str] = json_column()
    is_group: bool = False
    uses_bot: bool = True
    created_at: datetime = instant()
    members: list[str] = json_list()  # of a group: the names of its units
    merged_at: datetime | None = instant(optional=True)  # since then only a name of the unit that has it as an alias


class Person(SQLModel, table=True):
    """Someone who has opened the bot with an invite; the numeric Telegram id is the identity, never a user name."""

    id: int | None = key()
    telegram_id: int = Field(sa_type=BigId, unique=True)
    name: str
    phone: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))  # encrypted, see vault
    language: str | None = None
    reach: str = Reach.YES
    created_at: datetime = instant()


class Membership(SQLModel, table=True):
    """One role of one person: for a unit, for certain tasks (leader), or for the whole office."""

    __table_args__ = (
        Index(
            "ix_membership_current",
            "person_id",
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
    )
    id: int | None = key()
    person_id: int = ref("person.id")
    role: str
    unit_id: int | None = ref("unit.id", optional=True, index=True)
    leader_name: str | None = None  # a leader leads the tasks that name them
    since: datetime = instant()
    until: datetime | None = instant(optional=True)


class Invite(SQLModel, table=True):
    """A code, used once, that gives a role; only its hash is kept."""

    id: int | None = key()
    code_hash: str = Field(unique=True)
    role: str
    unit_id: int | None = ref("unit.id", optional=True, index=True)
    person_name: str | None = None
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(optional=True)
    used_by: int | None = ref("person.id", optional=True)
    revoked_at: datetime | None = instant(optional=True)
    predecessor_id: int | None = ref("person.id", optional=True)  # whose role ends when the code is used (交接)


class Deletion(SQLModel, table=True):
    """That a person asked for what is kept about them to be deleted, and what the office decided."""

    id: int | None = key()
    person_id: int = ref("person.id", index=True)
    asked_at: datetime = instant()
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = ref("person.id", optional=True)
    is_agreed: bool | None = None


# --- what is owed ----------------------------------------------------------------------------------------------------


class Notice(SQLModel, table=True):
    """An adopted notice (通知) and the rules it set."""

    id: int | None = key()
    source_hash: str = Field(unique=True)
    title: str
    issuer: str | None = None
    document_number: str | None = None
    issued_on: date | None = None
    plan_year: int
    max_length: int | None = None
    min_length: int | None = None
    length_is_soft: bool = True
    attest: bool = flag()  # a report is submitted only once the unit's principal head has agreed to it
    review: bool | None = None  # whether reports wait for a supervisor's decision; None: as the office's setting says
    rules: dict[str, Any] = json_column()
    warnings: list[Any] = json_column()
    adopted_at: datetime = instant()
    sources: list[Any] = json_list()  # [hash, instant] of every file adopted for it, the present one last
    withdrawn_at: datetime | None = instant(optional=True)  # adopted by mistake, and taken back before its first push


class Task(SQLModel, table=True):
    """One task of a notice's breakdown."""

    __table_args__ = (UniqueConstraint("notice_id", "position"),)
    id: int | None = key()
    notice_id: int = ref("notice.id")
    position: int  # in the notice, from 0: printed numbers may start again in each section
    list: str
    no: int
    section: str | None = Field(default=None, sa_type=Text)
    text: str = Field(sa_type=Text)
    leaders: Sequence[str] = json_column()
    leader_label: str | None = None
    deadline: str | None = None
    status: str = "open"  # or withdrawn: not in the notice any more


class Assignment(SQLModel, table=True):
    """A unit's part in a task: lead, owner or support."""

    __table_args__ = (UniqueConstraint("task_id", "unit_id"),)
    id: int | None = key()
    task_id: int = ref("task.id")
    unit_id: int = ref("unit.id", index=True)
    role: str
    announced_at: datetime | None = instant(optional=True)
    signed_at: datetime | None = instant(optional=True)
    signed_by: int | None = ref("person.id", optional=True)
    ended_at: datetime | None = instant(optional=True)  # since then the unit has no part in the task any more
    sign_reminded_at: datetime | None = instant(optional=True)  # when it was reminded to sign for what it was told of


class Period(SQLModel, table=True):
    """A reporting period (报送期) of a notice."""

    __table_args__ = (UniqueConstraint("notice_id", "label"),)
    id: int | None = key()
    notice_id: int = ref("notice.id")
    label: str
    begins_on: date
    ends_on: date
    due_at: datetime = instant()
    is_provisional: bool = False
    ended_at: datetime | None = instant(optional=True)  # since then the notice does not have it any more
    first_due_at: datetime | None = instant(optional=True)  # before it was first moved


class Obligation(SQLModel, table=True):
    """What is due (应报) from one unit for one task in one period."""

    __table_args__ = (
        UniqueConstraint("period_id", "task_id", "unit_id"),
        Index(
            "ix_obligation_owed",
            "unit_id",
            "due_at",
            sqlite_where=text("state IN ('open', 'returned')"),
            postgresql_where=text("state IN ('open', 'returned')"),
        ),
        Index(
            "ix_obligation_owed_due",
            "due_at",
            sqlite_where=text("state IN ('open', 'returned')"),
            postgresql_where=text("state IN ('open', 'returned')"),
        ),
    )
    id: int | None = key()
    period_id: int = ref("period.id")
    task_id: int = ref("task.id", index=True)
    unit_id: int = ref("unit.id")
    due_at: datetime = instant()
    state: str = ObligationState.OPEN
    due_set_at: datetime | None = instant(
        optional=True
    )  # when due_at was last moved: earlier steps are not made up for
    first_sent_at: datetime | None = instant(optional=True)
    is_late: bool = False  # whether the first submission came after its due_at; a later return does not change it
    waived_for: str | None = None


class HolidayArrangement(SQLModel, table=True):
    """A year's official arrangement of days off (节假日安排) that a person handed in, in the schema of its file."""

    __tablename__ = "holiday_arrangement"
    id: int | None = key()
    year: int = Field(unique=True)
    content: dict[str, Any] = json_column()
    imported_at: datetime = instant()
    imported_by: int | None = ref("person.id", optional=True)


class PlanItem(SQLModel, table=True):
    """One version of a unit's year plan (计划) for one of its tasks; the draft is the version being written."""

    __tablename__ = "plan_item"
    __table_args__ = (UniqueConstraint("assignment_id", "version"),)
    id: int | None = key()
    assignment_id: int = ref("assignment.id")
    version: int
    is_draft: bool = False
    q1: str | None = Field(default=None, sa_type=Text)  # the targets of the four quarters
    q2: str | None = Field(default=None, sa_type=Text)
    q3: str | None = Field(default=None, sa_type=Text)
    q4: str | None = Field(default=None, sa_type=Text)
    head: str | None = None  # 主要负责人
    person: str | None = None  # 责任人
    author_id: int | None = ref("person.id", optional=True)  # none: entered on the command line
    updated_at: datetime = instant()


# --- what was reported -----------------------------------------------------------------------------------------------


class Report(SQLModel, table=True):
    """One version of what a unit wrote for one obligation; versions are never overwritten."""

    __table_args__ = (
        UniqueConstraint("obligation_id", "version"),
        Index("ix_report_source", "chat_id", "message_id"),
        Index(
            "ix_report_draft",
            "obligation_id",
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )
    id: int | None = key()
    obligation_id: int = ref("obligation.id")
    version: int
    state: str = ReportState.DRAFT
    progress: str = Field(sa_type=Text)
    problems: str | None = Field(default=None, sa_type=Text)
    next_step: str | None = Field(default=None, sa_type=Text)
    stage_met: bool | None = None
    characters: int
    over_limit_reason: str | None = Field(default=None, sa_type=Text)
    findings: list[Any] = json_column()
    author_id: int | None = ref("person.id", optional=True)  # none: entered on the command line
    chat_id: int | None = Field(default=None, sa_type=BigId)
    message_id: int | None = Field(default=None, sa_type=BigId)
    sent_at: datetime = instant()  # the text's own date
    created_at: datetime = instant()
    source: str | None = None  # of a report entered for its unit (代报): phone, paper, mail; sent_at is its receipt
    submitted_at: datetime | None = instant(optional=True)
    attested_at: datetime | None = instant(optional=True)  # when the author said that the head had agreed
    attested_by: int | None = Field(default=None, sa_type=BigId)  # a person
    withdrawn_at: datetime | None = instant(optional=True)  # by its unit: a draft again since


class KeptText(SQLModel, table=True):
    """A free text whose task is not known yet: kept until the person says which one it means."""

    __tablename__ = "kept_text"
    __table_args__ = (Index("ix_kept_text_source", "chat_id", "message_id"),)
    id: int | None = key()
    person_id: int = ref("person.id")
    chat_id: int = Field(sa_type=BigId)
    message_id: int = Field(sa_type=BigId)
    text: str = Field(sa_type=Text)
    sent_at: datetime = instant()
    used_at: datetime | None = instant(optional=True)
    continues_id: int | None = Field(default=None, sa_type=BigId)  # the text whose second half this is
    report_id: int | None = Field(
        default=None, sa_type=BigId
    )  # the version of which this text is a part, not the whole
    part: str | None = None  # which one: problems, next_step, stage_met, over_limit_reason


class Attachment(SQLModel, table=True):
    """A file sent with a report; it belongs to what is owed, whichever version of the text stands."""

    __table_args__ = (Index("ix_attachment_source", "chat_id", "message_id"), NEVER_REUSED)
    id: int | None = key()
    obligation_id: int | None = ref("obligation.id", optional=True, index=True)  # none: not known yet
    person_id: int = ref("person.id")
    file_id: int | None = ref("stored_file.id", optional=True)  # none: removed, and its bytes deleted
    unique_id: str  # Telegram's name for the file's content
    name: str
    media_type: str
    size: int  # bytes
    chat_id: int = Field(sa_type=BigId)
    message_id: int = Field(sa_type=BigId)
    album: str | None = None  # the media group it came in
    sent_at: datetime = instant()
    added_at: datetime = instant()
    removed_at: datetime | None = instant(optional=True)


class Correction(SQLModel, table=True):
    """A unit's request to correct (更正) a report that was accepted, and the office's answer."""

    __table_args__ = (
        Index(
            "ix_correction_waiting",
            "obligation_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        NEVER_REUSED,  # a button names it by number
    )
    id: int | None = key()
    obligation_id: int = ref("obligation.id", index=True)
    person_id: int = ref("person.id")
    kept_id: int = ref("kept_text.id")  # the new text
    reason: str = Field(sa_type=Text)
    state: str = CorrectionState.WAITING
    asked_at: datetime = instant()
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = ref("person.id", optional=True)
    answer: str | None = Field(default=None, sa_type=Text)


class Review(SQLModel, table=True):
    """A supervisor's decision (审核) on one version of a report: accepted, or returned with a reason and a due date."""

    __table_args__ = (UniqueConstraint("report_id"),)  # a version is decided once
    id: int | None = key()
    report_id: int = ref("report.id")
    obligation_id: int = ref("obligation.id", index=True)
    accepted: bool
    reason: str | None = Field(default=None, sa_type=Text)
    decided_at: datetime = instant()
    decided_by: int | None = ref("person.id", optional=True)  # none: on the command line
    old_due_at: datetime = instant()
    due_at: datetime = instant()


class Exemption(SQLModel, table=True):
    """Why an obligation was waived (免报) by the office."""

    id: int | None = key()
    obligation_id: int = ref("obligation.id", index=True)
    reason: str = Field(sa_type=Text)
    waived_at: datetime = instant()
    waived_by: int | None = ref("person.id", optional=True)  # none: on the command line


class ContributionRequest(SQLModel, table=True):
    """What a lead unit asks of a supporting unit for one obligation (请配合单位提供)."""

    __tablename__ = "contribution_request"
    __table_args__ = (UniqueConstraint("obligation_id", "unit_id"), NEVER_REUSED)  # buttons name it by number
    id: int | None = key()
    obligation_id: int = ref("obligation.id")  # of the lead unit
    unit_id: int = ref("unit.id", index=True)  # the supporting unit
    note: str | None = Field(default=None, sa_type=Text)
    wanted_on: date | None = None
    asked_by: int = ref("person.id")
    called_at: datetime = instant()  # when the lead last asked, or had the unit reminded
    told_at: datetime | None = instant(optional=True)  # when the unit was last told
    lead_told_at: datetime | None = instant(optional=True)  # when the lead was told of its silence
    closed_at: datetime | None = instant(optional=True)


class Contribution(SQLModel, table=True):
    """One version of what a supporting unit gave its lead; versions are never overwritten."""

    __table_args__ = (
        UniqueConstraint("request_id", "version"),
        Index("ix_contribution_source", "chat_id", "message_id"),
    )
    id: int | None = key()
    request_id: int = ref("contribution_request.id")
    version: int
    text: str = Field(sa_type=Text)
    characters: int
    author_id: int = ref("person.id")
    chat_id: int = Field(sa_type=BigId)
    message_id: int = Field(sa_type=BigId)
    sent_at: datetime = instant()  # the text's own date
    created_at: datetime = instant()


# --- what was asked for ----------------------------------------------------------------------------------------------


class Extension(SQLModel, table=True):
    """A request for a later due date (延期申请), and its answer; the first date stays in the first of them granted."""

    __table_args__ = (
        Index(
            "ix_extension_waiting",
            "obligation_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    id: int | None = key()
    obligation_id: int = ref("obligation.id", index=True)
    person_id: int = ref("person.id")
    form: str = Field(unique=True)  # of the form that was filled in: sent once, however often it is confirmed
    asked_at: datetime = instant()
    is_late: bool = False  # asked after the due instant
    old_due_at: datetime = instant()
    wanted_due_at: datetime = instant()
    reason: str = Field(sa_type=Text)
    progress: str | None = Field(default=None, sa_type=Text)
    state: str = RequestState.WAITING
    granted_due_at: datetime | None = instant(optional=True)
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = ref("person.id", optional=True)
    answer: str | None = Field(default=None, sa_type=Text)


class Completion(SQLModel, table=True):
    """A unit's word that its part in a task is done (办结), and whether it was closed out (销号)."""

    __table_args__ = (
        Index(
            "ix_completion_waiting",
            "task_id",
            "unit_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )
    id: int | None = key()
    task_id: int = ref("task.id")
    unit_id: int = ref("unit.id")
    person_id: int = ref("person.id")
    form: str = Field(unique=True)
    asked_at: datetime = instant()
    text: str = Field(sa_type=Text)
    state: str = RequestState.WAITING
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = ref("person.id", optional=True)
    answer: str | None = Field(default=None, sa_type=Text)


class Absence(SQLModel, table=True):
    """The days a liaison is away, both included; whoever stands in is told once, and the liaison when back."""

    id: int | None = key()
    person_id: int = ref("person.id", index=True)
    first_on: date
    last_on: date
    noted_at: datetime = instant()
    told_at: datetime | None = instant(optional=True)
    back_at: datetime | None = instant(optional=True)
    cancelled_at: datetime | None = instant(optional=True)


# --- slips and inspections -------------------------------------------------------------------------------------------


class Slip(SQLModel, table=True):
    """A supervision slip (督查单) for one obligation and due date: proposed by the clock, issued by a person, closed."""

    __table_args__ = (
        UniqueConstraint("year", "number"),
        Index(
            "ix_slip_issued",
            "obligation_id",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
        Index(
            "ix_slip_proposed",
            "obligation_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
        NEVER_REUSED,  # buttons name it by number
    )
    id: int | None = key()
    obligation_id: int = ref("obligation.id", index=True)
    due_at: datetime = instant()  # the obligation's when this was proposed: another one begins anew
    colour: str
    state: str = SlipState.PROPOSED
    proposed_at: datetime = instant()
    year: int | None = None
    number: int | None = None  # in its year
    issued_at: datetime | None = instant(optional=True)
    issued_by: int | None = ref("person.id", optional=True)
    limit_at: datetime | None = instant(optional=True)
    facts: dict[str, Any] = json_column(nullable=True)  # what it said when it was issued
    file_id: int | None = ref("stored_file.id", optional=True)
    closed_at: datetime | None = instant(optional=True)
    closed_by: int | None = ref("person.id", optional=True)
    closed_for: str | None = None
    reason: str | None = Field(default=None, sa_type=Text)


class SlipCopy(SQLModel, table=True):
    """That a person was sent a slip, in which role, and when they signed for it (签收)."""

    __tablename__ = "slip_copy"
    __table_args__ = (UniqueConstraint("slip_id", "person_id"),)
    id: int | None = key()
    slip_id: int = ref("slip.id")
    person_id: int = ref("person.id", index=True)
    role: str
    outbox_id: int | None = ref("outbox.id", optional=True)
    signed_at: datetime | None = instant(optional=True)


class Inspection(SQLModel, table=True):
    """An on-site inspection (现场督查): planned for a day, recorded, closed."""

    __table_args__ = NEVER_REUSED  # people name it by number
    id: int | None = key()
    form: str = Field(unique=True)  # planned once, however often it is confirmed
    day: date
    is_announced: bool
    state: str = InspectionState.PLANNED
    planned_at: datetime = instant()
    planned_by: int = ref("person.id")
    reminded_at: datetime | None = instant(optional=True)  # when whoever planned it was reminded on the day
    closed_at: datetime | None = instant(optional=True)
    closed_by: int | None = ref("person.id", optional=True)
    reason: str | None = Field(default=None, sa_type=Text)  # of a cancellation


class InspectedUnit(SQLModel, table=True):
    """A unit that is inspected, and for which of its tasks."""

    __tablename__ = "inspected_unit"
    __table_args__ = (UniqueConstraint("inspection_id", "unit_id"),)
    id: int | None = key()
    inspection_id: int = ref("inspection.id")
    unit_id: int = ref("unit.id", index=True)
    tasks: list[int] = json_column()  # numbers of tasks; none: the unit as a whole


class Finding(SQLModel, table=True):
    """What a supervisor wrote down on the spot."""

    __table_args__ = (Index("ix_finding_source", "chat_id", "message_id"),)
    id: int | None = key()
    inspection_id: int = ref("inspection.id", index=True)
    person_id: int = ref("person.id")
    text: str = Field(sa_type=Text)
    chat_id: int = Field(sa_type=BigId)
    message_id: int = Field(sa_type=BigId)
    sent_at: datetime = instant()


class Measure(SQLModel, table=True):
    """What a unit has to put right (整改) after an inspection, and by when."""

    __table_args__ = (
        Index(
            "ix_measure_open",
            "unit_id",
            "due_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        NEVER_REUSED,  # people name it by number
    )
    id: int | None = key()
    inspection_id: int = ref("inspection.id", index=True)
    unit_id: int = ref("unit.id")
    form: str = Field(unique=True)
    text: str = Field(sa_type=Text)
    due_at: datetime = instant()
    state: str = MeasureState.OPEN
    made_at: datetime = instant()
    made_by: int = ref("person.id")


class MeasureAnswer(SQLModel, table=True):
    """What a unit says it put right, and how a supervisor decided on it."""

    __tablename__ = "measure_answer"
    __table_args__ = (
        Index(
            "ix_measure_answer_waiting",
            "measure_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_measure_answer_source", "chat_id", "message_id"),
        NEVER_REUSED,
    )
    id: int | None = key()
    measure_id: int = ref("measure.id", index=True)
    person_id: int = ref("person.id")
    text: str = Field(sa_type=Text)
    chat_id: int = Field(sa_type=BigId)
    message_id: int = Field(sa_type=BigId)
    sent_at: datetime = instant()
    passed: bool | None = None
    decided_at: datetime | None = instant(optional=True)
    decided_by: int | None = ref("person.id", optional=True)
    reason: str | None = Field(default=None, sa_type=Text)


class MeasureNudge(SQLModel, table=True):
    """That a person was told of a measure at one rung of the ladder: never twice."""

    __tablename__ = "measure_nudge"
    __table_args__ = (UniqueConstraint("measure_id", "due_at", "rung", "person_id"),)
    id: int | None = key()
    measure_id: int = ref("measure.id")
    due_at: datetime = instant()
    rung: str
    person_id: int = ref("person.id")
    outbox_id: int | None = ref("outbox.id", optional=True)


class FieldFile(SQLModel, table=True):
    """A photo or document of an inspection: of what was found, or of what was put right."""

    __tablename__ = "field_file"
    __table_args__ = (Index("ix_field_file_album", "chat_id", "album"),)
    id: int | None = key()
    inspection_id: int = ref("inspection.id", index=True)
    measure_id: int | None = ref("measure.id", optional=True, index=True)  # none: of what was found
    person_id: int = ref("person.id")
    file_id: int = ref("stored_file.id")
    unique_id: str
    name: str
    chat_id: int = Field(sa_type=BigId)
    message_id: int = Field(sa_type=BigId)
    album: str | None = None
    sent_at: datetime = instant()


# --- conversations ---------------------------------------------------------------------------------------------------


class Dialogue(SQLModel, table=True):
    """What the bot last asked in a chat, so that the next text answers it; one row a chat."""

    chat_id: int = Field(sa_type=BigId, primary_key=True)
    kind: str
    content: dict[str, Any] = json_column()
    asked_at: datetime = instant()


class Keyboard(SQLModel, table=True):
    """The actions behind one message's buttons: for one person, until an instant, each used once."""

    token: str = Field(primary_key=True)
    person_id: int = ref("person.id")
    actions: list[Any] = json_column()
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used: list[int] = json_column()


class Menu(SQLModel, table=True):
    """What Telegram was last told to offer as commands in a chat."""

    chat_id: int = Field(sa_type=BigId, primary_key=True)
    shown: str  # a hash of the commands and their words


# --- files -----------------------------------------------------------------------------------------------------------


class StoredFile(SQLModel, table=True):
    """A file that came in or goes out, in the database so that it is backed up and committed with what is said of it."""

    __tablename__ = "stored_file"
    __table_args__ = NEVER_REUSED  # a message names its file by number
    id: int | None = key()
    name: str
    media_type: str
    size: int  # bytes
    sha256: str
    data: bytes = Field(sa_type=LargeBinary)
    purpose: str
    person_id: int | None = ref("person.id", optional=True)
    created_at: datetime = instant()
    keep_until: datetime | None = instant(optional=True)  # none: for good


class Intake(SQLModel, table=True):
    """A notice taken in (收文): read and shown to the sender, who has yet to adopt or to drop it."""

    __table_args__ = NEVER_REUSED  # a button names it by number
    id: int | None = key()
    person_id: int = ref("person.id")
    source_id: int = ref("stored_file.id")
    workbook_id: int = ref("stored_file.id")
    plan: dict[str, Any] = json_column()
    shown: str  # a hash of what the sender was told adopting would do
    created_at: datetime = instant()


# --- traffic ---------------------------------------------------------------------------------------------------------


class Inbox(SQLModel, table=True):
    """A raw update as Telegram handed it over, stored before Telegram is told so."""

    __table_args__ = (
        Index("ix_inbox_waiting", "id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
        NEVER_REUSED,
    )
    id: int | None = key()
    dedupe: str = Field(unique=True)
    chat_id: int | None = Field(default=None, sa_type=BigId)
    raw: str = Field(sa_type=Text)
    received_at: datetime = instant()
    state: str = InboxState.NEW
    attempts: int = 0
    error: str | None = Field(default=None, sa_type=Text)


class Outbox(SQLModel, table=True):
    """A message to send: kind and values; the words are chosen when it goes out."""

    __table_args__ = (
        Index(
            "ix_outbox_ready",
            "priority",
            "id",
            sqlite_where=text("state = 'ready'"),
            postgresql_where=text("state = 'ready'"),
        ),
        Index("ix_outbox_message", "chat_id", "message_id"),
        NEVER_REUSED,
    )
    id: int | None = key()
    chat_id: int = Field(sa_type=BigId)
    person_id: int | None = ref("person.id", optional=True)
    kind: str
    content: dict[str, Any] = json_column()
    priority: int
    state: str = OutboxState.READY
    judged_at: datetime = instant()  # the instant it was decided at; the check before sending judges by it
    attempts: int = 0
    retry_at: datetime | None = instant(optional=True)
    not_before: datetime | None = instant(optional=True)  # what nobody asked for waits for waking hours
    sent_at: datetime | None = instant(optional=True)
    message_id: int | None = Field(default=None, sa_type=BigId)
    reason: str | None = Field(default=None, sa_type=Text)


class Nudge(SQLModel, table=True):
    """That a person was told of an obligation at one rung of the ladder: never twice."""

    __table_args__ = (UniqueConstraint("obligation_id", "due_at", "rung", "person_id"),)
    id: int | None = key()
    obligation_id: int = ref("obligation.id")
    due_at: datetime = instant()
    rung: str
    person_id: int = ref("person.id", index=True)
    outbox_id: int | None = ref("outbox.id", optional=True, index=True)
    created_at: datetime = instant()


class Digest(SQLModel, table=True):
    """That a person got one kind of digest for one slot (a day): never twice."""

    __table_args__ = (UniqueConstraint("kind", "person_id", "slot"),)
    id: int | None = key()
    kind: str
    person_id: int = ref("person.id")
    slot: str
    outbox_id: int | None = ref("outbox.id", optional=True)
    created_at: datetime = instant()


class Mail(SQLModel, table=True):
    """A digest to send by e-mail: sections of the office's digest; worded when it goes out, once per address and slot."""

    __table_args__ = (
        UniqueConstraint("address", "slot"),
        Index("ix_mail_ready", "id", sqlite_where=text("state = 'ready'"), postgresql_where=text("state = 'ready'")),
        NEVER_REUSED,  # the number makes its Message-ID
    )
    id: int | None = key()
    address: str
    slot: str
    content: dict[str, Any] = json_column()
    state: str = OutboxState.READY
    judged_at: datetime = instant()
    attempts: int = 0
    copies: int = 0  # of the attempts, those that may have gone out
    retry_at: datetime | None = instant(optional=True)
    ended_at: datetime | None = instant(optional=True)
    reason: str | None = Field(default=None, sa_type=Text)


class Audit(SQLModel, table=True):
    """Who did what, chained by a keyed hash so that a changed row shows."""

    __table_args__ = NEVER_REUSED
    id: int | None = key()
    at: datetime = instant()
    person_id: int | None = ref("person.id", optional=True)
    via: str  # chat, cli or clock
    action: str
    subject: str
    content: dict[str, Any] = json_column()
    chain: str


class TickFailure(SQLModel, table=True):
    """What the clock could not do on a day: a whole tick (no subject), or its part for one person or row."""

    __tablename__ = "tick_failure"
    __table_args__ = (UniqueConstraint("tick", "subject", "day"),)
    id: int | None = key()
    tick: str
    subject: str
    day: date = Field(index=True)
    error: str  # its kind only: its words may hold what a person wrote
    count: int
    first_at: datetime = instant()
    last_at: datetime = instant()


class OfficeGroup(SQLModel, table=True):
    """A group chat the bot is or was in; supervisors may work in a registered one."""

    __tablename__ = "office_group"
    id: int | None = key()
    chat_id: int = Field(sa_type=BigId, unique=True)
    title: str
    state: str = GroupState.ASKED
    added_by: int | None = ref("person.id", optional=True)
    changed_at: datetime = instant()
    digest_at: datetime | None = instant(optional=True)
    digest: dict[str, Any] | None = json_column(nullable=True)  # the facts last told there


class Fact(SQLModel, table=True):
    """A single thing the service knows about itself: when a poll last came back empty, whether sending is held."""

    name: str = Field(primary_key=True)
    value: str
    noted_at: datetime = instant()
