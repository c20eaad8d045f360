"""One bad row never stops the others: it is left out, noted, told to administrators once a day, and tried again."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from jobs.timetable import TICKS
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.clock.premises import change, heal, join, office, poison, refuse_message
from tests.conversations.looking import outbox, reported, rows

BROKEN = "{broken"
SHARED = notice(
    task(1, "区发改局"),
    task(3, "区教体局", leaders=("赵区长",)),
    task(5, "区发改局", leaders=("赵区长",)),
)


def failures(people: Cast) -> list[tuple[object, ...]]:
    return rows(people, "SELECT DISTINCT tick, subject FROM tick_failure ORDER BY id")


async def report(people: Cast, *, of: str = "li") -> None:
    who = getattr(people, of)
    await people.say(who, "已完成30个项目。")


async def _reminders(people: Cast) -> object:
    refuse_message(people, "nudge", 1002)
    await people.stage.move_to(local("2025-04-07 09:00"))
    return people.zhang.said("【报送提醒】")


async def _sign(people: Cast) -> object:
    refuse_message(people, "sign_reminder", 1002)
    await people.stage.move_to(local("2025-03-26 09:00"))
    return people.zhang.said("签收")


async def _tasks(people: Cast) -> object:
    change(people, "UPDATE assignment SET announced_at = NULL")
    change(people, "UPDATE task SET leaders = ? WHERE no = 5", BROKEN)
    before = len(people.zhang.inbox)
    await people.stage.move_to(local("2025-03-21 09:00"))
    return len(people.zhang.inbox) > before


async def _digests(people: Cast) -> object:
    second = await join(people, 2002, Role.SUPERVISOR, name="周科")
    refuse_message(people, "digest", 2001)
    await people.stage.move_to(local("2025-04-11 08:30"))
    return second.said("【督查日报】")


async def _drafts(people: Cast) -> object:
    await report(people)
    await report(people, of="zhang")
    await people.say(people.zhang, "1")
    change(
        people,
        "UPDATE report SET findings = ? WHERE author_id = (SELECT id FROM person WHERE telegram_id = 1002)",
        BROKEN,
    )
    await people.stage.move_to(local("2025-04-11 08:30"))
    return reported(people)


async def _accepting(people: Cast) -> object:
    for who in (people.li, people.zhang):
        await people.say(who, "1. 已完成10个项目。\n5. 已完成50个项目。" if who is people.zhang else "已完成30个项目。")
        await people.say(who, "提交")
    assert len(reported(people)) == 3
    poison(people, "UPDATE", "obligation", "NEW.state = 'accepted' AND NEW.task_id = 2")
    await people.stage.move_to(local("2025-04-15 09:00"))
    accepted = rows(people, "SELECT task_id FROM obligation WHERE state = 'accepted' ORDER BY 1")
    reports = rows(people, "SELECT count(*) FROM report WHERE state = 'accepted'")
    return (accepted, reports) == ([(1,), (3,)], [(2,)])


async def _absences(people: Cast) -> object:
    await people.say(people.zhang, "/away 3月24日-3月26日")
    await people.say(people.li, "/away 3月24日-3月26日")
    poison(people, "UPDATE", "absence", "NEW.id = 1")
    await people.stage.move_to(local("2025-03-24 09:00"))
    return rows(people, "SELECT id FROM absence WHERE told_at IS NOT NULL") == [(2,)]


async def _contributions(people: Cast) -> object:
    for support in (1001, 1002):
        change(
            people,
            "INSERT INTO contribution_request (obligation_id, unit_id, asked_by, called_at) SELECT o.id, m.unit_id, p.id,"
            " '2025-03-20 01:00:00.000000' FROM person p JOIN membership m ON m.person_id = p.id JOIN obligation o"
            " WHERE p.telegram_id = ? AND o.state = 'open' AND o.unit_id <> m.unit_id ORDER BY o.id LIMIT 1",
            support,
        )
    change(people, "UPDATE obligation SET state = 'submitted'")
    poison(people, "UPDATE", "contribution_request", "NEW.id = 1")
    await people.stage.move_to(local("2025-03-21 09:00"))
    return rows(people, "SELECT id FROM contribution_request WHERE closed_at IS NOT NULL") == [(2,)]


async def _lapsing(people: Cast) -> object:
    for who, no in ((people.li, 3), (people.zhang, 1)):
        for words in (f"/extend {no} 4月15日 因连续降雨停工", "跳过", "确认"):
            await people.say(who, words)
    assert rows(people, "SELECT count(*) FROM extension WHERE state = 'waiting'") == [(2,)]
    poison(people, "UPDATE", "extension", "NEW.id = 1")
    await people.stage.move_to(local("2025-04-25 09:00"))
    return rows(people, "SELECT state FROM extension ORDER BY id") == [("waiting",), ("lapsed",)]


async def _forgetting(people: Cast) -> object:
    poison(people, "DELETE", "inbox", "1")
    await people.say(people.outsider, "/start")
    await people.stage.move_to(local("2025-07-01 09:00"))
    return rows(people, "SELECT count(*) FROM keyboard WHERE created_at < '2025-04-01'") == [(0,)]


async def _telling(people: Cast) -> object:
    second = await join(people, 2002, Role.SUPERVISOR, name="周科")
    refuse_message(people, "major", 2001)
    await people.say(people.li, "重大事项：已完成30个项目。")
    await people.say(people.li, "提交")
    await people.stage.move_to(people.stage.clock.now() + timedelta(minutes=5))
    return second.said("重大事项")


async def _slips(people: Cast) -> object:
    for at in ("2025-04-10 09:00", "2025-04-14 09:00"):
        await people.stage.move_to(local(at))
    for unit, number in (("区教体局", 3), ("区发改局", 1)):
        await people.say(people.wang, f"/slip {unit} {number}")
        await people.say(people.wang, "签发")
    change(people, "UPDATE obligation SET state = 'waived'")
    refuse_message(people, "slip_closed", 1002)
    await people.stage.move_to(local("2025-04-14 09:30"))
    return rows(people, "SELECT state FROM slip ORDER BY state") == [("closed",), ("issued",)]


async def _inspections(people: Cast) -> object:
    second = await join(people, 2002, Role.SUPERVISOR, name="周科")
    for who, unit, number in ((people.wang, "区教体局", 3), (second, "区发改局", 1)):
        await people.say(who, f"/inspect {unit} 4月17日 任务{number} 通知")
        await people.say(who, "确认")
    refuse_message(people, "inspection_today", 2001)
    await people.stage.move_to(local("2025-04-17 09:00"))
    return second.said("现场督查")


async def _groups(people: Cast) -> object:
    for number, chat in ((1, -901), (2, -902)):
        change(
            people,
            "INSERT INTO office_group (id, chat_id, title, state, changed_at) VALUES (?, ?, '群', 'asked',"
            " '2025-03-20 02:00:00.000000')",
            number,
            chat,
        )
    refuse_message(people, "leave_group", -901)
    await people.stage.move_to(local("2025-03-24 09:00"))
    return rows(people, "SELECT state FROM office_group ORDER BY id") == [("asked",), ("refused",)]


async def _self_report(people: Cast) -> object:
    second = await join(people, 4002, Role.ADMIN, name="袁")
    refuse_message(people, "self_report", 4001)
    await people.stage.move_to(local("2025-03-21 08:30"))
    return second.said("【运行日报】")


@dataclass(frozen=True)
class Case:
    """A tick, how one of its rows is spoilt, and whose failure that is; the play gives whether the others were served."""

    tick: str
    play: Callable[[Cast], Awaitable[object]]
    subject: str


CASES = (
    Case("plan_nudges", _reminders, "person:"),
    Case("remind_to_sign", _sign, "person:"),
    Case("push_new_tasks", _tasks, "assignment:"),
    Case("send_digests", _digests, "person:"),
    Case("submit_ripe_drafts", _drafts, "report:"),
    Case("accept_closed_reports", _accepting, "obligation:"),
    Case("tell_absences", _absences, "absence:"),
    Case("tell_contributions", _contributions, "request:"),
    Case("lapse_extensions", _lapsing, "request:E"),
    Case("forget_old", _forgetting, "updates"),
    Case("tell_at_once", _telling, "person:"),
    Case("review_slips", _slips, "slip:"),
    Case("follow_inspections", _inspections, "inspection:"),
    Case("leave_groups", _groups, "group:"),
    Case("report_on_itself", _self_report, "person:"),
)


def test_every_tick_that_does_something_for_many_is_tried() -> None:
    assert {case.tick for case in CASES} == {tick.name for tick in TICKS} - {"note_running", "recount_periods"}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.tick)
async def test_a_bad_row_is_left_out_and_the_others_are_served(tmp_path: Path, case: Case) -> None:
    async with office(tmp_path, given=SHARED) as (people, _admin):
        served = await case.play(people)
        assert served
        found = failures(people)
        assert [(tick, str(subject)[: len(case.subject)]) for tick, subject in found] == [(case.tick, case.subject)]
        told = rows(people, "SELECT content FROM outbox WHERE kind = 'alarm' AND content LIKE '%tick_failed%'")
        assert len(told) == 1 or case.tick in ("report_on_itself", "send_digests", "forget_old")


async def test_what_failed_is_done_as_soon_as_it_can_be_and_told_once_a_day(tmp_path: Path) -> None:
    async with office(tmp_path) as (people, admin):
        refuse_message(people, "nudge", 1002)
        for hour in ("09:00", "09:01", "15:00"):
            await people.stage.move_to(local(f"2025-04-07 {hour}"))
        told = [message.text for message in admin.inbox if "催办与升级" in message.text and "告警" in message.text]
        assert len(told) == 1
        assert "IntegrityError" in told[0]
        assert "person:" in told[0]
        await people.stage.move_to(local("2025-04-08 09:00"))
        assert len([message for message in admin.inbox if "「催办与升级」" in message.text]) == 2
        heal(people)
        assert (await people.stage.move_to(local("2025-04-08 09:10"))).nudges == 1
        assert "本应于4月7日 09:00" not in people.li.said("【报送提醒】")[-1].text  # the service was up all the time


async def test_a_task_whose_leaders_are_damaged_keeps_no_other_leader_from_hearing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=SHARED) as people:
        leader = await join(people, 3002, Role.LEADER, name="赵区长")
        for day in ("2025-04-10 09:00", "2025-04-11 09:00"):
            await people.stage.move_to(local(day))
        change(people, "UPDATE task SET leaders = ? WHERE no = 5", BROKEN)
        await people.stage.move_to(local("2025-04-14 09:00"))
        assert "【区教体局】1 项" in leader.last.text
        assert failures(people)[0][0] == "plan_nudges"


async def test_a_tick_that_fails_whole_is_noted_and_keeps_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with office(tmp_path) as (people, admin):
        await people.stage.service.tick()
        poison(people, "INSERT", "audit", "NEW.action = 'outage'")  # within note_running
        with caplog.at_level(logging.ERROR):
            made = await people.stage.move_to(local("2025-04-07 09:00"))
        assert made.nudges == 3
        assert failures(people) == [("note_running", "")]
        assert "tick note_running failed" in caplog.text
        assert "「运行记录」执行出错（IntegrityError）" in "".join(message.text for message in admin.inbox)
        heal(people)
        await people.stage.move_to(local("2025-04-07 09:05"))
        assert rows(people, "SELECT count(*) FROM audit WHERE action = 'outage'") == [(1,)]


async def test_a_message_that_cannot_be_read_keeps_no_other_from_going_out(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.clock.set(local("2025-04-07 09:00"))
        await people.stage.service.tick()
        change(people, "UPDATE outbox SET content = ? WHERE kind = 'nudge' AND chat_id = 1002", BROKEN)
        await people.stage.settle()
        assert people.zhang.said("【报送提醒】")
        assert [state for state, _ in outbox(people, "nudge")] in (["sent", "cancelled"], ["cancelled", "sent"])
