"""Supervisors decide what units ask for (审批): extensions and completions, each once, told at once with the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from office.apart import for_each
from office.auditing import record
from office.notice.assigning import let_wait, today
from office.requests.completing import shown_completion
from office.requests.extending import OWED, problem_with, read_dated, shown_extension
from office.requests.forms import CANCEL, CONFIRM, NO, liaisons_there, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from rules.periods import due_at, due_on
from storage import conversations, ledger, outbox, people, requests
from storage.people import KnownPerson
from storage.requests import AskedCompletion, AskedExtension
from storage.states import RequestState, Role

EXTENSION, COMPLETION = "E", "C"  # a request's reference is its kind and number: E3, C2
REFERENCE = re.compile(r"([EC])([0-9]{1,9})")
WORDS = re.compile(  # what a decider types instead of pressing: 同意E3, 同意 E3 5月20日, 不同意E3 因材料不全
    r"(同意销号|同意延期|同意|另定日期|不同意|退回)[\s:：,，]*([EeCc][0-9]{1,9})?[\s:：,，]*(.*)", re.DOTALL
)
MEANINGS = {"另定日期": "set_date", "不同意": "disagree", "退回": "disagree"}
DATE_PROBLEMS = {  # on the command line, as `problem_with` names them
    "past": "it is past",
    "not_later": "it is not later than the present one",
    "too_far": "it is more than 60 days after the plan year",
}
LAPSE_WORKDAYS = 5  # after the date asked for
SHOWN = 10  # requests in one list
LEAST_REASON, MOST_REASON = 2, 500


@dataclass(frozen=True, slots=True)
class Decision:
    """How a request is decided: granted (an extension until a day), or refused with a reason."""

    by: int | None  # the person; None on the command line
    until: date | None = None
    refusal: str | None = None


# --- the conversation ------------------------------------------------------------------------------------------------


def agree(work: Work, to: Recipient, person: KnownPerson, ref: str) -> None:
    """Grant a request as it was asked; an extension whose date cannot be given any more asks for another."""
    found = _open(work, to, ref)
    if isinstance(found, AskedExtension):
        grant_until(work, to, person, ref, due_on(found.wanted_due_at, work.policy.zone))
    elif found is not None:
        _decide(work, to, ref, Decision(person.id))


def grant_until(work: Work, to: Recipient, person: KnownPerson, ref: str, until: date) -> None:
    """Grant an extension until a day, or say why that day cannot be."""
    found = _open(work, to, ref)
    if not isinstance(found, AskedExtension):
        return
    due = ledger.obligation(work.tx, found.obligation_id)
    problem = problem_with(work, due, until) if due is not None else None
    if problem is not None:
        ask_date(work, to, ref, again=problem)
    else:
        _decide(work, to, ref, Decision(person.id, until=until))


def ask_date(work: Work, to: Recipient, ref: str, *, again: str | None = None, doubt: date | None = None) -> None:
    """Ask which date an extension is granted until; the next text is it."""
    if not isinstance(_open(work, to, ref), AskedExtension):
        return
    kept: dict[str, Any] = {"doubt": doubt.isoformat()} if doubt is not None else {}
    conversations.ask(work.tx, to.chat_id, "decide", {"request": ref, "step": "date", **kept}, at=work.at)
    yes: list[Action] = [{"do": "grant_until", "request": ref, "until": kept["doubt"]}] if kept else []
    buttons: list[list[Action]] = [[*yes, {"do": "drop_form", "request": ref}]]
    say(work, to, Kind.DECIDE, buttons=buttons, step="date", again=again, **kept, **_shown(work, ref))


def ask_refusal(work: Work, to: Recipient, ref: str, *, again: str | None = None) -> None:
    """Ask why a request is refused; the next text is the reason, and reaches the liaison."""
    if _open(work, to, ref) is None:
        return
    conversations.ask(work.tx, to.chat_id, "decide", {"request": ref, "step": "reason"}, at=work.at)
    buttons: list[list[Action]] = [[{"do": "drop_form", "request": ref}]]
    say(work, to, Kind.DECIDE, buttons=buttons, step="reason", again=again, **_shown(work, ref))


def refuse(work: Work, to: Recipient, person: KnownPerson, ref: str, reason: str) -> None:
    """Refuse a request with a reason."""
    if len(reason) < LEAST_REASON or len(reason) > MOST_REASON:
        ask_refusal(work, to, ref, again="reason")
    elif _open(work, to, ref) is not None:
        _decide(work, to, ref, Decision(person.id, refusal=reason))


def answer_decision(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the date or the reason that was asked for; False where it is none."""
    to, ref, word = Recipient(letter.chat_id, person.id), content["request"], plain(letter.text)
    if not may(person, Right.DECIDE) or word in CANCEL or is_decision(word, content["step"]):
        return False
    if content["step"] == "reason":
        refuse(work, to, person, ref, letter.text.strip())
    elif "doubt" in content and word in CONFIRM:
        grant_until(work, to, person, ref, date.fromisoformat(content["doubt"]))
    elif "doubt" in content and word in NO:
        ask_date(work, to, ref)
    elif (found := read_dated(work, letter.text)) is None:
        ask_date(work, to, ref, again="unread")
    elif not found[0].sure:
        ask_date(work, to, ref, doubt=found[0].day)
    else:
        grant_until(work, to, person, ref, found[0].day)
    return True


def is_decision(word: str, step: str = "reason") -> bool:
    """Whether a text is a decision of its own, not the date or reason asked for: 同意; 退回C1; but not 退回原因见附件."""
    read = WORDS.fullmatch(word)
    return read is not None and (step == "date" or bool(read[2]) or not read[3])


def decide_by_words(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take a typed decision (同意E3 5月20日; 不同意E3 因…); without a reference, of the request quoted or the only one."""
    read = WORDS.fullmatch(letter.text.strip())
    if read is None:
        return False
    to, rest = Recipient(letter.chat_id, person.id), read[3].strip(" 。.!！")
    meaning = MEANINGS.get(read[1], "agree")
    day = read_dated(work, rest) if rest and meaning != "disagree" else None
    if rest and not read[2] and letter.quoted_id is None and (day is None or day[1]):
        is_refusal = meaning == "disagree" and not person.has_role(Role.LIAISON)
        if not is_refusal:
            return False  # 同意该方案; from a liaison who also decides: a report that begins so
    ref = which(work, letter, to, {"request": read[2].upper()} if read[2] else {})
    if ref is None:
        return True
    if meaning == "disagree":
        refuse(work, to, person, ref, rest) if rest else ask_refusal(work, to, ref)
    elif day is not None and day[0].sure:
        grant_until(work, to, person, ref, day[0].day)
    elif day is not None or meaning == "set_date":
        ask_date(work, to, ref, doubt=day[0].day if day else None)
    else:
        agree(work, to, person, ref)
    return True


def which(work: Work, letter: Letter, to: Recipient, action: Action) -> str | None:
    """Find the request that is meant: named, quoted, or the only one; otherwise the open ones are shown."""
    if "request" in action:
        return str(action["request"])
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id) if letter.quoted_id is not None else None
    if sent is not None and "request" in sent.content:
        return str(sent.content["request"])
    refs = open_requests(work)
    if len(refs) == 1:
        return refs[0]
    _show(work, to, refs)
    return None


def show_extensions(work: Work, to: Recipient) -> None:
    """Show the extensions that wait for a decision, oldest first."""
    _show(work, to, [ref for ref in open_requests(work) if ref[0] == EXTENSION], kind=EXTENSION)


def show_completions(work: Work, to: Recipient) -> None:
    """Show the completions that wait for a decision, oldest first."""
    _show(work, to, [ref for ref in open_requests(work) if ref[0] == COMPLETION], kind=COMPLETION)


# --- for every desk --------------------------------------------------------------------------------------------------


def open_requests(work: Work) -> list[str]:
    """List the references of what waits for a decision: extensions, then completions, oldest first."""
    extensions = [f"{EXTENSION}{asked.id}" for asked in requests.waiting_extensions(work.tx)]
    return [*extensions, *(f"{COMPLETION}{asked.id}" for asked in requests.waiting_completions(work.tx))]


def shown_request(work: Work, ref: str) -> dict[str, Any]:
    """Give what is said of a request to whoever decides it."""
    number = int(ref[1:])
    return shown_extension(work, number) if ref[0] == EXTENSION else shown_completion(work, number)


def find_request(work: Work, ref: str) -> AskedExtension | AskedCompletion | None:
    """Find a request by its reference, however it was decided."""
    read = REFERENCE.fullmatch(ref)
    if read is None:
        return None
    look = requests.extension if read[1] == EXTENSION else requests.completion
    return look(work.tx, int(read[2]))


def is_open(work: Work, found: AskedExtension | AskedCompletion) -> bool:
    """Whether a request still waits for a decision: not decided, and its report still owed."""
    if found.state != RequestState.WAITING:
        return False
    due = ledger.obligation(work.tx, found.obligation_id) if isinstance(found, AskedExtension) else None
    return due is None or due.state in OWED


def decide(work: Work, ref: str, decision: Decision) -> bool:
    """Decide a request and tell its unit; False where somebody was quicker."""
    found = find_request(work, ref)
    if found is None or not is_open(work, found):
        return False
    values = {
        "state": RequestState.GRANTED if decision.refusal is None else RequestState.REFUSED,
        "decided_at": work.at,
        "decided_by": decision.by,
        "answer": decision.refusal,
    }
    if isinstance(found, AskedExtension):
        done = _decide_extension(work, found, decision, values)
    else:
        done = _decide_completion(work, found, values)
    if done:
        until = decision.until.isoformat() if decision.until else None
        record(work, "decide", f"request:{ref}", decision.by, state=values["state"], until=until)
        _tell_unit(work, ref, found.person_id)
    return done


def lapse_extensions(work: Work) -> int:
    """End the requests whose asked-for date passed some working days ago without an answer, and tell their units; gives how many.

    Until then they hold the escalation back, and a supervisor may still set another date.
    """
    last = work.policy.calendar.shift(today(work), -LAPSE_WORKDAYS)
    waiting = requests.waiting_extensions(work.tx)
    passed = [asked for asked in waiting if due_on(asked.wanted_due_at, work.policy.zone) <= last]

    def lapse(asked: AskedExtension) -> int:
        ref = f"{EXTENSION}{asked.id}"
        requests.decide_extension(work.tx, asked.id, state=RequestState.LAPSED)
        record(work, "lapse", f"request:{ref}", None, wanted=asked.wanted_due_at.isoformat())
        _tell_unit(work, ref, asked.person_id)
        return 1

    return sum(for_each(work, "lapse_extensions", passed, lapse, named=lambda asked: f"request:{EXTENSION}{asked.id}"))


def decide_from_desk(work: Work, ref: str, *, until: date | None, refusal: str | None) -> dict[str, Any]:
    """Decide a request on the command line; gives what there is to say of it.

    Raises: OfficeError where there is no such open request, or the date cannot be given.
    """
    found = find_request(work, ref)
    if found is None or not is_open(work, found):
        known = ", ".join(open_requests(work)) or "none"
        raise OfficeError(f"there is no open request {ref}; open ones: {known}")
    if isinstance(found, AskedExtension) and refusal is None:
        until = until or due_on(found.wanted_due_at, work.policy.zone)
        due = ledger.obligation(work.tx, found.obligation_id)
        if due is not None and (problem := problem_with(work, due, until)):
            raise OfficeError(f"the due date cannot become {until}: {DATE_PROBLEMS[problem]}")
    elif until is not None:
        raise OfficeError(f"{ref} is a completion: it has no date")
    decide(work, ref, Decision(None, until=until, refusal=refusal))
    return _shown(work, ref)


# --- in this module only ---------------------------------------------------------------------------------------------


def _open(work: Work, to: Recipient, ref: str) -> AskedExtension | AskedCompletion | None:
    """Find a request that waits for a decision; of one that does not, say what became of it."""
    found = find_request(work, ref)
    if found is not None and is_open(work, found):
        return found
    _close(work, to, ref)
    if found is None:
        say(work, to, Kind.REQUEST_GONE, why="unknown")
    else:
        say(work, to, Kind.DECIDED, mine=False, **_shown(work, ref))
    return None


def _decide(work: Work, to: Recipient, ref: str, decision: Decision) -> None:
    _close(work, to, ref)
    mine = decide(work, ref, decision)
    say(work, to, Kind.DECIDED, mine=mine, **_shown(work, ref))


def _close(work: Work, to: Recipient, ref: str) -> None:
    """Ask nothing more about a request."""
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.kind == "decide" and asked.content["request"] == ref:
        conversations.answered(work.tx, to.chat_id)


def _decide_extension(work: Work, asked: AskedExtension, decision: Decision, values: dict[str, Any]) -> bool:
    if decision.until is None:
        return requests.decide_extension(work.tx, asked.id, **values)
    new = due_at(decision.until, work.policy.zone)
    done = requests.decide_extension(work.tx, asked.id, **values, granted_due_at=new)
    if done:
        ledger.move_due(work.tx, asked.obligation_id, due_at=new, at=work.at)
    return done


def _decide_completion(work: Work, asked: AskedCompletion, values: dict[str, Any]) -> bool:
    done = requests.decide_completion(work.tx, asked.id, **values)
    if done and values["state"] == RequestState.GRANTED:
        ledger.close_out(work.tx, task_id=asked.task_id, unit_id=asked.unit_id)
    return done


def _tell_unit(work: Work, ref: str, asker: int) -> None:
    """Tell the unit's liaisons who are there, and whoever asked, while they serve the unit."""
    shown = _shown(work, ref)
    for holder in liaisons_there(work, shown["unit_id"], asker):
        to = Recipient(holder.telegram_id, holder.person_id)
        message = say(work, to, Kind.REQUEST_ANSWERED, priority=outbox.REMINDER, **shown)
        if shown["state"] == RequestState.LAPSED:  # nobody just decided it: it may be the middle of the night
            let_wait(work, message)


def _shown(work: Work, ref: str) -> dict[str, Any]:
    """Give what is said of a request, with how it was decided."""
    found = find_request(work, ref)
    assert found is not None  # noqa: S101  # callers found it before
    granted = found.granted_due_at if isinstance(found, AskedExtension) else None
    by = people.name_of(work.tx, found.decided_by) if found.decided_by is not None else None
    return {
        **shown_request(work, ref),
        "state": found.state,
        "answer": found.answer,
        "granted": due_on(granted, work.policy.zone).isoformat() if granted is not None else None,
        "decided_at": found.decided_at.isoformat() if found.decided_at is not None else None,
        "decided_by": by,
        "is_late_now": isinstance(found, AskedExtension) and work.at >= found.old_due_at,
    }


def _show(work: Work, to: Recipient, refs: Sequence[str], *, kind: str | None = None) -> None:
    shown = refs[:SHOWN]
    buttons: list[list[Action]] = [[{"do": do, "request": ref, "of": ref} for do in _choices_for(ref)] for ref in shown]
    items = [shown_request(work, ref) for ref in shown]
    say(work, to, Kind.REQUESTS, buttons=buttons, of=kind, total=len(refs), items=items)


def _choices_for(ref: str) -> tuple[str, ...]:
    return ("agree", "set_date", "disagree") if ref[0] == EXTENSION else ("close_out", "send_back")
