"""Words for tasks: the list by pages, one task, its texts in full, the reminder to sign."""

from datetime import date

from bot.wording.common import Content, Wording, short, told_apart
from bot.words import Words

NAME = 30  # characters of a task in a list
NUMBERS = 12  # task numbers in one sentence


def _task_list(content: Content, words: Words) -> str:
    if not content["total"]:
        return words("task_list.none_words", words=content["words"]) if content["words"] else words("task_list.none")
    lines = [words("task_list.title_all" if content["signed"] else "task_list.title", total=content["total"])]
    if content["pages"] > 1:
        lines.append(words("overdue.page", page=content["page"], pages=content["pages"]))
    if content["signed"]:
        lines.append(words("task_list.signed", signed=content["signed"][0], total=content["signed"][1]))
    unit = None
    for task in told_apart(content["tasks"], words):
        if content["several_units"] and task["unit"] != unit:
            unit = task["unit"]
            lines.append(words("task_list.unit", unit=unit))
        lines.append(words("task_list.item", no=task["no"], name=short(task["text"], NAME)))
        lines.append(standing_line(task, words))
    if content["unsigned"]:
        lines.append(words("task_list.unsigned", count=content["unsigned"]))
    return "\n".join(lines)


def standing_line(task: Content, words: Words) -> str:
    """Say how a task stands for a unit."""
    owed, asked = task["owed"], task["asked"]
    if task["done"]:
        return words("task_list.done")
    if asked is not None and owed is None:
        name = "task_list.given" if asked["given_at"] else "task_list.awaited"
        return words(name, lead=asked["lead"], until=_until(asked["wanted_on"], words))
    if owed is None and task["sent"]:
        return words("task_list.sent", period=words.period(task["sent"]))
    if owed is None:
        return words("task_list.support" if task["role"] == "support" else "task_list.clear")
    values = {"period": words.period(owed["period"]), "due": words.due_day(owed["due_at"]), "days": owed["days"]}
    how = "overdue" if owed["days"] else "returned" if owed["state"] == "returned" else "owed"
    return words("task_list.drafted" if owed["drafted"] else f"task_list.{how}", **values)


def _until(day: str | None, words: Words) -> str:
    return words("asked.until", day=words.day(date.fromisoformat(day))) if day else ""


def _task(content: Content, words: Words) -> str:
    task = content["task"]
    lines = [words("task.title", no=task["no"], list=task["list"])]
    if task["section"]:
        lines.append(task["section"])
    lines.append(task["text"])
    if content["leaders"]:
        label = content["leader_label"] or words("role_name.leader")
        lines.append(words("tasks.leaders", label=label, names=words.joined(content["leaders"])))
    if content["deadline"]:
        lines.append(words("task.deadline", deadline=content["deadline"]))
    for role in ("lead", "owner", "support"):
        units = [unit["unit"] for unit in content["units"] if unit["role"] == role]
        lines += [words(f"task.{role}", units=words.joined(units))] if units else []
    lines.append("")
    for part in content["tasks"]:
        unsigned = "" if part["is_signed"] else words("task.unsigned")
        lines.append(words("of_unit", unit=part["unit"], text=standing_line(part, words).strip() + unsigned))
    for group in content["given"]:
        lines += contributions(group, words)
    for asked in content["requests"]:
        kind = words("unit.extension" if asked["request"][0] == "E" else "unit.completion")
        lines.append(words("task.waiting", ref=asked["request"], kind=kind, unit=asked["unit"]))
    if content["history"]:
        lines += ["", words("task.history"), *(_reported(row, content["history"], words) for row in content["history"])]
        lines += [words("task.older", count=content["older"])] if content["older"] else []
    return "\n".join(lines)


def contributions(group: Content, words: Words) -> list[str]:
    """Say who gave what to a lead, and who is silent."""
    lines = [words("task.asked", lead=group["lead"], period=words.period(group["period"]))]
    lines += [given_line(each, words) for each in group["given"]]
    return lines + ([words("asked.silent_units", units=words.joined(group["silent"]))] if group["silent"] else [])


def given_line(given: Content, words: Words) -> str:
    """Say what one unit gave, and when."""
    at = words.moment(given["given_at"])
    return words("asked.given", unit=given["unit"], at=at, characters=given["characters"])


def _reported(row: Content, rows: list[Content], words: Words) -> str:
    late = words("task.late") if row["late"] else ""
    at, period = words.moment(row["sent_at"]), words.period(row["period"])
    line = words("task.reported", period=period, at=at, characters=row["characters"], late=late)
    return words("of_unit", unit=row["unit"], text=line) if len({each["unit"] for each in rows}) > 1 else line


def _task_text(content: Content, words: Words) -> str:
    values = {"no": content["no"], "unit": content["unit"], "period": words.period(content["period"])}
    if content["lead"]:
        title = words("task_text.given", **values, lead=content["lead"])
    else:
        title = words("task_text.reported", **values)
    late = words("task.late") if content["late"] else ""
    sent = words("task_text.sent", at=words.moment(content["sent_at"]), characters=content["characters"], late=late)
    lines = [title, sent, "", content["text"]]
    lines += [words(f"draft.{part}", text=content[part]) for part in ("problems", "next_step") if content[part]]
    if content["stage_met"] is not None:
        lines.append(words("draft.stage_yes" if content["stage_met"] else "draft.stage_no"))
    if content["pages"] > 1:
        lines += ["", words("overdue.page", page=content["page"], pages=content["pages"])]
    return "\n".join(lines)


def _no_such_task(content: Content, words: Words) -> str:
    return words("no_such_task" if content["words"] else "no_such_task.gone", words=content["words"])


def _sign_reminder(content: Content, words: Words) -> str:
    tasks = told_apart(content["tasks"], words)
    by = words.day(date.fromisoformat(content["by"]))
    numbers = words.joined([str(task["no"]) for task in tasks[:NUMBERS]])
    numbers = words("digest.unreachable_more", units=numbers) if len(tasks) > NUMBERS else numbers
    units = words.joined(content["units"])
    return words("sign_reminder", unit=units, count=len(tasks), by=by, numbers=numbers)


WORDINGS: dict[str, Wording] = {
    "task_list": _task_list,
    "task": _task,
    "task_text": _task_text,
    "no_such_task": _no_such_task,
    "sign_reminder": _sign_reminder,
}
