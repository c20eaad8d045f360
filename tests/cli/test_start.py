"""What a command does not need is not imported: `--help` and `notice read` answer at once."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.desk import EXAMPLE

HEAVY = ["sqlmodel", "sqlalchemy", "telegram", "aiohttp", "apscheduler", "pydantic"]
PROBE = """
import json, sys
from duban.cli import main
try:
    main(json.loads(sys.argv[1]))
except SystemExit as end:
    sys.stderr.write(json.dumps([end.code, [name for name in json.loads(sys.argv[2]) if name in sys.modules]]))
"""


@pytest.mark.parametrize("line", [["--help"], ["--version"], ["notice", "--help"], ["notice", "read", str(EXAMPLE)]])
def test_it_starts_without(tmp_path: Path, line: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROBE, json.dumps(line), json.dumps(HEAVY)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert json.loads(told.stderr) == [0, []]


def test_the_command_is_installed_under_its_name(tmp_path: Path) -> None:
    duban = Path(sys.executable).with_name("duban")
    told = subprocess.run([duban, "overdue"], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert told.returncode == 1
    assert told.stderr == "there is no config.toml; run `duban init`, or give another file with --config\n"
