"""Every command that lists or does something can say so to a program."""

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from duban.cli import main
from rules.policy import Policy
from tests.cast import cast

FOR_PERSONS = {  # what runs until it is stopped, writes files a person asked for, or has no result but its files
    "run",
    "form plan",
    "form period",
    "form read",
    "notice read",
    "export overdue",
    "export board",
    "slip export",
    "notice export",
}


def commands(group: click.Command = main, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """List every command by its whole name."""
    if not isinstance(group, click.Group):
        yield name, group
        return
    for part in group.list_commands(click.Context(group)):
        found = group.get_command(click.Context(group), part)
        assert found is not None
        yield from commands(found, f"{name} {part}".strip())


def test_every_command_takes_json_but_those_that_only_write_files() -> None:
    without = {
        name
        for name, command in commands()
        if not any("--json" in parameter.opts for parameter in command.params) and name not in FOR_PERSONS
    }
    assert without == set(), "give them --json (duban/commands/common.py: print_done, print_json)"


async def test_a_registered_group_is_listed(tmp_path: Path) -> None:
    async with cast(tmp_path, policy=Policy(office="清河区督查室")) as people:
        people.stage.api.group(-4001, title="督查工作群", members=[people.wang]).add_bot(people.wang)
        await people.stage.settle()
        await people.press(people.wang, "登记")
    config = tmp_path / "config.toml"
    config.write_text(
        '[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///duban.db"\nkey_file = "duban.key"\n', "utf-8"
    )
    shown = CliRunner().invoke(main, ["groups", "--config", str(config), "--json"])
    assert shown.exit_code == 0, shown.output
    [group] = json.loads(shown.output)
    assert group | {"since": ""} == {
        "group": 1,
        "title": "督查工作群",
        "state": "registered",
        "added_by": "王科",
        "since": "",
    }
    assert "督查工作群" in CliRunner().invoke(main, ["groups", "--config", str(config)]).output


@pytest.mark.parametrize("name", sorted(FOR_PERSONS))
def test_what_is_left_out_is_there(name: str) -> None:
    assert name in dict(commands())
