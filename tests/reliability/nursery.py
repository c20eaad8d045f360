"""Start `duban` processes fast: a parent that has everything imported forks them; also run as `python -m`.

Each line asked is JSON {"args": […], "failpoint": "name:n:kill", "log": file}; each line answered is {"pid"} at the
start and {"pid", "code"} at the end, a signal's code negative.
"""

import asyncio
import json
import os
import sys
import traceback
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[2]


@dataclass
class Child:
    """A process and how it ended."""

    pid: int
    log: Path
    ended: asyncio.Future[int]

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return not self.ended.done()

    def kill(self, number: int) -> None:
        """Send a signal."""
        if self.is_alive:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


@dataclass
class Nursery:
    """The parent, from the side of a test; use as an async context."""

    _process: Process | None = None
    _children: dict[int, Child] = field(default_factory=dict)
    _born: "asyncio.Queue[int]" = field(default_factory=asyncio.Queue)
    _reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.reliability.nursery", stdin=PIPE, stdout=PIPE, cwd=ROOT
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        for child in self._children.values():
            child.kill(9)
        self._process.stdin.close()
        await self._process.wait()
        assert self._reader is not None
        await self._reader

    async def start(self, *args: str, log: Path, failpoint: str = "") -> Child:
        """Start `duban ARGS`."""
        assert self._process is not None
        assert self._process.stdin is not None
        wish = {"args": args, "failpoint": failpoint, "log": str(log)}
        self._process.stdin.write(json.dumps(wish).encode() + b"\n")
        await self._process.stdin.drain()
        async with asyncio.timeout(30):  # a nursery that cannot import the service has ended already
            pid = await self._born.get()
        self._children[pid].log = log
        return self._children[pid]

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "code" in told:
                self._children[told["pid"]].ended.set_result(told["code"])
            else:
                ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
                self._children[told["pid"]] = Child(told["pid"], Path(), ended)
                self._born.put_nowait(told["pid"])


def main() -> None:
    """Serve wishes until stdin ends."""
    import select  # noqa: PLC0415
    import signal  # noqa: PLC0415

    import duban.commands.run  # noqa: F401, PLC0415  # what every child needs, imported once

    awake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker)
    asked = b""
    while True:
        ready, _, _ = select.select([0, awake], [], [])
        if awake in ready:
            os.read(awake, 1024)
            _tell_ended()
        if 0 in ready:
            chunk = os.read(0, 65536)
            if not chunk:
                return
            *lines, asked = (asked + chunk).split(b"\n")
            for line in lines:
                _tell(pid=_fork(json.loads(line)))


def _tell(**told: Any) -> None:
    os.write(1, json.dumps(told).encode() + b"\n")


def _tell_ended() -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _tell(pid=ended[0], code=os.waitstatus_to_exitcode(ended[1]))


def _fork(wish: dict[str, Any]) -> int:
    import signal  # noqa: PLC0415

    pid = os.fork()
    if pid:
        return pid
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(log, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = 70
    try:
        from duban.cli import main as duban  # noqa: PLC0415
        from rules import failpoints  # noqa: PLC0415

        failpoints.arm(wish["failpoint"])
        duban(wish["args"], standalone_mode=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:  # noqa: BLE001  # the child ends here, whatever it was
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
