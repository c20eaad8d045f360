"""Who plays in a rehearsal, and how each of them is about reporting."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from duban.rehearsal import texts
from duban.rehearsal.botapi import User
from notices.notice import Notice, Task

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = ("文静", "志强", "晓燕", "建国", "雨桐", "海涛", "丽华", "明轩", "秀英", "俊杰", "思远", "佳宁", "立新", "春梅")
OWING = ("lead", "owner")


class Manner(StrEnum):
    """How a liaison is about reporting."""

    PROMPT = "按时报送"
    WORDY = "先超长、后改短"
    HOLLOW = "先写套话、后补实"
    FORGETFUL = "写了忘记提交"
    LATE = "逾期后才报"
    SILENT = "有一期漏报"
    ABSENT = "很晚才登记"
    BLOCKING = "一度停用机器人"


CAST = (  # units in the order of the notice take these in turn; after them everybody is prompt
    Manner.PROMPT,
    Manner.WORDY,
    Manner.HOLLOW,
    Manner.LATE,
    Manner.FORGETFUL,
    Manner.SILENT,
    Manner.ABSENT,
    Manner.BLOCKING,
)
Writer = Callable[[str, float, int], str]
WRITERS: dict[Manner, Writer] = {Manner.WORDY: texts.too_long, Manner.HOLLOW: texts.hollow}


@dataclass
class Liaison:
    """A unit's liaison in the play."""

    unit: str
    tasks: tuple[Task, ...]
    manner: Manner
    user: User
    code: str = ""
    is_registered: bool = False
    seat: int = 0
    missed: int = 0  # periods not reported yet, to be made up for

    def first_words(self, share: float, step: int) -> str:
        """Give what this liaison sends first for a period."""
        return self._written(WRITERS.get(self.manner, texts.good), share, step)

    def good_words(self, share: float, step: int) -> str:
        """Give a sound report on all tasks owed."""
        return self._written(texts.good, share, step)

    def _written(self, write: Writer, share: float, step: int) -> str:
        if len(self.tasks) == 1:
            return write(self.tasks[0].text, share, step)
        return "\n".join(f"{task.no}. {write(task.text, share, step + i)}" for i, task in enumerate(self.tasks))


def owing_tasks(notice: Notice) -> dict[str, tuple[Task, ...]]:
    """Give the tasks each unit reports on, units in the order they are met."""
    found: dict[str, list[Task]] = {}
    for task in notice.tasks:
        if task.list not in notice.reporting_lists:
            continue
        for owner in task.owners:
            if owner.role in OWING:
                found.setdefault(owner.name, []).append(task)
    return {unit: tuple(tasks) for unit, tasks in found.items()}


def manner_of(place: int) -> Manner:
    """Give the manner of the unit at this place: every second one is difficult until each manner had its part."""
    turn, rest = divmod(place, 2)
    return CAST[turn + 1] if rest and turn + 1 < len(CAST) else Manner.PROMPT


def full_name(seed: int) -> tuple[str, str]:
    """Make a fictional (surname, given name)."""
    chance = random.Random(seed)  # noqa: S311  # names for a play, no secret
    return chance.choice(SURNAMES), chance.choice(GIVEN)
