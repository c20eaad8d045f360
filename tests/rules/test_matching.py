import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.matching import TaskRef, find_task, split_numbered

ROADS = TaskRef(11, "重点任务", 3, "农村公路改造")
PARK = TaskRef(12, "重点任务", 5, "产业园区建设")
CARE = TaskRef(13, "民生实事", 8, "养老服务")
OWN = (ROADS, PARK, CARE)
OWED = {11, 12, 13}


def split(text: str, own: tuple[TaskRef, ...] = OWN, owed: set[int] = OWED) -> list[tuple[int, str]] | None:
    found = split_numbered(text, own, owed)
    return None if found is None else [(task.no, body) for task, body in found]


@pytest.mark.parametrize(
    ("three", "five"),
    [
        ("3. ", "5. "),
        ("3.", "5."),
        ("3．", "5．"),
        ("3、", "5、"),
        ("3)", "5）"),
        ("（3）", "(5)"),
        ("第3项：", "第5项："),
        ("第三项：", "第五项："),
        ("任务3 ", "任务5："),
        ("３、", "５．"),
        ("  3. ", "\t5、"),
    ],
)
def test_numbered_lines_are_split_by_task(three: str, five: str) -> None:
    assert split(f"{three}路基完成。\n{five}主体封顶。") == [(3, "路基完成。"), (5, "主体封顶。")]


def test_lines_without_a_number_go_with_the_number_above() -> None:
    assert split("3. 路基完成。\n下步铺油。\n\n5. 封顶。") == [(3, "路基完成。\n下步铺油。"), (5, "封顶。")]


@pytest.mark.parametrize(
    "line", ["3.2万亩已改造", "3万亩", "12.5亿元到位", "2025年底完工", "5、6月份铺油", "5：30开工", "8-10月验收"]
)
def test_a_quantity_at_a_lines_start_is_text(line: str) -> None:
    assert split(f"3. 路基完成。\n{line}\n5. 封顶。") == [(3, f"路基完成。\n{line}"), (5, "封顶。")]


@pytest.mark.parametrize("line", ["3.2万亩已改造。", "3万亩已改造。", "12.5亿元到位。", "2025年已完工。", "路基完成。"])
def test_a_text_without_numbers_is_not_split(line: str) -> None:
    assert split(line) is None


def test_a_number_of_no_own_task_keeps_the_text_whole() -> None:
    assert split("1. 路基完成。\n3. 铺油。\n5. 封顶。") is None


def test_a_number_in_two_lists_keeps_the_text_whole() -> None:
    own = (*OWN, TaskRef(14, "民生实事", 3))
    assert split("3. 路基完成。\n5. 封顶。", own) is None
    assert split("5. 封顶。\n8. 建成。", own) == [(5, "封顶。"), (8, "建成。")]


def test_a_number_written_twice_keeps_the_text_whole() -> None:
    assert split("3. 路基完成。\n5. 封顶。\n3. 铺油。") is None


def test_numbers_are_points_of_one_report_where_one_task_is_owed() -> None:
    text = "3. 路基完成。\n5. 铺油。"
    assert split(text, owed={11}) is None
    assert split(text, owed=set()) is None


@pytest.mark.parametrize("owed", [{11, 12}, {12}, set()])
def test_a_single_numbered_line_finds_its_task(owed: set[int]) -> None:
    assert split("3. 路基完成。\n下步铺油。", owed=owed) == [(3, "路基完成。\n下步铺油。")]


@pytest.mark.parametrize("salutation", ["区政府督查室：", "进展情况如下：", "\n \n", "各位领导:\n"])
def test_a_salutation_before_the_first_number_is_left_out(salutation: str) -> None:
    assert split(f"{salutation}\n3. 路基完成。\n5. 封顶。") == [(3, "路基完成。"), (5, "封顶。")]


@pytest.mark.parametrize(
    "before",
    ["本季度总体顺利。", "我局高度重视，多次召开专题会议研究部署，成立工作专班，明确责任分工，现将进展情况汇报如下："],
)
def test_text_before_the_first_number_keeps_the_text_whole(before: str) -> None:
    assert split(f"{before}\n3. 路基完成。\n5. 封顶。") is None


def test_bracketed_points_under_a_number_keep_the_text_whole() -> None:
    own = tuple(TaskRef(no, "重点任务", no) for no in (1, 2, 3))
    assert split("3. 进展如下\n（1）路基完成。\n（2）铺油。", own, {1, 2, 3}) is None
    assert split("3. 进展如下\n1）路基完成。\n2）铺油。", own, {1, 2, 3}) is None


@pytest.mark.parametrize("text", ["3.\n5. 封顶。", "3. 路基完成。\n5.", "3.", ""])
def test_an_empty_part_keeps_the_text_whole(text: str) -> None:
    assert split(text) is None


@given(
    st.lists(st.sampled_from(OWN), min_size=2, max_size=3, unique=True),
    st.lists(st.text("完成投资，。\n ", min_size=1).filter(str.strip), min_size=3, max_size=3),
    st.sampled_from(["{}. ", "{}、", "（{}）", "第{}项：", "任务{} "]),
)
def test_a_split_gives_back_what_was_joined(tasks: list[TaskRef], bodies: list[str], form: str) -> None:
    pairs = [(task, f"已{body}".strip()) for task, body in zip(tasks, bodies, strict=False)]
    text = "\n".join(form.format(task.no) + body for task, body in pairs)
    assert split_numbered(text, OWN, OWED) == pairs


@given(st.text("0123456789.、（）第项任务：完成 \n３", max_size=40))
def test_a_split_never_loses_a_written_character(text: str) -> None:
    for task, body in split_numbered(text, OWN, OWED) or []:
        assert task in OWN
        assert body
        assert all(line in text for line in body.split("\n"))


@pytest.mark.parametrize(
    "text", ["3", "３", " 3 ", "3.", "3、", "（3）", "第3项", "第三项", "任务3", "任务 3", "任务三", "3号", "三"]
)
def test_a_typed_number_chooses_the_task(text: str) -> None:
    assert find_task(text, OWN) == ROADS


@pytest.mark.parametrize("text", ["农村公路改造", "农村公路 改造", "重点任务3", "重点任务#3", "重点任务 3"])
def test_a_typed_name_or_list_and_number_chooses_the_task(text: str) -> None:
    assert find_task(text, OWN) == ROADS


@pytest.mark.parametrize("text", ["", "4", "3.2", "33", "3万亩", "第3季度", "公路", "0", "3. 路基完成"])
def test_anything_else_chooses_nothing(text: str) -> None:
    assert find_task(text, OWN) is None


def test_a_number_in_two_lists_is_chosen_only_with_its_list() -> None:
    twin = TaskRef(14, "民生实事", 3)
    assert find_task("3", (*OWN, twin)) is None
    assert find_task("民生实事3", (*OWN, twin)) == twin
