"""Plain words are read as conditions, Chinese and English, however they are spaced and whatever width their digits have."""

import pytest

from rules.conditions import (
    chinese_period,
    least_days,
    month_and_day,
    names_of_period,
    task_number,
    words_of,
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("区教体局　一季度，超过５天", ["区教体局", "一季度", "超过5天"]),
        ("Q1 2025 over 5 days", ["q12025", "over5days"]),
        ("超过 5 天 第 3 项 任务 3", ["超过5天", "第3项", "任务3"]),
        ("10 April task 3", ["10april", "task3"]),
        ("March 2025; April 10, 2025", ["march2025", "april102025"]),
        ("  ", []),
    ],
)
def test_a_text_is_split_into_its_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("word", "days"),
    [
        ("超过5天", 6),
        ("超5天的", 6),
        ("逾期超过五天", 6),
        ("大于10天", 11),
        (">5天", 6),
        ("5天以上", 5),
        ("逾期30天以上的", 30),
        ("至少3天", 3),
        ("超过一周", 8),
        ("超过1个月", 31),
        ("over5days", 6),
        ("morethan1day", 2),
        ("atleast5days", 5),
    ],
)
def test_days_overdue_are_read(word: str, days: int) -> None:
    assert least_days(word) == days


@pytest.mark.parametrize("word", ["5天", "三天前", "一季度", "10", "超过", "4月10日"])
def test_other_words_are_no_days_overdue(word: str) -> None:
    assert least_days(word) is None


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("4月10日", (None, 4, 10)),
        ("4月10号", (None, 4, 10)),
        ("2025年4月10日截止", (2025, 4, 10)),
        ("2025-04-10", (2025, 4, 10)),
        ("4-10", (None, 4, 10)),
        ("4.10", (None, 4, 10)),
        ("10april", (None, 4, 10)),
        ("april10", (None, 4, 10)),
        ("apr102025", (2025, 4, 10)),
        ("2月29日", (None, 2, 29)),
        ("2025年2月29日", None),
        ("13月1日", None),
        ("4月31日", None),
        ("4月", None),
    ],
)
def test_days_are_read(word: str, found: tuple[int | None, int, int] | None) -> None:
    assert month_and_day(word) == found


@pytest.mark.parametrize(
    ("label", "names"),
    [
        ("2025-Q1", ["一季度", "第一季度", "1季度", "q1", "2025-q1", "q12025", "2025年一季度"]),
        ("2025-H2", ["下半年", "h2", "2025年下半年"]),
        (
            "2025-03",
            ["3月", "三月", "3月份", "2025年3月", "2025-03", "2025-3", "march", "mar", "march2025", "2025march"],
        ),
        ("2025-11", ["11月", "十一月", "november"]),
        ("2025-W07", ["第7周", "w07", "week7", "2025-w07"]),
        ("2025", ["2025", "2025年"]),
        ("2025-04-10", ["2025-04-10"]),
    ],
)
def test_a_period_is_known_by_all_its_names(label: str, names: list[str]) -> None:
    assert set(names) <= names_of_period(label)


def test_a_quarter_is_not_called_by_a_month_nor_by_another_quarter() -> None:
    assert not names_of_period("2025-Q1") & (names_of_period("2025-Q2") | names_of_period("2025-01"))


@pytest.mark.parametrize(
    ("word", "no"), [("第3项", 3), ("任务三", 3), ("task3", 3), ("#12", 12), ("3", 3), ("3月", None)]
)
def test_task_numbers_are_read(word: str, no: int | None) -> None:
    assert task_number(word) == no


def test_periods_are_named_as_in_documents() -> None:
    labels = ["2025-Q1", "2025-H2", "2025-03", "2025-W07", "2025", "2025-04-10"]
    named = ["2025年一季度", "2025年下半年", "2025年3月", "2025年第7周", "2025年", "2025-04-10"]
    assert [chinese_period(label) for label in labels] == named
