"""Supervision slips (督查单): blue, orange, red for what stays overdue; proposed by rule, issued by a person, signed for."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from office.apart import for_each
from office.auditing import record
from office.chasing.draining import drained_until
from office.notice.assigning import let_wait, today
from office.register.inviting import find_unit
from office.reports.drafting import shown_task
from office.rights import Right, covers, may
from office.saying import Action, Kind, Recipient, say
from office.work import OfficeError, Work
from papers.forms import period_name
from papers.slip import SlipPaper, slip_docx
from rules.periods import days_overdue, due_at, due_on
from storage import files, ledger, outbox, people, requests, slips
from storage.files import FileContent
from storage.ledger import Due
from storage.people import Holder, KnownPerson
from storage.slips import KnownSlip
from storage.states import OWED, Role, SlipColour, SlipEnd, SlipState

COLOURS = tuple(SlipColour)
SIGNERS = (Role.LIAISON, Role.HEAD, Role.LEADER)  # a supervisor's copy is for information
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_REQUIREMENT = 200  # characters
MOST_AT_ONCE = 1000  # proposals of one tick
NAMED = 8  # of them in a digest
REQUIREMENT = "请立即报送工作进展，说明未按期报送的原因和下一步措施"
REFERENCE = re.compile(r"(?:督查单)?(?:[〔\[（(]?(20\d\d)[〕\]）)]?\s*(?:年)?(?:第|-|/)?)?\s*(\d{1,4})\s*号?")
NOT_OWED, NOT_OVERDUE, NOT_REMINDED, REQUESTED = "not_owed", "not_overdue", "not_reminded", "requested"
RUNNING, LAST = "running", "last"


class NotNowError(Exception):
    """No slip can be issued for this now; `why` names the reason, `slip` the slip that stands in the way."""

    def __init__(self, why: str, slip: KnownSlip | None = None) -> None:
        super().__init__(why)
        self.why, self.slip = why, slip


@dataclass(frozen=True, slots=True)
class Draft:
    """A slip that may be issued now."""

    due: Due
    colour: SlipColour
    before: KnownSlip | None  # the slip it takes the place of
    limit_on: date
    facts: dict[str, Any]


# --- the clock -------------------------------------------------------------------------------------------------------


def review_slips(work: Work, *, polls: bool) -> int:
    """Close the slips that are answered, send the others to who came since, and propose what is due; gives how many."""

    def follow(slip: KnownSlip) -> None:
        if (ended := _ended_by(work, slip)) is not None:
            _close(work, slip, ended)
        else:
            _tell_newcomers(work, slip)

    standing = slips.in_state(work.tx, SlipState.ISSUED)
    for_each(work, "review_slips", standing, follow, named=lambda slip: f"slip:{slip.id}")
    slips.forget_untrue(work.tx)
    return _propose(work, polls=polls)


def _propose(work: Work, *, polls: bool) -> int:
    policy = work.policy
    first = due_at(today(work) - timedelta(days=policy.slips.propose_after_days[0]), policy.zone)
    found = [
        (obligation_id, due, COLOURS[0])
        for obligation_id, due in slips.never_proposed(work.tx, due_until=first, most=MOST_AT_ONCE)
    ]
    found += [
        (due.obligation_id, due.due_at, colour)
        for due in ledger.obligations(work.tx, slips.to_follow(work.tx, at=work.at))
        if (colour := _proposable(work, due)) is not None
    ]
    if not found:
        return 0
    drained = drained_until(work, polls=polls)
    requested = _requested(work)
    ripe = [each for each in found if each[0] not in requested and each[1] <= drained]
    for obligation_id, due_instant, colour in ripe:
        slips.propose(work.tx, obligation_id=obligation_id, due_at=due_instant, colour=colour, at=work.at)
    return len(ripe)


def _requested(work: Work) -> set[int]:
    """Give the obligations with a request for a later due date, made in time and not decided."""
    return {asked.obligation_id for asked in requests.waiting_extensions(work.tx) if not asked.is_late}


def _proposable(work: Work, due: Due) -> SlipColour | None:
    """Give the colour that the rule proposes for an obligation now, if any."""
    try:
        colour, _ = _next(work, due)
    except NotNowError:
        return None
    past = slips.of_obligation(work.tx, due.obligation_id, due.due_at)
    is_settled = any(slip.closed_for == SlipEnd.REASON for slip in past[-1:])
    is_declined = any(slip.state == SlipState.DECLINED and slip.colour == colour for slip in past)
    days = days_overdue(due.due_at, work.at, work.policy.zone)
    after = work.policy.slips.propose_after_days[COLOURS.index(colour)]
    return None if is_settled or is_declined or days < after else colour


def _ended_by(work: Work, slip: KnownSlip) -> SlipEnd | None:
    due = ledger.obligation(work.tx, slip.obligation_id)
    if due is not None and due.state in OWED:
        return SlipEnd.MOVED if due.due_at != slip.due_at else None
    return SlipEnd.REPORTED if due is not None and due.state in ("submitted", "accepted") else SlipEnd.WAIVED


# --- issuing ---------------------------------------------------------------------------------------------------------


def draft_slip(work: Work, obligation_id: int, requirement: str | None = None) -> Draft:
    """Draft the slip that may be issued for an obligation now.

    Raises: NotNowError where none may.
    """
    due = ledger.obligation(work.tx, obligation_id)
    if due is None or due.state not in OWED:
        raise NotNowError(NOT_OWED)
    colour, before = _next(work, due)
    policy = work.policy
    limit = policy.calendar.shift(today(work), policy.slips.limit_workdays)
    reminded = slips.reminded_at(work.tx, due.obligation_id, due.due_at)
    facts = {
        "tasks": [shown_task(due)],
        "text": due.text,
        "days": days_overdue(due.due_at, work.at, policy.zone),
        "reminded": sorted({at.astimezone(policy.zone).date().isoformat() for at in reminded}),
        "requirement": (requirement or "").strip("。 \n") or REQUIREMENT,
        "before": reference(before) if before is not None else None,
    }
    return Draft(due, colour, before, limit, facts)


def issue_slip(work: Work, draft: Draft, *, by: int | None) -> KnownSlip:
    """Issue a drafted slip: number it, write it on paper, send it to whom it concerns; the former one ends."""
    due, day = draft.due, today(work)
    proposed = slips.proposed_for(work.tx, due.obligation_id)
    slip_id = proposed.id if proposed is not None else None
    if slip_id is None:
        slip_id = slips.propose(
            work.tx, obligation_id=due.obligation_id, due_at=due.due_at, colour=draft.colour, at=work.at
        )
    if draft.before is not None:
        ended = {"state": SlipState.CLOSED, "closed_for": SlipEnd.NEXT, "closed_at": work.at, "closed_by": by}
        slips.change(work.tx, draft.before.id, SlipState.ISSUED, **ended)
    values = {
        "state": SlipState.ISSUED,
        "colour": draft.colour,
        "due_at": due.due_at,
        "year": day.year,
        "number": slips.next_number(work.tx, day.year),
        "issued_at": work.at,
        "issued_by": by,
        "limit_at": due_at(draft.limit_on, work.policy.zone),
        "facts": draft.facts,
    }
    slips.change(work.tx, slip_id, SlipState.PROPOSED, **values)
    slip = _kept(work, slip_id)
    name = f"{reference(slip)}.docx"
    content = FileContent(name, DOCX, slip_docx(paper(work, slip), office=work.policy.office))
    file_id = files.add(work.tx, content, purpose="slip", person_id=by, at=work.at)
    slips.change(work.tx, slip_id, SlipState.ISSUED, file_id=file_id)
    slip = _kept(work, slip_id)
    record(work, "issue_slip", f"slip:{slip_id}", by, obligation=due.obligation_id, colour=draft.colour, number=name)
    for holder in recipients(work, due, draft.colour):
        _send(work, slip, holder, by=by)
    return slip


def recipients(work: Work, due: Due, colour: str) -> list[Holder]:
    """List who gets a slip of this colour, each person once."""
    roles = getattr(work.policy.slips, f"{colour}_to")
    found: dict[int, Holder] = {}
    for holder in people.holders(work.tx, *(Role(role) for role in roles)):
        is_meant = {
            Role.LEADER: holder.leader_name in due.leaders,
            Role.SUPERVISOR: True,
        }.get(Role(holder.role), holder.unit_id == due.unit_id)
        if is_meant:
            found.setdefault(holder.person_id, holder)
    return list(found.values())


def paper(work: Work, slip: KnownSlip) -> SlipPaper:
    """Give what an issued slip says on paper, as it was when it was issued."""
    facts = slip.facts or {}
    task = facts["tasks"][0]
    zone = work.policy.zone
    assert slip.issued_at is not None  # noqa: S101  # only issued slips are written
    assert slip.limit_at is not None  # noqa: S101
    return SlipPaper(
        colour=slip.colour,
        reference=reference(slip),
        unit=task["unit"],
        task=f"{task['list']}第{task['no']}项：{facts['text']}",
        period=period_name(task["period"]),
        due_on=due_on(slip.due_at, zone),
        days_overdue=facts["days"],
        reminded_on=tuple(date.fromisoformat(day) for day in facts["reminded"]),
        requirement=facts["requirement"],
        limit_on=due_on(slip.limit_at, zone),
        before=facts["before"],
        issued_on=slip.issued_at.astimezone(zone).date(),
    )


# --- signing, closing ------------------------------------------------------------------------------------------------


def sign_slips(work: Work, person: KnownPerson, slip_id: int | None = None) -> list[KnownSlip]:
    """Sign for a slip, or for all that wait for this person's signature; gives those signed for now."""
    signed = []
    for slip in unsigned_slips(work, person):
        if slip_id in (None, slip.id) and slips.sign(work.tx, slip.id, person_id=person.id, at=work.at):
            record(work, "sign_slip", f"slip:{slip.id}", person.id)
            signed.append(slip)
    return signed


def unsigned_slips(work: Work, person: KnownPerson) -> list[KnownSlip]:
    """List the open slips that wait for this person's signature, as far as their roles still reach them."""
    if not may(person, Right.SIGN_SLIP):
        return []
    found = slips.in_state(work.tx, SlipState.ISSUED)
    waiting = {
        copy.slip_id
        for copy in slips.copies(work.tx, [slip.id for slip in found])
        if copy.person_id == person.id and copy.signed_at is None and copy.role in SIGNERS
    }
    return [slip for slip in found if slip.id in waiting and reaches(work, person, Right.SIGN_SLIP, slip)]


def close_slip(work: Work, slip: KnownSlip, *, by: int | None, reason: str) -> bool:
    """Close an open slip for a reason (销单) and tell who got it; False where it was closed before."""
    return _close(work, slip, SlipEnd.REASON, by=by, reason=reason)


def decline(work: Work, slip_id: int, *, by: int) -> bool:
    """Decline a proposal: this colour is not proposed for this due date any more."""
    values = {"state": SlipState.DECLINED, "closed_at": work.at, "closed_by": by}
    done = slips.change(work.tx, slip_id, SlipState.PROPOSED, **values)
    if done:
        record(work, "decline_slip", f"slip:{slip_id}", by)
    return done


def reaches(work: Work, person: KnownPerson, right: Right, slip: KnownSlip) -> bool:
    """Whether a person's right reaches a slip."""
    due = ledger.obligation(work.tx, slip.obligation_id)
    return due is not None and covers(person, right, due)


# --- looking ---------------------------------------------------------------------------------------------------------


def reference(slip: KnownSlip) -> str:
    """Give the number an issued slip is cited by."""
    return f"督查单〔{slip.year}〕{slip.number}号"


def find_slip(work: Work, text: str) -> KnownSlip | None:
    """Find an issued slip by its reference or its number; without a year this year's is meant."""
    read = REFERENCE.fullmatch(text.strip())
    if read is None:
        return None
    return slips.numbered(work.tx, year=int(read[1] or today(work).year), number=int(read[2]))


def shown_slip(work: Work, slip: KnownSlip) -> dict[str, Any]:
    """Give what is said of a slip: matter, state, who has not signed, limit."""
    due = ledger.obligation(work.tx, slip.obligation_id)
    facts: dict[str, Any] = slip.facts or {"tasks": [shown_task(due)] if due is not None else []}
    copies = [copy for copy in slips.copies(work.tx, [slip.id]) if copy.role in SIGNERS]
    serving = {holder.person_id for holder in recipients(work, due, slip.colour)} if due is not None else set()
    zone = work.policy.zone
    return {
        "slip": slip.id,
        "colour": slip.colour,
        "state": slip.state,
        "reference": reference(slip) if slip.number is not None else None,
        "tasks": facts["tasks"],
        "unit_id": due.unit_id if due is not None else None,
        "days": facts.get("days") or (days_overdue(slip.due_at, work.at, zone)),
        "reminded": facts.get("reminded", []),
        "requirement": facts.get("requirement"),
        "before": facts.get("before"),
        "issued_on": slip.issued_at.astimezone(zone).date().isoformat() if slip.issued_at is not None else None,
        "limit_on": due_on(slip.limit_at, zone).isoformat() if slip.limit_at is not None else None,
        "is_past": slip.limit_at is not None and work.at >= slip.limit_at,
        "unsigned": [copy.name for copy in copies if copy.signed_at is None and copy.person_id in serving],
        "signed": [copy.name for copy in copies if copy.signed_at is not None],
        "closed_for": slip.closed_for,
        "reason": slip.reason,
        "closed_at": slip.closed_at.isoformat() if slip.closed_at is not None else None,
    }


def open_matters(work: Work, unit: str, no: str) -> list[Due]:
    """List what a unit has overdue for a task's number, earliest first.

    Raises: OfficeError for a name that is no unit.
    """
    unit_id = find_unit(work, unit, allow_group=True).id
    owed = ledger.owed_by(work.tx, [unit_id], today=today(work))
    return [due for due in owed if due.due_at <= work.at and str(due.no) == no]


def issue_from_desk(work: Work, unit: str, no: str, *, colour: str | None, dry: bool) -> tuple[Draft, KnownSlip | None]:
    """Draft a slip on the command line and, unless `dry`, issue it.

    Raises: OfficeError where there is no such matter, or no slip may be issued for it now.
    """
    found = open_matters(work, unit, no)
    if not found:
        raise OfficeError(
            f"{unit} has nothing overdue for task {no}; `duban overdue --unit {unit}` lists what there is"
        )
    try:
        draft = draft_slip(work, found[0].obligation_id)
    except NotNowError as error:
        raise OfficeError(_refusal(work, error)) from None
    if colour is not None and colour != draft.colour:
        raise OfficeError(f"the next slip for this matter is {draft.colour}, not {colour}: colours come in order")
    return draft, None if dry else issue_slip(work, draft, by=None)


def slip_for_desk(work: Work, ref: str) -> KnownSlip:
    """Find an issued slip by its reference on the command line.

    Raises: OfficeError naming the open ones.
    """
    slip = find_slip(work, ref)
    if slip is None:
        known = "、".join(reference(each) for each in slips.in_state(work.tx, SlipState.ISSUED)) or "none"
        raise OfficeError(f"there is no slip {ref}; open ones: {known}")
    return slip


def unsigned(work: Work) -> list[dict[str, Any]]:
    """List for the digest the open slips that somebody has not signed for."""
    shown = (shown_slip(work, slip) for slip in slips.in_state(work.tx, SlipState.ISSUED))
    return [_in_digest(item) for item in shown if item["unsigned"]]


def proposals(work: Work) -> dict[str, Any] | None:
    """Count for the digest the slips proposed, and name the first."""
    total = slips.count(work.tx, SlipState.PROPOSED)
    first = slips.in_state(work.tx, SlipState.PROPOSED, most=NAMED)
    return {"count": total, "slips": [_in_digest(shown_slip(work, slip)) for slip in first]} if total else None


def past_limit(work: Work) -> list[dict[str, Any]]:
    """List for the digest the open slips whose limit has passed without a report."""
    shown = (shown_slip(work, slip) for slip in slips.in_state(work.tx, SlipState.ISSUED))
    return [_in_digest(item) for item in shown if item["is_past"]]


# --- in this module only ---------------------------------------------------------------------------------------------


def _next(work: Work, due: Due) -> tuple[SlipColour, KnownSlip | None]:
    """Give the colour an obligation's next slip has, and the open slip it takes the place of.

    Raises: NotNowError where none may be issued.
    """
    if due.state not in OWED:
        raise NotNowError(NOT_OWED)
    if work.at < due.due_at:
        raise NotNowError(NOT_OVERDUE)
    if not slips.reminded_at(work.tx, due.obligation_id, due.due_at):
        raise NotNowError(NOT_REMINDED)  # nobody is called silent who was not reminded in fact
    if due.obligation_id in _requested(work):
        raise NotNowError(REQUESTED)
    past = [slip for slip in slips.of_obligation(work.tx, due.obligation_id, due.due_at) if slip.number is not None]
    if not past:
        return COLOURS[0], None
    last = past[-1]
    if last.state != SlipState.ISSUED:
        return SlipColour(last.colour), None
    if last.limit_at is not None and work.at < last.limit_at:
        raise NotNowError(RUNNING, last)
    if last.colour == COLOURS[-1]:
        raise NotNowError(LAST, last)
    return COLOURS[COLOURS.index(SlipColour(last.colour)) + 1], last


def _send(work: Work, slip: KnownSlip, holder: Holder, *, by: int | None) -> None:
    buttons: list[list[Action]] = []
    if holder.role in SIGNERS:
        buttons = [[{"do": "sign_slip", "slip": slip.id}]]
    if holder.role == Role.LIAISON:
        buttons[0].append({"do": "report_on", "obligation": slip.obligation_id})
    if holder.role == Role.SUPERVISOR and holder.person_id == by:
        return  # has just issued it, and sees it in the answer
    to = Recipient(holder.telegram_id, holder.person_id)
    shown = {**shown_slip(work, slip), "role": holder.role}
    message = say(work, to, Kind.SLIP, buttons=buttons, priority=outbox.REMINDER, file=slip.file_id, **shown)
    let_wait(work, message)
    slips.add_copy(work.tx, slip_id=slip.id, person_id=holder.person_id, role=holder.role, outbox_id=message)


def _tell_newcomers(work: Work, slip: KnownSlip) -> None:
    """Send an open slip to those who took a role over since it was issued."""
    due = ledger.obligation(work.tx, slip.obligation_id)
    told = {copy.person_id for copy in slips.copies(work.tx, [slip.id])}
    for holder in recipients(work, due, slip.colour) if due is not None else ():
        is_new = slip.issued_at is not None and holder.since > slip.issued_at
        if is_new and holder.person_id not in told and holder.role in SIGNERS:
            _send(work, slip, holder, by=None)


def _close(work: Work, slip: KnownSlip, ended: SlipEnd, *, by: int | None = None, reason: str | None = None) -> bool:
    values = {"closed_for": ended, "closed_at": work.at, "closed_by": by, "reason": reason}
    if not slips.change(work.tx, slip.id, SlipState.ISSUED, state=SlipState.CLOSED, **values):
        return False
    record(work, "close_slip", f"slip:{slip.id}", by, ended=ended, reason=reason)
    shown = shown_slip(work, _kept(work, slip.id))
    due = ledger.obligation(work.tx, slip.obligation_id)
    told = {copy.person_id for copy in slips.copies(work.tx, [slip.id])} - {by}
    for holder in recipients(work, due, slip.colour) if due is not None else ():
        if holder.person_id in told:
            to = Recipient(holder.telegram_id, holder.person_id)
            message = say(work, to, Kind.SLIP_CLOSED, priority=outbox.REMINDER, **{**shown, "role": holder.role})
            let_wait(work, message)
    return True


def _kept(work: Work, slip_id: int) -> KnownSlip:
    slip = slips.slip(work.tx, slip_id)
    assert slip is not None  # noqa: S101  # it was just kept
    return slip


def _in_digest(shown: dict[str, Any]) -> dict[str, Any]:
    task = shown["tasks"][0]
    names = {name: shown[name] for name in ("colour", "reference", "unsigned", "slip")}
    return {**names, "unit": task["unit"], "no": task["no"]}


def _refusal(work: Work, error: NotNowError) -> str:
    """Say on the command line why no slip can be issued."""
    said = {
        NOT_OWED: "nothing is owed there any more",
        NOT_OVERDUE: "it is not overdue",
        NOT_REMINDED: "no reminder of it has reached anybody yet; slips need one that was delivered",
        REQUESTED: "a later due date was asked for in time and is not decided; `duban requests` shows it",
    }
    if error.slip is None:
        return f"no slip can be issued: {said[error.why]}"
    limit = due_on(error.slip.limit_at, work.policy.zone) if error.slip.limit_at is not None else "-"
    if error.why == RUNNING:
        return f"{reference(error.slip)} ({error.slip.colour}) runs until {limit}: one matter, one slip at a time"
    return f"{reference(error.slip)} is red already: there is no higher one"
