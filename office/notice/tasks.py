"""What people look up about tasks: /tasks by pages, and one task with its units, state, history and texts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from office.notice.assigning import ROOM, today
from office.reports.contributing import ask_button, asked_of, contribute_button, shown_asked
from office.reports.drafting import button_label
from office.reports.finding import choose
from office.requests.deciding import open_requests, shown_request
from office.rights import Right, covers, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_choice
from rules.periods import days_overdue
from storage import contributions, conversations, ledger, reports, requests
from storage.contributions import Asked
from storage.ledger import AssignedTask, Due
from storage.people import KnownPerson
from storage.reports import ReportRow
from storage.states import Role

TASKS_ON_A_PAGE = 8
BUTTONS_IN_A_ROW = 4
HISTORY_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A unit's part in a task with how it stands: what is owed, else what was reported last; or, as support, asked for."""

    part: AssignedTask
    owed: Due | None
    sent: Due | None
    asked: Asked | None
    drafted: bool
    days: int  # overdue
    done: bool  # closed out


STATES: dict[str, Callable[[Line], bool]] = {  # words that filter /tasks by how a task stands
    "未报": lambda line: line.owed is not None,
    "待报": lambda line: line.owed is not None and line.days == 0,
    "逾期": lambda line: line.days > 0,
    "草稿": lambda line: line.drafted,
    "已报": lambda line: line.owed is None and line.sent is not None,
    "已销号": lambda line: line.done,
    "未签收": lambda line: line.part.signed_at is None,
    "已签收": lambda line: line.part.signed_at is not None,
    "牵头": lambda line: line.part.role == "lead",
    "配合": lambda line: line.part.role == "support",
    "待提供": lambda line: line.asked is not None and line.asked.is_awaited,
}


def list_tasks(
    work: Work, to: Recipient, person: KnownPerson, words: str = "", *, page: int = 0, edits: int | None = None
) -> None:
    """Show the tasks a person's right reaches, by pages, filtered by words; a liaison can sign here for what is unsigned.

    `edits` names the message that the page takes the place of.
    """
    own = _own_units(person)
    lines = [line for line in _lines(work, _visible(work, person)) if _is_meant(line, words.split())]
    pages = max(1, -(-len(lines) // TASKS_ON_A_PAGE))
    page = min(max(page, 0), pages - 1)
    shown = lines[page * TASKS_ON_A_PAGE : (page + 1) * TASKS_ON_A_PAGE]
    signable = person.units_as(Role.LIAISON)
    unsigned = [x.part.assignment_id for x in lines if x.part.unit_id in signable and x.part.signed_at is None]
    sign: list[list[Action]] = [[{"do": "sign", "assignments": unsigned}]] if unsigned else []
    say(
        work,
        to,
        Kind.TASK_LIST,
        buttons=[*_task_buttons([line.part for line in shown]), *_page_buttons(words, page, pages), *sign],
        tasks=[{**_named(line.part), **_standing(line)} for line in shown],
        total=len(lines),
        words=words,
        page=page + 1,
        pages=pages,
        several_units=len({line.part.unit_id for line in lines}) > 1 or not own,
        unsigned=len(unsigned),
        signed=None if own else [sum(line.part.signed_at is not None for line in lines), len(lines)],
        **({"edits": edits} if edits is not None else {}),
    )


def find_task(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Show the task that a number or a word names; where several do, ask which."""
    to = Recipient(letter.chat_id, person.id)
    parts = _visible(work, person)
    found = _one_each([p for p in parts if _is_meant(_bare(p), words.split())])
    if len(found) == 1:
        show_task(work, to, person, found[0].task_id)
    elif not words:
        list_tasks(work, to, person)
    elif found:
        among = [part.task_id for part in found]
        conversations.ask(work.tx, to.chat_id, "which_of_tasks", {"among": among}, at=work.at)
        list_tasks(work, to, person, words)
    else:
        say(work, to, Kind.NO_SUCH_TASK, words=words)


def answer_which_task(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed list and number, or name, as the task to show; False where it is none of those asked about."""
    among = [part for part in _one_each(_visible(work, person)) if part.task_id in content["among"]]
    chosen = choose(letter.text, among)
    if chosen is not None:
        conversations.answered(work.tx, letter.chat_id)
        show_task(work, Recipient(letter.chat_id, person.id), person, chosen.task_id)
    return chosen is not None


def show_task(work: Work, to: Recipient, person: KnownPerson, task_id: int) -> None:
    """Show one task: its text, units and roles, how it stands for each unit the person may see, and what was reported."""
    parts = [part for part in _visible(work, person) if part.task_id == task_id]
    if not parts:
        say(work, to, Kind.NO_SUCH_TASK, words="")
        return
    lines = _lines(work, parts)
    all_parts = ledger.assigned_tasks(work.tx, [task_id])
    history = _reports(work, person, parts)
    say(
        work,
        to,
        Kind.TASK,
        buttons=_buttons(work, person, lines, has_texts=bool(history or _given(work, person, task_id))),
        task={**_named(parts[0]), "text": parts[0].text[:ROOM], "section": parts[0].section},
        leaders=list(parts[0].leaders),
        leader_label=parts[0].leader_label,
        deadline=parts[0].deadline,
        units=[{"unit": part.unit_name, "role": part.role} for part in all_parts],
        tasks=[{**_named(line.part), **_standing(line)} for line in lines],
        given=_contributions(work, person, lines),
        requests=_waiting_requests(work, person, task_id),
        history=[_shown_report(row) for row in history[:HISTORY_SHOWN]],
        older=max(0, len(history) - HISTORY_SHOWN),
    )


def show_text(
    work: Work, to: Recipient, person: KnownPerson, task_id: int, *, page: int = 0, edits: int | None = None
) -> None:
    """Show what was reported and contributed for a task in full, the latest first, a text or a part of a long one a page."""
    parts = [part for part in _visible(work, person) if part.task_id == task_id]
    texts = [*map(_report_text, _reports(work, person, parts)), *map(_given_text, _given(work, person, task_id))]
    texts.sort(key=lambda each: str(each["sent_at"]), reverse=True)
    pages = [{**each, "text": piece} for each in texts for piece in _pieces(str(each["text"]))]
    if not pages:
        say(work, to, Kind.NO_SUCH_TASK, words="")
        return
    page = min(max(page, 0), len(pages) - 1)
    turns = [(page - 1, "previous")] * (page > 0) + [(page + 1, "next")] * (page < len(pages) - 1)
    row: list[Action] = [{"do": "task_text", "task": task_id, "page": at, "label": label} for at, label in turns]
    say(
        work,
        to,
        Kind.TASK_TEXT,
        buttons=[row] if row else [],
        no=parts[0].no,
        page=page + 1,
        pages=len(pages),
        **pages[page],
        **({"edits": edits} if edits is not None else {}),
    )


def tasks_of_unit(work: Work, unit_id: int) -> list[dict[str, Any]]:
    """Give what is said of each task in which a unit has a part, and how it stands."""
    return [
        {**_named(line.part), **_standing(line)} for line in _lines(work, ledger.tasks_of_units(work.tx, [unit_id]))
    ]


# --- what a person may see -------------------------------------------------------------------------------------------


def _own_units(person: KnownPerson) -> dict[int, str]:
    return {**person.units_as(Role.LIAISON), **person.units_as(Role.HEAD)}


def _visible(work: Work, person: KnownPerson) -> list[AssignedTask]:
    """List the parts in tasks that a person's right reaches, own units first; of others' those that owe reports."""
    own = list(_own_units(person))
    if person.has_role(Role.LEADER, Role.SUPERVISOR, Role.ADMIN):
        reached = [part for part in ledger.assigned_tasks(work.tx) if covers(person, Right.SEE_TASKS, part)]
        parts = [part for part in reached if part.unit_id in own or part.role != "support"]
    else:
        parts = ledger.tasks_of_units(work.tx, own)
    return sorted(parts, key=lambda part: own.index(part.unit_id) if part.unit_id in own else len(own) + part.unit_id)


def _reports(work: Work, person: KnownPerson, parts: Sequence[AssignedTask]) -> list[ReportRow]:
    """List what the units of these parts reported for their task, the latest period first."""
    if not parts:
        return []
    units = {part.unit_name for part in parts}
    found = reports.list_reports(work.tx, period=None, unit=None, notice_id=None, task_id=parts[0].task_id)
    return [row for row in reversed(found) if row.unit in units]


def _given(work: Work, person: KnownPerson, task_id: int) -> list[Asked]:
    """List what supporting units gave for a task, as far as the person may see it: its lead, the unit itself, the office."""
    own = _own_units(person)
    sees_all = person.has_role(Role.SUPERVISOR, Role.ADMIN)
    return [
        asked
        for asked in contributions.of_task(work.tx, task_id)
        if asked.given is not None and (sees_all or asked.lead_id in own or asked.unit_id in own)
    ]


def _waiting_requests(work: Work, person: KnownPerson, task_id: int) -> list[dict[str, str]]:
    """List what units ask for about a task and nobody decided yet, for whoever decides."""
    if not may(person, Right.DECIDE):
        return []
    shown = [shown_request(work, ref) for ref in open_requests(work)]
    return [
        {"request": asked["request"], "unit": asked["tasks"][0]["unit"]}
        for asked in shown
        if asked["tasks"][0]["task_id"] == task_id
    ]


def _contributions(work: Work, person: KnownPerson, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Tell for each present obligation that supporting units were asked about who answered and who is silent.

    Only its lead unit and the office see that.
    """
    own, sees_all = _own_units(person), person.has_role(Role.SUPERVISOR, Role.ADMIN)
    present = {due.obligation_id for line in lines for due in (line.owed, line.sent) if due is not None}
    found: dict[int, list[Asked]] = {}
    for asked in contributions.of_obligations(work.tx, sorted(present)):
        if sees_all or asked.lead_id in own:
            found.setdefault(asked.obligation_id, []).append(asked)
    return [
        {
            "lead": group[0].lead_name,
            "period": group[0].period,
            "given": [shown_asked(asked) for asked in group if asked.given is not None],
            "silent": [asked.unit_name for asked in group if asked.given is None],
        }
        for group in found.values()
    ]


# --- how a task stands -----------------------------------------------------------------------------------------------


def _lines(work: Work, parts: Sequence[AssignedTask]) -> list[Line]:
    """Look up how each part stands."""
    units = sorted({part.unit_id for part in parts})
    owed = {(due.task_id, due.unit_id): due for due in reversed(ledger.owed_by(work.tx, units, today=today(work)))}
    sent = {(due.task_id, due.unit_id): due for due in reversed(ledger.submitted_by(work.tx, units))}
    asked = {(each.task_id, each.unit_id): each for each in reversed(contributions.of_units(work.tx, units))}
    drafted = reports.drafted(work.tx, until=work.at)
    done = requests.closed_out(work.tx)
    lines = []
    for part in parts:
        key = (part.task_id, part.unit_id)
        due = owed.get(key)
        days = days_overdue(due.due_at, work.at, work.policy.zone) if due is not None else 0
        is_drafted = due is not None and due.obligation_id in drafted
        lines.append(Line(part, due, sent.get(key), asked.get(key), is_drafted, days, key in done))
    return lines


def _bare(part: AssignedTask) -> Line:
    return Line(part, None, None, None, drafted=False, days=0, done=False)


def _is_meant(line: Line, words: Sequence[str]) -> bool:
    part = line.part
    named = f"{part.unit_name} {part.list} {part.section or ''} {' '.join(part.leaders)} {part.text}"
    return all(
        STATES[word](line) if word in STATES else part.no == no if (no := read_choice(word)) else word in named
        for word in words
    )


def _named(part: AssignedTask) -> dict[str, Any]:
    return {
        "task_id": part.task_id,
        "list": part.list,
        "no": part.no,
        "text": part.text[:ROOM],
        "unit": part.unit_name,
        "role": part.role,
        "is_signed": part.signed_at is not None,
    }


def _standing(line: Line) -> dict[str, Any]:
    due, asked = line.owed, line.asked
    named = {} if due is None else {"obligation_id": due.obligation_id}
    owed = (
        {
            "period": due.period,
            "due_at": due.due_at.isoformat(),
            "state": due.state,
            "drafted": line.drafted,
            "days": line.days,
        }
        if due is not None
        else None
    )
    return {
        **named,
        "owed": owed,
        "done": line.done,
        "sent": line.sent.period if line.sent is not None and due is None else None,
        "asked": shown_asked(asked) if asked is not None else None,
    }


# --- in this module only ---------------------------------------------------------------------------------------------


def _one_each(parts: Sequence[AssignedTask]) -> list[AssignedTask]:
    """Give one part of each task."""
    return list({part.task_id: part for part in reversed(parts)}.values())[::-1]


def _task_buttons(parts: Sequence[AssignedTask]) -> list[list[Action]]:
    tasks = _one_each(parts)
    numbers = [task.no for task in tasks]
    buttons: list[Action] = [
        {"do": "task", "task": t.task_id, "no": t.no, **({"list": t.list} if numbers.count(t.no) > 1 else {})}
        for t in tasks
    ]
    return [buttons[begin : begin + BUTTONS_IN_A_ROW] for begin in range(0, len(buttons), BUTTONS_IN_A_ROW)]


def _page_buttons(words: str, page: int, pages: int) -> list[list[Action]]:
    row: list[Action] = []
    if page > 0:
        row.append({"do": "tasks_page", "words": words, "page": page - 1, "label": "previous"})
    if page < pages - 1:
        row.append({"do": "tasks_page", "words": words, "page": page + 1, "label": "next"})
    return [row] if row else []


def _buttons(work: Work, person: KnownPerson, lines: Sequence[Line], *, has_texts: bool) -> list[list[Action]]:
    """Give what a person can do about a task: only its liaisons report, ask and answer; others read."""
    own = person.units_as(Role.LIAISON)
    dues = [line.owed for line in lines if line.owed is not None and line.part.unit_id in own]
    rows: list[list[Action]] = []
    for due in dues:
        label = button_label(due, dues) if len(dues) > 1 else {}
        extend: Action = {"do": "extend", "obligation": due.obligation_id}
        rows.append([{"do": "report_on", "obligation": due.obligation_id, **label}, *ask_button(work, due), extend])
    tasks = {line.part.task_id for line in lines}
    rows += [[contribute_button(asked)] for asked in asked_of(work, person) if asked.task_id in tasks]
    unsigned = [x.part.assignment_id for x in lines if x.part.unit_id in own and x.part.signed_at is None]
    if unsigned:
        rows.append([{"do": "sign", "assignments": unsigned}])
    if has_texts:
        rows.append([{"do": "task_text", "task": lines[0].part.task_id, "page": 0}])
    return rows


def _shown_report(row: ReportRow) -> dict[str, Any]:
    return {
        "unit": row.unit,
        "period": row.period,
        "sent_at": row.sent_at.isoformat(),
        "late": row.late,
        "characters": row.characters,
        "state": row.state,
        "source": row.source,
    }


def _report_text(row: ReportRow) -> dict[str, Any]:
    parts = {"problems": row.problems, "next_step": row.next_step, "stage_met": row.stage_met}
    return {**_shown_report(row), "lead": None, "text": row.progress, **parts}


def _given_text(asked: Asked) -> dict[str, Any]:
    return {
        **shown_asked(asked),
        "sent_at": _iso(asked.given_at),
        "late": False,
        "text": asked.given,
        "problems": None,
        "next_step": None,
        "stage_met": None,
    }


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""


def _pieces(text: str) -> list[str]:
    return [text[begin : begin + ROOM] for begin in range(0, len(text), ROOM)] or [""]
