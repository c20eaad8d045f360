"""Words for what the office sums up: the week, periods that closed, promised lists; and what is told by itself."""

from datetime import date
from typing import Any

from bot.wording.common import Content, Wording, short
from bot.words import Words

NAMED = 8  # units named in one line
SPANS = 6  # due dates, periods and lists shown of each


def closed(periods: Any, words: Words) -> list[str]:
    """Word the digest's lines on periods that closed."""
    return [line for period in periods[:SPANS] for line in _closed(period, words)]


def _closed(period: Content, words: Words) -> list[str]:
    values = {"period": words.period(period["period"]), "day": words.due_day(period["due_at"])}
    lines = [words("closed.title", notice=short(period["notice"], 20), **values)]
    counts = {name: period[name] for name in ("due", "on_time", "late", "missed")}
    lines.append(words("closed.counts", units=period["units_on_time"], **counts))
    besides = {name: period[name] for name in ("extended", "closed_out")}
    lines += [words(f"closed.{name}", count=count) for name, count in besides.items() if count]
    for kind in ("late", "missed"):
        if period[f"{kind}_units"]:
            lines.append(words(f"closed.{kind}_units", units=_units(period[f"{kind}_units"], words)))
    return lines + (_burden(period["burden"], words) if "burden" in period else [])


def _units(units: list[Any], words: Words) -> str:
    named = words.joined([words("closed.unit", unit=unit, count=count) for unit, count in units[:NAMED]])
    return words("closed.units_more", units=named, count=len(units)) if len(units) > NAMED else named


def _burden(burden: Content, words: Words) -> list[str]:
    if not burden["persons"]:
        return []
    each = f"{burden['pushed'] / burden['persons']:.1f}"
    lines = [words("burden.line", count=burden["pushed"], persons=burden["persons"], each=each)]
    if burden["most"]:
        lines.append(words("burden.most", unit=burden["most"][0], count=burden["most"][1]))
    return lines


def week(found: Any, words: Words) -> list[str]:
    """Word the digest's lines on the past week and the next."""
    lines = [words("week.past", on_time=found["on_time"], late=found["late"])]
    lines += [
        words("week.due", due=words.due_day(due["due_at"]), owed=due["owed"], units=due["units"])
        for due in found["due"][:SPANS]
    ]
    return lines


def promised(lists: Any, words: Words) -> list[str]:
    """Word the digest's lines on lists whose progress the notice promises to publish."""
    lines = [words("promised.title")]
    for each in lists[:SPANS]:
        first, last = (words.day(date.fromisoformat(each[name])) for name in ("from", "to"))
        counts = {name: each[name] for name in ("tasks", "due", "reported", "overdue", "closed_out")}
        lines.append(words("promised.list", list=short(each["list"], 16), first=first, last=last, **counts))
    return lines


def today(found: Any, words: Words) -> list[str]:
    """Word the digest's line on what happens today."""
    line = words("digest.today", owed=found["owed"], units=found["units"])
    return [line + words("digest.today_extended", count=found["extended"]) if found["extended"] else line]


def mail(found: Any, words: Words) -> list[str]:
    """Word the digest's lines on mail that did not go out."""
    return [
        words(
            "digest.mail",
            address=each["address"],
            state=words(f"digest.mail_{each['state']}"),
            reason=each["reason"][:80],
        )
        for each in found[:SPANS]
    ]


def _task_done(content: Content, words: Words) -> str:
    units = words.joined(content["units"])
    return words("task_done", list=content["list"], no=content["no"], name=content["name"], units=units)


def _major(content: Content, words: Words) -> str:
    text = content["text"] if len(content["text"]) <= 600 else content["text"][:600] + "…"
    return words("major", unit=content["unit"], no=content["no"], name=content["name"], text=text)


WORDINGS: dict[str, Wording] = {"task_done": _task_done, "major": _major}
