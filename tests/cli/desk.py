"""An administrator's desk: a folder with a configuration, the `duban` command, a small notice."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from duban.cli import main

REAL_NOTICE = Path(__file__).parents[3] / "shared" / "notices" / "000_70f8b0b6af845429.txt"
SCHEMA = Path(__file__).parents[3] / "shared" / "formats" / "notice.schema.json"
EXAMPLE = Path(__file__).parents[2] / "examples" / "qinghe-2025.txt"
REPORTING = "请于4月10日、7月10日、10月10日和2026年1月10日前报送进展，每项任务一般不超过200字。"
TASKS = ("区发改局 建成10个项目。 顾宁", "区发改局 签约20个项目。 顾宁", "区教体局 新建3所学校。 罗安")


def notice_text(tasks: Sequence[str] = TASKS, *, reporting: str = REPORTING, title: str = "重点任务") -> str:
    """Give a notice of these rows (unit, task, head), due quarterly unless `reporting` is empty."""
    rows = "\n".join(f"{no} {row}" for no, row in enumerate(tasks, 1))
    return (
        f"清河区人民政府办公室\n关于分解落实2025年{title}的通知\n各有关单位：\n请抓好落实。{reporting}\n"
        f"清河区人民政府办公室\n2025年2月14日\n附件\n任务分解表\n序号 责任单位 目标任务 责任人\n{rows}\n"
    )


@dataclass
class Desk:
    """Runs `duban` with the configuration of one folder."""

    folder: Path

    @property
    def config(self) -> Path:
        """Give the configuration's file."""
        return self.folder / "config.toml"

    def run(self, *args: object, input: str | None = None) -> Result:  # noqa: A002  # click's own name
        """Run a command."""
        return run(*args, "--config", self.config, input=input)

    def do(self, *args: object) -> str:
        """Run a command that must succeed; gives what it printed."""
        result = self.run(*args)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def json(self, *args: object) -> Any:
        """Run a command that must succeed with --json; gives what it printed."""
        return json.loads(self.do(*args, "--json"))

    def refusal(self, *args: object) -> str:
        """Run a command that must be refused; gives its one sentence."""
        return sentence(self.run(*args))

    def write_notice(self, text: str | None = None, *, name: str = "notice.txt") -> Path:
        """Write a notice into the folder."""
        file = self.folder / name
        file.write_text(text or notice_text(), "utf-8")
        return file

    def add_settings(self, text: str) -> None:
        """Add tables to the configuration."""
        self.config.write_text(f"{self.config.read_text('utf-8')}\n{text}\n", "utf-8")


def run(*args: object, input: str | None = None) -> Result:  # noqa: A002  # click's own name
    """Run `duban ARGS` here; an exception that would be a traceback fails the test."""
    result = CliRunner().invoke(main, [str(arg) for arg in args], input=input)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def sentence(result: Result) -> str:
    """Give the one plain sentence of a refused command."""
    assert result.exit_code == 1, (result.exit_code, result.output)
    lines = result.stderr.splitlines()
    assert len(lines) == 1, lines
    return lines[0]
