import subprocess
import sys
from datetime import date, datetime, timedelta

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.workdays import WorkCalendar

CALENDAR = WorkCalendar()
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
MAKE_UP_DAYS_2026 = [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]
FIFTH_WORKING_DAYS = {
    2023: (9, 7, 7, 10, 9, 7, 7, 7, 7, 11, 7, 7),
    2024: (8, 6, 7, 8, 10, 7, 5, 7, 6, 12, 7, 6),
    2025: (8, 10, 7, 8, 12, 9, 7, 7, 5, 14, 7, 5),
    2026: (8, 6, 6, 8, 11, 5, 7, 7, 7, 13, 6, 7),
}


def arrangement(year: int) -> dict[date, bool]:
    """Make the shortest list that passes for a year's official arrangement."""
    return {date(year, 1, 1): False, date(year, 10, 1): False}


@pytest.mark.parametrize("year", FIFTH_WORKING_DAYS)
def test_the_fifth_working_day_of_each_month_is_the_official_one(year: int) -> None:
    assert tuple(CALENDAR.nth(year, month, 5).day for month in range(1, 13)) == FIFTH_WORKING_DAYS[year]


@pytest.mark.parametrize("year", range(2007, 2027))
def test_both_libraries_agree_with_the_calendar_on_every_day(year: int) -> None:
    other = holidays.country_holidays("CN", years=range(year - 1, year + 2))
    for n in range(365):
        day = date(year, 1, 1) + timedelta(days=n)
        assert CALENDAR.is_workday(day) == chinese_calendar.is_workday(day) == other.is_working_day(day), day


def test_make_up_days_are_the_only_weekend_days_worked() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [day for day in days if day.weekday() > 4 and CALENDAR.is_workday(day)] == MAKE_UP_DAYS_2026


def test_a_day_past_the_last_official_year_is_provisional_and_predicted() -> None:
    after = CALENDAR.official_years()[-1] + 1
    assert CALENDAR.is_provisional(date(after, 3, 3))
    assert not CALENDAR.is_workday(date(after, 10, 1))


def test_the_last_days_of_the_last_official_year_are_provisional() -> None:
    last = CALENDAR.official_years()[-1]
    assert [day for day in range(25, 32) if CALENDAR.is_provisional(date(last, 12, day))] == [29, 30, 31]


def test_no_day_of_an_earlier_year_is_provisional() -> None:
    assert not any(CALENDAR.is_provisional(date(2025, 12, day)) for day in range(1, 32))


def test_years_before_the_official_ones_are_monday_to_friday() -> None:
    days = [date(2003, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [CALENDAR.is_workday(day) for day in days] == [day.weekday() < 5 for day in days]
    assert not CALENDAR.is_provisional(date(2003, 10, 1))


def test_an_override_wins_over_the_official_arrangement() -> None:
    calendar = WorkCalendar({date(2025, 3, 3): False, date(2025, 3, 8): True})
    assert not calendar.is_workday(date(2025, 3, 3))
    assert calendar.is_workday(date(2025, 3, 8))
    assert calendar.is_workday(date(2025, 3, 4))


def test_a_single_override_leaves_the_rest_of_its_year_provisional() -> None:
    calendar = WorkCalendar({date(2027, 3, 3): False})
    assert not calendar.is_provisional(date(2027, 3, 3))
    assert calendar.is_provisional(date(2027, 3, 4))


def test_an_arranged_year_is_official_and_holds_no_prediction() -> None:
    year = CALENDAR.official_years()[-1] + 1
    calendar = WorkCalendar(arrangement(year))
    predicted_off = [
        day
        for n in range(365)
        if not CALENDAR.is_workday(day := date(year, 1, 1) + timedelta(days=n)) and day.weekday() < 5
    ]
    assert year in calendar.official_years()
    assert [day for day in predicted_off if not calendar.is_workday(day)] == [
        day for day in predicted_off if day in arrangement(year)
    ]
    assert not calendar.is_provisional(date(year, 6, 1))


def test_an_arranged_year_settles_the_days_before_it() -> None:
    last = CALENDAR.official_years()[-1]
    calendar = WorkCalendar(arrangement(last + 1) | {date(last, 12, 31): False})
    assert not calendar.is_provisional(date(last, 12, 29))
    assert not calendar.is_workday(date(last, 12, 31))


def test_later_changes_to_the_overrides_given_do_not_reach_the_calendar() -> None:
    given_overrides = {date(2025, 3, 3): False}
    calendar = WorkCalendar(given_overrides)
    given_overrides.clear()
    assert not calendar.is_workday(date(2025, 3, 3))


def test_a_datetime_counts_as_its_day() -> None:
    assert CALENDAR.is_workday(datetime(2026, 1, 4, 9))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "workdays", "expected"),
    [
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 10, 9), -1, date(2025, 9, 30)),
        (date(2025, 10, 10), 1, date(2025, 10, 11)),
        (date(2025, 10, 3), 0, date(2025, 10, 3)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
    ],
)
def test_a_shift_steps_over_days_off(day: date, workdays: int, expected: date) -> None:
    assert CALENDAR.shift(day, workdays) == expected


@given(DAYS, st.integers(-40, 40).filter(bool))
def test_a_shift_lands_on_the_nth_working_day(day: date, workdays: int) -> None:
    landed = CALENDAR.shift(day, workdays)
    low, high = sorted((day, landed))
    between = [low + timedelta(days=n) for n in range((high - low).days + 1)]
    assert CALENDAR.is_workday(landed)
    assert sum(CALENDAR.is_workday(each) for each in between if each != day) == abs(workdays)


@given(DAYS)
def test_a_working_day_is_found_again_by_its_number(day: date) -> None:
    worked = [number for number in range(1, day.day + 1) if CALENDAR.is_workday(day.replace(day=number))]
    if CALENDAR.is_workday(day):
        assert CALENDAR.nth(day.year, day.month, len(worked)) == day


def test_minus_one_is_the_months_last_working_day() -> None:
    assert CALENDAR.nth(2025, 8, -1) == date(2025, 8, 29)
    assert CALENDAR.nth(2025, 9, -1) == date(2025, 9, 30)


@pytest.mark.parametrize("n", [0, 24, -24])
def test_a_working_day_the_month_has_not_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="2025-09 has 23 working days"):
        CALENDAR.nth(2025, 9, n)


def test_importing_the_rules_loads_no_holiday_library() -> None:
    code = "import sys, rules.policy; sys.exit(bool({'holidays', 'chinese_calendar', 'telegram', 'sqlalchemy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
