"""The files kept: what came in, what goes out; their bytes are read only where they are needed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from storage.rows import add as add_row
from storage.rows import one
from storage.store import Transaction
from storage.tables import StoredFile, columns_of

_file = columns_of(StoredFile)
_add = insert(_file)
_content = select(_file.c.name, _file.c.media_type, _file.c.data).where(_file.c.id == bindparam("wanted"))


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file's name and bytes; the name is one to show, never a path."""

    name: str
    media_type: str
    data: bytes

    @property
    def sha256(self) -> str:
        """Give the hash of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


def add(
    tx: Transaction,
    content: FileContent,
    *,
    purpose: str,
    at: datetime,
    person_id: int | None = None,
    keep_until: datetime | None = None,
) -> int:
    """Keep a file, for good or until an instant; gives its number."""
    return add_row(
        tx,
        _add,
        {
            "name": content.name,
            "media_type": content.media_type,
            "size": len(content.data),
            "sha256": content.sha256,
            "data": content.data,
            "purpose": purpose,
            "person_id": person_id,
            "created_at": at,
            "keep_until": keep_until,
        },
    )


def read(tx: Transaction, file_id: int) -> FileContent | None:
    """Give a file with its bytes, or None where it is not kept any more."""
    return one(tx, FileContent, _content, {"wanted": file_id})


def keep(tx: Transaction, file_id: int) -> None:
    """Keep a file for good."""
    tx.execute(update(_file).where(_file.c.id == file_id).values(keep_until=None))


def drop(tx: Transaction, *file_ids: int) -> None:
    """Delete files."""
    tx.execute(delete(_file).where(_file.c.id.in_(file_ids)))


def forget_expired(tx: Transaction, *, at: datetime) -> int:
    """Delete the files that were kept until now; gives how many."""
    return tx.execute(delete(_file).where(_file.c.keep_until < at)).rowcount
