"""From a table row's cells to a row: what is in which column is known, or told apart by what stands in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from notices.columns import UNIT_KINDS, Column, Kind
from notices.page import join, squeeze
from notices.people import close_names, is_person
from notices.units import is_complete, is_tail, is_unit, line_breaks, split_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Cells = dict[int, list[str]]

_NARROW: Final = 10
_LAST_LINES: Final = 40
_SENTENCE_END: Final = re.compile(r"[。；;！？][”’）)]?$")
_POST: Final = re.compile(r"(?:领导|组长|负责人|主任|书记|区长|县长|市长)$")
_DEADLINE: Final = re.compile(
    r"(?:20[0-9]{2}年)?(?:[0-9]{1,2}月(?:[0-9]{1,2}日|底|末)?前?|(?:年底|年内|全年|长期|上半年|下半年|持续)\S{0,4})"
)


def tell_apart(columns: Sequence[Column], lines: Sequence[str]) -> Cells:
    """Divide a row's lines among its columns (number column left out of both) where cell borders are lost.

    Works inwards from both ends to the text column: categories are narrow, units end as units do, persons are persons.
    """
    kinds = [column.kind for column in columns]
    pieces = _pieces(_unit_apart(lines) if kinds and kinds[0] in UNIT_KINDS else lines)
    if kinds and kinds[-1] == "leaders":
        pieces = _leader_last(pieces)
    middle = kinds.index("text") if "text" in kinds else len(kinds)
    cells: Cells = {}
    for index in range(middle):
        cells[index], pieces = _take_first(kinds[index], pieces)
    index = len(kinds) - 1
    while index > middle:
        twin = kinds[index] in UNIT_KINDS and kinds[index - 1] in UNIT_KINDS
        taken, pieces = _take_last(kinds[index], pieces, keep=1)
        if twin:
            cells[index - 1], cells[index] = _halve(taken)
        else:
            cells[index] = taken
        index -= 2 if twin else 1
    cells[middle] = pieces
    return cells


def _leader_last(pieces: list[str]) -> list[str]:
    """Put the only person of a row last: without cell borders the name ends the row's first line, the text goes on."""
    persons = [at for at, piece in enumerate(pieces) if is_person(piece)]
    if len(persons) != 1 or _is_leader(pieces[-1]):
        return pieces
    at = persons[0]
    return [*pieces[:at], *pieces[at + 1 :], pieces[at]]


def is_closed(columns: Sequence[Column], lines: Sequence[str]) -> bool:
    """Tell whether a row can end with these lines: its last column is there."""
    pieces = _pieces(lines[-_LAST_LINES:])
    kinds = {column.kind for column in columns}
    if not pieces:
        return False
    last = columns[-1].kind
    if last == "leaders":
        return _is_leader(pieces[-1]) or bool(_SENTENCE_END.search(pieces[-1]))
    if last in UNIT_KINDS:
        led = "leaders" not in kinds or any(map(_is_leader, pieces))
        return led and not _SENTENCE_END.search(pieces[-1])
    return True


def _pieces(lines: Iterable[str]) -> list[str]:
    """Return the lines, cut at spaces around persons and behind sentences, where PDF text runs cells together."""
    pieces: list[str] = []
    for line in lines:
        words = close_names(line).split()
        held: list[str] = []
        for word in words:
            if is_person(word) or (held and _ends_cell(held)):
                pieces += [squeeze(" ".join(held))] if held else []
                held = []
            if is_person(word):
                pieces.append(word)
            else:
                held.append(word)
        pieces += [squeeze(" ".join(held))] if held else []
    return pieces


def _unit_apart(lines: Sequence[str]) -> list[str]:
    """Return the lines with the unit that begins a row on a line of its own."""
    first, _, rest = lines[0].strip().partition(" ") if lines else ("", "", "")
    return [first, rest, *lines[1:]] if rest and is_unit(first) else list(lines)


def _ends_cell(held: Sequence[str]) -> bool:
    return bool(_SENTENCE_END.search(held[-1])) or (len(held) == 1 and is_complete(held[0]))


def _take_first(kind: Kind, pieces: list[str]) -> tuple[list[str], list[str]]:
    """Take the cell of a column left of the text."""
    taken = 0
    if kind in UNIT_KINDS:
        taken = 1
        while taken < len(pieces) - 1 and _goes_on(join(pieces[:taken]), pieces[taken]):
            taken += 1
    elif kind == "leaders":
        while taken < len(pieces) and _is_leader(pieces[taken]):
            taken += 1
    elif kind == "category":
        taken = _category_length(pieces)
    return pieces[:taken], pieces[taken:]


def _category_length(pieces: Sequence[str]) -> int:
    """Count the lines of a narrow wrapped cell: none is wider than the first, give or take a mark, and a short one ends it."""
    if len(pieces) < 2 or not _is_wrapped(pieces[0]):
        return 0
    width, taken = len(pieces[0]), 1
    while taken < len(pieces) - 1 and len(pieces[taken - 1]) >= width - 1:
        if len(pieces[taken]) > width + 1 or not _is_wrapped(pieces[taken]):
            break
        taken += 1
    return taken


def _goes_on(unit: str, piece: str) -> bool:
    """Tell whether a unit's name, wrapped in a narrow cell, goes on in the next piece."""
    return is_tail(piece) or (len(piece) <= 2 * _NARROW and not is_unit(unit) and not _SENTENCE_END.search(piece))


def _take_last(kind: Kind, pieces: list[str], *, keep: int) -> tuple[list[str], list[str]]:
    """Take the cell of a column right of the text, leaving at least `keep` pieces."""
    belongs = _can_be_units if kind in UNIT_KINDS else _CAN_BE.get(kind)
    start = len(pieces)
    while belongs and start > keep and belongs(pieces[start - 1]):
        start -= 1
    if (
        kind == "leaders"
        and keep < start < len(pieces)
        and _POST.fullmatch(pieces[start])
        and _is_wrapped(pieces[start - 1])
    ):
        start -= 1
    return pieces[start:], pieces[:start]


def _is_wrapped(piece: str) -> bool:
    return len(piece) <= _NARROW and not _SENTENCE_END.search(piece)


def _is_leader(piece: str) -> bool:
    return is_person(piece) or (len(piece) <= 12 and bool(_POST.search(piece)))


def _can_be_units(piece: str) -> bool:
    if _SENTENCE_END.search(piece) or _is_leader(piece):
        return False
    inner = split_units(piece)[1:-1]
    return len(piece) <= 24 if not inner else any(map(is_unit, inner))


def _can_be_deadline(piece: str) -> bool:
    return bool(_DEADLINE.fullmatch(piece))


_CAN_BE: Final[dict[Kind, Callable[[str], bool]]] = {"leaders": _is_leader, "deadline": _can_be_deadline}


def _halve(lines: list[str]) -> tuple[list[str], list[str]]:
    """Part two unit columns that stand under one another: at the first line end between complete names."""
    at = next(iter(line_breaks(lines)), len(lines))
    return lines[:at], lines[at:]
