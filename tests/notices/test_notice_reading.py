"""The project's own example is read in full, and a file's edges are minded."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.notice import Notice, NoticeError, Owner
from notices.read import read_notice
from rules.workdays import WorkCalendar

_CALENDAR = WorkCalendar()
_EXAMPLE = (Path(__file__).parents[2] / "examples" / "qinghe-2025.txt").read_bytes()
_LINES = _EXAMPLE.decode().splitlines()
_LIST = "序号 责任单位 目标任务 责任人\n1 区教育局 新建学校。 顾宁\n2 区水务局 疏浚河道。 罗安\n"
_LETTER = "清河区人民政府办公室\n关于分解落实2025年重点任务的通知\n各镇街：\n请抓好落实。\n清河区人民政府办公室\n2025年2月14日\n"


def _read(text: str | bytes) -> Notice:
    data = text.encode() if isinstance(text, str) else text
    return read_notice(data, name="通知.txt", calendar=_CALENDAR)


def _codes(notice: Notice) -> list[str]:
    return [remark.code for remark in notice.warnings]


def test_the_examples_head_is_read() -> None:
    notice = _read(_EXAMPLE)
    assert notice.title == "清河区人民政府办公室关于印发2025年全区重点工作任务分解表的通知"
    assert notice.issuer == "清河区人民政府办公室"
    assert notice.document_number == "清政办发〔2025〕6号"
    assert (notice.issued_on, notice.plan_year) == (date(2025, 2, 14), 2025)


def test_the_examples_rules_are_read() -> None:
    notice = _read(_EXAMPLE)
    assert notice.rules.cadence == "quarterly"
    assert [due.isoformat() for due in notice.rules.due_dates] == [
        "2025-04-10",
        "2025-07-10",
        "2025-10-10",
        "2026-01-10",
    ]
    assert (notice.rules.max_length, notice.rules.length_is_soft) == (200, True)
    assert (notice.rules.contact_required, notice.rules.liaisons_per_unit) == (True, 1)
    assert (notice.rules.submit_to, notice.rules.plan_due) == ("区政府督查室", date(2025, 2, 28))
    assert notice.rules.bulletins == ("每季度印发通报一期",)
    assert [period.label for period in notice.periods] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]


def test_the_examples_tasks_are_read_without_a_warning() -> None:
    notice = _read(_EXAMPLE)
    assert [task.no for task in notice.tasks] == list(range(1, 25))
    assert notice.reporting_lists == ("附件",)
    assert notice.warnings == ()
    owned = Counter(owner.name for task in notice.tasks for owner in task.owners)
    assert len(owned) == 15
    assert owned["区住房城乡建设局"] == 3
    assert owned["市生态环境局清河分局"] == 1
    assert {owner.role for task in notice.tasks for owner in task.owners} == {"owner"}
    assert {task.leader_label for task in notice.tasks} == {"责任人"}
    assert notice.tasks[4].leaders == ("罗安",)
    assert all(task.text.endswith("。") for task in notice.tasks)


def test_the_example_reads_the_same_from_gb18030() -> None:
    assert _read(_EXAMPLE.decode().encode("gb18030")) == _read(_EXAMPLE)


@pytest.mark.parametrize("mark", ["秘密★1年", "机 密 ★", "绝密☆", "内部资料 注意保存"])
def test_a_secrecy_marking_refuses_the_file_unless_overridden(mark: str) -> None:
    data = f"{mark}\n".encode() + _EXAMPLE
    with pytest.raises(NoticeError) as caught:
        _read(data)
    assert caught.value.code == "secret"
    assert len(read_notice(data, name="x", calendar=_CALENDAR, override_secrecy=True).tasks) == 24


def test_secrets_kept_in_a_task_are_no_marking() -> None:
    assert len(_read(_LETTER + _LIST.replace("新建学校。", "做好机密文件和内部资料管理。")).tasks) == 2


def test_a_file_without_tasks_is_refused_by_its_name() -> None:
    with pytest.raises(NoticeError, match=r"通知\.txt") as caught:
        _read(_LETTER)
    assert caught.value.code == "no_tasks"


def test_a_file_of_endless_lines_is_refused_at_once() -> None:
    with pytest.raises(NoticeError, match="20000 行") as caught:
        _read(_LETTER + _LIST + "甲\n" * 20_001)
    assert caught.value.code == "too_large"


def test_a_silent_notice_has_no_periods_and_says_so() -> None:
    notice = _read(_LETTER + "附件\n任务分解表\n" + _LIST)
    assert notice.periods == ()
    assert _codes(notice) == ["no_cadence"]


def test_the_year_falls_back_from_title_to_issue() -> None:
    assert _read(_LETTER.replace("落实2025年", "落实") + _LIST).plan_year == 2025
    assert _read(_LETTER.replace("落实2025年", "落实2024年") + _LIST).plan_year == 2024


def test_first_listed_leads_where_bold_is_lost() -> None:
    table = "序号 重点任务 牵头领导 责任单位\n（加黑的为牵头单位）\n1 修桥。 顾宁 区交通局、区水务局\n2 铺路。 顾宁 区交通局\n"
    notice = _read(_LETTER + "附件1\n任务表\n" + table)
    assert notice.tasks[0].owners == (Owner("区交通局", "lead"), Owner("区水务局", "support"))
    assert "first_listed_leads" in _codes(notice)


def test_shared_units_support_a_named_lead_and_lead_a_named_support() -> None:
    beside_lead = _read(_LETTER + "1.修桥。（牵头单位：区交通局；责任单位：区水务局）\n").tasks[0]
    beside_support = _read(_LETTER + "1.修桥。（责任单位：区交通局；配合单位：区水务局）\n").tasks[0]
    assert [owner.role for owner in beside_lead.owners] == ["lead", "support"]
    assert [owner.role for owner in beside_support.owners] == ["lead", "support"]


def test_another_documents_tasks_are_taken_but_not_bound() -> None:
    other = (
        "清河区人民政府\n关于印发对口帮扶工作方案的通知\n各镇街：\n现印发给你们。\n清河区人民政府\n2025年3月1日\n"
        "一、任务\n1.选派干部。（责任单位：区委组织部）\n"
    )
    notice = _read(_LETTER + "附件\n任务分解表\n" + _LIST + other)
    assert notice.reporting_lists == ("附件",)
    assert [task.list for task in notice.tasks] == ["附件", "附件", "对口帮扶工作方案"]
    assert "other_document" in _codes(notice)


def test_missing_numbers_and_wrong_totals_are_reported() -> None:
    text = _LETTER.replace("请抓好落实。", "共梳理出5项重点任务。") + "附件\n分解表\n" + _LIST.replace("\n2 ", "\n4 ")
    gap, total = (
        next(each for each in _read(text).warnings if each.code == code) for code in ("number_gap", "control_total")
    )
    assert gap.task == "附件#4"
    assert "2至3" in gap.message
    assert "5项" in total.message


def test_a_rare_name_one_slip_from_a_common_one_is_a_warning_not_a_correction() -> None:
    items = "".join(f"{no}.做好工作。（责任单位：区工业和信息化局）\n" for no in range(1, 5))
    notice = _read(_LETTER + items + "5.收尾。（责任单位：区工业信息化局）\n")
    assert notice.tasks[-1].owners[0].name == "区工业信息化局"
    assert [each.task for each in notice.warnings if each.code == "likely_misspelling"] == ["正文#5"]


def test_names_of_different_departments_are_not_taken_for_misspellings() -> None:
    units = [
        "区民政局",
        "区财政局",
        "区水务局",
        "区商务局",
        "区教育局",
        "区体育局",
        "六里山街道办事处",
        "七里山街道办事处",
    ]
    items = "".join(f"{no}.做好工作。（责任单位：{unit}）\n" for no, unit in enumerate(units * 2, 1))
    assert "likely_misspelling" not in _codes(_read(_LETTER + items + f"17.收尾。（责任单位：{units[0]}）"))


def test_a_row_without_a_unit_is_reported_with_its_number() -> None:
    notice = _read(_LETTER + "1.种树。（责任单位：区林业局）\n2.浇水。\n3.修枝。（责任单位：区林业局）")
    assert "unread_row" in _codes(notice)
    assert [task.no for task in notice.tasks] == [1, 3]


def _try(data: str | bytes) -> Notice | NoticeError:
    try:
        return _read(data)
    except NoticeError as error:
        return error


@given(st.binary(max_size=400))
def test_any_bytes_give_a_notice_or_a_sentence(data: bytes) -> None:
    result = _try(data)
    assert isinstance(result, Notice) or (result.code and str(result).endswith("。"))


_PIECES = st.sampled_from(
    [
        *_LINES,
        "1.种树。（责任单位：区林业局",
        "（一）",
        "序号",
        "责任单位",
        "附件1",
        "2.",
        "3",
        "各镇街）",
        "\t",
        "关于通知",
        "2025年2月31日",
    ]
)


@given(st.lists(_PIECES, max_size=60).map("\n".join))
def test_whatever_is_read_stands_in_the_file(text: str) -> None:
    result = _try(text)
    source = "".join(text.split())
    remarks = result.warnings if isinstance(result, Notice) else ()
    told = "".join(remark.message for remark in remarks if remark.code == "joined_name")
    for task in result.tasks if isinstance(result, Notice) else ():
        assert task.text
        assert all("".join(owner.name.split()) in source or owner.name in told for owner in task.owners)
        assert all(number in source for number in re.findall(r"[0-9.]+", task.text))


@given(st.sets(st.integers(0, len(_LINES) - 1), max_size=4))
def test_a_few_lost_lines_never_cost_more_than_their_rows(lost: set[int]) -> None:
    first = _LINES.index("1")
    lost = {index for index in lost if index >= first}
    text = "\n".join(line for index, line in enumerate(_LINES) if index not in lost)
    assert len(_read(text).tasks) >= 24 - 3 * len(lost)
