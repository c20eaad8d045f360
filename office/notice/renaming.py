"""A unit gets another name (单位更名); the old one stays a name of it, so that notices and words that have it mean it."""

from typing import Any

from office.auditing import record
from office.notice.editing import EditError, nearest, unknown_unit
from office.work import Work
from storage import ledger, units
from storage.ledger import KnownUnit

Values = dict[str, Any]  # unit (a name of it), name (the new one), reason


def hold(_work: Work, _values: Values) -> None:
    """Names are unique in the database, which keeps two writers from the same one."""


def look(work: Work, values: Values) -> Values:
    """Tell what renaming a unit would do.

    Raises: EditError where there is no such unit, or the name is another one's.
    """
    unit, name = _unit(work, values["unit"]), str(values["name"]).strip()
    if not name:
        raise EditError("no_text", "the name is empty")
    if name == unit.name:
        raise EditError("same", f"the unit is called {name} already")
    taken = next((each for each in ledger.units(work.tx) if name in (each.name, *each.aliases)), unit)
    if taken.id != unit.id:
        raise EditError(
            "taken", f"{name} is a name of {taken.name}; make the two one with `duban unit merge`", name=name
        )
    counts = units.counts_by_unit(work.tx).get(unit.id, {})
    return {
        "before": unit.name,
        "after": name,
        "tasks": counts.get("tasks", 0),
        "owed": counts.get("owed", 0),
        "reason": values["reason"],
    }


def rename_unit(work: Work, values: Values, by: int | None) -> None:
    """Rename a unit, also where it is a member of a group."""
    unit, shown = _unit(work, values["unit"]), look(work, values)
    before, after = shown["before"], shown["after"]
    aliases = [alias for alias in dict.fromkeys([*unit.aliases, before]) if alias != after]
    if (merged := units.merged_unit(work.tx, after)) is not None:  # its row keeps a name: it takes the one given up
        units.change_unit(work.tx, merged, name=f"{before}→{after}")
    units.change_unit(work.tx, unit.id, name=after, aliases=aliases)
    if merged is not None:
        units.change_unit(work.tx, merged, name=before)
    for group in ledger.units(work.tx):
        if before in group.members:
            members = [after if member == before else member for member in group.members]
            units.change_unit(work.tx, group.id, members=members)
    record(work, "rename_unit", f"unit:{unit.id}", by, before=before, after=after, reason=values["reason"])


def _unit(work: Work, name: str) -> KnownUnit:
    known = ledger.units(work.tx)
    found = next((unit for unit in known if name.strip() in (unit.name, *unit.aliases)), None)
    if found is None:
        raise unknown_unit(name, nearest(name, [unit.name for unit in known]))
    return found
