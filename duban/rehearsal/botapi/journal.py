"""Write down every call the bot makes, and whether it took effect."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, TextIO, overload

from duban.rehearsal.botapi.wire import encode

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from duban.rehearsal.botapi.args import Args


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one call: delivered says whether it took effect, whatever the bot was told."""

    seq: int
    at: datetime
    method: str
    args: Args
    outcome: str
    status: int
    delivered: bool
    chat_id: int | None = None
    message_id: int | None = None
    update_ids: tuple[int, ...] = ()
    fault: str = ""

    def line(self) -> str:
        """Print the entry as one line of JSON."""
        record = {name: getattr(self, name) for name in self.__slots__}
        return encode(record | {"at": self.at.isoformat()}) + "\n"


class Journal(Sequence[Entry]):
    """Keep entries in order of seq, the last `limit` of them where a limit is set."""

    def __init__(self, *, limit: int | None = None, path: Path | None = None) -> None:
        self._entries: deque[Entry] = deque(maxlen=limit)
        self._path = path
        self._file: TextIO | None = None
        self.seq = 0

    def __len__(self) -> int:
        """Count the entries kept."""
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """Go through the entries, oldest first."""
        return iter(self._entries)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        """Give one entry, or a list of them."""
        return list(self._entries)[index] if isinstance(index, slice) else self._entries[index]

    def add(self, entry: Entry) -> None:
        """Append an entry, and its line to the file where there is one."""
        self._entries.append(entry)
        if self._path is not None:
            self._file = self._file or self._path.open("a", encoding="utf-8")
            self._file.write(entry.line())

    def next_seq(self) -> int:
        """Number the next entry, from 1."""
        self.seq += 1
        return self.seq

    def since(self, seq: int) -> list[Entry]:
        """List the entries after the one with this number, oldest first."""
        return list(takewhile(lambda entry: entry.seq > seq, reversed(self._entries)))[::-1]

    def of(self, method: str, chat_id: int | None = None) -> list[Entry]:
        """List the entries of one method, in one chat where it is given."""
        return [e for e in self._entries if e.method == method and chat_id in {None, e.chat_id}]

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
            self._file = None
