"""What a command is answered with."""

from office.assigning import list_tasks
from office.handing_over import begin
from office.listing import show_overdue
from office.registrations import show_registrations
from office.reporting import offer_reports
from office.saying import Kind, Recipient, say
from office.work import Letter, Work
from storage import people
from storage.people import KnownPerson
from storage.states import Role


def answer_command(work: Work, letter: Letter, command: str, words: str) -> None:
    """Answer a command; someone who is not registered learns nothing but that an invite is needed."""
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not person.parts:
        say(work, Recipient(letter.chat_id), Kind.STRANGER)
        return
    to = Recipient(letter.chat_id, person.id)
    match command:
        case "help" | "start":
            _help(work, to, person)
        case "tasks" if person.units_as(Role.LIAISON):
            list_tasks(work, letter, person)
        case "report" if person.units_as(Role.LIAISON):
            offer_reports(work, letter, person)
        case "handover" | "leave" if person.units_as(Role.LIAISON):
            begin(work, to, person, words, then="handover" if command == "handover" else "ask_leave")
        case "registrations":
            show_registrations(work, to, person)
        case "overdue":
            show_overdue(work, to, person, words)
        case "language":
            choices = [[{"do": "language", "to": "zh"}, {"do": "language", "to": "en"}]]
            say(work, to, Kind.LANGUAGE, buttons=choices, chosen=False)
        case "tasks" | "report" | "handover" | "leave":
            say(work, to, Kind.NOT_ALLOWED)
        case _:
            say(work, to, Kind.UNKNOWN_COMMAND, command=command[:32])


def _help(work: Work, to: Recipient, person: KnownPerson) -> None:
    parts = [{"role": part.role, "unit": part.unit_name} for part in person.parts]
    say(work, to, Kind.HELP, office=work.policy.office, name=person.name, parts=parts)
