"""The heat map (进度图): units by periods, a cell for how a unit stands in a period; in the ledger's order, no ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).parent / "fonts" / "duban-cjk.otf"
CHARACTERS = Path(__file__).parent / "fonts" / "characters.txt"
SYSTEM_FONTS = ("NotoSansCJK-Regular.ttc", "wqy-microhei.ttc", "msyh.ttc", "simsun.ttc", "PingFang.ttc")
COLOURS = {  # of a cell, by how a unit stands; told apart by those who do not see red from green, too
    "overdue": "#d73027",
    "returned": "#fc8d59",
    "late": "#fee090",
    "waiting": "#91bfdb",
    "on_time": "#4a9e5c",
    "open": "#e0e0e0",
    "none": "#ffffff",
}
LEGEND = (
    ("on_time", "已报"),
    ("late", "有迟报"),
    ("waiting", "有待审核"),
    ("returned", "有退回"),
    ("overdue", "有逾期"),
    ("open", "未到期"),
)
LIGHT_ON = ("overdue", "on_time")  # where the letters are white
INK, GREY, LINE = "#222222", "#666666", "#bbbbbb"
SIZE, SMALL, TITLE = 20, 16, 28
CELL, ROW, MARGIN, HEAD = 96, 34, 24, 40
LONGEST_NAME, LEAST_WIDTH = 18, 720  # characters of a unit's name; pixels of the picture


@dataclass(frozen=True, slots=True)
class Cell:
    """How a unit stands in a period: the name of its colour, and what is written."""

    kind: str
    text: str


@dataclass(frozen=True)
class Board:
    """What the picture shows; cells by unit and period."""

    title: str
    subtitle: str
    units: Sequence[str]
    periods: Sequence[str]
    cells: Mapping[tuple[str, str], Cell]
    footnote: str = "格内为已报项数/应报项数"


def draw_board(board: Board) -> bytes:
    """Draw the picture; gives a PNG."""
    names = [_short(unit) for unit in board.units]
    left = MARGIN + max([round(_width(name, SIZE)) for name in names] or [0]) + 16
    top = MARGIN + TITLE + SMALL + 24 + HEAD
    legend = _legend_rows(LEGEND, max(LEAST_WIDTH, left + CELL * len(board.periods)) - MARGIN)
    width = max(LEAST_WIDTH, left + CELL * len(board.periods) + MARGIN, round(_width(board.title, TITLE)) + 2 * MARGIN)
    height = top + ROW * len(board.units) + 16 + 28 * len(legend) + (28 if board.footnote else 0) + MARGIN
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    _write(pen, (MARGIN, MARGIN), board.title, TITLE)
    _write(pen, (MARGIN, MARGIN + TITLE + 12), board.subtitle, SMALL, GREY)
    for column, period in enumerate(board.periods):
        _centred(pen, (left + column * CELL, top - HEAD, CELL, HEAD), period, SMALL)
    for row, (unit, name) in enumerate(zip(board.units, names, strict=True)):
        y = top + row * ROW
        _write(pen, (MARGIN, y + (ROW - SIZE) // 2 - 3), name, SIZE)
        for column, period in enumerate(board.periods):
            _cell(pen, (left + column * CELL, y, CELL, ROW), board.cells.get((unit, period)))
    y = top + ROW * len(board.units) + 16
    for line in legend:
        _legend(pen, y, line)
        y += 28
    if board.footnote:
        _write(pen, (MARGIN, y), board.footnote, SMALL, GREY)
    out = BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


Box = tuple[int, int, int, int]  # left, top, width, height


def _cell(pen: ImageDraw.ImageDraw, box: Box, cell: Cell | None) -> None:
    x, y, width, height = box
    kind = cell.kind if cell else "none"
    pen.rectangle((x, y, x + width, y + height), fill=COLOURS[kind], outline=LINE)
    if cell:
        _centred(pen, box, cell.text, SMALL, "white" if kind in LIGHT_ON else INK)


def _legend_rows(legend: Sequence[tuple[str, str]], room: int) -> list[list[tuple[int, str, str]]]:
    """Place the legend's entries, as many in a row as fit."""
    rows: list[list[tuple[int, str, str]]] = []
    x = room + 1
    for kind, words in legend:
        needed = 26 + round(_width(words, SMALL)) + 20
        if x + needed > room:
            rows.append([])
            x = MARGIN
        rows[-1].append((x, kind, words))
        x += needed
    return rows


def _legend(pen: ImageDraw.ImageDraw, y: int, line: Sequence[tuple[int, str, str]]) -> None:
    for x, kind, words in line:
        pen.rectangle((x, y + 2, x + 18, y + 18), fill=COLOURS[kind], outline=LINE)
        _write(pen, (x + 26, y), words, SMALL, GREY)


def _centred(pen: ImageDraw.ImageDraw, box: Box, text: str, size: int, colour: str = INK) -> None:
    x, y, width, height = box
    _write(pen, (x + round((width - _width(text, size)) / 2), y + (height - size) // 2 - 3), text, size, colour)


def _write(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, colour: str = INK) -> None:
    """Write a text; what our font lacks is written in a font of the machine."""
    x = float(at[0])
    for font, piece in _pieces(text, size):
        pen.text((x, at[1]), piece, font=font, fill=colour)
        x += font.getlength(piece)


@lru_cache(4096)  # most cells hold the same few figures
def _width(text: str, size: int) -> float:
    return sum(font.getlength(piece) for font, piece in _pieces(text, size))


def _pieces(text: str, size: int) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """Part a text by the font that has its characters."""
    found: list[tuple[ImageFont.FreeTypeFont, str]] = []
    for sign in text:
        font = _font(size) if sign in _characters() else _other_font(size) or _font(size)
        if found and found[-1][0] is font:
            found[-1] = (font, found[-1][1] + sign)
        else:
            found.append((font, sign))
    return found


@cache
def _characters() -> frozenset[str]:
    return frozenset(CHARACTERS.read_text("utf-8"))


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)


@cache
def _other_font(size: int) -> ImageFont.FreeTypeFont | None:
    for name in SYSTEM_FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
