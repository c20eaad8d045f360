"""Words for the review of reports: what waits, what was decided, what is sent back."""

from bot.wording.attaching import file_names, named_task
from bot.wording.common import Content, Wording, short, told_apart
from bot.wording.holding import paused_lines
from bot.wording.reporting import finding_line
from bot.words import Words

LONG_TEXT = 1500  # characters of a report's own text
LONG_PART = 300  # of its further parts


def _review(content: Content, words: Words) -> str:
    lines = [*paused_lines(content, words)]
    lines += [_done(content["done"], words), ""] if content["done"] else []
    if not content["total"]:
        none = words("review.none_words", words=content["words"]) if content["words"] else words("review.none")
        return "\n".join([*lines, none])
    if content["newer"]:
        lines += [words("review.newer"), ""]
    task = content["tasks"][0]
    lines.append(words("review.title", place=content["place"], total=content["total"], **named_task(task, words)))
    lines += [short(task["name"]), _sent(content, task, words)]
    if content["returned"]:
        lines.append(words("review.returned_before", reason=short(content["returned"], LONG_PART)))
    lines += [finding_line(finding, task, words) for finding in task["findings"]]
    lines += ["", _cut(task["text"], LONG_TEXT), *_parts(content, task, words)]
    return "\n".join([*lines, "", words("review.how")])


def _done(done: Content, words: Words) -> str:
    named = named_task(done, words)
    if done["state"] == "accepted":
        return words("review.accepted", **named)
    return words("review.sent_back", due=words.due_day(done["due_at"]), **named)


def _sent(content: Content, task: Content, words: Words) -> str:
    count = f"{task['characters']}/{task['max_length']}" if task["max_length"] else task["characters"]
    marks = words("task.late") if content["late"] else ""
    if content["source"]:
        marks += words(f"entered.{content['source']}")
    return words("review.sent", at=words.moment(content["sent_at"]), count=count, marks=marks)


def _parts(content: Content, task: Content, words: Words) -> list[str]:
    lines = [""] if any(task[part] for part in ("problems", "next_step")) or task["stage_met"] is not None else []
    for part in ("problems", "next_step"):
        lines += [words(f"draft.{part}", text=_cut(task[part], LONG_PART))] if task[part] else []
    if task["stage_met"] is not None:
        lines.append(words("draft.stage_yes" if task["stage_met"] else "draft.stage_no"))
    if task["reason"]:
        lines.append(words("review.over_limit", reason=short(task["reason"], LONG_PART)))
    if names := content["attachments"]:
        lines.append(words("draft.attachments", count=len(names), names=file_names(names, words)))
    if former := content["former"]:
        promised = _cut(former["next_step"], LONG_PART) if former["next_step"] else words("review.no_former")
        lines += ["", words("review.former", period=words.period(former["period"]), text=promised)]
    return lines


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _reason(content: Content, words: Words) -> str:
    named = [named_task(task, words) for task in content["tasks"]]
    head = [words("review_reason.again")] if content["again"] else []
    lines = [words("review_reason", **task) for task in named]
    offered = [f"{place}. {reason}" for place, reason in enumerate(content["reasons"], 1)]
    return "\n".join([*head, *lines, *offered])


def _gone(content: Content, words: Words) -> str:
    by = content["by"] or words("decided.by_office")
    at = words.moment(content["at"]) if content["at"] else ""
    return words(f"review_gone.{content['state']}", name=by, at=at)


def _all(content: Content, words: Words) -> str:
    lines = [words("review_all", count=content["count"])]
    tasks = told_apart(content["tasks"], words)
    lines += [words("review_all.item", name=task["name"], **named_task(task, words)) for task in tasks]
    if content["count"] > len(content["tasks"]):
        lines.append(words("review_all.more", count=content["count"] - len(content["tasks"])))
    return "\n".join([*lines, words("review_all.how")])


def _reviewed_all(content: Content, words: Words) -> str:
    lines = [words("reviewed_all", count=content["count"])]
    if not content["count"] and not content["changed"]:
        lines = [words("reviewed_all.none")]
    if content["changed"]:
        lines.append(words("reviewed_all.changed", count=content["changed"]))
    if content["left"]:
        lines.append(words("reviewed_all.left", count=content["left"]))
    return "\n".join(lines)


def _report_returned(content: Content, words: Words) -> str:
    task = content["tasks"][0]
    due = words.due_day(task["due_at"])
    text = words("report_returned", due=due, reason=content["reason"], **named_task(task, words))
    return "\n".join([text, "", words("report_returned.text", text=_cut(content["text"], LONG_TEXT))])


WORDINGS: dict[str, Wording] = {
    "review": _review,
    "review_reason": _reason,
    "review_gone": _gone,
    "review_all": _all,
    "reviewed_all": _reviewed_all,
    "report_returned": _report_returned,
}
