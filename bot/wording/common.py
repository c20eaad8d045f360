"""What every wording shares."""

from collections.abc import Callable
from typing import Any

from bot.words import Words

SHOWN = 20  # lines of one list: more do not fit a phone
Content = dict[str, Any]
Wording = Callable[[Content, Words], str]
Markup = Callable[[Content, Words], dict[str, Any] | None]


def short(text: str, most: int = 24) -> str:
    """Give a text as one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def without(content: Content, *names: str) -> Content:
    """Give the values but for these."""
    return {name: value for name, value in content.items() if name not in names}


def told_apart(tasks: list[Content], words: Words) -> list[Content]:
    """Name the list beside a number that several lists have."""
    lists: dict[int, set[str]] = {}
    for task in tasks:
        lists.setdefault(task["no"], set()).add(task["list"])
    return [
        {**task, "no": words("in_list", no=task["no"], list=task["list"])} if len(lists[task["no"]]) > 1 else task
        for task in tasks
    ]


def late(content: Content, words: Words) -> list[str]:
    """Say when something was meant to be told, where an outage kept it back."""
    return [words("late", at=words.moment(content["late"]))] if content.get("late") else []


def cell_line(cell: Content, words: Words) -> str:
    """Say what may stand in a cell that was filled in wrongly, or left empty."""
    name = "refused.cell" if cell["value"] else "refused.cell_empty"
    return words(name, **{**cell, "value": short(cell["value"])})
