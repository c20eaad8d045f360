"""A free text finds its task: a quote, an open prompt, numbers, the only one owed, or a question."""

from pathlib import Path

from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import reported, rows, states
from tests.transcripts import transcript

TWO = notice(task(1, "区发改局"), task(2, "区发改局"), task(3, "区教体局"))


async def report(people: Cast, text: str) -> None:
    await people.say(people.zhang, text)
    await people.say(people.zhang, "提交")


async def test_a_quote_of_a_message_about_one_task_means_that_task(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/report")
        await people.press(people.zhang, "任务2 2025年第一季度 第2项工作，全年完成20个项目。")
        prompt = people.zhang.last
        await people.say(people.zhang, "/help")
        await people.say(people.zhang, "已完成5个项目。", reply_to=prompt)
        assert states(people) == [(2, 1, "draft")]


async def test_a_quote_wins_over_an_open_prompt(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, "1. 已完成3个项目。")
        receipt = people.zhang.last
        await people.say(people.zhang, "/report")
        await people.say(people.zhang, "已完成4个项目。", reply_to=receipt)
        assert states(people)[-1] == (1, 2, "draft")


async def test_a_quoted_receipt_is_never_taken_for_the_other_task_that_is_still_owed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, "1. 已完成3个项目。")
        await people.say(people.zhang, "更正：已完成4个项目。", reply_to=people.zhang.last)
        assert states(people) == [(1, 1, "submitted"), (1, 2, "draft")]


async def test_an_old_quote_of_a_closed_period_means_the_task_now(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, "1. 已完成3个项目。")
        receipt = people.zhang.last
        await report(people, "已完成2个项目。")
        await people.stage.move_to(local("2025-06-20 10:00"))
        await people.say(people.zhang, "已完成8个项目。", reply_to=receipt)
        assert "任务1 · 2025年第二季度" in people.zhang.last.text


async def test_a_quote_of_a_message_about_several_tasks_asks_among_them(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局"), task(2, "区发改局"), task(3, "区发改局"))
    async with cast(tmp_path, given=given, registered=False) as people:
        await people.register(people.zhang, "区发改局")
        await people.say(people.zhang, "1. 已完成1个项目。\n2. 已完成2个项目。")
        draft = people.zhang.last
        answer = await people.say(people.zhang, "又完成了6个项目。", reply_to=draft)
        assert "报的是哪项任务" in answer
        assert "任务1" in answer
        assert "任务3" not in answer


async def test_a_quote_of_several_tasks_of_which_one_is_left_means_that_one(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-07 09:00"))
        reminder = people.zhang.last
        await report(people, "1. 已完成3个项目。")
        await people.say(people.zhang, "已完成2个项目。", reply_to=reminder)
        assert states(people)[-1] == (2, 1, "draft")


async def test_an_open_prompt_takes_the_next_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/report")
        prompt = await people.press(people.zhang, "任务2 2025年第一季度 第2项工作，全年完成20个项目。")
        assert prompt.startswith("请发送【区发改局】任务2 · 2025年第一季度的进展（4月10日截止，不超过200字）")
        assert "任务2 · " in await people.say(people.zhang, "已完成5个项目。")


@transcript("报送", "选择任务", "张敏承担两项任务，发送 /report 后发送任务号。")
async def test_a_number_typed_after_report_chooses_the_task(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/report")
        assert "任务2 · 2025年第一季度的进展" in await people.say(people.zhang, "2")
        assert states(people) == []


@transcript("报送", "一条文字报两项任务", "张敏在行首写任务号，机器人分为两份，一并提交。")
async def test_numbers_at_line_starts_split_a_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        answer = await people.say(people.zhang, "各位领导：\n1、已完成3个项目。\n第2项：已完成5个项目。")
        assert answer.startswith("已按任务号分为 2 份")
        await people.say(people.zhang, "提交")
        assert [(row.no, row.progress) for row in reported(people)] == [(1, "已完成3个项目。"), (2, "已完成5个项目。")]


@transcript("报送", "不该分开的，作为一份", "张敏写的1、2是要点，不是任务号。")
async def test_a_split_text_can_be_taken_as_one_after_all(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。\n2. 已完成5个项目。")
        assert "报的是哪项任务" in await people.say(people.zhang, "作为一份")
        await people.say(people.zhang, "2")
        assert states(people) == [(1, 1, "replaced"), (2, 1, "replaced"), (2, 2, "draft")]
        assert "1. 已完成3个项目" in rows(people, "SELECT progress FROM report ORDER BY id DESC")[0][0]


async def test_a_split_text_that_was_submitted_is_not_torn_apart_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "提交")
        assert "没有可以办理的稿件" in await people.press(people.zhang, "作为一份")
        assert {state for _, _, state in states(people)} == {"submitted"}


@transcript("报送", "只有一项任务时，分点不分份", "李丽只有一项任务，文中的1、2、3是要点。")
async def test_points_of_a_single_task_are_not_split(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "1. 已完成3个项目。\n2. 正在建设5个。\n3. 其余已开工。")
        await people.say(people.li, "提交")
        assert [row.no for row in reported(people)] == [3]
        assert reported(people)[0].progress.startswith("1. 已完成")


async def test_a_quantity_at_a_line_start_is_no_task_number(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        answer = await people.say(people.zhang, "3.2万亩高标准农田已建成。\n1.5万亩在建。")
        assert "报的是哪项任务" in answer
        assert states(people) == []


async def test_a_number_of_a_task_not_owed_asks_instead_of_guessing(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局"), task(2, "区发改局", role="support"))
    async with cast(tmp_path, given=given, registered=False) as people:
        await people.register(people.zhang, "区发改局")
        answer = await people.say(people.zhang, "2. 已配合完成3个项目。")
        assert "报的是哪项任务" in answer
        assert states(people) == []


async def test_a_number_of_a_submitted_task_asks_whether_it_is_a_correction(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, "1. 已完成3个项目。")
        answer = await people.say(people.zhang, "1. 已完成4个项目。")
        assert "任务1 · 2025年第一季度" in answer
        assert "刚才的文字是更正吗" in answer
        assert "任务1 · " in await people.say(people.zhang, "是")
        assert states(people)[-1] == (1, 2, "draft")


async def test_a_number_that_two_lists_have_asks_and_tells_them_apart(tmp_path: Path) -> None:
    first, second = task(1, "区发改局"), task(1, "区发改局", text="另一单的工作，建设10个点位。")
    other = type(second)(**{name: getattr(second, name) for name in second.__slots__} | {"list": "附件2"})
    given = notice(first, other)
    given = type(given)(
        **{name: getattr(given, name) for name in given.__slots__} | {"reporting_lists": ("附件", "附件2")}
    )
    async with cast(tmp_path, given=given, registered=False) as people:
        await people.register(people.zhang, "区发改局")
        answer = await people.say(people.zhang, "1. 已完成3个项目。")
        assert "任务1（附件）" in answer
        assert "任务1（附件2）" in answer
        again = await people.say(people.zhang, "1")
        assert "不止一项" in again
        await people.press(people.zhang, "任务1（附件2） 2025年第一季度 另一单的工作，建设10个点位。")
        assert "已完成3个项目" in rows(people, "SELECT progress FROM report")[0][0]


async def test_the_only_task_owed_is_meant(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "任务3 · 2025年第一季度" in await people.say(people.li, "已完成3个项目。")


@transcript("报送", "没有写任务号", "张敏直接发来文字，机器人先留存，再问是哪项任务。")
async def test_a_text_without_a_task_is_kept_until_a_button_names_it(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "文字已留存" in await people.say(people.zhang, "已完成3个项目。")
        await people.press(people.zhang, "任务2 2025年第一季度 第2项工作，全年完成20个项目。")
        assert "任务2 · " in people.zhang.last.text
        await people.press(people.zhang, "提交")
        assert [(row.no, row.progress) for row in reported(people)] == [(2, "已完成3个项目。")]


@transcript("报送", "任务号不对", "张敏答了一个没有的任务号，又答了全角数字。")
async def test_a_wrong_number_asks_again_and_keeps_the_first_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "已完成3个项目。")
        assert "没有找到" in await people.say(people.zhang, "9")
        await people.say(people.zhang, "任务１")
        assert rows(people, "SELECT progress FROM report") == [("已完成3个项目。",)]


async def test_submit_typed_while_the_task_is_open_asks_for_the_task_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成1个项目。")
        await people.say(people.zhang, "已完成3个项目。")
        assert "报的是哪项任务" in await people.say(people.zhang, "提交")
        assert states(people) == [(1, 1, "draft")]


@transcript("报送", "任务认错了", "张敏把草稿换到另一项任务。")
async def test_a_draft_can_be_moved_to_another_task(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。")
        await people.press(people.zhang, "换任务或时段")
        await people.say(people.zhang, "2")
        assert states(people) == [(1, 1, "replaced"), (2, 1, "draft")]


@transcript("报送", "两个单位的联络员", "张敏同时是两个单位的联络员，两个单位都有任务1。")
async def test_a_liaison_of_two_units_is_asked_by_unit(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局", "区教体局", role="lead"))
    async with cast(tmp_path, given=given, registered=False) as people:
        await people.register(people.zhang, "区发改局")
        await people.register(people.zhang, "区教体局")
        answer = await people.say(people.zhang, "1. 已完成3个项目。")
        assert "【区发改局】任务1" in answer
        assert "【区教体局】任务1" in answer
        assert "不止一项" in await people.say(people.zhang, "1")
        assert "【区教体局】任务1" in await people.say(people.zhang, "区教体局")
        await people.say(people.zhang, "提交")
        assert [row.unit for row in reported(people)] == ["区教体局"]


async def test_nothing_owed_keeps_the_text_and_says_so(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局", role="support"), task(2, "区教体局"))
    async with cast(tmp_path, given=given) as people:
        assert "已留存" in await people.say(people.zhang, "已完成3个项目。")
        assert rows(people, "SELECT text FROM kept_text") == [("已完成3个项目。",)]
        assert "留存" not in await people.say(people.zhang, "/report")


@transcript("报送", "客气话不算报送", "李丽回了几句客气话。")
async def test_politeness_is_never_taken_for_a_report(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for words in ("收到，谢谢！", "好的", "您好", "👍", "……", "收到"):
            assert "没有作为进展报送" in await people.say(people.li, words)
        assert states(people) == []


@transcript("修改和更正", "更正，还是报新一期", "上一期已报、尚未审结，新一期已经开始，李丽又发来文字。")
async def test_a_free_text_beside_a_submitted_report_asks_correction_or_next_period(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-02 10:00"))
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        asked = await people.say(people.li, "已完成4个项目。")
        assert "更正，还是报新一期" in asked
        assert "任务3 · 2025年第一季度" in asked
        assert "任务3 · 2025年第二季度" in await people.press(people.li, "报新一期")
        await people.say(people.li, "已完成5个项目。")
        assert "任务3 · 2025年第一季度" in await people.say(people.li, "更正")


async def test_a_text_after_a_prompt_is_not_asked_about(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-02 10:00"))
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "2025年第二季度的进展" in await people.say(people.li, "/report")
        assert "任务3 · 2025年第二季度" in await people.say(people.li, "已完成4个项目。")


@transcript("修改和更正", "更正其中一项", "张敏两项都已报送，发来更正后的全文。")
async def test_several_submitted_reports_are_corrected_by_typed_number(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await report(people, "1. 已完成3个项目。\n2. 已完成5个项目。")
        await people.say(people.zhang, "已完成6个项目。")
        assert "报的是哪项任务" in await people.say(people.zhang, "更正")
        await people.say(people.zhang, "2")
        await people.say(people.zhang, "提交")
        assert "✓ 已更正：任务2" in people.zhang.last.text
