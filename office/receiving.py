"""What a person sends is understood: a fixed word, an answer to a question, or a report's text; nothing is lost."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Any

from office.acting import perform
from office.chasing.broadcasting import answer_broadcast
from office.chasing.calling import answer_which as answer_which_unit
from office.chasing.calling import call_by_words
from office.chasing.holding import answer_resume
from office.chasing.inspecting import answer_inspect
from office.chasing.issuing import answer_slip, is_for_slip
from office.chasing.rectifying import (
    answer_by_words,
    answer_rectify,
    take_edited_field,
    take_field_file,
)
from office.chasing.rectifying import answer_return as answer_measure_return
from office.chasing.rectifying import decide_by_words as decide_measures
from office.doing import DOING, Actor
from office.notice.due_steps import answer_due
from office.notice.edit_steps import answer_edit
from office.notice.proposing import answer_proposal, answer_why
from office.notice.tasks import answer_which_task
from office.register.groups import decide_group
from office.register.handing_over import answer_unit
from office.register.managing_people import answer_people
from office.register.registering import NAME, PHONE, change_name, find_code, keep_phone, register, skip_phone
from office.reports.amending import follow_edit
from office.reports.attaching import SentFile, UnfitFile, answer_removal, keep_file, settle_files
from office.reports.contributing import answer_contribution, answer_preview, answer_which, drop_ask, take_edited
from office.reports.correcting import answer_reason, answer_refusal, answer_text
from office.reports.correcting import answer_which as answer_closed
from office.reports.correcting import decide_by_words as decide_corrections
from office.reports.entering import answer_entry
from office.reports.joining import edited_whole, first_half, join_or_ask
from office.reports.planning import answer_plan, pick_plan
from office.reports.reporting import YES, answer_choice, answer_offer, answer_part, ask_again, receive_report, report_as
from office.reports.reviewing import answer_all, answer_quoted, answer_return, answer_review
from office.reports.submitting import answer_attestation, ask_reason, give_reason, take_edit
from office.reports.waiving import answer_waiver
from office.reports.withdrawing import answer_which as answer_withdrawal
from office.requests.absences import answer_absence, tell_absence
from office.requests.completing import answer_completion, begin_completion
from office.requests.deciding import answer_decision, decide_by_words, is_decision
from office.requests.extending import answer_extension, begin_extension
from office.requests.forms import FORMS, MARKS
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.clock import local
from rules.dates import read_span
from storage import attachments, conversations, outbox, people, records, reports
from storage.conversations import Asked
from storage.people import KnownPerson
from storage.states import ReportState, Role

TWINS = {  # every button has a typed twin: fixed words, never taken as a report's text
    "提交": "submit",
    "报送": "submit",
    "确认提交": "submit",
    "submit": "submit",
    "确认": "confirm",
    "确定": "confirm",
    "ok": "fine",
    "confirm": "confirm",
    "签收": "sign",
    "sign": "sign",
    "修改": "change",
    "change": "change",
    "补充": "add_parts",
    "add": "add_parts",
    "跳过": "skip",
    "skip": "skip",
    "作为一份": "as_one",
    "更正": "as_correction",
    "报新一期": "as_next",
    "采用": "adopt",
    "adopt": "adopt",
    "放弃": "drop",
    "请配合单位提供": "ask_units",
    "发出": "send_ask",
    "send": "send_ask",
    "提醒未提供的单位": "remind_silent",
    "汇总": "stitch",
    "回复": "contribute",
    "reply": "contribute",
    "drop": "drop",
    "删除附件": "remove_file",
    "合为一份": "join",
    "分开": "keep_apart",
    "撤回": "withdraw",
    "withdraw": "withdraw",
    "不撤回": "leave_submitted",
    "申请更正": "correct",
    "同意更正": "grant_correction",
    "不同意更正": "refuse_correction",
    "确认退出": "leave",
    "取消": "cancel",
    "cancel": "cancel",
    "申请延期": "extend",
    "申请办结": "complete",
    "同意": "agree",
    "同意销号": "close_out",
    "另定日期": "set_date",
    "不同意": "disagree",
    "退回": "send_back",
    "撤销外出": "cancel_absence",
    "通过": "accept_report",
    "下一条": "next_report",
    "全部通过": "accept_all",
    "下一页": "next_page",
    "next": "next_page",
    "上一页": "previous_page",
    "previous": "previous_page",
    "图": "board",
    "chart": "board",
    "表": "overdue_table",
    "table": "overdue_table",
    "催办": "remind",
    "remind": "remind",
    "下载计划表": "form_plan",
    "下载情况表": "form_report",
    "撤回立项": "unadopt",
    "更正任务": "edit",
    "申请删除": "ask_deletion",
    "不删除": "keep_data",
    "同意删除": "agree_deletion",
    "不同意删除": "refuse_deletion",
    "签发": "issue_slip",
    "签收督查单": "sign_slip",
    "记录情况": "record_findings",
    "提出整改": "order_measure",
    "结束督查": "end_inspection",
    "答复整改": "rectify",
    "整改通过": "pass_measure",
    "整改退回": "return_measure",
    "登记": "register_group",
    "不登记": "refuse_group",
    "退出群聊": "leave_group",
}
CONFIRMED: dict[str, tuple[str, Action]] = {  # what a plain yes to these questions does, and what it states
    "intake": ("adopt", {}),
    "ask": ("send_ask", {}),
    "leave": ("leave", {}),
    "remind": ("send_call", {}),
    "calendar": ("import_calendar", {}),
    "attest": ("attest", {"agreed": True}),
    "forget": ("ask_deletion", {}),
    "withdraw_late": ("withdraw", {"sure": True}),
}
OPEN_TO_CONFIRM = (*CONFIRMED, "draft", "part", "reason", "choose", "correct")
SPOKEN = re.compile(
    r"(申请延期|申请办结|请假|外出)(?:[\s:：]+|(?=[\d一二三四五六七八九十今明后下本周月]))(.{1,80})", re.DOTALL
)
COURTESY = re.compile(  # what people answer a message with out of politeness; a report says more
    r"(?:收到|已收到|好的?|好吧|嗯+|哦+|行|可以|明白|知道了?|已?知悉|已阅|了解|谢谢|多谢|感谢|辛苦|辛苦了|不客气|麻烦|您|你|了|们|老师|领导"
    r"|您好|你好|在吗|再见|早上好|上午好|下午好|晚上好|是的?|否|不是|不用|没有|ok|okay|yes|no|hi|hello|thanks|thank you)+"
)
NO_WORDS = re.compile(r"[\W_]+")  # nothing but marks and emoji
QUOTED = {
    "part": "ask_part",
    "reason": "ask_reason",
    "choose": "which_task",
    "offer": "which_report",
    "correct": "which_report",
    "attest": "ask_attestation",
    "remove_file": "which_file",
    "withdraw": "which_withdrawal",
    "correct_which": "which_closed",
    "correct_text": "correct_text",
    "correct_reason": "correct_reason",
    "refuse_correction": "refuse_correction",
    "ask": "ask_preview",
    "ask_which": "ask_which",
    "contribute": "contribute",
    "which_of_tasks": "task_list",
    "which_unit": "which_unit",
    "extend": "extend",
    "complete": "complete",
    "away": "away",
    "decide": "decide",
    "review": "review",
    "enter": "enter",
    "waive": "waive",
    "resume": "resume",
    "broadcast": "broadcast_preview",
    "review_reason": "review_reason",
    "accept_all": "review_all",
    "remind_which": "remind_which",
    "remind": "remind",
    "plan": "plan_ask",
    "plan_pick": "plan_list",
    "slip": "slip_preview",
    "inspect": "inspect",
    "rectify": "rectify",
    "return_measure": "return_measure",
    "edit": "edit",
    "due": "due",
    "why": "put_right_why",
    "put_right": "put_right_preview",
    "people": "people",
}
OWN_WORDS = {  # questions that take these fixed words as their own answer
    "correct_text": {"cancel"},
    "correct_reason": {"cancel"},
    "refuse_correction": {"cancel"},
    "attest": {"agree", "disagree"},
    "slip": {"issue_slip", "drop"},
    "inspect": {"drop"},
    "rectify": {"cancel", "drop"},
    "return_measure": {"cancel", "drop"},
}
IN_WORDS = {  # questions answered in a person's own words: one that was refused can be mended by editing its message
    "broadcast",
    "complete",
    "correct_reason",
    "decide",
    "due",
    "edit",
    "enter",
    "extend",
    "inspect",
    "rectify",
    "refuse_correction",
    "return_measure",
    "review_reason",
    "slip",
    "waive",
    "why",
}
OFFICE_QUESTIONS = {  # what only the office's own people are asked
    *("review", "review_reason", "accept_all", "enter", "waive", "resume", "broadcast", "remind_which", "remind"),
    *("slip", "inspect", "return_measure", "edit", "due", "why", "put_right", "people", "calendar", "intake"),
    *("refuse_correction", "decide", "deletion"),
}
LIAISONS_WORDS = {"submit", "sign", "change", "add_parts", "skip"}  # typed by others, they miss an open question
DECISIONS = {"pass_measure", "return_measure", "sign_slip"}
BEGIN = {
    "extend",
    "complete",
    "sign",
    "adopt",
    "drop",
    "form_plan",
    "form_report",
    *DECISIONS,
    "unadopt",
    "edit",
}  # what a form leaves alone


def receive_text(work: Work, letter: Letter, *, album: str | None = None) -> None:
    """Take a text from a private chat; `album` names the media group it came with."""
    person = people.who_is(work.tx, letter.telegram_id)
    text = letter.text.strip()
    if (code := find_code(work, text, is_stranger=person is None or not person.parts)) is not None:
        register(work, letter, code)
    elif person is None or not (person.parts or _is_for_former(text)):
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
    elif not text:
        say(work, Recipient(letter.chat_id, person.id), Kind.EMPTY_TEXT)
    elif not _put_right(work, letter, person, text):
        _understand(work, letter, person, text)
    if album is not None:
        _is_first_of(work, letter, album)


def receive_file(work: Work, letter: Letter, sent: SentFile | UnfitFile, *, album: str | None = None) -> None:
    """Take a file a liaison sent: kept, its text taken as any text, and put with the report both are for."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is not None and take_field_file(work, letter, person, sent, album=album):
        return
    if person is None or not may(person, Right.REPORT):
        receive_other(work, letter, album=album)
        return
    text = letter.text.strip()
    is_word = text.strip(MARKS).lower() in TWINS
    if isinstance(sent, UnfitFile):
        if album is None or _is_first_of(work, letter, album):
            say(work, Recipient(letter.chat_id, person.id), Kind.ATTACHMENT_REFUSED, code=sent.code)
    else:
        keep_file(work, letter, person, sent, album=album)
    if text and not is_word:
        receive_text(work, letter)
    if isinstance(sent, SentFile):
        settle_files(work, letter, person)
    if text and is_word:
        receive_text(work, letter)


def receive_edit(work: Work, letter: Letter) -> None:
    """Take an edited text: it changes what came from the same message, and nothing else."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not person.parts:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
        return
    letter = edited_whole(work, letter)
    if take_edited_field(work, letter, person):
        return
    kept = reports.kept_from(work.tx, letter.chat_id, letter.message_id)
    written = reports.written_in(work.tx, letter.chat_id, letter.message_id)
    versions = [version for version in written if version.state != ReportState.REPLACED] or written[-1:]
    if kept is not None and kept.report_id is not None and kept.person_id == person.id:
        follow_edit(work, letter, person, kept)
    elif kept is not None and kept.used_at is None and kept.person_id == person.id:
        reports.change_kept(work.tx, kept.id, text=letter.text, sent_at=letter.sent_at)
        receive_report(work, letter, person, kept_id=kept.id)
    elif take_edited(work, letter, person):
        return
    elif versions:
        if not take_edit(work, letter, person, versions):
            _take_anew(work, letter, person, {version.state for version in versions})
    elif letter.text.strip() and attachments.sent_with(work.tx, letter.chat_id, letter.message_id):
        receive_report(work, letter, person)
    elif letter.text.strip() and not (
        _answers_again(work, letter, person) or _put_right(work, letter, person, letter.text.strip())
    ):
        say(work, Recipient(letter.chat_id, person.id), Kind.EDIT_UNKNOWN)


def receive_other(work: Work, letter: Letter, *, album: str | None = None) -> None:
    """Answer what cannot be read: a sticker, a voice message, a place; an album is answered once."""
    person = people.who_is(work.tx, letter.telegram_id)
    known = person is not None and bool(person.parts)
    to = Recipient(letter.chat_id, person.id if person and known else None)
    if album is not None and not _is_first_of(work, letter, album):
        return
    if person is None or not known:
        say(work, to, Kind.STRANGER)
    elif person.units_as(Role.LIAISON):
        say(work, to, Kind.TEXT_ONLY)
    elif person.has_role(Role.SUPERVISOR, Role.ADMIN):
        say(work, to, Kind.SEND_AS_FILE)
    else:
        say(work, to, Kind.NOT_UNDERSTOOD, courtesy=False)


def tell_set_aside(work: Work, chat_id: int, *, sent_at: datetime) -> None:
    """Tell a person that what they sent could not be handled, however often it was tried."""
    person = people.who_is(work.tx, chat_id)
    if person is not None and person.parts:
        say(work, Recipient(chat_id, person.id), Kind.SET_ASIDE, sent_at=sent_at.isoformat())


def _is_for_former(text: str) -> bool:
    """Whether a text is a word that still counts from those whose roles have ended."""
    word = TWINS.get(text.strip(MARKS).lower())
    return word is not None and DOING[word].for_former if word in DOING else False


def _put_right(work: Work, letter: Letter, person: KnownPerson, text: str) -> bool:
    """Take a phone number or a name, where the text is nothing else."""
    if (said := PHONE.fullmatch(unicodedata.normalize("NFKC", text))) is not None:
        keep_phone(work, letter, person, said[1])
    elif (named := NAME.fullmatch(text)) is not None:
        change_name(work, letter, person, named[1])
    else:
        return False
    return True


def _take_anew(work: Work, letter: Letter, person: KnownPerson, states: set[str]) -> None:
    """Take the edited text of several drafts that is no longer split as it was; what was submitted stands."""
    if states != {ReportState.DRAFT}:
        say(work, Recipient(letter.chat_id, person.id), Kind.EDIT_UNKNOWN)
        return
    for version in reports.written_in(work.tx, letter.chat_id, letter.message_id):
        if version.state == ReportState.DRAFT:
            reports.change_report(work.tx, version.id, state=ReportState.REPLACED)
    receive_report(work, letter, person)


def _understand(work: Work, letter: Letter, person: KnownPerson, text: str) -> None:
    asked = conversations.asked(work.tx, letter.chat_id)
    word = TWINS.get(text.strip(MARKS).lower())
    is_liaison = bool(person.units_as(Role.LIAISON))
    if _is_taken_first(work, letter, person, word, asked):
        return
    if word is not None:
        _take_word(work, Actor(letter, person), word, asked)
    elif (
        _decides(work, letter, person, asked)
        or (is_liaison and _ask_in_words(work, letter, person, text))
        or (asked is not None and asked.kind not in FORMS and _answer(work, letter, person, asked))
    ):
        return
    elif is_liaison:
        _take_report(work, letter, person, text)
    else:
        _say_not_understood(work, Recipient(letter.chat_id, person.id), asked)


def _say_not_understood(work: Work, to: Recipient, asked: Asked | None) -> None:
    """Tell somebody who reports nothing that a text is no answer, and that the office's question stands where one does."""
    say(work, to, Kind.NOT_UNDERSTOOD, courtesy=False, open=asked is not None and asked.kind in OFFICE_QUESTIONS)


def _is_taken_first(work: Work, letter: Letter, person: KnownPerson, word: str | None, asked: Asked | None) -> bool:
    """Take what goes before fixed words: a quoted report's review, the open question's own words, measures, an open form."""
    if letter.quoted_id is not None and answer_quoted(work, letter, person):
        return True
    if asked is not None and word in OWN_WORDS.get(asked.kind, ()) and _answer(work, letter, person, asked):
        return True
    if word is None and (answer_by_words(work, letter, person) or decide_measures(work, letter, person)):
        return True
    return asked is not None and asked.kind in FORMS and word not in BEGIN and _answer(work, letter, person, asked)


def _take_report(work: Work, letter: Letter, person: KnownPerson, text: str) -> None:
    """Take a liaison's text as a report, unless it is a courtesy or the half of one that was cut."""
    plain = "".join(sign for sign in text.strip(MARKS).lower() if sign not in MARKS)
    if NO_WORDS.fullmatch(text) or COURTESY.fullmatch(plain):
        say(work, Recipient(letter.chat_id, person.id), Kind.NOT_UNDERSTOOD, courtesy=True)
    elif (half := first_half(work, letter)) is not None:
        join_or_ask(work, letter, person, half)
    else:
        receive_report(work, letter, person)


def _decides(work: Work, letter: Letter, person: KnownPerson, asked: Asked | None) -> bool:
    """Take what a supervisor types as a decision, the reason last asked for, or a call; False where it is none."""
    if may(person, Right.MANAGE_GROUPS) and decide_group(work, letter, person):
        return True
    if may(person, Right.DECIDE):
        if decide_corrections(work, letter, person):
            return True
        is_reason = asked is not None and asked.kind in ("refuse_correction", "return_measure")
        is_answer = is_reason and not is_decision(letter.text.strip(MARKS))
        if is_answer and asked is not None and _answer(work, letter, person, asked):
            return True
        if decide_by_words(work, letter, person):
            return True
    return may(person, Right.REMIND) and call_by_words(work, letter, person)


def _ask_in_words(work: Work, letter: Letter, person: KnownPerson, text: str) -> bool:
    """Take a request said without its command's slash: 申请延期 3 5月20日 因…; 外出 5月1日-5月7日."""
    said = SPOKEN.fullmatch(text)
    if said is None:
        return False
    begin = {"申请延期": begin_extension, "申请办结": begin_completion}.get(said[1], tell_absence)
    if (
        begin is tell_absence
        and read_span(said[2], now=local(work.at, work.policy.zone), calendar=work.policy.calendar) is None
    ):
        return False  # 外出考察3次: a report
    begin(work, letter, person, said[2])
    return True


def _take_word(work: Work, actor: Actor, word: str, asked: Asked | None) -> None:
    """Do what a typed word stands for in this conversation; where a question is open that it does not answer, ask again."""
    kind, content = (asked.kind, asked.content) if asked is not None else ("", {})
    word = _meant_by(kind, word)
    if kind == "ask" and word == "cancel":
        drop_ask(work, actor.to)
        return
    if word == "sign" and is_for_slip(work, actor.letter, actor.person):
        word, content = "sign_slip", {}
    if kind == "phone" and word == "skip":
        skip_phone(work, actor.letter, actor.person)
        return
    if word == "fine" and kind not in OPEN_TO_CONFIRM:
        say(work, actor.to, Kind.NOT_UNDERSTOOD, courtesy=bool(actor.person.units_as(Role.LIAISON)))
        return
    if word == "correct" and kind != "closed":
        content = {}
    if word in ("confirm", "fine") or (word == "withdraw" and kind == "withdraw_late"):
        word, content = _confirmed(kind, content)
    if kind in ("choose", "correct") and word in ("submit", "change", "add_parts", "skip"):
        if ask_again(work, actor.letter, actor.person, content["kept"]):
            return
        content = {}
    if kind == "reason" and word == "skip":
        ask_reason(work, actor.to, content["reports"])
        return
    right = DOING[word].right if word in DOING else None
    is_office = asked is not None and asked.kind in OFFICE_QUESTIONS
    if is_office and word in LIAISONS_WORDS and right is not None and not may(actor.person, right):
        _say_not_understood(work, actor.to, asked)
        return
    action: Action = {**content, "do": word}
    perform(work, actor, action)


def _meant_by(kind: str, word: str) -> str:
    """Give what a word that calls something off means while a question of this kind is open."""
    if kind == "calendar" and word in ("cancel", "drop"):
        return "drop_calendar"
    if word != "cancel":
        return word
    return "drop_form" if kind in FORMS else "drop_call" if kind == "remind" else word


def _confirmed(kind: str, content: Action) -> tuple[str, Action]:
    """Give what a plain yes means: the draft goes out, the correction is one; else the tasks are signed for."""
    if kind in CONFIRMED:
        word, sure = CONFIRMED[kind]
        return word, {**content, **sure}
    if kind in ("draft", "part", "reason"):
        return "submit", content
    if kind == "correct" and not content["next"]:
        return "as_correction", content
    return "submit" if kind == "choose" or "reports" in content else "sign", content


def _answer(work: Work, letter: Letter, person: KnownPerson, asked: Asked) -> bool:
    """Take a text as the answer to what was last asked; False where it is none, or quotes something else."""
    if letter.quoted_id is not None and not _quotes(work, letter, asked):
        return False
    answer = ANSWERS.get(asked.kind)
    if answer is None or not answer(work, letter, person, asked.content):
        return False
    _keep_refused(work, letter, asked)
    return True


def _keep_refused(work: Work, letter: Letter, asked: Asked) -> None:
    """Keep a text that did not answer the question, which still stands, so that it need not be typed anew."""
    now = conversations.asked(work.tx, letter.chat_id)
    if now is not None and asked.kind in IN_WORDS and _without_text(now) == _without_text(asked):
        refused = {"message": letter.message_id, "text": letter.text}
        conversations.ask(work.tx, letter.chat_id, now.kind, {**now.content, "refused": refused}, at=work.at)


def _without_text(asked: Asked) -> tuple[str, dict[str, Any]]:
    """Give what a question is about, without what tells one asking from another."""
    return asked.kind, {name: value for name, value in asked.content.items() if name not in ("form", "refused")}


def _answers_again(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take the edit of a text that was refused as the answer to the question that still stands."""
    asked = conversations.asked(work.tx, letter.chat_id)
    refused = asked.content.get("refused") if asked is not None else None
    is_refused = refused is not None and refused["message"] == letter.message_id
    return is_refused and asked is not None and _answer(work, letter, person, asked)


def _take_reason(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    return give_reason(work, letter, person, content["reports"])


def _take_yes(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a plain yes to whether a text corrects what was submitted; False for anything else."""
    if content["next"] or letter.text.strip(MARKS).lower() not in YES:
        return False
    report_as(work, letter, person, content["kept"], content["correct"])
    return True


# what takes a text as the answer to the question of this kind; False where it is none
ANSWERS: dict[str, Callable[[Work, Letter, KnownPerson, dict[str, Any]], bool]] = {
    "reason": _take_reason,
    "part": answer_part,
    "choose": answer_choice,
    "offer": answer_offer,
    "which_unit": answer_unit,
    "correct": _take_yes,
    "attest": answer_attestation,
    "remove_file": answer_removal,
    "withdraw": answer_withdrawal,
    "correct_which": answer_closed,
    "correct_text": answer_text,
    "correct_reason": answer_reason,
    "refuse_correction": answer_refusal,
    "ask": answer_preview,
    "ask_which": answer_which,
    "contribute": answer_contribution,
    "which_of_tasks": answer_which_task,
    "extend": answer_extension,
    "complete": answer_completion,
    "away": answer_absence,
    "decide": answer_decision,
    "review": answer_review,
    "enter": answer_entry,
    "waive": answer_waiver,
    "resume": answer_resume,
    "broadcast": answer_broadcast,
    "review_reason": answer_return,
    "accept_all": answer_all,
    "remind_which": answer_which_unit,
    "plan": answer_plan,
    "plan_pick": pick_plan,
    "slip": answer_slip,
    "inspect": answer_inspect,
    "rectify": answer_rectify,
    "return_measure": answer_measure_return,
    "edit": answer_edit,
    "due": answer_due,
    "why": answer_why,
    "put_right": answer_proposal,
    "people": answer_people,
}


def _quotes(work: Work, letter: Letter, asked: Asked) -> bool:
    """Whether a text quotes the very question that is open."""
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id) if letter.quoted_id is not None else None
    return sent is not None and sent.kind == QUOTED.get(asked.kind)


def _is_first_of(work: Work, letter: Letter, album: str) -> bool:
    """Whether this is the first of a media group's messages; each comes as an update of its own."""
    name = f"album:{letter.chat_id}"
    is_first = records.noted(work.tx, name) != album
    if is_first:
        records.note(work.tx, name, album, at=work.at)
    return is_first
