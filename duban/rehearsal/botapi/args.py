"""Read a call's parameters from query, form, JSON or multipart, as leniently as Telegram does."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web

from duban.rehearsal.botapi.wire import bad_request

if TYPE_CHECKING:
    from aiohttp.multipart import MultipartReader

CHUNK = 1 << 16
_SURROGATE = re.compile("[\ud800-\udfff]")
_LEADING_INTEGER = re.compile(r"\s*(-?\d+)")


@dataclass(frozen=True, slots=True)
class Upload:
    """Hold one file sent as multipart."""

    name: str
    data: bytes
    mime: str

    def __repr__(self) -> str:
        """Show name and size, not bytes: this stands in the journal."""
        return f"Upload({self.name!r}, {len(self.data)} bytes)"


class Args(dict[str, Any]):
    """Hold parameters by name; unknown ones are kept and ignored (observed Bot API behaviour)."""

    def integer(self, name: str, default: int = 0) -> int:
        """Read an integer; what does not begin with one counts as the default (tdlib Client.cpp get_integer_arg)."""
        found = _LEADING_INTEGER.match(str(self.get(name, "")))
        return int(found[1]) if found else default

    def text(self, name: str) -> str:
        """Read a string, refusing lone surrogates (tdlib: strings must be encoded in UTF-8)."""
        value = self.get(name)
        text = "" if value is None else str(value)
        if not text.isascii() and _SURROGATE.search(text):
            raise bad_request("strings must be encoded in UTF-8")
        return text

    def flag(self, name: str) -> bool:
        """Read a boolean (tdlib Client.cpp to_bool: true, yes, 1)."""
        return str(self.get(name, "")).strip().lower() in {"true", "yes", "1"}

    def structure(self, name: str) -> Any:
        """Read a JSON-serialized object or list; an absent or empty one is None."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def journal_form(self) -> Args:
        """Give a copy for the journal: serialized objects opened, the bytes of uploads left out."""
        kept = Args(self)
        for name, value in self.items():
            if isinstance(value, Upload):
                kept[name] = repr(value)
            elif isinstance(value, str) and value[:1] in {"{", "["} and name != "text":
                kept[name] = _opened(value)
        if isinstance(kept.get("chat_id"), str):
            kept["chat_id"] = self.integer("chat_id") or kept["chat_id"]
        return kept


def _opened(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


async def read_args(request: web.BaseRequest, query: str) -> Args:
    """Read every parameter of a request (Bot API "Making requests": four ways to pass them)."""
    args = Args(parse_qsl(query, keep_blank_values=True)) if query else Args()
    if not request.body_exists:
        return args
    kind = request.content_type
    if kind == "multipart/form-data":
        await _read_multipart(await request.multipart(), args)
        return args
    body = await request.content.read()
    if kind == "application/json":
        args.update(_json_object(body))
    else:
        args.update(parse_qsl(body.decode("utf-8", "surrogateescape"), keep_blank_values=True))
    return args


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body) if body.strip() else {}
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        raise bad_request("can't parse JSON object")
    return parsed


async def _read_multipart(reader: MultipartReader, args: Args) -> None:
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytearray()
        while chunk := await part.read_chunk(CHUNK):  # read() would take no more than a megabyte
            data += chunk
        if part.filename is None:
            args[part.name] = data.decode("utf-8", "replace")
        else:
            args[part.name] = Upload(
                part.filename, bytes(data), part.headers.get("Content-Type", "application/octet-stream")
            )
