"""A button does its one thing once, for the one person it was made for, while that person may."""

from datetime import timedelta
from pathlib import Path

from tests.cast import Cast, cast
from tests.conversations.looking import reported, rows, states


async def drafted(people: Cast) -> str:
    """Have 李丽 write a draft; gives what its 提交 carries."""
    await people.say(people.li, "已完成3个项目。")
    return next(data for row in people.li.last.buttons for text, data in row if text == "提交")


async def press_raw(people: Cast, who: object, data: str) -> str:
    """Press a button with any data and give the toast."""
    who.press_raw(data, people.li.last.message_id)  # type: ignore[attr-defined]
    await people.stage.settle()
    return str(who.toasts[-1])  # type: ignore[attr-defined]


async def test_a_button_pressed_twice_acts_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await drafted(people)
        shown = people.li.last.message_id
        people.li.press_raw(data, shown)
        people.li.press_raw(data, shown)
        await people.stage.settle()
        assert people.li.toasts[-2:] == ["好的", "此操作已办理"]
        assert len(people.li.said("✓ 已报送")) == 1
        assert len(reported(people)) == 1


async def test_buttons_that_did_their_work_go_away(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await drafted(people)
        draft = people.li.last
        await people.press(people.li, "提交")
        assert draft.buttons == []


async def test_a_button_pressed_after_its_word_was_typed_does_nothing_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await drafted(people)
        await people.say(people.li, "提交")
        await press_raw(people, people.li, data)
        assert "没有可以办理的稿件" in people.li.last.text
        assert len(people.li.said("✓ 已报送")) == 1


async def test_somebody_elses_button_does_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await drafted(people)
        for who in (people.zhang, people.outsider):
            assert await press_raw(people, who, data) == "此按钮不是给您的"
        assert states(people) == [(3, 1, "draft")]


async def test_an_expired_button_says_so(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await drafted(people)
        people.stage.clock.advance(timedelta(days=61))
        assert await press_raw(people, people.li, data) == "此按钮已过期，请重新操作"
        assert states(people) == [(3, 1, "draft")]


async def test_forged_data_does_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        token = (await drafted(people)).partition(":")[0]
        for data in (
            "",
            "x",
            ":",
            f"{token}:9",
            f"{token}:-1",
            f"{token}:０",
            f"{token}:",
            "submit:1",
            "\x00:0",
            "a" * 64,
        ):
            assert await press_raw(people, people.li, data) == "此按钮已失效，请重新操作"
        assert states(people) == [(3, 1, "draft")]
        assert rows(people, "SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]


async def test_a_press_after_the_role_ended_is_refused(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await drafted(people)
        people.stage.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since"))
        await press_raw(people, people.li, data)
        assert "仅供受邀人员" in people.li.last.text
        assert states(people) == [(3, 1, "draft")]


async def test_a_press_after_the_unit_was_taken_over_is_refused(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await drafted(people)
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET unit_id = 1 WHERE role = 'liaison'")
        )
        await press_raw(people, people.li, data)
        assert "没有可以办理的稿件" in people.li.last.text
        assert states(people) == [(3, 1, "draft")]


async def test_a_choice_made_once_cannot_be_made_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "已完成3个项目。")
        asked = people.zhang.last
        buttons = [data for row in asked.buttons for _, data in row]
        for data in buttons:
            people.zhang.press_raw(data, asked.message_id)
        await people.stage.settle()
        assert states(people) == [(1, 1, "draft")]


async def test_a_choice_pressed_after_the_report_was_closed_is_refused(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "已完成3个项目。")
        data = people.zhang.last.buttons[0][0][1]
        people.stage.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE obligation SET state = 'accepted'"))
        await press_raw(people, people.zhang, data)
        assert "已审结" in people.zhang.last.text
        assert states(people) == []


async def test_the_report_button_of_an_answered_reminder_offers_the_correction(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "/report")
        await people.say(people.li, "/report")
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.say(people.zhang, "1. 已完成3个项目。")
        await people.say(people.zhang, "提交")
        answer = await people.press(people.zhang, "任务1 2025年第一季度 第1项工作，全年完成10个项目。")
        assert "已经报送。如需更正" in answer
        await people.say(people.zhang, "已完成4个项目。")
        assert states(people)[-1] == (1, 2, "draft")


async def test_the_toast_of_a_refused_press_says_so_and_leaves_the_button(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        data = await drafted(people)
        await people.say(people.li, "提交")
        assert await press_raw(people, people.li, data) == "没有办成，请看消息中的说明"
        assert await press_raw(people, people.li, data) == "没有办成，请看消息中的说明"
