"""Show a chat as a person sees it: the bot's messages with edits and deletions applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duban.rehearsal.botapi.chats import Message
from duban.rehearsal.botapi.wire import Json

if TYPE_CHECKING:
    from duban.rehearsal.botapi.chats import Chat
    from duban.rehearsal.botapi.world import World

Ref = int | Message | Json


class Inbox:
    """Read one chat; the base of everybody who sits in front of one."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat

    @property
    def id(self) -> int:
        """Give the chat's id (a private chat's is its user's)."""
        return self._chat.id

    @property
    def inbox(self) -> list[Message]:
        """List the bot's messages now displayed, oldest first."""
        return list(self._chat.shown.values())

    @property
    def last(self) -> Message:
        """Give the bot's newest message now displayed; raises LookupError if there is none."""
        if not self._chat.shown:
            raise LookupError(f"the bot has written nothing to {self.id}")
        return next(reversed(self._chat.shown.values()))

    def said(self, substring: str) -> list[Message]:
        """List the bot's messages whose text contains this."""
        return [message for message in self._chat.shown.values() if substring in message.text]

    @property
    def keyboard(self) -> list[list[str]]:
        """List the rows of the reply keyboard now under the input field, empty for none."""
        return [[str(button["text"]) for button in row] for row in self._chat.keyboard]


def id_of(message: Ref) -> int:
    """Give a message's id, from the id itself, a Message or a Bot API object."""
    if isinstance(message, Message):
        return message.message_id
    return int(message["message_id"]) if isinstance(message, dict) else message
