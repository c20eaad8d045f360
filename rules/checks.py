"""What is odd about a report's text: warnings for its author, and the two things that stop it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rules.characters import count, cut_at, strip_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DEFAULT_COPY_THRESHOLD: Final = 0.9
# fmt: off
DEFAULT_FORMULAS: Final[tuple[str, ...]] = (
    "正在推进", "正在推进中", "有序推进", "稳步推进", "扎实推进", "积极推进", "加快推进", "全力推进",
    "持续推进", "持续推进中", "顺利推进", "统筹推进", "按计划推进", "按序时进度推进", "按时间节点推进",
    "正在办理", "正在办理中", "正在落实", "正在实施", "正在进行", "正在进行中", "正在开展", "有序开展",
    "稳步实施", "正常开展", "进展顺利", "进展正常", "已部署", "已安排", "已安排部署", "抓好落实", "狠抓落实",
    "抓紧落实", "高度重视", "取得阶段性成效", "取得明显成效", "达到序时进度",
)
_FILLER: Final = (
    "目前", "当前", "现", "现阶段", "截至目前", "截至", "本期", "本月", "本季度", "本年度", "今年以来",
    "一季度", "二季度", "三季度", "四季度", "第一季度", "第二季度", "第三季度", "第四季度", "上半年", "下半年",
    "我单位", "我局", "我委", "我镇", "我街道", "我办", "我区", "我县", "单位", "本单位", "该项", "此项",
    "各项", "全部", "相关", "有关", "项目", "任务", "工作", "重点工作", "该", "此", "各", "均", "都", "已",
    "已经", "正", "正在", "在", "将", "按照", "要求", "计划", "方案", "部署", "安排", "认真", "积极", "扎实",
    "有序", "稳步", "持续", "全面", "深入", "抓好", "做好", "推进", "开展", "进行", "中", "等", "和", "与",
    "的", "了", "地", "并", "及", "下一步", "继续", "情况", "进展",
)
# fmt: on
_DATED: Final = r"\s*(?:年|月|日|号|时|点|季度|[〕\]])"
_FIGURE: Final = re.compile(rf"(?<![\d.〔\[])\d+(?:[.,]\d+)*(?!\.?\d)(?!{_DATED})(?!\s*[-—~至到]\s*\d+{_DATED})")
_WRITTEN: Final = re.compile(
    r"百分之|[一二两三四五六七八九十百千万亿]+(?:余|多)?(?:个|家|项|处|条|户|人|名|亩|公里|万|亿|元|吨|场|次|台|套|座|所|批|件|成|倍)"
    r"|过半|一半|全部|均已|翻番|为零"
)
_LIST_NUMBER: Final = re.compile(r"^\s*[（(]?\d{1,3}[、.．）)](?!\d)", re.MULTILINE)
_BEHIND: Final = re.compile(
    r"(?<!无)(?<!没有)(?<!不存在)(?<!防止)(?<!杜绝)(?<!避免)"
    r"(?:尚未|未完成|未能|未达|未开工|未启动|未按|没有完成|没完成|滞后|落后于|缓慢|停滞|停工|受阻|延期|推迟|无法按)"
)
_NOT_TEXT: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed, by code; its values fill the catalogue's sentence (characters, indices in code points, shares 0..1)."""

    code: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)


def check_report(
    text: str,
    *,
    max_length: int | None,
    min_length: int | None,
    is_soft: bool,
    formulas: Sequence[str],
    task_text: str,
    previous: str | None,
    copy_threshold: float = DEFAULT_COPY_THRESHOLD,
    stage_met: bool | None = None,
) -> tuple[int, tuple[Finding, ...]]:
    """Count a report's characters and tell what is odd about it; a leading task number is not part of it.

    The index `at` of a text too long points into `text` as given, to the first character beyond the limit.
    """
    body = strip_number(text)
    characters = count(body)
    if not characters:
        return 0, (Finding("empty"),)
    found = (
        _too_long(text, body, characters, max_length, is_soft=is_soft),
        _too_short(characters, min_length),
        _formula_only(body, tuple(formulas)),
        _no_number(body, task_text),
        _near_copy(body, previous, copy_threshold),
        _stage_conflict(body) if stage_met else None,
    )
    return characters, tuple(finding for finding in found if finding)


def is_blocking(finding: Finding) -> bool:
    """Tell whether the report cannot be submitted as it is: only an empty text and one past a hard limit."""
    return finding.code in {"empty", "too_long_hard"}


def _too_long(text: str, body: str, characters: int, limit: int | None, *, is_soft: bool) -> Finding | None:
    if not limit or characters <= limit:
        return None
    at = len(text) - len(body) + cut_at(body, limit)
    return Finding("too_long" if is_soft else "too_long_hard", {"characters": characters, "limit": limit, "at": at})


def _too_short(characters: int, limit: int | None) -> Finding | None:
    if not limit or characters >= limit:
        return None
    return Finding("too_short", {"characters": characters, "limit": limit})


def _formula_only(body: str, formulas: tuple[str, ...]) -> Finding | None:
    plain = _NOT_TEXT.sub("", body)
    if _hollow(formulas).fullmatch(plain) is None:
        return None
    return Finding(
        "formula_only", {"formula": max((each for each in formulas if each and each in plain), key=len, default="")}
    )


@lru_cache(maxsize=8)
def _hollow(formulas: tuple[str, ...]) -> re.Pattern[str]:
    words = sorted({each for each in (*map(_plain, formulas), *_FILLER) if each}, key=len, reverse=True)
    # atomic and possessive: the words overlap (正在, 正, 在), and backtracking over them would be exponential
    return re.compile(f"(?>{'|'.join(map(re.escape, words))})*+")


def _no_number(body: str, task_text: str) -> Finding | None:
    if not _FIGURE.search(task_text):
        return None
    told = _LIST_NUMBER.sub("", body)
    return None if _FIGURE.search(told) or _WRITTEN.search(told) else Finding("no_number")


def _near_copy(body: str, previous: str | None, threshold: float) -> Finding | None:
    share = _share(_plain(body), _plain(strip_number(previous))) if previous else 0.0
    if not share or share < threshold:
        return None
    return Finding("near_copy", {"share": round(share, 3), "threshold": threshold})


def _share(one: str, other: str) -> float:
    """Return Dice's coefficient of the two texts' pairs of characters: linear in length, blind to the order of sentences."""
    if len(one) < 2 or len(other) < 2:
        return float(one == other)
    pairs, others = _pairs(one), _pairs(other)
    return 2 * (pairs & others).total() / (pairs.total() + others.total())


def _pairs(text: str) -> Counter[str]:
    return Counter(map("".join, pairwise(text)))


def _stage_conflict(body: str) -> Finding | None:
    behind = _BEHIND.search(body)
    return Finding("stage_conflict", {"words": behind[0]}) if behind else None


def _plain(text: str) -> str:
    return _NOT_TEXT.sub("", text)
