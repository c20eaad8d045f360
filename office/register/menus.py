"""Which commands are offered to whom: what a person may do now, in their language."""

from dataclasses import dataclass

from office.answering import COMMANDS, commands_in_groups, commands_of
from office.work import Work
from storage import accounts
from storage.groups import groups_in
from storage.states import GroupState


@dataclass(frozen=True, slots=True)
class Menu:
    """The commands to offer in a chat, in the order of the table."""

    chat_id: int
    language: str | None
    commands: tuple[str, ...]


def menus(work: Work) -> list[Menu]:
    """Give the menu of everybody who has a role now, and of the registered groups."""
    shown = [Menu(group.chat_id, None, commands_in_groups()) for group in groups_in(work.tx, GroupState.REGISTERED)]
    return shown + [
        Menu(person.telegram_id, person.language, commands_of(person)) for person in accounts.everyone_serving(work.tx)
    ]


def commands_for_strangers() -> tuple[str, ...]:
    """List the commands that make sense to someone who is not registered."""
    return tuple(name for name, command in COMMANDS.items() if command.for_strangers)
