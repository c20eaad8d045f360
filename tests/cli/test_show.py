"""`duban overdue`, `duban reports`, `duban tick`: what is printed where nobody has reported."""

import sqlite3
from contextlib import closing

from tests.cli.desk import Desk, notice_text

DAY_AFTER = ("--at", "2025-04-11T09:00")
KEYS = ["notice_id", "unit", "list", "no", "period", "due_at", "days_overdue", "state", "reachable", "liaison"]


def test_nothing_is_overdue_on_the_due_day(adopted: Desk) -> None:
    assert adopted.json("overdue", "--at", "2025-04-10T23:59:59") == []
    assert adopted.do("overdue", "--at", "2025-04-10T23:59:59") == "nothing is overdue\n"


def test_what_is_overdue_has_exactly_these_keys(adopted: Desk) -> None:
    first = adopted.json("overdue", *DAY_AFTER)[0]
    assert list(first) == KEYS
    assert first == {
        "notice_id": 1,
        "unit": "区发改局",
        "list": "附件",
        "no": 1,
        "period": "2025-Q1",
        "due_at": "2025-04-11T00:00:00+08:00",
        "days_overdue": 1,
        "state": "open",
        "reachable": False,
        "liaison": None,
    }


def test_the_worst_stands_first(adopted: Desk) -> None:
    days = [item["days_overdue"] for item in adopted.json("overdue", "--at", "2025-07-11T09:00")]
    assert days == [92, 92, 92, 1, 1, 1]


def test_overdue_can_be_asked_for_one_unit_by_name_or_alias(adopted: Desk) -> None:
    with closing(sqlite3.connect(adopted.folder / "data" / "duban.db")) as connection:
        connection.execute("UPDATE unit SET aliases = '[\"教体\"]' WHERE name = '区教体局'")
        connection.commit()
    by_name = adopted.json("overdue", "--unit", "区教体局", *DAY_AFTER)
    assert [(item["unit"], item["no"]) for item in by_name] == [("区教体局", 3)]
    assert adopted.json("overdue", "--unit", "教体", *DAY_AFTER) == by_name


def test_an_unknown_unit_is_refused_with_the_nearest(adopted: Desk) -> None:
    for command in ("overdue", "reports"):
        assert (
            adopted.refusal(command, "--unit", "区教育局")
            == "there is no unit 区教育局; the nearest are: 区教体局、区发改局"
        )


def test_an_unknown_period_is_refused_with_those_there_are(adopted: Desk) -> None:
    told = adopted.refusal("reports", "--period", "2024-Q1")
    assert told == "there is no period 2024-Q1; there are: 2025-Q1, 2025-Q2, 2025-Q3, 2025-Q4"


def test_the_table_is_aligned_a_line_each_without_a_terminal(adopted: Desk) -> None:
    lines = adopted.do("overdue", *DAY_AFTER).splitlines()
    assert lines[0].split() == ["unit", "task", "period", "days", "liaison", "reachable"]
    assert [line.split() for line in lines[2:]] == [
        ["区发改局", "附件", "1", "2025-Q1", "1", "-", "no"],
        ["区发改局", "附件", "2", "2025-Q1", "1", "-", "no"],
        ["区教体局", "附件", "3", "2025-Q1", "1", "-", "no"],
    ]
    assert lines[2] == "区发改局  附件 1  2025-Q1  1     -        no"


def test_several_notices_are_told_apart_and_one_can_be_chosen(adopted: Desk) -> None:
    second = notice_text(["区水利局 疏浚1条河道。 钱程"], title="水利任务")
    adopted.do("notice", "adopt", adopted.write_notice(second, name="second.txt"), "--yes")
    assert [item["notice_id"] for item in adopted.json("overdue", *DAY_AFTER)] == [1, 1, 1, 2]
    lines = adopted.do("overdue", *DAY_AFTER).splitlines()
    assert lines[0].startswith("notice")
    assert lines[-1].startswith("2 ")
    chosen = adopted.json("overdue", "--notice", "2", *DAY_AFTER)
    assert [item["unit"] for item in chosen] == ["区水利局"]
    assert not adopted.do("overdue", "--notice", "2", *DAY_AFTER).startswith("notice")
    for command in ("overdue", "reports"):
        told = adopted.refusal(command, "--notice", "7")
        assert told.startswith("there is no notice 7 with periods; there are: 1 清河区")
        assert "2025年水利任务" in told


def test_nothing_was_reported_yet(adopted: Desk) -> None:
    assert adopted.json("reports") == []
    assert adopted.do("reports", "--period", "2025-Q1", "--unit", "区教体局") == "nothing was reported\n"


def test_a_tick_with_nobody_registered_makes_nothing(adopted: Desk) -> None:
    at = "2025-04-07T09:00:00+08:00"
    assert adopted.json("tick", "--at", at) == {"at": at, "nudges": 0, "escalations": 0, "digests": 0, "outbox": 0}
    assert adopted.do("tick", "--at", at) == f"{at}: 0 nudges, 0 escalations, 0 digests, 0 outbox\n"
