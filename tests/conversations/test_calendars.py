"""The official arrangement of days off is handed in: by chat or command line, in force at once, due dates follow."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notices.notice import Notice
from rules.arrangement import read_arrangement
from rules.periods import DueRule, due_on, plan_periods
from rules.workdays import WorkCalendar
from storage.states import Role
from tests.cast import ZONE, Cast, cast, local, notice, task
from tests.cli.desk import Desk, run
from tests.conversations.looking import rows
from tests.transcripts import transcript

NOVEMBER = local("2026-11-20 10:00")
WORKING_DAY = DueRule(month_offset=1, working_day=5)


def arrangement(*more: tuple[str, bool], year: int = 2027) -> bytes:
    """Give an arrangement's file: New Year and National Day off, and these days (date, off)."""
    days = [(f"{year}-01-01", True), (f"{year}-10-01", True), *more]
    found = [{"name": "节日", "date": day, "isOffDay": is_off} for day, is_off in days]
    return json.dumps({"year": year, "papers": [], "days": found}).encode()


def by_working_days(*tasks: Any, cadence: Any = "monthly", calendar: WorkCalendar | None = None) -> Notice:
    """Make a notice for 2026 that is due on the fifth working day of the month after."""
    given = notice(*tasks)
    periods = plan_periods(
        cadence=cadence,
        due_dates=(),
        due_rule=WORKING_DAY,
        issued_on=date(2026, 11, 1),
        starts_on=None,
        plan_year=2026,
        calendar=calendar or WorkCalendar(),
    )
    rules = replace(given.rules, cadence=cadence, due_dates=(), due_rule=WORKING_DAY)
    return replace(given, plan_year=2026, rules=rules, periods=periods)


GIVEN = by_working_days(task(1, "区发改局"), task(2, "区发改局"), task(3, "区教体局"))


async def admin(people: Cast) -> Any:
    who = people.stage.api.user(2002, "陈", "工")
    await people.say(who, f"/start {people.stage.invite_person(Role.ADMIN, '陈工').code}")
    return who


def due_days(people: Cast) -> dict[str, str]:
    """Give the due day of each period."""
    found = rows(people, "SELECT label, due_at FROM period ORDER BY due_at")
    return {
        label: due_on(local(str(at)[:19]).replace(tzinfo=None).astimezone(ZONE), ZONE).isoformat()
        for label, at in found
    }


def dues(people: Cast) -> set[str]:
    return {str(at)[:10] for (at,) in rows(people, "SELECT DISTINCT due_at FROM obligation WHERE state = 'open'")}


@transcript("督查人员", "下一年放假安排", "陈工把国务院办公厅公布的安排发给机器人，确认后相关联络员各收到一次通知。")
async def test_an_arrangement_is_shown_confirmed_in_force_and_told_once(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        chen = await admin(people)
        answer = await people.send_file(chen, arrangement(("2027-01-04", True), ("2027-01-09", False)), "2027.json")
        assert "【2027年节假日安排】放假 3 天，调休上班 1 天" in answer
        assert "• 1月4日 放假（节日）" in answer
        assert "12月" in answer
        assert "1月8日 → 1月9日（待报 3 项）" in answer.replace("2026年12月：", "")
        before = len(people.zhang.inbox)
        assert "3 项待报进展的截止日已调整" in await people.say(chen, "确认")
        told = [message.text for message in people.zhang.inbox[before:]]
        assert len(told) == 1
        assert "【区发改局】2 项：1月8日 → 1月9日" in told[0]
        assert "任务1" in told[0]
        assert "任务3" not in told[0]
        assert rows(people, "SELECT is_provisional FROM period WHERE label = '2026-12'") == [(0,)]
        assert rows(people, "SELECT count(*) FROM audit WHERE action IN ('import_calendar', 'recount_periods')") == [
            (2,)
        ]
        await people.stage.move_to(local("2026-11-23 09:00"))
        assert len(people.zhang.inbox) == before + 1
        policy = people.stage.premises.look(people.stage.store, lambda work: work.policy)
        assert policy.calendar.official_years()[-1] == 2027
        assert "已在使用" in await people.send_file(
            chen, arrangement(("2027-01-04", True), ("2027-01-09", False)), "2027.json"
        )


async def test_an_arrangement_that_confirms_the_dates_tells_nobody(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        chen = await admin(people)
        assert rows(people, "SELECT is_provisional FROM period WHERE label = '2026-12'") == [(1,)]
        await people.send_file(chen, arrangement(), "2027.json")
        before = len(people.zhang.inbox)
        await people.press(chen, "确认")
        assert "没有报送截止日因此变动" in chen.last.text
        assert len(people.zhang.inbox) == before
        assert rows(people, "SELECT is_provisional FROM period WHERE label = '2026-12'") == [(0,)]


async def test_only_an_administrator_may_and_calling_it_off_changes_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        chen = await admin(people)
        assert "没有" in await people.send_file(people.wang, arrangement(), "2027.json")
        await people.send_file(chen, arrangement(), "2027.json")
        assert "未启用" in await people.say(chen, "取消")
        assert rows(people, "SELECT count(*) FROM holiday_arrangement") == [(0,)]
        assert "安排不完整" not in await people.send_file(people.zhang, arrangement(), "2027.json")
        wrong = json.dumps({"year": 2027, "days": [{"name": "", "date": "2027-01-01", "isOffDay": True}]}).encode()
        assert "没有 2027-10-01 放假，安排不完整" in await people.send_file(chen, wrong, "x.json")


async def test_a_reporter_is_told_that_a_date_is_provisional_and_reminded_a_day_earlier(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        await people.stage.move_to(local("2026-12-07 09:00"))
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2027-01-06 09:00"))
        assert "（暂定，以国务院办公厅通知为准）" in people.li.last.text


async def test_what_moves_nearer_leaves_a_working_day(tmp_path: Path) -> None:
    days = [(f"2027-01-{day:02d}", False) for day in (2, 3)]
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        chen = await admin(people)
        await people.stage.move_to(local("2027-01-07 10:00"))
        answer = await people.send_file(chen, arrangement(*days), "2027.json")
        assert "1月8日" not in answer  # due on the 6th by now: the day stands as it was told
        await people.say(chen, "确认")
        assert not people.li.said("【截止日调整】")


async def test_an_extended_due_date_and_what_was_reported_stay(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        chen = await admin(people)
        await people.stage.move_to(local("2026-12-07 09:00"))
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2027-01-04 10:00"))
        await people.say(people.li, "已完成4个项目，新开工2个。")
        if people.li.last.text.startswith("上"):
            await people.say(people.li, "报新一期")
        await people.say(people.li, "提交")
        before = len(people.li.inbox)
        await people.send_file(chen, arrangement(("2027-01-05", True)), "2027.json")
        await people.say(chen, "确认")
        assert people.zhang.said("【截止日调整】")
        assert len(people.li.inbox) == before


async def test_periods_of_a_newer_package_are_recounted_by_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        newer = read_arrangement(arrangement(("2027-01-04", True)))
        policy = replace(people.stage.premises.policy, calendar=WorkCalendar().arranged(newer.workdays))
        object.__setattr__(people.stage.premises, "policy", policy)
        await people.stage.move_to(local("2026-11-23 09:00"))
        assert "2 项：1月8日 → 1月11日" in people.zhang.last.text
        before = len(people.zhang.inbox)
        await people.stage.move_to(local("2026-11-24 09:00"))
        assert len(people.zhang.inbox) == before


async def test_the_command_puts_a_file_in_force_beside_the_service(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN, at=NOVEMBER) as people:
        (tmp_path / "config.toml").write_text(
            f'[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\nkey_file = "{tmp_path / "duban.key"}"\n', "utf-8"
        )
        desk, file = Desk(tmp_path), tmp_path / "2027.json"
        file.write_bytes(arrangement(("2027-01-04", True)))
        at = ("--at", "2026-11-20T11:00")
        assert desk.run("calendar", "import", file, *at, input="n\n").exit_code == 1
        assert rows(people, "SELECT count(*) FROM holiday_arrangement") == [(0,)]
        said = desk.do("calendar", "import", file, "--yes", *at)
        assert "notice 1, 2026-12: due 2027-01-08 -> 2027-01-11 (3 reports owed)" in said
        assert "3 reports moved" in said
        assert "in force already" in desk.do("calendar", "import", file, *at)
        await people.stage.settle()
        assert people.zhang.said("【截止日调整】")
        policy = people.stage.premises.look(people.stage.store, lambda work: work.policy)
        assert not policy.calendar.is_workday(date(2027, 1, 4))
        calendar = next(
            row for row in json.loads(desk.run("check", "--json", *at).stdout) if row["check"] == "calendar"
        )
        assert calendar["detail"] == "official working days 2004–2027, sure until 2027-12-28"
        file.write_text("{}", "utf-8")
        assert "it needs" in desk.refusal("calendar", "import", file, *at)


def test_check_says_when_this_year_is_provisional(adopted: Desk) -> None:
    found = json.loads(adopted.run("check", "--json", "--at", "2027-03-01T09:00").stdout)
    calendar = next(row for row in found if row["check"] == "calendar")
    assert not calendar["ok"]
    assert calendar["detail"].endswith("2027 is provisional: import its arrangement with `duban calendar import`")
    late = json.loads(adopted.run("check", "--json", "--at", "2026-12-01T09:00").stdout)
    assert any("2027 is usually published by now" in row["detail"] for row in late)


@pytest.fixture
def adopted(tmp_path: Path) -> Desk:
    """Give a desk with a fresh office."""
    run("init", "--config", tmp_path / "config.toml", "--name", "督查室", "--username", "x_bot")
    return Desk(tmp_path)
