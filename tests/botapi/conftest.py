"""One server, one clock, and the people of the tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from duban.rehearsal.botapi import BotApi
from rules.clock import SimulatedClock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from duban.rehearsal.botapi import User

NINE_O_CLOCK = datetime(2025, 4, 10, 1, tzinfo=UTC)


class Bot:
    """Call methods over the socket, as a bot does."""

    def __init__(self, session: aiohttp.ClientSession, server: BotApi) -> None:
        self._session = session
        self._root = f"{server.url}/bot{server.token}"

    async def __call__(self, method: str, **params: Any) -> Any:
        """Return the result; raise AssertionError with the answer where it is a refusal."""
        told = await self.told(method, **params)
        assert told["ok"], told
        return told["result"]

    async def told(self, method: str, **params: Any) -> Any:
        """Return the whole answer."""
        async with self._session.post(f"{self._root}/{method}", json=params) as response:
            told = await response.json()
            assert told["ok"] or told["error_code"] == response.status
            return told

    async def refused(self, method: str, **params: Any) -> str:
        """Return code and description of a refusal."""
        told = await self.told(method, **params)
        assert not told["ok"], told
        return f"{told['error_code']} {told['description']}"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NINE_O_CLOCK)


@pytest.fixture
async def server(clock: SimulatedClock) -> AsyncIterator[BotApi]:
    async with BotApi(clock, first_update_id=1000) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def bot(server: BotApi, session: aiohttp.ClientSession) -> Bot:
    return Bot(session, server)


@pytest.fixture
def liaison(server: BotApi) -> User:
    """Return a liaison who has started the bot; her /start is no longer queued."""
    user = server.user(1001, first_name="张敏")
    user.send("/start")
    server.world.updates.drop_all()
    return user


@pytest.fixture
def outsider(server: BotApi) -> User:
    """Return somebody who never wrote to the bot."""
    return server.user(9001, first_name="陌生人")
