"""After an outage: everything once, one message a person, saying how late; what is pointless is dropped, on record."""

import asyncio
import json
import random
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from duban.service import act_on
from jobs.timetable import TICKS
from notices.notice import Notice
from office.chasing.reminding import plan_nudges
from office.work import Work
from rules.periods import due_at, due_on
from storage import ledger
from storage.states import Role
from storage.store import open_store
from tests.cast import ZONE, Cast, cast, local, notice, task
from tests.clock.premises import join, office
from tests.conversations.looking import reported, rows

SUPPORT = task(2000, "区发改局", role="support")  # owes nothing
ONE = notice(task(3, "区教体局", leaders=("赵区长",)), SUPPORT)


def many(count: int) -> Notice:
    return notice(*(task(number, "区教体局") for number in range(1, count + 1)), SUPPORT)


def nudges(people: Cast) -> list[tuple[Any, ...]]:
    return rows(people, "SELECT rung, count(*) FROM nudge GROUP BY rung ORDER BY rung")


def recorded(people: Cast) -> dict[str, Any]:
    [(content,)] = rows(people, "SELECT content FROM audit WHERE action = 'outage'")
    found: dict[str, Any] = json.loads(content)
    return found


async def goes_down(people: Cast, at: str) -> None:
    await people.stage.move_to(local(at))


@pytest.mark.parametrize("count", [1, 10, 1000])
async def test_what_was_missed_is_told_once_in_one_message_that_says_how_late_it_is(tmp_path: Path, count: int) -> None:
    async with office(tmp_path, given=many(count)) as (people, admin):
        await goes_down(people, "2025-04-03 18:00")
        before = len(people.li.inbox)
        made = await people.stage.move_to(local("2025-04-09 10:00"))
        assert (made.nudges, made.escalations) == (count, 0)
        assert len(people.li.inbox) - before == 1
        assert "第3次，共4次\n（本应于4月9日 09:00发出，因系统中断迟发，请谅解）" in people.li.last.text
        assert nudges(people) == [("before-1", count), ("before-7", count)]
        outage = recorded(people)
        dropped = {(step["step"], step["count"], step["reason"]) for step in outage["dropped"]}
        assert dropped == {("before-3", count, "a later step is told instead")}
        assert (outage["late"], outage["digests"]) == (count, ["2025-04-07", "2025-04-08"])
        assert f"{count} 项现予补发（注明原定时间），{count} 项已无意义" in admin.said("服务自")[-1].text
        assert (await people.stage.move_to(local("2025-04-09 10:01"))).nudges == 0


async def test_a_reminder_of_a_day_that_is_over_is_dropped_and_it_is_written_down_why(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await goes_down(people, "2025-04-09 20:00")
        made = await people.stage.move_to(local("2025-04-11 08:00"))
        assert (made.nudges, made.escalations) == (0, 0)
        [step] = recorded(people)["dropped"]
        assert (step["step"], step["reason"]) == ("due", "the due day is over")


async def test_a_short_stop_delays_nothing_worth_a_word(tmp_path: Path) -> None:
    async with office(tmp_path, given=ONE) as (people, admin):
        await goes_down(people, "2025-04-09 08:50")
        await people.stage.move_to(local("2025-04-09 09:15"))
        assert "本应于" not in people.li.said("【报送提醒】")[-1].text
        assert not admin.said("【系统告警】")


async def test_the_hour_named_is_one_at_which_something_could_have_gone_out(tmp_path: Path) -> None:
    """Never a night's or a day off's; the digest says it too."""
    async with cast(tmp_path, given=ONE) as people:
        await goes_down(people, "2025-03-20 19:00")
        await people.stage.move_to(local("2025-04-11 12:00"))
        assert "（本应于4月11日 08:30发出" in people.wang.last.text


async def test_a_reminder_to_sign_says_it_too(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await goes_down(people, "2025-03-20 19:00")
        await people.stage.move_to(local("2025-03-27 12:00"))
        assert "【签收提醒】" in people.li.last.text
        assert "（本应于3月26日 08:00发出" in people.li.last.text


async def test_nobody_is_called_late_before_the_replies_were_read(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await join(people, 3001, Role.HEAD, "区教体局")
        await goes_down(people, "2025-04-10 19:00")
        people.stage.clock.set(local("2025-04-11 10:00"))
        made = await people.stage.service.tick()
        assert (made.escalations, made.digests) == (0, 0)
        await people.stage.settle()
        made = await people.stage.service.tick()
        assert (made.escalations, made.digests) == (2, 1)


async def test_an_answer_written_in_time_that_came_after_the_outage_is_in_time(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        head = await join(people, 3001, Role.HEAD, "区教体局")
        await goes_down(people, "2025-04-10 19:00")
        people.stage.clock.set(local("2025-04-11 10:00"))
        people.li.send("已完成30个项目。", date=local("2025-04-10 23:30"))
        await people.stage.service.tick()  # as a start does, before the first poll came back
        await people.stage.settle()
        made = await people.stage.service.tick()
        await people.stage.settle()
        assert [row.late for row in reported(people)] == [False]
        assert (made.escalations, head.said("【逾期提示】"), people.li.said("【逾期提示】")) == (0, [], [])
        assert "逾期未报：无" in people.wang.last.text


async def test_a_clock_put_forward_and_back_tells_nothing_twice_and_loses_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        for at in ("2025-04-07 09:00", "2025-04-08 09:00", "2025-04-07 10:00", "2025-04-07 09:30", "2025-04-09 09:00"):
            people.stage.clock.set(local(at), allow_back=True)
            await people.stage.settle()
            await people.stage.service.tick()
            await people.stage.settle()
        assert [rung for rung, _ in nudges(people)] == ["before-1", "before-3"]
        assert all(count == 1 for _, count in nudges(people))


async def test_a_poll_noted_by_a_clock_that_was_ahead_proves_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        people.stage.clock.set(local("2026-04-10 09:00"))
        await people.stage.settle()  # a poll, noted a year ahead
        people.stage.clock.set(local("2025-04-11 09:00"), allow_back=True)
        assert (await people.stage.service.tick()).escalations == 0
        await people.stage.settle()
        assert (await people.stage.service.tick()).escalations == 1


async def test_what_waits_for_the_morning_waits_for_it_over_a_restart(tmp_path: Path) -> None:
    async with cast(tmp_path, given=ONE) as people:
        await people.say(people.li, "已完成30个项目。")
        await people.stage.move_to(local("2025-04-11 00:00"))
        await people.stage.service.sender.recover()
        await people.stage.settle()
        assert not people.li.said("自动报送：")
        await people.stage.move_to(local("2025-04-11 08:00"))
        assert people.li.said("自动报送：")


async def test_two_rounds_at_the_same_time_tell_everybody_once(tmp_path: Path, database_url: str | None) -> None:
    """As a service and a `duban tick` beside it, or two services on PostgreSQL."""
    async with cast(tmp_path, database_url=database_url) as people:
        people.stage.clock.set(local("2025-04-07 09:00"))
        url = database_url or f"sqlite:///{tmp_path / 'duban.db'}"
        other = open_store(url)
        try:
            for tick in TICKS:
                act = partial(act_on, premises=people.stage.premises, tick=tick, polls=True)
                await asyncio.gather(*(store.write(act) for store in (people.stage.store, other) * 3))
        finally:
            other.close()
        await people.stage.settle()
        assert [len(who.said("【报送提醒】")) for who in (people.zhang, people.li)] == [1, 1]
        assert rows(people, "SELECT count(*) FROM tick_failure") == [(0,)]


@pytest.mark.parametrize("seed", range(6))
async def test_due_dates_that_move_around_their_own_reminder_are_told_of_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    async with cast(tmp_path, given=ONE) as people:
        at = local("2025-03-28 08:00")
        for _ in range(60):
            at += timedelta(minutes=chance.randint(5, 900))
            people.stage.clock.set(at)
            if chance.random() < 0.3:
                day = due_on(at, ZONE) + timedelta(days=chance.randint(1, 12))
                _move(people, due_at(day, ZONE))
            _round(people, at)
        told = rows(people, "SELECT obligation_id, due_at, rung, person_id FROM nudge ORDER BY id")
        assert len(told) == len(set(told))
        assert told
        per_due: dict[Any, list[str]] = {}
        for _, due, rung, _ in told:
            per_due.setdefault(due, []).append(rung)
        order = ["before-7", "before-3", "before-1", "due", "after-1", "after-2"]
        assert all(found == sorted(found, key=order.index) for found in per_due.values())


def _move(people: Cast, due: datetime) -> None:
    people.stage.store.write_now(lambda tx: ledger.move_due(tx, 1, due_at=due, at=people.stage.clock.now()))


def _round(people: Cast, at: datetime) -> None:
    def act(work: Work) -> None:
        planned = plan_nudges(work, polls=False)
        wall = at.astimezone(ZONE)
        assert planned.reminders + planned.escalations <= 1
        if planned.reminders + planned.escalations:
            assert 8 <= wall.hour < 20
            assert work.policy.calendar.is_workday(wall.date())

    people.stage.premises.do(people.stage.store, act)
