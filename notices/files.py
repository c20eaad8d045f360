"""Any file an office publishes a notice in, or corrects one in: which format is it, and what does it say?"""

from notices.plan import Plan
from notices.read import read_notice
from rules.workdays import WorkCalendar


def read_plan(data: bytes, *, name: str, calendar: WorkCalendar, override_secrecy: bool = False) -> Plan:
    """Read a notice, or the workbook one was corrected in; `name` is the file's, only used in messages.

    Raises: NoticeError.
    """
    return Plan(read_notice(data, name=name, calendar=calendar, override_secrecy=override_secrecy))
