"""The file of a year's days off: read whole, or refused with what is wrong."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.arrangement import ArrangementError, looks_arranged, read_arrangement
from rules.workdays import WorkCalendar

DAYS = [
    {"name": "元旦", "date": "2026-12-31", "isOffDay": True},
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    {"name": "元旦", "date": "2027-01-09", "isOffDay": False},
    {"name": "国庆节", "date": "2027-10-01", "isOffDay": True},
]


def file(days: Any = DAYS, **others: Any) -> bytes:
    return json.dumps({"year": 2027, "papers": ["https://www.gov.cn/"], "days": days, **others}).encode()


def test_a_whole_file_makes_its_year_official() -> None:
    found = read_arrangement(b"\xef\xbb\xbf" + file())
    calendar = WorkCalendar().arranged(found.workdays)
    assert found.year in calendar.official_years()
    assert calendar.is_workday(date(2027, 1, 9))
    assert not calendar.is_workday(date(2026, 12, 31))
    assert not calendar.is_provisional(date(2026, 12, 30))
    assert read_arrangement(json.dumps(found.to_json()).encode()) == found


def test_an_arrangement_left_out_is_gone_and_what_the_office_gave_stays() -> None:
    calendar = WorkCalendar({date(2025, 3, 3): False}).arranged(read_arrangement(file()).workdays).arranged({})
    assert 2027 not in calendar.official_years()
    assert not calendar.is_workday(date(2025, 3, 3))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"x" * 300_000, "too_large"),
        (b"[]", "shape"),
        (b'{"year": 2027}', "shape"),
        (file(year="2027"), "year"),
        (file(year=True), "year"),
        (file(year=1999), "year"),
        (file([]), "empty"),
        (file([*DAYS, "x"]), "day"),
        (file([*DAYS, {"date": "2027-02-01", "isOffDay": 1}]), "day"),
        (file([*DAYS, {"date": "2027-02-30", "isOffDay": True}]), "date"),
        (file([*DAYS, {"date": "2028-01-01", "isOffDay": True}]), "outside"),
        (file([*DAYS, {"date": "2026-12-24", "isOffDay": True}]), "outside"),
        (file([*DAYS, DAYS[0]]), "twice"),
        (file(DAYS[:3]), "not_whole"),
        (file([{**DAYS[1], "isOffDay": False}, DAYS[3]]), "not_whole"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(data: bytes, code: str) -> None:
    with pytest.raises(ArrangementError) as error:
        read_arrangement(data)
    assert error.value.code == code
    assert "{" not in str(error.value).replace("{name, date, isOffDay}", "")


def test_only_json_that_names_days_is_taken_for_an_arrangement() -> None:
    assert looks_arranged(file())
    assert looks_arranged(b"\xef\xbb\xbf \n" + file())
    assert not looks_arranged("关于2027年节假日安排的通知".encode())
    assert not looks_arranged(b'{"tasks": []}')


@given(st.binary(max_size=400) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(str).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(ArrangementError):
        read_arrangement(data)


@given(st.lists(st.tuples(st.dates(date(2027, 1, 2), date(2027, 9, 30)), st.booleans()), unique_by=lambda day: day[0]))
def test_every_day_of_an_arrangement_is_as_it_says(days: list[tuple[date, bool]]) -> None:
    more = [{"name": "", "date": day.isoformat(), "isOffDay": is_off} for day, is_off in days]
    calendar = WorkCalendar().arranged(read_arrangement(file([DAYS[0], DAYS[1], DAYS[3], *more])).workdays)
    assert all(calendar.is_workday(day) != is_off for day, is_off in days)
    assert not any(calendar.is_provisional(day) for day, _ in days)
