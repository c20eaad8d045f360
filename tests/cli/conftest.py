"""Desks for the tests of the command line."""

import shutil
from pathlib import Path

import pytest

from duban.settings import SECRETS
from tests.cli.desk import Desk, run


@pytest.fixture(autouse=True)
def _no_secrets_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for section, keys in SECRETS.items():
        for key in keys:
            monkeypatch.delenv(f"DUBAN_{section}_{key}".upper(), raising=False)


@pytest.fixture(scope="session")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of an office that `duban init` has just set up."""
    folder = tmp_path_factory.mktemp("office")
    result = run("init", "--config", folder / "config.toml", "--name", "清河区督查室", "--username", "qinghe_bot")
    assert result.exit_code == 0
    return folder


@pytest.fixture
def desk(initialised: Path, tmp_path: Path) -> Desk:
    """Give the desk of a new office."""
    shutil.copytree(initialised, tmp_path / "office")
    return Desk(tmp_path / "office")


@pytest.fixture
def adopted(desk: Desk) -> Desk:
    """Give the desk of an office with a notice: 区发改局 owes tasks 1 and 2, 区教体局 task 3."""
    desk.do("notice", "adopt", desk.write_notice(), "--yes")
    return desk
