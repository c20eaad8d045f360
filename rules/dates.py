"""Which day people mean: 今天17点, 下周五, 6月30日前, 月底, 本季度末, 5个工作日内, 春节前, end of June.

The grammar is the office's own; `dateparser` is asked last, and only for what has a day and a month in it, since it reads
前 as "ago" and loads two hundred languages for a text that holds no date. Nothing is ever guessed silently: a reading
that took a choice says so by `sure`, an unknown text gives None and is asked about, and every reading is echoed.
"""

from __future__ import annotations

import calendar as months
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from rules.festivals import FESTIVALS, festival_days
from rules.numerals import NUMERAL, value_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from re import Match

    from rules.workdays import WorkCalendar

LONGEST: Final = 40  # characters: nobody writes a date longer, and dateparser is slow on what is no date


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day somebody named, and the local hour if they named one.

    `sure` is False where the words leave a choice (a year that was not written and had to turn, 本周 without a day);
    `provisional` where an official calendar to come may still move it.
    """

    day: date
    at: time | None = None
    sure: bool = True
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class SaidSpan:
    """A stretch of days somebody named, both ends included."""

    first: date
    last: date
    sure: bool = True


def read_day(text: str, *, now: datetime, calendar: WorkCalendar) -> SaidDay | None:
    """Read one day, seen from the local instant `now`; a day without a year is the next one. None: it is no date."""
    words = _normal(text)
    if not words or len(words) > LONGEST:
        return None
    words = _LEAD.sub("", words)
    plain, at = _hour(words)
    is_known = False
    for candidate, hour in ((plain, at), (words, None)):
        for core in dict.fromkeys((candidate, _BEFORE.sub("", candidate))):
            rule = _rule_for(core)
            is_known = is_known or rule is not None
            found = rule(_Seen(now.date(), calendar)) if rule else None
            if found is not None:
                return replace(found, at=hour) if hour is not None else found
    if at is not None and not plain:
        return _today_at(now, at)
    return None if is_known else _ask_dateparser(words, now)


def read_span(text: str, *, now: datetime, calendar: WorkCalendar) -> SaidSpan | None:
    """Read a stretch of days: 5月1日-5月7日, 下周一到周三外出, 今天起3天, 国庆期间, or one day. None: it is none.

    A stretch without a year that has begun and is not over is this year's, and unsure.
    """
    words = _ABSENT.sub("", _normal(text))
    if not words or len(words) > 2 * LONGEST:
        return None
    if counted := _COUNTED.fullmatch(words):
        first = read_day(counted[1] or "今天", now=now, calendar=calendar)
        length = value_of(counted[2]) * (1 if counted[3] == "天" else 7)
        is_span = first is not None and 0 < length <= 366
        return SaidSpan(first.day, first.day + timedelta(days=length - 1), first.sure) if first and is_span else None
    if (between := _between(words, now, calendar)) is not None:
        return between
    if whole := _WHOLE_WEEK.fullmatch(words):
        monday = _monday(now.date()) + timedelta(weeks=_weeks(whole[1]))
        return SaidSpan(monday, monday + timedelta(days=6))
    if feast := _FEAST.fullmatch(words):
        return _days_off(feast[1], now.date())
    found = read_day(words, now=now, calendar=calendar)
    return SaidSpan(found.day, found.day, found.sure) if found else None


def split_dated(text: str, *, now: datetime, calendar: WorkCalendar) -> tuple[SaidDay, str] | None:
    """Read a text that begins with a day: the day, and the words behind it (5月20日 因供地滞后). None: it begins with none.

    The longest beginning that is a day for certain is meant, else the longest that is one at all.
    """
    words = text.strip()
    ends = [found.start() for found in _DAY_ENDS.finditer(words[: LONGEST + 1])] + [len(words)]
    read = [(read_day(words[:end], now=now, calendar=calendar), words[end:].lstrip(_STOPS)) for end in reversed(ends)]
    found = [(day, rest) for day, rest in read if day]
    return next((each for each in found if each[0].sure), found[0] if found else None)


def _between(words: str, now: datetime, calendar: WorkCalendar) -> SaidSpan | None:
    for sign in _BETWEEN.finditer(words):
        first = read_day(words[: sign.start()], now=now, calendar=calendar)
        last = first and _end_of_span(words[sign.end() :], first.day, now, calendar)
        if first and last and first.day <= last.day:
            return _begun(SaidSpan(first.day, last.day, first.sure and last.sure), now.date())
    return None


def _days_off(name: str, today: date) -> SaidSpan | None:
    """A festival's days off, those to come; the office may work on some of the days around them, so it is asked about."""
    for year in (today.year, today.year + 1):
        days = festival_days(FESTIVALS[name], year)
        if days and days[-1] >= today:
            return SaidSpan(days[0], days[-1], sure=False)
    return None


def _begun(span: SaidSpan, today: date) -> SaidSpan:
    """Take a stretch whose year had to turn for this year's, where that one has begun and is not over."""
    try:
        first, last = (day.replace(year=day.year - 1) for day in (span.first, span.last))
    except ValueError:  # 29 February
        return span
    return span if span.sure or last < today else SaidSpan(first, last, sure=False)


def _normal(text: str) -> str:
    """Fold full-width signs, leave out what only decorates: spaces between Chinese signs, （星期五）, a full stop."""
    words = unicodedata.normalize("NFKC", text).strip().lower()
    words = re.sub(r"\((?:周|星期)[一二三四五六日天]\)", "", words)
    words = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", words)
    return words.strip(" .。,;!")  # full-width ones are folded by now


_LEAD: Final = re.compile(
    r"(?:(?:申请|拟|请|希望)?(?:延期?|推迟|顺延|宽限)(?:到|至)|截[至止](?:到)?|最迟|不晚于|预计|争取|[在于到至]"
    r"|(?:no later than|by|before|until|till|on|due)\s)+"
)
_BEFORE: Final = re.compile(r"(?:之前|以前|前|为止|止|之内|以内|内|当天|当日)$")
_BETWEEN: Final = re.compile(r"\s*(?:-+|—+|–|~+|至|到|until| to )\s*")
_COUNTED: Final = re.compile(
    rf"(?:从|自)?(.{{0,12}}?)(?:起|开始|,|，)?(?:请假|外出|共|连续)?({NUMERAL})(天|周|个?星期|个周)"
)
_WHOLE_WEEK: Final = re.compile(r"(本|这|下下|下)(?:个)?(?:周|星期|礼拜)(?:全周|整周|一整周)?")

_FEAST: Final = re.compile(rf"({'|'.join(FESTIVALS)})(?:假期|期间|放假)?")
_AWAY: Final = "(?:我|本人)?(?:请假|休假|请?年假|外出|出差|学习|培训)"
_ABSENT: Final = re.compile(rf"^{_AWAY}[:,]?|{_AWAY}$")  # what the stretch is said for
_DAY_ENDS: Final = re.compile(r"[\s,，;；。、]+|(?=因|由于|原因|理由)")
_STOPS: Final = " \t\n,，;；。、:："

_N: Final = rf"({NUMERAL})"
_WEEK: Final = "(?:周|星期|礼拜)"
_DAYS: Final = {sign: n for n, sign in enumerate("一二三四五六", 1)} | {"日": 7, "天": 7, "末": 7}
_RELATIVE: Final = {"今天": 0, "今日": 0, "本日": 0, "当天": 0, "今晚": 0, "今早": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2, "后日": 2, "大后天": 3,
    "today": 0, "tonight": 0, "tomorrow": 1}  # fmt: skip
_MONTHS: Final = {name.lower(): n for n, name in enumerate(months.month_name) if n} | {
    name.lower(): n for n, name in enumerate(months.month_abbr) if n
}
_MONTH: Final = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_WEEKDAYS: Final = {name.lower(): n for n, name in enumerate(months.day_name, 1)} | {
    name.lower(): n for n, name in enumerate(months.day_abbr, 1)
}
_WEEKDAY: Final = "(" + "|".join(sorted(_WEEKDAYS, key=len, reverse=True)) + ")"
_ENGLISH_NUMBERS: Final = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
}
_COUNT: Final = "([0-9]{1,3}|" + "|".join(_ENGLISH_NUMBERS) + ")"

_HALF: Final = {"半": 30, "一刻": 15, "三刻": 45}
_HOUR: Final = re.compile(
    rf"(凌晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|夜里)?{_N}(?:[点时](?:(半|一刻|三刻|整)|{_N}分?)?|:([0-9]{{2}})(?::[0-9]{{2}})?)$"
)
_ENGLISH_HOUR: Final = re.compile(r"(?:\s*at)?\s*\b([0-9]{1,2})(?::([0-9]{2}))?\s*(am|pm)$")
_NOON: Final = re.compile(r"(?:中午|正午|noon)$")


def _hour(words: str) -> tuple[str, time | None]:
    """Take the hour off the end of the words."""
    cut = re.sub(r"(?:之前|以前|前)$", "", words)
    if found := _HOUR.search(cut):
        part, hour, fraction, minutes, clock = found.groups()
        value = value_of(hour)
        if part in {"下午", "傍晚", "晚上", "晚", "夜里"} and value < 12:
            value += 12
        if part == "中午" and value < 3:
            value += 12
        minute = _HALF.get(fraction or "", value_of(minutes) if minutes else int(clock or 0))
        if value < 24 and minute < 60:
            return re.sub(r"^([今明后])$", r"\1天", cut[: found.start()]), time(value, minute)  # 明早9点
    if found := _ENGLISH_HOUR.search(cut):
        value = int(found[1]) % 12 + (12 if found[3] == "pm" else 0)
        return cut[: found.start()].strip(), time(value, int(found[2] or 0))
    if found := _NOON.search(cut):
        return cut[: found.start()], time(12)
    return words, None


def _today_at(now: datetime, at: time) -> SaidDay:
    """A bare hour is today's, or tomorrow's where it is past; that took a choice."""
    if at > now.time():
        return SaidDay(now.date(), at)
    return SaidDay(now.date() + timedelta(days=1), at, sure=False)


def _end_of_span(words: str, first: date, now: datetime, calendar: WorkCalendar) -> SaidDay | None:
    """Read a span's last day: 7日 is of the first day's month, 周三 of its week, 5月7日 of its year or the next."""
    words = _BEFORE.sub("", words)
    if day := re.fullmatch(rf"{_N}[日号]?", words):
        return _made(first.year, first.month, value_of(day[1]))
    if day := re.fullmatch(rf"{_WEEK}([一二三四五六日天])", words):
        return SaidDay(_monday(first) + timedelta(days=_DAYS[day[1]] - 1))
    if day := re.fullmatch(rf"{_N}(?:月|/|\.){_N}[日号]?", words):
        month = value_of(day[1])
        return _made(first.year + (month < first.month), month, value_of(day[2]))
    return read_day(words, now=now, calendar=calendar)


def _made(year: int, month: int, day: int, *, sure: bool = True) -> SaidDay | None:
    try:
        return SaidDay(date(year, month, day), sure=sure)
    except ValueError:
        return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(word: str | None) -> int:
    return {"下": 1, "下下": 2}.get(word or "", 0)


def _last_of(year: int, month: int) -> int:
    return months.monthrange(year, month)[1]


def _month_after(day: date, count: int) -> tuple[int, int]:
    at = day.year * 12 + day.month - 1 + count
    return at // 12, at % 12 + 1


def _rule_for(words: str) -> Callable[[_Seen], SaidDay | None] | None:
    """Find the first rule that covers the whole text; what it makes of the text is final."""
    for pattern, rule in _RULES:
        if found := pattern.fullmatch(words):
            return partial(_applied, rule, found)
    return None


def _applied(rule: Callable[[_Seen, Match[str]], SaidDay | None], found: Match[str], seen: _Seen) -> SaidDay | None:
    return rule(seen, found)


@dataclass(frozen=True, slots=True)
class _Seen:
    """From where a text is read: the local day, and the calendar."""

    today: date
    calendar: WorkCalendar

    def dated(self, year: str | None, month: int, day: int) -> SaidDay | None:
        """A written date; without a year the next such day, which is unsure where the year had to turn."""
        if year:
            return _made(self.year(year), month, day)
        found = _made(self.today.year, month, day)
        if found is None and (month, day) == (2, 29):
            found = next(filter(None, (_made(self.today.year + n, 2, 29) for n in range(1, 9))), None)
            return found and replace(found, sure=False)
        if found is None or found.day >= self.today:
            return found
        return _made(self.today.year + 1, month, day, sure=False)

    def year(self, written: str | None) -> int:
        """今年, 明年, 2025年, 二〇二五年, 25年; without one this year."""
        words = (written or "").removesuffix("年")
        relative = {"今": 0, "本": 0, "当": 0, "明": 1, "次": 1, "来": 1, "后": 2}
        if words in relative or not words:
            return self.today.year + relative.get(words, 0)
        value = value_of(words)
        return value + 2000 if value < 100 else value

    def ended(self, year: str | None, month: int, day: int | None = None) -> SaidDay | None:
        """The end of a stretch that ends in this month (a quarter, a half, a month); a past one without a year turns."""
        if not 1 <= month <= 12:
            return None
        at = self.year(year)
        found = _made(at, month, min(day or 31, _last_of(at, month)))
        if found and not year and found.day < self.today:
            return _made(at + 1, month, min(day or 31, _last_of(at + 1, month)), sure=False)
        return found

    def in_month(self, count: int, day: int | None) -> SaidDay | None:
        year, month = _month_after(self.today, count)
        return _made(year, month, day or _last_of(year, month))

    def of_this_month(self, day: int) -> SaidDay | None:
        found = self.in_month(0, day)
        if found and found.day < self.today:
            turned = self.in_month(1, day)
            return turned and replace(turned, sure=False)
        return found

    def after_days(self, count: int, *, sure: bool = True) -> SaidDay | None:
        return SaidDay(self.today + timedelta(days=count), sure=sure) if 0 < count <= 400 else None

    def after_workdays(self, count: int) -> SaidDay | None:
        if not 0 < count <= 250:
            return None
        last = self.calendar.shift(self.today, count)
        passed = (self.today + timedelta(days=n) for n in range((last - self.today).days + 1))
        return SaidDay(last, provisional=any(map(self.calendar.is_provisional, passed)))

    def of_week(self, weeks: int, weekday: int) -> SaidDay:
        return SaidDay(_monday(self.today) + timedelta(weeks=weeks, days=weekday - 1))

    def last_workday_of_week(self, weeks: int) -> SaidDay | None:
        days = [self.of_week(weeks, number).day for number in range(7, 0, -1)]
        return next((SaidDay(day, sure=False) for day in days if self.calendar.is_workday(day)), None)

    def coming(self, weekday: int) -> SaidDay:
        """周五 alone is the next one, today included."""
        return SaidDay(self.today + timedelta(days=(weekday - 1 - self.today.weekday()) % 7))

    def workday_of_month(self, count: int, n: int) -> SaidDay | None:
        year, month = _month_after(self.today, count)
        try:
            day = self.calendar.nth(year, month, n)
        except ValueError:
            return None
        return SaidDay(day, provisional=self.calendar.is_provisional(day))

    def festival(self, name: str, *, after: bool) -> SaidDay | None:
        """The last working day before a festival's days off, or the first behind them."""
        for year in (self.today.year, self.today.year + 1):
            days = festival_days(FESTIVALS[name], year)
            if days and (days[-1] if after else days[0]) > self.today:
                day = self.calendar.shift(days[-1], 1) if after else self.calendar.shift(days[0], -1)
                return SaidDay(day, provisional=self.calendar.is_provisional(days[0]))
        return None


_YEAR: Final = r"(?:([0-9]{4}年?|[〇零○一二三四五六七八九]{4}年|[今本当明次来后]年)(?:的)?)?"
_QUARTER_MONTHS: Final = {1: 3, 2: 6, 3: 9, 4: 12}
_PART_ENDS: Final = {"初": 5, "上旬": 10, "中旬": 20, "下旬": None, "底": None, "末": None}
_THIS: Final = {"本": 0, "这个": 0, "这": 0, "当": 0, "次": 1, "下": 1, "下个": 1, "": 0}


def _english_count(word: str) -> int:
    return _ENGLISH_NUMBERS.get(word) or int(word)


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[_Seen, Match[str]], SaidDay | None]], ...]] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        # 2025年6月30日, 2025-06-30, 2025/6/30, 2025.6.30, 20250630
        (r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", lambda s, m: _made(int(m[1]), int(m[2]), int(m[3]))),
        (r"(20[0-9]{2})([01][0-9])([0-3][0-9])", lambda s, m: _made(int(m[1]), int(m[2]), int(m[3]))),
        (rf"{_YEAR}{_N}月份?{_N}[日号]?", lambda s, m: s.dated(m[1], value_of(m[2]), value_of(m[3]))),
        (r"([0-9]{1,2})[/.-]([0-9]{1,2})", lambda s, m: s.dated(None, int(m[1]), int(m[2]))),
        # 今天, 明天, 大后天
        ("|".join(f"({word})" for word in _RELATIVE), lambda s, m: SaidDay(s.today + timedelta(days=_RELATIVE[m[0]]))),
        # 20日, 本月20日, 下月10日, 次月15号
        (rf"{_N}[日号]", lambda s, m: s.of_this_month(value_of(m[1]))),
        (rf"(本|这个|当|次|下个|下)月份?{_N}[日号]?", lambda s, m: s.in_month(_THIS[m[1]], value_of(m[2]))),
        # 月底, 本月底, 下月中旬, 6月底, 明年3月上旬, 6月份, 2025年6月
        (
            r"(本|这个|当|次|下个|下|)月份?(初|上旬|中旬|下旬|底|末)",
            lambda s, m: s.in_month(_THIS[m[1]], _PART_ENDS[m[2]]),
        ),
        (r"(本|这个|当|次|下个|下)月份?", lambda s, m: s.in_month(_THIS[m[1]], None)),
        (
            rf"{_YEAR}{_N}月份?(初|上旬|中旬|下旬|底|末)?",
            lambda s, m: s.ended(m[1], value_of(m[2]), _PART_ENDS[m[3] or "末"]),
        ),
        # 本季度末, 三季度, 明年一季度末, 下季度; 上半年, 年中, 年底
        (
            r"(本|这个|当|下个|下)季度?(?:末|底|结束)?",
            lambda s, m: s.in_month(2 - (s.today.month - 1) % 3 + 3 * _THIS[m[1]], None),
        ),
        (r"季(?:度)?[末底]", lambda s, m: s.in_month(2 - (s.today.month - 1) % 3, None)),
        (
            rf"{_YEAR}第?([一二三四1-4])季度?(?:末|底|结束)?",
            lambda s, m: s.ended(m[1], _QUARTER_MONTHS[value_of(m[2])]),
        ),
        (rf"{_YEAR}q([1-4])", lambda s, m: s.ended(m[1], _QUARTER_MONTHS[int(m[2])])),
        (rf"{_YEAR}(上|下)半年(?:末|底)?", lambda s, m: s.ended(m[1], 6 if m[2] == "上" else 12)),
        (rf"{_YEAR}年中", lambda s, m: s.ended(m[1], 6)),
        (r"([今本当明次来后]年|[0-9]{4}年|)(?:年?[底末终]|年内|全年)", lambda s, m: s.ended(m[1], 12)),
        (r"([今本当明次来]年)", lambda s, m: s.ended(m[1], 12)),
        # 10天内, 三天后, 两周内, 一个月内, 半个月后, 5个工作日内
        (rf"{_N}个?工作日(?:之?[内后]|以内)?", lambda s, m: s.after_workdays(value_of(m[1]))),
        (rf"{_N}[天日](?:之?[内后]|以[内后])", lambda s, m: s.after_days(value_of(m[1]))),
        (rf"{_N}天", lambda s, m: s.after_days(value_of(m[1]), sure=False)),
        (
            rf"{_N}个?(?:周|星期|礼拜)(?:之?[内后]|以[内后])?",
            lambda s, m: s.after_days(7 * value_of(m[1])),
        ),
        (r"半个?月(?:之?[内后]|以[内后])?", lambda s, m: s.after_days(15)),
        (
            rf"{_N}个月(?:之?[内后]|以[内后])?",
            lambda s, m: s.in_month(value_of(m[1]), min(s.today.day, _last_of(*_month_after(s.today, value_of(m[1]))))),
        ),
        # 周五, 本周五, 下周五, 下下周一; 本周, 下周
        (
            rf"(本|这个?|下下个?|下个?){_WEEK}([一二三四五六日天末])",
            lambda s, m: s.of_week(_weeks(m[1].rstrip("个")), _DAYS[m[2]]),
        ),
        (rf"{_WEEK}([一二三四五六日天])", lambda s, m: s.coming(_DAYS[m[1]])),
        (rf"(本|这|这个|下|下个){_WEEK}", lambda s, m: s.last_workday_of_week(_weeks(m[1].rstrip("个")))),
        # 次月初5个工作日, 下月第3个工作日, 本月最后一个工作日
        (
            rf"(本|当|次|下个|下)月(?:初|的|前|第)*{_N}个工作日",
            lambda s, m: s.workday_of_month(_THIS[m[1]], value_of(m[2])),
        ),
        (r"(本|当|次|下个|下|)月(?:的|末)*最后一个工作日", lambda s, m: s.workday_of_month(_THIS[m[1]], -1)),
        # 春节前, 国庆节后
        (
            rf"({'|'.join(FESTIVALS)})(?:假期)?(?:之|以)?(前|后)?",
            lambda s, m: s.festival(m[1], after=m[2] == "后"),
        ),
        # June 30, 30 June 2025, end of June, end of month, next Friday, in 3 days, within 5 working days, Q3
        (
            rf"(?:the )?{_MONTH} ([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,? ([0-9]{{4}}))?",
            lambda s, m: s.dated(m[3], _MONTHS[m[1]], int(m[2])),
        ),
        (
            rf"(?:the )?([0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? ([0-9]{{4}}))?",
            lambda s, m: s.dated(m[3], _MONTHS[m[2]], int(m[1])),
        ),
        (rf"(?:the )?end of {_MONTH}(?: ([0-9]{{4}}))?", lambda s, m: s.ended(m[2], _MONTHS[m[1]])),
        (r"(?:the )?end of (?:the |this )?month|month end", lambda s, m: s.in_month(0, None)),
        (r"(?:the )?end of (?:the )?next month", lambda s, m: s.in_month(1, None)),
        (r"(?:the )?end of (?:the |this )?quarter", lambda s, m: s.in_month(2 - (s.today.month - 1) % 3, None)),
        (r"(?:the )?end of (?:the |this )?year", lambda s, m: s.ended(None, 12)),
        (r"(?:the )?end of (?:the |this )?week", lambda s, m: s.last_workday_of_week(0)),
        (
            rf"(?:in|within) {_COUNT} (?:working|work|business) ?days?",
            lambda s, m: s.after_workdays(_english_count(m[1])),
        ),
        (rf"(?:in|within) {_COUNT} days?", lambda s, m: s.after_days(_english_count(m[1]))),
        (rf"(?:in|within) {_COUNT} weeks?", lambda s, m: s.after_days(7 * _english_count(m[1]))),
        # "next Friday" is this week's to some and next week's to others
        (rf"next {_WEEKDAY}", lambda s, m: replace(s.of_week(1, _WEEKDAYS[m[1]]), sure=False)),
        (rf"(?:this )?{_WEEKDAY}", lambda s, m: s.coming(_WEEKDAYS[m[1]])),
    )
)

_HAS_DAY_AND_MONTH: Final = re.compile(r"[0-9].*[0-9]|[0-9].*[a-z]{3}|[a-z]{3}.*[0-9]")


def _ask_dateparser(words: str, now: datetime) -> SaidDay | None:
    """Ask dateparser about what the grammar does not know; only a full date with a day and a month counts, and unsurely."""
    if not _HAS_DAY_AND_MONTH.search(words) or re.search(r"[前后内底末旬初周]|季|半年|工作", words):
        return None
    import dateparser  # noqa: PLC0415  (0.3 s, and seldom needed)

    found = dateparser.parse(
        words,
        languages=["zh", "en"],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "DATE_ORDER": "YMD",
            "REQUIRE_PARTS": ["day", "month"],
            "PREFER_DATES_FROM": "future",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    is_near = found is not None and abs(found.date().year - now.year) <= 2  # "2025年" is no two thousand years from now
    return SaidDay(found.date(), sure=False) if found and is_near else None
