"""The databases the main road is walked on."""

from collections.abc import Iterator
from itertools import count

import hypothesis
import pytest

from tests import postgres

_numbers = count()
# no deadline: a first example may load a calendar, and a busy machine is no finding
hypothesis.settings.register_profile("duban", deadline=None)
hypothesis.settings.load_profile("duban")


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[str]:
    """Give a running PostgreSQL's socket folder."""
    programs = postgres.binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server programs are not installed on this machine")
    with postgres.server(programs) as socket:
        yield socket


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """Give an address of a fresh PostgreSQL database, or None for the stage's own SQLite file."""
    if request.param == "sqlite":
        return None
    return postgres.new_database(request.getfixturevalue("postgres_socket"), f"duban_{next(_numbers)}")
