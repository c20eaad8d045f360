"""Which reporting periods a notice's rules give, when each is due, and how long since."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from zoneinfo import ZoneInfo

    from rules.workdays import WorkCalendar

Cadence = Literal["biweekly", "monthly", "quarterly", "semiannual", "annual"]

_MONTHS: Final[dict[str, int]] = {"monthly": 1, "quarterly": 3, "semiannual": 6, "annual": 12}
_FORTNIGHT: Final = timedelta(days=14)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueRule:
    """How due dates follow from the calendar (formats/notice.schema.json, rules.due_rule).

    `month_offset` counts from the period's last month; `day` and `working_day` count in that month, -1 being its last;
    `weekday` is ISO (1 Monday) and only for biweekly. A rule that names none of them means the month's last day.
    """

    month_offset: int = 0
    day: int | None = None
    working_day: int | None = None
    weekday: int | None = None

    def __post_init__(self) -> None:
        for key, value, greatest in (("day", self.day, 31), ("working_day", self.working_day, 31)):
            if value is not None and (value == 0 or abs(value) > greatest):
                raise ValueError(f"due rule: {key} is {value}; give 1 to {greatest}, or -1 for the month's last")
        if self.weekday is not None and self.weekday not in range(1, 8):
            raise ValueError(f"due rule: weekday is {self.weekday}; give 1 (Monday) to 7 (Sunday)")


@dataclass(frozen=True, slots=True)
class Period:
    """One reporting period, both ends included; `provisional` where an official notice may still move its due date."""

    label: str
    begins_on: date
    ends_on: date
    due_on: date
    provisional: bool = False


def plan_periods(
    *,
    cadence: Cadence | None,
    due_dates: Sequence[date],
    due_rule: DueRule | None,
    issued_on: date | None,
    starts_on: date | None,
    plan_year: int,
    calendar: WorkCalendar,
) -> tuple[Period, ...]:
    """Work out the periods, earliest first, labels unique.

    Printed dates give one period each. A rule gives the periods from the one that holds `starts_on` (else `issued_on`,
    else the year's first) to the plan year's last; a cadence without any rule is due on each period's last day.
    Neither dates nor cadence: none. A day beyond the month's end, or a working day it does not have, is cut to its last.
    """
    if cadence is not None and cadence not in get_args(Cadence):
        raise ValueError(f"cadence is {cadence!r}; give one of {', '.join(get_args(Cadence))}")
    first = starts_on or issued_on or date(plan_year, 1, 1)
    if due_dates:
        return _printed(cadence, sorted(set(due_dates)), plan_year, starts_on)
    if cadence is None:
        return ()
    rule = due_rule or DueRule()
    if cadence == "biweekly":
        return tuple(_fortnights(rule, max(first, date(plan_year, 1, 1)), plan_year))
    return tuple(_ruled(_MONTHS[cadence], rule, first, plan_year, calendar))


def due_at(due_on: date, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of the local midnight that ends the due day: the day belongs to the reporter."""
    return datetime.combine(due_on + _ONE_DAY, time.min, zone).astimezone(UTC)


def due_on(due_at: datetime, zone: ZoneInfo) -> date:
    """Return the local day that the due instant ends or lies in; the inverse of `due_at`."""
    return (due_at - timedelta(microseconds=1)).astimezone(zone).date()


def days_overdue(due_at: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Count the calendar days since the due day: 1 from the due instant on, 0 before it."""
    if now < due_at:
        return 0
    return (now.astimezone(zone).date() - due_on(due_at, zone)).days


def _ruled(width: int, rule: DueRule, first: date, plan_year: int, calendar: WorkCalendar) -> Iterator[Period]:
    for index in range(12 // width):
        label, begins_on, ends_on = _window(plan_year * (12 // width) + index, width)
        if ends_on >= first:
            due, provisional = _due(rule, ends_on, calendar)
            yield Period(label, begins_on, ends_on, due, provisional)


def _due(rule: DueRule, ends_on: date, calendar: WorkCalendar) -> tuple[date, bool]:
    year, month = _add_months(ends_on.year, ends_on.month, rule.month_offset)
    last = months.monthrange(year, month)[1]
    if rule.working_day is None:
        wanted = -1 if rule.day is None else rule.day
        return date(year, month, min(max(wanted if wanted > 0 else last + 1 + wanted, 1), last)), False
    try:
        due = calendar.nth(year, month, rule.working_day)
    except ValueError:
        due = calendar.nth(year, month, -1 if rule.working_day > 0 else 1)
    # counted from one end of the month, so any unsure day up to there can move it
    counted = range(1, due.day + 1) if rule.working_day > 0 else range(due.day, last + 1)
    return due, any(calendar.is_provisional(date(year, month, day)) for day in counted)


def _fortnights(rule: DueRule, first: date, plan_year: int) -> Iterator[Period]:
    """Yield two ISO weeks each from the week that holds `first`, labelled by the second, in which the report is due."""
    begins_on = first - timedelta(days=first.weekday())
    while (due := begins_on + timedelta(days=6 + (rule.weekday or 7))).year <= plan_year:
        yield Period(_week(due), begins_on, begins_on + _FORTNIGHT - _ONE_DAY, due)
        begins_on += _FORTNIGHT


def _printed(
    cadence: Cadence | None, dates: Sequence[date], plan_year: int, starts_on: date | None
) -> tuple[Period, ...]:
    width = _MONTHS.get(cadence or "")
    indices = _assign(width, dates, plan_year) if width else None
    if width and indices:
        return tuple(Period(*_window(index, width), due) for index, due in zip(indices, dates, strict=True))
    return tuple(_between(cadence, dates, plan_year, starts_on))


def _assign(width: int, dates: Sequence[date], plan_year: int) -> tuple[int, ...] | None:
    """Choose for each date the period that holds it or the one before, all different; None where that cannot be.

    10 April reports on the first quarter, and so does 31 March: the nearer end wins, unless that leaves the plan year.
    """
    best: dict[int, tuple[int, tuple[int, ...]]] = {-1: (0, ())}
    for due in dates:
        holding = (due.year * 12 + due.month - 1) // width
        reached: dict[int, tuple[int, tuple[int, ...]]] = {}
        for index in (holding, holding - 1):
            step = _cost(index, width, due, plan_year)
            ways = [(cost + step, (*path, index)) for last, (cost, path) in best.items() if last < index]
            if ways:
                reached[index] = min(ways)
        best = reached
    return min(best.values())[1] if best else None


def _cost(index: int, width: int, due: date, plan_year: int) -> int:
    _, begins_on, ends_on = _window(index, width)
    other_end = begins_on - _ONE_DAY if due <= ends_on else _window(index + 1, width)[2]
    is_farther = abs((due - ends_on).days) > abs((due - other_end).days)
    return is_farther + 100 * (begins_on.year != plan_year)


def _between(
    cadence: Cadence | None, dates: Sequence[date], plan_year: int, starts_on: date | None
) -> Iterator[Period]:
    """Yield a period from each printed date to the next, where the dates fit no calendar period."""
    labels = [_week(due) if cadence == "biweekly" else f"{due:%Y-%m}" for due in dates]
    if len(set(labels)) < len(labels):
        labels = [due.isoformat() for due in dates]
    begins_on = dates[0] - _FORTNIGHT + _ONE_DAY if cadence == "biweekly" else starts_on or date(plan_year, 1, 1)
    begins_on = min(begins_on, dates[0])
    for label, due in zip(labels, dates, strict=True):
        yield Period(label, begins_on, due, due)
        begins_on = due + _ONE_DAY


def _window(index: int, width: int) -> tuple[str, date, date]:
    """Return label, first and last day of the index-th period of `width` months since year 0."""
    year, part = divmod(index, 12 // width)
    begins_on = date(year, part * width + 1, 1)
    month = (part + 1) * width
    ends_on = date(year, month, months.monthrange(year, month)[1])
    mark = {1: f"-{month:02d}", 3: f"-Q{part + 1}", 6: f"-H{part + 1}", 12: ""}[width]
    return f"{year}{mark}", begins_on, ends_on


def _add_months(year: int, month: int, by: int) -> tuple[int, int]:
    years, index = divmod(year * 12 + month - 1 + by, 12)
    return years, index + 1


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
