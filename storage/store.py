"""How does an act on the data become durable, from any thread?

An act is a function of a transaction. On SQLite one writer thread commits together whatever acts are waiting: each in
a savepoint of its own, all under one sync. On PostgreSQL each act is a transaction of its own in a small pool.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from rules import meters
from rules.failpoints import reach
from storage.engine import WAITS, StorageError, database_file, open_engine, reading
from storage.locks import write_lock

log = logging.getLogger("duban.store")
Transaction = Connection
T = TypeVar("T")
Act = Callable[[Transaction], T]
TOGETHER = 64  # acts in one commit: past this a waiting caller notices
WAL_LIMIT = 4_000_000  # bytes of write-ahead log after which the service checkpoints


class Store(ABC):
    """Runs acts: `write` and `read` from async code, `write_now` and `read_now` from plain code."""

    @abstractmethod
    def submit(self, act: Act[T]) -> Future[T]:
        """Hand an act over; the future ends when it is committed, or holds what it raised."""

    @abstractmethod
    def submit_read(self, act: Act[T]) -> Future[T]:
        """Hand over an act that only reads."""

    @abstractmethod
    def close(self) -> None:
        """Finish what was handed over and close the database."""

    async def write(self, act: Act[T]) -> T:
        """Run an act and return once it is durable."""
        return await asyncio.wrap_future(self.submit(act))

    async def read(self, act: Act[T]) -> T:
        """Run an act that only reads."""
        return await asyncio.wrap_future(self.submit_read(act))

    def write_now(self, act: Act[T]) -> T:
        """Run an act and return once it is durable, from code without a loop."""
        return self.submit(act).result()

    def read_now(self, act: Act[T]) -> T:
        """Run an act that only reads, from code without a loop."""
        return self.submit_read(act).result()


def open_store(url: str, *, checkpoints: bool = False) -> Store:
    """Open the database for acts; only the service asks for `checkpoints`.

    Raises: StorageError where the database is missing or its address is wrong.
    """
    file = database_file(url)
    if file is None:
        return PostgresStore(url)
    return SqliteStore(url, file, checkpoints=checkpoints)


class SqliteStore(Store):
    """One writer thread, one reader thread, one lock file shared with other processes."""

    def __init__(self, url: str, file: Path, *, checkpoints: bool) -> None:
        self._engine = open_engine(url)
        self._read_engine = open_engine(url, for_reading=True)
        self._lock = write_lock(file)
        self._wal = file.with_name(file.name + "-wal")
        self._checkpoints = checkpoints
        self._waiting: queue.SimpleQueue[tuple[Act[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._gate = threading.Lock()  # nothing is handed over once closing has begun
        self._is_closed = False
        try:
            with self._lock:
                self._connection = self._engine.connect()
                self._reading = self._read_engine.connect()  # used by the one reader thread only
        except DBAPIError as error:
            self._lock.close()
            raise StorageError(
                f"{file} cannot be opened as a database ({error.orig}); put a backup in its place with `duban restore`"
            ) from error
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()
        self._readers = ThreadPoolExecutor(1, "reader")

    def submit(self, act: Act[T]) -> Future[T]:
        future: Future[T] = Future()
        with self._gate:
            if self._is_closed:
                future.set_exception(StorageError("the database is closed"))
            else:
                self._waiting.put((act, future))
        return future

    def submit_read(self, act: Act[T]) -> Future[T]:
        return self._readers.submit(self._read, act)

    def close(self) -> None:
        with self._gate:
            if self._is_closed:
                return
            self._is_closed = True
            self._waiting.put(None)
        self._thread.join()
        self._readers.shutdown()
        with self._lock:  # the last connection to close checkpoints
            self._connection.close()
            self._engine.dispose()
            self._reading.close()
            self._read_engine.dispose()
        self._lock.close()

    def _read(self, act: Act[T]) -> T:
        with self._reading.begin() as transaction:
            try:
                return act(self._reading)
            finally:
                transaction.rollback()

    def _work(self) -> None:
        while batch := list(self._take()):
            _settle(self._commit(batch))

    def _take(self) -> Iterator[tuple[Act[Any], Future[Any]]]:
        """Wait for one act, then take what else is waiting; nothing once the store closes."""
        wait = True
        for _ in range(TOGETHER):
            try:
                item = self._waiting.get(block=wait)
            except queue.Empty:
                return
            if item is None:
                if not wait:
                    self._waiting.put(None)
                return
            if item[1].set_running_or_notify_cancel():  # from here on nobody can cancel it
                yield item
                wait = False

    def _commit(self, batch: list[tuple[Act[Any], Future[Any]]]) -> list[tuple[Future[Any], Any, BaseException | None]]:
        try:
            with meters.WRITE_SECONDS.time(), self._lock:
                with self._connection.begin():
                    ended = [(future, *_run_apart(self._connection, act)) for act, future in batch]
                    reach("store.before_commit")
                reach("store.after_commit")
                self._checkpoint()
        except _RolledBackError as error:
            if len(batch) > 1:  # one act cost the others their transaction: each has another, of its own
                return [ended for item in batch for ended in self._commit([item])]
            return [(batch[0][1], None, error.cause)]
        except BaseException as error:  # noqa: BLE001  # nothing of this batch was committed: each caller is told
            return [(future, None, error) for _, future in batch]
        return ended

    def _checkpoint(self) -> None:
        """Checkpoint a long log, waiting for no reader; what fails is tried again after a later commit."""
        if not self._checkpoints:
            return
        raw: Any = self._connection.connection.driver_connection
        try:
            if self._wal.stat().st_size <= WAL_LIMIT:
                return
            raw.execute("PRAGMA busy_timeout=0")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        except (OSError, sqlite3.Error) as error:  # what was committed stays committed: nobody is told otherwise
            log.warning("the log could not be checkpointed yet: %s", error)
        finally:
            raw.execute(f"PRAGMA busy_timeout={WAITS}")


class PostgresStore(Store):
    """A small pool; the database itself keeps writers apart."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)
        self._threads = ThreadPoolExecutor(4, "store")

    def submit(self, act: Act[T]) -> Future[T]:
        return self._threads.submit(self._write, act)

    def submit_read(self, act: Act[T]) -> Future[T]:
        return self._threads.submit(self._read, act)

    def close(self) -> None:
        self._threads.shutdown()
        self._engine.dispose()

    def _write(self, act: Act[T]) -> T:
        with meters.WRITE_SECONDS.time(), self._engine.begin() as connection:
            return act(connection)

    def _read(self, act: Act[T]) -> T:
        with reading(self._engine) as connection:
            return act(connection)


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Undo what the block did, and only that, where it raises."""
    raw: Any = connection.connection.driver_connection  # the driver itself: SQLAlchemy's part costs more than SQLite's
    raw.execute("SAVEPOINT act")
    try:
        yield
    except BaseException:
        if is_in_transaction(connection):
            raw.execute("ROLLBACK TO act")
            raw.execute("RELEASE act")
        raise
    raw.execute("RELEASE act")


class _RolledBackError(Exception):
    """SQLite gave the whole transaction up for one act's error (a full disk: sqlite.org/lang_transaction.html)."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__()
        self.cause = cause


def _run_apart(connection: Connection, act: Act[Any]) -> tuple[Any, BaseException | None]:
    try:
        with savepoint(connection):
            return act(connection), None
    except BaseException as error:  # handed to the caller that is waiting for it
        if not is_in_transaction(connection):
            raise _RolledBackError(error) from error
        return None, error


def is_in_transaction(connection: Connection) -> bool:
    """Whether the driver's transaction still stands; PostgreSQL ends none by itself."""
    return bool(getattr(connection.connection.driver_connection, "in_transaction", True))


def _settle(ended: list[tuple[Future[Any], Any, BaseException | None]]) -> None:
    for future, result, error in ended:
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)
