"""The conversation about on-site inspections: plan one, write down what was found, have it put right, close."""

import re
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from typing import Any

from office.chasing.inspections import (
    cancel_inspection,
    close_inspection,
    note_finding,
    order_measure,
    plan_inspection,
    shown_inspection,
    shown_measure,
    visible_measures,
    visible_parts,
)
from office.notice.assigning import today
from office.requests.deciding import is_decision
from office.requests.forms import CANCEL, CONFIRM, Form, close_form, drop_form, filled, new_form, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.clock import local
from rules.dates import read_day, split_dated
from rules.numbering import read_choice
from storage import conversations, inspections, ledger
from storage.inspections import KnownInspection
from storage.people import KnownPerson
from storage.states import InspectionState, MeasureState, Role

PLAN_FIELDS = ("form", "units", "day", "tasks", "announced")
MEASURE_FIELDS = ("form", "inspection", "unit", "due", "text")
SHOWN = 8
MOST_TEXT, LEAST_TEXT, LEAST_REASON = 1000, 4, 2  # characters
UNANNOUNCED = {"不打招呼", "不发通知", "不通知", "暗访"}
ANNOUNCED = {"通知", "发通知", "通知单位"}
WHOLE = {"全部", "全部任务", "整体", "跳过", "无"}
DONE = {"记完了", "记完", "记录完毕", "完成", "结束记录"}
ORDER = {"提出整改", "整改"}
END = {"结束督查"}
TASKS = re.compile(r"(?:任务|第)([\d、，,和及\s项号第]+)")
CLOSE = re.compile(r"(.{1,14}?[日号底末])(?:之前|以前|前)[，,\s]*(.*)", re.DOTALL)
SUB = re.compile(
    r"(记录|整改要求|提出整改|取消|结束)(?:\s*(\d{1,6})\s*号?(?=\s|[:：，,。]|$))?[\s:：，,]*(.*)", re.DOTALL
)


def answer_inspect_command(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Answer /inspect: the list, one inspection; in private a plan (区教体局 4月20日 任务1、3), or what is to be done with one."""
    to, said = Recipient(letter.chat_id, person.id), words.strip()
    no = read_choice(said.removeprefix("现场督查"))
    if not said or not may(person, Right.INSPECT):
        show_inspections(work, to, person)
    elif no is not None:
        show_inspection(work, to, person, no)
    elif letter.in_group:
        show_inspections(work, to, person)
    elif (sub := SUB.fullmatch(said)) is not None:
        found = _meant(work, int(sub[2]) if sub[2] else None)
        if found is None:
            say(work, to, Kind.INSPECTION_REFUSED, why="which")
        else:
            SUBCOMMANDS[sub[1]](work, letter, person, found, sub[3].strip())
    else:
        plan_from(work, to, _read_plan(work, said, new_form()))


def show_inspections(work: Work, to: Recipient, person: KnownPerson) -> None:
    """Show the inspections and measures that are open, as far as the person's right reaches."""
    found = [(each, visible_parts(work, person, each)) for each in inspections.inspections(work.tx, only_open=True)]
    open_ = [(each, parts) for each, parts in found if parts]
    measures = visible_measures(work, person)
    is_liaison = bool(person.units_as(Role.LIAISON))
    own = person.units_as(Role.LIAISON)
    buttons: list[list[Action]] = [
        [{"do": "rectify", "measure": measure.id, "of": measure.id}]
        for measure in measures
        if is_liaison and measure.unit_id in own and measure.state == MeasureState.OPEN
    ]
    say(
        work,
        to,
        Kind.INSPECTIONS,
        buttons=buttons[:SHOWN],
        inspects=may(person, Right.INSPECT),
        total=len(open_),
        items=[shown_inspection(work, each, parts) for each, parts in open_[:SHOWN]],
        measures=[shown_measure(work, measure) for measure in measures[:SHOWN]],
        total_measures=len(measures),
    )


def show_inspection(work: Work, to: Recipient, person: KnownPerson, number: int) -> None:
    """Show one inspection: plan, findings, measures."""
    found = inspections.inspection(work.tx, number)
    if found is None or not visible_parts(work, person, found):
        say(work, to, Kind.INSPECTION_REFUSED, why="which")
        return
    measures = inspections.measures(work.tx, inspection_id=number)
    items = [shown_measure(work, measure) for measure in measures[:SHOWN]]
    shown = shown_inspection(work, found)
    say(work, to, Kind.INSPECTION, buttons=_buttons(found, shown), items=items, **shown)


# --- planning --------------------------------------------------------------------------------------------------------


def plan_from(work: Work, to: Recipient, read: tuple[Form, dict[str, Any] | None]) -> None:
    """Ask for what a plan lacks, or show it whole to be confirmed; the second value says what was wrong."""
    form, again = read
    if inspections.is_form_used(work.tx, form["form"]):
        say(work, to, Kind.INSPECTION_REFUSED, why="sent")
        return
    step = _missing(work, form)
    conversations.ask(work.tx, to.chat_id, "inspect", {**form, "step": step}, at=work.at)
    names = {unit.id: unit.name for unit in ledger.units(work.tx)}
    say(
        work,
        to,
        Kind.INSPECT,
        buttons=_plan_buttons(step, form),
        step=step,
        again=again,
        day=form.get("day"),
        units=[names[unit] for unit in form.get("units", [])],
        tasks=form.get("tasks"),
        announced=form.get("announced"),
    )


def go_on_planning(work: Work, to: Recipient, values: dict[str, Any]) -> None:
    """Go on with the plan that a button carries."""
    plan_from(work, to, (filled(values, PLAN_FIELDS), None))


def confirm_plan(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Plan the inspection that was shown."""
    form = filled(values, PLAN_FIELDS)
    if inspections.is_form_used(work.tx, form["form"]) or _missing(work, form) != "confirm" or _is_past(work, form):
        plan_from(work, to, (form, None))
        return
    close_form(work, to, form)
    planned = plan_inspection(
        work,
        form=form["form"],
        day=date.fromisoformat(form["day"]),
        parts=[(unit, _tasks_of(work, unit, form["tasks"])) for unit in form["units"]],
        is_announced=_is_announced(work, form),
        by=person.id,
    )
    buttons: list[list[Action]] = [[{"do": "record_findings", "inspection": planned.id}]]
    say(work, to, Kind.INSPECTION_PLANNED, buttons=buttons, **shown_inspection(work, planned))


def _missing(work: Work, form: Form) -> str:
    needed = ("units", "day", "tasks", *(["announced"] if work.policy.inspection.may_be_unannounced else []))
    return next((name for name in needed if name not in form), "confirm")


def _is_announced(work: Work, form: Form) -> bool:
    return bool(form.get("announced", True)) or not work.policy.inspection.may_be_unannounced


def _is_past(work: Work, form: Form) -> bool:
    return date.fromisoformat(form["day"]) < today(work)


def _tasks_of(work: Work, unit_id: int, numbers: list[int]) -> list[int]:
    """Keep the numbers that are tasks of this unit."""
    own = {task.no for task in ledger.tasks_of_units(work.tx, [unit_id])}
    return [no for no in numbers if no in own]


def _read_plan(work: Work, words: str, form: Form) -> tuple[Form, dict[str, Any] | None]:
    """Fill what a line says into a plan: units, day, tasks, whether they are told; each if it is there."""
    again: dict[str, Any] | None = None
    names = {name: unit.id for unit in ledger.units(work.tx) for name in (unit.name, *unit.aliases)}
    if (tasks := TASKS.search(words)) is not None and "tasks" not in form:
        numbers = sorted({int(no) for no in re.findall(r"\d+", tasks[1])})
        words = words.replace(tasks[0], " ")
        form = {**form, "tasks": numbers}
    for token in re.split(r"[\s，,；;]+", words.strip()):
        units = [names.get(part) for part in re.split(r"[、和]", token)]
        if not token:
            continue
        if token in UNANNOUNCED | ANNOUNCED:
            form = {**form, "announced": token in ANNOUNCED}
        elif token in WHOLE and "units" in form:
            form = {**form, "tasks": []}
        elif all(unit is not None for unit in units):
            form = {**form, "units": list(dict.fromkeys([*form.get("units", []), *units]))}
        elif (day := _read_day(work, token)) is not None:
            form, again = ({**form, "day": day.isoformat()}, again) if day >= today(work) else (form, {"why": "past"})
        else:
            near = get_close_matches(token, list(names), n=3, cutoff=0.4)
            again = {"why": "unread", "word": token[:20], "near": near}
    return _checked(work, form, again)


def _checked(work: Work, form: Form, again: dict[str, Any] | None) -> tuple[Form, dict[str, Any] | None]:
    """Take numbers that are no tasks of the units out again."""
    if "units" not in form or not form.get("tasks"):
        return form, again
    own = {task.no for task in ledger.tasks_of_units(work.tx, form["units"])}
    wrong = [no for no in form["tasks"] if no not in own]
    if not wrong:
        return form, again
    return {name: value for name, value in form.items() if name != "tasks"}, {"why": "no_task", "no": wrong[0]}


def _read_day(work: Work, text: str) -> date | None:
    found = read_day(text, now=local(work.at, work.policy.zone), calendar=work.policy.calendar)
    return found.day if found is not None else None


def _plan_buttons(step: str, form: Form) -> list[list[Action]]:
    drop: Action = {"do": "drop_form", "form": form["form"]}
    if step == "tasks":
        return [[{"do": "plan_inspection", **form, "tasks": [], "label": "whole_unit"}, drop]]
    if step == "announced":
        told: Action = {"do": "plan_inspection", **form, "announced": True, "label": "announced"}
        return [[told, {"do": "plan_inspection", **form, "announced": False, "label": "unannounced"}], [drop]]
    return [[{"do": "confirm_inspection", **form}, drop]] if step == "confirm" else [[drop]]


# --- on the spot -----------------------------------------------------------------------------------------------------


def record_findings(work: Work, to: Recipient, number: int | None) -> None:
    """Take what comes next in this chat as what was found at an inspection: the one named, today's, or the only one."""
    found = _meant(work, number)
    if found is None or found.state != InspectionState.PLANNED:
        say(work, to, Kind.INSPECTION_REFUSED, why="over")
        return
    _go_on_recording(work, to, found.id)
    say_noted(work, to, found, begun=True)


def say_noted(work: Work, to: Recipient, found: KnownInspection, *, begun: bool = False) -> None:
    """Say how much was written down so far, and what can be done next."""
    named = {"inspection": found.id}
    buttons: list[list[Action]] = [[{"do": "order_measure", **named}, {"do": "findings_done", **named}]]
    say(work, to, Kind.INSPECTION_NOTED, buttons=buttons, begun=begun, **shown_inspection(work, found))


def findings_done(work: Work, to: Recipient, person: KnownPerson, number: int) -> None:
    """Take nothing more as a finding, and show what was written down."""
    conversations.answered(work.tx, to.chat_id)
    show_inspection(work, to, person, number)


def end_inspection(work: Work, to: Recipient, person: KnownPerson, number: int | None) -> None:
    """Close an inspection, or say what is left to do."""
    found = _meant(work, number)
    why = close_inspection(work, found, by=person.id) if found is not None else "which"
    if why is not None or found is None:
        say(work, to, Kind.INSPECTION_REFUSED, why=why)
        return
    closed = inspections.inspection(work.tx, found.id)
    assert closed is not None  # noqa: S101  # it was just closed
    say(work, to, Kind.INSPECTION_ENDED, **shown_inspection(work, closed))


# --- what is to be put right -----------------------------------------------------------------------------------------


def measure_from(work: Work, to: Recipient, form: Form, *, again: str | None = None) -> None:
    """Ask for what an order to put something right lacks (unit, what, until when), or show it to be confirmed."""
    number: int = form["inspection"]
    if not _is_open(work, number) or inspections.is_form_used(work.tx, form["form"]):
        say(work, to, Kind.INSPECTION_REFUSED, why="over")
        return
    parts = inspections.parts(work.tx, [number])
    if len(parts) == 1:
        form = {**form, "unit": parts[0].unit_id}
    step = "measure_" + next((name for name in ("unit", "text", "due") if name not in form), "confirm")
    conversations.ask(work.tx, to.chat_id, "inspect", {**form, "step": step}, at=work.at)
    drop: Action = {"do": "drop_form", "form": form["form"]}
    buttons: list[list[Action]] = [[drop]]
    if step == "measure_unit":
        chosen = [{"do": "order_measure", **form, "unit": part.unit_id, "name": part.unit_name} for part in parts]
        buttons = [[each] for each in chosen[:SHOWN]]
    elif step == "measure_confirm":
        buttons = [[{"do": "confirm_measure", **form}, drop]]
    unit = next((part.unit_name for part in parts if part.unit_id == form.get("unit")), None)
    values: dict[str, Any] = {"unit": unit, "text": form.get("text"), "due_on": form.get("due"), "inspection": number}
    say(work, to, Kind.MEASURE_FORM, buttons=buttons, step=step, again=again, **values)


def begin_measure(work: Work, to: Recipient, values: dict[str, Any]) -> None:
    """Begin an order to put something right, or go on with the one a button carries."""
    form = {**new_form(), **filled(values, MEASURE_FIELDS)}
    found = _meant(work, form.get("inspection"))
    if found is None:
        say(work, to, Kind.INSPECTION_REFUSED, why="which")
    else:
        measure_from(work, to, {**form, "inspection": found.id})


def confirm_measure(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Have the unit put right what was shown; the recording goes on."""
    form = filled(values, MEASURE_FIELDS)
    is_whole = form.keys() == set(MEASURE_FIELDS)
    if not is_whole or not _is_open(work, form["inspection"]) or inspections.is_form_used(work.tx, form["form"]):
        measure_from(work, to, form)
        return
    measure = order_measure(
        work,
        form=form["form"],
        inspection_id=form["inspection"],
        unit_id=form["unit"],
        text=form["text"],
        due=date.fromisoformat(form["due"]),
        by=person.id,
    )
    _go_on_recording(work, to, form["inspection"])
    named = {"inspection": form["inspection"]}
    buttons: list[list[Action]] = [[{"do": "order_measure", **named}, {"do": "findings_done", **named}]]
    say(work, to, Kind.MEASURE_MADE, buttons=buttons, **shown_measure(work, measure))


# --- what is typed ---------------------------------------------------------------------------------------------------


def answer_inspect(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the answer to what was last asked about an inspection; False where it is none."""
    to, step = Recipient(letter.chat_id, person.id), content["step"]
    if not may(person, Right.INSPECT):
        return False
    if plain(letter.text) in CANCEL:
        drop_form(work, to, {})
    elif step == "finding":
        if content["on"] != today(work).isoformat() or is_decision(plain(letter.text)):
            return False  # what is recorded is recorded on the spot; 同意E3 is something else
        _take_finding(work, letter, person, to, content["inspection"])
    elif step == "cancel":
        _take_cancellation(work, to, person, content["inspection"], letter.text.strip())
    elif step.startswith("measure_"):
        _take_measure(work, letter, person, content)
    elif step == "confirm" and plain(letter.text) in CONFIRM:
        confirm_plan(work, to, person, content)
    else:
        plan_from(work, to, _read_answer(work, letter.text.strip(), content))
    return True


def _read_answer(work: Work, said: str, content: dict[str, Any]) -> tuple[Form, dict[str, Any] | None]:
    form = filled(content, PLAN_FIELDS)
    if content["step"] == "tasks":
        if said in WHOLE:
            return {**form, "tasks": []}, None
        if (numbers := re.findall(r"\d+", said)) and not re.search(r"[年月日]", said):
            return _checked(work, {**form, "tasks": sorted({int(no) for no in numbers})}, None)
    return _read_plan(work, said, form)


def _take_finding(work: Work, letter: Letter, person: KnownPerson, to: Recipient, number: int) -> None:
    word = plain(letter.text)
    found = inspections.inspection(work.tx, number)
    if word in DONE or found is None or found.state != InspectionState.PLANNED:
        findings_done(work, to, person, number)
    elif word in END:
        end_inspection(work, to, person, number)
    elif word in ORDER:
        begin_measure(work, to, {"inspection": number})
    else:
        note_finding(work, letter, person, number)
        say_noted(work, to, found)


def _take_measure(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> None:
    to, said, step = Recipient(letter.chat_id, person.id), letter.text.strip(), content["step"]
    form = filled(content, MEASURE_FIELDS)
    if step == "measure_confirm" and plain(said) in CONFIRM:
        confirm_measure(work, to, person, form)
        return
    parts = inspections.parts(work.tx, [form["inspection"]])
    unit = next((part for part in parts if said.startswith(part.unit_name)), None)
    if unit is not None:
        form = {**form, "unit": unit.unit_id}
        said = said.removeprefix(unit.unit_name).strip(" ：:，,")
    again = "unit" if unit is None and step == "measure_unit" else None
    if (dated := _split_due(work, said)) is not None:
        form, again = (form, "past") if dated[0] < today(work) else ({**form, "due": dated[0].isoformat()}, again)
        said = dated[1]
    elif step == "measure_due":
        again = "unread"
    if said and step != "measure_due" and again != "unit":
        is_fit = LEAST_TEXT <= len(said) <= MOST_TEXT
        form, again = ({**form, "text": said}, again) if is_fit else (form, "text")
    measure_from(work, to, form, again=again)


# --- in this module only ---------------------------------------------------------------------------------------------


def _is_open(work: Work, number: int) -> bool:
    found = inspections.inspection(work.tx, number)
    return found is not None and found.state == InspectionState.PLANNED


def _go_on_recording(work: Work, to: Recipient, number: int) -> None:
    content = {"step": "finding", "inspection": number, "on": today(work).isoformat()}
    conversations.ask(work.tx, to.chat_id, "inspect", content, at=work.at)


def _split_due(work: Work, said: str) -> tuple[date, str] | None:
    """Take a day off the beginning of an order: 5月10日 更换…, 5月10日前更换…."""
    now = local(work.at, work.policy.zone)
    close = CLOSE.fullmatch(said)
    if close is not None and (day := read_day(close[1], now=now, calendar=work.policy.calendar)) is not None:
        return day.day, close[2]
    found = split_dated(said, now=now, calendar=work.policy.calendar) if said else None
    return (found[0].day, found[1]) if found is not None else None


def _meant(work: Work, number: int | None) -> KnownInspection | None:
    """Find the inspection that is meant: the one named, today's, or the only open one."""
    if number is not None:
        return inspections.inspection(work.tx, number)
    open_ = inspections.inspections(work.tx, only_open=True)
    todays = [each for each in open_ if each.day == today(work)]
    return next((found[0] for found in (todays, open_) if len(found) == 1), None)


def _buttons(found: KnownInspection, shown: dict[str, Any]) -> list[list[Action]]:
    named = {"inspection": found.id}
    photos: list[list[Action]] = [[{"do": "field_files", **named}]] if shown["files"] else []
    if found.state != InspectionState.PLANNED:
        return photos
    first: list[Action] = [{"do": "record_findings", **named}, {"do": "order_measure", **named}]
    return [first, [{"do": "end_inspection", **named}], *photos]


def _record(work: Work, letter: Letter, person: KnownPerson, found: KnownInspection, rest: str) -> None:
    to = Recipient(letter.chat_id, person.id)
    if rest and found.state == InspectionState.PLANNED:
        _go_on_recording(work, to, found.id)
        note_finding(work, Letter(**{**_fields(letter), "text": rest}), person, found.id)
        say_noted(work, to, found)
    else:
        record_findings(work, to, found.id)


def _order(work: Work, letter: Letter, person: KnownPerson, found: KnownInspection, rest: str) -> None:
    form = new_form(inspection=found.id)
    if rest:
        said = Letter(**{**_fields(letter), "text": rest})
        _take_measure(work, said, person, {**form, "step": "measure_text"})
    else:
        measure_from(work, Recipient(letter.chat_id, person.id), form)


def _cancel(work: Work, letter: Letter, person: KnownPerson, found: KnownInspection, rest: str) -> None:
    _take_cancellation(work, Recipient(letter.chat_id, person.id), person, found.id, rest)


def _end(work: Work, letter: Letter, person: KnownPerson, found: KnownInspection, _rest: str) -> None:
    end_inspection(work, Recipient(letter.chat_id, person.id), person, found.id)


def _take_cancellation(work: Work, to: Recipient, person: KnownPerson, number: int, reason: str) -> None:
    found = inspections.inspection(work.tx, number)
    if found is None or found.state != InspectionState.PLANNED:
        say(work, to, Kind.INSPECTION_REFUSED, why="over")
    elif not LEAST_REASON <= len(reason) <= MOST_TEXT:
        conversations.ask(work.tx, to.chat_id, "inspect", {"step": "cancel", "inspection": number}, at=work.at)
        say(work, to, Kind.INSPECTION_REFUSED, why="no_fit" if reason else "reason")
    else:
        conversations.answered(work.tx, to.chat_id)
        cancel_inspection(work, found, by=person.id, reason=reason)
        ended = inspections.inspection(work.tx, number)
        assert ended is not None  # noqa: S101  # it is kept
        say(work, to, Kind.INSPECTION_ENDED, **shown_inspection(work, ended))


def _fields(letter: Letter) -> dict[str, Any]:
    return {name: getattr(letter, name) for name in Letter.__dataclass_fields__}


SUBCOMMANDS: dict[str, Callable[[Work, Letter, KnownPerson, KnownInspection, str], None]] = {
    "记录": _record,
    "整改要求": _order,
    "提出整改": _order,
    "取消": _cancel,
    "结束": _end,
}
