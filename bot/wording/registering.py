"""Words for registration and tasks."""

from typing import Any

from bot.wording.common import Content, Markup, Wording
from bot.wording.helping import roles
from bot.words import Words


def _welcome(content: Content, words: Words) -> str:
    lines = [words(f"welcome.{content['role']}", **content)]
    if content.get("predecessor"):
        lines.append(words("welcome.successor", name=content["predecessor"]))
    if content["asks_phone"]:
        lines.append(words("welcome.phone_required" if content["asks_phone"] == "required" else "welcome.phone"))
    if content["role"] == "liaison":
        lines.append(words("welcome.tasks_follow"))
    return "\n".join(lines)


def _welcome_markup(content: Content, words: Words) -> dict[str, Any] | None:
    if not content["asks_phone"]:
        return None
    row: list[dict[str, Any]] = [{"text": words("button.send_contact"), "request_contact": True}]
    if content["asks_phone"] != "required":
        row.append({"text": words("button.skip")})
    return {"keyboard": [row], "resize_keyboard": True, "one_time_keyboard": True}


def _phone_markup(_content: Content, _words: Words) -> dict[str, Any]:
    return {"remove_keyboard": True}


def _already_registered(content: Content, words: Words) -> str:
    return words("already_registered", parts=roles(content["parts"], words))


def _tasks(content: Content, words: Words) -> str:
    several = len(content["units"]) > 1
    values = {"unit": content["units"][0], "units": len(content["units"]), "total": content["total"]}
    lines = [words("tasks.title_units" if several else "tasks.title", **values)]
    if content["parts"] > 1:
        lines[0] += words("tasks.part", part=content["part"], parts=content["parts"])
    unit = None
    for task in content["tasks"]:
        lines.append("")
        if several and task["unit"] != unit:
            unit = task["unit"]
            lines.append(words("task_list.unit", unit=unit))
        role = words(f"role.{task['role']}") if task["role"] != "owner" else ""
        lines.append(words("tasks.item", no=task["no"], role=role, text=task["text"]))
        if task["leaders"]:
            names = words.joined(task["leaders"])
            lines.append(words("tasks.leaders", label=task["leader_label"] or words("role_name.leader"), names=names))
    return "\n".join([*lines, "", words("tasks.sign")])


def _signed(content: Content, words: Words) -> str:
    return words("signed" if content["signed"] else "signed.again", tasks=content["tasks"])


WORDINGS: dict[str, Wording] = {
    "welcome": _welcome,
    "already_registered": _already_registered,
    "tasks": _tasks,
    "signed": _signed,
}

MARKUPS: dict[str, Markup] = {
    "welcome": _welcome_markup,
    "phone_kept": _phone_markup,
    "phone_skipped": _phone_markup,
}
