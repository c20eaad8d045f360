"""Check reply_markup: inline keyboards under messages, reply keyboards under the input field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duban.rehearsal.botapi.wire import Json, bad_request

if TYPE_CHECKING:
    from duban.rehearsal.botapi.args import Args

DATA_BYTES = 64  # Bot API InlineKeyboardButton.callback_data: 1-64 bytes
MOST_BUTTONS = 100  # observed limit of an inline keyboard
ACTIONS = (
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


@dataclass(frozen=True, slots=True)
class Markup:
    """Hold a checked keyboard: `inline` belongs to the message, `keyboard` to the chat (empty removes it)."""

    inline: Json | None = None
    keyboard: list[list[Json]] | None = None


NONE = Markup()


def read_markup(args: Args) -> Markup:
    """Read reply_markup of a send; raises the 400 Telegram gives for a bad one."""
    given = args.structure("reply_markup")
    if given is None or given == {}:
        return NONE
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        return Markup(inline=_inline(given["inline_keyboard"]))
    if "keyboard" in given:
        return Markup(keyboard=[[_reply_button(button) for button in row] for row in _rows(given["keyboard"])])
    if given.get("remove_keyboard"):
        return Markup(keyboard=[])
    return NONE


def read_inline(args: Args) -> Json | None:
    """Read reply_markup of an edit, where only an inline keyboard may stand (tdlib Client.cpp)."""
    markup = read_markup(args)
    if markup.keyboard is not None:
        raise bad_request("inline keyboard expected")
    return markup.inline


def _rows(rows: Any) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("can't parse reply keyboard markup JSON object: expected an Array of Arrays")
    return [row for row in rows if row]


def _inline(rows: Any) -> Json | None:
    keyboard = [[_button(button) for button in row] for row in _rows(rows)]
    if sum(map(len, keyboard)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": keyboard} if keyboard else None


def _button(button: Any) -> Json:
    if not isinstance(button, dict) or not str(button.get("text") or "").strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    actions = [name for name in ACTIONS if button.get(name) is not None]
    if len(actions) != 1:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    name = actions[0]
    if name == "callback_data" and not 1 <= len(str(button[name]).encode("utf-8", "surrogatepass")) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if name == "url" and ":" not in button[name] and "." not in button[name]:
        raise bad_request("BUTTON_URL_INVALID")
    return {"text": str(button["text"]), name: button[name]}


def _reply_button(button: Any) -> Json:
    shown = {"text": button} if isinstance(button, str) else button
    if not isinstance(shown, dict) or not shown.get("text"):
        raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    return shown
