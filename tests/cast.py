"""The named cast of the tests, on a stage of their own: one supervisor, two liaisons, one outsider, one small notice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from duban.rehearsal.botapi import User
from duban.rehearsal.stage import Stage, open_stage
from notices.notice import Notice, Owner, Rules, Task
from rules.periods import plan_periods
from rules.policy import Policy
from rules.workdays import WorkCalendar
from storage.states import Role
from tests.transcripts import record

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
MORNING = datetime(2025, 3, 20, 10, tzinfo=ZONE)
DUE_DATES = tuple(
    datetime.fromisoformat(day).date() for day in ("2025-04-10", "2025-07-10", "2025-10-10", "2026-01-10")
)


def local(text: str) -> datetime:
    """Read a local instant such as `2025-04-07 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def task(no: int, *owners: str, text: str | None = None, role: str = "owner", leaders: tuple[str, ...] = ()) -> Task:
    """Make a task; without a text of its own it has a figure in it."""
    return Task(
        list="附件",
        no=no,
        section=None,
        text=text or f"第{no}项工作，全年完成{no}0个项目。",
        owners=tuple(Owner(name, role) for name in owners),  # type: ignore[arg-type]
        leaders=leaders,
        leader_label="牵头领导" if leaders else None,
        deadline=None,
    )


def notice(*tasks: Task, max_length: int | None = 200, soft: bool = True, reports: bool = True) -> Notice:
    """Make a quarterly notice of these tasks; by default 区发改局 owes tasks 1 and 2, 区教体局 owes task 3."""
    chosen = tasks or (task(1, "区发改局"), task(2, "区发改局"), task(3, "区教体局", leaders=("赵区长",)))
    cadence = "quarterly" if reports else None
    due_dates = DUE_DATES if reports else ()
    rules = Rules(
        cadence=cadence,  # type: ignore[arg-type]
        due_dates=due_dates,
        due_rule=None,
        max_length=max_length,
        min_length=None,
        length_is_soft=soft,
        contact_required=True,
        submit_to=None,
        plan_due=None,
        liaisons_per_unit=1,
        bulletins=(),
    )
    periods = plan_periods(
        cadence="quarterly",
        due_dates=due_dates,
        due_rule=None,
        issued_on=None,
        starts_on=None,
        plan_year=2025,
        calendar=CALENDAR,
    )
    return Notice(
        title="关于分解落实重点工作任务的通知",
        issuer=None,
        document_number=None,
        issued_on=None,
        plan_year=2025,
        rules=rules,
        periods=periods if reports else (),
        tasks=chosen,
        warnings=(),
        reporting_lists=("附件",),
    )


@dataclass
class Cast:
    """Everybody, and the stage they are on."""

    stage: Stage
    wang: User  # supervisor
    zhang: User  # liaison of 区发改局
    li: User  # liaison of 区教体局
    outsider: User

    async def say(self, who: User, text: str, **options: object) -> str:
        """Have somebody send a text, let everybody finish, and give the last thing the bot said to them."""
        who.send(text, **options)  # type: ignore[arg-type]
        await self.stage.settle()
        return who.last.text if who.inbox else ""

    async def send_file(self, who: User, data: bytes, name: str, **options: object) -> str:
        """Have somebody send a file; gives the last thing the bot said to them."""
        who.document(data, name, **options)  # type: ignore[arg-type]
        await self.stage.settle()
        return who.last.text if who.inbox else ""

    async def press(self, who: User, button: str) -> str:
        """Have somebody press a button of the last message that has it; gives the last thing the bot said."""
        message = next(m for m in reversed(who.inbox) if any(text == button for row in m.buttons for text, _ in row))
        who.press(message.message_id, button)
        await self.stage.settle()
        return who.last.text

    async def register(self, who: User, unit: str, role: Role = Role.LIAISON) -> None:
        """Have somebody register for a unit with a fresh invite."""
        await self.say(who, f"/start {self.stage.invite_unit(unit, role).code}")


@asynccontextmanager
async def cast(
    folder: Path,
    *,
    at: datetime = MORNING,
    given: Notice | None = None,
    policy: Policy | None = None,
    registered: bool = True,
    database_url: str | None = None,
) -> AsyncIterator[Cast]:
    """Open a stage with the cast on it: a notice adopted, the supervisor and both liaisons registered."""
    policy = policy or Policy(office="清河区督查室")
    async with open_stage(folder, at=at, policy=policy, flood_control=False, database_url=database_url) as stage:
        found = given or notice()
        stage.adopt(found, repr(found).encode())
        people = Cast(
            stage,
            wang=stage.api.user(2001, "王", "科"),
            zhang=stage.api.user(1001, "张", "敏"),
            li=stage.api.user(1002, "李", "丽"),
            outsider=stage.api.user(9009, "路", "人"),
        )
        if registered:
            code = stage.invite_person(Role.SUPERVISOR, "王科").code
            await people.say(people.wang, f"/start {code}")
            await people.register(people.zhang, "区发改局")
            await people.register(people.li, "区教体局")
        recorder = record(stage.api, stage.clock)
        yield people
        if recorder is not None:
            recorder.catch_up()
