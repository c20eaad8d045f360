"""One small fictional notice per layout is read field by field as its paper prints it; the reading lies beside it."""

import json
import time
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.notice import Notice, NoticeError
from notices.page import lines_of
from notices.read import read_notice
from rules.workdays import WorkCalendar

_FOLDER = Path(__file__).parents[2] / "examples" / "notices"
_NAMES = sorted(path.stem for path in _FOLDER.glob("*.txt"))
_SHARED = Path(__file__).parents[2].parent / "shared" / "notices"
_CALENDAR = WorkCalendar()
_RUN = 24


def _read(data: bytes) -> Notice:
    return read_notice(data, name="x", calendar=_CALENDAR)


@cache
def _text(name: str) -> str:
    return (_FOLDER / f"{name}.txt").read_text()


def test_every_example_has_its_reading_beside_it() -> None:
    assert len(_NAMES) >= 14
    assert sorted(path.stem for path in _FOLDER.glob("*.json")) == _NAMES


@pytest.mark.parametrize("name", _NAMES)
def test_an_example_is_read_as_it_is_printed(name: str) -> None:
    assert _read(_text(name).encode()).to_json() == json.loads((_FOLDER / f"{name}.json").read_text())


@pytest.mark.parametrize("name", _NAMES)
def test_windows_line_ends_and_another_encoding_change_nothing(name: str) -> None:
    data = _text(name).replace("\n", "\r\n").encode("gb18030")
    assert _read(data).tasks == _read(_text(name).encode()).tasks


@pytest.mark.parametrize("name", ["label-lines", "leader-groups", "parenthesis", "verbs", "lead-unit-groups"])
def test_page_debris_between_any_two_lines_changes_no_task(name: str) -> None:
    lines = _text(name).split("\n")
    expected = _read(_text(name).encode()).tasks
    for mark in ("- 7 -", "第 7 页 共 9 页", "—7—", "<u>7</u>"):
        assert _read(f"\n{mark}\n".join(lines).encode()).tasks == expected


@pytest.mark.skipif(not _SHARED.is_dir(), reason="the published notices are not beside the project")
@pytest.mark.parametrize("name", _NAMES)
def test_no_example_borrows_a_sentence_from_a_published_notice(name: str) -> None:
    published = "".join("".join(path.read_text().split()) for path in _SHARED.glob("0*.txt"))
    words = "".join(_text(name).split())
    assert not [words[at : at + _RUN] for at in range(len(words) - _RUN + 1) if words[at : at + _RUN] in published]


_LINES = [line for name in _NAMES for line in _text(name).split("\n")]


@given(st.lists(st.sampled_from(_LINES), max_size=50).map("\n".join))
def test_of_shuffled_lines_nothing_is_read_that_is_not_printed(text: str) -> None:
    try:
        notice = _read(text.encode())
    except NoticeError:
        return
    source = "".join("".join(lines_of(text)).replace("**", "").replace("<br>", "").split())
    told = "".join(remark.message for remark in notice.warnings if remark.code == "joined_name")
    for task in notice.tasks:
        assert task.text
        assert all("".join(owner.name.split()) in source or owner.name in told for owner in task.owners)


def test_a_line_of_four_million_spaces_costs_no_time() -> None:
    begun = time.perf_counter()
    with pytest.raises(NoticeError):
        _read((" " * 4_000_000 + "x").encode())
    assert time.perf_counter() - begun < 2


_TELL = {"unread_row", "number_gap", "control_total", "number_repeat"}


@pytest.mark.parametrize("name", ["label-lines", "parenthesis", "verbs", "cells", "tabs", "leader-column", "pdf"])
def test_a_lost_line_costs_one_task_at_most_or_is_told(name: str) -> None:
    lines = _text(name).split("\n")
    count = len(_read(_text(name).encode()).tasks)
    first = next(at for at, line in enumerate(lines) if line.strip().startswith("附件")) + 3
    for at in (at for at in range(first, len(lines)) if "序" not in lines[at]):
        try:
            notice = _read("\n".join([*lines[:at], *lines[at + 1 :]]).encode())
        except NoticeError:
            continue
        told = {remark.code for remark in notice.warnings} & _TELL
        assert len(notice.tasks) >= count - 1 or told, lines[at]
