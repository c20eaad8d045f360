"""Words for reports: drafts, questions, receipts, corrections."""

from bot.wording.attaching import file_names, listed
from bot.wording.common import SHOWN, Content, Wording, short, told_apart, without
from bot.words import Words

LONG_TASK = 600  # characters of a task's own text in a prompt


def _draft(content: Content, words: Words) -> str:
    tasks = told_apart(content["tasks"], words)
    lines = [words("draft.split", parts=len(tasks)), ""] if len(tasks) > 1 else []
    for task in tasks:
        lines += [*_draft_lines(task, words, is_one=len(tasks) == 1), ""]
    return "\n".join([*lines, words("draft.submit" if content["can_submit"] else "draft.blocked")])


def _draft_lines(task: Content, words: Words, *, is_one: bool) -> list[str]:
    due, period = words.due_day(task["due_at"]), words.period(task["period"])
    lines = [words("draft.title", unit=task["unit"], no=task["no"], period=period, due=due)]
    if not is_one:
        lines.append(f"“{short(task['text'])}”")
    lines.append(count_line(task, words))
    lines += [finding_line(finding, task, words) for finding in task["findings"]]
    if task["version"] > 1:
        lines.append(words("draft.version", version=task["version"]))
    for part in ("problems", "next_step"):
        if task[part]:
            lines.append(words(f"draft.{part}", text=short(task[part], 60)))
    if task["stage_met"] is not None:
        lines.append(words("draft.stage_yes" if task["stage_met"] else "draft.stage_no"))
    if files := task["attachments"]:
        lines.append(words("draft.attachments", count=len(files), names=file_names(files, words)))
    return lines


def count_line(task: Content, words: Words) -> str:
    """Word how many characters a text has, of how many."""
    if not task["max_length"]:
        return words("draft.count_free", characters=task["characters"])
    mark = "✓" if task["characters"] <= task["max_length"] else "⚠"
    return words("draft.count", characters=task["characters"], limit=task["max_length"], mark=mark)


def finding_line(finding: Content, task: Content, words: Words) -> str:
    """Word what a check found in a text."""
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
    again = content.get("again")
    if content.get("is_file"):
        title = words("which_task.file_again" if again else "which_task.file")
    else:
        title = words("which_task.again" if again else "which_task")
    asked = [words("which_task.asked", **request) for request in content["requests"][:SHOWN]]
    return "\n".join([title, *listed(content["tasks"], words), *asked])


def _which_report(content: Content, words: Words) -> str:
    if not content["has_text"]:
        return "\n".join([words("which_report"), *listed(content["tasks"], words)])
    name = "which_correction" if content["has_next"] else "which_correction_only"
    return "\n".join([words(name), *listed(content["tasks"], words), words(f"{name}.how")])


def _nothing_owed(content: Content, words: Words) -> str:
    return words("nothing_owed.kept" if content.get("has_text") else "nothing_owed")


def _not_understood(content: Content, words: Words) -> str:
    if content.get("courtesy"):
        return words("courtesy")
    return words("not_understood.open" if content.get("open") else "not_understood")


def _language(content: Content, words: Words) -> str:
    return words("language.chosen" if content.get("chosen") else "language")


def _prompt(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    limit = words("prompt.limit", limit=task["max_length"]) if task["max_length"] else ""
    due, period = words.due_day(task["due_at"]), words.period(task["period"])
    if content.get("is_sent"):
        return words("prompt.sent", unit=task["unit"], no=task["no"], period=period)
    text = short(task["text"], LONG_TASK)
    return words("prompt", unit=task["unit"], no=task["no"], period=period, due=due, limit=limit, text=text)


def _ask_part(content: Content, words: Words) -> str:
    no = content["tasks"][0]["no"] if content["tasks"] else ""
    return words(f"ask_part.{content['part']}", no=no)


def _ask_reason(content: Content, words: Words) -> str:
    numbers = words.joined([str(task["no"]) for task in told_apart(content["tasks"], words)])
    return words("ask_reason", no=numbers)


def _too_long(content: Content, words: Words) -> str:
    no = content["tasks"][0]["no"]
    if content["code"] == "empty":
        text = words("empty_text")
    else:
        values = {"next": content["limit"] + 1, **without(content, "code", "at", "tasks", "stands")}
        text = words("too_long", no=no, **values)
    return text + words("too_long.stands") if content.get("stands") else text


def _submitted(content: Content, words: Words) -> str:
    left = content.get("left")
    if not left:
        return "\n".join([*_receipt(content, words), words("submitted.hint")])
    numbers = words.joined([str(task["no"]) for task in told_apart(left, words)])
    return "\n".join([*_receipt(content, words), words("submitted.left", count=len(left), numbers=numbers)])


def _submitted_at_due(content: Content, words: Words) -> str:
    return "\n".join([words("submitted_at_due"), *_receipt(content, words), words("submitted.hint")])


def _corrected(content: Content, words: Words) -> str:
    return "\n".join(_receipted(task, words) for task in told_apart(content["tasks"], words))


def _receipt(content: Content, words: Words) -> list[str]:
    lines = []
    for task in told_apart(content["tasks"], words):
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
    lines = [
        words("closed", no=task["no"], period=words.period(task["period"]))
        for task in told_apart(content["tasks"], words)
    ]
    return "\n".join([*lines, words("closed.how")] if content.get("keyboard") else lines)


WORDINGS: dict[str, Wording] = {
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
}
