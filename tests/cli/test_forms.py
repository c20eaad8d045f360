"""`duban form` and `duban plans`: forms for units that get and send them by mail."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from storage import people
from storage.states import Role
from storage.store import Transaction, open_store
from tests.cli.desk import Desk, notice_text

SPRING = ("--at", "2025-03-20T10:00")


@pytest.fixture(name="office")
def _office(desk: Desk) -> Desk:
    """Give the desk of an office that asks for plans."""
    desk.do("notice", "adopt", desk.write_notice(notice_text()), "--yes")
    desk.add_settings("[reporting]\nplan = true")
    return desk


def fill(file: Path, **values: str) -> Path:
    book = load_workbook(file)
    for address, value in values.items():
        book.worksheets[0][address] = value
    book.save(file)
    return file


def register(desk: Desk) -> None:
    """Have a supervisor in the office: forms are entered in somebody's name."""
    store = open_store(f"sqlite:///{desk.folder / 'data' / 'duban.db'}")
    at = datetime(2025, 3, 1, tzinfo=UTC)

    def add(tx: Transaction) -> None:
        person = people.add_person(tx, telegram_id=2001, name="王科", at=at)
        people.add_membership(tx, person_id=person, role=Role.SUPERVISOR, unit_id=None, leader_name=None, at=at)

    store.write_now(add)
    store.close()


def test_a_plan_goes_out_and_comes_back_by_mail(office: Desk) -> None:
    register(office)
    out = office.folder / "plan.xlsx"
    office.do("form", "plan", "--unit", "区发改局", "--out", out, *SPRING)
    fill(out, D6="选址", H6="王局长")
    told = office.do("form", "read", out, "--unit", "区发改局", *SPRING)
    assert told == "1 plans and 0 reports entered, 0 unchanged, 1 left empty\n"
    first, second, third = office.json("plans", *SPRING)
    assert (first["planned"], first["q1"], first["head"], first["version"]) == (True, "选址", "王局长", 1)
    assert (second["planned"], second["version"], third["unit"]) == (False, 0, "区教体局")
    assert [row["no"] for row in office.json("plans", "--missing", "--unit", "区发改局", *SPRING)] == [2]
    assert "选址" in office.do("plans", *SPRING)


def test_progress_by_mail_is_submitted_at_once(office: Desk) -> None:
    register(office)
    out = office.folder / "period.xlsx"
    office.do("form", "period", "--unit", "区发改局", "--period", "2025-Q1", "--out", out, *SPRING)
    fill(out, F6="已建成3个项目。", I6="是", F7="一" * 201)
    result = office.run("form", "read", out, "--unit", "区发改局", *SPRING)
    assert result.exit_code == 1
    assert "0 plans and 1 reports entered" in result.stdout
    assert "1 cells are wrong" in result.stderr
    assert "F7" in result.stderr
    [report] = office.json("reports")
    assert (report["progress"], report["state"], report["late"]) == ("已建成3个项目。", "submitted", False)
    office.do("form", "read", out, "--unit", "区发改局", "--reason", "项目多", *SPRING)
    assert len(office.json("reports")) == 2


def test_what_cannot_be_is_refused_in_one_sentence(office: Desk) -> None:
    out = office.folder / "x.xlsx"
    office.do("form", "period", "--unit", "区教体局", "--out", out, *SPRING)
    fill(out, F6="已完成3所。")
    assert "nobody of the office is registered" in office.refusal("form", "read", out, "--unit", "区教体局", *SPRING)
    register(office)
    assert "no supervisor or admin called 陈科" in office.refusal(
        "form", "read", out, "--unit", "区教体局", "--by", "陈科", *SPRING
    )
    result = office.run("form", "read", out, "--unit", "区发改局", *SPRING)
    assert result.exit_code == 1
    assert "编号不是本单位的" in result.stderr
    assert office.json("reports") == []
    text = office.write_notice(name="x.txt")
    assert "is no form of this office" in office.refusal("form", "read", text, "--unit", "区发改局")
    told = office.refusal("form", "period", "--unit", "区发改局", "--period", "2024-Q1", "--out", out)
    assert told == "区发改局 owes nothing for 2024-Q1"
    assert "there is no unit 区教育局" in office.refusal("form", "plan", "--unit", "区教育局", "--out", out)


def test_without_a_plan_asked_for_nothing_is_listed(adopted: Desk) -> None:
    assert adopted.do("plans") == "no notice asks for a year plan\n"
    out = adopted.folder / "x.xlsx"
    assert adopted.refusal("form", "plan", "--unit", "区发改局", "--out", out) == "no year plan is asked of 区发改局"
