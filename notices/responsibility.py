"""Which part of an item says who answers for it: a parenthesis with labels or verbs, or label lines under the item."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from notices.block import Duty
from notices.columns import Kind, label_kind, labels_of
from notices.page import join, squeeze
from notices.people import split_people
from notices.units import is_complete, is_group, is_tail, is_unit, split_units
from notices.verbs import read_verbs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KINDS: Final[frozenset[Kind]] = frozenset({"lead", "support", "shared", "leaders", "deadline"})
# a dash or a bullet that leads in a label line
_LEAD_IN: Final = re.compile(r"[\s—–―\-－·•●■◆◇□○▲△★☆※*]+")
_KNOWN: Final = re.compile(rf"(?:{'|'.join(map(re.escape, labels_of(_KINDS)))})$")
_COLON: Final = re.compile(r"[:：]")
_RUN: Final = re.compile(r"(?:^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{1,12}(?:[（(][\u4e00-\u9fff]{1,8}[）)])?)$")
_WITHOUT_COLON: Final = re.compile(rf"({'|'.join(map(re.escape, labels_of(_KINDS)))})(?=[ \t\u3000])\s*")
_FRAMED: Final = re.compile(r"[【\[〔]([\u4e00-\u9fff]{2,12})[】\]〕]\s*[:：]?")
# a damaged font prints the bracket as a quotation mark
_BRACKETED: Final = re.compile(r"[（(〔\[【“\"]\s*([\u4e00-\u9fff]{2,12}(?:[（(][\u4e00-\u9fff]{1,8}[）)])?)\s*[:：]")
_LAST_BRACKET: Final = re.compile(r"[）)〕\]】][。.；;]?$")
_BEHIND_SENTENCE: Final = re.compile(r"[。；;！）)]\s*([\u4e00-\u9fff]{2,12})[:：]")
_PAIRS: Final = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】", "“": "”", '"': '"'}
_SAME: Final = {"）": ")", ")": "）"}
_OPENINGS: Final = "（(〔【["
_CLOSINGS: Final = "）)〕】]"
_QUOTES: Final = '“"'
_LONGEST_LABEL: Final = 16
_LONGEST_DUTY: Final = 600
_NOTHING: Final = re.compile(r"[—\-－–/／]{1,3}|无|暂无")


class Responsibility(NamedTuple):
    """An item taken apart: its own sentences, who answers for it, and what stands behind the last parenthesis."""

    text: str
    duty: Duty
    rest: str


def read_item(lines: Sequence[str]) -> Responsibility:
    """Take an item's lines apart: label lines under it first, then the parentheses in what is left."""
    own, labelled, behind = _part_label_lines(lines)
    text, duty, rest = take_apart(join(own))
    if labelled:
        duty = read_duty(labelled).over(duty)
    elif not duty and len(own) > 1 and (names := _unit_line(own[-1])):
        text, duty = join(own[:-1]), names
    return Responsibility(text, duty, rest or behind)


def _unit_line(line: str) -> Duty | None:
    """Read a line that holds names of units and nothing else."""
    words = squeeze(line)
    return read_verbs(words) or (None if words.endswith("。") else _bare_names(words))


def take_apart(item: str) -> Responsibility:
    """Take the responsibility parentheses out of an item (layout spaces already removed); none: an empty duty."""
    text, at = "", 0
    duty = Duty()
    for opening in _BRACKETED.finditer(item):
        if opening.start() < at or not _duty_kind(opening[1]):
            continue
        end = _closing(item, opening.start())
        text += item[at : opening.start()]
        duty = duty.over(read_duty(_within(item[opening.start() : end])))
        at = end
    if at:
        return Responsibility(text, duty, item[at:].lstrip("。.；;"))
    return _by_verbs(item)


def _within(parenthesis: str) -> str:
    """Return what a parenthesis holds; one that a name brings along stays with it: 各镇（街道）."""
    words = parenthesis[1:]
    closing = tuple(_PAIRS.values())
    while words.endswith(closing) and sum(map(words.count, closing)) > sum(map(words.count, _PAIRS)):
        words = words[:-1]
    return words


def read_duty(text: str) -> Duty:
    """Read `label：names；label：names…`; a sentence after the names that has no label belongs to no one."""
    parts: dict[Kind, list[str]] = {}
    leader_label = None
    framed = _FRAMED.sub(lambda found: f"；{found[1]}：" if _duty_kind(found[1]) else found[0], text)
    labels = list(_labels(framed))
    for (_, end, kind, label), following in zip(labels, [*labels[1:], None], strict=False):
        value = framed[end : following[0] if following else len(framed)].strip("。；;，, \t")
        if not _NOTHING.fullmatch(value):
            parts.setdefault(kind, []).append(value.partition("。")[0])
        if kind == "leaders":
            leader_label = leader_label or label
    leaders = split_people(parts.get("leaders", []))
    duty = Duty(
        lead=_units(parts, "lead"),
        support=_units(parts, "support"),
        shared=_units(parts, "shared"),
        leaders=leaders,
        leader_label=leader_label if leaders else None,
        deadline="；".join(parts.get("deadline", [])) or None,
    )
    return _without_open_ends(duty)


def label_at(line: str) -> Kind | None:
    """Return the kind of the label a line begins with (牵头单位：…, 【牵头单位】…), or None."""
    head = _without_lead_in(line)[: 2 * _LONGEST_LABEL]
    words = squeeze(head).lstrip("（(")
    framed = _FRAMED.match(words)
    if framed:
        return _duty_kind(framed[1])
    colon = _COLON.search(words, 0, _LONGEST_LABEL)
    if colon:
        return _duty_kind(words[: colon.start()])
    known = _WITHOUT_COLON.match(head)
    return label_kind(known[1]) if known else None


def _without_lead_in(line: str) -> str:
    found = _LEAD_IN.match(line)
    return line[found.end() :] if found else line


def _duty_kind(label: str) -> Kind | None:
    """Return the kind of a label; in running text only what ends as labels do is one (工作要求： is a heading)."""
    kind = label_kind(label)
    return kind if kind in _KINDS else None


def _labels(text: str) -> Iterator[tuple[int, int, Kind, str]]:
    """Yield start, end, kind and words of every label before a colon."""
    at = 0
    for colon in _COLON.finditer(text):
        before = text[max(at, colon.start() - 2 * _LONGEST_LABEL) : colon.start()]
        words = _label_before(before.rstrip())
        kind = label_kind(words)
        if kind:
            yield colon.start() - len(before) + len(before.rstrip()) - len(words), colon.end(), kind, words
            at = colon.end()


def _label_before(words: str) -> str:
    """Return the label that ends the words: a known one behind a unit's name, else all that stands by itself."""
    run = _RUN.search(words)
    known = _KNOWN.search(words)
    if run and not (known and len(known[0]) < len(run[1]) and is_unit(run[1].removesuffix(known[0]))):
        kind = label_kind(run[1])
        if kind in _KINDS or (kind == "other" and len(run[1]) <= 6):
            return run[1]
    return known[0] if known else ""


def _part_label_lines(lines: Sequence[str]) -> tuple[list[str], str, str]:
    """Return an item's own lines, its label lines as one text, and what follows them."""
    own: list[str] = []
    labelled: list[str] = []
    depth = 0
    for index, line in enumerate(lines):
        if not labelled:
            if index and depth <= 0 and _may_begin(line) and label_at(line):
                labelled.append(_label_line(line))
                continue
            head, tail = _behind_sentence(line, depth)
            depth += _depth(head)
            own.append(head)
            labelled += [tail] if tail else []
        elif label_at(line):
            labelled.append("；" + _label_line(line))
        elif _goes_on(labelled[-1], squeeze(line)):
            labelled.append(squeeze(line))
        else:
            return own, "".join(labelled), join(lines[index:])
    return own, "".join(labelled), ""


def _may_begin(line: str) -> bool:
    """Tell a label line from the parenthesis that holds everything."""
    head = squeeze(line[: 2 * _LONGEST_LABEL])
    return head[:1] not in _OPENINGS or bool(_FRAMED.match(head))


def _depth(line: str) -> int:
    """Return how many brackets a line leaves open; a quotation mark counts where it stands for a bracket."""
    depth = sum(map(line.count, _OPENINGS)) - sum(map(line.count, _CLOSINGS))
    return depth + any(found[0][0] in _QUOTES for found in _BRACKETED.finditer(line) if _duty_kind(found[1]))


def _label_line(line: str) -> str:
    words = _without_lead_in(line).rstrip()
    has_colon = _COLON.search(words[: 2 * _LONGEST_LABEL])
    return squeeze(_spaced(words) if has_colon else _WITHOUT_COLON.sub(r"\1：", words, count=1))


def _spaced(line: str) -> str:
    """Keep several labels on one line apart, and the names of persons that only spaces part."""
    head, colon, value = line.partition("：" if "：" in line else ":")
    if label_kind(squeeze(head)) == "leaders" and not _COLON.search(value):
        return squeeze(head) + colon + "、".join(split_people([value]))
    return line


def _behind_sentence(line: str, depth: int) -> tuple[str, str]:
    """Part an item's sentences from labels that follow on the same line."""
    if not _COLON.search(line):
        return line, ""
    words = squeeze(line)
    for found in _BEHIND_SENTENCE.finditer(words):
        head = words[: found.start() + 1]
        if _duty_kind(found[1]) and depth + _depth(head) <= 0:
            return head, words[found.start() + 1 :]
    return line, ""


def _goes_on(labelled: str, line: str) -> bool:
    """Tell whether the names of a label line, wrapped, go on in the next line."""
    if labelled.endswith(("。", "；")) or len(line) > 200:
        return False
    last = split_units(labelled)[-1:]
    if labelled[-1] in "、，," or not last or not is_complete(last[0].partition("：")[2] or last[0]):
        return True
    names = split_units(line)
    if names and is_tail(names[0]):
        return True
    return len(names) > 1 and all(is_unit(name) or is_group(name) for name in names)


def _by_verbs(item: str) -> Responsibility:
    """Read the parenthesis that ends an item, if it says by verbs who does what."""
    closing = _LAST_BRACKET.search(item, max(0, len(item) - 3))
    if not closing:
        return Responsibility(item, Duty(), "")
    start = _opening(item, closing.start())
    inner = item[start + 1 : closing.start()] if start is not None else ""
    duty = read_verbs(inner) or _bare_names(inner)
    if start is None or duty is None:
        return Responsibility(item, Duty(), "")
    text = item[:start]
    more = _by_verbs(text)
    if more.duty:
        return Responsibility(more.text, more.duty.over(duty), "")
    return Responsibility(text if text.endswith(("。", "；", "！")) else text + item[closing.start() + 1 :], duty, "")


def _bare_names(words: str) -> Duty | None:
    """Read a parenthesis that holds names of units and nothing else."""
    names = split_units(words) if len(words) <= _LONGEST_DUTY else ()
    if names and all(is_complete(name) or is_group(name) for name in names):
        return Duty(shared=names).guessed("bare_names")
    return None


def _opening(item: str, end: int) -> int | None:
    """Return the index of the bracket that the one at `end` closes."""
    depth = 0
    for index in range(end - 1, max(-1, end - _LONGEST_DUTY), -1):
        if item[index] in "）)〕】":
            depth += 1
        elif item[index] in "（(〔【":
            if not depth:
                return index
            depth -= 1
    return None


def _units(parts: dict[Kind, list[str]], kind: Kind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts.get(kind, []) for name in split_units(part)))


def _without_open_ends(duty: Duty) -> Duty:
    """Drop the 等 behind a list of names, and say so."""
    lead, support, shared = (
        tuple(name.removesuffix("等") for name in names) for names in (duty.lead, duty.support, duty.shared)
    )
    if (lead, support, shared) == (duty.lead, duty.support, duty.shared):
        return duty
    return replace(duty, lead=lead, support=support, shared=shared).guessed("open_list")


def _closing(item: str, start: int) -> int:
    """Return the index behind the bracket that closes the one at `start`; brackets inside belong to unit names."""
    opening, depth = item[start], 0
    closing = _PAIRS[opening]
    for index in range(start + 1, len(item)):
        sign = item[index]
        if opening in "（(" and sign in "（(":
            depth += 1
        elif sign == closing or sign == _SAME.get(closing):
            if not depth:
                return index + 1
            depth -= 1
    return len(item)
