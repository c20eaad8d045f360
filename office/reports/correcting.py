"""An accepted report is corrected (更正) by request: the unit gives text and reason, a supervisor decides, once."""

import re
from collections.abc import Sequence
from typing import Any

from office.auditing import record
from office.notice.assigning import let_wait
from office.reports.drafting import BLOCKING, button_label, checked, shown_task
from office.reports.finding import choose
from office.requests.forms import deciders
from office.rights import Right, covers, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_choice
from storage import conversations, corrections, ledger, outbox, people, reports
from storage.corrections import AskedCorrection
from storage.ledger import Due
from storage.people import Holder, KnownPerson
from storage.states import CorrectionState, ObligationState, Role

MOST_CHOICES = 24
LEAST_REASON, MOST_REASON = 2, 500  # characters
SHOWN = 10  # requests in one list
CANCEL = {"取消", "算了", "不更正了", "cancel"}
DECISION = re.compile(r"(同意更正|不同意更正)[\s:：,，]*(?:[第#]?([0-9]{1,9})号?)?[\s:：,，。.]*(.*)", re.DOTALL)


# --- the liaison asks ------------------------------------------------------------------------------------------------


def begin_correction(work: Work, letter: Letter, person: KnownPerson, action: Action) -> None:
    """Begin a request: of the report named, the only one accepted, else ask which; a `kept` text is the new one already."""
    to = Recipient(letter.chat_id, person.id)
    dues = _correctable(work, person, action)
    words = action.get("words")
    chosen = choose(words, dues) if words else None
    if not dues:
        say(work, to, Kind.NOTHING_TO_CORRECT)
    elif chosen is None and len(dues) > 1:
        _ask_which(work, to, dues)
    else:
        due = chosen or dues[0]
        if "kept" in action:
            _take_text(work, to, person, due, action["kept"])
        else:
            conversations.ask(work.tx, to.chat_id, "correct_text", {"obligation": due.obligation_id}, at=work.at)
            stands = reports.submitted_version(work.tx, due.obligation_id)
            say(work, to, Kind.CORRECT_TEXT, tasks=[shown_task(due)], text=stands.progress if stands else "")


def answer_which(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number as which report is to be corrected; False where it is none."""
    dues = [due for due in ledger.obligations(work.tx, content["among"]) if covers(person, Right.REPORT, due)]
    chosen = choose(letter.text, dues)
    if not dues or (chosen is None and read_choice(letter.text) is None):
        return False
    if chosen is None:
        _ask_which(work, Recipient(letter.chat_id, person.id), dues)
    else:
        begin_correction(work, letter, person, {"obligation": chosen.obligation_id})
    return True


def answer_text(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the new one of an accepted report."""
    to = Recipient(letter.chat_id, person.id)
    if _drop(work, letter, to):
        return True
    dues = _correctable(work, person, content)
    if not dues:
        conversations.answered(work.tx, letter.chat_id)
        return False
    _take_text(work, to, person, dues[0], keep_correction(work, letter, person))
    return True


def answer_reason(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the reason for a correction, and put the request before the supervisors."""
    to = Recipient(letter.chat_id, person.id)
    if _drop(work, letter, to):
        return True
    dues, reason = _correctable(work, person, content), letter.text.strip()
    if not dues:
        conversations.answered(work.tx, letter.chat_id)
        return False
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        _ask_reason(work, to, dues[0], content["kept"], again=True)
        return True
    conversations.answered(work.tx, letter.chat_id)
    values = {
        "obligation_id": dues[0].obligation_id,
        "person_id": person.id,
        "kept_id": content["kept"],
        "reason": reason,
    }
    number, replaced = corrections.ask(work.tx, values, at=work.at)
    record(work, "ask_correction", f"correction:{number}", person.id, obligation=dues[0].obligation_id)
    reached = sum(_put_before(work, holder, number) for holder in deciders(work))
    say(work, to, Kind.CORRECTION_SENT, tasks=[shown_task(dues[0])], replaced=replaced, reached=reached)
    return True


def keep_correction(work: Work, letter: Letter, person: KnownPerson) -> int:
    """Keep the new text of a report that is closed; gives its number."""
    values = {
        "person_id": person.id,
        "chat_id": letter.chat_id,
        "message_id": letter.message_id,
        "text": letter.text,
        "sent_at": letter.sent_at,
        "used_at": work.at,
        "part": "correction",
    }
    return reports.keep_text(work.tx, values)


def say_closed(work: Work, letter: Letter, person: KnownPerson, dues: Sequence[Due]) -> None:
    """Say that an edit came after acceptance, and offer to request the correction with the edited text."""
    buttons: list[list[Action]] = []
    if len(dues) == 1 and dues[0].state == ObligationState.ACCEPTED:
        kept_id = keep_correction(work, letter, person)
        named = {"obligation": dues[0].obligation_id, "kept": kept_id}
        buttons = [[{"do": "correct", **named}]]
        if conversations.asked(work.tx, letter.chat_id) is None:
            conversations.ask(work.tx, letter.chat_id, "closed", named, at=work.at)
    tasks = [shown_task(due) for due in dues]
    say(work, Recipient(letter.chat_id, person.id), Kind.CLOSED, buttons=buttons, tasks=tasks)


def _correctable(work: Work, person: KnownPerson, action: Action) -> list[Due]:
    units = person.units_as(Role.LIAISON)
    if "obligation" in action:
        found = ledger.obligations(work.tx, [action["obligation"]])
        return [due for due in found if due.unit_id in units and due.state == ObligationState.ACCEPTED]
    return ledger.accepted_of(work.tx, list(units)) if units else []


def _ask_which(work: Work, to: Recipient, dues: Sequence[Due]) -> None:
    shown = dues[:MOST_CHOICES]
    among = {"among": [due.obligation_id for due in dues]}
    conversations.ask(work.tx, to.chat_id, "correct_which", among, at=work.at)
    buttons: list[list[Action]] = [
        [{"do": "correct", "obligation": due.obligation_id, **button_label(due, shown)}] for due in shown
    ]
    say(work, to, Kind.WHICH_CLOSED, buttons=buttons, tasks=[shown_task(due) for due in dues])


def _take_text(work: Work, to: Recipient, person: KnownPerson, due: Due, kept_id: int) -> None:
    """Check a new text as any report's, and ask for the reason; past a hard limit it is asked for again."""
    kept = reports.kept_text(work.tx, kept_id)
    if kept is None or kept.person_id != person.id:
        say(work, to, Kind.NOTHING_DRAFTED)
        return
    _, findings = checked(work, due, kept.text.strip(), (), stage_met=None)
    blocking = next((finding for finding in findings if finding["code"] in BLOCKING), None)
    if blocking is None:
        _ask_reason(work, to, due, kept_id)
        return
    conversations.ask(work.tx, to.chat_id, "correct_text", {"obligation": due.obligation_id}, at=work.at)
    at, text = int(blocking.get("at", 0)), kept.text.strip()
    cut: dict[str, Any] = {"before": text[max(0, at - 12) : at], "after": text[at : at + 12]}
    say(work, to, Kind.TOO_LONG, **blocking, tasks=[shown_task(due)], stands=True, **cut)


def _ask_reason(work: Work, to: Recipient, due: Due, kept_id: int, *, again: bool = False) -> None:
    asked = {"obligation": due.obligation_id, "kept": kept_id}
    conversations.ask(work.tx, to.chat_id, "correct_reason", asked, at=work.at)
    say(work, to, Kind.CORRECT_REASON, tasks=[shown_task(due)], attest=due.attest, again=again)


def _drop(work: Work, letter: Letter, to: Recipient) -> bool:
    if letter.text.strip(" 。.!！").lower() not in CANCEL:
        return False
    conversations.answered(work.tx, letter.chat_id)
    say(work, to, Kind.CORRECTION_DROPPED)
    return True


# --- the supervisor decides ------------------------------------------------------------------------------------------


def show_corrections(work: Work, to: Recipient) -> None:
    """Show the requests that wait for a decision, oldest first."""
    asked = corrections.waiting(work.tx)
    if not asked:
        say(work, to, Kind.NO_CORRECTIONS)
    for each in asked[:SHOWN]:
        say(work, to, Kind.CORRECTION_ASKED, buttons=_decide_buttons(each.id), **shown_correction(work, each))


def grant(work: Work, letter: Letter, person: KnownPerson, number: int | None) -> None:
    """Agree to a correction: its text counts as the accepted report, the one before stays kept."""
    asked = _which(work, letter, person, number)
    if asked is None:
        return
    to = Recipient(letter.chat_id, person.id)
    if not _decide(work, asked, CorrectionState.GRANTED, person, None):
        _say_gone(work, to, asked.id)
        return
    _accept(work, asked)
    _tell(work, asked.id)
    say(work, to, Kind.CORRECTION_DECIDED, granted=True, **shown_correction(work, asked))


def ask_refusal(work: Work, letter: Letter, person: KnownPerson, number: int | None, *, again: bool = False) -> None:
    """Ask why a correction is refused; the next text is the reason, and reaches the liaison whole."""
    asked = _which(work, letter, person, number)
    if asked is not None:
        to = Recipient(letter.chat_id, person.id)
        conversations.ask(work.tx, to.chat_id, "refuse_correction", {"correction": asked.id}, at=work.at)
        say(work, to, Kind.REFUSE_CORRECTION, again=again, **shown_correction(work, asked))


def answer_refusal(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the reason for refusing a correction; False for one who may not decide."""
    if not may(person, Right.DECIDE):
        return False
    if not _drop(work, letter, Recipient(letter.chat_id, person.id)):
        refuse(work, letter, person, content["correction"], letter.text.strip())
    return True


def refuse(work: Work, letter: Letter, person: KnownPerson, number: int | None, reason: str) -> None:
    """Refuse a correction with a reason; the report stays as it was accepted. Too long a reason is asked for again."""
    if len(reason) > MOST_REASON:
        ask_refusal(work, letter, person, number, again=True)
        return
    asked = _which(work, letter, person, number)
    if asked is None:
        return
    to = Recipient(letter.chat_id, person.id)
    conversations.answered(work.tx, letter.chat_id)
    if not _decide(work, asked, CorrectionState.REFUSED, person, reason):
        _say_gone(work, to, asked.id)
        return
    _tell(work, asked.id)
    say(work, to, Kind.CORRECTION_DECIDED, granted=False, **shown_correction(work, asked))


def decide_by_words(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take a typed decision (同意更正 3; 不同意更正 3 因…), of the request quoted or the only one where it has no number."""
    read = DECISION.fullmatch(letter.text.strip())
    if read is None:
        return False
    number, rest = int(read[2]) if read[2] else None, read[3].strip()
    if read[1] == "同意更正":
        if rest:
            return False
        grant(work, letter, person, number)
    elif rest:
        refuse(work, letter, person, number, rest)
    else:
        ask_refusal(work, letter, person, number)
    return True


def is_correction_decision(text: str) -> bool:
    """Whether a text is a decision on a correction: 同意更正3."""
    return DECISION.fullmatch(text.strip()) is not None


def is_waiting(work: Work, number: int) -> bool:
    """Whether a request still waits for a decision."""
    asked = corrections.correction(work.tx, number)
    return asked is not None and asked.state == CorrectionState.WAITING


def shown_correction(work: Work, asked: AskedCorrection) -> dict[str, Any]:
    """Give what is said of a request to whoever decides it."""
    due = ledger.obligation(work.tx, asked.obligation_id)
    kept = reports.kept_text(work.tx, asked.kept_id)
    stands = reports.submitted_version(work.tx, asked.obligation_id)
    return {
        "correction": asked.id,
        "tasks": [shown_task(due)] if due is not None else [],
        "old": stands.progress if stands is not None else "",
        "new": kept.text.strip() if kept is not None else "",
        "reason": asked.reason,
        "asked_at": asked.asked_at.isoformat(),
    }


def _decide_buttons(number: int) -> list[list[Action]]:
    return [[{"do": "grant_correction", "correction": number}, {"do": "refuse_correction", "correction": number}]]


def _put_before(work: Work, holder: Holder, number: int) -> int:
    asked = corrections.correction(work.tx, number)
    assert asked is not None  # noqa: S101  # it was just kept
    to = Recipient(holder.telegram_id, holder.person_id)
    shown = shown_correction(work, asked)
    message = say(work, to, Kind.CORRECTION_ASKED, buttons=_decide_buttons(number), priority=outbox.REMINDER, **shown)
    let_wait(work, message)
    return 1


def _which(work: Work, letter: Letter, person: KnownPerson, number: int | None) -> AskedCorrection | None:
    """Find the request that is meant: named, quoted, or the only one; else say why there is none, or show them."""
    to = Recipient(letter.chat_id, person.id)
    if number is None and letter.quoted_id is not None:
        sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id)
        number = sent.content.get("correction") if sent is not None else None
    open_ = corrections.waiting(work.tx)
    if number is None and len(open_) != 1:
        show_corrections(work, to)
        return None
    asked = open_[0] if number is None else corrections.correction(work.tx, number)
    if asked is None or asked.state != CorrectionState.WAITING:
        _say_gone(work, to, number)
        return None
    return asked


def _decide(
    work: Work, asked: AskedCorrection, state: CorrectionState, person: KnownPerson, answer: str | None
) -> bool:
    done = corrections.decide(work.tx, asked.id, state, by=person.id, at=work.at, answer=answer)
    if done:
        record(work, "decide_correction", f"correction:{asked.id}", person.id, state=state, answer=answer)
    return done


def _accept(work: Work, asked: AskedCorrection) -> None:
    """Put the requested text in the accepted one's place; when the report was first sent stays on record."""
    due = ledger.obligation(work.tx, asked.obligation_id)
    kept = reports.kept_text(work.tx, asked.kept_id)
    before = reports.submitted_version(work.tx, asked.obligation_id)
    assert due is not None  # noqa: S101  # a request points to its obligation
    assert kept is not None  # noqa: S101  # and to its text
    assert before is not None  # noqa: S101  # which was accepted
    text = kept.text.strip()
    past = reports.past_texts(work.tx, task_id=due.task_id, unit_id=due.unit_id)
    characters, findings = checked(work, due, text, past, stage_met=before.stage_met)
    version = 1 + max(p.version for p in past if p.obligation_id == due.obligation_id)
    values = {
        "obligation_id": due.obligation_id,
        "version": version,
        "progress": text,
        "problems": before.problems,
        "next_step": before.next_step,
        "stage_met": before.stage_met,
        "characters": characters,
        "over_limit_reason": asked.reason if any(each["code"] == "too_long" for each in findings) else None,
        "findings": findings,
        "author_id": asked.person_id,
        "chat_id": kept.chat_id,
        "message_id": kept.message_id,
        "sent_at": kept.sent_at,
        "created_at": work.at,
        "submitted_at": work.at,
    }
    if due.attest:
        values |= {"attested_at": asked.asked_at, "attested_by": asked.person_id}
    report_id = reports.add_accepted(work.tx, values)
    record(work, "correct_accepted", f"report:{report_id}", asked.person_id, version=version, correction=asked.id)


def _tell(work: Work, number: int) -> None:
    """Tell the unit what was decided: who asked, or where that person left, the unit's liaisons."""
    asked = corrections.correction(work.tx, number)
    due = ledger.obligation(work.tx, asked.obligation_id) if asked is not None else None
    if asked is None or due is None:
        return
    liaisons = people.holders(work.tx, Role.LIAISON, units=[due.unit_id])
    granted = asked.state == CorrectionState.GRANTED
    for holder in [each for each in liaisons if each.person_id == asked.person_id] or liaisons:
        message = say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            Kind.CORRECTION_ANSWERED,
            priority=outbox.REMINDER,
            tasks=[shown_task(due)],
            granted=granted,
            reason=asked.answer,
        )
        let_wait(work, message)


def _say_gone(work: Work, to: Recipient, number: int | None) -> None:
    asked = corrections.correction(work.tx, number) if number is not None else None
    state = asked.state if asked is not None else None
    say(work, to, Kind.CORRECTION_GONE, state=state, by=asked.decided_by if asked is not None else None)
