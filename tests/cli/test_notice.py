"""`duban notice read` and `duban notice adopt`."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from tests.cli.desk import EXAMPLE, REAL_NOTICE, SCHEMA, Desk, notice_text, run, sentence

QUARTERLY = '[reporting]\ncadence = "quarterly"\nday = 10\nmonth_offset = 1\n'
DUES = ["2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10"]


def count(desk: Desk, sql: str) -> int:
    with closing(sqlite3.connect(desk.folder / "data" / "duban.db")) as connection:
        return int(connection.execute(sql).fetchone()[0])


def adopt(desk: Desk, *options: object, text: str | None = None) -> dict[str, object]:
    answer: dict[str, object] = desk.json("notice", "adopt", desk.write_notice(text), "--yes", *options)
    return answer


def test_reading_shows_tasks_units_and_due_dates(tmp_path: Path) -> None:
    shown = run("notice", "read", EXAMPLE, "--config", tmp_path / "none.toml").stdout
    assert "tasks: 24, units: 15" in shown
    assert "2025-Q1 due 2025-04-10" in shown


@pytest.mark.skipif(not SCHEMA.exists(), reason="the schema lies beside the project, not in it")
@pytest.mark.parametrize("text", [EXAMPLE.read_text("utf-8"), notice_text(), notice_text(reporting="")])
def test_what_reading_prints_fits_the_schema(tmp_path: Path, text: str) -> None:
    file = tmp_path / "notice.txt"
    file.write_text(text, "utf-8")
    read = json.loads(run("notice", "read", file, "--json").stdout)
    jsonschema.validate(read, json.loads(SCHEMA.read_text("utf-8")), format_checker=jsonschema.FormatChecker())


def test_reading_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("notice", "read", EXAMPLE).exit_code == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"\x00\x01\x02", "没有任务。".encode()])
def test_a_file_that_is_no_notice_is_refused(desk: Desk, data: bytes) -> None:
    file = desk.folder / "notice"
    file.write_bytes(data)
    assert sentence(run("notice", "read", file)) == desk.refusal("notice", "adopt", file, "--yes")


def test_a_marked_file_is_read_only_where_the_office_overrides_it(desk: Desk) -> None:
    file = desk.folder / "marked.txt"
    file.write_text("内部资料\n" + notice_text(), "utf-8")
    assert "内部资料" in desk.refusal("notice", "read", file)
    assert "内部资料" in desk.refusal("notice", "adopt", file, "--yes")
    desk.add_settings("[notices]\noverride_secrecy = true")
    assert desk.json("notice", "read", file)["tasks"]
    assert desk.json("notice", "adopt", file, "--yes")["tasks"] == 3


def test_a_pdf_is_adopted_like_any_notice(desk: Desk) -> None:
    file = Path(__file__).parents[2] / "examples" / "notices" / "pdf-files" / "leaders.pdf"
    assert desk.json("notice", "adopt", file, "--yes")["tasks"] == 6


def test_a_missing_file_is_named(desk: Desk) -> None:
    told = f"{desk.folder}/none.txt cannot be read: No such file or directory"
    assert desk.refusal("notice", "adopt", desk.folder / "none.txt", "--yes") == told
    assert "Is a directory" in desk.refusal("notice", "read", desk.folder)


def test_adopting_prints_what_now_stands(desk: Desk) -> None:
    assert adopt(desk) == {
        "notice_id": 1,
        "tasks": 3,
        "units": 2,
        "periods": 4,
        "obligations": 12,
        "warnings": [],
    }


def test_adopting_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    first = adopt(desk)
    assert adopt(desk) == first
    assert count(desk, "SELECT count(*) FROM audit WHERE action = 'adopt_notice'") == 1
    assert "adopted before; it stands with: 3 tasks" in desk.do("notice", "adopt", desk.write_notice(), "--yes")


def test_adopting_asks_and_takes_no_for_an_answer(desk: Desk) -> None:
    file = desk.write_notice()
    for answer in ("n\n", ""):  # said no; nobody is there
        result = desk.run("notice", "adopt", file, input=answer)
        assert result.exit_code == 1
        assert "tasks: 3, units: 2" in result.stderr
        assert result.stderr.splitlines()[-1] == "nothing was adopted; answer y, or give --yes"
        assert count(desk, "SELECT count(*) FROM notice") == 0


def test_adopting_asks_on_standard_error_so_that_json_stays_whole(desk: Desk) -> None:
    result = desk.run("notice", "adopt", desk.write_notice(), "--json", input="y\n")
    assert json.loads(result.stdout)["tasks"] == 3


def test_from_waives_the_periods_due_before_that_day(desk: Desk) -> None:
    assert adopt(desk, "--from", "2025-07-10")["obligations"] == 12
    assert desk.json("overdue", "--at", "2025-04-11T09:00") == []
    assert {item["period"] for item in desk.json("overdue", "--at", "2025-10-20T09:00")} == {"2025-Q2", "2025-Q3"}


def test_from_can_be_given_to_a_notice_adopted_before(adopted: Desk) -> None:
    adopt(adopted, "--from", "2025-07-11")
    assert {item["period"] for item in adopted.json("overdue", "--at", "2025-10-20T09:00")} == {"2025-Q3"}
    assert count(adopted, "SELECT count(*) FROM audit WHERE action = 'waive_periods'") == 1


def test_a_silent_notice_gets_its_periods_from_the_configuration(desk: Desk) -> None:
    desk.add_settings(QUARTERLY)
    answer = adopt(desk, text=notice_text(reporting=""))
    assert (answer["periods"], answer["obligations"], answer["warnings"]) == (4, 12, [])
    assert [item["due_at"] for item in desk.json("overdue", "--at", "2025-04-12", "--unit", "区教体局")] == [
        "2025-04-11T00:00:00+08:00"
    ]


def test_a_silent_notice_adopted_again_after_the_setting_adds_its_periods(desk: Desk) -> None:
    before = adopt(desk, text=notice_text(reporting=""))
    assert (before["periods"], before["obligations"]) == (0, 0)
    assert [warning["code"] for warning in before["warnings"]] == ["no_cadence"]  # type: ignore[attr-defined]
    desk.add_settings(QUARTERLY)
    after = adopt(desk, text=notice_text(reporting=""))
    assert (after["notice_id"], after["periods"], after["obligations"], after["warnings"]) == (1, 4, 12, [])


def test_another_documents_tasks_are_adopted_without_obligations_and_with_a_warning(desk: Desk) -> None:
    other = notice_text(["区水利局 疏浚1条河道。 钱程"], reporting="", title="河道工作方案")
    answer = adopt(desk, text=f"{notice_text()}\n{other}")
    assert (answer["tasks"], answer["units"], answer["obligations"]) == (4, 3, 12)
    assert "other_document" in str(answer["warnings"])
    assert "区水利局" not in {item["unit"] for item in desk.json("overdue", "--at", "2026-02-01")}


def test_a_group_counts_as_a_unit_is_warned_about_and_gets_no_invite(desk: Desk) -> None:
    answer = adopt(desk, text=notice_text(["各镇街 排查5轮隐患。 钱程", "区水利局 疏浚1条河道。 钱程"]))
    assert (answer["units"], answer["obligations"]) == (2, 8)
    assert any("“各镇街”" in warning["message"] for warning in answer["warnings"])  # type: ignore[attr-defined]
    assert "各镇街" in {item["unit"] for item in desk.json("overdue", "--at", "2025-04-11")}
    assert [row["unit"] for row in desk.json("invite", "--all")] == ["区水利局"]
    assert "各镇街 is a group of units" in desk.refusal("invite", "各镇街")


def test_warnings_name_their_code_message_and_task(desk: Desk) -> None:
    answer = adopt(desk, text=notice_text(reporting=""))
    assert [set(warning) for warning in answer["warnings"]] == [{"code", "message", "task"}]  # type: ignore[attr-defined]
    assert "no_cadence 通知没有写明报送时间" in desk.do("notice", "adopt", desk.folder / "notice.txt", "--yes")


@pytest.mark.skipif(not REAL_NOTICE.exists(), reason="the published notices lie beside the project, not in it")
def test_the_first_real_notice(desk: Desk) -> None:
    read = json.loads(desk.do("notice", "read", REAL_NOTICE, "--json"))
    assert len(read["tasks"]) == 40
    assert len({owner["name"] for task in read["tasks"] for owner in task["owners"]}) == 40
    assert [period["due_on"] for period in read["periods"]] == DUES
    answer = desk.json("notice", "adopt", REAL_NOTICE, "--yes")
    assert {name: answer[name] for name in ("tasks", "units", "periods", "obligations")} == {
        "tasks": 40,
        "units": 40,
        "periods": 4,
        "obligations": 160,
    }
    overdue = desk.json("overdue", "--at", "2025-04-11T09:00")
    assert len(overdue) == 40
    assert all(re.fullmatch(r"2025-04-11T00:00:00\+08:00", item["due_at"]) for item in overdue)
