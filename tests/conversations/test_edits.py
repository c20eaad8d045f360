"""An edited message changes what came from it, and nothing else."""

from pathlib import Path

from tests.cast import Cast, cast, local, notice
from tests.conversations.looking import reported, rows, states
from tests.transcripts import transcript


async def edit(people: Cast, who: object, message: object, text: str) -> str:
    """Have somebody edit a message and give the last thing the bot said."""
    who.edit(message, text)  # type: ignore[attr-defined]
    await people.stage.settle()
    return str(who.last.text)  # type: ignore[attr-defined]


async def test_an_edited_draft_is_a_new_draft(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        assert "尚未报送" in await edit(people, people.li, sent, "已完成4个项目。")
        assert states(people) == [(3, 1, "replaced"), (3, 2, "draft")]


@transcript("修改和更正", "报送后编辑原消息", "李丽报送后发现数字有误，直接编辑原消息。")
async def test_an_edit_after_submission_corrects_and_the_first_time_of_sending_stands(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-11 09:30"))
        answer = await edit(people, people.li, sent, "已完成4个项目。")
        assert "✓ 已更正：任务3" in answer
        assert "第2稿" in answer
        [row] = reported(people)
        assert (row.progress, row.version, row.late) == ("已完成4个项目。", 2, False)
        [(first,)] = rows(people, "SELECT first_sent_at FROM obligation WHERE first_sent_at IS NOT NULL")
        assert str(first).startswith("2025-03-20")


async def test_an_edit_that_changes_no_word_changes_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.zhang.send("2. 已完成3个项目。")
        await people.stage.settle()
        await people.say(people.zhang, "提交")
        before = len(people.zhang.inbox)
        await edit(people, people.zhang, sent, "2. 已完成3个项目。")
        assert len(people.zhang.inbox) == before
        assert states(people) == [(2, 1, "submitted")]


@transcript("修改和更正", "审结后再改", "报告已审结，李丽才编辑原消息。")
async def test_an_edit_after_acceptance_is_told_that_the_report_is_closed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-20 09:30"))
        assert "已审结，修改未生效" in await edit(people, people.li, sent, "已完成4个项目。")
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]


async def test_an_edit_past_a_hard_limit_leaves_what_was_submitted(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(soft=False)) as people:
        sent = people.zhang.send("1. 已完成3个项目。")
        await people.stage.settle()
        await people.say(people.zhang, "提交")
        answer = await edit(people, people.zhang, sent, "1. " + "长" * 201)
        assert "还不能报送" in answer
        assert "此前报送的内容不变" in answer
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]


async def test_an_edit_past_a_soft_limit_asks_for_the_reason_first(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        await people.say(people.li, "提交")
        assert "说明原因" in await edit(people, people.li, sent, "长" * 201)
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]
        assert "✓ 已更正" in await people.say(people.li, "项目较多")


async def test_an_edit_of_a_split_text_changes_only_the_piece_that_changed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.zhang.send("1. 已完成3个项目。\n2. 已完成5个项目。")
        await people.stage.settle()
        await people.say(people.zhang, "提交")
        answer = await edit(people, people.zhang, sent, "1. 已完成3个项目。\n2. 已完成6个项目。")
        assert "✓ 已更正：任务2" in answer
        assert "任务1" not in answer
        assert [(row.no, row.progress) for row in reported(people)] == [(1, "已完成3个项目。"), (2, "已完成6个项目。")]


async def test_a_piece_left_out_of_an_edited_split_draft_is_taken_back(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.zhang.send("1. 已完成3个项目。\n2. 已完成5个项目。")
        await people.stage.settle()
        await edit(people, people.zhang, sent, "1. 已完成4个项目。")
        await people.say(people.zhang, "提交")
        assert [(row.no, row.progress) for row in reported(people)] == [(1, "已完成4个项目。")]


async def test_a_number_corrected_by_an_edit_moves_the_draft(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.zhang.send("1. 已完成3个项目。")
        await people.stage.settle()
        await edit(people, people.zhang, sent, "2. 已完成3个项目。")
        assert states(people) == [(1, 1, "replaced"), (2, 1, "draft")]


async def test_an_edit_of_a_kept_text_changes_what_waits(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.zhang.send("已完成3个项目。")
        await people.stage.settle()
        assert "报的是哪项任务" in await edit(people, people.zhang, sent, "已完成4个项目。")
        await people.say(people.zhang, "2")
        assert rows(people, "SELECT progress FROM report") == [("已完成4个项目。",)]


async def test_a_kept_text_edited_to_bear_a_number_finds_its_task(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.zhang.send("已完成3个项目。")
        await people.stage.settle()
        assert "任务2 · " in await edit(people, people.zhang, sent, "2. 已完成3个项目。")


async def test_an_edited_invite_link_or_command_is_not_carried_out(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        invitation = people.stage.invite_unit("区教体局")
        sent = people.outsider.send("/start wrong")
        await people.stage.settle()
        await edit(people, people.outsider, sent, f"/start {invitation.code}")
        assert rows(people, "SELECT count(*) FROM person WHERE telegram_id = 9009") == [(0,)]
        asked = people.li.send("/help")
        await people.stage.settle()
        assert "没有改变任何报告" in await edit(people, people.li, asked, "/report")
        assert rows(people, "SELECT count(*) FROM kept_text") == [(0,)]


async def test_an_edit_by_someone_who_lost_the_role_changes_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.send("已完成3个项目。")
        await people.stage.settle()
        people.stage.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since"))
        assert "仅供受邀人员" in await edit(people, people.li, sent, "已完成4个项目。")
        assert states(people) == [(3, 1, "draft")]


async def test_a_mistyped_phone_number_is_put_right_by_an_edit(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.send("手机 13912345678")
        await people.stage.settle()
        assert "尾号5679" in await edit(people, people.li, sent, "手机 13912345679")


async def answered(people: Cast, text: str) -> object:
    """Have 李丽 answer the question about problems of her draft; gives the answer's message."""
    await people.say(people.li, "已完成3个项目。")
    await people.say(people.li, "补充")
    sent = people.li.send(text)
    await people.stage.settle()
    return sent


async def test_an_edited_answer_changes_the_part_it_gave(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = await answered(people, "资金不足")
        await people.say(people.li, "跳过")
        stage = people.li.send("是")
        await people.stage.settle()
        assert "存在问题：人手不足" in await edit(people, people.li, sent, "人手不足")
        assert "阶段目标：未完成" in await edit(people, people.li, stage, "否")
        assert "没有改变任何报告" in await edit(people, people.li, stage, "不好说")
        assert rows(people, "SELECT version, problems, stage_met FROM report") == [(1, "人手不足", 0)]


async def test_an_edited_answer_corrects_what_was_submitted(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = await answered(people, "资金不足")
        await people.say(people.li, "提交")
        assert "✓ 已更正：任务3" in await edit(people, people.li, sent, "人手不足")
        assert [(row.version, row.problems, row.progress) for row in reported(people)] == [
            (2, "人手不足", "已完成3个项目。")
        ]
        assert rows(people, "SELECT problems FROM report WHERE version = 1") == [("资金不足",)]
        await people.stage.move_to(local("2025-04-20 09:30"))
        assert "已审结" in await edit(people, people.li, sent, "都解决了")


async def test_an_edited_reason_is_followed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "长" * 201)
        await people.say(people.li, "提交")
        sent = people.li.send("项目较多")
        await people.stage.settle()
        assert "✓ 已更正" in await edit(people, people.li, sent, "项目和部门较多")
        assert rows(people, "SELECT over_limit_reason FROM report WHERE state = 'submitted'") == [("项目和部门较多",)]


async def test_an_edited_answer_to_a_part_that_was_given_anew_changes_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = await answered(people, "资金不足")
        await people.say(people.li, "补充")
        await people.say(people.li, "人手不足")
        assert "没有改变任何报告" in await edit(people, people.li, sent, "资金紧张")
        assert rows(people, "SELECT problems FROM report") == [("人手不足",)]
