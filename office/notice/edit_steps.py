"""A supervisor puts a task right in the chat (/edit): which task, what of it, the new value, the reason, then the proposal."""

from collections.abc import Callable
from typing import Any

from office.notice import editing
from office.notice.edit_words import (
    plain_reason,
    read_deadline,
    read_leaders,
    read_line,
    read_parts,
    read_units,
    split_reason,
)
from office.notice.editing import EDIT, Edit, EditError, Op
from office.notice.proposing import propose
from office.reports.finding import choose
from office.requests.forms import (
    CANCEL,
    CONFIRM,
    LEAST_WORDS,
    MOST_WORDS,
    SKIP,
    Form,
    filled,
    new_form,
    plain,
    split_number,
)
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_choice
from storage import conversations, ledger, standing
from storage.ledger import AssignedTask
from storage.people import KnownPerson

FIELDS = (
    "form",
    "op",
    "task",
    "among",
    "notice",
    "text",
    "second",
    "leaders",
    "deadline",
    "units",
    "dropped",
    "new_units",
    "reason",
)
NEEDS = {  # what each operation asks for, in this order
    "text": ("text",),
    "leaders": ("leaders",),
    "deadline": ("deadline",),
    "units": ("units",),
    "join": ("units",),
    "drop": ("dropped",),
    "split": ("text", "second"),
    "cancel": (),
    "add": ("notice", "text", "units", "leaders", "deadline"),
}
OPS = {
    "text": Op.CHANGE,
    "leaders": Op.CHANGE,
    "deadline": Op.CHANGE,
    "units": Op.REASSIGN,
    "join": Op.REASSIGN,
    "drop": Op.REASSIGN,
    "split": Op.SPLIT,
    "cancel": Op.CANCEL,
    "add": Op.ADD,
}
MENU = (("text", "leaders"), ("deadline", "units"), ("split", "cancel"))
CHOSEN = {  # the menu's buttons as typed words
    "内容": "text",
    "领导": "leaders",
    "时限": "deadline",
    "单位": "units",
    "责任单位": "units",
    "拆分": "split",
    "取消任务": "cancel",
    "content": "text",
    "leaders": "leaders",
    "deadline": "deadline",
    "units": "units",
    "split": "split",
}
ADD = ("新增", "增加任务", "add")
LONGEST = 2000  # characters of a task
WRONG_FIELD = {  # which answer an error is about: it is asked for again
    "unknown_unit": "units",
    "no_part": "dropped",
    "nobody_owes": "units",
    "no_text": "text",
    "which_notice": "notice",
}
MOST_CHOICES = 24  # buttons under one question


def begin_edit(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Take a correction as far as its line says it, and ask for what is missing."""
    to, form, words = Recipient(letter.chat_id, person.id), new_form(), words.strip()
    begun = next((word for word in ADD if words.lower().startswith(word)), None)
    if begun is not None:
        text, reason = split_reason(words[len(begun) :].strip(" :：\n"))
        form = {**form, "op": "add", **({"text": text} if text else {}), **_reason(reason)}
        go_on(work, to, person, form, again=_wrong_reason(reason))
        return
    number, rest = split_number(words)
    form, again = _with_task(work, form, number or words)
    if "task" in form and rest and number:
        form, again = _with_line(form, rest)
    elif rest and number and "among" in form and (said := _with_line(form, rest))[1] in (None, "long"):
        form = said[0]
    go_on(work, to, person, form, again=again)


def edit_from(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Go on with the form that a button carries, or begin one for the task it names."""
    go_on(work, to, person, {**new_form(), **filled(values, FIELDS)})


def answer_edit(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the answer to what the form asks next; False where it is none."""
    form, step = filled(content, FIELDS), content["step"]
    said, word = letter.text.strip(), plain(letter.text)
    if word in CANCEL or (word in CONFIRM and step in ("task", "what")) or not may(person, Right.CORRECT):
        return False
    taken = _take(work, form, step, said)
    if taken is None:
        return False
    go_on(work, Recipient(letter.chat_id, person.id), person, taken[0], again=taken[1])
    return True


def go_on(
    work: Work,
    to: Recipient,
    person: KnownPerson,
    form: Form,
    *,
    again: str | None = None,
    wrong: EditError | None = None,
) -> None:
    """Ask for what is missing in a form, or propose what it says; `again` and `wrong` say what was wrong before."""
    form = _with_only_notice(work, form)
    wrong = wrong or _wrong_unit(work, form)
    if wrong is not None:
        form = {name: value for name, value in form.items() if name not in ("units", "dropped")}
    step = _missing(form)
    if step is not None:
        _ask(work, to, form, step, again=again, wrong=wrong)
        return
    edit = _edit(form)
    try:
        editing.foresee(work, edit)
    except EditError as error:
        field = "dropped" if form["op"] == "drop" else WRONG_FIELD.get(error.code)
        if field in form:
            left = {name: value for name, value in form.items() if name != field}
            _ask(work, to, left, field, again=None, wrong=error)
            return
    propose(work, to, person, "edit", EDIT.dump_python(edit, mode="json"))


# --- in this module only ---------------------------------------------------------------------------------------------


def _missing(form: Form) -> str | None:
    if form.get("op") != "add" and "task" not in form:
        return "task"
    if "op" not in form:
        return "what"
    return next((name for name in (*NEEDS[form["op"]], "reason") if name not in form), None)


def _edit(form: Form) -> Edit:
    op = form["op"]
    values = filled(form, ("task", "notice", "text", "second", "deadline", "reason", "new_units"))
    units = tuple((name, role) for name, role in form.get("units", ()))
    leaders = tuple(form["leaders"]) if "leaders" in form else None
    return Edit(
        OPS[op], **values, leaders=leaders, units=units, dropped=tuple(form.get("dropped", ())), joins=op == "join"
    )


def _with_only_notice(work: Work, form: Form) -> Form:
    """Name the notice a new task is for, where there is only one."""
    if form.get("op") != "add" or "notice" in form:
        return form
    known = standing.notices(work.tx)
    return {**form, "notice": known[0].id} if len(known) == 1 else form


def _wrong_unit(work: Work, form: Form) -> EditError | None:
    names = [*(name for name, _ in form.get("units", ())), *form.get("dropped", ())]
    try:
        editing.require_units(work, names, new_units=bool(form.get("new_units")))
    except EditError as error:
        return error
    return None


def _tasks(work: Work, form: Form) -> list[AssignedTask]:
    """List the tasks that may be meant, one part of each."""
    parts = ledger.assigned_tasks(work.tx, form.get("among"))
    return list({part.task_id: part for part in reversed(parts)}.values())[::-1]


def _with_task(work: Work, form: Form, words: str) -> tuple[Form, str | None]:
    """Find the task that a number or a word names."""
    if not words:
        return form, None
    tasks = _tasks(work, form)
    no = read_choice(words)
    found = [task for task in tasks if (task.no == no if no is not None else words in f"{task.list} {task.text}")]
    chosen = choose(words, tasks) if len(found) != 1 else found[0]
    if chosen is not None and (no is None or len(found) == 1):
        return {**form, "task": chosen.task_id}, None
    if found:
        return {**form, "among": [task.task_id for task in found[:MOST_CHOICES]]}, None
    return form, "no_such"


def _with_line(form: Form, line: str) -> tuple[Form, str | None]:
    """Fill what a line says is to be done, and why, into the form."""
    words, reason = split_reason(line)
    said = read_line(words)
    if said is None:
        return {**form, **_reason(reason)}, "unread" if words else _wrong_reason(reason)
    return {**form, "op": said.op, **said.fields, **_reason(reason)}, _wrong_reason(reason)


def _reason(reason: str | None) -> Form:
    said = (reason or "").strip(" 。")
    return {"reason": said} if LEAST_WORDS <= len(said) <= MOST_WORDS else {}


def _wrong_reason(reason: str | None) -> str | None:
    """Tell what is wrong with a reason that a line gives."""
    return "long" if len(reason or "") > MOST_WORDS and not _reason(reason) else None


def _take(work: Work, form: Form, step: str, said: str) -> tuple[Form, str | None] | None:
    """Fill an answer into the form; gives it with what was wrong, or None where the text is no answer."""
    if step in TAKERS:
        return TAKERS[step](work, form, said)
    if step in ("leaders", "deadline") and plain(said) in SKIP:
        return {**form, step: [] if step == "leaders" else ""}, None
    return (form, "long") if len(said) > LONGEST else ({**form, **_value(form, step, said)}, None)


def _take_task(work: Work, form: Form, said: str) -> tuple[Form, str | None]:
    if plain(said) in ADD:
        return {"form": form["form"], "op": "add"}, None
    return _with_task(work, form, said)


def _take_op(_work: Work, form: Form, said: str) -> tuple[Form, str | None]:
    return ({**form, "op": CHOSEN[plain(said)]}, None) if plain(said) in CHOSEN else _with_line(form, said)


def _take_notice(work: Work, form: Form, said: str) -> tuple[Form, str | None]:
    no = read_choice(said)
    is_known = no in [notice.id for notice in standing.notices(work.tx)]
    return ({**form, "notice": no}, None) if is_known else (form, "no_notice")


def _take_reason(_work: Work, form: Form, said: str) -> tuple[Form, str | None]:
    reason = plain_reason(said).strip(" 。")
    if not LEAST_WORDS <= len(reason) <= MOST_WORDS:
        return form, "short" if len(reason) < LEAST_WORDS else "long"
    return {**form, "reason": reason}, None


TAKERS: dict[str, Callable[[Work, Form, str], tuple[Form, str | None]]] = {
    "task": _take_task,
    "what": _take_op,
    "notice": _take_notice,
    "reason": _take_reason,
}


def _value(form: Form, step: str, said: str) -> Form:
    match step:
        case "units":
            return read_units(said.removeprefix("改由"))
        case "dropped":
            return {"dropped": [name for name, _ in read_units(said)["units"]]}
        case "leaders":
            return read_leaders(said)
        case "deadline":
            return read_deadline(said)
        case "text" if form["op"] == "split" and len(parts := read_parts(said)) == 2:
            return parts
    return {step: said}


def _ask(work: Work, to: Recipient, form: Form, step: str, *, again: str | None, wrong: EditError | None) -> None:
    conversations.ask(work.tx, to.chat_id, "edit", {**form, "step": step}, at=work.at)
    tasks = _tasks(work, form) if step == "task" and "among" in form else []
    notices = standing.notices(work.tx) if step == "notice" else []
    say(
        work,
        to,
        Kind.EDIT,
        buttons=[*_choices(form, step, tasks), [{"do": "drop_form", "form": form["form"]}]],
        step=step,
        op=form.get("op"),
        again=again,
        wrong={"code": wrong.code, **wrong.values} if wrong is not None else None,
        tasks=[{"list": task.list, "no": task.no, "name": task.text[:24]} for task in tasks],
        notices=[{"no": notice.id, "title": notice.title} for notice in notices],
        now=_now(work, form),
    )


def _now(work: Work, form: Form) -> dict[str, Any] | None:
    """Give how the task stands that the form is for."""
    parts = ledger.assigned_tasks(work.tx, [form["task"]]) if "task" in form else []
    if not parts:
        return None
    task = parts[0]
    return {
        "list": task.list,
        "no": task.no,
        "text": task.text,
        "leaders": list(task.leaders),
        "deadline": task.deadline,
        "units": [{"unit": part.unit_name, "role": part.role} for part in parts],
    }


def _choices(form: Form, step: str, tasks: list[AssignedTask]) -> list[list[Action]]:
    rest = {name: value for name, value in form.items() if name != "among"}
    if step == "task":
        return [[{"do": "edit", **rest, "task": task.task_id, "list": task.list, "no": task.no}] for task in tasks]
    if step == "what":
        return [[{"do": "edit", **rest, "op": op, "label": f"edit_{op}"} for op in row] for row in MENU]
    if step == "leaders" and form["op"] == "add":
        return [[{"do": "edit", **rest, "leaders": [], "label": "skip"}]]
    if step == "deadline" and form["op"] == "add":
        return [[{"do": "edit", **rest, "deadline": "", "label": "skip"}]]
    return []
