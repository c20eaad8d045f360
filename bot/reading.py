"""What does an update say, in the office's terms?"""

import re
from datetime import datetime

from telegram import Message, User

from office.work import Letter

COMMAND = re.compile(r"[/／]([^\s/／@]{1,64})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
UNSHOWABLE = re.compile(r"[\ud800-\udfff\x00]")  # lone surrogates and NUL: no database takes them
BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069\x00-\x1f\x7f]")  # could turn a name around in others' lists
LONGEST_NAME = 64
LONGEST_FILE_NAME = 100
HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")  # Telegram keeps 张 and 敏 apart
NAMELESS = "文件"
MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,120}", re.ASCII)


def letter(message: Message, sender: User, *, received_at: datetime) -> Letter:
    """Read a message; its text's own date is the edit's date for an edit, never after its receipt."""
    written_at = message.edit_date or message.date
    text = message.text or message.caption or ""
    quoted = message.reply_to_message
    return Letter(
        chat_id=message.chat.id,
        telegram_id=sender.id,
        name=clean_name(sender.full_name),
        message_id=message.message_id,
        sent_at=min(written_at, received_at),
        text=UNSHOWABLE.sub("\ufffd", text),
        quoted_id=quoted.message_id if quoted is not None else None,
    )


def clean_name(name: str) -> str:
    """Strip what could disguise a name and the space in a Chinese one, and cut it to a length for lists."""
    return HAN_GAP.sub("", BIDI.sub("", UNSHOWABLE.sub("\ufffd", name)).strip())[:LONGEST_NAME]


def clean_file_name(name: str | None) -> str:
    """Make a file's name one that can be shown and sent on: no path, no marks that disguise it, its ending kept."""
    base = BIDI.sub("", UNSHOWABLE.sub("", name or "").replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, _, ending = base.rpartition(".")
    if stem and len(ending) <= 10:
        return f"{stem[: LONGEST_FILE_NAME - len(ending) - 1]}.{ending}"
    return base[:LONGEST_FILE_NAME] or NAMELESS


def clean_media_type(said: str | None) -> str:
    """Take a file's media type only where it is one."""
    return said if said and MEDIA_TYPE.fullmatch(said) else "application/octet-stream"


def command(text: str, *, bot_name: str | None = None) -> tuple[str, str] | None:
    """Read a command and the words after it; None for other text, and for what is said to another bot than `bot_name`."""
    found = COMMAND.fullmatch(text.strip())
    if found is None or (found[2] and bot_name is not None and found[2].lower() != bot_name.lower()):
        return None
    return found[1].lower(), (found[3] or "").strip()
