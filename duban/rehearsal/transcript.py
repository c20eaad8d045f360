"""The rehearsal's transcript: who sent what to whom, when, in the order it happened."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO
from zoneinfo import ZoneInfo

from duban.rehearsal.botapi import BotApi, Entry

SAID = ("sendMessage", "editMessageText")


@dataclass
class Transcript:
    """Writes what persons do as it is played, and what the bot says as the embedded server saw it."""

    path: Path
    zone: ZoneInfo
    names: dict[int, str]
    _file: TextIO | None = None
    _seen: int = 0
    _day: str = ""

    def __enter__(self) -> Self:
        self._file = self.path.open("w", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def person(self, at: datetime, chat_id: int, what: str) -> None:
        """Write what a person sent or pressed."""
        self._line(at, f"{self._name(chat_id)} ▸ {what}")

    def remark(self, at: datetime, text: str) -> None:
        """Write what is not said in a chat: a command, a day's tick."""
        self._line(at, f"—— {text}")

    def bot(self, server: BotApi) -> int:
        """Write what the bot said since the last call; gives how many messages."""
        new = [entry for entry in server.journal.since(self._seen) if entry.method in SAID]
        self._seen = server.journal.seq
        for entry in new:
            self._bot_line(entry)
        return sum(entry.delivered for entry in new)

    def _bot_line(self, entry: Entry) -> None:
        chat_id = int(entry.chat_id or 0)
        if not entry.delivered:
            self._line(entry.at, f"督办 ✗ {self._name(chat_id)}：{entry.outcome}")
            return
        self._line(entry.at, f"督办 ▸ {self._name(chat_id)}\n{entry.args['text']}{_buttons(entry)}")

    def _line(self, at: datetime, text: str) -> None:
        assert self._file is not None  # noqa: S101  # used as a context
        local = at.astimezone(self.zone)
        day = f"{local:%Y-%m-%d}"
        if day != self._day:
            self._day = day
            self._file.write(f"\n# {day}\n")
        self._file.write(f"\n{local:%H:%M}  " + text.replace("\n", "\n       ") + "\n")

    def _name(self, chat_id: int) -> str:
        return self.names.get(chat_id, str(chat_id))


def _buttons(entry: Entry) -> str:
    markup = entry.args.get("reply_markup")
    if not isinstance(markup, dict):
        return ""
    rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
    return "".join("\n" + " ".join(f"[{button['text']}]" for button in row) for row in rows)
