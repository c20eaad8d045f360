"""Words for the supervisor's desk: /overdue, its files, reminding a unit, a period's status, one unit."""

import re
from datetime import date

from bot.wording.common import Content, Wording, short, told_apart
from bot.wording.holding import paused_lines
from bot.wording.inspecting import overdue_measures
from bot.wording.tasks import standing_line
from bot.words import Words

LABEL = re.compile(r"[0-9]{4}(?:-|$)")  # how a period's label begins
CONDITIONS = 6  # shown of those understood: one word may be in the names of many units
NAME = 14  # characters of a task or a list in one line


def _overdue(content: Content, words: Words) -> str:
    at = words.moment(content["at"])
    asked = _conditions(content["said"], words)
    measures = overdue_measures(content["measures"], words)
    if not content["total"]:
        none = words("overdue.none_said", at=at, said=asked) if asked else words("overdue.none", at=at)
        return "\n".join([*paused_lines(content, words), none, *measures])
    lines = [*paused_lines(content, words)]
    lines.append(words("overdue.title", total=content["total"], units=content["units"], at=at))
    if asked:
        lines.append(words("overdue.said", said=asked))
    if content["pages"] > 1:
        lines.append(words("overdue.turn", page=content["page"], pages=content["pages"]))
    for group in content["groups"]:
        lines += ["", *_overdue_unit(group, words)]
    return "\n".join([*lines, *measures])


def _overdue_unit(group: Content, words: Words) -> list[str]:
    lines = [words("overdue.unit", unit=group["unit"], count=group["count"], days=group["days"]), _reach(group, words)]
    for task in told_apart(group["tasks"], words):
        line = words("overdue.task", no=task["no"], period=words.period(task["period"]), name=task["name"])
        if task["days"] != group["days"]:
            line += words("overdue.task_days", days=task["days"])
        line += words("of_returned") if task["returned"] else ""
        lines.append(line + words("overdue.requested") if task["requested"] else line)
    if not group["is_whole"] and group["count"] > len(group["tasks"]):
        lines.append(words("overdue.more", count=group["count"] - len(group["tasks"]), unit=group["unit"]))
    return lines


def _reach(group: Content, words: Words) -> str:
    if group["liaison"] is None:
        return words("overdue.no_contact" if group["uses_bot"] else "overdue.no_bot")
    reach = "" if group["reachable"] else words("overdue.unreached")
    last = words("overdue.last", at=words.moment(group["last_nudged"])) if group["last_nudged"] else ""
    return words("overdue.contact", liaison=group["liaison"], reach=reach, last=last)


def _conditions(said: list[Content], words: Words) -> str:
    """Say which conditions were understood."""
    shown = words("said.separator").join([_condition(each, words) for each in said[:CONDITIONS]])
    return words("digest.unreachable_more", units=shown) if len(said) > CONDITIONS else shown


def _condition(said: Content, words: Words) -> str:
    shown = said["shown"]
    if said["kind"] == "period":
        shown = words.period(shown)
    elif said["kind"] == "day":
        shown = words.day(date.fromisoformat(shown), year=True)
    return words(f"said.{said['kind']}", shown=shown)


def _not_known(content: Content, words: Words) -> str:
    lines = []
    for each in content["unknown"]:
        lines.append(words("not_known", word=each["word"]))
        if each["near"]:
            near = [words.period(name) if LABEL.match(name) else name for name in each["near"]]
            lines.append(words("not_known.near", names=words.joined(near)))
    if content["said"]:
        lines.append(words("overdue.said", said=_conditions(content["said"], words)))
    how = "not_known.how_status" if content.get("then") == "status" else "not_known.how"
    return "\n".join([*lines, words(how)])


def _board(content: Content, words: Words) -> str:
    return _file(content, words, "board.none" if content["empty"] else "board")


def _overdue_table(content: Content, words: Words) -> str:
    if not content["total"]:
        return _file(content, words, "overdue_table.none")
    text = words("overdue_table", total=content["total"], at=words.moment(content["at"]))
    if content["shown"] < content["total"]:
        text += words("overdue_table.cut", shown=content["shown"])
    return "\n".join([text, *_said(content, words)])


def _file(content: Content, words: Words, name: str) -> str:
    return "\n".join([words(name, at=words.moment(content["at"])), *_said(content, words)])


def _said(content: Content, words: Words) -> list[str]:
    return [words("overdue.said", said=_conditions(content["said"], words))] if content["said"] else []


# --- reminding one unit ----------------------------------------------------------------------------------------------


def _remind_which(content: Content, words: Words) -> str:
    if not content["units"]:
        return words("remind_which.none")
    lines = [words("remind_which", units=content["units"])]
    if content["more"]:
        lines.append(words("remind_which.more", count=content["more"]))
    return "\n".join(lines)


def _remind(content: Content, words: Words) -> str:
    lines = [words("remind.title", unit=content["unit"])]
    if content["count"]:
        lines.append(words("remind.what", count=content["count"]))
        lines += [_called(task, words) for task in told_apart(content["tasks"], words)]
        if content["count"] > len(content["tasks"]):
            lines.append(words("remind.more", count=content["count"] - len(content["tasks"])))
    elif not content["told_before"] and not content["requested"]:
        lines.append(words("remind.nothing"))
    if content["told_before"]:
        lines.append(words("remind.told_before", count=content["told_before"]))
    if content["requested"]:
        lines.append(words("remind.requested", count=content["requested"]))
    lines += _recipients(content, words) if content["count"] else []
    if content["count"] and content["told"]:
        lines += ["", words("remind.later" if content["goes_at"] else "remind.now", at=_goes(content, words))]
    return "\n".join(lines)


def _called(task: Content, words: Words) -> str:
    period = words.period(task["period"])
    return words("remind.task", no=task["no"], period=period, days=task["days"], name=task["name"])


def _recipients(content: Content, words: Words) -> list[str]:
    lines = [words("remind.to", names=words.joined(content["told"]))] if content["told"] else []
    if content["unreached"]:
        named = [words("remind.who", name=each["name"], why=_why(each["why"], words)) for each in content["unreached"]]
        lines.append(words("remind.unreached", names=words.joined(named)))
    if not content["told"]:
        lines.append(words("remind.nobody"))
    return lines


def _why(why: str, words: Words) -> str:
    return words("remind.away") if why == "away" else words(f"digest.why.{why}")


def _goes(content: Content, words: Words) -> str:
    return words.moment(content["goes_at"]) if content["goes_at"] else ""


def _reminded(content: Content, words: Words) -> str:
    values = {"unit": content["unit"], "count": content["count"], "names": words.joined(content["told"])}
    if content["goes_at"]:
        return words("reminded.later", **values, at=_goes(content, words))
    return words("reminded", **values)


def _which_units(content: Content, words: Words) -> str:
    how = words("which_units.how_unit" if content["then"] == "unit" else "which_units.how_remind")
    if not content["word"]:
        return how
    if content["is_known"]:
        return "\n".join([words("which_units.several", word=content["word"], names=words.joined(content["near"])), how])
    lines = [words("which_units.none", word=content["word"])]
    if content["near"]:
        lines.append(words("not_known.near", names=words.joined(content["near"])))
    return "\n".join([*lines, how])


# --- a period, a unit ------------------------------------------------------------------------------------------------


def _status(content: Content, words: Words) -> str:
    if content["period"] is None:
        return "\n".join([*paused_lines(content, words), words("status.none")])
    counts = content["counts"]
    due = words.day(date.fromisoformat(content["due_on"]), year=True)
    lines = [
        *paused_lines(content, words),
        words("status.title", period=words.period(content["period"]), due=due),
        words("status.due", due=content["due"], units=content["units"], at=words.moment(content["at"])),
        "",
        words("status.reported", reported=content["reported"], late=content["late"]),
        words("status.parts", **counts),
        words("status.open", count=counts["open"]),
        words("status.returned", count=counts["returned"]),
        words("status.overdue", count=counts["overdue"], units=content["overdue_units"]),
    ]
    if content["waived"]:
        lines.append(words("status.waived", count=content["waived"]))
    if content["unreached"]:
        units = words.joined(content["unreachable"])
        units = (
            words("digest.unreachable_more", units=units)
            if content["unreached"] > len(content["unreachable"])
            else units
        )
        lines.append(words("status.unreachable", count=content["unreached"], units=units))
    if len(content["lists"]) > 1:
        lines.append("")
        lines += [words("status.list", **{**each, "list": short(each["list"], NAME)}) for each in content["lists"]]
    if content["older"]:
        lines += ["", words("status.older", count=content["older"])]
    return "\n".join([*lines, "", words("status.how")])


def _unit(content: Content, words: Words) -> str:
    lines = [*paused_lines(content, words), words("unit.title", unit=content["unit"])]
    if content["aliases"]:
        lines.append(words("unit.aliases", names=words.joined(content["aliases"])))
    if content["is_group"]:
        members = words.joined(content["members"])
        lines.append(words("unit.members", names=members) if members else words("unit.group"))
    lines += [_server(each, words) for each in content["people"]]
    if content["registration"] is not None:
        lines.append(words(f"unit.registration.{content['registration']}"))
    if content["last_nudged"]:
        lines.append(words("unit.last_nudged", at=words.moment(content["last_nudged"])))
    lines.append("")
    if content["total"]:
        counts = [words(f"unit.count.{name}", count=count) for name, count in content["counts"].items()]
        lines.append(words("unit.tasks", total=content["total"], counts=words.joined(counts)))
        for task in told_apart(content["tasks"], words):
            lines.append(words("unit.task", no=task["no"], standing=standing_line(task, words).strip()))
        if content["total"] > len(content["tasks"]):
            lines.append(words("unit.more", count=content["total"] - len(content["tasks"])))
    else:
        lines.append(words("unit.no_tasks"))
    lines += _lately(content, words)
    how = "unit.how_overdue" if content["overdue"] else "unit.how"
    return "\n".join([*lines, "", words(how, unit=content["unit"])])


def _server(server: Content, words: Words) -> str:
    marks = [words(f"digest.why.{server['why']}")] if server["why"] else []
    marks += [words("remind.away")] if server["is_away"] else []
    marks += [] if server["has_phone"] else [words("unit.no_phone")]
    shown = words("unit.marks", marks=words.joined(marks)) if marks else ""
    return words(f"unit.{server['role']}", name=server["name"], marks=shown)


def _lately(content: Content, words: Words) -> list[str]:
    lines = []
    if content["reports"]:
        lines += ["", words("unit.reports")]
        for row in told_apart(content["reports"], words):
            values = {"no": row["no"], "period": words.period(row["period"]), "at": words.moment(row["sent_at"])}
            late = words("task.late") if row["late"] else ""
            lines.append(words("unit.report", **values, characters=row["characters"], late=late))
    if content["requests"]:
        lines += ["", words("unit.requests")]
        for asked in told_apart(content["requests"], words):
            kind = words("unit.extension" if asked["request"][0] == "E" else "unit.completion")
            lines.append(words("unit.request", ref=asked["request"], kind=kind, no=asked["no"]))
        if content["more_requests"]:
            lines.append(words("unit.more_requests", count=content["more_requests"]))
    return lines


WORDINGS: dict[str, Wording] = {
    "overdue": _overdue,
    "not_known": _not_known,
    "board": _board,
    "overdue_table": _overdue_table,
    "remind_which": _remind_which,
    "remind": _remind,
    "reminded": _reminded,
    "which_units": _which_units,
    "status": _status,
    "unit": _unit,
}
