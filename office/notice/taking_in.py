"""A notice's file is taken in (收文): read, shown to whoever sent it, then adopted (采用) or dropped (放弃)."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any

from pydantic import TypeAdapter

from notices.files import read_plan
from notices.notice import Notice, NoticeError
from notices.plan import Plan
from notices.workbook import write_workbook
from office.auditing import record
from office.notice.adopting import Adoption, Preview, adopt_notice, preview
from office.notice.assigning import today
from office.notice.recognising import How, UnlikeError
from office.notice.wanted import periods_for
from office.register.inviting import units_to_invite
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from rules.workdays import WorkCalendar
from storage import conversations, files, intakes, outbox, people
from storage.files import FileContent
from storage.intakes import KnownIntake
from storage.people import KnownPerson
from storage.states import Role

KEPT_FOR = timedelta(days=14)  # what nobody decides on
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK_ENDING = "-核对"
SHOWN_WARNINGS, SHOWN_CHANGES, SHOWN_CELLS = 5, 8, 20
GRAVE = ("control_total", "unread_row", "number_gap", "number_repeat")  # what may have been left out is shown first
UNLIKE = "unlike"  # shown as a file of which it cannot be told whether it updates a notice
PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that holds a notice: what it says, and the workbook to correct it in."""

    content: FileContent
    plan: Plan
    workbook: FileContent


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be taken: the reader's code and sentence, and for a workbook its wrong cells."""

    code: str
    sentence: str = ""
    wrong: Sequence[dict[str, str]] = ()


TOO_LARGE = Refused("too_large_for_telegram")


def may_send_notice(work: Work, letter: Letter) -> bool:
    """Whether a document of this person is a notice; with a text under it, a liaison's is a report."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not _serves_office(person):
        return False
    return not (letter.text.strip() and person.units_as(Role.LIAISON))


def open_file(content: FileContent, calendar: WorkCalendar, *, override_secrecy: bool = False) -> Opened | Refused:
    """Read a file and write its workbook; takes seconds, and no transaction."""
    try:
        plan = read_plan(content.data, name=content.name, calendar=calendar, override_secrecy=override_secrecy)
    except NoticeError as error:
        wrong = [
            {name: str(getattr(cell, name)) for name in ("sheet", "cell", "value", "allowed")}
            for cell in getattr(error, "wrong", ())
        ]
        return Refused(error.code, str(error), wrong)
    stem = PurePath(content.name).stem.removesuffix(WORKBOOK_ENDING)
    return Opened(content, plan, FileContent(f"{stem}{WORKBOOK_ENDING}.xlsx", WORKBOOK_TYPE, write_workbook(plan)))


def take_in(work: Work, letter: Letter, found: Opened | Refused) -> None:
    """Show what a file says and what adopting it would do, and keep it until that is decided; or say why not."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not _serves_office(person):
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
        return
    to = Recipient(letter.chat_id, person.id)
    if isinstance(found, Refused):
        record(work, "refuse_file", f"person:{person.id}", person.id, code=found.code)
        say_refused(work, to, found)
        return
    _drop_older(work, person, found)
    foreseen = _shown_to(work, to, found.plan, found.content.sha256)
    if foreseen is None:
        return
    source_id = _keep(work, person, found.content, "notice")
    workbook_id = _keep(work, person, found.workbook, "workbook")
    kept = PLAN.dump_python(found.plan, mode="json")
    _propose(work, to, Pending(found.content.name, found.plan, kept, source_id, workbook_id), foreseen)
    record(work, "take_in", f"file:{source_id}", person.id, name=found.content.name, source=found.content.sha256)


def adopt(
    work: Work, letter: Letter, person: KnownPerson, intake_id: int | None, *, updates: int | None, as_new: bool
) -> None:
    """Adopt a notice that was taken in; where that would no longer do what was shown, show it again instead.

    `updates` and `as_new` are what the person chose where it could not be told which notice the file is for.
    """
    to = Recipient(letter.chat_id, person.id)
    intake = _decided(work, letter, person, intake_id)
    if intake is None:
        say(work, to, Kind.INTAKE_GONE)
        return
    plan = PLAN.validate_python(intake.plan)
    foreseen = _shown_to(work, to, plan, intake.sha256, updates=updates, as_new=as_new)
    if foreseen is None:
        _drop(work, intake)
    elif isinstance(foreseen, UnlikeError) or _hash(foreseen) != intake.shown:
        pending = Pending(intake.name, plan, intake.plan, intake.source_id, intake.workbook_id)
        has_changed = intake.shown != UNLIKE  # else it is shown for the first time, now that a person said which
        _propose(work, to, pending, foreseen, is_again=True, has_changed=has_changed, updates=updates, as_new=as_new)
    else:
        adoption = adopt_notice(
            work, plan, source_hash=intake.sha256, updates=updates, as_new=as_new, expected=foreseen
        )
        files.keep(work.tx, intake.source_id)
        record(work, "confirm_adoption", f"notice:{adoption.notice_id}", person.id, file=intake.source_id)
        _say_adopted(work, to, plan.notice, adoption)


def drop(work: Work, letter: Letter, person: KnownPerson, intake_id: int | None) -> None:
    """Drop a notice that was taken in, and delete its file."""
    to = Recipient(letter.chat_id, person.id)
    intake = _decided(work, letter, person, intake_id)
    if intake is None:
        say(work, to, Kind.INTAKE_GONE)
        return
    _drop(work, intake)
    record(work, "drop_file", f"file:{intake.source_id}", person.id, source=intake.sha256)
    say(work, to, Kind.INTAKE_DROPPED, name=intake.name)


def forget_undecided(work: Work) -> int:
    """Forget the notices that nobody decided on in time, and the files kept until now; gives how many rows."""
    return intakes.forget_old(work.tx, before=work.at - KEPT_FOR) + files.forget_expired(work.tx, at=work.at)


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice about to be proposed: its file's name, what it says, the same as kept, the numbers of its files."""

    name: str
    plan: Plan
    kept_plan: dict[str, Any]
    source_id: int
    workbook_id: int


def _keep(work: Work, person: KnownPerson, content: FileContent, purpose: str) -> int:
    until = work.at + KEPT_FOR
    return files.add(work.tx, content, purpose=purpose, person_id=person.id, at=work.at, keep_until=until)


def _propose(
    work: Work,
    to: Recipient,
    pending: Pending,
    foreseen: Preview | UnlikeError,
    *,
    is_again: bool = False,
    has_changed: bool = False,
    updates: int | None = None,
    as_new: bool = False,
) -> None:
    """Keep a notice as taken in and ask whether to adopt it; the workbook follows the first time."""
    assert to.person_id is not None  # noqa: S101  # only a known person sends notices
    intake_id = intakes.add(
        work.tx,
        person_id=to.person_id,
        source_id=pending.source_id,
        workbook_id=pending.workbook_id,
        plan=pending.kept_plan,
        shown=_hash(foreseen),
        at=work.at,
    )
    chosen = {"intake": intake_id, "updates": updates, "as_new": as_new}
    drop_it: Action = {"do": "drop", "intake": intake_id}
    if isinstance(foreseen, UnlikeError):
        conversations.ask(work.tx, to.chat_id, "intake", {"intake": intake_id}, at=work.at)
        which: list[Action] = [
            {"do": "adopt", **chosen, "updates": foreseen.notice_id, "label": "update"},
            {"do": "adopt", **chosen, "as_new": True, "label": "new"},
        ]
        say(
            work,
            to,
            Kind.NOTICE_UNLIKE,
            buttons=[which, [drop_it]],
            name=pending.plan.notice.title,
            title=foreseen.title,
            alike=foreseen.alike,
            tasks=foreseen.tasks,
        )
    else:
        conversations.ask(work.tx, to.chat_id, "intake", chosen, at=work.at)
        say(
            work,
            to,
            Kind.NOTICE_PREVIEW,
            buttons=[[{"do": "adopt", **chosen}, drop_it]],
            intake=intake_id,
            is_again=has_changed,
            **_summary(work, pending.plan.notice),
            **_effect(foreseen),
        )
    if not is_again:
        say(work, to, Kind.NOTICE_WORKBOOK, file=pending.workbook_id, intake=intake_id)


def _summary(work: Work, notice: Notice) -> dict[str, Any]:
    """Give what a notice says, in figures."""
    lists = Counter(task.list for task in notice.tasks)
    periods = periods_for(notice, work.policy.reporting, work.policy.calendar)
    coming = [period.due_on for period in periods if period.due_on >= today(work)]
    return {
        "title": notice.title,
        "number": notice.document_number,
        "year": notice.plan_year,
        "tasks": len(notice.tasks),
        "lists": [{"list": name, "count": count} for name, count in lists.items()],
        "units": len({owner.name for task in notice.tasks for owner in task.owners}),
        "periods": len(periods),
        "next_due": min(coming).isoformat() if coming else None,
        "limit": notice.rules.max_length,
    }


def _effect(foreseen: Preview) -> dict[str, Any]:
    """Give what adopting would do, and what to look at before; both cut to what fits a phone."""
    ordered = sorted(foreseen.warnings, key=lambda warning: warning["code"] not in GRAVE)
    changes = [
        {"what": change.what, "subject": change.subject, "before": change.before, "after": change.after}
        for change in foreseen.changes[:SHOWN_CHANGES]
    ]
    return {
        "is_new": foreseen.is_new,
        "changes": len(foreseen.changes),
        "first_changes": changes,
        "warnings": len(ordered),
        "first_warnings": [warning["message"] for warning in ordered[:SHOWN_WARNINGS]],
    }


def _shown_to(
    work: Work, to: Recipient, plan: Plan, source_hash: str, *, updates: int | None = None, as_new: bool = False
) -> Preview | UnlikeError | None:
    """Foresee what adopting would do, or that a person must say which notice is meant; None: said why there is nothing to do."""
    try:
        foreseen = preview(work, plan, source_hash=source_hash, updates=updates, as_new=as_new)
    except UnlikeError as error:
        return error
    except OfficeError as error:
        say_refused(work, to, Refused("office", str(error)))
        return None
    if foreseen.how in (How.SAME, How.EARLIER) or (not foreseen.is_new and not foreseen.changes):
        say(work, to, Kind.NOTICE_KNOWN, title=plan.notice.title, is_earlier=foreseen.how == How.EARLIER)
        return None
    return foreseen


def _hash(foreseen: Preview | UnlikeError) -> str:
    if isinstance(foreseen, UnlikeError):
        return UNLIKE
    return hashlib.sha256(repr((foreseen.notice_id, foreseen.how, foreseen.changes)).encode()).hexdigest()


def _decided(work: Work, letter: Letter, person: KnownPerson, intake_id: int | None) -> KnownIntake | None:
    """Take the intake a decision is about: the one of the message it quotes, else the one named."""
    if letter.quoted_id is not None:
        quoted = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id)
        intake_id = quoted.content.get("intake") if quoted is not None else None
    intake = intakes.take(work.tx, intake_id, person_id=person.id) if intake_id is not None else None
    asked = conversations.asked(work.tx, letter.chat_id)
    if asked is not None and asked.kind == "intake" and asked.content["intake"] == intake_id:
        conversations.answered(work.tx, letter.chat_id)
    return intake


def _drop_older(work: Work, person: KnownPerson, found: Opened) -> None:
    """Drop what the person sent of the same notice before: the same file, or the one that was corrected since."""
    title = found.plan.notice.title
    for intake in intakes.of_person(work.tx, person.id):
        is_same = found.content.sha256 == intake.sha256 or title == intake.plan["notice"]["title"]
        if is_same and intakes.take(work.tx, intake.id, person_id=person.id) is not None:
            _drop(work, intake)


def _drop(work: Work, intake: KnownIntake) -> None:
    files.drop(work.tx, intake.source_id, intake.workbook_id)


def say_refused(work: Work, to: Recipient, refused: Refused) -> None:
    """Say why a file cannot be taken, with its wrong cells."""
    say(
        work,
        to,
        Kind.FILE_REFUSED,
        code=refused.code,
        sentence=refused.sentence,
        wrong=list(refused.wrong[:SHOWN_CELLS]),
        more=max(len(refused.wrong) - SHOWN_CELLS, 0),
    )


def _say_adopted(work: Work, to: Recipient, notice: Notice, adoption: Adoption) -> None:
    counts = {name: getattr(adoption, name) for name in ("tasks", "units", "periods", "obligations")}
    to_invite = len(units_to_invite(work))
    undo: list[Action] = [{"do": "unadopt", "notice": adoption.notice_id}] if adoption.is_new else []
    said: dict[str, Any] = {
        "notice": adoption.notice_id,
        "title": notice.title,
        "is_new": adoption.is_new,
        "to_invite": to_invite,
    }
    say(work, to, Kind.NOTICE_ADOPTED, buttons=[undo] if undo else [], **said, **counts)


def _serves_office(person: KnownPerson) -> bool:
    return person.has_role(Role.SUPERVISOR, Role.ADMIN)
