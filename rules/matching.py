"""Which task a text means, by the number people write in front of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rules.numbering import Prefix, read_choice, read_prefix

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_SALUTATION_LENGTH: Final = 30
_LAYOUT: Final = re.compile(r"[\s#]+")


@dataclass(frozen=True, slots=True)
class TaskRef:
    """One of a unit's own tasks: where it stands (list and printed number) and a short name for people."""

    task_id: int
    list: str
    no: int
    name: str = ""


def split_numbered(text: str, own: Sequence[TaskRef], owed: Collection[int]) -> list[tuple[TaskRef, str]] | None:
    """Split a text into the tasks its line-initial numbers name; `owed` holds the ids of the tasks now owed.

    Returns each task with its text, number removed, in the order written; one pair where one number stands.
    Returns None, so that the text stays whole, where a number is not the unit's own, stands in two of its lists or comes
    twice, where text precedes the first number (but for a short salutation ending in ：), where a part is empty, or
    where several numbers meet at most one task owed: they are then points of one report.
    """
    parts = _parts(text)
    numbers = [prefix.no for prefix, _ in parts]
    tasks = _unambiguous(own)
    if not parts or len(set(numbers)) < len(numbers) or not tasks.keys() >= set(numbers):
        return None
    if len(parts) > 1 and (len(set(owed)) < 2 or _is_nested([prefix for prefix, _ in parts])):
        return None
    if not all(body for _, body in parts):
        return None
    return [(tasks[prefix.no], body) for prefix, body in parts]


def find_task(text: str, own: Sequence[TaskRef]) -> TaskRef | None:
    """Find the one own task a typed choice names: `3`, `第3项`, `任务3`, `３`, its list and number, or its name in full."""
    if (no := read_choice(text)) is not None:
        return _unambiguous(own).get(no)
    wanted = _LAYOUT.sub("", text)
    named = [
        task
        for task in own
        if wanted and wanted in {_LAYOUT.sub("", task.name), _LAYOUT.sub("", f"{task.list}{task.no}")}
    ]
    return named[0] if len(named) == 1 else None


def _unambiguous(own: Sequence[TaskRef]) -> dict[int, TaskRef]:
    ids = {task.task_id: task for task in own}
    times = Counter(task.no for task in ids.values())
    return {task.no: task for task in ids.values() if times[task.no] == 1}


def _parts(text: str) -> list[tuple[Prefix, str]]:
    """Return the numbered parts, or none where something other than a salutation stands before the first."""
    preamble: list[str] = []
    parts: list[tuple[Prefix, list[str]]] = []
    for line in text.splitlines():
        if prefix := read_prefix(line):
            parts.append((prefix, [line[prefix.end :]]))
        else:
            (parts[-1][1] if parts else preamble).append(line)
    if not _is_salutation("".join(preamble).strip()):
        return []
    return [(prefix, "\n".join(lines).strip()) for prefix, lines in parts]


def _is_salutation(preamble: str) -> bool:
    return not preamble or (len(preamble) <= _SALUTATION_LENGTH and preamble.endswith(("：", ":")))


def _is_nested(prefixes: Sequence[Prefix]) -> bool:
    """Tell whether （1）（2） stand as points under a number written otherwise, as in `3. …` / `（1）…`."""
    bracketed = [prefix.no for prefix in prefixes if prefix.bracketed]
    return 0 < len(bracketed) < len(prefixes) and bracketed[0] == 1
