"""Extension, completion and absence, walked on every database."""

from pathlib import Path

from tests.cast import cast, local, notice, task
from tests.conversations.looking import rows

GIVEN = notice(task(1, "区发改局"), task(3, "区教体局"), task(4, "区教体局"))


async def test_requests_are_asked_decided_and_heeded(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, given=GIVEN, database_url=database_url) as people:
        for line in (
            "/extend 3 4月25日 因供地手续未办完",
            "跳过",
            "确认",
            "/extend 3 4月28日 因连续降雨",
            "跳过",
            "确认",
        ):
            await people.say(people.li, line)
        for line in ("/done 4 三所学校全部建成投用", "是", "确认"):
            await people.say(people.li, line)
        await people.say(people.zhang, "/away 4月7日-4月11日")
        for line in ("同意E2", "同意C1"):
            await people.say(people.wang, line)
        assert rows(people, "SELECT state FROM extension ORDER BY id") == [("replaced",), ("granted",)]
        assert rows(people, "SELECT count(*) FROM obligation WHERE state = 'done'") == [(3,)]
        reminded = [
            (await people.stage.move_to(local(f"2025-04-{day} 10:00"))).nudges for day in ("08", "10", "14", "25")
        ]
        assert reminded == [0, 0, 0, 1]
        assert people.zhang.said("您已回到岗位")
        assert "待审批" not in people.wang.last.text
