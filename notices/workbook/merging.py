"""What the clerk said of the units: which names mean one unit, and which units a group stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.plan import UnitEntry
from notices.workbook import words
from notices.workbook.tables import tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from notices.workbook.checking import Check
    from notices.workbook.tables import Row, Sheet


def read_units(check: Check, sheet: Sheet, printed: Collection[str]) -> tuple[UnitEntry, ...]:
    """Read the units of which something is said, in the order of their rows; `printed` are the owners of the tasks."""
    [rows] = tables(check, words.UNITS, sheet, [words.UNIT_COLUMNS])
    by_name: dict[str, Row] = {}
    for row in rows:
        name = check.required(row[words.UNIT], "请填写单位名称，或清空整行")
        if name in by_name:
            check.refuse(row[words.UNIT], "一个单位只写一行")
        by_name.setdefault(name, row)
    into = {name: target for name, row in by_name.items() if (target := check.text(row[words.INTO]))}
    members = {name: _members(check, name, row) for name, row in by_name.items()}
    known = {*by_name, *printed}
    for name, target in into.items():
        if wrong := _wrong_merge(name, target, into, known):
            check.refuse(by_name[name][words.INTO], wrong)
        if members[name]:
            check.refuse(by_name[name][words.MEMBERS], "已并入其他单位的，成员单位要留空")
    kept = dict.fromkeys([*(name for name in by_name if name not in into), *into.values()])
    entries = (
        UnitEntry(name, tuple(alias for alias, target in into.items() if target == name), members.get(name, ()))
        for name in kept
    )
    return tuple(entry for entry in entries if entry.aliases or entry.members)


def _members(check: Check, name: str, row: Row) -> tuple[str, ...]:
    found = words.split_list(check.text(row[words.MEMBERS]) or "", words.NAME_MARKS)
    if name in found:
        check.refuse(row[words.MEMBERS], "成员单位不能是这个单位自己")
    return found


def _wrong_merge(name: str, target: str, into: Mapping[str, str], known: Collection[str]) -> str | None:
    """Return what is allowed instead of a merge that cannot be, or None."""
    if target == name:
        return "不能并入自己，请选另一个单位，或留空"
    if target not in known:
        return f"应为“{words.UNIT}”一列中的名称，没有的请先加一行"
    if target in into:
        return f"“{target}”自己也要并入别的单位，请选最终保留的那个"
    return None
