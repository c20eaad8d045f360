"""A supervisor enters a report for a unit (代报): by whom it came, when it was received; the unit's liaison is told."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from office.auditing import record
from office.naming import nearest_units, split_unit
from office.notice.assigning import let_wait, today
from office.register.inviting import find_unit
from office.reports.drafting import BLOCKING, button_label, checked, shown_task
from office.reports.finding import choose
from office.requests.forms import (
    CANCEL,
    CONFIRM,
    Form,
    close_form,
    filled,
    liaisons_there,
    new_form,
    plain,
    split_number,
)
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from rules.clock import local
from rules.dates import split_dated
from rules.numbering import read_choice
from storage import conversations, ledger, outbox, people, reports
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import ObligationState, Role

FIELDS = ("form", "unit", "obligation", "same", "source", "received", "text")
SOURCES = {
    "电话": "phone",
    "来电": "phone",
    "phone": "phone",
    "纸质": "paper",
    "书面": "paper",
    "paper": "paper",
    "邮件": "mail",
    "邮箱": "mail",
    "mail": "mail",
}
SOURCE = re.compile(rf"({'|'.join(SOURCES)})(?:报送|报来|来件)?[\s:：,，、]*", re.IGNORECASE)
BEFORE_TODAY = {"前天": 2, "昨天": 1, "昨日": 1, "今天": 0, "今日": 0, "刚才": 0, "刚刚": 0}
HOUR = re.compile(r"[\s,，]*(上午|下午|晚上)?(\d{1,2})(?:[:：](\d{2})|[点时](?:(\d{1,2})分?|(半))?)[\s,，、:：]*")
NOON = time(12)  # of a day named without an hour: on time or late it is by its day
MOST_CHOICES = 24
AHEAD = timedelta(days=31)  # a day without a year that is further ahead is last year's
MAY_BE_ENTERED = (ObligationState.OPEN, ObligationState.RETURNED, ObligationState.SUBMITTED)


def begin_entry(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Take an entry as far as its line says it, and ask for what is missing."""
    form, again = _read_line(work, new_form(), words)
    go_on(work, Recipient(letter.chat_id, person.id), form, again=again)


def enter_from(work: Work, to: Recipient, values: dict[str, Any]) -> None:
    """Go on with the form that a button carries."""
    go_on(work, to, filled(values, FIELDS))


def go_on(work: Work, to: Recipient, form: Form, *, again: str | None = None) -> None:
    """Ask for what is missing in a form, or show it whole to be confirmed; `again` says what was wrong."""
    choices = _choices(work, form)
    if "unit" in form and not choices:
        close_form(work, to, form)
        say(work, to, Kind.ENTRY_GONE, why="nothing", unit=form["unit"])
        return
    if "unit" in form and "obligation" not in form and len(choices) == 1 and again != "no_task":
        form = {**form, "obligation": choices[0].obligation_id}
    due = _due_of(work, form)
    step = _missing(form)
    preview: dict[str, Any] = {}
    if due is not None and step == "confirm":
        preview = _preview(work, form, due)
        if any(finding["code"] in BLOCKING for finding in preview["findings"]):
            form = {name: value for name, value in form.items() if name != "text"}
            step, again = "text", "too_long"
    conversations.ask(work.tx, to.chat_id, "enter", {**form, "step": step}, at=work.at)
    near = nearest_units(work, again.removeprefix("no_unit:")) if again and again.startswith("no_unit:") else []
    say(
        work,
        to,
        Kind.ENTER,
        buttons=_buttons(step, form, choices),
        step=step,
        again="no_unit" if again and again.startswith("no_unit:") else again,
        near=near,
        tasks=[shown_task(each) for each in ([due] if due is not None else choices)],
        **preview,
    )


def answer_entry(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the answer to what the form asks next; False where it is none."""
    form, step = filled(content, FIELDS), content["step"]
    to, said, word = Recipient(letter.chat_id, person.id), letter.text.strip(), plain(letter.text)
    if word in CANCEL or not may(person, Right.ENTER):
        return False
    if step == "confirm":
        if word not in CONFIRM | {"确认代报", "代报"}:
            return False
        send_entry(work, to, person, form)
    elif step == "text":
        go_on(work, to, {**form, "text": said})
    else:
        read, again = _read_line(work, form, said)
        go_on(work, to, read, again=again or (f"unread_{step}" if read == form else None))
    return True


def send_entry(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Keep a confirmed entry as the unit's report, and tell its liaisons."""
    form = filled(values, FIELDS)
    due = _due_of(work, form)
    if due is None or _missing(form) != "confirm":
        close_form(work, to, form)
        say(work, to, Kind.ENTRY_GONE, why="closed", unit=form.get("unit", ""))
        return
    received = datetime.fromisoformat(form["received"])
    if _is_kept(work, due, form["text"], received):
        close_form(work, to, form)
        say(work, to, Kind.ENTRY_GONE, why="sent", unit=due.unit_name)
        return
    try:
        told = enter_report(work, due, source=form["source"], received=received, text=form["text"], by=person.id)
    except OfficeError:  # a limit, or an instant, that the form has asked about before
        go_on(work, to, form)
        return
    close_form(work, to, form)
    now = ledger.obligation(work.tx, due.obligation_id)
    assert now is not None  # noqa: S101  # it was just reported on
    values = {"received": received.isoformat(), "source": form["source"], "late": now.is_late, "told": told}
    say(work, to, Kind.ENTRY_DONE, tasks=[shown_task(now)], **values)


# --- for every desk --------------------------------------------------------------------------------------------------


def enter_report(work: Work, due: Due, *, source: str, received: datetime, text: str, by: int | None) -> int:
    """Keep what a unit reported outside the chat as its report, as of when it was received; gives how many were told.

    Raises: OfficeError where it is closed, received later than now, empty or past a hard limit.
    """
    if due.state not in MAY_BE_ENTERED:
        raise OfficeError(f"{due.unit_name}, {due.list} {due.no}, {due.period} is {due.state}: nothing can be entered")
    if received > work.at:
        raise OfficeError(f"{received.isoformat()} is later than now: a report is entered once it was received")
    text = text.strip()
    past = reports.past_texts(work.tx, task_id=due.task_id, unit_id=due.unit_id)
    characters, findings = checked(work, due, text, past, stage_met=None)
    if any(finding["code"] in BLOCKING for finding in findings):
        raise OfficeError(f"the report is empty, or longer than the {due.max_length} characters allowed")
    version = 1 + max((each.version for each in past if each.obligation_id == due.obligation_id), default=0)
    report_id = reports.add_submitted(
        work.tx,
        {
            "obligation_id": due.obligation_id,
            "version": version,
            "progress": text,
            "characters": characters,
            "findings": findings,
            "author_id": by,
            "source": source,
            "sent_at": received,
            "created_at": work.at,
            "submitted_at": work.at,
        },
    )
    ledger.mark_submitted(work.tx, due.obligation_id, sent_at=received)
    liaisons = [holder.name for holder in people.holders(work.tx, Role.LIAISON, units=[due.unit_id])]
    said = {"unit": due.unit_name, "liaisons": liaisons, "source": source, "received_at": received.isoformat()}
    record(work, "enter_report", f"report:{report_id}", by, version=version, **said)
    return _tell_unit(work, due, source, received, text)


def find_due(work: Work, *, unit: str, no: int, period: str, list_: str | None, notice_id: int | None) -> Due:
    """Find the one obligation that unit, task number and period name.

    Raises: OfficeError where there is none, or several, naming what to add.
    """
    known = find_unit(work, unit, allow_group=True)
    named = ledger.obligations_named(work.tx, no=no, unit_id=known.id)
    found = [due for due in named if due.period == period and list_ in (None, due.list)]
    found = [due for due in found if notice_id in (None, due.notice_id)]
    if len(found) == 1:
        return found[0]
    if found:
        lists = "、".join(f"{due.list} (notice {due.notice_id})" for due in found)
        raise OfficeError(f"{known.name} has task {no} in several lists: {lists}; add --list or --notice")
    periods = ", ".join(dict.fromkeys(due.period for due in named)) or "none"
    raise OfficeError(f"{known.name} owes nothing for task {no} in {period}; its periods for that task: {periods}")


# --- in this module only ---------------------------------------------------------------------------------------------


def _choices(work: Work, form: Form) -> list[Due]:
    """List what a unit may be reported on for: of each task the earliest period owed, else the one reported last."""
    if "unit" not in form:
        return []
    try:
        unit = find_unit(work, form["unit"], allow_group=True)
    except OfficeError:
        return []
    owed = ledger.owed_by(work.tx, [unit.id], today=today(work))
    found: dict[int, Due] = {}
    for due in [*owed, *ledger.submitted_by(work.tx, [unit.id])]:
        found.setdefault(due.task_id, due)
    return [due for due in found.values() if due.obligation_id in form.get("same", (due.obligation_id,))]


def _due_of(work: Work, form: Form) -> Due | None:
    due = ledger.obligation(work.tx, form["obligation"]) if "obligation" in form else None
    return due if due is not None and due.state in MAY_BE_ENTERED else None


def _missing(form: Form) -> str:
    steps = {"unit": "unit", "obligation": "task", "source": "source", "received": "received", "text": "text"}
    return next((step for name, step in steps.items() if name not in form), "confirm")


def _read_line(work: Work, form: Form, words: str) -> tuple[Form, str | None]:
    """Fill what a line says into the form: unit, task, source, receipt, text, in this order, each if it is there.

    Gives the form, and what could not be understood.
    """
    form, rest = dict(form), words.strip()
    if "unit" not in form:
        unit, rest = split_unit(work, rest)
        if unit is None:
            return form, f"no_unit:{rest[:24]}" if rest else None
        form["unit"] = unit.name
    if "obligation" not in form:
        form, rest, again = _read_task(work, form, rest)
        if again:
            return form, again
    if "source" not in form and (said := SOURCE.match(rest)) is not None:
        form["source"], rest = SOURCES[said[1].lower()], rest[said.end() :]
    if "received" not in form and rest:
        received, left = read_received(work, rest)
        if received is not None and received > work.at:
            return form, "future"
        if received is not None:
            form["received"], rest = received.isoformat(), left
    if rest and "received" in form and "source" in form and "obligation" in form and "text" not in form:
        form["text"] = rest
    return form, None


def _read_task(work: Work, form: Form, words: str) -> tuple[Form, str, str | None]:
    choices = _choices(work, form)
    number, rest = split_number(words)
    if not number:
        chosen = choose(words, choices) if words else None
        return ({**form, "obligation": chosen.obligation_id}, "", None) if chosen else (form, words, None)
    if (chosen := choose(number, choices)) is not None:
        return {**form, "obligation": chosen.obligation_id}, rest, None
    same = [due.obligation_id for due in choices if due.no == read_choice(number)]
    return ({**form, "same": same}, rest, None) if same else (form, rest, "no_task")


def read_received(work: Work, words: str) -> tuple[datetime | None, str]:
    """Read when something was received at the beginning of a text, a past instant; gives it, or nothing, and the rest.

    A day without a year is the last one that was, but for one just ahead; a day without an hour is its noon, today now.
    """
    now = local(work.at, work.policy.zone)
    day, at, rest = None, None, words
    for word, days in BEFORE_TODAY.items():
        if words.startswith(word):
            day, rest = now.date() - timedelta(days=days), words[len(word) :]
    if day is None:
        found = split_dated(words, now=now, calendar=work.policy.calendar)
        if found is None:
            return None, words
        day, at, rest = _that_was(found[0].day, words, now.date()), found[0].at, found[1]
    if at is None and (hour := HOUR.match(rest)) is not None and (at := _hour(hour)) is not None:
        rest = rest[hour.end() :]
    if at is None and day == now.date():
        return work.at, rest.lstrip(" ,，、:：")
    return datetime.combine(day, at or NOON, work.policy.zone), rest.lstrip(" ,，、:：")


def _that_was(day: date, words: str, now: date) -> date:
    has_year = re.match(r"\s*(?:\d{4}|今年|去年|明年|[二〇]{2})", words) is not None
    if has_year or day - now <= AHEAD or day.strftime("%m%d") == "0229":
        return day
    this_year = day.replace(year=now.year)
    return this_year if this_year - now <= AHEAD else day.replace(year=now.year - 1)


def _hour(said: re.Match[str]) -> time | None:
    hour = int(said[2]) + (12 if said[1] in ("下午", "晚上") and int(said[2]) < 12 else 0)
    minute = 30 if said[5] else int(said[3] or said[4] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _preview(work: Work, form: Form, due: Due) -> dict[str, Any]:
    received = datetime.fromisoformat(form["received"])
    past = reports.past_texts(work.tx, task_id=due.task_id, unit_id=due.unit_id)
    characters, findings = checked(work, due, form["text"], past, stage_met=None)
    return {
        "text": form["text"],
        "source": form["source"],
        "received": received.isoformat(),
        "late": received >= due.due_at and due.state == ObligationState.OPEN,
        "corrects": due.state == ObligationState.SUBMITTED,
        "characters": characters,
        "findings": findings,
        "told": len(liaisons_there(work, due.unit_id)),
    }


def _buttons(step: str, form: Form, choices: list[Due]) -> list[list[Action]]:
    drop: Action = {"do": "drop_form", "form": form["form"]}
    if step == "task":
        chosen = [
            {"do": "enter", **form, "obligation": due.obligation_id, **button_label(due, choices)} for due in choices
        ]
        return [*([each] for each in chosen[:MOST_CHOICES]), [drop]]
    if step == "source":
        named: list[Action] = [{"do": "enter", **form, "source": source} for source in ("phone", "paper", "mail")]
        return [named, [drop]]
    return [[{"do": "send_entry", **form}, drop]] if step == "confirm" else [[drop]]


def _is_kept(work: Work, due: Due, text: str, received: datetime) -> bool:
    stands = reports.submitted_version(work.tx, due.obligation_id)
    return stands is not None and stands.source is not None and (stands.progress, stands.sent_at) == (text, received)


def _tell_unit(work: Work, due: Due, source: str, received: datetime, text: str) -> int:
    found = liaisons_there(work, due.unit_id)
    for holder in found:
        message = say(
            work,
            Recipient(holder.telegram_id, holder.person_id),
            Kind.ENTERED,
            priority=outbox.REMINDER,
            tasks=[shown_task(due)],
            source=source,
            received=received.isoformat(),
            text=text,
        )
        let_wait(work, message)
    return len(found)
