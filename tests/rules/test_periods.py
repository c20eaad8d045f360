import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.periods import Cadence, DueRule, Period, days_overdue, due_at, due_on, plan_periods
from rules.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
ZONES = st.sampled_from(
    [SHANGHAI, ZoneInfo("UTC"), ZoneInfo("America/Sao_Paulo"), ZoneInfo("Asia/Beirut"), ZoneInfo("Europe/Berlin")]
)


def plan(
    cadence: Cadence | None, *printed: str, rule: DueRule | None = None, year: int = 2025, **changes: Any
) -> tuple[Period, ...]:
    given_values = {"issued_on": None, "starts_on": None, "calendar": CALENDAR, "plan_year": year}
    return plan_periods(
        cadence=cadence,
        due_dates=[date.fromisoformat(day) for day in printed],
        due_rule=rule,
        **(given_values | changes),
    )


def labels(periods: tuple[Period, ...]) -> list[str]:
    return [period.label for period in periods]


def dues(periods: tuple[Period, ...]) -> list[str]:
    return [period.due_on.isoformat() for period in periods]


def test_four_printed_dates_are_the_four_quarters() -> None:
    printed = ("2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10")
    periods = plan("quarterly", *printed, issued_on=date(2025, 3, 20))
    assert labels(periods) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert dues(periods) == list(printed)
    assert (periods[3].begins_on, periods[3].ends_on) == (date(2025, 10, 1), date(2025, 12, 31))
    assert not any(period.provisional for period in periods)


QUARTERS = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]


@pytest.mark.parametrize(
    ("cadence", "printed", "expected"),
    [
        ("quarterly", ("2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"), QUARTERS),
        ("quarterly", ("2025-03-20", "2025-06-20", "2025-09-20", "2025-12-20"), QUARTERS),
        ("quarterly", ("2025-02-10", "2025-05-10", "2025-08-10", "2025-11-10"), QUARTERS),
        ("quarterly", ("2025-04-10", "2025-07-10", "2025-10-10", "2025-12-25"), QUARTERS),
        ("quarterly", ("2025-07-10", "2025-10-10"), ["2025-Q2", "2025-Q3"]),
        ("monthly", ("2025-03-25", "2025-04-25"), ["2025-03", "2025-04"]),
        ("monthly", ("2025-04-05", "2025-05-08", "2026-01-05"), ["2025-03", "2025-04", "2025-12"]),
        ("semiannual", ("2025-07-10", "2026-01-10"), ["2025-H1", "2025-H2"]),
        ("semiannual", ("2025-07-05", "2025-12-20"), ["2025-H1", "2025-H2"]),
        ("semiannual", ("2025-06-30", "2025-12-31"), ["2025-H1", "2025-H2"]),
        ("annual", ("2025-12-10",), ["2025"]),
        ("annual", ("2026-01-10",), ["2025"]),
    ],
)
def test_a_printed_date_reports_on_the_period_whose_end_is_near(
    cadence: Cadence, printed: tuple[str, ...], expected: list[str]
) -> None:
    periods = plan(cadence, *printed)
    assert labels(periods) == expected
    assert dues(periods) == list(printed)


@pytest.mark.parametrize(
    ("cadence", "printed", "expected"),
    [
        (None, ("2025-06-30", "2025-11-30"), ["2025-06", "2025-11"]),
        (None, ("2025-06-10", "2025-06-30"), ["2025-06-10", "2025-06-30"]),
        ("annual", ("2025-05-01", "2025-06-01", "2025-11-01"), ["2025-05", "2025-06", "2025-11"]),
        ("biweekly", ("2025-03-07", "2025-03-21"), ["2025-W10", "2025-W12"]),
        ("biweekly", ("2025-03-03", "2025-03-07"), ["2025-03-03", "2025-03-07"]),
    ],
)
def test_printed_dates_that_fit_no_cadence_get_a_period_each(
    cadence: Cadence | None, printed: tuple[str, ...], expected: list[str]
) -> None:
    periods = plan(cadence, *printed)
    assert labels(periods) == expected
    assert dues(periods) == list(printed)
    assert [period.ends_on for period in periods[:-1]] == [
        period.begins_on - timedelta(days=1) for period in periods[1:]
    ]


def test_printed_dates_are_put_in_order_and_taken_once() -> None:
    assert dues(plan("quarterly", "2025-07-10", "2025-04-10", "2025-07-10")) == ["2025-04-10", "2025-07-10"]


def test_a_monthly_rule_starts_with_the_month_of_issue() -> None:
    periods = plan("monthly", rule=DueRule(1, working_day=5), issued_on=date(2025, 2, 11))
    assert labels(periods) == [f"2025-{month:02d}" for month in range(2, 13)]
    assert dues(periods)[:2] == ["2025-03-07", "2025-04-08"]
    assert dues(periods)[-1] == "2026-01-08"


def test_september_2025_is_due_after_the_national_day_week() -> None:
    (september,) = [period for period in plan("monthly", rule=DueRule(1, working_day=5)) if period.label == "2025-09"]
    assert september.due_on == date(2025, 10, 14)


def test_a_start_clause_goes_before_the_date_of_issue() -> None:
    periods = plan("monthly", rule=DueRule(0, day=25), issued_on=date(2025, 1, 8), starts_on=date(2025, 3, 1))
    assert labels(periods)[0] == "2025-03"


def test_a_notice_issued_before_its_year_covers_all_of_it() -> None:
    assert len(plan("monthly", rule=DueRule(0, day=25), issued_on=date(2024, 12, 20))) == 12


def test_a_notice_issued_after_its_year_has_no_periods_by_rule() -> None:
    assert plan("quarterly", rule=DueRule(1, day=10), issued_on=date(2026, 1, 4)) == ()


@pytest.mark.parametrize(
    ("cadence", "rule", "first", "last"),
    [
        ("quarterly", DueRule(1, day=10), ("2025-Q1", "2025-04-10"), ("2025-Q4", "2026-01-10")),
        ("quarterly", DueRule(0, day=-1), ("2025-Q1", "2025-03-31"), ("2025-Q4", "2025-12-31")),
        ("quarterly", DueRule(0, day=20), ("2025-Q1", "2025-03-20"), ("2025-Q4", "2025-12-20")),
        ("monthly", DueRule(0, working_day=-1), ("2025-01", "2025-01-27"), ("2025-12", "2025-12-31")),
        ("semiannual", DueRule(1, day=5), ("2025-H1", "2025-07-05"), ("2025-H2", "2026-01-05")),
        ("annual", DueRule(0, day=20), ("2025", "2025-12-20"), ("2025", "2025-12-20")),
        ("annual", DueRule(13, day=31), ("2025", "2027-01-31"), ("2025", "2027-01-31")),
        ("quarterly", None, ("2025-Q1", "2025-03-31"), ("2025-Q4", "2025-12-31")),
    ],
)
def test_a_rule_gives_due_dates_from_the_calendar(
    cadence: Cadence, rule: DueRule | None, first: tuple[str, str], last: tuple[str, str]
) -> None:
    periods = plan(cadence, rule=rule)
    assert (periods[0].label, periods[0].due_on.isoformat()) == first
    assert (periods[-1].label, periods[-1].due_on.isoformat()) == last


@pytest.mark.parametrize(("year", "expected"), [(2024, "2024-02-29"), (2025, "2025-02-28"), (2100, "2100-02-28")])
@pytest.mark.parametrize("day", [29, 30, 31, -1])
def test_a_day_february_has_not_is_cut_to_its_last(year: int, expected: str, day: int) -> None:
    if (year, day) != (2024, 29):
        assert dues(plan("monthly", rule=DueRule(0, day=day), year=year))[1] == expected


def test_a_working_day_the_month_has_not_is_cut_to_its_last() -> None:
    assert dues(plan("monthly", rule=DueRule(0, working_day=23)))[1] == "2025-02-28"


def test_a_fortnight_is_labelled_by_the_week_it_is_due_in() -> None:
    periods = plan("biweekly", rule=DueRule(0, weekday=5), issued_on=date(2025, 2, 26))
    assert periods[0] == Period("2025-W10", date(2025, 2, 24), date(2025, 3, 9), date(2025, 3, 7))
    assert periods[-1].due_on.year == 2025
    assert {(two.due_on - one.due_on).days for one, two in itertools.pairwise(periods)} == {14}


def test_fortnights_of_a_notice_issued_before_its_year_begin_in_its_first_week() -> None:
    assert plan("biweekly", rule=DueRule(0, weekday=1), issued_on=date(2024, 6, 1))[0].due_on == date(2025, 1, 6)


def test_neither_dates_nor_cadence_give_no_periods() -> None:
    assert plan(None, rule=DueRule(1, day=10)) == ()


def test_a_due_date_counted_over_unsure_days_is_provisional() -> None:
    periods = plan("monthly", rule=DueRule(1, working_day=5), year=2026)
    assert [period.label for period in periods if period.provisional] == ["2026-12"]


def test_a_printed_day_is_never_provisional() -> None:
    assert not any(period.provisional for period in plan("monthly", rule=DueRule(1, day=5), year=2027))


def test_an_unknown_cadence_is_refused() -> None:
    with pytest.raises(ValueError, match="cadence is 'weekly'"):
        plan("weekly")  # type: ignore[arg-type]


@pytest.mark.parametrize("rule", [{"day": 0}, {"day": 32}, {"working_day": 0}, {"weekday": 0}, {"weekday": 8}])
def test_a_rule_that_cannot_be_is_refused(rule: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="due rule"):
        DueRule(0, **rule)


RULES = st.builds(
    DueRule,
    month_offset=st.integers(0, 2),
    day=st.none() | st.sampled_from([*range(1, 32), -1]),
    working_day=st.none() | st.sampled_from([*range(1, 25), -1]),
    weekday=st.none() | st.integers(1, 7),
)
CADENCES = st.sampled_from(["biweekly", "monthly", "quarterly", "semiannual", "annual"])


@given(CADENCES, RULES, st.integers(2023, 2028), st.none() | st.dates(date(2023, 1, 1), date(2028, 12, 31)))
def test_ruled_periods_follow_each_other_to_the_years_end(
    cadence: Cadence, rule: DueRule, year: int, issued_on: date | None
) -> None:
    periods = plan(cadence, rule=rule, year=year, issued_on=issued_on)
    assert len(set(labels(periods))) == len(periods)
    assert all(one.ends_on + timedelta(days=1) == two.begins_on for one, two in itertools.pairwise(periods))
    assert all(one.due_on < two.due_on for one, two in itertools.pairwise(periods))
    if periods and cadence != "biweekly":
        assert periods[-1].ends_on == date(year, 12, 31)
        assert issued_on is None or issued_on.year != year or periods[0].begins_on <= issued_on <= periods[0].ends_on


@given(
    st.none() | CADENCES, st.lists(st.dates(date(2024, 1, 1), date(2026, 12, 31)), min_size=1, max_size=30, unique=True)
)
def test_every_printed_date_gives_exactly_one_period(cadence: Cadence | None, printed: list[date]) -> None:
    periods = plan(cadence, *(day.isoformat() for day in printed))
    assert [period.due_on for period in periods] == sorted(printed)
    assert len(set(labels(periods))) == len(printed)
    assert all(period.begins_on <= period.ends_on for period in periods)


def test_the_due_day_ends_at_the_local_midnight_after_it() -> None:
    assert due_at(date(2025, 4, 10), SHANGHAI) == datetime(2025, 4, 10, 16, tzinfo=UTC)


@given(st.dates(date(2000, 1, 1), date(2035, 1, 1)), ZONES)
def test_the_due_day_is_found_again_from_its_instant(day: date, zone: ZoneInfo) -> None:
    assert due_on(due_at(day, zone), zone) == day


def test_an_instant_within_a_day_is_due_on_that_day() -> None:
    assert due_on(datetime(2025, 4, 10, 9, tzinfo=SHANGHAI), SHANGHAI) == date(2025, 4, 10)


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2025-04-10T23:59:59.999999", 0),
        ("2025-04-11T00:00:00", 1),
        ("2025-04-11T23:59:59", 1),
        ("2025-04-12T00:00:00", 2),
        ("2025-01-01T00:00:00", 0),
    ],
)
def test_days_overdue_are_calendar_days_since_the_due_day(now: str, days: int) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    assert days_overdue(due_at(date(2025, 4, 10), SHANGHAI), instant, SHANGHAI) == days


@given(st.dates(date(2000, 1, 1), date(2035, 1, 1)), st.integers(-5000, 5000), ZONES)
def test_overdue_begins_with_the_due_instant(day: date, minutes: int, zone: ZoneInfo) -> None:
    due = due_at(day, zone)
    now = due + timedelta(minutes=minutes)
    assert (days_overdue(due, now, zone) > 0) == (now >= due)
