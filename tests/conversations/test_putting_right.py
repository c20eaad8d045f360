"""A supervisor puts tasks, due dates, adoptions and roles right in the chat: shown first, done once, told to whom it concerns."""

from dataclasses import replace
from pathlib import Path

from duban.rehearsal.botapi import User
from storage import records
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import outbox, rows
from tests.conversations.test_taking_in import NOTICE
from tests.transcripts import transcript

OWED = (
    "SELECT task.no, unit.name, period.label, obligation.state, obligation.waived_for FROM obligation"
    " JOIN task ON task.id = task_id JOIN unit ON unit.id = obligation.unit_id JOIN period ON period.id = period_id"
    " ORDER BY task.no, unit.name, period.label"
)


def owed(people: Cast, no: int, unit: str) -> list[str]:
    """List the states of what a unit owes for a task, by period."""
    return [state for number, name, _, state, _ in rows(people, OWED) if (number, name) == (no, unit)]


def edits(people: Cast) -> list[tuple[object, ...]]:
    """List the tasks that were put right, by the audit."""
    return rows(people, "SELECT subject FROM audit WHERE action = 'put_task_right'")


async def second_supervisor(people: Cast) -> User:
    chen = people.stage.api.user(2002, "陈", "科")
    await people.say(chen, f"/start {people.stage.invite_person(Role.SUPERVISOR, '陈科').code}")
    return chen


# --- tasks -----------------------------------------------------------------------------------------------------------


@transcript("督查人员", "改换责任单位", "任务3原由区教体局负责，改由区发改局牵头。")
async def test_a_task_is_given_to_another_unit_in_one_line(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        said = await people.say(people.wang, "/edit 3 改由 区发改局 牵头 因机构职能调整")
        assert "将调整责任单位　附件第3项" in said
        assert "附件第3项 区发改局：列为牵头单位" in said
        assert "应报：新增 4 份，免报 4 份" in said
        assert "重新下发并签收：区发改局" in said
        assert "告知不再承担：区教体局" in said
        assert "原因：因机构职能调整" in said
        assert owed(people, 3, "区教体局") == ["open"] * 4
        assert "✓ 已更正：附件第3项" in await people.press(people.wang, "确认")
        assert owed(people, 3, "区教体局") == ["waived"] * 4
        assert owed(people, 3, "区发改局") == ["open"] * 4
        assert "附件第3项任务已改由区发改局负责，区教体局不再承担" in people.li.last.text
        await people.stage.move_to(local("2025-03-20 10:05"))
        assert "签收" in str(people.zhang.last.buttons)
        assert "第3项工作" in people.zhang.last.text
        [act] = [row for row in people.stage.store.read_now(records.audit_rows) if row["action"] == "put_task_right"]
        assert act["person_id"] is not None
        assert act["content"]["reason"] == "因机构职能调整"


@transcript("督查人员", "逐步更正一项任务", "王科发送 /edit，按提示办理。")
async def test_a_task_is_changed_step_by_step(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "更正哪项任务" in await people.say(people.wang, "/edit")
        said = await people.say(people.wang, "3")
        assert "要改什么？" in said
        assert "责任单位：区教体局" in said
        assert "请发送任务的新内容" in await people.press(people.wang, "内容")
        assert "请发送更正的原因" in await people.say(people.wang, "新建4所学校。")
        assert "原因太短" in await people.say(people.wang, "嗯")
        said = await people.say(people.wang, "区政府第5次常务会议调整目标")
        assert "附件第3项内容：第3项工作，全年完成30个项目。 → 新建4所学校。" in said
        assert "重新下发并签收：区教体局" in said
        assert "✓ 已更正" in await people.say(people.wang, "确认")
        await people.stage.move_to(local("2025-03-20 10:05"))
        assert "新建4所学校" in people.li.last.text


async def test_every_change_can_be_said_in_one_line(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for line, expected in (
            (
                "/edit 3 内容 新的全文，因此要快。 因目标调整了",
                "附件第3项内容：第3项工作，全年完成30个项目。 → 新的全文，因此要快。",
            ),
            ("/edit 3 领导 钱区长 因领导分工调整", "附件第3项领导：牵头领导 赵区长 → 牵头领导 钱区长"),
            ("/edit 3 时限 9月30日 因上级要求提前", "附件第3项完成时限：（无） → 9月30日"),
            ("/edit 1 增加 区教体局 配合 因需要配合", "附件第1项 区教体局：列为配合单位"),
            ("/edit 1 取消 因与任务2重复", "取消任务 附件第1项"),
            ("/edit 2 拆分 完成20个项目。//建成园区。 因分工不同", "增加任务 附件第4项：建成园区。"),
            ("/edit 新增 建设体育公园。 因常务会议新定", ""),
        ):
            assert expected in await people.say(people.wang, line), line
        assert "由哪个单位负责" in people.wang.last.text
        assert "请发送领导姓名" in await people.say(people.wang, "区教体局 牵头、区发改局 配合")
        assert "请发送完成时限" in await people.press(people.wang, "跳过")
        said = await people.say(people.wang, "年底前")
        assert "将新增任务　附件第4项：建设体育公园。" in said
        assert "应报：新增 4 份" in said
        await people.press(people.wang, "确认")
        assert owed(people, 4, "区教体局") == ["open"] * 4
        assert owed(people, 4, "区发改局") == []
        assert rows(people, "SELECT deadline, leaders FROM task WHERE no = 4") == [("年底前", "[]")]


async def test_a_wrong_unit_gets_the_nearest_ones_and_is_asked_for_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        said = await people.say(people.wang, "/edit 3 改由 区发展和改革局 牵头 因职能调整了")
        assert "没有单位“区发展和改革局”。相近的有：区发改局。" in said
        assert "由哪个单位负责" in said
        said = await people.say(people.wang, "区发改局 牵头")
        assert "将调整责任单位" in said
        said = await people.say(people.wang, "/edit 3 改由 新单位区数据局 牵头 因职能调整了")
        assert "⚠ “区数据局”将作为新单位登记" in said
        assert rows(people, "SELECT count(*) FROM unit") == [(2,)]
        assert "已取消" in await people.say(people.wang, "取消")
        assert rows(people, "SELECT count(*) FROM unit") == [(2,)]
        assert edits(people) == []


async def test_a_request_ends_with_the_part_in_the_task_that_it_is_about(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "/done 3 三所学校已全部竣工并投入使用。")
        for answer in ("否", "确认"):
            await people.say(people.li, answer)
        assert "C1" in await people.say(people.wang, "/completions")
        await people.say(people.wang, "/edit 3 取消 因不再需要了")
        await people.say(people.wang, "确认")
        assert "C1" not in await people.say(people.wang, "/completions")


async def test_nobody_left_to_report_is_refused(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        said = await people.say(people.wang, "/edit 3 去掉 区教体局 因职能调整了")
        assert "这样就没有单位报送了" in said
        assert owed(people, 3, "区教体局") == ["open"] * 4


async def test_two_supervisors_never_do_what_was_not_shown(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        chen = await second_supervisor(people)
        await people.say(people.wang, "/edit 3 改由 区发改局 牵头 因职能调整了")
        await people.say(chen, "/edit 3 内容 新建5所学校。 因目标调整了")
        assert "✓ 已更正" in await people.say(chen, "确认")
        said = await people.press(people.wang, "确认")
        assert "情况已有变化，请重新核对" in said
        assert owed(people, 3, "区发改局") == []
        assert "✓ 已更正" in await people.say(people.wang, "确认")
        assert owed(people, 3, "区发改局") == ["open"] * 4
        await people.say(chen, "/edit 3 取消 因不再需要了")
        await people.say(people.wang, "/edit 3 取消 因不再需要了")
        await people.say(chen, "确认")
        assert "这项任务已不在了" in await people.say(people.wang, "确认")
        assert len(edits(people)) == 3


async def test_a_new_task_is_added_once_however_often_it_is_confirmed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/edit 新增 建设体育公园。 因常务会议新定")
        for answer in ("区教体局", "无", "无"):
            await people.say(people.wang, answer)
        shown = people.wang.last
        await people.say(people.wang, "确认")
        people.wang.press(shown.message_id, "确认")
        await people.stage.settle()
        assert "将新增任务　附件第5项" in people.wang.last.text  # shown again, not done again
        assert rows(people, "SELECT count(*) FROM task") == [(4,)]


async def test_a_restart_between_the_steps_loses_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/edit 3")
        await people.say(people.wang, "时限")
        await people.say(people.wang, "9月30日")
    async with cast(tmp_path, registered=False, at=local("2025-03-20 11:00")) as people:
        await people.say(people.li, "/tasks")
        said = await people.say(people.wang, "因上级要求提前")
        assert "完成时限：（无） → 9月30日" in said
        assert "✓ 已更正" in await people.say(people.wang, "确认")


async def test_a_liaison_and_a_stranger_learn_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        answers = {
            await people.say(people.zhang, f"/{command} {words}")
            for command in ("edit", "due", "invite", "people")
            for words in ("3", "一季度", "区发改局", "")
        }
        assert len(answers) == 1
        assert "仅供受邀人员" in await people.say(people.outsider, "/edit 3")


async def test_a_former_unit_is_told_what_it_still_owes_and_only_while_that_is_so(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-04-11 21:00")) as people:
        await people.stage.move_to(local("2025-04-11 21:01"))
        await people.say(people.wang, "/edit 3 改由 区发改局 牵头 因职能调整了")
        assert "到期未报的 1 份，仍由原单位补报" in people.wang.last.text
        await people.say(people.wang, "确认")
        assert owed(people, 3, "区教体局") == ["open", "waived", "waived", "waived"]
        await people.say(people.wang, "/edit 3 改由 区教体局 因有关情况变化")
        await people.say(people.wang, "确认")
        assert owed(people, 3, "区教体局") == ["open"] * 4
        await people.stage.move_to(local("2025-04-14 09:00"))
        [(state, reason)] = outbox(people, "task_ended")[:1]
        assert (state, reason) == ("cancelled", "assigned again, or the recipient does not serve the unit any more")


# --- due dates -------------------------------------------------------------------------------------------------------


@transcript("督查人员", "调整一期的截止日期", "一季度的报告推迟到4月15日报送。")
async def test_a_periods_due_date_is_moved(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await people.stage.move_to(local("2025-03-20 10:05"))
        said = await people.say(people.wang, "/due 一季度 4月15日 因省里推迟调度")
        assert "2025年第一季度：4月10日 → 4月15日" in said
        assert "涉及应报 3 份、2 个单位；告知联络员 2 人" in said
        assert "✓ 已调整" in await people.say(people.wang, "确认")
        for who in (people.li, people.zhang):
            assert "截止日期由4月10日改为4月15日" in who.last.text
        assert [each[0] for each in outbox(people, "due_moved")] == ["sent", "sent"]
        assert rows(
            people, "SELECT count(*) FROM obligation WHERE due_at = (SELECT due_at FROM period WHERE id = 1)"
        ) == [(3,)]


async def test_reminders_follow_a_moved_date_and_the_first_one_stays_on_record(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-03-20 10:05"))
        await people.say(people.wang, "/due 一季度 4月15日 因省里推迟调度")
        await people.say(people.wang, "确认")
        await people.stage.move_to(local("2025-04-09 09:00"))  # a step of the first date
        assert not any("次提醒" in message.text for message in people.li.inbox)
        await people.stage.move_to(local("2025-04-14 09:00"))
        assert "第3次" in people.li.last.text
        assert "您说的是2025年4月12日（星期六）吗？" in await people.say(people.wang, "/due 一季度 4月12日 因再次调整")
        said = await people.say(people.wang, "是")
        assert "首次的截止日期：4月10日" in said


async def test_nobody_is_asked_to_report_on_a_period_that_has_not_begun(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-03-20 10:05"))
        assert "第四季度：1月10日 → 1月15日" in await people.say(
            people.wang, "/due 四季度 2026年1月15日 因省里推迟调度"
        )
        await people.say(people.wang, "确认")
        assert "改为1月15日" in people.li.last.text
        assert "现在就报送" not in people.li.last.text


async def test_a_due_date_moved_into_the_past_says_what_is_overdue_then(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-04-08 10:00")) as people:
        await people.stage.move_to(local("2025-04-08 10:05"))
        said = await people.say(people.wang, "/due")
        assert "要调整哪一期" in said
        assert "改到哪一天" in await people.say(people.wang, "1")
        assert "请发送调整的原因" in await people.say(people.wang, "2025年4月7日")
        said = await people.say(people.wang, "上级要求提前报送")
        assert "⚠ 新日期已过，未报的 3 份随即逾期" in said
        await people.say(people.wang, "确认")
        assert "新的日期已过，请尽快报送" in people.li.last.text
        assert "逾期未报 3 项" in await people.say(people.wang, "/overdue")


# --- a wrong adoption ------------------------------------------------------------------------------------------------


@transcript("立项", "立错了，下发前撤回", "夜里立项，任务还没有下发。")
async def test_a_wrong_adoption_is_taken_back_before_its_first_push(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url, at=local("2025-03-20 21:00")) as people:
        await people.send_file(people.wang, NOTICE, "2025年通知.txt")
        assert "撤回立项" in await people.press(people.wang, "采用")
        said = await people.press(people.wang, "撤回立项")
        assert "任务 2 项、应报 8 份一并撤销" in said
        assert "请发送原因" in said
        assert "请按「确认」" in await people.say(people.wang, "发错了文件")
        assert "✓ 已撤回立项" in await people.press(people.wang, "确认")
        assert rows(people, "SELECT count(*) FROM task WHERE notice_id = 2 AND status = 'open'") == [(0,)]


async def test_a_file_taken_back_can_be_adopted_anew_and_not_taken_back_once_it_went_out(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-03-20 21:00")) as people:
        for _ in range(2):
            await people.send_file(people.wang, NOTICE, "2025年通知.txt")
            assert "✓ 已立项" in await people.press(people.wang, "采用")
            await people.say(people.wang, "撤回立项")
            await people.say(people.wang, "发错了文件")
            assert "✓ 已撤回立项" in await people.say(people.wang, "确认")
        await people.send_file(people.wang, NOTICE, "2025年通知.txt")
        await people.press(people.wang, "采用")
        await people.stage.move_to(local("2025-03-21 09:00"))
        assert people.li.said("新建3所学校")
        assert "任务已下发，不能撤回立项" in await people.say(people.wang, "撤回立项")


# --- people ----------------------------------------------------------------------------------------------------------


@transcript("督查人员", "邀请联络员", "王科邀请区教体局的责任人。")
async def test_a_supervisor_invites_in_the_chat(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        said = await people.say(people.wang, "/invite 责任人 区教体局")
        assert "【邀请】区教体局责任人" in said
        code = said.split("邀请码：")[1].split("\n")[0]
        assert code not in str(rows(people, "SELECT content FROM outbox"))
        head = people.stage.api.user(3001, "陈", "静")
        assert "区教体局" in await people.say(head, f"/start {code}")


async def test_an_invite_for_nobody_names_the_nearest_and_only_an_admin_appoints(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有单位“区教育局”。相近的有：区教体局" in await people.say(people.wang, "/invite 区教育局")
        assert "/invite 责任人 区教体局" in await people.say(people.wang, "/invite")
        refused = await people.say(people.zhang, "/invite 区教体局")
        assert await people.say(people.wang, "/invite 管理员 吴敏") == refused
        assert rows(people, "SELECT count(*) FROM invite WHERE role = 'admin'") == [(0,)]


@transcript("督查人员", "撤销职务", "李丽调离，王科撤销其联络员职务。")
async def test_a_role_is_ended_by_button_with_a_reason(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        said = await people.say(people.wang, "/people 区教体局")
        assert "1　李丽　区教体局联络员" in said
        said = await people.press(people.wang, "撤销 李丽（区教体局联络员）")
        assert "将撤销职务：李丽（区教体局联络员）" in said
        assert "此后区教体局没有联络员" in said
        await people.say(people.wang, "已调离原单位")
        assert "✓ 已撤销：李丽" in await people.press(people.wang, "确认")
        assert "已结束您的职务：区教体局联络员" in people.li.last.text
        assert "仅供受邀人员" in await people.say(people.li, "/tasks")


async def test_the_last_admin_cannot_go_and_a_supervisor_appoints_nobody(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        wu = people.stage.api.user(2003, "吴", "敏")
        await people.say(wu, f"/start {people.stage.invite_person(Role.ADMIN, '吴敏').code}")
        await people.say(people.wang, "/people 吴敏")
        assert people.wang.last.buttons == []
        await people.say(wu, "/people 吴敏")
        assert "最后一名管理员不能撤销" in await people.say(wu, "撤销职务1")


async def test_a_task_of_several_lists_is_asked_about(tmp_path: Path) -> None:
    other = replace(task(1, "区教体局"), list="附件2", text="另一项工作。")
    async with cast(tmp_path, given=notice(task(1, "区发改局"), other)) as people:
        said = await people.say(people.wang, "/edit 1 时限 6月底 因上级要求提前")
        assert "有几项任务" in said
        said = await people.press(people.wang, "任务1（附件2）")
        assert "附件2第1项完成时限：（无） → 6月底" in said


async def test_a_reason_that_was_refused_is_kept_and_mended_by_editing_its_message(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/due 一季度 4月15日")
        sent = people.wang.send("因省里推迟调度。" * 100)
        await people.stage.settle()
        assert "不超过500字" in people.wang.last.text
        assert "直接编辑原消息" in people.wang.last.text
        await people.stage.service.__aexit__()
        people.stage.service.__post_init__()
        await people.stage.service.__aenter__()
        people.wang.edit(sent, "因省里推迟调度。")
        await people.stage.settle()
        assert "将调整截止日期　2025年第一季度：4月10日 → 4月15日" in people.wang.last.text
        assert "原因：因省里推迟调度" in people.wang.last.text
        people.wang.edit(sent, "因故推迟调度。")
        await people.stage.settle()
        assert "没有改变任何报告" in people.wang.last.text


async def test_too_long_a_reason_in_one_line_is_asked_for_again_and_never_cut(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        shown = await people.say(people.wang, "/edit 3 内容 新建5所学校。 因" + "上级调整" * 130)
        assert "原因不超过500字" in shown
        assert "请发送更正的原因" in shown
        assert "新建5所学校" in await people.say(people.wang, "上级调整任务")
