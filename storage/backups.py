"""How is everything kept copied out while the service runs, and put back?"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage.engine import StorageError, database_file, open_engine
from storage.locks import service_lock, write_lock
from storage.records import note
from storage.schema import is_current, migrate

RESTORED = "restored"  # its value then; a pause has one of its own, see office.chasing.holding
HELD = "sending_held"  # the fact that keeps the sender still until a person lets it go


def back_up(url: str, out: Path) -> int:
    """Copy the database as of one instant, beside a running service, and verify the copy; gives its size in bytes.

    Raises: StorageError where `out` exists or cannot be written, the copy is damaged, or the database is PostgreSQL.
    """
    source = _sqlite_file(url)
    if out.exists():
        raise StorageError(f"{out} exists already; give a file name that is not taken")
    if not source.exists():
        raise StorageError(f"there is no database at {source}; run `duban init` first, or mend [database] url")
    partial = out.with_name(out.name + ".part")
    try:
        partial.unlink(missing_ok=True)  # of a copy that was broken off
        _copy(source, partial)
        verify(partial)
        os.replace(partial, out)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"the backup could not be written to {out}: {error}") from error
    finally:
        partial.unlink(missing_ok=True)
    return out.stat().st_size


def verify(file: Path) -> None:
    """Check that a file is a whole database of this service.

    Raises: StorageError where it is damaged, or no such database.
    """
    try:
        with closing(_open_for_reading(file)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
            tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise StorageError(f"{file} is not a readable database: {error}") from error
    if found != "ok":
        raise StorageError(f"{file} is damaged ({found}); use another backup")
    if "outbox" not in tables:
        raise StorageError(f"{file} is not a backup of this service; give a file that `duban backup` wrote")


def restore(url: str, backup: Path, *, at: datetime) -> None:
    """Put a backup in the database's place; the replaced one is kept, and nothing is sent until a person confirms.

    Raises: StorageError where a service runs, or the backup is missing, damaged or of a newer version.
    """
    target = _sqlite_file(url)
    if not backup.exists():
        raise StorageError(f"there is no file {backup}")
    verify(backup)
    target.parent.mkdir(parents=True, exist_ok=True)
    refusal = "the service is running on this database; stop `duban run` first, then restore"
    with service_lock(target, otherwise=refusal):
        fresh = target.with_name(target.name + ".restoring")
        try:
            _remove(fresh)
            _copy(backup, fresh)
            fresh_url = f"sqlite:///{fresh}"
            migrate(fresh_url)
            _hold_sending(fresh_url, at)
            _keep_aside(target, at)
            _put_in_place(fresh, target)
        except (OSError, sqlite3.Error) as error:
            raise StorageError(f"{backup} could not be put in place of {target}: {error}") from error
        finally:
            _remove(fresh)


def _hold_sending(url: str, at: datetime) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        note(connection, HELD, RESTORED, at=at)
        assert is_current(connection)  # noqa: S101
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()


def _keep_aside(target: Path, at: datetime) -> None:
    """Keep the database that is replaced, beside it; a damaged one as it is."""
    if not target.exists():
        return
    aside = target.with_name(f"{target.stem}-before-restore-{at:%Y%m%dT%H%M%S}{target.suffix}")
    try:
        _copy(target, aside)
    except sqlite3.Error:
        shutil.copyfile(target, aside)


def _put_in_place(fresh: Path, target: Path) -> None:
    lock = write_lock(target)
    with lock:
        for suffix in ("-wal", "-shm"):  # the old database's log would be played into the new one
            target.with_name(target.name + suffix).unlink(missing_ok=True)
        os.replace(fresh, target)
    lock.close()


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm", ".lock"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with (
        closing(_open_for_reading(source)) as from_,
        closing(sqlite3.connect(target)) as to,
    ):
        from_.backup(to)
        to.execute("PRAGMA journal_mode=DELETE")
    os.chmod(target, 0o600)


def _open_for_reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)


def _sqlite_file(url: str) -> Path:
    file = database_file(url)
    if file is None:
        raise StorageError("this database is PostgreSQL: back it up with pg_dump, restore it with pg_restore")
    return file
