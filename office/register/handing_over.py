"""A liaison hands a unit over to a successor (交接), or gives the role up; the unit's history stays with the unit."""

from datetime import datetime, timedelta
from typing import Any

from office.auditing import record
from office.notice.assigning import let_wait
from office.register.inheriting import take_over_drafts
from office.register.inviting import invite_successor
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from rules.numbering import read_choice
from storage import conversations, outbox, people, reports
from storage.people import KnownPerson, OpenInvite
from storage.states import Reach, Role

ASKED_FOR = timedelta(hours=1)  # a 确认 that comes later may be meant for something else
OWN_QUESTIONS = ("handover", "leave", "which_unit")


def begin(work: Work, to: Recipient, person: KnownPerson, words: str, *, then: str) -> None:
    """Begin to hand over or to leave (`then` says which) the unit that words name; asks which where that is not clear."""
    units = person.units_as(Role.LIAISON)
    named = [number for number, name in units.items() if words.strip() in name]
    if len(named) == 1:
        STEPS[then](work, to, person, named[0])
    else:
        _ask_unit(work, to, units, then)


def answer_unit(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed number or name as the answer to which unit is meant; False where it is neither."""
    units = person.units_as(Role.LIAISON)
    text, place = letter.text.strip(), read_choice(letter.text)
    offered = [number for number in content["units"] if number in units]
    chosen = [number for n, number in enumerate(offered, 1) if n == place or text == units[number]]
    to = Recipient(letter.chat_id, person.id)
    if chosen:
        STEPS[content["then"]](work, to, person, chosen[0])
    elif place is not None:
        _ask_unit(work, to, units, content["then"])
    return bool(chosen) or place is not None


def offer_handover(work: Work, to: Recipient, person: KnownPerson, unit_id: int) -> None:
    """Give a liaison the code for a successor; nothing changes until it is used."""
    unit = person.units_as(Role.LIAISON).get(unit_id)
    if unit is None:
        say(work, to, Kind.NOT_ALLOWED)
        return
    invitation = invite_successor(work, person, unit_id)
    conversations.ask(work.tx, to.chat_id, "handover", {"handover": unit_id}, at=work.at)
    say(
        work,
        to,
        Kind.HANDOVER,
        buttons=[[{"do": "cancel", "handover": unit_id}]],
        unit=unit,
        invite=invitation.invite_id,
        sealed=work.vault.encrypt(invitation.code).decode(),  # a usable code stands nowhere in plain
        until=invitation.expires_at.isoformat(),
    )


def hand_over(work: Work, invite: OpenInvite, successor_id: int) -> None:
    """End the role of the one whose code a successor used, and tell them; their next update finds them without it."""
    assert invite.predecessor_id is not None  # noqa: S101  # only such invites come here
    assert invite.unit_id is not None  # noqa: S101
    _end_role(work, invite.predecessor_id, invite.unit_id)
    old, new = (people.account_of(work.tx, number) for number in (invite.predecessor_id, successor_id))
    record(work, "hand_over", f"unit:{invite.unit_id}", successor_id, predecessor=invite.predecessor_id)
    to = Recipient(old.telegram_id, invite.predecessor_id)
    say(work, to, Kind.HANDED_OVER, priority=outbox.REMINDER, unit=invite.unit_name, successor=new.name)


def ask_leave(work: Work, to: Recipient, person: KnownPerson, unit_id: int) -> None:
    """Say what leaving means for the unit, and ask for a yes."""
    unit = person.units_as(Role.LIAISON).get(unit_id)
    if unit is None:
        say(work, to, Kind.NOT_ALLOWED)
        return
    others = [h for h in people.holders(work.tx, Role.LIAISON, units=[unit_id]) if h.person_id != person.id]
    meant = {"leaves": unit_id, "until": (work.at + ASKED_FOR).isoformat()}
    conversations.ask(work.tx, to.chat_id, "leave", meant, at=work.at)
    drafts = sum(draft.author_id == person.id for draft in reports.drafts_of_unit(work.tx, unit_id))
    buttons: list[list[Action]] = [[{"do": "leave", **meant}, {"do": "cancel", **meant}]]
    say(work, to, Kind.CONFIRM_LEAVE, buttons=buttons, unit=unit, is_last=not others, drafts=drafts)


def leave(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Give the role up: another liaison takes the drafts over, or the heads are told that there is none."""
    unit_id = action["leaves"]
    unit = person.units_as(Role.LIAISON).get(unit_id)
    if unit is None:
        say(work, to, Kind.NOT_ALLOWED)
        return
    if datetime.fromisoformat(action["until"]) < work.at:
        ask_leave(work, to, person, unit_id)
        return
    conversations.answered(work.tx, to.chat_id)
    record(work, "leave", f"unit:{unit_id}", person.id)
    say(work, to, Kind.LEFT, unit=unit)
    end_liaison(work, person.id, person.name, unit_id, unit)


def end_liaison(work: Work, person_id: int, name: str, unit_id: int, unit: str) -> None:
    """End somebody's role as a unit's liaison: another one takes the drafts over, or the heads are told of none."""
    _end_role(work, person_id, unit_id)
    others = people.holders(work.tx, Role.LIAISON, units=[unit_id])
    if others:
        other = next((holder for holder in others if holder.reach == Reach.YES), others[0])
        heir = Recipient(other.telegram_id, other.person_id)
        take_over_drafts(work, heir, unit_id, waits=True)
    else:
        _tell_heads(work, unit_id, unit, name)


def cancel(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Call off a handover or a leaving that was begun: the one asked about, else every code that was not used yet."""
    asked = conversations.asked(work.tx, to.chat_id)
    was_asked = asked is not None and asked.kind in OWN_QUESTIONS
    if was_asked:
        conversations.answered(work.tx, to.chat_id)
    is_question = "leaves" in action or (was_asked and "handover" not in action)
    taken_back = 0
    if not is_question:
        taken_back = people.revoke_handovers(work.tx, person_id=person.id, unit_id=action.get("handover"), at=work.at)
    if taken_back:
        record(work, "take_back_handover", f"person:{person.id}", person.id, codes=taken_back)
    say(work, to, Kind.CANCELLED if taken_back or is_question else Kind.NOTHING_TO_CANCEL, codes=taken_back)


def _ask_unit(work: Work, to: Recipient, units: dict[int, str], then: str) -> None:
    conversations.ask(work.tx, to.chat_id, "which_unit", {"then": then, "units": list(units)}, at=work.at)
    buttons: list[list[Action]] = [[{"do": then, "unit": number, "name": name}] for number, name in units.items()]
    say(work, to, Kind.WHICH_UNIT, buttons=buttons, units=list(units.values()), then=then)


def _end_role(work: Work, person_id: int, unit_id: int) -> None:
    people.end_membership(work.tx, person_id=person_id, role=Role.LIAISON, unit_id=unit_id, at=work.at)
    people.revoke_handovers(work.tx, person_id=person_id, unit_id=unit_id, at=work.at)


def _tell_heads(work: Work, unit_id: int, unit: str, liaison: str) -> None:
    for head in people.holders(work.tx, Role.HEAD, units=[unit_id]):
        to = Recipient(head.telegram_id, head.person_id)
        message = say(work, to, Kind.NO_LIAISON, priority=outbox.REMINDER, unit=unit, unit_id=unit_id, liaison=liaison)
        let_wait(work, message)


STEPS = {"handover": offer_handover, "ask_leave": ask_leave}
