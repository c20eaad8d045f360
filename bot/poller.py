"""Updates are fetched and stored: Telegram is told of them only after they are on disk.

Telegram forgets an update once a poll asks for a higher offset (Bot API, getUpdates); so the offset moves after the
commit, never before, and starts at 0: what was not confirmed comes again and is known by its key.
"""

import hashlib
import json
import logging
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import (
    ApiError,
    RefusedError,
    TelegramApi,
    ThrottledError,
    UnauthorizedError,
    UnreadableError,
    result_of,
)
from bot.desk import Office
from office.chasing.draining import note_poll
from rules import meters
from rules.clock import Clock
from rules.failpoints import reach
from storage import inbox
from storage.store import Store, Transaction

log = logging.getLogger("duban.poller")
LIMIT = 100
LONG_POLL_SECONDS = 25
DEAF_AFTER = 120.0  # seconds without a good poll after which the service says so
LONGEST_WAIT = 30.0
LONGEST_KEY = 200
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


IDS = 2**52  # Telegram's ids fit into 52 bits
TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)  # of JSON: what can open, close or hide a bracket
NUMBER = re.compile(r'"update_id"\s*:\s*(\d{1,15})\b')


class DeafError(Exception):
    """The bot cannot receive: its token is refused for good."""


@dataclass
class Poller:
    """Fetches updates from one Bot API server into the inbox."""

    api: TelegramApi
    store: Store
    clock: Clock
    office: Office
    after_commit: Callable[[], None]
    last_good_at: datetime | None = None
    refused_since: datetime | None = None  # since when the token is refused on end
    conflict_at: datetime | None = None  # when another program last polled with this token
    _offset: int = 0

    async def run(self) -> None:
        """Poll for ever.

        Raises: DeafError where the token has been refused for two minutes on end.
        """
        failures = 0
        while True:
            try:
                asked = self._offset
                patience = LONG_POLL_SECONDS if self.last_good_at else 0  # first, what came while the service was down
                received = await self.poll_once(seconds=patience)
                failures = 0
                if received and self._offset == asked:  # none of them can be confirmed, so they come again at once
                    await self.clock.sleep(1)
            except ApiError as error:
                failures += 1
                self._judge(error)
                await self.clock.sleep(_wait(error, failures))
            except Exception:  # e.g. the disk is full: nothing was confirmed, so Telegram keeps it
                failures += 1
                meters.POLLS.labels("not stored").inc()
                log.exception("updates could not be stored; they stay with Telegram")
                await self.clock.sleep(_wait(None, failures))

    async def poll_once(self, *, seconds: int = 0) -> int:
        """Fetch and store once; gives how many updates came.

        Raises: ApiError where Telegram did not answer.
        """
        began_at = self.clock.now()
        params = {"offset": self._offset, "limit": LIMIT, "timeout": seconds, "allowed_updates": KINDS}
        code, body = await self.api.fetch("getUpdates", json_body=params, seconds=seconds + 15)
        updates = _read(code, body)
        reach("poller.fetched")
        at = self.clock.now()
        rows = [update.row(at) for update in updates]
        came_short = len(updates) < LIMIT

        def act(tx: Transaction) -> None:
            inbox.add_updates(tx, rows)
            if came_short:
                note_poll(self.office.work(tx), began_at=began_at)

        await self.store.write(act)
        meters.UPDATES.labels("received").inc(len(rows))
        meters.POLLS.labels("answered").inc()
        reach("poller.stored")
        self.last_good_at, self.refused_since = self.clock.now(), None
        numbers = [update.number for update in updates if update.number is not None]
        if numbers:
            self._offset = max(numbers) + 1
        elif not updates:
            # all is confirmed, and numbers may start again below (Bot API, Update): none must be passed over
            self._offset = 0
        if rows:
            self.after_commit()
        return len(rows)

    def _judge(self, error: ApiError) -> None:
        now = self.clock.now()
        if not isinstance(error, UnauthorizedError):
            self.refused_since = None
        elif self.refused_since is None:
            self.refused_since = now
        elif (now - self.refused_since).total_seconds() > DEAF_AFTER:
            raise DeafError("Telegram refuses the token; put the right one into [telegram] token and start again")
        is_conflict = isinstance(error, RefusedError) and error.code == 409
        is_refused = isinstance(error, UnauthorizedError)
        meters.POLLS.labels("conflict" if is_conflict else "refused" if is_refused else "failed").inc()
        if is_conflict:
            self.conflict_at = now
            log.critical(
                "another program polls with this bot's token (409): stop it, or revoke the token in @BotFather"
            )
        else:
            log.warning("no updates: %s (the last came %s)", error, self.last_good_at or "before this start")


@dataclass(frozen=True, slots=True)
class Received:
    """One update: its JSON text, and what it says as far as it could be read."""

    raw: str
    content: Any
    number: int | None

    def row(self, at: datetime) -> dict[str, Any]:
        """Give it as it is stored: whatever it holds, it can be."""
        body, identity = _described(self.content)
        chat = body.get("chat") if isinstance(body, dict) else None
        chat_id = _id(chat.get("id")) if isinstance(chat, dict) else None
        key = f"{self.number}:{chat_id}:{identity}"
        if self.number is None or not (key.isascii() and key.isprintable() and len(key) <= LONGEST_KEY):
            key = f"{self.number}:{hashlib.sha256(self.raw.encode()).hexdigest()}"
        return {"dedupe": key, "chat_id": chat_id, "raw": self.raw, "received_at": at}


def _read(code: int, body: bytes) -> list[Received]:
    """Read the updates of an answer; one that cannot be read must not hold up the others.

    Raises: ApiError where the answer is no list of updates.
    """
    try:
        found = result_of(code, body)
        if isinstance(found, list):
            return [_received(update) for update in found]
    except (UnreadableError, RecursionError):
        pass
    apart = list(_apart(body.decode("utf-8", "replace").replace("\0", "\ufffd"))) if code == 200 else []
    if not apart:
        raise UnreadableError(f"HTTP {code} without a list of updates")
    return apart


def _received(update: Any) -> Received:
    number = _id(update.get("update_id")) if isinstance(update, dict) else None
    return Received(json.dumps(update), update, number)  # ASCII only: no lone surrogate can keep it from being stored


def _apart(text: str) -> Iterator[Received]:
    """Read each object of the result by itself; nothing where the text is cut off."""
    depth, begin, parts, name = 0, 0, [], ""
    for token in TOKENS.finditer(text):
        if token[0][0] == '"':
            name = token[0] if depth == 1 else name
        elif token[0] in "[{":
            depth += 1
            begin = token.start() if depth == 3 else begin
        else:
            depth -= 1
            if depth == 2 and name == '"result"':
                parts.append(text[begin : token.end()])
    return map(_read_apart, parts if depth == 0 else [])


def _read_apart(text: str) -> Received:
    try:
        return _received(json.loads(text))
    except (ValueError, RecursionError):
        found = NUMBER.search(text)
        return Received(text, None, int(found[1]) if found else None)


def _described(update: Any) -> tuple[Any, str]:
    """Give the part that names the chat, and what tells this update from one with a number used again."""
    if not isinstance(update, dict):
        return None, ""
    for kind in ("message", "edited_message", "my_chat_member"):
        if isinstance(body := update.get(kind), dict):
            return body, f"{body.get('message_id', '')}:{body.get('edit_date', body.get('date', ''))}"
    query = update.get("callback_query")
    if isinstance(query, dict):
        message = query.get("message")
        return message if isinstance(message, dict) else None, str(query.get("id", ""))
    return None, ""


def _id(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < IDS else None


def _wait(error: ApiError | None, failures: int) -> float:
    if isinstance(error, ThrottledError):
        return min(error.retry_after or 5.0, 3600.0)
    return min(0.5 * 2.0 ** min(failures, 10), LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311  # spreads load only
