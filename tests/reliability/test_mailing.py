"""Digests by e-mail, handed in to a server of the tests' own: sent once, tried again, given up, reported."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP

from bot.mail_server import MailServer
from bot.mailing import Mailer
from duban.settings import SettingsError, load_settings
from rules.policy import Edition, MailTo, Policy
from storage import mails, records
from storage.backups import HELD
from tests.cast import Cast, local, notice, task
from tests.cast import cast as on_stage
from tests.conversations.looking import rows

GIVEN = notice(task(3, "区教体局"), task(9, "区发改局", role="support"))
TO = "ducha@example.org"


@dataclass
class Post:
    """What the server got; `answer` gives what it says to each mail, and after the next `drops` texts it hangs up."""

    got: list[EmailMessage] = field(default_factory=list)
    answer: Callable[[], str] = lambda: "250 OK"
    drops: int = 0

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.drops:
            self.drops -= 1
            server.transport.close()
        return self.answer()


@asynccontextmanager
async def post_office() -> AsyncIterator[tuple[Post, MailServer]]:
    """Serve SMTP on a free port."""
    post = Post()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(post, loop=loop, hostname="test"), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield post, MailServer("127.0.0.1", port, False, None, None, "督查室 <duban@example.org>")
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def office(folder: Path, server: MailServer, *to: MailTo) -> AsyncIterator[Cast]:
    """Open a stage whose digests are mailed as well."""
    settings = Policy(office="清河区督查室", mail_to=to or (MailTo(TO),))
    async with on_stage(folder, given=GIVEN, policy=settings) as people:
        service = people.stage.service
        service.mailer = Mailer(server, service.store, people.stage.clock, people.stage.premises)
        yield people


def states(people: Cast) -> list[tuple[str, int]]:
    return [(state, tries) for state, tries in rows(people, "SELECT state, attempts FROM mail ORDER BY id")]


async def test_a_digest_is_mailed_once_with_the_words_of_the_chat(tmp_path: Path) -> None:
    async with post_office() as (post, server), office(tmp_path, server) as people:
        await people.stage.move_to(local("2025-04-10 08:30"))
        await people.stage.move_to(local("2025-04-10 09:00"))
        [mail] = post.got
        assert mail["To"] == TO
        assert mail["Subject"] == "【督查日报】清河区督查室　4月10日"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert "今天截止 1 项" in mail.get_content()
        assert set(mail.get_content().strip().splitlines()) <= set(people.wang.last.text.splitlines())
        assert states(people) == [("sent", 1)]


async def test_each_address_gets_the_digests_it_asked_for(tmp_path: Path) -> None:
    closing = MailTo("gov@example.org", frozenset({Edition.PERIOD_CLOSE}))
    async with post_office() as (post, server), office(tmp_path, server, closing) as people:
        for day in ("2025-04-09", "2025-04-10", "2025-04-11", "2025-04-14"):
            await people.stage.move_to(local(f"{day} 08:30"))
        [mail] = post.got
        assert "【2025年第一季度截止】" in mail.get_content()
        assert "未签收" not in mail.get_content()
        assert [state for state, _ in states(people)] == ["cancelled", "cancelled", "sent", "cancelled"]


async def test_a_refusal_for_good_is_reported_to_the_supervisors(tmp_path: Path) -> None:
    async with post_office() as (post, server), office(tmp_path, server) as people:
        post.answer = lambda: "550 no such user"
        await people.stage.move_to(local("2025-04-10 08:30"))
        assert states(people) == [("undeliverable", 1)]
        await people.stage.move_to(local("2025-04-11 08:30"))
        assert f"邮件摘要未送达：{TO}（550 no such user）" in people.wang.last.text


async def test_a_refusal_for_now_is_tried_again_with_growing_waits(tmp_path: Path) -> None:
    async with post_office() as (post, server), office(tmp_path, server) as people:
        post.answer = lambda: "451 later"
        await people.stage.move_to(local("2025-04-10 08:30"))
        await people.stage.move_to(local("2025-04-10 08:30:30"))
        assert states(people) == [("ready", 1)]
        await people.stage.move_to(local("2025-04-10 08:31:10"))
        assert states(people) == [("ready", 2)]
        post.answer = lambda: "250 OK"
        await people.stage.move_to(local("2025-04-10 08:40"))
        assert states(people) == [("sent", 3)]


async def test_a_server_that_is_away_is_given_up_after_a_day_and_reported(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        server = MailServer("127.0.0.1", nobody.getsockname()[1], False, None, None, "duban@example.org")
        async with office(tmp_path, server) as people:
            await people.stage.move_to(local("2025-04-10 08:30"))
            for hour in range(9, 24):
                await people.stage.move_to(local(f"2025-04-10 {hour:02}:00"))
            await people.stage.move_to(local("2025-04-11 08:20"))
            [(state, tries)] = states(people)
            assert (state, tries > 10) == ("undeliverable", True)
            await people.stage.move_to(local("2025-04-11 08:30"))
            assert f"邮件摘要未送达：{TO}" in people.wang.last.text


async def test_what_may_have_gone_out_is_sent_once_more_and_then_doubtful(tmp_path: Path) -> None:
    async with post_office() as (post, server), office(tmp_path, server) as people:
        post.drops = 2
        await people.stage.move_to(local("2025-04-10 08:30"))
        await people.stage.move_to(local("2025-04-10 08:40"))
        await people.stage.move_to(local("2025-04-10 12:00"))
        assert len(post.got) == 2
        assert post.got[0]["Message-ID"] == post.got[1]["Message-ID"]
        assert states(people) == [("unknown", 2)]


async def test_a_crash_between_sending_and_marking_gives_one_more_copy_at_most(tmp_path: Path) -> None:
    async with post_office() as (post, server), office(tmp_path, server) as people:
        await people.stage.move_to(local("2025-04-10 08:30"))
        for _ in range(2):
            people.stage.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE mail SET state = 'claimed'"))
            service = people.stage.service
            service.mailer = Mailer(server, service.store, people.stage.clock, people.stage.premises)
            await people.stage.settle()
        assert len(post.got) == 2
        assert [state for state, _ in states(people)] == ["unknown"]


async def test_nothing_is_mailed_while_sending_is_held_after_a_restore(tmp_path: Path) -> None:
    async with post_office() as (post, server), office(tmp_path, server) as people:
        people.stage.store.write_now(
            lambda tx: mails.add(
                tx,
                TO,
                "x",
                {"office": "o", "day": "2025-04-10", "sections": {}},
                at=people.stage.clock.now(),
                is_empty=False,
            )
        )
        people.stage.store.write_now(lambda tx: records.note(tx, HELD, "1", at=people.stage.clock.now()))
        await people.stage.service.mailer.send_all()
        assert post.got == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[mail.to]]\naddress = "a@b"', "[[mail.to]] needs host and sender"),
        ('[mail]\nhost = "h"\nsender = "nobody"', "must be an e-mail address"),
        ('[mail]\nhost = "h"\nsender = "a@b"\nuser = "u"\npassword = "p"\nstarttls = false', "not sent unencrypted"),
        ('[[mail.to]]\naddress = "a@b"\ndigests = ["hourly"]', "must be 'daily', 'weekly'"),
        (
            '[mail]\nhost = "h"\nsender = "a@b"\n[[mail.to]]\naddress = "c@d"\n[[mail.to]]\naddress = "c@d"',
            "stands twice",
        ),
    ],
)
def test_what_is_wrong_with_the_mail_settings_is_said(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    assert told in str(caught.value)
    assert "'p'" not in str(caught.value)


def test_a_password_may_stand_in_the_environment_or_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config.toml"
    (tmp_path / "secret").write_text("from-file\n")
    text = '[mail]\nhost = "h"\nsender = "a@b"\nuser = "u"\npassword_file = "secret"\n'
    file.write_text(text, "utf-8")
    assert load_settings(file).mail_server() == MailServer("h", 587, True, "u", "from-file", "a@b")
    monkeypatch.setenv("DUBAN_MAIL_PASSWORD", "from-environment")
    found = load_settings(file).mail_server()
    assert found is not None
    assert found.password == "from-environment"
