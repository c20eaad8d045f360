"""Supervisors invite people and see who serves whom (/invite, /people), and end roles, each shown before it is done."""

import re
from typing import Any

from office.notice.editing import EditError, nearest, unknown_unit
from office.notice.proposing import ask_why, refuse
from office.register.ending_roles import APPOINTED
from office.register.inviting import invite_person, invite_units
from office.requests.forms import CANCEL, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import accounts, conversations, ledger
from storage.people import KnownPerson, Part
from storage.states import Role

ROLE_WORDS = {
    "联络员": Role.LIAISON,
    "责任人": Role.HEAD,
    "牵头领导": Role.LEADER,
    "领导": Role.LEADER,
    "督查人员": Role.SUPERVISOR,
    "督查专员": Role.SUPERVISOR,
    "督查": Role.SUPERVISOR,
    "管理员": Role.ADMIN,
    **{role.value: role for role in Role},
}
UNIT_ROLES = (Role.LIAISON, Role.HEAD)
END = re.compile(r"撤销职务[\s:：]*(\d{1,3}|.{2,30})?")
SHOWN, ENDABLE = 20, 8  # lines of one answer; up to so many each has a button


def invite_from_chat(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """Make an invite to hand over: for a unit's liaison or head (责任人 区教体局), or by name for an office role."""
    to = Recipient(letter.chat_id, person.id)
    role, name = _role_and_name(words)
    if not name:
        say(work, to, Kind.INVITE_HOW, may_appoint=may(person, Right.APPOINT))
        return
    if role in APPOINTED and not may(person, Right.APPOINT):
        say(work, to, Kind.NOT_ALLOWED)
        return
    try:
        unit = _unit(work, name) if role in UNIT_ROLES else None
    except EditError as error:
        refuse(work, to, error)
        return
    invitation = invite_units(work, [unit], role)[0] if unit is not None else invite_person(work, role, name)
    say(
        work,
        to,
        Kind.INVITE_MADE,
        role=role,
        unit=unit,
        name=invitation.name,
        invite=invitation.invite_id,
        sealed=work.vault.encrypt(invitation.code).decode(),  # a usable code stands nowhere in plain
        until=invitation.expires_at.isoformat(),
    )


def show_people(work: Work, letter: Letter, person: KnownPerson, words: str) -> None:
    """List who serves whom, whom messages reach, filtered by words; of few, each role can be ended by a button."""
    to = Recipient(letter.chat_id, person.id)
    found = [(who, part) for who in accounts.everyone_serving(work.tx) for part in who.parts]
    held = [pair for pair in found if all(word in _named(*pair) for word in words.split())]
    held.sort(key=lambda pair: (list(Role).index(Role(pair[1].role)), pair[1].unit_id or 0, pair[0].id))
    endable = [pair for pair in held if len(held) <= ENDABLE and _may_end(person, pair[1])]
    choices = [{"person": who.id, "role": part.role, "unit": part.unit_id} for who, part in endable]
    if choices:
        conversations.ask(work.tx, to.chat_id, "people", {"choices": choices}, at=work.at)
    buttons: list[list[Action]] = [
        [{"do": "end_role", **choice, "name": who.name, "of": part.unit_name}]
        for choice, (who, part) in zip(choices, endable, strict=True)
    ]
    say(
        work,
        to,
        Kind.PEOPLE,
        buttons=buttons,
        words=words,
        total=len(held),
        people=[
            {"name": who.name, "role": part.role, "unit": part.unit_name or part.leader_name, "reach": who.reach}
            for who, part in held[:SHOWN]
        ],
        endable=len(choices),
    )


def end_from(work: Work, to: Recipient, person: KnownPerson, values: dict[str, Any]) -> None:
    """Begin to end a role: its reason is asked for, then it is proposed."""
    ask_why(work, to, person, "end_role", {name: values[name] for name in ("person", "role", "unit")})


def answer_people(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take 撤销职务 with a number of the list, or where it has only one line alone; False for anything else."""
    said = END.fullmatch(letter.text.strip())
    if said is None or plain(letter.text) in CANCEL or not may(person, Right.MANAGE_PEOPLE):
        return False
    choices, which = content["choices"], said[1] or "1"
    if not which.isdecimal() or not 1 <= int(which) <= len(choices) or (said[1] is None and len(choices) > 1):
        show_people(work, letter, person, "" if which.isdecimal() else which)
        return True
    end_from(work, Recipient(letter.chat_id, person.id), person, choices[int(which) - 1])
    return True


def _role_and_name(words: str) -> tuple[Role, str]:
    first, _, rest = words.strip().partition(" ")
    if first.lower() in ROLE_WORDS:
        return ROLE_WORDS[first.lower()], rest.strip()
    begun = next((word for word in ROLE_WORDS if words.startswith((f"{word}：", f"{word}:"))), None)
    return (ROLE_WORDS[begun], words[len(begun) + 1 :].strip()) if begun else (Role.LIAISON, words.strip())


def _unit(work: Work, name: str) -> str:
    known = ledger.units(work.tx)
    found = next((unit for unit in known if name in (unit.name, *unit.aliases)), None)
    if found is None:
        raise unknown_unit(name, nearest(name, [unit.name for unit in known]))
    if found.is_group:
        raise EditError("group", f"{name} is a group of units", name=name)
    return found.name


def _may_end(person: KnownPerson, part: Part) -> bool:
    return may(person, Right.APPOINT if part.role in APPOINTED else Right.MANAGE_PEOPLE)


def _named(who: KnownPerson, part: Part) -> str:
    said = " ".join(word for word, role in ROLE_WORDS.items() if role == part.role)
    return f"{who.name} {said} {part.unit_name or ''} {part.leader_name or ''}"
