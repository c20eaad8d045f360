"""Supervisors review what was reported (审核): a version is accepted, or returned with a reason and a due date; once."""

import re
from collections.abc import Sequence
from typing import Any

from office.auditing import record
from office.chasing.holding import held
from office.notice.assigning import let_wait, today
from office.reports.correcting import is_correction_decision
from office.reports.drafting import shown_draft, shown_task
from office.requests.deciding import is_decision
from office.requests.forms import CANCEL, CONFIRM, liaisons_there, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from rules.numbering import read_choice
from rules.periods import due_at
from storage import attachments, conversations, ledger, outbox, reports, reviews
from storage.ledger import Due
from storage.people import KnownPerson
from storage.reports import ReportVersion
from storage.reviews import WaitingReport
from storage.states import ReportState

LEAST_REASON, MOST_REASON = 2, 500  # characters
SHOWN = 10  # reports named in one preview
ACCEPT, NEXT, ALL = {"通过", "审核通过", "accept"}, {"下一条", "下一个", "next"}, {"全部通过", "accept all"}
RETURN = re.compile(r"(?:退回|return\b)[\s:：,，]*(.*)", re.DOTALL | re.IGNORECASE)
REQUEST = re.compile(r"[EeCc]\d{1,9}\b.*", re.DOTALL)  # 退回C1: what is meant is a request


# --- the conversation ------------------------------------------------------------------------------------------------


def begin_review(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Show the report that waits longest; `words` keep to a unit, a task or what its text says."""
    _show(work, Recipient(letter.chat_id, person.id), words, 0)


def show_next(work: Work, letter: Letter, person: KnownPerson, action: Action) -> None:
    """Show the report after the one shown; after the last one the first again."""
    words = action.get("words", "")
    _show(
        work,
        Recipient(letter.chat_id, person.id),
        words,
        _place_after(_queue(work, words), _named(work, letter, action)),
    )


def accept_report(work: Work, letter: Letter, person: KnownPerson, action: Action) -> None:
    """Accept the version that was shown, and show the next report."""
    _decide(work, letter, person, action, None)


def ask_return(work: Work, letter: Letter, person: KnownPerson, action: Action, *, again: bool = False) -> None:
    """Ask why a report is returned: one of the office's reasons, or any other; it reaches the liaison as it is."""
    to = Recipient(letter.chat_id, person.id)
    found = _which(work, letter, person, action)
    if found is None:
        return
    kept = {"report": found.id, "words": action.get("words", "")}
    conversations.ask(work.tx, to.chat_id, "review_reason", kept, at=work.at)
    reasons = work.policy.review.reasons
    choices: list[Action] = [{"do": "return_for", "reason": reason, **kept} for reason in reasons]
    rows = [choices[at : at + 2] for at in range(0, len(choices), 2)]
    cancel: list[Action] = [{"do": "drop_form", "report": found.id}]
    due = ledger.obligation(work.tx, found.obligation_id)
    tasks = [shown_task(due)] if due is not None else []
    say(work, to, Kind.REVIEW_REASON, buttons=[*rows, cancel], tasks=tasks, reasons=list(reasons), again=again, **kept)


def return_report(work: Work, letter: Letter, person: KnownPerson, action: Action, reason: str) -> None:
    """Return the version that was shown, with a reason, and show the next report."""
    if LEAST_REASON <= len(reason) <= MOST_REASON:
        _decide(work, letter, person, action, reason)
    else:
        ask_return(work, letter, person, action, again=True)


def accept_all(work: Work, letter: Letter, person: KnownPerson, action: Action) -> None:
    """Show which reports without a finding would be accepted together; once that is confirmed, accept them.

    Only the versions that were shown are: what changed meanwhile waits on.
    """
    to, words = Recipient(letter.chat_id, person.id), action.get("words", "")
    if "versions" in action:
        conversations.answered(work.tx, to.chat_id)
        done = [number for number in action["versions"] if decide(work, number, by=person.id) is not None]
        left = len(_queue(work, words))
        say(work, to, Kind.REVIEWED_ALL, count=len(done), changed=len(action["versions"]) - len(done), left=left)
        return
    plain_ones = [each for each in _queue(work, words) if not each.findings]
    if not plain_ones:
        say(work, to, Kind.REVIEWED_ALL, count=0, changed=0, left=len(_queue(work, words)))
        return
    kept = {"versions": [each.report_id for each in plain_ones], "words": words}
    conversations.ask(work.tx, to.chat_id, "accept_all", kept, at=work.at)
    dues = {d.obligation_id: d for d in ledger.obligations(work.tx, [e.obligation_id for e in plain_ones[:SHOWN]])}
    tasks = [shown_task(dues[each.obligation_id]) for each in plain_ones[:SHOWN]]
    row: list[Action] = [{"do": "accept_all", **kept, "sure": True}, {"do": "drop_form"}]
    say(work, to, Kind.REVIEW_ALL, buttons=[row], count=len(plain_ones), tasks=tasks)


def answer_review(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take what is typed of the report shown: 通过, 退回 数据缺失, 下一条, 全部通过; False for anything else."""
    word, said = plain(letter.text), RETURN.fullmatch(letter.text.strip())
    if not may(person, Right.REVIEW):
        return False
    if word in ACCEPT:
        accept_report(work, letter, person, content)
    elif word in NEXT:
        show_next(work, letter, person, content)
    elif word in ALL:
        accept_all(work, letter, person, {"words": content.get("words", "")})
    elif said is None or REQUEST.fullmatch(said[1]):
        return False
    elif reason := said[1].strip(" 。.!！"):
        return_report(work, letter, person, content, reason)
    else:
        ask_return(work, letter, person, content)
    return True


def answer_quoted(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Take what is typed of the report whose message is quoted; False where none is."""
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id) if letter.quoted_id is not None else None
    if sent is None or sent.kind != Kind.REVIEW or "report" not in sent.content:
        return False
    return answer_review(work, letter, person, {name: sent.content[name] for name in ("report", "words")})


def answer_return(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the reason for a return, a number as one of those offered; False for a decision of its own."""
    word, text = plain(letter.text), letter.text.strip()
    if not may(person, Right.REVIEW) or word in CANCEL | ACCEPT | NEXT | ALL:
        return False
    if is_decision(word) or is_correction_decision(text):
        return False
    said, number, reasons = RETURN.fullmatch(text), read_choice(text), work.policy.review.reasons
    is_offered = number is not None and number <= len(reasons)
    reason = reasons[number - 1] if is_offered and number is not None else said[1].strip() if said else text
    return_report(work, letter, person, content, reason)
    return True


def answer_all(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a plain yes to accepting the reports shown; False for anything else."""
    if not may(person, Right.REVIEW) or plain(letter.text) not in CONFIRM | ALL:
        return False
    accept_all(work, letter, person, content)
    return True


# --- for every desk --------------------------------------------------------------------------------------------------


def decide(work: Work, report_id: int, *, by: int | None, reason: str | None = None) -> Due | None:
    """Accept a version, or return it with a reason and tell its unit; None where it does not wait any more.

    A return gives the unit the office's working days for it, and never less time than it had.
    """
    version = reports.report(work.tx, report_id)
    due = ledger.obligation(work.tx, version.obligation_id) if version is not None else None
    if version is None or due is None:
        return None
    policy = work.policy
    again = due_at(policy.calendar.shift(today(work), policy.return_workdays), policy.zone)
    values = {
        "report_id": report_id,
        "obligation_id": due.obligation_id,
        "accepted": reason is None,
        "reason": reason,
        "decided_at": work.at,
        "decided_by": by,
        "old_due_at": due.due_at,
        "due_at": due.due_at if reason is None else max(due.due_at, again),
    }
    settle = reviews.accept if reason is None else reviews.send_back
    if not settle(work.tx, values):
        return None
    act = "accept_report" if reason is None else "return_report"
    record(work, act, f"report:{report_id}", by, version=version.version, reason=reason)
    if reason is not None:
        _tell_unit(work, due.obligation_id, version, reason)
    return due


def became_of(work: Work, report_id: int) -> dict[str, Any]:
    """Tell what became of a version that does not wait any more, and which one stands in its place."""
    version = reports.report(work.tx, report_id)
    stands = reports.submitted_version(work.tx, version.obligation_id) if version is not None else None
    found = reviews.review_of(work.tx, report_id)
    if version is None:
        return {"state": "unknown", "by": None, "at": None, "newer": None}
    if found is not None:
        state = "accepted" if found.accepted else "returned"
        return {"state": state, "by": found.decided_by, "at": found.decided_at.isoformat(), "newer": None}
    if version.state == ReportState.REPLACED and stands is not None:
        if stands.state == ReportState.SUBMITTED:
            return {"state": "newer", "by": None, "at": None, "newer": stands.id}
        return became_of(work, stands.id)
    return {"state": "closed" if stands is not None else "withdrawn", "by": None, "at": None, "newer": None}


def waiting_reports(work: Work, words: str = "") -> list[dict[str, Any]]:
    """List what waits for a decision, oldest first, with everything that is said of it."""
    return [_shown(work, each) for each in _queue(work, words)]


def held_for_review(work: Work) -> list[WaitingReport]:
    """List the reports that wait because their notice asks for a decision, oldest first."""
    required = work.policy.review.required
    return [each for each in reviews.waiting(work.tx) if (required if each.review is None else each.review)]


def decide_from_desk(work: Work, report_ids: Sequence[int], *, reason: str | None) -> list[Due]:
    """Decide on reports on the command line, all or none.

    Raises: OfficeError naming those that do not wait.
    """
    done = {number: decide(work, number, by=None, reason=reason) for number in dict.fromkeys(report_ids)}
    gone = [str(number) for number, due in done.items() if due is None]
    if gone:
        known = ", ".join(str(each.report_id) for each in reviews.waiting(work.tx)[:SHOWN]) or "none"
        raise OfficeError(f"no report that waits for a decision has the ID {', '.join(gone)}; some that do: {known}")
    return [due for due in done.values() if due is not None]


def require_review(work: Work, notice_id: int, *, review: bool | None) -> None:
    """Say whether a notice's reports wait for a decision; None: as the office's setting says."""
    reviews.require(work.tx, notice_id, review=review)
    record(work, "require_review", f"notice:{notice_id}", None, review=review)


# --- in this module only ---------------------------------------------------------------------------------------------


def _queue(work: Work, words: str) -> list[WaitingReport]:
    """List what waits, of what these words name; what was decided in this very transaction is not in it any more."""
    found = reviews.waiting(work.tx)
    if not words.strip():
        return found
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [each.obligation_id for each in found])}
    aliases = {unit.id: " ".join(unit.aliases) for unit in ledger.units(work.tx)}
    return [e for e in found if _is_meant(due := dues[e.obligation_id], words.split(), aliases.get(due.unit_id, ""))]


def _is_meant(due: Due, words: Sequence[str], aliases: str) -> bool:
    named = f"{due.unit_name} {aliases} {due.list} {due.period} {' '.join(due.leaders)} {due.text}"
    return all(word in named or read_choice(word) == due.no for word in words)


def _place_after(queue: Sequence[WaitingReport], report_id: int | None) -> int:
    places = [place for place, each in enumerate(queue) if each.report_id == report_id]
    return places[0] + 1 if places else 0


def _show(
    work: Work,
    to: Recipient,
    words: str,
    place: int,
    *,
    done: dict[str, Any] | None = None,
    newer: bool = False,
) -> None:
    """Show the report at a place of the queue, with what was done just before."""
    queue = _queue(work, words)
    if not queue:
        asked = conversations.asked(work.tx, to.chat_id)
        if asked is not None and asked.kind in ("review", "review_reason", "accept_all"):
            conversations.answered(work.tx, to.chat_id)
        say(work, to, Kind.REVIEW, total=0, words=words, done=done, paused=held(work))
        return
    place = place if place < len(queue) else 0
    shown = _shown(work, queue[place])
    kept = {"report": queue[place].report_id, "words": words}
    conversations.ask(work.tx, to.chat_id, "review", kept, at=work.at)
    first: list[Action] = [{"do": "accept_report", **kept}, {"do": "return_report", **kept}]
    if len(queue) > 1:
        first.append({"do": "next_report", **kept})
    count = sum(not each.findings for each in queue)
    more: list[list[Action]] = [[{"do": "accept_all", "words": words, "count": count}]] if count > 1 else []
    say(
        work,
        to,
        Kind.REVIEW,
        buttons=[first, *more],
        total=len(queue),
        place=place + 1,
        done=done,
        newer=newer,
        words=words,
        paused=held(work),
        **shown,
    )


def _shown(work: Work, waiting: WaitingReport) -> dict[str, Any]:
    version = reports.report(work.tx, waiting.report_id)
    due = ledger.obligation(work.tx, waiting.obligation_id)
    assert version is not None  # noqa: S101  # it was just listed
    assert due is not None  # noqa: S101  # a report points to its obligation
    former = reviews.former_step(work.tx, due.obligation_id)
    returned = reviews.last_return(work.tx, due.obligation_id)
    return {
        "report": version.id,
        "notice_id": due.notice_id,
        "tasks": [shown_draft(version, due)],
        "late": due.is_late,
        "source": version.source,
        "sent_at": version.sent_at.isoformat(),
        "submitted_at": waiting.submitted_at.isoformat(),
        "attachments": [file.name for file in attachments.of_obligations(work.tx, [due.obligation_id])],
        "former": {"period": former.period, "next_step": former.next_step} if former is not None else None,
        "returned": returned.reason if returned is not None else None,
    }


def _named(work: Work, letter: Letter, action: Action) -> int | None:
    """Give the report that an action, or the message quoted, names."""
    if "report" in action:
        return int(action["report"])
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id) if letter.quoted_id is not None else None
    return sent.content.get("report") if sent is not None and sent.kind == Kind.REVIEW else None


def _which(work: Work, letter: Letter, person: KnownPerson, action: Action) -> ReportVersion | None:
    """Find the version that is meant and still waits: named, quoted, or the only one; else say what became of it."""
    to, words = Recipient(letter.chat_id, person.id), action.get("words", "")
    number = _named(work, letter, action)
    if number is None:
        queue = _queue(work, words)
        if len(queue) != 1:
            _show(work, to, words, 0)  # nothing was shown that this could be about
            return None
        number = queue[0].report_id
    version = reports.report(work.tx, number)
    if version is not None and version.state == ReportState.SUBMITTED:
        return version
    _say_gone(work, to, number, words)
    return None


def _decide(work: Work, letter: Letter, person: KnownPerson, action: Action, reason: str | None) -> None:
    to, words = Recipient(letter.chat_id, person.id), action.get("words", "")
    version = _which(work, letter, person, action)
    if version is None:
        return
    place = _place_after(_queue(work, words), version.id) - 1
    due = decide(work, version.id, by=person.id, reason=reason)
    if due is None:
        _say_gone(work, to, version.id, words)
        return
    now = ledger.obligation(work.tx, due.obligation_id)
    done = {"state": "accepted" if reason is None else "returned", "reason": reason, **shown_task(now or due)}
    _show(work, to, words, max(place, 0), done=done)


def _say_gone(work: Work, to: Recipient, report_id: int, words: str) -> None:
    """Say what became of a version; a newer one is shown to be decided on instead."""
    became = became_of(work, report_id)
    if became["newer"] is None:
        say(work, to, Kind.REVIEW_GONE, **became)
        return
    queue = _queue(work, words)
    places = [place for place, each in enumerate(queue) if each.report_id == became["newer"]]
    _show(work, to, words if places else "", places[0] if places else 0, newer=bool(places))


def _tell_unit(work: Work, obligation_id: int, version: ReportVersion, reason: str) -> None:
    """Tell a unit's liaisons that its report was returned: the reason, the new due date, how to revise it."""
    due = ledger.obligation(work.tx, obligation_id)
    assert due is not None  # noqa: S101  # a report points to its obligation
    named = {"obligation": obligation_id}
    row: list[Action] = [{"do": "revise", **named}, {"do": "extend", **named}]
    for holder in liaisons_there(work, due.unit_id, version.author_id):
        message = say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            Kind.REPORT_RETURNED,
            buttons=[row],
            priority=outbox.REMINDER,
            tasks=[shown_task(due)],
            reason=reason,
            text=version.progress,
            characters=version.characters,
        )
        let_wait(work, message)
