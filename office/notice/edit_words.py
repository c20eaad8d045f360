"""What a supervisor writes of a task to put right is understood: 改由 区教体局 牵头 因…; 时限 9月30日 因…; 取消 因…"""

import re
import unicodedata
from typing import Any, NamedTuple

Fields = dict[str, Any]
ROLES = {
    "牵头": "lead",
    "主办": "lead",
    "负责": "owner",
    "责任": "owner",
    "承办": "owner",
    "配合": "support",
    "协办": "support",
    "协助": "support",
}
_ROLE = "|".join(ROLES)
NOTHING = {"无", "没有", "不填", "删去", "none"}
REASON = re.compile(r"[\s，,；;。]+(?=(?:因|由于|原因|理由|鉴于))")
SPLIT = re.compile(r"\s*(?://|／／|\n)\s*")
BETWEEN = re.compile(r"[\s、，,；;]+")
UNIT = re.compile(rf"由?(.*?)(?:(?:作为)?({_ROLE})(?:单位)?)?")
NEW_UNIT = re.compile(r"新单位[:：]?")


class Said(NamedTuple):
    """What a line says is to be done to a task: which operation, its fields."""

    op: str
    fields: Fields


LINES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("cancel", re.compile(r"(?:取消|撤销|删除)(?:该项|这项|此项)?(?:任务)?()")),
    ("split", re.compile(r"拆分(?:为|成)?[\s:：]*(.*)", re.DOTALL)),
    ("text", re.compile(r"(?:任务)?(?:内容|正文)(?:改为|改成)?[\s:：]*(.*)", re.DOTALL)),
    ("leaders", re.compile(r"(?:牵头|分管)?领导(?:改为|改成)?[\s:：]*(.*)", re.DOTALL)),
    ("deadline", re.compile(r"(?:完成)?(?:时限|期限)(?:改为|改成|改到)?[\s:：]*(.*)", re.DOTALL)),
    ("join", re.compile(r"(?:增加|加上|增列)(?:单位)?[\s:：]*(.*)", re.DOTALL)),
    ("drop", re.compile(r"(?:去掉|减去|减少|不再由)(?:单位)?[\s:：]*(.*)", re.DOTALL)),
    ("units", re.compile(r"(?:改由|改为由|单位改为|责任单位改为|(?:责任)?单位)[\s:：]*(.*)", re.DOTALL)),
)


def split_reason(words: str) -> tuple[str, str | None]:
    """Take the reason (因…, 由于…, 原因…) off the end of a line; gives the line and the reason, or None."""
    cuts = list(REASON.finditer(words))
    if not cuts and re.match(r"因|由于|原因|理由|鉴于", words):
        return "", plain_reason(words)
    if not cuts:
        return words.strip(), None
    line = words[: cuts[-1].end()].strip(" \t\n，,；;")  # a full stop before the reason is the text's own
    return line, plain_reason(words[cuts[-1].end() :])


def plain_reason(words: str) -> str:
    """Give a reason without the word that announces it."""
    return re.sub(r"^(?:原因|理由)(?:是)?[:：\s]*", "", words.strip()).strip()


def read_line(line: str) -> Said | None:
    """Read what is to be done to a task; a field that is not said is left out. None: the line says nothing of it."""
    for op, pattern in LINES:
        found = pattern.fullmatch(line.strip())
        if found is not None:
            said = found[1].strip()
            return Said(op, FIELDS[op](said) if said else {})
    return None


def read_units(words: str) -> Fields:
    """Read units and roles: 区教体局 牵头、区住建局 配合; a role counts for the names before it that have none."""
    units: list[list[str]] = []
    pending: list[str] = []
    is_new = False
    for token in BETWEEN.split(unicodedata.normalize("NFKC", words).strip(" 。.")):
        found = UNIT.fullmatch(NEW_UNIT.sub("", token))
        is_new = is_new or NEW_UNIT.search(token) is not None
        if found is None:
            continue
        pending += [found[1]] if found[1] else []
        if found[2]:
            units += [[name, ROLES[found[2]]] for name in pending]
            pending = []
    units += [[name, ""] for name in pending]
    return {"units": units, **({"new_units": True} if is_new else {})}


def read_leaders(words: str) -> Fields:
    """Read leaders' names; 无 for none."""
    said = words.strip(" 。.")
    return {"leaders": [] if said in NOTHING else [name for name in BETWEEN.split(said) if name]}


def read_deadline(words: str) -> Fields:
    """Read a task's deadline, as it is to stand; 无 for none."""
    said = words.strip(" 。.")
    return {"deadline": "" if said in NOTHING else said}


def read_parts(words: str) -> Fields:
    """Read the two texts that a task is split into, with // or a line's end between them."""
    texts = [text for text in SPLIT.split(words.strip()) if text]
    return dict(zip(("text", "second"), texts, strict=False)) if len(texts) <= 2 else {}


FIELDS: dict[str, Any] = {
    "cancel": lambda _: {},
    "split": read_parts,
    "text": lambda words: {"text": words},
    "leaders": read_leaders,
    "deadline": read_deadline,
    "join": read_units,
    "drop": lambda words: {"dropped": [name for name, _ in read_units(words)["units"]]},
    "units": read_units,
}
