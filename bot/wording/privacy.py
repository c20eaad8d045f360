"""Words for what is kept about a person, and for having it deleted."""

from datetime import datetime
from typing import Any

from bot.wording.common import Content, Wording
from bot.wording.helping import roles
from bot.words import Words


def _my_data(content: Content, words: Words) -> str:
    language = (
        words(f"button.language_{content['language']}") if content["language"] else words("my_data.language_none")
    )
    phone = words("my_data.phone", last=content["phone"]) if content["phone"] else words("my_data.phone_none")
    lines = [
        words("my_data", name=content["name"], phone=phone, language=language, since=_day(content["since"], words))
    ]
    for role in content["roles"]:
        name, since = roles([role], words), _day(role["since"], words)
        if role["until"]:
            lines.append(words("my_data.had", role=name, since=since, until=_day(role["until"], words)))
        else:
            lines.append(words("my_data.role", role=name, since=since))
    lines += [
        words("my_data.reports", **content),
        words("my_data.received", **content),
        words("my_data.sent", **content),
    ]
    return "\n".join([*lines, "", words("my_data.how")])


def _forget(content: Content, words: Words) -> str:
    lines = [words("forget")]
    if content["unit"]:
        lines.append(words("forget.unit", unit=content["unit"]))
    if content["drafts"]:
        lines.append(words("forget.drafts", drafts=content["drafts"]))
    return "\n".join([*lines, words("forget.how")])


def _asked(content: Content, words: Words) -> str:
    named = roles(content["roles"], words) if content["roles"] else words("deletion_asked.former")
    return words("deletion_asked", name=content["name"], roles=named, day=_day(content["asked_at"], words))


def _sent(content: Content, words: Words) -> str:
    return words("deletion_sent" if content["told"] else "deletion_sent.nobody")


def deletions(waiting: Any, words: Words) -> list[str]:
    """Word the digest's line on who asks to be forgotten."""
    named = words.joined([asker["name"] for asker in waiting])
    return [words("digest.deletions", count=len(waiting), names=named)]


def _day(at: str, words: Words) -> str:
    return words.day(datetime.fromisoformat(at).astimezone(words.zone).date(), year=True)


WORDINGS: dict[str, Wording] = {
    "my_data": _my_data,
    "forget": _forget,
    "deletion_asked": _asked,
    "deletion_sent": _sent,
}
