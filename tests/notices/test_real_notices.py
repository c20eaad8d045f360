"""Five published notices are read as their papers print them; facts and figures only, the papers lie beside the project."""

import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import jsonschema
import pytest

from notices.notice import Notice, Owner, Task
from notices.read import read_notice
from rules.periods import DueRule
from rules.workdays import WorkCalendar

_SHARED = Path(__file__).parents[2].parent / "shared"
_CALENDAR = WorkCalendar()

pytestmark = pytest.mark.skipif(
    not (_SHARED / "notices").is_dir(), reason="the published notices are not beside the project"
)

AID = "济南市市中区产业帮扶"


@cache
def _read(number: str) -> Notice:
    path = next((_SHARED / "notices").glob(f"{number}_*.txt"))
    return read_notice(path.read_bytes(), name=path.name, calendar=_CALENDAR)


def _task(number: str, list_start: str, no: int) -> Task:
    return next(task for task in _read(number).tasks if task.list.startswith(list_start) and task.no == no)


def _named(task: Task, role: str) -> list[str]:
    return [owner.name for owner in task.owners if owner.role == role]


@pytest.mark.parametrize(
    ("number", "counts"), [("000", [40]), ("001", [35]), ("002", [109, 20, 18]), ("003", [89]), ("004", [72])]
)
def test_every_printed_number_is_a_task_once(number: str, counts: list[int]) -> None:
    tasks = _read(number).tasks
    lists = Counter(task.list for task in tasks)
    assert list(lists.values()) == counts
    for name, count in lists.items():
        assert [task.no for task in tasks if task.list == name] == list(range(1, count + 1))


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_the_json_form_keeps_its_schema(number: str) -> None:
    schema = json.loads((_SHARED / "formats" / "notice.schema.json").read_text())
    jsonschema.validate(_read(number).to_json(), schema, format_checker=jsonschema.FormatChecker())


@pytest.mark.parametrize(
    ("number", "issuer", "document_number", "issued_on", "plan_year"),
    [
        ("000", None, None, None, 2025),
        ("001", "泰安市泰山区人民政府办公室", "泰山政办发〔2023〕2号", date(2023, 2, 27), 2023),
        ("002", "济南市市中区人民政府办公室", "市中政办发〔2025〕1号", date(2025, 1, 24), 2025),
        ("003", None, None, None, 2025),
        ("004", "济宁市兖州区人民政府", "济兖政发[2025]1号", date(2025, 1, 26), 2025),
    ],
)
def test_issuer_number_and_dates_are_read(
    number: str, issuer: str | None, document_number: str | None, issued_on: date | None, plan_year: int
) -> None:
    notice = _read(number)
    assert (notice.issuer, notice.document_number, notice.issued_on, notice.plan_year) == (
        issuer,
        document_number,
        issued_on,
        plan_year,
    )


@pytest.mark.parametrize("number", ["000", "001"])
def test_unit_first_tables_have_one_owner_and_its_head(number: str) -> None:
    for task in _read(number).tasks:
        assert [owner.role for owner in task.owners] == ["owner"]
        assert task.leader_label == "责任人"
        assert len(task.leaders) == (2 if (number, task.no) == ("001", 23) else 1)
    assert len({task.owners[0].name for task in _read("000").tasks}) == 40


@pytest.mark.parametrize(
    ("no", "owner", "leader"),
    [
        (2, "区工信局", "曹磊"),
        (3, "区工业推进办及各产业链专班", "各产业链组长"),
        (7, "市生态环境局泰山分局", "孙业存"),
        (34, "泰山火车站广场管理办公室", "郭连武"),
        (40, "汶河新区", "郭吉永"),
    ],
)
def test_wrapped_and_spaced_cells_are_closed(no: int, owner: str, leader: str) -> None:
    task = _task("000", "附件", no)
    assert task.owners == (Owner(owner, "owner"),)
    assert task.leaders == (leader,)


def test_quarterly_rules_with_printed_dates() -> None:
    rules = _read("000").rules
    assert [due.isoformat() for due in rules.due_dates] == ["2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10"]
    assert (rules.cadence, rules.max_length, rules.length_is_soft) == ("quarterly", 200, True)
    assert (rules.contact_required, rules.liaisons_per_unit, rules.submit_to) == (True, 1, "区政府督查室")
    assert [period.label for period in _read("000").periods] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert [period.due_on.isoformat() for period in _read("001").periods] == [
        "2023-03-31",
        "2023-06-30",
        "2023-09-30",
        "2023-12-31",
    ]
    assert _read("001").rules.contact_required is None


def test_pdf_rows_on_one_line_are_cut_at_their_columns() -> None:
    task = _task("001", "附件", 34)
    assert task.owners == (Owner("泰安农高区", "owner"),)
    assert task.leaders == ("侯世民",)
    assert task.text.endswith("产业园。")
    assert _task("001", "附件", 23).leaders == ("朱杰", "马琳")
    assert _task("001", "附件", 15).text.count("3个") == 1


def test_monthly_rules_by_working_days() -> None:
    rules = _read("002").rules
    assert (rules.cadence, rules.due_rule, rules.due_dates) == ("monthly", DueRule(1, working_day=5), ())
    assert (rules.plan_due, rules.submit_to, rules.contact_required) == (date(2025, 2, 18), "督查室", None)
    assert len(rules.bulletins) == 4
    assert [period.label for period in _read("002").periods] == [f"2025-{month:02d}" for month in range(1, 13)]
    assert _read("002").periods[0].due_on == date(2025, 2, 10)


def test_only_the_notices_own_lists_are_bound() -> None:
    notice = _read("002")
    assert notice.reporting_lists == ("附件1", "附件2")
    assert [remark.code for remark in notice.warnings] == ["damaged_glyphs", "first_listed_leads", "other_document"]
    assert {owner.role for task in notice.tasks if task.list.startswith(AID) for owner in task.owners} == {"owner"}


@pytest.mark.parametrize(
    ("list_start", "no", "lead", "support", "leaders"),
    [
        ("附件1", 4, "区工业和信息化局", 2, ("栾长征", "王延安")),
        ("附件1", 24, "区投资促进局", 2, ("栾长征",)),
        ("附件1", 31, "区行政审批服务局", 5, ("王莹",)),
        ("附件1", 51, "区道路建设项目指挥部", 10, ("张同园",)),
        ("附件1", 69, "区发展改革局（区民营经济服务中心）", 0, ("栾长征",)),
        ("附件1", 92, "区农业农村局", 9, ("许胜勇",)),
        ("附件1", 103, "区发展改革局", 2, ("栾长征", "张源", "许胜勇")),
        ("附件1", 106, "区政府办公室（区大数据局）", 1, ("张同园", "李涛")),
        ("附件2", 1, "区残联", 1, ("张源",)),
        ("附件2", 11, "区自然资源局", 1, ("张同园", "许胜勇")),
        ("附件2", 16, "区发展改革局", 1, ("栾长征", "王莹")),
    ],
)
def test_leader_table_cells(list_start: str, no: int, lead: str, support: int, leaders: tuple[str, ...]) -> None:
    task = _task("002", list_start, no)
    assert _named(task, "lead") == [lead]
    assert len(_named(task, "support")) == support
    assert task.leaders == leaders
    assert task.leader_label == "牵头领导"


def test_category_cells_hold_until_the_next_one() -> None:
    counts = Counter(task.section for task in _read("002").tasks if task.list == "附件1")
    assert list(counts.values()) == [1, 17, 13, 12, 18, 17, 15, 16]


def test_the_aid_plan_keeps_names_as_printed() -> None:
    assert [owner.name for owner in _task("002", AID, 9).owners] == [
        "两地发展改革局",
        "财政局",
        "工业和信息化局",
        "税务局",
    ]
    assert [owner.name for owner in _task("002", AID, 15).owners] == ["两地区（县）政府办公室", "发展改革局"]
    assert len(_task("002", AID, 16).owners) == 22


def test_labels_divide_lead_from_support() -> None:
    first = _task("003", "附件1", 1)
    assert (_named(first, "lead"), len(_named(first, "support"))) == (["区发展改革局"], 6)
    assert "力争超过5.6%" in first.text
    assert len(_named(_task("003", "附件1", 55), "lead")) == 6
    assert _named(_task("003", "附件1", 53), "lead") == ["区水务局", "市生态环境局长清分局"]
    section = _task("003", "附件1", 21).section or ""
    assert section.startswith("三、")
    assert section.endswith(" / （二）中川湾片区建设")
    assert _task("003", "附件1", 87).section == "八、政府自身建设"


def test_likely_misspellings_are_warned_about_and_kept() -> None:
    warned = {
        remark.message.split("”")[0].strip("“")
        for remark in _read("003").warnings
        if remark.code == "likely_misspelling"
    }
    assert {"区工业和信息化和科技局", "区域管局", "茵云湖街道"} <= warned
    assert _named(_task("003", "附件1", 39), "lead") == ["区域管局"]
    assert [remark.task for remark in _read("004").warnings if remark.code == "likely_misspelling"] == ["正文#23"]


@pytest.mark.parametrize(
    ("no", "lead", "support", "leaders"),
    [
        (1, "区工业和信息化局", 4, ("石可清",)),
        (7, "区发展改革局", 6, ("石可清", "孙恒民", "展召爽", "杨阳")),
        (17, "区商务局", 3, ("石可清",)),
        (18, "区财政局", 8, ("石可清", "孙恒民", "宋恩全", "杨阳")),
        (26, "新驿镇", 12, ("石可清",)),
        (49, "济宁市工业技师学院", 0, ("宋恩全",)),
        (68, "区直各部门", 1, ("各区政府领导",)),
    ],
)
def test_first_listed_units_lead_where_bold_is_lost(no: int, lead: str, support: int, leaders: tuple[str, ...]) -> None:
    task = _task("004", "正文", no)
    assert _named(task, "lead") == [lead]
    assert len(_named(task, "support")) == support
    assert task.leaders == leaders


def test_page_marks_inside_sentences_are_gone() -> None:
    assert not [task.no for task in _read("004").tasks if "—" in task.text or "<u>" in task.text]
    assert "八抓20条" in _task("004", "正文", 59).text
