"""Answer Bot API methods over one World; knows no HTTP and no faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duban.rehearsal.botapi.methods import account, editing, sending

if TYPE_CHECKING:
    from collections.abc import Callable

    from duban.rehearsal.botapi.args import Args
    from duban.rehearsal.botapi.world import World

    Method = Callable[[World, Args], Any]

NAMES = {
    "getMe": account.get_me,
    "getChat": account.get_chat,
    "leaveChat": account.leave_chat,
    "setMyCommands": account.set_my_commands,
    "getMyCommands": account.get_my_commands,
    "deleteMyCommands": account.delete_my_commands,
    "setWebhook": account.set_webhook,
    "deleteWebhook": account.delete_webhook,
    "getWebhookInfo": account.get_webhook_info,
    "getFile": account.get_file,
    "answerCallbackQuery": account.answer_callback_query,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendPhoto": sending.send_photo,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
}
METHODS: dict[str, tuple[str, Method]] = {name.lower(): (name, method) for name, method in NAMES.items()}
"""Methods by lower-case name: Telegram's names are case-insensitive (Bot API "Making requests")."""

__all__ = ["METHODS"]
