"""Answer what concerns the bot itself, its chats, its files and its presses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from duban.rehearsal.botapi.chats import Access
from duban.rehearsal.botapi.files import DOWNLOAD_LIMIT
from duban.rehearsal.botapi.wire import ApiError, Json, bad_request, encode
from duban.rehearsal.botapi.world import Toast

if TYPE_CHECKING:
    from duban.rehearsal.botapi.args import Args
    from duban.rehearsal.botapi.world import World

TOAST_LIMIT = 200  # Bot API answerCallbackQuery.text
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
MOST_COMMANDS = 100  # Bot API setMyCommands
_COMMAND = re.compile(r"/?[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")  # Bot API setMyCommands.language_code: ISO 639-1, two letters
_WIDE_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_NUMBER = re.compile(r"-?\d+")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API setWebhook.secret_token


def get_me(world: World, _args: Args) -> Json:
    """Describe the bot (Bot API getMe)."""
    abilities = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
    more = ("can_connect_to_business", "has_main_web_app", "has_topics_enabled", "allows_users_to_create_topics")
    return world.bot | abilities | dict.fromkeys(more, False)


def get_chat(world: World, args: Args) -> Json:
    """Describe a chat (Bot API ChatFullInfo)."""
    chat = world.chat(args)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    return chat.card | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, True),
    }


def leave_chat(world: World, args: Args) -> bool:
    """Leave a group (Bot API leaveChat; a private chat cannot be left)."""
    chat = world.chat(args)
    if not chat.is_group:
        raise bad_request("chat member status can't be changed in private chats")
    chat.require_open()
    world.set_access(chat, Access.LEFT)
    world.queue_membership(chat, world.bot, "member", "left")
    return True


def set_my_commands(world: World, args: Args) -> bool:
    """Keep the command list of one scope and language (Bot API setMyCommands)."""
    key = _command_key(world, args)
    commands = args.structure("commands")
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        raise bad_request("can't parse commands: expected an Array of at most 100 BotCommand")
    for command in commands:
        if not _COMMAND.fullmatch(command.get("command", "")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "").strip()) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[key] = commands
    return True


def delete_my_commands(world: World, args: Args) -> bool:
    """Remove the command list of exactly this scope and language (Bot API deleteMyCommands)."""
    world.commands.pop(_command_key(world, args), None)
    return True


def get_my_commands(world: World, args: Args) -> list[Json]:
    """Give the command list of exactly this scope and language (Bot API getMyCommands)."""
    return world.commands.get(_command_key(world, args), [])


def set_webhook(world: World, args: Args) -> bool:
    """Keep the webhook and end polling (Bot API setWebhook); an empty url removes it."""
    url = args.text("url")
    if not url:
        return delete_webhook(world, args)
    if not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if args.text("secret_token") and not _SECRET.fullmatch(args.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    world.updates.allow(args.structure("allowed_updates"))
    world.webhook = {"url": url, "secret_token": args.text("secret_token")}
    world.updates.end_poll(ApiError(409, "Conflict: terminated by setWebhook request"))
    _drop_if_asked(world, args)
    return True


def delete_webhook(world: World, args: Args) -> bool:
    """Forget the webhook (Bot API deleteWebhook)."""
    world.webhook = {}
    _drop_if_asked(world, args)
    return True


def get_webhook_info(world: World, _args: Args) -> Json:
    """Describe the webhook (Bot API WebhookInfo)."""
    return {
        "url": world.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
    }


def get_file(world: World, args: Args) -> Json:
    """Give the download path of a file of at most 20 MiB (Bot API getFile)."""
    stored = world.files.find(args.text("file_id"))
    if stored.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    world.files.open(stored)
    return stored.as_file() | {"file_path": stored.file_path}


def answer_callback_query(world: World, args: Args) -> bool:
    """Answer a press once, within 150 s (tdlib Client.cpp:146-148; Bot API answerCallbackQuery)."""
    text = args.text("text")
    if len(text) > TOAST_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = args.text("callback_query_id")
    query = world.queries.pop(query_id, None)
    if query is None or query.lives_until < world.now():
        raise bad_request(TOO_OLD)
    world.toasts.setdefault(query.user_id, []).append(Toast(query_id, text, args.flag("show_alert")))
    return True


def _drop_if_asked(world: World, args: Args) -> None:
    if args.flag("drop_pending_updates"):
        world.updates.drop_all()


def _command_key(world: World, args: Args) -> str:
    """Name a scope and language; raises the 400 for what Telegram takes for none (tdlib BotCommandScope.cpp)."""
    language = args.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    scope: Any = args.structure("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise _bad_scope("BotCommandScope must be an Object")
    kind = scope.get("type")
    if kind not in _WIDE_SCOPES + _CHAT_SCOPES:
        raise _bad_scope("Unsupported type specified" if "type" in scope else 'Can\'t find field "type"')
    chat_id = _chat_of_scope(world, scope) if kind in _CHAT_SCOPES else None
    user_id = scope.get("user_id") if kind == "chat_member" else None
    return encode([kind, chat_id, user_id, language])


def _chat_of_scope(world: World, scope: Json) -> int:
    for name in ("chat_id", "user_id") if scope["type"] == "chat_member" else ("chat_id",):
        if name not in scope:
            raise _bad_scope(f'Can\'t find field "{name}"')
    number = str(scope["chat_id"])
    chat = world.chats.get(int(number)) if _NUMBER.fullmatch(number) else None
    if chat is None:
        raise bad_request("chat not found")
    if chat.access is Access.DEACTIVATED:
        raise bad_request("can't access the chat")
    if not chat.is_group and scope["type"] != "chat":
        raise bad_request("can't use specified scope in private chats")
    if chat.kind == "channel":
        raise bad_request("can't change commands in channel chats")
    return chat.id


def _bad_scope(reason: str) -> ApiError:
    return bad_request(f"can't parse BotCommandScope: {reason}")
