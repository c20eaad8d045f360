"""The yardstick's Bot API: as little work a call as can be, in a process of its own, so that its time is not counted.

It hands out updates at once or at a rate, and clocks each from then until the answer in the same chat arrives. It
checks nothing; the strict one is `duban.rehearsal.botapi`.

    python -m benchmarks.fast_api      prints its port, and serves until its standard input closes
"""

import asyncio
import json
import re
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
CHAT = re.compile(rb'chat_id"?[=:]\s*(-?\d+)')
OFFSET = re.compile(rb'offset"?[=:]\s*(-?\d+)')
LIMIT = re.compile(rb'limit"?[=:]\s*(\d+)')
TIMEOUT = re.compile(rb'timeout"?[=:]\s*(\d+)')
FIRST_CHAT = 100_001
BOT = {"id": 1_000_000, "is_bot": True, "first_name": "督办", "username": "duban_bench_bot"}
Answer = Callable[[bytes], None]


@dataclass
class Waiting:
    """A poll that is held open."""

    offset: int
    limit: int
    answer: Answer
    timer: asyncio.TimerHandle | None = None

    def answer_with(self, body: bytes) -> None:
        """Answer the poll before its time."""
        if self.timer is not None:
            self.timer.cancel()
        self.answer(body)


@dataclass
class Api:
    """The state of one run; `reset` begins another."""

    pending: deque[tuple[int, bytes]] = field(default_factory=deque)
    polls: list[Waiting] = field(default_factory=list)
    handed_out: dict[int, deque[float]] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    next_update: int = 1
    next_message: int = 1_000_000
    sent: int = 0
    expected: int = 0
    began: float = 0.0
    ended: float = 0.0
    polled: asyncio.Event = field(default_factory=asyncio.Event)
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    def call(self, method: str, body: bytes, answer: Answer) -> None:
        """Answer a call of the Bot API."""
        match method.lower():
            case "sendmessage":
                answer(self._send(body))
            case "getupdates":
                self._poll(body, answer)
            case "getme":
                answer(_ok(BOT))
            case _:
                answer(_ok(True))

    async def control(self, path: str, given: dict[str, str]) -> Any:
        """Answer the benchmark: reset, expect, load, wait_for_poll, wait."""
        match path:
            case "reset":
                for poll in self.polls:
                    poll.answer_with(_framed(b'{"ok":true,"result":[]}'))
                self.__init__()  # type: ignore[misc]  # a new run on the same port
            case "wait_for_poll":
                async with asyncio.timeout(float(given["seconds"])):
                    await self.polled.wait()
            case "expect":
                self._expect(int(given["count"]))
            case "load":
                await self._load(int(given["count"]), int(given["chats"]), float(given["rate"]), int(given["at"]))
            case "wait":
                async with asyncio.timeout(float(given["seconds"])):
                    await self.finished.wait()
                return {"seconds": self.ended - self.began, "latencies": self.latencies}
        return {}

    def _expect(self, count: int) -> None:
        self.expected, self.sent, self.latencies = count, 0, []
        self.finished.clear()
        self.began = perf_counter()

    async def _load(self, count: int, chats: int, rate: float, at: int) -> None:
        updates = [(FIRST_CHAT + n % chats, self._update(n, FIRST_CHAT + n % chats, at)) for n in range(count)]
        self._expect(count)
        if not rate:
            self._hand_over(updates)
            return
        for place, update in enumerate(updates):
            if (wait := self.began + place / rate - perf_counter()) > 0:
                await asyncio.sleep(wait)
            self._hand_over([update])

    def _hand_over(self, updates: list[tuple[int, tuple[int, bytes]]]) -> None:
        now = perf_counter()
        for chat, update in updates:
            self.pending.append(update)
            self.handed_out.setdefault(chat, deque()).append(now)
        polls, self.polls = self.polls, []
        for poll in polls:
            poll.answer_with(self._batch(poll.offset, poll.limit))

    def _update(self, n: int, chat: int, at: int) -> tuple[int, bytes]:
        number = self.next_update
        self.next_update += 1
        person = {"id": chat, "first_name": "张", "last_name": "敏"}
        message = {
            "message_id": number,
            "date": at,
            "chat": {**person, "type": "private"},
            "from": {**person, "is_bot": False, "language_code": "zh-hans"},
            "text": f"已完成投资{n}.5亿元，开工项目{n % 90 + 10}个，开工率95%，较上期增长8.5%；下一步抓紧办理剩余手续。",
        }
        return number, json.dumps({"update_id": number, "message": message}).encode()

    def _poll(self, body: bytes, answer: Answer) -> None:
        offset, limit, seconds = _number(OFFSET, body, 0), _number(LIMIT, body, 100), _number(TIMEOUT, body, 0)
        self.polled.set()
        while self.pending and self.pending[0][0] < offset:
            self.pending.popleft()
        if self.pending or not seconds:
            answer(self._batch(offset, limit))
            return
        loop = asyncio.get_running_loop()
        poll = Waiting(offset, limit, answer)
        poll.timer = loop.call_later(seconds, self._give_up, poll)
        self.polls.append(poll)

    def _give_up(self, poll: Waiting) -> None:
        self.polls.remove(poll)
        poll.answer(self._batch(poll.offset, poll.limit))

    def _batch(self, offset: int, limit: int) -> bytes:
        chosen = [raw for number, raw in list(self.pending)[:limit] if number >= offset]
        return _framed(b'{"ok":true,"result":[' + b",".join(chosen) + b"]}")

    def _send(self, body: bytes) -> bytes:
        now = perf_counter()
        chat = _number(CHAT, body, 0)
        waiting = self.handed_out.get(chat)
        if waiting:
            self.latencies.append(now - waiting.popleft())
        self.sent += 1
        self.next_message += 1
        if self.sent == self.expected:
            self.ended = now
            self.finished.set()
        return _framed(
            b'{"ok":true,"result":{"message_id":%d,"date":1742436000,"from":{"id":1000000,"is_bot":true,'
            b'"first_name":"duban","username":"duban_bench_bot"},"chat":{"id":%d,"type":"private","first_name":"Z"},'
            b'"text":"a text of some length, as an answer has it"}}' % (self.next_message, chat)
        )


class Wire(asyncio.Protocol):
    """Speak just enough HTTP/1.1 for clients that keep their connections and send their lengths."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._received = b""
        self._transport: asyncio.Transport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            length = _number(LENGTH, self._received[:end], 0)
            if len(self._received) < end + 4 + length:
                return
            head, body = self._received[:end], self._received[end + 4 : end + 4 + length]
            self._received = self._received[end + 4 + length :]
            self._answer(head.split(b" ", 2)[1].decode(), body)

    def _answer(self, target: str, body: bytes) -> None:
        parts = urlsplit(target)
        name = parts.path.rsplit("/", 1)[-1]
        if not parts.path.startswith("/control/"):
            self._api.call(name, body, self._write)
            return
        task = asyncio.create_task(self._control(name, dict(parse_qsl(parts.query))))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _control(self, name: str, given: dict[str, str]) -> None:
        try:
            self._write(_ok(await self._api.control(name, given)))
        except TimeoutError:
            self._write(_ok({"late": self._api.sent}))

    def _write(self, answer: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(answer)


def _number(pattern: re.Pattern[bytes], body: bytes, otherwise: int) -> int:
    found = pattern.search(body)
    return int(found[1]) if found else otherwise


def _ok(result: Any) -> bytes:
    return _framed(json.dumps({"ok": True, "result": result}).encode())


def _framed(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


async def serve() -> None:
    """Serve on a free port of the loopback until standard input closes."""
    loop = asyncio.get_running_loop()
    api = Api()
    server = await loop.create_server(lambda: Wire(api), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
