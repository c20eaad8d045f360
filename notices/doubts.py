"""What in a notice that has been read should be looked at by a person: numbers, names that look misspelt."""

from __future__ import annotations

from collections import Counter
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from notices.notice import Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notices.notice import Task

_ALIKE: Final = "兖究 城域 崮茵 己已 未末 治冶 泺栎 沂折 莒营 郯剡 鄄甄 汶纹 邹邺 滕腾 茌荏 棣隶 微徽 任仕"
LOOKALIKES: Final = frozenset(frozenset(pair) for pair in _ALIKE.split())
APART: Final = frozenset("一二三四五六七八九十东南西北中上下大小前后左右内外新老高")
_RARE: Final = 3
_MOST_NAMES: Final = 1000


def doubts(tasks: Sequence[Task], *, place: str) -> Iterator[Remark]:
    """Yield the remarks on numbering and names; `place` is the issuing office's name, if known."""
    for name, members in groupby(tasks, key=lambda task: task.list):
        yield from _numbers(name, [(task.section, task.no) for task in members])
    yield from _names(tasks, place)


def _numbers(name: str, found: list[tuple[str | None, int]]) -> Iterator[Remark]:
    """Yield what is wrong with a list's numbers; they may start again in each section."""
    for (_, before), (_, after) in pairwise(found):
        if after > before + 1:
            missing = f"{before + 1}" if after == before + 2 else f"{before + 1}至{after - 1}"
            yield Remark("number_gap", f"“{name}”缺少第{missing}项，请对照原件核对。", f"{name}#{after}")
    for (_, number), times in Counter(found).items():
        if times > 1:
            yield Remark("number_repeat", f"“{name}”第{number}项出现{times}次，请对照原件核对。", f"{name}#{number}")


def _names(tasks: Sequence[Task], place: str) -> Iterator[Remark]:
    counts = Counter(owner.name for task in tasks for owner in task.owners)
    if len(counts) > _MOST_NAMES:
        return
    where = {owner.name: task.key for task in reversed(tasks) for owner in task.owners}
    for name, count in counts.items():
        if better := _better(name, counts):
            message = (
                f"“{name}”（出现{count}次）与“{better}”（出现{counts[better]}次）仅一字之差，可能有误，请对照原件核对。"
            )
            yield Remark("likely_misspelling", message, where[name])
        elif wrong := _misread(name, place):
            message = f"“{name}”中的“{wrong[0]}”可能是“{wrong[1]}”的误识，请对照原件核对。"
            yield Remark("likely_misspelling", message, where[name])


def _better(name: str, counts: Counter[str]) -> str | None:
    """Return the commoner name that differs from a rare one by one slip of the pen."""
    own, length = counts[name], len(name)
    if own > 2 * _RARE:
        return None
    rivals = (
        other
        for other, count in counts.items()
        if count > own and abs(len(other) - length) < 2 and _is_slip(name, other)
    )
    return max(rivals, key=counts.__getitem__, default=None)


def _is_slip(name: str, other: str) -> bool:
    if len(name) == len(other):
        return _is_substitution(name, other)
    longer, shorter = sorted((name, other), key=len, reverse=True)
    if len(longer) != len(shorter) + 1 or len(shorter) < 5:
        return False
    at = next((index for index, sign in enumerate(shorter) if longer[index] != sign), len(shorter))
    return longer[at + 1 :] == shorter[at:] and at not in {0, len(shorter)}


def _is_substitution(name: str, other: str) -> bool:
    changed = [(a, b) for a, b in zip(name, other, strict=True) if a != b]
    if len(changed) != 1:
        return False
    if frozenset(changed[0]) in LOOKALIKES:
        return True
    return len(name) >= 7 and not APART.issuperset(changed[0])


def _misread(name: str, place: str) -> tuple[str, str] | None:
    """Return a character that looks like one of the issuing place's own, and that one."""
    for sign in name:
        for pair in LOOKALIKES:
            other = next(iter(pair - {sign}), "") if sign in pair else ""
            if other and other in place and sign not in place:
                return sign, other
    return None
