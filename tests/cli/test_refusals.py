"""What goes wrong is told in one sentence with exit 1; wrong usage is exit 2; never a traceback."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from duban.cli import (
    CALENDAR_COMMANDS,
    COMMANDS,
    EXPORT_COMMANDS,
    FORM_COMMANDS,
    NOTICE_COMMANDS,
    PERIOD_COMMANDS,
    PERSON_COMMANDS,
    SLIP_COMMANDS,
    TASK_COMMANDS,
    UNIT_COMMANDS,
    main,
)
from tests.cli.desk import Desk, run, sentence

GROUPS = {
    "notice": NOTICE_COMMANDS,
    "task": TASK_COMMANDS,
    "period": PERIOD_COMMANDS,
    "unit": UNIT_COMMANDS,
    "form": FORM_COMMANDS,
    "person": PERSON_COMMANDS,
    "export": EXPORT_COMMANDS,
    "slip": SLIP_COMMANDS,
    "calendar": CALENDAR_COMMANDS,
}
LINES = (
    *((name,) for name in COMMANDS if name not in GROUPS),
    *((group, name) for group, names in GROUPS.items() for name in names),
)
OFFICE_COMMANDS = (
    ("notice", "adopt", "notice.txt"),
    ("unit", "list"),
    ("people",),
    ("person", "forget", "1"),
    ("person", "end", "1", "admin", "--reason", "r"),
    ("task", "show", "3"),
    ("task", "cancel", "3", "--reason", "r"),
    ("period", "move", "2025-Q1", "2025-04-15", "--reason", "r"),
    ("notice", "withdraw", "1", "--reason", "r"),
    ("audit",),
    ("invites",),
    ("invite", "--all"),
    ("run",),
    ("tick",),
    ("overdue",),
    ("reports",),
    ("plans",),
    ("form", "plan", "--unit", "区发改局", "--out", "out.xlsx"),
    ("check",),
    ("backup", "out.db"),
    ("restore", "in.db"),
    ("resume",),
    ("pause",),
    ("review",),
    ("waive", "3", "--period", "2025-Q1", "--reason", "机构改革"),
    ("broadcast", "请核对台账"),
)
needs_database = pytest.mark.parametrize(
    "line", [line for line in OFFICE_COMMANDS if line[0] not in ("check", "restore", "backup")], ids=" ".join
)


def commands() -> Iterator[tuple[str, click.Command]]:
    for line in LINES:
        command: click.Command | None = main
        for word in line:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None
        yield " ".join(line), command


def test_every_command_takes_config_at_and_help() -> None:
    for line, command in commands():
        assert {"config", "at"} <= {parameter.name for parameter in command.params}, line
        assert run(*line.split(), "--help").exit_code == 0, line


def test_the_group_of_notice_commands_has_help() -> None:
    assert "adopt" in run("notice", "--help").stdout


@pytest.mark.parametrize("line", OFFICE_COMMANDS, ids=" ".join)
def test_a_missing_configuration_is_named_with_what_to_do(tmp_path: Path, line: tuple[str, ...]) -> None:
    told = sentence(run(*line, "--config", tmp_path / "none.toml"))
    assert str(tmp_path / "none.toml") in told
    assert "duban init" in told


@needs_database
def test_a_missing_database_is_named_with_what_to_do(desk: Desk, line: tuple[str, ...]) -> None:
    desk.add_settings("")
    database = desk.folder / "data" / "duban.db"
    database.unlink()
    _set_token(desk)
    told = desk.refusal(*line)
    assert str(database) in told
    assert "duban init" in told
    assert not database.exists()


@pytest.mark.parametrize("line", [("overdue",), ("tick",), ("invite", "--all")], ids=" ".join)
def test_a_missing_key_file_is_named(desk: Desk, line: tuple[str, ...]) -> None:
    (desk.folder / "data" / "duban.key").unlink()
    assert f"[database] key_file {desk.folder}/data/duban.key is missing" in desk.refusal(*line)


def test_a_key_file_that_holds_no_key_is_named(desk: Desk) -> None:
    (desk.folder / "data" / "duban.key").write_text("x")
    assert "holds no key" in desk.refusal("overdue")


@needs_database
def test_a_newer_database_is_refused(desk: Desk, line: tuple[str, ...]) -> None:
    _set_token(desk)
    _change(desk, "UPDATE alembic_version SET version_num = 'from-the-future'")
    told = desk.refusal(*line)
    assert "newer version (from-the-future)" in told


@pytest.mark.parametrize("line", [("overdue",), ("tick",), ("reports",), ("invite", "--all")], ids=" ".join)
def test_an_older_database_is_left_to_run(desk: Desk, line: tuple[str, ...]) -> None:
    _change(desk, "DELETE FROM alembic_version")
    assert "older version" in desk.refusal(*line)


def test_a_file_that_is_no_database_is_refused(desk: Desk) -> None:
    (desk.folder / "data" / "duban.db").write_text("no database at all, but long enough to be looked at")
    assert "cannot be opened as a database" in desk.refusal("overdue")


@pytest.mark.parametrize("line", [("overdue",), ("tick",), ("invite", "--all"), ("init",)], ids=" ".join)
def test_a_database_server_that_does_not_answer_is_named(desk: Desk, line: tuple[str, ...]) -> None:
    pytest.importorskip("psycopg")
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text.replace("sqlite:///data/duban.db", "postgresql://u:secret@127.0.0.1:1/x"), "utf-8")
    told = desk.refusal(*line)
    assert told.startswith("the database cannot be used: connection failed")
    assert "secret" not in told


@pytest.mark.parametrize("line", [line for line in OFFICE_COMMANDS if line[0] != "run"], ids=" ".join)
@pytest.mark.parametrize("at", ["yesterday", "2025-13-01", "9:00", ""])
def test_a_wrong_instant_is_wrong_usage(desk: Desk, line: tuple[str, ...], at: str) -> None:
    result = desk.run(*line, "--at", at)
    assert result.exit_code == 2
    assert "is not an instant; write it like 2025-04-10T09:00" in result.stderr


@pytest.mark.parametrize("at", ["2025-04-11T09:00", "2025-04-11 09:00", "2025-04-11T01:00Z", "2025-04-11T09:00+08:00"])
def test_an_instant_without_an_offset_is_in_the_offices_zone(desk: Desk, at: str) -> None:
    assert desk.json("tick", "--at", at)["at"] == "2025-04-11T09:00:00+08:00"


@pytest.mark.parametrize(
    "line",
    [
        ("nonsense",),
        ("notice", "nonsense"),
        ("overdue", "--nonsense"),
        ("reports", "extra"),
        ("overdue", "--notice", "x"),
        ("notice", "read"),
        ("notice", "adopt"),
        ("notice", "adopt", "x", "--from", "1 July"),
        ("invite",),
        ("invite", "--all", "区发改局"),
        ("invite", "--all", "--role", "head"),
        ("invite", "--role", "supervisor"),
        ("invite", "--role", "king", "王科"),
        ("invite", " "),
        ("backup",),
        ("restore",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(line: tuple[str, ...]) -> None:
    result = run(*line)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")


def _set_token(desk: Desk) -> None:
    text = desk.config.read_text("utf-8")
    desk.config.write_text(text.replace('token = ""', 'token = "1:x"'), "utf-8")


def _change(desk: Desk, sql: str) -> None:
    with closing(sqlite3.connect(desk.folder / "data" / "duban.db")) as connection:
        connection.execute(sql)
        connection.commit()
