"""Before a message goes out: is it still true, and may its reader still have it? After: what became of it?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from office.auditing import record
from office.notice.assigning import ROOM, today
from office.notice.editing import has_no_part
from office.notice.moving_due import is_as_told
from office.register.forgetting import shown_request
from office.register.groups import note_removed
from office.register.inviting import BOT_NAME, invite_link
from office.reports.correcting import is_waiting
from office.reports.plans import still_missing
from office.requests.deciding import find_request, is_open
from office.rights import Right, may
from office.work import Work
from storage import contributions, groups, inspections, ledger, outbox, people, records, requests, slips
from storage.outbox import OutgoingMessage
from storage.people import KnownPerson
from storage.states import OWED, InspectionState, MeasureState, OutboxState, Reach, Role, SlipState


@dataclass(frozen=True, slots=True)
class Cancel:
    """That a message is not to be sent, and why."""

    reason: str


def still_true(work: Work, message: OutgoingMessage) -> dict[str, Any] | Cancel:
    """Give what is still true of a message that nobody asked for, or the reason to drop it."""
    if message.chat_id < 0 and (gone := _group_gone(work, message)) is not None:
        return gone
    if message.person_id is not None and message.kind not in CHECKS:
        lost = people.has_lost_role(work.tx, message.person_id, since=message.judged_at)
        return Cancel("the recipient lost a role since it was said") if lost else message.content
    check = CHECKS.get(message.kind)
    if check is None:
        return message.content
    person = people.who_is(work.tx, message.chat_id)
    if person is None:
        return Cancel("the recipient is not registered any more")
    return check(work, message, person)


def note_undeliverable(work: Work, message_id: int, chat_id: int, reach: Reach | None, reason: str) -> None:
    """Note that a message cannot reach its reader; the supervisors' digest names the unit."""
    outbox.end(work.tx, message_id, OutboxState.UNDELIVERABLE, reason)
    if reach is not None and chat_id < 0:
        note_removed(work, chat_id)
    if reach is not None and people.set_reach(work.tx, chat_id, reach):
        person = people.who_is(work.tx, chat_id)
        subject = f"person:{person.id}" if person is not None else f"message:{message_id}"
        record(work, "unreachable", subject, None, reach=reach, message=message_id)


def _group_gone(work: Work, message: OutgoingMessage) -> Cancel | None:
    """Tell why something is not to be done in a group: only a registered one is spoken to, only others are left."""
    group = groups.find(work.tx, message.chat_id)
    state = group.state if group is not None else None
    if message.kind == "leave_group":
        return Cancel("the office works in the group") if state in ("asked", "registered") else None
    return None if state == "registered" else Cancel("the group is not registered any more")


def _check_nudge(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    tasks = message.content["tasks"]
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [task["obligation_id"] for task in tasks])}
    is_away = _is_away(work, person)
    left = [
        task
        for task in tasks
        if (due := dues.get(task["obligation_id"])) is not None
        and due.state in OWED
        and due.due_at.isoformat() == task["due_at"]
        and _may_have(person, task["role"], due)
        and not (is_away and task["role"] == Role.LIAISON)
    ]
    plans = still_missing(work, person, message.content.get("plans", ()))
    if not left and not plans:
        return Cancel("answered, changed or taken over since")
    return {**message.content, "tasks": left, "plans": plans}


def _check_plans(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    left = still_missing(work, person, message.content["plans"])
    return {**message.content, "plans": left} if left else Cancel("planned or taken over since")


def _is_away(work: Work, person: KnownPerson) -> bool:
    return any(absence.person_id == person.id for absence in requests.away_on(work.tx, today(work)))


def _may_have(person: KnownPerson, role: str, due: ledger.Due) -> bool:
    if role == Role.LEADER:
        return any(part.role == Role.LEADER and part.leader_name in due.leaders for part in person.parts)
    if role == Role.SUPERVISOR:
        return person.has_role(Role.SUPERVISOR)
    return due.unit_id in person.units_as(Role(role))


def _check_tasks(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    """Keep the tasks of units the recipient still serves, as far as they stand as they are shown."""
    own = person.units_as(Role.LIAISON)
    shown = message.content["tasks"]
    served = [task for task in shown if task["unit_id"] in own]
    if not served:
        return Cancel("the recipient does not serve the unit any more")
    now = {
        (task.task_id, task.unit_id): (task.role, task.text)
        for task in ledger.tasks_of_units(work.tx, list({task["unit_id"] for task in served}))
    }
    left = [task for task in served if _says(task, *now.get((task["task_id"], task["unit_id"]), ("", "")))]
    if not left:
        return Cancel("withdrawn or changed since; what changed is told anew")
    total = message.content["total"] - len(shown) + len(left)
    return {**message.content, "tasks": left, "total": total}


def _says(shown: dict[str, Any], role: str, text: str) -> bool:
    return bool(shown["role"] == role and shown["text"] == text[:ROOM])


def _check_sign_reminder(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    if _is_away(work, person):
        return Cancel("the recipient is away")
    own = ledger.tasks_of_units(work.tx, list(person.units_as(Role.LIAISON)))
    unsigned = {task.assignment_id for task in own if task.signed_at is None}
    left = [task for task in message.content["tasks"] if task["assignment_id"] in unsigned]
    return {**message.content, "tasks": left} if left else Cancel("signed for, withdrawn or taken over since")


def _check_asked(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    asked = contributions.request(work.tx, message.content["request"])
    if asked is None or asked.unit_id not in person.units_as(Role.LIAISON):
        return Cancel("the recipient does not serve the unit any more")
    still = asked.is_awaited if message.kind == "contribution_asked" else not asked.is_open
    return message.content if still else Cancel("answered, reported or changed since")


def _check_lead(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    due = ledger.obligation(work.tx, message.content["tasks"][0]["obligation_id"])
    if due is None or due.unit_id not in person.units_as(Role.LIAISON):
        return Cancel("the recipient does not serve the unit any more")
    return message.content if due.state in OWED else Cancel("reported since")


def _check_receipt(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    dues = ledger.obligations(work.tx, [task["obligation_id"] for task in message.content["tasks"]])
    serves = any(due.unit_id in person.units_as(Role.LIAISON) for due in dues)
    return message.content if serves else Cancel("the recipient does not serve the unit any more")


def _check_no_liaison(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    unit = message.content["unit_id"]
    if people.holders(work.tx, Role.LIAISON, units=[unit]):
        return Cancel("the unit has a liaison again")
    return message.content if unit in person.units_as(Role.HEAD) else Cancel("the recipient does not head the unit")


def _check_handover(work: Work, message: OutgoingMessage, _person: KnownPerson) -> dict[str, Any] | Cancel:
    """Open the sealed code, if it can still be used."""
    if not people.is_invite_open(work.tx, message.content["invite"], at=work.at):
        return Cancel("the code was used, replaced or taken back")
    code = work.vault.decrypt(message.content["sealed"].encode())
    link = invite_link(code, records.noted(work.tx, BOT_NAME))
    return {**message.content, "code": code, "link": link}


def _check_unit(_work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    serves = message.content["unit_id"] in person.units_as(Role(message.content.get("role", Role.LIAISON)))
    return message.content if serves else Cancel("the recipient does not serve the unit any more")


def _check_liaison(_work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    return message.content if person.units_as(Role.LIAISON) else Cancel("the recipient is no liaison any more")


def _check_office(_work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    serves = person.has_role(Role.SUPERVISOR, Role.ADMIN)
    return message.content if serves else Cancel("the recipient does not serve the office any more")


def _check_admin(_work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    return message.content if person.has_role(Role.ADMIN) else Cancel("the recipient is no administrator any more")


def _check_leader(_work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    serves = person.has_role(Role.LEADER, Role.SUPERVISOR, Role.ADMIN)
    return message.content if serves else Cancel("the recipient leads nothing and does not serve the office any more")


def _check_correction(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    if not is_waiting(work, message.content["correction"]):
        return Cancel("decided or replaced since")
    return message.content if may(person, Right.DECIDE) else Cancel("the recipient does not serve the office any more")


def _check_request(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    found = find_request(work, message.content["request"])
    if found is None or not is_open(work, found):
        return Cancel("decided, replaced or reported since")
    return message.content if may(person, Right.DECIDE) else Cancel("the recipient does not serve the office any more")


def _check_owed(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    tasks = message.content["tasks"]
    role = Role(message.content.get("role", Role.LIAISON))
    dues = {due.obligation_id: due for due in ledger.obligations(work.tx, [task["obligation_id"] for task in tasks])}
    left = [
        task
        for task in tasks
        if (due := dues.get(task["obligation_id"])) is not None and due.state in OWED and _may_have(person, role, due)
    ]
    return {**message.content, "tasks": left} if left else Cancel("answered, changed or taken over since")


def _check_stand_in(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    number = message.content.get("absence")
    if number is not None and requests.absence(work.tx, number) is None:
        return Cancel("the absence was cancelled")
    return _check_owed(work, message, person)


def _check_deletion(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    if not may(person, Right.DECIDE_DELETION):
        return Cancel("the recipient does not serve the office any more")
    asked = shown_request(work, message.content["deletion"])
    return {**message.content, **asked} if asked is not None else Cancel("it was decided since")


def _check_slip(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    slip = slips.slip(work.tx, message.content["slip"])
    due = ledger.obligation(work.tx, slip.obligation_id) if slip is not None else None
    if slip is None or due is None or not _may_have_slip(person, message.content["role"], due):
        return Cancel("the recipient does not serve the unit any more")
    if message.kind == "slip" and (slip.state != SlipState.ISSUED or due.state not in OWED):
        return Cancel("reported or closed since")
    return message.content


def _may_have_slip(person: KnownPerson, role: str, due: ledger.Due) -> bool:
    if role == Role.SUPERVISOR:
        return person.has_role(Role.SUPERVISOR, Role.ADMIN)
    return _may_have(person, role, due)


def _check_inspection(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    inspection = inspections.inspection(work.tx, message.content["inspection"])
    is_open = inspection is not None and inspection.state == InspectionState.PLANNED
    if message.kind != "inspection_off" and not is_open:
        return Cancel("cancelled or closed since")
    if message.kind == "inspection_today":
        return message.content if may(person, Right.INSPECT) else Cancel("the recipient does not inspect any more")
    return _check_of_unit(message, person)


def _check_measure(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    measure = inspections.measure(work.tx, message.content["measure"])
    if message.kind == "measure" and (measure is None or measure.state != MeasureState.OPEN):
        return Cancel("answered since")
    return _check_of_unit(message, person)


def _check_measures(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    open_ = {measure.id for measure in inspections.measures(work.tx, states=[MeasureState.OPEN])}
    own = {*person.units_as(Role.LIAISON), *person.units_as(Role.HEAD)}
    shown = message.content["measures"]
    left = [each for each in shown if each["measure"] in open_ and each["unit_id"] in own]
    return {**message.content, "measures": left} if left else Cancel("answered or taken over since")


def _check_answer(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    if message.content["answer"] not in {answer.id for answer in inspections.waiting_answers(work.tx)}:
        return Cancel("decided since")
    return message.content if may(person, Right.INSPECT) else Cancel("the recipient does not inspect any more")


def _check_of_unit(message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    serves = message.content["unit_id"] in person.units_as(Role(message.content["role"]))
    return message.content if serves else Cancel("the recipient does not serve the unit any more")


def _check_task_ended(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    own, task = person.units_as(Role.LIAISON), message.content["task_id"]
    gone = [unit for unit in message.content["unit_ids"] if unit in own and has_no_part(work, task, unit)]
    return message.content if gone else Cancel("assigned again, or the recipient does not serve the unit any more")


def _check_due_moved(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    if not set(message.content["unit_ids"]) & set(person.units_as(Role.LIAISON)):
        return Cancel("the recipient does not serve the unit any more")
    return message.content if is_as_told(work, message.content) else Cancel("moved again since")


def _check_invite(work: Work, message: OutgoingMessage, person: KnownPerson) -> dict[str, Any] | Cancel:
    """Open the sealed code for whoever may hand it over."""
    if not may(person, Right.MANAGE_PEOPLE):
        return Cancel("the recipient does not serve the office any more")
    return _check_handover(work, message, person)


CHECKS: dict[str, Callable[[Work, OutgoingMessage, KnownPerson], dict[str, Any] | Cancel]] = {
    "nudge": _check_nudge,
    "due_recounted": _check_nudge,
    "plan_nudge": _check_plans,
    "tasks": _check_tasks,
    "submitted_at_due": _check_receipt,
    "no_liaison": _check_no_liaison,
    "handover": _check_handover,
    "digest": _check_office,
    "alarm": _check_admin,
    "self_report": _check_admin,
    "leader_digest": _check_leader,
    "task_done": _check_leader,
    "major": _check_leader,
    "correction_asked": _check_correction,
    "sign_reminder": _check_sign_reminder,
    "contribution_asked": _check_asked,
    "contribution_closed": _check_asked,
    "contributions_in": _check_lead,
    "extension_asked": _check_request,
    "completion_asked": _check_request,
    "request_answered": _check_unit,
    "stand_in": _check_stand_in,
    "stand_in_over": _check_unit,
    "back": _check_owed,
    "report_returned": _check_owed,
    "entered": _check_receipt,
    "waived": _check_receipt,
    "broadcast": _check_liaison,
    "deletion_asked": _check_deletion,
    "slip": _check_slip,
    "slip_closed": _check_slip,
    "inspection_notice": _check_inspection,
    "inspection_off": _check_inspection,
    "inspection_today": _check_inspection,
    "measure": _check_measure,
    "measure_result": _check_measure,
    "measure_nudge": _check_measures,
    "measure_answered": _check_answer,
    "task_ended": _check_task_ended,
    "due_moved": _check_due_moved,
    "invite_made": _check_invite,
}
