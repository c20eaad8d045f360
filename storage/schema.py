"""Is the database's shape the one this version works with, and how does it get there?"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from storage.engine import StorageError, database_file, open_engine
from storage.locks import write_lock

HERE = Path(__file__).parent


def create_database(url: str) -> None:
    """Make a new database with today's tables; an existing one is brought up to date."""
    file = database_file(url)
    if file is not None and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    migrate(url)


def migrate(url: str) -> None:
    """Bring the database up to today's tables, in one transaction.

    Raises: StorageError where it is of a newer version.
    """
    file = database_file(url)
    engine = open_engine(url)
    lock = write_lock(file) if file else None
    try:
        if lock:
            lock.__enter__()
        with engine.begin() as connection:
            _refuse_newer(connection)
            command.upgrade(alembic_config(connection), "head")
    finally:
        engine.dispose()
        if lock:
            lock.__exit__(None, None, None)
            lock.close()


def alembic_config(connection: Connection | None = None) -> Config:
    """Tell Alembic where the migrations are and which connection to use."""
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def is_current(connection: Connection) -> bool:
    """Whether the database stands at this version's newest migration."""
    return MigrationContext.configure(connection).get_current_revision() == _head()


def require_current(connection: Connection) -> None:
    """Refuse a database of another version.

    Raises: StorageError saying whether it is older, newer or no database of this service at all.
    """
    have = MigrationContext.configure(connection).get_current_revision()
    if have == _head():
        return
    if have is None and not inspect(connection).has_table("outbox"):
        raise StorageError("the database is empty; run `duban init` first")
    _refuse_newer(connection)
    raise StorageError("the database is of an older version; `duban run` backs it up and brings it up to date")


def _refuse_newer(connection: Connection) -> None:
    have = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if have is not None and have not in known:
        raise StorageError(
            f"the database is of a newer version ({have}); install that version of duban, or restore a backup"
        )


def _head() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()
