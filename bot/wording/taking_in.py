"""Words for notices sent as files: what was read, what adopting would do, what became of it."""

import re
from datetime import date

from bot.wording.common import Content, Wording, cell_line, short
from bot.words import Words

LINE = 80  # characters of one warning or change
TASK = re.compile(r"(.+)#([0-9]+) ?(.*)", re.DOTALL)  # as office.notice.differences names a task, and a unit in it


def _preview(content: Content, words: Words) -> str:
    lines = [words("preview.again")] if content["is_again"] else []
    lines.append(words("preview.title", title=content["title"]))
    if content["number"]:
        lines.append(content["number"])
    lines.append(words("preview.tasks", year=content["year"], tasks=content["tasks"], units=content["units"]))
    if len(content["lists"]) > 1:
        named = [words("preview.list", list=short(each["list"], 20), count=each["count"]) for each in content["lists"]]
        lines.append(words.joined(named))
    lines.append(_periods(content, words))
    if content["limit"]:
        lines.append(words("preview.limit", limit=content["limit"]))
    return "\n".join([*lines, "", *_warnings(content, words), "", *_effect(content, words), "", words("preview.ask")])


def _periods(content: Content, words: Words) -> str:
    if not content["periods"]:
        return words("preview.no_periods")
    if content["next_due"] is None:
        return words("preview.periods_past", count=content["periods"])
    due = words.day(date.fromisoformat(content["next_due"]))
    return words("preview.periods", count=content["periods"], due=due)


def _warnings(content: Content, words: Words) -> list[str]:
    count, shown = content["warnings"], content["first_warnings"]
    if not count:
        return [words("preview.no_warnings")]
    lines = [words("preview.warnings", count=count)]
    lines += [words("preview.item", text=short(message, LINE)) for message in shown]
    return lines + ([words("preview.more_warnings", count=count - len(shown))] if count > len(shown) else [])


def _effect(content: Content, words: Words) -> list[str]:
    if content["is_new"]:
        return [words("preview.new")]
    count, shown = content["changes"], content["first_changes"]
    lines = [words("preview.update", count=count)]
    lines += [words("preview.item", text=change_line(change, words)) for change in shown]
    return lines + ([words("preview.more_changes", count=count - len(shown))] if count > len(shown) else [])


def change_line(change: Content, words: Words) -> str:
    """Say one difference between what stands and what is to stand."""
    what = str(change["what"])
    before, after = (_side(what, change[name], words) for name in ("before", "after"))
    subject = TASK.sub(
        lambda found: words("change.task", list=found[1], no=found[2], unit=found[3]).strip(), change["subject"]
    )
    if what == "rule":
        subject = words(f"rule.{change['subject']}")
    return words(f"change.{what}", subject=subject, before=before, after=after)


def _side(what: str, value: str | None, words: Words) -> str:
    if value and what in ("owner_added", "owner_removed", "role"):
        return words(f"part.{value}")
    return short(value or words("change.none"), LINE // 2)


def _known(content: Content, words: Words) -> str:
    return words("notice_known.earlier" if content["is_earlier"] else "notice_known", title=content["title"])


def _adopted(content: Content, words: Words) -> str:
    lines = [words("adopted.new" if content["is_new"] else "adopted.update", **content)]
    lines.append(words("adopted.counts", **content))
    lines.append(words("adopted.invite" if content["to_invite"] else "adopted.all_invited", count=content["to_invite"]))
    if content["is_new"]:
        lines.append(words("adopted.undo"))
    return "\n".join(lines)


def _refused(content: Content, words: Words) -> str:
    match content["code"]:
        case "too_large_for_telegram":
            return words("refused.too_large")
        case "office":
            return words("refused.office", sentence=content["sentence"])
        case "secret":
            return words("refused.secret", sentence=content["sentence"])
    if not content["wrong"]:
        return words("refused.file", sentence=content["sentence"])
    lines = [words("refused.cells", count=len(content["wrong"]) + content["more"])]
    lines += [cell_line(cell, words) for cell in content["wrong"]]
    if content["more"]:
        lines.append(words("refused.more", count=content["more"]))
    return "\n".join([*lines, words("refused.again")])


def _set_aside(content: Content, words: Words) -> str:
    return words("set_aside", at=words.moment(content["sent_at"]))


WORDINGS: dict[str, Wording] = {
    "notice_preview": _preview,
    "notice_adopted": _adopted,
    "notice_known": _known,
    "file_refused": _refused,
    "set_aside": _set_aside,
}
