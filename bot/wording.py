"""How is each kind of message worded, with which buttons?

The values come from the office; nothing here looks anything up or decides anything. Texts go out without markup, so
that nothing a person wrote can become any.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.words import Words

LONGEST = 4096  # characters of one message (Bot API, sendMessage)
SHOWN = 20  # lines of one list: more do not fit a phone
LONG_TASK = 600  # characters of a task's own text in a prompt
NAMED = 8  # units named in one sentence
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Worded:
    """A message ready to send."""

    text: str
    markup: dict[str, Any] | None = None


def word(kind: str, content: Content, words: Words) -> Worded:
    """Word a message of this kind.

    Raises: KeyError for a kind or value without words.
    """
    text = _cut(WORDINGS[kind](content, words))
    return Worded(text, _keyboard(content, words) or MARKUPS.get(kind, _no_markup)(content, words))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _plain(name: str) -> Callable[[Content, Words], str]:
    return lambda content, words: words(name, **{k: v for k, v in content.items() if k != "keyboard"})


# --- registration ----------------------------------------------------------------------------------------------------


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
    parts = [words(f"role_name.{part['role']}", unit=part["unit"] or "") for part in content["parts"]]
    return words("already_registered", parts=words.joined(parts))


def _help(content: Content, words: Words) -> str:
    units: dict[str, list[str]] = {}
    for part in content["parts"]:
        units.setdefault(part["role"], []).append(part["unit"] or "")
    values = {"name": content["name"], "office": content["office"]}
    return "\n\n".join(words(f"help.{role}", unit=words.joined(names), **values) for role, names in units.items())


# --- tasks -----------------------------------------------------------------------------------------------------------


def _tasks(content: Content, words: Words) -> str:
    title = words("tasks.title" if content["parts"] == 1 else "tasks.title_part", **_without(content, "tasks"))
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
    tasks = _told_apart(content["tasks"], words)
    if not tasks:
        return words("task_list.none")
    lines = [words("task_list.title", total=len(tasks))]
    unit = None
    for task in tasks:
        if content["several_units"] and task["unit"] != unit:
            unit = task["unit"]
            lines.append(words("task_list.unit", unit=unit))
        lines.append(words("task_list.item", no=task["no"], name=_short(task["text"])))
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


# --- reports ---------------------------------------------------------------------------------------------------------


def _draft(content: Content, words: Words) -> str:
    tasks = _told_apart(content["tasks"], words)
    lines = [words("draft.split", parts=len(tasks)), ""] if len(tasks) > 1 else []
    for task in tasks:
        lines += [*_draft_lines(task, words, is_one=len(tasks) == 1), ""]
    return "\n".join([*lines, words("draft.submit" if content["can_submit"] else "draft.blocked")])


def _draft_lines(task: Content, words: Words, *, is_one: bool) -> list[str]:
    due, period = words.due_day(task["due_at"]), words.period(task["period"])
    lines = [words("draft.title", unit=task["unit"], no=task["no"], period=period, due=due)]
    if not is_one:
        lines.append(f"“{_short(task['text'])}”")
    lines.append(_count(task, words))
    lines += [_finding(finding, task, words) for finding in task["findings"]]
    if task["version"] > 1:
        lines.append(words("draft.version", version=task["version"]))
    for part in ("problems", "next_step"):
        if task[part]:
            lines.append(words(f"draft.{part}", text=_short(task[part], 60)))
    if task["stage_met"] is not None:
        lines.append(words("draft.stage_yes" if task["stage_met"] else "draft.stage_no"))
    return lines


def _count(task: Content, words: Words) -> str:
    if not task["max_length"]:
        return words("draft.count_free", characters=task["characters"])
    mark = "✓" if task["characters"] <= task["max_length"] else "⚠"
    return words("draft.count", characters=task["characters"], limit=task["max_length"], mark=mark)


def _finding(finding: Content, task: Content, words: Words) -> str:
    return "⚠ " + words(f"finding.{finding['code']}", **_finding_values(finding, task["text"]))


def _finding_values(finding: Content, text: str) -> Content:
    values = dict(finding)
    if "at" in finding:
        at = int(finding["at"])
        values |= {"over": finding["characters"] - finding["limit"], "next": finding["limit"] + 1}
        values |= {"before": text[max(0, at - 10) : at].strip(), "after": text[at : at + 10].strip()}
    for share in ("share", "threshold"):
        if share in values:
            values[share] = round(values[share] * 100)
    return values


def _which_task(content: Content, words: Words) -> str:
    title = words("which_task.again" if content.get("again") else "which_task")
    return "\n".join([title, *_task_lines(content["tasks"], words)])


def _which_report(content: Content, words: Words) -> str:
    if not content["has_text"]:
        return "\n".join([words("which_report"), *_task_lines(content["tasks"], words)])
    name = "which_correction" if content["has_next"] else "which_correction_only"
    return "\n".join([words(name), *_task_lines(content["tasks"], words), words(f"{name}.how")])


def _task_lines(tasks: list[Content], words: Words) -> list[str]:
    lines = []
    several_units = len({task["unit"] for task in tasks}) > 1
    for task in _told_apart(tasks[:SHOWN], words):
        line = words("which_task.item", no=task["no"], period=words.period(task["period"]), name=task["name"])
        lines.append(words("of_unit", unit=task["unit"], text=line) if several_units else line)
    if len(tasks) > SHOWN:
        lines.append(words("which_task.more", count=len(tasks) - SHOWN))
    return lines


def _told_apart(tasks: list[Content], words: Words) -> list[Content]:
    """Name the list beside a number that several lists have."""
    lists: dict[int, set[str]] = {}
    for task in tasks:
        lists.setdefault(task["no"], set()).add(task["list"])
    return [
        {**task, "no": words("in_list", no=task["no"], list=task["list"])} if len(lists[task["no"]]) > 1 else task
        for task in tasks
    ]


def _nothing_owed(content: Content, words: Words) -> str:
    return words("nothing_owed.kept" if content.get("has_text") else "nothing_owed")


def _not_understood(content: Content, words: Words) -> str:
    return words("courtesy" if content.get("courtesy") else "not_understood")


def _language(content: Content, words: Words) -> str:
    return words("language.chosen" if content.get("chosen") else "language")


def _prompt(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    limit = words("prompt.limit", limit=task["max_length"]) if task["max_length"] else ""
    due, period = words.due_day(task["due_at"]), words.period(task["period"])
    if content.get("is_sent"):
        return words("prompt.sent", unit=task["unit"], no=task["no"], period=period)
    text = _short(task["text"], LONG_TASK)
    return words("prompt", unit=task["unit"], no=task["no"], period=period, due=due, limit=limit, text=text)


def _ask_part(content: Content, words: Words) -> str:
    no = content["tasks"][0]["no"] if content["tasks"] else ""
    return words(f"ask_part.{content['part']}", no=no)


def _ask_reason(content: Content, words: Words) -> str:
    numbers = words.joined([str(task["no"]) for task in _told_apart(content["tasks"], words)])
    return words("ask_reason", no=numbers)


def _too_long(content: Content, words: Words) -> str:
    no = content["tasks"][0]["no"]
    if content["code"] == "empty":
        text = words("empty_text")
    else:
        values = {"next": content["limit"] + 1, **_without(content, "code", "at", "tasks", "stands")}
        text = words("too_long", no=no, **values)
    return text + words("too_long.stands") if content.get("stands") else text


def _submitted(content: Content, words: Words) -> str:
    left = content.get("left")
    if not left:
        return "\n".join([*_receipt(content, words), words("submitted.hint")])
    numbers = words.joined([str(task["no"]) for task in _told_apart(left, words)])
    return "\n".join([*_receipt(content, words), words("submitted.left", count=len(left), numbers=numbers)])


def _submitted_at_due(content: Content, words: Words) -> str:
    return "\n".join([words("submitted_at_due"), *_receipt(content, words), words("submitted.hint")])


def _corrected(content: Content, words: Words) -> str:
    return "\n".join(_receipted(task, words) for task in _told_apart(content["tasks"], words))


def _receipt(content: Content, words: Words) -> list[str]:
    lines = []
    for task in _told_apart(content["tasks"], words):
        lines.append(_receipted(task, words))
        if task["late"]:
            lines.append(words("submitted.late", sent=words.moment(task["sent_at"])))
    lines += [
        words("submitted.count", **{**count, "period": words.period(count["period"])}) for count in content["counts"]
    ]
    return lines


def _receipted(task: Content, words: Words) -> str:
    name = "corrected" if task.get("corrects") else "submitted.item"
    return words(name, **{**task, "period": words.period(task["period"])})


def _closed(content: Content, words: Words) -> str:
    return "\n".join(
        words("closed", no=task["no"], period=words.period(task["period"]))
        for task in _told_apart(content["tasks"], words)
    )


# --- what is pushed --------------------------------------------------------------------------------------------------


def _nudge(content: Content, words: Words) -> str:
    tasks = content["tasks"]
    groups: dict[tuple[str, str, str], list[Content]] = {}
    for task in tasks:
        groups.setdefault((task["role"], task["unit"], task["due_at"]), []).append(task)
    lines = [_nudge_title(content, words)]
    for (role, _unit, _due), group in groups.items():
        lines.append(_nudge_group(role, group, words))
        lines += [_nudge_item(task, words) for task in _told_apart(group[:SHOWN], words)]
        if len(group) > SHOWN:
            lines.append(words("nudge.more", count=len(group) - SHOWN))
    own = [task for task in tasks if task["role"] == "liaison"]
    return "\n".join([*lines, *([_nudge_how(own, words)] if own else [])])


def _nudge_item(task: Content, words: Words) -> str:
    line = words("nudge.item", no=task["no"], period=words.period(task["period"]), name=task["name"])
    return line + words("nudge.drafted") if task.get("drafted") and task["role"] == "liaison" else line


def _nudge_title(content: Content, words: Words) -> str:
    if content["days"] > 0:
        return words("nudge.overdue_title")
    if content["position"] is None:
        return words("nudge.reminder")
    n, total = content["position"]
    last = words("nudge.last") if n == total else words("nudge.position", n=n, total=total)
    return words("nudge.reminder") + last


def _nudge_group(role: str, group: list[Content], words: Words) -> str:
    first = group[0]
    name = role if role in ("head", "leader") else "overdue" if first["days"] > 0 else "left"
    if name == "left" and first["days_left"] == 0:
        name = "today"
    days = first["days_left"] if name == "left" else first["days"]
    due = words.due_day(first["due_at"])
    return words(f"nudge.{name}", unit=first["unit"], count=len(group), due=due, days=days)


def _nudge_how(own: list[Content], words: Words) -> str:
    if all(task.get("drafted") for task in own):
        return words("nudge.how_drafted" if own[0]["days"] else "nudge.how_drafted_today")
    limits = {task["max_length"] for task in own}
    limit = words("nudge.limit", limit=min(limits)) if None not in limits else ""
    if len(own) == 1:
        return words("nudge.how", limit=limit)
    return words("nudge.how_many", no=own[0]["no"], limit=limit)


def _overdue(content: Content, words: Words) -> str:
    at = words.moment(content["at"])
    if not content["total"]:
        none = "overdue.none_words" if content["words"] else "overdue.none"
        return words(none, at=at, words=content["words"])
    lines = [words("overdue.title", total=content["total"], units=content["units"], at=at)]
    if content["pages"] > 1:
        lines.append(words("overdue.page", page=content["page"], pages=content["pages"]))
    for group in content["groups"]:
        lines += ["", *_overdue_unit(group, words)]
    return "\n".join(lines)


def _overdue_unit(group: Content, words: Words) -> list[str]:
    lines = [words("overdue.unit", unit=group["unit"], count=group["count"], days=group["days"])]
    for task in group["tasks"]:
        period = words.period(task["period"])
        lines.append(words("overdue.task", no=task["no"], period=period, name=task["name"]))
    if group["count"] > len(group["tasks"]):
        lines.append(words("overdue.more", count=group["count"] - len(group["tasks"])))
    if group["liaison"] is None:
        return [*lines, words("overdue.no_contact")]
    reach = "" if group["reachable"] else words("overdue.unreached")
    last = words("overdue.last", at=words.moment(group["last_nudged"])) if group["last_nudged"] else ""
    return [*lines, words("overdue.contact", liaison=group["liaison"], reach=reach, last=last)]


def _digest(content: Content, words: Words) -> str:
    day = words.day(date.fromisoformat(content["day"]))
    lines = [words("digest.title", office=content["office"], day=day)]
    if content["new"]:
        lines.append(words("digest.new", count=content["new"]))
    lines += _digest_overdue(content, words)
    if soon := content["soon"]:
        lines.append(words("digest.soon", **{**soon, "due": words.due_day(soon["due_at"])}))
    if content["unreachable"]:
        lines.append(_unreachable(content["unreachable"], words))
    if doubtful := content["doubtful"]:
        counts = {name: doubtful.get(name, 0) for name in ("unknown", "undeliverable", "dead")}
        lines.append(words("digest.doubtful", **counts))
    return "\n".join(lines)


def _unreachable(found: list[Content], words: Words) -> str:
    named = words.joined([f"{unit['unit']}（{words('digest.why.' + unit['why'])}）" for unit in found[:NAMED]])
    if len(found) > NAMED:
        named = words("digest.unreachable_more", units=named)
    return words("digest.unreachable", count=len(found), units=named)


def _digest_overdue(content: Content, words: Words) -> list[str]:
    if not content["overdue"]:
        return [words("digest.none_overdue")]
    lines = [words("digest.overdue", count=content["overdue"], units=content["overdue_units"])]
    for group in content["groups"]:
        reach = "" if group["reachable"] else words("overdue.unreached")
        lines.append(words("digest.unit", **{**group, "reach": reach}))
    if content["overdue_units"] > len(content["groups"]):
        lines.append(words("digest.more", count=content["overdue_units"] - len(content["groups"])))
    return lines


# --- buttons ---------------------------------------------------------------------------------------------------------


def _keyboard(content: Content, words: Words) -> dict[str, Any] | None:
    keyboard = content.get("keyboard")
    if keyboard is None:
        return None
    rows, place = [], 0
    for actions in keyboard["rows"]:
        row = []
        for action in actions:
            row.append({"text": _label(action, words)[:60], "callback_data": f"{keyboard['token']}:{place}"})
            place += 1
        rows.append(row)
    return {"inline_keyboard": rows}


def _label(action: Content, words: Words) -> str:
    do = action["do"]
    if do == "stage":
        return words("button.stage_yes" if action["met"] else "button.stage_no")
    if do in ("overdue_page", "language"):
        return words(f"button.{'overdue' if do == 'overdue_page' else do}_{action.get('label') or action['to']}")
    if do in ("choose", "report_on") and "no" in action:
        no = words("in_list", no=action["no"], list=action["list"]) if "list" in action else action["no"]
        label = words("button.task", no=no, period=words.period(action["period"]), name=action["name"])
        return words("of_unit", unit=action["unit"], text=label) if "unit" in action else label
    return words("button.report_this" if do == "report_on" else f"button.{do}")


def _short(text: str, most: int = 24) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _without(content: Content, *names: str) -> Content:
    return {name: value for name, value in content.items() if name not in names}


def _no_markup(_content: Content, _words: Words) -> None:
    return None


MARKUPS: dict[str, Callable[[Content, Words], dict[str, Any] | None]] = {
    "welcome": _welcome_markup,
    "phone_kept": _phone_markup,
}
WORDINGS: dict[str, Callable[[Content, Words], str]] = {
    **{
        name: _plain(name)
        for name in (
            "stranger",
            "wrong_code",
            "name_changed",
            "phone_kept",
            "foreign_contact",
            "not_allowed",
            "unknown_command",
            "empty_text",
            "text_only",
            "nothing_drafted",
            "how_to_change",
            "edit_unknown",
        )
    },
    "welcome": _welcome,
    "already_registered": _already_registered,
    "help": _help,
    "tasks": _tasks,
    "task_list": _task_list,
    "signed": _signed,
    "draft": _draft,
    "which_task": _which_task,
    "which_report": _which_report,
    "nothing_owed": _nothing_owed,
    "not_understood": _not_understood,
    "language": _language,
    "ask_reason": _ask_reason,
    "prompt": _prompt,
    "ask_part": _ask_part,
    "too_long": _too_long,
    "submitted": _submitted,
    "submitted_at_due": _submitted_at_due,
    "corrected": _corrected,
    "closed": _closed,
    "nudge": _nudge,
    "overdue": _overdue,
    "digest": _digest,
}
