"""`duban status`, `duban unit show`, `duban export board|overdue`, and /overdue's words on the command line."""

from io import BytesIO

from openpyxl import load_workbook
from PIL import Image
from rich.cells import cell_len

from tests.cli.desk import Desk

DAY_AFTER = ("--at", "2025-04-11T09:00")


def test_overdue_takes_the_words_of_the_chat(adopted: Desk) -> None:
    found = adopted.json("overdue", "教体", "一季度", "--at", "2025-07-20T09:00")
    assert [(item["unit"], item["period"]) for item in found] == [("区教体局", "2025-Q1")]
    assert len(adopted.json("overdue", "超过30天", "--at", "2025-07-20T09:00")) == 3
    told = adopted.refusal("overdue", "区教育局", *DAY_AFTER)
    assert told == "there is no unit, task, leader, list, period or date 区教育局; the nearest are: 区教体局、区发改局"


def test_status_counts_the_period_that_is_reported_on(adopted: Desk) -> None:
    found = adopted.json("status", *DAY_AFTER)
    assert found["period"] == "2025-Q1"
    assert {name: found[name] for name in ("due", "reported", "overdue", "open", "units", "overdue_units")} == {
        "due": 3,
        "reported": 0,
        "overdue": 3,
        "open": 0,
        "units": 2,
        "overdue_units": 2,
    }
    assert found["unreachable"] == ["区发改局", "区教体局"]
    assert found["lists"] == [
        {"notice_id": 1, "list": "附件", **{k: found[k] for k in found["lists"][0] if k in found}}
    ]
    assert adopted.json("status", "--period", "2025-Q2", *DAY_AFTER)["open"] == 3
    assert adopted.refusal("status", "--period", "2024-Q1").startswith("there is no period 2024-Q1; there are: 2025-Q1")


def test_what_is_due_is_parted_without_a_rest(adopted: Desk) -> None:
    found = adopted.json("status", *DAY_AFTER)
    parts = ("accepted", "waiting", "done", "open", "returned", "overdue")
    assert sum(found[name] for name in parts) == found["due"]


def test_tables_are_aligned_with_wide_characters(adopted: Desk) -> None:
    table = adopted.do("status", *DAY_AFTER).splitlines()[1:5]
    assert [line.split()[0] for line in table] == ["list", "──────", "1", "all"]
    assert len({cell_len(line[: line.rindex(figure)]) for line, figure in zip(table[2:], "00", strict=True)}) == 1


def test_a_unit_is_shown_whole(adopted: Desk) -> None:
    found = adopted.json("unit", "show", "区发改局", *DAY_AFTER)
    assert (found["unit"], found["overdue"], found["registration"]) == ("区发改局", 2, "not_invited")
    assert [(task["no"], task["state"], task["days_overdue"]) for task in found["tasks"]] == [
        (1, "overdue", 1),
        (2, "overdue", 1),
    ]
    told = adopted.do("unit", "show", "区发改局", *DAY_AFTER)
    assert "nobody is registered for it" in told
    assert "附件 1" in told
    assert adopted.refusal("unit", "show", "区教育局").startswith("there is no unit 区教育局; the nearest are")


def test_the_board_is_written_for_all_periods_begun_or_for_one(adopted: Desk) -> None:
    at = ("--at", "2025-07-20T09:00")
    for name, more in (("all.png", ()), ("one.png", ("--period", "2025-Q1"))):
        adopted.do("export", "board", "--out", adopted.folder / name, *more, *at)
    sizes = [Image.open(BytesIO((adopted.folder / name).read_bytes())).size for name in ("all.png", "one.png")]
    assert sizes[0][1] == sizes[1][1]
    assert (adopted.folder / "all.png").read_bytes() != (adopted.folder / "one.png").read_bytes()
    told = adopted.refusal("export", "board", "--out", adopted.folder / "x.png", "--period", "2024-Q1")
    assert told.startswith("there is no period 2024-Q1")
    assert not (adopted.folder / "x.png").exists()


def test_the_list_is_written_whole(adopted: Desk) -> None:
    out = adopted.folder / "overdue.xlsx"
    adopted.do("export", "overdue", "区发改局", "--out", out, *DAY_AFTER)
    sheet = load_workbook(BytesIO(out.read_bytes()))["逾期清单"]
    assert [(row[0].value, row[2].value, row[7].value) for row in sheet.iter_rows(min_row=3)] == [
        ("区发改局", 1, 1),
        ("区发改局", 2, 1),
    ]
