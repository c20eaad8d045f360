"""A button is pressed, or its word typed: the person's right is checked now, and the thing is done once."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from office.assigning import sign_for
from office.forgetting import decide_deletion, keep_data, request_deletion
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
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.submitting import submit_drafts
from office.taking_in import adopt, drop
from office.work import Letter, Work
from storage import conversations, people, reports
from storage.people import KnownPerson

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
    once = action["do"] in DOING and DOING[action["do"]].once
    if once:
        conversations.mark_used(work.tx, buttons.token, [*buttons.used, place])
    perform(work, Actor(letter, person), action)
    return DONE_ONCE if once else DONE


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


def _adopt(work: Work, actor: Actor, action: Action) -> None:
    adopt(
        work,
        actor.letter,
        actor.person,
        action.get("intake"),
        updates=action.get("updates"),
        as_new=bool(action.get("as_new")),
    )


def _drop(work: Work, actor: Actor, action: Action) -> None:
    drop(work, actor.letter, actor.person, action.get("intake"))


def _turn_page(work: Work, actor: Actor, action: Action) -> None:
    shown = actor.letter.message_id
    show_overdue(work, actor.to, actor.person, action["words"], page=action["page"], edits=shown or None)


def _set_language(work: Work, actor: Actor, action: Action) -> None:
    people.change_person(work.tx, actor.person.id, language=action["to"])
    say(work, actor.to, Kind.LANGUAGE, chosen=True)


def _ask_deletion(work: Work, actor: Actor, action: Action) -> None:
    request_deletion(work, actor.to, actor.person, action)


def _keep_data(work: Work, actor: Actor, _action: Action) -> None:
    keep_data(work, actor.to)


def _agree_deletion(work: Work, actor: Actor, action: Action) -> None:
    decide_deletion(work, actor.to, actor.person, action, agreed=True)


def _refuse_deletion(work: Work, actor: Actor, action: Action) -> None:
    decide_deletion(work, actor.to, actor.person, action, agreed=False)


def _drafts(work: Work, actor: Actor, action: Action) -> list[int]:
    """Give the drafts an action is about: those of its button or conversation, else all the person has."""
    named: list[int] | None = action.get("reports")
    return named if named is not None else [draft.id for draft in reports.drafts_of(work.tx, actor.person.id)]


@dataclass(frozen=True, slots=True)
class Doing:
    """What a button or word does: for whom, once or as often as pressed, and which values it needs.

    `for_former`: done also for those whose roles have ended.
    A button carries its values; a typed word takes them from the conversation.
    """

    act: Callable[[Work, Actor, Action], None]
    right: Right | None = None
    once: bool = False
    needs: frozenset[str] = frozenset()
    for_former: bool = False


DOING: dict[str, Doing] = {
    "sign": Doing(_sign, Right.SIGN_FOR, once=True),
    "submit": Doing(_submit, Right.REPORT, once=True),
    "change": Doing(_change, Right.REPORT),
    "add_parts": Doing(_add_parts, Right.REPORT),
    "skip": Doing(_skip, Right.REPORT, once=True, needs=frozenset({"pending"})),
    "stage": Doing(_stage, Right.REPORT, once=True, needs=frozenset({"pending"})),
    "report_on": Doing(_report_on, Right.REPORT),
    "other_task": Doing(_other_task, Right.REPORT, once=True),
    "choose": Doing(_choose, Right.REPORT, once=True, needs=frozenset({"kept", "obligation"})),
    "as_one": Doing(_as_one, Right.REPORT, once=True, needs=frozenset({"kept"})),
    "as_correction": Doing(_as_correction, Right.REPORT, once=True, needs=frozenset({"kept", "correct"})),
    "as_next": Doing(_as_next, Right.REPORT, once=True, needs=frozenset({"kept", "next"})),
    "adopt": Doing(_adopt, Right.ADOPT, once=True),
    "drop": Doing(_drop, Right.ADOPT, once=True),
    "overdue_page": Doing(_turn_page, Right.SEE_OVERDUE),
    "language": Doing(_set_language),
    "ask_deletion": Doing(_ask_deletion, once=True, for_former=True),
    "keep_data": Doing(_keep_data, once=True, for_former=True),
    "agree_deletion": Doing(_agree_deletion, Right.DECIDE_DELETION, once=True),
    "refuse_deletion": Doing(_refuse_deletion, Right.DECIDE_DELETION, once=True),
}
