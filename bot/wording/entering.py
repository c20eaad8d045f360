"""Words for reports that a supervisor enters for a unit."""

from typing import Any

from bot.wording.attaching import listed, named_task
from bot.wording.common import Content, Wording
from bot.wording.reporting import finding_line
from bot.words import Words

LONG_TEXT = 1500  # characters of a report shown


def _enter(content: Content, words: Words) -> str:
    step = content["step"]
    lines = _again(content, words)
    if step == "task":
        return "\n".join([*lines, words("enter.task"), *listed(content["tasks"], words)])
    if step == "unit":
        return "\n".join([*lines, words("enter.unit")])
    task = content["tasks"][0]
    if step != "confirm":
        return "\n".join([*lines, words("enter.of", **named_task(task, words)), words(f"enter.{step}")])
    return "\n".join([*lines, *_confirm(content, task, words)])


def _again(content: Content, words: Words) -> list[str]:
    if not content["again"]:
        return []
    near = [words("enter.near", units=words.joined(content["near"]))] if content["near"] else []
    return [words(f"enter.again_{content['again']}"), *near]


def _confirm(content: Content, task: Content, words: Words) -> list[str]:
    lines = [words("enter.confirm", **named_task(task, words)), _came(content, words)]
    lines.append(words("enter.count", count=content["characters"], marks=words("task.late") if content["late"] else ""))
    lines += [finding_line(finding, {"text": content["text"]}, words) for finding in content["findings"]]
    lines += ["", content["text"][:LONG_TEXT], ""]
    if content["corrects"]:
        lines.append(words("enter.corrects"))
    lines.append(words("enter.tells" if content["told"] else "enter.tells_nobody"))
    return [*lines, words("enter.confirm_how")]


def _came(content: Content, words: Words) -> str:
    source = words(f"button.source_{content['source']}")
    return words("enter.came", source=source, at=words.moment(content["received"]))


def _done(content: Content, words: Words) -> str:
    lines = [words("entry_done", came=_came(content, words), **named_task(content["tasks"][0], words))]
    if content["late"]:
        lines.append(words("entry_done.late"))
    return "\n".join([*lines, words("decided.told" if content["told"] else "entry_done.nobody")])


def _gone(content: Content, words: Words) -> str:
    return words(f"entry_gone.{content['why']}", unit=content["unit"])


def _entered(content: Content, words: Words) -> str:
    values: dict[str, Any] = named_task(content["tasks"][0], words)
    return words("entered", came=_came(content, words), text=content["text"][:LONG_TEXT], **values)


WORDINGS: dict[str, Wording] = {
    "enter": _enter,
    "entry_done": _done,
    "entry_gone": _gone,
    "entered": _entered,
}
