from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.checks import DEFAULT_FORMULAS, Finding, check_report, is_blocking

GOOD = "农村公路改造完成路基12.5公里，完成投资8600万元，占年度计划的62%。"
TASK = "2025年底前改造农村公路20公里。"


def check(text: str, **changes: Any) -> tuple[int, tuple[Finding, ...]]:
    given_values = {
        "max_length": 200,
        "min_length": None,
        "is_soft": True,
        "formulas": DEFAULT_FORMULAS,
        "task_text": TASK,
        "previous": None,
    }
    return check_report(text, **(given_values | changes))


def codes(text: str, **changes: Any) -> list[str]:
    return [finding.code for finding in check(text, **changes)[1]]


def test_a_good_report_has_no_findings() -> None:
    assert check(GOOD, min_length=10, previous="路基已开工。", stage_met=True) == (30, ())


@pytest.mark.parametrize("text", ["", " \n\u3000", "\u200b\ufeff", "3. "])
def test_a_text_without_visible_characters_is_empty(text: str) -> None:
    assert check(text) == (0, (Finding("empty"),))


def test_a_text_at_the_limit_is_within() -> None:
    assert "too_long" not in codes("投" * 200)


def test_a_text_past_a_soft_limit_shows_where() -> None:
    characters, findings = check("投" * 205)
    assert characters == 205
    assert findings[0] == Finding("too_long", {"characters": 205, "limit": 200, "at": 200})


def test_a_text_past_a_hard_limit_is_blocked() -> None:
    finding = check("投" * 205, is_soft=False)[1][0]
    assert finding.code == "too_long_hard"
    assert is_blocking(finding)


def test_a_task_number_is_not_counted_but_the_index_is_of_the_whole_text() -> None:
    text = "第3项：" + "投" * 200 + "资"
    characters, findings = check(text)
    assert characters == 201
    assert text[int(findings[0].values["at"]) :] == "资"


def test_a_text_below_the_minimum_is_short() -> None:
    assert Finding("too_short", {"characters": 4, "limit": 20}) in check("完成12%。", min_length=20)[1]


@pytest.mark.parametrize(
    "text",
    [
        "正在推进。",
        "有序推进",
        "3. 正在办理中！",
        "本季度各项工作正在有序推进，进展顺利。",
        "目前，我局已安排部署。",
        "高度重视，狠抓落实，按计划推进……",
        "👍",
        "。。。",
    ],
)
def test_an_empty_formula_is_recognised(text: str) -> None:
    assert "formula_only" in codes(text)


@pytest.mark.parametrize(
    "text",
    ["路基完成，路面正在推进。", "正在推进，完成投资30%。", "已完成。", "已开工", "无进展", "因资金未到位，暂缓推进"],
)
def test_a_formula_beside_substance_is_no_finding(text: str) -> None:
    assert "formula_only" not in codes(text)


def test_the_formula_met_is_named() -> None:
    assert check("各项工作正在办理中。")[1][0] == Finding("formula_only", {"formula": "正在办理中"})


def test_the_offices_own_formulas_count() -> None:
    assert "formula_only" in codes("走深走实。", formulas=("走深走实",))
    assert "formula_only" not in codes("走深走实。")


@pytest.mark.parametrize(
    "text", ["路基已完成，路面正在铺设。", "4月10日前完成路基。", "1. 路基完成。\n2. 桥梁开工。", "2025年三季度开工。"]
)
def test_a_report_without_a_figure_is_noticed_where_the_task_has_one(text: str) -> None:
    assert "no_number" in codes(text)


@pytest.mark.parametrize(
    "text",
    ["完成12公里。", "完成八成。", "已建三个项目", "完成百分之六十", "全部完成", "完成８公里", "增长8.5.", "用时3个月"],
)
def test_a_figure_however_written_will_do(text: str) -> None:
    assert "no_number" not in codes(text)


@pytest.mark.parametrize("task", ["2025年底前完成农村公路改造。", "落实〔2025〕3号文件。", "1-3月完成选址。"])
def test_years_and_dates_of_the_task_ask_for_no_figure(task: str) -> None:
    assert "no_number" not in codes("路基已完成。", task_text=task)


def test_a_copy_of_the_last_report_is_noticed() -> None:
    assert check(GOOD, previous=f" 3. {GOOD}\n")[1] == (Finding("near_copy", {"share": 1.0, "threshold": 0.9}),)


def test_sentences_in_another_order_are_still_a_copy() -> None:
    one, two = "农村公路改造完成路基12.5公里，桥梁四座已合龙。", "征地补偿全部兑付到位，涉及农户八百三十户。"
    assert "near_copy" in codes(two + one, previous=one + two)


def test_a_new_report_is_no_copy() -> None:
    assert "near_copy" not in codes(GOOD, previous="完成前期手续，施工单位进场，征地拆迁完成90%。")


def test_the_threshold_is_the_offices() -> None:
    previous = GOOD.replace("12.5公里", "9公里").replace("62%", "41%")
    assert "near_copy" not in codes(GOOD, previous=previous)
    assert "near_copy" in codes(GOOD, previous=previous, copy_threshold=0.7)


@pytest.mark.parametrize("text", ["完成30%，进度滞后。", "主体尚未开工，投资2亿元。", "因降雨停工，仅完成3公里。"])
def test_stage_met_beside_words_that_say_otherwise_is_noticed(text: str) -> None:
    assert "stage_conflict" in codes(text, stage_met=True)
    assert "stage_conflict" not in codes(text, stage_met=False)
    assert "stage_conflict" not in codes(text)


def test_the_denial_of_a_delay_is_no_conflict() -> None:
    assert "stage_conflict" not in codes("完成62%，无滞后项目，不存在停工情况。", stage_met=True)


def test_only_empty_and_hard_limits_block() -> None:
    blocking = [
        code
        for code in (
            "empty",
            "too_long_hard",
            "too_long",
            "too_short",
            "formula_only",
            "no_number",
            "near_copy",
            "stage_conflict",
        )
        if is_blocking(Finding(code))
    ]
    assert blocking == ["empty", "too_long_hard"]


@given(st.text("正在推进各项工作中已部署1.、（）3%，。 \n", max_size=4096), st.text(max_size=300))
def test_any_text_is_checked(text: str, previous: str) -> None:
    characters, findings = check(text, previous=previous, stage_met=True)
    found = [finding.code for finding in findings]
    assert len(set(found)) == len(found)
    assert (characters == 0) == (found == ["empty"])


@pytest.mark.parametrize("text", ["正在" * 2047 + "X", "啊" * 4096, "1." * 2048, "3" + " " * 4000 + "x", "未" * 4096])
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    # a pattern that backtracks would hang here rather than fail
    assert check(text, previous=text[::-1], stage_met=True)[0] > 0
