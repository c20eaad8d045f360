"""Every conversation of docs/conversations.md goes the same where the service is restarted at every step of it."""

import importlib
import inspect
from pathlib import Path

import pytest

from duban.rehearsal import stage
from duban.service import Service
from jobs.timetable import Made
from tests.conversations.write import marked
from tests.transcripts import DOCUMENT, PLAYING, Scene, playing

SCENES = [pytest.param(name, scene, id=name.partition("::")[2]) for name, scene in marked()]


class Interrupted(Service):
    """A service that is stopped and started anew after it received, after it handled, after it sent, after its clock."""

    restarts = 0
    has_ticked = False

    async def settle(self) -> None:
        """Receive, handle and send until nothing is left to do, with a restart after each that did something."""
        while await self._received() or await self._handled() or await self._sent():
            await self._restart()
        await self.menus.refresh()

    async def tick(self, *, polls: bool = True) -> Made:
        """Do what the clock would do, and restart."""
        self.has_ticked = True
        made = await super().tick(polls=polls)
        await self._restart()
        return made

    async def _received(self) -> bool:
        """Receive and restart before Telegram is told so: it sends everything again, known by its key."""
        if not await self.poller.poll_once():
            return False
        await self._restart()
        while await self.poller.poll_once():
            pass
        return True

    async def _handled(self) -> bool:
        return bool(await self.desk.work_off())

    async def _sent(self) -> bool:
        return bool(await self.sender.send_all())

    async def _restart(self) -> None:
        scene = PLAYING.get()
        if not self.has_ticked and (scene is None or not scene.lines):
            return  # the conversation has not begun: people are only registering
        type(self).restarts += 1
        await self.__aexit__()
        self.__post_init__()
        await self.__aenter__()


@pytest.mark.parametrize(("name", "scene"), SCENES)
async def test_a_restart_at_every_step_changes_nothing(
    name: str, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "Service", Interrupted)
    monkeypatch.setattr(Interrupted, "restarts", 0)
    file, _, function = name.partition("::")
    test = getattr(importlib.import_module(f"tests.conversations.{Path(file).stem}"), function)
    values = {"tmp_path": tmp_path, "database_url": None}
    with playing(scene):
        await test(**{each: values[each] for each in inspect.signature(test).parameters})
    assert Interrupted.restarts >= 2
    assert scene.written() in DOCUMENT.read_text("utf-8")
