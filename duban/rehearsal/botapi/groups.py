"""Play a group or channel: membership, anonymous posts, the upgrade to a supergroup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duban.rehearsal.botapi.chats import Access, Chat
from duban.rehearsal.botapi.inbox import Inbox
from duban.rehearsal.botapi.texts import spoken

if TYPE_CHECKING:
    from duban.rehearsal.botapi.users import User
    from duban.rehearsal.botapi.wire import Json
    from duban.rehearsal.botapi.world import World

ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


def make_group(world: World, chat_id: int, title: str, kind: str) -> Chat:
    """Create a group, supergroup or channel the bot is a member of."""
    chat = Chat(chat_id, kind, {"id": chat_id, "type": kind, "title": title})
    world.chats[chat_id] = chat
    return chat


class Group(Inbox):
    """Act as a group; `inbox` shows what the bot wrote there."""

    @property
    def members(self) -> set[int]:
        """Give the ids of its people."""
        return self._chat.members

    def post(self, text: str) -> Json:
        """Write as the group or channel itself: an anonymous admin's message, or a channel post."""
        head: Json = {"sender_chat": self._chat.card}
        if self._chat.kind != "channel":
            head["from"] = ANONYMOUS_ADMIN
        return self._world.receive(self._chat, head, spoken(text), date=None, file=None)

    def add_bot(self, by: User) -> None:
        """Let a member add the bot (my_chat_member and a service message)."""
        self._world.set_access(self._chat, Access.OPEN)
        self._world.queue_membership(self._chat, by.card, "left", "member")
        self._service({"new_chat_members": [self._world.bot]}, by.card)

    def promote_bot(self, by: User) -> None:
        """Let a member make the bot an administrator."""
        self._world.queue_membership(self._chat, by.card, "member", "administrator")

    def kick_bot(self, by: User) -> None:
        """Let a member remove the bot."""
        self._world.set_access(self._chat, Access.KICKED)
        self._world.queue_membership(self._chat, by.card, "member", "kicked")

    def migrate(self, new_id: int) -> Group:
        """Upgrade to a supergroup; both chats get their service message (Bot API Message.migrate_to_chat_id)."""
        new = make_group(self._world, new_id, self._chat.card["title"], "supergroup")
        new.members = set(self._chat.members)
        self._service({"migrate_to_chat_id": new_id}, ANONYMOUS_ADMIN)
        self._chat.migrated_to = new_id
        upgraded = Group(self._world, new)
        upgraded._service({"migrate_from_chat_id": self.id}, ANONYMOUS_ADMIN)  # its own class
        return upgraded

    def _service(self, content: Json, by: Json) -> None:
        self._world.receive(self._chat, {"from": by}, content, date=None, file=None)
