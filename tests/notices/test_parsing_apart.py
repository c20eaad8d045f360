"""A parser that hangs, hoards or crashes harms nobody but itself, and its file is refused with a sentence."""

import time
from pathlib import Path

import pytest

from notices.notice import NoticeError
from notices.sandbox import KINDS, Bounds, run_apart

_SMALL = Bounds(memory=300 * 1024**2, cpu=1, wall=3.0, output=1000)


def _run(parser: str, data: bytes = b"") -> object:
    return run_apart(f"tests.notices.parsers:{parser}", data, _SMALL)


def _refusal(parser: str, data: bytes = b"") -> str:
    with pytest.raises(NoticeError) as caught:
        _run(parser, data)
    assert str(caught.value).endswith("。")
    return caught.value.code


def test_what_a_parser_returns_comes_back() -> None:
    assert _run("echo", "督查\n".encode()) == "督查\n"


@pytest.mark.parametrize("parser", ["hang", "spin", "hoard"])
def test_a_parser_without_an_end_is_killed(parser: str) -> None:
    begun = time.perf_counter()
    assert _refusal(parser) == "too_heavy"
    assert time.perf_counter() - begun < 10


def test_memory_ends_before_time_does() -> None:
    with pytest.raises(NoticeError) as caught:
        _run("hoard")
    assert str(caught.value.__cause__) == "out of memory"


def test_more_output_than_is_taken_is_refused() -> None:
    assert _run("chatter", b"900") == "x" * 900
    assert _refusal("chatter", b"10000000") == "too_heavy"


@pytest.mark.parametrize(("parser", "code"), [("crash", "too_heavy"), ("stumble", "damaged")])
def test_a_parser_that_falls_over_is_a_refusal(parser: str, code: str) -> None:
    assert _refusal(parser) == code


def test_a_parser_writes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "left-behind"
    assert _refusal("write", str(file).encode()) == "damaged"
    assert not file.exists() or file.stat().st_size == 0


def test_a_parser_knows_nothing_of_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TELEGRAM_TOKEN", "123:secret")
    found = _run("look_around")
    assert isinstance(found, dict)
    assert "secret" not in str(found)
    assert found["folder"] == "/"


def test_every_kind_names_a_function_of_the_notices() -> None:
    assert set(KINDS) == {"word", "excel", "pdf", "workbook", "cells"}
    assert all(target.startswith("notices.") and target.count(":") == 1 for target in KINDS.values())
