"""What on a page is layout and not text: page marks, Markdown marks, spaces, line ends."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from notices.marked import BREAK, PIPE, unmarked

if TYPE_CHECKING:
    from collections.abc import Iterable

_PAGE_MARK: Final = re.compile(
    r"[—–―]\s{0,3}[0-9]{1,3}\s{0,3}[—–―]\s*$|^\s*[-－~～·•]\s{0,3}[0-9]{1,3}\s{0,3}[-－~～·•]\s*$"
)
_PAGE_NUMBER: Final = re.compile(
    r"^\s*(?:<u>\s*[0-9]{1,3}\s*</u>|第\s*[0-9]{1,3}\s*页(?:\s*[/／,，]?\s*共\s*[0-9]{1,3}\s*页)?)\s*$"
)
_TAG: Final = re.compile(r"</?(?:u|i|em)>", re.IGNORECASE)
_HEADING_MARK: Final = re.compile(r"^\s*#{1,6}\s+")
_LIST_DASH: Final = re.compile(r"^\s*[-*•]\s+(?=\S)")
_SPACE: Final = re.compile(r"\s+")
_LINE_END: Final = re.compile(r"\r\n?|[\n\f\v\x85\u2028\u2029]")
_WIDEST_GAP: Final = 160
_GAP: Final = re.compile(r"[ \u3000\xa0]{161,}")
_INVISIBLE: Final = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]+")


def lines_of(text: str) -> list[str]:
    """Return the text's lines without page marks and Markdown marks; blank lines dropped, a leading tab kept.

    Rows between pipes keep the signs of their cells; other lines know their bold letters (notices.marked).
    """
    lines = _LINE_END.split(_GAP.sub(" " * _WIDEST_GAP, _INVISIBLE.sub("", text)))
    cleaned = (_clean(piece) for line in lines for piece in _broken(line))
    return [line for line in cleaned if line.strip()]


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """Remove layout spaces: all of them but one between two ASCII characters."""
    words = text.split()
    return words[0] if len(words) == 1 else _SPACE.sub(_spacing, text.strip())


def join(lines: Iterable[str]) -> str:
    """Join wrapped lines into one text without layout spaces."""
    pieces: list[str] = []
    for line in lines:
        piece = squeeze(line)
        if pieces and _is_latin(pieces[-1][-1:]) and _is_latin(piece[:1]):
            pieces.append(" ")
        pieces.append(piece)
    return "".join(pieces)


def _broken(line: str) -> list[str]:
    """Part running text at its <br>; between pipes, or tabs of three cells at least, it belongs to a cell."""
    return [line] if "<" not in line or line.count("\t") > 1 or PIPE.search(line) else BREAK.split(line)


def _clean(line: str) -> str:
    if _PAGE_NUMBER.match(line):
        return ""
    line = _PAGE_MARK.sub("", line.rstrip())
    if PIPE.search(line):
        return line
    return unmarked(_LIST_DASH.sub("", _HEADING_MARK.sub("", _TAG.sub("", line))))


def _spacing(found: re.Match[str]) -> str:
    text, start, end = found.string, found.start(), found.end()
    return " " if _is_ascii(text[start - 1 : start]) and _is_ascii(text[end : end + 1]) else ""


def _is_ascii(character: str) -> bool:
    return "!" <= character <= "~"


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()
