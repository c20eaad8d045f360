"""What a command is answered with: /help, /tasks, /report, /plan, /form, /overdue, /plans, /language."""

from collections.abc import Callable
from dataclasses import dataclass

from office.assigning import list_tasks
from office.form_sending import send_form
from office.listing import show_overdue
from office.planning import begin_plan
from office.plans import show_plans
from office.reporting import offer_reports
from office.rights import Right, may
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import people
from storage.people import KnownPerson


@dataclass(frozen=True, slots=True)
class Command:
    """What answers a command, given the words behind it; and who may ask."""

    answer: Callable[[Work, Letter, KnownPerson, str], None]
    right: Right | None = None


def answer_command(work: Work, letter: Letter, command: str, words: str) -> None:
    """Answer a command; someone who is not registered learns nothing but that an invite is needed."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not person.parts:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
        return
    asked = COMMANDS.get(command)
    if asked is None:
        say(work, Recipient(letter.chat_id, person.id), Kind.UNKNOWN_COMMAND, command=command[:32])
    elif asked.right is not None and not may(person, asked.right):
        say(work, Recipient(letter.chat_id, person.id), Kind.NOT_ALLOWED)
    else:
        asked.answer(work, letter, person, words)


def _help(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    parts = [{"role": part.role, "unit": part.unit_name} for part in person.parts]
    say(
        work,
        Recipient(letter.chat_id, person.id),
        Kind.HELP,
        office=work.policy.office,
        name=person.name,
        parts=parts,
    )


def _tasks(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    list_tasks(work, letter, person)


def _report(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    offer_reports(work, letter, person)


def _overdue(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    show_overdue(work, Recipient(letter.chat_id, person.id), person, words)


def _plans(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_plans(work, Recipient(letter.chat_id, person.id))


def _language(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    choices = [[{"do": "language", "to": "zh"}, {"do": "language", "to": "en"}]]
    say(work, Recipient(letter.chat_id, person.id), Kind.LANGUAGE, buttons=choices, chosen=False)


COMMANDS: dict[str, Command] = {
    "tasks": Command(_tasks, Right.SEE_TASKS),
    "report": Command(_report, Right.REPORT),
    "plan": Command(begin_plan, Right.PLAN),
    "form": Command(send_form, Right.REPORT),
    "overdue": Command(_overdue, Right.SEE_OVERDUE),
    "plans": Command(_plans, Right.SEE_PLANS),
    "language": Command(_language),
    "help": Command(_help),
    "start": Command(_help),
}
