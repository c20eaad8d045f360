"""A liaison says that a task is complete (办结): which task, what was done; echoed, confirmed, sent on."""

from datetime import datetime
from typing import Any

from office.auditing import record
from office.notice.differences import OWING_ROLES
from office.reports.drafting import keep_drafts
from office.reports.finding import Part, all_owed, choose
from office.reports.submitting import submit_drafts
from office.requests.forms import (
    CANCEL,
    CONFIRM,
    LEAST_WORDS,
    NO,
    Form,
    ask_office,
    close_form,
    filled,
    is_sent,
    new_form,
    plain,
    split_number,
)
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations, ledger, requests
from storage.ledger import AssignedTask, Due
from storage.people import KnownPerson
from storage.states import Role

FIELDS = ("form", "task", "unit", "text", "message", "sent_at", "counts")
MOST_CHOICES = 24
MOST_WORDS = 1000  # characters: it stands whole in the supervisors' message


def begin_completion(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Take a completion as far as its line says it, and ask for what is missing."""
    number, rest = split_number(words)
    own = own_tasks(work, person)
    form, again = new_form(), None
    chosen = choose(number, own) if number else None
    if chosen is not None:
        form = {**form, "task": chosen.task_id, "unit": chosen.unit_id}
    elif number:
        again = "no_such"
    if rest.strip() and again is None:
        form, again = _with_text(form, rest.strip(), letter, message_id=0)  # an edit of the command edits no report
    go_on(work, Recipient(letter.chat_id, person.id), person, form, again=again)


def complete_from(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Go on with the form that a button carries, or begin one."""
    go_on(work, to, person, {**new_form(), **filled(values, FIELDS)})


def go_on(work: Work, to: Recipient, person: KnownPerson, form: Form, *, again: str | None = None) -> None:
    """Ask for what is missing in a form, or show it whole to be confirmed; `again` says what was wrong."""
    own = own_tasks(work, person)
    if is_sent(work, form) or not own:
        close_form(work, to, form)
        say(work, to, Kind.REQUEST_GONE, why="sent" if own else "no_task")
        return
    if "task" not in form and len(own) == 1 and again != "no_such":
        form = {**form, "task": own[0].task_id, "unit": own[0].unit_id}
    task = _task_of(own, form)
    if "task" in form and task is None:
        close_form(work, to, form)
        say(work, to, Kind.REQUEST_GONE, why="no_task")
        return
    owed = _owed_now(work, person, task)
    step = _missing(form, owed)
    conversations.ask(work.tx, to.chat_id, "complete", {**form, "step": step}, at=work.at)
    say(
        work,
        to,
        Kind.COMPLETE,
        buttons=_buttons(step, form, own),
        step=step,
        again=again,
        tasks=[shown_part(each) for each in ([task] if task is not None else own)],
        text=form.get("text"),
        counts=form.get("counts"),
        period=owed.period if owed is not None else None,
    )


def answer_completion(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the answer to what the form asks next; False where it is none."""
    form, step = filled(content, FIELDS), content["step"]
    to, word = Recipient(letter.chat_id, person.id), plain(letter.text)
    if word in CANCEL or not own_tasks(work, person):
        return False
    if step == "confirm" and word in CONFIRM:
        send_completion(work, to, person, form)
        return True
    again = None
    if step == "task":
        chosen = choose(letter.text, own_tasks(work, person))
        if chosen is None and word not in CONFIRM:
            return False
        form = form if chosen is None else {**form, "task": chosen.task_id, "unit": chosen.unit_id}
    elif step == "text":
        form, again = _with_text(form, letter.text.strip(), letter, message_id=letter.message_id)
    elif step == "counts" and word in CONFIRM | NO:
        form = {**form, "counts": word in CONFIRM}
    else:
        return False
    go_on(work, to, person, form, again=again)
    return True


def send_completion(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Put a confirmed completion before the supervisors; its text is the period's report too, where the person said so."""
    form = filled(values, FIELDS)
    task = _task_of(own_tasks(work, person), form)
    owed = _owed_now(work, person, task)
    if is_sent(work, form) or task is None or _missing(form, owed) != "confirm":
        go_on(work, to, person, form)
        return
    replaced = requests.replace_completion(work.tx, task_id=task.task_id, unit_id=task.unit_id) > 0
    number = requests.add_completion(
        work.tx,
        {
            "task_id": task.task_id,
            "unit_id": task.unit_id,
            "person_id": person.id,
            "form": form["form"],
            "asked_at": work.at,
            "text": form["text"],
        },
    )
    record(work, "ask_completion", f"completion:{number}", person.id, task=task.task_id, unit=task.unit_id)
    close_form(work, to, form)
    row: list[Action] = [{"do": do, "request": f"C{number}"} for do in ("close_out", "send_back")]
    shown = shown_completion(work, number)
    told = ask_office(work, Kind.COMPLETION_ASKED, [row], **shown, replaced=replaced)
    say(work, to, Kind.COMPLETION_SENT, **shown, replaced=replaced, told=told)
    if owed is not None and form.get("counts"):
        _report(work, to, person, owed, form)


def own_tasks(work: Work, person: KnownPerson) -> list[AssignedTask]:
    """List the tasks a person's units answer for and that are not closed out."""
    closed = requests.closed_out(work.tx)
    tasks = ledger.tasks_of_units(work.tx, list(person.units_as(Role.LIAISON)))
    return [task for task in tasks if task.role in OWING_ROLES and (task.task_id, task.unit_id) not in closed]


def shown_completion(work: Work, number: int) -> dict[str, Any]:
    """Give what is said of a completion to whoever decides it."""
    asked = requests.completion(work.tx, number)
    assert asked is not None  # noqa: S101  # the number comes from the table
    task = ledger.assigned_task(work.tx, task_id=asked.task_id, unit_id=asked.unit_id)
    assert task is not None  # noqa: S101  # a completion points to a unit's part in a task
    return {
        "request": f"C{number}",
        "tasks": [shown_part(task)],
        "unit_id": task.unit_id,
        "asked_by": asked.asked_by,
        "asked_at": asked.asked_at.isoformat(),
        "text": asked.text,
    }


def shown_part(task: AssignedTask) -> dict[str, Any]:
    """Give what names a unit's part in a task to a person."""
    return {
        "task_id": task.task_id,
        "list": task.list,
        "no": task.no,
        "name": task.text[:24],
        "unit": task.unit_name,
    }


# --- in this module only ---------------------------------------------------------------------------------------------


def _task_of(own: list[AssignedTask], form: Form) -> AssignedTask | None:
    wanted = (form.get("task"), form.get("unit"))
    return next((task for task in own if (task.task_id, task.unit_id) == wanted), None)


def _owed_now(work: Work, person: KnownPerson, task: AssignedTask | None) -> Due | None:
    """Give the obligation of the current period for a task, where it is still owed."""
    if task is None:
        return None
    same = [due for due in all_owed(work, person) if (due.task_id, due.unit_id) == (task.task_id, task.unit_id)]
    return same[0] if same else None


def _missing(form: Form, owed: Due | None) -> str:
    if "task" not in form:
        return "task"
    if "text" not in form:
        return "text"
    return "counts" if owed is not None and "counts" not in form else "confirm"


def _with_text(form: Form, text: str, letter: Letter, *, message_id: int) -> tuple[Form, str | None]:
    if len(text) < LEAST_WORDS:
        return form, "short"
    if len(text) > MOST_WORDS:
        return form, "long"
    return {**form, "text": text, "message": message_id, "sent_at": letter.sent_at.isoformat()}, None


def _report(work: Work, to: Recipient, person: KnownPerson, owed: Due, form: Form) -> None:
    """Submit the text as the period's report; its limits hold, and what keeps it back is asked as ever."""
    sent_at = datetime.fromisoformat(form["sent_at"])
    letter = Letter(to.chat_id, person.telegram_id, person.name, form["message"], sent_at, form["text"])
    submit_drafts(work, to, person, keep_drafts(work, letter, person, [Part(owed, form["text"])]))


def _buttons(step: str, form: Form, own: list[AssignedTask]) -> list[list[Action]]:
    drop: Action = {"do": "drop_form", "form": form["form"]}
    if step == "task":
        return [[_choice(form, task, own)] for task in own[:MOST_CHOICES]]
    if step == "counts":
        yes: Action = {"do": "complete", **form, "counts": True, "label": "yes"}
        return [[yes, {"do": "complete", **form, "counts": False, "label": "no"}, drop]]
    return [[{"do": "send_completion", **form}, drop]] if step == "confirm" else [[drop]]


def _choice(form: Form, task: AssignedTask, own: list[AssignedTask]) -> Action:
    """Give the button that chooses a task; its unit and list only where its number is not enough."""
    named: Action = {"no": task.no, "name": task.text[:16]}
    if len({other.unit_id for other in own}) > 1:
        named["of"] = task.unit_name
    if len({other.list for other in own if other.no == task.no}) > 1:
        named["list"] = task.list
    return {"do": "complete", **form, "task": task.task_id, "unit": task.unit_id, **named}
