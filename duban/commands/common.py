"""What every command shares: its options, the open office, one plain sentence for what goes wrong."""

import functools
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from duban.premises import Premises
from duban.settings import Settings, SettingsError, load_settings
from notices.notice import NoticeError
from office.work import OfficeError
from rules.clock import Clock, StandingClock, SystemClock, parse_instant
from storage.engine import StorageError
from storage.schema import require_current
from storage.store import Store, open_store
from storage.vault import open_vault

Function = TypeVar("Function", bound=Callable[..., Any])
EXPECTED = (SettingsError, StorageError, OfficeError, NoticeError)


def command_options(function: Function) -> Function:
    """Give a command `--config` and `--at`, and turn its expected errors into one sentence and exit 1."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except EXPECTED as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    at = click.option("--at", metavar="INSTANT", help="Act as of this instant (ISO 8601) instead of now.")
    config = click.option(
        "--config",
        type=click.Path(path_type=Path),
        default=Path("config.toml"),
        show_default=True,
        help="The office's configuration.",
    )
    return config(at(guarded))  # type: ignore[return-value]  # click keeps the function, with parameters added


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@dataclass(frozen=True)
class Opened:
    """An office opened for one command."""

    settings: Settings
    premises: Premises
    store: Store


@contextmanager
def opened(config: Path, at: str | None) -> Iterator[Opened]:
    """Open the office for a command; its clock stands.

    Raises: SettingsError, StorageError.
    """
    settings = load_settings(config)
    premises = Premises(settings.policy(), open_vault(settings.database.key_file), standing_clock(settings, at), "cli")
    store = open_store(settings.database.url)
    try:
        store.read_now(require_current)
        yield Opened(settings, premises, store)
    finally:
        store.close()


def standing_clock(settings: Settings, at: str | None) -> Clock:
    """Make a command's clock: it stands at `at`, or at now.

    Raises: SettingsError for an instant that cannot be read.
    """
    if at is None:
        return StandingClock(SystemClock().now())
    try:
        return StandingClock(parse_instant(at, settings.office.timezone))
    except ValueError as error:
        raise SettingsError(f"--at: {error}") from error


def print_json(value: Any) -> None:
    """Print a value as JSON, readable in Chinese."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(columns: tuple[str, ...], rows: Sequence[tuple[object, ...]], *, empty: str) -> None:
    """Print rows as a table, or the sentence `empty`."""
    if not rows:
        click.echo(empty)
        return
    from rich import box  # noqa: PLC0415  # loaded only where a table is printed
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else 160).print(table)
