"""`duban backup`, `restore`, `resume` and `check`."""

import json
from asyncio import to_thread
from pathlib import Path
from typing import Any

import pytest

from duban.rehearsal.botapi import BotApi
from rules.clock import SystemClock
from storage.locks import service_lock
from tests.cli.desk import Desk
from tests.cli.test_invite import without_username


def checks(desk: Desk) -> dict[str, Any]:
    result = desk.run("check", "--json")
    found = json.loads(result.stdout)
    assert all(list(item) == ["check", "ok", "detail"] for item in found)
    return {item["check"]: item for item in found} | {"exit_code": result.exit_code}


def test_a_backup_put_back_holds_what_it_held(adopted: Desk, tmp_path: Path) -> None:
    before = adopted.json("overdue", "--at", "2025-04-11")
    adopted.do("backup", tmp_path / "out.db")
    second = adopted.write_notice(name="second.txt").read_text("utf-8") + "\n"
    adopted.do("notice", "adopt", adopted.write_notice(second, name="second.txt"), "--yes", "--as-new")
    assert adopted.json("overdue", "--at", "2025-04-11") != before
    adopted.do("restore", tmp_path / "out.db")
    assert adopted.json("overdue", "--at", "2025-04-11") == before


def test_after_a_restore_nothing_goes_out_until_resume(adopted: Desk, tmp_path: Path) -> None:
    assert adopted.do("resume", "--yes") == "nothing is held; messages go out as usual\n"
    adopted.do("backup", tmp_path / "out.db")
    assert "until you confirm with `duban resume`" in adopted.do("restore", tmp_path / "out.db")
    result = adopted.run("resume", input="n\n")
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "nothing goes out; answer y, or give --yes")
    assert "messages go out again" in adopted.do("resume", "--yes")
    assert "nothing is held" in adopted.do("resume")


def test_a_backup_never_overwrites(adopted: Desk, tmp_path: Path) -> None:
    adopted.do("backup", tmp_path / "out.db")
    assert "out.db exists already" in adopted.refusal("backup", tmp_path / "out.db")


def test_a_backup_into_no_folder_says_so(adopted: Desk, tmp_path: Path) -> None:
    assert "none/out.db" in adopted.refusal("backup", tmp_path / "none" / "out.db")


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 100])
def test_restoring_what_is_no_backup_is_refused_and_changes_nothing(
    adopted: Desk, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "in.db").write_bytes(content)
    assert str(tmp_path / "in.db") in adopted.refusal("restore", tmp_path / "in.db")
    assert len(adopted.json("overdue", "--at", "2025-04-11")) == 3


def test_restore_is_refused_beside_a_run(adopted: Desk, tmp_path: Path) -> None:
    adopted.do("backup", tmp_path / "out.db")
    with service_lock(adopted.folder / "data" / "duban.db", otherwise=""):
        assert "stop `duban run` first" in adopted.refusal("restore", tmp_path / "out.db")


def test_a_second_run_is_refused(adopted: Desk) -> None:
    without_username(adopted, token="1:x")
    with service_lock(adopted.folder / "data" / "duban.db", otherwise=""):
        assert adopted.refusal("run") == "another `duban run` serves this database already; stop it first"


def test_run_without_a_token_is_refused(desk: Desk) -> None:
    assert "[telegram] token is empty" in desk.refusal("run")


def test_run_refuses_webhooks_rather_than_poll(desk: Desk) -> None:
    without_username(
        desk, token="1:x", mode="webhook", webhook_url="https://x.example/t", webhook_secret="s", listen="127.0.0.1:1"
    )
    assert desk.refusal("run") == '[telegram] mode = "webhook" is not carried out yet; set mode = "polling"'


async def test_check_is_content_where_everything_is_in_order(desk: Desk) -> None:
    async with BotApi(SystemClock(), "1:x", username="asked_bot") as server:
        without_username(desk, token="1:x", api_url=server.url)
        found = await to_thread(checks, desk)
    assert found["exit_code"] == 0
    assert set(found) == {"config", "database", "sending", "token", "calendar", "fonts", "SQLite", "exit_code"}
    assert found["token"] == {"check": "token", "ok": True, "detail": "@asked_bot"}


async def test_check_names_a_token_that_telegram_refuses(desk: Desk) -> None:
    async with BotApi(SystemClock(), "1:x") as server:
        without_username(desk, token="1:wrong", api_url=server.url)
        found = await to_thread(checks, desk)
    assert (found["exit_code"], found["token"]["ok"]) == (1, False)
    assert "Telegram refuses the token" in found["token"]["detail"]


def test_check_names_what_is_missing_a_line_each(desk: Desk) -> None:
    (desk.folder / "data" / "duban.key").unlink()
    found = checks(desk)
    assert found["exit_code"] == 1
    assert "key_file" in found["database"]["detail"]
    assert "[telegram] token is empty" in found["token"]["detail"]
    result = desk.run("check")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2 + 7


def test_check_says_where_the_calendar_is_provisional(desk: Desk) -> None:
    result = desk.run("check", "--at", "2099-01-01")
    assert "2099 is provisional" in result.stdout
