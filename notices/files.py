"""Any file an office publishes a notice in, or corrects one in: which format is it, and what does it say?"""

import zipfile
from io import BytesIO

from notices.plan import Plan
from notices.read import read_notice
from notices.workbook import MARK, cells_of, read_workbook, with_periods
from rules.workdays import WorkCalendar


def read_plan(data: bytes, *, name: str, calendar: WorkCalendar, override_secrecy: bool = False) -> Plan:
    """Read a notice, or the workbook one was corrected in; `name` is the file's, only used in messages.

    Raises: NoticeError.
    """
    if _is_workbook(data):
        return with_periods(read_workbook(cells_of(data)), calendar)
    return Plan(read_notice(data, name=name, calendar=calendar, override_secrecy=override_secrecy))


def _is_workbook(data: bytes) -> bool:
    try:
        return f'name="{MARK}"'.encode() in zipfile.ZipFile(BytesIO(data)).read("docProps/custom.xml")
    except (zipfile.BadZipFile, KeyError):
        return False
