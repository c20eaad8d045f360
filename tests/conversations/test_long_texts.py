"""A text of more than 4096 characters comes as two messages, and is one text again."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import Cast, cast, notice, task
from tests.conversations.looking import rows, states

MANY = notice(*(task(no, "区发改局") for no in range(1, 5)), task(5, "区教体局"), max_length=None)
FIRST = "1. " + "已完成3个项目。" * 200 + "\n2. " + "已完成5个项目。" * 250 + "\n3. 已开工建设"
SECOND = "6个，其余正在招标。\n4. 已完成8个项目。"


def drafts(people: Cast) -> dict[int, str]:
    """Give the text of each task's draft."""
    found = rows(
        people,
        "SELECT task.no, report.progress FROM report JOIN obligation ON obligation.id = report.obligation_id"
        " JOIN task ON task.id = obligation.task_id WHERE report.state = 'draft' ORDER BY task.no",
    )
    return {int(no): str(text) for no, text in found}


async def both(people: Cast, first: str, second: str) -> tuple[object, object]:
    """Have 张敏 send two texts in the same moment."""
    sent = people.zhang.send(first), people.zhang.send(second)
    await people.stage.settle()
    return sent


async def test_two_halves_cut_in_mid_sentence_are_one_text(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY) as people:
        await both(people, FIRST, SECOND)
        assert people.zhang.last.text.startswith("已按任务号分为 4 份")
        assert list(drafts(people)) == [1, 2, 3, 4]
        assert drafts(people)[3] == "已开工建设6个，其余正在招标。"
        await people.say(people.zhang, "提交")
        assert [state for _, _, state in states(people)].count("submitted") == 4


async def test_a_single_task_in_two_halves_is_one_draft(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(task(1, "区发改局"), max_length=None), registered=False) as people:
        await people.register(people.zhang, "区发改局")
        await both(people, "进展" * 2000, "继续推进3个。")
        assert "4007字" in people.zhang.last.text
        assert drafts(people) == {1: "进展" * 2000 + "继续推进3个。"}


async def test_a_second_half_that_begins_with_a_task_number_is_a_text_of_its_own(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY) as people:
        await both(people, FIRST, "4. 已完成8个项目。")
        assert list(drafts(people)) == [1, 2, 3, 4]
        assert not people.zhang.said("是同一份吗")


@pytest.mark.parametrize(("word", "drafted"), [("合为一份", [1, 2]), ("分开", [1, 2])])
async def test_halves_that_could_each_stand_alone_are_asked_about(
    tmp_path: Path, word: str, drafted: list[int]
) -> None:
    async with cast(tmp_path, given=MANY) as people:
        whole = "1. " + "已完成3个项目。" * 220 + "\n2. " + "已完成5个项目。" * 250
        await both(people, whole, "其余正在招标，共6个。")
        assert "是同一份吗" in people.zhang.last.text
        assert list(drafts(people)) == drafted
        await people.say(people.zhang, word)
        if word == "合为一份":
            assert drafts(people)[2].endswith("。\n其余正在招标，共6个。")
        else:
            assert "报的是哪项任务" in people.zhang.last.text
            assert drafts(people)[2].endswith("已完成5个项目。")


async def test_two_halves_are_joined_by_button(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY) as people:
        await both(people, "1. " + "已完成3个项目。" * 500, "其余正在招标，共6个。")
        await people.press(people.zhang, "合为一份")
        assert drafts(people) == {1: "已完成3个项目。" * 500 + "\n其余正在招标，共6个。"}


async def test_a_later_text_is_not_joined(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY) as people:
        people.zhang.send(FIRST)
        await people.stage.settle()
        people.stage.clock.advance(timedelta(seconds=30))
        assert "报的是哪项任务" in await people.say(people.zhang, "其余正在招标。")


async def test_a_fixed_word_right_after_a_long_text_is_that_word(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY) as people:
        await both(people, FIRST, "提交")
        assert "✓ 已报送" in people.zhang.last.text


async def test_editing_either_half_changes_the_whole(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY) as people:
        first, second = await both(people, FIRST, SECOND)
        people.zhang.edit(second, "7个，其余正在招标。\n4. 已完成9个项目。")  # type: ignore[arg-type]
        await people.stage.settle()
        assert list(drafts(people)) == [1, 2, 3, 4]
        assert [drafts(people)[no] for no in (3, 4)] == ["已开工建设7个，其余正在招标。", "已完成9个项目。"]
        people.zhang.edit(first, FIRST.replace("已开工建设", "已建成"))  # type: ignore[arg-type]
        await people.stage.settle()
        assert drafts(people)[3] == "已建成7个，其余正在招标。"


async def test_the_question_survives_a_restart(tmp_path: Path) -> None:
    async with cast(tmp_path, given=MANY) as people:
        await both(people, "1. " + "已完成3个项目。" * 500, "其余正在招标，共6个。")
    async with cast(tmp_path, given=MANY, registered=False) as people:
        await people.say(people.zhang, "合为一份")
        assert drafts(people) == {1: "已完成3个项目。" * 500 + "\n其余正在招标，共6个。"}


async def test_three_parts_are_one_text_and_the_middle_can_be_edited(tmp_path: Path) -> None:
    async with cast(tmp_path, given=notice(task(1, "区发改局"), task(5, "区教体局"), max_length=None)) as people:
        first, second, third = "甲" * 4000, "乙" * 4000, "丙3个。"
        people.zhang.send(first)
        middle = people.zhang.send(second)
        people.zhang.send(third)
        await people.stage.settle()
        assert drafts(people) == {1: first + second + third}
        people.zhang.edit(middle, "丁" * 4000)
        await people.stage.settle()
        assert drafts(people) == {1: first + "丁" * 4000 + third}
