"""Words for buttons; what they do stays with the office under an unguessable name."""

from datetime import date
from typing import Any

from bot.wording import groups, inspecting, slips
from bot.wording.common import Content, Wording
from bot.words import Words


def keyboard(content: Content, words: Words) -> dict[str, Any] | None:
    """Give the inline keyboard a message's content asks for, its buttons labelled, or None."""
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
    if do in NAMED and "name" in action and "label" not in action:
        return str(action["name"])
    if do in PAGED and "label" in action:
        return words(f"button.overdue_{action['label']}")
    label = LABELS.get(do)
    return label(action, words) if label is not None else words(f"button.{do}")


def _stage(action: Content, words: Words) -> str:
    return words("button.stage_yes" if action["met"] else "button.stage_no")


def _attest(action: Content, words: Words) -> str:
    return words("button.stage_yes" if action["agreed"] else "button.stage_no")


def _remove_files(action: Content, words: Words) -> str:
    return words("button.remove_files", place=action["place"], name=action["label"])


def _adopt(action: Content, words: Words) -> str:
    return words(f"button.adopt_{action['label']}" if "label" in action else "button.adopt")


def _language(action: Content, words: Words) -> str:
    return words(f"button.language_{action['to']}")


def _one_task(action: Content, words: Words) -> str:
    return words("button.one_task", no=_no(action, words))


def _contribute(action: Content, words: Words) -> str:
    named = "lead" in action
    return words("button.contribute_to", no=action["no"], lead=action["lead"]) if named else words("button.contribute")


def _obligation(action: Content, words: Words) -> str:
    if "no" not in action:
        return words("button.report_this" if action["do"] == "report_on" else f"button.{action['do']}")
    label = words("button.task", no=_no(action, words), period=words.period(action["period"]), name=action["name"])
    return words("of_unit", unit=action["unit"], text=label) if "unit" in action else label


def _plan(action: Content, words: Words) -> str:
    label = words(
        "button.planned" if action["planned"] else "button.plan_task", no=_no(action, words), name=action["name"]
    )
    return words("of_unit", unit=action["unit"], text=label) if "unit" in action else label


def _unit(action: Content, _words: Words) -> str:
    return str(action["name"])


def _form(action: Content, words: Words) -> str:
    """Label a button that goes on with a form: an answer to its question, a task to choose, or its beginning."""
    if "label" in action:
        return words(f"button.{action['label']}")
    if "no" not in action:
        return words(f"button.{action['do']}")
    if "period" in action:
        label = words("button.task", no=_no(action, words), period=words.period(action["period"]), name=action["name"])
    else:
        label = words("task_list.item", no=_no(action, words), name=action["name"])
    unit = action.get("of") or (action.get("unit") if "period" in action else None)
    return words("of_unit", unit=unit, text=label) if unit else label


def _cancel_absence(action: Content, words: Words) -> str:
    if "first" not in action:
        return words("button.cancel_absence")
    first, last = (words.day(date.fromisoformat(action[name])) for name in ("first", "last"))
    return words("button.cancel_absence_of", first=first, last=last)


def _of_request(action: Content, words: Words) -> str:
    """Label a decision, with its request's number where several are listed."""
    label = words(f"button.{action['do']}")
    return words("button.of_request", ref=action["of"], label=label) if "of" in action else label


def _return_for(action: Content, _words: Words) -> str:
    return str(action["reason"])


def _enter(action: Content, words: Words) -> str:
    """Label a task to choose, or how a report came."""
    return _obligation(action, words) if "no" in action else words(f"button.source_{action['source']}")


def _accept_all(action: Content, words: Words) -> str:
    return words("button.accept_all_of", count=action["count"]) if "count" in action else words("button.accept_all")


def _edit(action: Content, words: Words) -> str:
    if "label" in action:
        return words(f"button.{action['label']}")
    if "list" not in action:
        return words("button.edit")
    return words("button.edit_task", no=action["no"], list=action["list"])


def _due(action: Content, words: Words) -> str:
    if action["label"] == "yes":
        return words("button.yes")
    period = words.period(action["label"])
    return words("due.of_notice", item=period, title=action["title"]) if "title" in action else period


def _end_role(action: Content, words: Words) -> str:
    role = words(f"role_name.{action['role']}", unit=action["of"] or "")
    return words("button.end_role", name=action["name"], role=role)


def _no(action: Content, words: Words) -> str:
    """Give a task's number, with its list where the office named that too."""
    return words("in_list", no=action["no"], list=action["list"]) if "list" in action else str(action["no"])


NAMED = ("overdue_page", "board", "overdue_table", "status", "remind_unit", "unit")  # with a name to choose
PAGED = ("overdue_page", "tasks_page", "task_text")
LABELS: dict[str, Wording] = {
    "stage": _stage,
    "attest": _attest,
    "remove_files": _remove_files,
    "adopt": _adopt,
    "language": _language,
    "task": _one_task,
    "contribute": _contribute,
    "choose_contribution": _contribute,
    "choose": _obligation,
    "report_on": _obligation,
    "plan_on": _plan,
    "withdraw": _obligation,
    "correct": _obligation,
    "ask_units": _obligation,
    "handover": _unit,
    "ask_leave": _unit,
    "extend": _form,
    "complete": _form,
    "cancel_absence": _cancel_absence,
    "agree": _of_request,
    "close_out": _of_request,
    "set_date": _of_request,
    "disagree": _of_request,
    "send_back": _of_request,
    "return_for": _return_for,
    "accept_all": _accept_all,
    "enter": _enter,
    "waive": _obligation,
    "plan_inspection": inspecting.label,
    "order_measure": inspecting.label,
    "rectify": inspecting.label,
    "draft_slip": slips.label,
    "sign_slip": slips.label,
    "edit": _edit,
    "due": _due,
    "end_role": _end_role,
    "register_group": groups.label,
    "refuse_group": groups.label,
    "leave_group": groups.label,
}
