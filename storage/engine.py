"""How is a database opened so that what is committed stays, and nothing written is lost to another writer?

SQLite: BEGIN IMMEDIATE (a deferred transaction loses updates without an error), WAL with synchronous=FULL (one sync a
commit), foreign keys on, and no checkpoint but ours: sqlite.org/pragma.html, sqlite.org/wal.html#walresetbug.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool, StaticPool

from storage.broken import read_json

WAITS = 10_000  # milliseconds for which SQLite waits for another process's lock
SAFE_SQLITE = (3, 51, 3)  # sqlite.org/changes.html: the WAL-reset bug is fixed from here on
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: dumps makes one a call


class StorageError(Exception):
    """The database cannot be used as it is; the message says why and what to do."""


def database_file(url: str) -> Path | None:
    """Give the file of a SQLite url, or None for another database.

    Raises: StorageError for a url that cannot be read, or SQLite in memory (it would lose everything).
    """
    try:
        parts = make_url(url)
    except Exception as error:
        raise StorageError(f"[database] url {url!r} is not a database address; e.g. sqlite:///data/duban.db") from error
    if parts.get_backend_name() != "sqlite":
        return None
    if not parts.database or parts.database == ":memory:":
        raise StorageError("[database] url must name a file; e.g. sqlite:///data/duban.db")
    return Path(parts.database)


def open_engine(url: str, *, for_reading: bool = False) -> Engine:
    """Open a database; the file must exist for SQLite.

    Raises: StorageError where the SQLite file is missing: a new one is only ever made by `duban init`.
    """
    file = database_file(url)
    # hidden parameters: what a person wrote must not stand in an error's text, and so in no log
    options: dict[str, Any] = {
        "json_serializer": _to_json,
        "json_deserializer": read_json,
        "pool_pre_ping": file is None,
        "hide_parameters": True,
    }
    if file is None:
        return create_engine(_with_driver(url), pool_size=4, max_overflow=0, **options)
    if not file.exists():
        raise StorageError(f"there is no database at {file}; run `duban init` first, or mend [database] url")
    engine = create_engine(
        url, poolclass=StaticPool if not for_reading else NullPool, connect_args={"check_same_thread": False}, **options
    )
    event.listen(engine, "connect", _prepare_reader if for_reading else _prepare_writer)
    event.listen(engine, "begin", _begin if for_reading else _begin_immediate)
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Read one consistent state; nothing is ever written."""
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def _with_driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _prepare_writer(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={WAITS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "wal_autocheckpoint=0",
        "secure_delete=ON",  # what is blanked, e.g. a phone number in a stored update, is gone from the file
    ):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_reader(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (f"busy_timeout={WAITS}", "query_only=ON", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
