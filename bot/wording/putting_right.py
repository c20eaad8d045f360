"""Words for what the office puts right: tasks, due dates, wrong adoptions, roles; and for invites and who serves whom."""

from datetime import date
from typing import Any

from bot.wording.common import SHOWN, Content, Wording, short
from bot.wording.taking_in import change_line
from bot.words import Words

NAME = 40  # characters of a task
CHANGES = 8
NUMBERS = 12  # task numbers in one sentence


def _edit(content: Content, words: Words) -> str:
    step, now = content["step"], content["now"]
    lines = [words(f"edit.again_{content['again']}")] if content["again"] else []
    lines += [_wrong(content["wrong"], words)] if content["wrong"] else []
    if now is not None:
        lines += [words("edit.head", list=now["list"], no=now["no"], name=short(now["text"], NAME))]
    if step == "what":
        lines += _as_it_stands(now or {}, words)
    if step == "task" and content["tasks"]:
        lines.append(words("edit.which"))
        lines += [words("edit.item", **{**task, "name": short(task["name"])}) for task in content["tasks"]]
        return "\n".join(lines)
    name = f"edit.{step}_{content['op']}" if step == "text" and content["op"] in ("add", "split") else f"edit.{step}"
    lines.append(words(name))
    lines += [words("edit.notice_item", no=each["no"], title=short(each["title"], NAME)) for each in content["notices"]]
    return "\n".join(lines)


def _as_it_stands(now: Content, words: Words) -> list[str]:
    lines = []
    for role in ("lead", "owner", "support"):
        units = [each["unit"] for each in now.get("units", ()) if each["role"] == role]
        lines += [words(f"task.{role}", units=words.joined(units))] if units else []
    if now.get("leaders"):
        lines.append(words("tasks.leaders", label=words("role_name.leader"), names=words.joined(now["leaders"])))
    if now.get("deadline"):
        lines.append(words("task.deadline", deadline=now["deadline"]))
    return lines


def _wrong(wrong: Content, words: Words) -> str:
    near = words("put_right_refused.near", names=words.joined(wrong["near"])) if wrong.get("near") else ""
    return words(f"put_right_refused.{wrong['code']}", name=wrong.get("name", ""), near=near)


def _due(content: Content, words: Words) -> str:
    lines = [words(f"due.again_{content['again']}")] if content["again"] else []
    periods, step = content["periods"], content["step"]
    if step == "period":
        return "\n".join([*lines, words("due.period"), *_periods(content, words)])
    lines += _periods({**content, "several": False}, words) if len(periods) == 1 else []
    day = _day(content["until"], words) if content["until"] else ""
    return "\n".join([*lines, words(f"due.{step}", day=day)])


def _periods(content: Content, words: Words) -> list[str]:
    lines = []
    for place, each in enumerate(content["periods"], 1):
        line = words("due.item", period=words.period(each["period"]), due=words.day(date.fromisoformat(each["due"])))
        line = words("due.numbered", place=place, item=line) if content["step"] == "period" else line
        lines.append(words("due.of_notice", item=line, title=short(each["title"], 20)) if content["several"] else line)
    return lines


def _why(content: Content, words: Words) -> str:
    again = [words(f"edit.again_{content['again']}")] if content["again"] else []
    return "\n".join([*again, *EFFECTS[content["what"]](content["shown"], words), words("put_right_why")])


def _preview(content: Content, words: Words) -> str:
    lines = [words("put_right_preview.changed")] if content["has_changed"] else []
    lines += EFFECTS[content["what"]](content["shown"], words)
    reason = content["shown"]["reason"]
    return "\n".join([*lines, words("request.reason", text=reason), "", words("put_right_preview.ask")])


def _done(content: Content, words: Words) -> str:
    return words(f"put_right_done.{content['what']}", **DONE[content["what"]](content["shown"], words))


def _edit_effect(shown: Content, words: Words) -> list[str]:
    lines = [words(f"put_right.{shown['op']}", list=shown["list"], no=shown["no"], name=short(shown["name"], NAME))]
    changes = shown["changes"]
    lines += [words("preview.item", text=change_line(change, words)) for change in changes[:CHANGES]]
    lines += [words("preview.more_changes", count=len(changes) - CHANGES)] if len(changes) > CHANGES else []
    if shown["made"] or shown["waived"]:
        lines.append(words("put_right.obligations", made=shown["made"], waived=shown["waived"]))
    if shown["signers"]:
        lines.append(words("put_right.signers", units=words.joined(shown["signers"])))
    if shown["leavers"]:
        lines.append(words("put_right.leavers", units=words.joined(shown["leavers"])))
    if shown["left"]:
        lines.append(words("put_right.left", count=shown["left"]))
    return [*lines, *(_doubt(doubt, words) for doubt in shown["doubts"])]


def _doubt(doubt: Content, words: Words) -> str:
    near = words("put_right_refused.near", names=words.joined(doubt["near"])) if doubt["near"] else ""
    return words(f"put_right.doubt_{doubt['code']}", name=doubt["name"], near=near)


def _due_effect(shown: Content, words: Words) -> list[str]:
    before, after, first = (words.day(date.fromisoformat(shown[name])) for name in ("before", "after", "first"))
    lines = [words("put_right.due", period=words.period(shown["period"]), before=before, after=after)]
    lines.append(words("put_right.due_notice", title=short(shown["title"], NAME)))
    if shown["first"] != shown["before"]:
        lines.append(words("put_right.due_first", first=first))
    if shown["day_off"]:
        lines.append(words("request.day_off"))
    lines.append(words("put_right.due_count", count=shown["obligations"], units=shown["units"], told=shown["told"]))
    if shown["overdue"]:
        lines.append(words("put_right.due_overdue", count=shown["overdue"]))
    if shown["own"]:
        lines.append(words("put_right.due_own", count=shown["own"]))
    if shown["unreached"]:
        units = words.joined(shown["unreached"])
        more = shown["unreached_count"] > len(shown["unreached"])
        units = words("digest.unreachable_more", units=units) if more else units
        lines.append(words("put_right.due_unreached", count=shown["unreached_count"], units=units))
    return lines


def _unadopt_effect(shown: Content, words: Words) -> list[str]:
    return [words("put_right.unadopt", title=shown["title"]), words("put_right.unadopt_counts", **shown)]


def _end_role_effect(shown: Content, words: Words) -> list[str]:
    lines = [words("put_right.end_role", name=shown["name"], role=_role(shown, words))]
    if shown["is_last"]:
        lines.append(words("put_right.end_role_last", unit=shown["unit"]))
    if shown["drafts"]:
        lines.append(words("put_right.end_role_drafts", count=shown["drafts"]))
    return lines


def _role(content: Content, words: Words) -> str:
    return words(f"role_name.{content['role']}", unit=content["unit"] or "")


EFFECTS: dict[str, Any] = {
    "edit": _edit_effect,
    "due": _due_effect,
    "unadopt": _unadopt_effect,
    "end_role": _end_role_effect,
}
DONE: dict[str, Any] = {
    "edit": lambda shown, _words: {"list": shown["list"], "no": shown["no"]},
    "due": lambda shown, words: {
        "period": words.period(shown["period"]),
        "after": words.day(date.fromisoformat(shown["after"])),
        "told": shown["told"],
    },
    "unadopt": lambda shown, _words: {"title": shown["title"]},
    "end_role": lambda shown, words: {"name": shown["name"], "role": _role(shown, words)},
}


def _refused(content: Content, words: Words) -> str:
    return _wrong(content, words)


def _task_ended(content: Content, words: Words) -> str:
    values = {"list": content["list"], "no": content["no"], "name": short(content["name"], NAME)}
    units, now = words.joined(content["units"]), words.joined(content["now"])
    line = words("task_ended.reassigned" if now else "task_ended.cancelled", former=units, now=now, **values)
    lines = [line, words("request.reason", text=content["reason"])]
    if content["left"]:
        periods = words.joined([words.period(label) for label in content["left"]])
        lines.append(words("task_ended.left", periods=periods))
    return "\n".join([*lines, words("task_ended.how")])


def _due_moved(content: Content, words: Words) -> str:
    numbers = words.joined([str(no) for no in content["numbers"][:NUMBERS]])
    numbers = words("digest.unreachable_more", units=numbers) if len(content["numbers"]) > NUMBERS else numbers
    before, after = (words.day(date.fromisoformat(content[name])) for name in ("before", "after"))
    period = words.period(content["period"])
    lines = [words("due_moved", period=period, before=before, after=after, numbers=numbers)]
    lines.append(words("request.reason", text=content["reason"]))
    how = "overdue" if content["overdue"] else "how" if content["has_begun"] else "later"
    return "\n".join([*lines, words(f"due_moved.{how}")])


def _role_ended(content: Content, words: Words) -> str:
    return words("role_ended", office=content["office"], role=_role(content, words))


def _invite_how(content: Content, words: Words) -> str:
    return words("invite_how.admin" if content["may_appoint"] else "invite_how")


def _invite_made(content: Content, words: Words) -> str:
    role = words(f"role_name.{content['role']}", unit=content["unit"] or "")
    role = role if content["unit"] else words("invite_made.named", role=role, name=content["name"])
    link = [content["link"]] if content["link"] else []
    code = words("handover.code", code=content["code"], until=words.moment(content["until"]))
    return "\n".join([words("invite_made", role=role), *link, code, "", words("invite_made.how")])


def _people(content: Content, words: Words) -> str:
    if not content["total"]:
        return words("people.none", words=content["words"])
    lines = [words("people", total=content["total"])]
    for place, person in enumerate(content["people"], 1):
        role = words(f"role_name.{person['role']}", unit=person["unit"] or "")
        reach = "" if person["reach"] == "yes" else words("people.reach", why=words(f"digest.why.{person['reach']}"))
        lines.append(words("people.item", place=place, name=person["name"], role=role, reach=reach))
    if content["total"] > SHOWN:
        lines.append(words("people.more", count=content["total"] - SHOWN))
    return "\n".join([*lines, words("people.end_how" if content["endable"] else "people.how")])


def _day(day: str, words: Words) -> str:
    read = date.fromisoformat(day)
    return words("day_week", day=words.day(read, year=True), week=words(f"week.{read.isoweekday()}"))


WORDINGS: dict[str, Wording] = {
    "edit": _edit,
    "due": _due,
    "put_right_why": _why,
    "put_right_preview": _preview,
    "put_right_done": _done,
    "put_right_refused": _refused,
    "task_ended": _task_ended,
    "due_moved": _due_moved,
    "role_ended": _role_ended,
    "invite_how": _invite_how,
    "invite_made": _invite_made,
    "people": _people,
}
