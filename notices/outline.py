"""How headings and items are numbered, and which numbered lines of a style begin items."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from notices.numbering import chain
from notices.numerals import value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_CHINESE: Final = "[一二三四五六七八九十]{1,3}"
# outermost first; a style's place is its level
STYLES: Final = (
    re.compile(rf"\s*第({_CHINESE})(?:部分|章|篇|类|板块)\s*[:：、.．]?\s*"),
    re.compile(rf"\s*({_CHINESE})\s*[、.．]\s*"),
    re.compile(rf"\s*[（(]\s*({_CHINESE})\s*[）)]\s*[、.．]?\s*"),
    re.compile(r"\s*(?:第)?([0-9]{1,5})(?:\s*[.．]\s*|\s*、\s*|\s*项\s*[:：、]\s*|\s*[)）]\s*)"),
    re.compile(r"\s*[（(]\s*([0-9]{1,3})\s*[）)]\s*[、.．]?\s*"),
)
HEADINGS: Final = 3
_DECIMAL: Final = re.compile(r"\s*[0-9]{1,5}[.．](?!20[0-9]{2}\s*年)[0-9]")
_ITEM: Final = re.compile(r"\s*(?:[|｜]\s*)?[（(]?\s*([0-9]{1,5})\s*(?:[）)、.．|｜\t]|\s|$)")
_QUANTITY: Final = re.compile(r"\s*[0-9]{1,3}\s*[)）]")


class Marker(NamedTuple):
    """A line-initial number; `weak` where it may as well be a quantity that was wrapped."""

    line: int
    level: int
    number: int
    width: int
    is_weak: bool


def markers(lines: Sequence[str]) -> list[Marker]:
    """Return every numbered line in order."""
    return [marker for index, line in enumerate(lines) if (marker := marker_of(index, line))]


def marker_of(index: int, line: str) -> Marker | None:
    """Return how a line is numbered, or None."""
    for level, style in enumerate(STYLES):
        found = style.match(line)
        if found:
            is_weak = level == HEADINGS and bool(_DECIMAL.match(line) or _QUANTITY.match(line))
            return Marker(index, level, value_of(found[1]), found.end(), is_weak)
    return None


def count_items(lines: Sequence[str]) -> int:
    """Count the lines that begin with a number of their own and hold words, headings left out."""
    numbers = {int(found[1]) for line in lines if (found := _ITEM.match(line)) and not _DECIMAL.match(line)}
    return next(count for count in range(len(numbers) + 1) if count + 1 not in numbers)


def starts_of(
    found: Sequence[Marker],
    level: int,
    is_closed: Callable[[int, int], bool],
    *,
    is_ended: Callable[[int], bool] = lambda _: False,
) -> list[tuple[int, int]]:
    """Choose the markers of a level that begin items: the count goes on over sections, or starts again in each.

    Returns (line index, number). A heading between two markers lets the count start again at any number; a number that
    may be a wrapped quantity begins an item only where `is_ended(line index)` says that the line above it is complete.
    """
    sure = [marker for marker in found if not marker.is_weak or is_ended(marker.line)]
    chosen: list[tuple[int, int]] = []
    for run in _runs(sure, level, is_closed):
        numbers = {marker.line: marker.number for marker in run}
        chosen += chain(numbers, _strictly(run, is_closed))
    return chosen


def _strictly(run: Sequence[Marker], is_closed: Callable[[int, int], bool]) -> Callable[[int, int], bool]:
    """Let a number that stands only once begin an item wherever it stands, and a quantity nowhere if it can be helped."""
    weak = {marker.line for marker in run if marker.is_weak}
    times = Counter(marker.number for marker in run)
    alone = {marker.line for marker in run if times[marker.number] == 1} - weak
    return lambda start, end: end in alone or (end not in weak and is_closed(start, end))


def _runs(found: Sequence[Marker], level: int, is_closed: Callable[[int, int], bool]) -> list[list[Marker]]:
    """Part the markers of a level where their count starts again."""
    runs: list[list[Marker]] = []
    highest, headed = 0, True
    for marker in found:
        if marker.level < level:
            headed = True
        elif marker.level == level:
            again = not marker.is_weak and marker.number <= highest and (headed or marker.number == 1)
            if not runs or (again and (headed or is_closed(runs[-1][-1].line, marker.line))):
                if marker.is_weak and not runs:
                    continue
                runs.append([])
                highest = 0
            runs[-1].append(marker)
            if not marker.is_weak and marker.number <= highest + 4:
                highest = max(highest, marker.number)
            headed = headed and marker.is_weak
    return runs


def sections(lines: Sequence[str], headings: Mapping[int, tuple[int, str]]) -> list[str | None]:
    """Return for each line the headings in force, outermost first."""
    above: dict[int, str] = {}
    result: list[str | None] = []
    for index in range(len(lines)):
        if index in headings:
            level, words = headings[index]
            above = {each: heading for each, heading in above.items() if each < level}
            above[level] = words
        result.append(" / ".join(above[each] for each in sorted(above)) or None)
    return result
