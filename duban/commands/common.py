"""What every command shares: its options, one plain sentence for what goes wrong, how results are printed."""

import functools
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from rules.clock import parse_instant

Function = TypeVar("Function", bound=Callable[..., Any])
ERRORS = (  # those expected of a room, by name: whoever raised one has imported it, and no other command has to
    ("duban.settings", "SettingsError"),
    ("storage.engine", "StorageError"),
    ("office.work", "OfficeError"),
    ("notices.notice", "NoticeError"),
    ("sqlalchemy.exc", "OperationalError"),  # the database is away, or its disk full
)


def expected_errors() -> tuple[type[Exception], ...]:
    """Give the errors that are told in one sentence, of the rooms imported so far."""
    return tuple(getattr(sys.modules[room], name) for room, name in ERRORS if room in sys.modules)


class Instant(click.ParamType[str]):
    """An ISO 8601 instant, kept as text: the office's zone is known once its configuration is read."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is no instant, as wrong usage."""
        try:
            parse_instant(value, ZoneInfo("UTC"))
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value)


class Day(click.ParamType[date]):
    """An ISO 8601 date."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Refuse what is no date, as wrong usage."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date; write it like 2025-07-01", param, ctx)


def command_options(function: Function) -> Function:
    """Give a command `--config` and `--at`, and turn its expected errors into one sentence and exit 1."""
    at = click.option("--at", metavar="INSTANT", type=Instant(), help="Act as of this instant (ISO 8601), not now.")
    config = click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path),
        default=Path("config.toml"),
        show_default=True,
        help="The office's configuration.",
    )
    return config(at(in_one_sentence(function)))


def in_one_sentence(function: Function) -> Function:
    """End a command that fails as can be expected with one sentence on standard error and exit 1."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except expected_errors() as error:
            refuse("\n".join([told(error), *_wrong_cells(error)]))
        except BrokenPipeError:  # whoever read the output has seen enough; click ends quietly
            raise
        except OSError as error:
            refuse(": ".join(str(part) for part in (error.filename, error.strerror or error) if part))
        except click.Abort:
            refuse("stopped; nothing was changed")

    return guarded  # type: ignore[return-value]  # the same parameters, the same result


def _wrong_cells(error: Exception) -> list[str]:
    """Give the cells of a workbook that have to be put right, a line each: where, what stands there, what may."""
    wrong = getattr(error, "wrong", ())
    return [f"  {one_line(cell)}" for cell in wrong]


def told(error: Exception) -> str:
    """Give an expected error's one sentence."""
    cause = getattr(error, "orig", None)  # the driver's own error, without the statement
    return str(error) if cause is None else f"the database cannot be used: {str(cause).partition(chr(10))[0]}"


def refuse(sentence: str) -> None:
    """Say why on standard error and end with exit 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def print_json(value: Any) -> None:
    """Print a value as JSON, readable in Chinese."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_done(sentence: str, value: Any, *, as_json: bool) -> None:
    """Say what was done: in one sentence, or as JSON."""
    if as_json:
        print_json(value)
    else:
        click.echo(sentence)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, empty: str) -> None:
    """Print rows under their columns' names, a line each, or the sentence `empty`."""
    if not rows:
        click.echo(empty)
        return
    from rich.cells import cell_len  # noqa: PLC0415  # loaded only where a table is printed

    lines = [list(columns), *([one_line(cell) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["─" * width for width in widths])
    for line in lines:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def one_line(cell: object) -> str:
    """Give a cell without line breaks or control characters, which a person may have written."""
    return "".join(c if c.isprintable() else " " for c in str(cell))
