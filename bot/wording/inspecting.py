"""Words for on-site inspections (现场督查) and what units put right (整改)."""

from datetime import date
from typing import Any

from bot.wording.common import Content, Wording, short
from bot.words import Words

LONG_TEXT = 1500  # characters of what a person wrote
LINE = 40  # of it where several are listed
SHOWN = 8


def _inspect(content: Content, words: Words) -> str:
    again = content["again"]
    lines = [_again(again, words)] if again else []
    step = content["step"]
    if step != "confirm":
        return "\n".join([*lines, words(f"inspect.{step}")])
    told = "" if content["announced"] is None else words(f"inspect.{'told' if content['announced'] else 'untold'}")
    lines.append(words("inspect.confirm"))
    lines.append(words("inspect.plan", day=_day(content, words), units=words.joined(content["units"])))
    lines.append(words("inspect.scope", tasks=_numbers(content["tasks"], words)) + told)
    return "\n".join([*lines, words("inspect.confirm_how")])


def _again(again: Content, words: Words) -> str:
    near = words("slip_refused.near", names=words.joined(again["near"])) if again.get("near") else ""
    return words(f"inspect.again_{again['why']}", word=again.get("word", ""), near=near, no=again.get("no", ""))


def _inspections(content: Content, words: Words) -> str:
    if not content["total"] and not content["total_measures"]:
        lines = [words("inspections.none")]
    else:
        lines = [words("inspections.title", total=content["total"], measures=content["total_measures"])]
    for item in content["items"]:
        lines.append(words("inspections.item", no=item["inspection"], day=_day(item, words), units=_parts(item, words)))
    lines += [words("inspections.measure", **_measure(item, words)) for item in content["measures"]]
    how = ["", words("inspections.how")] if content["inspects"] else []
    return "\n".join([*lines, *how])


def _inspection(content: Content, words: Words) -> str:
    lines = [_title(content, words), words(f"inspection_state.{content['state']}")]
    if content["findings"]:
        lines.append(words("inspection.findings"))
    lines += [words("inspection.finding", text=short(text, 120)) for text in content["findings"][-SHOWN:]]
    if content["files"]:
        lines.append(words("inspection.files", count=content["files"]))
    return "\n".join([*lines, *(words("inspections.measure", **_measure(item, words)) for item in content["items"])])


def _planned(content: Content, words: Words) -> str:
    told = "inspection_planned.told" if content["announced"] else "inspection_planned.untold"
    return "\n".join([words("inspection_planned", title=_title(content, words)), words(told)])


def _notice(content: Content, words: Words) -> str:
    return words("inspection_notice", unit=content["parts"][0]["unit"], **_values(content, words))


def _off(content: Content, words: Words) -> str:
    return words("inspection_off", unit=content["parts"][0]["unit"], **_values(content, words))


def _today(content: Content, words: Words) -> str:
    return words("inspection_today", title=_title(content, words))


def _noted(content: Content, words: Words) -> str:
    head = words("inspection_noted.begun" if content["begun"] else "inspection_noted", title=_title(content, words))
    if content["begun"]:
        return head
    counts = {"texts": len(content["findings"]), "files": content["files"]}
    return "\n".join([head, words("inspection_noted.counts", **counts)])


def _refused(content: Content, words: Words) -> str:
    return words(f"inspection_refused.{content['why']}")


def _ended(content: Content, words: Words) -> str:
    state = words(f"inspection_state.{content['state']}")
    return words("inspection_ended", title=_title(content, words), state=state)


def _file(content: Content, words: Words) -> str:
    if content["needs_text"] is None:
        return words("field_file.sent", place=content["place"], total=content["total"])
    return words("field_file.needs_text" if content["needs_text"] else "field_file.kept", no=content["measure"])


def _edited(content: Content, words: Words) -> str:
    return words("field_edited" if content["done"] else "field_edited.closed")


def _measure_form(content: Content, words: Words) -> str:
    again = [words(f"measure_form.again_{content['again']}")] if content["again"] else []
    step = content["step"]
    if step != "measure_confirm":
        return "\n".join([*again, words(f"measure_form.{step}", unit=content["unit"] or "")])
    values = {"unit": content["unit"], "due": words.day(date.fromisoformat(content["due_on"]), year=True)}
    return "\n".join([*again, words("measure_form.measure_confirm", text=content["text"], **values)])


def _measure_made(content: Content, words: Words) -> str:
    return words("measure_made", **_measure(content, words))


def _told(content: Content, words: Words) -> str:
    how = ["measure.how"] if content["role"] == "liaison" else ["measure.how_head"]
    values = {**_measure(content, words), "text": content["text"][:LONG_TEXT], "day": _day(content, words)}
    return "\n".join([words("measure", **values), *(words(name, no=content["measure"]) for name in how)])


def _nudge(content: Content, words: Words) -> str:
    lines = [words("measure_nudge")]
    lines += [words("inspections.measure", **_measure(item, words)) for item in content["measures"]]
    return "\n".join([*lines, words("measure.how", no=content["measures"][0]["measure"])])


def _rectify(content: Content, words: Words) -> str:
    return words("rectify", **{**_measure(content, words), "text": content["text"][:LONG_TEXT]})


def _rectified(content: Content, words: Words) -> str:
    return words("rectified", **_measure(content, words))


def _answered(content: Content, words: Words) -> str:
    lines = [words("measure_answered", by=content["by"], **_measure(content, words))]
    lines.append(words("measure_answered.said", text=content["said"][:LONG_TEXT]))
    if content["files"]:
        lines.append(words("inspection.files", count=content["files"]))
    return "\n".join([*lines, words("measure_answered.how", no=content["measure"])])


def _decided(content: Content, words: Words) -> str:
    values = {**_measure(content, words), "reason": content["reason"] or ""}
    if not content["mine"]:
        return words("measure_decided.before", by=content["decided_by"] or "", **values)
    return words("measure_decided.passed" if content["passed"] else "measure_decided.returned", **values)


def _result(content: Content, words: Words) -> str:
    name = "measure_result.passed" if content["passed"] else "measure_result.returned"
    return words(name, **_measure(content, words), reason=content["reason"] or "")


def _return(content: Content, words: Words) -> str:
    again = [words("return_measure.again")] if content["again"] else []
    return "\n".join([*again, words("return_measure", **_measure(content, words))])


def _title(content: Content, words: Words) -> str:
    told = words("inspections.untold") if not content["announced"] else ""
    values = {"no": content["inspection"], "day": _day(content, words), "units": _parts(content, words)}
    return words("inspection", **values) + told


def _values(content: Content, words: Words) -> Content:
    tasks = _numbers(content["parts"][0]["tasks"], words)
    return {"day": _day(content, words), "tasks": tasks, "reason": content["reason"] or ""}


def _parts(content: Content, words: Words) -> str:
    named = [
        words("inspections.part", unit=part["unit"], tasks=_numbers(part["tasks"], words)) for part in content["parts"]
    ]
    return words.joined(named)


def _numbers(tasks: list[int], words: Words) -> str:
    return (
        words("inspections.tasks", numbers=words.joined([str(no) for no in tasks]))
        if tasks
        else words("inspections.whole")
    )


def _day(content: Content, words: Words) -> str:
    read = date.fromisoformat(content["day"])
    return words("day_week", day=words.day(read), week=words(f"week.{read.isoweekday()}"))


def _measure(item: Content, words: Words) -> Content:
    due = words.day(date.fromisoformat(item["due_on"]))
    if item["state"] == "open" and item["days"]:
        state = words("measure_state.late", days=item["days"])
    else:
        state = words(f"measure_state.{item['state']}")
    return {"no": item["measure"], "unit": item["unit"], "text": short(item["text"], LINE), "due": due, "state": state}


def overdue_measures(found: list[Content], words: Words) -> list[str]:
    """Word the measures that /overdue lists after the reports."""
    if not found:
        return []
    lines = ["", words("overdue.measures", count=len(found))]
    for item in found[:SHOWN]:
        lines.append(words("inspections.measure", **_measure(item, words)))
        if item["liaison"] is not None:
            reach = "" if item["reachable"] else words("overdue.unreached")
            lines.append(words("overdue.contact", liaison=item["liaison"], reach=reach, last=""))
    return [*lines, *([words("overdue.more", count=len(found) - SHOWN)] if len(found) > SHOWN else [])]


def label(action: Content, words: Words) -> str:
    """Label a button of an inspection or a measure."""
    if "label" in action:
        return words(f"button.{action['label']}")
    if "name" in action:
        return str(action["name"])
    if "of" in action:
        return words("button.rectify_of", no=action["of"])
    return words(f"button.{action['do']}")


def measures(found: Any, words: Words) -> list[str]:
    """Word the digest's line on what units should have put right."""
    named = [
        words("digest.measure", no=item["measure"], unit=item["unit"], days=item["days"]) for item in found[:SHOWN]
    ]
    return [words("digest.measures", count=len(found), names=words.joined(named))]


def measures_answered(found: Any, words: Words) -> list[str]:
    """Word the digest's line on answers that wait for a supervisor."""
    return [
        words("digest.measures_answered", count=len(found), numbers=words.joined([str(no) for no in found[:SHOWN]]))
    ]


WORDINGS: dict[str, Wording] = {
    "inspect": _inspect,
    "inspections": _inspections,
    "inspection": _inspection,
    "inspection_planned": _planned,
    "inspection_notice": _notice,
    "inspection_off": _off,
    "inspection_today": _today,
    "inspection_noted": _noted,
    "inspection_refused": _refused,
    "inspection_ended": _ended,
    "field_file": _file,
    "field_edited": _edited,
    "measure_form": _measure_form,
    "measure_made": _measure_made,
    "measure": _told,
    "measure_nudge": _nudge,
    "rectify": _rectify,
    "rectified": _rectified,
    "measure_answered": _answered,
    "measure_decided": _decided,
    "measure_result": _result,
    "return_measure": _return,
}
