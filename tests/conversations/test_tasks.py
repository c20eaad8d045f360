"""/tasks by pages and filters, one task with everything about it; each sees only their own."""

from dataclasses import replace
from pathlib import Path

import pytest

from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import states
from tests.transcripts import transcript

MANY = notice(
    *(task(no, "区发改局", text=f"第{no}项：{'民生' if no % 2 else '产业'}工程{no}0处。") for no in range(1, 24))
)
TWO_LISTS = notice(task(3, "区发改局"), replace(task(3, "区发改局", text="创建文明城市。"), list="附件2"))


async def one_liaison(people: Cast, unit: str = "区发改局") -> None:
    await people.register(people.zhang, unit)
    people.begin_scene()


async def test_forty_tasks_are_paged_in_place(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY, registered=False) as people:
        await one_liaison(people)
        answer = await people.say(people.zhang, "/tasks")
        assert answer.startswith("本单位任务（23项）\n第1/3页\n任务1")
        assert "任务9" not in answer
        shown = len(people.zhang.inbox)
        assert "第3/3页" in (await people.press(people.zhang, "下一页"), await people.press(people.zhang, "下一页"))[1]
        assert "任务23" in people.zhang.last.text
        assert "第2/3页" in await people.press(people.zhang, "上一页")
        assert len(people.zhang.inbox) == shown


@pytest.mark.parametrize(
    ("words", "count"),
    [("民生", 12), ("未报", 23), ("3", 1), ("第3项", 1), ("逾期", 0), ("未签收 产业", 11), ("草稿", 1), ("已报", 0)],
)
async def test_tasks_are_filtered_by_words(tmp_path: Path, words: str, count: int) -> None:
    async with cast(tmp_path, given=MANY, registered=False) as people:
        await one_liaison(people)
        await people.say(people.zhang, "2. 已完成3处。")
        answer = await people.say(people.zhang, f"/tasks {words}")
        assert (f"（{count}项）" if count else f"没有与“{words}”相符的任务") in answer


@transcript("任务和签收", "任务较多：筛选和翻页", "张敏有23项任务，按字词筛选，翻页，一次签收。")
async def test_a_page_keeps_its_filter_and_signing_signs_all_of_it(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY, registered=False) as people:
        await one_liaison(people)
        await people.say(people.zhang, "/tasks 民生")
        answer = await people.press(people.zhang, "下一页")
        assert "（12项）" in answer
        assert "尚有 12 项未签收" in answer
        assert "已签收 12 项任务" in await people.press(people.zhang, "签收")
        assert "没有与" in await people.say(people.zhang, "/tasks 民生 未签收")


@transcript("任务和签收", "查看一项任务", "张敏查看任务1的全文和分工，从这里报送，后来查看历次报送。")
async def test_one_task_shows_all_about_it_and_its_report_begins_there(tmp_path: Path) -> None:
    given = notice(replace(task(1, "区发改局", leaders=("赵区长",)), section="一、产业", deadline="12月底"))
    async with cast(tmp_path, given=given, registered=False) as people:
        await one_liaison(people)
        answer = await people.say(people.zhang, "/task 1")
        for said in (
            "任务1（附件）",
            "一、产业",
            "第1项工作，全年完成10个项目。",
            "牵头领导：赵区长",
            "完成时限：12月底",
        ):
            assert said in answer
        assert "责任单位：区发改局" in answer
        assert "【区发改局】待报：2025年第一季度，4月10日截止（未签收）" in answer
        assert "请发送【区发改局】任务1" in await people.press(people.zhang, "报送")
        await people.say(people.zhang, "已完成3个项目。")
        await people.say(people.zhang, "提交")
        await people.stage.move_to(local("2025-07-12 10:00"))
        await people.say(people.zhang, "已完成7个项目。")
        await people.say(people.zhang, "提交")
        answer = await people.say(people.zhang, "/task 1")
        assert "2025年第一季度　3月20日 10:00，8字" in answer
        assert "2025年第二季度　7月12日 10:00，8字，迟报" in answer
        assert "已完成7个项目。" in await people.press(people.zhang, "查看报送内容")
        assert "已完成3个项目。" in await people.press(people.zhang, "下一页")


async def test_an_extension_can_be_asked_for_from_the_task(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/task 2")
        answer = await people.press(people.zhang, "申请延期")
        assert answer.startswith("【区发改局】任务2 · 2025年第一季度")
        assert "希望延期到哪一天" in answer
        await people.say(people.zhang, "4月25日，因供地手续未办完")
        await people.say(people.zhang, "跳过")
        assert "✓ 延期申请已提交督查室" in await people.say(people.zhang, "确认")


async def test_what_was_closed_out_can_be_filtered(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/done 2 二十个项目全部建成投用。")
        await people.say(people.zhang, "否")
        await people.say(people.zhang, "确认")
        assert "没有与“已销号”相符的任务" in await people.say(people.zhang, "/tasks 已销号")
        await people.say(people.wang, "同意")
        answer = await people.say(people.zhang, "/tasks 已销号")
        assert "任务2" in answer
        assert "任务1" not in answer


async def test_a_text_that_quotes_the_task_reports_on_it(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/task 2")
        await people.say(people.zhang, "已完成5个项目。", reply_to=people.zhang.last)
        assert states(people) == [(2, 1, "draft")]


@transcript("任务和签收", "两张清单都有任务3", "张敏查看任务3，附件和附件2各有一项。")
async def test_a_number_in_two_lists_asks_which(tmp_path: Path) -> None:
    async with cast(tmp_path, given=TWO_LISTS, registered=False) as people:
        await one_liaison(people)
        answer = await people.say(people.zhang, "/task 3")
        assert "任务3（附件）" in answer
        assert "任务3（附件2）" in answer
        assert "创建文明城市。" in await people.say(people.zhang, "附件2 3")
        assert states(people) == []
        await people.say(people.zhang, "/task 3")
        assert "全年完成30个项目" in await people.press(people.zhang, "任务3（附件）")


@pytest.mark.parametrize("words", ["99", "区卫健局", "3.5", "；drop table"])
async def test_a_task_that_is_not_there_is_said_so(tmp_path: Path, words: str) -> None:
    async with cast(tmp_path) as people:
        assert f"没有找到任务“{words}”" in await people.say(people.zhang, f"/task {words}")


async def test_one_person_of_two_units_sees_both(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.register(people.zhang, "区教体局")
        answer = await people.say(people.zhang, "/tasks")
        assert (
            answer.index("【区发改局】") < answer.index("任务2") < answer.index("【区教体局】") < answer.index("任务3")
        )


async def test_each_sees_only_their_own_and_others_only_read(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        head, leader = people.stage.api.user(3001, "何"), people.stage.api.user(3002, "赵")
        await people.register(head, "区发改局", Role.HEAD)
        await people.say(leader, people.stage.invite_person(Role.LEADER, "赵区长").code)
        assert "（2项）" in await people.say(head, "/tasks")
        assert "任务3" in await people.say(leader, "/tasks")
        assert "任务1" not in leader.last.text
        assert "（3项）\n已签收 0/3 项" in await people.say(people.wang, "/tasks")
        for who, no in ((head, 1), (leader, 3), (people.wang, 1)):
            assert f"第{no}项工作" in await people.say(who, f"/task {no}")
            assert who.last.buttons == []
        assert "没有找到任务" in await people.say(head, "/task 3")
        assert "没有找到任务" in await people.say(people.li, "/task 1")
        people.outsider.send("/tasks")
        await people.stage.settle()
        assert "邀请码" in people.outsider.last.text


async def test_a_button_of_a_task_taken_over_shows_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "/tasks")
        people.stage.adopt(notice(task(1, "区发改局"), task(2, "区发改局"), task(3, "区发改局")), b"corrected")
        assert "不在您的任务清单" in await people.press(people.li, "任务3")
