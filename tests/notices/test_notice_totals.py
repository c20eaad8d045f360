"""A notice's own totals are compared with what was read; numbers of other things are not taken for totals."""

import pytest

from notices.notice import Notice
from notices.read import read_notice
from notices.totals import stated_in, stated_in_closing, stated_in_title
from rules.workdays import WorkCalendar

_HEAD = "清河区人民政府办公室\n关于分解落实2025年重点任务的通知\n各镇街：\n{}\n清河区人民政府办公室\n2025年2月14日\n"
_ROWS = "序号\t任务\t责任单位\n1\t修渠。\t区水务局\n2\t栽树。\t区林业局\n3\t铺路。\t区交通局\n"


@pytest.mark.parametrize(
    ("letter", "numbers"),
    [
        ("现将79项任务分解给你们", [79]),
        ("共分解为79项重点任务", [79]),
        ("共梳理出24项任务，逐项落到责任单位", [24]),
        ("梳理形成七十九项重点工作", [79]),
        ("确定年度重点任务一百零九项", [109]),
        ("分解为18项年度任务和8件民生实事", [18, 8]),
        ("确定了18项年度任务、8件民生实事", [18, 8]),
        ("现将重点任务（11项）和民生实事（6件）分解如下", [11, 6]),
        ("现将2025年区政府重点工作（共17项）分工印发给你们", [17]),
        ("今年区政府确定重点任务13项，由区领导领衔推进", [13]),
        ("共分解重点任务16项，每项任务都要明确时间表", [16]),
        ("现将2025年度16项重点工作责任分工予以明确", [16]),
        ("分解为5个方面79项具体任务", [79]),
        ("分解为5个方面、79项具体任务", [79]),
        ("任务共5个方面79项", [79]),
        ("重点任务清单共计40项", [40]),
        ("任务清单列出的任务总计40项", [40]),
        ("《政府工作报告》确定的目标任务，共分解为八个方面、六十二项", [62]),
        ("区政府办公室对报告中确定的年度任务和为民办20件实事进行了分解立项", [20]),
        ("以下35项重点任务请抓好落实", [35]),
        ("明确了12条具体措施", [12]),
        ("部署了9项攻坚任务", [9]),
        # numbers of other things
        ("全年新增45项改革任务", []),
        ("去年完成了45项重点任务", []),
        ("2024年部署的任务已完成45项", []),
        ("每项任务明确1名责任人，每季度报送3项工作亮点", []),
        ("其中民生实事8件", []),
        ("共分解为79项任务，其中重点任务15项、一般任务64项", [79]),
        ("第3项任务由区水务局负责", []),
        ("各单位至少完成2项任务", []),
        ("牵头承担5项任务的单位要明确专人", []),
        ("请按照清政发〔2025〕6号文件要求抓好落实", []),
        ("坚持“11645”发展思路", []),
        ("审议通过了3个文件", []),
        ("加快推进12项工程建设", []),
        ("对10个单位开展督查", []),
        ("落实一件事一次办改革要求", []),
        ("一要提高认识，二要压实责任，三要抓好落实", []),
        ("工作落实情况分两类通报", []),
        ("建立健全一项工作一个专班的机制", []),
        ("推进123项工作任务落地的经验", []),
        ("各责任单位要对照任务，一项一项抓落实", []),
        ("承接国家级改革试点任务6项", []),
        ("2025年4月10日前上报重点任务进展", []),
    ],
)
def test_only_a_letters_own_totals_are_taken(letter: str, numbers: list[int]) -> None:
    assert [stated.number for stated in stated_in(f"为抓好落实，{letter}。")] == numbers


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("2025年79项重点任务分解表", [79]),
        ("2025年重点任务分解表（79项）", [79]),
        ("2025年民生实事（8件）责任分解表", [8]),
        ("2025年为民办20件实事责任分解表", [20]),
        ("2025年重点任务分解表", []),
    ],
)
def test_a_title_states_its_lists_total(title: str, numbers: list[int]) -> None:
    assert [stated.number for stated in stated_in_title(title)] == numbers


@pytest.mark.parametrize(
    ("words", "numbers"), [("合计 79项", [79]), ("总计：六项", [6]), ("合 计 40", [40]), ("合计", [])]
)
def test_a_closing_row_states_a_total(words: str, numbers: list[int]) -> None:
    assert [stated.number for stated in stated_in_closing(words)] == numbers


def _read(letter: str, rows: str, title: str = "任务分解表") -> Notice:
    text = _HEAD.format(letter) + f"附件\n{title}\n{rows}"
    return read_notice(text.encode(), name="x", calendar=WorkCalendar())


def _told(notice: Notice) -> list[str]:
    return [remark.message for remark in notice.warnings if remark.code == "control_total"]


def test_a_total_that_fits_is_not_mentioned() -> None:
    assert _told(_read("共3项任务。", _ROWS + "合计\t3项\t\n", "任务分解表（3项）")) == []


def test_a_missing_number_is_named() -> None:
    (told,) = _told(_read("共分解为3项任务。", _ROWS.replace("2\t栽树。\t区林业局\n", "")))
    assert "缺第2项" in told


def test_rows_lost_at_the_end_are_told_as_such() -> None:
    (told,) = _told(_read("共分解为5项任务。", _ROWS))
    assert "少2项" in told


def test_rows_too_many_are_told() -> None:
    (told,) = _told(_read("共分解为2项任务。", _ROWS))
    assert "多出1项" in told


def test_a_closing_row_is_no_task_and_is_compared() -> None:
    notice = _read("请抓好落实。", _ROWS + "合计\t4项\t\n")
    assert [task.no for task in notice.tasks] == [1, 2, 3]
    assert "末行" in _told(notice)[0]


def test_headings_state_totals_in_either_numerals_and_on_any_level() -> None:
    items = "1.修渠。\n责任单位：区水务局\n2.栽树。\n责任单位：区林业局\n"
    text = f"一、兴水（三项）\n（一）修渠\n{items}二、兴林（共1项）\n3.护林。\n责任单位：区林业局\n"
    (told,) = _told(_read("请抓好落实。", text))
    assert "兴水（三项）" in told
    assert "读出2项" in told


def test_benefits_are_compared_with_their_own_list() -> None:
    second = "附件2\n民生实事分解表\n序号\t任务\t责任单位\n1\t建园。\t区教育局\n"
    assert _told(_read("共分解为3项任务和1件民生实事。", _ROWS + second)) == []
    (told,) = _told(_read("共分解为3项任务和2件民生实事。", _ROWS + second))
    assert "2件民生实事" in told
