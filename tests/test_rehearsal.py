"""The first quarter of the example's plan year, rehearsed: what the promises say must hold of everything that went out."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from duban.rehearsal.play import Play
from duban.rehearsal.stage import Stage, open_stage
from duban.rehearsal.transcript import Transcript
from notices.read import read_notice
from rules.policy import Policy
from storage import ledger
from storage.store import Transaction
from tests.cast import ZONE, local

EXAMPLE = Path(__file__).parent.parent / "examples" / "qinghe-2025.txt"
PUSHED = ("nudge", "digest", "tasks")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Play up to the middle of April and give what stands in the database and in the transcript."""
    return asyncio.run(_play(tmp_path_factory.mktemp("rehearsal")))


async def _play(folder: Path) -> dict[str, Any]:
    policy = Policy(office="清河区督查室")
    data = EXAMPLE.read_bytes()
    notice = read_notice(data, name=EXAMPLE.name, calendar=policy.calendar)
    async with open_stage(folder, at=local("2025-02-17 10:00"), policy=policy) as stage:
        with Transcript(folder / "transcript.txt", ZONE, {}) as transcript:
            stage.adopt(notice, data)
            play = Play(stage, notice, transcript, ZONE)
            play.cast_players()
            async for day in play.days():
                if day == date(2025, 4, 16):
                    break
        return _looked_up(stage) | {"transcript": (folder / "transcript.txt").read_text("utf-8")}


def _looked_up(stage: Stage) -> dict[str, Any]:
    return {
        "flood_refusals": stage.api.flood_refusals,
        "outcomes": stage.store.read_now(ledger.outcomes_by_period),
        "outbox": stage.store.read_now(lambda tx: _rows(tx, "SELECT kind, state, sent_at FROM outbox")),
        "reminded_after_answer": stage.store.read_now(
            lambda tx: _rows(
                tx,
                "SELECT n.id FROM nudge n JOIN obligation o ON o.id = n.obligation_id JOIN outbox m ON m.id = n.outbox_id "
                "WHERE m.state = 'sent' AND o.first_sent_at < m.sent_at",
            )
        ),
        "nudged": stage.store.read_now(lambda tx: _rows(tx, "SELECT obligation_id, rung, person_id FROM nudge")),
    }


def _rows(tx: Transaction, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in tx.execute(text(statement))]


def test_everything_that_was_to_be_sent_was_sent_or_dropped_for_a_reason(played: dict[str, Any]) -> None:
    assert {state for _, state, _ in played["outbox"]} <= {"sent", "cancelled"}
    assert played["flood_refusals"] == 0


def test_nobody_is_reminded_after_having_answered(played: dict[str, Any]) -> None:
    assert played["reminded_after_answer"] == []


def test_no_step_is_told_twice(played: dict[str, Any]) -> None:
    assert played["nudged"]
    assert max(Counter(played["nudged"]).values()) == 1


def test_nothing_is_pushed_at_night(played: dict[str, Any]) -> None:
    hours = {local_hour(sent_at) for kind, state, sent_at in played["outbox"] if kind in PUSHED and state == "sent"}
    assert hours <= set(range(8, 20))


def test_the_first_quarter_ends_as_it_was_played(played: dict[str, Any]) -> None:
    first = played["outcomes"][0]
    assert first["period"] == "2025-Q1"
    assert first["on_time"] == 21
    assert first["late"] + first["owed"] == 3


def test_the_transcript_reads_like_the_conversation(played: dict[str, Any]) -> None:
    for said in (
        "请阅知",
        "已签收",
        "/200字 ✓",
        "已报送：任务",
        "第2次，共4次",
        "最后一次",
        "【逾期提示】",
        "逾期未报",
    ):
        assert said in played["transcript"]


def local_hour(sent_at: Any) -> int:
    """Give the office's hour of an instant as SQLite keeps it."""
    return datetime.fromisoformat(str(sent_at)).replace(tzinfo=UTC).astimezone(ZONE).hour
