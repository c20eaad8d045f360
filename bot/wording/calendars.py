"""Words for the official calendar: an arrangement shown and put in force, due dates that moved with it."""

from datetime import date

from bot.wording.common import SHOWN, Content, Wording, told_apart, without
from bot.words import Words

ITEMS = 8  # tasks named of one group whose due date moved


def _preview(content: Content, words: Words) -> str:
    lines = [words("calendar.title", year=content["year"], off=content["off"], worked=content["worked"])]
    lines.append(words("calendar.changes", count=content["changes"]) if content["changes"] else words("calendar.same"))
    for day in content["days"]:
        name = words("calendar.works" if day["is_workday"] else "calendar.off")
        of = words("calendar.of", name=day["name"]) if day["name"] else ""
        lines.append(words("calendar.day", day=words.day(date.fromisoformat(day["date"])), what=name, of=of))
    if content["changes"] > len(content["days"]):
        lines.append(words("calendar.more", count=content["changes"] - len(content["days"])))
    if content["moves"]:
        lines.append(words("calendar.moves", count=content["moves"]))
    for each in content["periods"]:
        old, new = words.due_day(each["old"]), words.due_day(each["due"])
        period = words.period(each["period"])
        lines.append(words("calendar.period", period=period, old=old, new=new, count=each["count"]))
    if content["moves"] > len(content["periods"]):
        lines.append(words("calendar.more", count=content["moves"] - len(content["periods"])))
    return "\n".join([*lines, words("calendar.how")])


def _imported(content: Content, words: Words) -> str:
    moved = words("calendar.moved", count=content["moved"]) if content["moved"] else words("calendar.none_moved")
    return words("calendar.imported", year=content["year"], moved=moved)


def _refused(content: Content, words: Words) -> str:
    reason = words(f"calendar.wrong.{content['code']}", **without(content, "code", "keyboard"))
    return words("calendar.refused", reason=reason)


def _due_recounted(content: Content, words: Words) -> str:
    groups: dict[tuple[str, str, str], list[Content]] = {}
    for task in content["tasks"]:
        groups.setdefault((task["unit"], task["old_due_at"], task["due_at"]), []).append(task)
    lines = [words("due_recounted.title")]
    for (unit, old, new), group in list(groups.items())[:SHOWN]:
        days = {"old": words.due_day(old), "new": words.due_day(new), "days": group[0]["days_left"]}
        lines.append(words("due_recounted.group", unit=unit, count=len(group), **days))
        lines += [
            words("nudge.item", no=task["no"], period=words.period(task["period"]), name=task["name"])
            for task in told_apart(group[:ITEMS], words)
        ]
        if len(group) > ITEMS:
            lines.append(words("nudge.more", count=len(group) - ITEMS))
    return "\n".join([*lines, words("due_recounted.how")])


WORDINGS: dict[str, Wording] = {
    "calendar_preview": _preview,
    "calendar_imported": _imported,
    "calendar_known": lambda content, words: words("calendar.known", year=content["year"]),
    "calendar_refused": _refused,
    "calendar_dropped": lambda _content, words: words("calendar.dropped"),
    "due_recounted": _due_recounted,
}
