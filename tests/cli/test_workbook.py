"""`duban notice read --xlsx`: the workbook is written, corrected, and read in the notice's place."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.desk import EXAMPLE, Desk, notice_text, run, sentence


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Give the workbook of the example notice."""
    run("notice", "read", EXAMPLE, "--xlsx", tmp_path / "plan.xlsx")
    return tmp_path / "plan.xlsx"


def correct(book: Path, **cells: Any) -> None:
    """Put values into cells of the tasks, as a clerk does."""
    opened = openpyxl.load_workbook(book)
    for address, value in cells.items():
        opened["任务"][address].value = value
    opened.save(book)


def test_reading_writes_the_workbook_and_says_what_comes_next(tmp_path: Path) -> None:
    shown = run("notice", "read", EXAMPLE, "--xlsx", tmp_path / "my plan.xlsx").stdout
    assert "tasks: 24, units: 15" in shown
    assert shown.splitlines()[-1].endswith(f"duban notice adopt '{tmp_path}/my plan.xlsx'")
    assert openpyxl.load_workbook(tmp_path / "my plan.xlsx").sheetnames[0] == "任务"


def test_the_workbook_reads_as_the_notice_does(book: Path, tmp_path: Path) -> None:
    assert run("notice", "read", book).stdout == run("notice", "read", EXAMPLE).stdout
    again = run("notice", "read", book, "--xlsx", tmp_path / "again.xlsx", "--json")
    assert json.loads(again.stdout) == json.loads(run("notice", "read", EXAMPLE, "--json").stdout)
    assert run("notice", "read", tmp_path / "again.xlsx").exit_code == 0


def test_a_file_that_is_there_is_not_written_over(book: Path) -> None:
    before = book.read_bytes()
    result = run("notice", "read", EXAMPLE, "--xlsx", book)
    assert sentence(result) == f"{book} exists; name another file, or move that one away"
    assert book.read_bytes() == before


def test_what_a_clerk_corrected_is_read(book: Path) -> None:
    correct(book, D3="改过的任务。", I3="区水利局", J3="牵头")
    task = json.loads(run("notice", "read", book, "--json").stdout)["tasks"][0]
    assert (task["text"], task["owners"][0]) == ("改过的任务。", {"name": "区水利局", "role": "lead"})


def test_merged_units_and_expanded_groups_are_shown(tmp_path: Path) -> None:
    notice, book = tmp_path / "notice.txt", tmp_path / "plan.xlsx"
    notice.write_text(
        notice_text(["区教体局 新建3所学校。 罗安", "区教育体育局 改造5所。 罗安", "各镇街 排查。 顾宁"]), "utf-8"
    )
    run("notice", "read", notice, "--xlsx", book)
    opened = openpyxl.load_workbook(book)
    units: Any = opened["单位"]
    rows = {units.cell(row, 1).value: row for row in (3, 4, 5)}
    assert "区教育体育局" in units.cell(rows["区教体局"], 5).value
    units.cell(rows["区教体局"], 3).value = "区教育体育局"
    units.cell(rows["各镇街"], 4).value = "东关镇、西关街道"
    opened.save(book)
    shown = run("notice", "read", book).stdout.splitlines()
    assert shown[-2:] == ["  区教体局 is 区教育体育局", "  各镇街: 东关镇、西关街道"]


def test_wrong_cells_are_listed_and_nothing_is_adopted(desk: Desk, book: Path) -> None:
    correct(book, C3="一", D4=None, J5="负责")
    for command in (["read"], ["adopt", "--yes"]):
        result = desk.run("notice", *command, book)
        assert result.exit_code == 1
        assert result.stdout == ""
        first, *cells = result.stderr.splitlines()
        assert "3处需要改正" in first
        assert cells == [
            "  任务!C3（一）：应为0至99999的整数",
            "  任务!D4（空）：请填写任务内容，或清空整行",
            "  任务!J5（负责）：应为牵头、配合、责任之一",
        ]
    assert desk.json("overdue", "--at", "2030-01-01") == []


def test_the_workbook_is_adopted_as_the_notice_would_be(desk: Desk, book: Path) -> None:
    answer = desk.json("notice", "adopt", book, "--yes")
    assert (answer["tasks"], answer["units"], answer["periods"]) == (24, 15, 4)
    assert desk.json("notice", "adopt", book, "--yes") == answer
