"""How many messages does a liaison get in a year, and how many would one message per task and step be.

python -m benchmarks.burden [FILE …]

Each notice is adopted, a liaison registered for every unit, and its year ticked through working day by working day; one
half of the units reports on the working day before it is due, the other half never. Messages are counted, none is sent.
"""

import argparse
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from benchmarks.measuring import verdict
from benchmarks.reading import PLACES
from duban.premises import Premises
from jobs.timetable import TIMETABLE
from notices.notice import Notice
from notices.plan import Plan
from notices.read import read_notice
from office.notice.adopting import adopt_notice
from office.notice.wanted import periods_for
from office.work import Work
from rules.clock import SimulatedClock
from rules.policy import Policy, ReportingPolicy
from storage import ledger, outbox, people
from storage.schema import create_database
from storage.states import OutboxState, Role
from storage.store import Store, Transaction, open_store
from storage.vault import create_key, open_vault

OFFICE = Policy(office="清河区督查室")
QUARTERLY = replace(OFFICE, reporting=ReportingPolicy(cadence="quarterly", day=10, month_offset=1))
FIRST_CHAT = 100_000
HOUR = time(9)
TICKS = ("push_new_tasks", "plan_nudges", "remind_to_sign")  # all that pushes to liaisons unasked


@dataclass(frozen=True, slots=True)
class Year:
    """What a year took."""

    liaisons: int
    tasks: int  # parts of units that owe reports
    pushed: int
    single: int  # one message for each task announced and each step of each report


def main() -> None:
    """Play the year of every notice and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    files = options.files or [file for place in PLACES if place.is_dir() for file in sorted(place.glob("*.txt"))]
    print(
        f"{'notice':30}{'liaisons':>9}{'tasks':>7}{'messages':>10}{'each':>7}{'one by one':>12}{'each':>8}{'ratio':>8}"
    )
    for file in files:
        notice = read_notice(file.read_bytes(), name=file.name, calendar=OFFICE.calendar)
        policy = OFFICE if notice.periods else QUARTERLY
        with tempfile.TemporaryDirectory() as folder:
            year = play(Path(folder), notice, policy)
        each, single = year.pushed / year.liaisons, year.single / year.liaisons
        told = verdict(round(each / single, 2), 0.1, at_least=False)
        print(
            f"{file.name[:28]:30}{year.liaisons:>9}{year.tasks:>7}{year.pushed:>10}{each:>7.1f}{year.single:>12}"
            f"{single:>8.1f}{each / single:>8.2f}  {told}"
        )


def play(folder: Path, notice: Notice, policy: Policy) -> Year:
    """Tick through a notice's year; gives what it took."""
    periods = notice.periods or periods_for(notice, policy.reporting, policy.calendar)
    first = notice.issued_on or min(period.begins_on for period in periods)
    begins = policy.calendar.shift(first, 1)
    clock = SimulatedClock(datetime.combine(begins, time(10), policy.zone))
    url = f"sqlite:///{folder / 'duban.db'}"
    create_key(folder / "duban.key")
    create_database(url)
    premises = Premises(policy, open_vault(folder / "duban.key"), clock)
    store = open_store(url)
    try:
        premises.do(store, lambda work: adopt_notice(work, Plan(notice), source_hash="benchmark"))
        units = premises.do(store, _register)
        day, last = begins, max(period.due_on for period in periods) + timedelta(days=10)
        while day <= last:
            if policy.calendar.is_workday(day):
                clock.set(max(datetime.combine(day, HOUR, policy.zone), clock.now()))
                premises.do(store, lambda work: _live_through(work, units))
            day += timedelta(days=1)
        return _count(store)
    finally:
        store.close()


def _register(work: Work) -> dict[int, int]:
    """Register a liaison for every unit that owes something; gives each unit's place."""
    owing = sorted({due.unit_id for due in ledger.all_owed(work.tx)})
    for place, unit_id in enumerate(owing):
        person = people.add_person(work.tx, telegram_id=FIRST_CHAT + place, name=f"联络员{place}", at=work.at)
        people.add_membership(
            work.tx, person_id=person, role=Role.LIAISON, unit_id=unit_id, leader_name=None, at=work.at
        )
    return {unit_id: place for place, unit_id in enumerate(owing)}


def _live_through(work: Work, units: dict[int, int]) -> None:
    """Do what the clock does on a morning, and what the units do then."""
    for tick in TIMETABLE:
        if tick.name in TICKS:
            tick.act(work, False)
    _send(work.tx)
    _answer(work, units)


def _send(tx: Transaction) -> None:
    """Mark everything that waits as sent, now."""
    tx.exec_driver_sql(
        "UPDATE outbox SET state = ?, sent_at = judged_at WHERE state = 'ready'", (OutboxState.SENT.value,)
    )


def _answer(work: Work, units: dict[int, int]) -> None:
    """Have every second unit report what it was reminded of for the last time before its due day."""
    told = work.tx.exec_driver_sql("SELECT obligation_id FROM nudge WHERE rung = 'before-1'").scalars().all()
    for due in ledger.obligations(work.tx, list(told)):
        if due.state == "open" and units[due.unit_id] % 2 == 0:
            ledger.mark_submitted(work.tx, due.obligation_id, sent_at=work.at)


def _count(store: Store) -> Year:
    def count(tx: Transaction) -> Year:
        def number(query: str) -> int:
            return int(tx.exec_driver_sql(query).scalar_one())

        owing = "SELECT count(DISTINCT task_id || '/' || unit_id) FROM obligation"
        announced = "SELECT count(*) FROM assignment a JOIN membership m ON m.unit_id = a.unit_id WHERE a.announced_at IS NOT NULL"
        pushed = number(f"SELECT count(*) FROM outbox WHERE priority = {outbox.REMINDER}")
        single = number(announced) + number("SELECT count(*) FROM nudge")
        return Year(number("SELECT count(*) FROM person"), number(owing), pushed, single)

    return store.read_now(count)


if __name__ == "__main__":
    main()
