"""Any file an office publishes a notice in, or corrects one in: which format is it, and what does it say?"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from notices.decode import clean, decode
from notices.formats import format_of
from notices.notice import NoticeError, Remark
from notices.plan import Plan
from notices.read import read_text
from notices.sandbox import parse_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.formats import Format
    from rules.workdays import WorkCalendar


def read_plan(data: bytes, *, name: str, calendar: WorkCalendar, override_secrecy: bool = False) -> Plan:
    """Read a notice, or the workbook one was corrected in; `name` is the file's, only used in messages.

    Word, Excel and PDF files are parsed in a child process, which takes 20 s at most.

    Raises: NoticeError.
    """
    found = format_of(data)
    if found == "workbook":
        plan: Plan = import_module("notices.workbook").read_workbook(parse_apart("workbook", data))
        return plan
    text, remarks = _text_of(found, data)
    return Plan(read_text(text, name=name, calendar=calendar, override_secrecy=override_secrecy, remarks=remarks))


def _text_of(found: Format, data: bytes) -> tuple[str, list[Remark]]:
    """Return a file's text, its tables as rows with pipes, and what was to be said of the file."""
    if found == "text":
        return decode(data), []
    if found == "pdf":
        return _text_of_pages(parse_apart("pdf", data))
    text = clean(parse_apart(found, data))
    if not text.strip():
        raise NoticeError("empty", "文件里没有文字，请检查后重新发送。")
    return text, []


def _text_of_pages(pages: Sequence[str | None]) -> tuple[str, list[Remark]]:
    text = clean("\n".join(page for page in pages if page))
    remarks = []
    if pictures := [str(number) for number, page in enumerate(pages, start=1) if page is None]:
        message = f"PDF 第{'、'.join(pictures)}页是图片，没有文字层，未读入，请对照原件补全。"
        remarks.append(Remark("picture_pages", message))
    if unreadable := text.count("\ufffd"):
        message = f"PDF 中有{unreadable}个字没有注明是什么字，读作“\ufffd”，请对照原件更正。"
        remarks.append(Remark("unreadable_glyphs", message))
    return text, remarks
