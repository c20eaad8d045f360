"""Which days are worked on, as the office knows it now: the official arrangement is handed in, and due dates follow it."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from office.apart import for_each
from office.auditing import record
from office.notice.assigning import let_wait, today
from office.notice.differences import reporting_lists
from office.notice.revising import decide, write_revision
from office.notice.units import Register
from office.notice.wanted import as_it_stands
from office.reports.drafting import shown_task
from office.saying import Kind, Recipient, say
from office.work import Work
from rules.arrangement import Arrangement, arrangement_from
from rules.periods import DueRule, Period, due_at, due_on, plan_periods
from rules.policy import Policy
from rules.workdays import WorkCalendar
from storage import calendars, ledger, outbox, people, requests, standing
from storage.ledger import Due
from storage.people import Holder
from storage.standing import Standing, StandingPeriod
from storage.states import OWED, Reach, Role
from storage.store import Transaction

KNOWN_VERSIONS = 4  # calendars kept in memory: the one in force, and those still in use by older work


def policy_in_force(tx: Transaction, policy: Policy, *, known: MutableMapping[str, Policy]) -> Policy:
    """Give the policy with the arrangements handed in so far; `known` holds those of earlier calls by their version."""
    version = calendars.version(tx)
    if version is None:
        return policy
    if version not in known:
        while len(known) >= KNOWN_VERSIONS:
            known.pop(next(iter(known)), None)
        known[version] = replace(policy, calendar=policy.calendar.arranged(_days(calendars.contents(tx).values())))
    return known[version]


@dataclass(frozen=True, slots=True)
class ChangedDay:
    """A day that is worked on, or not, other than was known until now."""

    date: date
    name: str
    is_workday: bool


@dataclass(frozen=True, slots=True)
class MovedPeriod:
    """A period whose due day follows another calendar, and how many reports owed move with it."""

    notice_id: int
    label: str
    old_due_at: datetime
    due_at: datetime
    obligations: int


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What an arrangement would change: days, and the due dates that follow from them."""

    arrangement: Arrangement
    is_known: bool  # the very same arrangement is in force
    days: tuple[ChangedDay, ...]
    periods: tuple[MovedPeriod, ...]


def foresee(work: Work, arrangement: Arrangement) -> Foreseen:
    """Tell what an arrangement would change, and change nothing."""
    new = _calendar_with(work, arrangement)
    return Foreseen(
        arrangement,
        is_known=calendars.contents(work.tx).get(arrangement.year) == arrangement.to_json(),
        days=_changed_days(work.policy.calendar, new, arrangement),
        periods=tuple(moved for recount in _recounts(work, new) for moved in recount.moved),
    )


def import_arrangement(work: Work, arrangement: Arrangement, *, person_id: int | None = None) -> Foreseen:
    """Put an arrangement in force, move the due dates that follow from it and tell their liaisons, once."""
    foreseen = foresee(work, arrangement)
    if foreseen.is_known:
        return foreseen
    new = _calendar_with(work, arrangement)
    calendars.keep(work.tx, arrangement.to_json(), person_id=person_id, at=work.at)
    days = [[day.date.isoformat(), day.is_workday] for day in foreseen.days]
    record(work, "import_calendar", f"year:{arrangement.year}", person_id, days=days)
    recount_periods(work, new)
    return foreseen


def recount_periods(work: Work, calendar: WorkCalendar | None = None) -> int:
    """Move the due dates that a calendar gives otherwise, by default the one in force; gives how many reports moved.

    A period follows while it is provisional, or stands as the calendar in force gave it. Nothing that was due
    later is moved before the end of the next working day, so that whoever owes it hears of it in time.
    """
    unsure = None if calendar is not None else calendars.provisional_notices(work.tx, due_after=work.at)

    def move(recount: Recount) -> dict[int, datetime]:
        return _write(work, recount)

    recounts = _recounts(work, calendar or work.policy.calendar, only=unsure)
    done = for_each(work, "recount_periods", recounts, move, named=lambda recount: f"notice:{recount.notice_id}")
    moved = {number: due_at for each in done for number, due_at in each.items()}
    _announce(work, moved)
    return len(moved)


@dataclass(frozen=True, slots=True)
class Recount:
    """What changes of one notice's periods."""

    notice_id: int
    stands: Standing
    periods: dict[str, StandingPeriod]
    moved: tuple[MovedPeriod, ...]


def _recounts(work: Work, calendar: WorkCalendar, *, only: Sequence[int] | None = None) -> list[Recount]:
    found = []
    for notice_id in only if only is not None else [notice.id for notice in standing.notices(work.tx)]:
        stands = standing.load(work.tx, notice_id)
        changed = _changed_periods(work, stands, calendar)
        if changed:
            found.append(Recount(notice_id, stands, changed, _moved(notice_id, stands, changed)))
    return found


def _moved(notice_id: int, stands: Standing, changed: Mapping[str, StandingPeriod]) -> tuple[MovedPeriod, ...]:
    found = []
    for old in stands.periods:
        new = changed.get(old.label)
        if new is not None and new.due_at != old.due_at:
            owed = [each for each in stands.obligations if each.period == old.label and each.due_at == old.due_at]
            count = sum(each.state in OWED for each in owed)
            found.append(MovedPeriod(notice_id, old.label, old.due_at, new.due_at, count))
    return tuple(found)


def _changed_periods(work: Work, stands: Standing, calendar: WorkCalendar) -> dict[str, StandingPeriod]:
    """Give the periods not over yet that a calendar gives another due instant or another sureness, by label."""
    now, then = (_by_rule(work, stands, each) for each in (calendar, work.policy.calendar))
    zone, found = work.policy.zone, {}
    for old in stands.periods:
        period = now.get(old.label)
        if period is None or old.ended_at is not None or old.due_at <= work.at:
            continue
        follows = old.is_provisional or due_at(then[old.label].due_on, zone) == old.due_at
        new_due = _not_before_told(work, old.due_at, due_at(period.due_on, zone), calendar)
        if follows and (new_due, period.provisional) != (old.due_at, old.is_provisional):
            found[old.label] = replace(old, due_at=new_due, is_provisional=period.provisional)
    return found


def _by_rule(work: Work, stands: Standing, calendar: WorkCalendar) -> dict[str, Period]:
    """Give the periods that a rule in working days gives a notice, by label; none for other notices."""
    rules, reporting = stands.fields["rules"], work.policy.reporting
    if rules["due_dates"]:
        return {}
    cadence = rules["cadence"] or reporting.cadence
    rule = DueRule(**rules["due_rule"]) if rules["due_rule"] else None if rules["cadence"] else reporting.due_rule
    if cadence is None or rule is None or rule.working_day is None:
        return {}
    year = stands.fields["plan_year"]
    periods = plan_periods(
        cadence=cadence,
        due_dates=(),
        due_rule=rule,
        issued_on=None,
        starts_on=date(year, 1, 1),
        plan_year=year,
        calendar=calendar,
    )
    return {period.label: period for period in periods}


def _not_before_told(work: Work, old: datetime, new: datetime, calendar: WorkCalendar) -> datetime:
    """Keep a due instant that moves forward in time from coming before its liaisons had a working day's notice."""
    soonest = due_at(calendar.shift(today(work), 1), work.policy.zone)
    return max(new, min(old, soonest))


def _write(work: Work, recount: Recount) -> dict[int, datetime]:
    """Write what changes of a notice's periods; gives each obligation that moves with its old due instant."""
    standing.lock_notice(work.tx, recount.notice_id)
    wanted = as_it_stands(recount.stands, Register(), reporting_lists(recount.stands))
    periods = [
        replace(
            each, due_at=recount.periods[each.label].due_at, is_provisional=recount.periods[each.label].is_provisional
        )
        if each.label in recount.periods
        else each
        for each in wanted.periods
    ]
    decided = decide(work, recount.stands, replace(wanted, periods=periods))
    write_revision(work, recount.notice_id, decided)
    record(
        work,
        "recount_periods",
        f"notice:{recount.notice_id}",
        periods=[[each.label, each.old_due_at.isoformat(), each.due_at.isoformat()] for each in recount.moved],
        confirmed=sorted(set(recount.periods) - {each.label for each in recount.moved}),
        obligations=sorted(decided.revision.moved),
    )
    before = {each.id: each.due_at for each in recount.stands.obligations}
    return {number: before[number] for number in decided.revision.moved}


# --- telling ---------------------------------------------------------------------------------------------------------


def _announce(work: Work, moved: Mapping[int, datetime]) -> None:
    """Tell each liaison in one message which due dates moved; whoever was never told of the task hears of it there."""
    dues = ledger.obligations(work.tx, list(moved))
    told = ledger.announced(work.tx, units={due.unit_id for due in dues}, until=work.at)
    begun = [due for due in dues if (due.task_id, due.unit_id) in told]
    of_unit: dict[int, list[Due]] = {}
    for due in begun:
        of_unit.setdefault(due.unit_id, []).append(due)
    away = {absence.person_id for absence in requests.away_on(work.tx, today(work))}
    by_person: dict[int, list[tuple[Holder, Due]]] = {}
    for holder in people.holders(work.tx, Role.LIAISON, units=of_unit):
        own = [(holder, due) for due in of_unit[holder.unit_id or 0]]
        if own and holder.reach == Reach.YES and holder.person_id not in away:
            by_person.setdefault(holder.person_id, []).extend(own)
    for person_id, own in by_person.items():
        _tell(work, Recipient(own[0][0].telegram_id, person_id), [due for _, due in own], moved)


def _tell(work: Work, to: Recipient, dues: Sequence[Due], moved: Mapping[int, datetime]) -> None:
    zone = work.policy.zone
    ordered = sorted(dues, key=lambda due: (due.due_at, due.unit_id, due.no))
    tasks = [
        {**shown_task(due), "role": Role.LIAISON, "old_due_at": moved[due.obligation_id].isoformat()}
        | {"days_left": (due_on(due.due_at, zone) - today(work)).days}
        for due in ordered
    ]
    message = say(work, to, Kind.DUE_RECOUNTED, priority=outbox.REMINDER, tasks=tasks)
    let_wait(work, message)


# --- reading ---------------------------------------------------------------------------------------------------------


def _calendar_with(work: Work, arrangement: Arrangement) -> WorkCalendar:
    standing_ones = {**calendars.contents(work.tx), arrangement.year: arrangement.to_json()}
    return work.policy.calendar.arranged(_days(standing_ones.values()))


def _days(contents: Any) -> dict[date, bool]:
    found: dict[date, bool] = {}
    for content in contents:
        found |= arrangement_from(content).workdays
    return found


def _changed_days(old: WorkCalendar, new: WorkCalendar, arrangement: Arrangement) -> tuple[ChangedDay, ...]:
    names = {day.date: day.name for day in arrangement.days}
    first = min(date(arrangement.year, 1, 1), arrangement.days[0].date)
    days = (date.fromordinal(n) for n in range(first.toordinal(), date(arrangement.year, 12, 31).toordinal() + 1))
    return tuple(
        ChangedDay(day, names.get(day, ""), new.is_workday(day))
        for day in days
        if new.is_workday(day) != old.is_workday(day)
    )
