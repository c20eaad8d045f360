"""`duban review` and `duban enter`, beside a service."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cast import Cast, cast
from tests.cli.desk import Desk
from tests.conversations.looking import reported, rows

AT = ("--at", "2025-03-21T09:00")


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Cast, Desk]]:
    """Give an office where both units reported on everything."""
    async with cast(tmp_path) as people:
        (tmp_path / "config.toml").write_text(
            f'[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\n'
            f'key_file = "{tmp_path / "duban.key"}"\n',
            "utf-8",
        )
        await people.say(people.li, "正在推进。")
        await people.say(people.li, "提交")
        await people.say(people.zhang, "1. 已完成2个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        yield people, Desk(tmp_path)


async def test_what_waits_is_listed_and_decided(office: tuple[Cast, Desk]) -> None:
    people, desk = office
    first, *others = desk.json("review", *AT)
    assert (first["id"], first["unit"], first["no"], first["period"], first["late"]) == (
        1,
        "区教体局",
        3,
        "2025-Q1",
        False,
    )
    assert first["findings"] == ["formula_only", "no_number"]
    assert [each["id"] for each in desk.json("review", "--unit", "区发改局", *AT)] == [each["id"] for each in others]
    assert "正在推进。" in desk.do("review", *AT)
    assert desk.do("review", "--return", "1", "--reason", "数据缺失", *AT) == "1 returned: 区教体局, 附件 3, 2025-Q1\n"
    assert len(desk.do("review", "--accept", "2", "--accept", "3", *AT).splitlines()) == 2
    await people.stage.move_to(people.stage.clock.now())
    await people.stage.settle()
    assert people.li.said("原因：数据缺失")
    assert desk.do("review", *AT) == "no report waits for review\n"
    assert rows(
        people, "SELECT DISTINCT via, person_id FROM audit WHERE action IN ('accept_report', 'return_report')"
    ) == [("cli", None)]


async def test_all_or_none_are_decided(office: tuple[Cast, Desk]) -> None:
    people, desk = office
    assert "has the ID 99; some that do: " in desk.refusal("review", "--accept", "1", "--accept", "99", *AT)
    assert {row.state for row in reported(people)} == {"submitted"}


async def test_a_notice_is_told_to_wait_for_review(office: tuple[Cast, Desk]) -> None:
    people, desk = office
    assert "wait for a decision" in desk.do("review", "--require", "yes", "--notice", "1", *AT)
    assert rows(people, "SELECT review FROM notice") == [(1,)]
    desk.do("review", "--require", "default", "--notice", "1", *AT)
    assert rows(people, "SELECT review FROM notice") == [(None,)]
    assert "there is no notice 7" in desk.refusal("review", "--require", "no", "--notice", "7", *AT)


async def test_a_report_is_entered_from_a_file(office: tuple[Cast, Desk]) -> None:
    people, desk = office
    file = desk.folder / "report.txt"
    file.write_text("已新建4所学校。\n", "utf-8")
    line = ("enter", "区教体局", 3, file, "--source", "paper", "--received", "2025-03-21T08:00", *AT)
    assert desk.do(*line, "--period", "2025-Q1") == "entered: 区教体局, 附件 3, 2025-Q1; liaisons told: 1\n"
    assert [(row.version, row.source) for row in reported(people) if row.no == 3] == [(2, "paper")]
    assert "later than now" in desk.refusal(*line[:-3], "2025-03-21T10:00", *AT, "--period", "2025-Q1")
    assert "its periods for that task: 2025-Q1" in desk.refusal(*line, "--period", "2024-Q1")
    file.write_bytes(b"\xff\xfe\x00")
    assert "not a text file in UTF-8" in desk.refusal(*line, "--period", "2025-Q1")
    assert "paper" in desk.do("reports", *AT)


def test_what_does_not_go_together_is_wrong_usage(adopted: Desk) -> None:
    for wrong in (
        ("--return", 1),
        ("--reason", "x"),
        ("--accept", 1, "--return", 2, "--reason", "x"),
        ("--require", "yes"),
    ):
        assert adopted.run("review", *wrong).exit_code == 2
    assert adopted.json("review") == []
