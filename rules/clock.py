"""The single place that reads the machine's time: what instant is it, and how to wait."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tell the instant and wait; everything that depends on time is handed one of these."""

    def now(self) -> datetime:
        """Return the present instant, aware UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock's own time."""
        ...


class SystemClock:
    """Run with the machine's clock, shifted by a fixed offset."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    @classmethod
    def starting_at(cls, instant: datetime) -> Self:
        """Make a clock that shows `instant` (aware) now and runs on from there."""
        return cls(_as_utc(instant) - datetime.now(UTC))

    def now(self) -> datetime:
        """Return the machine's instant plus the offset."""
        return datetime.now(UTC) + self.offset

    async def sleep(self, seconds: float) -> None:
        """Wait in real seconds."""
        await asyncio.sleep(seconds)


class StandingClock:
    """Stand at one instant for ever; waiting only lets others run."""

    def __init__(self, instant: datetime) -> None:
        self._instant = _as_utc(instant)

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self._instant

    async def sleep(self, seconds: float) -> None:
        """Give the loop one turn."""
        await asyncio.sleep(0)


class SimulatedClock:
    """Show the instant it was last set to; a wait moves it on at once."""

    def __init__(self, instant: datetime) -> None:
        self._instant = _as_utc(instant)

    def now(self) -> datetime:
        """Return the simulated instant."""
        return self._instant

    def set(self, instant: datetime, *, allow_back: bool = False) -> None:
        """Move to `instant` (aware); ValueError if that is earlier and `allow_back` is not given."""
        instant = _as_utc(instant)
        if instant < self._instant and not allow_back:
            raise ValueError(
                f"the clock stands at {self._instant.isoformat()} and cannot go back to {instant.isoformat()}"
            )
        self._instant = instant

    def advance(self, by: timedelta) -> None:
        """Move on by `by`; ValueError if it is negative."""
        self.set(self._instant + by)

    async def sleep(self, seconds: float) -> None:
        """Advance simulated time by `seconds` at once, then give the loop one turn."""
        self.advance(timedelta(seconds=max(seconds, 0)))
        await asyncio.sleep(0)


def parse_instant(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO 8601 instant; without an offset it is wall time in `zone`, a date alone is its midnight.

    Returns aware UTC. Raises ValueError naming the text where it is no such instant.
    """
    try:
        read = datetime.fromisoformat(text.strip())
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is not an instant; write it like 2025-04-10T09:00 or 2025-04-10") from error


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """Return the same instant as wall time in `zone`; ValueError if `at` is naive."""
    return _as_utc(at).astimezone(zone)


def _as_utc(instant: datetime) -> datetime:
    # astimezone() would take a naive value for the machine's own zone, and be wrong silently
    if instant.tzinfo is None:
        raise ValueError(f"the instant {instant.isoformat()} has no offset; give an aware one")
    return instant.astimezone(UTC)
