"""Pictures of conversations for the handbooks, drawn from docs/conversations.md: a phone's screen as .svg."""

import re
import unicodedata
from dataclasses import dataclass, field
from html import escape

from tests.transcripts import DOCUMENT

FOLDER = DOCUMENT.parent / "pictures"
PICTURES = {  # file name: the heading of the conversation it shows, and which of its messages
    "register": ("凭邀请码或邀请链接登记", 0, 3),
    "sign": ("查看任务清单并签收", 0, 4),
    "report": ("只有一项任务时，分点不分份", 0, 4),
    "remind": ("逾期后逐级告知", 11, 14),
    "overdue": ("查看逾期未报", 7, 10),
    "adopt": ("发送通知文件，核对后采用", 0, 5),
    "review": ("退回修改", 4, 10),
    "slip": ("督查单：建议、签发、签收、销单", 7, 13),
    "status": ("查看本期报送情况", 11, 13),
    "inspection": ("现场督查：安排、记录、整改、结束", 9, 19),
    "returned": ("退回修改", 10, 15),
    "extend": ("一句话申请延期", 0, 6),
    "rectify": ("现场督查：安排、记录、整改、结束", 24, 30),
}
WIDTH, MARGIN, BUBBLE = 400, 12, 320  # pixels
SIZE, LINE, PAD = 15, 22, 10
COLUMNS = 40  # half-width characters on a line
NEVER_FIRST = "）】」〕”’，。、；：！？"  # signs that do not begin a line
NEVER_LAST = "（【「〔“‘"  # signs that do not end one
SPOKEN = re.compile(r"\*\*(.+?)\*\*：(.*)", re.DOTALL)
BUTTONS = re.compile(r"`\[(.+?)\]`")
STYLE = "font-family:'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"


@dataclass(slots=True)
class Said:
    """One message: who said it, its lines, its rows of buttons; `who` is empty for the time that passes."""

    who: str
    lines: list[str]
    buttons: list[list[str]] = field(default_factory=list)

    @property
    def is_bot(self) -> bool:
        """Whether the bot says it."""
        return self.who.startswith("机器人")


def scene(heading: str) -> list[Said]:
    """Read a conversation's messages back out of the document.

    Raises: KeyError where there is no such heading.
    """
    found = re.search(
        rf"^### {re.escape(heading)}\n(.*?)(?=^##|\Z)", DOCUMENT.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    if found is None:
        raise KeyError(heading)
    told: list[Said] = []
    for block in re.split(r"\n>\n(?!>\n)", found[1]):
        lines = [re.sub(r"^> ?", "", line).removesuffix("\\") for line in block.splitlines() if line.startswith(">")]
        if spoken := SPOKEN.fullmatch("\n".join(lines)):
            words = [line for line in spoken[2].split("\n") if not BUTTONS.match(line)]
            rows = [BUTTONS.findall(line) for line in spoken[2].split("\n") if BUTTONS.match(line)]
            told.append(Said(spoken[1], [re.sub(r"\\(.)", r"\1", line) for line in words], rows))
        elif lines and lines[0].startswith("*"):
            told.append(Said("", [lines[0].strip("*（）")]))
    return told


def drawn(messages: list[Said]) -> str:
    """Draw messages below each other: the bot's on the left, people's on the right."""
    shapes: list[str] = []
    y = MARGIN
    for said in messages:
        y = _draw(said, y, shapes)
    frame = f'<rect width="{WIDTH}" height="{y}" rx="14" fill="#e7ebf0"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" style="{STYLE}">'
    return "\n".join([head, frame, *shapes, "</svg>"]) + "\n"


def write_pictures() -> None:
    """Draw every picture anew."""
    for name, text in pictures().items():
        (FOLDER / f"{name}.svg").write_text(text, "utf-8")


def pictures() -> dict[str, str]:
    """Draw every picture: file name without ending, and its text."""
    return {name: drawn(scene(heading)[first:last]) for name, (heading, first, last) in PICTURES.items()}


def _draw(said: Said, y: int, shapes: list[str]) -> int:
    if not said.who:
        shapes.append(_text(WIDTH // 2, y + SIZE, said.lines[0], size=12, anchor="middle", fill="#65737e"))
        return y + LINE + PAD
    lines = [part for line in said.lines for part in _wrapped(line)]
    wide = BUBBLE if said.buttons else min(BUBBLE, max(map(_columns, [*lines, said.who])) * SIZE // 2 + 2 * PAD + 4)
    x = MARGIN if said.is_bot else WIDTH - MARGIN - wide
    high = LINE * (len(lines) + 1) + PAD
    shapes.append(f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="10" fill="{_paper(said)}"/>')
    shapes.append(_text(x + PAD, y + 18, said.who, size=12, fill="#3a6d99"))
    shapes += [_text(x + PAD, y + 18 + LINE * (n + 1), line) for n, line in enumerate(lines)]
    y += high + 4
    for row in said.buttons:
        each = (wide - 4 * (len(row) - 1)) // len(row)
        for n, label in enumerate(row):
            left = x + n * (each + 4)
            shapes.append(f'<rect x="{left}" y="{y}" width="{each}" height="30" rx="7" fill="#c9d6e3"/>')
            shapes.append(_text(left + each // 2, y + 20, _short(label, each), size=13, anchor="middle"))
        y += 34
    return y + PAD


def _paper(said: Said) -> str:
    return "#ffffff" if said.is_bot else "#dcf4c9"


def _text(x: int, y: int, text: str, *, size: int = SIZE, anchor: str = "start", fill: str = "#1c1e21") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{fill}">{escape(text)}</text>'


def _wrapped(line: str) -> list[str]:
    lines = [""]
    for sign in line:
        if _columns(lines[-1] + sign) > COLUMNS:
            kept, carried = lines[-1], ""
            while len(kept) > 1 and _belong(kept[-1], (carried + sign)[0]):
                kept, carried = kept[:-1], kept[-1] + carried
            lines[-1:] = [kept, carried]
        lines[-1] += sign
    return lines


def _belong(before: str, after: str) -> bool:
    """Whether a line is not broken between these signs: within a number or an English word, at brackets and stops."""
    is_word = all(sign.isascii() and (sign.isalnum() or sign in "/:.") for sign in (before, after))
    return is_word or after in NEVER_FIRST or before in NEVER_LAST


def _short(label: str, width: int) -> str:
    most = width * 2 // 13 - 2
    while _columns(label) > most:
        label = label.removesuffix("…")[:-1] + "…"
    return label


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)
