"""Words for what units ask for and how it is decided: extensions, completions, absences."""

from datetime import date
from typing import Any

from bot.wording.common import SHOWN, Content, Wording, short, told_apart
from bot.words import Words

LONG_TEXT = 1500  # characters of what a person wrote


def _extend(content: Content, words: Words) -> str:
    return "\n".join([*_again("extend", content, words), *EXTEND_STEPS[content["step"]](content, words)])


def _again(name: str, content: Content, words: Words) -> list[str]:
    again = content.get("again")
    latest = words.day(date.fromisoformat(content["latest"]), year=True) if content.get("latest") else ""
    return [words(f"{name}.again_{again}", latest=latest)] if again else []


def _which_extension(content: Content, words: Words) -> list[str]:
    return [words("extend.task"), *_lines(content["tasks"], words)]


def _extend_ask(content: Content, words: Words) -> list[str]:
    name = {"date": "extend.date", "reason": "extend.reason", "progress": "extend.progress"}[content["step"]]
    return [_of(content, words), words(name, due=words.due_day(content["tasks"][0]["due_at"]))]


def _extend_sure(content: Content, words: Words) -> list[str]:
    return [_of(content, words), words("extend.sure", day=_day(content["until"], words))]


def _extend_confirm(content: Content, words: Words) -> list[str]:
    late = [words("extend.late")] if content["late"] else []
    return [words("extend.confirm"), *_asked_lines(content, words), *late, words("extend.confirm_how")]


EXTEND_STEPS: dict[str, Any] = {
    "task": _which_extension,
    "date": _extend_ask,
    "sure": _extend_sure,
    "reason": _extend_ask,
    "progress": _extend_ask,
    "confirm": _extend_confirm,
}


def _extension_sent(content: Content, words: Words) -> str:
    lines = [words("extension_sent" if content["told"] else "request_sent_to_nobody"), _moved(content, words)]
    if content["replaced"]:
        lines.append(words("extension_sent.replaced"))
    lines.append(words("extension_sent.late" if content["late"] else "extension_sent.meanwhile"))
    return "\n".join(lines)


def _extension_asked(content: Content, words: Words) -> str:
    lines = [words("extension_asked", ref=content["request"]), *_asked_lines(content, words)]
    lines.append(words("extension_asked.by", name=content["asked_by"], at=words.moment(content["asked_at"])))
    if content["times"]:
        lines.append(words("extension_asked.times", times=content["times"]))
    if content["late"]:
        lines.append(words("extension_asked.late"))
    if content["replaced"]:
        lines.append(words("request_asked.replaced"))
    return "\n".join([*lines, words("extension_asked.how", ref=content["request"])])


def _asked_lines(content: Content, words: Words) -> list[str]:
    lines = [_of(content, words), _moved(content, words)]
    if content["day_off"]:
        lines.append(words("request.day_off"))
    lines.append(words("request.reason", text=content["reason"]))
    if content["progress"]:
        lines.append(words("request.progress", text=content["progress"]))
    return lines


def _moved(content: Content, words: Words) -> str:
    due = words.due_day(content["tasks"][0]["due_at"])
    return words("request.moved", due=due, until=_day(content["until"], words))


def _complete(content: Content, words: Words) -> str:
    step = content["step"]
    again = _again("complete", content, words)
    if step == "task":
        return "\n".join([*again, words("complete.task"), *_lines(content["tasks"], words)])
    lines = [*again, _of(content, words)]
    if step == "text":
        return "\n".join([*lines, words("complete.text")])
    if step == "counts":
        return "\n".join([*lines, words("complete.counts", period=words.period(content["period"]))])
    lines = [words("complete.confirm"), *lines, words("request.text", text=short(content["text"], LONG_TEXT))]
    if content["counts"] and content["period"]:
        lines.append(words("complete.counts_yes", period=words.period(content["period"])))
    return "\n".join([*lines, words("complete.confirm_how")])


def _completion_sent(content: Content, words: Words) -> str:
    lines = [words("completion_sent" if content["told"] else "request_sent_to_nobody"), _of(content, words)]
    if content["replaced"]:
        lines.append(words("extension_sent.replaced"))
    return "\n".join([*lines, words("completion_sent.meanwhile")])


def _completion_asked(content: Content, words: Words) -> str:
    lines = [
        words("completion_asked", ref=content["request"]),
        _of(content, words),
        words("request.text", text=short(content["text"], LONG_TEXT)),
        words("extension_asked.by", name=content["asked_by"], at=words.moment(content["asked_at"])),
    ]
    if content["replaced"]:
        lines.append(words("request_asked.replaced"))
    return "\n".join([*lines, words("completion_asked.how", ref=content["request"])])


def _gone(content: Content, words: Words) -> str:
    return words(f"request_gone.{content['why']}")


def _answered(content: Content, words: Words) -> str:
    values = {"answer": content["answer"] or "", "task": _of(content, words)}
    if content["request"][0] == "C":
        return words("answered.closed_out" if content["state"] == "granted" else "answered.sent_back", **values)
    due = words.due_day(content["tasks"][0]["due_at"])
    if content["state"] == "granted":
        granted = _day(content["granted"], words)
        other = [words("answered.other_date", until=_day(content["until"], words))]
        lines = other if content["granted"] != content["until"] else []
        return "\n".join([words("answered.extended", **values, until=granted, due=due), *lines])
    if content["state"] == "lapsed":
        return words("answered.lapsed", **values, until=_day(content["until"], words), due=due)
    name = "answered.refused_late" if content["is_late_now"] else "answered.refused"
    return words(name, **values, due=due)


def _requests(content: Content, words: Words) -> str:
    if not content["total"]:
        return words(
            {"E": "requests.no_extensions", "C": "requests.no_completions"}.get(content["of"], "requests.none")
        )
    lines = [words("requests.title", total=content["total"])]
    for item in content["items"]:
        lines += ["", words("requests.item", ref=item["request"], task=_of(item, words))]
        if item["request"][0] == "E":
            lines += [_moved(item, words), words("request.reason", text=short(item["reason"], 60))]
        else:
            lines.append(words("request.text", text=short(item["text"], 60)))
        lines.append(words("extension_asked.by", name=item["asked_by"], at=words.moment(item["asked_at"])))
    if content["total"] > len(content["items"]):
        lines += ["", words("requests.more", count=content["total"] - len(content["items"]))]
    return "\n".join([*lines, "", words("requests.how", ref=content["items"][0]["request"])])


def _decide(content: Content, words: Words) -> str:
    head = words("requests.item", ref=content["request"], task=_of(content, words))
    again = _again("extend", content, words) if content.get("again") not in (None, "reason") else []
    if content["step"] == "reason":
        return "\n".join([head, words("decide.reason")])
    if content.get("doubt"):
        return "\n".join([head, words("extend.sure", day=_day(content["doubt"], words))])
    return "\n".join([head, _moved(content, words), *again, words("decide.date")])


def _decided(content: Content, words: Words) -> str:
    ref, task = content["request"], _of(content, words)
    name = f"decided.{content['request'][0]}_{content['state']}"
    if content["state"] in ("waiting", "replaced", "lapsed"):
        name = f"decided.{content['state']}"
    until = _day(content["granted"], words) if content["granted"] else ""
    text = words(name, ref=ref, task=task, until=until, answer=content["answer"] or "")
    lines = ["✓ " + text if content["mine"] else text]
    if content["mine"]:
        lines.append(words("decided.told"))
    elif content["decided_at"]:
        by = content["decided_by"] or words("decided.by_office")
        lines.append(words("decided.before", name=by, at=words.moment(content["decided_at"])))
    return "\n".join(lines)


def _form_dropped(content: Content, words: Words) -> str:
    return words("form_dropped" if content["was_open"] else "form_dropped.none")


def _away(content: Content, words: Words) -> str:
    if content.get("first"):
        return words("away.sure", **_days(content, words))
    lines = _again("away", content, words)
    if content["absences"]:
        lines.append(words("away.list"))
        lines += [words("away.item", **_days(each, words)) for each in content["absences"]]
    return "\n".join([*lines, words("away.how")])


def _away_noted(content: Content, words: Words) -> str:
    lines = [words("away_noted", **_days(content, words))]
    if content["replaced"]:
        lines.append(words("away_noted.replaced"))
    for unit in content["units"]:
        name = "liaison" if unit["liaison"] else "head" if unit["head"] else "nobody"
        lines.append(words(f"away_noted.{name}", unit=unit["unit"], name=unit["liaison"] or unit["head"]))
    return "\n".join(lines)


def _away_cancelled(content: Content, words: Words) -> str:
    return words("away_cancelled", **_days(content, words))


def _stand_in(content: Content, words: Words) -> str:
    head = "stand_in" if content["role"] == "liaison" else "stand_in.head"
    lines = [words(head, unit=content["unit"], name=content["name"], **_days(content, words))]
    how = ["stand_in.how"] if content["role"] == "liaison" else ["stand_in.head_how"]
    return "\n".join([*lines, *_owed_lines(content["tasks"], words), *(words(name) for name in how)])


def _stand_in_over(content: Content, words: Words) -> str:
    return words("stand_in.over", unit=content["unit"], name=content["name"])


def _back(content: Content, words: Words) -> str:
    return "\n".join([words("back"), *_owed_lines(content["tasks"], words), words("stand_in.how")])


def _owed_lines(tasks: list[Content], words: Words) -> list[str]:
    lines = []
    several = len({task["unit"] for task in tasks}) > 1
    for task in told_apart(tasks[:SHOWN], words):
        values = {"no": task["no"], "period": words.period(task["period"]), "due": words.due_day(task["due_at"])}
        line = words("owed.late" if task["days"] else "owed.item", **values, days=task["days"], name=task["name"])
        lines.append(words("of_unit", unit=task["unit"], text=line) if several else line)
    return [*lines, *([words("nudge.more", count=len(tasks) - SHOWN)] if len(tasks) > SHOWN else [])]


def _lines(tasks: list[Content], words: Words) -> list[str]:
    """List tasks to choose from, with their periods where these matter."""
    lines = []
    several = len({task["unit"] for task in tasks}) > 1
    for task in told_apart(tasks[:SHOWN], words):
        name = "which_task.item" if "period" in task else "task_list.item"
        period = {"period": words.period(task["period"])} if "period" in task else {}
        line = words(name, no=task["no"], name=task["name"], **period)
        lines.append(words("of_unit", unit=task["unit"], text=line) if several else line)
    return [*lines, *([words("which_task.more", count=len(tasks) - SHOWN)] if len(tasks) > SHOWN else [])]


def _of(content: Content, words: Words) -> str:
    """Name the one task a request is for: unit, number, period."""
    task = content["tasks"][0]
    values = {"unit": task["unit"], "no": task["no"], "name": task["name"]}
    if "period" in task:
        return words("request.of_period", **values, period=words.period(task["period"]))
    return words("request.of", **values)


def _day(day: str, words: Words) -> str:
    read = date.fromisoformat(day)
    return words("day_week", day=words.day(read, year=True), week=words(f"week.{read.isoweekday()}"))


def _days(content: Content, words: Words) -> Content:
    return {name: words.day(date.fromisoformat(content[name])) for name in ("first", "last")}


def extensions(waiting: Any, words: Words) -> list[str]:
    """Word the digest's line on extensions that wait for a decision."""
    return [words("digest.extensions", count=len(waiting["ids"]), at=words.moment(waiting["oldest"]))]


def completions(waiting: Any, words: Words) -> list[str]:
    """Word the digest's line on completions that wait for a decision."""
    return [words("digest.completions", count=len(waiting["ids"]), at=words.moment(waiting["oldest"]))]


def closed_out(tasks: Any, words: Words) -> list[str]:
    """Word the digest's lines on what was closed out."""
    lines = [words("digest.closed_out", count=len(tasks))]
    lines += [words("digest.closed_out_item", **_named(task)) for task in told_apart(tasks[:SHOWN], words)]
    return lines


def deserted(units: Any, words: Words) -> list[str]:
    """Word the digest's line on units nobody stands in for."""
    named = [
        words("digest.deserted_unit", unit=u["unit"], back=words.day(date.fromisoformat(u["back"]))) for u in units
    ]
    return [words("digest.deserted", count=len(units), units=words.joined(named))]


def _named(task: Content) -> Content:
    return {"unit": task["unit"], "no": task["no"], "name": task["name"]}


WORDINGS: dict[str, Wording] = {
    "extend": _extend,
    "extension_sent": _extension_sent,
    "extension_asked": _extension_asked,
    "complete": _complete,
    "completion_sent": _completion_sent,
    "completion_asked": _completion_asked,
    "request_gone": _gone,
    "request_answered": _answered,
    "requests": _requests,
    "decide": _decide,
    "decided": _decided,
    "form_dropped": _form_dropped,
    "away": _away,
    "away_noted": _away_noted,
    "away_cancelled": _away_cancelled,
    "stand_in": _stand_in,
    "stand_in_over": _stand_in_over,
    "back": _back,
}
