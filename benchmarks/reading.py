"""How long does a notice take to read, once everything is imported?

python -m benchmarks.reading [--rounds 9] [FILE …]
"""

import argparse
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import ROOT, median, verdict
from notices.read import read_notice
from rules.workdays import WorkCalendar

PLACES = (ROOT / "examples", ROOT.parent / "shared" / "notices")  # the second is there in some checkouts only
CALENDAR = WorkCalendar()


def time_reading(data: bytes, name: str) -> tuple[float, int]:
    """Give the seconds one reading takes, and how many tasks it found."""
    began = perf_counter()
    tasks = len(read_notice(data, name=name, calendar=CALENDAR).tasks)
    return perf_counter() - began, tasks


def time_decoding(data: bytes) -> float:
    """Give the seconds it takes to decode the bytes and look at every character once: less no reader can do."""
    began = perf_counter()
    sum(character.isspace() for character in data.decode("utf-8", "replace"))
    return perf_counter() - began


def main() -> None:
    """Read every notice some times and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    files = options.files or [file for place in PLACES if place.is_dir() for file in sorted(place.glob("*.txt"))]
    notices = {file.name: file.read_bytes() for file in files}
    for name, data in notices.items():
        time_reading(data, name)  # the first time loads the calendar and compiles patterns
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in notices}
    for _ in range(options.rounds):
        for name, data in notices.items():
            seconds, tasks = time_reading(data, name)
            found[name].append((seconds, time_decoding(data), tasks))
    print(f"median of {options.rounds} rounds")
    print(f"{'notice':30}{'kB':>8}{'tasks':>8}{'ms':>10}{'× decoding':>12}")
    for name, rounds in found.items():
        seconds, ratio = median([r[0] for r in rounds]), median([r[0] / r[1] for r in rounds])
        told = verdict(seconds * 1e3, 50, at_least=False)
        size = len(notices[name]) / 1e3
        print(f"{name:30}{size:>8.0f}{rounds[0][2]:>8}{seconds * 1e3:>10.1f}{ratio:>12.0f}  {told}")


if __name__ == "__main__":
    main()
