"""Keep the bytes behind file_id and file_path."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from duban.rehearsal.botapi.wire import Json, bad_request

DOWNLOAD_LIMIT = 20 << 20  # tdlib Client.h MAX_DOWNLOAD_FILE_SIZE
UPLOAD_LIMIT = 50 * 1024 * 1024  # Bot API sendDocument
PHOTO_LIMIT = 10 * 1024 * 1024  # Bot API sendPhoto
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"RIFF", b"BM")  # how the formats Telegram shows as a photo begin


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Hold a file as Telegram keeps it; file_path is what follows /file/bot{token}/."""

    file_id: str
    file_unique_id: str
    file_path: str
    name: str
    data: bytes
    mime: str

    @property
    def size(self) -> int:
        """Count the bytes."""
        return len(self.data)

    @property
    def is_picture(self) -> bool:
        """Say whether Telegram could show it as a photo."""
        return self.data.startswith(PICTURES)

    def as_document(self) -> Json:
        """Print it as a Bot API Document."""
        return self.as_file() | {"file_name": self.name, "mime_type": self.mime}

    def as_photo(self) -> list[Json]:
        """Print it as a Bot API list of PhotoSize."""
        return [self.as_file() | {"width": 90, "height": 90}]

    def as_file(self) -> Json:
        """Print what every file object has."""
        return {"file_id": self.file_id, "file_unique_id": self.file_unique_id, "file_size": self.size}


class FileStore:
    """Find files by id and by path."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._opened: set[str] = set()

    def add(self, data: bytes, name: str, *, folder: str = "documents") -> StoredFile:
        """Store bytes under a new id; the name never reaches the path (a user chose it)."""
        number = len(self._by_id)
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        extension = mimetypes.guess_extension(mime) or ""
        path = f"{folder}/file_{number}{extension}"
        stored = StoredFile(f"BQACAgUAAxkBAAI{number:08x}", f"AgAD{number:08x}", path, name, data, mime)
        self._by_id[stored.file_id] = self._by_path[path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile:
        """Find by id (tdlib Client.cpp: "wrong file_id or the file is temporarily unavailable")."""
        if file_id not in self._by_id:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return self._by_id[file_id]

    def open(self, stored: StoredFile) -> None:
        """Make a file's link work (Bot API getFile: "prepare a file for downloading")."""
        self._opened.add(stored.file_path)

    def at_path(self, path: str) -> StoredFile | None:
        """Find by path, for the download link; there is none before getFile was called."""
        return self._by_path.get(path) if path in self._opened else None
