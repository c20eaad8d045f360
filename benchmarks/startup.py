"""How long until a command answers: `--help`, reading a notice, and `duban run` until it first polls.

python -m benchmarks.startup [--rounds 7]
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import DUBAN, ROOT, Server, fast_server, median, running, verdict
from benchmarks.premises import AT, build_office, copy_office

EXAMPLE = ROOT / "examples" / "qinghe-2025.txt"
GOALS = {"duban --help": 0.3, "duban notice read": 1.0, "duban run, first poll": 2.0}


def time_command(*words: str) -> float:
    """Give the seconds a command takes from its start to its end."""
    began = perf_counter()
    subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


def time_first_poll(server: Server, model: Path, folder: Path) -> float:
    """Give the seconds from the start of `duban run` until it asks for updates."""
    config = copy_office(model, folder, url=server.url)
    server.ask("reset")
    began = perf_counter()
    with running((*DUBAN, "run", "--config", str(config), "--at", AT.isoformat())):
        server.wait_for_poll()
        return perf_counter() - began


def main() -> None:
    """Measure each in turn, round by round, and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary, fast_server() as server:
        model = Path(temporary) / "model"
        model.mkdir()
        build_office(model, liaisons=200)
        folders = iter(range(rounds + 1))
        measured: dict[str, Callable[[], float]] = {
            "python -c pass": lambda: time_command(sys.executable, "-c", "pass"),
            "duban --help": lambda: time_command(*DUBAN, "--help"),
            "duban notice read": lambda: time_command(*DUBAN, "notice", "read", str(EXAMPLE)),
            "duban run, first poll": lambda: time_first_poll(server, model, Path(temporary) / str(next(folders))),
        }
        for act in measured.values():
            act()  # the first time reads everything from disk
        found: dict[str, list[float]] = {name: [] for name in measured}
        for _ in range(rounds):
            for name, act in measured.items():
                found[name].append(act())
    print(f"median of {rounds} rounds, files in the disk's cache")
    print(f"{'':26}{'seconds':>10}{'× python':>10}")
    for name, times in found.items():
        ratio = median([time / bare for time, bare in zip(times, found["python -c pass"], strict=True)])
        told = verdict(median(times), GOALS[name], at_least=False) if name in GOALS else ""
        print(f"{name:26}{median(times):>10.3f}{ratio:>10.1f}  {told}".rstrip())


if __name__ == "__main__":
    main()
