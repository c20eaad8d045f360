"""Text that keeps a document's borders and bold letters, in Markdown's signs: how it is written, and how it is read back.

Rows are `| a | b |`, a line end in a cell is `<br>`, bold letters stand between `**`; a cell merged with the one above
is `^^` (as in MultiMarkdown), what a cell spans to its right is empty, and a cell that is empty in print is `<br>`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MERGED: Final = "^^"
SPANNED: Final = ""
BLANK: Final = "\n"
BREAK: Final = re.compile(r"(?<!(?<!\\)\\)<br\s*/?>", re.IGNORECASE)
PIPE: Final = re.compile(r"(?<!\\)[|｜]")

_SPECIAL: Final = re.compile(r"[\\|｜*_<]")
_SIGN: Final = re.compile(r"\\([\\|｜*_<])|((?<=[0-9])\*{3,}(?=[0-9]))|\*\*")
_MARKED: Final = re.compile(r"[*_\\<]")
_BOLD_TAG: Final = re.compile(r"(?<!(?<!\\)\\)</?(?:b|strong)>", re.IGNORECASE)
_AROUND: Final = r"\s，。、；：,;:（）()【】|"
_UNDERSCORED: Final = re.compile(rf"(?<![^{_AROUND}])__(?![\s_])([^_]+?)__(?![^{_AROUND}])")
_EMPHASIS: Final = re.compile(rf"(?<![^{_AROUND}])([*_])(?![\s*_])([^*_]+?)(?<!\s)\1(?![^{_AROUND}])")
_NOTE: Final = re.compile(r"<!-- 提示：([^<>\n]{1,300}?) -->")
_COMMENT: Final = re.compile(r"<!--[^<>]{0,300}-->")

Marks = tuple[bool, ...]


class Line(str):
    """A piece of text in which some characters are bold: `bold` has one mark per character."""

    __slots__ = ("bold",)

    bold: Marks

    def __new__(cls, text: str, bold: Marks) -> Self:
        """Make a line of its text and its marks."""
        line = super().__new__(cls, text)
        line.bold = bold
        return line


def written(pieces: Iterable[tuple[str, bool]]) -> str:
    """Write pieces of text, each bold or not, with the signs of this module escaped in them."""
    text = ""
    strong = False
    for words, bold in pieces:
        if words and bold != strong:
            text += "**"
            strong = bold
        text += _SPECIAL.sub(r"\\\g<0>", words)
    return text + ("**" if strong else "")


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Write the rows of a table; cells are `written`, with line ends, or MERGED, SPANNED or BLANK.

    What stands alone in its row above the first row of several cells (a title) is written as running text.
    """
    first = next((at for at, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1), len(rows))
    titles = [cell for row in rows[:first] for cell in row if cell != MERGED and cell.strip()]
    lines = [line for title in titles for line in title.split("\n")]
    return lines + [f"| {' | '.join(map(_cell, row))} |" for row in rows[first:]]


def note(words: str) -> str:
    """Write a line that tells a person what was left out; `notes` finds it again."""
    return f"<!-- 提示：{words} -->"


def notes(text: str) -> list[str]:
    """Return what a text's notes tell, in order."""
    return [found[1].strip() for found in _NOTE.finditer(text)]


def marks_of(text: str) -> Marks | None:
    """Return one mark per character of a text in which some are bold, else None."""
    return text.bold if isinstance(text, Line) else None


def unmarked(text: str) -> str:
    """Take the signs of bold and the escapes out of a line or cell; what is bold in part is a `Line`."""
    if not _MARKED.search(text):
        return text
    text = _UNDERSCORED.sub(r"**\1**", _COMMENT.sub("", _BOLD_TAG.sub("**", text)))
    text = _EMPHASIS.sub(r"\2", text)
    pieces: list[str] = []
    marks: list[bool] = []
    strong = False
    at = 0
    for sign in _SIGN.finditer(text):
        pieces.append(text[at : sign.start()] + (sign[1] or sign[2] or ""))
        marks += [strong] * len(pieces[-1])
        strong ^= sign[0] == "**"
        at = sign.end()
    marks += [strong] * (len(text) - at)
    words = "".join((*pieces, text[at:]))
    return Line(words, tuple(marks)) if any(marks) else words


def bold_names(names: Iterable[str], lines: Sequence[str]) -> frozenset[str]:
    """Return the names most of whose characters are bold where they stand last in the lines."""
    if not any(map(marks_of, lines)):
        return frozenset()
    signs = [
        (sign, mark)
        for line in lines
        for sign, mark in zip(line, marks_of(line) or (False,) * len(line), strict=True)
        if not sign.isspace()
    ]
    text = "".join(sign for sign, _ in signs)
    return frozenset(name for name in names if _is_bold("".join(name.split()), text, [mark for _, mark in signs]))


def _is_bold(name: str, text: str, marks: Sequence[bool]) -> bool:
    alone = [found.start() for found in re.finditer(rf"(?<![一-鿿]){re.escape(name)}(?![一-鿿])", text)]
    at = alone[-1] if alone else text.rfind(name)
    return at >= 0 and 2 * sum(marks[at : at + len(name)]) > len(name)


def _cell(text: str) -> str:
    return text if text in {MERGED, SPANNED} else text.strip().replace("\n", "<br>") or "<br>"
