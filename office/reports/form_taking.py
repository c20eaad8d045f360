"""A filled form comes back: read by its rows' keys; right rows are taken, wrong cells listed, nothing else changed.

Right rows are taken although others are wrong: a clerk puts the wrong cells right in the same file and sends it again,
and rows that did not change then change nothing.
"""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from notices.archive import member_names
from notices.formats import format_of
from notices.notice import NoticeError
from notices.sandbox import parse_apart
from notices.workbook.checking import Cell, Check, WrongCell
from notices.workbook.tables import Row
from office.auditing import record
from office.notice.taking_in import Refused, say_refused
from office.reports.drafting import BLOCKING, checked, keep_version, shown_task
from office.reports.finding import MAY_BE_REPORTED, whole_part
from office.reports.form_sending import PLAN, read_key
from office.reports.plans import MOST, PlanTask, asked_plans, keep_plan, lacking, shown_plan
from office.reports.submitting import submit_draft
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, OfficeError, Work
from papers.forms import KEY, PLAN_FIELDS, REPORT_FIELDS
from storage import conversations, ledger, people, reports
from storage.files import FileContent
from storage.ledger import Due, KnownUnit
from storage.people import KnownPerson
from storage.reports import ReportVersion
from storage.states import Role

SHEET_ENDINGS = {".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods"}
NAMES = ("计划表", "情况表")  # by which a file that cannot be read is known for a form
LARGEST = 2 << 20  # bytes; a form of a thousand tasks has a tenth of that
SHOWN_CELLS, SHOWN_DRAFTS, SHOWN_CHANGES = 12, 20, 10
YES_NO = {True: "是", False: "否"}
FOREIGN = "编号不是本单位的，或已被改动；请重新下载表格填写"
CLOSED = "这项任务本期已审结或不再报送，不能再填"
TWICE = "编号重复，同一项任务只能有一行"
KEYLESS = "这一行没有编号；请在原有各行中填写，或重新下载表格"
MACROS = "表格中带有宏，为安全起见不予读取；请另存为不带宏的 .xlsx 格式后再发送。"


@dataclass(frozen=True, slots=True)
class FormFile:
    """A form as it was sent: its name, its bytes' hash, its cells by sheet."""

    name: str
    sha256: str
    sheets: dict[str, list[list[Any]]]


@dataclass(frozen=True, slots=True)
class Source:
    """Whose rows are taken: what they came with, who is their author; `reason` is for passing a soft limit.

    What is submitted at once needs that reason at once.
    """

    letter: Letter
    author_id: int
    reason: str | None = None
    is_submitted: bool = False


@dataclass(slots=True)
class Taken:
    """What became of a form's rows: plans with what changed, drafts made, rows without change or content, wrong cells."""

    plans: list[dict[str, Any]] = field(default_factory=list)
    drafts: list[int] = field(default_factory=list)
    unchanged: int = 0
    empty: int = 0
    wrong: list[WrongCell] = field(default_factory=list)


def may_send_form(work: Work, letter: Letter, name: str, size: int) -> bool:
    """Whether a file of this person may be a form: a liaison's, and by its name and size (bytes) a sheet."""
    person = people.who_is(work.tx, letter.telegram_id)
    is_sheet = PurePath(name).suffix.lower() in SHEET_ENDINGS and size <= LARGEST
    return is_sheet and person is not None and bool(person.units_as(Role.LIAISON))


def open_form(content: FileContent, *, only_marked: bool = False) -> FormFile | Refused | None:
    """Read a file's cells, in a process apart; None where it is no form. Takes seconds, and no transaction.

    A form whose mark was lost on the way is known by its headers, but not where `only_marked` forms are meant. A file
    that cannot be read is refused only where its name is a form's: any other goes with a report as it is.
    """
    may_refuse = not only_marked and any(word in content.name for word in NAMES)
    try:
        found = format_of(content.data)
        if found != "form" and (only_marked or found != "excel"):
            return None
        if any(name.lower().endswith("vbaproject.bin") for name in member_names(content.data)):
            return Refused("macros", MACROS) if may_refuse or found == "form" else None
        sheets = parse_apart("cells", content.data)
    except NoticeError as error:
        return Refused(error.code, str(error)) if may_refuse else None
    if found == "excel" and not any(True for name, cells in sheets.items() for _ in _tables(name, cells)):
        return None
    return FormFile(content.name, content.sha256, sheets)


def take_form(work: Work, letter: Letter, form: FormFile | Refused) -> None:
    """Take a liaison's form: plans are kept, rows of progress become drafts; says what was taken and what could not be."""
    person = people.who_is(work.tx, letter.telegram_id)
    units = person.units_as(Role.LIAISON) if person is not None else {}
    if person is None or not units:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
        return
    to = Recipient(letter.chat_id, person.id)
    if isinstance(form, Refused):
        record(work, "refuse_form", f"person:{person.id}", person.id, code=form.code)
        say_refused(work, to, form)
        return
    taken = _take_rows(work, form, units, Source(letter, person.id))
    for number in taken.drafts:  # an edit of the file's caption is no edit of its rows
        reports.change_report(work.tx, number, message_id=None)
    if taken.drafts:
        conversations.ask(work.tx, to.chat_id, "draft", {"reports": taken.drafts}, at=work.at)
    _record(work, form, taken, person.id)
    _say_taken(work, to, form, taken, has_caption=bool(letter.text.strip()))


def enter_form(work: Work, form: FormFile, unit: KnownUnit, *, by: KnownPerson, reason: str | None) -> Taken:
    """Enter a form that came by mail for a unit, in the name of one of the office's people: reports are submitted at once.

    `reason` is why reports are longer than a soft limit; without one those are wrong cells.
    """
    letter = Letter(by.telegram_id, by.telegram_id, by.name, 0, work.at)
    taken = _take_rows(work, form, {unit.id}, Source(letter, by.id, reason, is_submitted=True))
    for number in taken.drafts:
        reports.change_report(work.tx, number, chat_id=None, message_id=None)
        draft = reports.report(work.tx, number)
        assert draft is not None  # noqa: S101  # it was made a moment ago
        submit_draft(work, draft, by.id)
    _record(work, form, taken, by.id, unit=unit.name)
    return taken


def office_person(work: Work, name: str | None) -> KnownPerson:
    """Find in whose name something is entered: the person of the office so named, or the first one.

    Raises: OfficeError where there is none.
    """
    holders = [each for each in people.holders(work.tx, Role.ADMIN, Role.SUPERVISOR) if name in (None, each.name)]
    person = people.who_is(work.tx, holders[0].telegram_id) if holders else None
    if person is None:
        whom = "nobody of the office" if name is None else f"no supervisor or admin called {name}"
        raise OfficeError(f"{whom} is registered; `duban invite --role supervisor NAME` invites one")
    return person


# --- row by row ------------------------------------------------------------------------------------------------------


def _tables(name: str, cells: list[list[Any]]) -> Iterator[Row]:
    """Give the rows under each header row of a sheet, in whatever order the columns are."""
    columns: dict[str, int] = {}
    for number, values in enumerate(cells, 1):
        found: dict[str, int] = {}
        for column, value in enumerate(values, 1):
            header = "".join(unicodedata.normalize("NFKC", value).split()) if isinstance(value, str) else ""
            if header == KEY or header in PLAN_FIELDS or header in REPORT_FIELDS:
                found.setdefault(header, column)
        if KEY in found and len(found) > 1:
            columns = found
        elif columns:
            yield Row(name, number, columns, values)


def _take_rows(work: Work, form: FormFile, units: Collection[int], source: Source) -> Taken:
    taken, seen = Taken(), set[str]()
    tasks = {task.row.assignment_id: task for task in asked_plans(work, list(units))}
    for name, cells in form.sheets.items():
        for row in _tables(name, cells):
            headers = [header for header in row.columns if header != KEY]
            key = read_key(work, row[KEY].words)
            if all(row[header].is_blank for header in headers):
                taken.empty += key is not None
            elif row[KEY].is_blank:
                taken.wrong.append(_wrong(row[KEY], KEYLESS))
            elif key is None:
                taken.wrong.append(_wrong(row[KEY], FOREIGN))
            elif f"{key}" in seen:
                taken.wrong.append(_wrong(row[KEY], TWICE))
            elif key[0] == PLAN:
                seen.add(f"{key}")
                _take_plan(work, source, row, tasks.get(key[1]), taken)
            else:
                seen.add(f"{key}")
                due = ledger.obligation(work.tx, key[1])
                mine = due if due is not None and due.unit_id in units else None
                _take_report(work, source, row, mine, taken)
    return taken


def _take_plan(work: Work, source: Source, row: Row, task: PlanTask | None, taken: Taken) -> None:
    """Keep a row of the plan form: what is filled in changes the plan, what is blank does not."""
    if task is None:
        taken.wrong.append(_wrong(row[KEY], FOREIGN))
        return
    check = Check()
    values = task.row.values
    for header, name in PLAN_FIELDS.items():
        text = check.text(row[header])
        if text is not None and len(text) > MOST[name]:
            check.refuse(row[header], f"应不超过{MOST[name]}字")
        if text is not None:
            values[name] = text
    headers = {name: header for header, name in PLAN_FIELDS.items()}
    if not check.wrong:
        for name in lacking(values):
            needed = "请填写主要负责人" if name == "head" else "至少填写一个季度的目标"
            check.refuse(row[headers[name]], needed)
    if check.wrong:
        taken.wrong += check.wrong
        return
    changed = keep_plan(work, task.row, values, source.author_id)
    if not changed:
        taken.unchanged += 1
        return
    changes = [{"field": each.field, "before": each.before, "after": each.after} for each in changed]
    taken.plans.append({**shown_plan(task.row), "is_new": not task.is_planned, "changes": changes})


def _take_report(work: Work, source: Source, row: Row, due: Due | None, taken: Taken) -> None:
    """Keep a row of progress as a draft, as if it had been typed; what is blank stays as it was."""
    if due is None or due.state not in MAY_BE_REPORTED:
        taken.wrong.append(_wrong(row[KEY], FOREIGN if due is None else CLOSED))
        return
    check = Check()
    before = reports.newest(work.tx, due.obligation_id)
    said = {name: check.text(row[header]) for header, name in REPORT_FIELDS.items() if name != "stage_met"}
    headers = {name: header for header, name in REPORT_FIELDS.items()}
    met = check.choice(row[headers["stage_met"]], YES_NO)
    text = whole_part(due, said["progress"]).text if said["progress"] else before.progress if before else ""
    parts: dict[str, Any] = {
        "problems": said["problems"] or (before.problems if before else None),
        "next_step": said["next_step"] or (before.next_step if before else None),
        "stage_met": met if met is not None else before.stage_met if before else None,
    }
    if before is not None and not check.wrong and _is_same(before, text, parts):
        taken.unchanged += 1
        return
    past = reports.past_texts(work.tx, task_id=due.task_id, unit_id=due.unit_id)
    _, findings = checked(work, due, text, past, stage_met=parts["stage_met"])
    _refuse_unfit(check, row[headers["progress"]], text, findings, source)
    if check.wrong:
        taken.wrong += check.wrong
        return
    number = keep_version(work, source.letter, source.author_id, due, text)
    reasons = {"over_limit_reason": source.reason} if source.reason else {}
    reports.change_report(work.tx, number, findings=findings, **parts, **reasons)
    taken.drafts.append(number)


def _refuse_unfit(check: Check, cell: Cell, text: str, findings: list[dict[str, Any]], source: Source) -> None:
    """Note as wrong what cannot be submitted: no text, past a hard limit, past a soft one without the reason it needs."""
    for finding in findings:
        needs_reason = finding["code"] == "too_long" and source.is_submitted and not source.reason
        if finding["code"] == "empty":
            check.refuse(cell, "请填写进展情况")
        elif finding["code"] in BLOCKING or needs_reason:
            at, limit = int(finding["at"]), finding["limit"]
            place = f"第{limit + 1}字在“{text[max(0, at - 10) : at]}▮{text[at : at + 10]}”处"
            how = "，需要说明原因（--reason）" if needs_reason else ""
            check.refuse(cell, f"{finding['characters']}字，超出上限{limit}字，{place}{how}")


def _is_same(before: ReportVersion, text: str, parts: dict[str, Any]) -> bool:
    return before.progress == text and all(getattr(before, name) == value for name, value in parts.items())


def _wrong(cell: Cell, allowed: str) -> WrongCell:
    return WrongCell(cell.sheet, cell.address, cell.words, allowed)


# --- what is said of it ----------------------------------------------------------------------------------------------


def _record(work: Work, form: FormFile, taken: Taken, person_id: int, **details: Any) -> None:
    counts = {"plans": len(taken.plans), "reports": len(taken.drafts), "wrong": len(taken.wrong)}
    record(work, "take_form", f"form:{form.sha256[:16]}", person_id, name=form.name, **counts, **details)


def _say_taken(work: Work, to: Recipient, form: FormFile, taken: Taken, *, has_caption: bool) -> None:
    drafts = [draft for number in taken.drafts if (draft := reports.report(work.tx, number)) is not None]
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [draft.obligation_id for draft in drafts])}
    buttons: list[list[Action]] = [[{"do": "submit", "reports": taken.drafts}]] if drafts else []
    shown = [
        {
            **shown_task(dues[draft.obligation_id]),
            "characters": draft.characters,
            "findings": draft.findings,
            "text": draft.progress,
        }
        for draft in drafts[:SHOWN_DRAFTS]
    ]
    wrong = [
        {"sheet": each.sheet, "cell": each.cell, "value": each.value[:60], "allowed": each.allowed}
        for each in taken.wrong[:SHOWN_CELLS]
    ]
    changed = [plan for plan in taken.plans if not plan["is_new"]]
    say(
        work,
        to,
        Kind.FORM_TAKEN,
        buttons=buttons,
        name=form.name,
        plans=len(taken.plans),
        plan_numbers=[plan["no"] for plan in taken.plans[:SHOWN_DRAFTS]],
        changed=changed[:SHOWN_CHANGES],
        more_changed=max(len(changed) - SHOWN_CHANGES, 0),
        drafts=len(drafts),
        tasks=shown,
        unchanged=taken.unchanged,
        empty=taken.empty,
        wrong=wrong,
        more_wrong=max(len(taken.wrong) - SHOWN_CELLS, 0),
        has_caption=has_caption,
    )
