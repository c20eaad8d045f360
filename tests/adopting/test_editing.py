"""Single tasks put right, at random: what was foreseen is what is done, nothing that was reported or past is lost."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from office.notice.editing import Edit, EditError, Foreseen, Op, foresee, nearest, put_right
from storage import ledger
from tests.adopting.premises import Office, job, office, plan_of
from tests.cast import ZONE

UNITS = ("区发改局", "区教体局", "区水利局", "区民政局")
START = datetime(2025, 2, 20, 10, tzinfo=ZONE)
WHY = "因职能调整"

names = st.sampled_from(UNITS)
roles = st.sampled_from(("lead", "owner", "support", ""))
given_units = st.lists(st.tuples(names, roles), max_size=2, unique_by=lambda pair: pair[0]).map(tuple)
words = st.sampled_from(("甲", "乙", "丙"))


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Any]:
    """Make an edit of one of the tasks, by its place among those open."""
    op = draw(st.sampled_from(tuple(Op)))
    values: dict[str, Any] = {"op": op}
    if op in (Op.ADD, Op.CHANGE, Op.SPLIT):
        values["text"] = draw(words)
    if op == Op.SPLIT:
        values["second"] = draw(words)
    if op == Op.CHANGE:
        values |= {
            "leaders": draw(st.sampled_from((None, (), ("赵区长",)))),
            "deadline": draw(st.sampled_from((None, "", "年底"))),
        }
    if op in (Op.ADD, Op.REASSIGN):
        values["units"] = draw(given_units)
    if op == Op.REASSIGN:
        values |= {"joins": draw(st.booleans()), "dropped": tuple(draw(st.sets(names, max_size=1)))}
    return values


steps = st.lists(st.tuples(edits(), st.integers(0, 9), st.integers(0, 60), st.booleans()), min_size=1, max_size=5)


@given(steps=steps)
@settings(max_examples=80)
def test_what_is_foreseen_is_done_and_nothing_else(steps: list[tuple[dict[str, Any], int, int, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder, office(Path(folder), at=START) as desk:
        desk.adopt(plan_of(job(1, "区发改局 lead、区水利局 support"), job(2, "区教体局"), job(3, "区民政局、区教体局")))
        desk.announce()
        at = START
        for values, pick, days, reports in steps:
            at += timedelta(days=days)
            desk.at(at)
            if reports and (owed := sorted(desk.owed())):
                _report_unless_done(desk, owed[pick % len(owed)])
            _step(desk, values, pick, at)


def _report_unless_done(desk: Office, owed: tuple[str, int, str]) -> None:
    if owed not in {row[:3] for row in desk.reported()}:
        desk.report(*owed)


def _step(desk: Office, values: dict[str, Any], pick: int, at: datetime) -> None:
    tasks = desk.column("SELECT id FROM task WHERE status = 'open' ORDER BY position")
    if values["op"] != Op.ADD and not tasks:
        return
    task = None if values["op"] == Op.ADD else tasks[pick % len(tasks)]
    edit = Edit(reason=WHY, task=task, **values)
    before, told, reported = _states(desk), desk.to_be_told(), sorted(desk.reported())
    try:
        seen: Foreseen = desk.premises.look(desk.store, lambda work: foresee(work, edit))
    except EditError:
        assert _states(desk) == before
        return
    done = desk.premises.do(desk.store, lambda work: put_right(work, edit, by=None))
    after = _states(desk)
    assert done == seen
    assert seen.changes
    opened = {each for each, state in after.items() if state in ("open", "returned") and before.get(each) != state}
    waived = {each for each, state in after.items() if state == "waived" and before.get(each) != state}
    assert (len(opened), len(waived)) == (seen.made, seen.waived)
    assert before.keys() <= after.keys()  # nothing is deleted
    assert {each for each in before if before[each] != after[each]} <= opened | waived
    if task is not None:
        assert {each[1] for each in before if before[each] != after[each]} <= {task}  # other tasks are left alone
    assert sorted(desk.reported()) == reported  # withdrawn tasks are listed behind the others
    if values["op"] != Op.CANCEL:  # what is past due stays with who owed it
        assert not {each for each in waived if _due(desk, each) <= at}
    assert {unit for _, unit in desk.to_be_told() - told} <= set(seen.signers)
    _everybody_owes_what_is_to_come(desk, at)


def _states(desk: Office) -> dict[tuple[int, int, int], str]:
    keys = desk.column("SELECT period_id || ' ' || task_id || ' ' || unit_id || ' ' || state FROM obligation")
    return {tuple(map(int, key.split()[:3])): key.split()[3] for key in keys}  # type: ignore[misc]


def _due(desk: Office, key: tuple[int, int, int]) -> datetime:
    [due] = desk.column(f"SELECT due_at FROM period WHERE id = {key[0]}")
    return datetime.fromisoformat(f"{due}+00:00")


def _everybody_owes_what_is_to_come(desk: Office, at: datetime) -> None:
    """Every lead and owner of an open task has an obligation that is not waived in every period to come."""
    missing = desk.column(
        "SELECT task.id FROM task JOIN assignment ON assignment.task_id = task.id CROSS JOIN period"
        " WHERE task.status = 'open' AND assignment.ended_at IS NULL AND assignment.role != 'support'"
        f" AND period.due_at > '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
        " AND NOT EXISTS (SELECT 1 FROM obligation o WHERE o.period_id = period.id AND o.task_id = task.id"
        " AND o.unit_id = assignment.unit_id AND o.state != 'waived')"
    )
    assert missing == []


def test_only_the_edited_tasks_obligations_change_even_where_others_wait_for_a_later_date(
    tmp_path: Path, database_url: str | None
) -> None:
    with office(tmp_path, at=START, database_url=database_url) as desk:
        desk.adopt(plan_of(job(1, "区发改局"), job(2, "区教体局")))
        desk.announce()
        first, second = desk.column("SELECT id FROM task ORDER BY position")
        desk.at(datetime(2025, 4, 12, 10, tzinfo=ZONE))
        away = Edit(Op.REASSIGN, WHY, task=first, units=(("区水利局", "owner"),), new_units=True)
        done = desk.premises.do(desk.store, lambda work: put_right(work, away, by=None))
        assert (done.left, done.made, done.waived) == (1, 3, 3)
        [left] = desk.column("SELECT id FROM obligation WHERE period_id = 1 AND task_id = 1")
        later = datetime(2025, 4, 30, tzinfo=ZONE)  # an extension: due in the future, with no part in the task any more
        desk.premises.do(desk.store, lambda work: ledger.move_due(work.tx, left, due_at=later, at=work.at))
        change = Edit(Op.CHANGE, WHY, task=second, text="另一项工作。")
        desk.premises.do(desk.store, lambda work: put_right(work, change, by=None))
        assert ("2025-Q1", 1, "区发改局") in desk.owed()
        assert [each["reason"] for each in desk.audit("put_task_right")] == [WHY, WHY]


def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    with office(tmp_path, at=START) as desk:
        desk.adopt(plan_of(job(1, "区发改局"), job(2, "区教体局")))
        [_, last] = desk.column("SELECT id FROM task ORDER BY position")
        cancelled = Edit(Op.CANCEL, WHY, task=last)
        desk.premises.do(desk.store, lambda work: put_right(work, cancelled, by=None))
        added = Edit(Op.ADD, WHY, text="新任务。", units=(("区发改局", ""),))
        desk.premises.do(desk.store, lambda work: put_right(work, added, by=None))
        assert desk.column("SELECT no FROM task WHERE status = 'open' ORDER BY no") == [1, 3]


def test_reported_work_stays_when_its_task_is_cancelled_and_given_away(tmp_path: Path) -> None:
    with office(tmp_path, at=START) as desk:
        desk.adopt(plan_of(job(1, "区发改局")))
        desk.announce()
        desk.report("2025-Q1", 1, "区发改局")
        [task] = desk.column("SELECT id FROM task")
        edit = Edit(Op.REASSIGN, WHY, task=task, units=(("区教体局", "lead"),), new_units=True)
        desk.premises.do(desk.store, lambda work: put_right(work, edit, by=None))
        assert [row[:3] for row in desk.reported()] == [("2025-Q1", 1, "区发改局")]
        assert ("2025-Q2", 1, "区教体局") in desk.owed()


def test_the_nearest_names_come_the_likeliest_first() -> None:
    assert nearest("区教育体育局", ["区发改局", "区教体局", "区体育局"])[0] in ("区教体局", "区体育局")
    assert nearest("完全不同", ["区发改局"]) == ()


@pytest.mark.parametrize("values", [{"text": " "}, {"units": (("区发改局", "support"),), "text": "新任务。"}])
def test_what_would_leave_a_task_empty_is_refused(tmp_path: Path, values: dict[str, Any]) -> None:
    with office(tmp_path, at=START) as desk:
        desk.adopt(plan_of(job(1, "区发改局")))
        with pytest.raises(EditError):
            desk.premises.do(desk.store, lambda work: put_right(work, Edit(Op.ADD, WHY, **values), by=None))
        assert len(desk.column("SELECT id FROM task")) == 1
