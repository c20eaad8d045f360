"""Stand at the door: sockets, paths, tokens, downloads, and the place where faults strike."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aiohttp import web

from duban.rehearsal.botapi.args import Args, read_args
from duban.rehearsal.botapi.calls import Calls, canonical, refusal
from duban.rehearsal.botapi.faults import Answer, Call, Fault, Faults
from duban.rehearsal.botapi.wire import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Control = Callable[[web.BaseRequest, str, str], Awaitable[web.Response]]
    Perform = Callable[[str, Args, str], Awaitable[Answer]]

_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
NOT_FOUND = ApiError(404, "Not Found")
UNAUTHORIZED = ApiError(401, "Unauthorized")


class Front:
    """Turn HTTP requests into calls, and answers into HTTP."""

    def __init__(self, calls: Calls, faults: Faults, *, token: str, port: int, control: Control) -> None:
        self._calls = calls
        self._faults = faults
        self._token = token
        self._port = port
        self._control = control
        self._runner: web.ServerRunner | None = None
        self._stopping = asyncio.Event()

    @property
    def url(self) -> str:
        """Give scheme, host and port; raises RuntimeError while nobody listens."""
        if self._runner is None:
            raise RuntimeError("the Bot API server is not started: use `async with server`")
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        """Listen on loopback; a port of 0 becomes a free one."""
        self._stopping.clear()
        server = web.Server(self._serve, access_log=None, handler_cancellation=True)
        runner = web.ServerRunner(server, shutdown_timeout=0.5)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port, backlog=1024).start()
        self._port = runner.addresses[0][1]
        self._runner = runner

    async def stop(self) -> None:
        """Let go of every connection, also those that hang."""
        self._stopping.set()
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        path, _, query = request.raw_path.partition("?")
        if "%" in path:
            path = unquote(path)
        if path.startswith("/bot"):
            return await self._method(request, path[4:], query)
        if path.startswith("/file/bot"):
            return await self._file(request, path[9:])
        if path.startswith("/control/"):
            return await self._control(request, path[9:], query)
        return _response(refusal(NOT_FOUND))

    async def _method(self, request: web.BaseRequest, rest: str, query: str) -> web.StreamResponse:
        token, _, name = rest.partition("/")
        method, args = canonical(name), Args()
        try:
            self._require(token)
            args = await read_args(request, query)
        except ApiError as error:
            self._calls.note(method, args, refusal(error))
            return _response(refusal(error))
        fault = self._faults.draw(method, args.integer("chat_id") if "chat_id" in args else None)
        if fault is not None:
            return await fault(self._call(request, method, args, fault, self._calls.perform))
        return _response(await self._calls.perform(method, args))

    def _call(self, request: web.BaseRequest, method: str, args: Args, fault: Fault, perform: Perform) -> Call:
        name = getattr(fault, "name", type(fault).__name__)
        return Call(
            request=request,
            method=method,
            args=args,
            perform_now=lambda: perform(method, args, name),
            note=lambda answer: self._calls.note(method, args, answer, fault=name),
            stopping=self._stopping,
        )

    def _require(self, token: str) -> None:
        """Refuse a foreign token with 401, a malformed one with 404 (tdlib ClientManager.cpp)."""
        if token != self._token:
            raise UNAUTHORIZED if _TOKEN.fullmatch(token) else NOT_FOUND

    async def _file(self, request: web.BaseRequest, rest: str) -> web.StreamResponse:
        """Give the bytes of a file (Bot API getFile: https://…/file/bot<token>/<file_path>), journalled as "file"."""
        token, _, path = rest.partition("/")
        try:
            self._require(token)
        except ApiError as error:
            return _response(refusal(error))
        args = Args(file_path=path)
        fault = self._faults.draw("file", None)
        if fault is not None:
            return await fault(self._call(request, "file", args, fault, self._calls.hand_out))
        return _response(await self._calls.hand_out("file", args))


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, content_type="application/json")
