"""How a table's rows become tasks: merged cells hold until the next one, rows across all columns are headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from notices.block import Duty, Row
from notices.columns import UNIT_KINDS, Column, Kind
from notices.groups import duty_of_heading
from notices.marked import bold_names
from notices.numerals import value_of
from notices.outline import marker_of
from notices.page import join, squeeze
from notices.people import split_people
from notices.responsibility import label_at, read_duty
from notices.units import is_complete, is_unit, units_in
from notices.verbs import read_verbs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NUMBER: Final = re.compile(r"[（(]?([0-9０-９]{1,5}|[一二三四五六七八九十]{1,3})[）)]?[.．、]?")
_CHINESE: Final = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)]?[.．、]?")
_TEXT_NUMBER: Final = re.compile(r"([0-9]{1,5})\s*(?:[.．](?![0-9])|、)\s*")
_NONE: Final = re.compile(r"[—\-－–/／\\]{1,4}|无|暂无")
_NOTE: Final = re.compile(r"(?:备?注|说明)[:：]")
_SUBTOTAL: Final = re.compile(r"(?:小计|分计)(?:$|[:：共（(0-9])")
CLOSING: Final = re.compile(r"合\s*计|总\s*计|共\s*计")
_SENTENCE_END: Final = re.compile(r"[。；;！？][”’）)]?$")
_MARKED: Final = re.compile(r"[（(](?:牵头|主办|主责|牵头单位|主办单位)[）)]$")
_GROWING: Final[tuple[Kind, ...]] = ("lead", "support", "shared", "leaders", "deadline", "text")

_DUTY: Final[tuple[Kind, ...]] = ("lead", "support", "shared", "leaders", "deadline")

_UNNUMBERED: Final = 9

Lines = list[str]


@dataclass(slots=True)
class Table:
    """A table that is being read row by row."""

    columns: Sequence[Column]
    rows: list[Row] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    _last: dict[Kind, Lines] = field(default_factory=dict)
    _headings: dict[int, tuple[str, Duty]] = field(default_factory=dict)
    _leader: Duty = field(default_factory=Duty)

    def take(
        self, cells: Sequence[Lines], *, merged: frozenset[int] = frozenset(), blank: frozenset[int] = frozenset()
    ) -> None:
        """Take one row: a task, a heading across the table, or more of the row before.

        `merged` are the places of cells known to be one with that above, whose lines they hold; `blank` of cells known
        to be empty in print.
        """
        filled = [at for at, lines in enumerate(cells) if any(map(str.strip, lines))]
        if not filled:
            return
        if CLOSING.match(join(cells[filled[0]])):
            self.totals.append(" ".join(join(cells[at]) for at in filled))
            return
        own = next((at for at in filled if at not in merged), filled[0])
        if _SUBTOTAL.match(join(cells[own])):
            return
        row: dict[Kind, Lines] = {}
        for at, column in enumerate(self.columns):
            if at < len(cells) and column.kind != "other":
                row.setdefault(column.kind, []).extend(cells[at])
        held = self._kinds(filled, merged)
        if not held and self._is_heading(cells, filled, row):
            self.head(join(cells[filled[-1]]))
        elif held and self._is_part(row, held):
            self._extend(row, held)
        elif not _NOTE.match(join(cells[filled[0]])):
            self._take_task(row, self._kinds(range(len(cells)), blank))

    def _kinds(self, places: Iterable[int], among: frozenset[int]) -> frozenset[Kind]:
        """Return the kinds of columns of which all cells at these places are among the given ones."""
        kinds = {(self.columns[at].kind, at in among) for at in places if at < len(self.columns)}
        return frozenset(kind for kind, is_among in kinds if is_among and (kind, False) not in kinds)

    def _is_part(self, row: dict[Kind, Lines], held: frozenset[Kind]) -> bool:
        """Tell whether a row is more of the task above: one of number and text is merged with it, the other adds to it.

        A row with a text and a unit, leader or deadline of its own is a task of its own under the same number.
        """
        if not self.rows or (row.get("no") and "no" not in held):
            return False
        if "text" in held:
            return True
        return "no" in held and not any(row.get(kind) and kind not in held for kind in _DUTY)

    def _extend(self, row: dict[Kind, Lines], held: frozenset[Kind]) -> None:
        """Add a row's own cells to the task above; names in several cells are several names."""
        for kind in _DUTY:
            if row.get(kind) and kind not in held and self._last.get(kind):
                row[kind].insert(0, "；" if kind == "deadline" else "、")
        self._grow({kind: lines for kind, lines in row.items() if kind not in held})

    def _is_heading(self, cells: Sequence[Lines], filled: Sequence[int], row: dict[Kind, Lines]) -> bool:
        words = {join(cells[at]) for at in filled}
        if len(words) == 1:
            kind = self.columns[filled[0]].kind if filled[0] < len(self.columns) else "other"
            only = next(iter(words))
            if kind == "no" and _NUMBER.fullmatch(only):
                return False
            if len(filled) > 1 or filled[0] == 0 or kind in {"no", "other"}:
                return True
            return kind in {"text", "category"} and bool(duty_of_heading(only) or label_at(only))
        no = join(row.get("no", []))
        return bool(_CHINESE.fullmatch(no)) and len(filled) == 2 and not self._names_units(row)

    def _names_units(self, row: dict[Kind, Lines]) -> bool:
        return any(row.get(kind) for kind in UNIT_KINDS)

    def head(self, words: str) -> None:
        """Take a heading across the table; a leader's row names the leader of what stands below it."""
        self._last = {}
        if label_at(words) and not marker_of(0, words):
            self._leader = read_duty(words)
            return
        duty = duty_of_heading(words)
        marker = marker_of(0, words)
        if not marker:
            self._leader = Duty()
        level = marker.level if marker else _UNNUMBERED
        self._headings = {each: heading for each, heading in self._headings.items() if each < level}
        self._headings[level] = (words, duty)

    def follow(self, other: Table) -> None:
        """Go on under the headings of the table before."""
        self._headings, self._leader = other._headings, other._leader

    def _take_task(self, row: dict[Kind, Lines], blank: frozenset[Kind]) -> None:
        number = _NUMBER.fullmatch(join(row.get("no", [])))
        text = join(row.get("text", []))
        within = None if number else _TEXT_NUMBER.match(text)
        if within:
            text = text[within.end() :]
        elif number is None and self._goes_on(row, text):
            self._grow(row)
            return
        no = value_of(number[1]) if number else int(within[1]) if within else self._next_number()
        filled, inherited = self._filled(row, blank)
        duty = self._duty(filled)
        if number is None and within is None and not self._has_numbers():
            duty = duty.guessed("no_number")
        if inherited:
            duty = duty.guessed("inherited_cell")
        if not text and not self._names_units(row):
            self.unread.append("　".join(join(lines) for lines in row.values()))
            return
        self._last = filled
        self.rows.append(Row(no, text, self._named_section(filled), duty))

    def _has_numbers(self) -> bool:
        return any(column.kind == "no" for column in self.columns)

    def _next_number(self) -> int:
        if not self.rows:
            return 1
        return self.rows[-1].no + (0 if self._has_numbers() else 1)

    def _goes_on(self, row: dict[Kind, Lines], text: str) -> bool:
        """Tell whether a row without a number is more of the row before (a page break, a merged number)."""
        if not self.rows:
            return False
        if not self._has_numbers():
            return not self._names_units(row) and not _SENTENCE_END.search(self.rows[-1].text)
        if not text or not self._names_units(row):
            return True
        units = [name for kind in UNIT_KINDS for name in units_in(row.get(kind, []))]
        return not (
            _SENTENCE_END.search(self.rows[-1].text) and all(is_complete(name) or is_unit(name) for name in units)
        )

    def _grow(self, row: dict[Kind, Lines]) -> None:
        """Add a row's cells to those of the row before."""
        last = self.rows[-1]
        for kind in _GROWING:
            more = row.get(kind, [])
            if more and self._last.get(kind) != more:
                self._last[kind] = [*self._last.get(kind, []), *more]
        duty = self._duty(self._last)
        self.rows[-1] = Row(
            last.no,
            _unnumbered(join(self._last.get("text", []))),
            last.section,
            replace(duty, guesses=last.duty.guesses),
        )

    def _filled(self, row: dict[Kind, Lines], blank: frozenset[Kind]) -> tuple[dict[Kind, Lines], bool]:
        """Fill empty cells from the row before: a merged cell stands in its first row only.

        Only a unit, without which there is no task, and a category are also taken where the cell is known to be empty.
        """
        kinds = {column.kind for column in self.columns}
        filled = dict(row)
        empty = {kind for kind in kinds if not row.get(kind)} & self._last.keys()
        takes: set[Kind] = (empty & {"category"}) | (empty & {"leaders", "deadline"}) - blank
        if not any(row.get(kind) for kind in ("lead", "shared")):
            takes |= empty & {"lead", "shared"}
            takes |= empty & {"support"} if not row.get("support") else set()
        for kind in takes:
            filled[kind] = self._last[kind]
        given = {kind for kind in takes if any(map(str.strip, filled[kind]))}
        return filled, bool(given - {"category"})

    def _named_section(self, row: dict[Kind, Lines]) -> str | None:
        parts = (*(words for words, _ in self._headings.values()), _given(row.get("category", [])))
        return " / ".join(part for part in parts if part) or None

    def _duty(self, row: dict[Kind, Lines]) -> Duty:
        leaders = split_people([line for line in row.get("leaders", []) if not _NONE.fullmatch(line.strip())])
        label = next((column.label for column in self.columns if column.kind == "leaders"), None)
        duty = Duty(
            leaders=leaders,
            leader_label=label if leaders else None,
            deadline=_given(row.get("deadline", [])) or None,
        )
        for kind in ("lead", "shared", "support"):
            duty = duty.over(_units_of(kind, row.get(kind, [])))
        duty = replace(duty, bold=bold_names(duty.shared, row.get("shared", [])))
        over = Duty()
        for _, heading in reversed(self._headings.values()):
            over = over.over(heading)
        over = over.over(self._leader)
        if not duty.leaders and over.leaders:
            duty = replace(duty, leaders=over.leaders, leader_label=over.leader_label)
        if over.has_units and not duty.lead:
            duty = replace(duty, lead=over.lead, shared=duty.shared or over.shared)
        return duty


def _given(lines: Sequence[str]) -> str:
    words = join(lines)
    return "" if _NONE.fullmatch(words) else words


def _unnumbered(text: str) -> str:
    within = _TEXT_NUMBER.match(text)
    return text[within.end() :] if within else text


def _units_of(kind: str, lines: Sequence[str]) -> Duty:
    """Read a cell of units; labels, verbs or a mark behind a name divide them."""
    words = _given(lines)
    if not words:
        return Duty()
    if (":" in words or "：" in words) and (duty := read_duty("；".join(map(squeeze, lines)))).has_units:
        return duty
    if duty_by_verbs := read_verbs(words):
        return duty_by_verbs
    return _divided(kind, units_in(lines))


def _divided(kind: str, names: tuple[str, ...]) -> Duty:
    """Tell lead from support among a cell's names."""
    if kind == "lead":
        return Duty(lead=names)
    if kind == "support":
        return Duty(support=names)
    marked = tuple(name for name in names if _MARKED.search(name))
    if marked:
        return Duty(
            lead=tuple(_MARKED.sub("", name) for name in marked),
            support=tuple(name for name in names if name not in marked),
        )
    return Duty(shared=names)
