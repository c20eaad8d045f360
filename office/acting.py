"""A button is pressed, or its word typed: the person's right is checked now, and the thing is done once."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from office.assigning import sign_for
from office.handing_over import ask_leave, cancel, leave, offer_handover
from office.listing import show_overdue
from office.reporting import (
    ask_change,
    ask_parts,
    move_to_other_task,
    prompt_for,
    report_as,
    set_stage,
    skip_part,
    take_as_one,
    take_choice,
)
from office.saying import Action, Kind, Recipient, say
from office.submitting import submit_drafts
from office.work import Letter, Work
from storage import conversations, people, reports
from storage.people import KnownPerson
from storage.states import Role

ONCE = {"submit", "sign", "choose", "as_one", "as_correction", "as_next", "other_task", "stage", "skip"}
ONCE |= {"handover", "ask_leave", "leave", "cancel"}
LIAISON_ONLY = ONCE | {"change", "add_parts", "report_on"}
DATA = re.compile(r"([A-Za-z0-9_-]{16}):([0-9]{1,3})")  # as `saying` names buttons and `wording` places them
DONE, DONE_ONCE, USED, FOREIGN, EXPIRED, UNKNOWN = "done", "done_once", "used", "foreign", "expired", "unknown"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and the chat they act in."""

    letter: Letter
    person: KnownPerson

    @property
    def to(self) -> Recipient:
        """Where the answer goes."""
        return Recipient(self.letter.chat_id, self.person.id)


def press(work: Work, letter: Letter, data: str) -> str:
    """Carry out a pressed button; gives how it ended: done (once: its buttons can go), used, foreign, expired or unknown.

    The data comes from the client and is trusted for nothing (Bot API, CallbackQuery.data): it only names a stored
    action, which is carried out for the person it was made for, once, if that person still may.
    """
    named = DATA.fullmatch(data)
    buttons = conversations.buttons(work.tx, named[1]) if named is not None else None
    if named is None or buttons is None or int(named[2]) >= len(buttons.actions):
        return UNKNOWN
    place = int(named[2])
    person = people.who_is(work.tx, letter.telegram_id)
    if person is None or person.id != buttons.person_id:
        return FOREIGN
    if buttons.expires_at <= work.at:
        return EXPIRED
    if place in buttons.used:
        return USED
    action = buttons.actions[place]
    if action["do"] in ONCE:
        conversations.mark_used(work.tx, buttons.token, [*buttons.used, place])
    perform(work, Actor(letter, person), action)
    return DONE_ONCE if action["do"] in ONCE else DONE


def perform(work: Work, actor: Actor, action: Action) -> None:
    """Do what a button or a typed word asks for, if the person still may."""
    do = action["do"]
    if not actor.person.parts:
        say(work, Recipient(actor.letter.chat_id), Kind.STRANGER)
    elif do in LIAISON_ONLY and not actor.person.units_as(Role.LIAISON):
        say(work, actor.to, Kind.NOT_ALLOWED)
    elif do not in DOING or not NEEDS.get(do, set()) <= action.keys():
        say(work, actor.to, Kind.NOTHING_DRAFTED)
    else:
        DOING[do](work, actor, action)


def _sign(work: Work, actor: Actor, action: Action) -> None:
    sign_for(work, actor.letter, actor.person, action.get("assignments"))


def _submit(work: Work, actor: Actor, action: Action) -> None:
    submit_drafts(work, actor.to, actor.person, _drafts(work, actor, action))


def _change(work: Work, actor: Actor, action: Action) -> None:
    ask_change(work, actor.to, actor.person, _drafts(work, actor, action))


def _add_parts(work: Work, actor: Actor, action: Action) -> None:
    ask_parts(work, actor.to, actor.person, _drafts(work, actor, action))


def _skip(work: Work, actor: Actor, action: Action) -> None:
    skip_part(work, actor.to, action)


def _stage(work: Work, actor: Actor, action: Action) -> None:
    set_stage(work, actor.to, actor.person, action)


def _report_on(work: Work, actor: Actor, action: Action) -> None:
    prompt_for(work, actor.to, actor.person, action["obligation"])


def _other_task(work: Work, actor: Actor, action: Action) -> None:
    move_to_other_task(work, actor.letter, actor.person, action["reports"])


def _choose(work: Work, actor: Actor, action: Action) -> None:
    take_choice(work, actor.to, actor.person, action["kept"], action["obligation"])


def _as_one(work: Work, actor: Actor, action: Action) -> None:
    take_as_one(work, actor.letter, actor.person, action["kept"])


def _as_correction(work: Work, actor: Actor, action: Action) -> None:
    report_as(work, actor.letter, actor.person, action["kept"], action["correct"])


def _as_next(work: Work, actor: Actor, action: Action) -> None:
    report_as(work, actor.letter, actor.person, action["kept"], action["next"])


def _turn_page(work: Work, actor: Actor, action: Action) -> None:
    shown = actor.letter.message_id
    show_overdue(work, actor.to, actor.person, action["words"], page=action["page"], edits=shown or None)


def _set_language(work: Work, actor: Actor, action: Action) -> None:
    people.change_person(work.tx, actor.person.id, language=action["to"])
    say(work, actor.to, Kind.LANGUAGE, chosen=True)


def _handover(work: Work, actor: Actor, action: Action) -> None:
    offer_handover(work, actor.to, actor.person, action["unit"])


def _ask_leave(work: Work, actor: Actor, action: Action) -> None:
    ask_leave(work, actor.to, actor.person, action["unit"])


def _leave(work: Work, actor: Actor, action: Action) -> None:
    leave(work, actor.to, actor.person, action)


def _cancel(work: Work, actor: Actor, action: Action) -> None:
    cancel(work, actor.to, actor.person, action)


def _drafts(work: Work, actor: Actor, action: Action) -> list[int]:
    """Give the drafts an action is about: those of its button or conversation, else all the person has."""
    named: list[int] | None = action.get("reports")
    return named if named is not None else [draft.id for draft in reports.drafts_of(work.tx, actor.person.id)]


DOING: dict[str, Callable[[Work, Actor, Action], None]] = {
    "sign": _sign,
    "submit": _submit,
    "change": _change,
    "add_parts": _add_parts,
    "skip": _skip,
    "stage": _stage,
    "report_on": _report_on,
    "other_task": _other_task,
    "choose": _choose,
    "as_one": _as_one,
    "as_correction": _as_correction,
    "as_next": _as_next,
    "overdue_page": _turn_page,
    "language": _set_language,
    "handover": _handover,
    "ask_leave": _ask_leave,
    "leave": _leave,
    "cancel": _cancel,
}
NEEDS = {  # what a typed word takes from the conversation; a button carries it
    "skip": {"pending"},
    "stage": {"pending"},
    "choose": {"kept", "obligation"},
    "as_one": {"kept"},
    "as_correction": {"kept", "correct"},
    "as_next": {"kept", "next"},
    "leave": {"leaves", "until"},
}
