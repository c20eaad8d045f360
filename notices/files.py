"""Any file an office publishes a notice in, or corrects one in: which format is it, and what does it say?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.decode import clean
from notices.formats import format_of
from notices.notice import NoticeError
from notices.plan import Plan
from notices.read import read_notice, read_text
from notices.sandbox import parse_apart
from notices.workbook import read_workbook, with_periods

if TYPE_CHECKING:
    from rules.workdays import WorkCalendar


def read_plan(data: bytes, *, name: str, calendar: WorkCalendar, override_secrecy: bool = False) -> Plan:
    """Read a notice, or the workbook one was corrected in; `name` is the file's, only used in messages.

    Word, Excel and PDF files are parsed in a child process, which takes 19 s at most.

    Raises: NoticeError.
    """
    found = format_of(data)
    if found == "form":
        raise NoticeError("form", "这是责任单位填报用的表格，不是通知，请由该单位的联络员发送。")
    if found == "workbook":
        return with_periods(read_workbook(parse_apart("workbook", data)), calendar)
    if found == "text":
        return Plan(read_notice(data, name=name, calendar=calendar, override_secrecy=override_secrecy))
    text = clean(parse_apart(found, data))
    return Plan(read_text(text, name=name, calendar=calendar, override_secrecy=override_secrecy))
