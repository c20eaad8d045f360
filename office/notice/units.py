"""By which names is a unit known, which units are one, and of which units does a group consist (各镇街 = …)?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from notices.plan import UnitEntry
from notices.units import is_group
from office.auditing import record
from office.notice.differences import Change, What
from office.work import Work
from storage import inspections, ledger, units
from storage.ledger import KnownUnit
from storage.standing import Standing, StandingObligation, StandingPart
from storage.states import ObligationState
from storage.units import OwedByUnit

ROLES = ("lead", "owner", "support")  # the strongest first
STATES = (  # what stands where two obligations become one, the last one first
    ObligationState.WAIVED,
    ObligationState.OPEN,
    ObligationState.RETURNED,
    ObligationState.SUBMITTED,
    ObligationState.ACCEPTED,
    ObligationState.DONE,
)


@dataclass(frozen=True)
class Register:
    """Which unit every known name means, and the members of the groups that were expanded."""

    names: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def name_of(self, printed: str) -> str:
        """Give the name a unit is kept under, for a name it is printed under; an unknown one is its own."""
        return self.names.get(printed, printed)

    def units_of(self, printed: str, within: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Give the units a printed name means: itself, or the members of an expanded group."""
        name = self.name_of(printed)
        members = self.members.get(name, ())
        if not members or name in within:  # a group that is a member of itself is a unit there
            return (name,)
        found = (unit for member in members for unit in self.units_of(member, (*within, name)))
        return tuple(dict.fromkeys(found))

    def parts(self, owners: Iterable[tuple[str, str]]) -> dict[str, str]:
        """Give each unit's role in a task for its owners as printed: one that is named twice has its stronger role."""
        found: dict[str, str] = {}
        for printed, role in owners:
            for unit in self.units_of(printed):
                found[unit] = min(found.get(unit, role), role, key=ROLES.index)
        return found


def known_register(work: Work) -> Register:
    """Give the office's register as it is kept."""
    found = ledger.units(work.tx)
    own = {unit.name: unit.name for unit in found}
    aliases = {alias: unit.name for unit in found for alias in unit.aliases}
    return Register({**own, **aliases}, {unit.name: tuple(unit.members) for unit in found if unit.members})


def amend(register: Register, entries: Sequence[UnitEntry]) -> tuple[Register, list[Change]]:
    """Take what a person said of units into a register: first other names, then members; gives what changed by it."""
    changes: list[Change] = []
    names, members = dict(register.names), dict(register.members)
    for entry in entries:
        name = names.get(entry.name, entry.name)
        for alias in entry.aliases:
            meant = names.get(alias)
            if name in (alias, meant):
                continue
            if meant == alias:
                names = {printed: name if unit == alias else unit for printed, unit in names.items()}
                changes.append(Change(What.UNIT_MERGED, alias, alias, name))
            else:
                changes.append(Change(What.ALIAS_ADDED, name, meant, alias))
            names |= {alias: name, name: name}
    for entry in entries:
        name = names.get(entry.name, entry.name)
        said = tuple(dict.fromkeys(names.get(member, member) for member in entry.members))
        said = tuple(member for member in said if member != name)
        before = members.get(name, ())
        if said and said != before:
            members[name] = said
            names |= {name: name}
            changes.append(Change(What.GROUP_MEMBERS, name, "、".join(before) or None, "、".join(said)))
    return Register(names, members), changes


def keep_names(work: Work, entries: Sequence[UnitEntry]) -> list[Change]:
    """Keep what a person said of units; gives what changed by it. Groups that stand in notices are not replaced yet."""
    register, changes = amend(known_register(work), entries)
    ids = unit_ids(work)
    for change in changes:
        match change.what:
            case What.UNIT_MERGED:
                _merge(work, ids[change.subject], unit_id(work, ids, change.after or ""))
            case What.ALIAS_ADDED:
                _add_aliases(work, unit_id(work, ids, change.subject), [change.after or ""])
            case _:
                values = {"is_group": True, "members": list(register.members[change.subject])}
                units.change_unit(work.tx, unit_id(work, ids, change.subject), **values)
    if changes:
        record(work, "change_units", "unit", changes=[[*map(str, _values(change))] for change in changes])
    return changes


def let_use_bot(work: Work, unit: KnownUnit, *, uses_bot: bool) -> None:
    """Note whether a unit uses the bot; one that does not is phoned."""
    units.change_unit(work.tx, unit.id, uses_bot=uses_bot)
    record(work, "let_use_bot", f"unit:{unit.id}", unit=unit.name, uses_bot=uses_bot)


def unit_ids(work: Work) -> dict[str, int]:
    """Give each kept unit's number by its name."""
    return {unit.name: unit.id for unit in ledger.units(work.tx)}


def unit_id(work: Work, ids: dict[str, int], name: str) -> int:
    """Give a unit's number; one that is not known yet is registered."""
    if name not in ids:
        ids[name] = ledger.add_unit(work.tx, name=name, is_group=is_group(name), at=work.at)
    return ids[name]


def _values(change: Change) -> Iterator[str]:
    yield from (change.what, change.subject, change.before or "", change.after or "")


# --- two units are one -----------------------------------------------------------------------------------------------


def merged(standing: Standing, changes: Sequence[Change]) -> Standing:
    """Give what would stand of a notice once units are merged, before they are."""
    names: dict[str, str] = {}
    for change in changes:
        if change.what == What.UNIT_MERGED:
            names = {name: str(change.after) if unit == change.subject else unit for name, unit in names.items()}
            names[change.subject] = str(change.after)
    if not names:
        return standing
    parts: dict[tuple[int, str], StandingPart] = {}
    for part in standing.parts:
        own = replace(part, unit=names.get(part.unit, part.unit))
        key = (own.task_id, own.unit)
        parts[key] = _stronger(parts[key], own) if key in parts else own
    owed: dict[tuple[str, int, str], StandingObligation] = {}
    for obligation in standing.obligations:
        each = replace(obligation, unit=names.get(obligation.unit, obligation.unit))
        place = (each.period, each.task_id, each.unit)
        is_written_for = each.is_written_for or (place in owed and owed[place].is_written_for)
        best = max([owed[place], each] if place in owed else [each], key=_weight)
        owed[place] = replace(best, is_written_for=is_written_for)
    return replace(standing, parts=list(parts.values()), obligations=list(owed.values()))


def _stronger(one: StandingPart, other: StandingPart) -> StandingPart:
    live = [part for part in (one, other) if part.ended_at is None] or [one, other]
    return min(live, key=lambda part: ROLES.index(part.role))


def _merge(work: Work, from_id: int, into_id: int) -> None:
    """Make a unit another name of a second one, which takes over its tasks, what it owes, its people and its invites."""
    known = {unit.id: unit for unit in ledger.units(work.tx)}
    source, target = known[from_id], known[into_id]
    are_told = not units.has_liaison(work.tx, into_id)  # whoever was told of the tasks is liaison of both then
    _join_parts(work, from_id, into_id, are_told=are_told)
    own = {(owed.period_id, owed.task_id): owed for owed in units.owed_by_unit(work.tx, into_id)}
    alone: list[int] = []
    for owed in units.owed_by_unit(work.tx, from_id):
        same = own.get((owed.period_id, owed.task_id))
        if same is None:
            alone.append(owed.id)
        else:
            units.join_obligations(work.tx, same, owed, other_stands=_weight(owed) > _weight(same))
    units.hand_over_obligations(work.tx, alone, to_unit=into_id)
    units.hand_over_people(work.tx, from_id, to_unit=into_id, at=work.at)
    inspections.hand_over(work.tx, from_id, to_unit=into_id)
    units.change_unit(work.tx, from_id, aliases=[], members=[], merged_at=work.at, uses_bot=False)
    _add_aliases(work, target.id, [source.name, *source.aliases])


def _weight(owed: OwedByUnit | StandingObligation) -> tuple[int, bool]:
    return STATES.index(ObligationState(owed.state)), owed.is_written_for


def _join_parts(work: Work, from_id: int, into_id: int, *, are_told: bool) -> None:
    """Hand a unit's parts in tasks over; where both have one, the kept unit's gets the stronger role."""
    own = units.parts_of(work.tx, into_id)
    again = {} if are_told else {"announced_at": None, "signed_at": None, "signed_by": None}
    for task_id, (part_id, role, is_live) in units.parts_of(work.tx, from_id).items():
        if task_id not in own:
            units.change_part(work.tx, part_id, unit_id=into_id, **again)
            continue
        own_id, own_role, own_is_live = own[task_id]
        if is_live:
            stronger = min([role, own_role] if own_is_live else [role], key=ROLES.index)
            if not own_is_live or stronger != own_role:
                values = {"announced_at": None, "signed_at": None, "signed_by": None}
                units.change_part(work.tx, own_id, role=stronger, ended_at=None, **values)
            units.change_part(work.tx, part_id, ended_at=work.at)


def _add_aliases(work: Work, unit: int, names: Sequence[str]) -> None:
    """Have names mean this unit and no other."""
    for known in ledger.units(work.tx):
        if known.id != unit and (left := [alias for alias in known.aliases if alias not in names]) != known.aliases:
            units.change_unit(work.tx, known.id, aliases=left)
    own = next(known for known in ledger.units(work.tx) if known.id == unit)
    aliases = [name for name in dict.fromkeys([*own.aliases, *names]) if name != own.name]
    units.change_unit(work.tx, unit, aliases=aliases)
