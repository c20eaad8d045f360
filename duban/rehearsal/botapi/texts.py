"""Make a text as Telegram shows it: parsed, trimmed, measured, with entities."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from duban.rehearsal.botapi.html import parse_html
from duban.rehearsal.botapi.wire import Json, bad_request, utf16_length

if TYPE_CHECKING:
    from duban.rehearsal.botapi.args import Args

TEXT_LIMIT = 4096  # Bot API sendMessage; code points: td MessageContent.cpp:4757
CAPTION_LIMIT = 1024  # Bot API sendDocument
SHOWN_ENTITIES = 100  # observed; only the first hundred are shown
_FOUND_IN_TEXT = re.compile(
    r"(?P<url>https?://[^\s<>]+)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
)


def found_entities(text: str) -> list[Json]:
    """Find commands, mentions, links and tags, as Telegram does in every message."""
    if not _FOUND_IN_TEXT.search(text):
        return []
    return [
        {"offset": utf16_length(text[: m.start()]), "length": utf16_length(m[0]), "type": m.lastgroup}
        for m in _FOUND_IN_TEXT.finditer(text)
    ]


def read_text(args: Args) -> Json:
    """Read text and entities of a message; raises 400 for an empty or too long one (Bot API sendMessage)."""
    content = _parsed(args, "text", "entities")
    if not content["text"]:
        raise bad_request("message text is empty")
    if len(content["text"]) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return content


def read_caption(args: Args) -> Json:
    """Read caption and its entities; raises 400 for one over 1024 code points (Bot API sendDocument)."""
    content = _parsed(args, "caption", "caption_entities")
    if len(content.get("caption", "")) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return content if content["caption"] else {}


def spoken(text: str) -> Json:
    """Make a person's text; raises ValueError for one no client sends."""
    shown = text.strip()
    if not 1 <= len(shown) <= TEXT_LIMIT:
        raise ValueError(f"a client sends 1..{TEXT_LIMIT} characters, not {len(shown)}: forge with push_update")
    entities = found_entities(shown)
    return {"text": shown, "entities": entities} if entities else {"text": shown}


def spoken_caption(caption: str | None) -> Json:
    """Make a person's caption, nothing for none."""
    if not caption:
        return {}
    entities = found_entities(caption)
    return {"caption": caption, "caption_entities": entities} if entities else {"caption": caption}


def _parsed(args: Args, name: str, entities_name: str) -> Json:
    source = args.text(name)
    mode = args.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode in {"", "none"}:
        text, entities = source, _given_entities(args, entities_name)
    else:
        raise bad_request(f"unsupported parse_mode {mode}: this server reads HTML only")
    if "\r" in text or "\0" in text:
        text = text.replace("\r", "").replace("\0", " ")
    shown = text.strip()
    entities = entities or found_entities(shown)
    if entities and shown != text:
        entities = _moved(entities, utf16_length(text[: len(text) - len(text.lstrip())]), utf16_length(shown))
    return {name: shown, entities_name: entities[:SHOWN_ENTITIES]} if entities else {name: shown}


def _given_entities(args: Args, name: str) -> list[Json]:
    entities = args.structure(name) or []
    if not isinstance(entities, list) or not all(isinstance(e, dict) and "type" in e for e in entities):
        raise bad_request("can't parse entities: expected an Array of MessageEntity")
    return entities


def _moved(entities: list[Json], cut: int, length: int) -> list[Json]:
    moved = []
    for entity in entities:
        start = min(max(entity["offset"] - cut, 0), length)
        end = min(entity["offset"] - cut + entity["length"], length)
        if end > start:
            moved.append(entity | {"offset": start, "length": end - start})
    return moved
