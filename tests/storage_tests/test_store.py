"""What is committed together, what is told to whom, and what happens when the disk is full."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from storage import store as store_module
from storage.engine import StorageError
from storage.locks import FileLock
from storage.store import SqliteStore, Transaction, open_store
from tests.storage_tests.premises import add_row, count_up, counted, lock_held_elsewhere, new_store, texts

COUNTER = """
import sys
from pathlib import Path
from tests.storage_tests.premises import count_up, new_store
store = new_store(Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    store.write_now(count_up)
store.close()
"""


@pytest.fixture(name="store")
def _store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = new_store(tmp_path)
    yield store
    store.close()


def together(store: SqliteStore, *acts: Any) -> list[Future[Any]]:
    """Have acts wait for the writer at the same time, so that one commit takes them all."""
    entered, let_go = threading.Event(), threading.Event()

    def hold(_tx: Transaction) -> None:
        entered.set()
        assert let_go.wait(10)

    first = store.submit(hold)
    assert entered.wait(10)
    futures = [store.submit(act) for act in acts]
    let_go.set()
    first.result(10)
    return futures


def failing(tx: Transaction) -> None:
    add_row(tx, "half done")
    raise ValueError("no")


def raw(store: SqliteStore) -> sqlite3.Connection:
    connection = store._connection.connection.driver_connection
    assert isinstance(connection, sqlite3.Connection)
    return connection


def test_an_act_that_fails_is_undone_alone(store: SqliteStore) -> None:
    futures = together(store, lambda tx: add_row(tx, "a"), failing, lambda tx: add_row(tx, "b"))
    assert isinstance(futures[1].exception(10), ValueError)
    assert [futures[i].exception(10) for i in (0, 2)] == [None, None]
    assert store.read_now(texts) == ["a", "b"]


def test_an_act_that_ends_the_program_ends_only_itself(store: SqliteStore) -> None:
    def leave(_tx: Transaction) -> None:
        sys.exit(3)

    assert isinstance(store.submit(leave).exception(10), SystemExit)
    store.write_now(add_row)


def test_what_waits_together_is_one_commit(store: SqliteStore) -> None:
    begun: list[str] = []
    store.write_now(lambda tx: None)
    raw(store).set_trace_callback(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)
    for future in together(store, *[add_row] * 40):
        future.result(10)
    assert begun == ["BEGIN IMMEDIATE"] * 2  # the one that held the others up, and theirs


def test_threads_lose_no_count(store: SqliteStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: store.write_now(count_up), range(400)))
    assert sorted(told) == list(range(1, 401))
    assert store.read_now(counted) == 400


def test_two_processes_lose_no_count(store: SqliteStore, tmp_path: Path) -> None:
    command = [sys.executable, "-c", COUNTER, str(tmp_path), "150"]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as other:
        for _ in range(150):
            store.write_now(count_up)
        assert other.wait(60) == 0
    assert store.read_now(counted) == 300


def test_every_connection_is_set_up(store: SqliteStore) -> None:
    def pragmas(tx: Transaction) -> dict[str, Any]:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "wal_autocheckpoint", "query_only")
        return {name: tx.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}

    common = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10000, "wal_autocheckpoint": 0}
    assert store.write_now(pragmas) == {**common, "foreign_keys": 1, "query_only": 0}
    for _ in range(3):  # a new connection each time
        assert store.read_now(pragmas).items() >= {**common, "query_only": 1}.items()


def test_reading_cannot_write(store: SqliteStore) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        store.read_now(add_row)


# --- the lock file ---------------------------------------------------------------------------------------------------


def test_a_write_waits_for_the_lock_and_then_goes_on(store: SqliteStore, tmp_path: Path) -> None:
    with lock_held_elsewhere(tmp_path / "duban.db"):
        future = store.submit(lambda tx: add_row(tx, "later"))
        with pytest.raises(TimeoutError):
            future.result(0.2)
        assert store.read_now(texts) == []  # reading waits for nobody
    future.result(10)
    assert store.read_now(texts) == ["later"]


def test_opening_and_closing_wait_for_the_lock_too(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    with lock_held_elsewhere(tmp_path / "duban.db"):
        closing_ = threading.Thread(target=store.close)
        closing_.start()
        closing_.join(0.2)
        assert closing_.is_alive()
        opening = ThreadPoolExecutor(1).submit(new_store, tmp_path)
        with pytest.raises(TimeoutError):
            opening.result(0.2)
    closing_.join(10)
    opening.result(10).close()


def test_commits_checkpoints_and_closing_happen_under_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Watch every statement of the writing connection: none runs while the lock is not held."""
    monkeypatch.setattr(store_module, "WAL_LIMIT", 0)
    held: list[bool] = [False]
    outside: list[str] = []
    enter, leave = FileLock.__enter__, FileLock.__exit__

    def note_enter(lock: FileLock) -> None:
        enter(lock)
        held[0] = True

    def note_exit(lock: FileLock, *error: Any) -> None:
        held[0] = False
        leave(lock, *error)

    monkeypatch.setattr(FileLock, "__enter__", note_enter)
    monkeypatch.setattr(FileLock, "__exit__", note_exit)
    store = new_store(tmp_path, checkpoints=True)
    seen: list[str] = []

    def watch(sql: str) -> None:
        seen.append(sql)
        if not held[0]:
            outside.append(sql)

    raw(store).set_trace_callback(watch)
    for _ in range(3):
        store.write_now(add_row)
    close = store._connection.close

    def note_close() -> None:
        watch("close")
        close()

    monkeypatch.setattr(store._connection, "close", note_close)
    store.close()
    assert {"COMMIT", "PRAGMA wal_checkpoint(TRUNCATE)", "close"} <= set(seen)
    assert outside == []


def test_a_checkpoint_waits_for_no_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "WAL_LIMIT", 0)
    store = new_store(tmp_path, checkpoints=True)
    with closing(sqlite3.connect(tmp_path / "duban.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM counter").fetchall()
        for n in range(3):
            store.submit(partial(add_row, text=str(n))).result(2)
        reader.execute("COMMIT")
    store.write_now(add_row)
    assert (tmp_path / "duban.db-wal").stat().st_size == 0
    assert raw(store).execute("PRAGMA busy_timeout").fetchone() == (10000,)
    store.close()


def test_a_checkpoint_that_fails_fails_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = new_store(tmp_path, checkpoints=True)
    store.write_now(lambda tx: add_row(tx, "first"))
    monkeypatch.setattr(store_module, "WAL_LIMIT", 0)
    (tmp_path / "duban.db-wal").rename(tmp_path / "elsewhere")  # its size cannot be read
    store.write_now(lambda tx: add_row(tx, "kept"))
    (tmp_path / "elsewhere").rename(tmp_path / "duban.db-wal")
    assert store.read_now(texts) == ["first", "kept"]
    store.close()


# --- a full disk -----------------------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_costs_nothing_acknowledged(store: SqliteStore) -> None:
    store.write_now(lambda tx: add_row(tx, "before"))
    pages = raw(store).execute("PRAGMA page_count").fetchone()[0]
    acknowledged = ["before"]
    for margin in range(4):
        raw(store).execute(f"PRAGMA max_page_count={pages + margin}")
        for n in range(40):
            name = f"{margin}-{n}"
            acts = [lambda tx, text=f"{name}{c}": add_row(tx, text + "x" * 1500) for c in "abc"]
            for act_name, future in zip("abc", together(store, *acts), strict=True):
                if (error := future.exception(10)) is None:
                    acknowledged.append(name + act_name)
                else:
                    assert "full" in str(error)
        assert [text.rstrip("x") for text in store.read_now(texts)] == acknowledged
    raw(store).execute("PRAGMA max_page_count=100000")
    store.write_now(lambda tx: add_row(tx, "after"))
    assert store.read_now(texts)[-1] == "after"


def test_an_act_too_large_for_the_disk_does_not_cost_the_others_theirs(store: SqliteStore) -> None:
    pages = raw(store).execute("PRAGMA page_count").fetchone()[0]
    raw(store).execute(f"PRAGMA max_page_count={pages + 1}")
    futures = together(
        store, lambda tx: add_row(tx, "a"), lambda tx: add_row(tx, "x" * 90_000), lambda tx: add_row(tx, "b")
    )
    assert [type(future.exception(10)) for future in futures] == [type(None), OperationalError, type(None)]
    assert store.read_now(texts) == ["a", "b"]


# --- ends ------------------------------------------------------------------------------------------------------------


def test_closing_finishes_what_was_handed_over(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    futures = [store.submit(count_up) for _ in range(300)]
    store.close()
    assert [future.result(0) for future in futures] == list(range(1, 301))


def test_a_closed_store_says_so_at_once(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    store.close()
    store.close()
    with pytest.raises(StorageError, match="closed"):
        store.submit(count_up).result(1)


async def test_a_caller_that_gives_up_hurts_nobody(store: SqliteStore) -> None:
    for _ in range(50):
        given_up = asyncio.ensure_future(store.write(count_up))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        await asyncio.wait_for(store.write(count_up), 5)


def test_an_act_given_up_before_its_turn_is_not_carried_out(store: SqliteStore) -> None:
    entered, let_go = threading.Event(), threading.Event()

    def hold(_tx: Transaction) -> None:
        entered.set()
        assert let_go.wait(10)

    store.submit(hold)
    assert entered.wait(10)
    waiting = store.submit(lambda tx: add_row(tx, "never"))
    assert waiting.cancel()
    let_go.set()
    store.write_now(lambda tx: add_row(tx, "after"))
    assert store.read_now(texts) == ["after"]


def test_an_error_holds_nothing_a_person_wrote(store: SqliteStore) -> None:
    with pytest.raises(OperationalError) as caught:
        store.write_now(lambda tx: tx.exec_driver_sql("INSERT INTO nowhere VALUES (?)", ("我的进展",)))
    assert "我的进展" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "duban.db"
    file.write_bytes(os.urandom(4096))
    with pytest.raises(StorageError, match="cannot be opened as a database"):
        open_store(f"sqlite:///{file}")


def test_a_folder_without_rights_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="lock file"):
        FileLock(tmp_path / "missing" / "duban.db.lock")
