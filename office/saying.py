"""How does the office say something to a person? It leaves kind and values in the outbox; the bot finds the words."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from office.work import Work
from storage import conversations, outbox

BUTTONS_LIVE = timedelta(days=60)
IN_GROUPS = frozenset(  # buttons that show: others are left out there
    {"overdue_page", "tasks_page", "task", "task_text", "board", "overdue_table", "status", "unit"}
)
Action = dict[str, Any]  # {"do": what, …its values}; the bot labels it by "do"


class Kind(StrEnum):
    """What can be said; each has words in every language."""

    STRANGER = "stranger"
    WRONG_CODE = "wrong_code"
    WELCOME = "welcome"
    ALREADY_REGISTERED = "already_registered"
    NAME_CHANGED = "name_changed"
    PHONE_KEPT = "phone_kept"
    FOREIGN_CONTACT = "foreign_contact"
    PHONE_SKIPPED = "phone_skipped"
    PHONE_REQUIRED = "phone_required"
    WHICH_UNIT = "which_unit"
    HANDOVER = "handover"
    OWN_HANDOVER = "own_handover"
    HANDED_OVER = "handed_over"
    INHERITED = "inherited"
    INHERITED_TEXT = "inherited_text"
    CONFIRM_LEAVE = "confirm_leave"
    LEFT = "left"
    NO_LIAISON = "no_liaison"
    CANCELLED = "cancelled"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    REGISTRATIONS = "registrations"
    HELP = "help"
    LANGUAGE = "language"
    NOT_ALLOWED = "not_allowed"
    UNKNOWN_COMMAND = "unknown_command"
    NOT_UNDERSTOOD = "not_understood"
    TASKS = "tasks"
    TASK_LIST = "task_list"
    SIGNED = "signed"
    DRAFT = "draft"
    WHICH_TASK = "which_task"
    WHICH_REPORT = "which_report"
    PROMPT = "prompt"
    NOTHING_OWED = "nothing_owed"
    NOTHING_DRAFTED = "nothing_drafted"
    EMPTY_TEXT = "empty_text"
    TEXT_ONLY = "text_only"
    HOW_TO_CHANGE = "how_to_change"
    ASK_PART = "ask_part"
    ASK_REASON = "ask_reason"
    TOO_LONG = "too_long"
    SUBMITTED = "submitted"
    SUBMITTED_AT_DUE = "submitted_at_due"
    CORRECTED = "corrected"
    CLOSED = "closed"
    EDIT_UNKNOWN = "edit_unknown"
    OVERDUE = "overdue"
    NOT_KNOWN = "not_known"
    NO_PAGE = "no_page"
    BOARD = "board"
    OVERDUE_TABLE = "overdue_table"
    REMIND_WHICH = "remind_which"
    REMIND = "remind"
    REMINDED = "reminded"
    STATUS = "status"
    UNIT = "unit"
    WHICH_UNITS = "which_units"
    NOTICE_PREVIEW = "notice_preview"
    NOTICE_WORKBOOK = "notice_workbook"
    NOTICE_UNLIKE = "notice_unlike"
    NOTICE_ADOPTED = "notice_adopted"
    NOTICE_KNOWN = "notice_known"
    FILE_REFUSED = "file_refused"
    INTAKE_GONE = "intake_gone"
    INTAKE_DROPPED = "intake_dropped"
    SEND_AS_FILE = "send_as_file"
    SET_ASIDE = "set_aside"
    ATTACHED = "attached"
    ATTACHMENT_REFUSED = "attachment_refused"
    NO_ATTACHMENT = "no_attachment"
    WHICH_FILE = "which_file"
    ASK_ATTESTATION = "ask_attestation"
    NOT_ATTESTED = "not_attested"
    ASK_JOIN = "ask_join"
    WITHDRAWN = "withdrawn"
    WITHDRAW_LATE = "withdraw_late"
    WHICH_WITHDRAWAL = "which_withdrawal"
    NOTHING_TO_WITHDRAW = "nothing_to_withdraw"
    LEFT_SUBMITTED = "left_submitted"
    WHICH_CLOSED = "which_closed"
    NOTHING_TO_CORRECT = "nothing_to_correct"
    CORRECT_TEXT = "correct_text"
    CORRECT_REASON = "correct_reason"
    CORRECTION_SENT = "correction_sent"
    CORRECTION_DROPPED = "correction_dropped"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_DECIDED = "correction_decided"
    CORRECTION_ANSWERED = "correction_answered"
    CORRECTION_GONE = "correction_gone"
    REFUSE_CORRECTION = "refuse_correction"
    NO_CORRECTIONS = "no_corrections"
    TASK = "task"
    TASK_TEXT = "task_text"
    NO_SUCH_TASK = "no_such_task"
    SIGN_REMINDER = "sign_reminder"
    ASK_WHICH = "ask_which"
    ASK_PREVIEW = "ask_preview"
    ASK_NOTHING = "ask_nothing"
    ASK_DROPPED = "ask_dropped"
    ASKED = "asked"
    CONTRIBUTION_ASKED = "contribution_asked"
    CONTRIBUTION_CLOSED = "contribution_closed"
    CONTRIBUTION_KEPT = "contribution_kept"
    CONTRIBUTION_GONE = "contribution_gone"
    CONTRIBUTE = "contribute"
    WHICH_CONTRIBUTION = "which_contribution"
    CONTRIBUTIONS_IN = "contributions_in"
    STITCHED = "stitched"
    PLAN_LIST = "plan_list"
    PLAN_NONE = "plan_none"
    PLAN_ASK = "plan_ask"
    PLAN_PREVIEW = "plan_preview"
    PLAN_KEPT = "plan_kept"
    PLAN_CANCELLED = "plan_cancelled"
    PLAN_NUDGE = "plan_nudge"
    PLANS = "plans"
    FORM = "form"
    FORM_NONE = "form_none"
    FORM_TAKEN = "form_taken"
    MY_DATA = "my_data"
    FORGET = "forget"
    LAST_ADMIN = "last_admin"
    DATA_KEPT = "data_kept"
    DELETION_SENT = "deletion_sent"
    DELETION_WAITS = "deletion_waits"
    DELETION_ASKED = "deletion_asked"
    DELETION_AGREED = "deletion_agreed"
    DELETION_REFUSED = "deletion_refused"
    DELETION_NOTED = "deletion_noted"
    DELETION_GONE = "deletion_gone"
    FORGOTTEN = "forgotten"
    NUDGE = "nudge"
    DIGEST = "digest"
    ALARM = "alarm"
    SELF_REPORT = "self_report"
    EXTEND = "extend"
    EXTENSION_SENT = "extension_sent"
    EXTENSION_ASKED = "extension_asked"
    COMPLETE = "complete"
    COMPLETION_SENT = "completion_sent"
    COMPLETION_ASKED = "completion_asked"
    REQUEST_GONE = "request_gone"
    REQUEST_ANSWERED = "request_answered"
    REQUESTS = "requests"
    DECIDE = "decide"
    DECIDED = "decided"
    FORM_DROPPED = "form_dropped"
    AWAY = "away"
    AWAY_NOTED = "away_noted"
    AWAY_CANCELLED = "away_cancelled"
    STAND_IN = "stand_in"
    STAND_IN_OVER = "stand_in_over"
    BACK = "back"
    REVIEW = "review"
    REVIEW_REASON = "review_reason"
    REVIEW_GONE = "review_gone"
    REVIEW_ALL = "review_all"
    REVIEWED_ALL = "reviewed_all"
    REPORT_RETURNED = "report_returned"
    ENTER = "enter"
    ENTRY_DONE = "entry_done"
    ENTRY_GONE = "entry_gone"
    ENTERED = "entered"
    WAIVE = "waive"
    WAIVER_DONE = "waiver_done"
    WAIVED = "waived"
    BROADCAST_ASK = "broadcast_ask"
    BROADCAST_PREVIEW = "broadcast_preview"
    BROADCAST_DONE = "broadcast_done"
    BROADCAST = "broadcast"
    PAUSED = "paused"
    RESUME = "resume"
    RESUMED = "resumed"
    CALENDAR_PREVIEW = "calendar_preview"
    CALENDAR_IMPORTED = "calendar_imported"
    CALENDAR_KNOWN = "calendar_known"
    CALENDAR_REFUSED = "calendar_refused"
    CALENDAR_DROPPED = "calendar_dropped"
    DUE_RECOUNTED = "due_recounted"
    LEADER_DIGEST = "leader_digest"
    TASK_DONE = "task_done"
    MAJOR = "major"
    SLIPS = "slips"
    SLIP_SHOWN = "slip_shown"
    SLIP_PREVIEW = "slip_preview"
    SLIP_ISSUED = "slip_issued"
    SLIP_REFUSED = "slip_refused"
    SLIP_DECLINED = "slip_declined"
    SLIP_CLOSE = "slip_close"
    SLIP_CLOSED = "slip_closed"
    SLIP_SIGNED = "slip_signed"
    SLIP = "slip"
    INSPECT = "inspect"
    INSPECTIONS = "inspections"
    INSPECTION = "inspection"
    INSPECTION_PLANNED = "inspection_planned"
    INSPECTION_NOTICE = "inspection_notice"
    INSPECTION_OFF = "inspection_off"
    INSPECTION_TODAY = "inspection_today"
    INSPECTION_NOTED = "inspection_noted"
    INSPECTION_REFUSED = "inspection_refused"
    INSPECTION_ENDED = "inspection_ended"
    FIELD_FILE = "field_file"
    FIELD_EDITED = "field_edited"
    MEASURE_FORM = "measure_form"
    MEASURE_MADE = "measure_made"
    MEASURE = "measure"
    MEASURE_NUDGE = "measure_nudge"
    RECTIFY = "rectify"
    RECTIFIED = "rectified"
    MEASURE_ANSWERED = "measure_answered"
    MEASURE_DECIDED = "measure_decided"
    MEASURE_RESULT = "measure_result"
    RETURN_MEASURE = "return_measure"
    EDIT = "edit"
    DUE = "due"
    PUT_RIGHT_WHY = "put_right_why"
    PUT_RIGHT_PREVIEW = "put_right_preview"
    PUT_RIGHT_DONE = "put_right_done"
    PUT_RIGHT_REFUSED = "put_right_refused"
    TASK_ENDED = "task_ended"
    DUE_MOVED = "due_moved"
    ROLE_ENDED = "role_ended"
    INVITE_HOW = "invite_how"
    INVITE_MADE = "invite_made"
    PEOPLE = "people"
    GROUP_ASKED = "group_asked"
    GROUP_REGISTERED = "group_registered"
    GROUP_WELCOME = "group_welcome"
    GROUP_LEFT = "group_left"
    GROUP_GONE = "group_gone"
    GROUP_PRIVATE = "group_private"
    GROUP_DIGEST = "group_digest"
    GROUPS = "groups"
    LEAVE_GROUP = "leave_group"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where something is said: a chat, and the person it belongs to where known."""

    chat_id: int
    person_id: int | None = None


def say(
    work: Work,
    to: Recipient,
    kind: Kind,
    *,
    buttons: Sequence[Sequence[Action]] = (),
    priority: int = outbox.ANSWER,
    file: int | None = None,
    **values: Any,
) -> int:
    """Have a message sent in this work's transaction, with a stored file or without; gives its number in the outbox.

    Only what is said to who just acted has the priority of an answer: a pause holds everything else.
    """
    content = {**values}
    if file is not None:
        content["file"] = file
    if to.chat_id < 0:
        buttons = [row for row in ([each for each in row if each["do"] in IN_GROUPS] for row in buttons) if row]
    if buttons and to.person_id is not None:
        content["keyboard"] = _keyboard(work, to.person_id, buttons)
    return outbox.add(
        work.tx,
        chat_id=to.chat_id,
        person_id=to.person_id,
        kind=kind,
        content=content,
        priority=priority,
        at=work.at,
    )


def _keyboard(work: Work, person_id: int, rows: Sequence[Sequence[Action]]) -> dict[str, Any]:
    """Keep what the buttons do under an unguessable name; the buttons carry only that name and a place."""
    token = secrets.token_urlsafe(12)
    conversations.add_buttons(
        work.tx,
        token=token,
        person_id=person_id,
        actions=[action for row in rows for action in row],
        at=work.at,
        expires_at=work.at + BUTTONS_LIVE,
    )
    return {"token": token, "rows": [list(row) for row in rows]}
