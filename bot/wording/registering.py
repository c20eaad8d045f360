"""Words for registration and tasks."""

from typing import Any

from bot.wording.common import Content, Markup, Wording, short, told_apart, without
from bot.wording.helping import roles
from bot.words import Words


def _welcome(content: Content, words: Words) -> str:
    lines = [words(f"welcome.{content['role']}", **content)]
    if content["asks_phone"]:
        lines.append(words("welcome.phone"))
    if content["role"] == "liaison":
        lines.append(words("welcome.tasks_follow"))
    return "\n".join(lines)


def _welcome_markup(content: Content, words: Words) -> dict[str, Any] | None:
    if not content["asks_phone"]:
        return None
    button = {"text": words("button.send_contact"), "request_contact": True}
    return {"keyboard": [[button]], "resize_keyboard": True, "one_time_keyboard": True}


def _phone_markup(_content: Content, _words: Words) -> dict[str, Any]:
    return {"remove_keyboard": True}


def _already_registered(content: Content, words: Words) -> str:
    return words("already_registered", parts=roles(content["parts"], words))


def _tasks(content: Content, words: Words) -> str:
    title = words("tasks.title" if content["parts"] == 1 else "tasks.title_part", **without(content, "tasks"))
    lines = [title]
    for task in content["tasks"]:
        lines.append("")
        role = words(f"role.{task['role']}") if task["role"] != "owner" else ""
        lines.append(words("tasks.item", no=task["no"], role=role, text=task["text"]))
        if task["leaders"]:
            names = words.joined(task["leaders"])
            lines.append(words("tasks.leaders", label=task["leader_label"] or words("role_name.leader"), names=names))
    return "\n".join([*lines, "", words("tasks.sign")])


def _task_list(content: Content, words: Words) -> str:
    tasks = told_apart(content["tasks"], words)
    if not tasks:
        return words("task_list.none")
    lines = [words("task_list.title", total=len(tasks))]
    unit = None
    for task in tasks:
        if content["several_units"] and task["unit"] != unit:
            unit = task["unit"]
            lines.append(words("task_list.unit", unit=unit))
        lines.append(words("task_list.item", no=task["no"], name=short(task["text"])))
        lines.append(_standing(task, words))
    if content.get("unsigned"):
        lines.append(words("tasks.sign"))
    return "\n".join(lines)


def _standing(task: Content, words: Words) -> str:
    owed = task["owed"]
    if owed is None:
        sent = task.get("sent")
        return words("task_list.sent", period=words.period(sent)) if sent else words("task_list.clear")
    values = {"period": words.period(owed["period"]), "due": words.due_day(owed["due_at"]), "days": owed.get("days", 0)}
    if owed.get("drafted"):
        return words("task_list.drafted", **values)
    return words("task_list.overdue" if values["days"] else "task_list.owed", **values)


def _signed(content: Content, words: Words) -> str:
    return words("signed" if content["signed"] else "signed.again", tasks=content["tasks"])


WORDINGS: dict[str, Wording] = {
    "welcome": _welcome,
    "already_registered": _already_registered,
    "tasks": _tasks,
    "task_list": _task_list,
    "signed": _signed,
}

MARKUPS: dict[str, Markup] = {"welcome": _welcome_markup, "phone_kept": _phone_markup}
