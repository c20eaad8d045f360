"""Updates are fetched and stored: Telegram is told of them only after they are on disk.

Telegram forgets an update once a poll asks for a higher offset (Bot API, getUpdates); so the offset moves after the
commit, never before, and starts at 0: what was not confirmed comes again and is known by its key.
"""

import hashlib
import json
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.api import ApiError, RefusedError, TelegramApi, ThrottledError, UnauthorizedError
from bot.desk import Office
from office.draining import note_poll
from rules.clock import Clock
from rules.failpoints import reach
from storage import inbox
from storage.store import Store, Transaction

log = logging.getLogger("duban.poller")
LIMIT = 100
LONG_POLL_SECONDS = 25
DEAF_AFTER = 120.0  # seconds without a good poll after which the service says so
LONGEST_WAIT = 30.0
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


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
    _offset: int = 0

    async def run(self) -> None:
        """Poll for ever.

        Raises: DeafError where the token has been refused for two minutes.
        """
        failures = 0
        began = self.clock.now()
        while True:
            try:
                await self.poll_once(seconds=LONG_POLL_SECONDS)
                failures = 0
            except ApiError as error:
                failures += 1
                self._judge(error, began)
                await self.clock.sleep(_wait(error, failures))
            except Exception:  # e.g. the disk is full: nothing was confirmed, so Telegram keeps it
                failures += 1
                log.exception("updates could not be stored; they stay with Telegram")
                await self.clock.sleep(_wait(None, failures))

    async def poll_once(self, *, seconds: int = 0) -> int:
        """Fetch and store once; gives how many updates came.

        Raises: ApiError where Telegram did not answer.
        """
        began_at = self.clock.now()
        params = {"offset": self._offset, "limit": LIMIT, "timeout": seconds, "allowed_updates": KINDS}
        updates = await self.api.call("getUpdates", params, seconds=seconds + 15)
        if not isinstance(updates, list):
            raise RefusedError(200, "getUpdates gave no list")
        reach("poller.fetched")
        rows = [_row(update, self.clock.now()) for update in updates]
        came_short = len(updates) < LIMIT

        def act(tx: Transaction) -> None:
            inbox.add_updates(tx, rows)
            if came_short:
                note_poll(self.office.work(tx), began_at=began_at)

        await self.store.write(act)
        reach("poller.stored")
        self.last_good_at = self.clock.now()
        self._offset = max(
            (number + 1 for update in updates if (number := _number(update)) is not None), default=self._offset
        )
        if rows:
            self.after_commit()
        return len(rows)

    def _judge(self, error: ApiError, began: datetime) -> None:
        since = self.last_good_at or began
        deaf_for = (self.clock.now() - since).total_seconds()
        if isinstance(error, RefusedError) and error.code == 409:
            log.critical(
                "another program polls with this bot's token (409): stop it, or revoke the token in @BotFather"
            )
        elif isinstance(error, UnauthorizedError) and deaf_for > DEAF_AFTER:
            raise DeafError("Telegram refuses the token; put the right one into [telegram] token and start again")
        else:
            log.warning("no updates: %s (for %d s)", error, deaf_for)


def _row(update: Any, at: datetime) -> dict[str, Any]:
    body, identity = _described(update)
    raw = json.dumps(update)  # ASCII only: no lone surrogate can keep it from being stored
    number = _number(update)
    if number is None:
        identity = hashlib.sha256(raw.encode()).hexdigest()
    chat = body.get("chat") if isinstance(body, dict) else None
    chat_id = chat.get("id") if isinstance(chat, dict) else None
    return {
        "dedupe": f"{number}:{chat_id}:{identity}",
        "chat_id": chat_id if isinstance(chat_id, int) else None,
        "raw": raw,
        "received_at": at,
    }


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


def _number(update: Any) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else None


def _wait(error: ApiError | None, failures: int) -> float:
    if isinstance(error, ThrottledError):
        return min(error.retry_after or 5.0, 3600.0)
    return min(0.5 * 2.0 ** min(failures, 10), LONGEST_WAIT) * random.uniform(0.8, 1.2)  # noqa: S311  # spreads load only
