"""Edit and delete messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duban.rehearsal.botapi.markup import read_inline
from duban.rehearsal.botapi.texts import read_text
from duban.rehearsal.botapi.wire import Json, bad_request

if TYPE_CHECKING:
    from duban.rehearsal.botapi.args import Args
    from duban.rehearsal.botapi.chats import Chat, Message
    from duban.rehearsal.botapi.world import World

DELETABLE = 48 * 3600  # seconds; Bot API deleteMessage
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def edit_message_text(world: World, args: Args) -> Json:
    """Replace text and inline keyboard of an own message."""
    content = read_text(args)
    inline = read_inline(args)
    chat = world.open_chat(args)
    message = _own(chat, args)
    if "text" not in message.payload:
        raise bad_request("there is no text in the message to edit")
    kept = {name: value for name, value in message.payload.items() if name not in {"text", "entities"}}
    return _replace(world, message, kept | content, inline)


def edit_message_reply_markup(world: World, args: Args) -> Json:
    """Replace the inline keyboard of an own message; none removes it."""
    inline = read_inline(args)
    chat = world.open_chat(args)
    message = _own(chat, args)
    return _replace(world, message, dict(message.payload), inline)


def delete_message(world: World, args: Args) -> bool:
    """Delete a message younger than 48 hours (Bot API deleteMessage)."""
    chat = world.chat(args)
    message = chat.messages.get(args.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if world.now() - message.payload["date"] > DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    chat.require_open()
    chat.remove(message.message_id)
    return True


def _own(chat: Chat, args: Args) -> Message:
    if not args.get("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(args.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message


def _replace(world: World, message: Message, payload: Json, inline: Json | None) -> Json:
    payload.pop("reply_markup", None)
    if inline is not None:
        payload["reply_markup"] = inline
    edited = world.clock.now()
    dated = message.payload.get("edit_date")
    if payload | {"edit_date": dated} == message.payload | {"edit_date": dated}:
        raise bad_request(NOT_MODIFIED)
    message.payload = payload | {"edit_date": int(edited.timestamp())}
    message.edited = edited
    return message.payload
