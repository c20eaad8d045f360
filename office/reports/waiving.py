"""The office waives (免报) what a unit, or every unit of a task, owes for a period: with a reason, shown before it is done."""

from collections.abc import Sequence
from typing import Any

from office.auditing import record
from office.naming import nearest_units, split_unit
from office.notice.assigning import let_wait
from office.reports.drafting import shown_task
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
from office.work import Letter, Work
from rules.conditions import names_of_period
from rules.numbering import read_choice
from storage import conversations, exemptions, ledger, outbox
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import OWED

FIELDS = ("form", "obligations", "reason")
LEAST_REASON, MOST_REASON = 2, 500  # characters
SHOWN = 10  # obligations in one preview
MOST_CHOICES = 24


def begin_waiver(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Take what a line names: a unit or none, a task's number, a period or none, the reason; and ask for what is missing."""
    to = Recipient(letter.chat_id, person.id)
    unit, rest = split_unit(work, words.strip())
    number, rest = split_number(rest)
    no = read_choice(number) if number else None
    if no is None:
        near = nearest_units(work, words) if unit is None else []
        say(work, to, Kind.WAIVE, step="how", near=near, tasks=[])
        return
    named = ledger.obligations_named(work.tx, no=no, unit_id=unit.id if unit is not None else None)
    owed = [due for due in named if due.state in OWED]
    owed, reason = _of_period(work, owed, rest)
    reason = reason.removeprefix("因为").removeprefix("因").removeprefix("原因").removeprefix("由于").strip(" ：:，,。")
    tasks = list(dict.fromkeys(due.task_id for due in owed))
    if not owed:
        say(work, to, Kind.WAIVE, step="nothing", near=[], tasks=[])
    elif len(tasks) > 1:
        _ask_which(work, to, owed, reason)
    else:
        go_on(work, to, new_form(obligations=[d.obligation_id for d in _first_period(owed)], reason=reason))


def go_on(work: Work, to: Recipient, values: dict[str, Any], *, again: bool = False) -> None:
    """Ask for the reason where there is none, or show what would be waived, to be confirmed."""
    form = filled(values, FIELDS)
    dues = _still_owed(work, form)
    if not dues:
        close_form(work, to, form)
        say(work, to, Kind.WAIVE, step="nothing", near=[], tasks=[])
        return
    has_reason = LEAST_REASON <= len(form.get("reason", "")) <= MOST_REASON
    step = "confirm" if has_reason else "reason"
    conversations.ask(work.tx, to.chat_id, "waive", {**form, "step": step}, at=work.at)
    drop: Action = {"do": "drop_form", "form": form["form"]}
    row: list[Action] = [{"do": "send_waiver", **form}, drop] if has_reason else [drop]
    units = {due.unit_id: due.unit_name for due in dues}
    untold = [name for number, name in units.items() if not liaisons_there(work, number)]
    shown = [shown_task(due) for due in dues[:SHOWN]]
    said = {
        "reason": form.get("reason", ""),
        "total": len(dues),
        "untold": untold,
        "again": again or bool(form["reason"]),
    }
    say(work, to, Kind.WAIVE, buttons=[row], step=step, near=[], tasks=shown, **said)


def answer_waiver(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as which task is meant, as the reason, or as the confirmation; False where it is none."""
    word, to = plain(letter.text), Recipient(letter.chat_id, person.id)
    if word in CANCEL or not may(person, Right.WAIVE):
        return False
    if content["step"] == "reason":
        go_on(work, to, {**content, "reason": letter.text.strip()}, again=True)
    elif content["step"] == "which":
        owed = _still_owed(work, content)
        chosen = choose(letter.text, list({due.task_id: due for due in reversed(owed)}.values()))
        if chosen is None:
            return False
        meant = [due for due in owed if due.task_id == chosen.task_id]
        go_on(work, to, {**content, "obligations": [due.obligation_id for due in _first_period(meant)]})
    elif word in CONFIRM | {"确认免报", "免报"}:
        send_waiver(work, to, person, content)
    else:
        return False
    return True


def send_waiver(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Waive what was confirmed, as far as it is owed still, and tell the units."""
    form = filled(values, FIELDS)
    close_form(work, to, form)
    done = waive(work, _still_owed(work, form), form["reason"], by=person.id)
    if not done:
        say(work, to, Kind.WAIVE, step="nothing", near=[], tasks=[])
        return
    say(work, to, Kind.WAIVER_DONE, total=len(done), tasks=[shown_task(due) for due in done[:SHOWN]])


# --- for every desk --------------------------------------------------------------------------------------------------


def waive(work: Work, dues: Sequence[Due], reason: str, *, by: int | None) -> list[Due]:
    """Waive what of these is owed still, with a reason, and tell their liaisons; gives what was waived."""
    done = [due for due in dues if exemptions.waive(work.tx, due.obligation_id, reason=reason, by=by, at=work.at)]
    for due in done:
        record(work, "waive", f"obligation:{due.obligation_id}", by, unit=due.unit_name, reason=reason)
    for unit_id in dict.fromkeys(due.unit_id for due in done):
        of_unit = [due for due in done if due.unit_id == unit_id]
        for holder in liaisons_there(work, unit_id):
            to = Recipient(holder.telegram_id, holder.person_id)
            tasks = [shown_task(due) for due in of_unit]
            let_wait(work, say(work, to, Kind.WAIVED, priority=outbox.REMINDER, tasks=tasks, reason=reason))
    return done


# --- in this module only ---------------------------------------------------------------------------------------------


def _of_period(work: Work, owed: Sequence[Due], words: str) -> tuple[list[Due], str]:
    """Keep what is due for the period that words begin with, where they begin with one; gives it and the words behind."""
    word = words.split(maxsplit=1)[0] if words.split() else ""
    meant = [due for due in owed if word.lower() in names_of_period(due.period)]
    return (meant, words[len(word) :].strip()) if meant else (list(owed), words)


def _first_period(dues: Sequence[Due]) -> list[Due]:
    """Keep what is due for the earliest of the periods."""
    return [due for due in dues if (due.notice_id, due.period) == (dues[0].notice_id, dues[0].period)]


def _still_owed(work: Work, form: Form) -> list[Due]:
    found = [due for due in ledger.obligations(work.tx, form["obligations"]) if due.state in OWED]
    return sorted(found, key=lambda due: (due.due_at, due.task_id, due.unit_id))


def _ask_which(work: Work, to: Recipient, owed: Sequence[Due], reason: str) -> None:
    """Ask which of several tasks with the same number is meant."""
    form = new_form(obligations=[due.obligation_id for due in owed], reason=reason)
    conversations.ask(work.tx, to.chat_id, "waive", {**form, "step": "which"}, at=work.at)
    by_task = {task: [due for due in owed if due.task_id == task] for task in dict.fromkeys(d.task_id for d in owed)}
    rows: list[list[Action]] = [
        [
            {
                "do": "waive",
                **form,
                "obligations": [due.obligation_id for due in _first_period(dues)],
                "no": dues[0].no,
                "list": dues[0].list,
                "period": dues[0].period,
                "name": dues[0].text[:16],
            }
        ]
        for dues in by_task.values()
    ]
    tasks = [shown_task(dues[0]) for dues in by_task.values()]
    say(work, to, Kind.WAIVE, buttons=rows[:MOST_CHOICES], step="which", near=[], tasks=tasks)
