"""How does a notice, corrected or issued again, differ from what stands of it? Decided before anything is written."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from rules.periods import due_on
from storage.standing import Standing, StandingPart, StandingPeriod, StandingTask
from storage.states import CORRECTED, OWED, Waiver

OWING_ROLES = ("lead", "owner")  # a support owes nothing to the office: it contributes to its lead
SAID_ELSEWHERE = ("due_dates", "max_length", "min_length", "length_is_soft")  # by the periods, by the notice's own row


class What(StrEnum):
    """What may change by adopting, in the order it is told."""

    UNIT_MERGED = "unit_merged"
    ALIAS_ADDED = "alias_added"
    GROUP_MEMBERS = "group_members"
    RULE = "rule"
    PERIOD_ADDED = "period_added"
    PERIOD_REMOVED = "period_removed"
    PERIOD_MOVED = "period_moved"
    TASK_ADDED = "task_added"
    TASK_REMOVED = "task_removed"
    TEXT = "text"
    SECTION = "section"
    LEADERS = "leaders"
    DEADLINE = "deadline"
    OWNER_ADDED = "owner_added"
    OWNER_REMOVED = "owner_removed"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: `subject` names the task (附件#3), the task and unit, the period, the rule or the unit."""

    what: What
    subject: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class WantedTask:
    """A task as it is to stand; `parts` are unit to role."""

    list: str
    no: int
    section: str | None
    text: str
    leaders: tuple[str, ...]
    leader_label: str | None
    deadline: str | None
    parts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WantedPeriod:
    """A period as it is to stand."""

    label: str
    begins_on: date
    ends_on: date
    due_at: datetime
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to stand of a notice; `reporting_lists` are those whose tasks are reported on, `fields` its row.

    What a plan wants is whole: whoever has a part owes every period. What stands holds periods that no plan has any more.
    """

    fields: Mapping[str, Any]
    tasks: Sequence[WantedTask]
    periods: Sequence[WantedPeriod]
    reporting_lists: frozenset[str]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class NewObligation:
    """An obligation to make: for the wanted task at `place`."""

    period: str
    place: int
    unit: str
    due_at: datetime


@dataclass
class Revision:
    """Everything to write so that a notice stands as wanted; `kept_tasks` has for each wanted task the standing one."""

    kept_tasks: Sequence[StandingTask | None]
    changes: list[Change] = field(default_factory=list)
    withdrawn: list[StandingTask] = field(default_factory=list)
    new_parts: list[tuple[int, str, str]] = field(default_factory=list)  # place of the wanted task, unit, role
    changed_parts: list[tuple[int, str]] = field(default_factory=list)  # part, role: told and signed for again
    ended_parts: list[int] = field(default_factory=list)
    new_periods: list[WantedPeriod] = field(default_factory=list)
    changed_periods: list[tuple[int, WantedPeriod]] = field(default_factory=list)
    ended_periods: list[StandingPeriod] = field(default_factory=list)
    lasting_periods: list[StandingPeriod] = field(default_factory=list)  # gone from the notice, kept all the same
    made: list[NewObligation] = field(default_factory=list)
    asked_again: dict[int, datetime] = field(default_factory=dict)
    waived: dict[int, Waiver] = field(default_factory=dict)
    moved: dict[int, datetime] = field(default_factory=dict)


def compare(
    standing: Standing,
    wanted: Wanted,
    *,
    at: datetime,
    zone: ZoneInfo,
    kept: Sequence[StandingTask | None] | None = None,
) -> Revision:
    """Decide how what stands of a notice becomes what is wanted, as of an instant.

    Nothing that was reported is touched. What is past due stays with the unit that owed it, unless its task is withdrawn.
    `kept` says which standing task each wanted one is, where that is known.
    """
    revision = Revision(match_tasks(standing.tasks, wanted.tasks) if kept is None else kept)
    revision.changes += _changed_rules(standing.fields, wanted.fields)
    _compare_periods(revision, standing, wanted, at, zone)
    _compare_tasks(revision, standing, wanted)
    _compare_obligations(revision, standing, wanted, at)
    revision.changes.sort(key=lambda change: list(What).index(change.what))
    return revision


def counts_after(standing: Standing, wanted: Wanted, revision: Revision) -> dict[str, int]:
    """Count what will stand: tasks, units, periods, obligations but those that a correction waived."""
    waived = {o.id for o in standing.obligations if o.waived_for in CORRECTED} - set(revision.asked_again)
    waived |= set(revision.waived)
    live = [period for period in standing.periods if period.ended_at is None]
    restored = [number for number, _ in revision.changed_periods if number not in {period.id for period in live}]
    return {
        "tasks": len(wanted.tasks),
        "units": len({unit for task in wanted.tasks for unit in task.parts}),
        "periods": len(live) + len(restored) - len(revision.ended_periods) + len(revision.new_periods),
        "obligations": len(standing.obligations) - len(waived) + len(revision.made),
    }


def match_tasks(standing: Sequence[StandingTask], wanted: Sequence[WantedTask]) -> list[StandingTask | None]:
    """Find for each wanted task the one that stands for it: by list and number, where these repeat also by section.

    Among repeats the same text comes first, then their order. A withdrawn task comes back only with the same text.
    """
    found: list[StandingTask | None] = [None] * len(wanted)
    for key, places in _places(wanted).items():
        same = [task for task in standing if (task.list, task.no) == key]
        free = [task for task in same if task.status == "open"]
        is_alone = len(places) == len(free) == 1
        for tell in (_section_and_text, _section, _text):
            _pair(found, places, free, wanted, tell)
        if is_alone and found[places[0]] is None:
            found[places[0]] = free[0]
        _pair(found, places, [task for task in same if task.status != "open"], wanted, _text)
    return found


def _places(wanted: Sequence[WantedTask]) -> dict[tuple[str, int], list[int]]:
    places: dict[tuple[str, int], list[int]] = {}
    for place, task in enumerate(wanted):
        places.setdefault((task.list, task.no), []).append(place)
    return places


def _pair(
    found: list[StandingTask | None],
    places: Iterable[int],
    free: list[StandingTask],
    wanted: Sequence[WantedTask],
    tell: Any,
) -> None:
    """Give each place that has no task yet the first free one that `tell` finds the same."""
    for place in places:
        if found[place] is None:
            same = next((task for task in free if tell(task) == tell(wanted[place])), None)
            if same is not None:
                found[place] = same
                free.remove(same)


def _section_and_text(task: StandingTask | WantedTask) -> Any:
    return task.section, task.text


def _section(task: StandingTask | WantedTask) -> Any:
    return task.section


def _text(task: StandingTask | WantedTask) -> Any:
    return task.text


# --- rules -----------------------------------------------------------------------------------------------------------


def _changed_rules(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    old, new = _rules(before), _rules(after)
    for name in new:
        if old.get(name) != new[name]:
            yield Change(What.RULE, name, _said(old.get(name)), _said(new[name]))


def _rules(fields: Mapping[str, Any]) -> dict[str, Any]:
    names = ("title", "issuer", "document_number", "issued_on", "plan_year", "max_length", "min_length")
    own = {name: fields[name] for name in (*names, "length_is_soft", "attest")}
    return own | {name: value for name, value in fields["rules"].items() if name not in SAID_ELSEWHERE}


def _said(value: Any) -> str | None:
    """Give a rule's value as text, None where it says nothing."""
    match value:
        case None | []:
            return None
        case bool():
            return "yes" if value else "no"
        case list():
            return "、".join(map(str, value))
        case dict():
            return "，".join(f"{name} {each}" for name, each in value.items() if each is not None)
        case _:
            return str(value)


# --- periods ---------------------------------------------------------------------------------------------------------


def _compare_periods(revision: Revision, standing: Standing, wanted: Wanted, at: datetime, zone: ZoneInfo) -> None:
    """Decide which periods come, change and go; one that was reported in, or whose due date has passed, stays."""
    kept = {period.label: period for period in standing.periods}
    for period in wanted.periods:
        old = kept.get(period.label)
        if old is None:
            revision.new_periods.append(period)
        elif old.ended_at is not None or _window(old) != _window(period):
            revision.changed_periods.append((old.id, period))
        if old is None or old.ended_at is not None:
            revision.changes.append(Change(What.PERIOD_ADDED, period.label, None, _dates(period, zone)))
        elif _dates(old, zone) != _dates(period, zone):
            revision.changes.append(Change(What.PERIOD_MOVED, period.label, _dates(old, zone), _dates(period, zone)))
    labels = {period.label for period in wanted.periods}
    written_for = {o.period for o in standing.obligations if o.is_written_for}
    for old in standing.periods:
        if old.label in labels or old.ended_at is not None:
            continue
        if old.due_at <= at or old.label in written_for:
            revision.lasting_periods.append(old)
        else:
            revision.ended_periods.append(old)
            revision.changes.append(Change(What.PERIOD_REMOVED, old.label, _dates(old, zone), None))


def _window(period: StandingPeriod | WantedPeriod) -> Any:
    return period.begins_on, period.ends_on, period.due_at, period.is_provisional


def _dates(period: StandingPeriod | WantedPeriod, zone: ZoneInfo) -> str:
    return f"{period.begins_on} – {period.ends_on}, due {due_on(period.due_at, zone)}"


# --- tasks -----------------------------------------------------------------------------------------------------------


def _compare_tasks(revision: Revision, standing: Standing, wanted: Wanted) -> None:
    kept = {task.id for task in revision.kept_tasks if task is not None}
    revision.withdrawn += [task for task in standing.tasks if task.status == "open" and task.id not in kept]
    revision.changes += [Change(What.TASK_REMOVED, _key(gone), gone.text, None) for gone in revision.withdrawn]
    parts = _by_task(standing.parts)
    for place, (task, old) in enumerate(zip(wanted.tasks, revision.kept_tasks, strict=True)):
        if old is None or old.status != "open":
            owners = "、".join(f"{unit} {role}" for unit, role in task.parts.items())
            revision.changes.append(Change(What.TASK_ADDED, _key(task), None, f"{task.text}（{owners}）"))
        else:
            revision.changes += _changed_words(old, task)
        _compare_parts(revision, place, task, old, parts.get(old.id, {}) if old else {})


def _changed_words(old: StandingTask, new: WantedTask) -> Iterator[Change]:
    for what, before, after in (
        (What.TEXT, old.text, new.text),
        (What.SECTION, old.section, new.section),
        (What.LEADERS, _led(old), _led(new)),
        (What.DEADLINE, old.deadline, new.deadline),
    ):
        if before != after:
            yield Change(what, _key(new), before, after)


def _compare_parts(
    revision: Revision, place: int, task: WantedTask, old: StandingTask | None, parts: Mapping[str, StandingPart]
) -> None:
    """Decide who gets and loses a part in a task; whoever finds it changed is told and signs for it again."""
    stays = old is not None and old.status == "open"
    is_changed = old is None or not stays or (old.text, old.deadline) != (task.text, task.deadline)
    for unit, role in task.parts.items():
        part = parts.get(unit)
        had = part is not None and part.ended_at is None
        if part is None:
            revision.new_parts.append((place, unit, role))
        elif not had or part.role != role or is_changed:
            revision.changed_parts.append((part.id, role))
        if stays and not had:
            revision.changes.append(Change(What.OWNER_ADDED, f"{_key(task)} {unit}", None, role))
        elif stays and part is not None and part.role != role:
            revision.changes.append(Change(What.ROLE, f"{_key(task)} {unit}", part.role, role))
    for unit, part in parts.items():
        if part.ended_at is None and unit not in task.parts:
            revision.ended_parts.append(part.id)
            if stays:
                revision.changes.append(Change(What.OWNER_REMOVED, f"{_key(task)} {unit}", part.role, None))


def _by_task(parts: Iterable[StandingPart]) -> dict[int, dict[str, StandingPart]]:
    found: dict[int, dict[str, StandingPart]] = {}
    for part in parts:
        found.setdefault(part.task_id, {})[part.unit] = part
    return found


def _key(task: StandingTask | WantedTask) -> str:
    return f"{task.list}#{task.no}"


def _led(task: StandingTask | WantedTask) -> str | None:
    return " ".join(filter(None, (task.leader_label, "、".join(task.leaders)))) or None


# --- obligations -----------------------------------------------------------------------------------------------------


def _compare_obligations(revision: Revision, standing: Standing, wanted: Wanted, at: datetime) -> None:
    owing = list(_owing(revision, wanted))
    owing_now = {(old.id, unit) for _, old, unit in owing if old is not None}
    due = _due_instants(standing, wanted)
    ended = {period.label for period in revision.ended_periods}
    withdrawn = {task.id for task in revision.withdrawn}
    wanted_due = {period.label: period.due_at for period in wanted.periods}
    for o in standing.obligations:
        before, after = due[o.period]
        new_due = after if o.due_at == before else o.due_at  # a due date of its own stays its own
        is_owing = (o.task_id, o.unit) in owing_now
        if o.state in OWED:
            if o.task_id in withdrawn:
                revision.waived[o.id] = Waiver.WITHDRAWN
            elif o.period in ended:
                revision.waived[o.id] = Waiver.PERIOD
            elif not is_owing and new_due > at:
                revision.waived[o.id] = Waiver.REASSIGNED
            elif new_due != o.due_at:
                revision.moved[o.id] = new_due
        elif o.waived_for in CORRECTED and is_owing and wanted_due.get(o.period, at) > at:
            revision.asked_again[o.id] = wanted_due[o.period]
    revision.made = list(_missing(revision, standing, wanted, owing, at))


def _owing(revision: Revision, wanted: Wanted) -> Iterator[tuple[int, StandingTask | None, str]]:
    """List who is to report on what: (place, standing task, unit)."""
    for place, (task, old) in enumerate(zip(wanted.tasks, revision.kept_tasks, strict=True)):
        if task.list in wanted.reporting_lists:
            yield from ((place, old, unit) for unit, role in task.parts.items() if role in OWING_ROLES)


def _due_instants(standing: Standing, wanted: Wanted) -> dict[str, tuple[datetime, datetime]]:
    """Give each standing period's due instant before and after."""
    after = {period.label: period.due_at for period in wanted.periods}
    return {period.label: (period.due_at, after.get(period.label, period.due_at)) for period in standing.periods}


def _missing(
    revision: Revision,
    standing: Standing,
    wanted: Wanted,
    owing: Sequence[tuple[int, StandingTask | None, str]],
    at: datetime,
) -> Iterator[NewObligation]:
    """List the obligations to make: all of a new period, and in those not past what is missing of who has a part.

    Where what is wanted is not whole, only who is new to a task.
    """
    have = {(o.period, o.task_id, o.unit) for o in standing.obligations}
    owed_before = _owed_before(standing)
    new = {period.label for period in revision.new_periods}
    for period in wanted.periods:
        for place, old, unit in owing:
            if old is not None and ((period.label, old.id, unit) in have or (old.id, unit) in standing.closed_out):
                continue
            is_asked_for = wanted.is_whole or old is None or (old.id, unit) not in owed_before
            if period.label in new or (is_asked_for and period.due_at > at):
                yield NewObligation(period.label, place, unit, period.due_at)


def _owed_before(standing: Standing) -> set[tuple[int, str]]:
    """Give who had to report on what (task, unit) until now."""
    lists = reporting_lists(standing)
    tasks = {task.id for task in standing.tasks if task.status == "open" and task.list in lists}
    return {
        (part.task_id, part.unit)
        for part in standing.parts
        if part.task_id in tasks and part.ended_at is None and part.role in OWING_ROLES
    }


def reporting_lists(standing: Standing) -> frozenset[str]:
    """Give the lists whose tasks anything was ever due for."""
    asked_for = {obligation.task_id for obligation in standing.obligations}
    return frozenset(task.list for task in standing.tasks if task.id in asked_for)
