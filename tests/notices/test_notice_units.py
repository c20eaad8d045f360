"""Names of units and persons are told apart, split and rejoined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.people import is_person, split_people
from notices.units import is_group, split_units, units_in


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["市生态环境局", "清河分局"], ("市生态环境局清河分局",)),
        (["区公园广场", "管理办公室"], ("区公园广场管理办公室",)),
        (["市生态环境局", "市北分局"], ("市生态环境局市北分局",)),
        (["区残联", "区医保局"], ("区残联", "区医保局")),
        (["区工信办及", "各产业链专班"], ("区工信办及各产业链专班",)),
        (["区教育局、区住房城乡建设", "局、各镇街"], ("区教育局", "区住房城乡建设局", "各镇街")),
        (["区发展改革局（区粮食", "中心）、区水务局"], ("区发展改革局（区粮食中心）", "区水务局")),
        (["区安委会", "成员单位"], ("区安委会成员单位",)),
        (
            ["市生态环境局清河分局", "清河高新区管委会", "有关部门"],
            ("市生态环境局清河分局", "清河高新区管委会", "有关部门"),
        ),
        (["区公安分局", "区财政局"], ("区公安分局", "区财政局")),
        (["市公安局清河分局", "清河水务公司"], ("市公安局清河分局", "清河水务公司")),
        (["区城市投资集团", "有限责任公司"], ("区城市投资集团有限责任公司",)),
        (["区政府办公室（区外办", "区大数据局）"], ("区政府办公室（区外办区大数据局）",)),
        (["区财政局，区水务局;区审计局。"], ("区财政局", "区水务局", "区审计局")),
    ],
)
def test_a_line_end_parts_units_only_between_complete_names(lines: list[str], names: tuple[str, ...]) -> None:
    assert units_in(lines) == names


def test_separators_inside_a_units_own_parenthesis_do_not_split() -> None:
    assert split_units("区政府办公室（区大数据局、区外办）、区司法局") == (
        "区政府办公室（区大数据局、区外办）",
        "区司法局",
    )


@given(st.lists(st.sampled_from(["区教育局", "各镇街", "团区委", "区委办（区档案局）"]), min_size=1, unique=True))
def test_splitting_undoes_joining(names: list[str]) -> None:
    assert split_units("、".join(names)) == tuple(names)


@pytest.mark.parametrize("name", ["各镇街", "相关部门", "有关镇街", "各产业链专班", "区直相关部门", "区安委会成员单位"])
def test_a_group_is_known_by_its_first_or_last_words(name: str) -> None:
    assert is_group(name)


@pytest.mark.parametrize("name", ["区教育局", "柳林镇", "工业园区", "区工信办及各产业链专班", "两地科技局"])
def test_a_unit_is_no_group(name: str) -> None:
    assert not is_group(name)


def test_layout_spaces_inside_a_persons_name_are_removed() -> None:
    assert split_people(["罗  安", "顾 宁 程远山"]) == ("罗安", "顾宁", "程远山")


def test_a_post_wrapped_over_lines_is_one_leader() -> None:
    assert split_people(["各产业链", "组长"]) == ("各产业链组长",)


def test_leaders_in_running_text_are_parted_at_their_marks() -> None:
    assert split_people(["罗安、顾宁，程远山。"]) == ("罗安", "顾宁", "程远山")


@pytest.mark.parametrize("piece", ["区残联", "金集团", "水务局", "温泉镇", "发展改革", "3个", "王", "平台公司"])
def test_a_piece_of_a_units_name_is_no_person(piece: str) -> None:
    assert not is_person(piece)
