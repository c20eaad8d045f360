"""Review, entry, waiver, pause and broadcast, walked on every database."""

from pathlib import Path

from rules.policy import Policy, ReviewPolicy
from tests.cast import cast, local, notice, task
from tests.conversations.looking import rows

GIVEN = notice(task(1, "区发改局"), task(3, "区教体局"), task(4, "区教体局"))
POLICY = Policy(office="清河区督查室", review=ReviewPolicy(required=True))
HOW_THEY_STAND = "SELECT no, state FROM obligation JOIN task ON task.id = task_id JOIN period ON period.id = period_id WHERE label = '2025-Q1' ORDER BY no"


async def test_reports_are_reviewed_entered_and_waived(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, given=GIVEN, policy=POLICY, database_url=database_url) as people:
        await people.stage.move_to(local("2025-04-10 10:00"))
        await people.say(people.li, "3. 正在推进。\n4. 已建成4个项目。")
        await people.say(people.li, "提交")
        await people.say(people.wang, "/enter 区发改局 1 电话 昨天15点 已完成3个项目。")
        await people.say(people.wang, "确认")
        assert "【待审核 1/3】" in await people.say(people.wang, "/review")
        for line in ("退回 数据缺失", "通过", "通过"):
            await people.say(people.wang, line)
        assert rows(people, HOW_THEY_STAND) == [(1, "accepted"), (3, "returned"), (4, "accepted")]
        await people.stage.move_to(local("2025-04-14 09:30"))
        assert "（退回待改）" in people.li.last.text
        for line in ("/waive 区教体局 3 因机构改革", "确认", "/pause", "/broadcast 请核对台账。", "确认"):
            await people.say(people.wang, line)
        assert not people.li.said("请核对台账")
        await people.stage.move_to(local("2025-04-16 10:00"))
        await people.say(people.wang, "/resume")
        await people.say(people.wang, "丢弃催办")
        assert people.li.said("请核对台账")
        assert rows(people, HOW_THEY_STAND) == [(1, "accepted"), (3, "waived"), (4, "accepted")]
        assert "没有逾期未报的任务" in await people.say(people.wang, "/overdue")
