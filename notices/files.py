"""Any file an office publishes a notice in, or corrects one in: which format is it, and what does it say?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from notices.decode import clean, decode
from notices.formats import format_of
from notices.plan import Plan
from notices.read import read_text
from notices.sandbox import parse_apart

if TYPE_CHECKING:
    from rules.workdays import WorkCalendar


def read_plan(data: bytes, *, name: str, calendar: WorkCalendar, override_secrecy: bool = False) -> Plan:
    """Read a notice, or the workbook one was corrected in; `name` is the file's, only used in messages.

    Word, Excel and PDF files are parsed in a child process, which takes 19 s at most.

    Raises: NoticeError.
    """
    found = format_of(data)
    if found == "workbook":
        plan: Plan = import_module("notices.workbook").read_workbook(parse_apart("workbook", data))
        return plan
    text = decode(data) if found == "text" else clean(parse_apart(found, data))
    return Plan(read_text(text, name=name, calendar=calendar, override_secrecy=override_secrecy))
