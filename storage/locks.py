"""Which process may write now, and which one is the service?

One lock file beside the SQLite database is held for every write, checkpoint and closing of a connection, so that no two
connections ever write and checkpoint at once (sqlite.org/wal.html#walresetbug). A second one marks a running service.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from storage.engine import StorageError


class FileLock:
    """Hold a file's lock between processes; entering waits for it."""

    def __init__(self, path: Path) -> None:
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageError(f"the lock file {path} cannot be opened: {error.strerror}; mend its folder") from error

    def __enter__(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def try_lock(self) -> bool:
        """Take the lock if no other process holds it."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        """Give the lock up."""
        os.close(self._descriptor)


def write_lock(database: Path) -> FileLock:
    """Open the lock under which every process writes to this database."""
    return FileLock(database.with_name(database.name + ".lock"))


@contextmanager
def service_lock(database: Path | None, *, otherwise: str) -> Iterator[None]:
    """Be the only service (or restore) on this SQLite file while the block runs.

    Raises: StorageError with the sentence `otherwise` where another process is.
    """
    if database is None:
        yield
        return
    lock = FileLock(database.with_name(database.name + ".run.lock"))
    try:
        if not lock.try_lock():
            raise StorageError(otherwise)
        yield
    finally:
        lock.close()
