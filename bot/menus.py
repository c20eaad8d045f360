"""Telegram's menu of commands beside the input field: everybody is offered what they may do now, in their language.

Setting a menu is repeatable and nobody waits for it: what was set is noted, and what could not be is tried again.
"""

import hashlib
import json
import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.api import ApiError, RefusedError, TelegramApi, ThrottledError, UnauthorizedError
from bot.desk import Office
from bot.words import LANGUAGES, Words
from office.register.menus import Menu, commands_for_strangers, menus
from rules.clock import Clock
from storage.backups import HELD
from storage.menus import note_shown, shown
from storage.records import noted
from storage.store import Store, Transaction

log = logging.getLogger("duban.menus")
LOOK_EVERY = 10.0  # seconds
AGAIN = timedelta(seconds=60)  # after a failure, or a 429 that names no wait


@dataclass
class Menus:
    """Keeps every registered person's menu as their roles and language have it."""

    api: TelegramApi
    store: Store
    clock: Clock
    office: Office
    _rests_until: datetime | None = field(default=None)

    async def run(self) -> None:
        """Keep the menus for ever."""
        while True:
            try:
                await self.refresh()
            except Exception:  # the database is away; menus can wait
                log.exception("the menus could not be looked at; trying again")
            await self.clock.sleep(LOOK_EVERY)

    async def set_default(self) -> None:
        """Offer those who are not registered what makes sense to them; they see nothing of what others can do."""
        for language in LANGUAGES:
            scope = {} if language == self.office.policy.language else {"language_code": language}
            commands = self._worded(Menu(0, language, commands_for_strangers()))
            try:
                await self.api.call("setMyCommands", {"commands": commands, **scope})
            except ApiError as error:
                log.warning("the menu for strangers could not be set: %s", error)

    async def refresh(self) -> None:
        """Tell Telegram of every menu that changed since it was last told."""
        if self._rests_until is not None and self.clock.now() < self._rests_until:
            return
        self._rests_until = None
        for chat_id, commands in await self.store.read(self._stale):
            try:
                await self._tell(chat_id, commands)
            except ApiError as error:
                log.warning("a menu could not be set, trying again later: %s", error)
                wait = error.retry_after if isinstance(error, ThrottledError) else None
                self._rests_until = self.clock.now() + (timedelta(seconds=wait) if wait else AGAIN)
                return

    def _stale(self, tx: Transaction) -> list[tuple[int, list[dict[str, str]]]]:
        """List the chats whose menu is not what Telegram was told, with the commands to offer; none: to offer no own."""
        if noted(tx, HELD):
            return []
        told, wanted = shown(tx), menus(self.office.work(tx))
        alike = {(menu.language, menu.commands): self._worded(menu) for menu in wanted}  # a handful for everybody
        hashes = {kind: _hash(commands) for kind, commands in alike.items()}
        kinds = {menu.chat_id: (menu.language, menu.commands) for menu in wanted}
        changed = [(chat_id, alike[kind]) for chat_id, kind in kinds.items() if told.get(chat_id) != hashes[kind]]
        return changed + [(chat_id, []) for chat_id in told if chat_id not in kinds]

    async def _tell(self, chat_id: int, commands: list[dict[str, str]]) -> None:
        """Set or remove one chat's menu and note it.

        Raises: ApiError where it is to be tried again; a chat that Telegram refuses for good is noted as told.
        """
        scope: dict[str, Any] = {"scope": {"type": "chat", "chat_id": chat_id}}
        try:
            if commands:
                await self.api.call("setMyCommands", {"commands": commands, **scope})
            else:
                await self.api.call("deleteMyCommands", scope)
        except UnauthorizedError:
            raise
        except RefusedError as error:
            log.info("Telegram takes no menu for a chat: %s", error)
        await self.store.write(lambda tx: note_shown(tx, chat_id, _hash(commands) if commands else None))

    def _worded(self, menu: Menu) -> list[dict[str, str]]:
        policy = self.office.policy
        words = Words(menu.language, policy.zone, otherwise=policy.language)
        return [{"command": name, "description": words(f"command.{name}")} for name in menu.commands]


def _hash(commands: list[dict[str, str]]) -> str:
    return hashlib.sha256(json.dumps(commands, ensure_ascii=False).encode()).hexdigest()[:16]
