"""Any plan, then any other for the same notice: what is owed is what a plain model says, and nothing is lost."""

import tempfile
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from notices.notice import Notice, Owner, Task
from office.notice.recognising import How
from rules.periods import Period, due_at
from tests.adopting.premises import Office, Owed, office, plan_of
from tests.cast import ZONE

UNITS = ("区发改局", "区教体局", "区水利局", "区民政局")
LABELS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
START = datetime(2025, 2, 20, 10, tzinfo=ZONE)

roles = st.sampled_from(("lead", "owner", "support"))
owners = st.dictionaries(st.sampled_from(UNITS), roles, min_size=1, max_size=3).map(
    lambda parts: tuple(Owner(name, role) for name, role in parts.items())  # type: ignore[arg-type]
)
task_numbers = st.lists(st.integers(1, 5), min_size=1, max_size=5, unique=True)
due_days = st.dictionaries(st.sampled_from(LABELS), st.integers(0, 14), max_size=4)


@st.composite
def plans(draw: st.DrawFn) -> Notice:
    """Make a notice of some of five tasks, in any order, with some of four periods."""
    tasks = tuple(
        Task("附件", no, None, f"第{no}项工作。", draw(owners), deadline=draw(st.sampled_from((None, "年底"))))
        for no in draw(task_numbers)
    )
    periods = tuple(_period(label, shift) for label, shift in sorted(draw(due_days).items()))
    return plan_of(*tasks, periods=periods)


def _period(label: str, shift: int) -> Period:
    month = 3 * LABELS.index(label) + 1
    ends_on = date(2025 + (month + 3 > 12), (month + 3) % 12 or 12, 1) - timedelta(days=1)
    return Period(label, date(2025, month, 1), ends_on, ends_on + timedelta(days=10 + shift))


@dataclass
class Model:
    """What is owed, said as plainly as can be: sets of (period, task, unit), and each period's due instant."""

    owed: set[Owed] = field(default_factory=set)
    reported: set[Owed] = field(default_factory=set)
    periods: dict[str, datetime] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)  # every period there ever was

    def adopt(self, plan: Notice, at: datetime) -> None:
        """Take a plan in."""
        dues = {period.label: due_at(period.due_on, ZONE) for period in plan.periods}
        numbers = {task.no for task in plan.tasks}
        parts = {(task.no, owner.name) for task in plan.tasks for owner in task.owners if owner.role != "support"}
        lasting = {
            label
            for label, due in self.periods.items()
            if label not in dues and (due <= at or any(period == label for period, _, _ in self.reported))
        }
        new = set(dues) - set(self.periods)
        self.periods = {label: self.periods[label] for label in lasting} | dues
        stays = {
            (period, no, unit)
            for period, no, unit in self.owed
            if period in self.periods and no in numbers and ((no, unit) in parts or self.periods[period] <= at)
        }
        came = {(period, no, unit) for period, due in dues.items() for no, unit in parts if due > at}
        came |= {(period, no, unit) for period in new - self.known for no, unit in parts}
        self.owed = stays | (came - self.reported)
        self.known |= set(dues)

    def report(self, owed: Owed) -> None:
        """Take a report in."""
        self.owed.remove(owed)
        self.reported.add(owed)


moves = st.lists(st.tuples(plans(), st.integers(0, 120), st.integers(0, 40)), min_size=1, max_size=4)


@given(first=plans(), then=moves)
@settings(max_examples=60)
def test_what_is_owed_after_any_corrections_is_what_the_model_says(
    first: Notice, then: list[tuple[Notice, int, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, office(Path(folder), at=START) as desk:
        model, at = Model(), START
        desk.adopt(first)
        model.adopt(first, at)
        assert desk.owed() == model.owed
        for number, (plan, days, pick) in enumerate(then):
            if model.owed:
                chosen = sorted(model.owed)[pick % len(model.owed)]
                desk.report(*chosen)
                model.report(chosen)
            at += timedelta(days=days)
            desk.at(at)
            _adopt_twice(desk, replace(plan, document_number=str(number)))
            model.adopt(plan, at)
            assert desk.owed() == model.owed
            assert {(period, no, unit) for period, no, unit, _ in desk.reported()} == model.reported


def _adopt_twice(desk: Office, plan: Notice) -> None:
    """Adopt a plan, then a file that says the same: nothing may differ any more."""
    done = desk.adopt(plan, updates=1)
    assert done.how == How.UPDATE
    before = desk.owed(), desk.to_be_told()
    same = desk.adopt(replace(plan, reporting_lists=("附件", "没有的")), updates=1)
    assert same.changes == ()
    assert (desk.owed(), desk.to_be_told()) == before
    assert (same.tasks, same.obligations) == (done.tasks, done.obligations)
