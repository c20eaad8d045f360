"""Send messages, documents and photos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duban.rehearsal.botapi.args import Upload
from duban.rehearsal.botapi.files import PHOTO_LIMIT, UPLOAD_LIMIT
from duban.rehearsal.botapi.markup import read_markup
from duban.rehearsal.botapi.texts import read_caption, read_text
from duban.rehearsal.botapi.wire import ApiError, Json, bad_request

if TYPE_CHECKING:
    from duban.rehearsal.botapi.args import Args
    from duban.rehearsal.botapi.chats import Chat, Message
    from duban.rehearsal.botapi.files import StoredFile
    from duban.rehearsal.botapi.world import World

RECORDED = ("video", "voice", "video_note")
CHAT_ACTIONS = {  # Bot API sendChatAction
    *("typing", "upload_photo", "upload_document", "choose_sticker", "find_location"),
    *(f"{verb}_{kind}" for verb in ("record", "upload") for kind in RECORDED),
}


def send_message(world: World, args: Args) -> Json:
    """Send a text."""
    content = read_text(args)
    markup = read_markup(args)
    chat = world.open_chat(args)
    return world.deliver(chat, content, markup, reply=_replied(chat, args))


def send_document(world: World, args: Args) -> Json:
    """Send a file of at most 50 MB (Bot API sendDocument)."""
    content = read_caption(args)
    markup = read_markup(args)
    chat = world.open_chat(args)
    reply = _replied(chat, args)
    stored = _file(world, args, "document", UPLOAD_LIMIT)
    return world.deliver(chat, {"document": stored.as_document(), **content}, markup, reply=reply, file=stored)


def send_photo(world: World, args: Args) -> Json:
    """Send a photo of at most 10 MB (Bot API sendPhoto)."""
    content = read_caption(args)
    markup = read_markup(args)
    chat = world.open_chat(args)
    reply = _replied(chat, args)
    stored = _file(world, args, "photo", PHOTO_LIMIT)
    if not stored.is_picture:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return world.deliver(chat, {"photo": stored.as_photo(), **content}, markup, reply=reply, file=stored)


def send_chat_action(world: World, args: Args) -> bool:
    """Show that the bot is typing (Bot API sendChatAction)."""
    if args.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.open_chat(args)
    return True


def _replied(chat: Chat, args: Args) -> Message | None:
    """Find the message a send answers (Bot API ReplyParameters; tdlib Client.cpp "message to be replied not found")."""
    asked = args.structure("reply_parameters") or {}
    message_id = asked.get("message_id") if asked else args.integer("reply_to_message_id")
    if not message_id:
        return None
    message = chat.messages.get(int(message_id))
    if message is None and not (asked.get("allow_sending_without_reply") or args.flag("allow_sending_without_reply")):
        raise bad_request("message to be replied not found")
    return message


def _file(world: World, args: Args, kind: str, limit: int) -> StoredFile:
    given = args.get(kind)
    if isinstance(given, str) and given.startswith("attach://"):
        given = args.get(given.removeprefix("attach://"))
    if isinstance(given, str) and given:
        return world.files.find(given)
    if not isinstance(given, Upload):
        raise bad_request(f"there is no {kind} in the request")
    if not given.data:
        raise bad_request("file must be non-empty")
    if len(given.data) > limit:
        raise ApiError(413, "Request Entity Too Large")
    return world.files.add(given.data, given.name, folder=f"{kind}s")
