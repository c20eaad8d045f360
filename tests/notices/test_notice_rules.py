"""What a letter demands of the reporters is read, and the inspectors' own rhythm is not."""

from datetime import date

import pytest

from notices.rules_of_letter import LetterRules, read_rules
from rules.periods import DueRule


def _rules(letter: str) -> LetterRules:
    return read_rules(letter, plan_year=2025)


@pytest.mark.parametrize(
    ("words", "cadence", "rule"),
    [
        ("于次月初5个工作日内报督查室", "monthly", DueRule(1, working_day=5)),
        ("于每月25日前报区政府督查室", "monthly", DueRule(0, day=25)),
        ("于每月10日前报送工作进展", "monthly", DueRule(1, day=10)),
        ("每月最后一个工作日前报送进展", "monthly", DueRule(0, working_day=-1)),
        ("每季度末报送进展情况", "quarterly", DueRule(0, day=-1)),
        ("每季度末月20日前报送", "quarterly", DueRule(0, day=20)),
        ("每季度最后一个月的30日前报区政府办公室", "quarterly", DueRule(0, day=30)),
        ("每季度首月5日前将上季度进展报送督查室", "quarterly", DueRule(1, day=5)),
        ("每两周周五将进展报督查室", "biweekly", DueRule(0, weekday=5)),
        ("年中和年末报送落实情况", "semiannual", DueRule(0, day=-1)),
    ],
)
def test_a_recurring_rule_goes_to_due_rule(words: str, cadence: str, rule: DueRule) -> None:
    rules = _rules(f"各责任单位要抓好落实，{words}。").rules
    assert (rules.cadence, rules.due_rule, rules.due_dates) == (cadence, rule, ())


@pytest.mark.parametrize(
    "words", ["实行月度盘点、逐月查账", "年中开展抽查", "按季通报完成情况", "已在《政府工作报告》中明确，每月会商"]
)
def test_the_inspectors_own_rhythm_is_no_duty_to_report(words: str) -> None:
    assert _rules(f"督查室{words}。").rules.cadence is None


def test_printed_dates_get_their_years_across_the_years_end() -> None:
    rules = _rules("分别于4月10日、7月10日、10月10日和1月10日前报送至区政府督查室。").rules
    assert rules.due_dates == (date(2025, 4, 10), date(2025, 7, 10), date(2025, 10, 10), date(2026, 1, 10))
    assert rules.cadence == "quarterly"
    assert rules.submit_to == "区政府督查室"


def test_a_printed_year_is_taken_as_it_stands() -> None:
    assert _rules("于7月5日、2026年1月5日前报送。").rules.due_dates == (date(2025, 7, 5), date(2026, 1, 5))


@pytest.mark.parametrize(
    ("words", "least", "most", "soft"),
    [
        ("一般不超过200字", None, 200, True),
        ("原则上不超过300字", None, 300, True),
        ("200字左右", None, 200, True),
        ("不得超过200字", None, 200, False),
        ("控制在150字以内", None, 150, False),
        ("100至150字", 100, 150, False),
        ("不少于80字", 80, None, False),
    ],
)
def test_length_words_say_how_firm_a_limit_is(words: str, least: int | None, most: int | None, soft: bool) -> None:
    rules = _rules(f"报送材料要逐条表述，{words}。").rules
    assert (rules.min_length, rules.max_length, rules.length_is_soft) == (least, most, soft)


def test_contact_is_asked_of_the_reporters_only() -> None:
    assert _rules("每季度报送进展（注明联系人及联系方式）。").rules.contact_required is True
    assert _rules("联系人：罗安，联系电话：0000。").rules.contact_required is None


def test_plan_liaison_start_and_bulletins_are_read() -> None:
    found = _rules(
        "要细化分解、形成计划，于2月18日前报督查室。各单位明确一名联络员。从3月起，每月25日前报送进展。重大事项一事一通报，好的予以通报表扬。"
    )
    assert found.rules.plan_due == date(2025, 2, 18)
    assert found.rules.liaisons_per_unit == 1
    assert found.starts_on == date(2025, 3, 1)
    assert found.rules.bulletins == ("重大事项一事一通报",)


def test_a_silent_letter_sets_no_rules() -> None:
    assert _rules("请认真抓好落实。").rules.cadence is None
    assert _rules("").rules.submit_to is None
