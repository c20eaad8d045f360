"""The service watches itself: what is wrong is in /healthz, in the log and with the administrators."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from prometheus_client import REGISTRY

from bot.api import RefusedError, UnauthorizedError
from bot.poller import DeafError
from duban import watch as watching
from duban.health import serve_health
from duban.rehearsal.botapi import User
from duban.service import EndedError
from duban.watch import Heartbeat, _beat_once, watch_over
from jobs.runner import start_clock, wake_all
from jobs.timetable import TICKS, TIMETABLE, Errand, Made, Tick
from tests.botapi import faults
from tests.cast import Cast, cast, local
from tests.clock.premises import change, office, refuse_message
from tests.conversations.looking import rows

AT = "2025-04-03 10:00"  # a Thursday morning on which nothing is due
CONFLICT = RefusedError(409, "Conflict")


@asynccontextmanager
async def serving(folder: Path) -> AsyncIterator[tuple[Cast, User]]:
    """Open an office whose service just did everything there was to do."""
    async with office(folder) as (people, admin):
        await people.stage.move_to(local(AT))
        yield people, admin


async def wrong(people: Cast) -> list[str]:
    return [problem.what for problem in await people.stage.service.watch.problems()]


async def poll(people: Cast) -> None:
    await people.stage.service.poller.poll_once()


async def test_a_service_that_did_its_work_is_well(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        assert await wrong(people) == []


async def test_two_minutes_without_a_poll_are_wrong(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        people.stage.clock.advance(timedelta(seconds=121))
        await people.stage.service.tick()
        assert await wrong(people) == ["polls"]
        await poll(people)
        assert await wrong(people) == []


async def test_a_tick_that_did_not_succeed_for_four_intervals_is_wrong(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        people.stage.clock.advance(timedelta(seconds=61))
        await poll(people)
        for tick in TICKS:
            if tick.name != "plan_nudges":
                await people.stage.service.run_tick(tick)
        problems = await people.stage.service.watch.problems()
        assert [(problem.what, problem.about) for problem in problems] == [("tick", "plan_nudges")]
        assert problems[0].says == "tick plan_nudges did not succeed for 61 s; it runs every 15 s"


async def test_messages_that_do_not_go_out_are_wrong_unless_they_are_held(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        people.li.send("/help")
        await poll(people)
        await people.stage.service.desk.work_off()
        people.stage.clock.advance(timedelta(minutes=5, seconds=1))
        await poll(people)
        await people.stage.service.tick()
        assert await wrong(people) == ["outbox"]
        change(people, "INSERT INTO fact VALUES ('sending_held', 'restored', '2025-04-03 02:00:00.000000')")
        assert await wrong(people) == []
        change(people, "DELETE FROM fact WHERE name = 'sending_held'")
        await people.stage.settle()
        assert await wrong(people) == []


async def test_a_long_queue_that_moves_and_what_is_put_off_are_not_stuck(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        at = people.stage.clock.now()
        change(
            people,
            "UPDATE outbox SET state = 'ready', judged_at = ? WHERE id <= 2",
            f"{at - timedelta(hours=1):%F %T}.0",
        )
        change(people, "UPDATE outbox SET sent_at = ? WHERE id = 3", f"{at:%F %T}.0")
        assert await wrong(people) == []
        change(people, "UPDATE outbox SET sent_at = ?", f"{at - timedelta(hours=1):%F %T}.0")
        people.stage.service.watch.began_at -= timedelta(hours=2)
        assert await wrong(people) == ["outbox"]
        change(people, "UPDATE outbox SET retry_at = ? WHERE id <= 2", f"{at + timedelta(hours=1):%F %T}.0")
        assert await wrong(people) == []


async def test_an_update_nobody_handles_is_wrong(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        people.li.send("/help")
        await poll(people)
        people.stage.clock.advance(timedelta(minutes=5, seconds=1))
        await people.stage.service.tick()
        await poll(people)
        assert await wrong(people) == ["inbox"]


async def test_a_database_that_does_not_answer_is_wrong(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        people.stage.store.close()
        assert await wrong(people) == ["database"]


@pytest.mark.parametrize(("error", "what"), [(CONFLICT, "conflict"), (UnauthorizedError(401, "Unauthorized"), "token")])
async def test_a_second_poller_and_a_refused_token_are_known_at_the_first_answer(
    tmp_path: Path, error: RefusedError, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with serving(tmp_path) as (people, admin):
        service = people.stage.service
        service.poller._judge(error)
        with caplog.at_level(logging.CRITICAL):
            assert [problem.what for problem in await service.watch.look()] == [what]
        assert f"({error.code})" in caplog.text
        await service.watch.look()
        await people.stage.settle()
        assert [str(error.code) in message.text for message in admin.said("【系统告警】")] == [True]
        people.stage.clock.advance(timedelta(minutes=11))
        await people.stage.move_to(people.stage.clock.now())
        assert await wrong(people) == []


async def test_a_token_refused_when_sending_is_wrong(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        people.stage.api.faults.on("sendMessage", fault=faults.unauthorized)
        people.li.send("/help")
        await poll(people)
        await people.stage.service.desk.work_off()
        people.stage.clock.advance(timedelta(seconds=10))
        await people.stage.service.sender._take()
        await people.stage.service.sender.finish()
        assert await wrong(people) == ["token"]


async def test_an_alarm_in_the_night_waits_for_the_morning_even_of_a_day_off(tmp_path: Path) -> None:
    async with office(tmp_path) as (people, admin):
        await people.stage.move_to(local("2025-04-04 23:00"))
        await people.stage.service.watch.raise_alarm("conflict")
        await people.stage.settle()
        assert not admin.said("【系统告警】")
        await people.stage.move_to(local("2025-04-05 08:00"))  # a Saturday
        assert admin.said("【系统告警】4月4日 23:00")


async def test_alarms_go_to_administrators_only(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        change(people, "UPDATE membership SET role = 'supervisor' WHERE role = 'admin'")
        await people.stage.service.watch.raise_alarm("conflict")
        assert rows(people, "SELECT count(*) FROM outbox WHERE kind = 'alarm'") == [(0,)]


@pytest.mark.parametrize("ends", [None, DeafError("Telegram refuses the token")])
async def test_a_part_that_ends_by_itself_ends_the_service_and_is_told(
    tmp_path: Path, ends: Exception | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.outsider, f"/start {people.stage.invite_person('admin', '关').code}")  # type: ignore[arg-type]
        people.stage.clock.set(local(AT))

        async def end() -> None:
            if ends is not None:
                raise ends

        monkeypatch.setattr(people.stage.service.poller, "run", end)
        with pytest.raises(EndedError if ends is None else DeafError):
            await people.stage.service.run()
        assert "the poller ended by itself" in caplog.text
        assert (await wrong(people))[0] == "ended"
        [(content,)] = rows(people, "SELECT content FROM outbox WHERE kind = 'alarm' AND content LIKE '%ended%'")
        assert json.loads(content)["about"] == "poller"


async def test_a_clock_that_jumps_is_said_and_nothing_waits_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "LOOK_EVERY", 0.001)
    async with serving(tmp_path) as (people, admin):
        jumped = asyncio.Event()

        async def on_jump() -> None:
            jumped.set()

        task = asyncio.create_task(watch_over(people.stage.service.watch, on_jump))
        await asyncio.sleep(0)
        people.stage.clock.set(local("2025-04-03 09:00"), allow_back=True)
        async with asyncio.timeout(20):
            await jumped.wait()
            while not rows(people, "SELECT id FROM outbox WHERE kind = 'alarm'"):  # noqa: ASYNC110  # written by a thread
                await asyncio.sleep(0.001)
        task.cancel()
        assert "clock jumped by -3600 s" in caplog.text
        assert await wrong(people) == []
        await people.stage.settle()
        assert "-3600 秒" in admin.last.text


async def test_ticks_do_not_wait_until_a_clock_put_back_is_as_late_again() -> None:
    async def run(_: Tick) -> Made:
        return Made()

    async def run_errand(_: Errand) -> None:
        return

    scheduler = start_clock(run, run_errand)
    try:
        jobs = scheduler.get_jobs()
        assert {job.id for job in jobs} == {item.name for item in TIMETABLE}
        for job in jobs:
            assert (job.misfire_grace_time, job.coalesce, job.max_instances) == (None, True, 1)
            job.modify(next_run_time=datetime.now().astimezone() + timedelta(hours=5))
        wake_all(scheduler)
        latest = datetime.now().astimezone() + timedelta(seconds=1)
        assert all(job.next_run_time <= latest for job in scheduler.get_jobs())
    finally:
        scheduler.shutdown(wait=False)


async def test_healthz_and_metrics_are_answered(tmp_path: Path, unused_tcp_port: int) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with (
        serving(tmp_path) as (people, _),
        serve_health(f"127.0.0.1:{unused_tcp_port}", people.stage.service.watch),
        aiohttp.ClientSession() as session,
    ):
        async with session.get(f"{url}/healthz") as answer:
            assert (answer.status, await answer.json()) == (
                200,
                {"ok": True, "seconds_since_last_poll": 0.0, "wrong": []},
            )
        people.stage.service.poller._judge(CONFLICT)
        async with session.get(f"{url}/healthz") as answer:
            told = await answer.json()
            assert (answer.status, told["ok"]) == (503, False)
            says = "another program polls with this bot's token (409)"
            assert told["wrong"] == [{"what": "conflict", "says": says}]
        async with session.get(f"{url}/metrics") as answer:
            text = await answer.text()
    for line in (
        'duban_outbox_messages{state="ready"} 0.0',
        "duban_problems 1.0",
        "duban_obligations_owed 6.0",
        "duban_obligations_overdue 0.0",
        'duban_inbox_updates{state="new"} 0.0',
    ):
        assert line in text.splitlines(), line
    for name in ("updates_total", "polls_total", "sends_total", "send_seconds_bucket", "tick_seconds_bucket"):
        assert f"duban_{name}" in text
    assert "duban_database_write_seconds_bucket" in text


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"duban_{name}", labels) or 0.0


async def test_what_happens_is_counted(tmp_path: Path) -> None:
    async with serving(tmp_path) as (people, _):
        names = [("updates_total", "what", name) for name in ("received", "handled", "failed", "dead")]
        names += [("sends_total", "outcome", name) for name in ("sent", "refused")]
        before = [metric(name, **{label: value}) for name, label, value in names]
        people.stage.service.desk.attempts = 2
        people.stage.api.faults.on("sendMessage", fault=faults.refusal(403, "Forbidden: bot was blocked by the user"))
        people.li.send("/help")
        refuse_message(people, "help", 1001)
        people.zhang.send("/help")
        await people.stage.settle()
        await people.say(people.wang, "/help")
        after = [metric(name, **{label: value}) for name, label, value in names]
        assert [b - a for a, b in zip(before, after, strict=True)] == [3, 2, 2, 1, 2, 1]


@asynccontextmanager
async def listener() -> AsyncIterator[tuple[str, list[str]]]:
    """Give an address outside, and what was asked of it."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/secret-name", asked
    finally:
        await runner.cleanup()


async def test_the_heartbeat_beats_only_while_all_is_well(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with (
        serving(tmp_path) as (people, _),
        listener() as (url, asked),
        aiohttp.ClientSession() as session,
    ):
        watch = people.stage.service.watch
        await _beat_once(watch, Heartbeat(url, 60), session)
        assert asked == ["/secret-name"]
        people.stage.clock.advance(timedelta(minutes=3))
        await _beat_once(watch, Heartbeat(url, 60), session)
        assert len(asked) == 1
        await people.stage.move_to(people.stage.clock.now())
        people.stage.service.poller.last_good_at = None  # a start alone proves nothing
        await _beat_once(watch, Heartbeat(url, 60), session)
        assert len(asked) == 1
        await poll(people)
        await _beat_once(watch, Heartbeat("http://127.0.0.1:1/secret-name", 60), session)
        assert "the heartbeat was not taken" in caplog.text
        assert "secret-name" not in caplog.text
