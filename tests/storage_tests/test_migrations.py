"""A database that was worked with before keeps what it holds when it is brought up to date."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import Engine, text

from storage import standing
from storage.engine import open_engine
from storage.schema import alembic_config, create_database, is_current, migrate

AT = datetime(2025, 3, 1, 2, 30, tzinfo=UTC)
ROWS = """
INSERT INTO notice (id, source_hash, title, plan_year, length_is_soft, rules, warnings, adopted_at)
    VALUES (1, 'abc', '通知', 2025, :yes, '{}', '[]', :adopted);
INSERT INTO unit (id, name, aliases, is_group, uses_bot, created_at) VALUES (1, '区发改局', '[]', :no, :yes, :adopted);
INSERT INTO task (id, notice_id, position, list, no, text, leaders, status)
    VALUES (1, 1, 0, '附件', 1, 't', '[]', 'open');
INSERT INTO period (id, notice_id, label, begins_on, ends_on, due_at, is_provisional)
    VALUES (1, 1, '2025-Q1', '2025-01-01', '2025-03-31', :adopted, :no);
INSERT INTO obligation (id, period_id, task_id, unit_id, due_at, state, is_late)
    VALUES (1, 1, 1, 1, :adopted, 'waived', :no)
"""


def test_what_was_adopted_before_says_which_file_it_is_from_and_why_it_was_waived(
    tmp_path: Path, database_url: str | None
) -> None:
    url = database_url or f"sqlite:///{tmp_path / 'duban.db'}"
    create_database(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), "0001")
    _fill(engine)
    engine.dispose()
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        assert is_current(connection)
        [kept] = standing.notices(connection)
        [obligation] = standing.load(connection, 1).obligations
    engine.dispose()
    assert [(source, datetime.fromisoformat(at)) for source, at in kept.sources] == [("abc", AT)]
    assert (obligation.state, obligation.waived_for) == ("waived", "before")


def _fill(engine: Engine) -> None:
    marked = "+00" if engine.dialect.name == "postgresql" else ""  # SQLite keeps UTC, unmarked
    values: dict[str, Any] = {"yes": True, "no": False, "adopted": f"2025-03-01 02:30:00{marked}"}
    with engine.begin() as connection:
        for statement in ROWS.split(";"):
            connection.execute(text(statement), values)
