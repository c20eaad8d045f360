"""Who does what where verbs say it and no label: A牵头，B配合; A、B按职责分工负责; A等负责."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from notices.block import Duty
from notices.units import is_group, is_unit, split_units

_WITH: Final = r"(?:负责|落实|组织|实施|推进|抓总|办理|抓好|做好|工作|责任)*"
_HOW: Final = r"(?:共同|分别|联合|具体|分头|密切|积极|全力|协调|统一|主要)*"
_VERB: Final = re.compile(
    rf"(?P<lead>{_HOW}(?:牵头|主办|主责|主抓|领办){_WITH})"
    rf"|(?P<support>{_HOW}(?:配合|协办|协同|协助|参与|支持|协作){_WITH})"
    rf"|(?P<owner>{_HOW}(?:(?:按照?|依据?|依照|根据)(?:各自|部门)?(?:职责|职能|分工)(?:分工)?|各负其责|各司其职){_HOW}{_WITH}|{_HOW}(?:负责|承办|落实|承担|实施){_WITH})"
)
_ENDS: Final = re.compile(r"(?=[，,；;。、\s]|$)")
_DONE: Final = re.compile(
    r"(?:于|在)?((?:20[0-9]{2}年)?[^，,；;。]{2,16}?前?)(?:办结|完成|建成|见效|落实到位)"
    r"|((?:20[0-9]{2}年)?[^，,；;。]{1,10}(?:[前底末内]|日)|长期(?:坚持)?|持续推进|全年(?:推进)?)"
)
_OPEN_END: Final = re.compile(r"等(?:有关|相关)?(?:部门|单位|部门单位|部门和单位|镇街)?$")
_LONGEST: Final = 600


def read_verbs(words: str) -> Duty | None:
    """Read the words of a parenthesis or a line; None if they are not names with verbs throughout."""
    if len(words) > _LONGEST:
        return None
    names: dict[str, list[str]] = {"lead": [], "support": [], "owner": []}
    is_open = False
    at = 0
    for verb in _verbs(words):
        piece = words[at : verb.start()].strip("，,；;。、 由")
        bare = _OPEN_END.sub("", piece)
        is_open |= bare != piece
        first, together, others = bare.partition("会同")
        if together and verb.lastgroup != "support":
            names["lead"] += split_units(first)
            names["support"] += (units := split_units(others))
            if not _are_units((*split_units(first), *units)):
                return None
            at = verb.end()
            continue
        units = split_units(bare)
        if not units or not _are_units(units):
            return None
        names[str(verb.lastgroup)] += units
        at = verb.end()
    rest = words[at:].strip("。；;，, ")
    done = _DONE.fullmatch(rest)
    if not at or (rest and not done):
        return None
    duty = Duty(lead=tuple(names["lead"]), support=tuple(names["support"]), shared=tuple(names["owner"]))
    if done:
        duty = replace(duty, deadline=done[1] or done[2])
    return duty.guessed("open_list") if is_open else duty


def _verbs(words: str) -> list[re.Match[str]]:
    return [found for found in _VERB.finditer(words) if found.start() and _ENDS.match(words, found.end())]


def _are_units(names: tuple[str, ...]) -> bool:
    known = sum(is_unit(name) or is_group(name) for name in names)
    return all(len(name) <= 40 for name in names) and known * 2 >= len(names)
