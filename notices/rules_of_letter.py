"""What the covering letter demands of the reporters: clock, length, contact, plan, liaisons; and what it promises them."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from notices.notice import Rules
from notices.numerals import NUMERAL, day_of, value_of
from rules.periods import DueRule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from rules.periods import Cadence

_QUOTED_TITLE: Final = re.compile(r"《[^《》]*》")
# words that hold 报 but are nobody's duty to report
_NO_REPORT: Final = re.compile(r"通报|呈报|汇报|申报|预报|政府工作报告|工作报告|督查专报")
_REPORTING: Final = re.compile(
    r"报送|上报|(?:发送|提交|上传)(?:至|到|给)|填报|报至|报到|报区|报县|报市|报我|反馈|[报送](?=.{0,12}(?:室|办|科|邮箱))|报(?=.{0,6}(?:进展|情况|材料))|报告|报$"
)

_DAY: Final = r"(?:(20[0-9]{2})年|(?:次|翌|明)年)?([0-9]{1,2})月([0-9]{1,2})[日号]"
_DATE_LIST: Final = re.compile(rf"(?:{_DAY}前?[、，,和及与以]{{0,3}}){{2,}}\s*(?:之?前|以前)?")
_MONTH_END: Final = re.compile(r"(?<![0-9])([0-9]{1,2})月(?:份)?[底末]")
_SINGLE_DATE: Final = re.compile(rf"{_DAY}(?:之?前|以前)")
_WEEKDAYS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_BY_COUNT: Final[dict[int, Cadence]] = {2: "semiannual", 4: "quarterly", 12: "monthly"}

_NEXT: Final = r"(?:次月|下月|下个月|下一个月)"
_QUARTER: Final = r"每(?:一|个)?季度?"
_N: Final = rf"({NUMERAL})"

_DUE: Final[tuple[tuple[re.Pattern[str], Callable[[str], tuple[Cadence, DueRule]]], ...]] = (
    (
        re.compile(r"(?:每(?:两|双|二|2|隔)个?周|隔周|双周)(?:的|逢)?(?:周|星期)([一二三四五六日天])"),
        lambda n: ("biweekly", DueRule(0, weekday=_WEEKDAYS[n])),
    ),
    (
        re.compile(rf"{_QUARTER}(?:的)?(?:首月|第一个月|首个月)(?:的)?{_N}[日号]"),
        lambda n: ("quarterly", DueRule(1, day=value_of(n))),
    ),
    (
        re.compile(rf"{_QUARTER}(?:度)?(?:的)?(?:末月|最后一个月|最后1个月|末)(?:的)?{_N}[日号]"),
        lambda n: ("quarterly", DueRule(0, day=value_of(n))),
    ),
    (
        re.compile(rf"{_QUARTER}(?:末|结束)?(?:后)?{_NEXT}?(?:的|前|初|第)*{_N}个工作日"),
        lambda n: ("quarterly", DueRule(1, working_day=value_of(n))),
    ),
    (re.compile(rf"{_QUARTER}(?:结束后)?{_NEXT}{_N}[日号]"), lambda n: ("quarterly", DueRule(1, day=value_of(n)))),
    (
        re.compile(rf"{_QUARTER}(?:末|终了|结束)(?:之)?后(?:的)?{_N}[日天]"),
        lambda n: ("quarterly", DueRule(1, day=value_of(n))),
    ),
    (re.compile(rf"{_QUARTER}(?:的)?最后一个工作日()"), lambda _: ("quarterly", DueRule(0, working_day=-1))),
    (
        re.compile(rf"(?:{_QUARTER}(?:的)?(?:季)?(?:末|底|最后一[日天])|[按逐]季度?于季[末底])()"),
        lambda _: ("quarterly", DueRule(0, day=-1)),
    ),
    (re.compile(rf"{_NEXT}(?:的|前|初|第)*{_N}个工作日"), lambda n: ("monthly", DueRule(1, working_day=value_of(n)))),
    (re.compile(rf"{_NEXT}(?:的|初)?{_N}[日号]"), lambda n: ("monthly", DueRule(1, day=value_of(n)))),
    (
        re.compile(r"每(?:个)?月(?:的)?(?:最后一个工作日|月末最后一个工作日)()"),
        lambda _: ("monthly", DueRule(0, working_day=-1)),
    ),
    (
        re.compile(rf"每(?:个)?月(?:的|前|初|第)*{_N}个工作日"),
        lambda n: ("monthly", DueRule(1, working_day=value_of(n))),
    ),
    (re.compile(r"每(?:个)?月(?:的)?月?(?:底|末|最后一[日天])()"), lambda _: ("monthly", DueRule(0, day=-1))),
    (re.compile(rf"每(?:个)?月(?:的)?{_N}[日号]"), lambda n: ("monthly", _by_day(value_of(n)))),
    (re.compile(r"年中(?:和|、|及|与)年[末底终]()"), lambda _: ("semiannual", DueRule(0, day=-1))),
)
_CADENCES: Final[tuple[tuple[re.Pattern[str], Cadence], ...]] = (
    (re.compile(r"每(?:两|双|二|2|隔)个?周|隔周|双周报|半月"), "biweekly"),
    (re.compile(r"每(?:个)?月|一月一报|一月一调度|按月|月报|逐月"), "monthly"),
    (re.compile(r"每(?:个)?季|一季度?一报|按季|季报|逐季"), "quarterly"),
    (re.compile(r"每半年|半年报|年中和年[末底]"), "semiannual"),
    (re.compile(r"每年|年报"), "annual"),
)
_START: Final = re.compile(rf"[从自](?:(20[0-9]{{2}})年)?{_N}月份?(?:起|开始)")

_LENGTH_SPAN: Final = re.compile(r"([0-9]{2,4})\s*字?\s*(?:至|到|-|—|~|～|－)\s*([0-9]{2,4})\s*字")
_LENGTH: Final = re.compile(r"([0-9]{2,4})\s*(?:个)?(?:汉)?字")
_SOFT: Final = re.compile(r"一般|原则上|左右|尽量|大约|尽可能|建议")
_FLOOR: Final = re.compile(r"不少于|不低于|至少|不得少于|以上")
_CONTACT: Final = re.compile(r"联系(?:人|方式|电话)(?![:：])")
_CONTACT_DUTY: Final = re.compile(r"注明|附|填写|留|报送|提供|写明|标明|一并")
_RECIPIENT: Final = re.compile(
    r"(?:报(?:送)?(?:至|到|给|回)?|送(?:至|到|交)?|向|反馈(?:至|到|给)|(?:发送|提交|上传|传|交|汇总)(?:至|到|给))((?:区|县|市|省|州|旗)?[\u4e00-\u9fff]{0,10}?(?:督查室|督查科|督查办|政府办公?室?|办公室|督查中心|重点办|督查局|督察室)"
    r"(?:督查室|督查科|督查局|督察室|督查股|综合科)?(?:[（(](?:[\u4e00-\u9fff]{0,6}督[查察][\u4e00-\u9fff]{1,3})[）)])?)"
)
_LIAISON: Final = re.compile(
    rf"(?:明确|确定|指定|安排|落实|固定)\s*{_N}[名位](?:[\u4e00-\u9fff]{{0,12}})?联络(?:员|人)"
)
_LIAISONS: Final = re.compile(rf"联络(?:员|人){_N}[名位人]")
_PLAN: Final = re.compile(r"计划|方案|分解|细化|任务书|路线图")
_BULLETIN: Final = re.compile(
    r"(?:(?:按|每|逐)(?:个)?(?:两周|双周|季度?|月度?|周|半年|年度?)|定期|第一时间|一[事月季周]度?一|半年一)(?:编发|编印|予以|进行|一|开展|印发|下发)?(?:一次|一期)?(?:督查)?通报"
)
_LONGEST_PROMISE: Final = 20


@dataclass(frozen=True, slots=True)
class LetterRules:
    """The rules, when reporting starts (None: with the plan year or the issue), and what was guessed on the way."""

    rules: Rules
    starts_on: date | None = None
    guessed_month: bool = False


def read_rules(letter: str, *, plan_year: int) -> LetterRules:
    """Read the rules out of a letter whose lines are joined and whose layout spaces are removed."""
    sentences = [sentence for sentence in re.split(r"[。；;\n]", letter) if sentence]
    reporting = [sentence for sentence in sentences if _is_reporting(sentence)]
    found = _clock(reporting, plan_year)
    rules = replace(
        found.rules,
        **_lengths(sentences),  # type: ignore[arg-type]
        contact_required=_asks_contact(sentences) or None,
        submit_to=next((match[1] for each in reporting if (match := _RECIPIENT.search(_bare(each)))), None),
        plan_due=_plan_due(reporting, plan_year),
        liaisons_per_unit=next((value_of(match[1]) for each in sentences if (match := _LIAISON.search(each))), None)
        or next((value_of(match[1]) for each in sentences if (match := _LIAISONS.search(each))), None),
        bulletins=tuple(_bulletins(sentences)),
    )
    return replace(found, rules=rules)


def _bare(sentence: str) -> str:
    return _NO_REPORT.sub("", _QUOTED_TITLE.sub("", sentence))


def _is_reporting(sentence: str) -> bool:
    return bool(_REPORTING.search(_bare(sentence)))


def _by_day(day: int) -> DueRule:
    """A day early in the month reports on the month before, a late one on the month itself."""
    return DueRule(1 if day <= 15 else 0, day=day)


def _clock(reporting: list[str], plan_year: int) -> LetterRules:
    starts_on = _starts_on(reporting, plan_year)
    for sentence in reporting:
        if dates := _due_dates(sentence, plan_year):
            cadence = _cadence(sentence) or _BY_COUNT.get(len(dates))
            return LetterRules(Rules(cadence=cadence, due_dates=dates), starts_on)
    for sentence in reporting:
        for pattern, make in _DUE:
            if found := pattern.search(sentence):
                cadence, rule = make(found[1])
                guessed = cadence == "monthly" and rule.day is not None and rule.day > 0 and "次月" not in sentence
                return LetterRules(Rules(cadence=cadence, due_rule=rule), starts_on, guessed)
    cadence = next(filter(None, map(_cadence, reporting)), None)
    return LetterRules(Rules(cadence=cadence), starts_on if cadence else None)


def _cadence(sentence: str) -> Cadence | None:
    words = _bare(sentence)
    return next((cadence for pattern, cadence in _CADENCES if pattern.search(words)), None)


def _due_dates(sentence: str, plan_year: int) -> tuple[date, ...]:
    """Read a row of two or more printed dates; a year holds until the next one, and turns where the months fall back."""
    words = _MONTH_END.sub(lambda found: f"{found[1]}月{_last_day(plan_year, int(found[1]))}日", _bare(sentence))
    listed = _DATE_LIST.search(words)
    if not listed:
        return ()
    days: list[date] = []
    year = plan_year
    for found in re.finditer(_DAY, listed[0]):
        printed, month, number = found.groups()
        year = int(printed) if printed else year
        day = day_of(year, int(month), int(number))
        if day and not printed and days and day < days[-1]:
            year += 1
            day = day_of(year, int(month), int(number))
        if day:
            days.append(day)
    return tuple(sorted(set(days))) if len(days) > 1 else ()


def _last_day(year: int, month: int) -> int:
    return months.monthrange(year, month)[1] if 1 <= month <= 12 else 0


def _starts_on(reporting: list[str], plan_year: int) -> date | None:
    for sentence in reporting:
        if found := _START.search(sentence):
            return day_of(int(found[1] or plan_year), value_of(found[2]), 1)
    return None


def _plan_due(reporting: list[str], plan_year: int) -> date | None:
    for sentence in reporting:
        found = _SINGLE_DATE.search(sentence)
        if found and _PLAN.search(sentence) and not _DATE_LIST.search(sentence):
            return day_of(int(found[1] or plan_year), int(found[2]), int(found[3]))
    return None


def _lengths(sentences: list[str]) -> dict[str, int | bool | None]:
    """Read how long a report may be; 一般, 原则上 and 左右 are soft, everything else holds."""
    found: dict[str, int | bool | None] = {}
    for clause in _clauses(sentences):
        if span := _LENGTH_SPAN.search(clause):
            return {
                "min_length": int(span[1]),
                "max_length": int(span[2]),
                "length_is_soft": bool(_SOFT.search(clause)),
            }
        for length in _LENGTH.finditer(clause):
            key = "min_length" if _FLOOR.search(clause[max(0, length.start() - 6) : length.end() + 3]) else "max_length"
            found.setdefault(key, int(length[1]))
            found.setdefault("length_is_soft", bool(_SOFT.search(clause)))
    return found


def _asks_contact(sentences: list[str]) -> bool:
    return any(_CONTACT.search(sentence) and _CONTACT_DUTY.search(sentence) for sentence in sentences)


def _bulletins(sentences: list[str]) -> list[str]:
    """Return the promised bulletins: the clause if it is short, else the words that promise."""
    found = [(clause, _BULLETIN.search(clause)) for clause in _clauses(sentences)]
    promises = (clause if len(clause) <= _LONGEST_PROMISE else match[0] for clause, match in found if match)
    return list(dict.fromkeys(promises))


def _clauses(sentences: list[str]) -> Iterator[str]:
    return (clause for sentence in sentences for clause in re.split(r"[，,]", sentence))
