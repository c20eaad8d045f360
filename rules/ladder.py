"""When to remind before a due day and to escalate after it, and whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from rules.workdays import WorkCalendar

Unit = Literal["workdays", "days"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: `days` before (< 0), on (0) or after (> 0) the due day, at a local time, to persons of these roles.

    `key` is unique in its ladder and is kept with every nudge sent.
    """

    key: str
    days: int
    unit: Unit
    at: time
    to: tuple[str, ...]


DEFAULT_LADDER: Final[tuple[Rung, ...]] = (
    Rung("before-7", -7, "workdays", time(9), ("liaison",)),
    Rung("before-3", -3, "workdays", time(9), ("liaison",)),
    Rung("before-1", -1, "workdays", time(9), ("liaison",)),
    Rung("due", 0, "workdays", time(9), ("liaison",)),
    Rung("after-1", 1, "workdays", time(9), ("liaison", "head")),
    Rung("after-2", 2, "workdays", time(9), ("leader",)),
)

RETURNED_LADDER: Final[tuple[Rung, ...]] = (
    Rung("returned-before-1", -1, "workdays", time(9), ("liaison",)),
    Rung("returned-due", 0, "workdays", time(9), ("liaison",)),
    Rung("returned-after-1", 1, "workdays", time(9), ("liaison", "head")),
    Rung("returned-after-2", 2, "workdays", time(9), ("leader",)),
)


@dataclass(frozen=True, slots=True)
class Ladders:
    """The steps for what is to be reported, and for what was returned, whose due day the return sets."""

    ordinary: tuple[Rung, ...] = DEFAULT_LADDER
    returned: tuple[Rung, ...] = RETURNED_LADDER


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The local hours in which nothing is pushed: from `start`, up to but not including `end`; equal ones mean none."""

    start: time = time(20)
    end: time = time(8)

    def covers(self, at: datetime, zone: ZoneInfo) -> bool:
        """Tell whether the instant (aware) falls into them."""
        wall = at.astimezone(zone).time()
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def over_at(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return the first instant (UTC) not before `at` that they do not cover."""
        if not self.covers(at, zone):
            return at.astimezone(UTC)
        wall = at.astimezone(zone)
        day = wall.date() if wall.time() < self.end else wall.date() + timedelta(days=1)
        return datetime.combine(day, self.end, zone).astimezone(UTC)


def is_escalation(rung: Rung) -> bool:
    """Tell whether the rung comes after the due day."""
    return rung.days > 0


def stage(rung: Rung, ladder: Sequence[Rung], role: str = "liaison") -> str:
    """Tell how far a person's ladder has come with a rung: first, next, last or due; late, then later after the due day.

    Only the rungs that this role is told at count; what a person reads gets firmer with it.
    """
    own = sorted((each for each in ladder if role in each.to), key=_nearness)
    if is_escalation(rung):
        escalations = [each for each in own if is_escalation(each)]
        return "late" if escalations[:1] == [rung] else "later"
    reminders = [each for each in own if not is_escalation(each)]
    if rung.days == 0:
        return "due"
    if reminders[-1:] == [rung]:
        return "last"
    return "first" if reminders[:1] == [rung] else "next"


def position(rung: Rung, ladder: Sequence[Rung]) -> tuple[int, int]:
    """Return which reminder this is and of how many, from (1, n) to (n, n); ValueError for an escalation or a stranger."""
    reminders = sorted((each for each in ladder if not is_escalation(each)), key=_nearness)
    keys = [each.key for each in reminders]
    if rung.key not in keys:
        raise ValueError(f"{rung.key!r} is no reminder of this ladder; its reminders are {keys}")
    return keys.index(rung.key) + 1, len(keys)


def moments(
    due_on: date, ladder: Sequence[Rung], calendar: WorkCalendar, zone: ZoneInfo
) -> tuple[tuple[Rung, datetime], ...]:
    """Return every rung with its instant (UTC), earliest first.

    A reminder goes one working day earlier while the due day, or a day between it and the reminder, is provisional.
    """
    return _moments(due_on, tuple(ladder), calendar, zone)


def latest_passed(
    due_on: date, ladder: Sequence[Rung], now: datetime, calendar: WorkCalendar, zone: ZoneInfo
) -> tuple[Rung, datetime] | None:
    """Return the last rung whose instant is not after `now`, or None before the first."""
    passed = [moment for moment in moments(due_on, ladder, calendar, zone) if moment[1] <= now]
    return passed[-1] if passed else None


# a tick asks the same few due days for thousands of obligations; a WorkCalendar never changes once made
@lru_cache(maxsize=512)
def _moments(
    due_on: date, ladder: tuple[Rung, ...], calendar: WorkCalendar, zone: ZoneInfo
) -> tuple[tuple[Rung, datetime], ...]:
    timed = [(rung, datetime.combine(_day(rung, due_on, calendar), rung.at, zone).astimezone(UTC)) for rung in ladder]
    return tuple(sorted(timed, key=lambda moment: moment[1]))


def _day(rung: Rung, due_on: date, calendar: WorkCalendar) -> date:
    day = calendar.shift(due_on, rung.days) if rung.unit == "workdays" else due_on + timedelta(days=rung.days)
    if rung.days < 0 and _is_unsure(day, due_on, calendar):
        return calendar.shift(day, -1)
    return day


def _is_unsure(since: date, until: date, calendar: WorkCalendar) -> bool:
    return any(calendar.is_provisional(since + timedelta(days=n)) for n in range((until - since).days + 1))


def _nearness(rung: Rung) -> tuple[float, time]:
    return (rung.days * 7 / 5 if rung.unit == "workdays" else rung.days), rung.at
