"""What a command is answered with."""

from collections.abc import Callable
from dataclasses import dataclass

from office.absences import tell_absence
from office.completing import begin_completion
from office.contributing import begin_ask
from office.correcting import begin_correction, show_corrections
from office.deciding import show_completions, show_extensions
from office.entering import begin_entry
from office.extending import begin_extension
from office.handing_over import begin
from office.holding import begin_pause, begin_resume
from office.listing import show_overdue
from office.registrations import show_registrations
from office.reporting import offer_reports
from office.reviewing import begin_review
from office.rights import Right, may
from office.saying import Kind, Recipient, say
from office.tasks import find_task, list_tasks
from office.waiving import begin_waiver
from office.withdrawing import withdraw
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


def _tasks(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    list_tasks(work, Recipient(letter.chat_id, person.id), person, words)


def _report(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    offer_reports(work, letter, person)


def _hand_over(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    begin(work, Recipient(letter.chat_id, person.id), person, words, then="handover")


def _leave(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    begin(work, Recipient(letter.chat_id, person.id), person, words, then="ask_leave")


def _registrations(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_registrations(work, Recipient(letter.chat_id, person.id), person)


def _overdue(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    show_overdue(work, Recipient(letter.chat_id, person.id), person, words)


def _withdraw(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    withdraw(work, letter, person, {"words": words})


def _correct(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    begin_correction(work, letter, person, {"words": words})


def _corrections(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_corrections(work, Recipient(letter.chat_id, person.id))


def _language(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    choices = [[{"do": "language", "to": "zh"}, {"do": "language", "to": "en"}]]
    say(work, Recipient(letter.chat_id, person.id), Kind.LANGUAGE, buttons=choices, chosen=False)


def _extensions(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_extensions(work, Recipient(letter.chat_id, person.id))


def _completions(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_completions(work, Recipient(letter.chat_id, person.id))


COMMANDS: dict[str, Command] = {
    "tasks": Command(_tasks, Right.SEE_TASKS),
    "task": Command(find_task, Right.SEE_TASKS),
    "ask": Command(begin_ask, Right.ASK_SUPPORT),
    "report": Command(_report, Right.REPORT),
    "withdraw": Command(_withdraw, Right.REPORT),
    "correct": Command(_correct, Right.REPORT),
    "corrections": Command(_corrections, Right.DECIDE),
    "handover": Command(_hand_over, Right.HAND_OVER),
    "leave": Command(_leave, Right.HAND_OVER),
    "registrations": Command(_registrations, Right.SEE_REGISTRATIONS),
    "overdue": Command(_overdue, Right.SEE_OVERDUE),
    "extend": Command(begin_extension, Right.EXTEND),
    "done": Command(begin_completion, Right.COMPLETE),
    "away": Command(tell_absence, Right.BE_AWAY),
    "extensions": Command(_extensions, Right.DECIDE),
    "completions": Command(_completions, Right.DECIDE),
    "review": Command(begin_review, Right.REVIEW),
    "enter": Command(begin_entry, Right.ENTER),
    "waive": Command(begin_waiver, Right.WAIVE),
    "pause": Command(begin_pause, Right.PAUSE),
    "resume": Command(begin_resume, Right.PAUSE),
    "language": Command(_language),
    "help": Command(_help),
    "start": Command(_help),
}
