"""Which words in a table's header name which column, and where a header stands among the lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["no", "category", "text", "lead", "support", "shared", "leaders", "deadline", "other"]

_WORDS: Final[dict[Kind, str]] = {
    "no": "序号 编号 项号",
    "category": "类别 分类 类型 领域 板块 任务类别 项目类别 工作类别 方面",
    "text": "任务 目标任务 任务目标 重点任务 工作任务 主要任务 具体任务 任务名称 任务内容 工作内容 主要内容 工作目标 目标 事项 工作事项 重点事项 "
    "重点工作 重点工作任务 民生实事内容 实事内容 项目名称 项目内容 工作措施 工作举措 重点任务内容 任务分解 内容 报告内容 2025年目标任务",
    "lead": "牵头单位 牵头责任单位 牵头部门 主要责任单位 主责部门 主责单位 主办单位 主办 牵头",
    "support": "配合单位 协同责任单位 协同单位 协同部门 配合部门 配合责任单位 协办 协办单位 其他责任单位 实施单位 参与单位 协助单位 配合",
    "shared": "责任单位 责任部门 承办单位 责任主体 落实单位 承担单位",
    "leaders": "牵头领导 牵头负责领导 责任人 责任领导 分管领导 包保领导 包抓领导 负责领导 牵头区领导 牵头县领导 牵头市领导 分管区领导 "
    "挂包领导 负责人 牵头负责人 主要负责人 区级领导 县级领导 市级领导 联系领导",
    "deadline": "完成时限 完成时间 时限 时间节点 办理时限 时限要求 完成期限",
    "other": "备注 一季度 二季度 三季度 四季度 工作进展 完成情况 联系人 联系电话 联络员 部门",
}
_KINDS: Final[dict[str, Kind]] = {word: kind for kind, words in _WORDS.items() for word in words.split()}
# any other wording, by the words it is made of; the first that is found decides
_MADE_OF: Final[tuple[tuple[re.Pattern[str], Kind], ...]] = (
    (re.compile(r"^(?:序号?|编号|项号|项次|No\.?)$", re.IGNORECASE), "no"),
    (
        re.compile(
            r"联系人|联络|电话|备注|说明|季度|[0-9一二三四五六七八九十]月份?|上半年|下半年|年底|节点|进展|进度|完成情况|阶段|里程碑|安排|计划"
        ),
        "other",
    ),
    (re.compile(r"(?:领导|负责人|责任人|区长|县长|市长|链长)(?:同志)?$"), "leaders"),
    (re.compile(r"(?:牵头|主办|主责|主要责任|第一责任|首要责任)(?:负责)?(?:责任)?(?:单位|部门|主体|科室)?$"), "lead"),
    (
        re.compile(
            r"(?:配合|协同|协办|协助|协作|参与|参加|其他责任|其它责任|会办|共同责任|实施)(?:责任)?(?:单位|部门|主体|科室)?$"
        ),
        "support",
    ),
    (re.compile(r"(?:责任|承办|落实|承担|实施|负责)(?:责任)?(?:单位|部门|主体|科室)$"), "shared"),
    (re.compile(r"^(?:责任|任务|职责|工作)分工$|^责任(?:落实)?$"), "shared"),
    (re.compile(r"时限|期限|完成时间|时间要求|办结时间"), "deadline"),
    (re.compile(r"类别|分类|领域|板块|方面|类型|大类"), "category"),
    (re.compile(r"任务|工作|事项|项目|目标|内容|举措|措施|指标|实事|名称|要点|要求"), "text"),
)
_TOKEN: Final = re.compile(
    "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)) + r"|[（(][^（()）]{1,30}[）)]|[|、/]"
)
_OWN_PARENTHESIS: Final = re.compile(r"[（(][^（()）]{1,30}[）)]")
# 各责任单位： is a salutation, 请牵头单位… a sentence
_WORD: Final = re.compile(r"(?![各请对将由向按]|(?:有关|相关|其中|以下))[\u4e00-\u9fffA-Za-z0-9.]+")
_FORM: Final = re.compile(r"备注|联系|电话|完成情况|工作进展|^$")
_SPANNER: Final = re.compile(r"进度|节点|安排|计划|阶段|季度|推进")
_LOOK_AHEAD: Final = 14
_LONGEST_LABEL: Final = 16
UNIT_KINDS: Final[frozenset[Kind]] = frozenset({"lead", "support", "shared"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its kind, and its header as printed without layout spaces."""

    kind: Kind
    label: str


@dataclass(frozen=True, slots=True)
class Header:
    """A header and the lines [start, end) it takes."""

    columns: tuple[Column, ...]
    start: int
    end: int

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the columns' kinds, left to right."""
        return tuple(column.kind for column in self.columns)

    @property
    def holds_tasks(self) -> bool:
        """Tell whether a list of tasks can stand below: a text column and a unit column."""
        return "text" in self.kinds and not UNIT_KINDS.isdisjoint(self.kinds)


def headers(lines: Sequence[str]) -> tuple[Header, ...]:
    """Find every header that starts with a number column, in order; a table's header comes again on each page."""
    found: list[Header] = []
    index = 0
    while index < len(lines):
        header = _header_at(lines, index)
        if header:
            found.append(header)
        index = header.end if header else index + 1
    return tuple(found)


def rows_below(lines: Sequence[str], found: Sequence[Header]) -> Iterator[tuple[int, str]]:
    """Yield the lines after the first header with their index, the repeated headers left out."""
    within = {index for header in found for index in range(header.start, header.end)}
    start = found[0].end if found else 0
    return ((index, lines[index]) for index in range(start, len(lines)) if index not in within)


@lru_cache(maxsize=4096)
def label_kind(label: str) -> Kind | None:
    """Return what kind of column or label the words name, or None."""
    known = _KINDS.get(label)
    if known or len(label) > 2 * _LONGEST_LABEL:
        return known
    bare = _OWN_PARENTHESIS.sub("", label)
    if not 1 < len(bare) <= _LONGEST_LABEL or not _WORD.fullmatch(bare):
        return None
    return _KINDS.get(bare) or next((kind for pattern, kind in _MADE_OF if pattern.search(bare)), None)


def labels_of(kinds: frozenset[Kind]) -> list[str]:
    """Return every word of these kinds, longest first."""
    return sorted((word for word, kind in _KINDS.items() if kind in kinds), key=len, reverse=True)


def left_aside(columns: Sequence[Column]) -> tuple[str, ...]:
    """Return the labels of the columns whose cells say something about the task but are no part of it."""
    return tuple(column.label for column in columns if column.kind == "other" and not _FORM.search(column.label))


def merged(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Put the columns of a second header row (quarters) in the place of the cell that spans them."""
    kinds = [column.kind for column in columns]
    spanner = next(
        (at for at, column in enumerate(columns) if column.kind == "other" and _SPANNER.search(column.label)), None
    )
    if spanner is None:
        return tuple(columns)
    start = next((at for at in range(len(kinds) - 1, -1, -1) if kinds[at] != "other"), -1) + 1
    below = columns[start:]
    if start <= spanner or len(below) < 2 or not all(_is_step(column.label) for column in below):
        return tuple(columns)
    return (*columns[:spanner], *below, *columns[spanner + 1 : start])


def _is_step(label: str) -> bool:
    return bool(re.search(r"季度|月|年", label))


def _header_at(lines: Sequence[str], start: int) -> Header | None:
    if not _begins(lines[start]):
        return None
    columns: list[Column] = []
    end = start
    for end in range(start, min(start + _LOOK_AHEAD, len(lines))):
        read = _read_line(lines[end])
        if read is None or (end > start and _begins(lines[end])):
            break
        columns += read
    else:
        end += 1
    return Header(merged(columns), start, end) if len(columns) > 1 else None


def _begins(line: str) -> bool:
    return "号" in line and "".join(line.split()).startswith(("序号", "编号", "项号"))


def _read_line(line: str) -> list[Column] | None:
    """Return the columns a header line names, or None if any of it is no header word."""
    if len(line) > 200:
        return None
    return _by_words("".join(line.split())) or _by_cells(line)


def _by_words(words: str) -> list[Column] | None:
    columns: list[Column] = []
    at = 0
    while at < len(words):
        token = _TOKEN.match(words, at)
        if not token:
            return None
        if token[0] in _KINDS:
            columns.append(Column(_KINDS[token[0]], token[0]))
        at = token.end()
    return columns


def _by_cells(line: str) -> list[Column] | None:
    words = [word for word in re.split(r"[\s|]+", line) if word]
    if len(words) > 2 and all(len(word) == 1 for word in words):
        words = ["".join(words)]
    kinds = [(word, label_kind(word)) for word in words]
    if (
        not words
        or any(kind is None for _, kind in kinds)
        or any(re.search(r"[0-9]{1,3}$|[。，；：]", word) for word in words)
    ):
        return [] if _OWN_PARENTHESIS.fullmatch("".join(words)) else None
    return [Column(kind, word) for word, kind in kinds if kind]
