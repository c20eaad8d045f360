from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.ladder import DEFAULT_LADDER, QuietHours, Rung, is_escalation, latest_passed, moments, position, stage
from rules.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
DUE_ON = date(2025, 10, 10)  # a Friday; the National Day week before it, a make-up Saturday after it
NEW_YEAR = {date(2027, 1, 1): False, date(2027, 10, 1): False}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def wall(due_on: date, ladder: tuple[Rung, ...] = DEFAULT_LADDER, calendar: WorkCalendar = CALENDAR) -> list[str]:
    return [
        f"{rung.key} {when.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        for rung, when in moments(due_on, ladder, calendar, SHANGHAI)
    ]


def test_the_default_ladder_counts_working_days() -> None:
    assert wall(DUE_ON) == [
        "before-7 2025-09-24 09:00",
        "before-3 2025-09-29 09:00",
        "before-1 2025-10-09 09:00",
        "due 2025-10-10 09:00",
        "after-1 2025-10-11 09:00",
        "after-2 2025-10-13 09:00",
    ]


def test_a_due_day_off_keeps_its_reminder_and_escalates_on_the_next_working_day() -> None:
    assert wall(date(2025, 10, 4))[3:] == [
        "due 2025-10-04 09:00",
        "after-1 2025-10-09 09:00",
        "after-2 2025-10-10 09:00",
    ]


def test_calendar_days_are_counted_where_the_rung_says_so() -> None:
    ladder = (Rung("week", -7, "days", time(8, 30), ("liaison",)), Rung("late", 3, "days", time(10), ("head",)))
    assert wall(DUE_ON, ladder) == ["week 2025-10-03 08:30", "late 2025-10-13 10:00"]


def test_moments_are_utc_and_sorted_whatever_the_ladders_order() -> None:
    found = moments(DUE_ON, DEFAULT_LADDER[::-1], CALENDAR, SHANGHAI)
    assert [rung for rung, _ in found] == list(DEFAULT_LADDER)
    assert {when.tzinfo for _, when in found} == {UTC}


def test_reminders_go_a_working_day_earlier_while_the_due_day_is_provisional() -> None:
    sure = wall(date(2027, 3, 10), calendar=WorkCalendar(NEW_YEAR))
    unsure = wall(date(2027, 3, 10))
    assert sure[:4] == [
        "before-7 2027-03-01 09:00",
        "before-3 2027-03-05 09:00",
        "before-1 2027-03-09 09:00",
        "due 2027-03-10 09:00",
    ]
    assert unsure[:4] == [
        "before-7 2027-02-26 09:00",
        "before-3 2027-03-04 09:00",
        "before-1 2027-03-08 09:00",
        "due 2027-03-10 09:00",
    ]
    assert unsure[4:] == sure[4:]


def test_a_provisional_day_in_between_is_enough() -> None:
    calendar = WorkCalendar({date(2027, 1, 4): True})
    assert not calendar.is_provisional(date(2027, 1, 4))
    assert "before-1 2026-12-30 09:00" in wall(date(2027, 1, 4), calendar=calendar)


def test_a_reminder_wholly_before_the_unsure_days_stays() -> None:
    assert wall(date(2026, 12, 28))[2] == "before-1 2026-12-25 09:00"


@pytest.mark.parametrize(
    ("now", "key"),
    [
        ("2025-09-24 08:59", None),
        ("2025-09-24 09:00", "before-7"),
        ("2025-10-08 12:00", "before-3"),
        ("2025-10-11 08:59", "due"),
        ("2026-05-01 00:00", "after-2"),
    ],
)
def test_only_the_latest_rung_passed_counts(now: str, key: str | None) -> None:
    found = latest_passed(DUE_ON, DEFAULT_LADDER, at(now), CALENDAR, SHANGHAI)
    assert (found and found[0].key) == key


def test_an_empty_ladder_has_no_moments() -> None:
    assert latest_passed(DUE_ON, (), at("2030-01-01 00:00"), CALENDAR, SHANGHAI) is None


def test_reminders_are_numbered_among_reminders() -> None:
    assert [position(rung, DEFAULT_LADDER) for rung in DEFAULT_LADDER[:4]] == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_persons_ladder_gets_firmer_step_by_step() -> None:
    ladder = (*DEFAULT_LADDER, Rung("after-5", 5, "workdays", time(9), ("liaison",)))
    own = [rung for rung in ladder if "liaison" in rung.to]
    assert [stage(rung, ladder) for rung in own] == ["first", "next", "next", "due", "late", "later"]
    assert stage(DEFAULT_LADDER[2], DEFAULT_LADDER[:3]) == "last"
    assert stage(DEFAULT_LADDER[5], DEFAULT_LADDER, "leader") == "late"
    alone = Rung("one", -2, "workdays", time(9), ("liaison",))
    assert stage(alone, (alone,)) == "last"


def test_an_escalation_has_no_number() -> None:
    with pytest.raises(ValueError, match="after-1"):
        position(DEFAULT_LADDER[4], DEFAULT_LADDER)


def test_rungs_after_the_due_day_are_escalations() -> None:
    assert [rung.key for rung in DEFAULT_LADDER if is_escalation(rung)] == ["after-1", "after-2"]


@given(st.dates(date(2005, 1, 1), date(2029, 12, 1)))
def test_reminders_come_before_and_escalations_after_the_end_of_the_due_day(due_on: date) -> None:
    ends = datetime.combine(due_on + timedelta(days=1), time(), SHANGHAI)
    found = moments(due_on, DEFAULT_LADDER, CALENDAR, SHANGHAI)
    assert [rung.key for rung, _ in found] == [rung.key for rung in DEFAULT_LADDER]
    assert all((when >= ends) == is_escalation(rung) for rung, when in found)
    assert all(CALENDAR.is_workday(when.astimezone(SHANGHAI).date()) for rung, when in found if rung.days)


@given(st.dates(date(2005, 1, 1), date(2028, 12, 1)), st.integers(-400, 400))
def test_the_rung_passed_never_goes_back_as_time_goes_on(due_on: date, hours: int) -> None:
    now = datetime.combine(due_on, time(9), SHANGHAI) + timedelta(hours=hours)
    one = latest_passed(due_on, DEFAULT_LADDER, now, CALENDAR, SHANGHAI)
    two = latest_passed(due_on, DEFAULT_LADDER, now + timedelta(hours=7), CALENDAR, SHANGHAI)
    assert one is None or (two is not None and one[1] <= two[1] and one[1] <= now)


@pytest.mark.parametrize(
    ("wall_time", "quiet"),
    [
        ("19:59", False),
        ("20:00", True),
        ("23:59", True),
        ("00:00", True),
        ("07:59", True),
        ("08:00", False),
        ("12:00", False),
    ],
)
def test_quiet_hours_cross_midnight(wall_time: str, quiet: bool) -> None:
    assert QuietHours(time(20), time(8)).covers(at(f"2025-04-10 {wall_time}"), SHANGHAI) is quiet


def test_quiet_hours_within_one_day_and_none_at_all() -> None:
    assert QuietHours(time(12), time(14)).covers(at("2025-04-10 13:00"), SHANGHAI)
    assert not QuietHours(time(12), time(14)).covers(at("2025-04-10 14:00"), SHANGHAI)
    assert not QuietHours(time(8), time(8)).covers(at("2025-04-10 08:00"), SHANGHAI)


def test_quiet_hours_are_the_offices_whatever_zone_the_instant_comes_in() -> None:
    assert QuietHours().covers(datetime(2025, 4, 10, 13, tzinfo=UTC), SHANGHAI)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)), st.times(), st.times())  # noqa: DTZ001
def test_quiet_hours_are_over_at_the_first_instant_not_covered(when: datetime, start: time, end: time) -> None:
    quiet = QuietHours(start, end)
    instant = when.replace(tzinfo=SHANGHAI)
    over = quiet.over_at(instant, SHANGHAI)
    assert instant <= over < instant + timedelta(days=1)
    assert not quiet.covers(over, SHANGHAI)
    assert over == instant or quiet.covers(over - timedelta(microseconds=1), SHANGHAI)
