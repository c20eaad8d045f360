"""A whole plan year with 60 units, day by day: who is told, when, how often, and what the digests say."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from duban.service import act_on
from jobs.timetable import TICKS
from rules.ladder import moments
from rules.policy import Policy
from storage.people import add_membership, add_person
from storage.store import Transaction
from tests.cast import CALENDAR, DUE_DATES, ZONE, Cast, cast, local, notice, task
from tests.conversations.looking import rows

UNITS = 60
BEGIN, END = date(2025, 3, 21), date(2026, 1, 20)
TICKED = ("submit_ripe_drafts", "push_new_tasks", "plan_nudges", "remind_to_sign", "send_digests")
POLICY = Policy(office="清河区督查室")


@dataclass
class Year:
    """What went out in the year, as the database has it."""

    nudges: list[tuple[int, datetime, str, datetime, datetime | None]]  # obligation, due, rung, sent, first answered
    digests: dict[date, dict[str, Any]]
    pushed: list[tuple[str, datetime]]
    overdue: dict[date, int]  # at each working day's digest hour, as the obligations say
    nudged_obligations: Counter[tuple[int, str]]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    return asyncio.run(_play(tmp_path_factory.mktemp("year")))


async def _play(folder: Path) -> Year:
    units = [f"第{number}局" for number in range(1, UNITS + 1)]
    given = notice(
        *(task(number, unit) for number, unit in enumerate(units, 1)),
        task(900, "区发改局", role="support"),
        task(901, "区教体局", role="support"),
    )
    async with cast(folder, given=given, policy=POLICY) as people:
        people.stage.store.write_now(_register)
        overdue = {}
        day = BEGIN
        while day <= END:
            for hour in _hours(day):
                at = datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=hour, minutes=30 * (hour == 8))
                people.stage.clock.set(at)
                if hour == 8 and CALENDAR.is_workday(day):
                    overdue[day] = _count_overdue(people)
                people.stage.store.write_now(partial(_tick_and_send, people))
            _answer(people, day)
            day += timedelta(days=1)
        return _look(people, overdue)


def _hours(day: date) -> tuple[int, ...]:
    """Give the hours looked at: the digest's and the reminders', one of a day off, and now and then the night's."""
    by_day = (8, 9) if CALENDAR.is_workday(day) else (9,)
    return (3, *by_day, 21) if day.day % 6 == 0 else by_day


def _register(tx: Transaction) -> None:
    """Register a liaison a unit, all told of their tasks; without a chat, that a year may be played in seconds."""
    at = local("2025-03-20 10:00")
    units = tx.exec_driver_sql("SELECT id, name FROM unit WHERE name LIKE '第%'").all()
    for unit_id, name in units:
        number = add_person(tx, telegram_id=10_000 + unit_id, name=f"{name}联络员", at=at)
        add_membership(tx, person_id=number, role="liaison", unit_id=unit_id, leader_name=None, at=at)
    tx.exec_driver_sql("UPDATE assignment SET announced_at = '2025-03-20 02:00:00', signed_at = '2025-03-20 02:00:00'")


def _tick_and_send(people: Cast, tx: Transaction) -> None:
    """Run the ticks that tell anybody anything in one transaction, and take every message as sent at the instant it may go out."""
    for tick in (tick for tick in TICKS if tick.name in TICKED):
        act_on(tx, people.stage.premises, tick, polls=False)
    tx.exec_driver_sql(
        "UPDATE outbox SET state = 'sent', sent_at = coalesce(not_before, judged_at) WHERE state = 'ready'"
    )


def _answer(people: Cast, day: date) -> None:
    """Have each unit answer in its own manner: some early, some on the last day, some late, some never."""
    for due_day in DUE_DATES:
        for unit in range(1, UNITS + 1):
            offset = (-8, -4, -2, -1, 0, 1, 3, 12)[unit % 8] if unit % 20 else None
            if offset is not None and day == due_day + timedelta(days=offset):
                at = datetime.combine(day, datetime.min.time(), ZONE) + timedelta(hours=18)
                people.stage.store.write_now(partial(_submit, unit=unit, due_day=due_day, at=at))


def _submit(tx: Transaction, unit: int, due_day: date, at: datetime) -> None:
    utc = at.astimezone(UTC)
    tx.exec_driver_sql(
        "UPDATE obligation SET state = 'submitted', first_sent_at = ? WHERE state = 'open' AND unit_id ="
        " (SELECT id FROM unit WHERE name = ?) AND period_id = (SELECT id FROM period WHERE due_at = ?)",
        (f"{utc:%F %T}.000000", f"第{unit}局", f"{due_day:%F} 16:00:00.000000"),
    )


def _count_overdue(people: Cast) -> int:
    now = people.stage.clock.now()
    [(count,)] = rows(
        people, "SELECT count(*) FROM obligation WHERE state = 'open' AND due_at <= :now", now=f"{now:%F %T}.000000"
    )
    return int(count)


def _look(people: Cast, overdue: dict[date, int]) -> Year:
    nudged = rows(
        people,
        "SELECT n.obligation_id, n.due_at, n.rung, m.sent_at, o.first_sent_at FROM nudge n JOIN outbox m"
        " ON m.id = n.outbox_id JOIN obligation o ON o.id = n.obligation_id",
    )
    digests = rows(
        people, "SELECT d.slot, m.content FROM digest d JOIN outbox m ON m.id = d.outbox_id WHERE d.kind = 'daily'"
    )
    pushed = rows(people, "SELECT kind, sent_at FROM outbox WHERE kind IN ('nudge', 'digest', 'sign_reminder')")
    return Year(
        nudges=[
            (number, _utc(due), rung, _utc(sent), answered and _utc(answered))
            for number, due, rung, sent, answered in nudged
        ],
        digests={date.fromisoformat(slot): json.loads(content) for slot, content in digests},
        pushed=[(kind, _utc(sent)) for kind, sent in pushed],
        overdue=overdue,
        nudged_obligations=Counter((number, rung) for number, _, rung, _, _ in nudged),
    )


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def test_nothing_is_pushed_at_night_or_on_a_day_off(year: Year) -> None:
    assert year.pushed
    for kind, sent in year.pushed:
        wall = sent.astimezone(ZONE)
        assert 8 <= wall.hour < 20, (kind, wall)
        assert CALENDAR.is_workday(wall.date()), (kind, wall)


def test_nobody_is_reminded_after_an_answer(year: Year) -> None:
    assert [nudge for nudge in year.nudges if nudge[4] is not None and nudge[4] <= nudge[3]] == []


def test_every_step_that_was_due_was_told_exactly_once(year: Year) -> None:
    """An independent account: a step counts if its moment came while nothing was answered and no later one replaced it."""
    assert set(year.nudged_obligations.values()) == {1}
    told = {(number, rung) for number, _, rung, _, _ in year.nudges}
    answered = {number: at for number, _, _, _, at in year.nudges}
    due_of = {number: due for number, due, _, _, _ in year.nudges}
    missing, extra = [], []
    for number, due in due_of.items():
        day = (due - timedelta(seconds=1)).astimezone(ZONE).date()
        for rung, moment in moments(day, POLICY.ladder, POLICY.calendar, ZONE):
            if "liaison" not in rung.to or moment > local(f"{END} 17:00"):
                continue
            at = answered[number]
            is_due = at is None or at > moment
            is_due = (
                is_due and CALENDAR.is_workday(moment.astimezone(ZONE).date()) and moment > local("2025-03-20 10:00")
            )
            if is_due and (number, rung.key) not in told:
                missing.append((number, rung.key))
            if not is_due and (number, rung.key) in told:
                extra.append((number, rung.key))
    assert (missing, extra) == ([], [])
    assert len(due_of) > 3 * UNITS


def test_the_digests_are_complete(year: Year) -> None:
    """Each says exactly what is overdue on its morning; none is left out on a day on which that changed."""
    before = 0
    for day, count in year.overdue.items():
        digest = year.digests.get(day)
        if digest is not None:
            said = digest["sections"].get("overdue", {"count": 0})["count"]
            assert said == count, day
        else:
            assert count == before, day
        before = count
