"""Which obligation does a text mean? A quote, an open question, numbers at line starts, the only one owed, or ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from office.assigning import today
from office.work import Letter, Work
from rules.matching import TaskRef, find_task, split_numbered
from rules.numbering import read_prefix
from storage import conversations, ledger, outbox
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import Role


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a person's text and the obligation it is for."""

    due: Due
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a text was found to mean: its parts, or none; `is_asked` where it answers a question or quotes a task."""

    parts: tuple[Part, ...]
    is_asked: bool = False


def find_meaning(
    work: Work, letter: Letter, person: KnownPerson, candidates: Sequence[Due], *, whole: bool = False
) -> Found:
    """Find which of the candidates a liaison's text is for, by the five rules in order; `whole` keeps it in one piece."""
    if (quoted := _quoted(work, letter, candidates)) is not None:
        return quoted
    if (asked := _asked_for(work, letter, candidates)) is not None:
        return Found((Part(asked, letter.text),), is_asked=True)
    numbered = None if whole else _numbered(work, letter.text, person, candidates)
    if numbered is not None:  # a number that names a task which is not owed is asked about, never given to another task
        return Found(_parts(numbered, candidates))
    if len(candidates) == 1:
        return Found((Part(candidates[0], letter.text),))
    return Found(())


def earliest_owed(work: Work, person: KnownPerson) -> list[Due]:
    """List what a liaison's units owe now: for each task the earliest period."""
    return _first_of_each(ledger.owed_by(work.tx, list(person.units_as(Role.LIAISON)), today=today(work)))


def latest_submitted(work: Work, person: KnownPerson) -> list[Due]:
    """List what a liaison's units submitted and may still correct: for each task the latest period."""
    return _first_of_each(ledger.submitted_by(work.tx, list(person.units_as(Role.LIAISON))))


def _first_of_each(dues: Sequence[Due]) -> list[Due]:
    first: dict[tuple[int, int], Due] = {}
    for due in dues:
        first.setdefault((due.task_id, due.unit_id), due)
    return list(first.values())


def refs(dues: Sequence[Due]) -> list[TaskRef]:
    """Give obligations as the tasks that people number."""
    return [TaskRef(task_id=due.task_id, list=due.list, no=due.no, name=due.text[:40]) for due in dues]


def choose(text: str, choices: Sequence[Due]) -> Due | None:
    """Find the obligation a typed choice names."""
    ref = find_task(text, refs(choices))
    named = [due for due in choices if ref is not None and due.task_id == ref.task_id]
    return named[0] if len(named) == 1 else None


def _quoted(work: Work, letter: Letter, owed: Sequence[Due]) -> Found | None:
    """Read the message that a text quotes: what of its tasks is still owed."""
    if letter.quoted_id is None:
        return None
    sent = outbox.sent_as(work.tx, letter.chat_id, letter.quoted_id)
    if sent is None:
        return None
    about = {int(task["task_id"]) for task in sent.content.get("tasks", []) if "task_id" in task}
    meant = tuple(due for due in owed if due.task_id in about)
    if len(meant) == 1:
        return Found((Part(meant[0], letter.text),), is_asked=True)
    return None


def _asked_for(work: Work, letter: Letter, owed: Sequence[Due]) -> Due | None:
    asked = conversations.asked(work.tx, letter.chat_id)
    if asked is None or asked.kind != "report_on":
        return None
    return next((due for due in owed if due.obligation_id == asked.content["obligation"]), None)


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
