"""Which characters stand where on a PDF page, upright, each once, and which of them are bold?"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTImage, LTLayoutContainer
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pdfminer.layout import LTItem, LTPage
    from pdfminer.pdffont import PDFFont
    from pdfminer.pdfpage import PDFPage
    from pdfplumber.pdf import PDF

UNREADABLE: Final = "\ufffd"  # a glyph whose font does not say which character it is

# 黑体 is how a Chinese document prints bold; its name may stand there in GBK
_BOLD: Final = re.compile(r"bold|heavy|black|simhei|stheiti|fzhei|fzht|黑体|\\xba\\xda\\xcc\\xe5", re.IGNORECASE)
_FORCE_BOLD: Final = 1 << 18  # ISO 32000-1, table 123
_BOLD_WEIGHT: Final = 600
_STROKED: Final = (2, 6)  # filled and stroked, as programs draw a bold they have no font for (ISO 32000-1, table 106)
_STRAIGHT: Final = 0.1
_SAME_PLACE: Final = 0.12  # of the character's height
_SHIFTED: Final = 0.05  # points
# radicals that fonts share with the characters they look like; Unicode's own table does not map these to them
_RADICALS: Final = str.maketrans(
    "⺒⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "巳母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)


class Glyph(NamedTuple):
    """One character and its box: points from the page's left and top."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    bold: bool

    @property
    def x(self) -> float:
        """Return its middle."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Return its middle."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """Return its height."""
        return self.bottom - self.top


class SheetPage(Page):
    """A page that keeps of each character what a notice is read by; lines and boxes are pdfplumber's.

    `turned`: by how many degrees it is to be turned for its text to be upright; `aslant`: words across it (a watermark);
    `image_share`: how much of it is covered by pictures.
    """

    def __init__(self, pdf: PDF, found: PDFPage, number: int) -> None:
        super().__init__(pdf, found, page_number=number)
        device = _Device(pdf.rsrcmgr)
        PDFPageInterpreter(pdf.rsrcmgr, device).process_page(found)
        self._layout = device.get_result()
        self.glyphs: tuple[Glyph, ...] = ()
        self.aslant = ""
        self.turned = 0
        drawn = list(_drawn(self._layout))
        self._take_glyphs([item for item in drawn if isinstance(item, LTChar)], device.bold)
        area = sum(item.width * item.height for item in drawn if isinstance(item, LTImage))
        self.image_share = area / max(1.0, float(self.width) * float(self.height))

    @property
    def layout(self) -> LTPage:
        """Return what is drawn."""
        return self._layout

    def process_object(self, obj: LTItem) -> Any:
        """Give pdfplumber only lines and boxes: it needs no characters to find tables."""
        if isinstance(obj, LTChar):
            return {"object_type": "glyph"}
        return super().process_object(obj)

    def _take_glyphs(self, characters: list[LTChar], bold: list[bool]) -> None:
        straight: list[Glyph] = []
        slanted: list[str] = []
        turns = {90: 0, 270: 0}
        for item, is_bold in zip(characters, bold, strict=True):
            a, b, *_ = item.matrix
            if abs(b) <= _STRAIGHT * abs(a):
                straight += self._glyphs_of(item, is_bold=is_bold)
            elif abs(a) <= _STRAIGHT * abs(b):
                turns[90 if b > 0 else 270] += 1
            else:
                slanted.append(item.get_text())
        self.glyphs = tuple(_each_once(straight))
        self.aslant = "".join(slanted)
        turn = max(turns, key=lambda each: turns[each])
        self.turned = turn if turns[turn] > len(straight) else 0

    def _glyphs_of(self, item: LTChar, *, is_bold: bool) -> Iterator[Glyph]:
        """Yield a character, or side by side the several that a ligature stands for."""
        text = "".join(map(_plain, item.get_text()))
        left = item.x0 + float(self.mediabox[0])
        top = float(self.height) - item.y1 + float(self.mediabox[1])
        width = (item.x1 - item.x0) / max(1, len(text))
        for at, sign in enumerate(text):
            yield Glyph(
                sign, left + at * width, left + (at + 1) * width, top, top + item.height, is_bold and not sign.isspace()
            )


class _Device(PDFPageAggregator):
    """Note for each character, in the order of drawing, whether it is bold."""

    def __init__(self, manager: Any) -> None:
        super().__init__(manager, laparams=None)
        self.bold: list[bool] = []
        self._is_stroked = False
        self._fonts: dict[int, bool] = {}

    def render_string(self, textstate: Any, *args: Any) -> None:
        self._is_stroked = textstate.render in _STROKED
        super().render_string(textstate, *args)

    def render_char(self, matrix: Any, font: PDFFont, *args: Any) -> float:
        known = self._fonts.get(id(font))
        if known is None:
            known = self._fonts[id(font)] = _is_bold(font)
        self.bold.append(self._is_stroked or known)
        return super().render_char(matrix, font, *args)

    def handle_undefined_char(self, font: PDFFont, cid: int) -> str:
        return UNREADABLE


def _is_bold(font: PDFFont) -> bool:
    weight = font.descriptor.get("FontWeight")
    is_heavy = isinstance(weight, int | float) and weight >= _BOLD_WEIGHT
    return is_heavy or bool(font.flags & _FORCE_BOLD) or bool(_BOLD.search(str(font.fontname)))


def _drawn(container: LTLayoutContainer | Iterable[Any]) -> Iterator[Any]:
    """Yield everything drawn, in the order of drawing, that of nested forms too."""
    for item in container:
        if isinstance(item, LTLayoutContainer):
            yield from _drawn(item)
        else:
            yield item


def _plain(sign: str) -> str:
    """Return the character meant: radicals and compatibility forms are only other codes for the same signs."""
    if "\u2e80" <= sign <= "\u2fdf" or "\uf900" <= sign <= "\ufaff" or "\ufb00" <= sign <= "\ufb06":
        return unicodedata.normalize("NFKC", sign.translate(_RADICALS))
    if sign.isspace():
        return " "
    kind = unicodedata.category(sign)
    return "" if kind == "Cf" else UNREADABLE if kind in {"Cc", "Cs"} else sign


def _each_once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Yield each character once: one drawn again a little beside itself is bold."""
    kept: dict[int, Glyph] = {}
    places: dict[tuple[str, int, int], int] = {}
    for at, glyph in enumerate(glyphs):
        x, y = round(glyph.x0 / 4), round(glyph.top / 4)
        near = (places.get((glyph.text, x + right, y + down)) for right in (0, -1, 1) for down in (0, -1, 1))
        first = next((each for each in near if each is not None and _is_same(kept[each], glyph)), None)
        if first is None:
            kept[at] = glyph
            places[glyph.text, x, y] = at
        elif abs(kept[first].x0 - glyph.x0) + abs(kept[first].top - glyph.top) > _SHIFTED:
            kept[first] = kept[first]._replace(bold=True)
    yield from kept.values()


def _is_same(one: Glyph, other: Glyph) -> bool:
    near = _SAME_PLACE * one.height
    return abs(one.x0 - other.x0) <= near and abs(one.top - other.top) <= near
