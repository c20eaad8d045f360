"""An office without a chat: a database, a clock that can be set, notices to adopt, reports written straight into it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import text

from duban.premises import Premises
from duban.rehearsal.stage import DATABASE, empty_database
from notices.notice import Notice, Owner, Task
from notices.plan import Plan, UnitEntry
from office.auditing import find_break
from office.notice.adopting import Adoption, Preview, adopt_notice, preview
from rules.clock import SimulatedClock
from rules.periods import plan_periods
from rules.policy import Policy
from storage import ledger, people, records, reports
from storage.ledger import AssignedTask
from storage.store import Store, open_store
from storage.vault import create_key, open_vault
from tests.cast import CALENDAR, notice

Owed = tuple[str, int, str]  # period, task number, unit


@dataclass
class Office:
    """An office at work."""

    store: Store
    premises: Premises
    clock: SimulatedClock

    def at(self, instant: datetime) -> None:
        """Move the clock."""
        self.clock.set(instant)

    def look(self, given: Notice, *units: UnitEntry, **options: Any) -> Preview:
        """Preview a notice, on the connection that cannot write."""
        plan = Plan(given, units)
        return self.premises.look(self.store, lambda work: preview(work, plan, source_hash=_hash(plan), **options))

    def adopt(self, given: Notice, *units: UnitEntry, waive_before: date | None = None, **options: Any) -> Adoption:
        """Adopt a notice, and check that exactly what the preview told was done."""
        plan = Plan(given, units)
        look = options.pop("expected", None) or self.look(given, *units, **options)
        done = self.premises.do(
            self.store,
            lambda work: adopt_notice(
                work, plan, source_hash=_hash(plan), waive_before=waive_before, expected=look, **options
            ),
        )
        assert look.how == done.how
        assert look.counts == {name: getattr(done, name) for name in ("tasks", "units", "periods", "obligations")}
        return done

    def report(
        self, period: str, no: int, unit: str, words: str = "已完成3个项目。", *, is_draft: bool = False
    ) -> None:
        """Have a unit report on a task."""
        (number,) = self.column(
            "SELECT obligation.id FROM obligation JOIN period ON period.id = period_id JOIN task ON task.id = task_id "
            f"JOIN unit ON unit.id = unit_id WHERE label = '{period}' AND no = {no} AND unit.name = '{unit}'"
        )
        self.premises.do(self.store, lambda work: self._report(work, number, words, is_draft=is_draft))

    def _report(self, work: Any, obligation: int, words: str, *, is_draft: bool) -> None:
        author = people.who_is(work.tx, 1001)
        author_id = author.id if author else people.add_person(work.tx, telegram_id=1001, name="张敏", at=work.at)
        values = {"obligation_id": obligation, "version": 1, "progress": words, "characters": 9, "findings": []}
        values |= {"author_id": author_id, "chat_id": 1001, "sent_at": work.at, "created_at": work.at}
        draft = reports.add_draft(work.tx, values)
        if not is_draft:
            reports.change_report(work.tx, draft, state="submitted", submitted_at=work.at)
            ledger.mark_submitted(work.tx, obligation, sent_at=work.at)

    def owed(self) -> set[Owed]:
        """Give what is open or returned now."""
        dues = self.store.read_now(ledger.all_owed)
        return {(due.period, due.no, due.unit_name) for due in dues}

    def reported(self) -> list[tuple[str, int, str, str]]:
        """Give what `duban reports` lists: period, task, unit, text."""
        rows = self.store.read_now(lambda tx: reports.list_reports(tx, period=None, unit=None, notice_id=None))
        return [(row.period, row.no, row.unit, row.progress) for row in rows]

    def announce(self) -> None:
        """Tell everybody of their tasks, and have them sign."""
        self.premises.do(self.store, self._announce)

    def _announce(self, work: Any) -> None:
        author = people.add_person(work.tx, telegram_id=1002, name="李丽", at=work.at)
        ids = [task.assignment_id for task in ledger.unannounced_tasks(work.tx)]
        ledger.mark_announced(work.tx, ids, at=work.at)
        ledger.sign(work.tx, ids, person_id=author, at=work.at)

    def to_be_told(self) -> set[tuple[int, str]]:
        """Give the tasks that units have yet to be told of: (number, unit)."""
        waiting: list[AssignedTask] = self.store.read_now(ledger.unannounced_tasks)
        return {(task.no, task.unit_name) for task in waiting}

    def column(self, sql: str) -> list[Any]:
        """Give the first column of what a statement finds."""
        return list(self.store.read_now(lambda tx: list(tx.execute(text(sql)).scalars())))

    def audit(self, action: str) -> list[dict[str, Any]]:
        """Give the acts of one kind in the audit, whose chain must hold."""
        rows = self.store.read_now(records.audit_rows)
        assert find_break(rows, self.premises.vault) is None
        return [row["content"] for row in rows if row["action"] == action]


@contextmanager
def office(
    folder: Path, *, at: datetime, database_url: str | None = None, policy: Policy | None = None
) -> Iterator[Office]:
    """Open an office with nothing adopted."""
    if database_url is None:
        (folder / DATABASE).write_bytes(empty_database())
    create_key(folder / "duban.key")
    clock = SimulatedClock(at)
    store = open_store(database_url or f"sqlite:///{folder / DATABASE}")
    try:
        premises = Premises(policy or Policy(office="清河区督查室"), open_vault(folder / "duban.key"), clock, "cli")
        yield Office(store, premises, clock)
    finally:
        store.close()


def job(no: int, owners: str, text: str | None = None, **more: Any) -> Task:
    """Make a task of owners such as `区发改局 lead、区教体局 support`; a name alone is an owner."""
    parts = [owner.split(" ") for owner in owners.split("、")]
    made = [Owner(name, role[0] if role else "owner") for name, *role in parts]  # type: ignore[arg-type]
    values: dict[str, Any] = {"list": "附件", "section": None, **more}
    return Task(no=no, text=text or f"第{no}项工作，全年完成{no}0个项目。", owners=tuple(made), **values)


def plan_of(*tasks: Task, dues: Iterable[str] | None = None, **fields: Any) -> Notice:
    """Make a quarterly notice of these tasks; `dues` are its due dates."""
    found = notice(*tasks)
    if dues is not None:
        days = tuple(date.fromisoformat(day) for day in dues)
        fields["periods"] = plan_periods(
            cadence="quarterly",
            due_dates=days,
            due_rule=None,
            issued_on=None,
            starts_on=None,
            plan_year=2025,
            calendar=CALENDAR,
        )
    return replace(found, **fields)


def _hash(plan: Plan) -> str:
    return sha256(repr(plan).encode()).hexdigest()
