"""How long does looking take in a big office: /overdue, what one unit owes, a tick with nothing due.

python -m benchmarks.looking [--obligations 100000] [--overdue 0.04] [--rounds 7] [--only overdue]
"""

import argparse
import resource
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

from benchmarks.fast_api import FIRST_CHAT
from benchmarks.measuring import median, verdict
from benchmarks.premises import AT, build_office
from duban.premises import Premises
from duban.service import act_on
from jobs.timetable import TICKS
from office.looking.listing import list_overdue, show_overdue
from office.looking.picturing import board_of_period
from office.looking.status import status_of
from office.saying import Recipient
from office.work import Work
from rules.clock import StandingClock
from rules.policy import Policy
from storage import ledger, people
from storage.states import Role
from storage.store import open_store
from storage.vault import open_vault

UNITS = 200
OVERDUE = 0.04  # the share that is owed past its due instant, unless another is asked for
STAMP = "%Y-%m-%d %H:%M:%S.%f"
COUNTS = (
    "SELECT unit_id, count(*), min(due_at) FROM obligation WHERE state IN ('open', 'returned') AND due_at <= ?"
    " GROUP BY unit_id ORDER BY 3 LIMIT 10"
)
PAGE = (
    "SELECT o.id, o.due_at, u.name, t.no, t.text, p.label FROM obligation o JOIN task t ON t.id = o.task_id"
    " JOIN unit u ON u.id = o.unit_id JOIN period p ON p.id = o.period_id"
    " WHERE o.state IN ('open', 'returned') AND o.unit_id = ? AND o.due_at <= ? ORDER BY o.due_at LIMIT 8"
)
OWED = (
    "SELECT o.id, o.due_at, u.name, t.no, t.text, p.label FROM obligation o JOIN task t ON t.id = o.task_id"
    " JOIN unit u ON u.id = o.unit_id JOIN period p ON p.id = o.period_id WHERE o.state IN ('open', 'returned')"
    " AND o.unit_id = ? AND p.begins_on <= ? ORDER BY o.due_at"
)
NEXT_DUE = "SELECT min(due_at) FROM obligation WHERE state IN ('open', 'returned') AND due_at > ?"
Look = Callable[[], object]


def main() -> None:
    """Build the office, time each look beside raw SQL and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--obligations", type=int, default=100_000)
    parser.add_argument("--overdue", type=float, default=OVERDUE, help="the share that is overdue")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="", help="only the looks with this in their name")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        build_office(folder, liaisons=UNITS)
        overdue = _fill(folder / "duban.db", options.obligations, options.overdue)
        print(
            f"{options.obligations:,} obligations, {overdue:,} overdue, {UNITS} units; median of {options.rounds} rounds"
        )
        print(f"{'':34}{'ms':>10}{'raw SQL ms':>12}{'× raw':>10}")
        before = _peak_megabytes()
        _time_all(folder, options.rounds, options.only)
        print(f"most memory held: {_peak_megabytes():.0f} MB, {before:.0f} MB before the first look")


def _time_all(folder: Path, rounds: int, only: str) -> None:
    premises = Premises(Policy(office="清河区督查室"), open_vault(folder / "duban.key"), StandingClock(AT))
    store = open_store(f"sqlite:///{folder / 'duban.db'}", checkpoints=True)
    raw = sqlite3.connect(folder / "duban.db")
    now, one = AT.astimezone(UTC).strftime(STAMP), 7

    def raw_overdue() -> None:
        for unit, *_ in raw.execute(COUNTS, (now,)).fetchall():
            raw.execute(PAGE, (unit, now)).fetchall()

    looks: dict[str, tuple[Look, Look]] = {
        "/overdue, first page, in chat": (lambda: premises.do(store, _overdue_of("")), raw_overdue),
        "/overdue, one unit": (lambda: premises.do(store, _overdue_of("第7局")), raw_overdue),
        "/overdue, a period, days, a text": (lambda: premises.do(store, _overdue_of("W3 超过5天 第77项")), raw_overdue),
        "/status": (lambda: premises.look(store, status_of), raw_overdue),
        "board, counted and drawn": (lambda: premises.look(store, lambda w: board_of_period(w, None)), raw_overdue),
        "list_overdue, all of it": (lambda: premises.look(store, list_overdue), raw_overdue),
        "owed_by, one unit": (
            lambda: store.read_now(lambda tx: ledger.owed_by(tx, [one], today=AT.date())),
            lambda: raw.execute(OWED, (one, AT.date().isoformat())).fetchall(),
        ),
    }
    for tick in TICKS:
        looks[f"tick {tick.name}"] = (
            lambda tick=tick: store.write_now(lambda tx: act_on(tx, premises, tick, polls=False)),  # type: ignore[misc]
            lambda: raw.execute(NEXT_DUE, (now,)).fetchall(),
        )
    try:
        for name, (ours, theirs) in looks.items():
            if only not in name:
                continue
            ours()  # what there is to do is done the first time: from then on nothing is due
            times = [(_time(ours), _time(theirs)) for _ in range(rounds)]
            mine, bare = median([t[0] for t in times]), median([t[1] for t in times])
            told = verdict(mine, 1.0 if name.startswith("tick") else round(1.5 * bare + 10, 1), at_least=False)
            print(f"{name:34}{mine:>10.2f}{bare:>12.3f}{mine / bare:>10.1f}  {told}")
    finally:
        raw.close()
        store.close()


def _overdue_of(words: str) -> Callable[[Work], None]:
    def show(work: Work) -> None:
        person = people.who_is(work.tx, FIRST_CHAT - 1)
        assert person is not None
        show_overdue(work, Recipient(FIRST_CHAT - 1, person.id), person, words)

    return show


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes on Linux


def _time(look: Look) -> float:
    began = perf_counter()
    look()
    return (perf_counter() - began) * 1e3


def _fill(database: Path, obligations: int, share: float) -> int:
    """Add tasks of one more notice until so many obligations stand, most of them accepted; gives how many are overdue."""
    periods = 50
    tasks = max(1, obligations // periods)
    with sqlite3.connect(database) as connection:
        notice = connection.execute("SELECT max(id) FROM notice").fetchone()[0]
        first_task = connection.execute("SELECT max(id) FROM task").fetchone()[0] + 1
        first_period = connection.execute("SELECT max(id) FROM period").fetchone()[0] + 1
        connection.executemany(
            "INSERT INTO task (id, notice_id, position, list, no, text, leaders, status)"
            " VALUES (?, ?, ?, '附件二', ?, ?, '[]', 'open')",
            ((first_task + n, notice, 10_000 + n, n, f"第{n}项工作，全年完成{n}个项目。") for n in range(tasks)),
        )
        connection.executemany(
            "INSERT INTO period (id, notice_id, label, begins_on, ends_on, due_at, is_provisional)"
            " VALUES (?, ?, ?, ?, ?, ?, 0)",
            ((first_period + n, notice, f"W{n}", *_period(n, periods)) for n in range(periods)),
        )
        connection.executemany(
            "INSERT INTO obligation (period_id, task_id, unit_id, due_at, state, is_late) VALUES (?, ?, ?, ?, ?, 0)",
            (
                (first_period + p, first_task + n, n % UNITS + 1, _period(p, periods)[2], _state(p, n, periods, share))
                for n in range(tasks)
                for p in range(periods)
            ),
        )
        connection.execute(
            "INSERT INTO person (telegram_id, name, reach, created_at) VALUES (?, '王科', 'yes', ?)",
            (FIRST_CHAT - 1, datetime(2025, 1, 1, tzinfo=UTC).strftime(STAMP)),
        )
        connection.execute(
            "INSERT INTO membership (person_id, role, since) SELECT max(id), ?, ? FROM person",
            (Role.SUPERVISOR.value, datetime(2025, 1, 1, tzinfo=UTC).strftime(STAMP)),
        )
        connection.execute("ANALYZE")
        now = AT.astimezone(UTC).strftime(STAMP)
        owed = "SELECT count(*) FROM obligation WHERE state IN ('open', 'returned') AND due_at <= ?"
        return int(connection.execute(owed, (now,)).fetchone()[0])


def _period(number: int, periods: int) -> tuple[str, str, str]:
    """Give begin, end and due instant of a week; the last but four are past."""
    due = (AT - timedelta(weeks=periods - 5 - number)).replace(hour=0).astimezone(UTC)
    return (
        (due - timedelta(days=14)).date().isoformat(),
        (due - timedelta(days=7)).date().isoformat(),
        due.strftime(STAMP),
    )


def _state(period: int, task: int, periods: int, share: float) -> str:
    if period > periods - 5:
        return "open"
    return "open" if (period * 7919 + task * 104_729) % 10_000 < share * 10_000 / (1 - 4 / periods) else "accepted"


if __name__ == "__main__":
    main()
