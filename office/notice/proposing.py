"""What the office puts right (更正) is shown before it is done: 将……, then 确认 or 取消; never twice, never something else."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from office.notice import editing, moving_due, renaming, unadopting
from office.notice.edit_words import plain_reason
from office.notice.editing import EDIT, EditError, Foreseen
from office.register import ending_roles
from office.requests.forms import CANCEL, CONFIRM, LEAST_WORDS, MOST_WORDS, new_form, plain
from office.rights import Right, may
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations
from storage.people import KnownPerson

OWN_QUESTIONS = ("put_right", "edit", "due", "why")
Values = dict[str, Any]  # as JSON has them: they lie behind the button and in the conversation


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that can be put right: who may, how others are kept off it, what it would do, how it is done.

    Each but the first raises EditError where it cannot be done.
    """

    right: Callable[[Values], Right]
    hold: Callable[[Work, Values], None]
    look: Callable[[Work, Values], Values]
    do: Callable[[Work, Values, int | None], object]


def propose(
    work: Work, to: Recipient, person: KnownPerson, what: str, values: Values, *, changed: bool = False
) -> None:
    """Show what would be done and ask for a yes; `changed` says that it is not what was shown before."""
    if not may(person, MATTERS[what].right(values)):
        say(work, to, Kind.NOT_ALLOWED)
        return
    try:
        shown = MATTERS[what].look(work, values)
    except EditError as error:
        refuse(work, to, error)
        return
    kept = {**new_form(), "what": what, "values": values, "shown": _hash(shown)}
    conversations.ask(work.tx, to.chat_id, "put_right", kept, at=work.at)
    row: list[Action] = [{"do": "put_right", **kept}, {"do": "drop_form", "form": kept["form"]}]
    say(work, to, Kind.PUT_RIGHT_PREVIEW, buttons=[row], what=what, has_changed=changed, shown=shown)


def confirm(work: Work, to: Recipient, person: KnownPerson, action: Action) -> None:
    """Do what was shown, once; where it would come to something else by now, or was settled before, show it again."""
    what, values = action["what"], action["values"]
    if not may(person, MATTERS[what].right(values)):
        say(work, to, Kind.NOT_ALLOWED)
        return
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is None or asked.kind != "put_right" or asked.content["form"] != action["form"]:
        propose(work, to, person, what, values)
        return
    try:
        MATTERS[what].hold(work, values)
        shown = MATTERS[what].look(work, values)
    except EditError as error:
        refuse(work, to, error)
        return
    if _hash(shown) != action["shown"]:
        propose(work, to, person, what, values, changed=True)
        return
    conversations.answered(work.tx, to.chat_id)
    MATTERS[what].do(work, values, person.id)
    say(work, to, Kind.PUT_RIGHT_DONE, what=what, shown=shown)


def foresee(work: Work, what: str, values: Values) -> Values:
    """Tell what would be done, and change nothing.

    Raises: EditError where it cannot be done.
    """
    return MATTERS[what].look(work, values)


def carry_out(work: Work, what: str, values: Values, expected: Values | None) -> Values:
    """Do from the desk what was foreseen; gives what it was.

    Raises: EditError where it cannot be done, or something else would be done than was expected.
    """
    MATTERS[what].hold(work, values)
    shown = MATTERS[what].look(work, values)
    if expected is not None and shown != expected:
        raise EditError("changed", "what stands has changed since this was shown; look at it again")
    MATTERS[what].do(work, values, None)
    return shown


def ask_why(
    work: Work, to: Recipient, person: KnownPerson, what: str, values: Values, *, again: str | None = None
) -> None:
    """Ask for the reason of what a button began, if it can be done at all; `again` says what was wrong with the last."""
    if not may(person, MATTERS[what].right(values)):
        say(work, to, Kind.NOT_ALLOWED)
        return
    try:
        shown = MATTERS[what].look(work, {**values, "reason": ""})
    except EditError as error:
        refuse(work, to, error)
        return
    kept = {**new_form(), "what": what, "values": values}
    conversations.ask(work.tx, to.chat_id, "why", kept, at=work.at)
    row: list[Action] = [{"do": "drop_form", "form": kept["form"]}]
    say(work, to, Kind.PUT_RIGHT_WHY, buttons=[row], what=what, again=again, shown=shown)


def answer_why(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a text as the reason asked for, and propose what it is for; False where it calls it off."""
    to, what, values = Recipient(letter.chat_id, person.id), content["what"], content["values"]
    reason = plain_reason(letter.text).strip(" 。")
    if plain(letter.text) in CANCEL or not may(person, MATTERS[what].right(values)):
        return False
    if not LEAST_WORDS <= len(reason) <= MOST_WORDS:
        ask_why(work, to, person, what, values, again="short" if len(reason) < LEAST_WORDS else "long")
    else:
        propose(work, to, person, what, {**values, "reason": reason})
    return True


def answer_proposal(work: Work, letter: Letter, person: KnownPerson, content: dict[str, Any]) -> bool:
    """Take a typed yes to what is shown; False for anything else."""
    word = plain(letter.text)
    if word not in CONFIRM or not may(person, MATTERS[content["what"]].right(content["values"])):
        return False
    confirm(work, Recipient(letter.chat_id, person.id), person, content)
    return True


def refuse(work: Work, to: Recipient, error: EditError) -> None:
    """Say why something cannot be put right as asked, and ask nothing more about it."""
    asked = conversations.asked(work.tx, to.chat_id)
    if asked is not None and asked.kind in OWN_QUESTIONS:
        conversations.answered(work.tx, to.chat_id)
    say(work, to, Kind.PUT_RIGHT_REFUSED, code=error.code, **error.values)


def shown_edit(foreseen: Foreseen, reason: str) -> Values:
    """Give what an edit comes to, as it is said."""
    names = ("op", "notice", "list", "no", "name", "made", "waived", "left")
    return {
        **{name: getattr(foreseen, name) for name in names},
        "changes": [
            {"what": change.what, "subject": change.subject, "before": change.before, "after": change.after}
            for change in foreseen.changes
        ],
        "signers": list(foreseen.signers),
        "leavers": list(foreseen.leavers),
        "doubts": [{"code": code, "name": name, "near": list(near)} for code, name, near in foreseen.doubts],
        "reason": reason,
    }


def _hold_edit(work: Work, values: Values) -> None:
    editing.keep_others_off(work, EDIT.validate_python(values))


def _look_edit(work: Work, values: Values) -> Values:
    edit = EDIT.validate_python(values)
    return shown_edit(editing.foresee(work, edit), edit.reason)


def _do_edit(work: Work, values: Values, by: int | None) -> None:
    editing.put_right(work, EDIT.validate_python(values), by=by)


def _hash(shown: Values) -> str:
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


MATTERS: dict[str, Matter] = {
    "edit": Matter(lambda _: Right.CORRECT, _hold_edit, _look_edit, _do_edit),
    "due": Matter(lambda _: Right.CORRECT, moving_due.hold, moving_due.look, moving_due.move_period),
    "unadopt": Matter(lambda _: Right.CORRECT, unadopting.hold, unadopting.look, unadopting.withdraw_notice),
    "end_role": Matter(ending_roles.right_to_end, ending_roles.hold, ending_roles.look, ending_roles.end_role),
    "rename": Matter(lambda _: Right.CORRECT, renaming.hold, renaming.look, renaming.rename_unit),
}
