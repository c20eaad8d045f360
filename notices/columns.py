"""Which words in a table's header name which column, and where a header stands among the lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    "support": "配合单位 协同责任单位 协同单位 协同部门 配合部门 配合责任单位 协办 协办单位 其他责任单位 实施单位 参与单位 协助单位",
    "shared": "责任单位 责任部门 承办单位 责任主体 落实单位 承担单位",
    "leaders": "牵头领导 牵头负责领导 责任人 责任领导 分管领导 包保领导 包抓领导 负责领导 牵头区领导 牵头县领导 牵头市领导 分管区领导 "
    "挂包领导 负责人 牵头负责人 主要负责人 区级领导 县级领导 市级领导 联系领导",
    "deadline": "完成时限 完成时间 时限 时间节点 办理时限 时限要求 完成期限",
    "other": "备注 一季度 二季度 三季度 四季度 工作进展 完成情况 联系人 联系电话 联络员 部门",
}
_KINDS: Final[dict[str, Kind]] = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_TOKEN: Final = re.compile(
    "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True)) + r"|[（(][^（()）]{1,30}[）)]|[|、/]"
)
_LOOK_AHEAD: Final = 12
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


def label_kind(label: str) -> Kind | None:
    """Return what kind of column or label the words name, or None."""
    return _KINDS.get(label)


def labels_of(kinds: frozenset[Kind]) -> list[str]:
    """Return every word of these kinds, longest first."""
    return sorted((word for word, kind in _KINDS.items() if kind in kinds), key=len, reverse=True)


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
    return Header(tuple(columns), start, end) if len(columns) > 1 else None


def _begins(line: str) -> bool:
    return "号" in line and "".join(line.split()).startswith(("序号", "编号", "项号"))


def _read_line(line: str) -> list[Column] | None:
    """Return the columns a header line names, or None if any of it is no header word."""
    words = "".join(line.split())
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
