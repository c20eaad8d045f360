"""Words between a lead unit and its supporting units: what is asked, given and made one draft of."""

from datetime import date

from bot.wording.common import Content, Wording, told_apart
from bot.wording.tasks import given_line
from bot.words import Words


def _which(content: Content, words: Words) -> str:
    lines = [words("ask_which.again" if content["again"] else "ask_which")]
    for task in told_apart(content["tasks"], words):
        line = words("which_task.item", no=task["no"], period=words.period(task["period"]), name=task["name"])
        several = len({each["unit"] for each in content["tasks"]}) > 1
        lines.append(words("of_unit", unit=task["unit"], text=line) if several else line)
    return "\n".join(lines)


def _preview(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    lines = [words("ask_preview", no=task["no"], period=words.period(task["period"]))]
    lines.append(words("ask_preview.units", units=words.joined(content["units"])))
    if content["note"]:
        lines.append(words("ask_preview.note", note=content["note"]))
    if content["until"]:
        until = date.fromisoformat(content["until"])
        is_far = until.year != int(task["due_at"][:4])
        lines.append(words("ask_preview.until", day=words.day(until, year=is_far)))
    if content["is_past"]:
        return "\n".join([*lines, words("ask_preview.past")])
    if content["is_late"]:
        lines.append(words("ask_preview.late", due=words.due_day(task["due_at"])))
    if content["unreached"]:
        lines.append(words("asked.unreached", units=_unreached(content["unreached"], words)))
    return "\n".join([*lines, words("ask_preview.how")])


def _unreached(units: list[Content], words: Words) -> str:
    return words.joined([f"{unit['unit']}（{words('digest.why.' + unit['why'])}）" for unit in units])


def _asked(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    lines = []
    if content["called"]:
        lines.append(words("asked.called_later" if content["waits"] else "asked.called", count=content["called"]))
    elif content["called"] == 0:
        lines.append(words("asked.today" if content["silent"] else "asked.nobody"))
    lines.append(words("asked.title", no=task["no"], period=words.period(task["period"])))
    lines += [given_line(given, words) for given in content["given"]]
    lines += [_silent(unit, words) for unit in content["silent"]]
    return "\n".join([*lines, *_room(content, task, words)])


def _silent(unit: Content, words: Words) -> str:
    if unit["why"]:
        return words("asked.out_of_reach", unit=unit["unit"], why=words(f"digest.why.{unit['why']}"))
    if not unit["asked"]:
        return words("asked.not_asked", unit=unit["unit"])
    told = words("asked.told", at=words.moment(unit["told_at"])) if unit["told_at"] else ""
    return words("asked.silent", unit=unit["unit"], told=told)


def _room(content: Content, task: Content, words: Words) -> list[str]:
    """Say how the characters given so far stand against the report's limit."""
    if not content["given"]:
        return []
    total = sum(given["characters"] for given in content["given"])
    if not task["max_length"]:
        return [words("asked.total_free", characters=total)]
    return [words("asked.total", characters=total, limit=task["max_length"])]


def _contribution_asked(content: Content, words: Words) -> str:
    values = {**_values(content, words), "text": content["text"]}
    lines = [words("contribution_asked.again" if content["again"] else "contribution_asked", **values)]
    if content["note"]:
        lines.append(words("ask_preview.note", note=content["note"]))
    return "\n".join([*lines, words("contribution_asked.how")])


def _values(content: Content, words: Words) -> Content:
    until = words("asked.until", day=words.day(date.fromisoformat(content["until"]))) if content["until"] else ""
    return {
        "unit": content["unit"],
        "lead": content["lead"],
        "no": content["no"],
        "period": words.period(content["period"]),
        "until": until,
    }


def _contribute(content: Content, words: Words) -> str:
    limit = words("contribute.limit", limit=content["limit"]) if content["limit"] else ""
    lines = [words("contribute", **_values(content, words), limit=limit)]
    return "\n".join([*lines, *([words("ask_preview.note", note=content["note"])] if content["note"] else [])])


def _contribution_kept(content: Content, words: Words) -> str:
    name = "contribution_kept" if content["is_new"] else "contribution_kept.replaced"
    return words(name, **_values(content, words), characters=content["characters"])


def _contribution_closed(content: Content, words: Words) -> str:
    return words("contribution_closed", **_values(content, words))


def _contributions_in(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    values = {"no": task["no"], "period": words.period(task["period"]), "unit": task["unit"]}
    if not content["silent"]:
        return words("contributions_in", **values, units=words.joined(content["given"]))
    lines = [words("contributions_in.silent", **values, units=words.joined(content["silent"]))]
    return "\n".join(
        [*lines, *([words("asked.given_units", units=words.joined(content["given"]))] * bool(content["given"]))]
    )


def _stitched(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    lines = [words("stitched", no=task["no"], period=words.period(task["period"]))]
    if content["pages"] > 1:
        lines.append(words("overdue.page", page=content["page"], pages=content["pages"]))
    lines += ["", content["text"]]
    if content["page"] < content["pages"]:
        return "\n".join(lines)
    lines += ["", _balance(content["characters"], task["max_length"], words)]
    if content["silent"]:
        lines.append(words("asked.silent_units", units=words.joined(content["silent"])))
    return "\n".join([*lines, words("stitched.how")])


def _balance(characters: int, limit: int | None, words: Words) -> str:
    if limit is None:
        return words("asked.total_free", characters=characters)
    name = "stitched.over" if characters > limit else "stitched.left"
    return words(name, characters=characters, limit=limit, left=abs(limit - characters))


WORDINGS: dict[str, Wording] = {
    "ask_which": _which,
    "ask_preview": _preview,
    "asked": _asked,
    "contribution_asked": _contribution_asked,
    "contribution_closed": _contribution_closed,
    "contribution_kept": _contribution_kept,
    "contribute": _contribute,
    "contributions_in": _contributions_in,
    "stitched": _stitched,
}
