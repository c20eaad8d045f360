"""Which unit names a cell or a responsibility holds, and whether a name means one unit or a group."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from notices.page import join, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

_OPEN: Final = "（(〔["
_CLOSE: Final = "）)〕]"
_SEPARATORS: Final = "、，,；;"
_SEPARATOR: Final = re.compile(r"[、，,；;]")
_SEPARATORS_SET: Final = frozenset(_SEPARATORS)
_BRACKETS: Final = frozenset(_OPEN)
_GROUP: Final = re.compile(
    r"各|相关|有关|(?:区|县|市|镇|街)直?(?:各|相关|有关)|(?:区|县|市)(?:直|属)(?:部门|单位|平台)|其他|全体|所有"
)
_MEMBERS: Final = re.compile(r"成员单位$|(?:相关|有关)(?:部门|单位|镇街|街镇)$")
_SUFFIX: Final = re.compile(
    r"(?:局|委|办|厅|处|院|会|社|校|台|站|所|队|部|团|联|中心|公司|集团|街道|镇|乡|专班|新区|园区|开发区|高新区|农高区|示范区|度假区"
    r"|办公室|委员会|政府|管委会|指挥部|领导小组|单位|部门|街镇|镇街|税务局|银行|学院|大学|医院|学校|协会|联盟|支局|大队|支队|总队"
    r"|法院|检察院|人武部|工会|侨联|科协|文联|妇联|残联|工商联|红十字会|机构|企业|平台)$"
)
_LONGEST_NAME: Final = 60
_PREFIX: Final = re.compile(r"(?:区|县|市|省|旗|州|团|各|镇|街)")
_TAIL_ONLY: Final = re.compile(r"^(?:.{0,4}分局|成员单位|管理办公室|办公室|管委会|服务中心|发展促进中心)$")
# a place of its own, or its authority: 云台高新区管委会, 双桥镇政府
_PLACE: Final = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:[区镇乡]|街道)(?:管委会|管理委员会|管理局|党工委|人民政府|政府|办事处|街道办)?"
)
_COMPANY: Final = re.compile(r"(?!所属|下属)[\u4e00-\u9fff]{4,}(?:公司|集团|指挥部)")
_OWN_BRANCH: Final = re.compile(r"[区县市旗州](?P<bureau>[\u4e00-\u9fff]+)分局")
_DEPARTMENTS: Final = """
    发展改革局 发展和改革局 发改局 教育局 教体局 教育体育局 教育和体育局 科技局 科学技术局 工信局 工业和信息化局 公安局 民政局
    司法局 财政局 人社局 人力资源社会保障局 人力资源和社会保障局 自然资源局 自然资源和规划局 生态环境局 住建局 住房城乡建设局 住房和城乡建设局
    交通运输局 交通局 水利局 水务局 农业农村局 商务局 文旅局 文化和旅游局 卫健局 卫生健康局 退役军人局 退役军人事务局 应急局
    应急管理局 审计局 市场监管局 市场监督管理局 统计局 医保局 医疗保障局 信访局 城管局 综合执法局 综合行政执法局 行政审批服务局
    税务局 大数据局 国资局 金融局 林业局 气象局 供销社
    """
_CORES: Final = frozenset(_DEPARTMENTS.split())


def is_group(name: str) -> bool:
    """Tell whether a name stands for several units (各镇街, 相关部门, …成员单位), whose members only the office knows."""
    return bool(_GROUP.match(name) or _MEMBERS.search(name))


@lru_cache(maxsize=4096)
def is_unit(name: str) -> bool:
    """Tell whether a piece of text ends as unit names do, its own parenthesis left aside."""
    return 2 <= len(name) <= 40 and bool(_SUFFIX.search(_without_parenthesis(name)))


@lru_cache(maxsize=4096)
def is_complete(name: str) -> bool:
    """Tell whether a name stands by itself: it ends as a unit does, and begins as one or is a known department."""
    if is_tail(name):
        return False
    return is_unit(name) and (name in _CORES or (len(name) >= 3 and bool(_PREFIX.match(name))))


def is_tail(piece: str) -> bool:
    """Tell whether a piece can only be the wrapped end of a unit's name (泰山分局, 管理办公室)."""
    own = _OWN_BRANCH.fullmatch(piece)
    return bool(_TAIL_ONLY.match(piece)) and not (own and f"{own['bureau']}局" in _CORES)


@lru_cache(maxsize=4096)
def split_units(text: str) -> tuple[str, ...]:
    """Split at 、，； outside parentheses; order kept, layout spaces removed, repeats dropped, 及 left alone."""
    names = _SEPARATOR.split(text) if _BRACKETS.isdisjoint(text) else _split_outside(text)
    cleaned = (squeeze(name).strip("。.：: ") for name in names)
    return tuple(dict.fromkeys(name for name in cleaned if name))


def _split_outside(text: str) -> list[str]:
    names: list[str] = []
    start = depth = 0
    for index, sign in enumerate(text):
        depth = max(0, depth + (sign in _OPEN) - (sign in _CLOSE))
        if not depth and sign in _SEPARATORS:
            names.append(text[start:index])
            start = index + 1
    return [*names, text[start:]]


def units_in(lines: Sequence[str]) -> tuple[str, ...]:
    """Split a cell: a line end parts two units only where both sides are complete names, otherwise it is layout."""
    breaks = [0, *(_one_each(lines) or line_breaks(lines)), len(lines)]
    return split_units("、".join(join(lines[start:end]) for start, end in pairwise(breaks)))


def _one_each(lines: Sequence[str]) -> range | None:
    """Return every line end where each line is one whole name, and some of them part names that stand by themselves."""
    names = [squeeze(line) for line in lines]
    if len(names) < 3 or not all((is_unit(name) or is_group(name)) and not is_tail(name) for name in names):
        return None
    if any(not _SEPARATORS_SET.isdisjoint(name) or _is_open(name) for name in names) or not line_breaks(lines):
        return None
    return range(1, len(names))


def line_breaks(lines: Sequence[str]) -> list[int]:
    """Return the indices of the lines before which one unit ends and another begins without a mark between them."""
    breaks: list[int] = []
    tail = ""
    for index, line in enumerate(lines):
        if tail and _parts(tail, squeeze(line)):
            breaks.append(index)
        tail = join((tail, line))[-_LONGEST_NAME:]
    return breaks


def _parts(before: str, after: str) -> bool:
    left, right = split_units(before), split_units(after)
    if not left or not right or before[-1] in _SEPARATORS or after[0] in _OPEN or _is_open(left[-1]):
        return False
    begins = _is_whole(right[0], behind=left[-1]) or (is_group(right[0]) and not is_tail(right[0]))
    return begins and _is_whole(left[-1])


def _is_open(name: str) -> bool:
    """Tell whether a name's own parenthesis is not closed yet: a line end in there is layout."""
    return sum(map(name.count, _OPEN)) > sum(map(name.count, _CLOSE))


def _is_whole(name: str, *, behind: str = "") -> bool:
    """Tell a name at a line end that is complete, or that of a place or a company; 集团 goes on as 有限公司."""
    if is_complete(name) or _PLACE.fullmatch(name):
        return True
    return bool(_COMPANY.fullmatch(name)) and not _COMPANY.fullmatch(behind)


def _without_parenthesis(name: str) -> str:
    for sign in _OPEN:
        if name.find(sign) > 1 and name[-1] in _CLOSE:
            return name[: name.find(sign)]
    return name
