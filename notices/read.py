"""The whole road from a file's bytes to a `Notice`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from notices.columns import headers
from notices.decode import decode
from notices.document import BODY, Document, split_documents
from notices.doubts import doubts
from notices.html import plain
from notices.layouts import read_block
from notices.letter import plan_year, signature
from notices.marked import notes
from notices.notice import Notice, NoticeError, Owner, Remark, Role, Task
from notices.outline import count_items, marker_of
from notices.page import join, lines_of, squeeze
from notices.repair import repair
from notices.rules_of_letter import LetterRules, read_rules
from notices.script import Print
from notices.totals import against, in_headings, stated_in, stated_in_closing, stated_in_title
from rules.periods import plan_periods

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notices.block import Block, Guess, Reading, Row
    from rules.workdays import WorkCalendar

_SECRET: Final = re.compile(r"(?:秘|机|绝)密[★☆*]|^内部(?:资料|文件|材料)")
_SECRET_LINE: Final = 24
_MOST_LINES: Final = 20_000
_MOST_CHARACTERS: Final = 1_000_000
_BOLD_LEADS: Final = re.compile(r"(?:加黑|黑体|加粗|粗体)[^。；]{0,6}(?:为|是)(?:牵头|主办|主责)")
_FIRST_LEADS: Final = re.compile(r"(?:列|排)(?:在|名)?(?:第一|首)位?[^。；]{0,10}(?:为|是|负责)?牵头")
_GUESSES: Final[dict[Guess, str]] = {
    "open_list": "{tasks}的责任单位以“等”字结尾，只读入写明的单位，请补全。",
    "section_units": "{tasks}没有单独写责任单位，按本节末尾的责任单位读取，请对照原件核对。",
    "inherited_cell": "{tasks}的单元格是空的，按上一行（合并单元格）读取，请对照原件核对。",
    "bold_leads": "{tasks}以加粗的单位为牵头单位读取，请对照原件核对。",
    "bare_names": "{tasks}只列了单位名称，没有写牵头或配合，按责任单位读取，请核对。",
    "no_number": "{tasks}没有序号，按先后编号。",
    "section_task": "{tasks}没有逐项编号，按一节一项读取，请对照原件核对。",
    "no_header": "{tasks}所在的表格缺少表头，按各栏内容判断读取，请对照原件核对。",
}
_IN_CELL: Final = re.compile(r"\*\*|<br\s*/?>|\\(?=[\\|｜*_<])", re.IGNORECASE)
_IN_TABLE: Final = re.compile(r"\|.*\||.\t")
_LONGEST_HEADING: Final = 30
_MOST_NAMED: Final = 8
_FEWEST_ITEMS: Final = 3
# an annex of these may hold tasks; the other words are those of forms to fill in
_LIST_TITLE: Final = re.compile(r"任务|实事|清单|事项|项目|分解|工作要点|立项|指标")
_FORM_TITLE: Final = re.compile(r"填报|说明|样表|报表|进展情况|落实情况|完成情况|联络员|登记表|回执|计划表|汇总表|参考")
_ENACTED: Final = re.compile(r"印发《?(.+?)》?的通知$")


@dataclass(frozen=True, slots=True)
class _List:
    """A block that holds tasks, with its name in the notice."""

    name: str
    title: str
    block: Block
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Found:
    """A document with the lists in it; `figures` are tables of the units' figures beside them, no lists of tasks."""

    document: Document
    lists: tuple[_List, ...]
    first_leads: bool
    figures: tuple[_List, ...] = ()

    @property
    def count(self) -> int:
        return sum(len(each.reading.rows) for each in self.lists)

    @property
    def unread(self) -> int:
        """Return how many rows could not be read."""
        return sum(len(each.reading.unread) for each in self.lists)


def read_notice(data: bytes, *, name: str, calendar: WorkCalendar, override_secrecy: bool = False) -> Notice:
    """Read a notice published as a text file; `name` is the file's, only used in messages.

    Raises NoticeError: those of `decode` and of `read_text`.
    """
    return read_text(plain(decode(data)), name=name, calendar=calendar, override_secrecy=override_secrecy)


def read_text(text: str, *, name: str, calendar: WorkCalendar, override_secrecy: bool = False) -> Notice:
    """Read a notice's text, whatever file it comes from; its tables and bold letters as notices.marked writes them.

    Raises NoticeError: `too_large`, `secret`, `no_tasks`, `no_year`.
    """
    repaired, remarks = repair(text)
    remarks += [Remark("left_out", words) for words in notes(repaired)]
    printed = Print(repaired)
    text = printed.folded
    lines = lines_of(text)
    if len(lines) > _MOST_LINES:
        raise NoticeError(
            "too_large", f"文件有 {len(lines)} 行，超过 {_MOST_LINES} 行的上限，请只保留通知正文和任务表。"
        )
    if sum(map(len, lines)) > _MOST_CHARACTERS:
        raise NoticeError("too_large", f"文件超过 {_MOST_CHARACTERS} 字的上限，请只保留通知正文和任务表。")
    if not override_secrecy:
        _refuse_secret(lines)
    found = [_find_lists(document) for document in split_documents(lines)]
    main = max(found, key=lambda each: each.count)
    if not main.count:
        raise NoticeError("no_tasks", _why_none(name, found))
    others = [each for each in found if each is not main and each.count]
    notice = _notice(main, others, text, remarks, calendar)
    notice = replace(notice, warnings=(*notice.warnings, *_joined_names(notice.tasks, lines)))
    return _as_printed(notice, printed)


def _why_none(name: str, found: Sequence[_Found]) -> str:
    """Say what is missing where no task could be read."""
    blocks = [block for each in found for block in each.document.blocks]
    numbered = max((count_items(block.lines) for block in blocks), default=0)
    if numbered >= _FEWEST_ITEMS:
        return (
            f"在文件“{name}”中找到{numbered}项编号的内容，但都没有读出责任单位（如“责任单位：…”“（…牵头）”，或表头中的“责任单位”一栏），"
            "请补上后再发送。"
        )
    return f"在文件“{name}”中没有找到带责任单位的任务，请检查是否为任务分解通知，或先改成常见的表格、清单格式。"


def _as_printed(notice: Notice, printed: Print) -> Notice:
    """Give back the file's own signs (traditional, full width) where it was read without them."""
    if printed.is_plain:
        return notice
    words = printed.unfold
    return replace(
        notice,
        title=words(notice.title),
        issuer=notice.issuer and words(notice.issuer),
        document_number=notice.document_number and words(notice.document_number),
        rules=replace(
            notice.rules,
            submit_to=notice.rules.submit_to and words(notice.rules.submit_to),
            bulletins=tuple(map(words, notice.rules.bulletins)),
        ),
        tasks=tuple(
            replace(
                task,
                section=task.section and " / ".join(map(words, task.section.split(" / "))),
                text=words(task.text),
                owners=tuple(replace(owner, name=words(owner.name)) for owner in task.owners),
                leaders=tuple(map(words, task.leaders)),
                leader_label=task.leader_label and words(task.leader_label),
                deadline=task.deadline and words(task.deadline),
            )
            for task in notice.tasks
        ),
    )


def _refuse_secret(lines: Sequence[str]) -> None:
    for line in lines:
        words = squeeze(line) if len(line) <= 2 * _SECRET_LINE else ""
        if len(words) <= _SECRET_LINE and _SECRET.search(words):
            message = f"文件标有“{words}”，不能上传到聊天软件；如确属误标，请由管理员确认后再读取。"
            raise NoticeError("secret", message)


def _find_lists(document: Document) -> _Found:
    lists = []
    for block in document.blocks:
        reading = read_block(block)
        if reading and (reading.rows or reading.unread):
            lists.append(_List(block.name, block.title, block, reading))
    text = "".join("".join(words for block in document.blocks for words in (block.title, *block.lines)).split())
    figures: tuple[_List, ...] = ()
    if any(each.reading.rows and not each.reading.is_figures for each in lists):
        figures = tuple(each for each in lists if each.reading.is_figures)
        lists = [each for each in lists if not each.reading.is_figures]
    return _Found(document, tuple(lists), bool(_BOLD_LEADS.search(text) or _FIRST_LEADS.search(text)), figures)


def _notice(main: _Found, others: Sequence[_Found], text: str, remarks: list[Remark], calendar: WorkCalendar) -> Notice:
    document = main.document
    issuer, issued_on = signature(document)
    year = plan_year(document, issued_on, text)
    if year is None:
        raise NoticeError("no_year", "文件的标题、落款和正文中都没有年份，无法确定任务属于哪一年，请补上年份后再发送。")
    words = _letter_of(main)
    letter = read_rules(words, plan_year=year)
    tasks = _tasks(main, remarks)
    for other in others:
        tasks += _tasks(_renamed(other), remarks)
    remarks += _unread_lists(main)
    bound = {each.name for each in main.lists}
    remarks += _totals(main, words, [task for task in tasks if task.list in bound])
    remarks += _remarks_on_rules(letter)
    remarks += doubts(tasks, place=issuer or "")
    remarks += [
        _other_document(each.name, len(each.reading.rows)) for other in others for each in _renamed(other).lists
    ]
    return Notice(
        title=document.title,
        issuer=issuer,
        document_number=document.number,
        issued_on=issued_on,
        plan_year=year,
        rules=letter.rules,
        periods=plan_periods(
            cadence=letter.rules.cadence,
            due_dates=letter.rules.due_dates,
            due_rule=letter.rules.due_rule,
            issued_on=issued_on,
            starts_on=letter.starts_on,
            plan_year=year,
            calendar=calendar,
        ),
        tasks=tuple(tasks),
        warnings=tuple(remarks),
        reporting_lists=tuple(each.name for each in main.lists),
    )


def _unread_lists(main: _Found) -> list[Remark]:
    """Name the annexes that look like lists of tasks and of which nothing was read, and the tables of figures."""
    read = {each.name for each in (*main.lists, *main.figures)}
    figures = [
        Remark("unread_list", f"“{each.name}”（{_short(each.title)}）只列各单位的指标数值，未作为任务读入，请核对。")
        for each in main.figures
    ]
    return figures + [
        Remark(
            "unread_list",
            f"“{block.name}”（{_short(block.title)}）有{count}项内容没有读出责任单位，整个附件未读入，请核对。",
        )
        for block in main.document.annexes
        if block.name not in read and _LIST_TITLE.search(block.title) and not _FORM_TITLE.search(block.title)
        if (count := count_items(block.lines)) >= _FEWEST_ITEMS
    ]


def _totals(main: _Found, letter: str, tasks: Sequence[Task]) -> Iterator[Remark]:
    """Compare what the letter, the lists' titles, their headings and their closing rows state with what was read."""
    titles = {each.name: each.title for each in main.lists}
    for stated in stated_in(letter):
        yield from against("通知正文", stated, tasks, titles=titles)
    of_list: dict[str, list[Task]] = {each.name: [] for each in main.lists}
    for task in tasks:
        of_list[task.list].append(task)
    for each in main.lists:
        own = of_list[each.name]
        if each.block is not main.document.body:
            for stated in stated_in_title(each.title):
                yield from against(f"“{each.name}”的标题", stated, own, titles=titles)
        for stated in (stated for words in each.reading.totals for stated in stated_in_closing(words)):
            yield from against(f"“{each.name}”的末行", stated, own, titles=titles)
    yield from in_headings(tasks)


def _letter_of(found: _Found) -> str:
    """Return what the notice says in running text: all that stands above its first task, and behind its lists.

    That is the covering letter's body, and a plan (方案) that it enacts in an annex before the list.
    """
    first = found.lists[0]
    before = []
    for block in found.document.blocks:
        lines = block.lines[: first.reading.begins_at] if block is first.block else block.lines
        before.append(join(lines) if block is found.document.body else _prose(block.title, lines))
        if block is first.block:
            break
    behind = (each.reading.after for each in found.lists)
    return "\n".join(words for words in (*before, *behind) if words)


def _prose(title: str, lines: Sequence[str]) -> str:
    """Return the running text of an annex, headings apart; a form has none, and a table is none."""
    if _FORM_TITLE.search(title):
        return ""
    tables = headers(lines)
    text = lines[: tables[0].start] if tables else lines
    paragraphs: list[list[str]] = [[]]
    for line in text:
        if marker_of(0, line):
            paragraphs.append([])
        if not _IN_TABLE.search(line):
            paragraphs[-1].append(line)
        if len(line) <= _LONGEST_HEADING and marker_of(0, line) and not line.rstrip().endswith("。"):
            paragraphs.append([])
    return "\n".join(join(paragraph) for paragraph in paragraphs if paragraph)


def _renamed(other: _Found) -> _Found:
    """Name another document's lists by its title, so that its annexes are not mixed up with the notice's own."""
    title = other.document.title
    enacted = _ENACTED.search(title)
    title = enacted[1] if enacted else title
    lists = (replace(each, name=title if each.name == BODY else f"{title} {each.name}") for each in other.lists)
    return replace(other, lists=tuple(lists))


def _tasks(found: _Found, remarks: list[Remark]) -> list[Task]:
    tasks: list[Task] = []
    first_listed = 0
    for each in found.lists:
        made = [_task(each.name, row, first_leads=found.first_leads) for row in each.reading.rows]
        unread = [_unread(each.name, row) for row, task in zip(each.reading.rows, made, strict=True) if task is None]
        unread += [
            Remark("unread_row", f"“{each.name}”有一行没有责任单位，未读入：{_short(row)}")
            for row in each.reading.unread
        ]
        remarks += unread
        tasks += [task for task in made if task]
        first_listed += sum(
            task is not None and len(task.owners) > 1 and found.first_leads and not row.duty.lead
            for row, task in zip(each.reading.rows, made, strict=True)
        )
    remarks += _remarks_on_tasks(tasks, first_listed)
    remarks += _remarks_on_guesses(found)
    return tasks


def _task(list_name: str, row: Row, *, first_leads: bool) -> Task | None:
    duty = row.duty
    if not row.text or not duty.has_units:
        return None
    shared_roles: tuple[Role, Role] = ("owner", "owner")
    if duty.lead:
        shared_roles = ("support", "support")
    elif duty.support or first_leads:
        shared_roles = ("lead", "lead" if duty.support else "support")
    owners = [Owner(unit, "lead") for unit in duty.lead]
    owners += [Owner(unit, shared_roles[bool(index)]) for index, unit in enumerate(duty.shared)]
    owners += [Owner(unit, "support") for unit in duty.support]
    if duty.printed:
        places = {name: at for at, name in enumerate(duty.printed)}
        owners.sort(key=lambda owner: places.get(owner.name, len(places)))
    unique = {owner.name: owner for owner in reversed(owners)}
    return Task(
        list=list_name,
        no=row.no,
        section=row.section,
        text=row.text,
        owners=tuple(owner for owner in owners if unique[owner.name] is owner),
        leaders=duty.leaders,
        leader_label=duty.leader_label,
        deadline=duty.deadline,
    )


def _unread(list_name: str, row: Row) -> Remark:
    missing = "责任单位" if row.text else "任务内容"
    return Remark(
        "unread_row", f"“{list_name}”第{row.no}项没有读出{missing}，未读入：{_short(row.text)}", f"{list_name}#{row.no}"
    )


def _short(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}……"


def _remarks_on_tasks(tasks: Sequence[Task], first_listed: int) -> list[Remark]:
    remarks = []
    if first_listed:
        message = f"文件中看不出加粗，{first_listed}项任务按排在首位的单位为牵头单位读取，请对照原件核对。"
        remarks.append(Remark("first_listed_leads", message))
    heads = [task for task in tasks if task.leader_label == "责任人" and len(task.leaders) > 1]
    remarks += [
        Remark(
            "several_leaders",
            f"“{task.list}”第{task.no}项有{len(task.leaders)}名责任人：{'、'.join(task.leaders)}，请核对。",
            task.key,
        )
        for task in heads
    ]
    return remarks


def _remarks_on_guesses(found: _Found) -> list[Remark]:
    """Say what the layout readers guessed, once per list and kind of guess."""
    remarks = []
    for each in found.lists:
        if each.reading.aside:
            labels = "、".join(each.reading.aside)
            remarks.append(Remark("columns_aside", f"“{each.name}”的“{labels}”栏不属于任务内容，未读入。"))
        for guess, words in _GUESSES.items():
            numbers = [str(row.no) for row in each.reading.rows if guess in row.duty.guesses]
            if numbers:
                named = "、".join(numbers[:_MOST_NAMED]) + ("等" if len(numbers) > _MOST_NAMED else "")
                tasks = f"“{each.name}”第{named}项" + (f"（共{len(numbers)}项）" if len(numbers) > 1 else "")
                remarks.append(
                    Remark(guess, words.format(tasks=tasks), f"{each.name}#{numbers[0]}" if len(numbers) == 1 else None)
                )
    return remarks


def _joined_names(tasks: Sequence[Task], lines: Sequence[str]) -> list[Remark]:
    """Name the units that do not stand in the file in one piece: a page break or a broken cell parted them."""
    printed = "".join("".join(_IN_CELL.sub("", line) for line in lines).split())
    where: dict[str, str] = {}
    for task in tasks:
        for owner in task.owners:
            where.setdefault(owner.name, task.key)
    remarks: list[Remark] = []
    at = 0
    for name, key in where.items():
        # names come in printed order, so each is looked for where the one before it was found
        words = "".join(name.split())
        place = printed.find(words, at)
        if place < 0 and words not in printed[:at]:
            message = f"“{name}”在文件中不连在一起，是拼接读出的，请对照原件核对。"
            remarks.append(Remark("joined_name", message, key))
        at = max(at, place)
    return remarks


def _remarks_on_rules(letter: LetterRules) -> list[Remark]:
    rules = letter.rules
    silent = rules.cadence is None and not rules.due_dates
    if silent and not any(remark.code == "cadence_unsupported" for remark in letter.remarks):
        message = "通知没有写明报送时间，未排报送期；如需定期报送，请在设置中填写报送周期。"
        return [Remark("no_cadence", message), *letter.remarks]
    return list(letter.remarks)


def _other_document(name: str, count: int) -> Remark:
    message = f"文件中另有“{name}”，其{count}项任务单独列出，不受本通知的报送要求约束，请确认是否一并立项。"
    return Remark("other_document", message)
