"""A notice corrected or issued again: each rule of what changes, on both databases where it matters."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from notices.plan import UnitEntry
from office.notice.differences import What
from office.notice.recognising import How, UnlikeError
from office.work import OfficeError
from storage import standing
from tests.adopting.premises import Office, job, office, plan_of
from tests.cast import local

MAY = local("2025-05-12 10:00")  # the first quarter is past due, the others are not
QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
FIRST = (job(1, "区发改局"), job(2, "区发改局 lead、区教体局 support"), job(3, "区教体局"))


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, at=MAY) as found:
        found.adopt(plan_of(*FIRST))
        found.announce()
        yield found


def owed_by(desk: Office, no: int, unit: str) -> list[str]:
    return sorted(period for period, number, name in desk.owed() if (number, name) == (no, unit))


def said(adoption: object) -> list[tuple[str, str, str | None, str | None]]:
    changes = adoption.changes  # type: ignore[attr-defined]
    return [(change.what, change.subject, change.before, change.after) for change in changes]


def test_every_difference_is_told_before_it_is_made_and_written_into_the_audit(desk: Office) -> None:
    changed = plan_of(
        job(1, "区发改局", "第1项工作，全年完成12个项目。", section="一、工业", deadline="6月底", leaders=("赵区长",)),
        replace(FIRST[1], owners=FIRST[1].owners[::-1]),
        job(4, "区水利局"),
        title="关于分解落实重点工作任务的通知",
    )
    looked = desk.look(changed)
    assert not looked.is_new
    assert desk.column("SELECT count(*) FROM task") == [3]  # nothing was changed by looking
    done = desk.adopt(changed)
    assert looked.changes == done.changes
    assert said(done) == [
        (What.TASK_ADDED, "附件#4", None, "第4项工作，全年完成40个项目。（区水利局 owner）"),
        (What.TASK_REMOVED, "附件#3", "第3项工作，全年完成30个项目。", None),
        (What.TEXT, "附件#1", "第1项工作，全年完成10个项目。", "第1项工作，全年完成12个项目。"),
        (What.SECTION, "附件#1", None, "一、工业"),
        (What.LEADERS, "附件#1", None, "赵区长"),
        (What.DEADLINE, "附件#1", None, "6月底"),
    ]
    [act] = desk.audit("update_notice")
    assert [tuple(row) for row in act["changes"]] == said(done)
    assert act["effects"] == {"made": 3, "waived": 4, "moved": 0}


def test_the_same_file_again_changes_nothing(desk: Office) -> None:
    before = desk.owed()
    done = desk.adopt(plan_of(*FIRST))
    assert (done.how, done.changes, done.notice_id) == (How.SAME, (), 1)
    assert (desk.owed(), desk.to_be_told()) == (before, set())


def test_an_earlier_file_of_a_corrected_notice_changes_nothing_and_says_so(desk: Office) -> None:
    desk.adopt(plan_of(*FIRST[:2], job(3, "区教体局", "新的第3项，完成31个项目。")))
    before = desk.owed()
    done = desk.adopt(plan_of(*FIRST), waive_before=date(2026, 1, 1))
    assert done.how == How.EARLIER
    assert [warning["code"] for warning in done.warnings] == ["earlier_file"]
    assert desk.owed() == before
    back = desk.adopt(plan_of(*FIRST), updates=1)  # a person may go back to it
    assert (back.how, [change.what for change in back.changes]) == (How.UPDATE, [What.TEXT])


def test_a_changed_task_is_told_and_signed_for_again_and_no_other(desk: Office) -> None:
    desk.adopt(plan_of(FIRST[0], FIRST[1], job(3, "区教体局", "第3项工作，全年完成31个项目。")))
    assert desk.to_be_told() == {(3, "区教体局")}
    assert desk.column("SELECT count(*) FROM assignment WHERE signed_at IS NULL") == [1]
    assert len(desk.owed()) == 12  # what is due from whom stays


def test_a_task_left_out_is_withdrawn_what_is_owed_for_it_waived_and_its_reports_kept(desk: Office) -> None:
    desk.report("2025-Q2", 3, "区教体局")
    done = desk.adopt(plan_of(*FIRST[:2]))
    assert (done.tasks, done.obligations) == (2, 9)  # what was reported stands
    assert owed_by(desk, 3, "区教体局") == []  # not even what was past due
    assert desk.reported() == [("2025-Q2", 3, "区教体局", "已完成3个项目。")]
    reasons = desk.column("SELECT waived_for FROM obligation WHERE state = 'waived'")
    assert reasons == ["task_withdrawn"] * 3


def test_a_task_that_comes_back_is_the_same_task_again(desk: Office) -> None:
    desk.report("2025-Q2", 3, "区教体局")
    desk.adopt(plan_of(*FIRST[:2]))
    desk.adopt(plan_of(*FIRST, plan_year=2025), updates=1)
    assert owed_by(desk, 3, "区教体局") == [
        "2025-Q3",
        "2025-Q4",
    ]  # what is past, or was reported, is not asked for again
    assert desk.to_be_told() == {(3, "区教体局")}
    assert desk.column("SELECT count(*) FROM task") == [3]


def test_another_text_under_the_number_of_a_withdrawn_task_is_another_task(desk: Office) -> None:
    desk.report("2025-Q2", 3, "区教体局")
    desk.adopt(plan_of(*FIRST[:2]))
    desk.adopt(plan_of(*FIRST[:2], job(3, "区教体局", "整治河道5条。")))
    assert desk.column("SELECT text FROM task WHERE status = 'open' AND no = 3") == ["整治河道5条。"]
    assert desk.column("SELECT count(*) FROM task WHERE no = 3") == [2]


def test_a_new_owner_owes_what_is_not_past_and_a_former_one_what_is(desk: Office) -> None:
    desk.report("2025-Q2", 1, "区发改局")
    done = desk.adopt(plan_of(job(1, "区水利局"), *FIRST[1:]))
    assert [(change.what, change.subject) for change in done.changes] == [
        (What.OWNER_ADDED, "附件#1 区水利局"),
        (What.OWNER_REMOVED, "附件#1 区发改局"),
    ]
    assert owed_by(desk, 1, "区水利局") == ["2025-Q2", "2025-Q3", "2025-Q4"]
    assert owed_by(desk, 1, "区发改局") == ["2025-Q1"]  # an old obligation keeps its unit
    assert desk.reported() == [("2025-Q2", 1, "区发改局", "已完成3个项目。")]
    assert desk.to_be_told() == {(1, "区水利局")}


def test_a_role_that_changes_makes_and_waives_and_is_told_again(desk: Office) -> None:
    swapped = job(2, "区教体局 lead、区发改局 support")
    done = desk.adopt(plan_of(FIRST[0], swapped, FIRST[2]))
    assert [change.what for change in done.changes] == [What.ROLE, What.ROLE]
    assert owed_by(desk, 2, "区教体局") == ["2025-Q2", "2025-Q3", "2025-Q4"]
    assert owed_by(desk, 2, "区发改局") == ["2025-Q1"]
    assert desk.to_be_told() == {(2, "区发改局"), (2, "区教体局")}
    desk.adopt(plan_of(*FIRST), updates=1)  # and back
    assert owed_by(desk, 2, "区教体局") == []
    assert owed_by(desk, 2, "区发改局") == list(QUARTERS)
    assert desk.column("SELECT count(*) FROM obligation") == [15]  # asked again, not made twice


def test_a_due_date_that_moves_moves_what_is_not_reported(desk: Office) -> None:
    desk.report("2025-Q2", 1, "区发改局")
    moved = plan_of(*FIRST, dues=("2025-04-10", "2025-07-15", "2025-10-10", "2026-01-10"))
    done = desk.adopt(moved)
    [change] = done.changes
    assert (change.what, change.subject) == (What.PERIOD_MOVED, "2025-Q2")
    assert change.before is not None
    assert change.before.endswith("due 2025-07-10")
    sql = "SELECT obligation.due_at FROM obligation JOIN period ON period.id = period_id WHERE label = '2025-Q2' AND state = '{}'"
    assert {str(at)[:10] for at in desk.column(sql.format("open"))} == {"2025-07-15"}
    assert {str(at)[:10] for at in desk.column(sql.format("submitted"))} == {"2025-07-10"}
    assert desk.look(replace(moved, warnings=())).changes == ()


def test_a_due_date_of_its_own_stays_when_the_period_moves(desk: Office) -> None:
    (number,) = desk.column(
        "SELECT obligation.id FROM obligation JOIN period ON period.id = period_id JOIN task ON task.id = task_id "
        "WHERE label = '2025-Q2' AND no = 1"
    )
    own = local("2025-08-02 00:00")
    desk.premises.do(desk.store, lambda work: standing.move_due(work.tx, {number: own}, at=work.at))
    desk.adopt(plan_of(*FIRST, dues=("2025-04-10", "2025-07-15", "2025-10-10", "2026-01-10")))
    assert str(desk.column(f"SELECT due_at FROM obligation WHERE id = {number}")[0])[:10] == "2025-08-01"


def test_a_period_added_is_owed_by_all_and_one_removed_by_none(desk: Office) -> None:
    done = desk.adopt(plan_of(*FIRST, dues=("2025-04-10", "2025-07-10", "2026-01-10")))
    assert [(change.what, change.subject) for change in done.changes] == [(What.PERIOD_REMOVED, "2025-Q3")]
    assert (done.periods, done.obligations) == (3, 9)
    assert owed_by(desk, 1, "区发改局") == ["2025-Q1", "2025-Q2", "2025-Q4"]
    back = desk.adopt(plan_of(*FIRST), updates=1)
    assert [(change.what, change.subject) for change in back.changes] == [(What.PERIOD_ADDED, "2025-Q3")]
    assert (back.periods, back.obligations) == (4, 12)
    assert desk.column("SELECT count(*) FROM period") == [4]


@pytest.mark.parametrize("is_draft", [False, True])
def test_a_period_that_was_written_for_or_is_past_due_stays_and_that_is_said(desk: Office, is_draft: bool) -> None:
    desk.report("2025-Q2", 3, "区教体局", is_draft=is_draft)
    done = desk.adopt(plan_of(*FIRST, dues=("2025-10-10", "2026-01-10")))
    assert done.changes == ()
    kept = [warning["message"] for warning in done.warnings if warning["code"] == "period_kept"]
    assert [label for label in QUARTERS if any(label in message for message in kept)] == ["2025-Q1", "2025-Q2"]
    assert done.periods == 4


def test_who_comes_after_a_period_left_the_notice_does_not_owe_it(desk: Office) -> None:
    desk.report("2025-Q2", 3, "区教体局")
    desk.adopt(plan_of(*FIRST, job(4, "区水利局"), dues=("2025-10-10", "2026-01-10")))
    assert owed_by(desk, 4, "区水利局") == ["2025-Q3", "2025-Q4"]


def test_rules_that_change_are_told_and_hold(desk: Office) -> None:
    found = plan_of(*FIRST)
    done = desk.adopt(replace(found, rules=replace(found.rules, max_length=300, length_is_soft=False)))
    assert said(done) == [("rule", "max_length", "200", "300"), ("rule", "length_is_soft", "yes", "no")]
    assert desk.column("SELECT max_length FROM notice") == [300]


def test_tasks_are_kept_in_the_order_of_the_new_file(desk: Office) -> None:
    desk.adopt(plan_of(FIRST[2], job(7, "区水利局"), FIRST[0]), updates=1)
    assert desk.column("SELECT no FROM task WHERE status = 'open' ORDER BY position") == [3, 7, 1]
    assert desk.to_be_told() == {(7, "区水利局")}


def test_where_numbers_start_again_the_section_tells_tasks_apart(tmp_path: Path) -> None:
    one, two = job(1, "区发改局", section="一、工业"), job(1, "区教体局", section="二、教育")
    with office(tmp_path, at=MAY) as desk:
        desk.adopt(plan_of(one, two))
        desk.announce()
        done = desk.adopt(
            plan_of(job(1, "区水利局", section="零、水利"), one, replace(two, deadline="年底")), updates=1
        )
        assert [(change.what, change.subject) for change in done.changes] == [
            (What.TASK_ADDED, "附件#1"),
            (What.DEADLINE, "附件#1"),
        ]
        assert desk.to_be_told() == {(1, "区水利局"), (1, "区教体局")}


def test_lists_the_rules_do_not_bind_owe_nothing(desk: Office) -> None:
    done = desk.adopt(plan_of(*FIRST, job(1, "区水利局", list="别的文件")))
    assert (done.tasks, done.obligations) == (4, 12)


def test_a_period_that_comes_back_is_owed_by_who_came_meanwhile(desk: Office) -> None:
    desk.report("2025-Q2", 3, "区教体局")
    late = ("2025-10-10", "2026-01-10")
    desk.adopt(plan_of(*FIRST, job(4, "区水利局"), dues=late))
    back = desk.adopt(plan_of(*FIRST, job(4, "区水利局")))
    assert [(change.what, change.subject) for change in back.changes] == []
    assert owed_by(desk, 4, "区水利局") == ["2025-Q2", "2025-Q3", "2025-Q4"]


# --- which notice ----------------------------------------------------------------------------------------------------


def test_a_notice_is_known_by_its_number_whatever_its_title(tmp_path: Path) -> None:
    with office(tmp_path, at=MAY) as desk:
        desk.adopt(plan_of(*FIRST, issuer="清河区政府办", document_number="清政办〔2025〕3号"))
        again = plan_of(*FIRST, title="改了的题目", issuer="清河区 政府办", document_number="清政办[２０２５]3号")
        assert (desk.adopt(again).how, desk.column("SELECT title FROM notice")) == (How.UPDATE, ["改了的题目"])


def test_a_notice_is_known_by_title_and_year(desk: Office) -> None:
    spaced = plan_of(*FIRST, title="关于分解落实　重点工作任务的通知")
    assert desk.look(spaced).how == How.UPDATE
    assert desk.look(replace(spaced, plan_year=2026)).how == How.NEW
    assert desk.look(replace(spaced, title="关于别的工作的通知")).how == How.NEW
    assert desk.look(spaced, as_new=True).how == How.NEW


def test_what_has_little_in_common_is_asked_about(desk: Office) -> None:
    few = plan_of(FIRST[0])
    for other in (few, plan_of(*(job(no, "区水利局", f"疏浚河道{no}条，加固堤防，修建泵站。") for no in (1, 2, 3)))):
        with pytest.raises(UnlikeError, match="give --updates 1 to update it all the same, or --as-new") as caught:
            desk.look(other)
        assert (caught.value.notice_id, caught.value.tasks) == (1, 3)
    assert desk.look(few, updates=1).how == How.UPDATE
    assert desk.look(few, as_new=True).how == How.NEW


def test_a_notice_there_is_none_of_is_refused_with_those_there_are(desk: Office) -> None:
    with pytest.raises(OfficeError, match="there is no notice 7; there are: 1 关于"):
        desk.look(plan_of(*FIRST), updates=7)
    desk.adopt(plan_of(*FIRST, title="另一通知"), as_new=True)
    with pytest.raises(OfficeError, match="this very file stands as notice 1"):
        desk.look(plan_of(*FIRST), updates=2)


def test_what_was_shown_is_done_or_nothing(desk: Office) -> None:
    changed = plan_of(job(1, "区水利局"), *FIRST[1:])
    looked = desk.look(changed)
    desk.report("2025-Q1", 1, "区发改局")
    desk.at(local("2025-07-11 00:00"))  # the second quarter is past due now
    with pytest.raises(OfficeError, match="has changed since"):
        desk.adopt(changed, expected=looked)


# --- units -----------------------------------------------------------------------------------------------------------


def test_a_name_printed_otherwise_is_the_same_unit_once_a_person_said_so(desk: Office) -> None:
    reworded = plan_of(FIRST[0], FIRST[1], job(3, "区教育体育局"))
    assert len(desk.look(reworded).changes) == 2  # an owner more, an owner less
    done = desk.adopt(reworded, UnitEntry("区教体局", aliases=("区教育体育局",)))
    assert said(done) == [(What.ALIAS_ADDED, "区教体局", None, "区教育体育局")]
    assert owed_by(desk, 3, "区教体局") == list(QUARTERS)
    assert (
        desk.look(plan_of(FIRST[0], FIRST[1], job(3, "区教育体育局", "第3项工作，全年完成33个项目。"))).counts["units"]
        == 2
    )


def test_two_units_that_are_one_keep_all_reports_and_owe_once(desk: Office) -> None:
    desk.adopt(plan_of(*FIRST, job(4, "区教育体育局、区教体局 support"), job(5, "区教育体育局、区教体局")))
    desk.report("2025-Q2", 5, "区教育体育局", "甲")
    desk.report("2025-Q3", 5, "区教体局", "乙")
    desk.report("2025-Q4", 5, "区教育体育局", "丙")
    desk.report("2025-Q4", 5, "区教体局", "丁")
    desk.report("2025-Q2", 4, "区教育体育局", "戊")
    same = plan_of(*FIRST, job(4, "区教育体育局"), job(5, "区教体局"))
    done = desk.adopt(same, UnitEntry("区教体局", aliases=("区教育体育局",)))
    assert done.changes[0].what == What.UNIT_MERGED
    assert done.units == 2
    assert sorted(desk.reported()) == [
        ("2025-Q2", 4, "区教体局", "戊"),
        ("2025-Q2", 5, "区教体局", "甲"),
        ("2025-Q3", 5, "区教体局", "乙"),
        ("2025-Q4", 5, "区教体局", "丁"),
    ]
    assert desk.column("SELECT count(*) FROM report") == [5]  # the fifth is kept as an older version
    assert owed_by(desk, 5, "区教体局") == []  # what was not reported by either, none here: the task is new since May
    assert owed_by(desk, 4, "区教体局") == ["2025-Q3", "2025-Q4"]
    assert "区教育体育局" not in {unit for _, _, unit in desk.owed()}
    assert [act["changes"][0][0] for act in desk.audit("change_units")] == ["unit_merged"]


def test_a_group_is_replaced_by_its_members_with_its_role(tmp_path: Path) -> None:
    towns = UnitEntry("各镇街", members=("城关镇", "河东街道"))
    with office(tmp_path, at=MAY) as desk:
        done = desk.adopt(plan_of(job(1, "各镇街"), job(2, "区发改局 lead、各镇街 support")))
        assert [warning["code"] for warning in done.warnings] == ["group"]
        assert owed_by(desk, 1, "各镇街") == list(QUARTERS)
        done = desk.adopt(plan_of(job(1, "各镇街"), job(2, "区发改局 lead、各镇街 support")), towns)
        assert done.warnings == []
        assert owed_by(desk, 1, "各镇街") == ["2025-Q1"]
        assert owed_by(desk, 1, "城关镇") == owed_by(desk, 1, "河东街道") == ["2025-Q2", "2025-Q3", "2025-Q4"]
        assert desk.to_be_told() == {
            (2, "区发改局"),
            *((no, unit) for no in (1, 2) for unit in ("城关镇", "河东街道")),
        }


def test_a_group_expanded_in_one_notice_is_expanded_in_all_and_from_then_on(tmp_path: Path) -> None:
    towns = UnitEntry("各镇街", members=("城关镇", "河东街道"))
    with office(tmp_path, at=MAY) as desk:
        desk.adopt(plan_of(job(1, "各镇街"), title="甲通知"))
        desk.adopt(plan_of(job(2, "各镇街"), title="乙通知"), towns)
        assert owed_by(desk, 1, "城关镇") == ["2025-Q2", "2025-Q3", "2025-Q4"]
        assert owed_by(desk, 1, "各镇街") == ["2025-Q1"]
        assert [act["groups"] for act in desk.audit("expand_groups")] == [["各镇街"]]
        later = desk.adopt(plan_of(job(3, "城关镇 support、各镇街 lead"), title="丙通知"))
        assert [warning["code"] for warning in later.warnings] == ["group_expanded"]
        assert "城关镇、河东街道" in later.warnings[0]["message"]
        assert owed_by(desk, 3, "城关镇") == owed_by(desk, 3, "河东街道") == list(QUARTERS)  # the stronger role counts


def test_a_group_whose_members_change_changes_who_owes(tmp_path: Path) -> None:
    with office(tmp_path, at=MAY) as desk:
        desk.adopt(plan_of(job(1, "各镇街")), UnitEntry("各镇街", members=("城关镇", "河东街道")))
        done = desk.adopt(plan_of(job(1, "各镇街")), UnitEntry("各镇街", members=("城关镇", "河西街道")))
        assert [change.what for change in done.changes] == [What.GROUP_MEMBERS, What.OWNER_ADDED, What.OWNER_REMOVED]
        assert owed_by(desk, 1, "河西街道") == ["2025-Q2", "2025-Q3", "2025-Q4"]
        assert owed_by(desk, 1, "河东街道") == ["2025-Q1"]


def test_the_road_of_a_correction_on_both_databases(tmp_path: Path, database_url: str | None) -> None:
    with office(tmp_path, at=MAY, database_url=database_url) as desk:
        desk.adopt(plan_of(*FIRST, job(4, "各镇街"), job(5, "区教育体育局、区教体局")))
        desk.report("2025-Q2", 5, "区教育体育局", "甲")
        desk.report("2025-Q2", 5, "区教体局", "乙")
        units = (
            UnitEntry("区教体局", aliases=("区教育体育局",)),
            UnitEntry("各镇街", members=("城关镇", "河东街道")),
        )
        dues = ("2025-04-10", "2025-07-15", "2026-01-10")
        changed = plan_of(job(1, "区水利局"), FIRST[1], job(4, "各镇街"), job(5, "区教体局"), dues=dues)
        done = desk.adopt(changed, *units)
        assert (done.tasks, done.units, done.periods) == (4, 5, 3)
        assert owed_by(desk, 5, "区教体局") == ["2025-Q1", "2025-Q4"]
        assert owed_by(desk, 4, "城关镇") == ["2025-Q2", "2025-Q4"]
        assert [row[3] for row in desk.reported()] == ["乙"]
        again = desk.adopt(replace(changed, warnings=()), *units)
        assert (again.changes, again.obligations) == ((), done.obligations)
        back = desk.adopt(plan_of(*FIRST, job(4, "各镇街"), job(5, "区教育体育局")), *units)
        assert back.periods == 4
