"""Where numbered rows begin: a line-initial number that continues the count, not a quantity that was wrapped."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_GAP: Final = 3
_TRIES: Final = 12


def chain(numbers: Mapping[int, int], is_closed: Callable[[int, int], bool]) -> list[tuple[int, int]]:
    """Choose which of the line-initial `numbers` (line index -> number) begin rows; returns (line index, number).

    A row begins where the count goes on, at the first place that finds the row before it closed (`is_closed(start, end)`),
    else at the first place at all; up to three numbers may be missing.
    """
    places: dict[int, list[int]] = {}
    for index, number in numbers.items():
        places.setdefault(number, []).append(index)
    chosen: list[tuple[int, int]] = []
    first = next(iter(numbers.items()), None)
    if first is None:
        return []
    at, number = (places[1][0], 1) if 1 in places else first
    while True:
        chosen.append((at, number))
        following = _following(places, at, number, is_closed)
        if following is None:
            return chosen
        at, number = following


def spans(starts: Sequence[tuple[int, int]], end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (start, end, number) of every row: from one start to the next, the last to `end`."""
    ends = [*(start for start, _ in starts[1:]), end]
    return ((start, until, number) for (start, number), until in zip(starts, ends, strict=False))


def _following(
    places: Mapping[int, Sequence[int]], at: int, number: int, is_closed: Callable[[int, int], bool]
) -> tuple[int, int] | None:
    after = {expected: _behind(places.get(expected, ()), at) for expected in range(number + 1, number + 2 + _GAP)}
    for expected, indices in after.items():
        closed = next((index for index in indices if is_closed(at, index)), None)
        if closed is not None:
            return closed, expected
    return next(((indices[0], expected) for expected, indices in after.items() if indices), None)


def _behind(indices: Sequence[int], at: int) -> Sequence[int]:
    first = bisect_right(indices, at)
    return indices[first : first + _TRIES]
