"""The tables, the migrations that make them, and what their columns keep."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Connection, Dialect, Engine, Integer, Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, StatementError

from storage.backups import restore
from storage.columns import UtcDateTime
from storage.engine import StorageError, open_engine, reading
from storage.schema import create_database, is_current, migrate, require_current
from storage.tables import Audit, Inbox, Outbox, Person, columns_of, metadata

AT = datetime(2025, 4, 10, 1, 2, 3, 456789, tzinfo=UTC)
DIALECTS: tuple[Dialect, ...] = (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]
SHANGHAI = timezone(timedelta(hours=8))


@pytest.fixture(name="url")
def _url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'duban.db'}"


@pytest.fixture(name="engine")
def _engine(url: str) -> Iterator[Engine]:
    create_database(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def set_version(url: str, version: str | None) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version")
        if version is not None:
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (version,))
    engine.dispose()


def refusal(url: str) -> str:
    engine = open_engine(url, for_reading=True)
    with pytest.raises(StorageError) as caught, reading(engine) as connection:
        require_current(connection)
    engine.dispose()
    return str(caught.value)


def test_the_migrations_make_exactly_the_tables(engine: Engine) -> None:
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []


def test_the_migrations_make_the_very_same_sql_as_the_tables(engine: Engine, tmp_path: Path) -> None:
    """What compare_metadata does not look at: partial indexes, AUTOINCREMENT, checks."""

    def shape(connection: Connection) -> dict[str, str]:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        words = re.compile(r"[\w'.=]+")  # whatever their order: constraints may stand in another
        return {name: " ".join(sorted(words.findall(sql))) for name, sql in rows if name != "alembic_version"}

    (tmp_path / "other.db").touch()
    other = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with engine.begin() as migrated, other.begin() as made:
        metadata.create_all(made)
        assert shape(migrated) == shape(made)
    other.dispose()


def test_migrating_again_changes_nothing(url: str, engine: Engine) -> None:
    migrate(url)
    with engine.begin() as connection:
        assert is_current(connection)


def test_an_empty_an_older_and_a_newer_database_are_told_apart(url: str, tmp_path: Path) -> None:
    (tmp_path / "duban.db").touch()
    assert refusal(url) == "the database is empty; run `duban init` first"
    create_database(url)
    set_version(url, None)
    assert "of an older version; `duban run`" in refusal(url)
    set_version(url, "9999")
    assert "of a newer version (9999); install that version" in refusal(url)


def test_a_newer_database_is_neither_migrated_nor_restored(url: str, tmp_path: Path) -> None:
    create_database(url)
    set_version(url, "9999")
    with pytest.raises(StorageError, match="newer version"):
        migrate(url)
    with pytest.raises(StorageError, match="newer version"):
        restore(f"sqlite:///{tmp_path / 'target.db'}", tmp_path / "duban.db", at=AT)
    assert sorted(path.name for path in tmp_path.glob("target*")) == ["target.db.run.lock"]


def test_a_missing_database_is_not_made_by_opening_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="run `duban init` first"):
        open_engine(url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "not a url"])
def test_an_address_that_would_lose_everything_is_refused(url: str) -> None:
    with pytest.raises(StorageError, match=r"\[database\] url"):
        open_engine(url)


# --- columns ---------------------------------------------------------------------------------------------------------


@given(st.datetimes(timezones=st.sampled_from([UTC, SHANGHAI, timezone(timedelta(hours=-9, minutes=-30))])))
def test_an_instant_comes_back_as_the_same_instant_in_utc(instant: datetime) -> None:
    column = UtcDateTime()
    for dialect in DIALECTS:
        try:
            kept = column.process_bind_param(instant, dialect)
        except OverflowError:
            assert instant.year in (1, 9999)  # its UTC lies outside the calendar
            return
        back = column.process_result_value(kept, dialect)
        assert back == instant
        assert back is not None
        assert back.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(StatementError, match="no time zone"):
        connection.execute(insert(columns_of(Inbox)), {"dedupe": "a", "raw": "", "received_at": datetime(2025, 4, 10)})  # noqa: DTZ001


def test_instants_are_compared_as_instants(engine: Engine) -> None:
    inbox = columns_of(Inbox)
    with engine.begin() as connection:
        connection.execute(insert(inbox), [inbox_row(1, received_at=AT.astimezone(SHANGHAI))])
        same = select(inbox.c.received_at).where(inbox.c.received_at == AT)
        assert connection.execute(same).scalar_one() == AT


def test_every_telegram_id_has_room(engine: Engine) -> None:
    """52 bits (Bot API, User.id and Chat.id), also on PostgreSQL, whose INTEGER has 31."""
    big = 2**52 - 1
    with engine.begin() as connection:
        person = {"telegram_id": big, "name": "张敏", "reach": "yes", "created_at": AT}
        connection.execute(insert(columns_of(Person)), person)
        connection.execute(insert(columns_of(Outbox)), outbox_row(chat_id=-big, message_id=big))
        assert connection.execute(select(columns_of(Person).c.telegram_id)).scalar_one() == big
        assert connection.execute(select(columns_of(Outbox).c.chat_id)).scalar_one() == -big
    named = [column for table in metadata.tables.values() for column in table.c if column.name.endswith("_id")]
    for column in [*named, *(column for table in metadata.tables.values() for column in table.primary_key)]:
        if isinstance(column.type, Integer):
            assert isinstance(column.type, BigInteger), f"{column} is too small on PostgreSQL"


def test_json_keeps_chinese_readable(engine: Engine, tmp_path: Path) -> None:
    content = {"文": "第一季度：开工率100%。🚧", "list": [1, None, {"a": "“引号”"}]}
    with engine.begin() as connection:
        connection.execute(insert(columns_of(Outbox)), outbox_row(content=content))
        assert connection.execute(select(columns_of(Outbox).c.content)).scalar_one() == content
    with closing(sqlite3.connect(tmp_path / "duban.db")) as connection:
        (text,) = connection.execute("SELECT content FROM outbox").fetchone()
    assert "第一季度" in text
    assert json.loads(text) == content


def test_a_row_without_its_parent_is_refused(engine: Engine) -> None:
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(insert(columns_of(Outbox)), outbox_row(person_id=12345))


@pytest.mark.parametrize("table", [Inbox, Outbox, Audit])
def test_a_deleted_rows_number_never_comes_again(engine: Engine, table: Any) -> None:
    rows: dict[Any, Any] = {Inbox: inbox_row, Outbox: lambda n: outbox_row(), Audit: lambda n: audit_row()}
    found = columns_of(table)
    with engine.begin() as connection:
        numbers = [number_of(connection, found, rows[table](n)) for n in range(3)]
        connection.execute(found.delete())
        assert number_of(connection, found, rows[table](9)) == numbers[-1] + 1


def number_of(connection: Connection, table: Table, row: dict[str, Any]) -> int:
    found = connection.execute(insert(table), row).inserted_primary_key
    assert found is not None
    return int(found[0])


def inbox_row(n: int, received_at: datetime = AT) -> dict[str, Any]:
    return {"dedupe": str(n), "raw": "{}", "received_at": received_at, "state": "new", "attempts": 0}


def outbox_row(**more: Any) -> dict[str, Any]:
    row = {"chat_id": 1, "kind": "help", "content": {}, "priority": 0, "state": "ready", "judged_at": AT, "attempts": 0}
    return {**row, **more}


def audit_row() -> dict[str, Any]:
    return {"at": AT, "via": "cli", "action": "a", "subject": "s", "content": {}, "chain": "c"}
