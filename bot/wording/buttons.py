"""Words for buttons; what they do stays with the office under an unguessable name."""

from typing import Any

from bot.wording.common import Content
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
    if do == "stage":
        return words("button.stage_yes" if action["met"] else "button.stage_no")
    if do == "adopt" and "label" in action:
        return words(f"button.adopt_{action['label']}")
    if do in ("overdue_page", "language"):
        return words(f"button.{'overdue' if do == 'overdue_page' else do}_{action.get('label') or action['to']}")
    if do in ("choose", "report_on") and "no" in action:
        no = words("in_list", no=action["no"], list=action["list"]) if "list" in action else action["no"]
        label = words("button.task", no=no, period=words.period(action["period"]), name=action["name"])
        return words("of_unit", unit=action["unit"], text=label) if "unit" in action else label
    if do == "plan_on":
        no = words("in_list", no=action["no"], list=action["list"]) if "list" in action else action["no"]
        label = words("button.planned" if action["planned"] else "button.plan_task", no=no, name=action["name"])
        return words("of_unit", unit=action["unit"], text=label) if "unit" in action else label
    return words("button.report_this" if do == "report_on" else f"button.{do}")
