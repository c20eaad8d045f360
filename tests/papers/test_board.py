"""The heat map: a PNG in the given order, with Chinese glyphs of its own, whatever the machine has."""

from io import BytesIO

import pytest
from PIL import Image, ImageFont

from papers import board
from papers.board import COLOURS, Board, Cell, draw_board

UNITS = ("区发改局", "区教体局", "清风镇")
PERIODS = ("2025年一季度", "2025年二季度")


def given(**changes: object) -> Board:
    """Make a small board: one unit overdue, one on time, one with nothing."""
    cells = {(UNITS[0], PERIODS[0]): Cell("overdue", "0/2"), (UNITS[1], PERIODS[0]): Cell("on_time", "1/1")}
    values = {"title": "清河区督查室　报送进度图", "subtitle": "截至2025年4月11日", "units": UNITS, "periods": PERIODS}
    return Board(**{**values, "cells": cells, **changes})  # type: ignore[arg-type]


def colours_of_rows(data: bytes, column: int) -> list[tuple[int, int, int]]:
    """Give the colour near the left edge of each cell of a column, from above."""
    picture = Image.open(BytesIO(data)).convert("RGB")
    left = round(board.MARGIN + max(ImageFont.truetype(str(board.FONT), board.SIZE).getlength(u) for u in UNITS) + 16)
    top = board.MARGIN + board.TITLE + board.SMALL + 24 + board.HEAD
    found = []
    for row in range(len(UNITS)):
        colour = picture.getpixel((left + column * board.CELL + 6, top + row * board.ROW + 6))
        assert isinstance(colour, tuple)
        found.append((colour[0], colour[1], colour[2]))
    return found


def near(one: tuple[int, int, int], colour: str) -> bool:
    wanted = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return all(abs(a - b) <= 12 for a, b in zip(one, wanted, strict=True))


def test_cells_stand_in_the_units_order_in_their_colours() -> None:
    found = colours_of_rows(draw_board(given()), 0)
    assert near(found[0], COLOURS["overdue"])
    assert near(found[1], COLOURS["on_time"])
    assert near(found[2], COLOURS["none"])


def test_the_same_values_give_the_same_bytes() -> None:
    assert draw_board(given()) == draw_board(given())


def test_chinese_is_drawn_without_a_font_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "_other_font", lambda _size: None)
    font = ImageFont.truetype(str(board.FONT), 20)
    missing = bytes(font.getmask("\uffff"))
    for sign in "督查室清河区镇街道委办一二三季度上下半年月周截至已报迟退回逾期未到龑垚喆镕（）、：；":
        assert bytes(font.getmask(sign)) != missing, sign
    named = draw_board(given(units=("𠮷林镇", *UNITS[1:])))
    assert named.startswith(b"\x89PNG")


def test_every_character_listed_is_in_the_font() -> None:
    font = ImageFont.truetype(str(board.FONT), 20)
    missing = bytes(font.getmask("\uffff"))
    blank = [sign for sign in board.CHARACTERS.read_text("utf-8") if bytes(font.getmask(sign)) == missing]
    assert blank == []


@pytest.mark.parametrize(("units", "periods"), [(1, 1), (30, 12), (240, 12)])
def test_telegram_takes_the_picture_as_a_photo(units: int, periods: int) -> None:
    names = [f"第{number}个单位" for number in range(units)]
    labels = [f"{number}月" for number in range(periods)]
    cells = {(name, label): Cell("open", "0/1") for name in names for label in labels}
    width, height = Image.open(BytesIO(draw_board(given(units=names, periods=labels, cells=cells)))).size
    assert width + height <= 10_000  # Bot API, sendPhoto
    assert max(width, height) / min(width, height) <= 20
