"""Hold chats and the messages in them as they are displayed now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from duban.rehearsal.botapi.wire import Json, forbidden

if TYPE_CHECKING:
    from duban.rehearsal.botapi.files import StoredFile


class Access(Enum):
    """Say why the bot may not write to a chat (tdlib Client.cpp:122-127, 8136-8175; MessagesManager.cpp)."""

    OPEN = ""
    UNSTARTED = "bot can't initiate conversation with a user"
    BLOCKED = "bot was blocked by the user"
    DEACTIVATED = "user is deactivated"
    KICKED = "bot was kicked from the {kind} chat"
    LEFT = "bot is not a member of the {kind} chat"


@dataclass(slots=True, eq=False)
class Message:
    """Hold one message as displayed; payload is the Bot API Message object."""

    payload: Json
    sent_at: datetime
    by_bot: bool
    file: StoredFile | None = None
    edited: datetime | None = None

    @property
    def message_id(self) -> int:
        """Give the id, unique within the chat."""
        return int(self.payload["message_id"])

    @property
    def chat_id(self) -> int:
        """Give the id of the chat it stands in."""
        return int(self.payload["chat"]["id"])

    @property
    def text(self) -> str:
        """Give text or caption, without markup."""
        return str(self.payload.get("text") or self.payload.get("caption") or "")

    @property
    def date(self) -> datetime:
        """Give Telegram's date: whole seconds, UTC."""
        return datetime.fromtimestamp(self.payload["date"], UTC)

    @property
    def entities(self) -> list[Json]:
        """List the entities of text or caption."""
        return self.payload.get("entities") or self.payload.get("caption_entities") or []

    @property
    def buttons(self) -> list[list[tuple[str, str]]]:
        """List rows of (text, callback data or url)."""
        return [[(b["text"], str(action_of(b)[1])) for b in row] for row in self.rows]

    @property
    def rows(self) -> list[list[Json]]:
        """List rows of inline buttons as the Bot API prints them."""
        rows: list[list[Json]] = self.payload.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    @property
    def document(self) -> StoredFile | None:
        """Give the document sent with it, if any."""
        return self.file if "document" in self.payload else None

    @property
    def photo(self) -> StoredFile | None:
        """Give the photo sent with it, if any."""
        return self.file if "photo" in self.payload else None

    @property
    def reply_to(self) -> int | None:
        """Give the id of the message it answers, if any."""
        quoted = self.payload.get("reply_to_message")
        return None if quoted is None else int(quoted["message_id"])


def action_of(button: Json) -> tuple[str, object]:
    """Give the one field of an inline button besides its text."""
    return next((name, value) for name, value in button.items() if name != "text")


@dataclass(slots=True, eq=False)
class Chat:
    """Hold a chat: card is the Bot API Chat object, `shown` what the bot wrote and has not deleted."""

    id: int
    kind: str
    card: Json
    access: Access = Access.OPEN
    members: set[int] = field(default_factory=set)
    messages: dict[int, Message] = field(default_factory=dict)
    shown: dict[int, Message] = field(default_factory=dict)
    keyboard: list[list[Json]] = field(default_factory=list)
    migrated_to: int | None = None
    last_id: int = 0

    @property
    def is_group(self) -> bool:
        """Say whether several people read it."""
        return self.kind != "private"

    def require_open(self) -> None:
        """Raise the 403 that tells why the bot may not write here."""
        if self.access is not Access.OPEN:
            raise forbidden(self.access.value.format(kind=self.kind))

    def keep(self, message: Message) -> None:
        """Display a message."""
        self.messages[message.message_id] = message
        if message.by_bot:
            self.shown[message.message_id] = message

    def remove(self, message_id: int) -> None:
        """Take a message from display."""
        del self.messages[message_id]
        self.shown.pop(message_id, None)
