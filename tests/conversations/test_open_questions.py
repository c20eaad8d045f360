"""Whatever is sent while a question is open is answered, and either the question stands or the text is kept."""

import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from duban.rehearsal.botapi import User
from duban.rehearsal.stage import DATABASE
from notices.notice import Notice, Owner
from storage.conversations import Asked
from storage.conversations import asked as asked_in
from storage.states import Role
from tests.cast import MORNING, Cast, cast, local, notice, task
from tests.conversations.looking import rows
from tests.conversations.test_attesting import ASKS
from tests.conversations.test_calendars import GIVEN, NOVEMBER, arrangement
from tests.conversations.test_inspecting import AT, DAY, TASKS, ordered, planned
from tests.conversations.test_planning import EARLY, asking
from tests.conversations.test_slips import overdue as overdue_long
from tests.conversations.test_taking_in import NOTICE
from tests.conversations.test_tasks import TWO_LISTS
from tests.transcripts import SAID

SUPPORTED = (Owner("区发改局", "lead"), Owner("区教体局", "support"))
LED = notice(*(replace(task(no, "区发改局"), owners=SUPPORTED) for no in (1, 2)))
LED_AND_OWN = notice(replace(task(1, "区发改局"), owners=SUPPORTED), task(3, "区教体局"))
BOTH_LISTS = replace(TWO_LISTS, tasks=(*TWO_LISTS.tasks, task(5, "区教体局")))
UNLIMITED = notice(max_length=None)
PLAN = asking(due=date(2025, 2, 18))
CLOSED = local("2025-04-21 10:00")
LATE = local("2025-04-11 10:00")
HARD = notice(soft=False)
TWICE = notice(task(3, "区发改局"), task(3, "区教体局", text="新建3所学校。"))
INSPECTED, SPRING, ON_THE_SPOT = TASKS, AT, local(DAY)
REPORT = "3所学校均已开工，完成投资2亿元，其余项目正在招标。"

# --- what may be sent at any time ------------------------------------------------------------------------------------

TEXTS = {
    "forwarded": REPORT,
    "a report": REPORT,
    "a short report": "已完成3个项目。",
    "4096 characters": "长" * 4096,
    "right-to-left marks": "\u202e已完成3个项目，\u200f完成投资2亿元。\u202c",
    "traditional characters": "三所學校均已開工，完成投資２億元。",
    "markup": "已完成<b>3</b>个&amp;'; DROP TABLE report; --",
    "a reason": "因连续降雨停工。",
    "a date that is none": "4月31日",
    "a date long past": "2020年1月1日",
    "a number out of range": "99",
    "nothing": "0",
    "a negative number": "-1",
    "another unit's task": "任务8",
    "a full-width number": "９",
}
WORDS = {
    "emoji": "👍🏽👨‍👩‍👧",
    "courtesy": "收到，谢谢！",
    "a zero-width space": "\u200b",
    "an unknown command": "/nothing 3",
    "a command in Chinese": "／报送",
    "a full-width command": "／ｔａｓｋｓ",
    "a command with nonsense": "/task 99999999999999999999",
    "a wrong code": "/start AAAAAAAAAAAAAAAAAAAAAA",
}
TYPED = ("是", "确认", "跳过", "提交", "修改", "取消", "同意", "签收")


def sticker(people: Cast, who: User) -> None:
    who.sticker()


def voice(people: Cast, who: User) -> None:
    push(people, who, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})


def album(people: Cast, who: User) -> None:
    who.media_group(3)


def photo(people: Cast, who: User) -> None:
    who.photo()


def edited_command(people: Cast, who: User) -> None:
    who.edit(who.send("/help"), "/report")


def edited_stranger(people: Cast, who: User) -> None:
    """Edit a message the bot never saw."""
    push(people, who, "edited_message", message_id=66_001, edit_date=1_742_436_000, text="改了")


def old_button(people: Cast, who: User) -> None:
    who.press_raw("AAAAAAAAAAAA:0", next(m for m in reversed(who.inbox)).message_id)


OTHERS: dict[str, Callable[[Cast, User], None]] = {
    "a sticker": sticker,
    "a voice message": voice,
    "an album": album,
    "a photo": photo,
    "an edited command": edited_command,
    "an edit of what was never seen": edited_stranger,
    "an old button": old_button,
}


def push(people: Cast, who: User, kind: str = "message", **content: object) -> None:
    """Hand the bot an update of any shape."""
    head = {"message_id": 77_001, "date": 1_742_436_000, "from": who.card, "chat": {"id": who.id, "type": "private"}}
    people.stage.api.push_raw(f'"{kind}": ' + json.dumps({**head, **content}))


TOO_LONG = "4096 characters"
INPUTS = [*TEXTS, *WORDS, *TYPED, *OTHERS]
ALWAYS = {"a report", TOO_LONG, "a command in Chinese", "确认", "取消"}
REFUSING = {  # questions answered in words of which there can be too many
    "broadcast: text",
    "due: reason",
    "edit: reason",
    "edit: text",
    "enter: hard limit",
    "inspect: cancel",
    "inspect: measure",
    "return_measure",
    "review_reason",
    "slip: close",
    "slip: preview",
    "waive: reason",
    "why",
}
HARMLESS = {  # leave the question as it was
    "an unknown command",
    "a command in Chinese",
    "a wrong code",
    "a sticker",
    "a voice message",
    "an edit of what was never seen",
    "an old button",
}
UNHANDLED = "SELECT state, error FROM inbox WHERE state <> 'done'"
UNSENT = "SELECT kind, state, reason FROM outbox WHERE state NOT IN ('sent', 'cancelled')"

# --- every question that can be open ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """How a question comes to be open, and in whose chat."""

    who: str
    steps: tuple[str | Callable[[Cast], Awaitable[object]], ...] = ()
    given: Notice | None = None
    at: datetime = MORNING


def press(button: str, who: str | None = None) -> Callable[[Cast], Awaitable[object]]:
    """Press a button, of the person asked or of somebody else."""

    async def do(people: Cast) -> object:
        return await people.press(getattr(people, who or "li"), button)

    return do


def move(at: datetime) -> Callable[[Cast], Awaitable[object]]:
    async def do(people: Cast) -> object:
        return await people.stage.move_to(at)

    return do


def unnoticed(at: datetime) -> Callable[[Cast], Awaitable[object]]:
    """Let time pass without the clock's work."""

    async def do(people: Cast) -> None:
        people.stage.clock.set(at)

    return do


def say(who: str, *texts: str) -> Callable[[Cast], Awaitable[object]]:
    """Have somebody send texts."""

    async def do(people: Cast) -> None:
        for text in texts:
            await people.say(getattr(people, who), text)

    return do


async def second_unit(people: Cast) -> None:
    await people.register(people.zhang, "区教体局")


async def two_files(people: Cast) -> None:
    await people.say(people.li, REPORT)
    for name in ("一.pdf", "二.pdf"):
        await people.send_file(people.li, b"%PDF-1.7", name)


async def two_halves(people: Cast) -> None:
    people.zhang.send("1. " + "已完成3个项目。" * 500)
    people.zhang.send("其余正在招标，共6个。")
    await people.stage.settle()


async def edited_when_closed(people: Cast) -> None:
    sent = people.li.send(REPORT)
    await people.stage.settle()
    await people.say(people.li, "提交")
    await people.stage.move_to(CLOSED)
    people.li.edit(sent, "已完成4个项目。")
    await people.stage.settle()


async def a_notice(people: Cast) -> None:
    await people.send_file(people.wang, NOTICE, "通知.txt")


async def reports_waiting(people: Cast) -> None:
    """Two reports without a finding wait for review."""
    for who, text in ((people.li, REPORT), (people.zhang, "1. 已完成3个项目，其余正在招标，预计下月开工。")):
        await people.say(who, text)
        await people.say(who, "提交")


async def an_arrangement(people: Cast) -> None:
    """An administrator sends next year's days off; 王科 is made one for it."""
    await people.say(people.wang, f"/start {people.stage.invite_person(Role.ADMIN, '王科').code}")
    await people.send_file(people.wang, arrangement(("2027-01-04", True)), "2027.json")


async def measure_answered(people: Cast) -> None:
    await ordered(people)
    await people.say(people.li, "整改1 灭火器已全部更换")


async def two_deletions(people: Cast) -> None:
    for who in (people.zhang, people.li):
        await people.say(who, "/forget")
        await people.say(who, "申请删除")
    await people.say(people.wang, "同意删除")


ACCEPTED = (REPORT, "提交", move(CLOSED))
EXTENSION = say("li", "/extend 3 4月25日 因供地手续未办完", "跳过", "确认")
QUESTIONS = {
    "phone": Question("li"),
    "draft": Question("li", (REPORT,)),
    "report_on": Question("zhang", ("/report", "2")),
    "offer": Question("zhang", ("/report",)),
    "choose": Question("zhang", (REPORT,)),
    "part: problems": Question("li", (REPORT, "补充")),
    "part: stage": Question("li", (REPORT, "补充", "跳过", "跳过")),
    "reason": Question("li", ("长" * 201, "提交")),
    "correct": Question("li", (REPORT, "提交", "已完成4个项目。")),
    "attest": Question("li", (REPORT, "提交"), ASKS),
    "remove_file": Question("li", (two_files, "删除附件")),
    "withdraw": Question("zhang", ("1. 已完成3个项目。\n2. 已完成5个项目。", "提交", "撤回")),
    "withdraw_late": Question("li", (REPORT, "提交", move(LATE), "撤回")),
    "closed": Question("li", (edited_when_closed,)),
    "correct_which": Question("zhang", ("1. 已完成3个项目。\n2. 已完成5个项目。", "提交", move(CLOSED), "/correct")),
    "correct_text": Question("li", (*ACCEPTED, "/correct")),
    "correct_reason": Question("li", (*ACCEPTED, "/correct", "已完成4个项目。")),
    "refuse_correction": Question(
        "wang",
        (say("li", REPORT, "提交"), move(CLOSED), say("li", "/correct", "已完成4个项目。", "数据有误"), "不同意更正"),
    ),
    "join": Question("zhang", (two_halves,), UNLIMITED),
    "ask_which": Question("zhang", ("/ask",), LED),
    "ask": Question("zhang", ("/ask 1",), LED),
    "asked": Question("zhang", ("/ask 1", "发出"), LED),
    "contribute": Question("li", (say("zhang", "/ask 1", "发出"), press("回复")), LED_AND_OWN),
    "which_of_tasks": Question("zhang", ("/task 3",), BOTH_LISTS),
    "which_unit": Question("zhang", (second_unit, "/handover")),
    "handover": Question("li", ("/handover",)),
    "leave": Question("li", ("/leave",)),
    "extend: task": Question("zhang", ("/extend",)),
    "extend: date": Question("li", ("/extend 3",)),
    "extend: reason": Question("li", ("/extend 3", "4月25日")),
    "extend: progress": Question("li", ("/extend 3 4月25日 因供地手续未办完",)),
    "extend: confirm": Question("li", ("/extend 3 4月25日 因供地手续未办完", "跳过")),
    "complete: task": Question("zhang", ("/done",)),
    "complete: text": Question("li", ("/done",)),
    "complete: counts": Question("li", ("/done 3 三所学校全部建成投用。",)),
    "complete: confirm": Question("li", ("/done 3 三所学校全部建成投用。", "否")),
    "away": Question("li", ("/away",)),
    "away: sure": Question("li", ("/away 3月18日-3月25日",)),
    "decide: date": Question("wang", (EXTENSION, press("另定日期", "wang"))),
    "decide: reason": Question("wang", (EXTENSION, press("不同意", "wang"))),
    "plan_pick": Question("zhang", ("/plan",), PLAN, EARLY),
    "plan": Question("li", ("/plan",), PLAN, EARLY),
    "plan: preview": Question("li", ("/plan", "选址", "跳过", "跳过", "跳过", "李校长", "跳过"), PLAN, EARLY),
    "forget": Question("li", ("/forget",)),
    "deletion": Question("wang", (two_deletions,)),
    "remind_which": Question("wang", (move(LATE), "催办")),
    "remind": Question("wang", (unnoticed(LATE), "催办 区发改局")),
    "intake": Question("wang", (a_notice,)),
    "review": Question("wang", (reports_waiting, "/review")),
    "review_reason": Question("wang", (reports_waiting, "/review", "退回")),
    "accept_all": Question("wang", (reports_waiting, "/review", "全部通过")),
    "enter: unit": Question("wang", ("/enter",)),
    "enter: task": Question("wang", ("/enter 区发改局",)),
    "enter: source": Question("wang", ("/enter 区教体局 3",)),
    "enter: received": Question("wang", ("/enter 区教体局 3 电话",)),
    "enter: text": Question("wang", ("/enter 区教体局 3 电话 今天9点",)),
    "enter: hard limit": Question("wang", ("/enter 区教体局 3 电话 今天9点",), HARD),
    "enter: confirm": Question("wang", ("/enter 区教体局 3 电话 今天9点 已完成3个项目。",)),
    "waive: which": Question("wang", ("/waive 3 因暂停报送",), TWICE),
    "waive: reason": Question("wang", ("/waive 区教体局 3",)),
    "waive: confirm": Question("wang", ("/waive 区教体局 3 因机构改革职能划转",)),
    "resume": Question("wang", ("/pause", move(local("2025-04-07 09:30")), "/resume")),
    "broadcast: text": Question("wang", ("/broadcast",)),
    "broadcast: confirm": Question("wang", ("/broadcast 4月12日9时召开调度会。",)),
    "slip: preview": Question("wang", (overdue_long, "/slip 区教体局 3")),
    "slip: close": Question("wang", (overdue_long, "/slip 区教体局 3", "签发", "/slip 销单 1号")),
    "inspect: units": Question("wang", ("/inspect 4月17日",), INSPECTED, SPRING),
    "inspect: tasks": Question("wang", ("/inspect 区教体局 4月17日",), INSPECTED, SPRING),
    "inspect: announced": Question("wang", ("/inspect 区教体局 4月17日 任务3",), INSPECTED, SPRING),
    "inspect: confirm": Question("wang", ("/inspect 区教体局 4月17日 任务3 通知",), INSPECTED, SPRING),
    "inspect: finding": Question("wang", (planned, move(ON_THE_SPOT), "/inspect 记录 1"), INSPECTED, SPRING),
    "inspect: cancel": Question("wang", (planned, "/inspect 取消 1"), INSPECTED, SPRING),
    "inspect: measure": Question("wang", (planned, "/inspect 整改要求 1"), INSPECTED, SPRING),
    "inspect: measure due": Question("wang", (planned, "/inspect 整改要求 1 更换灭火器"), INSPECTED, SPRING),
    "inspect: measure sure": Question("wang", (planned, "/inspect 整改要求 1 4月30日 更换灭火器"), INSPECTED, SPRING),
    "rectify: text": Question("li", (ordered, "答复整改"), INSPECTED, SPRING),
    "rectify: more": Question("li", (ordered, "整改1 灭火器已全部更换"), INSPECTED, SPRING),
    "return_measure": Question("wang", (measure_answered, "整改退回 1"), INSPECTED, SPRING),
    "edit: task": Question("wang", ("/edit",)),
    "edit: what": Question("wang", ("/edit 3",)),
    "edit: text": Question("wang", ("/edit 3", "内容")),
    "edit: units": Question("wang", ("/edit 3", "单位")),
    "edit: reason": Question("wang", ("/edit 3", "内容", "新建5所学校。")),
    "edit: new task": Question("wang", ("/edit 新增",)),
    "due: period": Question("wang", ("/due",)),
    "due: until": Question("wang", ("/due 一季度",)),
    "due: sure": Question("wang", ("/due 一季度 月底",)),
    "due: reason": Question("wang", ("/due 一季度 4月15日",)),
    "why": Question("wang", ("/people 区教体局", "撤销职务1")),
    "put_right": Question("wang", ("/edit 3 内容 新建5所学校。 因上级调整任务",)),
    "people": Question("wang", ("/people 区教体局",)),
    "calendar": Question("wang", (an_arrangement,), GIVEN, NOVEMBER),
}


@dataclass
class Chat:
    """A person's chat in which a question is open, as it was then."""

    name: str
    people: Cast
    who: User
    database: Path
    before: Path

    def question(self) -> Asked | None:
        return self.people.stage.store.read_now(lambda tx: asked_in(tx, self.who.id))

    def rewind(self) -> None:
        """Set the database back to when the question was asked."""
        with closing(sqlite3.connect(self.before)) as then, closing(sqlite3.connect(self.database)) as now:
            then.backup(now)
        self.people.stage.service.desk._seen = 0

    async def problems_of(self, label: str, do: Callable[[User], object], text: str | None = None) -> list[str]:
        """Have the person do something, name what went wrong with it, and set everything back."""
        asked, journal = self.question(), self.people.stage.api.journal
        seen, held = journal.seq, rows(self.people, UNSENT)  # held: while sending is paused
        do(self.who)
        await self.people.stage.settle()
        now = self.question()
        found = [] if any(self._is_answer(entry) for entry in journal.since(seen)) else ["no answer"]
        found += [f"unhandled: {row}" for row in rows(self.people, UNHANDLED)]
        found += [f"unsent: {row}" for row in rows(self.people, UNSENT) if row not in held]
        if label in HARMLESS and now != asked:
            found.append(f"the question went: {now}")
        if text is not None and asked is not None and self.name in REFUSING and label == TOO_LONG:
            found += [] if now is not None and now.kind == asked.kind else ["taken though it is too long"]
            found += [] if self.holds(text) else ["refused and not kept"]
        if text is not None and (now is None or asked is None or now.kind != asked.kind) and not self.holds(text):
            found.append(f"lost: {now}")
        self.rewind()
        return [f"{label}: {each} · {self.who.last.text[:60]!r}" for each in found]

    def _is_answer(self, entry: Any) -> bool:
        if entry.method == "answerCallbackQuery":
            return bool(entry.args.get("text"))
        return bool(entry.delivered and entry.method in SAID and entry.args.get("chat_id") == self.who.id)

    def holds(self, text: str) -> bool:
        """Whether a text is kept anywhere but as what was received and said."""
        bare = text.strip().rstrip("。")
        tables = [name for (name,) in rows(self.people, "SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [name for name in tables if name not in ("inbox", "outbox", "audit", "alembic_version")]
        return any(
            isinstance(value, str) and (bare in value or json.dumps(bare)[1:-1] in value)
            for name in kept
            for row in rows(self.people, f'SELECT * FROM "{name}"')
            for value in row
        )


async def opened(name: str, people: Cast, folder: Path) -> Chat:
    """Play the steps up to a question."""
    question = QUESTIONS[name]
    who = getattr(people, question.who)
    for step in question.steps:
        await (people.say(who, step) if isinstance(step, str) else step(people))
    chat = Chat(name, people, who, folder / DATABASE, folder / "before.db")
    with closing(sqlite3.connect(chat.database)) as now, closing(sqlite3.connect(chat.before)) as then:
        now.backup(then)
    return chat


def tried(name: str) -> list[str]:
    """Give what is sent to a question: of each kind's steps one after the other every third thing, and some always."""
    place = list(QUESTIONS).index(name)
    return [label for turn, label in enumerate(INPUTS) if label in ALWAYS or (turn + place) % 3 == 0]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_whatever_is_sent_is_answered_and_nothing_lost(tmp_path: Path, name: str) -> None:
    question = QUESTIONS[name]
    async with cast(tmp_path, given=question.given, at=question.at) as people:
        chat = await opened(name, people, tmp_path)
        asked = chat.question()
        assert asked is not None, chat.who.last.text
        assert asked.kind == name.partition(":")[0]
        problems: list[str] = []
        for label in tried(name):
            if label in TEXTS:
                act = partial(User.forward if label == "forwarded" else User.send, text=TEXTS[label])
                problems += await chat.problems_of(label, act, TEXTS[label])
            elif label in OTHERS:
                problems += await chat.problems_of(label, partial(OTHERS[label], people))
            else:
                problems += await chat.problems_of(label, partial(User.send, text=WORDS.get(label, label)))
    assert not problems, "\n".join(problems)


def test_every_question_that_is_asked_is_in_the_table() -> None:
    office = Path(__file__).parent.parent.parent / "office"
    asked = {
        kind
        for file in office.rglob("*.py")
        for kind in re.findall(r'conversations\.ask\(\s*work\.tx, \w+\.chat_id, "(\w+)"', file.read_text("utf-8"))
    }
    assert asked == {name.partition(":")[0] for name in QUESTIONS}
