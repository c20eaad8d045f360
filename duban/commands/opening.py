"""An office opened for one command: its settings, its clock, its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from duban.premises import Premises
from duban.settings import Settings, load_settings
from rules.clock import Clock, StandingClock, SystemClock, parse_instant
from storage.schema import require_current
from storage.store import Store, open_store
from storage.vault import open_vault


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
    """Make a command's clock: it stands at `at`, an instant or wall time in the office's zone, or at now."""
    if at is None:
        return StandingClock(SystemClock().now())
    return StandingClock(parse_instant(at, settings.office.timezone))
