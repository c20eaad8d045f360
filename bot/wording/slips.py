"""Words for supervision slips (督查单)."""

from datetime import date
from typing import Any

from bot.wording.common import Content, Wording, short
from bot.words import Words

NAMED = 8  # in one line of the digest


def _slips(content: Content, words: Words) -> str:
    proposed, open_ = content["totals"]
    lines = [words("slips.none")] if not proposed and not open_ else [words("slips.title", open=open_)]
    if proposed:
        lines += ["", words("slips.proposed", count=proposed)]
        lines += [words("slips.proposal", **_values(item, words)) for item in content["proposed"]]
    if open_:
        lines.append("")
    for item in content["open"]:
        lines += [words("slips.open", **_values(item, words)), words("slips.state", state=_state(item, words))]
    how = ["", words("slips.how")] if content["issues"] else []
    return "\n".join([*lines, *how])


def _shown(content: Content, words: Words) -> str:
    return "\n".join([*_body(content, words), words("slip.state", state=_state(content, words))])


def _preview(content: Content, words: Words) -> str:
    lines = [words("slip_preview.again")] if content["again"] else []
    lines += [words("slip_preview.long")] if content["long"] else []
    lines += [words("slip_preview", grade=_grade(content, words)), *_facts(content, words)]
    lines.append(words("slip_preview.to", names=_people(content["people"], words)))
    return "\n".join([*lines, *_missing(content, words), "", words("slip_preview.how")])


def _issued(content: Content, words: Words) -> str:
    lines = [
        words("slip_issued", reference=content["reference"], grade=_grade(content, words), **_task(content, words))
    ]
    if content["told"]:
        lines.append(words("slip_issued.told", names=_people(content["told"], words)))
    return "\n".join([*lines, *_missing(content, words), words("slip_issued.how", limit=_limit(content, words))])


def _refused(content: Content, words: Words) -> str:
    why = content["why"]
    if why == "unit":
        near = words("slip_refused.near", names=words.joined(content["near"])) if content["near"] else ""
        return words("slip_refused.unit", name=content["name"], near=near)
    if why == "nothing":
        return words("slip_refused.nothing", name=content["name"], no=content["no"])
    running = content.get("running")
    if running is None:
        return words(f"slip_refused.{why}")
    values = {"reference": running["reference"], "grade": _grade(running, words), "limit": _limit(running, words)}
    return words(f"slip_refused.{why}", **values)


def _declined(content: Content, words: Words) -> str:
    return words("slip_declined", grade=_grade(content, words), **_task(content, words))


def _close(content: Content, words: Words) -> str:
    again = [words("slip_close.again")] if content["again"] else []
    return "\n".join([*again, words("slip_close", reference=content["reference"], **_task(content, words))])


def _closed(content: Content, words: Words) -> str:
    values = {"reference": content["reference"], "why": _why(content, words), **_task(content, words)}
    return words("slip_closed", **values)


def _signed(content: Content, words: Words) -> str:
    lines = [
        words("slip_signed", reference=item["reference"], limit=_limit(item, words), **_task(item, words))
        for item in content["slips"]
    ]
    return "\n".join(lines)


def _slip(content: Content, words: Words) -> str:
    how = "slip.how_sign" if content["role"] in ("liaison", "head", "leader") else "slip.how_copy"
    return "\n".join([*_body(content, words), "", words(how)])


def _body(content: Content, words: Words) -> list[str]:
    title = words("slip.title", reference=content["reference"], grade=_grade(content, words))
    return [title, *_facts(content, words)]


def _facts(content: Content, words: Words) -> list[str]:
    """Say what a slip is about: the matter, what is known, what is asked for, until when."""
    task = content["tasks"][0]
    due = words.due_day(task["due_at"])
    lines = [
        words("slip.matter", **_task(content, words)),
        words("slip.facts", due=due, days=content["days"]),
    ]
    if content["reminded"]:
        days = words.joined([words.day(date.fromisoformat(day)) for day in content["reminded"]])
        lines.append(words("slip.reminded", count=len(content["reminded"]), days=days))
    if content["before"]:
        lines.append(words("slip.before", reference=content["before"]))
    requirement = content["requirement"]
    return [*lines, words("slip.requirement", text=requirement), words("slip.limit", limit=_limit(content, words))]


def _state(item: Content, words: Words) -> str:
    if item["state"] == "closed":
        return words("slips.closed", why=_why(item, words))
    limit = words("slips.past" if item["is_past"] else "slips.until", limit=_limit(item, words))
    if item["unsigned"]:
        return limit + words("slips.unsigned", names=words.joined(item["unsigned"]))
    return limit + (words("slips.signed") if item["signed"] else "")


def _why(item: Content, words: Words) -> str:
    return words(f"slip_end.{item['closed_for']}", reason=item["reason"] or "")


def _values(item: Content, words: Words) -> Content:
    reference = item["reference"] or ""
    return {**_task(item, words), "grade": _grade(item, words), "days": item["days"], "reference": reference}


def _task(content: Content, words: Words) -> Content:
    task = content["tasks"][0]
    name = short(task["name"], 20).rstrip("。")
    return {"unit": task["unit"], "no": task["no"], "name": name, "period": words.period(task["period"])}


def _grade(content: Content, words: Words) -> str:
    return words(f"slip_colour.{content['colour']}")


def _limit(content: Content, words: Words) -> str:
    return words.day(date.fromisoformat(content["limit_on"]))


def _people(found: list[Content], words: Words) -> str:
    named = [words("slip.person", name=each["name"], role=words(f"slip_role.{each['role']}")) for each in found]
    return words.joined(named) if named else words("slip.nobody")


def _missing(content: Content, words: Words) -> list[str]:
    if not content["missing"]:
        return []
    named = [
        words("slip.unreached", name=each["name"])
        if each["name"]
        else words("slip.unregistered", role=words(f"slip_role.{each['role']}"))
        for each in content["missing"]
    ]
    return [words("slip.missing", names=words.joined(named))]


def label(action: Content, words: Words) -> str:
    """Label a button of a slip: by itself, or with which one where several are listed."""
    do = action["do"]
    if do == "draft_slip":
        grade = words(f"slip_colour.{action['colour']}")
        return words("button.draft_slip", grade=grade, unit=action["unit"], no=action["no"])
    if "of" in action:
        return words("button.sign_slip_of", reference=action["of"])
    return words(f"button.{do}")


def proposed(found: Any, words: Words) -> list[str]:
    """Word the digest's line on proposed slips."""
    named = [
        words("digest.slip_of", grade=_grade(item, words), unit=item["unit"], no=item["no"]) for item in found["slips"]
    ]
    joined = words.joined(named)
    if found["count"] > len(named):
        joined = words("digest.unreachable_more", units=joined)
    return [words("digest.slips_proposed", count=found["count"], names=joined)]


def unsigned(found: Any, words: Words) -> list[str]:
    """Word the digest's line on slips that somebody has not signed for."""
    named = [
        words(
            "digest.slip_unsigned", reference=item["reference"], unit=item["unit"], names=words.joined(item["unsigned"])
        )
        for item in found
    ]
    return [words("digest.slips_unsigned", count=len(found), names=_several(named, words))]


def past_limit(found: Any, words: Words) -> list[str]:
    """Word the digest's line on slips whose limit has passed."""
    named = [words("digest.slip_past", reference=item["reference"], unit=item["unit"]) for item in found]
    return [words("digest.slips_past", count=len(found), names=_several(named, words))]


def _several(named: list[str], words: Words) -> str:
    joined = words.joined(named[:NAMED])
    return words("digest.unreachable_more", units=joined) if len(named) > NAMED else joined


WORDINGS: dict[str, Wording] = {
    "slips": _slips,
    "slip_shown": _shown,
    "slip_preview": _preview,
    "slip_issued": _issued,
    "slip_refused": _refused,
    "slip_declined": _declined,
    "slip_close": _close,
    "slip_closed": _closed,
    "slip_signed": _signed,
    "slip": _slip,
}
