"""Messages go out under Telegram's limits, in order, answers first, and one chat delays no other."""

import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from bot.limits import SendingLimits
from duban.rehearsal.botapi.flood import FloodControl
from office.chasing.holding import let_go, pause
from rules.clock import SimulatedClock
from rules.policy import Limits
from storage import outbox
from storage.backups import HELD
from storage.records import note
from tests.botapi import faults
from tests.cast import MORNING
from tests.reliability.rig import Rig, rig


async def test_three_hundred_recipients_at_nine_meet_no_429(tmp_path: Path) -> None:
    async with rig(tmp_path, limits=Limits(), flood_control=True) as found:
        chats = range(1000, 1300)
        for chat in chats:
            found.stage.api.user(chat).send("/start")
        found.stage.api.world.updates.drop_all()
        found.stage.clock.advance(timedelta(minutes=10))
        began = found.stage.clock.now()
        numbers = [found.put(chat, priority=outbox.REMINDER) for chat in chats]
        await found.sender.send_all()
        assert found.stage.api.flood_refusals == 0
        assert {found.row(number) for number in numbers} == {("sent", 1, None)}
        assert found.stage.clock.now() - began < timedelta(seconds=15)  # not slower than need be, either


async def test_many_messages_for_one_chat_meet_no_429(tmp_path: Path) -> None:
    async with rig(tmp_path, limits=Limits(), flood_control=True) as found:
        user = found.person(1001)
        numbers = [found.put(1001, name=f"第{n}条") for n in range(30)]
        await found.sender.send_all()
        assert found.stage.api.flood_refusals == 0
        assert [f"第{n}条" in message.text for n, message in enumerate(user.inbox)] == [True] * 30
        assert {found.row(number) for number in numbers} == {("sent", 1, None)}


async def test_a_groups_minute_holds_twenty(tmp_path: Path) -> None:
    async with rig(tmp_path, limits=Limits(), flood_control=True) as found:
        group = found.stage.api.group(-5)
        found.register_group(-5)
        for n in range(50):
            found.put(-5, name=str(n))
        await found.sender.send_all()
        assert found.stage.api.flood_refusals == 0
        assert len(group.inbox) == 50


@pytest.mark.parametrize("seed", range(20))
def test_whatever_comes_when_stays_within_telegrams_windows(seed: int) -> None:
    """Bursts, pauses and favourites at random, against the strict server's own counting."""
    chance = random.Random(seed)
    clock = SimulatedClock(MORNING)
    limits, server = SendingLimits(clock, Limits()), FloodControl(is_on=True)
    waiting: Counter[int] = Counter()
    for _ in range(600):
        clock.advance(timedelta(seconds=chance.choice([0, 0.01, 0.03, 0.2, 1, 5])))
        waiting.update(chance.choices([-7, 1, *range(2, 60)], k=chance.choice([0, 1, 3, 40])))
        room, held = limits.room(32), set(limits.held_chats())
        for chat in list(waiting):
            for _ in range(min(room, waiting[chat], 0 if chat in held else limits.room_in(chat))):
                limits.take(chat)
                assert server.admit(chat, at=clock.now().timestamp(), is_group=chat < 0) == 0
                room -= 1
                waiting[chat] -= 1
    assert server.refused == 0


async def test_answers_go_before_reminders_before_digests(tmp_path: Path) -> None:
    async with rig(tmp_path, limits=Limits()) as found:
        for n in range(9):
            found.person(1000 + n)
            found.put(1000 + n, priority=(outbox.DIGEST, outbox.REMINDER, outbox.ANSWER)[n // 3])
        await found.sender.send_all()
        assert [entry.chat_id for entry in found.calls()] == [1006, 1007, 1008, 1003, 1004, 1005, 1000, 1001, 1002]


async def test_an_answer_that_comes_later_waits_for_no_queue_of_reminders(tmp_path: Path) -> None:
    async with rig(tmp_path, limits=Limits()) as found:
        for chat in range(1000, 1040):
            found.person(chat)
            found.put(chat, priority=outbox.REMINDER)
        await found.round()
        found.put(1039)
        found.stage.clock.advance(timedelta(seconds=0.2))
        before = len(found.calls())
        await found.round()
        assert found.calls()[before].chat_id == 1039


async def test_a_chat_in_flight_is_not_overtaken(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user, other = found.person(1001), found.person(1002)
        first = found.put(1001, name="先")
        found.stage.api.faults.on("sendMessage", 1001, fault=faults.drip(500))
        assert await found.sender._take() == 1
        await found.stage.api.wait_for(lambda: len(found.calls()) == 1)
        second, elsewhere = found.put(1001, name="后"), found.put(1002)
        assert await found.sender._take() == 1  # the other chat's
        await found.stage.api.wait_for(lambda: other.inbox)
        assert found.row(second)[0] == "ready"
        await found.sender.finish()
        await found.sender.send_all()
        assert [found.row(number)[0] for number in (first, second, elsewhere)] == ["sent"] * 3
        assert ["先" in message.text for message in user.inbox] == [True, False]


async def test_what_is_tried_again_is_not_overtaken_by_the_next(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user = found.person(1001)
        found.stage.api.faults.on("sendMessage", fault=faults.status(502, "<html>"))
        for name in ("一", "二", "三"):
            found.put(1001, name=name)
        await found.round()
        found.put(1001, name="四")
        await found.sender.send_all()
        assert [message.text.split("：")[-1][0] for message in user.inbox] == ["一", "二", "三", "四"]


async def test_one_message_without_words_or_truth_stops_no_other(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        found.person(1001)
        wordless = found.put(1001, kind="no_such_kind")
        broken = [found.put(1001, kind="nudge") for _ in range(100)][-1]
        good = found.put(1001)
        await found.sender.send_all()
        assert [found.row(number)[0] for number in (wordless, broken, good)] == ["undeliverable", "cancelled", "sent"]


async def test_nothing_goes_out_while_sending_is_held(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        found.person(1001)
        at = found.stage.clock.now()
        found.stage.store.write_now(lambda tx: note(tx, HELD, "restored", at=at))
        number = found.put(1001)
        assert await found.sender.send_all() == 0
        assert found.row(number)[0] == "ready"
        found.stage.premises.do(found.stage.store, let_go)
        await found.sender.send_all()
        assert found.row(number)[0] == "sent"


async def test_while_paused_answers_go_on_and_nothing_else(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        found.person(1001)
        work = found.stage.premises
        work.do(found.stage.store, lambda office: pause(office, by=None, name=None))
        pushed, answer = found.put(1001, priority=1), found.put(1001)
        await found.sender.send_all()
        assert [found.row(number)[0] for number in (pushed, answer)] == ["ready", "sent"]
        work.do(found.stage.store, let_go)
        await found.sender.send_all()
        assert found.row(pushed)[0] == "sent"


async def test_after_a_stop_claims_are_settled_and_waits_kept(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        found.person(1001)
        once, twice, held, stray = (found.put(1001) for _ in range(4))
        at = found.stage.clock.now()
        found.change("UPDATE outbox SET state = 'claimed', attempts = 1 WHERE id = ?", once)
        found.change("UPDATE outbox SET state = 'claimed', attempts = 2 WHERE id = ?", twice)
        for number, minutes in ((held, 30), (stray, 3000)):
            until = (at + timedelta(minutes=minutes)).replace(tzinfo=None).isoformat(" ")
            found.change("UPDATE outbox SET retry_at = ? WHERE id = ?", until, number)
        await found.sender.recover()
        assert found.row(once) == ("ready", 1, None)
        assert found.row(twice) == ("unknown", 2, "the service stopped twice while sending it")
        await found.sender.send_all()
        assert [found.row(number)[0] for number in (once, held, stray)] == ["sent", "ready", "sent"]


async def test_marks_are_kept_until_the_database_takes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(tmp_path) as found:
        user = found.person(1001)
        number = found.put(1001)
        failures = fail_writes(found, monkeypatch, after=1, times=3)
        await found.sender.send_all()
        assert failures == [3, 2, 1]
        assert found.row(number) == ("sent", 1, None)
        assert len(user.inbox) == 1


def fail_writes(found: Rig, monkeypatch: pytest.MonkeyPatch, *, after: int, times: int) -> list[int]:
    """Have the store refuse some writes, as with a full disk; gives the list of what it refused."""
    write = found.stage.store.write
    left, seen = [times], [0]
    failures: list[int] = []

    async def refuse(act: object) -> object:
        seen[0] += 1
        if seen[0] > after and left[0]:
            failures.append(left[0])
            left[0] -= 1
            raise OSError("disk full")
        return await write(act)  # type: ignore[arg-type]

    monkeypatch.setattr(found.stage.store, "write", refuse)
    return failures
