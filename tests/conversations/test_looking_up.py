"""What people look up: /overdue with its filters and pages, /tasks, /help, /language; each sees only their own."""

from pathlib import Path

import pytest

from storage.states import Role
from tests.cast import cast, local, notice, task
from tests.transcripts import transcript

AFTER = local("2025-04-11 10:00")
MANY = notice(*(task(no, f"单位{no:02}") for no in range(1, 24)))


@pytest.mark.parametrize(
    "words",
    [
        "区教体局",
        "教体",
        "2025-Q1 教体",
        "赵区长",
        "第3项工作",
        "任务3",
        "一季度 赵区长",
        "4月10日　赵区长",
        "2025-q1 任务3",
    ],
)
async def test_overdue_is_filtered_by_words(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(AFTER)
        answer = await people.say(people.wang, f"/overdue {words}")
        assert "逾期未报 1 项，涉及 1 个单位" in answer
        assert "区教体局　1项　逾期1天" in answer
        assert "区发改局" not in answer


@pytest.mark.parametrize("words", ["2025-Q2", "二季度", "2025年第二季度", "4月12日", "超过5天", "区教体局 任务1"])
async def test_overdue_says_when_nothing_matches(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(AFTER)
        assert "没有符合条件的逾期任务（" in await people.say(people.wang, f"/overdue {words}")


@pytest.mark.parametrize("words", ["区卫健局", "任务30", "钱区长", "3月", "13月40日"])
async def test_overdue_names_the_words_that_mean_nothing(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(AFTER)
        answer = await people.say(people.wang, f"/overdue {words}")
        assert f"没有与“{words}”相符的单位、任务、领导、时段或日期" in answer
        assert "逾期未报" not in answer


@transcript("督查人员", "按条件查看逾期", "王科按单位和时段查看，单位名写得不准。")
async def test_the_nearest_name_is_a_button_and_keeps_the_other_conditions(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(AFTER)
        answer = await people.say(people.wang, "/overdue 区教育局，一季度")
        assert "最接近的：区教体局" in answer
        assert "条件：2025年第一季度" in answer
        assert "条件：区教体局；2025年第一季度" in await people.press(people.wang, "区教体局")


async def test_pages_are_turned_in_place(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY, registered=False) as people:
        await people.say(people.wang, people.stage.invite_person(Role.SUPERVISOR, "王科").code)
        await people.stage.move_to(AFTER)
        assert "第1/3页" in await people.say(people.wang, "/overdue")
        shown = len(people.wang.inbox)
        assert "第2/3页" in await people.press(people.wang, "下一页")
        assert "第3/3页" in await people.press(people.wang, "下一页")
        assert "单位23" in people.wang.last.text
        assert "第2/3页" in await people.press(people.wang, "上一页")
        assert len(people.wang.inbox) == shown


async def test_a_page_keeps_its_filter(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY, registered=False) as people:
        await people.say(people.wang, people.stage.invite_person(Role.SUPERVISOR, "王科").code)
        await people.stage.move_to(AFTER)
        await people.say(people.wang, "/overdue 单位1")
        assert "条件：单位10；单位11" in people.wang.last.text
        await people.say(people.wang, "/overdue 单位2")
        assert "逾期未报 4 项" in people.wang.last.text
        assert [text for row in people.wang.last.buttons for text, _ in row] == ["图", "表", "催办"]
        await people.say(people.wang, "/overdue 第1项 第2项 第3项 第4项 第5项 第6项 第7项 第8项 第9项")
        assert "逾期未报 9 项" in await people.press(people.wang, "下一页")


@transcript("督查人员", "各看各的逾期", "联络员、责任人只看到本单位，牵头领导只看到自己牵头的任务。")
async def test_liaison_and_head_see_their_own_unit_and_a_leader_the_tasks_led(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        head, leader = people.stage.api.user(3001, "何"), people.stage.api.user(3002, "赵")
        await people.register(head, "区发改局", Role.HEAD)
        await people.say(leader, people.stage.invite_person(Role.LEADER, "赵区长").code)
        await people.stage.move_to(AFTER)
        for who in (people.zhang, head):
            answer = await people.say(who, "/overdue")
            assert "逾期未报 2 项，涉及 1 个单位" in answer
            assert "区教体局" not in answer
        answer = await people.say(leader, "/overdue")
        assert "区教体局　1项" in answer
        assert "区发改局" not in answer
        assert "没有与“区教体局”相符" in await people.say(people.zhang, "/overdue 区教体局")


@transcript("督查人员", "查看逾期未报", "截止后，王科查看谁没有报。")
async def test_overdue_tells_reach_and_the_last_reminder(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        people.li.block()
        await people.stage.move_to(local("2025-04-11 08:30"))
        assert "联络员李丽，无法送达，上次提醒4月10日 09:00" in await people.say(people.wang, "/overdue")


@transcript("任务和签收", "查看任务清单并签收", "张敏查看本单位任务的报送情况，并签收。")
async def test_tasks_tell_how_each_stands_and_let_sign(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        answer = await people.say(people.zhang, "/tasks")
        assert answer.count("待报：2025年第一季度，4月10日截止") == 2
        await people.press(people.zhang, "签收")
        await people.say(people.zhang, "1. 已完成3个项目。")
        assert "草稿未提交：2025年第一季度" in await people.say(people.zhang, "/tasks")
        await people.say(people.zhang, "提交")
        await people.stage.move_to(AFTER)
        answer = await people.say(people.zhang, "/tasks")
        assert "待报：2025年第二季度，7月10日截止" in answer
        assert "逾期1天：2025年第一季度" in answer
        assert "签收" not in answer


async def test_a_task_reported_shows_as_reported(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        assert "✓ 已报：2025年第一季度" in await people.say(people.li, "/tasks")


@transcript("菜单和语言", "选择语言", "李丽、王科改用英文，此后的消息都是英文。")
async def test_the_language_is_chosen_by_button_and_holds(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "请选择语言" in await people.say(people.li, "/language")
        assert await people.press(people.li, "English") == "The language is now English."
        assert people.li.toasts[-1] == "Done"
        assert "liaison of 区教体局" in await people.say(people.li, "/help")
        assert "Characters: 8/200 ✓" in await people.say(people.li, "已完成3个项目。")
        assert "✓ Sent: task 3 · Q1 2025" in await people.press(people.li, "Submit")
        await people.say(people.wang, "/language")
        await people.press(people.wang, "English")
        await people.stage.move_to(local("2025-04-11 08:30"))
        assert people.wang.last.text.startswith("清河区督查室: digest of 11 Apr")


async def test_help_is_given_in_chinese_by_default(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "字数：汉字、全角标点各计1" in await people.say(people.li, "/help")
        assert "联络员" in await people.say(people.li, "/start")
