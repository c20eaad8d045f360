"""`duban task`, `period`, `notice withdraw|export`, `unit rename`, `person end`, `invites`, `audit`: shown, asked about, done."""

import sqlite3
from contextlib import closing
from pathlib import Path

from openpyxl import load_workbook

from tests.cli.desk import Desk, notice_text

EARLY = ("--at", "2025-03-20T10:00")
WHY = ("--reason", "机构职能调整")


def owed(desk: Desk) -> dict[str, int]:
    return {row["unit"]: row["owed"] for row in desk.json("unit", "list")}


def test_a_task_is_reassigned_only_once_that_was_confirmed(adopted: Desk) -> None:
    args = ("task", "reassign", "3", "--lead", "区发改局", *WHY, *EARLY)
    refused = adopted.run(*args, input="n\n")
    assert refused.exit_code == 1
    assert "附件#3 区发改局: - → lead" in refused.stderr
    assert "obligations: 4 made, 4 waived" in refused.stderr
    assert owed(adopted) == {"区发改局": 8, "区教体局": 4}
    assert adopted.run(*args).exit_code == 1  # nobody is there to answer
    assert adopted.run(*args, input="y\n").exit_code == 0
    assert owed(adopted) == {"区发改局": 12, "区教体局": 0}
    assert adopted.refusal(*args, "--yes") == "the task stands so already; nothing would change"
    [act] = adopted.json("audit", "--task", "3", "--since", "2025-03-20")
    assert (act["action"], act["via"], act["content"]["reason"]) == ("put_task_right", "cli", "机构职能调整")


def test_a_task_is_shown_changed_split_added_and_cancelled(adopted: Desk) -> None:
    changed = adopted.json(
        "task", "change", "3", "--text", "新建5所学校。", "--deadline", "年底", *WHY, "--yes", *EARLY
    )
    assert [each["what"] for each in changed["changes"]] == ["text", "deadline"]
    adopted.do("task", "split", "2", "--text", "签约20个项目。", "--second", "开工10个项目。", *WHY, "--yes", *EARLY)
    added = adopted.json("task", "add", "--text", "建设公园。", "--owner", "区教体局", *WHY, "--yes", *EARLY)
    assert (added["no"], added["made"]) == (5, 4)
    cancelled = adopted.json("task", "cancel", "附件#1", *WHY, "--yes", *EARLY)
    assert cancelled["waived"] == 4
    shown = adopted.json("task", "show", "3")
    assert (shown["text"], shown["deadline"], shown["units"]) == (
        "新建5所学校。",
        "年底",
        [{"unit": "区教体局", "role": "owner", "signed": False}],
    )
    assert len(shown["obligations"]) == 4
    assert "新建5所学校。" in adopted.do("task", "show", "3")
    assert "there is no task 1" in adopted.refusal("task", "show", "1")


def test_wrong_names_get_the_nearest_and_change_nothing(adopted: Desk) -> None:
    told = adopted.refusal("task", "reassign", "3", "--lead", "区教育体育局", *WHY, "--yes")
    assert told.startswith("there is no unit 区教育体育局; the nearest are: 区教体局")
    assert "there is no period 五季度; there are: 2025-Q1" in adopted.refusal(
        "period", "move", "五季度", "2025-04-15", *WHY, "--yes"
    )
    assert adopted.run("task", "cancel", "3", "--reason", " ", "--yes").exit_code == 2


def test_a_due_date_is_moved_and_the_first_one_kept(adopted: Desk) -> None:
    moved = adopted.json("period", "move", "一季度", "2025-04-15", *WHY, "--yes", *EARLY)
    assert (moved["obligations"], moved["before"], moved["after"], moved["overdue"]) == (
        3,
        "2025-04-10",
        "2025-04-15",
        0,
    )
    assert adopted.json("overdue", "--at", "2025-04-12T09:00") == []
    past = adopted.json("period", "move", "2025-Q1", "2025-03-10", *WHY, "--yes", *EARLY)
    assert (past["overdue"], past["first"]) == (3, "2025-04-10")
    assert adopted.json("period", "list")[0] == {
        "notice_id": 1,
        "period": "2025-Q1",
        "due_on": "2025-03-10",
        "first_due_on": "2025-04-10",
    }
    assert len(adopted.json("overdue", *EARLY)) == 3
    assert "2025-Q1 begins only on" in adopted.refusal("period", "move", "2025-Q1", "2024-12-10", *WHY, "--yes")


def test_a_period_of_several_notices_has_to_be_chosen(adopted: Desk) -> None:
    other = adopted.write_notice(notice_text(["区水利局 整治河道3条。 罗安"], title="水利任务"), name="other.txt")
    adopted.do("notice", "adopt", other, "--yes")
    assert "several notices have 2025-Q1; give --notice: 1" in adopted.refusal(
        "period", "move", "2025-Q1", "2025-04-15", *WHY, "--yes"
    )
    moved = adopted.json("period", "move", "2025-Q1", "2025-04-15", "--notice", "2", *WHY, "--yes", *EARLY)
    assert (moved["notice"], moved["obligations"]) == (2, 1)
    assert "--notice 1 附件#1, --notice 2 附件#1" in adopted.refusal("task", "show", "1")
    assert adopted.json("task", "show", "1", "--notice", "2")["text"] == "整治河道3条。"


def test_a_wrong_adoption_is_withdrawn_and_its_file_adopted_again(adopted: Desk) -> None:
    assert adopted.json("notice", "withdraw", "1", *WHY, "--yes")["tasks"] == 3
    assert adopted.json("notice", "list") == []
    assert adopted.json("overdue", "--at", "2025-05-12T10:00") == []
    assert adopted.json("notice", "adopt", adopted.folder / "notice.txt", "--yes")["notice_id"] == 2
    assert owed(adopted) == {"区发改局": 8, "区教体局": 4}
    assert "there is no notice 1" in adopted.refusal("notice", "withdraw", "1", *WHY, "--yes")


def test_an_exported_notice_adopted_back_changes_only_what_was_corrected(adopted: Desk) -> None:
    adopted.do("task", "reassign", "3", "--lead", "区发改局", *WHY, "--yes", *EARLY)
    adopted.do("period", "move", "2025-Q1", "2025-04-15", *WHY, "--yes", *EARLY)
    out = adopted.folder / "standing.xlsx"
    adopted.do("notice", "export", "1", "--out", out)
    before = adopted.json("task", "show", "3")
    same = adopted.run("notice", "adopt", out, *EARLY)
    assert "notice 1 says the same already; nothing changes" in same.stderr
    assert adopted.json("task", "show", "3") == before
    _correct(out)
    assert "changed: 1 text" in adopted.do("notice", "adopt", out, "--yes", *EARLY)
    assert adopted.json("task", "show", "3")["text"] == "新建6所学校。"
    assert "there is no notice 9" in adopted.refusal("notice", "export", "9", "--out", out)


def _correct(file: Path) -> None:
    book = load_workbook(file)
    cell = next(cell for row in book["任务"].iter_rows() for cell in row if cell.value == "新建3所学校。")
    cell.value = "新建6所学校。"
    book.save(file)


def test_a_unit_is_renamed_and_keeps_its_old_name(adopted: Desk) -> None:
    assert "is called 区教育局" in adopted.do("unit", "rename", "区教体局", "区教育局", *WHY, "--yes")
    assert owed(adopted) == {"区发改局": 8, "区教育局": 4}
    assert len(adopted.json("overdue", "--unit", "区教体局", "--at", "2025-05-12T10:00")) == 1
    assert "区发改局 is a name of 区发改局" in adopted.refusal("unit", "rename", "区教育局", "区发改局", *WHY, "--yes")
    assert adopted.json("notice", "adopt", adopted.folder / "notice.txt", "--yes")["units"] == 2


def test_a_unit_may_take_the_name_of_one_merged_into_it(adopted: Desk) -> None:
    adopted.do("unit", "merge", "区教体局", "区发改局", "--yes")
    adopted.do("unit", "rename", "区发改局", "区教体局", *WHY, "--yes")
    assert owed(adopted) == {"区教体局": 12}
    adopted.do("unit", "rename", "区教体局", "区发改局", *WHY, "--yes")
    assert owed(adopted) == {"区发改局": 12}


def test_open_invites_are_listed_without_codes_and_taken_back(adopted: Desk) -> None:
    [made] = adopted.json("invite", "区教体局", *EARLY)
    [first, row] = adopted.json("invites", *EARLY)
    assert (first["role"], first["unit"]) == ("admin", None)
    assert (row["unit"], row["role"], made["code"] in str(row)) == ("区教体局", "liaison", False)
    assert adopted.json("invites", "--revoke", row["ref"], "--revoke", first["ref"], *EARLY) == []
    assert f"invite {row['ref']} cannot be used any more" in adopted.refusal("invites", "--revoke", row["ref"], *EARLY)
    assert "no invite can be used" in adopted.do("invites", *EARLY)
    assert adopted.json("audit", "--since", "2025-03-20")[-1]["action"] == "revoke_invite"


def test_a_role_nobody_has_cannot_be_ended(adopted: Desk) -> None:
    told = adopted.refusal("person", "end", "7", "admin", *WHY, "--yes")
    assert told == "there is no person 7; `duban people` lists them"


def test_the_audit_is_filtered_and_says_where_it_was_tampered_with(adopted: Desk) -> None:
    adopted.do("task", "change", "3", "--deadline", "年底", *WHY, "--yes", *EARLY)
    assert [row["action"] for row in adopted.json("audit", "--unit", "区教体局")] == ["put_task_right"]
    assert adopted.json("audit", "--unit", "区发改局") == []
    assert "put_task_right" in adopted.do("audit")
    assert adopted.json("audit", "--since", "2099-01-01") == []
    with closing(sqlite3.connect(next(adopted.folder.rglob("duban.db")))) as database, database:
        database.execute("UPDATE audit SET content = '{}' WHERE action = 'put_task_right'")
    result = adopted.run("audit")
    assert result.exit_code == 1
    assert "was changed, moved or put in" in result.stderr
