"""Let a script break calls on purpose: where a fault plugs in, not which faults there are."""

from __future__ import annotations

import contextlib
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping

    from duban.rehearsal.botapi.args import Args

FOREVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what the server answers, and what the journal says of it."""

    status: int
    body: bytes
    outcome: str = "ok"


class Fault(Protocol):
    """Answer a call in place of the server; may still perform it."""

    async def __call__(self, call: Call) -> web.StreamResponse:
        """Answer, hang, or reset the connection."""


@dataclass(slots=True, eq=False)
class Call:
    """Hand one call to a fault: perform() makes it take effect, the rest only answers."""

    request: web.BaseRequest
    method: str
    args: Args
    perform_now: Callable[[], Awaitable[Answer]]
    note: Callable[[Answer], None]
    stopping: asyncio.Event
    is_noted: bool = False

    async def perform(self) -> Answer:
        """Let the call take effect and be journalled; returns the honest answer."""
        self.is_noted = True
        return await self.perform_now()

    def respond(self, status: int, body: bytes | str = b"", headers: Mapping[str, str] | None = None) -> web.Response:
        """Answer with this, whatever happened."""
        self._note(f"answered {status}", status)
        given = {"Content-Type": "application/json"} | dict(headers or {})
        return web.Response(status=status, body=body.encode() if isinstance(body, str) else body, headers=given)

    async def hang(self) -> web.StreamResponse:
        """Answer nothing until the client goes away or the server stops."""
        self._note("hung", 0)
        await self.stopping.wait()
        return self.reset()

    def reset(self) -> web.StreamResponse:
        """Break the connection with RST."""
        self._note("reset", 0)
        transport = self.request.transport
        if transport is not None:
            sock = transport.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        return web.Response()

    def _note(self, outcome: str, status: int) -> None:
        if not self.is_noted:
            self.is_noted = True
            self.note(Answer(status, b"", outcome))


@dataclass(slots=True, eq=False)
class Rule:
    """Hold one line of the script; `seen` counts the matching calls since it was written."""

    method: str
    chat: int | None
    nth: int
    times: int
    fault: Fault
    seen: int = 0

    @property
    def fired(self) -> int:
        """Count how often it struck."""
        return max(0, min(self.seen - self.nth + 1, self.times))

    def strikes(self, method: str, chat: int | None) -> bool:
        """Count a call and say whether it is one to break."""
        if self.method not in {"*", method} or self.chat not in {None, chat}:
            return False
        self.seen += 1
        return self.nth <= self.seen < self.nth + self.times


class Faults:
    """Hold the script; the first rule that strikes wins, every matching rule counts."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def on(self, method: str, chat: int | None = None, *, fault: Fault, nth: int = 1, times: int | None = 1) -> Rule:
        """Break the nth matching call and the following ones, `times` in all; None goes on until clear()."""
        rule = Rule(method, chat, nth, FOREVER if times is None else times, fault)
        self._rules.append(rule)
        return rule

    def clear(self, rule: Rule | None = None) -> None:
        """Take one rule, or all of them, out of the script."""
        self._rules = [kept for kept in self._rules if rule is not None and kept is not rule]

    def draw(self, method: str, chat: int | None) -> Fault | None:
        """Count a call and give the fault it meets."""
        if not self._rules:
            return None
        striking = [rule for rule in self._rules if rule.strikes(method, chat)]
        return striking[0].fault if striking else None


@dataclass(slots=True)
class Hooks:
    """Hold callables for oracles; one that raises makes the server's stop raise."""

    before_confirm: Callable[[int], None] | None = None
