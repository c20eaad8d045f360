"""A liaison writes the year plan in the chat: which task, then field by field, then what was written, then 提交."""

from typing import Any

from office.reports.plans import MOST, PlanTask, asked_plans, keep_plan, lacking, shown_plan
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_choice
from storage import conversations, plans
from storage.people import KnownPerson
from storage.plans import FIELDS
from storage.states import Role

MARKS = " \t\r\n。．.！!，,、：:；;~～“”\"'"
SKIP = {"跳过", "skip"}
BACK = {"上一步", "返回", "back"}
CANCEL = {"取消", "cancel"}
SUBMIT = {"提交", "确认", "确定", "确认提交", "报送", "submit", "ok", "confirm"}
MOST_CHOICES = 20


def begin_plan(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Begin the plan of the task named by its number; where none or several are, show them all to choose from."""
    tasks = _tasks(work, person)
    no = read_choice(words)
    named = [task for task in tasks if task.row.no == no]
    if len(named) == 1 or (len(tasks) == 1 and not words):
        _ask(work, _to(letter, person), (named or tasks)[0], 0)
    else:
        _offer(work, _to(letter, person), tasks)


def pick_plan(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number as the task whose plan is to be written; False where it is none."""
    no = read_choice(letter.text)
    if no is None:
        return False
    named = [task for task in _tasks(work, person) if task.row.no == no and task.row.assignment_id in content["among"]]
    if len(named) == 1:
        _ask(work, _to(letter, person), named[0], 0)
    else:
        _offer(work, _to(letter, person), _tasks(work, person))
    return True


def answer_plan(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the field last asked for, or a fixed word as its button; False where it is neither."""
    word = letter.text.strip(MARKS).lower()
    doing = next((do for do, words in WORDS.items() if word in words), None)
    if doing is not None:
        step_plan(work, letter, person, {**content, "do": doing})
        return True
    task = _task(work, person, content["assignment"])
    step = int(content["step"])
    if task is None or step >= len(FIELDS):
        return False
    field, text = FIELDS[step], letter.text.strip()
    if len(text) > MOST[field]:
        _ask(work, _to(letter, person), task, step, too_long=len(text))
        return True
    values = {**_values(work, task), field: text}
    plans.keep_draft(work.tx, task.row.assignment_id, values, author_id=person.id, at=work.at)
    _ask(work, _to(letter, person), task, step + 1)
    return True


def step_plan(work: Work, letter: Letter, person: KnownPerson, action: Action) -> None:
    """Do what a button of the plan says, from the step it stands under: a second press does the same again."""
    task = _task(work, person, action["assignment"])
    to = _to(letter, person)
    if task is None:
        say(work, to, Kind.PLAN_NONE)
        return
    step = int(action.get("step", 0))
    match action["do"]:
        case "plan_on":
            _ask(work, to, task, 0)
        case "plan_skip":
            _ask(work, to, task, min(step + 1, len(FIELDS)))
        case "plan_back":
            _ask(work, to, task, max(step - 1, 0))
        case "plan_submit":
            _submit(work, to, person, task)
        case _:
            plans.drop_draft(work.tx, task.row.assignment_id)
            conversations.answered(work.tx, to.chat_id)
            say(work, to, Kind.PLAN_CANCELLED, no=task.row.no)


WORDS = {"plan_skip": SKIP, "plan_back": BACK, "plan_cancel": CANCEL, "plan_submit": SUBMIT}


def _submit(work: Work, to: Recipient, person: KnownPerson, task: PlanTask) -> None:
    values = _values(work, task)
    if lacks := lacking(values):
        _ask(work, to, task, FIELDS.index(lacks[0]), must=True)
        return
    changed = keep_plan(work, task.row, values, person.id)
    left = [other for other in _tasks(work, person) if not other.is_planned]
    conversations.answered(work.tx, to.chat_id)
    if left:
        conversations.ask(work.tx, to.chat_id, "plan_pick", {"among": _numbers(left)}, at=work.at)
    say(
        work,
        to,
        Kind.PLAN_KEPT,
        buttons=[_choice(other, left) for other in left[:MOST_CHOICES]],
        **shown_plan(task.row),
        changes=[{"field": each.field, "before": each.before, "after": each.after} for each in changed],
        is_new=not task.is_planned,
        left=len(left),
    )


def _ask(
    work: Work, to: Recipient, task: PlanTask, step: int, *, must: bool = False, too_long: int | None = None
) -> None:
    """Ask for a field of a task's plan, or after the last one show what was written."""
    number = task.row.assignment_id
    named: Action = {"assignment": number, "step": step}
    conversations.ask(work.tx, to.chat_id, "plan", {"assignment": number, "step": step}, at=work.at)
    values = _values(work, task)
    back: list[Action] = [{"do": "plan_back", **named}] if step else []
    cancel: Action = {"do": "plan_cancel", **named}
    if step >= len(FIELDS):
        buttons: list[list[Action]] = [[{"do": "plan_submit", **named}], [*back, cancel]]
        say(work, to, Kind.PLAN_PREVIEW, buttons=buttons, **shown_plan(task.row), values=values, lacks=lacking(values))
        return
    field = FIELDS[step]
    say(
        work,
        to,
        Kind.PLAN_ASK,
        buttons=[[{"do": "plan_skip", **named}, *back, cancel]],
        **shown_plan(task.row),
        text=task.row.text if step == 0 else "",
        field=field,
        kept=values.get(field),
        must=must,
        too_long=too_long,
        most=MOST[field],
    )


def _offer(work: Work, to: Recipient, tasks: list[PlanTask]) -> None:
    """Show what plans are asked for, those not sent first, and the way by form."""
    if not tasks:
        say(work, to, Kind.PLAN_NONE)
        return
    conversations.ask(work.tx, to.chat_id, "plan_pick", {"among": _numbers(tasks)}, at=work.at)
    ordered = sorted(tasks, key=lambda task: task.is_planned)
    dates = sorted({task.due_at.isoformat() for task in tasks if task.due_at is not None and not task.is_planned})
    say(
        work,
        to,
        Kind.PLAN_LIST,
        buttons=[*(_choice(task, tasks) for task in ordered[:MOST_CHOICES]), [{"do": "form_plan"}]],
        tasks=[{**shown_plan(task.row), "planned": task.is_planned} for task in tasks],
        several_units=len({task.row.unit_id for task in tasks}) > 1,
        left=sum(not task.is_planned for task in tasks),
        due_at=dates[0] if dates else None,
    )


def _choice(task: PlanTask, tasks: list[PlanTask]) -> list[Action]:
    """Make the button of a task's plan, with its unit or list only where its number is not enough."""
    row = task.row
    label: Action = {"no": row.no, "name": row.text[:16], "planned": task.is_planned}
    if len({other.row.unit_id for other in tasks}) > 1:
        label["unit"] = row.unit_name
    if len({other.row.list for other in tasks if other.row.no == row.no}) > 1:
        label["list"] = row.list
    return [{"do": "plan_on", "assignment": row.assignment_id, **label}]


def _values(work: Work, task: PlanTask) -> dict[str, str]:
    """Give what was written so far: what stands, and over it the draft."""
    return {**task.row.values, **plans.draft(work.tx, task.row.assignment_id)}


def _tasks(work: Work, person: KnownPerson) -> list[PlanTask]:
    units = list(person.units_as(Role.LIAISON))
    return asked_plans(work, units) if units else []


def _task(work: Work, person: KnownPerson, assignment_id: int) -> PlanTask | None:
    return next((task for task in _tasks(work, person) if task.row.assignment_id == assignment_id), None)


def _numbers(tasks: list[PlanTask]) -> list[int]:
    return [task.row.assignment_id for task in tasks]


def _to(letter: Letter, person: KnownPerson) -> Recipient:
    return Recipient(letter.chat_id, person.id)
