"""One task is put right (更正任务): added, changed, given to other units, split, cancelled; foreseen before it is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from pydantic import TypeAdapter
from rapidfuzz import fuzz, process

from notices.similar import similarity
from notices.units import is_group
from office.auditing import record
from office.notice.assigning import let_wait
from office.notice.differences import OWING_ROLES, Change, Wanted, WantedTask, compare, reporting_lists
from office.notice.revising import Decided, as_rows, write_revision
from office.notice.units import ROLES, Register, known_register
from office.notice.wanted import as_it_stands
from office.saying import Kind, Recipient, say
from office.work import OfficeError, Work
from storage import ledger, outbox, people, standing
from storage.standing import Standing, StandingTask
from storage.states import OWED, Reach, Role

LIKE = 45  # per cent (rapidfuzz, Indel): from here on a name is offered as what may have been meant
NEAREST = 3
Doubt = tuple[str, str, tuple[str, ...]]  # code, name, the nearest names known
LEADER = "牵头领导"  # what a task's leaders are called where the notice has no word of its own


class Op(StrEnum):
    """What is done to a task."""

    ADD = "add"
    CHANGE = "change"  # its text, leaders, deadline
    REASSIGN = "reassign"
    SPLIT = "split"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Edit:
    """What a supervisor wants of one task, and why.

    `task` is the task's number in the database; a new one is named by `notice` and `list` instead. Of `text`, `leaders`
    and `deadline` what is None stays; no leaders or an empty deadline take them away. `second` is the text of the task
    that is split off. `units` are (name, role): those who report or support take the place of those who did, or with
    `joins` stand beside them, an empty role meaning the usual one; `dropped` lose their part. `new_units` says that unknown names are new units.
    """

    op: Op
    reason: str
    task: int | None = None
    notice: int | None = None
    list: str | None = None
    text: str | None = None
    second: str | None = None
    leaders: tuple[str, ...] | None = None
    deadline: str | None = None
    units: tuple[tuple[str, str], ...] = ()
    dropped: tuple[str, ...] = ()
    joins: bool = False
    new_units: bool = False


EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)


class EditError(OfficeError):
    """A task cannot be put right as asked; `code` and `values` are for the chat's words."""

    def __init__(self, code: str, message: str, **values: Any) -> None:
        super().__init__(message)
        self.code, self.values = code, values


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What putting a task right comes to: the same before and after it is done.

    `signers` get the task to sign for, `leavers` are told that it is not theirs any more; `left` counts what leavers
    still owe for periods past; `doubts` are (code, name, nearest names).
    """

    op: Op
    notice: int
    list: str
    no: int
    name: str
    changes: tuple[Change, ...]
    made: int
    waived: int
    left: int
    signers: tuple[str, ...]
    leavers: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class _Decided:
    """What an edit comes to, ready to be written."""

    notice: int
    place: int | None  # of the task among those wanted; None where it is cancelled
    task: StandingTask | None
    decided: Decided
    told: Mapping[int, str]  # who has a part in the task and was told so: unit's number to name
    doubts: list[Doubt] = field(default_factory=list)


def foresee(work: Work, edit: Edit) -> Foreseen:
    """Tell what an edit would do, and change nothing.

    Raises: EditError where it cannot be done.
    """
    return _foreseen(edit, _decide(work, edit))


def put_right(work: Work, edit: Edit, *, by: int | None) -> Foreseen:
    """Do what was foreseen: written, in the audit with its reason, and told to those it concerns, once.

    Raises: EditError where it cannot be done.
    """
    keep_others_off(work, edit)
    found = _decide(work, edit)
    foreseen = _foreseen(edit, found)
    ids = write_revision(work, found.notice, found.decided)
    task_id = ids[found.place] if found.place is not None else found.task.id if found.task else 0
    record(
        work,
        "put_task_right",
        f"task:{task_id}",
        by,
        op=edit.op,
        reason=edit.reason,
        notice=found.notice,
        task=f"{foreseen.list}#{foreseen.no}",
        units=_concerned(found),
        changes=as_rows(foreseen.changes),
        made=foreseen.made,
        waived=foreseen.waived,
    )
    _tell_leavers(work, edit, found, foreseen, task_id)
    return foreseen


def keep_others_off(work: Work, edit: Edit) -> None:
    """Keep other writers off the edit's notice until this transaction ends.

    Raises: EditError where there is no such task or notice.
    """
    standing.lock_notice(work.tx, _notice_of(work, edit))


def require_units(work: Work, names: Iterable[str], *, new_units: bool) -> None:
    """Require that each name is a unit's.

    Raises: EditError for the first that is none, with the nearest ones.
    """
    register, doubts = known_register(work), list[Doubt]()
    for name in names:
        _known(register, name, doubts, new_units=new_units)


def nearest(name: str, names: Sequence[str]) -> tuple[str, ...]:
    """Give the names that may be meant by one that is not among them, the likeliest first."""
    sure = [known for known in names if similarity(name, known)]
    near = [found for found, _, _ in process.extract(name, names, scorer=fuzz.ratio, score_cutoff=LIKE, limit=NEAREST)]
    return tuple(dict.fromkeys([*sure, *near]))[:NEAREST]


def unknown_unit(name: str, near: Sequence[str]) -> EditError:
    """Make the error for a name that is no unit."""
    there_are = f"; the nearest are: {'、'.join(near)}" if near else ""
    return EditError("unknown_unit", f"there is no unit {name}{there_are}", name=name, near=list(near))


# --- deciding --------------------------------------------------------------------------------------------------------


def _notice_of(work: Work, edit: Edit) -> int:
    if edit.op == Op.ADD:
        return _notice_to_add_to(work, edit.notice)
    found = standing.notice_of_task(work.tx, edit.task) if edit.task is not None else None
    if found is None:
        raise EditError("no_task", "there is no such task any more")
    return found


def _notice_to_add_to(work: Work, notice: int | None) -> int:
    known = {each.id: each.title for each in standing.notices(work.tx)}
    there_are = "；".join(f"{number} {title}" for number, title in known.items()) or "none"
    if notice is None and len(known) != 1:
        raise EditError("which_notice", f"say which notice the task is added to; there are: {there_are}", known=known)
    if notice is not None and notice not in known:
        raise EditError("which_notice", f"there is no notice {notice}; there are: {there_are}", known=known)
    return notice if notice is not None else next(iter(known))


def _decide(work: Work, edit: Edit) -> _Decided:
    notice_id = _notice_of(work, edit)
    stands = standing.load(work.tx, notice_id)
    base = as_it_stands(stands, Register(), reporting_lists(stands))
    kept: list[StandingTask | None] = [task for task in stands.tasks if task.status == "open"]
    tasks = list(base.tasks)
    place = next((n for n, task in enumerate(kept) if task is not None and task.id == edit.task), len(kept))
    old = kept[place] if place < len(kept) else None
    doubts: list[Doubt] = []
    match edit.op:
        case Op.ADD:
            tasks.append(_added(work, edit, stands, doubts))
            kept.append(None)
        case Op.CANCEL:
            del tasks[place], kept[place]
        case Op.SPLIT:
            tasks[place : place + 1] = _split(edit, stands, tasks[place])
            kept.insert(place + 1, None)
        case Op.REASSIGN:
            tasks[place] = replace(tasks[place], parts=_parts(work, edit, tasks[place].parts, doubts))
        case Op.CHANGE:
            tasks[place] = _changed(edit, tasks[place])
    if edit.leaders:
        doubts += _leader_doubts(edit.leaders, stands, old)
    decided = _compared(work, stands, replace(base, tasks=tasks), kept, edit.task)
    if not decided.revision.changes:
        raise EditError("same", "the task stands so already; nothing would change")
    told = standing.told_units(work.tx, [old.id]).get(old.id, {}) if old is not None else {}
    return _Decided(notice_id, None if edit.op == Op.CANCEL else place, old, decided, told, doubts)


def _compared(
    work: Work, stands: Standing, wanted: Wanted, kept: Sequence[StandingTask | None], task: int | None
) -> Decided:
    """Compare as a corrected notice is, but leave the obligations of all other tasks alone."""
    revision = compare(stands, wanted, at=work.at, zone=work.policy.zone, kept=kept)
    own = {obligation.id for obligation in stands.obligations if obligation.task_id == task}
    revision.waived = {number: why for number, why in revision.waived.items() if number in own}
    revision.asked_again = {number: due for number, due in revision.asked_again.items() if number in own}
    revision.moved = {}
    return Decided(stands, wanted, revision)


def _added(work: Work, edit: Edit, stands: Standing, doubts: list[Doubt]) -> WantedTask:
    lists = list(dict.fromkeys(task.list for task in stands.tasks))
    reporting = [name for name in lists if name in reporting_lists(stands)]
    chosen = edit.list if edit.list is not None else (reporting or lists)[0]
    if chosen not in lists:
        raise EditError("no_list", f"there is no list {chosen}; there are: {'、'.join(lists)}", name=chosen, near=lists)
    return WantedTask(
        list=chosen,
        no=_next_no(stands, chosen),
        section=None,
        text=_text(edit.text),
        leaders=edit.leaders or (),
        leader_label=_leader_label(stands) if edit.leaders else None,
        deadline=edit.deadline or None,
        parts=_parts(work, edit, {}, doubts),
    )


def _split(edit: Edit, stands: Standing, task: WantedTask) -> list[WantedTask]:
    first, second = _text(edit.text), _text(edit.second)
    return [replace(task, text=first), replace(task, text=second, no=_next_no(stands, task.list))]


def _changed(edit: Edit, task: WantedTask) -> WantedTask:
    if edit.text is not None:
        task = replace(task, text=_text(edit.text))
    if edit.leaders is not None:
        task = replace(task, leaders=edit.leaders, leader_label=task.leader_label or LEADER if edit.leaders else None)
    return task if edit.deadline is None else replace(task, deadline=edit.deadline or None)


def _text(text: str | None) -> str:
    said = (text or "").strip()
    if not said:
        raise EditError("no_text", "the task's text is empty")
    return said


def _next_no(stands: Standing, list_name: str) -> int:
    """Give the number behind the last one that a list ever had."""
    return max((task.no for task in stands.tasks if task.list == list_name), default=0) + 1


def _leader_label(stands: Standing) -> str:
    return next((task.leader_label for task in stands.tasks if task.leader_label), LEADER)


def _parts(work: Work, edit: Edit, parts: Mapping[str, str], doubts: list[Doubt]) -> dict[str, str]:
    """Give each unit's role in the task from now on."""
    register = known_register(work)
    usual = "support" if edit.joins else "lead" if "lead" in parts.values() else "owner"
    given = [(_known(register, name, doubts, new_units=edit.new_units), role or usual) for name, role in edit.units]
    dropped = [_known(register, name, doubts, new_units=False) for name in edit.dropped]
    if strange := [name for name in dropped if name not in parts]:
        raise EditError("no_part", f"{strange[0]} has no part in the task", name=strange[0])
    left = dict(parts)
    if not edit.joins:
        replaced = {role in OWING_ROLES for _, role in given}
        left = {unit: role for unit, role in parts.items() if (role in OWING_ROLES) not in replaced}
    new = register.parts(given)
    left = {unit: role for unit, role in left.items() if unit not in new and unit not in dropped}
    found = {**{unit: role for unit, role in parts.items() if unit in left}, **new}
    if not any(role in OWING_ROLES for role in found.values()):
        raise EditError("nobody_owes", "nobody would report on the task: name a lead or an owner")
    return found


def _known(register: Register, name: str, doubts: list[Doubt], *, new_units: bool) -> str:
    """Give the name a unit is kept under; an unknown one is refused, or doubted where it is said to be new."""
    name = name.strip()
    if name in register.names:
        return register.name_of(name)
    near = nearest(name, sorted(set(register.names.values())))
    if not new_units or not name or is_group(name):
        raise unknown_unit(name, near)
    doubts.append(("new_unit", name, near))
    return name


def _leader_doubts(leaders: Sequence[str], stands: Standing, old: StandingTask | None) -> list[Doubt]:
    """Doubt leaders whom no task of the notice names yet."""
    known = sorted({name for task in stands.tasks for name in task.leaders})
    return [("new_leader", name, nearest(name, known)) for name in leaders if known and name not in known]


# --- telling ---------------------------------------------------------------------------------------------------------


def _foreseen(edit: Edit, found: _Decided) -> Foreseen:
    revision, wanted = found.decided.revision, found.decided.wanted
    task = wanted.tasks[found.place] if found.place is not None else None
    shown = task if task is not None else found.task
    assert shown is not None  # noqa: S101  # a cancelled task stands
    leavers = _leavers(found)
    left = sum(
        o.task_id == found.task.id and o.unit in leavers and o.state in OWED and o.id not in revision.waived
        for o in found.decided.standing.obligations
        if found.task is not None
    )
    return Foreseen(
        edit.op,
        found.notice,
        shown.list,
        shown.no,
        shown.text,
        tuple(revision.changes),
        made=len(revision.made) + len(revision.asked_again),
        waived=len(revision.waived),
        left=left,
        signers=_signers(found),
        leavers=tuple(leavers),
        doubts=tuple(found.doubts),
    )


def _signers(found: _Decided) -> tuple[str, ...]:
    """List who gets a task to sign for, because it is new to them or says something else now."""
    revision = found.decided.revision
    names = {part.id: part.unit for part in found.decided.standing.parts}
    new = [unit for _, unit, _ in revision.new_parts]
    return tuple(dict.fromkeys([*new, *(names[part] for part, _ in revision.changed_parts)]))


def _leavers(found: _Decided) -> list[str]:
    """List who was told of the task and has no part in it any more."""
    if found.place is None:
        return list(found.told.values())
    parts = found.decided.wanted.tasks[found.place].parts
    return [unit for unit in found.told.values() if unit not in parts]


def _concerned(found: _Decided) -> list[str]:
    """List every unit that has a part in the task, or had one."""
    parts = list(found.decided.wanted.tasks[found.place].parts) if found.place is not None else []
    task = found.task.id if found.task is not None else None
    had = [part.unit for part in found.decided.standing.parts if part.task_id == task and part.ended_at is None]
    return list(dict.fromkeys([*parts, *had]))


def _tell_leavers(work: Work, edit: Edit, found: _Decided, foreseen: Foreseen, task_id: int) -> None:
    """Tell the liaisons of units that lost their part, each person once; new ones get the task at the next tick."""
    gone = {number: name for number, name in found.told.items() if name in foreseen.leavers}
    now = found.decided.wanted.tasks[found.place].parts if found.place is not None else {}
    by_person: dict[Recipient, list[int]] = {}
    for holder in people.holders(work.tx, Role.LIAISON, units=list(gone)):
        if holder.reach == Reach.YES and holder.unit_id is not None:
            by_person.setdefault(Recipient(holder.telegram_id, holder.person_id), []).append(holder.unit_id)
    for to, unit_ids in by_person.items():
        message = say(
            work,
            to,
            Kind.TASK_ENDED,
            priority=outbox.REMINDER,
            units=[gone[number] for number in unit_ids],
            unit_ids=unit_ids,
            task_id=task_id,
            list=foreseen.list,
            no=foreseen.no,
            name=foreseen.name,
            now=sorted((unit for unit, role in now.items() if role in OWING_ROLES), key=lambda u: ROLES.index(now[u])),
            left=_left_of(found, [gone[number] for number in unit_ids]),
            reason=edit.reason,
        )
        let_wait(work, message)


def _left_of(found: _Decided, units: Sequence[str]) -> list[str]:
    """List the periods past for which these units still owe a report on the task."""
    decided = found.decided
    return list(
        dict.fromkeys(
            o.period
            for o in decided.standing.obligations
            if found.task is not None
            and (o.task_id, o.state in OWED) == (found.task.id, True)
            and o.unit in units
            and o.id not in decided.revision.waived
        )
    )


def has_no_part(work: Work, task_id: int, unit_id: int) -> bool:
    """Whether a unit has no part in a task now, or the task does not stand any more."""
    return ledger.assigned_task(work.tx, task_id=task_id, unit_id=unit_id) is None
