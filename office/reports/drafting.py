"""A text becomes a draft: checked, kept as a version, shown to its author."""

from collections.abc import Sequence
from typing import Any

from office.reports.finding import Part
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.checks import check_report
from storage import attachments, conversations, ledger, reports
from storage.ledger import Due
from storage.people import KnownPerson
from storage.reports import PastText, ReportVersion
from storage.states import ReportState

BLOCKING = ("empty", "too_long_hard")
PARTS = ("problems", "next_step", "stage_met")  # what may be added to a report's progress


def keep_drafts(work: Work, letter: Letter, person: KnownPerson, parts: Sequence[Part]) -> list[int]:
    """Keep each part as its obligation's draft; a draft before it is replaced and stays kept."""
    return [_keep(work, letter, person, part) for part in parts]


def show_drafts(
    work: Work, to: Recipient, report_ids: Sequence[int], *, split_of: int | None = None, edits: int | None = None
) -> None:
    """Show drafts with their counts and warnings, and what can be done with them next; `edits` names the message to replace."""
    found = [draft for number in report_ids if (draft := reports.report(work.tx, number)) is not None]
    drafts = [draft for draft in found if draft.state == ReportState.DRAFT]
    if not drafts:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [d.obligation_id for d in drafts])}
    ids = [draft.id for draft in drafts]
    files: dict[int, list[str]] = {number: [] for number in dues}
    for file in attachments.of_obligations(work.tx, list(dues)):
        files[file.obligation_id or 0].append(file.name)
    split = {} if split_of is None else {"kept": split_of}
    conversations.ask(work.tx, to.chat_id, "draft", {"reports": ids, **split}, at=work.at)
    say(
        work,
        to,
        Kind.DRAFT,
        buttons=_buttons(drafts, split_of, has_files=any(files.values())),
        tasks=[
            {**shown_draft(draft, dues[draft.obligation_id]), "attachments": files[draft.obligation_id]}
            for draft in drafts
        ],
        can_submit=not any(is_blocked(draft) for draft in drafts),
        **({} if edits is None else {"edits": edits}),
    )


def shown_draft(draft: ReportVersion, due: Due) -> dict[str, Any]:
    """Give a draft with its task, for showing."""
    return {
        **shown_task(due),
        "report_id": draft.id,
        "version": draft.version,
        "text": draft.progress,
        "characters": draft.characters,
        "problems": draft.problems,
        "next_step": draft.next_step,
        "stage_met": draft.stage_met,
        "findings": draft.findings,
        "reason": draft.over_limit_reason,
    }


def shown_task(due: Due) -> dict[str, Any]:
    """Give what names an obligation to a person."""
    return {
        "task_id": due.task_id,
        "obligation_id": due.obligation_id,
        "list": due.list,
        "no": due.no,
        "name": due.text[:24],
        "unit": due.unit_name,
        "period": due.period,
        "due_at": due.due_at.isoformat(),
        "is_provisional": due.is_provisional,
        "max_length": due.max_length,
        "soft": due.length_is_soft,
    }


def button_label(due: Due, dues: Sequence[Due]) -> dict[str, Any]:
    """Give what names an obligation on a button: its unit or list only where its number is not enough."""
    label = {"no": due.no, "name": due.text[:16], "period": due.period}
    if len({other.unit_id for other in dues}) > 1:
        label["unit"] = due.unit_name
    if len({other.list for other in dues if other.no == due.no}) > 1:
        label["list"] = due.list
    return label


def note_stage(work: Work, draft: ReportVersion, *, met: bool) -> None:
    """Note whether a draft's stage target was met, and check its words against that."""
    due = ledger.obligation(work.tx, draft.obligation_id)
    assert due is not None  # noqa: S101  # a report points to its obligation
    past = reports.past_texts(work.tx, task_id=due.task_id, unit_id=due.unit_id)
    _, findings = checked(work, due, draft.progress, past, stage_met=met)
    reports.change_report(work.tx, draft.id, stage_met=met, findings=findings)


def checked(
    work: Work, due: Due, text: str, past: Sequence[PastText], *, stage_met: bool | None
) -> tuple[int, list[dict[str, Any]]]:
    """Count a text's characters and list what the checks find in it."""
    sent = (ReportState.SUBMITTED, ReportState.RETURNED, ReportState.ACCEPTED)
    earlier = next((p.progress for p in past if p.obligation_id != due.obligation_id and p.state in sent), None)
    characters, findings = check_report(
        text,
        max_length=due.max_length,
        min_length=due.min_length,
        is_soft=due.length_is_soft,
        formulas=work.policy.formulas,
        task_text=due.text,
        previous=earlier,
        copy_threshold=work.policy.copy_threshold,
        stage_met=stage_met,
    )
    return characters, [{"code": finding.code, **finding.values} for finding in findings]


def lacks_reason(draft: ReportVersion) -> bool:
    """Whether a draft is past a limit that may be passed with a reason, and has none."""
    return not draft.over_limit_reason and _is_over(draft.findings)


def lacks_attestation(draft: ReportVersion, due: Due) -> bool:
    """Whether it has yet to be said that the unit's principal head has agreed to a draft."""
    return due.attest and draft.attested_at is None


def keep_version(work: Work, letter: Letter, person_id: int, due: Due, text: str) -> int:
    """Keep a new version of an obligation's report as a draft; what was added to the one before stays with it."""
    past = reports.past_texts(work.tx, task_id=due.task_id, unit_id=due.unit_id)
    before = reports.newest(work.tx, due.obligation_id)
    stage_met = before.stage_met if before else None
    characters, findings = checked(work, due, text, past, stage_met=stage_met)
    version = 1 + max((p.version for p in past if p.obligation_id == due.obligation_id), default=0)
    return reports.add_draft(
        work.tx,
        {
            "obligation_id": due.obligation_id,
            "version": version,
            "progress": text,
            "problems": before.problems if before else None,
            "next_step": before.next_step if before else None,
            "stage_met": stage_met,
            "characters": characters,
            "over_limit_reason": before.over_limit_reason if before and _is_over(findings) else None,
            "findings": findings,
            "author_id": person_id,
            "chat_id": letter.chat_id,
            "message_id": letter.message_id,
            "sent_at": letter.sent_at,
            "created_at": work.at,
        },
    )


def _is_over(findings: Sequence[dict[str, Any]]) -> bool:
    return any(finding["code"] == "too_long" for finding in findings)


def _keep(work: Work, letter: Letter, person: KnownPerson, part: Part) -> int:
    return keep_version(work, letter, person.id, part.due, part.text)


def is_blocked(draft: ReportVersion) -> bool:
    """Whether a draft cannot be submitted as it is: empty, or past a hard limit."""
    return any(finding["code"] in BLOCKING for finding in draft.findings)


def _buttons(drafts: Sequence[ReportVersion], split_of: int | None, *, has_files: bool) -> list[list[Action]]:
    ids = [draft.id for draft in drafts]
    submit: list[Action] = [] if any(is_blocked(d) for d in drafts) else [{"do": "submit", "reports": ids}]
    rows: list[list[Action]] = [[*submit, {"do": "change", "reports": ids}, {"do": "add_parts", "reports": ids}]]
    if split_of is not None:
        rows.append([{"do": "as_one", "kept": split_of}])
    else:
        rows.append([{"do": "other_task", "reports": ids}])
    if has_files:
        rows.append([{"do": "remove_file", "reports": ids}])
    return rows
