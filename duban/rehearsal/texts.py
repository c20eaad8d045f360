"""What the rehearsal's liaisons write: made from the task itself, so that every notice gets fitting reports."""

import re

FIGURE = re.compile(r"\d+(?:\.\d+)?")
CLAUSE = re.compile(r"[，。；！？\n]")
STEPS = (
    "已组织专题会议研究并明确责任分工",
    "已完成现场踏勘和方案论证",
    "主要工作量按计划完成，质量安全情况良好",
    "已通过阶段验收，资料归档齐全",
)
LONG = "期间多次召开协调会，会同有关部门到现场解决用地、资金、施工等方面的具体问题，"


def good(task: str, share: float, step: int) -> str:
    """Write a report with a figure and a concrete step; `share` of the task's year is done (0..1)."""
    return f"{_subject(task)}：{STEPS[step % len(STEPS)]}，{_figure(task, share)}。下一步按月调度，确保全年任务完成。"


def too_long(task: str, share: float, step: int) -> str:
    """Write a report of well over 200 characters."""
    return good(task, share, step) + LONG * 6 + "群众反映总体较好。"


def hollow(_task: str, _share: float, _step: int) -> str:
    """Write nothing but a set phrase."""
    return "正在有序推进。"


def _subject(task: str) -> str:
    return CLAUSE.split(task)[0][:24] or "该项工作"


def _figure(task: str, share: float) -> str:
    found = FIGURE.search(task)
    if found is None:
        return f"累计完成年度工作量的{share:.0%}"
    done = float(found[0]) * share
    return f"年度目标{found[0]}，目前完成{done:.0f}，占{share:.0%}" if done >= 1 else f"累计完成{share:.0%}"
