"""Play a person: send, edit, press, block, and look at what the bot wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duban.rehearsal.botapi.chats import Access, Chat, Message, action_of
from duban.rehearsal.botapi.inbox import Inbox, Ref, id_of
from duban.rehearsal.botapi.texts import spoken, spoken_caption
from duban.rehearsal.botapi.world import QUERY_LIFE, quoted

if TYPE_CHECKING:
    from datetime import datetime

    from duban.rehearsal.botapi.files import StoredFile
    from duban.rehearsal.botapi.wire import Json
    from duban.rehearsal.botapi.world import World

STRANGER = {"id": 4242, "is_bot": False, "first_name": "转发人"}
TINY_JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")


class User(Inbox):
    """Act as one Telegram user towards the bot."""

    def __init__(self, world: World, chat: Chat, card: Json) -> None:
        super().__init__(world, chat)
        self.card = card

    # What the person says

    def send(
        self, text: str, *, reply_to: Ref | None = None, date: datetime | None = None, chat: Inbox | None = None
    ) -> Json:
        """Send a text; returns the Message put into the update's queue."""
        return self._say(spoken(text), reply_to=reply_to, date=date, chat=chat)

    def contact(self, phone: str, user_id: int | None = None, **options: Any) -> Json:
        """Share a phone number: one's own by default, 0 for somebody without an account."""
        owner = self.id if user_id is None else user_id
        shared: Json = {"phone_number": phone, "first_name": self.card["first_name"]}
        return self._say({"contact": shared | {"user_id": owner} if owner else shared}, **options)

    def photo(self, caption: str | None = None, data: bytes = TINY_JPEG, **options: Any) -> Json:
        """Send a photo."""
        stored = self._world.files.add(data, "photo.jpg", folder="photos")
        return self._say({"photo": stored.as_photo(), **spoken_caption(caption)}, file=stored, **options)

    def document(self, data: bytes, name: str, caption: str | None = None, **options: Any) -> Json:
        """Send a file."""
        stored = self._world.files.add(data, name)
        return self._say({"document": stored.as_document(), **spoken_caption(caption)}, file=stored, **options)

    def sticker(self, **options: Any) -> Json:
        """Send a sticker."""
        stored = self._world.files.add(b"RIFF", "sticker.webp", folder="stickers")
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._say({"sticker": stored.as_file() | shape | {"emoji": "👍"}}, file=stored, **options)

    def forward(self, text: str, *, origin: User | None = None, **options: Any) -> Json:
        """Forward a text somebody else wrote (Bot API MessageOriginUser)."""
        sender = STRANGER if origin is None else origin.card
        source = {"type": "user", "date": int(self._world.now()) - 60, "sender_user": sender}
        return self._say({"forward_origin": source, **spoken(text)}, **options)

    def media_group(self, n: int, caption: str | None = None, **options: Any) -> list[Json]:
        """Send an album of n photos, the caption under the first."""
        group = {"media_group_id": str(self._world.random.getrandbits(53))}
        sent = []
        for i in range(n):
            stored = self._world.files.add(TINY_JPEG, "photo.jpg", folder="photos")
            content = {**group, "photo": stored.as_photo(), **spoken_caption(None if i else caption)}
            sent.append(self._say(content, file=stored, **options))
        return sent

    def edit(self, message_id: Ref, text: str, date: datetime | None = None, *, chat: Inbox | None = None) -> Json:
        """Replace the text, or the caption, of an own message; date is the edit's."""
        place = self._place(chat)
        kept = place.messages[id_of(message_id)]
        if kept.payload.get("from", {}).get("id") != self.id:
            raise ValueError(f"message {kept.message_id} is not {self.id}'s own")
        edited_at = int((date or self._world.clock.now()).timestamp())
        content = spoken_caption(text) if "text" not in kept.payload else spoken(text)
        dropped = {"text", "entities", "caption", "caption_entities"}
        kept.payload = {n: v for n, v in kept.payload.items() if n not in dropped} | content
        kept.payload["edit_date"] = edited_at
        self._world.queue_message("edited_message", kept.payload, since=edited_at)
        return kept.payload

    # What the person presses

    def press(self, message_id: Ref, button: str | tuple[int, int], *, chat: Inbox | None = None) -> str:
        """Press an inline button found by text, data or (row, column); returns the callback query's id."""
        shown = self._place(chat).shown.get(id_of(message_id))
        if shown is None:
            raise LookupError(f"the bot shows no message {id_of(message_id)} in chat {self._place(chat).id}")
        name, data = action_of(_button(shown, button))
        if name != "callback_data":
            raise ValueError(f"{button!r} opens {name} {data!r}, it sends no callback")
        return self.press_raw(str(data), shown, chat=chat)

    def press_raw(self, data: str, message_id: Ref, *, chat: Inbox | None = None) -> str:
        """Send any callback data, as a forged client may; an unknown message is an InaccessibleMessage."""
        world, place = self._world, self._place(chat)
        shown = place.messages.get(id_of(message_id))
        gone: Json = {"chat": place.card, "message_id": id_of(message_id), "date": 0}
        query_id = world.open_query(self.id)
        payload = {"id": query_id, "from": self.card, "message": gone if shown is None else shown.payload}
        payload |= {"chat_instance": str(place.id * 7919), "data": data}
        world.updates.push("callback_query", payload, lives_until=world.until(world.now() + QUERY_LIFE))
        return query_id

    @property
    def toasts(self) -> list[str]:
        """List the texts shown on this user's presses, oldest first."""
        return [toast.text for toast in self._world.toasts.get(self.id, []) if toast.text]

    @property
    def answered(self) -> set[str]:
        """Give the ids of this user's presses that were answered, with or without a text."""
        return {toast.query_id for toast in self._world.toasts.get(self.id, [])}

    # How the person stands to the bot

    def block(self) -> None:
        """Stop the bot (Bot API Update.my_chat_member)."""
        if self._chat.access is not Access.BLOCKED:
            self._world.set_access(self._chat, Access.BLOCKED)
            self._world.queue_membership(self._chat, self.card, "member", "kicked")

    def unblock(self) -> None:
        """Restart the bot."""
        if self._chat.access is Access.BLOCKED:
            self._world.set_access(self._chat, Access.OPEN)
            self._world.queue_membership(self._chat, self.card, "kicked", "member")

    def deactivate(self) -> None:
        """Delete the account; the bot gets no update."""
        self._world.set_access(self._chat, Access.DEACTIVATED)

    # Plumbing

    def _say(
        self,
        content: Json,
        *,
        reply_to: Ref | None = None,
        date: datetime | None = None,
        chat: Inbox | None = None,
        file: StoredFile | None = None,
    ) -> Json:
        place = self._place(chat)
        self._begin(place)
        head: Json = {"from": self.card}
        if reply_to is not None:
            head["reply_to_message"] = quoted(place.messages[id_of(reply_to)])
        return self._world.receive(place, head, content, date=date, file=file)

    def _place(self, chat: Inbox | None) -> Chat:
        return self._chat if chat is None else self._world.chats[chat.id]

    def _begin(self, place: Chat) -> None:
        if place.is_group and self.id not in place.members:
            raise ValueError(f"user {self.id} is not a member of {place.id}: name it in members=[…]")
        if place.access in {Access.BLOCKED, Access.DEACTIVATED}:
            raise ValueError(f"user {self.id} cannot write: {place.access.value}")
        if place.access is Access.UNSTARTED:
            self._world.set_access(place, Access.OPEN)


def _button(message: Message, wanted: str | tuple[int, int]) -> Json:
    if isinstance(wanted, tuple):
        return message.rows[wanted[0]][wanted[1]]
    buttons = [button for row in message.rows for button in row]
    for matches in (lambda b: b["text"] == wanted, lambda b: action_of(b)[1] == wanted, lambda b: wanted in b["text"]):
        found = next((button for button in buttons if matches(button)), None)
        if found is not None:
            return found
    raise LookupError(f"no button {wanted!r} under message {message.message_id}: {message.buttons}")
