"""Bytes become text, or one sentence on why not."""

import codecs

import pytest

from notices.decode import MAX_BYTES, decode
from notices.notice import NoticeError
from notices.page import join, lines_of, squeeze
from notices.repair import repair

_WORDS = "关于分解落实重点任务的通知"


@pytest.mark.parametrize(
    "data",
    [
        _WORDS.encode(),
        codecs.BOM_UTF8 + _WORDS.encode(),
        _WORDS.encode("gb18030"),
        _WORDS.encode("utf-16"),
        codecs.BOM_UTF16_BE + _WORDS.encode("utf-16-be"),
    ],
)
def test_every_usual_encoding_gives_the_same_text(data: bytes) -> None:
    assert decode(data) == _WORDS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        (b"plain\0text", "binary"),
        (b"\x01\x02\x03\x04 text", "binary"),
        (b"\xff\xff\xff\xff\xff", "undecodable"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_text_is_refused_with_a_code_and_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(NoticeError) as caught:
        decode(data)
    assert caught.value.code == code
    assert str(caught.value).endswith("。")


def test_damaged_glyphs_are_put_back_and_reported_once() -> None:
    text, remarks = repair("清政办发“2025”6号 †方案‡和‚清单‛的配臵")
    assert text == "清政办发〔2025〕6号 《方案》和“清单”的配置"
    assert [remark.code for remark in remarks] == ["damaged_glyphs"]
    assert "†→《（1处）" in remarks[0].message


def test_sound_text_is_left_alone_without_a_remark() -> None:
    assert repair("“十五五”规划（2025）1号") == ("“十五五”规划（2025）1号", [])


def test_page_marks_and_markdown_marks_are_no_text() -> None:
    text = "—3—\n## **一、总体**\n- 2.办好住房—12—\n<u>4</u>\n- 5 -\n第 6 页\n城中城1—2个"
    assert lines_of(text) == ["一、总体", "2.办好住房", "城中城1—2个"]


def test_layout_spaces_go_but_words_stay_apart() -> None:
    assert squeeze(" 增长 5.6%左右，AIC 股权 VR Plus ") == "增长5.6%左右，AIC股权VR Plus"
    assert join(["建成 12", "个 Wi", "Fi 热点"]) == "建成12个Wi Fi热点"
