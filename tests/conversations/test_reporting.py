"""From a draft to a submitted report: checks, supplements, buttons and the words that stand for them."""

from pathlib import Path

import pytest

from rules.policy import Policy
from tests.cast import cast, local, notice, task
from tests.conversations.looking import reported, rows, states
from tests.transcripts import transcript

LONG = "一" * 203
MARKED = "一" * 195 + "二三四五六七八九十"


@pytest.mark.parametrize("word", ["提交", "确认", "提交。", " 提交 ", "submit", "确认提交"])
async def test_a_typed_word_submits_and_is_never_a_text(tmp_path: Path, word: str) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        assert "✓ 已报送：任务3" in await people.say(people.li, word)
        assert [row.progress for row in reported(people)] == ["已完成3个项目。"]


@pytest.mark.parametrize("word", ["提交", "确认", "签收", "修改", "补充", "跳过", "作为一份", "更正", "报新一期"])
async def test_a_fixed_word_without_a_draft_makes_no_report(tmp_path: Path, word: str) -> None:
    async with cast(tmp_path) as people:
        assert await people.say(people.li, word)
        assert rows(people, "SELECT count(*) FROM report") == rows(people, "SELECT count(*) FROM kept_text") == [(0,)]


@transcript("任务和签收", "发送“签收”", "张敏不按按钮，发送文字签收；又发了一次。")
async def test_signing_counts_the_tasks_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "已签收 2 项任务" in await people.say(people.zhang, "签收")
        assert "此前已签收" in await people.say(people.zhang, "确认")


@transcript("报送", "超出字数，说明原因后报送", "字数“一般不超过200字”，李丽写了203字。")
async def test_a_soft_limit_asks_for_a_reason_and_keeps_it(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "超出3字：可以报送，须说明原因" in await people.say(people.li, LONG)
        assert "请用一句话说明原因" in await people.press(people.li, "提交")
        assert "请用一句话说明原因" in await people.say(people.li, "跳过")
        assert "✓ 已报送" in await people.say(people.li, "涉及多个项目", reply_to=people.li.last)
        assert rows(people, "SELECT over_limit_reason, progress FROM report") == [("涉及多个项目", LONG)]


@transcript("报送", "超出字数，不能报送", "字数不得超过200字，张敏写了204字。")
async def test_a_hard_limit_shows_where_character_201_stands_and_refuses(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(soft=False)) as people:
        answer = await people.say(people.zhang, "1. " + MARKED)
        assert "超出4字：第201字在「" in answer
        assert "二三四五六▮七八九十" in answer
        assert "提交" not in [text for row in people.zhang.last.buttons for text, _ in row]
        assert "任务1还不能报送" in await people.say(people.zhang, "提交")
        assert "二三四五六▮七八九十" in people.zhang.last.text
        assert reported(people) == []
        assert rows(people, "SELECT progress FROM report") == [(MARKED,)]


@transcript("报送", "内容空泛时的提示", "李丽发来一句套话；机器人逐条提示，但不拦截。")
async def test_what_is_odd_is_said_but_may_be_sent(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局"), task(3, "区教体局"))
    object.__setattr__(given.rules, "min_length", 20)
    async with cast(tmp_path, given=given) as people:
        answer = await people.say(people.li, "正在有序推进。")
        assert "少于20字" in answer
        assert "套话" in answer
        assert "没有数字" in answer
        assert "✓ 已报送" in await people.press(people.li, "提交")


async def test_a_copy_of_last_periods_report_is_flagged_at_the_offices_threshold(tmp_path: Path) -> None:
    policy = Policy(office="清河区督查室", copy_threshold=0.5)
    async with cast(tmp_path, policy=policy) as people:
        await people.say(people.li, "已完成3个项目，开工率60%，其余正在招标。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-20 10:00"))
        answer = await people.say(people.li, "已完成3个项目，开工率60%，全部竣工验收，完成投资。")
        assert "与上期报告重复" in answer
        assert "提示线50%" in answer


@transcript("报送", "补充问题、措施和阶段目标", "李丽报送前补充三项内容，中间答错了一次。")
async def test_problems_next_step_and_stage_are_added_by_typing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目，其余进度滞后。")
        assert "存在的问题" in await people.say(people.li, "补充")
        assert "下一步措施" in await people.say(people.li, "资金不足", reply_to=people.li.last)
        assert "阶段目标" in await people.say(people.li, "跳过")
        assert "「是」或「否」" in await people.say(people.li, "不好说")
        answer = await people.say(people.li, "是")
        assert "存在问题：资金不足" in answer
        assert "阶段目标：已完成" in answer
        assert "已填“阶段目标完成”，文中却有“滞后”" in answer
        await people.say(people.li, "提交")
        [row] = reported(people)
        assert (row.problems, row.next_step, row.stage_met) == ("资金不足", None, True)


async def test_the_stage_is_set_by_button(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.press(people.li, "补充")
        await people.press(people.li, "跳过")
        await people.press(people.li, "跳过")
        assert "阶段目标：未完成" in await people.press(people.li, "否")


async def test_a_report_can_be_submitted_in_the_middle_of_the_questions(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.press(people.li, "补充")
        assert "✓ 已报送" in await people.press(people.li, "提交")


async def test_a_text_sent_again_replaces_the_draft_which_stays_kept_with_its_supplements(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "补充")
        await people.say(people.li, "资金不足")
        await people.say(people.li, "跳过")
        await people.say(people.li, "跳过")
        answer = await people.say(people.li, "已完成4个项目。")
        assert "第2稿" in answer
        assert "资金不足" in answer
        assert states(people) == [(3, 1, "replaced"), (3, 2, "draft")]


@transcript("修改和更正", "提交前修改", "张敏按「修改」后重新发送全文。")
async def test_change_takes_the_next_text_for_the_same_task(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "2. 已完成3个项目。")
        await people.press(people.zhang, "修改")
        assert "任务2 · " in await people.say(people.zhang, "已完成4个项目。")
        assert states(people) == [(2, 1, "replaced"), (2, 2, "draft")]


async def test_submit_after_change_sends_the_draft_as_it_was(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "2. 已完成3个项目。")
        await people.say(people.zhang, "修改")
        assert "✓ 已报送：任务2" in await people.say(people.zhang, "提交")


@transcript("报送", "还有草稿没有提交", "张敏写了两项任务的草稿，先提交了后一项。")
async def test_a_receipt_names_the_drafts_that_are_still_waiting(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。")
        await people.say(people.zhang, "2. 已完成5个项目。")
        assert "另有1份草稿尚未提交（任务1）" in await people.say(people.zhang, "提交")
        await people.say(people.zhang, "提交")
        assert [row.no for row in reported(people)] == [1, 2]


async def test_a_draft_survives_a_restart(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
    async with cast(tmp_path, registered=False) as people:
        assert "✓ 已报送：任务3" in await people.say(people.li, "提交")


async def test_an_open_question_survives_a_restart(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "已完成3个项目。")
    async with cast(tmp_path, registered=False) as people:
        assert "任务2 · " in await people.say(people.zhang, "2")


async def test_a_late_text_is_marked_late_and_its_correction_is_not_judged_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-11 10:00"))
        await people.say(people.li, "已完成4个项目。", reply_to=people.li.said("✓ 已报送")[0])
        answer = await people.say(people.li, "提交")
        assert "✓ 已更正：任务3" in answer
        assert "晚于" not in answer
        assert [row.late for row in reported(people)] == [False]


@transcript("提醒和逾期", "逾期后报送", "李丽在截止日之后报送。")
async def test_a_late_first_report_says_so(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-11 10:00"))
        await people.say(
            people.li,
            "已完成3个项目。",
            reply_to=people.li.said("【逾期提示】")[0] if people.li.said("【逾期提示】") else None,
        )
        assert "晚于截止时间" in await people.say(people.li, "提交")
        assert [row.late for row in reported(people)] == [True]


async def test_a_bare_ok_confirms_only_what_is_asked(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "没有作为进展报送" in await people.say(people.li, "OK")
        assert rows(people, "SELECT count(*) FROM assignment WHERE signed_at IS NOT NULL") == [(0,)]
        await people.say(people.li, "已完成3个项目。")
        assert "✓ 已报送" in await people.say(people.li, "ok")
        assert "没有作为进展报送" in await people.say(people.li, "ok")


async def test_a_receipt_tells_how_far_the_unit_is(tmp_path: Path) -> None:
    given = notice(*(task(no, "区发改局") for no in range(1, 6)), task(6, "区教体局"))
    async with cast(tmp_path, given=given) as people:
        await people.say(people.zhang, "1. 已完成3个项目。\n2. 已完成5个项目。\n4. 已完成6个项目。")
        assert "【区发改局】2025年第一季度已报 3/5 项。" in await people.say(people.zhang, "提交")
