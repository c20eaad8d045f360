"""Telegram's menu offers everybody what they may do now, in their language; strangers learn nothing of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from duban.rehearsal.botapi import User
from duban.rehearsal.botapi.faults import Fault
from storage.backups import HELD
from storage.records import note
from storage.states import Role
from tests.botapi import faults
from tests.cast import Cast, cast
from tests.conversations.looking import rows
from tests.transcripts import transcript

OWN = ["mydata", "language", "help"]
LIAISON = ["tasks", "task", "report", "overdue", "plan", "form", "ask", "extend", "done", "withdraw", "correct", "away"]
LIAISON += ["handover", "leave"]
OFFICE = ["review", "extensions", "completions", "corrections", "enter", "waive", "slip", "inspect", "edit", "due"]
OFFICE += ["plans", "registrations", "people", "invite", "groups", "broadcast", "pause", "resume"]
SEEN = ["tasks", "task", "overdue"]
DESK = ["status", "unit"]  # beside /overdue


def told(people: Cast, who: User) -> list[Any]:
    """List the calls that changed somebody's menu, oldest first."""
    calls = [e for e in people.stage.api.journal if e.method in ("setMyCommands", "deleteMyCommands")]
    return [e for e in calls if e.args.get("scope") == {"type": "chat", "chat_id": who.id} and e.delivered]


def menu(people: Cast, who: User) -> list[str]:
    """List the commands somebody is offered now by a menu of their own."""
    calls = told(people, who)
    return [each["command"] for each in calls[-1].args.get("commands", [])] if calls else []


async def end_roles(people: Cast, who: User) -> None:
    """Have somebody lose every role."""
    statement = text(
        "UPDATE membership SET until = since WHERE person_id IN (SELECT id FROM person WHERE telegram_id = :t)"
    )
    await people.stage.store.write(lambda tx: tx.execute(statement, {"t": who.id}).rowcount)
    await people.stage.settle()


async def test_strangers_are_offered_nothing_but_start_and_help(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        await people.say(people.outsider, "/help")
        defaults = [e.args for e in people.stage.api.journal.of("setMyCommands") if "scope" not in e.args]
        assert [args.get("language_code") for args in defaults] == [None, "en"]
        assert [[each["command"] for each in args["commands"]] for args in defaults] == [["help", "start"]] * 2
        assert told(people, people.outsider) == []


async def test_each_role_is_offered_its_own_commands(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.register(people.outsider, "区发改局", Role.HEAD)
        assert menu(people, people.zhang) == [*LIAISON, *OWN]
        assert menu(people, people.wang) == [*SEEN, *DESK, *OFFICE, *OWN]
        assert menu(people, people.outsider) == [*SEEN, *OWN]


@transcript("菜单和语言", "查看用法", "张敏、王科发送 /help，各看到自己现在能办的事。")
async def test_help_says_what_each_can_do_now(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "• 待签收任务 2 项" in await people.say(people.zhang, "/help")
        assert "/extensions" in await people.say(people.wang, "/help")
        assert "/report" not in people.wang.last.text


async def test_a_role_gained_or_lost_changes_the_menu(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await people.register(people.wang, "区教体局")
        assert menu(people, people.wang) == [*LIAISON[:4], *DESK, *LIAISON[4:], *OFFICE, *OWN]
        await end_roles(people, people.wang)
        assert told(people, people.wang)[-1].method == "deleteMyCommands"
        assert rows(people, "SELECT chat_id FROM menu ORDER BY chat_id") == [(1001,), (1002,)]


async def test_the_language_changes_the_menu(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/language")
        await people.press(people.zhang, "English")
        words = [each["description"] for each in told(people, people.zhang)[-1].args["commands"]]
        assert words[0] == "Your tasks and how they stand"


async def test_a_menu_that_stands_is_not_set_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/help")
        assert len(told(people, people.zhang)) == 1
    async with cast(tmp_path, registered=False) as people:
        await people.say(people.zhang, "/help")
        assert told(people, people.zhang) == []


@pytest.mark.parametrize("fault", [faults.status(500), faults.retry_after(30), faults.rst_before])
async def test_a_menu_that_could_not_be_set_is_set_later(tmp_path: Path, fault: Fault) -> None:
    async with cast(tmp_path) as people:
        people.stage.api.faults.on("setMyCommands", fault=fault)
        await people.say(people.zhang, "/language")
        await people.press(people.zhang, "English")
        assert len(told(people, people.zhang)) == 1
        people.stage.clock.advance(timedelta(seconds=61))
        await people.stage.settle()
        assert len(told(people, people.zhang)) == 2


async def test_a_chat_that_takes_no_menu_is_not_asked_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.li.deactivate()
        await end_roles(people, people.li)
        assert rows(people, "SELECT count(*) FROM menu WHERE chat_id = 1002") == [(0,)]


async def test_after_a_restore_no_menu_is_touched_until_sending_goes_on(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.store.write(lambda tx: note(tx, HELD, "restored", at=people.stage.clock.now()))
        before = len(told(people, people.wang))
        await end_roles(people, people.wang)
        assert len(told(people, people.wang)) == before
