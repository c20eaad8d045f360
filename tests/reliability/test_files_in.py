"""A file is taken in once, whatever stops the service between its download and the commit."""

import asyncio
import signal
from pathlib import Path

import pytest

from duban.rehearsal.stage import open_stage
from office.notice import taking_in
from rules import failpoints
from rules.policy import Policy
from storage.states import Role
from tests.cast import MORNING, cast
from tests.conversations.looking import rows
from tests.conversations.test_taking_in import NOTICE
from tests.reliability.nursery import Nursery
from tests.reliability.premises import START, Place, place

SUPERVISOR = 2001
POINTS = ("handlers.opened", "desk.before_commit", "desk.after_commit")


@pytest.mark.parametrize("point", ["handlers.opened", "desk.before_commit"])
async def test_a_failure_before_the_commit_repeats_the_work_and_answers_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    monkeypatch.setattr(taking_in, "write_workbook", lambda _plan: b"PK")
    async with cast(tmp_path) as people:
        failpoints.arm(f"{point}:1:raise")
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert len(people.stage.api.journal.of("getFile")) == 2
        assert len(people.wang.said("【收文】")) == 1
        assert rows(people, "SELECT count(*) FROM stored_file") == [(2,)]
        assert rows(people, "SELECT count(*) FROM intake") == [(1,)]
        assert "✓ 已立项" in await people.press(people.wang, "采用")


async def supervised(folder: Path) -> None:
    """Make an office with a supervisor in it."""
    async with open_stage(folder, at=MORNING, policy=Policy(office="清河区督查室"), flood_control=False) as stage:
        code = stage.invite_person(Role.SUPERVISOR, "王科").code
        stage.api.user(SUPERVISOR, "王科").send(f"/start {code}")
        await stage.settle()


async def run_to_rest(nursery: Nursery, found: Place, failpoint: str = "") -> int | None:
    """Run the service until nothing is left to do, or until it is killed; gives its end, None where it was at rest."""
    log = found.folder / "log"
    args = ("run", "--config", str(found.config), "--at", START.isoformat())
    child = await nursery.start(*args, log=log, failpoint=failpoint)
    async with asyncio.timeout(30):
        while child.is_alive and (found.server.pending or not found.is_at_rest()):
            await asyncio.wait([child.ended], timeout=0.01)
    if not child.is_alive:
        return await child.ended
    child.kill(signal.SIGTERM)
    await child.ended
    return None


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_loses_no_file_and_doubles_none(tmp_path: Path, point: str) -> None:
    (tmp_path / "template").mkdir()
    await supervised(tmp_path / "template")
    async with Nursery() as nursery, place(tmp_path / "template", tmp_path / "office") as found:
        user = found.server.user(SUPERVISOR, "王科")
        user.document(NOTICE, "通知.txt")
        assert await run_to_rest(nursery, found, f"{point}:1:kill") == -signal.SIGKILL
        assert await run_to_rest(nursery, found) is None
        assert len(user.said("【收文】")) == 1
        assert len([message for message in user.inbox if message.document]) == 1
        assert found.rows("SELECT count(*) FROM stored_file") == [(2,)]
        user.press(user.said("【收文】")[0].message_id, "采用")
        assert await run_to_rest(nursery, found, f"{POINTS[1]}:1:kill") == -signal.SIGKILL
        assert await run_to_rest(nursery, found) is None
        assert len(user.said("✓ 已立项")) == 1
        assert found.rows("SELECT count(*) FROM notice") == [(1,)]
        found.check_books()
