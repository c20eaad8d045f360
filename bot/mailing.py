"""Digests go out by e-mail: claimed, worded, sent, marked, like messages.

At least once; at most one more copy, and only after a crash or when it is not known whether the server took it. Copies
bear the same Message-ID, so that mail programs can tell.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING

from bot.desk import Office
from bot.mail_server import IMPLICIT_TLS, MailServer
from bot.wording import word
from bot.words import Words
from rules.clock import Clock
from rules.failpoints import reach
from storage import mails, records
from storage.backups import HELD
from storage.mails import OutgoingMail
from storage.outbox import ATTEMPTS
from storage.states import OutboxState
from storage.store import Store, Transaction

if TYPE_CHECKING:
    from aiosmtplib import SMTP

log = logging.getLogger("duban.mail")
LOOK_EVERY = 15.0  # seconds
SECONDS = 30.0  # for each exchange with the server
TOGETHER = 20  # mails claimed at once
WAITS = (60, 300, 900, 3600)  # seconds before the second try, the third, …
GIVE_UP = timedelta(hours=24)  # the next day's digest says more
Marking = Callable[[Transaction], None]


@dataclass
class Mailer:
    """Sends the mails that are ready, one after the other."""

    server: MailServer | None
    store: Store
    clock: Clock
    office: Office
    _has_recovered: bool = False

    async def run(self) -> None:
        """Send for ever; cancelling it ends after the mail in hand."""
        while True:
            try:
                await asyncio.shield(asyncio.ensure_future(self.send_all()))
            except Exception:  # the database is away: what is claimed is settled when it is back
                log.exception("mail could not be looked for; trying again")
                self._has_recovered = False
            await self.clock.sleep(LOOK_EVERY)

    async def send_all(self) -> int:
        """Send what is ready now; gives how many mails were tried."""
        if self.server is None:
            return 0
        if not self._has_recovered:
            again, unknown = await self.store.write(lambda tx: mails.recover_claims(tx, at=self.clock.now()))
            self._has_recovered = True
            if again or unknown:
                log.warning("after a stop: %d mails are sent again, %d are doubtful", again, unknown)
        total = 0
        while await self.store.read(lambda tx: mails.is_any_ready(tx, at=self.clock.now())):
            claimed = await self.store.write(self._claim)
            if not claimed:
                break
            reach("mailer.claimed")
            for mail in claimed:
                mark = await self._send(self.server, mail)
                reach("mailer.before_mark")
                await self.store.write(mark)
            total += len(claimed)
        return total

    def _claim(self, tx: Transaction) -> list[OutgoingMail]:
        if records.noted(tx, HELD):
            return []
        return mails.claim(tx, at=self.clock.now(), most=TOGETHER)

    async def _send(self, server: MailServer, mail: OutgoingMail) -> Marking:
        """Send one mail; gives what to note of it."""
        import aiosmtplib  # noqa: PLC0415  # loaded only where mail is configured

        at = self.clock.now()
        smtp = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.port == IMPLICIT_TLS,
            start_tls=server.starttls and server.port != IMPLICIT_TLS,
            username=server.user,
            password=server.password,
            timeout=SECONDS,
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError) as error:  # nothing was handed in
            return self._again(mail, error, may_be_out=False)
        try:
            await smtp.send_message(self._worded(server, mail))
        except aiosmtplib.SMTPRecipientsRefused as error:
            return self._refused(mail, error.recipients[0].code, error.recipients[0].message)
        except aiosmtplib.SMTPResponseException as error:
            return self._refused(mail, error.code, error.message)
        except (aiosmtplib.SMTPException, OSError) as error:  # nobody knows how far it came
            return self._again(mail, error, may_be_out=True)
        finally:
            await _leave(smtp)
        reach("mailer.sent")
        return lambda tx: mails.end(tx, mail.id, OutboxState.SENT, None, at=at)

    def _worded(self, server: MailServer, mail: OutgoingMail) -> EmailMessage:
        policy = self.office.policy
        words = Words(policy.language, policy.zone, otherwise=policy.language)
        text = word("digest", mail.content, words).text
        message = EmailMessage()
        message["From"], message["To"] = server.sender, mail.address
        message["Subject"] = text.partition("\n")[0]
        message["Date"] = format_datetime(mail.judged_at)
        message["Message-ID"] = (
            f"<duban-{mail.id}-{mail.judged_at:%Y%m%d%H%M%S}@{server.sender.rpartition('@')[2].rstrip('>')}>"
        )
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence answers it
        message.set_content(text)
        return message

    def _refused(self, mail: OutgoingMail, code: int, said: str) -> Marking:
        """Decide what a refusal means: 5xx is for good, 4xx for now (RFC 5321, 4.2.1)."""
        if code < 500:
            return self._again(mail, f"{code} {said}", may_be_out=False)
        log.error("mail %d is refused: %d %s", mail.id, code, said)
        at = self.clock.now()
        return lambda tx: mails.end(tx, mail.id, OutboxState.UNDELIVERABLE, f"{code} {said}", at=at)

    def _again(self, mail: OutgoingMail, error: Exception | str, *, may_be_out: bool) -> Marking:
        at, reason = self.clock.now(), str(error) or type(error).__name__
        log.warning("mail %d did not go out: %s", mail.id, reason)
        if may_be_out and mail.copies + 1 >= ATTEMPTS:
            return lambda tx: mails.end(tx, mail.id, OutboxState.UNKNOWN, reason, at=at)
        until = at + timedelta(seconds=WAITS[min(mail.attempts, len(WAITS) - 1)])
        if until - mail.judged_at > GIVE_UP:
            return lambda tx: mails.end(tx, mail.id, OutboxState.UNDELIVERABLE, reason, at=at)
        return lambda tx: mails.give_back(tx, mail.id, until=until, reason=reason, may_be_out=may_be_out)


async def _leave(smtp: "SMTP") -> None:
    """End the connection; what was handed in is handed in."""
    from aiosmtplib import SMTPException  # noqa: PLC0415

    try:
        await smtp.quit()
    except (SMTPException, OSError):
        smtp.close()
