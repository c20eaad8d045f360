"""Dates as people write them: none is ever silently wrong, and what is no date is asked about."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.dates import LONGEST, SaidDay, SaidSpan, read_day, read_span, split_dated
from rules.numerals import value_of
from rules.workdays import WorkCalendar

NOW = datetime(2025, 6, 18, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday
CALENDAR = WorkCalendar()


def read(text: str, now: datetime = NOW) -> SaidDay | None:
    return read_day(text, now=now, calendar=CALENDAR)


SURE = {
    # a date with its year
    "2025年6月30日": "2025-06-30",
    "2025年6月30日前": "2025-06-30",
    "2025 年 6 月 30 日": "2025-06-30",
    "２０２５年６月３０日": "2025-06-30",
    "2025年6月30日（星期一）": "2025-06-30",
    "2025-06-30": "2025-06-30",
    "2025-6-30": "2025-06-30",
    "2025/6/30": "2025-06-30",
    "2025.6.30": "2025-06-30",
    "2025.06.30前": "2025-06-30",
    "20250630": "2025-06-30",
    "二〇二五年六月三十日": "2025-06-30",
    "二○二五年三月一日": "2025-03-01",
    "2025年6月30号": "2025-06-30",
    "2024年2月29日": "2024-02-29",
    "明年3月1日": "2026-03-01",
    "今年12月31日前": "2025-12-31",
    "2026年元月5日前后": None,
    # without its year
    "6月30日": "2025-06-30",
    "6月30日前": "2025-06-30",
    "6月30日之前": "2025-06-30",
    "6月30日以前": "2025-06-30",
    "6月30号前": "2025-06-30",
    "6月18日": "2025-06-18",
    "十月十五日": "2025-10-15",
    "十二月三十一日前": "2025-12-31",
    "7月5日。": "2025-07-05",
    "延期到7月5日": "2025-07-05",
    "延至7月5日": "2025-07-05",
    "申请延期至7月5日": "2025-07-05",
    "推迟到7月5日前": "2025-07-05",
    "截至7月5日": "2025-07-05",
    "于7月5日前": "2025-07-05",
    "最迟7月5日": "2025-07-05",
    "7月5": "2025-07-05",
    "7/5": "2025-07-05",
    "7.5": "2025-07-05",
    "7-5": "2025-07-05",
    "20日": "2025-06-20",
    "25日前": "2025-06-25",
    "25号": "2025-06-25",
    "本月25日": "2025-06-25",
    "当月25日": "2025-06-25",
    "下月10日": "2025-07-10",
    "下个月10号前": "2025-07-10",
    "次月10日": "2025-07-10",
    "廿五日": "2025-06-25",
    # months, thirds of months
    "月底": "2025-06-30",
    "月底前": "2025-06-30",
    "月末": "2025-06-30",
    "本月底": "2025-06-30",
    "本月底前": "2025-06-30",
    "本月内": "2025-06-30",
    "当月底": "2025-06-30",
    "下月底": "2025-07-31",
    "下个月底前": "2025-07-31",
    "下月": "2025-07-31",
    "下月中旬": "2025-07-20",
    "下月上旬": "2025-07-10",
    "下旬": None,
    "本月下旬": "2025-06-30",
    "6月底": "2025-06-30",
    "6月底前": "2025-06-30",
    "6月份": "2025-06-30",
    "9月底": "2025-09-30",
    "9月上旬": "2025-09-10",
    "9月中旬": "2025-09-20",
    "9月下旬": "2025-09-30",
    "九月底前": "2025-09-30",
    "2025年9月": "2025-09-30",
    "2025年9月底": "2025-09-30",
    "明年2月底": "2026-02-28",
    "2028年2月底": "2028-02-29",
    # quarters, halves, years
    "本季度末": "2025-06-30",
    "本季末": "2025-06-30",
    "季度末": "2025-06-30",
    "季末前": "2025-06-30",
    "本季度": "2025-06-30",
    "下季度末": "2025-09-30",
    "二季度末": "2025-06-30",
    "三季度": "2025-09-30",
    "第三季度末": "2025-09-30",
    "三季度末前": "2025-09-30",
    "2025年四季度": "2025-12-31",
    "明年一季度": "2026-03-31",
    "2026年第一季度末": "2026-03-31",
    "上半年": "2025-06-30",
    "上半年前": "2025-06-30",
    "下半年": "2025-12-31",
    "2026年上半年": "2026-06-30",
    "年中": "2025-06-30",
    "年底": "2025-12-31",
    "年底前": "2025-12-31",
    "年末": "2025-12-31",
    "今年底": "2025-12-31",
    "年内": "2025-12-31",
    "今年年底前": "2025-12-31",
    "明年底": "2026-12-31",
    "2026年底": "2026-12-31",
    "本年内": "2025-12-31",
    # from today
    "今天": "2025-06-18",
    "今日": "2025-06-18",
    "明天": "2025-06-19",
    "明日": "2025-06-19",
    "明天前": "2025-06-19",
    "后天": "2025-06-20",
    "大后天": "2025-06-21",
    "三天后": "2025-06-21",
    "3天内": "2025-06-21",
    "3日内": "2025-06-21",
    "10天之内": "2025-06-28",
    "三十天内": "2025-07-18",
    "一周内": "2025-06-25",
    "两周内": "2025-07-02",
    "2个星期后": "2025-07-02",
    "半个月内": "2025-07-03",
    "半月内": "2025-07-03",
    "一个月内": "2025-07-18",
    "3个月后": "2025-09-18",
    "5个工作日内": "2025-06-25",
    "五个工作日内": "2025-06-25",
    "3个工作日": "2025-06-23",
    "10个工作日后": "2025-07-02",
    # weeks
    "周五": "2025-06-20",
    "星期五": "2025-06-20",
    "礼拜五": "2025-06-20",
    "周五前": "2025-06-20",
    "周三": "2025-06-18",
    "周二": "2025-06-24",
    "本周五": "2025-06-20",
    "这周五": "2025-06-20",
    "这个星期五": "2025-06-20",
    "本周一": "2025-06-16",
    "下周五": "2025-06-27",
    "下周五前": "2025-06-27",
    "下个星期三": "2025-06-25",
    "下下周一": "2025-06-30",
    "本周日": "2025-06-22",
    "下周天": "2025-06-29",
    # working days of a month, festivals
    "次月初5个工作日内": "2025-07-07",
    "下月第3个工作日": "2025-07-03",
    "本月最后一个工作日": "2025-06-30",
    "月末最后一个工作日": "2025-06-30",
    "国庆节前": "2025-09-30",
    "国庆前": "2025-09-30",
    "国庆节后": "2025-10-09",
    "春节前": "2026-02-14",  # a make-up Saturday
    "春节后": "2026-02-24",
    "元旦前": "2025-12-31",
    # English
    "today": "2025-06-18",
    "tomorrow": "2025-06-19",
    "June 30": "2025-06-30",
    "by June 30": "2025-06-30",
    "June 30th": "2025-06-30",
    "30 June 2025": "2025-06-30",
    "June 30, 2025": "2025-06-30",
    "the 30th of June": "2025-06-30",
    "Jul. 5": "2025-07-05",
    "end of June": "2025-06-30",
    "by the end of June": "2025-06-30",
    "end of month": "2025-06-30",
    "end of the quarter": "2025-06-30",
    "end of year": "2025-12-31",
    "end of next month": "2025-07-31",
    "in 3 days": "2025-06-21",
    "within two weeks": "2025-07-02",
    "within 5 working days": "2025-06-25",
    "Q3": "2025-09-30",
    "2026年q1": "2026-03-31",
    "Friday": "2025-06-20",
    "this Friday": "2025-06-20",
}
UNSURE = {  # read, but the words left a choice: the answer asks for a yes
    "3月1日": "2026-03-01",  # past: the next one
    "5月20日前": "2026-05-20",
    "6月17日": "2026-06-17",
    "2月29日": "2028-02-29",
    "15日": "2025-07-15",
    "一季度": "2026-03-31",
    "3月底": "2026-03-31",
    "本周": "2025-06-20",
    "本周内": "2025-06-20",
    "下周": "2025-06-27",
    "end of week": "2025-06-20",
    "next Friday": "2025-06-27",
    "10天": "2025-06-28",
}
HOURS = {
    "今天17点": ("2025-06-18", time(17)),
    "今天17时": ("2025-06-18", time(17)),
    "今天17:30前": ("2025-06-18", time(17, 30)),
    "今天17：30": ("2025-06-18", time(17, 30)),
    "明天上午9点": ("2025-06-19", time(9)),
    "明天上午九点": ("2025-06-19", time(9)),
    "明早9点": ("2025-06-19", time(9)),
    "明天下午5点半": ("2025-06-19", time(17, 30)),
    "今晚8点": ("2025-06-18", time(20)),
    "6月30日17点前": ("2025-06-30", time(17)),
    "2025年6月30日17:30": ("2025-06-30", time(17, 30)),
    "下周五下午3点一刻": ("2025-06-27", time(15, 15)),
    "周五中午": ("2025-06-20", time(12)),
    "明天中午12点": ("2025-06-19", time(12)),
    "下午3点": ("2025-06-18", time(15)),
    "tomorrow 9am": ("2025-06-19", time(9)),
    "tomorrow at 5:30 pm": ("2025-06-19", time(17, 30)),
}
NO_DATES = [
    "",
    "尽快",
    "不知道",
    "完成投资12.5亿元",
    "1.2亿",
    "12345",
    "11.",
    "3.2万亩",
    "2025〕12号",
    "今年以来",
    "6月31日",
    "2月30日",
    "13月1日",
    "2025-13-01",
    "2025年6月31日前",
    "第5季度",
    "0天内",
    "999个工作日内",
    "25点",
    "任务3",
    "项目已开工",
    "节后",
    "周八",
    "领导审定后",
    "asap",
    "soon",
    "maybe June",
    "100%",
    "5",
    "三",
    "7" * LONGEST,
    "6月30日" * LONGEST,
]


@pytest.mark.parametrize(("text", "day"), [(text, day) for text, day in SURE.items() if day])
def test_a_plain_date_is_read_and_sure(text: str, day: str) -> None:
    assert read(text) == SaidDay(date.fromisoformat(day))


@pytest.mark.parametrize("text", [*NO_DATES, *(text for text, day in SURE.items() if not day)])
def test_what_is_no_date_is_asked_about(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(("text", "day"), UNSURE.items())
def test_a_reading_that_took_a_choice_says_so(text: str, day: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.day, found.sure) == (date.fromisoformat(day), False)


@pytest.mark.parametrize(("text", "expected"), HOURS.items())
def test_an_hour_is_read_with_its_day(text: str, expected: tuple[str, time]) -> None:
    found = read(text)
    assert found is not None
    assert (found.day, found.at, found.sure) == (date.fromisoformat(expected[0]), expected[1], True)


def test_a_bare_hour_that_is_past_means_tomorrow_and_asks() -> None:
    assert read("9点") == SaidDay(date(2025, 6, 19), time(9), sure=False)


def test_what_an_official_calendar_to_come_may_move_is_provisional() -> None:
    found = read("5个工作日内", datetime(2026, 12, 29, 10, tzinfo=NOW.tzinfo))
    assert found is not None
    assert found.provisional


def test_a_festival_past_the_last_official_year_is_predicted() -> None:
    found = read("春节前", datetime(2026, 12, 1, 10, tzinfo=NOW.tzinfo))
    assert found == SaidDay(date(2027, 2, 4), provisional=True)


SPANS = {
    "5月1日-5月7日": None,
    "7月1日-7月7日": ("2025-07-01", "2025-07-07"),
    "7月1日至7日": ("2025-07-01", "2025-07-07"),
    "7月1日到7月7日": ("2025-07-01", "2025-07-07"),
    "7月1日—7日": ("2025-07-01", "2025-07-07"),
    "7.1-7.7": ("2025-07-01", "2025-07-07"),
    "7/1-7/7": ("2025-07-01", "2025-07-07"),
    "12月29日至1月3日": ("2025-12-29", "2026-01-03"),
    "2025年7月1日至2025年7月7日": ("2025-07-01", "2025-07-07"),
    "2025-07-01至2025-07-07": ("2025-07-01", "2025-07-07"),
    "2025-07-01": ("2025-07-01", "2025-07-01"),
    "下周一到周三": ("2025-06-23", "2025-06-25"),
    "下周一至下周三": ("2025-06-23", "2025-06-25"),
    "周四到周五": ("2025-06-19", "2025-06-20"),
    "明天到后天": ("2025-06-19", "2025-06-20"),
    "今天起3天": ("2025-06-18", "2025-06-20"),
    "从明天起5天": ("2025-06-19", "2025-06-23"),
    "7月1日起两周": ("2025-07-01", "2025-07-14"),
    "下周": ("2025-06-23", "2025-06-29"),
    "明天": ("2025-06-19", "2025-06-19"),
    "本周五到下周三": ("2025-06-20", "2025-06-25"),
    "下周一到周三外出": ("2025-06-23", "2025-06-25"),
    "7月1日到7月7日请假": ("2025-07-01", "2025-07-07"),
    "请假3天": ("2025-06-18", "2025-06-20"),
    "July 1 to July 7": ("2025-07-01", "2025-07-07"),
}


@pytest.mark.parametrize(("text", "span"), SPANS.items())
def test_a_stretch_of_days_is_read(text: str, span: tuple[str, str] | None) -> None:
    found = read_span(text, now=NOW, calendar=CALENDAR)
    if span is None:
        assert found is None or not found.sure
    else:
        assert found == SaidSpan(date.fromisoformat(span[0]), date.fromisoformat(span[1]))


@pytest.mark.parametrize(
    ("text", "span"),
    {
        "6月16日-6月20日": ("2025-06-16", "2025-06-20"),  # begun on Monday
        "6月1日-6月10日": ("2026-06-01", "2026-06-10"),  # over
        "国庆期间": ("2025-10-01", "2025-10-08"),
        "端午": ("2026-06-19", "2026-06-21"),
    }.items(),
)
def test_a_stretch_that_leaves_a_choice_is_unsure(text: str, span: tuple[str, str]) -> None:
    expected = SaidSpan(date.fromisoformat(span[0]), date.fromisoformat(span[1]), sure=False)
    assert read_span(text, now=NOW, calendar=CALENDAR) == expected


@pytest.mark.parametrize(
    ("text", "day", "rest"),
    [
        ("7月20日 因供地滞后", "2025-07-20", "因供地滞后"),
        ("7月20日因供地滞后，预计8月1日开工", "2025-07-20", "因供地滞后，预计8月1日开工"),
        ("2025年7月 20日，原因：供地滞后", "2025-07-20", "原因：供地滞后"),
        ("延期至7月20日。由于雨天", "2025-07-20", "由于雨天"),
        ("7月20日", "2025-07-20", ""),
        ("月底 供地滞后", "2025-06-30", "供地滞后"),
        ("July 20, land is late", "2025-07-20", "land is late"),
    ],
)
def test_a_day_before_other_words_is_read(text: str, day: str, rest: str) -> None:
    found = split_dated(text, now=NOW, calendar=CALENDAR)
    assert found == (SaidDay(date.fromisoformat(day)), rest)


@pytest.mark.parametrize("text", ["因供地滞后 7月20日", "", "2025年", "供地手续尚未办完，预计7月办结", "，因"])
def test_a_text_that_begins_with_no_day_has_none(text: str) -> None:
    assert split_dated(text, now=NOW, calendar=CALENDAR) is None


@pytest.mark.parametrize("text", ["7月7日-7月1日", "休假", "3-5", "6月31日至7月2日", "今天起0天", "", "-", "至"])
def test_what_is_no_stretch_is_asked_about(text: str) -> None:
    found = read_span(text, now=NOW, calendar=CALENDAR)
    assert found is None or not found.sure


@pytest.mark.parametrize(
    ("numeral", "value"),
    {"十": 10, "十五": 15, "二十": 20, "三十五": 35, "一百": 100, "一百一十": 110, "一百零五": 105, "廿三": 23, "二〇二五": 2025, "两": 2, "十十": 0, "百百": 0, "x": 0, "": 0}.items(),
)  # fmt: skip
def test_numerals_are_read(numeral: str, value: int) -> None:
    assert value_of(numeral) == value


@given(
    st.text(alphabet="今明后天周月日号年底末前内初旬季度上下半本次一二三十0123456789.-/: 点半至到工作个", max_size=16)
)
def test_any_text_gives_a_day_or_none(text: str) -> None:
    for found in (read(text), read_span(text, now=NOW, calendar=CALENDAR)):
        assert found is None or isinstance(found, (SaidDay, SaidSpan))
