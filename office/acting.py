"""A button is pressed, or its word typed: whose it is, whether it still stands, whether they may; then it is done."""

import re

from office.doing import DOING, Actor
from office.register.groups import is_registered
from office.rights import may
from office.saying import IN_GROUPS, Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations, outbox, people
from storage.conversations import Buttons
from storage.people import KnownPerson
from storage.states import Role

DATA = re.compile(r"([A-Za-z0-9_-]{16}):([0-9]{1,3})")  # as `saying` names buttons and `wording` places them
DONE, DONE_ONCE, USED, FOREIGN, EXPIRED, UNKNOWN = "done", "done_once", "used", "foreign", "expired", "unknown"
REFUSED, PRIVATE = "refused", "private"
REFUSALS = {  # what is said where a button could not do what it is for
    Kind.STRANGER,
    Kind.NOT_ALLOWED,
    Kind.NOTHING_DRAFTED,
    Kind.NOTHING_OWED,
    Kind.CLOSED,
    Kind.TOO_LONG,
    Kind.INTAKE_GONE,
    Kind.NO_ATTACHMENT,
    Kind.NOTHING_TO_WITHDRAW,
    Kind.NOTHING_TO_CORRECT,
    Kind.CORRECTION_GONE,
    Kind.REVIEW_GONE,
    Kind.ENTRY_GONE,
    Kind.SLIP_REFUSED,
    Kind.INSPECTION_REFUSED,
    Kind.PUT_RIGHT_REFUSED,
    Kind.GROUP_GONE,
}


def press(work: Work, letter: Letter, data: str) -> str:
    """Carry out a pressed button; gives how it ended.

    Done (once: its buttons can go), refused, used, foreign, expired, private (not in a group) or unknown.

    The data comes from the client and is trusted for nothing (Bot API, CallbackQuery.data): it only names a stored
    action, which is carried out for the person it was made for, once, if that person still may.
    """
    named = DATA.fullmatch(data)
    buttons = conversations.buttons(work.tx, named[1]) if named is not None else None
    if named is None or buttons is None or int(named[2]) >= len(buttons.actions):
        return UNKNOWN
    place = int(named[2])
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or not _may_press(work, letter, person, buttons):
        return FOREIGN
    if (ended := _ended(work, letter, buttons, place)) is not None:
        return ended
    action = buttons.actions[place]
    last = outbox.last_number(work.tx)
    perform(work, Actor(letter, person), action)
    if outbox.kinds_since(work.tx, last, letter.chat_id) & REFUSALS:
        return REFUSED
    if action["do"] not in DOING or not DOING[action["do"]].once:
        return DONE
    conversations.mark_used(work.tx, buttons.token, [*buttons.used, place])
    return DONE_ONCE


def _may_press(work: Work, letter: Letter, person: KnownPerson, buttons: Buttons) -> bool:
    """Whether a message's buttons are this person's: one's own, and in a registered group every supervisor's."""
    if letter.in_group and not is_registered(work, letter.chat_id):
        return False
    is_shared = letter.in_group and person.has_role(Role.SUPERVISOR, Role.ADMIN)
    return is_shared or person.id == buttons.person_id


def _ended(work: Work, letter: Letter, buttons: Buttons, place: int) -> str | None:
    """Tell why a button does nothing, for anybody: its time has passed, it was used, or it is not for a group."""
    if buttons.expires_at <= work.at:
        return EXPIRED
    if place in buttons.used:
        return USED
    return PRIVATE if letter.in_group and buttons.actions[place]["do"] not in IN_GROUPS else None


def perform(work: Work, actor: Actor, action: Action) -> None:
    """Do what a button or a typed word asks for, if the person still may."""
    doing = DOING.get(action["do"])
    if not actor.person.parts and not (doing is not None and doing.for_former):
        say(work, Recipient(actor.letter.chat_id), Kind.STRANGER)
    elif doing is not None and doing.right is not None and not may(actor.person, doing.right):
        say(work, actor.to, Kind.NOT_ALLOWED)
    elif doing is None or not doing.needs <= action.keys():
        say(work, actor.to, Kind.NOTHING_DRAFTED)
    else:
        doing.act(work, actor, action)
