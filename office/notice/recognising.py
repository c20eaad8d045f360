"""Which adopted notice does a file hold: none yet, one that it corrects, or the very file that one is from?"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from notices.notice import Notice
from office.notice.differences import WantedTask, match_tasks
from office.work import OfficeError, Work
from storage import standing
from storage.standing import StandingNotice

ALIKE = 50  # per cent of a task's text (rapidfuzz, Indel): unrelated tasks lie far below, reworded ones above
BRACKETS = str.maketrans("〔〕[]【】", "()()()")


class How(StrEnum):
    """What adopting a file comes to."""

    NEW = "new"
    UPDATE = "update"
    SAME = "same"  # the file the notice is from
    EARLIER = "earlier"  # a file that the notice was from, before it was corrected


@dataclass(frozen=True, slots=True)
class Meant:
    """The notice a file is for, where there is one."""

    how: How
    notice: StandingNotice | None = None


class UnlikeError(OfficeError):
    """A file that seems to update a notice has too little in common with it; a person must say which it is."""

    def __init__(self, notice_id: int, title: str, *, alike: int, tasks: int) -> None:
        super().__init__(
            f"this file seems to be notice {notice_id} “{title}” issued again, but only {alike} of its {tasks} tasks "
            f"are alike; give --updates {notice_id} to update it all the same, or --as-new to adopt another notice"
        )
        self.notice_id, self.title, self.alike, self.tasks = notice_id, title, alike, tasks


def recognise(
    work: Work,
    notice: Notice,
    tasks: Sequence[WantedTask],
    *,
    source_hash: str,
    updates: int | None = None,
    as_new: bool = False,
) -> Meant:
    """Find the notice a file is for: the one named by `updates`, else by the file itself, its number, or its title.

    Raises: OfficeError where `updates` names no notice, or the file is another notice's; UnlikeError where what is
    found, and was not named, shares less than half of its tasks.
    """
    known = standing.notices(work.tx)
    same = next((each for each in known if each.source_hash == source_hash), None)
    if updates is not None:
        return _named(known, updates, same)
    if same is not None:
        return Meant(How.SAME, same)
    if as_new:
        return Meant(How.NEW)
    earlier = [each for each in known if source_hash in (source for source, _ in each.sources)]
    if earlier:
        return Meant(How.EARLIER, earlier[-1])
    found = _found(known, notice)
    if found is None:
        return Meant(How.NEW)
    _require_alike(work, found, tasks)
    return Meant(How.UPDATE, found)


def _named(known: Sequence[StandingNotice], updates: int, same: StandingNotice | None) -> Meant:
    named = next((each for each in known if each.id == updates), None)
    if named is None:
        there_are = "；".join(f"{each.id} {each.title}" for each in known) or "none"
        raise OfficeError(f"there is no notice {updates}; there are: {there_are}")
    if same is not None and same.id != updates:
        raise OfficeError(f"this very file stands as notice {same.id} “{same.title}”; notice {updates} is another")
    return Meant(How.SAME if same is not None else How.UPDATE, named)


def _found(known: Sequence[StandingNotice], notice: Notice) -> StandingNotice | None:
    """Give the last notice of the same issuer and document number, else of the same title and plan year."""
    number = (_plain(notice.issuer), _plain(notice.document_number))
    title = (_plain(notice.title), notice.plan_year)
    numbered = [each for each in known if number[1] and (_plain(each.issuer), _plain(each.document_number)) == number]
    titled = [each for each in known if (_plain(each.title), each.plan_year) == title]
    return next(iter([*reversed(numbered), *reversed(titled)]), None)


def _plain(text: str | None) -> str:
    """Give a printed name without layout spaces, half width, its brackets round."""
    return "".join(unicodedata.normalize("NFKC", text or "").translate(BRACKETS).split())


def _require_alike(work: Work, found: StandingNotice, tasks: Sequence[WantedTask]) -> None:
    own = [task for task in standing.load(work.tx, found.id).tasks if task.status == "open"]
    pairs = zip(tasks, match_tasks(own, tasks), strict=True)
    alike = sum(old is not None and fuzz.ratio(old.text, new.text) >= ALIKE for new, old in pairs)
    if 2 * alike < len(own):
        raise UnlikeError(found.id, found.title, alike=alike, tasks=len(own))
