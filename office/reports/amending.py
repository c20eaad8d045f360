"""The edited answer to a question about a report: the part it gave is changed, as an edit of the report itself is."""

from dataclasses import replace

from office.reports.drafting import keep_version, note_stage, show_drafts, shown_task
from office.reports.finding import may_still_report
from office.reports.reporting import NO, YES
from office.reports.submitting import correct
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import ledger, reports
from storage.people import KnownPerson
from storage.reports import Kept, ReportVersion
from storage.states import ReportState


def follow_edit(work: Work, letter: Letter, person: KnownPerson, kept: Kept) -> None:
    """Change the part of a report that a person's edited message gave; a submitted report is corrected by it."""
    to = Recipient(letter.chat_id, person.id)
    given = reports.report(work.tx, kept.report_id or 0)
    due = ledger.obligation(work.tx, given.obligation_id) if given is not None else None
    now = reports.newest(work.tx, due.obligation_id) if due is not None else None
    text = letter.text.strip()
    if due is None or (kept.part == "stage_met" and text.lower() not in YES | NO):
        say(work, to, Kind.EDIT_UNKNOWN)
    elif not may_still_report(person, due):
        say(work, to, Kind.CLOSED, tasks=[shown_task(due)])
    elif now is None or not _stands(now, kept):
        say(work, to, Kind.EDIT_UNKNOWN)
    elif text != kept.text.strip():
        reports.change_kept(work.tx, kept.id, text=letter.text, sent_at=letter.sent_at)
        if now.state == ReportState.DRAFT:
            _change(work, now, kept, text)
            show_drafts(work, to, [now.id])
        else:
            source = replace(letter, chat_id=now.chat_id or 0, message_id=now.message_id or 0)
            new_id = keep_version(work, source, person.id, due, now.progress)
            _change(work, reports.report(work.tx, new_id), kept, text)
            correct(work, to, person, [new_id])


def _stands(now: ReportVersion, kept: Kept) -> bool:
    """Whether the report still says what the answer said: another answer, or a report without it, is not touched."""
    if kept.part == "stage_met":
        return now.stage_met is (kept.text.strip().lower() in YES)
    return bool(getattr(now, kept.part or "") == kept.text.strip())


def _change(work: Work, version: ReportVersion | None, kept: Kept, text: str) -> None:
    assert version is not None  # noqa: S101  # it was just read or kept
    if kept.part == "stage_met":
        note_stage(work, version, met=text.lower() in YES)
    else:
        reports.change_report(work.tx, version.id, **{kept.part or "": text})
