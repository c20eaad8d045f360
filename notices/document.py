"""Which documents a file holds, and which body, annexes and closing lines each of them has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from notices.block import Block
from notices.columns import headers
from notices.marked import unmarked
from notices.outline import marker_of
from notices.page import join, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

BODY: Final = "正文"
# begins the line that names the sheet of a workbook; each sheet is a list of its own
SHEET: Final = "【工作表】"

NUMBER: Final = re.compile(
    r"([\u4e00-\u9fff]{2,12}[〔\[【（(“]\s*20[0-9]{2}\s*[〕\]】）)”]\s*(?:第\s*)?[0-9]{1,4}\s*号)$"
)
_KIND: Final = r"(?:通知|意见|方案|通报|决定|函|报告|批复|分工|分解表|清单|要点|计划)"
_TITLE: Final = re.compile(rf"(?:[\u4e00-\u9fff]{{2,30}})?关于.{{2,100}}{_KIND}")
_TITLE_BEGINS: Final = re.compile(r"(?:[\u4e00-\u9fff]{2,30})?关于")
_ISSUER: Final = re.compile(
    r"[\u4e00-\u9fff]{2,30}(?:人民政府|办公室|办公厅|委员会|管委会|督查室|领导小组|指挥部|委|局|厅|党组|工委)"
)
_LETTERHEAD: Final = re.compile(r"[\u4e00-\u9fff]{4,30}文件")
_ANNEX: Final = re.compile(r"附\s*[件表录]\s*([0-9０-９]{0,2}|[一二三四五六七八九十]{0,2})\s*[:：]?")
_CLOSING: Final = re.compile(r"抄\s*送\s*[:：]|主\s*送\s*[:：]")
_SALUTATION: Final = re.compile(r".*[:：]$")
_BREAKS: Final = re.compile(r"[。；;：:，,]")
_NUMBERED: Final = re.compile(
    r"\s*(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[（(][一二三四五六七八九十]{1,3}[）)])\s*(?:[.．、]|$)"
)
_LONGEST_TITLE: Final = 4
_HEAD: Final = 8
_LONGEST_MARK: Final = 20


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its title, the issuers printed above it, its number, body, annexes and closing lines."""

    title: str
    issuers: tuple[str, ...]
    number: str | None
    body: Block
    annexes: tuple[Block, ...]
    closing: tuple[str, ...]

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Return every block that may hold a list."""
        return (self.body, *self.annexes)


def split_documents(lines: Sequence[str]) -> tuple[Document, ...]:
    """Split a file where another document's head stands; never empty."""
    heads = [start for start in (_head_start(lines, index) for index in _titles(lines)) if start is not None]
    starts = sorted({0, *heads[1:]}) if heads else [0]
    return tuple(_document(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True))


def _titles(lines: Sequence[str]) -> list[int]:
    """Return where a title block of a covering letter begins: it is followed by a number or a salutation."""
    found = []
    for index, line in enumerate(lines):
        if "关于" in line and _TITLE_BEGINS.match(squeeze(line)) and (end := _title_end(lines, index)):
            following = [squeeze(each) for each in lines[end : end + _HEAD // 2]]
            if any(NUMBER.fullmatch(each) or _SALUTATION.fullmatch(each) for each in following):
                found.append(index)
    return found


def _title_end(lines: Sequence[str], start: int) -> int | None:
    """Return the index behind the title that begins at `start`, or None."""
    for end in range(start + 1, min(start + _LONGEST_TITLE, len(lines)) + 1):
        words = join(lines[start:end])
        if _BREAKS.search(words):
            return None
        if _TITLE.fullmatch(words):
            return end
    return None


def _head_start(lines: Sequence[str], title: int) -> int | None:
    """Go up from a title over issuers, letterhead and number."""
    start = title
    while start and _is_head(squeeze(lines[start - 1])):
        start -= 1
    return start


def _is_head(line: str) -> bool:
    parts = line.split() or [line]
    return bool(NUMBER.fullmatch(line) or _LETTERHEAD.fullmatch(line) or all(map(_ISSUER.fullmatch, parts)))


def _document(lines: Sequence[str]) -> Document:
    closing = next((index for index, line in enumerate(lines) if _CLOSING.match(line.strip())), len(lines))
    marks = [index for index in range(closing) if _is_annex_mark(lines[index])]
    body = lines[: marks[0] if marks else closing]
    title, issuers, number, used = _head(body)
    annexes = [_annex(lines[start:end]) for start, end in zip(marks, [*marks[1:], closing], strict=False)]
    if not title:
        title = next((annex.title for annex in annexes if annex.title), "")
    return Document(
        title=title,
        issuers=issuers,
        number=number,
        body=Block(BODY, title, tuple(body[used:])),
        annexes=tuple(annexes),
        closing=tuple(lines[closing:]),
    )


def _is_annex_mark(line: str) -> bool:
    return line.startswith(SHEET) or (len(line) <= _LONGEST_MARK and bool(_ANNEX.fullmatch(squeeze(line))))


def _annex(lines: Sequence[str]) -> Block:
    title = _annex_title(lines[1:])
    return Block(squeeze(lines[0].removeprefix(SHEET)).rstrip(":："), join(title), tuple(lines[1 + len(title) :]))


def _annex_title(lines: Sequence[str]) -> Sequence[str]:
    found = headers(lines[:_HEAD])
    end = min(found[0].start if found else _LONGEST_TITLE - 1, _LONGEST_TITLE, len(lines))
    for index, line in enumerate(lines[:end]):
        if (
            _BREAKS.search(line)
            or marker_of(index, unmarked(line))
            or _NUMBERED.match(unmarked(line))
            or "|" in line
            or "\t" in line.strip()
        ):
            return lines[:index]
    return lines[:end]


def _head(lines: Sequence[str]) -> tuple[str, tuple[str, ...], str | None, int]:
    """Return title, issuers above it, document number, and how many lines they take."""
    number = next((found[1] for line in lines[:_HEAD] if (found := NUMBER.search(squeeze(line)))), None)
    for index, line in enumerate(lines[: 2 * _HEAD]):
        if _TITLE_BEGINS.match(squeeze(line)) and (end := _title_end(lines, index)):
            return _with_issuers(lines, index, end, number)
    return _plain_title(lines), (), number, 0


def _with_issuers(
    lines: Sequence[str], start: int, end: int, number: str | None
) -> tuple[str, tuple[str, ...], str | None, int]:
    issuers: list[str] = []
    above = start
    while above and all(map(_ISSUER.fullmatch, lines[above - 1].split())):
        issuers = lines[above - 1].split() + issuers
        above -= 1
    words = join(lines[start:end])
    printed = words.partition("关于")[0]
    title = "".join(issuers) + words
    return title, tuple(issuers) or ((printed,) if printed else ()), number, end


def _plain_title(lines: Sequence[str]) -> str:
    """Return the first short line that is no mark and no number, for documents without a covering letter."""
    for line in lines[:_HEAD]:
        words = squeeze(line)
        if len(words) >= 4 and not _BREAKS.search(words) and not NUMBER.fullmatch(words) and not _NUMBERED.match(words):
            return words
    return ""
