"""Words for what is pushed: reminders, escalations, digests."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.wording import requesting
from bot.wording.common import SHOWN, Content, Wording, told_apart
from bot.wording.groups import section as groups
from bot.wording.handing_over import missing_due
from bot.wording.planning import plan_lines
from bot.wording.privacy import deletions
from bot.words import Words

NAMED = 8  # units named in one sentence


def _nudge(content: Content, words: Words) -> str:
    tasks = content["tasks"]
    groups: dict[tuple[str, str, str], list[Content]] = {}
    for task in tasks:
        groups.setdefault((task["role"], task["unit"], task["due_at"]), []).append(task)
    lines = [_nudge_title(content, words)]
    for (role, _unit, _due), group in groups.items():
        lines.append(_nudge_group(role, group, words))
        lines += [_nudge_item(task, words) for task in told_apart(group[:SHOWN], words)]
        if len(group) > SHOWN:
            lines.append(words("nudge.more", count=len(group) - SHOWN))
    own = [task for task in tasks if task["role"] == "liaison"]
    lines += [_nudge_how(own, words)] if own else []
    return "\n".join([*lines, *plan_lines(content.get("plans", []), words)])


def _plan_nudge(content: Content, words: Words) -> str:
    return "\n".join([_nudge_title({**content, "days": 0}, words), *plan_lines(content["plans"], words)])


def _nudge_item(task: Content, words: Words) -> str:
    line = words("nudge.item", no=task["no"], period=words.period(task["period"]), name=task["name"])
    return line + words("nudge.drafted") if task.get("drafted") and task["role"] == "liaison" else line


def _nudge_title(content: Content, words: Words) -> str:
    if content.get("called"):
        return words("nudge.called")
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
        return _nudge_how_drafted(own, words)
    limits = {task["max_length"] for task in own}
    limit = words("nudge.limit", limit=min(limits)) if None not in limits else ""
    if len(own) == 1:
        return words("nudge.how", limit=limit)
    return words("nudge.how_many", no=own[0]["no"], limit=limit)


def _nudge_how_drafted(own: list[Content], words: Words) -> str:
    lacks = {task.get("lacks") for task in own} - {None}
    if own[0]["days"]:
        return words("nudge.how_drafted")
    if "text" in lacks:
        return words("nudge.how_text_today")
    return words("nudge.how_attest_today" if lacks else "nudge.how_drafted_today")


def _digest(content: Content, words: Words) -> str:
    day = words.day(date.fromisoformat(content["day"]))
    lines = [words("digest.title", office=content["office"], day=day)]
    sections = content["sections"]
    if "overdue" not in sections:
        lines.append(words("digest.none_overdue"))
    for name, facts in sections.items():
        lines += SECTIONS[name](facts, words)
    return "\n".join(lines)


def _new(count: Any, words: Words) -> list[str]:
    return [words("digest.new", count=count)]


def _digest_overdue(overdue: Any, words: Words) -> list[str]:
    lines = [words("digest.overdue", count=overdue["count"], units=overdue["units"])]
    for group in overdue["groups"]:
        reach = "" if group["reachable"] else words("overdue.unreached" if group["uses_bot"] else "digest.phone_them")
        lines.append(words("digest.unit", **{**group, "reach": reach}))
    if overdue["units"] > len(overdue["groups"]):
        lines.append(words("digest.more", count=overdue["units"] - len(overdue["groups"])))
    return lines


def _soon(soon: Any, words: Words) -> list[str]:
    name = "digest.soon" if soon["days"] else "digest.soon_today"
    return [words(name, **{**soon, "due": words.due_day(soon["due_at"])})]


def _unsigned(found: Any, words: Words) -> list[str]:
    named = words.joined([words("digest.unsigned_unit", **_since(unit, words)) for unit in found[:NAMED]])
    more = words("digest.unreachable_more", units=named) if len(found) > NAMED else named
    return [words("digest.unsigned", count=len(found), units=more)]


def _since(unit: Content, words: Words) -> Content:
    return {**unit, "since": words.day(date.fromisoformat(unit["since"]))}


def _unreachable(found: Any, words: Words) -> list[str]:
    named = words.joined([f"{unit['unit']}（{words('digest.why.' + unit['why'])}）" for unit in found[:NAMED]])
    if len(found) > NAMED:
        named = words("digest.unreachable_more", units=named)
    return [words("digest.unreachable", count=len(found), units=named)]


def _plans_late(found: Any, words: Words) -> list[str]:
    return [words("digest.plans_late", **_plan_values(each, words)) for each in found]


def _plans_soon(found: Any, words: Words) -> list[str]:
    return [words("digest.plans_soon", **_plan_values(each, words)) for each in found]


def _plan_values(each: Any, words: Words) -> Content:
    named = words.joined(each["names"])
    if each["units"] > len(each["names"]):
        named = words("digest.unreachable_more", units=named)
    return {**each, "due": words.due_day(each["due_at"]), "names": named}


def _doubtful(doubtful: Any, words: Words) -> list[str]:
    counts = {name: doubtful.get(name, 0) for name in ("unknown", "undeliverable", "dead")}
    return [words("digest.doubtful", **counts)]


def _corrections(waiting: Any, words: Words) -> list[str]:
    return [words("digest.corrections", count=waiting["count"], since=words.moment(waiting["since"]))]


def _missing(found: Any, words: Words) -> list[str]:
    named = words.joined([f"{unit['unit']}{missing_due(unit, words)}" for unit in found[:NAMED]])
    if len(found) > NAMED:
        named = words("digest.unreachable_more", units=named)
    return [words("digest.missing", count=len(found), units=named)]


def _no_bot(units: Any, words: Words) -> list[str]:
    return [words("digest.no_bot", count=len(units), units=words.joined(units))]


def _changes(changes: Any, words: Words) -> list[str]:
    return [words("digest.handed_over" if change["successor"] else "digest.left", **change) for change in changes]


SECTIONS: dict[str, Callable[[Any, Words], list[str]]] = {  # the digest's parts, as office.digesting names them
    "new": _new,
    "overdue": _digest_overdue,
    "soon": _soon,
    "corrections": _corrections,
    "unsigned": _unsigned,
    "extensions": requesting.extensions,
    "completions": requesting.completions,
    "closed_out": requesting.closed_out,
    "deserted": requesting.deserted,
    "unreachable": _unreachable,
    "plans_late": _plans_late,
    "plans_soon": _plans_soon,
    "missing": _missing,
    "no_bot": _no_bot,
    "changes": _changes,
    "deletions": deletions,
    "groups": groups,
    "doubtful": _doubtful,
}

WORDINGS: dict[str, Wording] = {
    "nudge": _nudge,
    "plan_nudge": _plan_nudge,
    "digest": _digest,
    "group_digest": _digest,
}
