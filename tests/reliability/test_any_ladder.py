"""Whatever ladder and cap an office sets, no step is told twice, at night or on a day off, and the cap holds."""

import tempfile
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.ladder import Rung
from rules.policy import Limits, Policy
from tests.cast import ZONE, cast, local, notice, task
from tests.conversations.looking import rows

GIVEN = notice(task(3, "区教体局", leaders=("赵区长",)), task(9, "区发改局", role="support"))
OFFICE = Policy(office="清河区督查室")
RUNGS = st.builds(
    lambda days, unit, hour: (days, unit, hour),
    st.integers(-8, 3),
    st.sampled_from(["workdays", "days"]),
    st.integers(8, 19),
)


@settings(max_examples=8)
@given(
    steps=st.lists(RUNGS, min_size=1, max_size=5, unique_by=lambda rung: rung[0]),
    most=st.integers(1, 4),
    hours=st.lists(st.integers(1, 40), min_size=10, max_size=25),
)
async def test_whatever_the_ladder_each_step_is_told_once_and_never_past_the_cap(
    steps: list[tuple[int, Any, int]], most: int, hours: list[int]
) -> None:
    ladder = tuple(Rung(f"r{days}", days, unit, time(hour), ("liaison",)) for days, unit, hour in steps)
    policy = replace(OFFICE, ladder=ladder, limits=Limits(messages_per_person_and_period=most))
    with tempfile.TemporaryDirectory() as folder:
        async with cast(Path(folder), given=GIVEN, policy=policy, at=local("2025-03-28 10:00")) as people:
            now = local("2025-03-28 10:00")
            for step in hours:
                now += timedelta(hours=step)
                await people.stage.move_to(now)
            told = rows(people, "SELECT obligation_id, due_at, rung, person_id FROM nudge")
            sent = rows(
                people,
                "SELECT judged_at <= '2025-04-10 16:00', count(*) FROM outbox JOIN person ON person.id = person_id"
                " WHERE person.telegram_id = 1002 AND kind IN ('nudge', 'sign_reminder') GROUP BY 1",
            )
            times = [
                message.sent_at.astimezone(ZONE)
                for message in people.li.inbox
                if message.by_bot and message.text.startswith(("【报送提醒】", "【逾期提示】"))
            ]
            assert len(told) == len(set(told))
            assert all(count <= most for _, count in sent)
            assert all(time(8) <= each.time() < time(20) and OFFICE.calendar.is_workday(each.date()) for each in times)
