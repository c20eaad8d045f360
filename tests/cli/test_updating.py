"""`duban notice adopt` on a notice that was corrected: the differences first, then the update."""

import json

from tests.cli.desk import TASKS, Desk, notice_text

CHANGED = (TASKS[0].replace("10个", "12个"), TASKS[1], "区水利局 疏浚1条河道。 钱程")
AT = ("--at", "2025-05-12T10:00")


def test_the_differences_are_shown_grouped_and_counted_before_asking(adopted: Desk) -> None:
    file = adopted.write_notice(notice_text(CHANGED))
    result = adopted.run("notice", "adopt", file, *AT, input="n\n")
    assert result.exit_code == 1
    lines = result.stderr.splitlines()
    assert lines[1] == "notice 1 would be updated:"
    assert lines[2:8] == [
        "text: 2",
        "  附件#1: 建成10个项目。 → 建成12个项目。",
        "  附件#3: 新建3所学校。 → 疏浚1条河道。",
        "leaders: 1",
        "  附件#3: 责任人 罗安 → 责任人 钱程",
        "owner added: 1",
    ]
    assert "obligations: 3 made, 3 waived, 0 moved" in lines
    assert "then it stands with: 3 tasks, 2 units, 4 periods, 12 obligations" in lines
    assert lines[-1] == "nothing was adopted; answer y, or give --yes"
    assert {item["unit"] for item in adopted.json("overdue", *AT)} == {"区发改局", "区教体局"}


def test_an_update_says_what_stands_now_and_json_keeps_its_shape(adopted: Desk) -> None:
    file = adopted.write_notice(notice_text(CHANGED))
    result = adopted.run("notice", "adopt", file, "--json", *AT, input="y\n")
    assert json.loads(result.stdout) == {
        "notice_id": 1,
        "tasks": 3,
        "units": 2,
        "periods": 4,
        "obligations": 12,
        "warnings": [],
    }
    back = adopted.write_notice(notice_text((*CHANGED[:2], "区水利局 疏浚2条河道。 钱程")))
    assert adopted.do("notice", "adopt", back, "--yes", *AT).splitlines() == [
        "notice 1 updated; it stands with: 3 tasks, 2 units, 4 periods, 12 obligations",
        "  changed: 1 text",
    ]


def test_many_differences_are_cut_short(desk: Desk) -> None:
    rows = [f"区发改局 建成{no}0个项目，投产{no}家企业。 顾宁" for no in range(1, 41)]
    desk.do("notice", "adopt", desk.write_notice(notice_text(rows)), "--yes")
    changed = [row.replace("投产", "新增") for row in rows]
    shown = desk.run("notice", "adopt", desk.write_notice(notice_text(changed)), input="n\n").stderr
    assert "text: 40" in shown
    assert shown.count("→") == 30
    assert "… 10 more differences" in shown


def test_an_earlier_file_is_said_to_be_one(adopted: Desk) -> None:
    adopted.do("notice", "adopt", adopted.write_notice(notice_text(CHANGED)), "--yes")
    before = adopted.json("overdue", *AT)
    told = adopted.do("notice", "adopt", adopted.write_notice(), "--yes")
    assert told.startswith("notice 1 not changed by an earlier file of it; it stands with: 3 tasks")
    assert "earlier_file 这份文件是通知1较早的版本" in told
    assert adopted.json("overdue", *AT) == before


def test_what_may_be_another_notice_is_refused_until_a_person_says_which(adopted: Desk) -> None:
    file = adopted.write_notice(notice_text(["区水利局 疏浚1条河道。 钱程"]))
    told = adopted.refusal("notice", "adopt", file, "--yes")
    assert "only 0 of its 3 tasks are alike; give --updates 1 to update it all the same, or --as-new" in told
    assert "notice 2 adopted" in adopted.do("notice", "adopt", file, "--yes", "--as-new")
    assert adopted.refusal("notice", "adopt", adopted.write_notice(notice_text(CHANGED)), "--yes", "--updates", "9")
    both = adopted.run("notice", "adopt", file, "--yes", "--as-new", "--updates", "1")
    assert both.exit_code == 2


def test_reports_written_before_an_update_are_still_listed(adopted: Desk) -> None:
    adopted.do("notice", "adopt", adopted.write_notice(notice_text(CHANGED[:2])), "--yes", *AT)
    assert {item["no"] for item in adopted.json("overdue", *AT)} == {1, 2}
