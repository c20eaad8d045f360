"""How long does a notice take to read, once everything is imported?

python -m benchmarks.reading [--rounds 9] [FILE …]
"""

import argparse
import tracemalloc
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


def table_of(rows: int) -> bytes:
    """Make a notice whose one table has this many rows, a tab between its cells."""
    head = "清河区人民政府办公室\n关于分解落实2025年重点任务的通知\n各镇街：\n请于每月25日前将当月进展报区政府督查室。\n附件\n任务分解表\n"
    row = "{0}\t修渠{0}公里，清淤5处，改造泵站3座，年底前全部完工通水。\t区水务局\t区财政局、各镇街\t12月底前\n"
    rest = "".join(row.format(no) for no in range(1, rows + 1))
    return f"{head}序号\t工作任务\t牵头单位\t配合单位\t完成时限\n{rest}".encode()


def peak_megabytes_of(data: bytes, name: str) -> float:
    """Give the most memory that one reading holds at once, without what is imported."""
    tracemalloc.start()
    read_notice(data, name=name, calendar=CALENDAR)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


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
    if not options.files:
        notices["a table of 2,000 rows"] = table_of(2000)
    for name, data in notices.items():
        time_reading(data, name)  # the first time loads the calendar and compiles patterns
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in notices}
    for _ in range(options.rounds):
        for name, data in notices.items():
            seconds, tasks = time_reading(data, name)
            found[name].append((seconds, time_decoding(data), tasks))
    print(f"median of {options.rounds} rounds")
    print(
        f"{'notice':30}{'kB':>8}{'tasks':>8}{'ms':>10}{'× decoding':>12}{'ms/100 tasks':>14}{'peak MB':>9}{'× size':>8}"
    )
    for name, rounds in found.items():
        seconds, ratio = median([r[0] for r in rounds]), median([r[0] / r[1] for r in rounds])
        tasks, size, peak = rounds[0][2], len(notices[name]) / 1e3, peak_megabytes_of(notices[name], name)
        told = verdict(seconds * 1e3, 50, at_least=False) if tasks < 1000 else ""
        each = seconds * 1e5 / tasks
        line = f"{name:30}{size:>8.0f}{tasks:>8}{seconds * 1e3:>10.1f}{ratio:>12.0f}{each:>14.1f}{peak:>9.1f}{peak * 1e3 / size:>8.0f}"
        print(f"{line}  {told}".rstrip())


if __name__ == "__main__":
    main()
