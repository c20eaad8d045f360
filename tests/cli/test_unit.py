"""`duban unit`: the register of units, and what putting it right does to the notices."""

from tests.cli.desk import Desk, notice_text

SUMMER = ("--at", "2025-05-12T10:00")


def test_the_list_shows_tasks_and_what_is_owed(adopted: Desk) -> None:
    assert adopted.json("unit", "list")[0] == {
        "unit": "区发改局",
        "aliases": [],
        "members": [],
        "is_group": False,
        "uses_bot": True,
        "tasks": 2,
        "owed": 8,
    }
    assert adopted.do("unit", "list").splitlines()[2].split() == ["区发改局", "2", "8"]


def test_another_name_finds_the_unit_everywhere(adopted: Desk) -> None:
    assert adopted.do("unit", "alias", "区教体局", "区教育体育局", "教体") == (
        "区教育体育局 is another name of 区教体局 now\n教体 is another name of 区教体局 now\n"
    )
    by_name = adopted.json("overdue", "--unit", "区教体局", *SUMMER)
    assert adopted.json("overdue", "--unit", "区教育体育局", *SUMMER) == by_name != []
    other = notice_text(["区教育体育局 培训教师300人。 罗安"], title="教育任务")
    adopted.do("notice", "adopt", adopted.write_notice(other, name="other.txt"), "--yes")
    assert [row["unit"] for row in adopted.json("unit", "list")] == ["区发改局", "区教体局"]
    assert "nothing was changed" in adopted.do("unit", "alias", "区教体局", "教体")


def test_a_unit_is_not_made_an_alias_by_the_way(adopted: Desk) -> None:
    told = adopted.refusal("unit", "alias", "区教体局", "区发改局")
    assert told == "区发改局 is a unit itself; make the two one with `duban unit merge`"


def test_merging_asks_and_then_hands_everything_over(adopted: Desk) -> None:
    refused = adopted.run("unit", "merge", "区发改局", "区教体局", input="n\n")
    assert refused.exit_code == 1
    assert "区发改局 (2 tasks, owes 8) becomes another name of 区教体局 (1 tasks, owes 4)" in refused.stderr
    assert len(adopted.json("unit", "list")) == 2
    adopted.do("invite", "区发改局")
    adopted.do("unit", "merge", "区发改局", "区教体局", "--yes")
    [row] = adopted.json("unit", "list")
    assert (row["unit"], row["aliases"], row["tasks"], row["owed"]) == ("区教体局", ["区发改局"], 3, 12)
    assert {item["unit"] for item in adopted.json("overdue", *SUMMER)} == {"区教体局"}
    assert [row["unit"] for row in adopted.json("invite", "--all")] == ["区教体局"]
    assert adopted.refusal("unit", "merge", "区发改局", "区教体局") == "区发改局 and 区教体局 are one unit already"


def test_members_take_the_groups_place(desk: Desk) -> None:
    desk.do("notice", "adopt", desk.write_notice(notice_text(["各镇街 排查5轮隐患。 钱程"])), "--yes")
    shown = desk.run("unit", "members", "各镇街", "城关镇", "河东街道", *SUMMER, input="y\n")
    assert "各镇街 (1 tasks, owes 4) is replaced by: 城关镇、河东街道; new units: 城关镇、河东街道" in shown.stderr
    assert shown.stdout == "各镇街 stands for 城关镇、河东街道 now\n"
    owed = {row["unit"]: row["owed"] for row in desk.json("unit", "list")}
    assert owed == {"各镇街": 1, "城关镇": 3, "河东街道": 3}  # what is past due stays with the group
    assert [row["unit"] for row in desk.json("invite", "--all")] == ["城关镇", "河东街道"]


def test_a_unit_without_the_bot_gets_no_invite(adopted: Desk) -> None:
    adopted.do("unit", "bot", "区发改局", "no")
    assert [row["unit"] for row in adopted.json("invite", "--all")] == ["区教体局"]
    assert "no bot" in adopted.do("unit", "list")


def test_an_unknown_unit_is_refused_with_the_nearest(adopted: Desk) -> None:
    for line in (("alias", "区教育局", "x"), ("merge", "区教育局", "区教体局"), ("members", "区教育局", "x")):
        assert "the nearest are: 区教体局" in adopted.refusal("unit", *line)
