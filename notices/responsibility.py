"""Which part of an item says who answers for it: the labelled parenthesis, wherever in the item it stands."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from notices.block import Duty
from notices.columns import Kind, label_kind, labels_of
from notices.people import split_people
from notices.units import split_units

_KINDS: Final[frozenset[Kind]] = frozenset({"lead", "support", "shared", "leaders", "deadline"})
_LABELS: Final = "|".join(map(re.escape, labels_of(_KINDS)))
# a damaged font prints the bracket as a quotation mark
_OPENING: Final = re.compile(rf"[（(〔\[【“\"]\s*(?={_LABELS})(?=[^（(]{{1,12}}[:：])")
_LABEL: Final = re.compile(rf"(?:^|[。；;，,、\s])\s*({_LABELS})\s*[:：]")
_PAIRS: Final = {"（": "）", "(": ")", "〔": "〕", "[": "]", "【": "】", "“": "”", '"': '"'}
_SAME: Final = {"）": ")", ")": "）"}


class Responsibility(NamedTuple):
    """An item taken apart: its own sentences, who answers for it, and what stands behind the last parenthesis."""

    text: str
    duty: Duty
    rest: str


def take_apart(item: str) -> Responsibility:
    """Take the labelled parentheses out of an item (layout spaces already removed); none: an empty duty."""
    text, duties, at = "", [], 0
    for opening in _OPENING.finditer(item):
        if opening.start() < at:
            continue
        end = _closing(item, opening.start())
        text += item[at : opening.start()]
        duties.append(read_duty(item[opening.end() : end].rstrip("".join(_PAIRS.values()))))
        at = end
    if not duties:
        return Responsibility(item, Duty(), "")
    return Responsibility(text, _merged(duties), item[at:].lstrip("。.；;"))


def read_duty(text: str) -> Duty:
    """Read `label：names；label：names…`; a sentence after the names that has no label belongs to no one."""
    parts: dict[Kind, list[str]] = {}
    leader_label = None
    labels = list(_LABEL.finditer(text))
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        value = text[label.end() : following.start() if following else len(text)]
        kind = label_kind(label[1])
        if kind:
            parts.setdefault(kind, []).append(value.partition("。")[0])
        if kind == "leaders":
            leader_label = leader_label or label[1]
    return Duty(
        lead=_units(parts, "lead"),
        support=_units(parts, "support"),
        shared=_units(parts, "shared"),
        leaders=split_people(parts.get("leaders", [])),
        leader_label=leader_label,
        deadline="；".join(parts.get("deadline", [])) or None,
    )


def _units(parts: dict[Kind, list[str]], kind: Kind) -> tuple[str, ...]:
    return split_units("、".join(parts.get(kind, [])))


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


def _merged(duties: list[Duty]) -> Duty:
    def all_of(names: list[tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in names for name in each))

    return Duty(
        lead=all_of([duty.lead for duty in duties]),
        support=all_of([duty.support for duty in duties]),
        shared=all_of([duty.shared for duty in duties]),
        leaders=all_of([duty.leaders for duty in duties]),
        leader_label=next((duty.leader_label for duty in duties if duty.leader_label), None),
        deadline=next((duty.deadline for duty in duties if duty.deadline), None),
    )
