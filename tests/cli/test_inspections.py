"""`duban inspections`, and what is to be put right among `duban overdue`."""

from pathlib import Path

from tests.cast import cast, local, notice, task
from tests.cli.desk import Desk

KEYS = ["notice_id", "unit", "list", "no", "period", "due_at", "days_overdue", "state", "reachable", "liaison"]


async def test_inspections_and_overdue_measures_are_listed(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局"), task(3, "区教体局"))
    async with cast(tmp_path, at=local("2025-04-08 10:00"), given=given) as people:
        (tmp_path / "config.toml").write_text(
            f'[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\n'
            f'key_file = "{tmp_path / "duban.key"}"\n',
            "utf-8",
        )
        desk = Desk(tmp_path)
        assert desk.do("inspections") == "no inspection was planned\n"
        for line in (
            "/inspect 区教体局 4月8日 任务3 不打招呼",
            "确认",
            "/inspect 记录 1 二楼灭火器过期",
            "/inspect 整改要求 1 4月9日 更换二楼灭火器",
            "确认",
        ):
            await people.say(people.wang, line)
        at = ("--at", "2025-04-12T09:00")
        [inspection] = desk.json("inspections", *at)
        assert (inspection["day"], inspection["announced"], inspection["state"]) == ("2025-04-08", False, "planned")
        assert inspection["units"] == [{"unit": "区教体局", "tasks": [3]}]
        assert [finding["text"] for finding in inspection["findings"]] == ["二楼灭火器过期"]
        [measure] = inspection["measures"]
        assert (measure["no"], measure["days_overdue"], measure["answers"]) == (1, 3, [])
        assert "整改 1" in desk.do("inspections", *at)
        rows = desk.json("overdue", *at)
        assert all(list(row) == KEYS for row in rows)
        assert [(row["list"], row["no"], row["period"]) for row in rows if row["unit"] == "区教体局"] == [
            ("附件", 3, "2025-Q1"),
            ("整改", 1, "2025-04-08"),
        ]
        assert (rows[-1]["days_overdue"], rows[-1]["due_at"]) == (3, "2025-04-10T00:00:00+08:00")
        assert (rows[-1]["state"], rows[-1]["reachable"], rows[-1]["liaison"]) == ("open", True, "李丽")
        assert "整改" not in desk.do("overdue", "--unit", "区发改局", *at)
        assert "整改 1" in desk.do("overdue", "--unit", "区教体局", *at)
