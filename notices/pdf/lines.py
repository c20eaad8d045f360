"""Glyphs become lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from notices.marked import written

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
        """Return the height of the line's middle."""
        return self.glyphs[0].y

    @property
    def width(self) -> float:
        """Return the line's width in points."""
        return self.glyphs[-1].x1 - self.glyphs[0].x0

    def before(self, other: Line) -> Line:
        """Return both lines as one."""
        return Line((*self.glyphs, *other.glyphs))


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


def marked(line: Line) -> str:
    """Return the line's text with the signs of its bold letters."""
    return written((glyph.text, glyph.bold) for glyph in line.glyphs).strip()


def _line(row: Sequence[Glyph]) -> Line:
    spaced: list[Glyph] = []
    for glyph in row:
        if spaced and glyph.x0 - spaced[-1].x1 > _GAP * glyph.height and not spaced[-1].text.isspace():
            spaced.append(glyph._replace(text=" ", x0=spaced[-1].x1, x1=glyph.x0, bold=False))
        spaced.append(glyph)
    return Line(tuple(spaced))
