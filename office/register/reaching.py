"""Who cannot be reached (无法送达): a unit nobody hears is not silent, and has to be phoned before its due day."""

from dataclasses import dataclass

from office.looking.listing import liaisons_by_unit
from office.notice.assigning import today
from office.work import Work
from rules.periods import due_on
from storage import ledger, people, summaries
from storage.people import Holder
from storage.states import Reach

GROUP, NEVER_STARTED, NOT_REGISTERED, FAILED = "group", "never_started", "not_registered", "failed"
SOON_DAYS = 10  # a unit without a liaison is named here once something of it is due that soon


@dataclass(frozen=True, slots=True)
class Unreached:
    """A unit that owes something and hears nothing: why, and how many days are left (negative: overdue)."""

    unit: str
    why: str
    days_left: int
    owed: int


def unreached(work: Work) -> list[Unreached]:
    """List the units that owe something and cannot be reached, the nearest due day first."""
    contacts, known = liaisons_by_unit(work), {unit.id: unit for unit in ledger.units(work.tx)}
    invited = {found.unit_id for found in people.liaison_invites(work.tx)}
    failed = summaries.unreceived(work.tx)
    reasons: dict[int, str] = {}
    for unit_id, unit in known.items():
        why = _why(contacts.get(unit_id, []), failed)
        if why is None and not contacts.get(unit_id) and (unit.is_group or unit.uses_bot):
            why = GROUP if unit.is_group else NEVER_STARTED if unit_id in invited else NOT_REGISTERED
        if why is not None:
            reasons[unit_id] = why
    owed: dict[int, list[tuple[int, int]]] = {}  # by unit: days left, how many
    for unit_id, due_at, count in ledger.owed_days(work.tx, reasons):
        owed.setdefault(unit_id, []).append(((due_on(due_at, work.policy.zone) - today(work)).days, count))
    found = []
    for unit_id, days in owed.items():
        why, nearest = reasons[unit_id], min(left for left, _ in days)
        if why not in (NEVER_STARTED, NOT_REGISTERED) or nearest <= SOON_DAYS:
            soon = sum(count for left, count in days if left <= max(nearest, SOON_DAYS))
            found.append(Unreached(known[unit_id].name, why, nearest, soon))
    return sorted(found, key=lambda each: (each.days_left, each.unit))


def _why(liaisons: list[Holder], failed: set[int]) -> str | None:
    """Tell why none of a unit's liaisons is reached; None where one is, or there is none."""
    if not liaisons or any(holder.reach == Reach.YES and holder.person_id not in failed for holder in liaisons):
        return None
    return next((holder.reach for holder in liaisons if holder.reach != Reach.YES), FAILED)
