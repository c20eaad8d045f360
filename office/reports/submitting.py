"""A draft becomes the unit's report: sent at its text's own time, final until it is corrected."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from office.apart import for_each, look_at
from office.auditing import record
from office.notice.assigning import let_wait
from office.reports.correcting import say_closed
from office.reports.drafting import (
    BLOCKING,
    is_blocked,
    keep_version,
    lacks_attestation,
    lacks_reason,
    show_drafts,
    shown_task,
)
from office.reports.finding import Part, earliest_owed, find_numbered, may_still_report, whole_part
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_prefix
from storage import conversations, ledger, outbox, reports
from storage.ledger import Due
from storage.people import KnownPerson
from storage.reports import ReportVersion
from storage.states import ObligationState, ReportState, Role

SUBMIT_RIPE = "submit_ripe_drafts"  # the tick, as failures name it
AGREED = {"是", "是的", "已审阅", "已审阅同意", "已同意", "同意", "审阅同意", "已经审阅同意", "yes", "y"}
NOT_AGREED = {"否", "不是", "未审阅", "没有", "还没有", "尚未", "未同意", "不同意", "no", "n"}


def submit_drafts(work: Work, to: Recipient, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Submit drafts of the person's own units, or ask for what has to be said first: a reason, that the head agreed."""
    drafts = submittable(work, person, report_ids)
    if not drafts:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    if any(is_blocked(draft) for draft in drafts):
        _refuse(work, to, drafts)
        return
    if any(lacks_reason(draft) for draft in drafts):
        ask_reason(work, to, [draft.id for draft in drafts])
        return
    if any(_lacks_attestation(work, draft) for draft in drafts):
        ask_attestation(work, to, [draft.id for draft in drafts])
        return
    conversations.answered(work.tx, to.chat_id)
    done = [submit_draft(work, draft, person.id) for draft in drafts]
    left = submittable(work, person, [draft.id for draft in reports.drafts_of(work.tx, person.id)])
    dues = ledger.obligations(work.tx, [draft.obligation_id for draft in left])
    _receipt(work, to, Kind.SUBMITTED, drafts, done, left=[shown_task(due) for due in dues])


def ask_reason(work: Work, to: Recipient, report_ids: Sequence[int]) -> None:
    """Ask why a soft limit is passed; the next text is the reason."""
    conversations.ask(work.tx, to.chat_id, "reason", {"reports": list(report_ids)}, at=work.at)
    drafts = [draft for number in report_ids if (draft := reports.report(work.tx, number)) is not None]
    dues = ledger.obligations(work.tx, [draft.obligation_id for draft in drafts if lacks_reason(draft)])
    say(work, to, Kind.ASK_REASON, tasks=[shown_task(due) for due in dues])


def give_reason(work: Work, letter: Letter, person: KnownPerson, report_ids: Sequence[int]) -> bool:
    """Take the reason for passing a soft limit, and submit; False where there is nothing left that needs one."""
    waiting = [draft for draft in submittable(work, person, report_ids) if lacks_reason(draft)]
    if not waiting:
        conversations.answered(work.tx, letter.chat_id)
        return False
    for draft in waiting:
        reports.change_report(work.tx, draft.id, over_limit_reason=letter.text.strip())
        keep_answer(work, letter, person, draft.id, "over_limit_reason")
    submit_drafts(work, Recipient(letter.chat_id, person.id), person, report_ids)
    return True


def ask_attestation(work: Work, to: Recipient, report_ids: Sequence[int]) -> None:
    """Ask whether the unit's principal head has agreed to drafts."""
    asked = {"reports": list(report_ids)}
    conversations.ask(work.tx, to.chat_id, "attest", asked, at=work.at)
    drafts = [draft for number in report_ids if (draft := reports.report(work.tx, number)) is not None]
    dues = ledger.obligations(work.tx, [draft.obligation_id for draft in drafts])
    buttons: list[list[Action]] = [[{"do": "attest", "agreed": agreed, **asked} for agreed in (True, False)]]
    say(work, to, Kind.ASK_ATTESTATION, buttons=buttons, tasks=[shown_task(due) for due in dues if due.attest])


def attest(work: Work, letter: Letter, person: KnownPerson, report_ids: Sequence[int], *, agreed: bool) -> None:
    """Note that the unit's principal head has agreed to drafts, and submit them; without it they stay drafts.

    Such a report counts as sent when that was said: before, nobody had agreed to its text.
    """
    to = Recipient(letter.chat_id, person.id)
    drafts = submittable(work, person, report_ids)
    if drafts and not agreed:
        conversations.ask(work.tx, to.chat_id, "draft", {"reports": [draft.id for draft in drafts]}, at=work.at)
        say(work, to, Kind.NOT_ATTESTED)
        return
    for draft in drafts:
        if _lacks_attestation(work, draft):
            said = {"attested_at": work.at, "attested_by": person.id, "sent_at": max(draft.sent_at, letter.sent_at)}
            reports.change_report(work.tx, draft.id, **said)
            record(work, "attest", f"report:{draft.id}", person.id, version=draft.version)
    submit_drafts(work, to, person, report_ids)


def answer_attestation(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a plain yes or no as whether the unit's principal head has agreed; False for anything else."""
    said = letter.text.strip(" \t\r\n。．.！!，,").lower()
    if said not in AGREED | NOT_AGREED:
        return False
    attest(work, letter, person, content["reports"], agreed=said in AGREED)
    return True


def keep_answer(work: Work, letter: Letter, person: KnownPerson, report_id: int, part: str) -> None:
    """Keep the text that was given as a part of a report, so that an edit of its message is followed."""
    reports.keep_text(
        work.tx,
        {
            "person_id": person.id,
            "chat_id": letter.chat_id,
            "message_id": letter.message_id,
            "text": letter.text,
            "sent_at": letter.sent_at,
            "used_at": work.at,
            "report_id": report_id,
            "part": part,
        },
    )


def submit_ripe_drafts(work: Work) -> int:
    """Submit the drafts written in time whose due instant has passed, and tell their authors; gives how many."""
    ripe = reports.drafts_due(work.tx, until=work.at)
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [draft.obligation_id for draft in ripe])}

    def is_in_time(draft: ReportVersion) -> bool:
        due = dues[draft.obligation_id]
        return draft.sent_at < due.due_at and is_ripe(draft, due)

    looked = look_at(work, SUBMIT_RIPE, ripe, is_in_time, named=lambda draft: f"report:{draft.id}")
    in_time = [draft for draft, is_complete in looked if is_complete]
    by_author: dict[int, list[ReportVersion]] = {}
    for draft in in_time:
        if draft.author_id is not None:
            by_author.setdefault(draft.author_id, []).append(draft)

    def submit(written: tuple[int, list[ReportVersion]]) -> int:
        author, drafts = written
        done = [submit_draft(work, draft, None) for draft in drafts]
        if (chat_id := drafts[0].chat_id) is not None:
            to = Recipient(chat_id, author)
            let_wait(work, _receipt(work, to, Kind.SUBMITTED_AT_DUE, drafts, done, priority=outbox.REMINDER))
        return len(drafts)

    return sum(for_each(work, SUBMIT_RIPE, by_author.items(), submit, named=lambda written: f"person:{written[0]}"))


def is_ripe(draft: ReportVersion, due: Due) -> bool:
    """Whether a draft is complete, so that it is submitted by itself at its due instant."""
    return not is_blocked(draft) and not lacks_attestation(draft, due)


def take_edit(work: Work, letter: Letter, person: KnownPerson, versions: Sequence[ReportVersion]) -> bool:
    """Take the edited text of reports: new drafts, new versions of what was submitted, or word that they are closed.

    False where it cannot be told any more which piece is whose.
    """
    to = Recipient(letter.chat_id, person.id)
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [v.obligation_id for v in versions])}
    if any(due.unit_id not in person.units_as(Role.LIAISON) for due in dues.values()):
        say(work, to, Kind.NOT_ALLOWED)
        return True
    parts = _edited_parts(work, letter, person, versions, list(dues.values()))
    if not parts:
        return False
    before = {version.obligation_id: version for version in versions}
    _drop_left_out(work, versions, parts)
    changed = [part for part in parts if not _is_unchanged(part, before)]
    closed = [part.due for part in changed if not may_still_report(person, part.due)]
    if closed:
        say_closed(work, replace(letter, text=_text_for(closed, changed)), person, closed)
    _keep_changed(work, letter, person, [part for part in changed if part.due not in closed], before)
    return True


def _text_for(dues: Sequence[Due], parts: Sequence[Part]) -> str:
    return "\n".join(part.text for part in parts if part.due in dues)


def _keep_changed(
    work: Work, letter: Letter, person: KnownPerson, parts: Sequence[Part], before: dict[int, ReportVersion]
) -> None:
    """Keep edited texts: what stood as submitted is corrected at once, the rest becomes drafts."""
    to = Recipient(letter.chat_id, person.id)
    drafts: list[int] = []
    corrections: list[int] = []
    for part in parts:
        old = before.get(part.due.obligation_id)
        was_sent = old is not None and old.state == ReportState.SUBMITTED
        is_correction = was_sent and part.due.state == ObligationState.SUBMITTED
        new_id = keep_version(work, letter, person.id, part.due, part.text)
        (corrections if is_correction else drafts).append(new_id)
    if drafts:
        show_drafts(work, to, drafts)
    if corrections:
        correct(work, to, person, corrections)


def correct(work: Work, to: Recipient, person: KnownPerson, new_ids: Sequence[int]) -> None:
    """Put new versions in the place of what was submitted; when the first ones were sent stays on record."""
    new = [draft for number in new_ids if (draft := reports.report(work.tx, number)) is not None]
    able = [draft for draft in new if not is_blocked(draft) and not lacks_reason(draft)]
    good = [draft for draft in able if not _lacks_attestation(work, draft)]
    if good:
        done = [submit_draft(work, draft, person.id) for draft in good]
        _receipt(work, to, Kind.CORRECTED, good, done)
    if any(is_blocked(draft) for draft in new):
        _refuse(work, to, new, stands=True)
    if unexplained := [draft.id for draft in new if not is_blocked(draft) and lacks_reason(draft)]:
        ask_reason(work, to, unexplained)
    elif unattested := [draft.id for draft in able if draft not in good]:
        ask_attestation(work, to, unattested)


def _edited_parts(
    work: Work, letter: Letter, person: KnownPerson, versions: Sequence[ReportVersion], dues: Sequence[Due]
) -> tuple[Part, ...]:
    """Tell which piece of an edited text is for which obligation: by its numbers, or all of it for the only one."""
    taken = {(due.task_id, due.unit_id) for due in dues}
    others = [due for due in earliest_owed(work, person) if (due.task_id, due.unit_id) not in taken]
    was_whole = len(versions) == 1 and any(read_prefix(line) for line in versions[0].progress.splitlines())
    numbered = () if was_whole else find_numbered(work, letter.text, person, [*dues, *others])
    if numbered:
        return numbered
    return (whole_part(dues[0], letter.text),) if len(versions) == 1 else ()


def _is_unchanged(part: Part, before: dict[int, ReportVersion]) -> bool:
    """Whether a piece says what it said: Telegram tells of edits that changed no word (Bot API, edited_message)."""
    old = before.get(part.due.obligation_id)
    return old is not None and old.state != ReportState.REPLACED and old.progress == part.text


def _drop_left_out(work: Work, versions: Sequence[ReportVersion], parts: Sequence[Part]) -> None:
    """Take back the drafts whose piece is no longer in the edited text."""
    kept = {part.due.obligation_id for part in parts}
    for version in versions:
        if version.state == ReportState.DRAFT and version.obligation_id not in kept:
            reports.change_report(work.tx, version.id, state=ReportState.REPLACED)


def _lacks_attestation(work: Work, draft: ReportVersion) -> bool:
    due = ledger.obligation(work.tx, draft.obligation_id)
    return due is not None and lacks_attestation(draft, due)


def submit_draft(work: Work, draft: ReportVersion, by: int | None) -> tuple[Due, bool]:
    """Submit a draft; gives its obligation, and whether it corrects what was submitted before."""
    was = ledger.obligation(work.tx, draft.obligation_id)
    reports.change_report(work.tx, draft.id, state=ReportState.SUBMITTED, submitted_at=work.at)
    reports.replace_submitted(work.tx, draft.obligation_id, newest=draft.id)
    ledger.mark_submitted(work.tx, draft.obligation_id, sent_at=draft.sent_at)
    record(work, "submit_report", f"report:{draft.id}", by, version=draft.version, sent_at=draft.sent_at.isoformat())
    due = ledger.obligation(work.tx, draft.obligation_id)
    assert was is not None  # noqa: S101  # a report points to its obligation
    assert due is not None  # noqa: S101
    return due, was.state == ObligationState.SUBMITTED


def submittable(work: Work, person: KnownPerson, report_ids: Sequence[int]) -> list[ReportVersion]:
    """List those of these versions that are drafts of the person's own units and may still be submitted."""
    found = [draft for number in report_ids if (draft := reports.report(work.tx, number)) is not None]
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [draft.obligation_id for draft in found])}
    return [
        draft
        for draft in found
        if draft.state == ReportState.DRAFT and may_still_report(person, dues[draft.obligation_id])
    ]


def _receipt(
    work: Work,
    to: Recipient,
    kind: Kind,
    drafts: Sequence[ReportVersion],
    done: Sequence[tuple[Due, bool]],
    *,
    priority: int = outbox.ANSWER,
    left: Sequence[dict[str, Any]] = (),
) -> int:
    """Say what was submitted, how far the units are, and which drafts are `left`."""
    progress = {(due.unit_id, due.period, due.notice_id): due.unit_name for due, _ in done}
    counts = [
        {"unit": name, "period": period, "reported": reported, "due": total}
        for (unit_id, period, notice_id), name in progress.items()
        for reported, total in [ledger.progress_of_unit(work.tx, unit_id, period, notice_id)]
    ]
    tasks = [_receipted(draft, *outcome) for draft, outcome in zip(drafts, done, strict=True)]
    numbers = [due.obligation_id for due, is_correction in done if not is_correction]
    take_back: list[list[Action]] = [[{"do": "withdraw", "obligations": numbers}]] if numbers else []
    return say(work, to, kind, buttons=take_back, priority=priority, tasks=tasks, counts=counts, left=list(left))


def _receipted(draft: ReportVersion, due: Due, is_correction: bool) -> dict[str, Any]:
    return {
        **shown_task(due),
        "characters": draft.characters,
        "version": draft.version,
        "sent_at": draft.sent_at.isoformat(),
        "late": due.is_late and not is_correction,
        "corrects": is_correction,
    }


def _refuse(work: Work, to: Recipient, drafts: Sequence[ReportVersion], *, stands: bool = False) -> None:
    """Say what keeps a draft from being submitted, and where; `stands` where an earlier version stays submitted."""
    blocked = next(draft for draft in drafts if is_blocked(draft))
    due = ledger.obligation(work.tx, blocked.obligation_id)
    assert due is not None  # noqa: S101  # a report points to its obligation
    finding = next(f for f in blocked.findings if f["code"] in BLOCKING)
    at = int(finding.get("at", 0))
    say(
        work,
        to,
        Kind.TOO_LONG,
        **finding,
        tasks=[shown_task(due)],
        stands=stands,
        before=blocked.progress[max(0, at - 12) : at],
        after=blocked.progress[at : at + 12],
    )
