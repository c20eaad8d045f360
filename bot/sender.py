"""The outbox is sent: claimed, worded, sent under Telegram's limits, marked.

At least once; at most one more copy, and only after a crash or an ambiguous time-out; then `unknown`, and reported.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.api import AmbiguousError, ApiError, NotSentError, RefusedError, TelegramApi, ThrottledError, UnauthorizedError
from bot.desk import Office
from bot.limits import SendingLimits
from bot.wording import Worded, word
from bot.words import Words
from office.register.groups import move_group
from office.register.registering import note_reach
from office.sending import Cancel, note_undeliverable, still_true
from rules import meters
from rules.clock import Clock
from rules.failpoints import reach
from storage import files, outbox, records
from storage.backups import HELD, RESTORED
from storage.files import FileContent
from storage.outbox import ANSWER, ATTEMPTS, OutgoingMessage
from storage.states import OutboxState, Reach
from storage.store import Store, Transaction

log = logging.getLogger("duban.sender")
IN_FLIGHT = 32  # at a round trip of 150 ms one at a time gives 6.5 messages a second, this many reach Telegram's 30
UNSAID_WAIT = 30.0  # a 429 that names no wait
AGAIN = 5.0  # seconds until what failed is tried once more
REFUSED_WAIT = 30.0  # seconds until a refused token is tried again
PART = 2048  # characters that make at most 4096 UTF-16 units, whichever of them Telegram counts
CAPTION = 1024  # UTF-16 units of a file's caption, whichever Telegram counts (Bot API, sendDocument)
PICTURES = ("image/jpeg", "image/png")
LARGEST_PICTURE = 10_000_000  # bytes (Bot API, sendPhoto); a larger one goes as a document
NO_PICTURE = ("photo_invalid_dimensions", "image_process_failed")
OUR_FAULT = ("can't parse", "message is too long")
LEAVE = "leave_group"  # has no words: it is done
LOOK_EVERY = 0.5  # seconds: another process (`duban tick`, `duban notice adopt`) may have left something
REACHES = (
    ("bot was blocked", Reach.BLOCKED),
    ("user is deactivated", Reach.DEACTIVATED),
    ("chat not found", Reach.NOT_FOUND),
    ("can't initiate conversation", Reach.NOT_FOUND),
    ("bot was kicked", Reach.BLOCKED),
    ("group chat was deleted", Reach.NOT_FOUND),
)
OUTCOMES: dict[type[Exception], str] = {
    RefusedError: "refused",
    UnauthorizedError: "token refused",
    ThrottledError: "throttled",
    NotSentError: "not sent",
}
Marking = Callable[[Transaction], None]


class FileGoneError(Exception):
    """The file a message carries is not kept any more."""


@dataclass
class Sender:
    """Sends what is in the outbox, some messages at a time, those of one chat one after the other."""

    api: TelegramApi
    store: Store
    clock: Clock
    office: Office
    limits: SendingLimits
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _chats: set[int] = field(default_factory=set)
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    refused_at: datetime | None = None  # when the token was last refused
    _in_flight: int = 0
    _lost_track: bool = True  # claims may be left of which nobody knows what became: by a crash, or a failure between

    def wake(self) -> None:
        """Say that there is something to send."""
        self._woken.set()

    async def run(self) -> None:
        """Send for ever; cancelling it ends after the messages in flight."""
        try:
            while True:
                try:
                    if self._lost_track:
                        await self.finish()
                        await self.recover()
                    self._woken.clear()
                    if not await self._take_whole():
                        await self._pause()
                except Exception:  # the database is away; a claim may have been committed all the same
                    log.exception("the outbox could not be read; trying again")
                    self._lost_track = True
                    await self.clock.sleep(AGAIN)
        finally:
            await self.finish()

    async def recover(self) -> None:
        """Settle what was left between claim and mark; while nothing is in flight."""
        again, unknown = await self.store.write(lambda tx: outbox.recover_claims(tx, at=self.clock.now()))
        self._lost_track = False
        if again or unknown:
            log.warning("after a stop: %d messages are sent again, %d are doubtful", again, unknown)

    async def send_all(self) -> int:
        """Send until nothing is ready, on a clock that may be simulated; gives how many messages were taken."""
        total = 0
        while await self.store.read(outbox.is_anything_ready):
            taken = await self._take()
            total += taken
            await self.finish()
            if not taken:
                wait = self.limits.seconds_to_room()
                if not wait:
                    break
                await self.clock.sleep(wait + 0.001)
        return total

    async def finish(self) -> None:
        """Wait for the messages in flight."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _pause(self) -> None:
        wait = self.limits.seconds_to_room()
        try:
            async with asyncio.timeout(min(wait, LOOK_EVERY) or LOOK_EVERY):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _take_whole(self) -> int:
        """Take, and start what was taken even when cancelled meanwhile: a claim is never left behind."""
        task = asyncio.create_task(self._take())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def _take(self) -> int:
        """Claim what may go out now and start sending what is still true of it; gives how many were claimed."""
        room = self.limits.room(IN_FLIGHT - self._in_flight)
        if (
            room <= 0 or self._in_flight > IN_FLIGHT // 2
        ):  # one claim for many: a claim a message costs most of the time
            await asyncio.sleep(0)
            return 0
        held = [*self.limits.held_chats(), *self._chats]
        if not await self.store.read(outbox.is_anything_ready):
            return 0
        claimed, kept = await self.store.write(lambda tx: self._claim(tx, room, held))
        reach("sender.claimed")
        by_chat: dict[int, list[OutgoingMessage]] = {}
        for message in kept:
            by_chat.setdefault(message.chat_id, []).append(message)
            self.limits.take(message.chat_id)
        for chat, messages in by_chat.items():
            self._start(chat, messages)
        return claimed

    def _claim(self, tx: Transaction, most: int, held: Sequence[int]) -> tuple[int, list[OutgoingMessage]]:
        """Claim messages; gives how many, and those that are still true. The others are cancelled with the reason."""
        now = self.clock.now()
        holds = records.noted(tx, HELD)  # nothing goes out after a restore; paused, nothing but answers
        if holds == RESTORED:
            return 0, []
        kept = []
        claimed = outbox.claim(tx, at=now, most=most, held=held, answers_only=bool(holds), most_in=self.limits.room_in)
        for message in claimed:
            checked = self._checked(tx, message)
            if isinstance(checked, Cancel):
                outbox.end(tx, message.id, OutboxState.CANCELLED, checked.reason)
            elif message.reach not in (None, Reach.YES) and message.priority != ANSWER:
                outbox.end(tx, message.id, OutboxState.UNDELIVERABLE, f"the recipient's reach is: {message.reach}")
            else:
                kept.append(_with_content(message, checked))
        return len(claimed), kept

    def _checked(self, tx: Transaction, message: OutgoingMessage) -> dict[str, Any] | Cancel:
        try:
            return still_true(self.office.work(tx), message)
        except Exception as error:  # one message that cannot be checked must not stop the others
            log.exception("message %d (%s) could not be checked", message.id, message.kind)
            return Cancel(f"it could not be checked: {type(error).__name__}")

    def _start(self, chat: int, messages: list[OutgoingMessage]) -> None:
        self._chats.add(chat)
        self._in_flight += len(messages)
        task = asyncio.create_task(self._send_in_turn(chat, messages))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send_in_turn(self, chat: int, messages: list[OutgoingMessage]) -> None:
        marks: list[Marking] = []
        try:
            for place, message in enumerate(messages):
                mark, goes_on = await self._send(message)
                if not goes_on:
                    marks += [self._give_back(left, self.clock.now(), counts=False) for left in messages[place + 1 :]]
                marks.append(mark)
                if not goes_on:
                    break
            reach("sender.before_mark")
            await self._note(marks)
            reach("sender.marked")
        except Exception:
            log.exception("what became of %d messages is not known", len(messages))
            self._lost_track = True
        finally:
            self._chats.discard(chat)
            self._in_flight -= len(messages)
            self._woken.set()

    async def _note(self, marks: Sequence[Marking]) -> None:
        """Note what became of messages, however long the database is away: what is not noted is sent again."""
        while True:
            try:
                await self.store.write(lambda tx: _mark_all(tx, marks))
            except Exception:
                log.exception("what became of %d messages could not be noted yet", len(marks))
                await self.clock.sleep(AGAIN)
            else:
                return

    async def _send(self, message: OutgoingMessage) -> tuple[Marking, bool]:
        """Send one message; gives what to note of it, and whether the chat's next one may go."""
        try:
            worded = self._worded(message) if message.kind != LEAVE else Worded("")
        except Exception:  # a wording that fails must not stop the others
            log.exception("no words for message %d (%s)", message.id, message.kind)
            return lambda tx: outbox.end(tx, message.id, OutboxState.UNDELIVERABLE, "no words for it"), True
        try:
            with meters.SEND_SECONDS.time():
                result = await self._deliver(message, worded)
        except FileGoneError:
            return lambda tx: outbox.end(tx, message.id, OutboxState.CANCELLED, "its file is not kept any more"), True
        except ApiError as error:
            return self._failed(message, error)
        except Exception as error:  # nobody knows how far it came
            log.exception("message %d (%s) failed", message.id, message.kind)
            return self._failed(message, AmbiguousError(type(error).__name__))
        reach("sender.sent")
        meters.SENDS.labels("sent").inc()
        return self._sent(message, result.get("message_id") if isinstance(result, dict) else None), True

    def _sent(self, message: OutgoingMessage, message_id: int | None) -> Marking:
        at = self.clock.now()

        def mark(tx: Transaction) -> None:
            outbox.mark_sent(tx, [(message.id, message_id)], at=at)
            if message.reach not in (None, Reach.YES):
                note_reach(self.office.work(tx), message.chat_id, blocked=False)

        return mark

    def _failed(self, message: OutgoingMessage, error: ApiError) -> tuple[Marking, bool]:
        """Decide what a failure means for a message (reliability.md, 2.2); gives as `_send` does."""
        meters.SENDS.labels(OUTCOMES.get(type(error), "ambiguous")).inc()
        if isinstance(error, RefusedError):
            return self._refused(message, error)
        if isinstance(error, ThrottledError):
            wait = self.limits.hold(message.chat_id, error.retry_after or UNSAID_WAIT)
            return self._give_back(message, self.clock.now() + wait, counts=False), False
        if isinstance(error, NotSentError):
            self.limits.hold_all(1.0)
            return self._give_back(message, self.clock.now() + timedelta(seconds=1), counts=False), False
        return self._ambiguous(message, error), False

    def _worded(self, message: OutgoingMessage) -> Worded:
        policy = self.office.policy
        words = Words(message.language, policy.zone, otherwise=policy.language)
        worded = word(message.kind, message.content, words)
        if message.attempts == 0:
            return worded
        return Worded(worded.text[:4000] + words("mark.repeat"), worded.markup)

    async def _deliver(self, message: OutgoingMessage, worded: Worded) -> Any:
        """Send a message; where Telegram does not take its form, as plain text in parts."""
        try:
            return await self._call(message, worded)
        except RefusedError as error:
            if not any(words in error.description.lower() for words in OUR_FAULT):
                raise
            log.critical("Telegram does not take message %d (%s) as it is: %s", message.id, message.kind, error)
        for begin in range(0, len(worded.text), PART):
            part = {"chat_id": message.chat_id, "text": worded.text[begin : begin + PART]}
            result = await self.api.call("sendMessage", part)
        return result

    async def _call(self, message: OutgoingMessage, worded: Worded) -> Any:
        if message.kind == LEAVE:
            return await self.api.call("leaveChat", {"chat_id": message.chat_id})
        if "file" in message.content:
            return await self._hand_over(message, worded)
        params: dict[str, Any] = {"chat_id": message.chat_id, "text": worded.text}
        if worded.markup is not None:
            params["reply_markup"] = worded.markup
        if "edits" in message.content:
            return await self._edit(params, message.content["edits"])
        return await self.api.call("sendMessage", {**params, "link_preview_options": {"is_disabled": True}})

    async def _hand_over(self, message: OutgoingMessage, worded: Worded) -> Any:
        """Send a message's file with the words as its caption; words too long for one go before it.

        Raises: FileGoneError, or as the API.
        """
        number = message.content["file"]
        file = await self.store.read(lambda tx: files.read(tx, number))
        if file is None:
            raise FileGoneError
        params: dict[str, Any] = {"chat_id": message.chat_id}
        if len(worded.text.encode("utf-16-le")) // 2 <= CAPTION:
            params["caption"] = worded.text
        else:
            await self._say_first(message, worded.text)
        if worded.markup is not None:
            params["reply_markup"] = worded.markup
        if file.media_type in PICTURES and len(file.data) <= LARGEST_PICTURE:
            try:
                return await self._upload("photo", params, file)
            except RefusedError as error:
                if not any(words in error.description.lower() for words in NO_PICTURE):
                    raise
        return await self._upload("document", params, file)

    async def _upload(self, form: str, params: dict[str, Any], file: FileContent) -> Any:
        method = f"send{form.capitalize()}"
        return await self.api.upload(
            method, params, field=form, name=file.name, media_type=file.media_type, data=file.data
        )

    async def _say_first(self, message: OutgoingMessage, text: str) -> None:
        """Send the words that go before a file, and note it: a file that is tried again does not repeat them."""
        if message.content.get("is_said"):
            return
        await self.api.call("sendMessage", {"chat_id": message.chat_id, "text": text})
        said = {**message.content, "is_said": True}
        await self.store.write(lambda tx: outbox.change_content(tx, message.id, said))

    async def _edit(self, params: dict[str, Any], message_id: int) -> Any:
        try:
            return await self.api.call("editMessageText", {**params, "message_id": message_id})
        except RefusedError as error:
            if "not modified" in error.description:
                return {"message_id": message_id}
            if error.code == 400:
                return await self.api.call("sendMessage", params)
            raise

    def _refused(self, message: OutgoingMessage, error: RefusedError) -> tuple[Marking, bool]:
        if error.migrate_to is not None:
            return self._move(message, error.migrate_to), False
        if isinstance(error, UnauthorizedError):
            log.critical("Telegram refuses the token: nothing is sent until it is put right")
            self.refused_at = self.clock.now()
            self.limits.hold_all(REFUSED_WAIT)
            return self._give_back(message, self.clock.now() + timedelta(seconds=REFUSED_WAIT), counts=False), False
        reached = next((reach_ for words, reach_ in REACHES if words in error.description), None)
        if reached is None:
            log.error("Telegram refuses message %d (%s): %s", message.id, message.kind, error)
        office, reason = self.office, str(error)

        def mark(tx: Transaction) -> None:
            note_undeliverable(office.work(tx), message.id, message.chat_id, reached, reason)
            if reached is not None:
                outbox.end_waiting(tx, message.chat_id, reason)

        return mark, reached is None

    def _move(self, message: OutgoingMessage, new: int) -> Marking:
        again, office = self._give_back(message, self.clock.now(), counts=False), self.office

        def mark(tx: Transaction) -> None:
            outbox.move_chat(tx, message.chat_id, new)
            move_group(office.work(tx), message.chat_id, new)
            again(tx)

        return mark

    def _ambiguous(self, message: OutgoingMessage, error: ApiError) -> Marking:
        if message.attempts + 1 >= ATTEMPTS:
            log.error("message %d may or may not have gone out: %s", message.id, error)
            reason = str(error)
            return lambda tx: outbox.end(tx, message.id, OutboxState.UNKNOWN, reason)
        self.limits.rest(message.chat_id, AGAIN)
        return self._give_back(message, self.clock.now() + timedelta(seconds=AGAIN), counts=True)

    def _give_back(self, message: OutgoingMessage, until: datetime, *, counts: bool) -> Marking:
        return lambda tx: outbox.give_back(tx, message.id, until=until, counts=counts)


def _mark_all(tx: Transaction, marks: Sequence[Marking]) -> None:
    for mark in marks:
        mark(tx)


def _with_content(message: OutgoingMessage, content: dict[str, Any]) -> OutgoingMessage:
    return message if content is message.content else replace(message, content=content)
