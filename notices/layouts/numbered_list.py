"""A numbered list under nested headings: any numbering, and whoever answers named behind, under or over the items."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from notices.block import Duty, Reading, Row
from notices.groups import duty_of_heading
from notices.marked import BREAK, MERGED, PIPE, bold_names, unmarked
from notices.numbering import spans
from notices.outline import HEADINGS, STYLES, Marker, markers, sections, starts_of
from notices.page import join, squeeze
from notices.responsibility import label_at, read_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notices.block import Block

_HEADING_LENGTH: Final = 60
_ITEM_BEHIND_HEADING: Final = re.compile(
    r"(\s*(?:[一二三四五六七八九十]{1,3}\s*、|[（(]\s*[一二三四五六七八九十]{1,3}\s*[）)])[^。；]{2,60}?)\s[0-9]{1,3}[.．、]\s*(?![0-9])"
)
_MARGIN: Final = 6
_LONE_NUMBER: Final = re.compile(r"\s*[0-9]{1,3}\s*")
_DEMANDS: Final = re.compile(r"要求|保障|组织领导|组织实施")
_NAMES_SOMEONE: Final = re.compile(r"单\s*位|部\s*门|牵头|负责|主办|承办|责任|配合|落实")
_SENTENCE: Final = re.compile(r"[，。；：:]")
_ENDS: Final = ("）", ")", "。", "”", "】", "〕", "；", ";")


@dataclass(frozen=True, slots=True)
class _Item:
    """A row, the line it begins at, and whether its units stand on a line of their own."""

    row: Row
    line: int
    end: int
    has_label_line: bool
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """A block's lines with their places in it, and how they are numbered."""

    places: list[int]
    lines: list[str]
    marks: list[Marker]


class NumberedList:
    """Items by their running number, sections by the style of the headings' numbers, not by Markdown marks."""

    def read(self, block: Block) -> Reading | None:
        """Read every item that says who answers for it; the others are reported as unread."""
        if not any(_NAMES_SOMEONE.search(line) for line in block.lines):
            return None
        page = _page(block)
        items = _best(page)
        if not items:
            return None
        rows = [item.row for item in items]
        unread = tuple(
            f"{row.no}.{row.text}"
            for row in rows
            if not row.duty.has_units and not _DEMANDS.search((row.section or "").rpartition(" / ")[2])
        )
        named = tuple(row for row in rows if row.duty.has_units)
        sure = 0.7 * len(named) / len(rows)
        return Reading(named, page.places[items[0].line], unread, sure=sure, after=_after(page, items))


def _after(page: _Page, items: Sequence[_Item]) -> str:
    """Return what stands behind the last item that names anybody: closing paragraphs, demands on the reporters."""
    last = next(item for item in reversed(items) if item.row.duty.has_units)
    return join([last.rest, *page.lines[last.end :]])


def _page(block: Block) -> _Page:
    """Number the lines: lone page numbers left out, a row's cells parted, an item parted from its heading."""
    placed: list[tuple[int, str]] = []
    for index, line in ((at, piece) for at, whole in enumerate(block.lines) for piece in _pieces(whole)):
        item = _ITEM_BEHIND_HEADING.match(line)
        if item:
            placed += [(index, item[1]), (index, line[item.end(1) :])]
        elif not _LONE_NUMBER.fullmatch(line):
            placed.append((index, line))
    lines = [line for _, line in placed]
    return _Page([index for index, _ in placed], lines, markers(lines))


def _pieces(line: str) -> list[str]:
    """Return the lines of a row's cells, or the line itself."""
    if not PIPE.search(line):
        return [line]
    if not line.startswith("|"):
        return [unmarked(line)]
    pieces = [unmarked(piece) for cell in PIPE.split(line) for piece in BREAK.split(cell)]
    return [piece for piece in pieces if piece.strip() not in {"", MERGED}]


def _best(page: _Page) -> list[_Item]:
    """Read the items at each level of numbering, and keep the level that gives the most items with somebody to answer.

    Items of other levels are added where the level itself has none: a list need not be numbered alike throughout.
    """
    levels = {marker.level for marker in page.marks if marker.level > 0}
    found = {level: _trimmed(_items(page, level)) for level in sorted(levels, reverse=True)}
    best: list[_Item] = []
    for own in found.values():
        items = own
        for other in found.values():
            if items and other is not own:
                items = _with_others(items, other)
        if _worth(items) > _worth(best):
            best = items
    return best


def _worth(items: Sequence[_Item]) -> float:
    named = sum(item.row.duty.has_units for item in items)
    return named - 0.6 * (len(items) - named)


def _with_others(items: list[_Item], others: list[_Item]) -> list[_Item]:
    """Add items of another numbering that stand where the list has none."""
    ends = [item.end for item in items]
    starts = [item.line for item in items]
    apart = []
    for other in others:
        before = bisect_right(starts, other.line)
        is_inside = before and ends[before - 1] > other.line
        holds_some = before < len(starts) and starts[before] < other.end
        if other.row.duty.has_units and not is_inside and not holds_some:
            apart.append(other)
    return sorted([*items, *apart], key=lambda item: item.line) if apart else items


def _items(page: _Page, level: int) -> list[_Item]:
    lines = page.lines
    width = max(map(len, lines), default=0)
    starts = starts_of(
        page.marks,
        level,
        lambda start, end: _is_closed(lines[max(start, end - 4) : end], width),
        is_ended=lambda line: _is_ended(lines[max(0, line - 1)]),
    )
    headings = _headings(page, level, {index for index, _ in starts})
    named = sections(lines, {index: (marker, words) for index, (marker, words, _) in headings.items()})
    items: list[_Item] = []
    for start, end, no in spans(starts, len(lines)):
        last = next((index for index in range(start + 1, end) if index in headings), end)
        own = [lines[start][_width(page, start) :], *lines[start + 1 : last]]
        taken = read_item(own)
        has_label_line = any(label_at(line) for line in own[1:])
        section, text = named[start], taken.text
        duty = replace(taken.duty, bold=bold_names(taken.duty.shared, lines[start:last]))
        if level < HEADINGS and duty.has_units and (heading := _heading_over(lines[start], own, width)):
            section = " / ".join(part for part in (section, squeeze(lines[start])) if part)
            text, duty = text.removeprefix(heading), duty.guessed("section_task")
        row = Row(no, text, section, duty)
        items.append(_Item(row, start, last, has_label_line, taken.rest))
    return _with_section_duties(page, items, headings) if level <= HEADINGS else items


def _heading_over(line: str, own: Sequence[str], width: int) -> str:
    """Return the words of a heading whose paragraphs below it are one task; none if the line is the task itself."""
    is_heading = len(line) <= _HEADING_LENGTH // 2 and not _is_sentence(line) and len(line) < width - _MARGIN
    return squeeze(own[0]) if is_heading and len(own) > 1 and _is_sentence(own[1]) else ""


def _is_sentence(line: str) -> bool:
    return bool(_SENTENCE.search(line))


def _width(page: _Page, index: int) -> int:
    line = page.lines[index]
    found = next((found for style in STYLES if (found := style.match(line))), None)
    return found.end() if found else 0


def _headings(page: _Page, level: int, starts: set[int]) -> dict[int, tuple[int, str, int]]:
    """Return the headings above a level: line -> level, words, how many lines they take."""
    found: dict[int, tuple[int, str, int]] = {}
    for marker in page.marks:
        line = page.lines[marker.line]
        if marker.level >= level or marker.line in starts or marker.is_weak:
            continue
        words = squeeze(line)
        if len(line) <= _HEADING_LENGTH:
            found[marker.line] = (marker.level, words, 1)
    return found


def _with_section_duties(page: _Page, items: list[_Item], headings: dict[int, tuple[int, str, int]]) -> list[_Item]:
    """Fill up what the items' headings or their section's last line say for all of them."""
    above: dict[int, Duty] = {}
    filled: list[_Item] = []
    groups: list[list[int]] = []
    places = iter(sorted(headings))
    following = next(places, None)
    for at, item in enumerate(items):
        fresh = at == 0
        while following is not None and following < item.line:
            level, words, _ = headings[following]
            above = {each: duty for each, duty in above.items() if each < level}
            above[level] = duty_of_heading(words)
            fresh = True
            following = next(places, None)
        if fresh:
            groups.append([])
        groups[-1].append(at)
        over = Duty()
        for level in sorted(above, reverse=True):
            over = over.over(above[level])
        filled.append(_under(item, over))
    for group in groups:
        _spread(filled, group)
    return filled


def _under(item: _Item, over: Duty) -> _Item:
    """Put a group heading's leader or lead unit over an item; units named at the item itself come first."""
    duty = item.row.duty
    if not over:
        return item
    leaders = duty.leaders or over.leaders
    label = duty.leader_label if duty.leaders else over.leader_label
    duty = replace(duty, leaders=leaders, leader_label=label)
    if over.has_units and not duty.lead:
        if duty.shared and over.lead:
            duty = replace(duty, lead=over.lead)
        elif not duty.shared:
            duty = replace(duty, lead=over.lead, shared=over.shared)
    return replace(item, row=replace(item.row, duty=duty))


def _spread(items: list[_Item], group: Sequence[int]) -> None:
    """Give a section's items the units of its last line, where none of them but the last names any."""
    if len(group) < 2 or not items[group[-1]].has_label_line:
        return
    if any(items[at].row.duty.has_units for at in group[:-1]):
        return
    duty = items[group[-1]].row.duty.guessed("section_units")
    for at in group:
        items[at] = replace(items[at], row=replace(items[at].row, duty=duty))


def _trimmed(items: list[_Item]) -> list[_Item]:
    """Leave out what stands before the first item with units: paragraphs of the letter, unless it is the same list."""
    first = next((at for at, item in enumerate(items) if item.row.duty.has_units), len(items))
    if first == len(items):
        return []
    start = first
    while (
        start
        and items[start - 1].row.no == items[start].row.no - 1
        and items[start - 1].row.section == items[start].row.section
    ):
        start -= 1
    return items[start:]


def _is_closed(lines: Sequence[str], width: int) -> bool:
    """Tell whether an item can end with these lines: its last one is no wrapped sentence."""
    last = next((line for line in reversed(lines) if not _is_heading(line)), "").rstrip()
    return last.endswith(_ENDS) or len(last) < width - _MARGIN or any(map(label_at, lines[-3:]))


def _is_ended(line: str) -> bool:
    return line.rstrip().endswith(_ENDS) or _is_heading(line) or label_at(line) is not None


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING_LENGTH and any(style.match(line) for style in STYLES[:HEADINGS])
