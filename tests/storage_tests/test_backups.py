"""A backup holds everything acknowledged before it; a restore puts it back and sends nothing by itself."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage import outbox
from storage.backups import HELD, back_up, restore, verify
from storage.engine import StorageError
from storage.locks import service_lock
from storage.records import note, noted
from storage.schema import create_database
from storage.store import Store, open_store
from storage.tables import Outbox, columns_of

AT = datetime(2025, 4, 10, 1, tzinfo=UTC)


@pytest.fixture(name="url")
def _url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'duban.db'}"
    create_database(url)
    return url


@pytest.fixture(name="store")
def _store(url: str) -> Iterator[Store]:
    store = open_store(url, checkpoints=True)
    yield store
    store.close()


def keep(store: Store, name: str) -> None:
    store.write_now(lambda tx: note(tx, name, "kept", at=AT))


def kept(file: Path) -> set[str]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM fact")}


def test_a_backup_beside_writing_holds_all_that_was_acknowledged_before(store: Store, url: str, tmp_path: Path) -> None:
    acknowledged: list[str] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            name = f"fact {len(acknowledged)}"
            keep(store, name)
            acknowledged.append(name)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(8):
            before = set(acknowledged)
            out = tmp_path / f"backup {n} 50%#?.db"
            assert back_up(url, out) == out.stat().st_size
            verify(out)
            assert kept(out) >= before
    finally:
        stop.set()
        writer.join()
    assert len(acknowledged) > 8
    assert list(tmp_path.glob("*.part*")) == []


def test_a_backup_holds_what_a_killed_service_left_in_its_log(store: Store, url: str, tmp_path: Path) -> None:
    keep(store, "only in the log")
    dead = tmp_path / "dead"
    dead.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(tmp_path / f"duban.db{suffix}", dead / f"duban.db{suffix}")
    back_up(f"sqlite:///{dead / 'duban.db'}", dead / "backup.db")
    assert kept(dead / "backup.db") == {"only in the log"}


def test_a_backup_overwrites_nothing_and_says_what_is_missing(url: str, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("precious")
    with pytest.raises(StorageError, match="exists already"):
        back_up(url, tmp_path / "there")
    assert (tmp_path / "there").read_text() == "precious"
    with pytest.raises(StorageError, match="could not be written"):
        back_up(url, tmp_path / "no" / "folder" / "b.db")
    with pytest.raises(StorageError, match="duban init"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "b.db")
    with pytest.raises(StorageError, match="pg_dump"):
        back_up("postgresql://localhost/duban", tmp_path / "b.db")


def test_a_restore_brings_back_the_backup_and_nothing_of_the_log_before(url: str, tmp_path: Path) -> None:
    store = open_store(url)
    keep(store, "before")
    back_up(url, tmp_path / "backup.db")
    for n in range(50):
        keep(store, f"after {n}")
    shutil.copy(tmp_path / "duban.db-wal", tmp_path / "stale")
    store.close()
    shutil.copy(tmp_path / "stale", tmp_path / "duban.db-wal")  # as a killed service leaves it
    restore(url, tmp_path / "backup.db", at=AT)
    assert kept(tmp_path / "duban.db") == {"before", HELD}
    store = open_store(url)
    keep(store, "goes on")
    store.close()
    assert kept(tmp_path / "duban.db") == {"before", HELD, "goes on"}
    verify(tmp_path / "duban.db")
    assert list(tmp_path.glob("*restoring*")) == []


def test_a_restore_makes_a_database_where_there_was_none(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "backup.db")
    elsewhere = f"sqlite:///{tmp_path / 'new' / 'machine' / 'duban.db'}"
    restore(elsewhere, tmp_path / "backup.db", at=AT)
    store = open_store(elsewhere)
    assert store.read_now(lambda tx: noted(tx, HELD)) == "restored"
    store.close()
    assert (tmp_path / "new/machine/duban.db").stat().st_mode & 0o777 == 0o600


def test_a_restore_over_a_ruined_database_works(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "backup.db")
    (tmp_path / "duban.db").write_bytes(b"ruined" * 1000)
    restore(url, tmp_path / "backup.db", at=AT)
    verify(tmp_path / "duban.db")
    [kept] = tmp_path.glob("duban-before-restore-*.db")
    assert kept.read_bytes() == b"ruined" * 1000


def test_a_restore_keeps_the_database_it_replaces(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "backup.db")
    store = open_store(url)
    store.write_now(lambda tx: note(tx, "written", "after the backup", at=AT))
    store.close()
    restore(url, tmp_path / "backup.db", at=AT)
    [kept] = tmp_path.glob("duban-before-restore-*.db")
    verify(kept)
    replaced = open_store(f"sqlite:///{kept}")
    assert replaced.read_now(lambda tx: noted(tx, "written")) == "after the backup"
    replaced.close()


def test_a_restore_is_refused_beside_a_service(url: str, tmp_path: Path) -> None:
    back_up(url, tmp_path / "backup.db")
    with (
        service_lock(tmp_path / "duban.db", otherwise="-"),
        pytest.raises(StorageError, match="stop `duban run` first"),
    ):
        restore(url, tmp_path / "backup.db", at=AT)


def test_a_damaged_or_foreign_file_is_refused_and_nothing_is_touched(url: str, store: Store, tmp_path: Path) -> None:
    for n in range(300):
        keep(store, f"fact {n}" + "x" * 200)
    keep(store, "mine")
    back_up(url, tmp_path / "good.db")
    whole = (tmp_path / "good.db").read_bytes()
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE cats (name TEXT)")
    bad = {
        "missing.db": None,
        "empty.db": b"",
        "text.db": b"not a database at all" * 300,
        "cut.db": whole[: len(whole) // 2],
        "scribbled.db": whole[:20480] + bytes(reversed(whole[20480:61440])) + whole[61440:],
        "other.db": (tmp_path / "other.db").read_bytes(),
    }
    for name, data in bad.items():
        if data is not None:
            (tmp_path / name).write_bytes(data)
        with pytest.raises(StorageError, match=r"damaged|not a|there is no"):
            restore(url, tmp_path / name, at=AT)
    assert "mine" in kept(tmp_path / "duban.db")
    assert HELD not in kept(tmp_path / "duban.db")


def test_what_waits_in_a_restored_outbox_is_held(url: str, tmp_path: Path) -> None:
    store = open_store(url)
    store.write_now(lambda tx: outbox.add(tx, chat_id=1, person_id=None, kind="help", content={}, priority=0, at=AT))
    store.close()
    back_up(url, tmp_path / "backup.db")
    restore(url, tmp_path / "backup.db", at=AT)
    store = open_store(url)
    assert store.read_now(lambda tx: noted(tx, HELD)) == "restored"
    assert store.read_now(lambda tx: tx.execute(columns_of(Outbox).select()).one().state) == "ready"
    store.close()
