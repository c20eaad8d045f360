"""A saved web page, or a text with HTML tables in it, as plain lines: tables as rows between pipes, the site's frame left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE: Final = re.compile(r"<(?:!doctype\s+html|html|body)\b", re.IGNORECASE)
_TABLE: Final = re.compile(r"<table\b", re.IGNORECASE)
_TABLE_END: Final = re.compile(r"</table\s*>", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^<>]{0,4000}>|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:]{0,15})(?P<rest>[^<>]{0,4000})>",
    re.DOTALL,
)
_NOTHING_OF: Final = re.compile(
    r"<(?P<name>script|style|head|nav|header|footer|select|noscript|svg|iframe|aside)\b[^<>]*>.*?(?:</(?P=name)\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_BLOCKS: Final = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "hr",
        "dd",
        "dt",
        "dl",
        "blockquote",
        "pre",
        "center",
        "tr",
        "table",
    ]
)
_SPAN: Final = re.compile(r"(rowspan|colspan)\s*=\s*[\"']?\s*([0-9]{1,4})", re.IGNORECASE)
_BOLD: Final = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_FRAME: Final = re.compile(
    r"当前位置|您(?:现在)?(?:的|所在)位置|索\s*引\s*号|发布机构|主题分类|信息分类|浏览次数|阅读次数|访问量|点击(?:数|量)|【?打印|关闭窗口|字号[:：【]|分享到|扫一扫|网站地图|ICP备|公网安备"
    r"|版权所有|技术支持|主办单位[:：].*(?:承办|网站)|无障碍|Copyright|网站标识码|上一篇|下一篇|相关(?:解读|链接|文件|阅读)"
)
_LONGEST_FRAME: Final = 120
_LONGEST_CELL: Final = 4000
_WIDEST: Final = 60
_DEEPEST: Final = 20
MERGED: Final = "^^"


def plain(text: str) -> str:
    """Return the text without HTML; a text that has none is returned as it is."""
    if _PAGE.search(text[:4000]):
        return "\n".join(
            line for line in _lines(_NOTHING_OF.sub("\n", text), source_lines=False) if not _is_frame(line)
        )
    if _TABLE.search(text):
        return "\n".join(_around_tables(text))
    return text


def _around_tables(text: str) -> Iterator[str]:
    """Give the text's own lines as they are, and its tables as rows."""
    at = 0
    while begins := _TABLE.search(text, at):
        ends = _TABLE_END.search(text, begins.end())
        end = ends.end() if ends else len(text)
        yield text[at : begins.start()]
        yield from _lines(text[begins.start() : end], source_lines=True)
        at = end
    yield text[at:]


@dataclass(slots=True)
class _Cell:
    """A cell that is being read: its lines, and how far it reaches."""

    rows: int = 1
    columns: int = 1
    lines: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return "<br>".join(self.lines).replace("|", "｜")


@dataclass(slots=True)
class _Table:
    """A table that is being read; one that holds other tables or whole pages lays out the page and is none."""

    rows: list[list[_Cell]] = field(default_factory=list)
    is_layout: bool = False

    def lines(self) -> Iterator[str]:
        """Give the rows between pipes, a cell that reaches down marked in the rows it reaches into."""
        longest = max((len(cell.words) for row in self.rows for cell in row), default=0)
        if self.is_layout or longest > _LONGEST_CELL or all(len(row) < 2 for row in self.rows):
            yield from (line for row in self.rows for cell in row for line in cell.lines)
            return
        reaching: dict[int, int] = {}
        for row in self.rows:
            cells = _placed(row, reaching)
            if any(word not in {"", MERGED} for word in cells):
                yield f"| {' | '.join(cells)} |"


def _placed(row: list[_Cell], reaching: dict[int, int]) -> list[str]:
    """Put a row's cells into their columns beside those that reach down from above."""
    cells: list[str] = []
    waiting = iter(row)
    cell = next(waiting, None)
    while len(cells) < _WIDEST and (cell or reaching.get(len(cells))):
        at = len(cells)
        if reaching.get(at):
            reaching[at] -= 1
            cells.append(MERGED)
        elif cell:
            for place in range(at, min(at + cell.columns, _WIDEST)):
                reaching[place] = cell.rows - 1
                cells.append(cell.words if place == at else "")
            cell = next(waiting, None)
    return cells


@dataclass(slots=True)
class _Page:
    """A page that is being read: lines of the page itself, and the tables that are open."""

    out: list[str] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    linked: int = 0
    links: int = 0
    bold: int = 0

    def say(self, words: str) -> None:
        """Take words; those of links are counted, since a line of links alone is the site's frame."""
        if not words.strip():
            self.words.append(" " if words else "")
            return
        self.linked += len(words.strip()) if self.links else 0
        self.words.append(f"**{words.strip()}**" if self.bold else words)

    def end_line(self) -> None:
        """Put the words taken so far where they belong: into the open cell, or on the page."""
        line = " ".join("".join(self.words).replace("****", "").split())
        is_link = bool(self.linked) and self.linked >= len(line.replace("*", "")) - 2 * line.count(" ") - 2
        self.words, self.linked = [], 0
        if not line or (is_link and not self.tables):
            return
        cell = self._cell()
        (cell.lines if cell else self.out).append(line)

    def close_table(self) -> None:
        """Give a finished table's lines to the cell it stands in, or to the page."""
        self.end_line()
        table = self.tables.pop()
        cell = self._cell()
        if cell:
            self.tables[-1].is_layout = True
        (cell.lines if cell else self.out).extend(table.lines())

    def _cell(self) -> _Cell | None:
        return (
            self.tables[-1].rows[-1][-1] if self.tables and self.tables[-1].rows and self.tables[-1].rows[-1] else None
        )


def _lines(markup: str, *, source_lines: bool) -> list[str]:
    """Return the page's lines in order."""
    page = _Page()
    at = 0
    for token in _TOKEN.finditer(markup):
        page.say(_unescaped(markup[at : token.start()]))
        at = token.end()
        if token["name"]:
            _take(page, token["name"].lower(), token["rest"], is_end=bool(token["end"]))
    page.say(_unescaped(markup[at:]))
    page.end_line()
    while page.tables:
        page.close_table()
    return page.out


def _take(page: _Page, name: str, rest: str, *, is_end: bool) -> None:
    if name in {"b", "strong"}:
        page.bold = max(0, page.bold + (-1 if is_end else 1))
    elif name == "a":
        page.links = max(0, page.links + (-1 if is_end else 1))
    elif name in {"td", "th", "tr", "table"}:
        page.end_line()
        _take_table(page, name, rest, is_end=is_end)
    elif name in _BLOCKS:
        page.end_line()


def _take_table(page: _Page, name: str, rest: str, *, is_end: bool) -> None:
    if name == "table":
        if not is_end and len(page.tables) < _DEEPEST:
            page.tables.append(_Table())
        elif is_end and page.tables:
            page.close_table()
    elif page.tables and not is_end:
        rows = page.tables[-1].rows
        if name == "tr" or not rows:
            rows.append([])
        if name != "tr":
            spans = {key.lower(): int(value) for key, value in _SPAN.findall(rest)}
            rows[-1].append(_Cell(max(1, spans.get("rowspan", 1)), max(1, spans.get("colspan", 1))))


def _unescaped(words: str) -> str:
    return unescape(words).replace("\xa0", " ")


def _is_frame(line: str) -> bool:
    return len(line) <= _LONGEST_FRAME and not line.startswith("| ") and bool(_FRAME.search(line))
