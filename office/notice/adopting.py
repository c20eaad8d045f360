"""A notice is adopted (立项), and adopted again once it was corrected: its tasks, units, periods, what is due from whom."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from notices.plan import Plan
from notices.units import is_group
from office.auditing import record
from office.notice.differences import Change, Wanted, counts_after, reporting_lists
from office.notice.recognising import How, Meant, recognise
from office.notice.revising import Decided, as_rows, decide, replace_groups, write_revision
from office.notice.units import Register, amend, keep_names, known_register, merged
from office.notice.wanted import as_it_stands, as_planned, notice_fields, wanted_periods, wanted_tasks
from office.work import OfficeError, Work
from rules.periods import due_at
from storage import ledger, standing
from storage.standing import Standing

GROUP = "“{}”是一组单位，尚未展开，暂按一个单位立项；不发邀请码，请核对由哪些单位分别报送。"
EXPANDED = "“{}”已按单位名册展开为：{}。"
LASTING = "报送期{}已不在通知中，但已有报送或已过截止日期，予以保留。"
EARLIER = "这份文件是通知{}较早的版本，该通知此后已按新的文件更新；本次没有任何变化。"
CHANGED_SINCE = "what stands has changed since the differences were shown; look at them again"


@dataclass(frozen=True, slots=True)
class Preview:
    """What adopting would do: the differences (of a new notice only those in the register of units) and their effect.

    `counts` are what would stand (tasks, units, periods, obligations), `effects` the obligations made, waived, moved.
    """

    how: How
    notice_id: int | None
    counts: dict[str, int]
    changes: tuple[Change, ...]
    effects: dict[str, int]
    warnings: Sequence[dict[str, Any]]

    @property
    def is_new(self) -> bool:
        """Whether a new notice would be adopted."""
        return self.how == How.NEW


@dataclass(frozen=True, slots=True)
class Adoption:
    """What stands for a notice after adopting it, and what changed by it."""

    how: How
    notice_id: int
    tasks: int
    units: int
    periods: int
    obligations: int
    warnings: Sequence[dict[str, Any]]
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        """Whether a new notice was adopted."""
        return self.how == How.NEW


def preview(work: Work, plan: Plan, *, source_hash: str, updates: int | None = None, as_new: bool = False) -> Preview:
    """Tell what adopting would do, and change nothing.

    Raises: OfficeError where the notice holds no task, or it cannot be told which notice it updates.
    """
    return _look(work, plan, _meant(work, plan, source_hash, updates, as_new=as_new))


def adopt_notice(
    work: Work,
    plan: Plan,
    *,
    source_hash: str,
    waive_before: date | None = None,
    updates: int | None = None,
    as_new: bool = False,
    expected: Preview | None = None,
) -> Adoption:
    """Adopt a notice, or update the one it corrects, as the preview says.

    The file a notice is from adds only periods that a setting has given since, or waives earlier ones; an earlier file
    of it changes nothing. `updates` names the notice to update, `as_new` has another one adopted.

    Raises: OfficeError where the notice holds no task, where it cannot be told which notice it updates, or where
    something else would be done than was `expected`.
    """
    meant = _meant(work, plan, source_hash, updates, as_new=as_new)
    look = _look(work, plan, meant)
    if expected is not None and look != expected:
        raise OfficeError(CHANGED_SINCE)
    notice_id = _keep_notice(work, plan, meant, source_hash)
    if _is_read(meant):
        keep_names(work, plan.units)
    decided = _decide(work, plan, meant, known_register(work))
    write_revision(work, notice_id, decided)
    if _is_read(meant):
        replace_groups(work, [entry.name for entry in plan.units])
    counts = ledger.counts_of(work.tx, notice_id)
    adoption = Adoption(meant.how, notice_id, **counts, warnings=look.warnings, changes=look.changes)
    _record(work, plan, adoption, source_hash, decided, effects=look.effects)
    if waive_before is not None and meant.how != How.EARLIER:
        _waive(work, notice_id, waive_before)
    return adoption


def count_changes(changes: Iterable[Change]) -> dict[str, int]:
    """Count differences by what they are, in the order they stand."""
    return dict(Counter(str(change.what) for change in changes))


# --- deciding --------------------------------------------------------------------------------------------------------


def _meant(work: Work, plan: Plan, source_hash: str, updates: int | None, *, as_new: bool) -> Meant:
    if not plan.notice.tasks:
        raise OfficeError(f"the notice “{plan.notice.title}” holds no task; nothing was adopted")
    tasks = wanted_tasks(plan.notice, Register())
    return recognise(work, plan.notice, tasks, source_hash=source_hash, updates=updates, as_new=as_new)


def _is_read(meant: Meant) -> bool:
    """Whether what the file says counts: it was not adopted before."""
    return meant.how in (How.NEW, How.UPDATE)


def _look(work: Work, plan: Plan, meant: Meant) -> Preview:
    register, units = amend(known_register(work), plan.units if _is_read(meant) else ())
    decided = _decide(work, plan, meant, register, units)
    revision = decided.revision
    return Preview(
        how=meant.how,
        notice_id=meant.notice.id if meant.notice else None,
        counts=counts_after(decided.standing, decided.wanted, revision),
        changes=(*units, *(() if meant.how == How.NEW else revision.changes)),
        effects={
            "made": len(revision.made) + len(revision.asked_again),
            "waived": len(revision.waived),
            "moved": len(revision.moved),
        },
        warnings=_warnings(work, plan, meant, register, decided),
    )


def _decide(work: Work, plan: Plan, meant: Meant, register: Register, units: Sequence[Change] = ()) -> Decided:
    """Decide how a notice changes, by a register that knows the plan's units; `units` are merged first."""
    if meant.notice is None:
        wanted = as_planned(work, plan.notice, register)
        return decide(work, Standing(wanted.fields, (), (), (), ()), wanted)
    stands = merged(standing.load(work.tx, meant.notice.id), units)
    return decide(work, stands, _wanted(work, plan, meant, register, stands))


def _wanted(work: Work, plan: Plan, meant: Meant, register: Register, stands: Standing) -> Wanted:
    match meant.how:
        case How.SAME:
            lists = frozenset(plan.notice.reporting_lists)
            return as_it_stands(stands, Register(), lists, wanted_periods(work, plan.notice))
        case How.EARLIER:
            return as_it_stands(stands, Register(), reporting_lists(stands))
        case _:
            return as_planned(work, plan.notice, register)


# --- warning ---------------------------------------------------------------------------------------------------------


def _warnings(work: Work, plan: Plan, meant: Meant, register: Register, decided: Decided) -> list[dict[str, Any]]:
    """Give what was doubtful in the notice and still is, its groups of units, and what is kept against it."""
    has_periods = bool(decided.wanted.periods)
    found = [
        {"code": w.code, "message": w.message, "task": w.task}
        for w in plan.notice.warnings
        if not (has_periods and w.code == "no_cadence")
    ]
    found += [_warning("group", GROUP.format(name)) for name in _groups(work, decided.wanted)]
    found += [
        _warning("group_expanded", EXPANDED.format(name, "、".join(register.units_of(name))))
        for name in _expanded(plan, register)
    ]
    found += [_warning("period_kept", LASTING.format(each.label)) for each in decided.revision.lasting_periods]
    if meant.how == How.EARLIER and meant.notice is not None:
        found.append(_warning("earlier_file", EARLIER.format(meant.notice.id)))
    return found


def _warning(code: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "task": None}


def _groups(work: Work, wanted: Wanted) -> list[str]:
    """List the groups that stand as one unit."""
    known = {unit.name for unit in ledger.units(work.tx) if unit.is_group}
    names = dict.fromkeys(name for task in wanted.tasks for name in task.parts)
    return [name for name in names if name in known or is_group(name)]


def _expanded(plan: Plan, register: Register) -> list[str]:
    """List the printed groups that are replaced by members which this plan does not name itself."""
    named = {entry.name for entry in plan.units if entry.members}
    printed = dict.fromkeys(owner.name for task in plan.notice.tasks for owner in task.owners)
    return [name for name in printed if name not in named and register.name_of(name) in register.members]


# --- keeping ---------------------------------------------------------------------------------------------------------


def _keep_notice(work: Work, plan: Plan, meant: Meant, source_hash: str) -> int:
    """Keep the notice's own row, with the file it is from; gives its number. Other writers are kept off it."""
    sources = [*(meant.notice.sources if meant.notice else ()), [source_hash, work.at.isoformat()]]
    values = {**notice_fields(work, plan.notice), "source_hash": source_hash, "sources": sources}
    if meant.notice is None:
        return ledger.add_notice(work.tx, {**values, "adopted_at": work.at})
    standing.lock_notice(work.tx, meant.notice.id)
    if meant.how == How.UPDATE:
        ledger.change_notice(work.tx, meant.notice.id, **values)
    return meant.notice.id


def _record(
    work: Work, plan: Plan, adoption: Adoption, source_hash: str, decided: Decided, *, effects: dict[str, int]
) -> None:
    """Write what was done into the audit, with each difference."""
    subject = f"notice:{adoption.notice_id}"
    details: dict[str, Any] = {name: getattr(adoption, name) for name in ("tasks", "units", "periods", "obligations")}
    details |= {"title": plan.notice.title, "source": source_hash}
    if adoption.how == How.NEW:
        record(work, "adopt_notice", subject, **details)
    elif adoption.how == How.UPDATE:
        record(work, "update_notice", subject, **details, changes=as_rows(adoption.changes), effects=effects)
    elif decided.revision.new_periods:
        record(work, "add_periods", subject, periods=[period.label for period in decided.revision.new_periods])


def _waive(work: Work, notice_id: int, before: date) -> None:
    waived = ledger.waive_before(work.tx, notice_id, due_at(before, work.policy.zone))
    if waived:
        record(work, "waive_periods", f"notice:{notice_id}", before=before.isoformat(), obligations=waived)
