"""Which totals a notice states of itself, and whether as many tasks were read; a difference names what is missing."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from notices.notice import Remark
from notices.numerals import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notices.notice import Task

_NUMBER: Final = r"(?P<number>[0-9]{1,4}|[一二三四五六七八九十百零两]{1,6})"
_N: Final = rf"(?<![0-9.．第〔\[（(—\-]){_NUMBER}"
_UNIT: Final = r"(?:小项|项|件|条)"
_TASKS: Final = r"(?:任务|工作|事项|目标|要点|措施|举措|清单|指标)"
_BENEFITS: Final = r"(?:民生|为民|惠民|为群众|为民办|暖心|民心)?(?:办)?(?:的)?(?:实事|好事|工程)"
_ADJECTIVES: Final = r"(?:[（(]条|件[）)])?(?:个|具体|重点|年度|主要|目标|重大|重要|全年|攻坚|督办|政府|改革|发展|创新|落实|民生|量化|约束性|预期性|类)*"
# 79项重点任务, 8件民生实事
_BEFORE_NOUN: Final = re.compile(
    rf"{_N}{_UNIT}(?:{_ADJECTIVES}(?P<task>{_TASKS})|(?:重点|重大|年度|区|县|市)?(?P<benefit>{_BENEFITS}))"
)
# 重点任务（11项）, 任务共79项, 民生实事8件
_BEHIND_NOUN: Final = re.compile(
    rf"(?:(?P<task>{_TASKS})|(?P<benefit>实事))(?:清单|分解表|台账|分工)?[》”]?\s*(?:[（(]\s*(?:共|共计|计)?|[，,]?(?:共有?|共计|合计|总计))?\s*{_NUMBER}\s*{_UNIT}(?![\u4e00-\u9fff]*(?:改革|政策|制度))"
)
# 共分解为5个方面、79项: nothing behind the number
_BARE: Final = re.compile(
    rf"(?:共|共计|合计|总计|共有)(?:分解|细化|梳理|确定|形成)?(?:为|成|出|了)?(?:[0-9一二三四五六七八九十]{{1,3}}个?(?:方面|大类|部分|板块|类)[、，,]?)?{_N}{_UNIT}(?=$|[。；，,、（(])"
)
# what makes the number the notice's own
_OWN: Final = re.compile(
    r"共|合计|总计|分解|细化|梳理|确定|明确|形成|以下|如下|列出|列入|列为|部署|提出|安排|涉及|包括|包含|印发|下发|立项|制定|拟定|任务清单|附件|汇总|归纳|现将|下达"
)
# a number of something else: last year's, a part, a task's own
_FOREIGN: Final = re.compile(
    r"其中|新增|完成了?|实施了?|办结|取消|压减|承接|去年|上年|截至|已|分别|至少|不少于|不超过|每|各|前[0-9]|推出|出台|达到|超过|落实了|推进了|牵头|承担|负责|认领|建成|争取|办好|第"
)
_REACH: Final = 30
_CLAUSE_MARK: Final = re.compile(r"[，,：:、]")
_SENTENCE_END: Final = re.compile(r"[。；;\n]")
_HEADING: Final = re.compile(
    r"(?:[（(〔\[]\s*(?:共计?|计|合计)?\s*([0-9]{1,3}|[一二三四五六七八九十百]{1,5})\s*[项条件个]\s*(?:任务|工作|实事|事项|重点工作|重点任务)?\s*[）)〕\]]|[，,：:]?共计?([0-9]{1,3}|[一二三四五六七八九十百]{1,5})[项条件](?:任务|工作)?)[：:。]?$"
)
_CLOSING: Final = re.compile(
    r"(?:合计|总计|共计|合\s*计|总\s*计)[:：]?.*?([0-9]{1,4}|[一二三四五六七八九十百]{1,6})\s*[项条件个]?"
)
_MOST_NAMED: Final = 10


class Stated(NamedTuple):
    """A total as stated: the number, the words around it, and whether it counts 实事 (None: anything)."""

    number: int
    words: str
    benefits: bool | None


def stated_in(text: str) -> list[Stated]:
    """Return the totals that a letter (its lines joined) states of the tasks it hands out."""
    return [
        stated
        for sentence in _SENTENCE_END.split(text)
        for match, stated in _stated(sentence, (_BEFORE_NOUN, _BEHIND_NOUN, _BARE))
        if _is_own(sentence, match)
    ]


def stated_in_title(title: str) -> list[Stated]:
    """Return the totals in a list's title, where every number of tasks is its own."""
    return [stated for _, stated in _stated(title, (_BEFORE_NOUN, _BEHIND_NOUN))]


def _stated(words: str, patterns: Sequence[re.Pattern[str]]) -> Iterator[tuple[re.Match[str], Stated]]:
    taken: set[int] = set()
    for match in (match for pattern in patterns for match in pattern.finditer(words)):
        number = value_of(match["number"])
        if number and match.start("number") not in taken:
            taken.add(match.start("number"))
            nouns = match.groupdict()
            yield match, Stated(number, match[0], bool(nouns["benefit"]) if "benefit" in nouns else None)


def stated_in_closing(words: str) -> list[Stated]:
    """Return the total of a table's closing row (合计)."""
    found = _CLOSING.match(words)
    return [Stated(value_of(found[1]), words[:20], None)] if found and value_of(found[1]) else []


def against(where: str, stated: Stated, tasks: Sequence[Task], *, titles: dict[str, str]) -> Iterator[Remark]:
    """Yield an error where a stated total fits neither all lists together nor the one it speaks of."""
    lists = Counter(task.list for task in tasks)
    benefits = {name for name in lists if "实事" in titles.get(name, "") + name}
    spoken_of = (
        benefits if stated.benefits else set(lists) - benefits if benefits and stated.benefits is False else set(lists)
    )
    spoken_of = spoken_of or set(lists)
    total = sum(lists[name] for name in spoken_of)
    in_sections = sum("实事" in (task.section or "") for task in tasks)
    fitting = {total, sum(lists.values()), *lists.values()}
    if stated.benefits and in_sections:
        fitting |= {in_sections}
    elif stated.benefits is False and in_sections:
        fitting |= {total - in_sections}
    if stated.number not in fitting:
        yield _difference(where, stated, total, [task for task in tasks if task.list in spoken_of])


def in_headings(tasks: Sequence[Task]) -> Iterator[Remark]:
    """Yield an error for every heading that states another number of tasks than stand below it."""
    below: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        parts = (task.section or "").split(" / ")
        for level in range(1, len(parts) + 1):
            if _HEADING.search(parts[level - 1]):
                below.setdefault((task.list, " / ".join(parts[:level])), []).append(task)
    for (name, section), members in below.items():
        found = _HEADING.search(section)
        stated = value_of(found[1] or found[2]) if found else 0
        if stated and stated != len(members):
            heading = section.rpartition(" / ")[2]
            yield _difference(f"“{name}”的标题", Stated(stated, heading, None), len(members), members)


def _is_own(sentence: str, match: re.Match[str]) -> bool:
    before = sentence[max(0, match.start() - _REACH) : match.start()]
    near = _CLAUSE_MARK.split(before)[-1][-8:]
    return bool(_OWN.search(before + match[0])) and not _FOREIGN.search(near) and "其中" not in before


def _difference(where: str, stated: Stated, count: int, tasks: Sequence[Task]) -> Remark:
    message = f"{where}写明“{stated.words}”，实际读出{count}项，{_gap(stated.number - count, tasks)}请对照原件核对。"
    return Remark("control_total", message)


def _gap(short: int, tasks: Sequence[Task]) -> str:
    """Name the numbers that are missing, or say that none is skipped."""
    if short < 0:
        return f"多出{-short}项，"
    missing = [str(number) for number in _skipped(tasks)]
    if missing:
        return f"缺第{'、'.join(missing[:_MOST_NAMED])}{'等' if len(missing) > _MOST_NAMED else ''}项，"
    return f"少{short}项，序号没有中断，可能缺在开头或末尾，"


def _skipped(tasks: Sequence[Task]) -> list[int]:
    """Return the numbers left out between a list's lowest and highest; lists that start again in sections have none."""
    skipped: list[int] = []
    for name in dict.fromkeys(task.list for task in tasks):
        numbers = [task.no for task in tasks if task.list == name]
        if len(set(numbers)) == len(numbers):
            skipped += sorted(set(range(min(numbers), max(numbers))) - set(numbers))[: _MOST_NAMED + 1]
    return skipped
