"""Words for the administrators: what is wrong with the service, and how it did in a day."""

from datetime import datetime

from bot.wording.common import Content, Wording
from bot.words import Words

ABOUT_TICKS = ("tick", "tick_failed")


def _alarm(content: Content, words: Words) -> str:
    what, about = content["what"], content["about"]
    name = "tick_left_out" if what == "tick_failed" and content["subject"] else what
    values = {**content, "tick": words(f"tick.{about}") if what in ABOUT_TICKS else ""}
    if what == "outage":
        minutes = _minutes(content["begins"], content["ends"])
        ends = {"begins": words.moment(content["begins"]), "ends": words.moment(content["ends"])}
        values |= {**ends, "span": _span(minutes, words)}
    title = words("alarm.title", at=words.moment(content["at"]))
    return "\n".join([title, words(f"alarm.{name}", **values), words("alarm.how")])


def _self_report(content: Content, words: Words) -> str:
    lines = [words("self_report.title", at=words.moment(content["at"]), since=words.moment(content["since"]))]
    down = _span(content["down_minutes"], words)
    lines.append(words("self_report.down" if content["outages"] else "self_report.ran", span=down, **content))
    lines.append(words("self_report.traffic", **content))
    if content["held"]:
        lines.append(words("self_report.held"))
    has_failed = content["undelivered"] or content["dead"]
    lines.append(words("self_report.failed" if has_failed else "self_report.failed_none", **content))
    if content["failed_ticks"]:
        named = [words(f"tick.{failed['tick']}") for failed in content["failed_ticks"]]
        lines.append(words("self_report.ticks", ticks=words.joined(named)))
    upcoming = content["next"]
    if upcoming is None:
        return "\n".join([*lines, words("self_report.next_none")])
    at = words.moment(upcoming["at"])
    return "\n".join([*lines, words("self_report.next", at=at, count=upcoming["count"])])


def _minutes(begins: str, ends: str) -> int:
    return round((datetime.fromisoformat(ends) - datetime.fromisoformat(begins)).total_seconds() / 60)


def _span(minutes: int, words: Words) -> str:
    if minutes < 120:
        return words("span.minutes", n=minutes)
    hours = round(minutes / 60)
    return words("span.hours", n=hours) if hours < 48 else words("span.days", n=round(hours / 24))


WORDINGS: dict[str, Wording] = {"alarm": _alarm, "self_report": _self_report}
