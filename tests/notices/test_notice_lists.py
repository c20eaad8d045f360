"""Numbered lists: whoever answers stands behind, under or over the items, and numbers are only what counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.block import Block, Duty, Reading
from notices.groups import duty_of_heading
from notices.layouts import read_block
from notices.page import lines_of
from notices.people import name_in_post, split_people
from notices.responsibility import read_item
from notices.script import Print, fold
from notices.verbs import read_verbs


def _read(text: str) -> Reading:
    reading = read_block(Block("附件", "", tuple(lines_of(text))))
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("words", "duty"),
    [
        ("区商务局牵头，区城管局、各镇街配合", Duty(lead=("区商务局",), support=("区城管局", "各镇街"))),
        ("由区商务局主办，区城管局协办", Duty(lead=("区商务局",), support=("区城管局",))),
        ("区商务局、区城管局按职责分工负责", Duty(shared=("区商务局", "区城管局"))),
        ("区商务局牵头负责，区城管局，区财政局参与", Duty(lead=("区商务局",), support=("区城管局", "区财政局"))),
        ("区商务局等负责", Duty(shared=("区商务局",), guesses=frozenset({"open_list"}))),
        ("区商务局会同区财政局负责", Duty(lead=("区商务局",), support=("区财政局",))),
        ("区商务局负责，10月底前完成", Duty(shared=("区商务局",), deadline="10月底前")),
    ],
)
def test_verbs_say_who_leads_and_who_supports(words: str, duty: Duty) -> None:
    assert read_verbs(words) == duty


@pytest.mark.parametrize("words", ["力争7%", "含背街小巷", "其中新增2家", "由市场主体负责实施的除外", ""])
def test_a_parenthesis_of_the_sentence_names_nobody(words: str) -> None:
    assert read_verbs(words) is None


@pytest.mark.parametrize(
    ("heading", "duty"),
    [
        ("一、高明远区长牵头重点工作（5项）", Duty(leaders=("高明远",))),
        ("二、区委常委、常务副区长苏木同志牵头的重点任务", Duty(leaders=("苏木",))),
        ("（三）区教育局牵头工作（3项）", Duty(lead=("区教育局",))),
        ("四、责任单位：区水务局、区城管局", Duty(shared=("区水务局", "区城管局"))),
        ("五、提升产业发展质量", Duty()),
        ("六、建校2所", Duty()),
    ],
)
def test_a_heading_may_name_the_leader_or_the_unit_of_its_items(heading: str, duty: Duty) -> None:
    assert duty_of_heading(heading) == duty


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("罗安副区长、顾宁副区长", ("罗安", "顾宁")),
        ("区政府党组成员、副区长罗安", ("罗安",)),
        ("王区长", ("王区长",)),
        ("产业发展", ()),
    ],
)
def test_a_name_is_parted_from_its_post(words: str, names: tuple[str, ...]) -> None:
    assert name_in_post(words, bare=False) == names


def test_a_rank_before_a_post_is_no_second_person() -> None:
    assert split_people(["区委常委、副区长罗安"]) == ("区委常委、副区长罗安",)


@pytest.mark.parametrize(
    "lines",
    [
        ["修渠12公里。", "牵头单位：区水务局", "责任单位：区财政局、区城", "管局"],
        ["修渠12公里。", "牵头单位：区水务局 责任单位：区财政局、区城管局"],
        ["修渠12公里。牵头单位：区水务局；责任单位：区财政局、区城管局。"],
        ["修渠12公里。", "【牵头单位】区水务局【责任单位】区财政局、区城管局"],
        ["修渠12公里。", "牵 头 单 位：区水务局", "责 任 单 位：区财政局、区城管局"],
        ["修渠12公里。（牵头", "单位：区水务局；责任单位：区财政局、", "区城管局）"],
        ["修渠12公里。", "（区水务局牵头，区财政局、区城管局配合）"],
    ],
)
def test_the_same_duty_is_read_however_it_is_printed(lines: list[str]) -> None:
    taken = read_item(lines)
    assert taken.text == "修渠12公里。"
    assert taken.duty == Duty(lead=("区水务局",), support=taken.duty.support, shared=taken.duty.shared)
    assert {*taken.duty.support, *taken.duty.shared} == {"区财政局", "区城管局"}


def test_numbers_may_start_again_in_each_section_in_any_style() -> None:
    reading = _read(
        "一、兴水\n1.修渠。（区水务局负责）\n2.清淤\n3.5公里。（区水务局负责）\n二、兴林\n（1）栽树。（区林业局负责）\n"
        "三、兴学。（责任单位：区教育局）\n"
    )
    assert [(row.no, row.section, row.text) for row in reading.rows] == [
        (1, "一、兴水", "修渠。"),
        (2, "一、兴水", "清淤3.5公里。"),
        (1, "二、兴林", "栽树。"),
        (3, None, "兴学。"),
    ]


def test_a_sections_last_line_speaks_for_its_items_and_is_told() -> None:
    reading = _read("一、兴水\n1.修渠。\n2.清淤。\n责任单位：区水务局\n二、兴林\n3.栽树。\n责任单位：区林业局\n")
    assert [row.duty.shared for row in reading.rows] == [("区水务局",), ("区水务局",), ("区林业局",)]
    assert ["section_units" in row.duty.guesses for row in reading.rows] == [True, True, False]


def test_points_under_an_item_belong_to_its_text() -> None:
    reading = _read("1.办好三件事：\n（1）修渠。\n（2）清淤。\n（区水务局负责）\n2.栽树。（区林业局负责）\n")
    assert [row.text for row in reading.rows] == ["办好三件事：（1）修渠。（2）清淤。", "栽树。"]


def test_what_is_read_in_simplified_signs_is_given_back_as_printed() -> None:
    printed = Print("責任單位：縣水務局、\n各鄉鎮；２０２５年底")
    assert printed.folded == "责任单位：县水务局、\n各乡镇；2025年底"
    assert printed.unfold("县水务局") == "縣水務局"
    assert printed.unfold("各乡镇2025年底") == "各鄉鎮２０２５年底"


@given(st.text(alphabet="責任單位縣水務局各鄉鎮县乡1２\n ", max_size=60))
def test_folding_keeps_every_sign_in_its_place_and_unfolding_undoes_it(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
    source = "".join(text.split())
    assert fold(Print(text).unfold(fold(source))) == fold(source)
