"""Words for what the office waives."""

from bot.wording.attaching import listed, named_task
from bot.wording.common import Content, Wording, told_apart
from bot.words import Words


def _waive(content: Content, words: Words) -> str:
    step = content["step"]
    if step == "which":
        return "\n".join([words("waive.which"), *listed(content["tasks"], words)])
    if step == "reason":
        again = [words("waive.again")] if content["again"] else []
        return "\n".join([*again, *_lines(content, words), words("waive.reason")])
    if step == "confirm":
        lines = [words("waive.confirm"), *_lines(content, words), words("request.reason", text=content["reason"])]
        if content["untold"]:
            lines.append(words("waive.untold", units=words.joined(content["untold"])))
        return "\n".join([*lines, words("waive.confirm_how")])
    near = [words("enter.near", units=words.joined(content["near"]))] if content["near"] else []
    return "\n".join([words(f"waive.{step}"), *near])


def _lines(content: Content, words: Words) -> list[str]:
    tasks = told_apart(content["tasks"], words)
    lines = [words("review_all.item", name=task["name"], **named_task(task, words)) for task in tasks]
    left = content["total"] - len(tasks)
    return [*lines, words("review_all.more", count=left)] if left else lines


def _done(content: Content, words: Words) -> str:
    return "\n".join([words("waiver_done", count=content["total"]), *_lines(content, words)])


def _waived(content: Content, words: Words) -> str:
    lines = [
        words("waived.item", no=task["no"], unit=task["unit"], period=words.period(task["period"]))
        for task in told_apart(content["tasks"], words)
    ]
    return "\n".join([words("waived"), *lines, words("request.reason", text=content["reason"])])


WORDINGS: dict[str, Wording] = {
    "waive": _waive,
    "waiver_done": _done,
    "waived": _waived,
}
