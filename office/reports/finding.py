"""Which obligation does a text mean? A quote, an open question, numbers at line starts, the only one owed, or ask."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from office.notice.assigning import today
from office.work import Letter, Work
from rules.matching import TaskRef, find_task, split_numbered
from rules.numbering import read_prefix
from storage import conversations, ledger, outbox
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import ObligationState, Role

MAY_BE_REPORTED = (ObligationState.OPEN, ObligationState.RETURNED, ObligationState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a person's text and the obligation it is for."""

    due: Due
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a text was found to mean.

    Its parts, or none; `is_asked` where it answers a question or quotes a task; `among`, where it quotes several tasks,
    the ones to ask about; `named`, the tasks its numbers name, owed or not.
    """

    parts: tuple[Part, ...] = ()
    is_asked: bool = False
    among: tuple[Due, ...] = ()
    named: frozenset[int] = frozenset()


class Named(Protocol):
    """What a person can name by its task's number or name, or by its unit."""

    @property
    def task_id(self) -> int: ...
    @property
    def list(self) -> str: ...
    @property
    def no(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def unit_name(self) -> str: ...


N = TypeVar("N", bound=Named)


def find_meaning(
    work: Work, letter: Letter, person: KnownPerson, owed: Sequence[Due], submitted: Sequence[Due] = ()
) -> Found:
    """Find what a liaison's text is for, by the five rules in order; what was submitted is meant only if quoted."""
    quoted = quoted_obligations(work, letter, person, [*owed, *submitted])
    if len(quoted) == 1:
        return Found((whole_part(quoted[0], letter.text),), is_asked=True)
    if not quoted and (asked := _asked_for(work, letter, person)) is not None:
        return Found((whole_part(asked, letter.text),), is_asked=True)
    numbered = _numbered(work, letter.text, person, owed)
    if numbered is not None:  # a number that names a task which is not owed is asked about, never given to another task
        return Found(_parts(numbered, owed), among=quoted, named=frozenset(ref.task_id for ref, _ in numbered))
    if quoted:
        return Found(among=quoted)
    return Found((whole_part(owed[0], letter.text),)) if len(owed) == 1 else Found()


def find_numbered(work: Work, text: str, person: KnownPerson, candidates: Sequence[Due]) -> tuple[Part, ...]:
    """Split a text by the candidates' numbers at its line starts; nothing where it has none of them."""
    numbered = _numbered(work, text, person, candidates)
    return () if numbered is None else _parts(numbered, candidates)


def whole_part(due: Due, text: str) -> Part:
    """Give a text as one obligation's; the task's own number before it, where it is the only one, is not kept."""
    return Part(due, without_number(due.no, text))


def without_number(no: int, text: str) -> str:
    """Give a text without the number of its task before it, where that is the only one."""
    prefixes = [prefix for line in text.splitlines() if (prefix := read_prefix(line))]
    first = read_prefix(text)
    if first is None or len(prefixes) != 1 or first.no != no:
        return text
    return text[first.end :].strip() or text


def earliest_owed(work: Work, person: KnownPerson) -> list[Due]:
    """List what a liaison's units owe now: for each task the earliest period."""
    return _first_of_each(all_owed(work, person))


def all_owed(work: Work, person: KnownPerson) -> list[Due]:
    """List what a liaison's units owe now, in every period; earliest due first."""
    return ledger.owed_by(work.tx, list(person.units_as(Role.LIAISON)), today=today(work))


def latest_submitted(work: Work, person: KnownPerson) -> list[Due]:
    """List what a liaison's units submitted and may still correct: for each task the latest period."""
    return _first_of_each(ledger.submitted_by(work.tx, list(person.units_as(Role.LIAISON))))


def may_still_report(person: KnownPerson, due: Due) -> bool:
    """Whether a person may report on an obligation, or correct what was reported, now."""
    return due.unit_id in person.units_as(Role.LIAISON) and due.state in MAY_BE_REPORTED


def choose(text: str, choices: Sequence[N]) -> N | None:
    """Find the obligation, or the part in a task, that a typed choice names: its task by number or name, or its unit by name, or both."""
    unit = next((due.unit_name for due in choices if text.strip().startswith(due.unit_name)), None)
    if unit is not None:
        of_unit = [due for due in choices if due.unit_name == unit]
        rest = text.strip().removeprefix(unit).strip()
        return choose(rest, of_unit) if rest else of_unit[0] if len(of_unit) == 1 else None
    ref = find_task(text, [TaskRef(due.task_id, due.list, due.no, name=due.text[:40]) for due in choices])
    named = [due for due in choices if ref is not None and due.task_id == ref.task_id]
    return named[0] if len(named) == 1 else None


def _first_of_each(dues: Sequence[Due]) -> list[Due]:
    first: dict[tuple[int, int], Due] = {}
    for due in dues:
        first.setdefault((due.task_id, due.unit_id), due)
    return list(first.values())


def quoted_obligations(work: Work, letter: Letter, person: KnownPerson, current: Sequence[Due]) -> tuple[Due, ...]:
    """Read the message that a text quotes: what of it may still be reported, what is owed before what was submitted."""
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id) if letter.quoted_id is not None else None
    tasks: list[dict[str, Any]] = sent.content.get("tasks") or [] if sent is not None else []
    if not isinstance(tasks, list):
        return ()
    exact = ledger.obligations(work.tx, [task["obligation_id"] for task in tasks if "obligation_id" in task])
    by_number = {due.obligation_id: due for due in exact if may_still_report(person, due)}
    meant = [due for task in tasks for due in _meant(task, by_number, current)]
    found = {due.obligation_id: due for due in meant}
    owed = tuple(due for due in found.values() if due.state != ObligationState.SUBMITTED)
    return owed or tuple(found.values())


def _meant(task: dict[str, Any], exact: dict[int, Due], current: Sequence[Due]) -> Iterable[Due]:
    """Give the obligation a message spoke of; where it is closed, or none was named, the task's present one."""
    if task.get("obligation_id") in exact:
        return [exact[task["obligation_id"]]]
    same = [due for due in current if due.task_id == task.get("task_id")]
    return [due for due in same if due.unit_name == task.get("unit", due.unit_name)]


def _asked_for(work: Work, letter: Letter, person: KnownPerson) -> Due | None:
    asked = conversations.asked(work.tx, letter.chat_id)
    if asked is None or asked.kind != "report_on":
        return None
    due = ledger.obligation(work.tx, asked.content["obligation"])
    return due if due is not None and may_still_report(person, due) else None


def _numbered(work: Work, text: str, person: KnownPerson, owed: Sequence[Due]) -> list[tuple[TaskRef, str]] | None:
    if not any(read_prefix(line) for line in text.splitlines()):
        return None
    tasks = ledger.tasks_of_units(work.tx, list(person.units_as(Role.LIAISON)))
    own = [TaskRef(task_id=task.task_id, list=task.list, no=task.no) for task in tasks]
    return split_numbered(text, own, {due.task_id for due in owed})


def _parts(numbered: Sequence[tuple[TaskRef, str]], owed: Sequence[Due]) -> tuple[Part, ...]:
    """Join the numbered pieces with their obligations; none where a task is owed by two of the person's units."""
    by_task: dict[int, list[Due]] = {}
    for due in owed:
        by_task.setdefault(due.task_id, []).append(due)
    if any(len(by_task.get(ref.task_id, [])) != 1 for ref, _ in numbered):
        return ()
    return tuple(Part(by_task[ref.task_id][0], text) for ref, text in numbered)
