"""A liaison reports: the text finds its task, becomes a draft, gets its further parts, and is submitted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from office.reports.attachments import put_with, show_attached, waiting_with
from office.reports.contributing import ask_button, awaited_of, give, quoted_request
from office.reports.drafting import PARTS, button_label, keep_drafts, note_stage, show_drafts, shown_task
from office.reports.finding import (
    Found,
    Part,
    all_owed,
    choose,
    earliest_owed,
    find_meaning,
    latest_submitted,
    may_still_report,
    whole_part,
)
from office.reports.submitting import keep_answer, submittable
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_choice
from storage import attachments, conversations, ledger, reports
from storage.contributions import Asked
from storage.ledger import Due
from storage.people import KnownPerson
from storage.reports import Kept, ReportVersion
from storage.states import ObligationState, ReportState, Role

MOST_CHOICES = 24  # buttons under one question: more do not fit a phone; a typed number reaches every task
YES = {"是", "是的", "完成", "达到", "已完成", "yes", "y"}
LONG = 3500  # characters: apps cut a text of more than 4096 at a space or line before that
NO = {"否", "不是", "未完成", "未达到", "没有", "no", "n"}


def receive_report(work: Work, letter: Letter, person: KnownPerson, *, kept_id: int | None = None) -> None:
    """Take a free text as a report on what is owed; what finds no task is kept, and the person is asked.

    `kept_id` names the text where it is kept already.
    """
    if (request := quoted_request(work, letter)) is not None:
        _contribute(work, letter, person, request, kept_id=kept_id)
        return
    owed = earliest_owed(work, person)
    submitted = latest_submitted(work, person)
    found = find_meaning(work, letter, person, owed, submitted)
    awaited = [] if found.is_asked or (found.parts and found.named) else awaited_of(work, person)
    if found.parts and not awaited and (found.is_asked or not _may_be_correction(found.parts, submitted)):
        draft_parts(work, letter, person, found.parts, kept_id=kept_id)
        return
    if len(awaited) == 1 and not owed and not submitted:
        _contribute(work, letter, person, awaited[0].id, kept_id=kept_id)
        return
    to = Recipient(letter.chat_id, person.id)
    if kept_id is None:
        kept_id = keep_text(work, letter, person)
    if awaited:
        ask_task(work, to, kept_id, found.among or [*owed, *submitted], awaited=awaited)
    elif correctable := _to_correct(found, owed, submitted):
        _ask_which_report(work, to, kept_id, correctable, [part.due for part in found.parts])
    else:
        ask_task(work, to, kept_id, found.among or owed)


def report_as(work: Work, letter: Letter, person: KnownPerson, kept_id: int, among: Sequence[int]) -> None:
    """Take a kept text as a report on these obligations: the submitted ones it corrects, or the ones owed next."""
    kept = _open_kept(work, person, kept_id)
    to = Recipient(letter.chat_id, person.id)
    if kept is None:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    conversations.answered(work.tx, to.chat_id)
    dues = [due for due in _in_order(work, among) if may_still_report(person, due)]
    found = find_meaning(work, _letter_of(kept, letter), person, dues)
    if found.parts:
        draft_parts(work, _letter_of(kept, letter), person, found.parts, kept_id=kept_id)
    else:
        ask_task(work, to, kept_id, dues)


def ask_again(work: Work, letter: Letter, person: KnownPerson, kept_id: int) -> bool:
    """Ask once more about a kept text; False where it has found its task."""
    kept = _open_kept(work, person, kept_id)
    asked = conversations.asked(work.tx, letter.chat_id)
    if kept is None:
        conversations.answered(work.tx, letter.chat_id)
        return False
    if not kept.text.strip() and asked is not None:
        ask_task(work, Recipient(letter.chat_id, person.id), kept.id, _in_order(work, asked.content["among"]))
        return True
    receive_report(work, _letter_of(kept, letter), person, kept_id=kept_id)
    return True


def ask_task(
    work: Work, to: Recipient, kept_id: int, dues: Sequence[Due], *, awaited: Sequence[Asked] = (), again: bool = False
) -> None:
    """Ask which of these obligations a kept text, or files without one, are for, or which lead's request it answers."""
    kept = reports.kept_text(work.tx, kept_id)
    if not dues and not awaited:
        conversations.answered(work.tx, to.chat_id)
        say(work, to, Kind.NOTHING_OWED, has_text=True)
        return
    is_file = kept is not None and not kept.text.strip()
    content = {"kept": kept_id, "among": _numbers(dues), "requests": [asked.id for asked in awaited]}
    conversations.ask(work.tx, to.chat_id, "choose", content, at=work.at)
    buttons: list[list[Action]] = [
        [{"do": "choose", "kept": kept_id, "obligation": due.obligation_id, **button_label(due, dues)}]
        for due in dues[:MOST_CHOICES]
    ]
    buttons += [
        [{"do": "choose_contribution", "kept": kept_id, "request": asked.id, "no": asked.no, "lead": asked.lead_name}]
        for asked in awaited[:MOST_CHOICES]
    ]
    say(
        work,
        to,
        Kind.WHICH_TASK,
        buttons=buttons,
        tasks=[shown_task(due) for due in dues],
        requests=[{"no": asked.no, "lead": asked.lead_name, "name": asked.text[:24]} for asked in awaited],
        again=again,
        is_file=is_file,
    )


def answer_choice(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number, name or unit as the answer to which task a kept text is for; False where it is none."""
    kept = _open_kept(work, person, content["kept"])
    if kept is None:
        conversations.answered(work.tx, letter.chat_id)
        return False
    dues = _in_order(work, content["among"])
    awaited = [asked for asked in awaited_of(work, person) if asked.id in content.get("requests", ())]
    choices: list[Due | Asked] = [*dues, *awaited]
    chosen = choose(letter.text, choices)
    if chosen is None and read_choice(letter.text) is None:
        return False
    to = Recipient(letter.chat_id, person.id)
    if chosen is None:
        ask_task(work, to, kept.id, dues, awaited=awaited, again=True)
    elif isinstance(chosen, Asked):
        take_contribution(work, letter, person, kept.id, chosen.id)
    else:
        take_choice(work, to, person, kept.id, chosen.obligation_id)
    return True


def take_contribution(work: Work, letter: Letter, person: KnownPerson, kept_id: int, request_id: int) -> None:
    """Make a kept text what the person's unit gives a lead that asked for it."""
    kept = _open_kept(work, person, kept_id)
    if kept is None:
        say(work, Recipient(letter.chat_id, person.id), Kind.NOTHING_DRAFTED)
    else:
        _contribute(work, _letter_of(kept, letter), person, request_id, kept_id=kept_id)


def take_choice(work: Work, to: Recipient, person: KnownPerson, kept_id: int, obligation_id: int) -> None:
    """Make a kept text the draft of the task its author chose."""
    kept = _open_kept(work, person, kept_id)
    due = ledger.obligation(work.tx, obligation_id)
    if kept is None or due is None or due.unit_id not in person.units_as(Role.LIAISON):
        say(work, to, Kind.NOTHING_DRAFTED)
    elif not may_still_report(person, due):
        say(work, to, Kind.CLOSED, tasks=[shown_task(due)])
    else:
        reports.change_kept(work.tx, kept.id, used_at=work.at)
        put_with(work, to, waiting_with(work, kept.chat_id, kept.message_id), due)
        if not kept.text.strip():
            conversations.answered(work.tx, to.chat_id)
            show_attached(work, to, due)
            return
        letter = Letter(to.chat_id, person.telegram_id, person.name, kept.message_id, kept.sent_at, kept.text)
        show_drafts(work, to, keep_drafts(work, letter, person, [whole_part(due, kept.text)]))


def take_as_one(work: Work, letter: Letter, person: KnownPerson, kept_id: int) -> None:
    """Take a text that was split for one report after all, and ask which task it is for."""
    kept = reports.kept_text(work.tx, kept_id)
    to = Recipient(letter.chat_id, person.id)
    drafts = _drafts_in(work, kept) if kept is not None and kept.person_id == person.id else []
    if kept is None or not drafts:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    for draft in drafts:
        _take_back(work, draft, kept.message_id)
    reports.change_kept(work.tx, kept.id, used_at=None)
    named = [draft.obligation_id for draft in drafts]
    dues = {due.obligation_id: due for due in [*ledger.obligations(work.tx, named), *earliest_owed(work, person)]}
    ask_task(work, to, kept.id, list(dues.values()))


def move_to_other_task(work: Work, letter: Letter, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Take a draft away from its task, keep its text and ask which task, of which period, it is for."""
    drafts = submittable(work, person, report_ids)
    to = Recipient(letter.chat_id, person.id)
    if len(drafts) != 1:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    draft = drafts[0]
    source = replace(
        letter, message_id=draft.message_id or letter.message_id, sent_at=draft.sent_at, text=draft.progress
    )
    _take_back(work, draft, source.message_id)
    dues = {due.obligation_id: due for due in [*all_owed(work, person), *latest_submitted(work, person)]}
    kept_id = keep_text(work, source, person)
    ask_task(work, to, kept_id, list(dues.values()), awaited=awaited_of(work, person))


def offer_reports(work: Work, letter: Letter, person: KnownPerson) -> None:
    """Show what is owed, each with a button that starts its report."""
    owed = earliest_owed(work, person)
    to = Recipient(letter.chat_id, person.id)
    if not owed:
        say(work, to, Kind.NOTHING_OWED, has_text=False)
    elif len(owed) == 1:
        prompt_for(work, to, person, owed[0].obligation_id)
    else:
        conversations.ask(work.tx, to.chat_id, "offer", {"among": _numbers(owed)}, at=work.at)
        buttons: list[list[Action]] = [
            [{"do": "report_on", "obligation": due.obligation_id, **button_label(due, owed)}]
            for due in owed[:MOST_CHOICES]
        ]
        buttons.append([{"do": "form_report"}])
        say(work, to, Kind.WHICH_REPORT, buttons=buttons, tasks=[shown_task(due) for due in owed], has_text=False)


def answer_offer(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number as the answer to which report is to be written; False where it is none."""
    chosen = choose(letter.text, ledger.obligations(work.tx, content["among"]))
    if chosen is None and read_choice(letter.text) is not None:
        offer_reports(work, letter, person)
        return True
    if chosen is not None:
        prompt_for(work, Recipient(letter.chat_id, person.id), person, chosen.obligation_id)
    return chosen is not None


def prompt_for(
    work: Work, to: Recipient, person: KnownPerson, obligation_id: int, *, drafts: Sequence[int] = ()
) -> None:
    """Ask for the report on one obligation, or its correction; the next text in this chat is it.

    `drafts` names what a typed 提交 or 补充 means meanwhile.
    """
    due = ledger.obligation(work.tx, obligation_id)
    if due is None or due.unit_id not in person.units_as(Role.LIAISON):
        say(work, to, Kind.NOTHING_OWED, has_text=False)
        return
    if not may_still_report(person, due):
        say(work, to, Kind.CLOSED, tasks=[shown_task(due)])
        return
    kept = {"reports": list(drafts)} if drafts else {}
    conversations.ask(work.tx, to.chat_id, "report_on", {"obligation": obligation_id, **kept}, at=work.at)
    if drafts:
        say(work, to, Kind.HOW_TO_CHANGE)
    else:
        is_sent = due.state == ObligationState.SUBMITTED
        extend: list[Action] = [] if is_sent else [{"do": "extend", "obligation": obligation_id}]
        row = [*ask_button(work, due), *extend]
        shown = [{**shown_task(due), "text": due.text}]
        say(work, to, Kind.PROMPT, buttons=[row] if row else [], tasks=shown, is_sent=is_sent)


def ask_change(work: Work, to: Recipient, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Say how drafts are changed; the next text takes the place of the only one."""
    drafts = submittable(work, person, report_ids)
    if len(drafts) == 1:
        prompt_for(work, to, person, drafts[0].obligation_id, drafts=[drafts[0].id])
    else:
        say(work, to, Kind.HOW_TO_CHANGE)


# --- the further parts of a report -----------------------------------------------------------------------------------


def ask_parts(work: Work, to: Recipient, person: KnownPerson, report_ids: Sequence[int]) -> None:
    """Begin to ask for the further parts of drafts: problems and causes, next step, stage target met."""
    drafts = submittable(work, person, report_ids)
    pending = [[draft.id, part] for draft in drafts for part in PARTS]
    _ask_next(work, to, {"reports": [draft.id for draft in drafts], "pending": pending})


def answer_part(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the part last asked for; False where the draft it belongs to is no draft any more."""
    report_id, part = content["pending"][0]
    drafts = submittable(work, person, [report_id])
    if not drafts:
        conversations.answered(work.tx, letter.chat_id)
        return False
    text = letter.text.strip()
    to = Recipient(letter.chat_id, person.id)
    if part != "stage_met":
        reports.change_report(work.tx, report_id, **{part: text})
    elif text.lower() in YES | NO:
        note_stage(work, drafts[0], met=text.lower() in YES)
    else:
        _ask_next(work, to, content)
        return True
    keep_answer(work, letter, person, report_id, part)
    skip_part(work, to, person, content)
    return True


def set_stage(work: Work, to: Recipient, person: KnownPerson, content: dict[str, Any]) -> None:
    """Note whether the stage target was met, and go on."""
    for draft in submittable(work, person, [content["pending"][0][0]]):
        note_stage(work, draft, met=content["met"])
    skip_part(work, to, person, content)


def skip_part(work: Work, to: Recipient, person: KnownPerson, content: dict[str, Any]) -> None:
    """Go on to the next part that may be added to drafts that are still the person's to change."""
    own = [draft.id for draft in submittable(work, person, content["reports"])]
    _ask_next(work, to, {"reports": own, "pending": [each for each in content["pending"][1:] if each[0] in own]})


def _ask_next(work: Work, to: Recipient, content: dict[str, Any]) -> None:
    if not content["pending"]:
        show_drafts(work, to, content["reports"])
        return
    report_id, part = content["pending"][0]
    draft = reports.report(work.tx, report_id)
    due = ledger.obligation(work.tx, draft.obligation_id) if draft else None
    asked = {"reports": content["reports"], "pending": content["pending"]}
    conversations.ask(work.tx, to.chat_id, "part", asked, at=work.at)
    yes_no: list[Action] = [{"do": "stage", "met": True, **asked}, {"do": "stage", "met": False, **asked}]
    go_on: list[Action] = [{"do": "skip", **asked}, {"do": "submit", "reports": content["reports"]}]
    buttons = [*([yes_no] if part == "stage_met" else []), go_on]
    say(work, to, Kind.ASK_PART, buttons=buttons, part=part, tasks=[shown_task(due)] if due else [])


# --- for whoever else takes texts ------------------------------------------------------------------------------------


def draft_parts(
    work: Work, letter: Letter, person: KnownPerson, parts: Sequence[Part], *, kept_id: int | None = None
) -> None:
    """Make the parts drafts; a text that was split stays kept whole, so that it can be taken as one after all."""
    if kept_id is not None:
        reports.change_kept(work.tx, kept_id, used_at=work.at)
    elif len(parts) > 1 or is_long(letter.text):
        kept_id = keep_text(work, letter, person, used=True)
    drafts = keep_drafts(work, letter, person, parts)
    to = Recipient(letter.chat_id, person.id)
    if len(parts) == 1:
        put_with(work, to, waiting_with(work, letter.chat_id, letter.message_id), parts[0].due)
    show_drafts(work, to, drafts, split_of=kept_id if len(parts) > 1 else None)


def keep_text(
    work: Work, letter: Letter, person: KnownPerson, *, used: bool = False, continues: int | None = None
) -> int:
    """Keep a text until its task is known, or `used` for what may still be made of it; gives its number."""
    return reports.keep_text(
        work.tx,
        {
            "person_id": person.id,
            "chat_id": letter.chat_id,
            "message_id": letter.message_id,
            "text": letter.text,
            "sent_at": letter.sent_at,
            "used_at": work.at if used else None,
            "continues_id": continues,
        },
    )


def is_long(text: str) -> bool:
    """Whether a text may be the first half of one that Telegram's apps cut at 4096 characters."""
    return len(text) >= LONG


# --- in this module only ---------------------------------------------------------------------------------------------


def _contribute(
    work: Work, letter: Letter, person: KnownPerson, request_id: int, *, kept_id: int | None = None
) -> None:
    if kept_id is not None:
        reports.change_kept(work.tx, kept_id, used_at=work.at)
    give(work, letter, person, request_id)


def _may_be_correction(parts: Sequence[Part], submitted: Sequence[Due]) -> bool:
    open_ = {(due.task_id, due.unit_id) for due in submitted}
    return any((part.due.task_id, part.due.unit_id) in open_ for part in parts)


def _to_correct(found: Found, owed: Sequence[Due], submitted: Sequence[Due]) -> list[Due]:
    """List what was submitted and may be meant by a text: the tasks it was found for or names, or all if nothing is owed."""
    if found.parts:
        meant = {(part.due.task_id, part.due.unit_id) for part in found.parts}
        return [due for due in submitted if (due.task_id, due.unit_id) in meant]
    if found.named and not found.named & {due.task_id for due in owed}:
        return [due for due in submitted if due.task_id in found.named]
    return [] if owed or found.among else list(submitted)


def _ask_which_report(work: Work, to: Recipient, kept_id: int, submitted: Sequence[Due], owed: Sequence[Due]) -> None:
    meant = {"kept": kept_id, "correct": _numbers(submitted), "next": _numbers(owed)}
    conversations.ask(work.tx, to.chat_id, "correct", meant, at=work.at)
    buttons: list[list[Action]] = [[{"do": "as_correction", **meant}, *([{"do": "as_next", **meant}] if owed else [])]]
    tasks = [shown_task(due) for due in submitted]
    say(work, to, Kind.WHICH_REPORT, buttons=buttons, tasks=tasks, has_text=True, has_next=bool(owed))


def _numbers(dues: Sequence[Due]) -> list[int]:
    return [due.obligation_id for due in dues]


def _in_order(work: Work, numbers: Sequence[int]) -> list[Due]:
    found = {due.obligation_id: due for due in ledger.obligations(work.tx, numbers)}
    return [found[number] for number in numbers if number in found]


def _drafts_in(work: Work, kept: Kept) -> list[ReportVersion]:
    versions = reports.written_in(work.tx, kept.chat_id, kept.message_id)
    return [version for version in versions if version.state == ReportState.DRAFT]


def _take_back(work: Work, draft: ReportVersion, message_id: int) -> None:
    """Take a draft back with its attachments, which wait with the message's text again; what was submitted keeps its own."""
    reports.change_report(work.tx, draft.id, state=ReportState.REPLACED)
    due = ledger.obligation(work.tx, draft.obligation_id)
    found = attachments.of_obligations(work.tx, [draft.obligation_id])
    if due is not None and due.state == ObligationState.SUBMITTED:
        found = [file for file in found if file.message_id == draft.message_id]
    attachments.take_off(work.tx, [file.id for file in found], message_id=message_id)


def _open_kept(work: Work, person: KnownPerson, kept_id: int) -> Kept | None:
    kept = reports.kept_text(work.tx, kept_id)
    return kept if kept is not None and kept.person_id == person.id and kept.used_at is None else None


def _letter_of(kept: Kept, letter: Letter) -> Letter:
    return replace(letter, message_id=kept.message_id, sent_at=kept.sent_at, text=kept.text, quoted_id=None)
