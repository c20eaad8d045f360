"""Which leader or unit a heading puts over the items below it (×区长牵头重点工作, ×局牵头工作（8项）)."""

from __future__ import annotations

import re
from typing import Final

from notices.block import Duty
from notices.outline import STYLES
from notices.page import squeeze
from notices.people import name_in_post
from notices.units import is_complete, is_group, is_unit, split_units

_COUNT: Final = re.compile(
    r"[（(]\s*(?:共|计)?\s*[0-9一二三四五六七八九十]{1,3}\s*[项件条个]\s*(?:任务|工作)?[）)]\s*[:：]?$"
)
_DIGIT: Final = re.compile(r"[0-9]")
_GROUP: Final = re.compile(
    r"(?:由)?(?P<who>.{2,60}?)(?:同志)?(?:负责)?(?P<verb>牵头|主办|主责|领衔|领办|分管|包抓|挂帅|负责|承办|承担|责任)"
    r"(?:负责|落实|抓总|推进|办理|领办|实施|包保|督办)*(?:的)?(?:重点|主要|年度|具体|目标)*(?:工作|任务|事项|项目|实事)*$"
)
_LABELLED: Final = re.compile(
    r"(?P<label>牵头(?:责任)?单位|主办单位|责任单位|牵头部门|责任部门|牵头领导|责任领导|分管领导|包保领导)\s*[:：]\s*(?P<who>.{2,60})"
)


def duty_of_heading(heading: str) -> Duty:
    """Read a heading; an empty duty if it names nobody."""
    words = _COUNT.sub("", _unnumbered(squeeze(heading))).rstrip("：:。")
    found = _LABELLED.fullmatch(words) or _GROUP.fullmatch(words)
    if found:
        return _duty(found["who"], found.groupdict().get("label") or found.groupdict().get("verb") or "")
    return _duty(words, "")


def _unnumbered(words: str) -> str:
    for style in STYLES:
        found = style.match(words)
        if found:
            return words[found.end() :]
    return words


def _duty(who: str, verb: str) -> Duty:
    units = split_units(who)
    named = is_unit if verb else is_complete
    if units and not _DIGIT.search(who) and all(named(name) or (verb and is_group(name)) for name in units):
        return Duty(lead=units) if verb.startswith(("牵头", "主办", "主责", "领")) else Duty(shared=units)
    person = name_in_post(who, bare=bool(verb))
    if not person:
        return Duty()
    return Duty(leaders=person, leader_label=verb if verb.endswith("领导") else None)
