"""A draft becomes the unit's report: sent at its text's own time, final until it is corrected."""

from collections.abc import Sequence
from typing import Any

from office.auditing import record
from office.drafting import BLOCKING, is_blocked, is_over_soft_limit, keep_version, show_drafts, shown_task
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations, ledger, outbox, reports
from storage.ledger import Due
from storage.people import KnownPerson
from storage.reports import ReportVersion
from storage.states import ObligationState, ReportState, Role

OPEN_STATES = (ObligationState.OPEN, ObligationState.RETURNED, ObligationState.SUBMITTED)


def submit_drafts(work: Work, to: Recipient, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Submit drafts of the person's own units; over a soft limit a reason is asked first, over a hard one it is refused."""
    drafts = submittable(work, person, report_ids)
    if not drafts:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    if any(is_blocked(draft) for draft in drafts):
        _refuse(work, to, drafts)
        return
    if any(is_over_soft_limit(draft) and not draft.over_limit_reason for draft in drafts):
        ids = [draft.id for draft in drafts]
        conversations.ask(work.tx, to.chat_id, "reason", {"reports": ids}, at=work.at)
        say(work, to, Kind.ASK_REASON)
        return
    conversations.answered(work.tx, to.chat_id)
    dues = [_submit(work, draft, person.id) for draft in drafts]
    _receipt(work, to, Kind.SUBMITTED, drafts, dues)


def give_reason(work: Work, letter: Letter, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Take the reason for passing a soft limit, and submit."""
    for draft in submittable(work, person, report_ids):
        reports.change_report(work.tx, draft.id, over_limit_reason=letter.text)
    submit_drafts(work, Recipient(letter.chat_id, person.id), person, report_ids)


def submit_ripe_drafts(work: Work) -> int:
    """Submit the drafts written in time whose due instant has passed, and tell their authors; gives how many."""
    ripe = reports.drafts_due(work.tx, until=work.at)
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [draft.obligation_id for draft in ripe])}
    in_time = [d for d in ripe if d.sent_at < dues[d.obligation_id].due_at and not is_blocked(d)]
    by_author: dict[int, list[ReportVersion]] = {}
    for draft in in_time:
        by_author.setdefault(draft.author_id, []).append(draft)
    for author, drafts in by_author.items():
        done = [_submit(work, draft, None) for draft in drafts]
        chat_id = drafts[0].chat_id
        if chat_id is not None:
            _receipt(work, Recipient(chat_id, author), Kind.SUBMITTED_AT_DUE, drafts, done, priority=outbox.REMINDER)
    return len(in_time)


def take_edit(work: Work, letter: Letter, person: KnownPerson, version: ReportVersion, text: str) -> None:
    """Take an edited text: a new draft, a new version of what was submitted, or word that the report is closed."""
    to = Recipient(letter.chat_id, person.id)
    due = ledger.obligation(work.tx, version.obligation_id)
    if due is None or due.unit_id not in person.units_as(Role.LIAISON):
        say(work, to, Kind.NOT_ALLOWED)
        return
    if due.state not in OPEN_STATES:
        say(work, to, Kind.CLOSED, tasks=[shown_task(due)])
        return
    new_id = keep_version(work, letter, person.id, due, text, carried=version)
    if version.state == ReportState.DRAFT or due.state != ObligationState.SUBMITTED:
        show_drafts(work, to, [new_id])
        return
    correct(work, to, person, new_id, due)


def correct(work: Work, to: Recipient, person: KnownPerson, new_id: int, due: Due) -> None:
    """Put a new version in the place of one that was submitted; when the first one was sent stays on record."""
    new = reports.report(work.tx, new_id)
    assert new is not None  # noqa: S101  # kept above, in this transaction
    if is_blocked(new):
        _refuse(work, to, [new])
        return
    _submit(work, new, person.id)
    say(work, to, Kind.CORRECTED, tasks=[{**shown_task(due), "version": new.version, "characters": new.characters}])


def _submit(work: Work, draft: ReportVersion, by: int | None) -> Due:
    reports.change_report(work.tx, draft.id, state=ReportState.SUBMITTED)
    reports.replace_submitted(work.tx, draft.obligation_id, newest=draft.id)
    ledger.mark_submitted(work.tx, draft.obligation_id, sent_at=draft.sent_at)
    record(work, "submit_report", f"report:{draft.id}", by, version=draft.version, sent_at=draft.sent_at.isoformat())
    due = ledger.obligation(work.tx, draft.obligation_id)
    assert due is not None  # noqa: S101  # a report points to its obligation
    return due


def submittable(work: Work, person: KnownPerson, report_ids: Sequence[int]) -> list[ReportVersion]:
    """List those of these versions that are drafts of the person's own units and may still be submitted."""
    units = person.units_as(Role.LIAISON)
    found = [draft for number in report_ids if (draft := reports.report(work.tx, number)) is not None]
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [draft.obligation_id for draft in found])}
    return [
        draft
        for draft in found
        if draft.state == ReportState.DRAFT
        and dues[draft.obligation_id].unit_id in units
        and dues[draft.obligation_id].state in OPEN_STATES
    ]


def _receipt(
    work: Work,
    to: Recipient,
    kind: Kind,
    drafts: Sequence[ReportVersion],
    dues: Sequence[Due],
    *,
    priority: int = outbox.ANSWER,
) -> None:
    progress = {(due.unit_id, due.period, due.notice_id): due.unit_name for due in dues}
    counts = [
        {"unit": name, "period": period, "reported": done, "due": total}
        for (unit_id, period, notice_id), name in progress.items()
        for done, total in [ledger.progress_of_unit(work.tx, unit_id, period, notice_id)]
    ]
    say(
        work,
        to,
        kind,
        priority=priority,
        tasks=[_receipted(*pair) for pair in zip(drafts, dues, strict=True)],
        counts=counts,
    )


def _receipted(draft: ReportVersion, due: Due) -> dict[str, Any]:
    return {
        **shown_task(due),
        "characters": draft.characters,
        "version": draft.version,
        "sent_at": draft.sent_at.isoformat(),
        "late": draft.sent_at >= due.due_at,
    }


def _refuse(work: Work, to: Recipient, drafts: Sequence[ReportVersion]) -> None:
    blocked = [draft for draft in drafts if is_blocked(draft)]
    finding = next(f for f in blocked[0].findings if f["code"] in BLOCKING)
    at = int(finding.get("at", 0))
    say(
        work,
        to,
        Kind.TOO_LONG,
        **finding,
        before=blocked[0].progress[max(0, at - 12) : at],
        after=blocked[0].progress[at : at + 12],
    )
