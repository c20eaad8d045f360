"""A notice adopted by mistake is taken back (撤回立项), as long as no unit was told of its tasks."""

from typing import Any

from office.auditing import record
from office.notice.differences import Revision, Wanted
from office.notice.editing import EditError
from office.notice.revising import Decided, write_revision
from office.work import Work
from storage import ledger, standing
from storage.standing import Standing, StandingNotice
from storage.states import OWED, Waiver

Values = dict[str, Any]  # notice (its number), reason


def hold(work: Work, values: Values) -> None:
    """Keep other writers off the notice."""
    standing.lock_notice(work.tx, values["notice"])


def look(work: Work, values: Values) -> Values:
    """Tell what taking an adoption back would do.

    Raises: EditError where there is no such notice, or its tasks went out already.
    """
    notice = _notice(work, values["notice"])
    counts = ledger.counts_of(work.tx, notice.id)
    return {"notice": notice.id, "title": notice.title, **counts, "reason": values["reason"]}


def withdraw_notice(work: Work, values: Values, by: int | None) -> None:
    """Take an adoption back: its tasks are withdrawn, its periods end, nothing is owed; its file may be adopted anew."""
    notice = _notice(work, values["notice"])
    stands = standing.load(work.tx, notice.id)
    write_revision(work, notice.id, Decided(stands, _nothing(stands), _everything_ends(stands)))
    freed = f"withdrawn:{notice.id}:{notice.source_hash}"  # hashes are unique, and the file may come again
    ledger.change_notice(work.tx, notice.id, withdrawn_at=work.at, source_hash=freed)
    record(work, "withdraw_notice", f"notice:{notice.id}", by, title=notice.title, reason=values["reason"])


def _notice(work: Work, number: int) -> StandingNotice:
    known = standing.notices(work.tx)
    found = next((each for each in known if each.id == number), None)
    if found is None:
        there_are = "；".join(f"{each.id} {each.title}" for each in known) or "none"
        raise EditError("no_notice", f"there is no notice {number}; there are: {there_are}")
    if standing.is_told_of(work.tx, number):
        raise EditError(
            "pushed",
            f"the tasks of notice {number} went out to their units already; adopt a corrected file instead, "
            "or cancel single tasks with `duban task cancel`",
        )
    return found


def _nothing(stands: Standing) -> Wanted:
    return Wanted(stands.fields, (), (), frozenset(), is_whole=True)


def _everything_ends(stands: Standing) -> Revision:
    return Revision(
        kept_tasks=[],
        withdrawn=[task for task in stands.tasks if task.status == "open"],
        ended_parts=[part.id for part in stands.parts if part.ended_at is None],
        ended_periods=[period for period in stands.periods if period.ended_at is None],
        waived={each.id: Waiver.WITHDRAWN for each in stands.obligations if each.state in OWED},
    )
