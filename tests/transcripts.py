"""Conversations written down as they are played: who said what, what the bot answered, with which buttons.

A test marked with `transcript` is written into docs/conversations.md by `python -m tests.conversations.write`, and
fails when what it plays is not what stands there.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot.words import LANGUAGES, catalogue
from duban.rehearsal.botapi import BotApi, Entry
from rules.clock import Clock

CHAPTERS = (
    "登记",
    "任务和签收",
    "报送",
    "附件",
    "修改和更正",
    "年度计划和表格",
    "牵头和配合",
    "延期、办结和外出",
    "提醒和逾期",
    "督查人员",
    "立项",
    "菜单和语言",
    "个人信息",
)
DOCUMENT = Path(__file__).parent.parent / "docs" / "conversations.md"
HEAD = """# 对话实录

以下对话由自动测试逐条演练、自动写成（`make conversations`），与程序的实际表现一致；与实际不符时，测试不能通过。
方括号内是按钮；不按按钮、发送同样的文字也可以。人物：联络员张敏（区发改局，任务1、2）、李丽（区教体局，任务3），
督查人员王科；路人没有受邀。
"""
TOAST = "answerCallbackQuery"
SAID = ("sendMessage", "editMessageText", "sendDocument", "sendPhoto")
CODE = re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])")
SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")
NUMBERED = re.compile(r"^(\s*\d+)([.)])", re.MULTILINE)
ZONE = ZoneInfo("Asia/Shanghai")  # the stage's
DONE = {catalogue(language)["toast.done"] for language in LANGUAGES}  # what a press that did its work shows
SERVICE = {"new_chat_members", "migrate_to_chat_id", "migrate_from_chat_id"}  # messages nobody wrote
LONGEST = 120  # characters of what a person wrote that are shown
A_WHILE = timedelta(minutes=30)
Test = TypeVar("Test", bound=Callable[..., Any])


@dataclass
class Scene:
    """One conversation of the document."""

    chapter: str
    heading: str
    situation: str
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.chapter not in CHAPTERS:
            raise ValueError(f"no chapter {self.chapter}; there are: {', '.join(CHAPTERS)}")

    def written(self) -> str:
        """Give the conversation as it stands in the document."""
        return f"### {self.heading}\n\n{self.situation}\n\n" + "\n>\n".join(self.lines) + "\n"


PLAYING: ContextVar[Scene | None] = ContextVar("playing", default=None)


def transcript(chapter: str, heading: str, situation: str) -> Callable[[Test], Test]:
    """Have a conversation test written down under this heading, with one line that says what it is about."""

    def mark(test: Test) -> Test:
        test.scene = (chapter, heading, situation)  # type: ignore[attr-defined]
        return test

    return mark


def scene_of(test: object) -> Scene | None:
    """Give a marked test's scene, empty."""
    told = getattr(test, "scene", None)
    return Scene(*told) if told else None


@contextmanager
def playing(scene: Scene) -> Iterator[None]:
    """Write down what is played meanwhile."""
    token = PLAYING.set(scene)
    try:
        yield
    finally:
        PLAYING.reset(token)


class Recorder:
    """Writes one stage's traffic into the scene that is being played, from here on."""

    def __init__(self, scene: Scene, server: BotApi, clock: Clock) -> None:
        self._scene, self._server, self._clock = scene, server, clock
        self._seen = server.journal.seq
        self._speaker: int | None = None
        self._last = clock.now()
        push = server.world.updates.push

        def listen(kind: str, payload: Any, **options: Any) -> int | None:
            self.catch_up()
            self._person(kind, payload)
            return push(kind, payload, **options)

        server.world.updates.push = listen  # type: ignore[method-assign]

    def begin(self) -> None:
        """Begin the scene here: what was said before is left out."""
        self.catch_up()
        self._scene.lines.clear()

    def catch_up(self) -> None:
        """Write what the bot said since the last call, chat by chat: which of several chats came first is chance."""
        moment: list[Entry] = []
        for entry in self._server.journal.since(self._seen):
            if moment and entry.at - moment[-1].at >= A_WHILE:
                self._write(moment)
                moment = []
            if entry.delivered and entry.method in (*SAID, TOAST):
                moment.append(entry)
        self._write(moment)
        self._seen = self._server.journal.seq

    def _write(self, moment: list[Entry]) -> None:
        if moment:
            self._pass_time(moment[0].at)
        for entry in sorted(moment, key=lambda e: (e.method == TOAST, e.chat_id != self._speaker, e.chat_id or 0)):
            if entry.method == TOAST:
                self._toast(entry.args.get("text", ""))
            else:
                self._bot(entry.method, entry.args)

    def _person(self, kind: str, payload: Any) -> None:
        self._pass_time(self._clock.now())
        card, chat = payload["from"], payload.get("message", payload).get("chat", {})
        if SERVICE & payload.keys():
            return
        self._speaker = card["id"]
        self._say(f"{_name(card)}{_place(chat)}", *_spoken(kind, payload))

    def _bot(self, method: str, args: Any) -> None:
        chat = self._server.world.chats[args["chat_id"]]
        to = _place(chat.card) or ("" if chat.id == self._speaker else f"（对{_name(chat.card)}）")
        changed = "（改为）" if method == "editMessageText" else ""
        shown = args.get("text") or args.get("caption") or ""
        file = [f"〔文件 {_file_name(args)}〕"] if method in ("sendDocument", "sendPhoto") else []
        self._say(f"机器人{to}{changed}", shown, *file, *_buttons(args))

    def _toast(self, text: str) -> None:
        if text and text not in DONE:
            self._scene.lines.append(f"> （弹出提示：{_escaped(text)}）")

    def _pass_time(self, at: datetime) -> None:
        if at - self._last >= A_WHILE:
            local = at.astimezone(ZONE)
            self._scene.lines.append(f"> *（{local.month}月{local.day}日 {local:%H:%M}）*")
            self._speaker = None
        self._last = max(at, self._last)

    def _say(self, who: str, text: str, *more: str) -> None:
        first, *rest = [*_escaped(text).split("\n"), *more]
        lines = [f"> {line}" if line else ">" for line in (f"**{who}**：{first}", *rest)]
        self._scene.lines.append("\\\n".join(lines))


def record(server: BotApi, clock: Clock) -> Recorder | None:
    """Begin to write down a stage's traffic, where a scene is being played."""
    scene = PLAYING.get()
    return None if scene is None else Recorder(scene, server, clock)


def _spoken(kind: str, payload: Any) -> tuple[str, ...]:
    if kind == "callback_query":
        buttons = payload["message"].get("reply_markup", {}).get("inline_keyboard", [])
        label = next((b["text"] for row in buttons for b in row if b.get("callback_data") == payload["data"]), "？")
        return (f"〔按〕[{label}]",)
    if kind == "my_chat_member" and _place(payload["chat"]):
        return (f"〔把机器人加进群聊“{payload['chat']['title']}”〕",)
    if kind == "my_chat_member":
        return ("〔停用机器人〕" if payload["new_chat_member"]["status"] == "kicked" else "〔重新启用机器人〕",)
    text = payload.get("text") or payload.get("caption") or ""
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}……（全文{len(text)}字）"
    quoted = payload.get("reply_to_message")
    if quoted is not None:
        line = str(quoted.get("text") or "").split("\n")[0]
        text = f"〔引用“{line[:16]}”〕{text}"
    if kind == "edited_message":
        text = f"〔编辑原消息〕{text}"
    if "document" in payload:
        text = f"〔文件 {payload['document']['file_name']}〕{text}"
    if "contact" in payload:
        text = "〔发送本人号码〕" if payload["contact"].get("user_id") == payload["from"]["id"] else "〔他人名片〕"
    for name, shown in (("photo", "〔图片〕"), ("sticker", "〔贴纸〕")):
        if name in payload:
            text = shown + text
    return (text,)


def _buttons(args: Any) -> list[str]:
    markup = args.get("reply_markup")
    rows = (markup.get("inline_keyboard") or markup.get("keyboard") or []) if isinstance(markup, dict) else []
    return [" ".join(f"`[{button['text']}]`" for button in row) for row in rows]


def _file_name(args: Any) -> str:
    found = re.match(r"Upload\('(.+)', \d+ bytes\)", str(args.get("document") or args.get("photo")))
    return found[1] if found else "？"


def _name(card: Any) -> str:
    given = card.get("last_name", "")
    return f"{card['first_name']}{given}"


def _place(chat: Any) -> str:
    return "" if chat.get("type", "private") == "private" else "（群里）"


def _escaped(text: str) -> str:
    return NUMBERED.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", CODE.sub("（邀请码）", text)))
