"""How long does the clock take in the biggest office: 1,000,000 obligations of ten periods, a liaison for each of 100,000 units.

python -m benchmarks.tick [--obligations 1000000] [--rounds 5] [--only plan_nudges]
"""

import argparse
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.measuring import median, megabytes_now, peak_since, verdict
from benchmarks.premises import AT
from duban.premises import Premises
from duban.service import act_on
from jobs.timetable import TICKS, Tick
from rules.clock import StandingClock
from rules.ladder import DEFAULT_LADDER, moments
from rules.periods import due_at
from rules.policy import Policy
from storage.schema import create_database
from storage.store import Store, open_store
from storage.vault import create_key, open_vault

STAMP = "%Y-%m-%d %H:%M:%S.%f"
PERIODS = range(-8, 2)  # a fortnight each; the one of today is 0, its second reminder went out this morning
NOW, NEXT = 0, 1
UNITS_A_TASK = 100
LEADERS = 5
OWED_NOW, OWED_BEFORE = 5, 25  # of so many units one owes the report of the period: now, and of those before
UNSIGNED = 50  # of so many units one never signed, and was reminded of it
NEXT_STEP = timedelta(days=4)  # from today's reminder to the next one: Monday, the working day before the due day
SCAN = "SELECT id, due_at, unit_id, task_id FROM obligation WHERE state IN ('open', 'returned')"
QUIET_GOAL, MEMORY_GOAL = 100.0, 50.0  # milliseconds, megabytes
POLICY = Policy(office="清河区督查室")


def main() -> None:
    """Build the office, time every tick with nothing to tell, then the one at which the ladder reaches a rung."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--obligations", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="", help="only the ticks with this in their name")
    options = parser.parse_args()
    units = options.obligations // len(PERIODS)
    with tempfile.TemporaryDirectory() as temporary, ProcessPoolExecutor(1) as builder:
        folder = Path(temporary)
        builder.submit(_build, folder, units).result()  # in a process of its own: its memory is not counted
        print(
            f"{options.obligations:,} obligations, {units:,} units with a liaison each; median of {options.rounds} rounds"
        )
        store = open_store(f"sqlite:///{folder / 'duban.db'}", checkpoints=True)
        try:
            _time_quiet(store, folder, options.rounds, options.only)
            _time_rung(store, folder)
        finally:
            store.close()


def _time_quiet(store: Store, folder: Path, rounds: int, only: str) -> None:
    premises = _premises(folder, AT)
    with sqlite3.connect(folder / "duban.db") as raw:
        owed, idle = len(raw.execute(SCAN).fetchall()), megabytes_now()
        print(f"nothing to tell; the bare scan reads {owed:,} owed obligations")
        print(f"{'':30}{'ms':>9}{'scan ms':>9}{'× scan':>8}{'MB':>6}")
        for tick in (each for each in TICKS if only in each.name):
            first = _act(store, premises, tick)
            while _changes(raw, lambda tick=tick: _act(store, premises, tick)):  # type: ignore[misc]
                pass  # slips are proposed a thousand at a time
            megabytes_now()
            times = [(_act(store, premises, tick), _scan(raw)) for _ in range(rounds)]
            held = max(peak_since() - idle, 0)
            mine, bare = median([each for each, _ in times]), median([each for _, each in times])
            told = verdict(mine, min(2 * bare, QUIET_GOAL), at_least=False)
            memory = "" if held <= MEMORY_GOAL else f", {MEMORY_GOAL:g} MB MISSED"
            print(
                f"{tick.name:30}{mine:>9.1f}{bare:>9.1f}{mine / bare:>8.2f}{held:>6.0f}  {told}{memory}; the day's first {first:.0f} ms"
            )


def _time_rung(store: Store, folder: Path) -> None:
    """Time the one tick at which each liaison who still owes the report is reminded."""
    premises = _premises(folder, AT + NEXT_STEP)
    tick = next(each for each in TICKS if each.name == "plan_nudges")
    with sqlite3.connect(folder / "duban.db") as raw:
        bare, before = _scan(raw), _count(raw, "outbox")
        idle = megabytes_now()
        took = _act(store, premises, tick)
        made, held = _count(raw, "outbox") - before, peak_since() - idle
        print(f"a rung reached: {made:,} messages in {took / 1e3:.1f} s, {took / made:.2f} ms each")
        print(f"the bare scan {bare:.0f} ms ({took / bare:.0f} ×); {held:.0f} MB above the idle process")
        print(f"the tick after it: {_act(store, premises, tick):.0f} ms")


def _premises(folder: Path, at: datetime) -> Premises:
    return Premises(POLICY, open_vault(folder / "duban.key"), StandingClock(at))


def _act(store: Store, premises: Premises, tick: Tick) -> float:
    began = perf_counter()
    store.write_now(lambda tx: act_on(tx, premises, tick, polls=False))
    return (perf_counter() - began) * 1e3


def _scan(raw: sqlite3.Connection) -> float:
    began = perf_counter()
    for _ in raw.execute(SCAN):
        pass
    return (perf_counter() - began) * 1e3


def _changes(raw: sqlite3.Connection, act: Callable[[], object]) -> bool:
    """Whether an act leaves more messages or slips than there were."""
    before = [_count(raw, table) for table in ("outbox", "slip")]
    act()
    return before != [_count(raw, table) for table in ("outbox", "slip")]


def _count(raw: sqlite3.Connection, table: str) -> int:
    return int(raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # a table of ours


# --- building --------------------------------------------------------------------------------------------------------


def _build(folder: Path, units: int) -> None:
    """Write the office in raw rows: what is owed, who serves whom, and everything that was told up to this morning."""
    create_key(folder / "duban.key")
    create_database(f"sqlite:///{folder / 'duban.db'}")
    with sqlite3.connect(folder / "duban.db") as database:
        _build_register(database, units)
        _build_obligations(database, units)
        _build_told(database, units)
        database.execute("ANALYZE")


def _build_register(database: sqlite3.Connection, units: int) -> None:
    began = _stamp(datetime(2024, 11, 1, tzinfo=UTC))
    known: dict[str, Any] = {"created_at": began}
    _insert(
        database,
        "unit",
        (
            {"id": n, "name": f"第{n}局", "aliases": "[]", "members": "[]", "is_group": 0, "uses_bot": 1} | known
            for n in _to(units)
        ),
    )
    people = units + LEADERS + 1  # the supervisor is the last
    _insert(
        database,
        "person",
        ({"id": n, "telegram_id": 10**9 + n, "name": f"人员{n}", "reach": "yes"} | known for n in _to(people)),
    )
    _insert(
        database,
        "membership",
        ({"person_id": n, "role": "liaison", "unit_id": n, "leader_name": None, "since": began} for n in _to(units)),
    )
    leaders = [
        {"person_id": units + n, "role": "leader", "leader_name": f"领导{n}", "since": began} for n in _to(LEADERS)
    ]
    _insert(database, "membership", leaders)
    _insert(database, "membership", [{"person_id": people, "role": "supervisor", "since": began}])
    notice = {"id": 1, "source_hash": "benchmark", "title": "通知", "plan_year": 2025, "length_is_soft": 1, "attest": 0}
    texts = {"rules": "{}", "warnings": "[]", "sources": "[]", "adopted_at": began}
    _insert(database, "notice", [notice | texts])
    tasks = {"notice_id": 1, "list": "附件二", "status": "open"}
    _insert(
        database,
        "task",
        (
            tasks
            | {
                "id": n,
                "position": n,
                "no": n,
                "text": f"第{n}项工作，全年完成{n}个项目。",
                "leaders": f'["{_leader(n)}"]',
            }
            for n in _to(-(-units // UNITS_A_TASK))
        ),
    )
    _insert(
        database,
        "assignment",
        (
            {"task_id": _task(n), "unit_id": n, "role": "owner", "announced_at": began}
            | {"signed_at": began if n % UNSIGNED else None, "sign_reminded_at": None if n % UNSIGNED else _stamp(AT)}
            for n in _to(units)
        ),
    )


def _build_obligations(database: sqlite3.Connection, units: int) -> None:
    _insert(
        database,
        "period",
        (
            {
                "id": _period(k),
                "notice_id": 1,
                "label": f"第{_period(k)}期",
                "due_at": _stamp(_due(k)),
                "is_provisional": 0,
            }
            | {"begins_on": _due(k - 1).date().isoformat(), "ends_on": _due(k).date().isoformat()}
            for k in PERIODS
        ),
    )
    _insert(
        database,
        "obligation",
        (
            {"id": _obligation(k, n, units), "period_id": _period(k), "task_id": _task(n), "unit_id": n, "is_late": 0}
            | {"due_at": _stamp(_due(k)), "state": _state(k, n), "first_sent_at": None if _owes(k, n) else _sent(k)}
            for k in PERIODS
            for n in _to(units)
        ),
    )
    report = {
        "version": 1,
        "state": "submitted",
        "progress": "已完成投资12.5亿元。",
        "characters": 11,
        "findings": "[]",
    }
    _insert(
        database,
        "report",
        (
            report
            | {"obligation_id": _obligation(NOW, n, units), "author_id": n, "chat_id": 10**9 + n}
            | {"sent_at": _sent(NOW), "created_at": _sent(NOW), "submitted_at": _sent(NOW)}
            for n in _to(units)
            if not _owes(NOW, n)
        ),
    )


def _build_told(database: sqlite3.Connection, units: int) -> None:
    """Write each step of the ladder up to this morning that was told: a message and its row for each person."""
    told = [
        (k, n, rung, moment, person)
        for k in (-2, -1, NOW)  # what lies further back is not looked at any more
        for rung, moment in moments((_due(k) - timedelta(hours=1)).date(), DEFAULT_LADDER, POLICY.calendar, POLICY.zone)
        if moment <= AT
        for n in _to(units)
        if _owes(k, n)
        for person in ([n] if "liaison" in rung.to else [units + _leader_of(_task(n))])
    ]
    _insert(
        database,
        "outbox",
        (
            {
                "id": number,
                "chat_id": 10**9 + person,
                "person_id": person,
                "kind": "nudge",
                "content": "{}",
                "priority": 1,
            }
            | {"state": "sent", "judged_at": _stamp(moment), "attempts": 1, "sent_at": _stamp(moment)}
            for number, (_, _, _, moment, person) in enumerate(told, 1)
        ),
    )
    yesterday = {"slot": (AT - timedelta(days=1)).date().isoformat(), "created_at": _stamp(AT - timedelta(days=1))}
    readers = [{"kind": "daily", "person_id": units + LEADERS + 1}]
    readers += [{"kind": "leader", "person_id": units + n} for n in _to(LEADERS)]
    _insert(database, "digest", (reader | yesterday for reader in readers))
    _insert(
        database,
        "nudge",
        (
            {
                "obligation_id": _obligation(k, n, units),
                "due_at": _stamp(_due(k)),
                "rung": rung.key,
                "person_id": person,
            }
            | {"outbox_id": number, "created_at": _stamp(moment)}
            for number, (k, n, rung, moment, person) in enumerate(told, 1)
        ),
    )


def _insert(
    database: sqlite3.Connection, table: str, rows: Sequence[dict[str, Any]] | Iterator[dict[str, Any]]
) -> None:
    """Insert rows that all name the same columns."""
    waiting = iter(rows)
    first = next(waiting)
    names = ", ".join(first)
    command = f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in first)})"  # ours
    database.execute(command, first)
    database.executemany(command, waiting)


def _to(most: int) -> range:
    return range(1, most + 1)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime(STAMP)


def _due(k: int) -> datetime:
    """Give a period's due instant; the present one's due day is two working days after the next reminder's eve."""
    return due_at((AT + timedelta(days=5)).date() + timedelta(weeks=2 * k), POLICY.zone)


def _sent(k: int) -> str:
    return _stamp(_due(k) - timedelta(days=7))


def _period(k: int) -> int:
    return k - PERIODS.start + 1


def _obligation(k: int, n: int, units: int) -> int:
    return (_period(k) - 1) * units + n


def _task(n: int) -> int:
    return (n - 1) // UNITS_A_TASK + 1


def _leader_of(task: int) -> int:
    return task % LEADERS + 1


def _leader(task: int) -> str:
    return f"领导{_leader_of(task)}"


def _owes(k: int, n: int) -> bool:
    return k >= NEXT or n % (OWED_NOW if k == NOW else OWED_BEFORE) == 0


def _state(k: int, n: int) -> str:
    return "open" if _owes(k, n) else "submitted" if k == NOW else "accepted"


if __name__ == "__main__":
    main()
