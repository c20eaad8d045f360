"""After a correction: who is told, reminded, listed and called overdue, and who is not."""

from dataclasses import replace
from pathlib import Path

from notices.notice import Notice
from notices.plan import UnitEntry
from office.notice.revising import change_units
from tests.adopting.premises import plan_of
from tests.cast import Cast, cast, local, task

FIRST = (task(1, "区发改局"), task(2, "区发改局"), task(3, "区教体局", leaders=("赵区长",)))


def correct(people: Cast, given: Notice) -> None:
    people.stage.adopt(given, repr(given).encode())


async def test_what_changed_is_told_anew_and_signed_for_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "签收")
        before = len(people.zhang.inbox), len(people.li.inbox)
        correct(people, plan_of(task(1, "区发改局", text="第1项工作，全年完成15个项目。"), *FIRST[1:]))
        await people.stage.move_to(local("2025-03-20 10:30"))
        assert (len(people.zhang.inbox), len(people.li.inbox)) == (before[0] + 1, before[1])
        assert "全年完成15个项目" in people.zhang.last.text
        assert "第2项工作" not in people.zhang.last.text
        shown = await people.say(people.zhang, "/tasks")
        assert "全年完成15个项目" in shown
        assert any("签收" in text for row in people.zhang.last.buttons for text, _ in row)


async def test_a_push_that_waits_while_its_task_changes_goes_out_as_it_is_now(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        correct(
            people,
            plan_of(*(task(no, "区发改局", text=f"第{no}项工作，全年完成15个项目。") for no in (1, 2)), FIRST[2]),
        )
        people.stage.clock.set(local("2025-03-20 10:30"))
        before = len(people.zhang.inbox)
        await people.stage.service.tick()  # made, not sent yet
        correct(people, plan_of(task(1, "区发改局", text="第1项工作，全年完成18个项目。"), FIRST[2]))
        await people.stage.settle()
        await people.stage.move_to(local("2025-03-20 10:35"))
        told = [message.text for message in people.zhang.inbox[before:]]
        assert len(told) == 1
        assert "全年完成18个项目" in told[0]
        assert "第2项工作" not in told[0]


async def test_a_withdrawn_task_is_neither_reminded_of_nor_listed_nor_overdue(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        correct(people, plan_of(*FIRST[:2]))
        silent = len(people.li.inbox)
        await people.stage.move_to(local("2025-04-07 09:00"))
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert len(people.li.inbox) == silent
        assert "区教体局" not in await people.say(people.wang, "/overdue")
        digest = next(m.text for m in reversed(people.wang.inbox) if "【督查日报】" in m.text)
        assert "逾期未报 2 项，1 个单位" in digest
        assert "第3项" not in await people.say(people.li, "/tasks")
        assert "已报送" not in await people.say(people.li, "已完成30个项目，开工率100%。")


async def test_a_receipt_counts_nothing_that_was_withdrawn(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        correct(people, plan_of(FIRST[0], FIRST[2]))
        await people.say(people.zhang, "已完成10个项目，开工率100%。")
        assert "已报 1/1 项" in await people.say(people.zhang, "提交")


async def test_a_reminder_that_waits_for_a_withdrawn_task_is_dropped(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.clock.set(local("2025-04-07 09:00"))
        before = len(people.li.inbox)
        await people.stage.service.tick()  # made, not sent yet
        correct(people, plan_of(*FIRST[:2]))
        await people.stage.settle()
        assert len(people.li.inbox) == before


async def test_reminders_follow_a_due_date_that_moves(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "签收")
        await people.stage.move_to(local("2025-04-07 09:00"))
        assert "4月10日" in people.li.last.text
        moved = plan_of(*FIRST, dues=("2025-04-18", "2025-07-10", "2025-10-10", "2026-01-10"))
        correct(people, moved)
        await people.stage.move_to(local("2025-04-09 09:00"))
        assert "4月18日" in people.li.last.text
        counted = len(people.li.inbox)
        await people.stage.move_to(local("2025-04-11 09:00"))
        assert len(people.li.inbox) == counted
        assert "逾期1天" not in await people.say(people.wang, "/overdue")
        await people.stage.move_to(local("2025-04-15 09:00"))
        assert "4月18日" in people.li.last.text
        assert len(people.li.inbox) == counted + 1


async def test_a_former_owner_is_still_chased_for_what_was_due_before(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        await people.stage.move_to(local("2025-04-11 08:00"))
        correct(people, plan_of(*FIRST[:2], replace(FIRST[2], owners=FIRST[0].owners)))
        made = await people.stage.move_to(local("2025-04-11 09:00"))
        assert made.escalations
        assert "逾期1天" in people.li.last.text
        assert "区教体局　1项　逾期1天" in await people.say(people.wang, "/overdue")
        assert "第3项" not in await people.say(people.li, "/tasks")


async def test_who_serves_both_units_that_become_one_is_told_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.register(people.zhang, "区教体局")
        premises, store = people.stage.premises, people.stage.store
        premises.do(store, lambda work: change_units(work, [UnitEntry("区发改局", aliases=("区教体局",))]))
        before = len(people.zhang.inbox)
        await people.stage.move_to(local("2025-03-20 10:30"))
        assert len(people.zhang.inbox) - before == 1  # the tasks that were the other unit's
        await people.stage.move_to(local("2025-04-07 09:00"))
        assert len(people.zhang.inbox) - before == 2
        assert people.zhang.last.text.count("任务3") == 1


async def test_a_merged_units_liaison_reports_for_the_one_it_is_now(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        premises, store = people.stage.premises, people.stage.store
        premises.do(store, lambda work: change_units(work, [UnitEntry("区发改局", aliases=("区教体局",))]))
        receipt = await people.say(people.li, "3. 已完成30个项目，开工率100%。")
        assert "任务3" in receipt
        assert "已报送" in await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-04-11 09:00"))
        shown = await people.say(people.wang, "/overdue 区教体局")  # by its other name
        assert "区发改局　2项　逾期1天" in shown
