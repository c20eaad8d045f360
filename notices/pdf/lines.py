"""Glyphs become lines of text, bold ones between `**`."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from notices.pdf.glyphs import Glyph

_SAME_LINE: Final = 0.5  # of the character's height
_GAP: Final = 0.5


class Line(NamedTuple):
    """One line of a page, its glyphs left to right, spaces between words among them."""

    glyphs: tuple[Glyph, ...]

    @property
    def words(self) -> str:
        """Return the line's text."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def y(self) -> float:
        """Return the line's middle."""
        return self.glyphs[0].y


def lines_from(glyphs: Iterable[Glyph]) -> list[Line]:
    """Put glyphs into lines, top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda each: each.y):
        if rows and glyph.y - rows[-1][0].y <= _SAME_LINE * max(glyph.height, rows[-1][0].height):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    lines = (_line(sorted(row, key=lambda each: each.x0)) for row in rows)
    return [line for line in lines if line.words.strip()]


def marked(lines: Sequence[Line], end: str) -> str:
    """Join lines with `end` between them; where only some letters are bold, these stand between `**`."""
    signs = [
        (_safe(glyph.text), glyph.bold) for line in lines for glyph in line.glyphs
    ]
    if len({is_bold for words, is_bold in signs if words.strip()}) < 2:
        return end.join(_safe(line.words).strip() for line in lines)
    return end.join(_with_marks(line) for line in lines)


def _line(row: Sequence[Glyph]) -> Line:
    spaced: list[Glyph] = []
    for glyph in row:
        if spaced and glyph.x0 - spaced[-1].x1 > _GAP * glyph.height and not spaced[-1].text.isspace():
            spaced.append(glyph._replace(text=" ", x0=spaced[-1].x1, x1=glyph.x0, bold=False))
        spaced.append(glyph)
    return Line(tuple(spaced))


def _with_marks(line: Line) -> str:
    pieces = []
    for is_bold, run in groupby(line.glyphs, key=lambda glyph: glyph.bold):
        words = _safe("".join(glyph.text for glyph in run))
        pieces.append(f"**{words}**" if is_bold else words)
    return "".join(pieces).strip()


def _safe(words: str) -> str:
    """Keep a document's own stars and pipes from being taken for marks."""
    return words.replace("*", "＊").replace("|", "\\|").replace("｜", "\\|")
