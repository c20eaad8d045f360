"""A period's due date is moved (调整截止日期) for all who still owe its report; the first date stays on record."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from office.auditing import record
from office.notice.assigning import let_wait, today
from office.notice.editing import EditError
from office.saying import Kind, Recipient, say
from office.work import Work
from rules.conditions import names_of_period
from rules.periods import due_at, due_on
from storage import outbox, people, standing
from storage.standing import NoticePeriod, OwedInPeriod
from storage.states import ObligationState, Reach, Role

REACH = timedelta(days=60)  # past the plan year's end no due date is moved
UNREACHED_SHOWN = 5
Values = dict[str, Any]  # period (its number), until (ISO 8601), reason


def find_periods(work: Work, name: str, notice: int | None = None) -> list[NoticePeriod]:
    """Find the periods that a name means: one for each notice that has it.

    Raises: EditError where there is none, naming those there are.
    """
    known = [each for each in standing.periods_standing(work.tx) if notice in (None, each.notice_id)]
    plain = "".join(unicodedata.normalize("NFKC", name).lower().split())
    found = [each for each in known if plain in names_of_period(each.label)]
    if not found:
        labels = list(dict.fromkeys(each.label for each in known))
        there_are = ", ".join(labels) or "none"
        raise EditError("no_period", f"there is no period {name}; there are: {there_are}", name=name, near=labels)
    return found


def split_period(work: Work, words: str) -> tuple[str, str]:
    """Take a period's name off the beginning of the words; gives it (or nothing) and the rest."""
    names = {name for each in standing.periods_standing(work.tx) for name in names_of_period(each.label)}
    text = unicodedata.normalize("NFKC", words).strip()
    ends = [text[:end] for end in range(1, min(len(text), 20) + 1)]
    found = [begin for begin in ends if "".join(begin.lower().split()) in names]
    if not found or re.match(r"\d*日", text[len(found[-1]) :]):  # 4月10日 names no April
        return "", text
    return found[-1], text[len(found[-1]) :].strip(" ，,：:到至为改")


def hold(work: Work, values: Values) -> None:
    """Keep other writers off the period's notice."""
    standing.lock_notice(work.tx, _period(work, values).notice_id)


def look(work: Work, values: Values) -> Values:
    """Tell what moving a period's due date would do.

    Raises: EditError where there is no such period or the date cannot be.
    """
    period, until = _period(work, values), date.fromisoformat(values["until"])
    before, after = due_on(period.due_at, work.policy.zone), due_at(until, work.policy.zone)
    _require_fit(period, before, until)
    moved, own = _moved(work, period, after)
    reached, unreached = _persons(work, moved)
    return {
        "notice": period.notice_id,
        "title": period.title,
        "period": period.label,
        "before": before.isoformat(),
        "after": until.isoformat(),
        "first": due_on(period.first_due_at or period.due_at, work.policy.zone).isoformat(),
        "day_off": not work.policy.calendar.is_workday(until),
        "obligations": len(moved),
        "units": len({owed.unit_id for owed in moved}),
        "own": own,
        "overdue": len(moved) if after <= work.at else 0,
        "told": len(reached),
        "unreached": unreached[:UNREACHED_SHOWN],
        "unreached_count": len(unreached),
        "reason": values["reason"],
    }


def move_period(work: Work, values: Values, by: int | None) -> None:
    """Move a period's due date, and tell each liaison who owes something in it once."""
    period, until = _period(work, values), date.fromisoformat(values["until"])
    shown, after = look(work, values), due_at(until, work.policy.zone)
    moved, _ = _moved(work, period, after)
    first = period.first_due_at or period.due_at
    row = {"id": period.id, "due_at": after, "is_provisional": False, "first_due_at": first}
    standing.change_periods(work.tx, [row])
    standing.move_due(work.tx, {owed.id: after for owed in moved}, at=work.at)
    details = {name: shown[name] for name in ("period", "before", "after", "obligations", "reason")}
    named = sorted({owed.unit for owed in moved})
    record(work, "move_period", f"notice:{period.notice_id}", by, **details, units=named)
    _tell(work, period, moved, shown)


def is_as_told(work: Work, content: Values) -> bool:
    """Whether a period's due date still is what a message says."""
    period = next((each for each in standing.periods_standing(work.tx) if each.id == content["period_id"]), None)
    return period is not None and period.due_at.isoformat() == content["due_at"]


def _period(work: Work, values: Values) -> NoticePeriod:
    found = next((each for each in standing.periods_standing(work.tx) if each.id == values["period"]), None)
    if found is None:
        raise EditError("no_period", "there is no such period any more", name="", near=[])
    return found


def _require_fit(period: NoticePeriod, before: date, until: date) -> None:
    if until == before:
        raise EditError("same", f"period {period.label} is due on {until} already")
    if until < period.begins_on:
        raise EditError("before_begin", f"period {period.label} begins only on {period.begins_on}")
    if until > date(period.plan_year, 12, 31) + REACH:
        raise EditError("too_far", f"{until} is more than {REACH.days} days after the plan year")


def _moved(work: Work, period: NoticePeriod, after: datetime) -> tuple[list[OwedInPeriod], int]:
    """Give what gets the new date, and how much keeps a date of its own: returned, or extended beyond it."""
    owed = standing.owed_in_period(work.tx, period.id)
    moved = [
        each
        for each in owed
        if each.due_at == period.due_at
        or (each.state == ObligationState.OPEN and period.due_at < each.due_at < after)  # an extension overtaken
    ]
    return moved, len(owed) - len(moved)


def _persons(work: Work, moved: Sequence[OwedInPeriod]) -> tuple[dict[Recipient, list[OwedInPeriod]], list[str]]:
    """Give who is told of what, and the units nobody of which can be told."""
    by_unit: dict[int, list[OwedInPeriod]] = {}
    for owed in moved:
        if owed.announced_at is not None:
            by_unit.setdefault(owed.unit_id, []).append(owed)
    told: dict[Recipient, list[OwedInPeriod]] = {}
    reached = set()
    for holder in people.holders(work.tx, Role.LIAISON, units=list(by_unit)):
        if holder.reach == Reach.YES and holder.unit_id is not None:
            reached.add(holder.unit_id)
            told.setdefault(Recipient(holder.telegram_id, holder.person_id), []).extend(by_unit[holder.unit_id])
    return told, list(dict.fromkeys(owed.unit for owed in moved if owed.unit_id not in reached))


def _tell(work: Work, period: NoticePeriod, moved: Sequence[OwedInPeriod], shown: Values) -> None:
    after = due_at(date.fromisoformat(shown["after"]), work.policy.zone)
    for to, owed in _persons(work, moved)[0].items():
        message = say(
            work,
            to,
            Kind.DUE_MOVED,
            priority=outbox.REMINDER,
            period_id=period.id,
            period=shown["period"],
            before=shown["before"],
            after=shown["after"],
            due_at=after.isoformat(),
            unit_ids=sorted({each.unit_id for each in owed}),
            numbers=sorted({each.no for each in owed}),
            overdue=after <= work.at,
            has_begun=period.begins_on <= today(work),
            reason=shown["reason"],
        )
        let_wait(work, message)
