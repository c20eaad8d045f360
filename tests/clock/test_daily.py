"""What is done once a day: the line to administrators, the copy of the database, forgetting what is past its time."""

import os
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from jobs.upkeep import Upkeep, back_up_daily, daily_copies
from rules.ladder import QuietHours
from rules.policy import DigestPolicy, Policy
from storage.backups import verify
from storage.engine import StorageError
from tests.cast import ZONE, Cast, cast, local
from tests.clock.premises import change, office, refuse_message
from tests.conversations.looking import plain, rows

DAY = timedelta(days=1)


async def test_administrators_hear_every_day_also_when_nothing_happened(tmp_path: Path) -> None:
    async with office(tmp_path) as (people, admin):
        await people.stage.move_to(local("2025-04-03 19:00"))
        for minute in range(0, 14 * 60, 20):  # through the night into a day off
            await people.stage.move_to(local("2025-04-03 19:00") + timedelta(minutes=minute))
        assert admin.said("【运行日报】")[-1].text.splitlines() == [
            "【运行日报】4月4日 08:40（4月3日 19:00以来）",
            "运行正常，没有中断",
            "收到 0 条，发出 1 条，待发 0 条",
            "失败：无",
            "下次提醒：4月7日 09:00，涉及 3 项",
        ]
        assert len(admin.said("【运行日报】4月4日")) == 1
        assert not people.wang.said("【运行日报】")


async def test_the_line_counts_what_failed_and_what_waits(tmp_path: Path) -> None:
    async with office(tmp_path) as (people, admin):
        await people.stage.move_to(local("2025-04-06 19:59"))
        refuse_message(people, "nudge", 1001)
        people.li.deactivate()
        await people.stage.move_to(local("2025-04-07 09:00"))
        change(people, "INSERT INTO fact VALUES ('sending_held', 'restored', '2025-04-07 02:00:00.000000')")
        people.stage.clock.set(local("2025-04-08 08:30"))
        await people.stage.service.tick()
        change(people, "DELETE FROM fact WHERE name = 'sending_held'")
        await people.stage.settle()
        told = admin.said("【运行日报】4月8日")[-1].text
        assert "未送达或存疑 1 条" in told
        assert "出过错的定时工作：催办与升级" in told
        assert "恢复备份后暂停发送" in told


@pytest.mark.parametrize(
    ("hour", "at", "told"),
    [
        ("21:00", "2025-04-03 23:00", False),
        ("21:00", "2025-04-04 08:00", True),
        ("06:00", "2025-04-04 07:59", False),
        ("06:00", "2025-04-04 08:00", True),
    ],
)
async def test_an_hour_in_quiet_hours_waits_for_their_end(tmp_path: Path, hour: str, at: str, told: bool) -> None:
    policy = Policy(
        office="清河区督查室", digests=DigestPolicy(admin_at=time.fromisoformat(hour)), quiet_hours=QuietHours()
    )
    async with office(tmp_path, at=local("2025-04-03 10:00"), policy=policy) as (people, admin):
        await people.stage.move_to(local(at))
        assert bool(admin.said("【运行日报】")) is told


# --- the copy --------------------------------------------------------------------------------------------------------


def upkeep(folder: Path, keep: int = 3) -> Upkeep:
    return Upkeep(f"sqlite:///{folder / 'duban.db'}", ZONE, at=time(3), folder=folder / "copies", keep=keep)


async def test_a_verified_copy_a_day_is_kept_for_some_days(tmp_path: Path) -> None:
    async with cast(tmp_path):
        plan = upkeep(tmp_path)
        assert back_up_daily(plan, local("2025-04-03 02:59")) is None
        first = back_up_daily(plan, local("2025-04-03 03:00"))
        assert first is not None
        verify(first)
        assert first.stat().st_mode & 0o077 == 0
        assert back_up_daily(plan, local("2025-04-03 23:00")) is None
        by_hand = plan.folder / "duban-before-upgrade.db"
        by_hand.write_bytes(b"")
        for day in range(1, 6):
            back_up_daily(plan, local("2025-04-03 09:00") + day * DAY)
        assert [file.name[6:16] for file in daily_copies(plan)] == ["2025-04-06", "2025-04-07", "2025-04-08"]
        assert by_hand.exists()


async def test_a_copy_that_cannot_be_made_deletes_none_and_is_tried_again(tmp_path: Path) -> None:
    async with cast(tmp_path):
        plan = upkeep(tmp_path, keep=1)
        kept = back_up_daily(plan, local("2025-04-03 03:00"))
        (plan.folder / "duban-2025-04-04.db.part").mkdir()
        with pytest.raises((StorageError, OSError)):
            back_up_daily(plan, local("2025-04-04 03:00"))
        assert daily_copies(plan) == [kept]
        os.rmdir(plan.folder / "duban-2025-04-04.db.part")
        assert back_up_daily(plan, local("2025-04-04 03:05")) is not None


async def test_an_old_half_written_copy_is_no_obstacle(tmp_path: Path) -> None:
    async with cast(tmp_path):
        plan = upkeep(tmp_path)
        plan.folder.mkdir()
        (plan.folder / "duban-2025-04-03.db.part").write_bytes(b"half")
        assert back_up_daily(plan, local("2025-04-03 03:00")) is not None


# --- forgetting ------------------------------------------------------------------------------------------------------


async def test_each_kind_is_forgotten_at_its_age_and_no_sooner(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "电话：13800001234")
        await people.say(people.zhang, "做了一些工作。")  # of two tasks: kept until it is known of which
        await people.say(people.outsider, "/start AAAAAAAAAAAAAAAAAAAAAA")
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE inbox SET state = 'dead' WHERE id = 1") and None
        )
        begun = people.stage.clock.now()
        assert counts(people) == (1, 1, 1, 1)
        await forget(people, begun + 59 * DAY)
        assert counts(people) == (1, 1, 0, 1)
        await forget(people, begun + 91 * DAY)
        assert counts(people) == (0, 0, 0, 1)
        change(people, "UPDATE membership SET until = ?", f"{begun + 100 * DAY:%F %T}.000000")
        await forget(people, begun + 129 * DAY)
        assert counts(people) == (0, 0, 0, 1)
        await forget(people, begun + 131 * DAY)
        assert counts(people) == (0, 0, 0, 0)


def counts(people: Cast) -> tuple[int, ...]:
    found = [
        "SELECT count(*) FROM inbox WHERE state = 'dead'",
        "SELECT count(*) FROM kept_text",
        "SELECT count(*) FROM fact WHERE name LIKE 'failed_codes:%'",
        "SELECT count(*) FROM person WHERE phone IS NOT NULL",
    ]
    return tuple(rows(people, query)[0][0] for query in found)


async def forget(people: Cast, at: datetime) -> None:
    people.stage.clock.set(at)
    await people.stage.service.tick()


async def test_after_a_year_and_more_what_messages_said_is_gone_and_quoting_one_breaks_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, at=local("2025-04-07 08:00")) as people:
        await people.stage.move_to(local("2025-04-07 09:00"))
        [quoted] = people.li.said("【报送提醒】")
        sent = rows(people, "SELECT count(*) FROM outbox WHERE state = 'sent'")
        assert plain(people, "/start")
        await people.stage.move_to(local("2026-05-20 09:00"))
        old = rows(people, "SELECT DISTINCT kind, content FROM outbox WHERE judged_at < '2025-04-08'")
        assert old == [("forgotten", "{}")]
        assert rows(people, "SELECT count(*) FROM outbox WHERE kind = 'forgotten' AND state = 'sent'") == sent
        assert not plain(people, "/start")
        people.li.send("已完成30个项目。", reply_to=quoted.message_id)
        await people.stage.settle()
        assert rows(people, "SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]
