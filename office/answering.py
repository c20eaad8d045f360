"""What a command is answered with; one table says which there are, and who is offered them."""

from collections.abc import Callable
from dataclasses import dataclass

from office.chasing.broadcasting import begin_broadcast
from office.chasing.holding import begin_pause, begin_resume
from office.chasing.inspecting import answer_inspect_command
from office.chasing.issuing import answer_slip_command
from office.looking.listing import show_overdue
from office.looking.status import show_status
from office.looking.unit_card import find_unit_card
from office.notice.due_steps import begin_due
from office.notice.edit_steps import begin_edit
from office.notice.tasks import find_task, list_tasks
from office.register.forgetting import ask_forgetting, show_my_data
from office.register.groups import is_asked, is_registered, leave_unknown, show_groups
from office.register.handing_over import begin
from office.register.helping import show_help
from office.register.managing_people import invite_from_chat, show_people
from office.register.registrations import show_registrations
from office.reports.contributing import begin_ask
from office.reports.correcting import begin_correction, show_corrections
from office.reports.entering import begin_entry
from office.reports.form_sending import send_form
from office.reports.planning import begin_plan
from office.reports.plans import show_plans
from office.reports.reporting import offer_reports
from office.reports.reviewing import begin_review
from office.reports.waiving import begin_waiver
from office.reports.withdrawing import withdraw
from office.requests.absences import tell_absence
from office.requests.completing import begin_completion
from office.requests.deciding import show_completions, show_extensions
from office.requests.extending import begin_extension
from office.rights import Right, may
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import people
from storage.people import KnownPerson


@dataclass(frozen=True, slots=True)
class Command:
    """What answers a command, given the words behind it; and who may ask.

    `in_menu`: offered in Telegram's menu and in /help; `offered` names the right that takes, where it is a narrower one.
    `for_strangers`: offered to those who are not registered. `for_former`: answered also to those whose roles have ended.
    `in_groups`: answered in a registered group too, since it only shows (there, where it can do more elsewhere).
    """

    answer: Callable[[Work, Letter, KnownPerson, str], None]
    right: Right | None = None
    in_menu: bool = True
    offered: Right | None = None
    for_strangers: bool = False
    for_former: bool = False
    in_groups: bool = False


def answer_command(work: Work, letter: Letter, command: str, words: str) -> None:
    """Answer a command; someone who is not registered learns nothing but that an invite is needed."""
    person, asked = people.who_is(work.tx, letter.telegram_id), COMMANDS.get(command)
    if person is None or not (person.parts or (asked is not None and asked.for_former)):
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
    elif asked is None:
        say(work, Recipient(letter.chat_id, person.id), Kind.UNKNOWN_COMMAND, command=command[:32])
    elif asked.right is not None and not may(person, asked.right):
        say(work, Recipient(letter.chat_id, person.id), Kind.NOT_ALLOWED)
    else:
        asked.answer(work, letter, person, words)


def answer_in_group(work: Work, letter: Letter, title: str, called: tuple[str, str] | None) -> None:
    """Answer a command in a registered group; nothing else is, nor anybody without a role.

    What opens a dialogue or decides is left to the private chat. A group that is not registered is left.
    """
    if not is_registered(work, letter.chat_id):
        if not is_asked(work, letter.chat_id):
            leave_unknown(work, letter.chat_id, title)
        return
    person = people.who_is(work.tx, letter.telegram_id) if called is not None else None
    if called is None or person is None or not person.parts or (asked := COMMANDS.get(called[0])) is None:
        return
    if asked.in_groups:
        answer_command(work, letter, *called)
    else:
        shown = [name for name in commands_of(person) if COMMANDS[name].in_groups]
        say(work, Recipient(letter.chat_id, person.id), Kind.GROUP_PRIVATE, command=called[0], shown=shown)


def commands_in_groups() -> tuple[str, ...]:
    """List the commands that are answered in registered groups."""
    return tuple(name for name, command in COMMANDS.items() if command.in_groups)


def commands_of(person: KnownPerson) -> tuple[str, ...]:
    """List the commands a person is offered: those of the menu that their roles allow."""
    return tuple(
        name
        for name, command in COMMANDS.items()
        if command.in_menu and ((right := command.offered or command.right) is None or may(person, right))
    )


def _help(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_help(work, Recipient(letter.chat_id, person.id), person, commands_of(person))


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


def _plans(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_plans(work, Recipient(letter.chat_id, person.id))


def _language(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    choices = [[{"do": "language", "to": "zh"}, {"do": "language", "to": "en"}]]
    say(work, Recipient(letter.chat_id, person.id), Kind.LANGUAGE, buttons=choices, chosen=False)


def _groups(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_groups(work, Recipient(letter.chat_id, person.id))


def _extensions(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_extensions(work, Recipient(letter.chat_id, person.id))


def _completions(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_completions(work, Recipient(letter.chat_id, person.id))


def _my_data(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    show_my_data(work, Recipient(letter.chat_id, person.id), person)


def _forget(work: Work, letter: Letter, person: KnownPerson, _words: str) -> None:
    ask_forgetting(work, Recipient(letter.chat_id, person.id), person)


# in the order of the menu; each has its words in the catalogue as `command.…` (menu) and `help.do.…` (/help)
COMMANDS: dict[str, Command] = {
    "tasks": Command(_tasks, Right.SEE_TASKS, in_groups=True),
    "task": Command(find_task, Right.SEE_TASKS, in_groups=True),
    "report": Command(_report, Right.REPORT),
    "overdue": Command(_overdue, Right.SEE_OVERDUE, in_groups=True),
    "status": Command(show_status, Right.SEE_UNITS, in_groups=True),
    "unit": Command(find_unit_card, Right.SEE_UNITS, in_groups=True),
    "plan": Command(begin_plan, Right.PLAN),
    "form": Command(send_form, Right.REPORT),
    "ask": Command(begin_ask, Right.ASK_SUPPORT),
    "extend": Command(begin_extension, Right.EXTEND),
    "done": Command(begin_completion, Right.COMPLETE),
    "withdraw": Command(_withdraw, Right.REPORT),
    "correct": Command(_correct, Right.REPORT),
    "away": Command(tell_absence, Right.BE_AWAY),
    "handover": Command(_hand_over, Right.HAND_OVER),
    "leave": Command(_leave, Right.HAND_OVER),
    "review": Command(begin_review, Right.REVIEW),
    "extensions": Command(_extensions, Right.DECIDE, in_groups=True),
    "completions": Command(_completions, Right.DECIDE, in_groups=True),
    "corrections": Command(_corrections, Right.DECIDE, in_groups=True),
    "enter": Command(begin_entry, Right.ENTER),
    "waive": Command(begin_waiver, Right.WAIVE),
    "slip": Command(answer_slip_command, Right.SEE_SLIPS, offered=Right.ISSUE_SLIPS, in_groups=True),
    "inspect": Command(answer_inspect_command, Right.SEE_INSPECTIONS, offered=Right.INSPECT, in_groups=True),
    "edit": Command(begin_edit, Right.CORRECT),
    "due": Command(begin_due, Right.CORRECT),
    "plans": Command(_plans, Right.SEE_PLANS, in_groups=True),
    "registrations": Command(_registrations, Right.SEE_REGISTRATIONS, in_groups=True),
    "people": Command(show_people, Right.MANAGE_PEOPLE),
    "invite": Command(invite_from_chat, Right.MANAGE_PEOPLE),
    "groups": Command(_groups, Right.MANAGE_GROUPS),
    "broadcast": Command(begin_broadcast, Right.BROADCAST),
    "pause": Command(begin_pause, Right.PAUSE),
    "resume": Command(begin_resume, Right.PAUSE),
    "mydata": Command(_my_data, for_former=True),
    "forget": Command(_forget, in_menu=False, for_former=True),  # not begun by a slip of the finger: /mydata names it
    "language": Command(_language),
    "help": Command(_help, for_strangers=True),
    "start": Command(_help, in_menu=False, for_strangers=True),
}
