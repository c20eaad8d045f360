"""How is each kind of message worded, with which buttons?

The values come from the office; nothing here looks anything up or decides anything. Texts go out without markup, so
that nothing a person wrote can become any.
"""

from dataclasses import dataclass
from typing import Any

from bot.wording import (
    attaching,
    broadcasting,
    calendars,
    contributing,
    correcting,
    entering,
    groups,
    handing_over,
    helping,
    holding,
    inspecting,
    overseeing,
    planning,
    privacy,
    pushing,
    putting_right,
    registering,
    reporting,
    requesting,
    reviewing,
    slips,
    summing_up,
    taking_in,
    tasks,
    waiving,
    watching,
)
from bot.wording.buttons import keyboard
from bot.wording.common import Content, Wording
from bot.words import Words

LONGEST = 4096  # characters of one message (Bot API, sendMessage)
PLAIN = (  # kinds said in one sentence of the catalogue
    "stranger",
    "wrong_code",
    "name_changed",
    "phone_kept",
    "foreign_contact",
    "phone_skipped",
    "phone_required",
    "own_handover",
    "handed_over",
    "inherited_text",
    "left",
    "no_liaison",
    "nothing_to_cancel",
    "not_allowed",
    "unknown_command",
    "empty_text",
    "text_only",
    "nothing_drafted",
    "how_to_change",
    "edit_unknown",
    "notice_workbook",
    "notice_unlike",
    "intake_gone",
    "intake_dropped",
    "send_as_file",
    "no_attachment",
    "not_attested",
    "ask_join",
    "nothing_to_withdraw",
    "left_submitted",
    "nothing_to_correct",
    "correction_dropped",
    "no_corrections",
    "ask_nothing",
    "ask_dropped",
    "contribution_gone",
    "which_contribution",
    "no_page",
    "plan_none",
    "form_none",
    "last_admin",
    "data_kept",
    "deletion_waits",
    "deletion_agreed",
    "deletion_refused",
    "deletion_noted",
    "deletion_gone",
    "forgotten",
    "group_gone",
    "group_welcome",
)


@dataclass(frozen=True, slots=True)
class Worded:
    """A message ready to send."""

    text: str
    markup: dict[str, Any] | None = None


def word(kind: str, content: Content, words: Words) -> Worded:
    """Word a message of this kind.

    Raises: KeyError for a kind or value without words.
    """
    text = WORDINGS[kind](content, words)
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    markup = keyboard(content, words)
    if markup is None and kind in registering.MARKUPS:
        markup = registering.MARKUPS[kind](content, words)
    return Worded(text, markup)


def _plain(name: str) -> Wording:
    return lambda content, words: words(name, **{k: v for k, v in content.items() if k != "keyboard"})


WORDINGS: dict[str, Wording] = {
    **{name: _plain(name) for name in PLAIN},
    **registering.WORDINGS,
    **handing_over.WORDINGS,
    **helping.WORDINGS,
    **privacy.WORDINGS,
    **reporting.WORDINGS,
    **attaching.WORDINGS,
    **correcting.WORDINGS,
    **pushing.WORDINGS,
    **taking_in.WORDINGS,
    **tasks.WORDINGS,
    **contributing.WORDINGS,
    **requesting.WORDINGS,
    **reviewing.WORDINGS,
    **entering.WORDINGS,
    **waiving.WORDINGS,
    **holding.WORDINGS,
    **broadcasting.WORDINGS,
    **overseeing.WORDINGS,
    **watching.WORDINGS,
    **planning.WORDINGS,
    **calendars.WORDINGS,
    **summing_up.WORDINGS,
    **slips.WORDINGS,
    **inspecting.WORDINGS,
    **putting_right.WORDINGS,
    **groups.WORDINGS,
}
