"""Which use case does an update call for? Each handler reads the update, carries out one use case, and no more."""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, Document, Update
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    ExtBot,
    MessageHandler,
    filters,
)

from bot.api import DOWNLOAD_LIMIT, ApiError, RefusedError, TelegramApi, TooLargeError, UnauthorizedError
from bot.desk import Desk, in_hand
from bot.reading import clean_file_name, clean_media_type, clean_name, command, letter
from bot.request import SharedRequest
from bot.words import Words
from office.acting import DONE, DONE_ONCE, EXPIRED, USED, press
from office.answering import answer_command, answer_in_group
from office.chasing.arranging import offer_arrangement
from office.chasing.rectifying import is_asked_for, takes_files
from office.notice.taking_in import TOO_LARGE, Opened, Refused, may_send_notice, open_file, take_in
from office.receiving import receive_edit, receive_file, receive_other, receive_text
from office.register.groups import move_group, note_added, note_removed
from office.register.registering import note_reach, receive_contact, register
from office.reports.attaching import SentFile, UnfitFile, fit, is_type_taken, may_attach
from office.reports.form_taking import FormFile, may_send_form, open_form, take_form
from office.work import Letter, Work
from rules.arrangement import looks_arranged
from rules.failpoints import reach
from rules.policy import Policy
from storage.files import FileContent
from storage.people import language_of

log = logging.getLogger("duban.handlers")
App = Application[Any, Any, Any, Any, Any, Any]
Context = CallbackContext[Any, Any, Any, Any]
PRIVATE = filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
GROUPS = filters.ChatType.GROUPS & filters.UpdateType.MESSAGE
FILES = filters.PHOTO | filters.VIDEO | filters.VIDEO_NOTE | filters.AUDIO | filters.VOICE
PHOTO_NAME, PHOTO_TYPE = "照片.jpg", "image/jpeg"  # Telegram names no photo, and makes each a JPEG
TOAST_SECONDS = 5.0
READERS = 2  # files fetched and read at the same time: each may be large, and reading it takes a processor


def build_application(token: str, api: TelegramApi, desk: Desk) -> App:
    """Put the handlers behind the desk, over the one HTTP session."""
    bot: ExtBot[None] = ExtBot(token, request=SharedRequest(api), get_updates_request=SharedRequest(api))
    application = ApplicationBuilder().bot(bot).updater(None).job_queue(None).build()
    handlers = Handlers(desk, api)
    application.add_handlers(
        [
            MessageHandler(PRIVATE & filters.CONTACT, handlers.on_contact),
            MessageHandler(PRIVATE & filters.Document.ALL, handlers.on_document),
            MessageHandler(PRIVATE & FILES, handlers.on_file),
            MessageHandler(PRIVATE & (filters.TEXT | filters.CAPTION), handlers.on_text),
            MessageHandler(PRIVATE & ~filters.StatusUpdate.ALL, handlers.on_other),
            MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE, handlers.on_edit),
            MessageHandler(GROUPS & filters.StatusUpdate.MIGRATE, handlers.on_move),
            MessageHandler(GROUPS & ~filters.StatusUpdate.ALL, handlers.on_group),
            CallbackQueryHandler(handlers.on_press),
            ChatMemberHandler(handlers.on_reach, ChatMemberHandler.MY_CHAT_MEMBER),
        ]
    )
    application.add_error_handler(_keep_error)
    desk.handle = application.process_update
    desk.parse = lambda raw: Update.de_json(raw, bot)
    return application


class Handlers:
    """The conversations' entrances."""

    def __init__(self, desk: Desk, api: TelegramApi) -> None:
        self._desk = desk
        self._api = api
        self._readers = asyncio.Semaphore(READERS)

    async def on_text(self, update: Update, _context: Context) -> None:
        """Take a text: a command, a code, a fixed word, an answer or a report."""
        note = _letter(update)
        called = command(note.text)
        if called is None:
            await self._desk.do(receive_text, note, album=_album(update))
        elif called[0] == "start" and called[1]:
            await self._desk.do(register, note, called[1])
        else:
            await self._desk.do(answer_command, note, *called)

    async def on_edit(self, update: Update, _context: Context) -> None:
        """Take an edited text; an edited command is not carried out again."""
        await self._desk.do(receive_edit, _letter(update))

    async def on_contact(self, update: Update, _context: Context) -> None:
        """Take a shared contact."""
        message = update.effective_message
        assert message is not None  # noqa: S101  # the filter let it in
        contact = message.contact
        assert contact is not None  # noqa: S101
        await self._desk.do(receive_contact, _letter(update), contact.phone_number, contact.user_id)

    async def on_other(self, update: Update, _context: Context) -> None:
        """Take what is no text."""
        await self._desk.do(receive_other, _letter(update), album=_album(update))

    async def on_document(self, update: Update, context: Context) -> None:
        """Take a document: a notice from the office's own people, a form or an attachment from a liaison."""
        note, document = _letter(update), _document(update)
        if await self._desk.store.read(lambda tx: is_asked_for(self._desk.office.work(tx), note)):
            await self.on_file(update, context)
            return
        may_be = await self._desk.store.read(lambda tx: _what_it_may_be(self._desk.office.work(tx), note, document))
        found = await self._opened(document, may_be) if may_be != MayBe() else None
        if isinstance(found, FormFile) or (isinstance(found, Refused) and not may_be.notice):
            await self._desk.do(take_form, note, found)
        elif isinstance(found, FileContent):
            await self._desk.do(offer_arrangement, note, found)
        elif found is not None:
            await self._desk.do(take_in, note, found)
        else:
            await self.on_file(update, context)

    async def on_file(self, update: Update, context: Context) -> None:
        """Take a photo or document as a report's attachment; from others only the text under it counts."""
        note = _letter(update)
        if await self._desk.store.read(lambda tx: _may_send_files(self._desk.office.work(tx), note)):
            said = note if command(note.text) is None else replace(note, text="")
            received = await self._received(update)
            if received is not None or said.text:
                await self._desk.do(receive_file, said, received or UnfitFile("type"), album=_album(update))
            else:
                await self.on_other(update, context)
        elif note.text:
            await self.on_text(update, context)
        else:
            await self.on_other(update, context)

    async def on_press(self, update: Update, _context: Context) -> None:
        """Take a pressed button, then stop its spinner."""
        query = update.callback_query
        assert query is not None  # noqa: S101  # the handler takes nothing else
        note = _pressed(query)
        outcome = await self._desk.do(press, note, query.data or "")
        language = await self._desk.store.read(lambda tx: language_of(tx, note.telegram_id))
        await self._answer(query, Words(language, self._desk.office.policy.zone), outcome)

    async def on_group(self, update: Update, context: Context) -> None:
        """Take what is said in a group: only commands to this bot, of persons who show who they are."""
        message = update.effective_message
        assert message is not None  # noqa: S101  # the filter let it in
        note = _letter(update)
        is_hidden = message.sender_chat is not None or (message.from_user is not None and message.from_user.is_bot)
        called = None if is_hidden else command(note.text, bot_name=context.bot.username)
        await self._desk.do(answer_in_group, note, clean_name(message.chat.title or ""), called)

    async def on_move(self, update: Update, _context: Context) -> None:
        """Follow a group that became a supergroup, whichever of its two messages comes first."""
        message = update.effective_message
        assert message is not None  # noqa: S101  # the filter let it in
        old = message.migrate_from_chat_id or message.chat.id
        await self._desk.do(move_group, old, message.migrate_to_chat_id or message.chat.id)

    async def on_reach(self, update: Update, _context: Context) -> None:
        """Note that a person blocked the bot, or took it back; that it was added to a group, or removed."""
        changed = update.my_chat_member
        assert changed is not None  # noqa: S101  # the handler takes nothing else
        chat, now = changed.chat, changed.new_chat_member
        if chat.type != "private":
            is_in = now.status in ("member", "administrator") or bool(getattr(now, "is_member", False))
            if is_in:
                is_group = chat.type in ("group", "supergroup")
                await self._desk.do(
                    note_added, chat.id, clean_name(chat.title or ""), by=changed.from_user.id, is_group=is_group
                )
            else:
                await self._desk.do(note_removed, chat.id)
        else:
            await self._desk.do(note_reach, changed.chat.id, blocked=changed.new_chat_member.status == "kicked")

    async def _opened(self, document: Document, may_be: "MayBe") -> Opened | FormFile | FileContent | Refused | None:
        """Fetch a file and read it, while other chats are answered; nothing is kept yet. None where it is no form.

        An arrangement of days off is given as it is.

        Raises: ApiError where it cannot be fetched; the update is then tried again.
        """
        if (document.file_size or 0) > DOWNLOAD_LIMIT:
            return TOO_LARGE
        async with self._readers:
            try:
                data = await self._api.download(document.file_id)
            except TooLargeError:
                return TOO_LARGE
            content = FileContent(clean_file_name(document.file_name), clean_media_type(document.mime_type), data)
            if may_be.notice and looks_arranged(content.data):
                return content
            policy = await self._desk.store.read(lambda tx: self._desk.office.work(tx).policy)
            found = await asyncio.to_thread(_read, content, may_be, policy)
        reach("handlers.opened")
        return found

    async def _received(self, update: Update) -> SentFile | UnfitFile | None:
        """Fetch a photo or document, while other chats are answered; nothing is kept yet. None for anything else.

        Raises: ApiError where it cannot be fetched now; the update is then tried again.
        """
        message = update.effective_message
        assert message is not None  # noqa: S101  # the filter let it in
        found = message.document or (message.photo[-1] if message.photo else None)
        if found is None:
            return None
        name, media_type = PHOTO_NAME, PHOTO_TYPE
        if message.document is not None:
            name = clean_file_name(message.document.file_name)
            media_type = clean_media_type(message.document.mime_type)
        if not is_type_taken(name):
            return UnfitFile("type")
        if (found.file_size or 0) > DOWNLOAD_LIMIT:
            return UnfitFile("too_large")
        async with self._readers:
            try:
                data = await self._api.download(found.file_id)
            except TooLargeError:
                return UnfitFile("too_large")
            except RefusedError as error:
                if isinstance(error, UnauthorizedError):
                    raise
                log.warning("Telegram does not hand out a file: %s", error)
                return UnfitFile("unavailable")
        reach("handlers.received")
        return fit(FileContent(name, media_type, data), found.file_unique_id)

    async def _answer(self, query: CallbackQuery, words: Words, outcome: str) -> None:
        """Answer a press as far as it still can be: what it did is committed already, so a failure here hurts nobody."""
        name = DONE if outcome == DONE_ONCE else outcome
        text = words(f"toast.{name}")
        try:
            await self._api.call(
                "answerCallbackQuery", {"callback_query_id": query.id, "text": text}, seconds=TOAST_SECONDS
            )
            if query.message is not None and outcome in (DONE_ONCE, USED, EXPIRED):
                place = {"chat_id": query.message.chat.id, "message_id": query.message.message_id}
                await self._api.call("editMessageReplyMarkup", place, seconds=TOAST_SECONDS)
        except ApiError as error:
            log.info("a press could not be answered: %s", error)


@dataclass(frozen=True, slots=True)
class MayBe:
    """What a file may be, by who sends it."""

    notice: bool = False
    form: bool = False


def _may_send_files(work: Work, note: Letter) -> bool:
    return may_attach(work, note) or takes_files(work, note)


def _what_it_may_be(work: Work, note: Letter, document: Document) -> MayBe:
    form = may_send_form(work, note, clean_file_name(document.file_name), document.file_size or 0)
    return MayBe(may_send_notice(work, note), form)


def _read(content: FileContent, may_be: MayBe, policy: Policy) -> Opened | FormFile | Refused | None:
    form = open_form(content, only_marked=may_be.notice) if may_be.form else None
    if form is not None or not may_be.notice:
        return form
    return open_file(content, policy.calendar, override_secrecy=policy.override_secrecy)


def _document(update: Update) -> Document:
    document = update.effective_message.document if update.effective_message is not None else None
    assert document is not None  # noqa: S101  # the filter let it in
    return document


def _letter(update: Update) -> Letter:
    message, sender = update.effective_message, update.effective_user
    assert message is not None  # noqa: S101  # the filters let only messages of persons in
    assert sender is not None  # noqa: S101
    return letter(message, sender, received_at=in_hand.get().row.received_at)


def _album(update: Update) -> str | None:
    message = update.effective_message
    return message.media_group_id if message is not None else None


def _pressed(query: CallbackQuery) -> Letter:
    """Read a press: it has no time and no text of its own."""
    chat_id = query.message.chat.id if query.message is not None else query.from_user.id
    message_id = query.message.message_id if query.message is not None else 0
    received_at = in_hand.get().row.received_at
    return Letter(chat_id, query.from_user.id, clean_name(query.from_user.full_name), message_id, received_at)


async def _keep_error(_update: object, context: Context) -> None:
    """Hand a handler's error to the desk, which tries the update again."""
    in_hand.get().error = context.error
