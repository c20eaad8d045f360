"""How many reminders may a person still get until the next due day?"""

import sys
from collections.abc import Collection

from office.saying import Kind
from office.work import Work
from storage import nudges

CAPPED = (Kind.NUDGE, Kind.PLAN_NUDGE, Kind.SIGN_REMINDER)  # what can wait for the next message; tasks, answers cannot


def room_for(work: Work, person_ids: Collection[int]) -> dict[int, int]:
    """Count by person the reminders that may still be pushed to them; those since the last due day are used up.

    What does not go out any more is owed all the same, and stands in the next message.
    """
    most = work.policy.limits.messages_per_person_and_period
    if not most:
        return dict.fromkeys(person_ids, sys.maxsize)
    since = nudges.last_due(work.tx, until=work.at)
    used = nudges.pushed_since(work.tx, person_ids, CAPPED, since=since)
    return {person_id: max(most - used.get(person_id, 0), 0) for person_id in person_ids}
