"""A unit takes back (撤回) what it submitted while nobody has accepted it; the text becomes its draft again."""

from collections.abc import Sequence
from typing import Any

from office.auditing import record
from office.reports.drafting import button_label, shown_task
from office.reports.finding import choose, may_still_report, quoted_obligations
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_choice
from storage import conversations, ledger, reports
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import ObligationState, ReportState, Role

MOST_CHOICES = 24


def withdraw(work: Work, letter: Letter, person: KnownPerson, action: Action) -> None:
    """Take back what is meant: what a receipt names, what is quoted, the only report there is; else ask which.

    After the due instant it is asked first, since nothing then stands as reported.
    """
    to = Recipient(letter.chat_id, person.id)
    dues = _meant(work, letter, person, action)
    if not dues:
        say(work, to, Kind.NOTHING_TO_WITHDRAW)
    elif len(dues) > 1:
        _ask_which(work, to, dues)
    elif work.at >= dues[0].due_at and not action.get("sure"):
        named = {"obligations": [dues[0].obligation_id]}
        conversations.ask(work.tx, to.chat_id, "withdraw_late", named, at=work.at)
        buttons: list[list[Action]] = [[{"do": "withdraw", "sure": True, **named}, {"do": "leave_submitted"}]]
        say(work, to, Kind.WITHDRAW_LATE, buttons=buttons, tasks=[shown_task(dues[0])])
    else:
        _take_back(work, to, person, dues[0])


def answer_which(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number as which report is taken back; False where it is none."""
    chosen = choose(letter.text, ledger.obligations(work.tx, content["among"]))
    if chosen is None and read_choice(letter.text) is None:
        return False
    named = content["among"] if chosen is None else [chosen.obligation_id]
    withdraw(work, letter, person, {"obligations": named})
    return True


def _meant(work: Work, letter: Letter, person: KnownPerson, action: Action) -> list[Due]:
    units = list(person.units_as(Role.LIAISON))
    if "obligations" in action:
        found = ledger.obligations(work.tx, action["obligations"])
    else:
        found = ledger.submitted_by(work.tx, units)
        found = list(quoted_obligations(work, letter, person, found)) or found
    words = action.get("words")
    submitted = [due for due in found if due.state == ObligationState.SUBMITTED and may_still_report(person, due)]
    chosen = choose(words, submitted) if words else None
    return [chosen] if chosen is not None else submitted


def _ask_which(work: Work, to: Recipient, dues: Sequence[Due]) -> None:
    numbers = [due.obligation_id for due in dues]
    conversations.ask(work.tx, to.chat_id, "withdraw", {"among": numbers}, at=work.at)
    buttons: list[list[Action]] = [
        [{"do": "withdraw", "obligations": [due.obligation_id], **button_label(due, dues)}]
        for due in dues[:MOST_CHOICES]
    ]
    say(work, to, Kind.WHICH_WITHDRAWAL, buttons=buttons, tasks=[shown_task(due) for due in dues])


def _take_back(work: Work, to: Recipient, person: KnownPerson, due: Due) -> None:
    """Make what was submitted a draft again; a newer draft stays the draft. When it was first sent stays on record."""
    version = reports.submitted_version(work.tx, due.obligation_id)
    draft = reports.draft_of(work.tx, due.obligation_id)
    assert version is not None  # noqa: S101  # an obligation is submitted by a version
    state = ReportState.DRAFT if draft is None else ReportState.REPLACED
    changed: dict[str, Any] = {"state": state, "submitted_at": None, "attested_at": None, "attested_by": None}
    if version.source is not None:  # entered for the unit: from now on it is the draft of who took it back
        changed |= {"source": None, "author_id": person.id}
    reports.change_report(work.tx, version.id, **changed, withdrawn_at=work.at)
    returned = reports.was_returned(work.tx, due.obligation_id)
    ledger.reopen(work.tx, due.obligation_id, ObligationState.RETURNED if returned else ObligationState.OPEN)
    record(work, "withdraw_report", f"report:{version.id}", person.id, version=version.version)
    number = version.id if draft is None else draft.id
    conversations.ask(work.tx, to.chat_id, "draft", {"reports": [number]}, at=work.at)
    buttons: list[list[Action]] = [[{"do": "submit", "reports": [number]}, {"do": "change", "reports": [number]}]]
    is_over = work.at >= due.due_at
    submits_itself = not is_over and not due.attest
    tasks = [shown_task(due)]
    say(work, to, Kind.WITHDRAWN, buttons=buttons, tasks=tasks, is_over=is_over, submits_itself=submits_itself)
