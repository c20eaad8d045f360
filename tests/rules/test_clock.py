from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.clock import Clock, SimulatedClock, StandingClock, SystemClock, local, parse_instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2025, 4, 10, 4, tzinfo=UTC)


def test_the_system_clock_starts_at_the_instant_it_is_given() -> None:
    clock = SystemClock.starting_at(NOON)
    assert timedelta(0) <= clock.now() - NOON < timedelta(minutes=1)


def test_the_system_clock_runs_on() -> None:
    clock = SystemClock(timedelta(days=-400))
    assert clock.now() <= clock.now() < datetime.now(UTC) - timedelta(days=399)


async def test_a_standing_clock_stands_through_a_wait() -> None:
    clock: Clock = StandingClock(NOON)
    await clock.sleep(3600)
    assert clock.now() == NOON


async def test_a_wait_moves_the_simulated_clock_at_once() -> None:
    clock: Clock = SimulatedClock(NOON)
    await clock.sleep(3600)
    assert clock.now() == NOON + timedelta(hours=1)


def test_the_simulated_clock_refuses_to_go_back() -> None:
    clock = SimulatedClock(NOON)
    with pytest.raises(ValueError, match="cannot go back to 2025-04-10T03:59:59"):
        clock.set(NOON - timedelta(seconds=1))
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(timedelta(seconds=-1))
    assert clock.now() == NOON


def test_the_simulated_clock_goes_back_when_allowed() -> None:
    clock = SimulatedClock(NOON)
    clock.set(NOON - timedelta(days=1), allow_back=True)
    assert clock.now() == NOON - timedelta(days=1)


def test_every_clock_shows_utc() -> None:
    wall = NOON.astimezone(SHANGHAI)
    assert {clock.now().tzinfo for clock in (SystemClock(), StandingClock(wall), SimulatedClock(wall))} == {UTC}


def test_a_clock_refuses_a_naive_instant() -> None:
    with pytest.raises(ValueError, match="no offset"):
        StandingClock(NOON.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text",
    ["2025-04-10T12:00", "2025-04-10 12:00:00", "2025-04-10T12:00+08:00", "2025-04-10T04:00Z", " 20250410T1200 "],
)
def test_an_instant_without_offset_is_in_the_offices_zone(text: str) -> None:
    assert parse_instant(text, SHANGHAI) == NOON


def test_a_date_alone_is_its_midnight() -> None:
    assert parse_instant("2025-04-10", SHANGHAI) == datetime(2025, 4, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "tomorrow", "2025-02-30", "4月10日", "0001-01-01"])
def test_what_is_no_instant_is_named_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 2025-04-10T09:00") as caught:
        parse_instant(text, SHANGHAI)
    assert repr(text) in str(caught.value)


def test_local_gives_wall_time() -> None:
    assert local(NOON, SHANGHAI).isoformat() == "2025-04-10T12:00:00+08:00"
