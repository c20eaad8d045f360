"""Words for /help: who somebody is here, what waits for them, what they can do."""

from bot.wording.common import Content, Wording
from bot.words import Words

NOW = ("unsigned", "owed", "drafts", "overdue", "deletions")  # in the order they are read


def roles(parts: list[Content], words: Words) -> str:
    """Name the roles somebody has, joined."""
    return words.joined([words(f"role_name.{part['role']}", unit=part["unit"] or "") for part in parts])


def _help(content: Content, words: Words) -> str:
    lines = [words("help", name=content["name"], roles=roles(content["parts"], words)), *_now(content["now"], words)]
    for role in dict.fromkeys(part["role"] for part in content["parts"]):
        lines += ["", words(f"help.{role}")]
    if content["adopts"]:
        lines += ["", words("help.adopts")]
    lines += ["", *(words(f"help.do.{command}") for command in content["commands"] if command != "help")]
    if content["reports"]:
        lines += ["", words("help.characters")]
    return "\n".join(lines)


def _now(now: Content, words: Words) -> list[str]:
    found = [name for name in NOW if name in now]
    if not found:
        return [words("help.now.nothing")]
    due = words.due_day(now["due_at"]) if "due_at" in now else ""
    return [words(f"help.now.{name}", count=now[name], due=due) for name in found]


WORDINGS: dict[str, Wording] = {"help": _help}
