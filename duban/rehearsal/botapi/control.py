"""Let people be played from outside, by curl: a thin road to User and the journal."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aiohttp import web

if TYPE_CHECKING:
    from duban.rehearsal.botapi.chats import Message
    from duban.rehearsal.botapi.server import BotApi
    from duban.rehearsal.botapi.users import User

SAYS = {"send", "edit", "contact", "photo", "document", "sticker", "forward", "media_group"}
ACTIONS = SAYS | {"press", "press_raw", "block", "unblock", "deactivate"}


class Control:
    """Answer /control/…; POST acts, GET looks."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def __call__(self, request: web.BaseRequest, path: str, query: str) -> web.Response:
        """Answer one request; a mistake in it is 400 with a plain sentence."""
        try:
            if request.method == "POST":
                return web.json_response(self._act(path, await _body(request)))
            if "/file/" in path:
                return web.Response(body=self._file(path), content_type="application/octet-stream")
            return web.json_response(self._look(path, {name: v[-1] for name, v in parse_qs(query).items()}))
        except (LookupError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)

    def _act(self, path: str, body: dict[str, Any]) -> Any:
        user, action = self._user(path)
        if action == "":
            return self._api.user(user.id, **body).card
        if action not in ACTIONS:
            raise LookupError(f"no action {action!r}: one of {', '.join(sorted(ACTIONS))}")
        if action == "document" or "base64" in body:
            body["data"] = b64decode(body.pop("base64")) if "base64" in body else str(body.pop("text", "")).encode()
        if isinstance(body.get("button"), list):
            body["button"] = tuple(body["button"])
        return getattr(user, action)(**body)

    def _look(self, path: str, query: dict[str, str]) -> Any:
        if path == "journal":
            since = int(query.get("since", "0"))
            return [json.loads(entry.line()) for entry in self._api.journal if entry.seq > since]
        if path == "state":
            return {"pending": self._api.pending, "confirmed_offset": self._api.confirmed_offset}
        user, what = self._user(path)
        if what == "toasts":
            return user.toasts
        if what != "messages":
            raise LookupError(
                f"nothing to see at {path!r}: user/ID/messages, user/ID/file/MESSAGE, user/ID/toasts, journal or state"
            )
        return [_shown(message) for message in user.inbox]

    def _file(self, path: str) -> bytes:
        """Give the bytes of a file the bot sent: user/ID/file/MESSAGE."""
        user, what = self._user(path)
        number = int(what.removeprefix("file/"))
        sent = next((message.file for message in user.inbox if message.message_id == number), None)
        if sent is None:
            raise LookupError(f"the bot sent no file as message {number} to {user.id}")
        return sent.data

    def _user(self, path: str) -> tuple[User, str]:
        room, _, rest = path.partition("/")
        number, _, action = rest.partition("/")
        if room != "user":
            raise LookupError(f"no room {room!r}: user/ID/ACTION, journal or state")
        return self._api.user(int(number)), action


async def _body(request: web.BaseRequest) -> dict[str, Any]:
    given = json.loads(await request.content.read() or b"{}")  # read() would take no more than a megabyte
    if not isinstance(given, dict):
        raise TypeError("the body must be a JSON object")
    return given


def _shown(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "text": message.text,
        "buttons": message.buttons,
        "date": message.date.isoformat(),
        "edited": None if message.edited is None else message.edited.isoformat(),
        "document": None if message.file is None else message.file.name,
    }
