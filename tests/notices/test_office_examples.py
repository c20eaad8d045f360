"""The fictional Word and Excel notices are read field by field as they are printed; the reading lies beside each."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from examples.notices.make_office_files import FILES, main
from notices.excel import excel_text
from notices.layouts.grid_table import cells_of
from notices.notice import Notice
from notices.page import lines_of
from notices.read import read_notice
from notices.word import word_text
from rules.workdays import WorkCalendar

_FOLDER = Path(__file__).parents[2] / "examples" / "notices" / "office"
_OTHER = Path(__file__).parent / "files"
_CALENDAR = WorkCalendar()


def _text(path: Path) -> str:
    return word_text(path.read_bytes()) if path.suffix == ".docx" else excel_text(path.read_bytes())


def _read(path: Path) -> Notice:
    return read_notice(_text(path).encode(), name=path.name, calendar=_CALENDAR)


def _expected(name: str) -> Any:
    return json.loads((_FOLDER / name).with_suffix(".json").read_text())


@pytest.mark.parametrize("name", FILES)
def test_an_example_is_read_as_it_is_printed(name: str) -> None:
    assert _read(_FOLDER / name).to_json() == _expected(name)


@pytest.mark.parametrize("name", sorted(path.name for path in _OTHER.iterdir()))
def test_the_same_notice_saved_by_another_program_reads_the_same(name: str) -> None:
    assert _read(_OTHER / name).to_json() == _expected(name)


def test_the_script_still_makes_these_files(tmp_path: Path) -> None:
    main(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in _FOLDER.iterdir())
    for name in FILES:
        assert _text(tmp_path / name) == _text(_FOLDER / name)
        assert (tmp_path / name).with_suffix(".json").read_bytes() == (_FOLDER / name).with_suffix(".json").read_bytes()


_WORD = st.text(st.sampled_from("区水务局修渠12.（）、，。|｜*_\\ab#- <>"), min_size=1, max_size=12)
_CELL = st.lists(_WORD.map(str.strip).filter(bool), min_size=1, max_size=3).map("\n".join)
_TABLE = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(_CELL, min_size=width, max_size=width), min_size=1, max_size=4)
)


def _of_word(table: list[list[str]]) -> str:
    document = Document()
    made = document.add_table(len(table), len(table[0]))
    for at, row in enumerate(table):
        for column, words in enumerate(row):
            made.cell(at, column).text = words
    data = io.BytesIO()
    document.save(data)
    return word_text(data.getvalue())


def _of_excel(table: list[list[str]]) -> str:
    book: Any = Workbook()
    for at, row in enumerate(table, start=1):
        for column, words in enumerate(row, start=1):
            cell = book.active.cell(at, column)
            cell.value, cell.data_type = words, "s"
    data = io.BytesIO()
    book.save(data)
    return excel_text(data.getvalue())


@pytest.mark.parametrize("written", [_of_word, _of_excel])
@settings(max_examples=25, deadline=None)
@given(table=_TABLE)
def test_any_table_comes_back_with_its_words(written: Callable[[list[list[str]]], str], table: list[list[str]]) -> None:
    lines = lines_of(written(table))
    found = [[[piece.split() for piece in cell.lines] for cell in cells_of(line)] for line in lines]
    assert found == [[[piece.split() for piece in cell.split("\n")] for cell in row] for row in table]
