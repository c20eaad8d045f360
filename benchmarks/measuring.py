"""How is a contender started, measured from outside and set beside another?"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parents[1]
TOKEN = "1000000:benchmark-token-that-opens-nothing"
DUBAN = (sys.executable, "-c", "from duban.cli import main; main()")
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 120.0  # seconds after which a contender is given up


class GivenUpError(Exception):
    """A contender did not do what was asked in time."""


class Server:
    """The fast Bot API in its own process, asked over HTTP."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, name: str, **given: object) -> Any:
        """Ask for one thing and wait for its end."""
        with urlopen(f"{self.url}/control/{name}?{urlencode(given)}", timeout=PATIENCE + 10) as answer:
            return json.load(answer)["result"]

    def wait_for_poll(self) -> None:
        """Wait until a contender asks for updates.

        Raises: GivenUpError where none does.
        """
        if "late" in self.ask("wait_for_poll", seconds=30):
            raise GivenUpError("the contender did not ask for updates within 30 s")

    def wait(self) -> tuple[float, list[float]]:
        """Wait until everything expected arrived; gives the seconds it took and each answer's latency.

        Raises: GivenUpError after a while.
        """
        found = self.ask("wait", seconds=PATIENCE)
        if "late" in found:
            raise GivenUpError(f"only {found['late']} messages arrived within {PATIENCE:.0f} s")
        return found["seconds"], found["latencies"]


@contextmanager
def fast_server() -> Iterator[Server]:
    """Run the fast Bot API while the block runs."""
    command = [sys.executable, "-m", "benchmarks.fast_api"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Server(int(process.stdout.readline()))
        finally:
            process.stdin.close()


@contextmanager
def running(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a contender while the block runs; it is asked to end (SIGTERM) and must end well."""
    process = subprocess.Popen(
        list(command), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
        process.terminate()
        _, told = process.communicate(timeout=30)
    except GivenUpError as error:
        process.kill()
        raise GivenUpError(f"{error}; it said: {process.communicate()[1][-2000:]}") from None
    finally:
        process.kill()
    if process.returncode not in (0, -15):
        raise GivenUpError(f"{command[-1]} ended with {process.returncode}: {told[-2000:]}")


def cpu_seconds(pid: int) -> float:
    """Give the processor time a process took so far, its threads' included (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_megabytes(pid: int) -> float:
    """Give the most memory a process held so far (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def megabytes_now() -> float:
    """Give the memory this process holds, and count its peak anew from here (Linux: man proc_pid_clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_since()


def peak_since() -> float:
    """Give the most memory this process held since it was last counted anew."""
    return peak_megabytes(os.getpid())


def median(values: Sequence[float]) -> float:
    """Give the middle value."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """Give the value that this share of the values does not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def verdict(value: float, goal: float, *, at_least: bool) -> str:
    """Say whether a goal is met."""
    is_met = value >= goal if at_least else value <= goal
    return f"goal {'≥' if at_least else '≤'} {goal:g}: {'met' if is_met else 'MISSED'}"
