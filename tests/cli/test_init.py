"""`duban init`: from nothing to an office that can run."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.cli.desk import Desk, run, sentence


def test_init_makes_an_office_without_a_question(tmp_path: Path) -> None:
    result = run("init", "--config", tmp_path / "config.toml")
    assert result.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"config.toml", "data"}
    assert {"duban.db", "duban.key"} <= {path.name for path in (tmp_path / "data").iterdir()}
    assert re.search(r"/start [A-Za-z0-9_-]{22}$", result.stdout.strip())


def test_init_writes_its_options_into_the_configuration(tmp_path: Path) -> None:
    name = '带"引号\\与\n换行'
    options = ("--name", name, "--token", "1:abc", "--username", "a_bot", "--api-url", "http://127.0.0.1:9")
    result = run("init", "--config", tmp_path / "c.toml", *options, "--database", "sqlite:///x.db", "--key-file", "k")
    assert result.exit_code == 0
    written = tomllib.loads((tmp_path / "c.toml").read_text("utf-8"))
    assert written["office"]["name"] == name
    assert written["telegram"] == {"token": "1:abc", "username": "a_bot", "api_url": "http://127.0.0.1:9"}
    assert (tmp_path / "x.db").exists()
    assert (tmp_path / "k").exists()


def test_secrets_are_readable_by_their_owner_alone(desk: Desk) -> None:
    for file in (desk.config, desk.folder / "data" / "duban.db", desk.folder / "data" / "duban.key"):
        assert file.stat().st_mode & 0o077 == 0


def test_init_keeps_a_configuration_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[office]\nname = "原有"\n[database]\nurl = "sqlite:///mine.db"\n', "utf-8")
    result = run("init", "--config", tmp_path / "config.toml", "--name", "另一个")
    assert result.exit_code == 0
    assert "was kept" in result.stderr
    assert "原有" in (tmp_path / "config.toml").read_text("utf-8")
    assert (tmp_path / "mine.db").exists()


def test_init_again_replaces_the_unused_admin_invite_and_nothing_else(adopted: Desk) -> None:
    before = adopted.json("overdue", "--at", "2025-04-11T09:00")
    again = adopted.json("init")
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", again["code"])
    assert adopted.json("overdue", "--at", "2025-04-11T09:00") == before


def test_the_first_invite_as_json(tmp_path: Path) -> None:
    options = ("--username", "a_bot", "--at", "2025-03-20T10:00", "--json")
    row = json.loads(run("init", "--config", tmp_path / "c.toml", *options).stdout)
    link = f"https://t.me/a_bot?start={row['code']}"
    expires_at = "2025-04-03T10:00:00+08:00"
    assert row == {"unit": None, "role": "admin", "code": row["code"], "link": link, "expires_at": expires_at}


@pytest.mark.parametrize("option", ["--key-file", "--database", "--config"])
def test_init_where_nothing_can_be_written_says_so_and_leaves_nothing(tmp_path: Path, option: str) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "x"
    value = f"sqlite:///{place}" if option == "--database" else place
    told = sentence(run("init", "--config", tmp_path / "config.toml", option, value))
    assert str(tmp_path / "file") in told
    assert not (tmp_path / "config.toml").exists()


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--timezone", "Mars/Base", "[office] timezone = 'Mars/Base': is no time zone"),
        ("--database", "nonsense", "[database] url: must be a file such as sqlite:///data/duban.db"),
        ("--api-url", "nonsense", "[telegram] api_url = 'nonsense': must be an address with scheme and host"),
    ],
)
def test_init_with_a_wrong_option_can_be_tried_again(tmp_path: Path, option: str, value: str, told: str) -> None:
    assert told in sentence(run("init", "--config", tmp_path / "config.toml", option, value))
    assert run("init", "--config", tmp_path / "config.toml").exit_code == 0


def test_relative_paths_start_at_the_configurations_folder(
    adopted: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("overdue", "--config", "office/config.toml", "--at", "2025-04-11T09:00").exit_code == 0
    assert not (tmp_path / "data").exists()
    monkeypatch.chdir(adopted.folder)
    assert "区发改局" in run("overdue", "--at", "2025-04-11T09:00").stdout  # config.toml here is the default
