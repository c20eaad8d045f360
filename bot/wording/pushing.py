"""Words for what is pushed: reminders, escalations, digests."""

from collections.abc import Callable
from datetime import date
from typing import Any

from bot.wording import inspecting, requesting, slips, summing_up
from bot.wording.common import SHOWN, Content, Wording, late, told_apart
from bot.wording.groups import section as groups
from bot.wording.handing_over import missing_due
from bot.wording.planning import plan_lines
from bot.wording.privacy import deletions
from bot.words import Words

NAMED = 8  # units named in one sentence


def _nudge(content: Content, words: Words) -> str:
    tasks = content["tasks"]
    groups: dict[tuple[str, str, str, str], list[Content]] = {}
    for task in tasks:
        groups.setdefault((task["role"], task["unit"], task["due_at"], task["state"]), []).append(task)
    lines = [_nudge_title(content, words), *late(content, words)]
    for (role, *_), group in list(groups.items())[:SHOWN]:
        lines.append(_nudge_group(role, group, words))
        if role == "supervisor":
            continue  # who is silent, not each task: /overdue has those
        lines += [_nudge_item(task, words) for task in told_apart(group[:SHOWN], words)]
        if len(group) > SHOWN:
            lines.append(words("nudge.more", count=len(group) - SHOWN))
    if len(groups) > SHOWN:
        lines.append(words("nudge.more_groups", count=len(groups) - SHOWN))
    own = [task for task in tasks if task["role"] == "liaison"]
    lines += _nudge_how(content, own, words) if own else []
    lines += plan_lines(content.get("plans", []), words)
    return "\n".join([*lines, *([words("nudge.budget")] if content.get("is_last") else [])])


def _plan_nudge(content: Content, words: Words) -> str:
    return "\n".join([_nudge_title({**content, "days": 0}, words), *plan_lines(content["plans"], words)])


def _nudge_item(task: Content, words: Words) -> str:
    line = words("nudge.item", no=task["no"], period=words.period(task["period"]), name=task["name"])
    line += words("of_returned") if task.get("state") == "returned" else ""
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
    what = words("nudge.what_returned" if first["state"] == "returned" else "nudge.what")
    due = words.due_day(first["due_at"]) + (words("nudge.provisional") if first.get("is_provisional") else "")
    values = {"unit": first["unit"], "count": len(group), "what": what}
    if first["days"] > 0:
        name = "overdue" if role == "liaison" else role
        return words(f"nudge.{name}", due=due, days=first["days"], **values)
    left = first["days_left"]
    when = words("nudge.when", due=due, days=left) if left else words("nudge.when_today", due=due)
    return words("nudge.left" if role == "liaison" else f"nudge.left_{role}", when=when, **values)


def _nudge_how(content: Content, own: list[Content], words: Words) -> list[str]:
    """Say what to do now, firmer with every step."""
    if all(task.get("drafted") for task in own):
        return [_nudge_how_drafted(own, words)]
    limits = {task["max_length"] for task in own}
    limit = words("nudge.limit", limit=min(limits)) if None not in limits else ""
    how = words("nudge.how", limit=limit) if len(own) == 1 else words("nudge.how_many", no=own[0]["no"], limit=limit)
    return [*([words(f"nudge.stage.{content['stage']}")] if content.get("stage") else []), how]


def _nudge_how_drafted(own: list[Content], words: Words) -> str:
    lacks = {task.get("lacks") for task in own} - {None}
    if own[0]["days"]:
        return words("nudge.how_drafted")
    if "text" in lacks:
        return words("nudge.how_text_today")
    return words("nudge.how_attest_today" if lacks else "nudge.how_drafted_today")


def _digest(content: Content, words: Words) -> str:
    return _sections("digest.title", content, words)


def _leader_digest(content: Content, words: Words) -> str:
    return _sections("digest.leader_title", content, words)


def _sections(title: str, content: Content, words: Words) -> str:
    day = words.day(date.fromisoformat(content["day"]))
    lines = [words(title, office=content["office"], day=day), *late(content, words)]
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
    return [words("digest.soon", **{**soon, "due": words.due_day(soon["due_at"])})]


def _unsigned(found: Any, words: Words) -> list[str]:
    named = words.joined([words("digest.unsigned_unit", **_since(unit, words)) for unit in found[:NAMED]])
    more = words("digest.unreachable_more", units=named) if len(found) > NAMED else named
    return [words("digest.unsigned", count=len(found), units=more)]


def _since(unit: Content, words: Words) -> Content:
    return {**unit, "since": words.day(date.fromisoformat(unit["since"]))}


def _unreachable(found: Any, words: Words) -> list[str]:
    lines = [words("digest.unreachable", count=len(found))]
    for unit in found[:NAMED]:
        days = unit.get("days_left", 0)
        left = words(
            "digest.left_days" if days > 0 else "digest.overdue_days" if days else "digest.left_today", days=abs(days)
        )
        why = words("digest.why." + unit["why"])
        lines.append(words("digest.unreached_unit", unit=unit["unit"], why=why, left=left, count=unit.get("owed", 0)))
    if len(found) > NAMED:
        lines.append(words("digest.unreached_more", count=len(found) - NAMED))
    return lines


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


def _reviews(waiting: Any, words: Words) -> list[str]:
    return [words("digest.reviews", count=waiting["count"], since=words.moment(waiting["since"]))]


def _missing(found: Any, words: Words) -> list[str]:
    named = words.joined([f"{unit['unit']}{missing_due(unit, words)}" for unit in found[:NAMED]])
    if len(found) > NAMED:
        named = words("digest.unreachable_more", units=named)
    return [words("digest.missing", count=len(found), units=named)]


def _no_bot(units: Any, words: Words) -> list[str]:
    return [words("digest.no_bot", count=len(units), units=words.joined(units))]


def _changes(changes: Any, words: Words) -> list[str]:
    return [words("digest.handed_over" if change["successor"] else "digest.left", **change) for change in changes]


SECTIONS: dict[str, Callable[[Any, Words], list[str]]] = {  # the digest's parts, as office.looking.digesting names them
    "closed": summing_up.closed,
    "week": summing_up.week,
    "promised": summing_up.promised,
    "today": summing_up.today,
    "new": _new,
    "overdue": _digest_overdue,
    "soon": _soon,
    "reviews": _reviews,
    "corrections": _corrections,
    "unsigned": _unsigned,
    "extensions": requesting.extensions,
    "completions": requesting.completions,
    "closed_out": requesting.closed_out,
    "slips_proposed": slips.proposed,
    "slips_unsigned": slips.unsigned,
    "slips_past": slips.past_limit,
    "measures": inspecting.measures,
    "measures_answered": inspecting.measures_answered,
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
    "mail": summing_up.mail,
}

WORDINGS: dict[str, Wording] = {
    "nudge": _nudge,
    "plan_nudge": _plan_nudge,
    "digest": _digest,
    "leader_digest": _leader_digest,
    "group_digest": _digest,
}
