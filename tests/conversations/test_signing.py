"""Units sign for their tasks within some working days; who does not is reminded once and named to the supervisors."""

from dataclasses import replace
from pathlib import Path

from rules.policy import Policy
from tests.cast import cast, local
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript


@transcript("任务和签收", "到时没有签收", "李丽按时签收；张敏没有，下一个工作日提醒一次。")
async def test_who_has_not_signed_is_reminded_once_on_the_next_working_day(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:  # told on Thursday 20 March: 25 March is the last day
        await people.say(people.li, "签收")
        await people.stage.move_to(local("2025-03-25 18:00"))
        assert outbox(people, "sign_reminder") == []
        await people.stage.move_to(local("2025-03-26 07:59"))
        assert outbox(people, "sign_reminder") == []
        await people.stage.move_to(local("2025-03-26 08:00"))
        assert people.zhang.last.text.startswith(
            "【签收提醒】区发改局有 2 项任务应于3月25日前签收，尚未签收：任务1、2。"
        )
        assert not people.li.said("【签收提醒】")
        await people.stage.move_to(local("2025-03-27 09:00"))
        assert len(outbox(people, "sign_reminder")) == 1
        assert "已签收 2 项任务" in await people.press(people.zhang, "签收")


async def test_one_who_signed_meanwhile_gets_no_reminder(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.clock.set(local("2025-03-26 08:00"))
        await people.stage.service.tick()
        people.zhang.send("签收")
        await people.stage.service.poller.poll_once()
        await people.stage.service.desk.work_off()
        await people.stage.settle()
        assert not people.zhang.said("【签收提醒】")


async def test_one_who_went_away_meanwhile_gets_no_reminder(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.clock.set(local("2025-03-26 08:00"))
        await people.stage.service.tick()
        people.zhang.send("/away 今天起3天")
        await people.stage.service.poller.poll_once()
        await people.stage.service.desk.work_off()
        await people.stage.settle()
        assert people.zhang.said("✓ 已登记")
        assert not people.zhang.said("【签收提醒】")
        assert people.li.said("【签收提醒】")


async def test_the_digest_names_who_has_not_signed_until_they_do(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-03-25 08:30"))
        assert not people.wang.said("未签收")
        await people.stage.move_to(local("2025-03-26 08:30"))
        said = "未签收 2 个单位：区发改局 2项（3月20日交办）、区教体局 1项（3月20日交办）"
        assert said in people.wang.last.text
        await people.say(people.zhang, "签收")
        await people.stage.move_to(local("2025-03-27 08:30"))
        assert "未签收 1 个单位：区教体局 1项" in people.wang.last.text
        assert "已签收 2/3 项" in await people.say(people.wang, "/tasks")


async def test_signing_again_is_harmless(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "签收")
        first = rows(people, "SELECT signed_at FROM assignment WHERE signed_at IS NOT NULL")
        people.stage.clock.set(local("2025-03-21 10:00"))
        assert "此前已签收" in await people.say(people.li, "签收")
        assert rows(people, "SELECT signed_at FROM assignment WHERE signed_at IS NOT NULL") == first


async def test_an_office_that_wants_no_signing_reminds_nobody(tmp_path: Path) -> None:
    policy = replace(Policy(office="清河区督查室"), sign_within_workdays=0)
    async with cast(tmp_path, policy=policy) as people:
        await people.stage.move_to(local("2025-04-02 08:30"))
        assert outbox(people, "sign_reminder") == []
        assert not people.wang.said("未签收")


async def test_who_reported_is_not_asked_to_sign_any_more(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        await people.stage.move_to(local("2025-03-26 08:30"))
        assert not people.li.said("【签收提醒】")
        assert "未签收 1 个单位：区发改局 2项" in people.wang.last.text


async def test_who_is_reminded_of_a_report_hears_of_signing_the_next_working_day(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.stage.move_to(local("2025-04-07 09:00"))
        assert not people.zhang.said("【签收提醒】")
        await people.stage.move_to(local("2025-04-08 08:00"))
        assert people.zhang.said("【签收提醒】")
