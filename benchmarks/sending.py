"""How many stored messages a second are claimed, worded, sent and marked; beside aiohttp sending the like from memory.

python -m benchmarks.sending [--count 5000] [--rounds 5]
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from benchmarks.measuring import Server, cpu_seconds, fast_server, median, peak_megabytes, running, verdict
from benchmarks.premises import build_office, copy_office, count, fill_outbox

SENT = "SELECT count(*) FROM outbox WHERE state = 'sent' AND message_id IS NOT NULL"
GOAL = 0.35


@dataclass(frozen=True, slots=True)
class Run:
    """What one contender did."""

    rate: float
    cpu: float
    megabytes: float


def send_bare(server: Server, messages: int) -> Run:
    """Measure aiohttp alone."""
    return _measured(("send_bare", server.url, str(messages)), server, messages)


def send_stored(server: Server, messages: int, *, model: Path, folder: Path) -> Run:
    """Measure the product's sender on a fresh copy of the outbox, and make sure that everything was marked."""
    copy_office(model, folder, url=server.url)
    done = _measured(("send_stored", server.url, str(folder)), server, messages)
    assert (found := count(folder / "duban.db", SENT)) == messages, f"{found} of {messages} are marked as sent"
    return done


def main() -> None:
    """Measure both, turn about, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="messages")
    parser.add_argument("--chats", type=int, default=1000, help="chats they go to")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    bare: list[Run] = []
    answers: list[Run] = []
    reminders: list[Run] = []
    with tempfile.TemporaryDirectory() as temporary, fast_server() as server:
        models = {kind: Path(temporary) / kind for kind in ("answers", "reminders")}
        for kind, model in models.items():
            model.mkdir()
            build_office(model, liaisons=options.chats)
            fill_outbox(model, options.count, reminders=kind == "reminders")
        for number in range(options.rounds):
            bare.append(send_bare(server, options.count))
            for kind, runs in (("answers", answers), ("reminders", reminders)):
                folder = Path(temporary) / f"{kind}-{number}"
                runs.append(send_stored(server, options.count, model=models[kind], folder=folder))
    print(f"{options.count} messages to {options.chats} chats, median of {options.rounds} rounds")
    print(f"{'':36}{'messages/s':>12}{'× bare':>10}{'CPU µs each':>14}{'peak MB':>10}")
    rows = (("aiohttp alone, 16 in flight", bare), ("answers from the outbox", answers))
    for name, runs in (*rows, ("reminders, checked once more", reminders)):
        ratio = median([run.rate / other.rate for run, other in zip(runs, bare, strict=True)])
        cpu, memory = median([run.cpu for run in runs]), median([run.megabytes for run in runs])
        print(f"{name:36}{median([run.rate for run in runs]):>12,.0f}{ratio:>10.2f}{cpu * 1e6:>14,.0f}{memory:>10.0f}")
    ratios = [run.rate / other.rate for run, other in zip(answers, bare, strict=True)]
    print("ratios:", " ".join(f"{r:.2f}" for r in ratios), "· answers:", verdict(median(ratios), GOAL, at_least=True))
    share = 30 * median([run.cpu for run in answers]) * 100
    print(f"at Telegram's 30 a second: {share:.1f} % of one core ·", verdict(share, 3, at_least=False))


def _measured(words: tuple[str, ...], server: Server, messages: int) -> Run:
    server.ask("reset")
    with running((sys.executable, "-m", "benchmarks.contenders", *words)) as process:
        _hear_ready(process)
        before = cpu_seconds(process.pid)
        server.ask("expect", count=messages)
        _say_go(process)
        _hear_ready(process)  # it waits for the word to end; what it was told to do goes on beside
        seconds, _ = server.wait()
        run = Run(messages / seconds, (cpu_seconds(process.pid) - before) / messages, peak_megabytes(process.pid))
        _say_go(process)
        process.wait(timeout=30)
        return run


def _hear_ready(process: "Popen[str]") -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()


def _say_go(process: "Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


if __name__ == "__main__":
    main()
