"""How Telegram reads HTML (Bot API "HTML style"; td MessageEntity.cpp) and finds commands."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.rehearsal.botapi.args import Args
from duban.rehearsal.botapi.html import parse_html
from duban.rehearsal.botapi.texts import found_entities, read_text
from duban.rehearsal.botapi.wire import ApiError, utf16_length


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>督</b>办", "督办", [("bold", 0, 1)]),
        ("😀<i>x</i>", "😀x", [("italic", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ('<a href="https://gov.example/?a=1&amp;b=2">页</a>', "页", [("text_link", 0, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("a &lt; b &amp;&amp; c &#20013;&#x6587; &copy; & &", "a < b && c 中文 &copy; & &", []),
        ("<b></b>x", "x", []),
    ],
)
def test_tags_become_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    read, found = parse_html(source)
    assert read == text
    assert [(e["type"], e["offset"], e["length"]) for e in found] == entities


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("中<script>x</script>", 'Unsupported start tag "script" at byte offset 3'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("a<{place}>", 'Unsupported start tag "{place}" at byte offset 1'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<br>", 'Unsupported start tag "br" at byte offset 0'),
    ],
)
def test_broken_markup_is_refused_with_its_place(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_escaped_text_is_read_back_unchanged(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    read, entities = parse_html(f"<b>{escaped}</b>")
    assert read == text
    assert entities == ([{"offset": 0, "length": utf16_length(text), "type": "bold"}] if text else [])


@given(st.text(max_size=80))
def test_any_html_is_read_or_refused(source: str) -> None:
    with contextlib.suppress(ApiError):
        text, entities = parse_html(source)
        assert all(e["offset"] + e["length"] <= utf16_length(text) for e in entities)


def test_text_is_trimmed_and_its_entities_move() -> None:
    content = read_text(Args(text="\n <b> 督办 </b> \n", parse_mode="HTML"))
    assert content == {"text": "督办", "entities": [{"offset": 0, "length": 2, "type": "bold"}]}


def test_only_a_hundred_entities_are_shown() -> None:
    assert len(read_text(Args(text="<b>x</b> " * 150, parse_mode="html"))["entities"]) == 100


def test_an_unknown_parse_mode_is_refused() -> None:
    with pytest.raises(ApiError, match="unsupported parse_mode"):
        read_text(Args(text="x", parse_mode="BBCode"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start CODE_1", [("bot_command", 0, 6)]),
        ("😀 /overdue@duban_bot", [("bot_command", 3, 18)]),
        ("第一/二季度 a/b //x", []),
        ("@office #督办 https://gov.example/a", [("mention", 0, 7), ("hashtag", 8, 3), ("url", 12, 21)]),
    ],
)
def test_commands_are_found_in_utf16_offsets(text: str, found: list[tuple[str, int, int]]) -> None:
    entities: list[dict[str, Any]] = found_entities(text)
    assert [(e["type"], e["offset"], e["length"]) for e in entities] == found
