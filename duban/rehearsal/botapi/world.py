"""Hold Telegram's side of the conversation: chats, files, queries, and what the bot has set."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from duban.rehearsal.botapi.changes import Changes
from duban.rehearsal.botapi.chats import Access, Chat, Message
from duban.rehearsal.botapi.files import FileStore
from duban.rehearsal.botapi.updates import UpdateQueue
from duban.rehearsal.botapi.wire import Json, bad_request, too_many_requests

if TYPE_CHECKING:
    import random
    from datetime import datetime

    from duban.rehearsal.botapi.args import Args
    from duban.rehearsal.botapi.files import StoredFile
    from duban.rehearsal.botapi.flood import FloodControl
    from duban.rehearsal.botapi.markup import Markup
    from rules.clock import Clock

MESSAGE_LIFE = 86_400  # seconds; tdlib Client.cpp:17053, 17448
QUERY_LIFE = 150  # seconds; tdlib Client.cpp:17155-17158
NEVER = float("inf")


@dataclass(slots=True, eq=False)
class Query:
    """Hold one button press until it is answered; lives_until in Unix seconds."""

    user_id: int
    lives_until: float


@dataclass(slots=True, eq=False)
class Toast:
    """Hold what the user saw on a press."""

    query_id: str
    text: str
    is_alert: bool


@dataclass(slots=True, eq=False)
class World:
    """Hold the state every method and every user acts on."""

    clock: Clock
    bot: Json
    random: random.Random
    flood: FloodControl
    expiry: bool = True
    first_update_id: int | None = None
    changes: Changes = field(default_factory=Changes)
    files: FileStore = field(default_factory=FileStore)
    chats: dict[int, Chat] = field(default_factory=dict)
    cards: dict[int, Json] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    toasts: dict[int, list[Toast]] = field(default_factory=dict)
    commands: dict[str, list[Json]] = field(default_factory=dict)
    webhook: Json = field(default_factory=dict)
    last_id: int = 0
    updates: UpdateQueue = field(init=False)

    def __post_init__(self) -> None:
        """Start the update queue at a random id, as Telegram does (td TQueue.cpp push)."""
        first = self.first_update_id or self.random.randrange(100_000_000, 900_000_000)
        self.updates = UpdateQueue(self.now, self.changes, first_id=first)

    def now(self) -> float:
        """Give the clock's instant in Unix seconds."""
        return self.clock.now().timestamp()

    def until(self, instant: float) -> float:
        """Give the end of a life in Unix seconds, or never where expiry is off."""
        return instant if self.expiry else NEVER

    def chat(self, args: Args) -> Chat:
        """Find the chat a call names; raises the 400 for none and for a migrated one (tdlib Client.cpp:8150)."""
        if args.get("chat_id") in {None, ""}:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(args.integer("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise bad_request("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        return chat

    def open_chat(self, args: Args) -> Chat:
        """Find a chat the bot may write to."""
        chat = self.chat(args)
        chat.require_open()
        return chat

    def admit(self, chat: Chat) -> None:
        """Count a send, or raise 429."""
        wait = self.flood.admit(chat.id, at=self.now(), is_group=chat.is_group)
        if wait:
            raise too_many_requests(wait)

    def new_id(self, chat: Chat) -> int:
        """Number a message: supergroups count their own, all other chats share one count (tdlib MessageId)."""
        if chat.kind in {"supergroup", "channel"}:
            chat.last_id += 1
            return chat.last_id
        self.last_id += 1
        return self.last_id

    def deliver(
        self, chat: Chat, content: Json, markup: Markup, *, reply: Message | None, file: StoredFile | None = None
    ) -> Json:
        """Display a message of the bot and return it."""
        self.admit(chat)
        sent_at = self.clock.now()
        payload: Json = {"message_id": self.new_id(chat), "from": self.bot, "chat": chat.card}
        if chat.kind == "channel":
            payload = {"message_id": payload["message_id"], "sender_chat": chat.card, "chat": chat.card}
        payload["date"] = int(sent_at.timestamp())
        if reply is not None:
            payload["reply_to_message"] = quoted(reply)
        payload |= content
        if markup.inline is not None:
            payload["reply_markup"] = markup.inline
        if markup.keyboard is not None:
            chat.keyboard = markup.keyboard
        chat.keep(Message(payload, sent_at, by_bot=True, file=file))
        return payload

    def receive(self, chat: Chat, head: Json, content: Json, *, date: datetime | None, file: StoredFile | None) -> Json:
        """Display a message of somebody else, queue its update, and return it; head is its from or sender_chat."""
        now = self.clock.now()
        sent = int((date or now).timestamp())
        payload: Json = {"message_id": self.new_id(chat), **head, "chat": chat.card, "date": sent, **content}
        chat.keep(Message(payload, now, by_bot=False, file=file))
        self.queue_message("channel_post" if chat.kind == "channel" else "message", payload, since=sent)
        return payload

    def queue_message(self, kind: str, payload: Json, *, since: int) -> None:
        """Queue a message update, which lives a day from its message or edit date."""
        self.updates.push(kind, payload, lives_until=self.until(since + MESSAGE_LIFE))

    def queue_membership(self, chat: Chat, by: Json, old: str, new: str) -> None:
        """Queue my_chat_member (Bot API ChatMemberUpdated)."""
        members = [_member(self.bot, status) for status in (old, new)]
        now = self.now()
        payload = {"chat": chat.card, "from": by, "date": int(now), "old_chat_member": members[0]}
        payload["new_chat_member"] = members[1]
        self.updates.push("my_chat_member", payload, lives_until=self.until(now + MESSAGE_LIFE))

    def open_query(self, user_id: int) -> str:
        """Begin a button press that must be answered within 150 s; returns its id."""
        query_id = str(self.random.getrandbits(62))
        now = self.now()
        while self.queries and (oldest := next(iter(self.queries.items())))[1].lives_until < now:
            del self.queries[oldest[0]]
        self.queries[query_id] = Query(user_id, self.until(now + QUERY_LIFE))
        return query_id

    def set_access(self, chat: Chat, access: Access) -> None:
        """Open or close a chat for the bot."""
        chat.access = access
        self.changes.notify()


def quoted(message: Message) -> Json:
    """Print a message as reply_to_message, which nests no further (Bot API Message)."""
    return {name: value for name, value in message.payload.items() if name != "reply_to_message"}


def _member(user: Json, status: str) -> Json:
    member: Json = {"user": user, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    if status == "administrator":
        member |= dict.fromkeys(ADMINISTRATOR_RIGHTS, False)
    return member


ADMINISTRATOR_RIGHTS = (  # Bot API ChatMemberAdministrator
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
