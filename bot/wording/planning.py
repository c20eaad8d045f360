"""Words for year plans and forms: what is asked, what was written, what was taken, who has not sent theirs."""

from typing import Any

from bot.wording.common import SHOWN, Content, Wording, short, told_apart
from bot.wording.reporting import count_line, finding_line
from bot.words import Words

LONG_TASK, VALUE, LINE = 400, 60, 24  # characters of a task's text, of a shown value, of a value in a line of changes


def _list(content: Content, words: Words) -> str:
    tasks = told_apart(content["tasks"], words)
    lines = [words("plan_list.title", total=len(tasks), left=content["left"])]
    if content["due_at"]:
        lines.append(words("plan_list.due", due=words.due_day(content["due_at"])))
    for task in tasks[:SHOWN]:
        line = words("plan_list.done" if task["planned"] else "plan_list.item", no=task["no"], name=task["name"])
        lines.append(words("of_unit", unit=task["unit"], text=line) if content["several_units"] else line)
    if len(tasks) > SHOWN:
        lines.append(words("which_task.more", count=len(tasks) - SHOWN))
    return "\n".join([*lines, words("plan_list.how")])


def _ask(content: Content, words: Words) -> str:
    field = words(f"plan_field.{content['field']}")
    lines = []
    if content["too_long"]:
        lines.append(words("plan_ask.too_long", characters=content["too_long"], most=content["most"]))
    if content["must"]:
        lines.append(words("plan_ask.must", field=field))
    title = words("plan.title", unit=content["unit"], no=content["no"])
    if content["text"]:
        lines += [title, short(content["text"], LONG_TASK)]
        title = ""
    is_name = content["field"] in ("head", "person")
    lines.append(title + words("plan_ask.name" if is_name else "plan_ask.target", field=field))
    if content["kept"]:
        lines.append(words("plan_ask.kept", value=short(content["kept"], VALUE)))
    return "\n".join(lines)


def _preview(content: Content, words: Words) -> str:
    lines = [words("plan.title", unit=content["unit"], no=content["no"]) + words("plan_preview.title")]
    for field, value in content["values"].items():
        lines.append(words("plan.line", field=words(f"plan_field.{field}"), value=value))
    lacks = [words("plan_lacks.target" if field == "q1" else "plan_lacks.head") for field in content["lacks"]]
    how = words("plan_preview.lacks", what=words.joined(lacks)) if lacks else words("plan_preview.how")
    return "\n".join([*lines, how])


def _kept(content: Content, words: Words) -> str:
    if not content["changes"]:
        lines = [words("plan_kept.same", no=content["no"])]
    else:
        lines = [words("plan_kept.new" if content["is_new"] else "plan_kept.changed", no=content["no"])]
        lines += [] if content["is_new"] else [_change(change, words) for change in content["changes"]]
    lines.append(words("plan_kept.left", count=content["left"]) if content["left"] else words("plan_kept.all"))
    return "\n".join(lines)


def _change(change: Content, words: Words) -> str:
    before = short(change["before"] or words("change.none"), LINE)
    return words(
        "plan.changed", field=words(f"plan_field.{change['field']}"), before=before, after=short(change["after"], LINE)
    )


def _plans(content: Content, words: Words) -> str:
    if not content["notices"]:
        return words("plans.none")
    lines: list[str] = []
    for notice in content["notices"]:
        lines += ([""] if lines else []) + _plans_of(notice, words)
    return "\n".join(lines)


def _plans_of(notice: Content, words: Words) -> list[str]:
    lines = [words("plans.title", title=short(notice["title"], 40))]
    if notice["due_at"]:
        name = "plans.overdue" if notice["days"] else "plans.due"
        lines.append(words(name, due=words.due_day(notice["due_at"]), days=notice["days"]))
    lines.append(words("plans.count", planned=notice["planned"], total=notice["total"]))
    for unit in notice["units"]:
        numbers = words.joined([str(no) for no in unit["numbers"]])
        etc = words("plans.etc") if unit["count"] > len(unit["numbers"]) else ""
        lines.append(words("plans.unit", unit=unit["unit"], count=unit["count"], numbers=numbers + etc))
    if notice["more"]:
        lines.append(words("plans.more", count=notice["more"]))
    return lines


def _form(content: Content, words: Words) -> str:
    return words(f"form.{content['form']}")


def _taken(content: Content, words: Words) -> str:
    lines = [words("form_taken.title", name=content["name"])]
    if content["plans"]:
        numbers = words.joined([str(no) for no in content["plan_numbers"]])
        etc = words("plans.etc") if content["plans"] > len(content["plan_numbers"]) else ""
        lines.append(words("form_taken.plans", count=content["plans"], numbers=numbers + etc))
        for plan in content["changed"]:
            lines += [
                words("form_taken.changed", no=plan["no"], text=_change(change, words))
                for change in plan["changes"][:2]
            ]
        if content["more_changed"]:
            lines.append(words("form_taken.more", count=content["more_changed"]))
    if content["drafts"]:
        lines.append(words("form_taken.drafts", count=content["drafts"]))
        lines += [_draft(task, words) for task in told_apart(content["tasks"], words)]
        if content["drafts"] > len(content["tasks"]):
            lines.append(words("form_taken.more", count=content["drafts"] - len(content["tasks"])))
    lines += [words(f"form_taken.{name}", count=content[name]) for name in ("unchanged", "empty") if content[name]]
    lines += _wrong(content, words)
    if content["has_caption"]:
        lines.append(words("form_taken.caption"))
    if content["drafts"]:
        lines.append(words("form_taken.submit"))
    return "\n".join(lines)


def _draft(task: Content, words: Words) -> str:
    findings = [finding_line(finding, task, words) for finding in task["findings"][:2]]
    line = words("form_taken.draft", no=task["no"], period=words.period(task["period"]), count=count_line(task, words))
    return "　".join([line, *findings])


def _wrong(content: Content, words: Words) -> list[str]:
    if not content["wrong"]:
        return []
    lines = [words("form_taken.wrong", count=len(content["wrong"]) + content["more_wrong"])]
    lines += [words("refused.cell", **{**cell, "value": short(cell["value"])}) for cell in content["wrong"]]
    if content["more_wrong"]:
        lines.append(words("refused.more", count=content["more_wrong"]))
    return [*lines, words("form_taken.again")]


def _cancelled(content: Content, words: Words) -> str:
    return words("plan_cancelled", no=content["no"])


def plan_lines(plans: list[Content], words: Words) -> list[str]:
    """Word what a reminder says of plans."""
    lines = []
    for plan in plans:
        name = "plan_nudge.today" if plan["days_left"] == 0 else "plan_nudge.left"
        values: dict[str, Any] = {"unit": plan["unit"], "count": plan["count"], "days": plan["days_left"]}
        lines.append(words(name, due=words.due_day(plan["due_at"]), **values))
    return [*lines, words("plan_nudge.how")] if lines else []


WORDINGS: dict[str, Wording] = {
    "plan_list": _list,
    "plan_ask": _ask,
    "plan_preview": _preview,
    "plan_kept": _kept,
    "plan_cancelled": _cancelled,
    "plans": _plans,
    "form": _form,
    "form_taken": _taken,
}
