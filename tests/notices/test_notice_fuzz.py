"""Whatever bytes come in, a notice or a sentence comes out, nothing in it is invented, and it does not take long."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.html import plain
from notices.notice import Notice, NoticeError
from notices.page import lines_of
from notices.read import read_notice
from rules.workdays import WorkCalendar

_CALENDAR = WorkCalendar()
_EXAMPLES = Path(__file__).parents[2] / "examples"
_TEXTS = [path.read_text() for path in sorted((*_EXAMPLES.glob("*.txt"), *(_EXAMPLES / "notices").glob("*.txt")))]
_HEAD = "清河区人民政府办公室\n关于分解落实2025年重点任务的通知\n各镇街：\n请抓好落实。\n清河区人民政府办公室\n2025年2月14日\n附件\n任务表\n"
_PATIENCE = 20.0  # seconds of processor time on a busy machine; a quiet one needs a quarter
_SCRAPS = st.sampled_from(
    [
        "\n",
        "\t",
        "|",
        " ",
        "。",
        "（",
        "）",
        "：",
        "、",
        "责任单位：",
        "牵头",
        "1.",
        "（一）",
        "附件2",
        "<br>",
        "**",
        "<td>",
        "</table>",
        "合计",
    ]
)


def _try(data: bytes) -> Notice | NoticeError:
    try:
        return read_notice(data, name="x", calendar=_CALENDAR)
    except NoticeError as error:
        return error


def _is_within(words: str, source: str) -> bool:
    """Tell whether the words' signs stand in the source in this order."""
    rest = iter(source)
    return all(sign in rest for sign in words)


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    """Cut, double, swap and spoil pieces of an example."""
    text = draw(st.sampled_from(_TEXTS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 60)))
        piece = draw(st.sampled_from(["", text[start:end] * 2, text[start:end][::-1]]) | _SCRAPS)
        text = text[:start] + piece + text[end:]
    return text


@settings(max_examples=150)
@given(_mutated())
def test_a_spoilt_notice_gives_only_what_stands_in_it(text: str) -> None:
    result = _try(text.encode())
    if isinstance(result, NoticeError):
        assert str(result).endswith("。")
        return
    # line by line: a <br or a * that a line end cuts from its other half is no mark
    lines = (line.replace("**", "").replace("<br>", "") for line in lines_of(plain(text)))
    source = "".join("".join(lines).split())
    told = "".join(remark.message for remark in result.warnings if remark.code == "joined_name")
    for task in result.tasks:
        assert _is_within("".join(task.text.split()), source)
        for owner in task.owners:
            name = "".join(owner.name.split())
            assert name in source or (owner.name in told and _is_within(name, source))


@given(st.binary(max_size=600) | st.binary(max_size=300).map(lambda data: _HEAD.encode() + data))
def test_any_bytes_give_a_notice_or_a_sentence(data: bytes) -> None:
    result = _try(data)
    assert isinstance(result, Notice) or (result.code and str(result).endswith("。"))


@pytest.mark.parametrize(
    "text",
    [
        "序号\t任务\t责任单位\n" + "".join(f"{no}\t修渠{no}公里。\t区水务{no}局\n" for no in range(1, 19_000)),
        "序號\t任務\t責任單位\n" + "".join(f"{no}\t修渠{no}公里。\t區水務{no}局\n" for no in range(1, 19_000)),
        "序号     工作任务        责任单位\n"
        + "".join(f"{no:<6}   修渠{no:<10} 区水务局\n" for no in range(1, 19_000)),
        "1.修渠" + "（责任单位：区水务局）" * 80_000,
        "1.修渠" + "（责任单位：" * 150_000,
        "（一）区水务局牵头工作（8项）\n" * 19_900,
        "附件1\n任务表\n1.修渠（责任单位：区水务局）\n" * 6_000,
        "<html><body>" + "<table><tr><td rowspan=9999 colspan=9999>1<td>区水务局" * 20_000,
        "|" * 900_000,
        "1\n" * 40_000,
    ],
    ids=["names", "traditional", "aligned", "parentheses", "unclosed", "headings", "annexes", "web", "pipes", "lines"],
)
def test_a_hostile_text_is_read_or_refused_in_time(text: str) -> None:
    begun = time.process_time()
    _try((_HEAD + text).encode())
    assert time.process_time() - begun < _PATIENCE


def test_a_thousand_rows_and_more_are_read_to_the_last() -> None:
    for rows in (
        "序号\t任务\t责任单位\n" + "".join(f"{no}\t修渠{no}公里。\t区水务局\n" for no in range(1, 1201)),
        "序号\n任务\n责任单位\n" + "".join(f"{no}\n修渠{no}公里。\n区水务局\n" for no in range(1, 1201)),
        "".join(f"{no}.修渠{no}公里。（责任单位：区水务局）\n" for no in range(1, 1201)),
    ):
        result = _try((_HEAD + rows).encode())
        assert isinstance(result, Notice)
        assert [task.no for task in result.tasks] == list(range(1, 1201))
