"""What both ways share: the sheets, their columns, the words in their drop-downs, and lists within a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notices.notice import Role
    from rules.periods import Cadence

MARK: Final = "duban"  # the custom document property by which the workbook is known
VERSION: Final = "1"
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 400
MOST_OWNERS: Final = 180
MOST_CHARACTERS: Final = 32_767  # of a cell, in UTF-16 units (Excel specifications and limits)
FIRST_YEAR, LAST_YEAR = 2000, 2099

TASKS, UNITS, REPORTING, REMARKS = "任务", "单位", "报送安排", "提示"
SHEETS: Final = (TASKS, UNITS, REPORTING, REMARKS)

LIST, SECTION, NUMBER, TEXT, DEADLINE, LEADERS, LABEL = (
    "清单",
    "章节",
    "序号",
    "任务内容",
    "完成时限",
    "领导",
    "领导称谓",
)
TASK_COLUMNS: Final = (LIST, SECTION, NUMBER, TEXT, DEADLINE, LEADERS, LABEL)
HINT: Final = "提示"
OWNER, ROLE = "单位", "分工"  # each followed by its number: 单位1, 分工1, 单位2, …

UNIT, COUNT, INTO, MEMBERS, ALIKE = "单位名称", "任务数", "并入", "成员单位", "相似提示"
UNIT_COLUMNS: Final = (UNIT, INTO, MEMBERS)

ITEM, CONTENT, ADVICE = "项目", "内容", "填写说明"
FORM_COLUMNS: Final = (ITEM, CONTENT)
REPORTS: Final = "按本通知报送"
LIST_COLUMNS: Final = (LIST, REPORTS)
PERIOD, BEGINS, ENDS, DUE, PROVISIONAL = "报送期", "起始日期", "结束日期", "截止日期", "暂定"
PERIOD_COLUMNS: Final = (PERIOD, BEGINS, ENDS, DUE, PROVISIONAL)

MESSAGE, TASK, CODE = "提示内容", "任务", "代码"
REMARK_COLUMNS: Final = (MESSAGE, TASK, CODE)

ROLES: Final[dict[Role, str]] = {"lead": "牵头", "support": "配合", "owner": "责任"}
YES_NO: Final = MappingProxyType({True: "是", False: "否"})
CADENCES: Final[Mapping[Cadence, str]] = MappingProxyType(
    {"biweekly": "每两周", "monthly": "每月", "quarterly": "每季度", "semiannual": "每半年", "annual": "每年"}
)
_MONTHS: Final = MappingProxyType({0: "当月", 1: "次月"})
_DAYS: Final = MappingProxyType({-1: "最后一日"})
_WORKING_DAYS: Final = MappingProxyType({-1: "最后一个工作日"})
_WEEKDAYS: Final = MappingProxyType({day: f"星期{sign}" for day, sign in enumerate("一二三四五六日", 1)})
_NO_WORDS: Final[Mapping[Any, str]] = MappingProxyType({})

NAME_MARKS: Final = "、，,；;\n"
LINE_MARKS: Final = "\n"
_BRACKETS: Final = "（(）)〔〕[]"
_PAIR: Final = re.compile(r"[（(〔\[][^（(〔\[）)〕\]]*[）)〕\]]")


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the form: which attribute it holds, its label, how it is written, and what may stand there.

    A `word` is one of `words`; a `number` is one of them or an integer from `least` to `most`.
    """

    attribute: str
    label: str
    kind: Literal["text", "lines", "date", "dates", "word", "number"]
    advice: str = ""
    words: Mapping[Any, str] = field(default_factory=lambda: _NO_WORDS)
    least: int = 1
    most: int = 100_000
    is_new: bool = False  # workbooks written before there was this line lack it


NOTICE_ITEMS: Final = (
    Item("title", "通知标题", "text"),
    Item("issuer", "发文机关", "text"),
    Item("document_number", "发文字号", "text"),
    Item("issued_on", "印发日期", "date", "如 2025-02-14。"),
    Item("plan_year", "任务年度", "number", "必填，四位年份。", least=FIRST_YEAR, most=LAST_YEAR),
)
CLOCK_ITEMS: Final = (
    Item("cadence", "报送周期", "word", "多久报一次；不定期报送的留空。", CADENCES),
    Item("due_dates", "印明的截止日期", "dates", "通知逐个印出的日期，用顿号隔开；没有的留空。"),
)
DUE_ITEMS: Final = (
    Item("month_offset", "截止在哪个月", "number", "当月：报送期的最后一个月；次月：再下一个月。", _MONTHS, 0, 12),
    Item("day", "截止日", "number", "该月几日（1至31），或“最后一日”；负数为倒数第几日。", _DAYS, -31, 31),
    Item("working_day", "截止工作日", "number", "该月第几个工作日，或“最后一个工作日”。", _WORKING_DAYS, -31, 31),
    Item("weekday", "截止星期", "word", "只用于每两周报送。", _WEEKDAYS),
)
RULE_ITEMS: Final = (
    Item("max_length", "字数上限", "number", "每项任务每次报送最多多少字；不限的留空。"),
    Item("min_length", "字数下限", "number", "最少多少字；不限的留空。"),
    Item("length_is_soft", "字数可放宽", "word", "是：一般不超过、原则上；否：不得超过。", YES_NO),
    Item("contact_required", "须注明联系人", "word", "", YES_NO),
    Item("submit_to", "报送至", "text"),
    Item("plan_due", "工作计划截止", "date", "要求先报工作计划的，填其截止日期。"),
    Item("liaisons_per_unit", "每单位联络员", "number", "人数。"),
    Item("attest", "须主要负责人审阅", "word", "是：报送前须经本单位主要负责人审阅同意。", YES_NO, is_new=True),
    Item("bulletins", "通报安排", "lines", "通知承诺的通报，每行一条。"),
)
FORM: Final = (*NOTICE_ITEMS, *CLOCK_ITEMS, *DUE_ITEMS, *RULE_ITEMS)


def join_list(items: Iterable[str], marks: str) -> str:
    """Put several texts into one cell so that `split_list` finds them again; a mark within one gets a backslash."""
    return marks[0].join(_escaped(item, marks) for item in items)


def split_list(text: str, marks: str) -> tuple[str, ...]:
    r"""Split a cell at marks outside brackets; `\、` is a plain 、. Order kept, blanks and repeats dropped."""
    items = [""]
    for escaped, bracket, mark, sign in _tokens(marks).findall(text):
        if mark:
            items.append("")
        else:
            items[-1] += escaped or bracket or sign
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def _tokens(marks: str) -> re.Pattern[str]:
    return re.compile(rf"\\(.)|({_PAIR.pattern})|([{re.escape(marks)}])|(.)", re.DOTALL)


def _escaped(item: str, marks: str) -> str:
    if "\\" not in item and split_list(item, marks) == (item,) and _is_balanced(item):
        return item
    return "".join(f"\\{sign}" if sign in marks or sign in _BRACKETS or sign == "\\" else sign for sign in item)


def _is_balanced(item: str) -> bool:
    """Tell whether no bracket in it could pair with one of its neighbour's in the cell."""
    while (rest := _PAIR.sub("", item)) != item:
        item = rest
    return not any(sign in _BRACKETS for sign in item)
