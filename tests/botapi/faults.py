"""Scripts of what goes wrong between a bot and Telegram; each stands in for one answer of the server."""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from duban.rehearsal.botapi import Call

    Act = Callable[[Call], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Scripted:
    """Name what goes wrong, for the journal, and do it."""

    name: str
    act: Act

    async def __call__(self, call: Call) -> web.StreamResponse:
        """Answer in place of the server."""
        return await self.act(call)


def _scripted(act: Act) -> Scripted:
    return Scripted(act.__name__, act)


# Refused: the call takes no effect


def status(code: int, body: str | bytes | None = None, headers: Mapping[str, str] | None = None) -> Scripted:
    """Refuse with this status; without a body, with Telegram's own shape."""
    told = json.dumps({"ok": False, "error_code": code, "description": "Scripted"}) if body is None else body

    async def act(call: Call) -> web.StreamResponse:
        return call.respond(code, told, headers)

    return Scripted(f"status({code})", act)


def refusal(code: int, description: str, **parameters: Any) -> Scripted:
    """Refuse as the Bot API does."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return status(code, json.dumps(body | {"parameters": parameters} if parameters else body))


def retry_after(seconds: Any) -> Scripted:
    """Refuse with 429; seconds may be anything JSON can say, None leaves it out."""
    description = f"Too Many Requests: retry after {seconds}"
    return refusal(429, description) if seconds is None else refusal(429, description, retry_after=seconds)


conflict = refusal(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
unauthorized = refusal(401, "Unauthorized")
not_found = refusal(404, "Not Found")


@_scripted
async def hang_before(call: Call) -> web.StreamResponse:
    """Read the request, do nothing, answer nothing."""
    return await call.hang()


@_scripted
async def half_open(call: Call) -> web.StreamResponse:
    """Stop reading the connection, as behind a dead router."""
    transport = call.request.transport
    if isinstance(transport, asyncio.Transport):
        transport.pause_reading()
    return await call.hang()


@_scripted
async def rst_before(call: Call) -> web.StreamResponse:
    """Break the connection before anything happens."""
    return call.reset()


# Accepted: the call takes effect, the bot is not told so


@_scripted
async def accept_then_hang(call: Call) -> web.StreamResponse:
    """Take effect, answer nothing."""
    await call.perform()
    return await call.hang()


@_scripted
async def accept_then_rst(call: Call) -> web.StreamResponse:
    """Take effect, break the connection."""
    await call.perform()
    return call.reset()


@_scripted
async def accept_then_500(call: Call) -> web.StreamResponse:
    """Take effect, answer as a restarting server does (tdlib Client.cpp get_closing_error)."""
    await call.perform()
    return call.respond(500, '{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}')


@_scripted
async def html200(call: Call) -> web.StreamResponse:
    """Take effect, answer with a proxy's page."""
    await call.perform()
    return call.respond(200, "<html><body>It works!</body></html>", {"Content-Type": "text/html"})


@_scripted
async def no_result(call: Call) -> web.StreamResponse:
    """Take effect, answer ok without a result."""
    await call.perform()
    return call.respond(200, '{"ok":true}')


@_scripted
async def bad_json(call: Call) -> web.StreamResponse:
    """Take effect, answer half a JSON text."""
    answer = await call.perform()
    return call.respond(200, answer.body[: len(answer.body) // 2])


@_scripted
async def truncate(call: Call) -> web.StreamResponse:
    """Take effect, promise the whole answer, send half of it, close."""
    answer = await call.perform()
    response = await _begin(call, len(answer.body))
    await response.write(answer.body[: len(answer.body) // 2])
    if call.request.transport is not None:
        call.request.transport.close()
    return response


def drip(bytes_per_second: float = 1.0) -> Scripted:
    """Take effect, send the answer byte by byte, in real time."""

    async def act(call: Call) -> web.StreamResponse:
        answer = await call.perform()
        response = await _begin(call, len(answer.body))
        for byte in answer.body:
            await response.write(bytes([byte]))
            if await _stops_within(call, 1 / bytes_per_second):
                return call.reset()
        return response

    return Scripted("drip", act)


def huge(size: int = 50 * 1024 * 1024) -> Scripted:
    """Take effect, answer with this many bytes."""

    async def act(call: Call) -> web.StreamResponse:
        await call.perform()
        return call.respond(200, b'{"ok":true,"result":"' + b"x" * size + b'"}')

    return Scripted("huge", act)


# Updates handed out wrongly


def dup_update(copies: int = 2) -> Scripted:
    """Hand out every update of this answer several times."""
    return _rearranged("dup_update", lambda updates: [update for update in updates for _ in range(copies)])


def reorder(seed: int = 0) -> Scripted:
    """Hand out this answer's updates in another order."""
    return _rearranged("reorder", lambda updates: random.Random(seed).sample(updates, len(updates)))


def _rearranged(name: str, change: Callable[[list[Any]], list[Any]]) -> Scripted:
    async def act(call: Call) -> web.StreamResponse:
        answer = await call.perform()
        told = json.loads(answer.body)
        if told["ok"]:
            told["result"] = change(told["result"])
        return call.respond(answer.status, json.dumps(told))

    return Scripted(name, act)


async def _begin(call: Call, length: int) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(length)})
    await response.prepare(call.request)
    return response


async def _stops_within(call: Call, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await call.stopping.wait()
    except TimeoutError:
        return False
