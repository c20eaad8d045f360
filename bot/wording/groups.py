"""Words for group chats: who is asked, what is answered there, what the supervisors are told."""

from typing import Any

from bot.wording.common import Content, Wording, short
from bot.words import Words

NAMED = 5  # groups named in one sentence


def _asked(content: Content, words: Words) -> str:
    return words("group_asked", title=short(content["title"]), group=content["group"])


def _registered(content: Content, words: Words) -> str:
    more = words("group_registered.digests") if content["digests"] else ""
    return words("group_registered", title=short(content["title"])) + more


def _left(content: Content, words: Words) -> str:
    return words("group_left", title=short(content["title"]))


def _private(content: Content, words: Words) -> str:
    shown = [f"/{name}" for name in content["shown"]]
    more = words("group_private.shown", commands=" ".join(shown)) if shown else ""
    return words("group_private", command=content["command"]) + more


def _groups(content: Content, words: Words) -> str:
    if not content["groups"]:
        return words("groups.none")
    lines = [words("groups", count=len(content["groups"]))]
    for group in content["groups"]:
        by = group["added_by"] or words("groups.unknown")
        lines.append(words(f"groups.{group['state']}", group=group["group"], title=short(group["title"]), by=by))
    return "\n".join([*lines, words("groups.how")])


def section(found: Any, words: Words) -> list[str]:
    """Word the digest's part on groups: where the bot was removed, how many others it left."""
    lines = []
    if found["kicked"]:
        named = words.joined([short(title) for title in found["kicked"][:NAMED]])
        lines.append(words("digest.groups_kicked", count=len(found["kicked"]), titles=named))
    if found["refused"]:
        lines.append(words("digest.groups_refused", count=found["refused"]))
    return lines


WORDINGS: dict[str, Wording] = {
    "group_asked": _asked,
    "group_registered": _registered,
    "group_left": _left,
    "group_private": _private,
    "groups": _groups,
    "leave_group": lambda _content, _words: "",
}


def label(action: Content, words: Words) -> str:
    """Label a button of a group, with the group's number where several are listed."""
    named = words(f"button.{action['do']}")
    return words("button.of_group", label=named, group=action["group"]) if action.get("is_listed") else named
