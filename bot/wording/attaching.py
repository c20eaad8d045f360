"""Words for attachments, the head's agreement, halves of a text, and what is taken back."""

from bot.wording.common import SHOWN, Content, Wording, short, told_apart
from bot.words import Words

NAMED = 3  # attachments named in one line
NAME = 16  # characters of one name there


def file_names(names: list[str], words: Words) -> str:
    """Name attachments in one line: the first few, then how many more there are."""
    shown = [short(name, NAME) for name in names[:NAMED]]
    named = words.joined(shown)
    return words("files.more", names=named) if len(names) > NAMED else named


def named_task(task: Content, words: Words) -> Content:
    """Give what names a report in one sentence."""
    return {"no": task["no"], "unit": task["unit"], "period": words.period(task["period"])}


def _attached(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    names = task["attachments"]
    if not names:
        text = words("attached.none", **_without_unit(task, words))
    else:
        text = words("attached", count=len(names), names=file_names(names, words), **_without_unit(task, words))
    return text + words("attached.needs_text") if content["needs_text"] else text


def _attachment_refused(content: Content, words: Words) -> str:
    if content["code"] == "too_many":
        return words("attachment_refused.too_many", **_without_unit(content["tasks"][0], words))
    return words(f"attachment_refused.{content['code']}")


def _which_file(content: Content, words: Words) -> str:
    lines = [
        words("which_file.item", place=place, name=short(name, 40)) for place, name in enumerate(content["names"], 1)
    ]
    return "\n".join([words("which_file"), *lines])


def _ask_attestation(content: Content, words: Words) -> str:
    numbers = words.joined([str(task["no"]) for task in told_apart(content["tasks"], words)])
    return words("ask_attestation", no=numbers)


def _withdrawn(content: Content, words: Words) -> str:
    lines = [words("withdrawn", **_without_unit(content["tasks"][0], words))]
    if content["is_over"]:
        lines.append(words("withdrawn.over"))
    elif content["submits_itself"]:
        lines.append(words("withdrawn.itself"))
    return "\n".join([*lines, words("withdrawn.submit")])


def _withdraw_late(content: Content, words: Words) -> str:
    return words("withdraw_late", **_without_unit(content["tasks"][0], words))


def _which_withdrawal(content: Content, words: Words) -> str:
    return "\n".join([words("which_withdrawal"), *listed(content["tasks"], words)])


def listed(tasks: list[Content], words: Words) -> list[str]:
    """List reports to choose from, a line each."""
    lines = []
    several_units = len({task["unit"] for task in tasks}) > 1
    for task in told_apart(tasks[:SHOWN], words):
        line = words("which_task.item", no=task["no"], period=words.period(task["period"]), name=task["name"])
        lines.append(words("of_unit", unit=task["unit"], text=line) if several_units else line)
    if len(tasks) > SHOWN:
        lines.append(words("which_task.more", count=len(tasks) - SHOWN))
    return lines


def _without_unit(task: Content, words: Words) -> Content:
    return {"no": task["no"], "period": words.period(task["period"])}


WORDINGS: dict[str, Wording] = {
    "attached": _attached,
    "attachment_refused": _attachment_refused,
    "which_file": _which_file,
    "ask_attestation": _ask_attestation,
    "withdrawn": _withdrawn,
    "withdraw_late": _withdraw_late,
    "which_withdrawal": _which_withdrawal,
}
