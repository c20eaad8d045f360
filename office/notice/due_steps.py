"""A supervisor moves a period's due date in the chat (/due): which period, the new date, the reason, then the proposal."""

from datetime import date, timedelta
from typing import Any

from office.notice.edit_words import plain_reason
from office.notice.editing import EditError
from office.notice.moving_due import find_periods, split_period
from office.notice.proposing import propose
from office.requests.extending import read_dated
from office.requests.forms import CANCEL, CONFIRM, LEAST_WORDS, MOST_WORDS, NO, Form, filled, new_form, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.clock import local
from rules.numbering import read_choice
from rules.periods import due_on
from storage import conversations, standing
from storage.people import KnownPerson
from storage.standing import NoticePeriod

FIELDS = ("form", "period", "among", "until", "doubt", "reason")
NEAR = timedelta(days=60)  # to the present due date: which year is meant
SHOWN = 12  # periods to choose from


def begin_due(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Take a request as far as its line says it (一季度 4月15日 因…), and ask for what is missing."""
    name, rest = split_period(work, words)
    form, again = _with_period(work, new_form(), name) if name else (new_form(), "no_period" if words else None)
    if name and rest:
        form = _with_rest(work, form, rest)
    go_on(work, Recipient(letter.chat_id, person.id), person, form, again=again)


def due_from(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Go on with the form that a button carries."""
    go_on(work, to, person, {**new_form(), **filled(values, FIELDS)})


def answer_due(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the answer to what the form asks next; False where it is none."""
    form, step, word = filled(content, FIELDS), content["step"], plain(letter.text)
    if word in CANCEL or (word in CONFIRM and step != "sure") or not may(person, Right.CORRECT):
        return False
    taken = _take(work, form, step, letter.text.strip())
    go_on(work, Recipient(letter.chat_id, person.id), person, taken[0], again=taken[1])
    return True


def go_on(work: Work, to: Recipient, person: KnownPerson, form: Form, *, again: str | None = None) -> None:
    """Ask for what is missing in a form, or propose what it says."""
    step = _missing(form)
    if step is None:
        values = {name: form[name] for name in ("period", "until", "reason")}
        propose(work, to, person, "due", values)
        return
    conversations.ask(work.tx, to.chat_id, "due", {**form, "step": step}, at=work.at)
    periods = _choices(work, form)
    say(
        work,
        to,
        Kind.DUE,
        buttons=[*_buttons(form, step, periods), [{"do": "drop_form", "form": form["form"]}]],
        step=step,
        again=again,
        periods=[_shown(work, period) for period in periods],
        several=len({period.notice_id for period in periods}) > 1,
        until=form.get("doubt") or form.get("until"),
    )


def _missing(form: Form) -> str | None:
    if "period" not in form:
        return "period"
    if "doubt" in form:
        return "sure"
    return next((name for name in ("until", "reason") if name not in form), None)


def _take(work: Work, form: Form, step: str, said: str) -> tuple[Form, str | None]:
    """Fill an answer into the form; gives it with what was wrong."""
    undoubted = {name: value for name, value in form.items() if name != "doubt"}
    if step == "period":
        return _take_period(work, form, said)
    if step == "reason":
        reason = plain_reason(said).strip(" 。")
        if not LEAST_WORDS <= len(reason) <= MOST_WORDS:
            return form, "short" if len(reason) < LEAST_WORDS else "long"
        return {**form, "reason": reason}, None
    if step == "sure" and plain(said) in (*CONFIRM, *NO):
        return ({**undoubted, "until": form["doubt"]} if plain(said) in CONFIRM else undoubted), None
    found = _with_rest(work, undoubted, said)
    return found, None if {"until", "doubt"} & found.keys() else "unread"


def _take_period(work: Work, form: Form, said: str) -> tuple[Form, str | None]:
    place, offered = read_choice(said), _choices(work, form)
    if place is not None and place <= len(offered):
        return {**form, "period": offered[place - 1].id}, None
    name, rest = split_period(work, said)
    found, again = _with_period(work, form, name)
    return (_with_rest(work, found, rest) if rest else found), again


def _with_period(work: Work, form: Form, name: str) -> tuple[Form, str | None]:
    """Find the period that a name means; where several notices have it, which one is asked."""
    try:
        found = find_periods(work, name)
    except EditError:
        return form, "no_period"
    if len(found) == 1:
        return {**form, "period": found[0].id}, None
    return {**form, "among": [period.id for period in found]}, None


def _with_rest(work: Work, form: Form, words: str) -> Form:
    """Fill the date and the reason behind it into the form, each if it is there."""
    dated = read_dated(work, words)
    if dated is None:
        return form
    said, rest = dated
    day = said.day if said.sure else _in_period(work, form, said.day)
    form = {**form, "until" if said.sure else "doubt": day.isoformat()}
    reason = plain_reason(rest).strip(" 。")
    return {**form, "reason": reason} if LEAST_WORDS <= len(reason) <= MOST_WORDS else form


def _in_period(work: Work, form: Form, day: date) -> date:
    """Give the year to a day that was said without one: that of the present due date, where that is near."""
    for period in _choices(work, form):
        due = due_on(period.due_at, work.policy.zone)
        if (day.month, day.day) != (2, 29) and abs(day.replace(year=due.year) - due) <= NEAR:
            return day.replace(year=due.year)
    return day


def _choices(work: Work, form: Form) -> list[NoticePeriod]:
    """Give the form's period, or those it may be for: from those not long past."""
    known = standing.periods_standing(work.tx)
    if "period" in form:
        return [period for period in known if period.id == form["period"]]
    if "among" in form:
        return [period for period in known if period.id in form["among"]]
    now = local(work.at, work.policy.zone).date()
    coming = [period for period in known if (now - due_on(period.due_at, work.policy.zone)).days < 60]
    return sorted(coming, key=lambda period: (period.due_at, period.notice_id))[:SHOWN]


def _shown(work: Work, period: NoticePeriod) -> dict[str, Any]:
    return {"period": period.label, "due": due_on(period.due_at, work.policy.zone).isoformat(), "title": period.title}


def _buttons(form: Form, step: str, periods: list[NoticePeriod]) -> list[list[Action]]:
    if step == "period":
        rest = {name: value for name, value in form.items() if name != "among"}
        several = len({period.notice_id for period in periods}) > 1
        named = [{"title": period.title} if several else {} for period in periods]
        return [
            [{"do": "due", **rest, "period": period.id, "label": period.label, **title}]
            for period, title in zip(periods, named, strict=True)
        ]
    if step == "sure":
        rest = {name: value for name, value in form.items() if name != "doubt"}
        return [[{"do": "due", **rest, "until": form["doubt"], "label": "yes"}]]
    return []
