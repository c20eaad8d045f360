"""A liaison asks for a later due date (延期申请): task, date, reason, progress so far; echoed, confirmed, sent on."""

from datetime import date, timedelta
from typing import Any

from office.auditing import record
from office.notice.assigning import today
from office.reports.drafting import button_label, shown_task
from office.reports.finding import choose, earliest_owed
from office.requests.forms import (
    CANCEL,
    CONFIRM,
    LEAST_WORDS,
    MOST_WORDS,
    NO,
    SKIP,
    Form,
    ask_office,
    close_form,
    filled,
    is_sent,
    new_form,
    plain,
    split_number,
)
from office.rights import Right, covers
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.clock import local
from rules.dates import LONGEST, SaidDay, split_dated
from rules.numbering import read_choice
from rules.periods import due_at, due_on
from storage import conversations, ledger, requests
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import ObligationState

FIELDS = ("form", "obligation", "same", "until", "doubt", "reason", "progress")
MOST_CHOICES = 24  # buttons under one question: a typed number reaches every task
REACH = timedelta(days=60)  # past the plan year's end no due date is moved
OWED = (ObligationState.OPEN, ObligationState.RETURNED)
BECAUSE = ("因", "由于", "原因", "理由", "鉴于")


def begin_extension(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Take a request as far as its line says it, and ask for what is missing."""
    form, again = _read_line(work, earliest_owed(work, person), new_form(), words)
    go_on(work, Recipient(letter.chat_id, person.id), person, form, again=again)


def extend_from(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Go on with the form that a button carries, or begin one for the obligation it names."""
    go_on(work, to, person, {**new_form(), **filled(values, FIELDS)})


def go_on(work: Work, to: Recipient, person: KnownPerson, form: Form, *, again: str | None = None) -> None:
    """Ask for what is missing in a form, or show it whole to be confirmed; `again` says what was wrong."""
    if is_sent(work, form):
        say(work, to, Kind.REQUEST_GONE, why="sent")
        return
    owed = _choices(work, person, form)
    if not owed:
        close_form(work, to, form)
        say(work, to, Kind.REQUEST_GONE, why="not_owed")
        return
    if "obligation" not in form and len(owed) == 1 and again != "no_such":
        form = {**form, "obligation": owed[0].obligation_id}
    due = owed[0] if "obligation" in form else None
    if due is not None and "until" in form and (problem := problem_with(work, due, _day(form, "until"))):
        form, again = {name: value for name, value in form.items() if name != "until"}, problem
    step = _missing(form)
    conversations.ask(work.tx, to.chat_id, "extend", {**form, "step": step}, at=work.at)
    say(
        work,
        to,
        Kind.EXTEND,
        buttons=_buttons(step, form, owed),
        step=step,
        again=again,
        **_shown(work, form, owed, due),
    )


def answer_extension(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the answer to what the form asks next; False where it is none."""
    form, step = filled(content, FIELDS), content["step"]
    to = Recipient(letter.chat_id, person.id)
    said, word = letter.text.strip(), plain(letter.text)
    if word in CANCEL or not _choices(work, person, form):
        return False
    if word in CONFIRM and step == "confirm":
        send_extension(work, to, person, form)
        return True
    taken = _take(work, person, form, step, said)
    if taken is None:
        if word not in CONFIRM:
            return False
        taken = form, None
    go_on(work, to, person, taken[0], again=taken[1])
    return True


def send_extension(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Put a confirmed request before the supervisors; a newer one takes the place of one still undecided."""
    form = filled(values, FIELDS)
    due = _due_of(work, person, form)
    if is_sent(work, form) or due is None or _missing(form) != "confirm":
        go_on(work, to, person, form)
        return
    until = _day(form, "until")
    if problem_with(work, due, until):
        go_on(work, to, person, form)
        return
    replaced = requests.replace_extension(work.tx, due.obligation_id) > 0
    number = requests.add_extension(
        work.tx,
        {
            "obligation_id": due.obligation_id,
            "person_id": person.id,
            "form": form["form"],
            "asked_at": work.at,
            "is_late": work.at >= due.due_at,
            "old_due_at": due.due_at,
            "wanted_due_at": due_at(until, work.policy.zone),
            "reason": form["reason"],
            "progress": form["progress"],
        },
    )
    record(work, "ask_extension", f"extension:{number}", person.id, obligation=due.obligation_id, until=form["until"])
    close_form(work, to, form)
    ref = f"E{number}"
    row: list[Action] = [{"do": do, "request": ref} for do in ("agree", "set_date", "disagree")]
    values = shown_extension(work, number)
    told = ask_office(work, Kind.EXTENSION_ASKED, [row], **values, replaced=replaced)
    say(work, to, Kind.EXTENSION_SENT, **values, replaced=replaced, told=told)


def problem_with(work: Work, due: Due, until: date) -> str | None:
    """Tell why a due date cannot be moved to this day: not later, past, or beyond the plan; None where it can."""
    if until < today(work):
        return "past"
    if until <= due_on(due.due_at, work.policy.zone):
        return "not_later"
    return "too_far" if until > _latest(work, due) else None


def shown_extension(work: Work, number: int) -> dict[str, Any]:
    """Give what is said of a request to whoever decides it."""
    asked = requests.extension(work.tx, number)
    assert asked is not None  # noqa: S101  # the number comes from the table
    due = ledger.obligation(work.tx, asked.obligation_id)
    assert due is not None  # noqa: S101  # a request points to its obligation
    until = due_on(asked.wanted_due_at, work.policy.zone)
    return {
        "request": f"E{number}",
        "tasks": [{**shown_task(due), "due_at": asked.old_due_at.isoformat()}],
        "unit_id": due.unit_id,
        "asked_by": asked.asked_by,
        "asked_at": asked.asked_at.isoformat(),
        "late": asked.is_late,
        "until": until.isoformat(),
        "day_off": not work.policy.calendar.is_workday(until),
        "reason": asked.reason,
        "progress": asked.progress,
        "latest": _latest(work, due).isoformat(),
        "times": requests.times_extended(work.tx, task_id=due.task_id, unit_id=due.unit_id),
    }


def read_dated(work: Work, text: str) -> tuple[SaidDay, str] | None:
    """Read a text that begins with a day, as seen from this work's instant; gives the day and the words behind it."""
    return split_dated(text, now=local(work.at, work.policy.zone), calendar=work.policy.calendar)


# --- in this module only ---------------------------------------------------------------------------------------------


def _choices(work: Work, person: KnownPerson, form: Form) -> list[Due]:
    """Give the obligation of a form, or those it may still be for."""
    if "obligation" in form:
        due = _due_of(work, person, form)
        return [] if due is None else [due]
    owed = earliest_owed(work, person)
    return [due for due in owed if due.obligation_id in form["same"]] if "same" in form else owed


def _due_of(work: Work, person: KnownPerson, form: Form) -> Due | None:
    due = ledger.obligation(work.tx, form["obligation"]) if "obligation" in form else None
    return due if due is not None and due.state in OWED and covers(person, Right.EXTEND, due) else None


def _missing(form: Form) -> str:
    if "obligation" not in form:
        return "task"
    if "doubt" in form:
        return "sure"
    if "until" not in form:
        return "date"
    return next((name for name in ("reason", "progress") if name not in form), "confirm")


def _take(work: Work, person: KnownPerson, form: Form, step: str, said: str) -> tuple[Form, str | None] | None:
    """Fill an answer into the form; gives it with what was wrong, or None where the text is no answer."""
    if step == "task":
        read, again = _read_line(work, _choices(work, person, form), form, said, is_answer=True)
        return (read, again) if read != form or again else None
    if step == "confirm":  # another date after all
        found = read_dated(work, said)
        return (_dated(form, *found), None) if found is not None and not found[1] else None
    if step in ("date", "sure"):
        return _take_date(work, form, said)
    if step == "progress" and plain(said) in SKIP:
        return {**form, "progress": None}, None
    if plain(said) in CONFIRM:
        return form, None
    return _take_words(form, step, said)


def _take_date(work: Work, form: Form, said: str) -> tuple[Form, str | None] | None:
    undoubted = {name: value for name, value in form.items() if name != "doubt"}
    if "doubt" in form and plain(said) in CONFIRM:
        return {**undoubted, "until": form["doubt"]}, None
    if "doubt" in form and plain(said) in NO:
        return undoubted, None
    found = read_dated(work, said)
    if found is not None:
        return _dated(undoubted, *found), None
    return (undoubted, "unread") if len(said) <= LONGEST else None


def _take_words(form: Form, step: str, said: str) -> tuple[Form, str | None]:
    if step == "reason" and len(said.strip("。.,，!！?？")) < LEAST_WORDS:
        return form, "short"
    return ({**form, step: said}, None) if len(said) <= MOST_WORDS else (form, "long")


def _read_line(
    work: Work, owed: list[Due], form: Form, words: str, *, is_answer: bool = False
) -> tuple[Form, str | None]:
    """Fill what a line says into the form: the task's number, the date, the reason, in this order, each if it is there.

    Gives the form, and what could not be understood.
    """
    number, rest = split_number(words)
    again = None
    if number and "obligation" not in form:
        chosen = choose(number, owed)
        if chosen is not None:
            form = {**form, "obligation": chosen.obligation_id}
        elif read_dated(work, number) is not None:  # 20号
            rest = words
        else:
            same = [due.obligation_id for due in owed if due.no == read_choice(number)]
            form, again = ({**form, "same": same}, None) if same else (form, "no_such")
    elif is_answer and "obligation" not in form and (chosen := choose(words, owed)) is not None:
        return {**form, "obligation": chosen.obligation_id}, None
    else:
        rest = words
    rest = rest.strip()
    if (found := read_dated(work, rest)) is not None:
        return _dated(form, *found), again
    if rest.startswith(BECAUSE) or (not is_answer and len(rest) > LONGEST):
        return _with_reason(form, rest), again
    return form, again or ("unread" if rest and not is_answer else None)


def _dated(form: Form, day: SaidDay, rest: str) -> Form:
    name = "until" if day.sure else "doubt"
    return _with_reason({**form, name: day.day.isoformat()}, rest)


def _with_reason(form: Form, words: str) -> Form:
    reason = words.removeprefix("原因").removeprefix("理由").strip(" ：:。\n")
    is_fit = LEAST_WORDS <= len(reason) <= MOST_WORDS
    return {**form, "reason": reason} if is_fit and "reason" not in form else form


def _day(form: Form, name: str) -> date:
    return date.fromisoformat(form[name])


def _shown(work: Work, form: Form, owed: list[Due], due: Due | None) -> dict[str, Any]:
    until = form.get("doubt") or form.get("until")
    is_off = until is not None and not work.policy.calendar.is_workday(date.fromisoformat(until))
    return {
        "tasks": [shown_task(each) for each in ([due] if due is not None else owed)],
        "until": until,
        "day_off": is_off,
        "reason": form.get("reason"),
        "progress": form.get("progress"),
        "late": due is not None and work.at >= due.due_at,
        "latest": _latest(work, due or owed[0]).isoformat(),
    }


def _latest(work: Work, due: Due) -> date:
    return date(ledger.plan_year_of(work.tx, due.notice_id), 12, 31) + REACH


def _buttons(step: str, form: Form, owed: list[Due]) -> list[list[Action]]:
    drop: Action = {"do": "drop_form", "form": form["form"]}
    if step == "task":
        chosen = [{"do": "extend", **form, "obligation": due.obligation_id, **button_label(due, owed)} for due in owed]
        return [[each] for each in chosen[:MOST_CHOICES]]
    if step == "sure":
        rest = {name: value for name, value in form.items() if name != "doubt"}
        return [[{"do": "extend", **rest, "until": form["doubt"], "label": "yes"}, drop]]
    if step == "progress":
        return [[{"do": "extend", **form, "progress": None, "label": "skip"}, drop]]
    return [[{"do": "send_extension", **form}, drop]] if step == "confirm" else [[drop]]
