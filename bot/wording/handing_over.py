"""Words for who serves a unit: handover, leaving, and which units are still to register."""

from datetime import date

from bot.wording.common import SHOWN, Content, Wording
from bot.wording.holding import paused_lines
from bot.words import Words


def _which_unit(content: Content, words: Words) -> str:
    lines = [words(f"which_unit.{content['then']}")]
    lines += [words("which_unit.item", n=n, unit=unit) for n, unit in enumerate(content["units"], 1)]
    return "\n".join(lines)


def _handover(content: Content, words: Words) -> str:
    until = words.moment(content["until"])
    link = [content["link"]] if content["link"] else []
    lines = [words("handover", unit=content["unit"]), *link, words("handover.code", code=content["code"], until=until)]
    return "\n".join([*lines, "", words("handover.how")])


def _inherited(content: Content, words: Words) -> str:
    lines = [words("inherited", count=len(content["tasks"]))]
    for task in content["tasks"]:
        period, due = words.period(task["period"]), words.due_day(task["due_at"])
        title = words("inherited.item", unit=task["unit"], no=task["no"], period=period, due=due, by=task["by"])
        lines += ["", title, task["text"]]
    return "\n".join([*lines, "", words("inherited.how")])


def _confirm_leave(content: Content, words: Words) -> str:
    lines = [words("confirm_leave", unit=content["unit"])]
    if content["is_last"]:
        lines.append(words("confirm_leave.last"))
    if content["drafts"]:
        lines.append(words("confirm_leave.drafts", count=content["drafts"]))
    return "\n".join([*lines, words("confirm_leave.how")])


def _cancelled(content: Content, words: Words) -> str:
    return words("cancelled.code" if content["codes"] else "cancelled")


def _registrations(content: Content, words: Words) -> str:
    lines = [
        *paused_lines(content, words),
        words("registrations", registered=content["registered"], total=content["total"]),
    ]
    if content["missing"]:
        lines += [
            words("registrations.missing"),
            *_at_most([_missing(unit, words) for unit in content["missing"]], words),
        ]
    if content["no_bot"]:
        lines.append(words("registrations.no_bot", units=words.joined(content["no_bot"])))
    if content["without_phone"]:
        named = [words("registrations.person", **person) for person in content["without_phone"]]
        lines.append(words("registrations.without_phone", persons=words.joined(named)))
    return "\n".join(lines)


def _missing(unit: Content, words: Words) -> str:
    until = words.moment(unit["until"]) if unit["until"] else ""
    state = words(f"registration.{unit['state']}", until=until)
    return words("registrations.unit", unit=unit["unit"], state=state, due=missing_due(unit, words))


def missing_due(unit: Content, words: Words) -> str:
    """Word by when a unit without a liaison should have registered one; nothing where there is no such day."""
    if unit["due_on"] is None:
        return ""
    day, left = words.day(date.fromisoformat(unit["due_on"])), unit["days_left"]
    return words("registration.late" if left < 0 else "registration.left", day=day, days=abs(left))


def _at_most(lines: list[str], words: Words) -> list[str]:
    if len(lines) <= SHOWN:
        return lines
    return [*lines[:SHOWN], words("registrations.more", count=len(lines) - SHOWN)]


WORDINGS: dict[str, Wording] = {
    "which_unit": _which_unit,
    "handover": _handover,
    "inherited": _inherited,
    "confirm_leave": _confirm_leave,
    "cancelled": _cancelled,
    "registrations": _registrations,
}
