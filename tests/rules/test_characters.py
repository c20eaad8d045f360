import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.characters import count, cut_at, strip_number

TEXTS = st.text(
    st.sampled_from("完成投资亿元，。“”—…·1289.%ab -\n\t　②㎡𠮷👍🏽❤\ufe0f\u200d\u200b👩👧🇨🇳\u20e3#é\u0301"),
    max_size=40,
)


@pytest.mark.parametrize(
    ("text", "characters"),
    [
        ("完成投资12.5亿元，增长8.5%。", 12),
        ("", 0),
        (" \t\n\u3000\xa0\u2003", 0),
        ("12.5%", 1),
        ("12.5 %", 2),
        ("GB/T 9704-2012", 2),
        ("5G基站", 3),
        ("“好”——……·《》、", 11),
        ("（一）", 3),
        ("500㎡", 1),
        ("25℃", 1),
        ("①②", 1),
        ("２０２５年", 2),
        ("々〇", 2),
        ("カタカナ", 4),
        ("ﾊﾝ", 2),
        ("한국", 2),
    ],
)
def test_text_is_counted_as_the_printed_rule_says(text: str, characters: int) -> None:
    assert count(text) == characters


@pytest.mark.parametrize(
    "ideograph", ["\u4e00", "\u3400", "\U00020bb7", "\U0002a700", "\U00030000", "\U00031350", "\uf900"]
)
def test_every_plane_of_ideographs_counts(ideograph: str) -> None:
    assert count(f"a{ideograph}b{ideograph * 2}") == 5


@pytest.mark.parametrize(
    "emoji",
    [
        "👍",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "👩‍⚕️",
        "👩‍⚕",
        "❤️",
        "❤️‍🔥",
        "🇨🇳",
        "1️⃣",
        "#⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "🏳️‍🌈",
        "☝🏽",
        "✅",
        "⚠️",
        "㊗️",
        "🈚",
        "🧑🏻‍🤝‍🧑🏿",
    ],
)
def test_an_emoji_is_one_whatever_it_is_made_of(emoji: str) -> None:
    assert count(emoji) == 1
    assert count(f"好{emoji}好") == 3
    assert count(emoji * 3) == 3
    assert count(f"a{emoji}b") == 3


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u200d", "\ufeff", "\u202e", "\x00", "\x1b", "\xad", "\ufe0f", "\u2060", "\U000e0100"]
)
def test_what_is_not_seen_neither_counts_nor_parts_a_run(unseen: str) -> None:
    assert count(unseen) == 0
    assert count(f"12{unseen}34") == 1
    assert count(f"{unseen}葛{unseen}") == 1


def test_a_combining_mark_belongs_to_its_letter() -> None:
    assert count("cafe\u0301") == 1
    assert count("的\u0332") == 1


@given(TEXTS, TEXTS)
def test_counts_add_up_over_a_space(one: str, other: str) -> None:
    assert count(f"{one} {other}") == count(one) + count(other)


@given(TEXTS, st.sampled_from(" \n\u3000\t"))
def test_white_space_around_changes_nothing(text: str, space: str) -> None:
    assert count(space + text + space) == count(text)


@given(TEXTS, st.integers(0, 50))
def test_a_text_is_cut_where_one_character_too_many_begins(text: str, limit: int) -> None:
    at = cut_at(text, limit)
    if count(text) <= limit:
        assert at == len(text)
    else:
        assert count(text[:at]) == limit
        assert count(text[: at + 1]) > limit or count(text[at:]) == count(text) - limit


def test_the_cut_stands_before_character_201() -> None:
    text = "投" * 199 + " 12.5%" + "资" * 3
    assert text[cut_at(text, 200) :] == "资资资"


@given(TEXTS, TEXTS)
def test_a_count_is_never_more_than_the_code_points(one: str, other: str) -> None:
    assert 0 <= count(one + other) <= len(one + other)


@pytest.mark.parametrize(
    "prefix",
    [
        "3.",
        "3. ",
        "3．",
        "3、",
        "3)",
        "3）",
        "（3）",
        "(3)",
        "第3项：",
        "第三项，",
        "第3项任务：",
        "任务3 ",
        "任务3：",
        "任务三：",
        "３、",
        "  3. ",
        "第１２项 ",
    ],
)
def test_a_task_number_is_stripped(prefix: str) -> None:
    assert strip_number(f"{prefix}完成投资") == "完成投资"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "3.2万亩",
            "3万亩",
            "12.5亿元到位",
            "2025年完成",
            "3、4月份开工",
            "3：30开会",
            "3．2万亩",
            "10、20日各一次",
            "3-5月",
        ),
        *(
            "3 个项目",
            "第3季度完成",
            "第3项目标",
            "任务3个",
            "任务3.2亿元",
            "任务 3 个已完成",
            "2025.完成",
            "0.5%",
            "第十十项：好",
            "",
        ),
    ],
)
def test_a_quantity_is_no_task_number(text: str) -> None:
    assert strip_number(text) == text
