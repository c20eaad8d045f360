"""A small table to act on, and another process that holds a lock."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from storage.store import SqliteStore, Transaction

HOLDER = """
import sys
from pathlib import Path
from storage.locks import write_lock
with write_lock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def new_store(folder: Path, *, checkpoints: bool = False) -> SqliteStore:
    """Open a store on a database with one table, `counter (id, n, text)`."""
    file = folder / "duban.db"
    if not file.exists():
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE counter (id INTEGER PRIMARY KEY, n INTEGER NOT NULL, text TEXT)")
            connection.execute("INSERT INTO counter VALUES (1, 0, '')")
            connection.commit()
    return SqliteStore(f"sqlite:///{file}", file, checkpoints=checkpoints)


def add_row(tx: Transaction, text: str = "", n: int = 0) -> None:
    """Add a row."""
    tx.exec_driver_sql("INSERT INTO counter (n, text) VALUES (?, ?)", (n, text))


def texts(tx: Transaction) -> list[Any]:
    """List the texts of the rows but the first."""
    return list(tx.exec_driver_sql("SELECT text FROM counter WHERE id > 1 ORDER BY id").scalars())


def count_up(tx: Transaction) -> int:
    """Read, then write: what a deferred transaction loses."""
    found = int(tx.exec_driver_sql("SELECT n FROM counter WHERE id = 1").scalar_one())
    tx.exec_driver_sql("UPDATE counter SET n = ? WHERE id = 1", (found + 1,))
    return found + 1


def counted(tx: Transaction) -> int:
    """Give what was counted."""
    return int(tx.exec_driver_sql("SELECT n FROM counter WHERE id = 1").scalar_one())


@contextmanager
def lock_held_elsewhere(database: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Hold the write lock in another process while the block runs, or until its stdin gets a line."""
    command = [sys.executable, "-c", HOLDER, str(database)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.communicate(b"\n")
