"""Which of a row's cells stands in which column, where empty and merged cells have left no trace: the likeliest way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from notices.page import squeeze
from notices.people import is_person, split_people
from notices.units import is_group, is_unit, units_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from notices.columns import Column, Kind

_POST: Final = re.compile(r"(?:领导|组长|负责人|主任|书记|区长|县长|市长|局长|镇长)$")
DEADLINE: Final = re.compile(
    r"(?=.{2,20}$)(?:.*(?:[0-9]{1,2}月|季度|年[底末内中]|全年|长期|上半年|下半年|持续|[0-9]年|时序|[0-9]日).*|长期坚持|常态化.*)"
)
_SENTENCE: Final = re.compile(r"[。；;！]")
_NONE: Final = re.compile(r"[—\-－–/／]{1,3}|无")
_EMPTY: Final[dict[Kind, float]] = {
    "text": -30,
    "lead": -4,
    "shared": -4,
    "support": -1,
    "leaders": -3,
    "deadline": -2,
    "category": -0.5,
    "other": -1,
    "no": -1,
}
_MOST_PIECES: Final = 40
_NEVER: Final = -1e9


def align(columns: Sequence[Column], cells: Sequence[list[str]]) -> list[list[str]]:
    """Divide cells among columns, order kept, several wrapped ones in one column or none; as many lists as columns."""
    cells = cells[:_MOST_PIECES]
    count, width = len(cells), len(columns)
    best = [[_NEVER] * (width + 1) for _ in range(count + 1)]
    taken = [[0] * (width + 1) for _ in range(count + 1)]
    best[0][0] = 0
    for at, column in enumerate(columns):
        score = _SCORES[column.kind]
        for end in range(count + 1):
            for start in range(end + 1):
                if best[start][at] == _NEVER:
                    continue
                lines = [line for cell in cells[start:end] for line in cell]
                worth = score(lines) - 0.6 * max(0, end - start - 1) if lines else _EMPTY[column.kind]
                if best[start][at] + worth > best[end][at + 1]:
                    best[end][at + 1] = best[start][at] + worth
                    taken[end][at + 1] = start
    placed: list[list[str]] = []
    end = count
    for at in range(width, 0, -1):
        start = taken[end][at]
        placed.append([line for cell in cells[start:end] for line in cell])
        end = start
    return placed[::-1]


def _as_text(lines: Sequence[str]) -> float:
    words = "".join(map(squeeze, lines))
    if DEADLINE.fullmatch(words) or _NONE.fullmatch(words):
        return -4
    names = [line for line in lines if is_unit(squeeze(line)) or is_person(squeeze(line))]
    return 2 + min(3.0, len(words) / 15) + bool(_SENTENCE.search(words)) - 3 * len(names)


def _as_units(lines: Sequence[str]) -> float:
    if _NONE.fullmatch("".join(lines).strip()):
        return 3
    if any(map(_SENTENCE.search, lines)) or sum(map(len, lines)) > 400:
        return -12
    names = units_in(lines)
    known = sum((is_unit(name) or is_group(name)) and not is_person(name) for name in names)
    return 6 if known == len(names) else 4 * (2 * known - len(names)) / max(1, len(names)) - 4


def _as_leaders(lines: Sequence[str]) -> float:
    names = split_people(lines)
    known = sum(is_person(name) or (len(name) <= 12 and bool(_POST.search(name))) for name in names)
    return 6 if names and known == len(names) else -10


def _as_deadline(lines: Sequence[str]) -> float:
    return 5 if DEADLINE.fullmatch("".join(map(squeeze, lines))) else -6


def _as_category(lines: Sequence[str]) -> float:
    words = "".join(map(squeeze, lines))
    if len(words) > 16 or _SENTENCE.search(words) or is_person(words) or is_unit(words):
        return -6
    return 1.5


def _as_other(lines: Sequence[str]) -> float:
    words = "".join(map(squeeze, lines))
    return 0.5 if len(words) <= 40 else -1


_SCORES: Final[dict[Kind, Callable[[Sequence[str]], float]]] = {
    "text": _as_text,
    "lead": _as_units,
    "support": _as_units,
    "shared": _as_units,
    "leaders": _as_leaders,
    "deadline": _as_deadline,
    "category": _as_category,
    "other": _as_other,
    "no": _as_category,
}
