"""The conversation about supervision slips: list, draft, preview, issue (签发), sign for (签收), close (销单)."""

import re
from difflib import get_close_matches
from typing import Any

from office.chasing.slips import (
    MOST_REQUIREMENT,
    SIGNERS,
    Draft,
    NotNowError,
    close_slip,
    decline,
    draft_slip,
    find_slip,
    issue_slip,
    open_matters,
    reaches,
    recipients,
    reference,
    shown_slip,
    sign_slips,
    unsigned_slips,
)
from office.requests.forms import CANCEL, CONFIRM, close_form, drop_form, new_form, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from rules.numbering import read_choice
from storage import conversations, ledger, outbox, slips
from storage.people import KnownPerson
from storage.slips import KnownSlip
from storage.states import Reach, Role, SlipState

SHOWN = 8  # of each kind in one list
MATTER = re.compile(r"(\S+?)[\s，,]+((?:任务|第)?\s*\d{1,4}\s*[项号条]?)(?:[\s，,：:]+(.*))?", re.DOTALL)
CLOSING = re.compile(r"(?:销单|撤销)\s*(\S*?\d+\s*号?)(?:[\s，,：:]+(.*))?", re.DOTALL)
LEAST_REASON, MOST_REASON = 2, 200
ISSUE, DECLINE = {"签发", "确认签发"}, {"不予签发"}


def answer_slip_command(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Answer /slip: the list, one slip, and in private a draft (区教体局 3) or the closing of one (销单 3号 原因)."""
    to, said = Recipient(letter.chat_id, person.id), words.strip()
    if not said:
        show_slips(work, to, person)
    elif (slip := find_slip(work, said)) is not None and reaches(work, person, Right.SEE_SLIPS, slip):
        show_slip(work, to, person, slip)
    elif letter.in_group or not may(person, Right.ISSUE_SLIPS):
        show_slips(work, to, person)
    elif (closing := CLOSING.fullmatch(said)) is not None:
        _begin_closing(work, to, person, find_slip(work, closing[1]), (closing[2] or "").strip())
    elif (matter := MATTER.fullmatch(said)) is not None:
        _draft_said(work, to, matter[1], str(read_choice(matter[2]) or ""), matter[3])
    else:
        say(work, to, Kind.SLIP_REFUSED, why="unread")


def show_slips(work: Work, to: Recipient, person: KnownPerson) -> None:
    """Show what is proposed and what is open, as far as the person's right reaches."""
    issues = may(person, Right.ISSUE_SLIPS)
    proposed = slips.in_state(work.tx, SlipState.PROPOSED, most=SHOWN) if issues else []
    found = slips.in_state(work.tx, SlipState.ISSUED)
    open_ = [slip for slip in found if reaches(work, person, Right.SEE_SLIPS, slip)]
    own = {slip.id for slip in unsigned_slips(work, person)}
    buttons: list[list[Action]] = [
        [{"do": "draft_slip", "obligation": slip.obligation_id, **_label(work, slip)}] for slip in proposed
    ]
    buttons += [[{"do": "sign_slip", "slip": slip.id, "of": reference(slip)}] for slip in open_ if slip.id in own]
    say(
        work,
        to,
        Kind.SLIPS,
        buttons=buttons[:SHOWN],
        issues=issues,
        proposed=[shown_slip(work, slip) for slip in proposed],
        open=[shown_slip(work, slip) for slip in open_[:SHOWN]],
        totals=[slips.count(work.tx, SlipState.PROPOSED) if issues else 0, len(open_)],
    )


def show_slip(work: Work, to: Recipient, person: KnownPerson, slip: KnownSlip) -> None:
    """Show one slip with its paper."""
    buttons: list[list[Action]] = []
    if slip.state == SlipState.ISSUED and may(person, Right.ISSUE_SLIPS):
        buttons = [[{"do": "close_slip", "slip": slip.id}]]
    elif slip.id in {each.id for each in unsigned_slips(work, person)}:
        buttons = [[{"do": "sign_slip", "slip": slip.id}]]
    say(work, to, Kind.SLIP_SHOWN, buttons=buttons, file=slip.file_id, **shown_slip(work, slip))


def preview_slip(
    work: Work,
    to: Recipient,
    obligation_id: int,
    requirement: str | None = None,
    *,
    before: str | None = None,
    again: bool = False,
) -> None:
    """Show a drafted slip whole, to be issued or dropped; or say why none can be issued.

    In place of a requirement that is too long stands the one `before`.
    """
    is_long = requirement is not None and len(requirement.strip()) > MOST_REQUIREMENT
    draft = _drafted(work, to, obligation_id, before if is_long else requirement)
    if draft is None:
        return
    form = new_form(obligation=obligation_id, requirement=draft.facts["requirement"], colour=draft.colour)
    proposed = slips.proposed_for(work.tx, obligation_id)
    conversations.ask(work.tx, to.chat_id, "slip", {**form, "step": "preview"}, at=work.at)
    row: list[Action] = [{"do": "issue_slip", **form}, {"do": "drop_slip", "form": form["form"]}]
    more: list[list[Action]] = [[{"do": "decline_slip", "slip": proposed.id}]] if proposed is not None else []
    say(
        work,
        to,
        Kind.SLIP_PREVIEW,
        buttons=[row, *more],
        again=again,
        long=is_long,
        colour=draft.colour,
        limit_on=draft.limit_on.isoformat(),
        people=[{"name": holder.name, "role": holder.role} for holder in recipients(work, draft.due, draft.colour)],
        missing=_missing(work, draft),
        **draft.facts,
    )


def issue(work: Work, to: Recipient, person: KnownPerson, form: dict[str, Any]) -> None:
    """Issue the slip that was shown; where it would be another by now, show that instead."""
    close_form(work, to, form)
    draft = _drafted(work, to, form["obligation"], form["requirement"])
    if draft is None:
        return
    if draft.colour != form["colour"]:
        preview_slip(work, to, form["obligation"], form["requirement"], again=True)
        return
    slip = issue_slip(work, draft, by=person.id)
    told = [holder for holder in recipients(work, draft.due, draft.colour) if holder.person_id != person.id]
    say(
        work,
        to,
        Kind.SLIP_ISSUED,
        buttons=[[{"do": "close_slip", "slip": slip.id}]],
        file=slip.file_id,
        told=[{"name": holder.name, "role": holder.role} for holder in told if holder.reach == Reach.YES],
        missing=_missing(work, draft),
        **shown_slip(work, slip),
    )


def drop_slip(work: Work, to: Recipient, form: dict[str, Any]) -> None:
    """Drop a draft; what was proposed stays proposed."""
    close_form(work, to, form)
    say(work, to, Kind.FORM_DROPPED, was_open=True)


def decline_slip(work: Work, to: Recipient, person: KnownPerson, slip_id: int) -> None:
    """Decline what is proposed."""
    slip = slips.slip(work.tx, slip_id)
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.kind == "slip":
        conversations.answered(work.tx, to.chat_id)
    if slip is None or not decline(work, slip_id, by=person.id):
        say(work, to, Kind.SLIP_REFUSED, why="gone")
    else:
        say(work, to, Kind.SLIP_DECLINED, **shown_slip(work, slip))


def answer_slip(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the yes or no to a draft, as another requirement, or as the reason for closing; False where none."""
    to, word = Recipient(letter.chat_id, person.id), plain(letter.text)
    if not may(person, Right.ISSUE_SLIPS):
        return False
    if content["step"] == "close":
        if word in CANCEL:
            drop_form(work, to, {})
            return True
        slip = slips.slip(work.tx, content["slip"])
        _begin_closing(work, to, person, slip, letter.text.strip())
        return True
    if word in ISSUE | CONFIRM:
        issue(work, to, person, content)
    elif word in DECLINE and (proposed := slips.proposed_for(work.tx, content["obligation"])) is not None:
        decline_slip(work, to, person, proposed.id)
    elif word in CANCEL:
        drop_slip(work, to, content)
    else:
        preview_slip(work, to, content["obligation"], letter.text, before=content["requirement"])
    return True


def sign(work: Work, to: Recipient, person: KnownPerson, slip_id: int | None = None) -> None:
    """Sign for a slip, or for all that wait for this person's signature."""
    signed = sign_slips(work, person, slip_id)
    slip = slips.slip(work.tx, slip_id) if slip_id is not None else None
    if signed:
        say(work, to, Kind.SLIP_SIGNED, slips=[shown_slip(work, each) for each in signed])
    elif slip is not None and reaches(work, person, Right.SIGN_SLIP, slip):
        is_open = slip.state == SlipState.ISSUED
        say(work, to, Kind.SLIP_REFUSED, why="signed" if is_open else "closed")
    else:
        say(work, to, Kind.SLIP_REFUSED, why="none_to_sign")


def is_for_slip(work: Work, letter: Letter, person: KnownPerson) -> bool:
    """Whether a plain 签收 means a slip: one is quoted, or no task list is and a slip waits."""
    quoted = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id) if letter.quoted_id is not None else None
    if quoted is not None:
        return quoted.kind == Kind.SLIP
    return bool(unsigned_slips(work, person))


def begin_closing(work: Work, to: Recipient, person: KnownPerson, slip_id: int) -> None:
    """Ask why a slip is closed."""
    _begin_closing(work, to, person, slips.slip(work.tx, slip_id), "")


# --- in this module only ---------------------------------------------------------------------------------------------


def _begin_closing(work: Work, to: Recipient, person: KnownPerson, slip: KnownSlip | None, reason: str) -> None:
    if slip is None or slip.number is None:
        say(work, to, Kind.SLIP_REFUSED, why="unknown")
        return
    if slip.state != SlipState.ISSUED:
        conversations.answered(work.tx, to.chat_id)
        say(work, to, Kind.SLIP_SHOWN, file=slip.file_id, **shown_slip(work, slip))
        return
    if not LEAST_REASON <= len(reason) <= MOST_REASON:
        asked = {"slip": slip.id, "step": "close"}
        conversations.ask(work.tx, to.chat_id, "slip", asked, at=work.at)
        again, drop = bool(reason), [[{"do": "drop_form"}]]
        say(work, to, Kind.SLIP_CLOSE, buttons=drop, again=again, **shown_slip(work, slip))
        return
    conversations.answered(work.tx, to.chat_id)
    close_slip(work, slip, by=person.id, reason=reason)
    closed = slips.slip(work.tx, slip.id)
    assert closed is not None  # noqa: S101  # it is kept
    say(work, to, Kind.SLIP_CLOSED, role=Role.SUPERVISOR, **shown_slip(work, closed))


def _draft_said(work: Work, to: Recipient, unit: str, no: str, requirement: str | None) -> None:
    try:
        found = open_matters(work, unit, no)
    except OfficeError:
        names = [each.name for each in ledger.units(work.tx)]
        say(work, to, Kind.SLIP_REFUSED, why="unit", name=unit, near=get_close_matches(unit, names, n=3, cutoff=0.3))
        return
    if found:
        preview_slip(work, to, found[0].obligation_id, requirement)
    else:
        say(work, to, Kind.SLIP_REFUSED, why="nothing", name=unit, no=no)


def _drafted(work: Work, to: Recipient, obligation_id: int, requirement: str | None) -> Draft | None:
    try:
        return draft_slip(work, obligation_id, requirement)
    except NotNowError as error:
        slip = shown_slip(work, error.slip) if error.slip is not None else None
        say(work, to, Kind.SLIP_REFUSED, why=error.why, running=slip)
        return None


def _missing(work: Work, draft: Draft) -> list[dict[str, str]]:
    """List whom a slip does not reach: roles nobody holds, persons whom messages do not reach."""
    roles = getattr(work.policy.slips, f"{draft.colour}_to")
    found = recipients(work, draft.due, draft.colour)
    unheld = [role for role in roles if role in SIGNERS and role not in {holder.role for holder in found}]
    missing = [{"role": role, "name": ""} for role in unheld]
    return missing + [{"role": h.role, "name": h.name} for h in found if h.reach != Reach.YES]


def _label(work: Work, slip: KnownSlip) -> dict[str, Any]:
    task = shown_slip(work, slip)["tasks"][0]
    return {"colour": slip.colour, "unit": task["unit"], "no": task["no"]}
