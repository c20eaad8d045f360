"""A message with a file keeps the promises of any other: at least once, one more copy at most."""

from datetime import timedelta
from pathlib import Path

import pytest

from duban.rehearsal.botapi import User
from storage import files, outbox
from storage.files import FileContent
from storage.store import Transaction
from tests.botapi import faults
from tests.botapi.faults import Scripted
from tests.reliability.rig import Rig, rig

CHAT = 1001
WORKBOOK = FileContent("核对.xlsx", "application/vnd.ms-excel", b"PK\x03\x04" * 400_000)
PHOTO = FileContent("现场.jpg", "image/jpeg", b"\xff\xd8\xff\xe0")
LONG = "字" * 1100


def put(found: Rig, file: FileContent = WORKBOOK, *, name: str = "张敏") -> int:
    """Leave a message with a file in the outbox; its text names `name`."""
    at = found.stage.clock.now()

    def act(tx: Transaction) -> int:
        content = {"name": name, "file": files.add(tx, file, purpose="test", at=at)}
        return outbox.add(tx, chat_id=CHAT, person_id=None, kind="name_changed", content=content, priority=0, at=at)

    return found.stage.store.write_now(act)


def documents(user: User) -> list[str]:
    return [message.text for message in user.inbox if message.document]


async def test_a_file_goes_out_whole_under_its_name_with_the_words_below(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT)
        number = put(found)
        await found.sender.send_all()
        assert found.row(number) == ("sent", 1, None)
        assert user.last.document is not None
        assert (user.last.document.name, user.last.document.data) == ("核对.xlsx", WORKBOOK.data)
        assert "张敏" in user.last.text
        assert found.query("SELECT message_id FROM outbox") == [(user.last.message_id,)]


async def test_a_picture_is_shown_or_handed_over_where_telegram_cannot_show_it(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT)
        put(found, PHOTO)
        await found.sender.send_all()
        assert user.last.photo is not None
        put(found, FileContent("坏.jpg", "image/jpeg", b"not a picture"))
        await found.sender.send_all()
        assert user.last.document is not None
        assert [entry.status for entry in found.stage.api.journal.of("sendPhoto")] == [200, 400]


async def test_words_too_long_for_a_caption_go_before_the_file(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT)
        put(found, name="字" * 1000)
        put(found, name=LONG)
        put(found, name="😀" * 600)  # 600 characters, 1200 units
        await found.sender.send_all()
        assert [bool(message.document) for message in user.inbox] == [True, False, True, False, True]
        assert [bool(message.text) for message in user.inbox] == [True, True, False, True, False]


async def test_the_words_before_a_file_are_not_said_again_when_the_file_is_tried_again(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT)
        rule = found.stage.api.faults.on("sendDocument", times=3, fault=faults.retry_after(5))
        number = put(found, name=LONG)
        await found.sender.send_all()
        assert rule.fired == 3
        assert found.row(number) == ("sent", 1, None)
        assert len(user.said(LONG)) == 1
        assert len(documents(user)) == 1


@pytest.mark.parametrize(
    "fault",
    [faults.accept_then_rst, faults.accept_then_500, faults.html200, faults.no_result, faults.rst_before],
    ids=lambda fault: fault.name,
)
async def test_an_ambiguous_end_has_one_more_copy_then_it_is_unknown(tmp_path: Path, fault: Scripted) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT)
        found.stage.api.faults.on("sendDocument", fault=fault)
        again = put(found)
        await found.sender.send_all()
        assert found.row(again) == ("sent", 2, None)
        assert "可能重复" in documents(user)[-1]
        found.stage.api.faults.on("sendDocument", times=2, fault=fault)
        doubtful = put(found)
        await found.sender.send_all()
        assert found.row(doubtful)[:2] == ("unknown", 2)


async def test_a_refused_connection_is_no_attempt(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        found.person(CHAT)
        number = put(found)
        await found.stage.api.stop()
        for _ in range(3):
            assert await found.round() == 1
            assert found.row(number) == ("ready", 0, None)
            found.stage.clock.advance(timedelta(seconds=2))
        await found.stage.api.start()
        await found.sender.send_all()
        assert found.row(number) == ("sent", 1, None)


async def test_a_file_no_longer_kept_cancels_its_message_and_no_other(tmp_path: Path) -> None:
    async with rig(tmp_path) as found:
        user = found.person(CHAT)
        number = put(found)
        found.change("DELETE FROM stored_file")
        other = found.put(CHAT, name="李丽")
        await found.sender.send_all()
        assert found.row(number) == ("cancelled", 1, "its file is not kept any more")
        assert found.row(other)[0] == "sent"
        assert "李丽" in user.last.text


async def test_a_message_without_a_file_asks_for_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(files, "read", refuse)
    async with rig(tmp_path) as found:
        found.person(CHAT)
        number = found.put(CHAT)
        await found.sender.send_all()
        assert found.row(number)[0] == "sent"
