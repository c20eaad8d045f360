"""How many replies a second go all the way: received, stored, committed, answered; beside a bot that stores nothing.

python -m benchmarks.replies [--count 2000] [--chats 200] [--rounds 5]
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import (
    DUBAN,
    Server,
    cpu_seconds,
    fast_server,
    median,
    peak_megabytes,
    percentile,
    running,
    verdict,
)
from benchmarks.premises import AT, build_office, copy_office, count

KEPT = {  # what must stand in the database after so many replies
    "reports": "SELECT count(*) FROM report",
    "updates done": "SELECT count(*) FROM inbox WHERE state = 'done'",
    "answers sent": "SELECT count(*) FROM outbox WHERE state = 'sent'",
}


@dataclass(frozen=True, slots=True)
class Load:
    """How many replies, from how many chats, how many a second (0: all at once)."""

    replies: int
    chats: int
    rate: float = 0.0
    warm_up: int = 200  # replies before, not counted: what is loaded once a start is loaded then


@dataclass(frozen=True, slots=True)
class Run:
    """What one contender did with a load."""

    seconds: float
    latencies: list[float]
    cpu: float
    megabytes: float


def run_echo(server: Server, load: Load) -> Run:
    """Measure the plain bot."""
    return _measured((sys.executable, "-m", "benchmarks.contenders", "echo", server.url), server, load)


def run_duban(server: Server, load: Load, *, model: Path, folder: Path) -> Run:
    """Measure `duban run` on a fresh copy of the office, and make sure that everything was kept."""
    config = copy_office(model, folder, url=server.url)
    command = (*DUBAN, "run", "--config", str(config), "--at", AT.isoformat())
    done = _measured(command, server, load)
    for name, query in KEPT.items():
        assert (found := count(folder / "duban.db", query)) == load.replies + load.warm_up, f"{name}: {found}"
    return done


def main() -> None:
    """Measure both, turn about, and print what came out."""
    options = _options()
    load = Load(options.count, options.chats)
    paced = Load(options.paced, options.chats, options.rate)
    echoes, replies, slow_echoes, slow_replies = [], [], [], []
    with tempfile.TemporaryDirectory() as temporary, fast_server() as server:
        model = Path(temporary) / "model"
        model.mkdir()
        build_office(model, liaisons=options.chats)
        for number in range(options.rounds):
            echoes.append(run_echo(server, load))
            replies.append(run_duban(server, load, model=model, folder=Path(temporary) / f"full-{number}"))
        for number in range(options.paced_rounds):
            slow_echoes.append(run_echo(server, paced))
            slow_replies.append(run_duban(server, paced, model=model, folder=Path(temporary) / f"paced-{number}"))
    if replies:
        print(f"{load.replies} replies of {load.chats} chats at once, median of {options.rounds} rounds")
        _print_saturation(echoes, replies)
    if slow_replies:
        print(f"\n{paced.rate:g} replies a second, {paced.replies} of them, median of {options.paced_rounds} rounds")
        _print_paced(slow_echoes, slow_replies)


def _print_saturation(echoes: list[Run], replies: list[Run]) -> None:
    print(f"{'':24}{'replies/s':>12}{'× plain':>10}{'CPU µs each':>14}{'peak MB':>10}")
    for name, runs in (("plain PTB, stores nothing", echoes), ("duban run", replies)):
        ratio = median([echo.seconds / run.seconds for echo, run in zip(echoes, runs, strict=True)])
        rate = median([len(run.latencies) / run.seconds for run in runs])
        cpu = median([run.cpu / len(run.latencies) * 1e6 for run in runs])
        print(f"{name:24}{rate:>12,.0f}{ratio:>10.2f}{cpu:>14,.0f}{median([r.megabytes for r in runs]):>10.0f}")
    ratios = [echo.seconds / run.seconds for echo, run in zip(echoes, replies, strict=True)]
    print("ratios:", " ".join(f"{ratio:.2f}" for ratio in ratios), "·", verdict(median(ratios), 1.0, at_least=True))


def _print_paced(echoes: list[Run], replies: list[Run]) -> None:
    print(f"{'':24}{'p50 ms':>12}{'p99 ms':>10}{'CPU µs each':>14}")
    for name, runs in (("plain PTB, stores nothing", echoes), ("duban run", replies)):
        p50, p99 = (median([percentile(run.latencies, share) * 1e3 for run in runs]) for share in (0.5, 0.99))
        cpu = median([run.cpu / len(run.latencies) * 1e6 for run in runs])
        print(f"{name:24}{p50:>12.1f}{p99:>10.1f}{cpu:>14,.0f}")
    p99 = median([percentile(run.latencies, 0.99) * 1e3 for run in replies])
    print("p99 of duban run:", verdict(p99, 20, at_least=False))


def _measured(command: tuple[str, ...], server: Server, load: Load) -> Run:
    server.ask("reset")
    with running(command) as process:
        server.wait_for_poll()
        server.ask("load", count=load.warm_up, chats=load.chats, rate=0, at=int(AT.timestamp()))
        server.wait()
        before = cpu_seconds(process.pid)
        server.ask("load", count=load.replies, chats=load.chats, rate=load.rate, at=int(AT.timestamp()))
        seconds, latencies = server.wait()
        return Run(seconds, latencies, cpu_seconds(process.pid) - before, peak_megabytes(process.pid))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="replies at once")
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rate", type=float, default=50.0, help="replies a second of the paced part")
    parser.add_argument("--paced", type=int, default=400, help="replies of the paced part")
    parser.add_argument("--paced-rounds", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
