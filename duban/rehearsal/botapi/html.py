"""Read Telegram's HTML: text without tags, entities in UTF-16 units, or the error Telegram names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from duban.rehearsal.botapi.wire import ApiError, Json, bad_request, utf16_length

TAGS = {  # Bot API "HTML style"
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
_SPECIAL = re.compile(r"[<&]")
_CHARACTER = re.compile(r"&(?:#\d{1,8}|#x[0-9a-fA-F]{1,8}|(?:lt|gt|amp|quot)(?![a-zA-Z0-9]));?")
_END_TAG = re.compile(r"</([^\s>]*)\s*>")
_START_TAG = re.compile(r"<([^\s>/]*)((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")


@dataclass(slots=True)
class _Open:
    name: str
    start: int
    attributes: dict[str, str]


@dataclass(slots=True)
class _Reader:
    source: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)

    def error(self, reason: str, at: int) -> ApiError:
        place = len(self.source[:at].encode())
        return bad_request("can't parse entities: " + reason.format(place=place))


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Split HTML into text and entities; raises the 400 of td MessageEntity.cpp parse_html."""
    if not _SPECIAL.search(source):
        return source, []
    reader = _Reader(source)
    at = 0
    while found := _SPECIAL.search(source, at):
        reader.add(source[at : found.start()])
        at = _special(reader, found.start())
    reader.add(source[at:])
    if reader.stack:
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{reader.stack[-1].name}\""
        )
    reader.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return "".join(reader.parts), reader.entities


def _special(reader: _Reader, at: int) -> int:
    if reader.source[at] == "&":
        return _character(reader, at)
    return _end_tag(reader, at) if reader.source.startswith("</", at) else _start_tag(reader, at)


def _character(reader: _Reader, at: int) -> int:
    found = _CHARACTER.match(reader.source, at)
    reader.add(unescape(found[0].rstrip(";") + ";") if found else "&")
    return found.end() if found else at + 1


def _start_tag(reader: _Reader, at: int) -> int:
    found = _START_TAG.match(reader.source, at)
    if not found:
        raise reader.error("Unclosed start tag at byte offset {place}", at)
    name = found[1].lower()
    if name not in TAGS:
        raise reader.error(f'Unsupported start tag "{_braced(name)}" at byte offset {{place}}', at)
    attributes = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(found[2])}
    if name == "span" and attributes.get("class") != "tg-spoiler":
        raise reader.error('Tag "span" must have class "tg-spoiler" at byte offset {place}', at)
    reader.stack.append(_Open(name, reader.length, attributes))
    return found.end()


def _end_tag(reader: _Reader, at: int) -> int:
    found = _END_TAG.match(reader.source, at)
    if not found:
        raise reader.error("Unclosed end tag at byte offset {place}", at)
    if not reader.stack:
        raise reader.error("Unexpected end tag at byte offset {place}", at)
    opened = reader.stack.pop()
    if found[1] and found[1].lower() != opened.name:
        reason = f'expected "</{opened.name}>", found "</{_braced(found[1])}>"'
        raise reader.error(f"Unmatched end tag at byte offset {{place}}, {reason}", at)
    if reader.length > opened.start:
        _add_entity(reader, opened)
    return found.end()


def _add_entity(reader: _Reader, opened: _Open) -> None:
    entity: Json = {"offset": opened.start, "length": reader.length - opened.start, "type": TAGS[opened.name]}
    if opened.name == "a":
        if "." not in opened.attributes.get("href", "") and "://" not in opened.attributes.get("href", ""):
            return
        entity["url"] = opened.attributes["href"]
    if opened.name == "tg-emoji":
        entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
    if opened.name == "blockquote" and "expandable" in opened.attributes:
        entity["type"] = "expandable_blockquote"
    reader.entities.append(entity)


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
