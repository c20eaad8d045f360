"""When the letter wants reports: printed dates, or a rule from which the dates follow, and from when on."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from notices.notice import Remark
from notices.numerals import NUMERAL, day_of, value_of
from notices.statements import is_on_progress
from rules.periods import DueRule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from notices.statements import Statement, Subject
    from rules.periods import Cadence

_DAY: Final = r"(?:(20[0-9]{2})年|((?:次|翌|明|来)年|第二年))?(?:的)?([0-9]{1,2})月([0-9]{1,2})[日号]"
_ANY_DAY: Final = re.compile(_DAY)
_BETWEEN_DATES: Final = re.compile(r"(?:之?前|以前)?[、，,；和及与以]{0,3}")
_BEHIND_DUE: Final = re.compile(r"之?前|以前|下班|上午|中午|[（(][^（()）]{2,8}[）)]前|分别|报|各报")
_BEFORE_DUE: Final = re.compile(r"(?:于|在|分别|时间为|时限为|为|[:：])$")
_MONTH_END: Final = re.compile(r"(?<![0-9])(?:(20[0-9]{2})年)?([0-9]{1,2})月(?:份)?[底末](?:前)?")
_MONTHS_DAY: Final = re.compile(
    r"((?:(?:(?:20[0-9]{2}|次|翌|明)年)?[0-9]{1,2}月?份?[、，,和及与]{1,2}){1,11}(?:(?:20[0-9]{2}|次|翌|明)年)?[0-9]{1,2}月份?)(?:的|每月|当月)*([0-9]{1,2}[日号]|[底末]|最后一[日天])"
)
_EACH_MONTH: Final = re.compile(r"((?:(?:20[0-9]{2}|次|翌|明)年)?)([0-9]{1,2})月?")
_CHINESE_DAY: Final = re.compile(r"([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})([日号])")
_SPAN: Final = re.compile(r"[0-9]{1,2}[日号]?(?:至|到|-|—|–|~|～|－)(?=[0-9]{1,2}[日号])")
_HYPHEN_DATE: Final = re.compile(r"(?<![0-9.])(20[0-9]{2})[-./]([0-9]{1,2})[-./]([0-9]{1,2})(?![0-9.])")

_STRONG: Final[tuple[tuple[re.Pattern[str], Cadence], ...]] = (
    (
        re.compile(
            r"每(?:隔)?(?:两|双|二|2|隔|一|1)?个?(?<=[两双二2隔])个?周|每隔一周|隔周|(?<!月)双周|每半(?:个)?月|半月(?:一)?报|两周一"
        ),
        "biweekly",
    ),
    (
        re.compile(
            r"每(?:个|一)?月|[按逐]月|一月(?:一|两)?(?:报|次|调度|汇总)|一月一|月报(?!表)|月(?:度)?(?:报告|报送|上报)|各月(?=[0-9末底])"
        ),
        "monthly",
    ),
    (
        re.compile(
            r"(?:每|各)(?:个|一)?季|[按逐]季|一季度?一|季报|季度(?:报告|报送|上报)(?!.{0,4}年)|每(?:三|3)个月|四个季度|[1一](?:[—\-至、][二三四1-4])*[至—\-、](?:四|4)季度|一季度、二季度"
        ),
        "quarterly",
    ),
    (
        re.compile(
            r"[每逐按](?:个)?半年|半年(?:一)?报|半年一|年[中终](?:前)?(?:和|、|及|与)(?:年[底末中终]|全年)|半年(?:和|、|及|与)(?:全年|年[底末终])|上半年(?:和|、|及|与)(?:全年|下半年|年[底末终]|年度)|每(?:六|6)个月"
        ),
        "semiannual",
    ),
    (re.compile(r"每(?:一)?年|每年度|按年(?:度)?报|一年一|年报|年度报(?:告|送)"), "annual"),
)
_WEAK: Final[tuple[tuple[re.Pattern[str], Cadence], ...]] = (
    (
        re.compile(r"[上当本下]?(?:一|个)?季度?(?=末|底|首|后|终|结束|最后|次|进展|工作|任务|重点|情况)|季[末后]"),
        "quarterly",
    ),
    (re.compile(r"半年(?:末|结束)"), "semiannual"),
    (re.compile(r"(?:次|下|翌|当|上|本)(?:一个|个)?月|月(?:末|底|度|终)|前一月"), "monthly"),
)
# what the schema has no cadence for
_OTHER: Final = re.compile(
    r"每(?:个|一)?周(?!.{0,3}[、和]每)|[按逐]周|周报|一周一|每(?:一)?旬|[按逐]旬|旬报|每(?:个)?(?:工作)?日(?!常)|日报|每(?:两|二|2)个月|双月|每(?:四|4)个月"
)
_BY_GAP: Final[dict[int, Cadence]] = {1: "monthly", 3: "quarterly", 6: "semiannual", 12: "annual"}
_WEEKDAYS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}
_WEEKDAY: Final = re.compile(r"(?:周|星期|礼拜)([一二三四五六日天])(?!次|报|期|调)|双周([一二三四五])")

_N: Final = rf"({NUMERAL})"
_AFTER: Final = (
    r"(?:(?:次|下|翌)(?:一个|一|个)?月|首(?:个)?月|第(?:一|1)个月|(?:结束|终了|完成|过|末|底|季|月|年|期满)(?:之|以)?后|后(?:的)?"
    r"|(?:次|下)(?:一个|一|个)?季度?(?:的)?(?:首月|第一个月)?)"
)
_LAST: Final = r"(?:末月|最后(?:一|1)个月|第(?:三|3)个月|末(?:的)?|底|当月|本月|[每各按](?:个|一)?月)"
_FILL: Final = r"(?:的|内|份|初|前|第|首|之|每月|\s)*"
# the first that fits; month_offset, which field, its value or None for the number in the words
_ANCHORS: Final[tuple[tuple[re.Pattern[str], int, str, int | None], ...]] = (
    (re.compile(rf"{_AFTER}{_FILL}最后(?:一|1)个工作日"), 1, "working_day", -1),
    (re.compile(r"最后(?:一|1)个?工作日|最后[2-9二三四五两]个工作日"), 0, "working_day", -1),
    (re.compile(rf"{_AFTER}{_FILL}{_N}个?工作日"), 1, "working_day", None),
    (re.compile(rf"(?:末|底|结束|终了)(?:之)?前(?:的)?{_N}个?工作日"), 0, "before", None),
    (re.compile(rf"(?:末月|最后(?:一|1)个月|第(?:三|3)个月){_FILL}{_N}个?工作日"), 0, "working_day", None),
    (
        re.compile(rf"(?:[每各按](?:个|一)?(?:月|季度?|半年)(?:度)?|月初|季初){_FILL}{_N}个?工作日"),
        1,
        "working_day",
        None,
    ),
    (re.compile(r"(?:月|季度?|半年|年)(?:度)?(?:的)?最后(?:一|1)[日天]"), 0, "day", -1),
    (re.compile(rf"{_AFTER}{_FILL}{_N}[日号天]"), 1, "day", None),
    (re.compile(rf"{_AFTER}(?:的)?上旬"), 1, "day", 10),
    (
        re.compile(r"(?:末|底|结束|终了)(?:之)?前(?:的)?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[日天]"),
        0,
        "unclear",
        0,
    ),
    (re.compile(rf"{_LAST}{_FILL}{_N}[日号]"), 0, "day", None),
    (re.compile(r"(?:末月|最后(?:一|1)个月)(?:的)?(?:底|末)"), 0, "day", -1),
    (
        re.compile(r"最后一(?:个)?周|最后(?:一)?个?(?:周|星期)[一二三四五]|第[一二三四1-4]个?(?:周|星期)"),
        0,
        "unclear",
        0,
    ),
    (re.compile(r"(?:季|月|半年|年)(?:度)?(?:的)?(?:末|底)|月末|季末|年终|结束(?:之)?前|年中"), 0, "day", -1),
    (re.compile(r"下旬"), 0, "day", -1),
    (re.compile(r"中旬"), 0, "day", 20),
    (re.compile(r"上旬"), 1, "day", 10),
    (re.compile(r"(?:首月|次月)(?:内|底|末)"), 1, "day", -1),
    (re.compile(r"(?:次|下|翌)月初|月初|季初|首月"), 1, "unclear", 0),
)
_BARE_DAY: Final = re.compile(r"(?<![月0-9至])([0-9]{1,2})[日号](?=前|之前|以前|下班|上午|中午|（|\(|报|将|向|内|为)")
_BEFORE_MONTH: Final = re.compile(r"上(?:一个|一|个)?月|前一(?:个)?月|次月|下(?:个)?月(?=初|[0-9])")
_THIS_MONTH: Final = re.compile(r"当月|本月")
_LATE: Final = 15
_WHOLE_YEAR: Final = re.compile(r"全年|年度|年终|一年来")
_START: Final = re.compile(
    rf"[从自](?:(20[0-9]{{2}})年|今年|本年度?)?(?:{_N}月份?|第?([一二三四1-4])季度)(?:(?:[0-9]{{1,2}})日)?(?:起|开始|始)"
)
_DAY_OFF: Final = re.compile(r"(?:遇|如遇|逢).{0,10}(?:节假日|公休日|休息日|周末|双休日|假期).{0,10}?(顺延|提前)")
_NAMES: Final[dict[str, str]] = {
    "biweekly": "每两周",
    "monthly": "每月",
    "quarterly": "每季度",
    "semiannual": "每半年",
    "annual": "每年",
}


_SEVERAL: Final = (Remark("several_clocks", "通知中有不止一种报送时间，只按最先写明的一种排报送期，请核对。"),)


@dataclass(frozen=True, slots=True)
class Clock:
    """Cadence with dates or a rule, when reporting starts (None: with the plan year or the issue), and what was guessed."""

    cadence: Cadence | None = None
    due_dates: tuple[date, ...] = ()
    due_rule: DueRule | None = None
    starts_on: date | None = None
    remarks: tuple[Remark, ...] = ()


def read_clock(duties: Sequence[Statement], *, plan_year: int) -> Clock:
    """Read the reporting clock: printed dates come first, then a rule, then a bare cadence; progress before other papers."""
    starts_on = next(filter(None, (_starts_on(duty.text, plan_year) for duty in duties)), None)
    for wanted in (("progress",), ("progress", "plan", "side")):
        found = _winner(list(_clocks(duties, wanted, plan_year)))
        found = found or _single_dates([duty for duty in duties if duty.subject in wanted], plan_year)
        if found:
            return Clock(
                found.cadence, found.due_dates, found.due_rule, starts_on, (*found.remarks, *_days_off(duties))
            )
    other = next((match[0] for duty in duties if (match := _OTHER.search(duty.text))), None)
    if other:
        message = f"通知要求“{other}”报送，本系统只支持每两周、每月、每季度、每半年和每年，请在设置中填写报送周期。"
        return Clock(remarks=(Remark("cadence_unsupported", message),))
    return Clock()


def plan_due(duties: Sequence[Statement], *, plan_year: int) -> date | None:
    """Return the day by which the units' own plans are due."""
    for duty in duties:
        days = _days_in(duty.text, plan_year)
        if duty.subject == "plan" and len(days) == 1 and not _cadence(duty.text, strong=True):
            return days[0]
    return None


def _clocks(duties: Sequence[Statement], wanted: tuple[Subject, ...], plan_year: int) -> Iterator[Clock]:
    """Read every statement; one that names a day and no cadence goes on from the one before (按季报送，于次月10日前报)."""
    before: Cadence | None = None
    for duty in duties:
        own = _cadence(duty.text, strong=True)
        if duty.subject in wanted and (clock := _clock_of(duty, own or before, plan_year)):
            yield clock
        before = own or before


def _winner(clocks: Sequence[Clock]) -> Clock | None:
    """Choose the clock that says most; a second one that says as much but otherwise is named."""
    for rank in ("due_dates", "due_rule", "cadence"):
        saying = [clock for clock in clocks if getattr(clock, rank)]
        if saying:
            first, *others = saying
            differs = any(_says(other) != _says(first) for other in others)
            return replace(first, remarks=(*first.remarks, *(_SEVERAL if differs else ())))
    return None


def _says(clock: Clock) -> tuple[object, ...]:
    return clock.cadence, clock.due_dates, clock.due_rule


def _clock_of(duty: Statement, over: Cadence | None, plan_year: int) -> Clock | None:
    """Read one statement under the cadence it names or goes on with; None if it sets no clock."""
    text = _plain(duty.text)
    dates = _days_in(text, plan_year)
    if len(dates) > 1:
        return _rolling(text, dates) or Clock(_by_gap(dates) or _cadence(text, strong=True), dates)
    if dates:
        return Clock("annual", dates) if _cadence(text, strong=True) == "annual" else None
    named = _cadence(text, strong=True)
    cadence = named or over or _cadence(text)
    if cadence is None:
        return None
    found = _fortnightly(text) if cadence == "biweekly" else _by_anchor(cadence, text)
    return found or (Clock(cadence, remarks=_end_guessed(cadence)) if named else None)


def _fortnightly(text: str) -> Clock | None:
    weekday = _WEEKDAY.search(text)
    return Clock("biweekly", (), DueRule(0, weekday=_WEEKDAYS[weekday[1] or weekday[2]])) if weekday else None


def _by_anchor(cadence: Cadence, text: str) -> Clock | None:
    for pattern, offset, field, fixed in _ANCHORS:
        found = pattern.search(text)
        if not found:
            continue
        value = fixed if fixed is not None else value_of(found[1])
        if field == "unclear" or not 0 < abs(value) <= 31:
            continue
        if field == "before":
            return Clock(cadence, (), DueRule(0, working_day=-value - 1))
        if field == "working_day":
            return Clock(cadence, (), DueRule(offset, working_day=value))
        if cadence == "monthly" and offset == 0 and value > 0:
            return _day_of_month(value, text)
        guessed = fixed is not None and "旬" in found[0]
        return Clock(cadence, (), DueRule(offset, day=value), remarks=_day_guessed(found[0], value) if guessed else ())
    day = _BARE_DAY.search(text)
    if day and cadence == "monthly" and 0 < int(day[1]) <= 31:
        return _day_of_month(int(day[1]), text)
    return None


def _day_of_month(day: int, text: str) -> Clock:
    """A day early in the month reports on the month before, a late one on the month itself, unless the letter says."""
    if _THIS_MONTH.search(text):
        return Clock("monthly", (), DueRule(0, day=day))
    if _BEFORE_MONTH.search(text):
        return Clock("monthly", (), DueRule(1, day=day))
    offset = int(day <= _LATE)
    message = f"通知只写每月{day}日前报送，按报{'上月' if offset else '当月'}进展理解，请核对。"
    return Clock("monthly", (), DueRule(offset, day=day), remarks=(Remark("due_month", message),))


def _end_guessed(cadence: Cadence) -> tuple[Remark, ...]:
    message = f"通知要求{_NAMES[cadence]}报送，没有读出具体截止日期，按每期最后一天排报送期，请核对。"
    return (Remark("due_guessed", message),)


def _day_guessed(words: str, day: int) -> tuple[Remark, ...]:
    last = "当月最后一天" if day < 0 else f"{day}日"
    return (Remark("due_guessed", f"通知写“{words}”报送，按{last}截止理解，请核对。"),)


def _days_off(duties: Sequence[Statement]) -> tuple[Remark, ...]:
    found = next((match for duty in duties if (match := _DAY_OFF.search(duty.text))), None)
    if not found:
        return ()
    message = f"通知写明“{found[0]}”，报送期仍按原日期排出，请核对遇节假日的各期。"
    return (Remark("due_day_off", message),)


def _cadence(text: str, *, strong: bool = False) -> Cadence | None:
    """Return the cadence the words name, the one that is named first; a rule's own words only where nothing else does."""
    words = text.replace("每月末", "每月").replace("每月底", "每月") if strong else text
    found = [
        (match.start(), at, cadence)
        for at, (pattern, cadence) in enumerate(_STRONG)
        if (match := pattern.search(words))
    ]
    if found:
        return min(found)[2]
    if strong:
        return None
    return next((cadence for pattern, cadence in _WEAK if pattern.search(text)), None)


def _plain(text: str) -> str:
    """Write dates in one way: Arabic, one month each, a span of days as its last."""
    text = _CHINESE_DAY.sub(lambda found: f"{value_of(found[1])}月{value_of(found[2])}{found[3]}", text)
    text = _HYPHEN_DATE.sub(lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日", text)
    return _SPAN.sub("", _MONTHS_DAY.sub(_spread, text))


def _spread(found: re.Match[str]) -> str:
    """Give each month of a row (3月、6月、9月的25日) its own day."""
    ends = found[2].startswith(("底", "末", "最"))
    return "、".join(f"{year}{month}月{'底' if ends else found[2]}" for year, month in _EACH_MONTH.findall(found[1]))


def _days_in(text: str, plan_year: int) -> tuple[date, ...]:
    """Read the printed dates; a year holds until the next one, and turns where the months fall back."""
    words = _MONTH_END.sub(lambda found: _last_of(found, plan_year), _plain(text))
    days: list[date] = []
    year = plan_year
    for found in (each for row in _rows_of_dates(words) for each in row):
        printed, following, month, number = found.groups()
        year = int(printed) if printed else plan_year + 1 if following else year
        day = day_of(year, int(month), int(number))
        if day and not printed and days and day < days[-1]:
            year += 1
            day = day_of(year, int(month), int(number))
        if day:
            days.append(day)
    return tuple(sorted(set(days)))


def _rows_of_dates(words: str) -> Iterator[list[re.Match[str]]]:
    """Yield the rows of dates by which something is due; the day of a meeting or of issue is none."""
    row: list[re.Match[str]] = []
    for found in _ANY_DAY.finditer(words):
        if row and not _BETWEEN_DATES.fullmatch(words, row[-1].end(), found.start()):
            yield from _due_row(words, row)
            row = []
        row.append(found)
    yield from _due_row(words, row)


def _due_row(words: str, row: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    if row and (_BEHIND_DUE.match(words, row[-1].end()) or _BEFORE_DUE.search(words[: row[0].start()])):
        yield row


def _last_of(found: re.Match[str], plan_year: int) -> str:
    year, month = int(found[1] or plan_year), int(found[2])
    last = months.monthrange(year, month)[1] if 1 <= month <= 12 and year < 9999 else 0
    return f"{found[1] + '年' if found[1] else ''}{month}月{last}日前"


def _by_gap(dates: Sequence[date]) -> Cadence | None:
    """Return the cadence of evenly spaced dates."""
    gaps = {
        (after.year - before.year) * 12 + after.month - before.month + _near(before, after)
        for before, after in pairwise(dates)
    }
    return _BY_GAP.get(gaps.pop()) if len(gaps) == 1 else None


def _near(before: date, after: date) -> int:
    """Count a month's first days as the end of the month before (31 December, 5 July)."""
    return int(before.day <= _LATE < after.day) - int(after.day <= _LATE < before.day)


def _rolling(text: str, dates: Sequence[date]) -> Clock | None:
    """Read 每年1月、4月、7月、10月的10日: each reports on the quarter before, the first on the last of this year."""
    is_rolling = [day.month for day in dates] == [1, 4, 7, 10] and len({day.day for day in dates}) == 1
    if is_rolling and re.search(r"每年|每季|上(?:一)?季", text):
        return Clock("quarterly", (), DueRule(1, day=dates[0].day))
    return None


def _single_dates(duties: Sequence[Statement], plan_year: int) -> Clock | None:
    """Take dates that stand in statements of their own (上半年于7月10日前，全年于1月10日前) as one row."""
    words = "；".join(duty.text for duty in duties if _sets_one_day(duty, plan_year))
    dates = _days_in(words, plan_year)
    if not dates:
        return None
    if len(dates) == 1:
        return Clock("annual" if _WHOLE_YEAR.search(words) else None, dates)
    return Clock(_by_gap(dates), dates)


def _sets_one_day(duty: Statement, plan_year: int) -> bool:
    return duty.subject == "progress" and is_on_progress(duty.text) and len(_days_in(duty.text, plan_year)) == 1


def _starts_on(text: str, plan_year: int) -> date | None:
    found = _START.search(text)
    if not found:
        return None
    month = value_of(found[2]) if found[2] else 3 * value_of(found[3]) - 2
    return day_of(int(found[1] or plan_year), month, 1)
