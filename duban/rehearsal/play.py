"""A whole plan year, played: real handlers, real ticks, real inbox and outbox, on a simulated clock.

Nothing here is scripted output: the players send and press, and what the bot answers is what the service does.
"""

import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from duban.rehearsal.players import Liaison, Manner, full_name, manner_of, owing_tasks
from duban.rehearsal.stage import Stage
from duban.rehearsal.transcript import Transcript
from jobs.timetable import Made
from notices.notice import Notice
from notices.units import is_group
from rules.periods import Period
from storage.states import Role

TICKS = (time(0, 10), time(8, 30), time(9, 0), time(17, 0))
AFTER_LAST = 10  # days played after the last due date
Scene = Callable[[], Awaitable[None]]


@dataclass
class Play:
    """A rehearsal of one notice on one stage."""

    stage: Stage
    notice: Notice
    transcript: Transcript
    zone: ZoneInfo
    liaisons: list[Liaison] = field(default_factory=list)
    made: Made = field(default_factory=Made)
    counts: Counter[str] = field(default_factory=Counter)
    _scenes: dict[date, list[tuple[datetime, Scene]]] = field(default_factory=dict)
    _chance: random.Random = field(default_factory=lambda: random.Random(2025))  # noqa: S311  # a play's, no secret

    def __post_init__(self) -> None:
        self.begins = self.stage.clock.now()

    def cast_players(self) -> None:
        """Give every unit its liaison, and the office its supervisor."""
        codes = {invitation.unit: invitation.code for invitation in self.stage.invite_all()}
        for place, (unit, tasks) in enumerate(owing_tasks(self.notice).items()):
            if is_group(unit):
                continue
            user = self._user(100_000 + place, f"{unit}联络员")
            self.liaisons.append(Liaison(unit, tasks, manner_of(place), user, codes.get(unit, ""), seat=place))
        self.supervisor = self._user(1, "督查室")
        self.stranger = self._user(2, "路人")
        self.heads = {
            liaison.unit: self._user(200_000 + liaison.seat, f"{liaison.unit}责任人") for liaison in self.liaisons[3:6]
        }

    async def days(self) -> AsyncIterator[date]:
        """Play day by day; gives each day once it is over."""
        first = self._first_day()
        self._plan_opening()
        for step, period in enumerate(self.notice.periods):
            if period.due_on >= first:
                self._plan_period(period, step, first)
        for n in range(self.number_of_days()):
            day = first + timedelta(days=n)
            await self._play_day(day)
            yield day

    def number_of_days(self) -> int:
        """Give how many days are played: up to some days after the last due date."""
        first = self._first_day()
        return (max((period.due_on for period in self.notice.periods), default=first) - first).days + AFTER_LAST

    def _first_day(self) -> date:
        return self.begins.astimezone(self.zone).date()

    async def _play_day(self, day: date) -> None:
        scenes = [(self._at(day, at), self._tick) for at in TICKS] + self._scenes.pop(day, [])
        for at, scene in sorted(scenes, key=lambda pair: pair[0]):
            self.stage.clock.set(max(at, self.stage.clock.now()))
            await scene()

    # --- what is planned ---------------------------------------------------------------------------------------------

    def _plan_opening(self) -> None:
        at = self.begins + timedelta(minutes=5)
        self._add(at, self._open_office)
        for liaison in self.liaisons:
            at += timedelta(minutes=self._chance.randint(2, 9))
            begins = at + timedelta(days=120) if liaison.manner == Manner.ABSENT else at
            self._add(begins, self._scene(self._register, liaison))

    def _plan_period(self, period: Period, step: int, first: date) -> None:
        share = min(1.0, (step + 1) / max(len(self.notice.periods), 1))
        for liaison in self.liaisons:
            day = self.stage.premises.policy.calendar.shift(period.due_on, -self._chance.randint(0, 6))
            hour = time(9 + self._chance.randint(0, 7), self._chance.randint(5, 55))
            early = datetime.combine(max(day, first + timedelta(days=2)), hour, self.zone)
            self._plan_report(liaison, period, early, share, step)
        self._add(datetime.combine(period.due_on + timedelta(days=1), time(9, 40), self.zone), self._ask_overdue)

    def _plan_report(self, liaison: Liaison, period: Period, early: datetime, share: float, step: int) -> None:
        match liaison.manner:
            case Manner.SILENT if step % 4 == 1:
                self._add(early, self._scene(self._miss, liaison))
            case Manner.BLOCKING if step % 4 == 2:
                self._add(early - timedelta(days=20), self._scene(self._block, liaison))
                self._add(
                    datetime.combine(period.due_on + timedelta(days=5), time(11), self.zone),
                    self._scene(self._return, liaison, share, step),
                )
            case Manner.LATE:
                after = datetime.combine(period.due_on + timedelta(days=4), time(15), self.zone)
                self._add(after, self._scene(self._report, liaison, share, step))
            case Manner.FORGETFUL:
                self._add(early, self._scene(self._draft, liaison, share, step))
            case _:
                self._add(early, self._scene(self._report, liaison, share, step))

    # --- what is played ----------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        await self._settle()
        made = await self.stage.service.tick()
        self.made += made
        await self._settle()

    async def _open_office(self) -> None:
        await self._send(self.stranger, "你好，这是什么？")
        await self._send(self.stranger, "/start wrong-code")
        code = self.stage.invite_person(Role.SUPERVISOR, "督查室").code
        await self._send(self.supervisor, f"/start {code}")
        for unit, head in self.heads.items():
            await self._send(head, f"/start {self.stage.invite_unit(unit, Role.HEAD).code}")

    async def _register(self, liaison: Liaison) -> None:
        await self._send(liaison.user, f"/start {liaison.code}")
        if liaison.manner == Manner.ABSENT:  # by then the code has expired, and the office makes a new one
            await self._send(liaison.user, f"/start {self.stage.invite_unit(liaison.unit).code}")
        liaison.is_registered = True
        if liaison.seat % 3 == 0:
            await self._press(liaison, "签收")
        else:
            await self._send(liaison.user, "签收")
        if liaison.seat == 0:
            await self._send(liaison.user, "/tasks")

    async def _report(self, liaison: Liaison, share: float, step: int) -> None:
        if not liaison.is_registered:
            liaison.missed += 1
            return
        for late in range(liaison.missed, 0, -1):  # what was missed is asked for first
            await self._send(liaison.user, liaison.good_words(share, step - late))
            await self._send(liaison.user, "提交")
        liaison.missed = 0
        await self._send(liaison.user, liaison.first_words(share, step))
        if liaison.manner in (Manner.WORDY, Manner.HOLLOW):
            await self._pause(6)
            await self._send(liaison.user, liaison.good_words(share, step))
        await self._pause(2)
        if (liaison.seat + step) % 2:
            await self._send(liaison.user, "提交")
        else:
            await self._press(liaison, "提交")

    async def _miss(self, liaison: Liaison) -> None:
        liaison.missed += 1

    async def _draft(self, liaison: Liaison, share: float, step: int) -> None:
        if liaison.is_registered:
            await self._send(liaison.user, liaison.good_words(share, step))

    async def _block(self, liaison: Liaison) -> None:
        self.transcript.person(self.stage.clock.now(), liaison.user.id, "（停用了机器人）")
        liaison.user.block()
        await self._settle()

    async def _return(self, liaison: Liaison, share: float, step: int) -> None:
        self.transcript.person(self.stage.clock.now(), liaison.user.id, "（重新启用机器人）")
        liaison.user.unblock()
        await self._settle()
        await self._report(liaison, share, step)

    async def _ask_overdue(self) -> None:
        await self._send(self.supervisor, "/overdue")

    # --- how it is played --------------------------------------------------------------------------------------------

    async def _send(self, user: Any, text: str) -> None:
        self.transcript.person(self.stage.clock.now(), user.id, text)
        user.send(text)
        await self._settle()

    async def _press(self, liaison: Liaison, button: str) -> None:
        shown = next((m for m in reversed(liaison.user.inbox) if _has(m, button)), None)
        if shown is None:
            await self._send(liaison.user, button)
            return
        self.transcript.person(self.stage.clock.now(), liaison.user.id, f"按下 [{button}]")
        liaison.user.press(shown.message_id, button)
        await self._settle()

    async def _settle(self) -> None:
        await self.stage.settle()
        self.counts["messages"] += self.transcript.bot(self.stage.api)

    async def _pause(self, minutes: int) -> None:
        self.stage.clock.advance(timedelta(minutes=minutes))
        await self._settle()

    def _scene(self, act: Callable[..., Awaitable[None]], *args: Any) -> Scene:
        async def play() -> None:
            await act(*args)

        return play

    def _add(self, at: datetime, scene: Scene) -> None:
        self._scenes.setdefault(at.astimezone(self.zone).date(), []).append((at.astimezone(UTC), scene))

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _user(self, number: int, title: str) -> Any:
        surname, given = full_name(number)
        self.transcript.names[number] = f"{surname}{given}（{title}）"
        return self.stage.api.user(number, first_name=surname + given)


def _has(message: Any, button: str) -> bool:
    return any(text == button for row in message.buttons for text, _ in row)
