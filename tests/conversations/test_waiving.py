"""The office waives what is owed: shown first, with a reason, told to the liaison, in the audit."""

from pathlib import Path

from tests.cast import cast, local, notice, task
from tests.cli.desk import Desk
from tests.conversations.looking import rows
from tests.transcripts import transcript

LINE = "/waive 区教体局 3 因机构改革职能划转"
STATES = "SELECT unit.name, obligation.state, waived_for FROM obligation JOIN unit ON unit.id = unit_id JOIN period ON period.id = period_id WHERE label = :period ORDER BY obligation.id"


@transcript("督查人员", "免报", "区教体局机构改革，王科免去其一项报送。")
async def test_one_units_report_is_waived_after_a_preview(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        shown = await people.say(people.wang, LINE)
        assert "将免报以下事项（尚未办理）" in shown
        assert "• 区教体局 任务3 · 2025年第一季度" in shown
        assert "原因：机构改革职能划转" in shown
        assert "waived" not in {state for _, state, _ in rows(people, STATES, period="2025-Q1")}
        assert "✓ 已免报 1 项" in await people.press(people.wang, "确认免报")
        assert "【免报告知】" in people.li.last.text
        assert "原因：机构改革职能划转" in people.li.last.text
        assert rows(people, STATES, period="2025-Q1")[-1] == ("区教体局", "waived", "by_the_office")
        assert rows(people, "SELECT person_id FROM audit WHERE action = 'waive'") == [(1,)]
        assert rows(people, "SELECT reason, waived_by FROM exemption") == [("机构改革职能划转", 1)]
        await people.stage.move_to(local("2025-04-14 09:30"))
        assert "区教体局" not in await people.say(people.wang, "/overdue")
        assert not people.li.said("逾期")


async def test_a_task_is_waived_for_every_unit_and_a_named_period(tmp_path: Path) -> None:
    given = notice(task(3, "区发改局", "区教体局"))
    async with cast(tmp_path, given=given) as people:
        shown = await people.say(people.wang, "/waive 3 二季度 因按上级要求暂停报送")
        assert shown.count("2025年第二季度") == 2
        await people.say(people.wang, "确认")
        assert {state for _, state, _ in rows(people, STATES, period="2025-Q2")} == {"waived"}
        assert {state for _, state, _ in rows(people, STATES, period="2025-Q1")} == {"open"}
        assert people.zhang.said("免报告知")
        assert people.li.said("免报告知")


async def test_a_reason_is_asked_for_and_it_can_be_dropped(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "免报的原因是什么" in await people.say(people.wang, "/waive 区教体局 3")
        assert "原因请写2至500字" in await people.say(people.wang, "改")
        assert "尚未办理" in await people.say(people.wang, "机构改革")
        assert "已取消" in await people.say(people.wang, "取消")
        assert rows(people, "SELECT count(*) FROM exemption") == [(0,)]


async def test_of_several_tasks_with_a_number_it_is_asked_which(tmp_path: Path) -> None:
    given = notice(task(3, "区发改局"), task(3, "区教体局", text="新建3所学校。"))
    async with cast(tmp_path, given=given) as people:
        assert "几项任务都是这个号" in await people.say(people.wang, "/waive 3 因暂停报送")
        shown = await people.say(people.wang, "区教体局")
        assert "区教体局 任务3" in shown
        assert "区发改局" not in shown


async def test_what_is_reported_meanwhile_is_not_waived(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, LINE)
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "没有办理" in await people.say(people.wang, "确认")
        assert rows(people, STATES, period="2025-Q1")[-1][1] == "submitted"


async def test_wrong_names_get_the_nearest_ones(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "相近的有：区教体局" in await people.say(people.wang, "/waive 区教育体育局 3 因故")
        assert "没有符合条件的待报事项" in await people.say(people.wang, "/waive 区教体局 9 因故暂停")


async def test_who_may_not_waive_learns_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有办理此事的权限" in await people.say(people.li, LINE)


async def test_on_the_command_line_it_is_shown_and_asked(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        (tmp_path / "config.toml").write_text(
            f'[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\n'
            f'key_file = "{tmp_path / "duban.key"}"\n',
            "utf-8",
        )
        desk = Desk(tmp_path)
        line = ("waive", 3, "--period", "2025-Q1", "--reason", "机构改革", "--at", "2025-03-21T09:00")
        assert desk.run(*line, input="n\n").exit_code == 1
        assert desk.do(*line, "--unit", "区教体局", "--yes") == "区教体局, 附件 3, 2025-Q1\nwaived: 1\n"
        assert desk.refusal(*line, "--yes") == "nothing is owed for task 3 in 2025-Q1"
        await people.stage.settle()
        assert people.li.said("原因：机构改革")
