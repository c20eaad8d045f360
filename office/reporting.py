"""A liaison reports: the text finds its task, becomes a draft, gets its further parts, and is submitted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from office.drafting import PARTS, keep_drafts, show_drafts, shown_task
from office.finding import Part, choose, earliest_owed, find_meaning, latest_submitted
from office.saying import Action, Kind, Recipient, say
from office.submitting import submittable
from office.work import Letter, Work
from storage import conversations, ledger, reports
from storage.ledger import Due
from storage.people import KnownPerson
from storage.reports import Kept
from storage.states import ReportState, Role

MOST_CHOICES = 24  # buttons under one question: more do not fit a phone; a typed number reaches every task
YES = {"是", "完成", "达到", "已完成", "yes", "y"}
NO = {"否", "未完成", "未达到", "没有", "no", "n"}


def receive_report(work: Work, letter: Letter, person: KnownPerson) -> None:
    """Take a free text as a report on what is owed; what finds no task is kept, and the person is asked."""
    owed = earliest_owed(work, person)
    submitted = latest_submitted(work, person)
    found = find_meaning(work, letter, person, owed)
    if found.parts and (found.is_asked or not _may_be_correction(found.parts, submitted)):
        _draft(work, letter, person, found.parts)
        return
    kept_id = _keep(work, letter, person)
    to = Recipient(letter.chat_id, person.id)
    if submitted and (not owed or found.parts):
        _ask_which_report(work, to, kept_id, submitted, owed)
    else:
        choose_task(work, to, person, kept_id)


def report_as(work: Work, letter: Letter, person: KnownPerson, kept_id: int, pool: str) -> None:
    """Take a kept text as a correction of what was submitted (`submitted`), or as a report on what is owed (`owed`)."""
    kept = _open_kept(work, person, kept_id)
    to = Recipient(letter.chat_id, person.id)
    if kept is None:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    candidates = latest_submitted(work, person) if pool == "submitted" else earliest_owed(work, person)
    found = find_meaning(work, _letter_of(kept, letter), person, candidates)
    if found.parts:
        reports.change_kept(work.tx, kept.id, used_at=work.at)
        _draft(work, _letter_of(kept, letter), person, found.parts)
    else:
        choose_task(work, to, person, kept_id, candidates=candidates)


def choose_task(
    work: Work,
    to: Recipient,
    person: KnownPerson,
    kept_id: int,
    *,
    typed: str | None = None,
    candidates: Sequence[Due] | None = None,
) -> bool:
    """Ask which task a kept text is for, or take the typed answer; False where what was typed is no answer."""
    dues = list(candidates) if candidates is not None else earliest_owed(work, person)
    if typed is not None:
        chosen = choose(typed, dues)
        kept = _open_kept(work, person, kept_id)
        if chosen is None or kept is None:
            return False
        take_choice(work, to, person, kept_id, chosen.obligation_id)
        return True
    if not dues:
        say(work, to, Kind.NOTHING_OWED)
        return True
    conversations.ask(work.tx, to.chat_id, "choose", {"kept": kept_id}, at=work.at)
    buttons: list[list[Action]] = [
        [{"do": "choose", "kept": kept_id, "obligation": due.obligation_id, **_label(due)}]
        for due in dues[:MOST_CHOICES]
    ]
    say(work, to, Kind.WHICH_TASK, buttons=buttons, tasks=[shown_task(due) for due in dues])
    return True


def take_choice(work: Work, to: Recipient, person: KnownPerson, kept_id: int, obligation_id: int) -> None:
    """Make a kept text the draft of the task its author chose."""
    kept = _open_kept(work, person, kept_id)
    due = ledger.obligation(work.tx, obligation_id)
    if kept is None or due is None or due.unit_id not in person.units_as(Role.LIAISON):
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    reports.change_kept(work.tx, kept.id, used_at=work.at)
    letter = Letter(to.chat_id, person.telegram_id, person.name, kept.message_id, kept.sent_at, kept.text)
    show_drafts(work, to, keep_drafts(work, letter, person, [Part(due, kept.text)]))


def take_as_one(work: Work, letter: Letter, person: KnownPerson, kept_id: int) -> None:
    """Take a text that was split for one report after all, and ask which task it is for."""
    kept = reports.kept_text(work.tx, kept_id)
    if kept is None or kept.person_id != person.id:
        say(work, Recipient(letter.chat_id, person.id), Kind.NOTHING_DRAFTED)
        return
    for version in reports.written_in(work.tx, kept.chat_id, kept.message_id):
        if version.state == ReportState.DRAFT:
            reports.change_report(work.tx, version.id, state=ReportState.REPLACED)
    reports.change_kept(work.tx, kept.id, used_at=None)
    choose_task(work, Recipient(letter.chat_id, person.id), person, kept.id)


def move_to_other_task(work: Work, letter: Letter, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Take a draft away from its task, keep its text and ask which task it is for."""
    drafts = submittable(work, person, report_ids)
    to = Recipient(letter.chat_id, person.id)
    if len(drafts) != 1:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    draft = drafts[0]
    reports.change_report(work.tx, draft.id, state=ReportState.REPLACED)
    source = replace(
        letter, message_id=draft.message_id or letter.message_id, sent_at=draft.sent_at, text=draft.progress
    )
    choose_task(work, to, person, _keep(work, source, person))


def offer_reports(work: Work, letter: Letter, person: KnownPerson) -> None:
    """Show what is owed, each with a button that starts its report."""
    owed = earliest_owed(work, person)
    to = Recipient(letter.chat_id, person.id)
    if not owed:
        say(work, to, Kind.NOTHING_OWED)
    elif len(owed) == 1:
        prompt_for(work, to, person, owed[0].obligation_id)
    else:
        buttons: list[list[Action]] = [
            [{"do": "report_on", "obligation": due.obligation_id, **_label(due)}] for due in owed[:MOST_CHOICES]
        ]
        say(work, to, Kind.WHICH_REPORT, buttons=buttons, tasks=[shown_task(due) for due in owed], has_text=False)


def prompt_for(work: Work, to: Recipient, person: KnownPerson, obligation_id: int) -> None:
    """Ask for the report on one obligation; the next text in this chat is it."""
    due = ledger.obligation(work.tx, obligation_id)
    if due is None or due.unit_id not in person.units_as(Role.LIAISON) or due.state not in ("open", "returned"):
        say(work, to, Kind.NOTHING_OWED)
        return
    conversations.ask(work.tx, to.chat_id, "report_on", {"obligation": obligation_id}, at=work.at)
    say(work, to, Kind.PROMPT, tasks=[{**shown_task(due), "text": due.text}])


# --- the further parts of a report -----------------------------------------------------------------------------------


def ask_parts(work: Work, to: Recipient, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Begin to ask for the further parts of drafts: problems and causes, next step, stage target met."""
    drafts = submittable(work, person, report_ids)
    pending = [[draft.id, part] for draft in drafts for part in PARTS]
    _ask_next(work, to, {"reports": [draft.id for draft in drafts], "pending": pending})


def answer_part(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the part last asked for; False where the draft it belongs to is no draft any more."""
    report_id, part = content["pending"][0]
    if not submittable(work, person, [report_id]):
        conversations.answered(work.tx, letter.chat_id)
        return False
    text = letter.text.strip()
    value: Any = text
    if part == "stage_met":
        value = True if text.lower() in YES else False if text.lower() in NO else None
        if value is None:
            _ask_next(work, Recipient(letter.chat_id, person.id), content)
            return True
    reports.change_report(work.tx, report_id, **{part: value})
    skip_part(work, Recipient(letter.chat_id, person.id), content)
    return True


def set_stage(work: Work, to: Recipient, person: KnownPerson, content: dict[str, Any]) -> None:
    """Note whether the stage target was met, and go on."""
    report_id = content["pending"][0][0]
    if submittable(work, person, [report_id]):
        reports.change_report(work.tx, report_id, stage_met=content["met"])
    skip_part(work, to, content)


def skip_part(work: Work, to: Recipient, content: dict[str, Any]) -> None:
    """Go on to the next part that may be added."""
    _ask_next(work, to, {"reports": content["reports"], "pending": content["pending"][1:]})


def _ask_next(work: Work, to: Recipient, content: dict[str, Any]) -> None:
    if not content["pending"]:
        show_drafts(work, to, content["reports"])
        return
    report_id, part = content["pending"][0]
    draft = reports.report(work.tx, report_id)
    due = ledger.obligation(work.tx, draft.obligation_id) if draft else None
    conversations.ask(work.tx, to.chat_id, "part", content, at=work.at)
    yes_no: list[Action] = [{"do": "stage", "met": True, **content}, {"do": "stage", "met": False, **content}]
    buttons = [*([yes_no] if part == "stage_met" else []), [{"do": "skip", **content}]]
    say(work, to, Kind.ASK_PART, buttons=buttons, part=part, tasks=[shown_task(due)] if due else [])


# --- in this module only ---------------------------------------------------------------------------------------------


def _draft(work: Work, letter: Letter, person: KnownPerson, parts: Sequence[Part]) -> None:
    is_split = len(parts) > 1
    kept_id = _keep(work, letter, person, used=True) if is_split else None
    show_drafts(work, Recipient(letter.chat_id, person.id), keep_drafts(work, letter, person, parts), split_of=kept_id)


def _may_be_correction(parts: Sequence[Part], submitted: Sequence[Due]) -> bool:
    open_ = {(due.task_id, due.unit_id) for due in submitted}
    return any((part.due.task_id, part.due.unit_id) in open_ for part in parts)


def _ask_which_report(work: Work, to: Recipient, kept_id: int, submitted: Sequence[Due], owed: Sequence[Due]) -> None:
    conversations.ask(work.tx, to.chat_id, "correct", {"kept": kept_id}, at=work.at)
    buttons: list[list[Action]] = [[{"do": "as_correction", "kept": kept_id}]]
    if owed:
        buttons[0].append({"do": "as_next", "kept": kept_id})
    tasks = [shown_task(due) for due in submitted]
    say(work, to, Kind.WHICH_REPORT, buttons=buttons, tasks=tasks, has_text=True, has_next=bool(owed))


def _keep(work: Work, letter: Letter, person: KnownPerson, *, used: bool = False) -> int:
    return reports.keep_text(
        work.tx,
        {
            "person_id": person.id,
            "chat_id": letter.chat_id,
            "message_id": letter.message_id,
            "text": letter.text,
            "sent_at": letter.sent_at,
            "used_at": work.at if used else None,
        },
    )


def _open_kept(work: Work, person: KnownPerson, kept_id: int) -> Kept | None:
    kept = reports.kept_text(work.tx, kept_id)
    return kept if kept is not None and kept.person_id == person.id and kept.used_at is None else None


def _letter_of(kept: Kept, letter: Letter) -> Letter:
    return replace(letter, message_id=kept.message_id, sent_at=kept.sent_at, text=kept.text, quoted_id=None)


def _label(due: Due) -> dict[str, Any]:
    return {"no": due.no, "name": due.text[:16], "period": due.period, "unit": due.unit_name}
