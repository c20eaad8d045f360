"""Words for the stop button: what is held, what would go out, what was let go."""

from bot.wording.common import Content, Wording
from bot.words import Words

GROUPS = {"nudge": "reminders", "sign_reminder": "reminders", "digest": "digests", "tasks": "tasks"}


def paused_lines(content: Content, words: Words) -> list[str]:
    """Say above a list that nothing is pushed at present."""
    paused = content.get("paused")
    return [words("paused.line", since=_since(paused, words))] if paused else []


def _since(paused: Content, words: Words) -> str:
    by = paused["by"] or words("decided.by_office")
    return words("paused.since", name=by, at=words.moment(paused["at"])) if paused["at"] else words("paused.restored")


def _paused(content: Content, words: Words) -> str:
    return words("paused.already" if content["was_held"] else "paused", since=_since(content["paused"], words))


def _resume(content: Content, words: Words) -> str:
    if content["step"] == "not_held":
        return words("resume.not_held")
    counts: dict[str, int] = {}
    for each in content["waiting"]:
        group = GROUPS.get(each["kind"], "others")
        counts[group] = counts.get(group, 0) + each["count"]
    lines = [words("resume", since=_since(content["paused"], words))]
    lines += [
        words(f"resume.{group}", count=counts[group])
        for group in dict.fromkeys(["reminders", *counts])
        if group in counts
    ]
    oldest = min(each["oldest"] for each in content["waiting"])
    fresh = "resume.how" if {"reminders", "digests"} & counts.keys() else "resume.how_all"
    return "\n".join([*lines, words("resume.oldest", at=words.moment(oldest)), words(fresh)])


def _resumed(content: Content, words: Words) -> str:
    lines = [words("resumed", count=content["left"])]
    return "\n".join([*lines, words("resumed.dropped", count=content["dropped"])] if content["dropped"] else lines)


WORDINGS: dict[str, Wording] = {
    "paused": _paused,
    "resume": _resume,
    "resumed": _resumed,
}
