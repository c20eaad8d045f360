"""The documents say what the program does: settings, commands, links, the bot's own sentences."""

import re
import shlex
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel

from bot.words import catalogue
from duban.cli import COMMANDS, main
from duban.settings import SECRETS, EscalationSection, NoticeSection, ReminderSection, Settings, load_settings
from rules.ladder import DEFAULT_LADDER, RETURNED_LADDER

ROOT = Path(__file__).parent.parent
EXAMPLE = (ROOT / "config.example.toml").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
HANDBOOKS = sorted((ROOT / "docs").glob("handbook-*.md"))
SETTING = re.compile(r"# (?=[a-z_]+ = |\[\[)")
LINK = re.compile(r"\]\(([^)\s]+)\)")
OURS = re.compile(r"(?:duban|make) ")
FENCED = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)

LISTS: dict[str, type[BaseModel]] = {
    "reminders": ReminderSection,
    "escalation": EscalationSection,
    "returned_reminders": ReminderSection,
    "returned_escalation": EscalationSection,
    "notice": NoticeSection,
}


def _name(file: Path) -> str:
    return str(file.relative_to(ROOT))


@pytest.fixture(autouse=True)
def _no_secrets_around(monkeypatch: pytest.MonkeyPatch) -> None:
    for section, keys in SECRETS.items():
        for key in keys:
            monkeypatch.delenv(f"DUBAN_{section}_{key}".upper(), raising=False)


def load(folder: Path, text: str) -> Settings:
    file = folder / "config.toml"
    file.write_text(text, "utf-8")
    return load_settings(file)


def uncommented(text: str) -> str:
    """Give the example with every key and table in force but those that name a file with a secret."""
    lines = (SETTING.sub("", line) for line in text.splitlines())
    return "\n".join(line for line in lines if not re.match(r"\w+_file = \"/etc", line))


def commands(file: Path) -> list[str]:
    """List the command lines of a document: whole ones of its shell blocks, then those its running text mentions."""
    return [line.strip() for block in shell_blocks(file) for line in block if OURS.match(line.strip())] + mentions(file)


def mentions(file: Path) -> list[str]:
    return re.findall(r"`((?:duban|make) [^`]+)`", FENCED.sub("", file.read_text("utf-8")))


def shell_blocks(file: Path) -> list[list[str]]:
    return [block.split("\n")[:-1] for kind, block in FENCED.findall(file.read_text("utf-8")) if kind == "sh"]


def parse(line: str) -> None:
    """Parse a `duban …` line as the command line does, without carrying it out.

    Raises: click.UsageError where it is wrong; MissingParameter, one of these, where it leaves something out.
    """
    command: click.Command = main
    words = shlex.split(line)[1:]
    while isinstance(command, click.Group) and words[:1] != ["--help"]:
        found = command.get_command(click.Context(command), words[0]) if words else None
        assert found is not None, f"{line}: there is no such command"
        command, words = found, words[1:]
    if words != ["--help"]:
        command.make_context(line, words)


def test_the_example_configuration_says_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, EXAMPLE) == load(tmp_path, "")


def test_every_setting_stands_in_the_example_in_order() -> None:
    shown = tomllib.loads(uncommented(EXAMPLE))
    assert list(shown) == list(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        section: Any = LISTS.get(name, field.annotation)
        assert issubclass(section, BaseModel)
        found = shown[name]["1"] if name == "notice" else shown[name]
        tables = found if isinstance(found, list) else [found]
        for table in tables:
            assert list(table) == list(section.model_fields), name


def test_the_example_is_valid_with_every_key_in_force(tmp_path: Path) -> None:
    settings = load(tmp_path, uncommented(EXAMPLE).replace('webhook_secret = ""', 'webhook_secret = "s"'))
    assert settings.reporting.cadence == "quarterly"


def test_the_ladder_in_the_example_is_the_default_one(tmp_path: Path) -> None:
    policy = load(tmp_path, uncommented(EXAMPLE)).policy()
    assert policy.ladder == DEFAULT_LADDER
    assert policy.returned_ladder == RETURNED_LADDER


@pytest.mark.parametrize("file", DOCUMENTS, ids=_name)
def test_every_command_in_the_documents_exists_with_its_options(file: Path) -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    for line in commands(file):
        if line.startswith("make "):
            assert line.split()[1] in targets, line
        else:
            with suppress(*([click.MissingParameter] if line in mentions(file) else [])):
                parse(line)


def test_the_readme_names_every_command() -> None:
    said = {line.split()[1] for line in commands(ROOT / "README.md") + commands(ROOT / "docs" / "operations.md")}
    assert set(COMMANDS) - {"tick"} <= said


def test_both_readmes_name_the_same_commands() -> None:
    assert shell_blocks(ROOT / "README.md") == shell_blocks(ROOT / "README.zh-CN.md")
    assert set(commands(ROOT / "README.md")) == set(commands(ROOT / "README.zh-CN.md"))


def test_ci_runs_exactly_the_readmes_test_command() -> None:
    first = shell_blocks(ROOT / "README.md")[0]
    assert first == ["make demo", "make test"]
    steps = [line for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines() if line.startswith("make ")]
    assert steps == ["make check", first[1]]


@pytest.mark.parametrize("file", DOCUMENTS, ids=_name)
def test_links_between_documents_resolve(file: Path) -> None:
    for target in LINK.findall(file.read_text("utf-8")):
        if not target.startswith(("https://", "#")):
            assert (file.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("file", HANDBOOKS, ids=lambda file: file.name)
def test_the_handbooks_quote_the_bots_own_sentences(file: Path) -> None:
    sentences = {line for message in catalogue("zh").values() for line in message.split("\n")}
    quoted = re.findall(r"^> (.+)$", file.read_text("utf-8"), re.MULTILINE)
    assert quoted
    for sentence in quoted:
        assert sentence in sentences or f"　{sentence}" in sentences, sentence


def test_the_log_lines_explained_are_those_that_are_logged() -> None:
    sources = "\n".join(
        file.read_text("utf-8")
        for room in ("bot", "duban", "jobs", "office", "storage")
        for file in (ROOT / room).rglob("*.py")
    )
    table = (
        (ROOT / "docs" / "operations.md").read_text("utf-8").partition("## What the log says")[2].partition("\n## ")[0]
    )
    for cell in re.findall(r"^\| (`.+?) \|", table, re.MULTILINE):
        for line in re.findall(r"`([^`]+)`", cell):
            pattern = r"%[ds]".join(re.escape(part) for part in line.replace("@…", "@%s").replace("%s", "…").split("…"))
            assert re.search(pattern, sources), line
