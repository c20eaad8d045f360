"""Each way a send can end is told apart, and leads to exactly one action (reliability.md, 2.2)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import api as api_module
from duban.rehearsal.botapi import User
from storage import outbox
from tests.botapi import faults
from tests.botapi.faults import Scripted, refusal
from tests.reliability.rig import Rig, rig

CHAT, OTHER = 1001, 1002
REPEAT = "可能重复"
AMBIGUOUS = [
    faults.accept_then_rst,
    faults.accept_then_500,
    faults.html200,
    faults.no_result,
    faults.bad_json,
    faults.truncate,
    faults.rst_before,
    faults.status(502, "<html>Bad Gateway</html>"),
    faults.status(500),
]


def open_chats(found: Rig) -> tuple[User, User]:
    return found.person(CHAT), found.person(OTHER)


async def test_what_is_sent_is_marked_with_its_message_id(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user, _ = open_chats(found)
        number = found.put(CHAT, name="李丽")
        await found.sender.send_all()
        assert found.row(number) == ("sent", 1, None)
        assert found.query("SELECT message_id FROM outbox") == [(user.last.message_id,)]
        assert "李丽" in user.last.text


async def test_a_refused_connection_is_no_attempt(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user, _ = open_chats(found)
        number = found.put(CHAT)
        await found.stage.api.stop()
        for _ in range(5):
            assert await found.round() == 1
            assert found.row(number) == ("ready", 0, None)
            found.stage.clock.advance(timedelta(seconds=2))
        await found.stage.api.start()
        await found.sender.send_all()
        assert found.row(number) == ("sent", 1, None)
        assert REPEAT not in user.last.text


@pytest.mark.parametrize("fault", AMBIGUOUS, ids=lambda fault: fault.name)
async def test_an_ambiguous_end_has_one_more_copy_marked_as_such(tmp_path: Path, fault: Scripted) -> None:
    async with rig(tmp_path) as found:
        user, _ = open_chats(found)
        number = found.put(CHAT)
        found.stage.api.faults.on("sendMessage", fault=fault)
        await found.sender.send_all()
        assert found.row(number) == ("sent", 2, None)
        assert [REPEAT in entry.args["text"] for entry in found.calls(CHAT)] == [False, True]
        assert REPEAT in user.last.text


@pytest.mark.parametrize("fault", AMBIGUOUS, ids=lambda fault: fault.name)
async def test_a_second_ambiguous_end_is_unknown_and_never_sent_again(tmp_path: Path, fault: Scripted) -> None:
    async with rig(tmp_path) as found:
        open_chats(found)
        number = found.put(CHAT)
        found.stage.api.faults.on("sendMessage", times=2, fault=fault)
        await found.sender.send_all()
        state, attempts, reason = found.row(number)
        assert (state, attempts) == ("unknown", 2)
        assert reason
        found.stage.clock.advance(timedelta(days=1))
        await found.sender.send_all()
        assert len(found.calls(CHAT)) == 2


async def test_an_ambiguous_end_and_then_a_403_is_undeliverable(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user, _ = open_chats(found)
        number = found.put(CHAT)
        found.stage.api.faults.on("sendMessage", fault=faults.accept_then_rst)
        await found.round()
        user.block()
        await found.sender.send_all()
        assert found.row(number)[0] == "undeliverable"
        assert len(user.said("姓名")) == 1


async def test_no_answer_in_time_is_ambiguous_and_delays_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(tmp_path) as found:
        user, other = open_chats(found)
        monkeypatch.setattr(api_module.TelegramApi.call, "__kwdefaults__", {"seconds": 0.3})
        stuck, free = found.put(CHAT), [found.put(OTHER) for _ in range(3)]
        rule = found.stage.api.faults.on("sendMessage", CHAT, fault=faults.accept_then_hang)
        await found.sender._take()
        await found.stage.api.wait_for(lambda: len(other.inbox) == 3)
        assert rule.fired == 1
        assert found.row(stuck)[0] == "claimed"  # still waiting for its answer
        await found.sender.finish()
        assert [found.row(number)[0] for number in free] == ["sent"] * 3
        await found.sender.send_all()
        assert found.row(stuck) == ("sent", 2, None)
        assert [REPEAT in message.text for message in user.inbox] == [False, True]


@pytest.mark.parametrize(
    ("told", "waited"),
    [
        (1, 1),
        (35, 35),
        (3600, 3600),
        (7200, 3600),
        (1e9, 3600),
        (10**400, 3600),
        (0, 30),
        (None, 30),
        ("abc", 30),
        (-1, 30),
    ],
)
async def test_a_429_holds_its_chat_for_as_long_as_it_says(tmp_path: Path, told: Any, waited: int) -> None:
    async with rig(tmp_path) as found:
        open_chats(found)
        number = found.put(CHAT)
        found.stage.api.faults.on("sendMessage", CHAT, fault=faults.retry_after(told))
        await found.round()
        assert found.row(number) == ("ready", 0, None)
        later, elsewhere = found.put(CHAT), found.put(OTHER)
        found.stage.clock.advance(timedelta(seconds=waited - 0.5))
        await found.round()
        assert found.row(elsewhere)[0] == "sent"
        assert len(found.calls(CHAT)) == 1  # nothing into a chat that is held
        found.stage.clock.advance(timedelta(seconds=1))
        await found.round()
        assert [found.row(n) for n in (number, later)] == [("sent", 1, None)] * 2
        sent = found.query("SELECT id FROM outbox WHERE chat_id = ? ORDER BY message_id", CHAT)
        assert sent == [(number,), (later,)]


async def test_two_chats_refused_at_once_hold_everybody(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        open_chats(found)
        found.person(1003)
        for chat in (CHAT, OTHER):
            found.put(chat)
        found.stage.api.faults.on("sendMessage", times=2, fault=faults.retry_after(20))
        await found.round()
        found.put(1003)
        found.stage.clock.advance(timedelta(seconds=19))
        assert await found.round() == 0
        found.stage.clock.advance(timedelta(seconds=2))
        assert await found.round() == 3


async def test_chats_refused_one_after_the_other_hold_only_themselves(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        open_chats(found)
        found.person(1003)
        found.stage.api.faults.on("sendMessage", times=2, fault=faults.retry_after(3600))
        for chat in (CHAT, OTHER, 1003):
            found.put(chat)
            await found.round()
            found.stage.clock.advance(timedelta(seconds=5))
        assert [entry.status for entry in found.calls()] == [429, 429, 200]


@pytest.mark.parametrize("description", ["message is too long", "can't parse entities: unexpected end tag"])
async def test_a_form_that_is_refused_goes_out_as_plain_text(tmp_path: Path, description: str) -> None:
    async with rig(tmp_path) as found:
        user, _ = open_chats(found)
        number = found.put(CHAT, name="敏" * 3000)
        found.stage.api.faults.on("sendMessage", fault=refusal(400, f"Bad Request: {description}"))
        await found.sender.send_all()
        assert found.row(number)[0] == "sent"
        assert "".join(message.text for message in user.inbox).count("敏") == 3000
        assert [len(entry.args["text"]) <= 2048 for entry in found.calls(CHAT)] == [False, True, True]


async def test_a_form_that_is_refused_twice_is_undeliverable(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        open_chats(found)
        number, after = found.put(CHAT), found.put(CHAT)
        found.stage.api.faults.on("sendMessage", times=2, fault=refusal(400, "Bad Request: message is too long"))
        await found.sender.send_all()
        assert found.row(number)[0] == "undeliverable"
        assert found.row(after)[0] == "sent"


def shut_out(user: User, how: str) -> None:
    if how == "blocked":
        user.block()
    elif how == "deactivated":
        user.deactivate()


@pytest.mark.parametrize("how", ["blocked", "deactivated", "not_found"])
async def test_who_cannot_be_reached_is_called_once_and_no_more(tmp_path: Path, how: str) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT, started=how != "not_found")
        shut_out(user, how)
        waiting = [found.put(CHAT, priority=n % 3) for n in range(6)]
        await found.sender.send_all()
        later = found.put(CHAT, priority=outbox.REMINDER)
        await found.sender.send_all()
        assert len(found.calls(CHAT)) == 1
        assert [found.row(number)[0] for number in (*waiting, later)] == ["undeliverable"] * 7
        assert found.query("SELECT reach FROM person") == [(how,)]
        assert found.query("SELECT action FROM audit") == [("unreachable",)]


async def test_who_writes_again_is_answered_and_reached_again(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT, started=False)
        found.put(CHAT)
        await found.sender.send_all()
        user.send("/start")
        answer = found.put(CHAT)
        await found.sender.send_all()
        reminder = found.put(CHAT, priority=outbox.REMINDER)
        await found.sender.send_all()
        assert [found.row(number)[0] for number in (answer, reminder)] == ["sent", "sent"]
        assert found.query("SELECT reach FROM person") == [("yes",)]


async def test_another_refusal_ends_its_message_and_no_other(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        open_chats(found)
        number, after = found.put(CHAT), found.put(CHAT)
        found.stage.api.faults.on("sendMessage", fault=refusal(400, "Bad Request: BUTTON_DATA_INVALID"))
        await found.sender.send_all()
        assert found.row(number) == ("undeliverable", 1, "400 Bad Request: BUTTON_DATA_INVALID")
        assert found.row(after)[0] == "sent"
        assert found.query("SELECT DISTINCT reach FROM person") == [("yes",)]


async def test_a_group_that_moved_is_followed(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        moved = -1001234567890
        found.stage.api.group(moved)
        found.register_group(-5)
        numbers = [found.put(-5), found.put(-5)]
        upgraded = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=moved)
        found.stage.api.faults.on("sendMessage", -5, times=None, fault=upgraded)
        await found.sender.send_all()
        assert [found.row(number) for number in numbers] == [("sent", 1, None)] * 2
        assert [entry.chat_id for entry in found.calls()] == [-5, moved, moved]


@pytest.mark.parametrize("fault", [faults.unauthorized, faults.not_found, faults.status(401, "<html>proxy</html>")])
async def test_a_refused_token_holds_everything_and_loses_nothing(tmp_path: Path, fault: Scripted) -> None:
    async with rig(tmp_path) as found:
        open_chats(found)
        numbers = [found.put(CHAT), found.put(OTHER)]
        rule = found.stage.api.faults.on("sendMessage", times=None, fault=fault)
        await found.round()
        before = len(found.calls())
        found.stage.clock.advance(timedelta(seconds=29))
        assert await found.round() == 0
        assert len(found.calls()) == before
        assert [found.row(number) for number in numbers] == [("ready", 0, None)] * 2
        found.stage.api.faults.clear(rule)
        await found.sender.send_all()
        assert [found.row(number) for number in numbers] == [("sent", 1, None)] * 2


async def test_an_answer_of_the_wrong_shape_is_ambiguous_and_breaks_nothing(tmp_path: Path) -> None:
    bodies = ['"ok"', "[1]", "null", "{}", '{"ok":false,"error_code":"x","parameters":7}', "[" * 5000]
    async with rig(tmp_path) as found:
        for n, body in enumerate(bodies):
            found.person(2000 + n)
            found.put(2000 + n)
            found.stage.api.faults.on("sendMessage", 2000 + n, times=2, fault=faults.status(200, body))
        await found.sender.send_all()
        states = [state for (state,) in found.query("SELECT state FROM outbox ORDER BY id")]
        assert states == ["unknown"] * 6
