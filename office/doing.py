"""What every button and fixed word does, for whom, and which values it needs: one table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from office.chasing.arranging import confirm_arrangement, drop_arrangement
from office.chasing.broadcasting import send_broadcast
from office.chasing.calling import begin_call, drop_call, preview_named, send_call
from office.chasing.holding import resume
from office.chasing.inspecting import (
    begin_measure,
    confirm_measure,
    confirm_plan,
    end_inspection,
    findings_done,
    go_on_planning,
    record_findings,
)
from office.chasing.issuing import begin_closing, decline_slip, drop_slip, issue, preview_slip
from office.chasing.issuing import sign as sign_slip
from office.chasing.rectifying import ask_for_answer, pass_measure, send_files
from office.chasing.rectifying import ask_return as ask_measure_return
from office.looking.listing import last_words, show_overdue, turn_page
from office.looking.picturing import send_board, send_table
from office.looking.status import show_status
from office.looking.unit_card import show_unit_card
from office.notice.assigning import sign_for
from office.notice.due_steps import due_from
from office.notice.edit_steps import edit_from
from office.notice.proposing import ask_why, confirm
from office.notice.taking_in import adopt, drop
from office.notice.tasks import list_tasks, show_task, show_text
from office.register.forgetting import decide_deletion, keep_data, request_deletion
from office.register.groups import leave_group, refuse_group, register_group
from office.register.handing_over import ask_leave, cancel, leave, offer_handover
from office.register.managing_people import end_from
from office.reports.attaching import begin_removal, remove_files
from office.reports.contributing import ask_units, begin_ask, prompt_contribution, remind_silent, send_ask, stitch
from office.reports.correcting import ask_refusal as ask_correction_refusal
from office.reports.correcting import begin_correction, grant
from office.reports.entering import enter_from, send_entry
from office.reports.finding import all_owed, quoted_obligations
from office.reports.form_sending import send_form
from office.reports.joining import answer_join
from office.reports.planning import step_plan
from office.reports.reporting import (
    ask_change,
    ask_parts,
    move_to_other_task,
    offer_reports,
    prompt_for,
    report_as,
    set_stage,
    skip_part,
    take_as_one,
    take_choice,
    take_contribution,
)
from office.reports.reviewing import accept_all, accept_report, ask_return, return_report, show_next
from office.reports.submitting import attest, submit_drafts
from office.reports.waiving import go_on as waive_from
from office.reports.waiving import send_waiver
from office.reports.withdrawing import withdraw
from office.requests.absences import cancel_absence, note_absence
from office.requests.completing import complete_from, send_completion
from office.requests.deciding import agree, ask_date, ask_refusal, grant_until, which
from office.requests.extending import extend_from, send_extension
from office.requests.forms import drop_form
from office.rights import Right
from office.saying import Action, Kind, Recipient, say
from office.work import Letter, Work
from storage import conversations, outbox, people, reports, standing
from storage.ledger import Due
from storage.people import KnownPerson
from storage.states import ObligationState


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and the chat they act in."""

    letter: Letter
    person: KnownPerson

    @property
    def to(self) -> Recipient:
        """Where the answer goes."""
        return Recipient(self.letter.chat_id, self.person.id)


@dataclass(frozen=True, slots=True)
class Doing:
    """What a button or word does: for whom, once or as often as pressed, and which values it needs.

    `for_former`: done also for those whose roles have ended.
    A button carries its values; a typed word takes them from the conversation.
    """

    act: Callable[[Work, Actor, Action], None]
    right: Right | None = None
    once: bool = False
    needs: frozenset[str] = frozenset()
    for_former: bool = False


def _sign(work: Work, actor: Actor, action: Action) -> None:
    sign_for(work, actor.letter, actor.person, action.get("assignments"))


def _submit(work: Work, actor: Actor, action: Action) -> None:
    submit_drafts(work, actor.to, actor.person, _drafts(work, actor, action))


def _change(work: Work, actor: Actor, action: Action) -> None:
    drafts = _drafts(work, actor, action)
    returned = [due for due in all_owed(work, actor.person) if due.state == ObligationState.RETURNED]
    if returned and not drafts:
        _revise(work, actor, returned)
    else:
        ask_change(work, actor.to, actor.person, drafts)


def _revise(work: Work, actor: Actor, returned: list[Due]) -> None:
    """Ask for the new text of what was returned: the one quoted, the only one, else which."""
    quoted = quoted_obligations(work, actor.letter, actor.person, returned)
    meant = [due for due in quoted if due in returned] or returned
    if len(meant) == 1:
        prompt_for(work, actor.to, actor.person, meant[0].obligation_id)
    else:
        offer_reports(work, actor.letter, actor.person)


def _add_parts(work: Work, actor: Actor, action: Action) -> None:
    ask_parts(work, actor.to, actor.person, _drafts(work, actor, action))


def _skip(work: Work, actor: Actor, action: Action) -> None:
    skip_part(work, actor.to, actor.person, action)


def _stage(work: Work, actor: Actor, action: Action) -> None:
    set_stage(work, actor.to, actor.person, action)


def _report_on(work: Work, actor: Actor, action: Action) -> None:
    prompt_for(work, actor.to, actor.person, action["obligation"])


def _other_task(work: Work, actor: Actor, action: Action) -> None:
    move_to_other_task(work, actor.letter, actor.person, action["reports"])


def _choose(work: Work, actor: Actor, action: Action) -> None:
    take_choice(work, actor.to, actor.person, action["kept"], action["obligation"])


def _as_one(work: Work, actor: Actor, action: Action) -> None:
    take_as_one(work, actor.letter, actor.person, action["kept"])


def _as_correction(work: Work, actor: Actor, action: Action) -> None:
    report_as(work, actor.letter, actor.person, action["kept"], action["correct"])


def _as_next(work: Work, actor: Actor, action: Action) -> None:
    report_as(work, actor.letter, actor.person, action["kept"], action["next"])


def _adopt(work: Work, actor: Actor, action: Action) -> None:
    adopt(
        work,
        actor.letter,
        actor.person,
        action.get("intake"),
        updates=action.get("updates"),
        as_new=bool(action.get("as_new")),
    )


def _drop(work: Work, actor: Actor, action: Action) -> None:
    drop(work, actor.letter, actor.person, action.get("intake"))


def _step_plan(work: Work, actor: Actor, action: Action) -> None:
    step_plan(work, actor.letter, actor.person, action)


def _send_plan_form(work: Work, actor: Actor, _action: Action) -> None:
    send_form(work, actor.letter, actor.person, "plan")


def _send_report_form(work: Work, actor: Actor, _action: Action) -> None:
    send_form(work, actor.letter, actor.person, "")


def _turn_page(work: Work, actor: Actor, action: Action) -> None:
    shown = actor.letter.message_id
    show_overdue(work, actor.to, actor.person, action["words"], page=action["page"], edits=shown or None)


def _next_page(work: Work, actor: Actor, _action: Action) -> None:
    if not turn_page(work, actor.to, actor.person, 1):
        say(work, actor.to, Kind.NO_PAGE)


def _previous_page(work: Work, actor: Actor, _action: Action) -> None:
    if not turn_page(work, actor.to, actor.person, -1):
        say(work, actor.to, Kind.NO_PAGE)


def _board(work: Work, actor: Actor, action: Action) -> None:
    send_board(work, actor.to, actor.person, action.get("words"))


def _overdue_table(work: Work, actor: Actor, action: Action) -> None:
    send_table(work, actor.to, actor.person, action.get("words"))


def _remind(work: Work, actor: Actor, action: Action) -> None:
    begin_call(work, actor.to, action["words"] if "words" in action else last_words(work, actor.to))


def _remind_unit(work: Work, actor: Actor, action: Action) -> None:
    preview_named(work, actor.to, action["name"])


def _send_call(work: Work, actor: Actor, action: Action) -> None:
    send_call(work, actor.to, actor.person, action["unit"])


def _drop_call(work: Work, actor: Actor, _action: Action) -> None:
    drop_call(work, actor.to)


def _status(work: Work, actor: Actor, action: Action) -> None:
    show_status(work, actor.letter, actor.person, action["words"])


def _unit(work: Work, actor: Actor, action: Action) -> None:
    show_unit_card(work, actor.to, actor.person, action["name"])


def _turn_task_page(work: Work, actor: Actor, action: Action) -> None:
    edits = actor.letter.message_id or None
    list_tasks(work, actor.to, actor.person, action["words"], page=action["page"], edits=edits)


def _show_task(work: Work, actor: Actor, action: Action) -> None:
    show_task(work, actor.to, actor.person, action["task"])


def _show_text(work: Work, actor: Actor, action: Action) -> None:
    edits = actor.letter.message_id if "label" in action else None
    show_text(work, actor.to, actor.person, action["task"], page=action["page"], edits=edits or None)


def _ask_units(work: Work, actor: Actor, action: Action) -> None:
    if "obligation" in action:
        ask_units(work, actor.to, actor.person, action["obligation"], action.get("words", ""))
    else:
        begin_ask(work, actor.letter, actor.person, "")


def _send_ask(work: Work, actor: Actor, action: Action) -> None:
    send_ask(work, actor.to, actor.person, action)


def _remind_silent(work: Work, actor: Actor, action: Action) -> None:
    remind_silent(work, actor.to, actor.person, action.get("obligation"))


def _stitch(work: Work, actor: Actor, action: Action) -> None:
    stitch(work, actor.letter, actor.person, action.get("obligation"))


def _contribute(work: Work, actor: Actor, action: Action) -> None:
    prompt_contribution(work, actor.to, actor.person, action.get("request"))


def _choose_contribution(work: Work, actor: Actor, action: Action) -> None:
    take_contribution(work, actor.letter, actor.person, action["kept"], action["request"])


def _set_language(work: Work, actor: Actor, action: Action) -> None:
    people.change_person(work.tx, actor.person.id, language=action["to"])
    say(work, actor.to, Kind.LANGUAGE, chosen=True)


def _attest(work: Work, actor: Actor, action: Action) -> None:
    attest(work, actor.letter, actor.person, action["reports"], agreed=bool(action["agreed"]))


def _remove_file(work: Work, actor: Actor, action: Action) -> None:
    begin_removal(work, actor.to, actor.person, action)


def _remove_files(work: Work, actor: Actor, action: Action) -> None:
    remove_files(work, actor.to, actor.person, action["files"])


def _join(work: Work, actor: Actor, action: Action) -> None:
    answer_join(work, actor.letter, actor.person, action["first"], action["kept"], is_one=True)


def _keep_apart(work: Work, actor: Actor, action: Action) -> None:
    answer_join(work, actor.letter, actor.person, action["first"], action["kept"], is_one=False)


def _withdraw(work: Work, actor: Actor, action: Action) -> None:
    withdraw(work, actor.letter, actor.person, action)


def _leave_submitted(work: Work, actor: Actor, _action: Action) -> None:
    conversations.answered(work.tx, actor.to.chat_id)
    say(work, actor.to, Kind.LEFT_SUBMITTED)


def _correct(work: Work, actor: Actor, action: Action) -> None:
    begin_correction(work, actor.letter, actor.person, action)


def _grant_correction(work: Work, actor: Actor, action: Action) -> None:
    grant(work, actor.letter, actor.person, action.get("correction"))


def _refuse_correction(work: Work, actor: Actor, action: Action) -> None:
    ask_correction_refusal(work, actor.letter, actor.person, action.get("correction"))


def _handover(work: Work, actor: Actor, action: Action) -> None:
    offer_handover(work, actor.to, actor.person, action["unit"])


def _ask_leave(work: Work, actor: Actor, action: Action) -> None:
    ask_leave(work, actor.to, actor.person, action["unit"])


def _leave(work: Work, actor: Actor, action: Action) -> None:
    leave(work, actor.to, actor.person, action)


def _cancel(work: Work, actor: Actor, action: Action) -> None:
    cancel(work, actor.to, actor.person, action)


def _extend(work: Work, actor: Actor, action: Action) -> None:
    extend_from(work, actor.to, actor.person, action)


def _send_extension(work: Work, actor: Actor, action: Action) -> None:
    send_extension(work, actor.to, actor.person, action)


def _complete(work: Work, actor: Actor, action: Action) -> None:
    complete_from(work, actor.to, actor.person, action)


def _send_completion(work: Work, actor: Actor, action: Action) -> None:
    send_completion(work, actor.to, actor.person, action)


def _drop_form(work: Work, actor: Actor, action: Action) -> None:
    drop_form(work, actor.to, action)


def _agree(work: Work, actor: Actor, action: Action) -> None:
    if (ref := which(work, actor.letter, actor.to, action)) is not None:
        agree(work, actor.to, actor.person, ref)


def _set_date(work: Work, actor: Actor, action: Action) -> None:
    if (ref := which(work, actor.letter, actor.to, action)) is not None:
        ask_date(work, actor.to, ref)


def _grant_until(work: Work, actor: Actor, action: Action) -> None:
    grant_until(work, actor.to, actor.person, action["request"], date.fromisoformat(action["until"]))


def _disagree(work: Work, actor: Actor, action: Action) -> None:
    if (ref := which(work, actor.letter, actor.to, action)) is not None:
        ask_refusal(work, actor.to, ref)


def _note_absence(work: Work, actor: Actor, action: Action) -> None:
    note_absence(work, actor.to, actor.person, action)


def _cancel_absence(work: Work, actor: Actor, action: Action) -> None:
    cancel_absence(work, actor.to, actor.person, action)


def _accept_report(work: Work, actor: Actor, action: Action) -> None:
    accept_report(work, actor.letter, actor.person, action)


def _ask_return(work: Work, actor: Actor, action: Action) -> None:
    ask_return(work, actor.letter, actor.person, action)


def _return_for(work: Work, actor: Actor, action: Action) -> None:
    return_report(work, actor.letter, actor.person, action, action["reason"])


def _next_report(work: Work, actor: Actor, action: Action) -> None:
    show_next(work, actor.letter, actor.person, action)


def _accept_all(work: Work, actor: Actor, action: Action) -> None:
    accept_all(work, actor.letter, actor.person, action)


def _enter(work: Work, actor: Actor, action: Action) -> None:
    enter_from(work, actor.to, action)


def _send_entry(work: Work, actor: Actor, action: Action) -> None:
    send_entry(work, actor.to, actor.person, action)


def _waive(work: Work, actor: Actor, action: Action) -> None:
    waive_from(work, actor.to, action)


def _send_waiver(work: Work, actor: Actor, action: Action) -> None:
    send_waiver(work, actor.to, actor.person, action)


def _send_broadcast(work: Work, actor: Actor, action: Action) -> None:
    send_broadcast(work, actor.to, actor.person, action)


def _resume_all(work: Work, actor: Actor, _action: Action) -> None:
    resume(work, actor.to, actor.person, drop=False)


def _resume_fresh(work: Work, actor: Actor, _action: Action) -> None:
    resume(work, actor.to, actor.person, drop=True)


def _import_calendar(work: Work, actor: Actor, action: Action) -> None:
    confirm_arrangement(work, actor.to, actor.person, action["file"])


def _drop_calendar(work: Work, actor: Actor, action: Action) -> None:
    drop_arrangement(work, actor.to, action["file"])


def _ask_deletion(work: Work, actor: Actor, action: Action) -> None:
    request_deletion(work, actor.to, actor.person, action)


def _keep_data(work: Work, actor: Actor, _action: Action) -> None:
    keep_data(work, actor.to)


def _agree_deletion(work: Work, actor: Actor, action: Action) -> None:
    decide_deletion(work, actor.to, actor.person, action, agreed=True)


def _refuse_deletion(work: Work, actor: Actor, action: Action) -> None:
    decide_deletion(work, actor.to, actor.person, action, agreed=False)


def _draft_slip(work: Work, actor: Actor, action: Action) -> None:
    preview_slip(work, actor.to, action["obligation"])


def _issue_slip(work: Work, actor: Actor, action: Action) -> None:
    issue(work, actor.to, actor.person, action)


def _drop_slip(work: Work, actor: Actor, action: Action) -> None:
    drop_slip(work, actor.to, action)


def _decline_slip(work: Work, actor: Actor, action: Action) -> None:
    decline_slip(work, actor.to, actor.person, action["slip"])


def _close_slip(work: Work, actor: Actor, action: Action) -> None:
    begin_closing(work, actor.to, actor.person, action["slip"])


def _sign_slip(work: Work, actor: Actor, action: Action) -> None:
    sign_slip(work, actor.to, actor.person, action.get("slip"))


def _plan_inspection(work: Work, actor: Actor, action: Action) -> None:
    go_on_planning(work, actor.to, action)


def _confirm_inspection(work: Work, actor: Actor, action: Action) -> None:
    confirm_plan(work, actor.to, actor.person, action)


def _record_findings(work: Work, actor: Actor, action: Action) -> None:
    record_findings(work, actor.to, action.get("inspection"))


def _findings_done(work: Work, actor: Actor, action: Action) -> None:
    findings_done(work, actor.to, actor.person, action["inspection"])


def _order_measure(work: Work, actor: Actor, action: Action) -> None:
    begin_measure(work, actor.to, action)


def _confirm_measure(work: Work, actor: Actor, action: Action) -> None:
    confirm_measure(work, actor.to, actor.person, action)


def _end_inspection(work: Work, actor: Actor, action: Action) -> None:
    end_inspection(work, actor.to, actor.person, action.get("inspection"))


def _field_files(work: Work, actor: Actor, action: Action) -> None:
    send_files(work, actor.to, actor.person, action)


def _rectify(work: Work, actor: Actor, action: Action) -> None:
    ask_for_answer(work, actor.to, actor.person, action.get("measure"))


def _pass_measure(work: Work, actor: Actor, action: Action) -> None:
    pass_measure(work, actor.to, actor.person, action.get("answer"))


def _return_measure(work: Work, actor: Actor, action: Action) -> None:
    ask_measure_return(work, actor.to, action.get("answer"))


def _edit(work: Work, actor: Actor, action: Action) -> None:
    edit_from(work, actor.to, actor.person, action)


def _due(work: Work, actor: Actor, action: Action) -> None:
    due_from(work, actor.to, actor.person, action)


def _put_right(work: Work, actor: Actor, action: Action) -> None:
    confirm(work, actor.to, actor.person, action)


def _end_role(work: Work, actor: Actor, action: Action) -> None:
    end_from(work, actor.to, actor.person, action)


def _unadopt(work: Work, actor: Actor, action: Action) -> None:
    """Begin to take an adoption back: the one of the button or of the message quoted, else the last one."""
    quoted = outbox.sent_as(work.tx, actor.to.chat_id, actor.letter.quoted_id) if actor.letter.quoted_id else None
    named = action.get("notice") or (quoted.content.get("notice") if quoted is not None else None)
    notice = named or standing.last_adopted(work.tx)
    ask_why(work, actor.to, actor.person, "unadopt", {"notice": notice})


def _register_group(work: Work, actor: Actor, action: Action) -> None:
    register_group(work, actor.to, actor.person, action.get("group"))


def _refuse_group(work: Work, actor: Actor, action: Action) -> None:
    refuse_group(work, actor.to, actor.person, action.get("group"))


def _leave_group(work: Work, actor: Actor, action: Action) -> None:
    leave_group(work, actor.to, actor.person, action.get("group"))


def _drafts(work: Work, actor: Actor, action: Action) -> list[int]:
    """Give the drafts an action is about: those of its button or conversation, else all the person has."""
    named: list[int] | None = action.get("reports")
    return named if named is not None else [draft.id for draft in reports.drafts_of(work.tx, actor.person.id)]


DOING: dict[str, Doing] = {
    "sign": Doing(_sign, Right.SIGN_FOR, once=True),
    "submit": Doing(_submit, Right.REPORT, once=True),
    "change": Doing(_change, Right.REPORT),
    "add_parts": Doing(_add_parts, Right.REPORT),
    "skip": Doing(_skip, Right.REPORT, once=True, needs=frozenset({"pending"})),
    "stage": Doing(_stage, Right.REPORT, once=True, needs=frozenset({"pending"})),
    "report_on": Doing(_report_on, Right.REPORT),
    "other_task": Doing(_other_task, Right.REPORT, once=True),
    "choose": Doing(_choose, Right.REPORT, once=True, needs=frozenset({"kept", "obligation"})),
    "as_one": Doing(_as_one, Right.REPORT, once=True, needs=frozenset({"kept"})),
    "as_correction": Doing(_as_correction, Right.REPORT, once=True, needs=frozenset({"kept", "correct"})),
    "as_next": Doing(_as_next, Right.REPORT, once=True, needs=frozenset({"kept", "next"})),
    "attest": Doing(_attest, Right.REPORT, once=True, needs=frozenset({"reports", "agreed"})),
    "remove_file": Doing(_remove_file, Right.REPORT),
    "remove_files": Doing(_remove_files, Right.REPORT, once=True, needs=frozenset({"files"})),
    "join": Doing(_join, Right.REPORT, once=True, needs=frozenset({"first", "kept"})),
    "keep_apart": Doing(_keep_apart, Right.REPORT, once=True, needs=frozenset({"first", "kept"})),
    "withdraw": Doing(_withdraw, Right.REPORT),
    "leave_submitted": Doing(_leave_submitted, Right.REPORT, once=True),
    "correct": Doing(_correct, Right.REPORT),
    "grant_correction": Doing(_grant_correction, Right.DECIDE, once=True),
    "refuse_correction": Doing(_refuse_correction, Right.DECIDE),
    "adopt": Doing(_adopt, Right.ADOPT, once=True),
    "drop": Doing(_drop, Right.ADOPT, once=True),
    "plan_on": Doing(_step_plan, Right.PLAN, needs=frozenset({"assignment"})),
    "plan_skip": Doing(_step_plan, Right.PLAN, needs=frozenset({"assignment", "step"})),
    "plan_back": Doing(_step_plan, Right.PLAN, needs=frozenset({"assignment", "step"})),
    "plan_cancel": Doing(_step_plan, Right.PLAN, once=True, needs=frozenset({"assignment"})),
    "plan_submit": Doing(_step_plan, Right.PLAN, once=True, needs=frozenset({"assignment"})),
    "form_plan": Doing(_send_plan_form, Right.PLAN),
    "form_report": Doing(_send_report_form, Right.REPORT),
    "overdue_page": Doing(_turn_page, Right.SEE_OVERDUE),
    "next_page": Doing(_next_page, Right.SEE_OVERDUE),
    "previous_page": Doing(_previous_page, Right.SEE_OVERDUE),
    "board": Doing(_board, Right.SEE_BOARD),
    "overdue_table": Doing(_overdue_table, Right.SEE_BOARD),
    "remind": Doing(_remind, Right.REMIND),
    "remind_unit": Doing(_remind_unit, Right.REMIND, needs=frozenset({"name"})),
    "send_call": Doing(_send_call, Right.REMIND, once=True, needs=frozenset({"unit"})),
    "drop_call": Doing(_drop_call, Right.REMIND),
    "status": Doing(_status, Right.SEE_UNITS, needs=frozenset({"words"})),
    "unit": Doing(_unit, Right.SEE_UNITS, needs=frozenset({"name"})),
    "tasks_page": Doing(_turn_task_page, Right.SEE_TASKS),
    "task": Doing(_show_task, Right.SEE_TASKS),
    "task_text": Doing(_show_text, Right.SEE_TASKS),
    "ask_units": Doing(_ask_units, Right.ASK_SUPPORT),
    "send_ask": Doing(_send_ask, Right.ASK_SUPPORT, once=True, needs=frozenset({"obligation"})),
    "remind_silent": Doing(_remind_silent, Right.ASK_SUPPORT),
    "stitch": Doing(_stitch, Right.ASK_SUPPORT),
    "contribute": Doing(_contribute, Right.CONTRIBUTE),
    "choose_contribution": Doing(
        _choose_contribution, Right.CONTRIBUTE, once=True, needs=frozenset({"kept", "request"})
    ),
    "language": Doing(_set_language),
    "handover": Doing(_handover, Right.HAND_OVER, once=True),
    "ask_leave": Doing(_ask_leave, Right.HAND_OVER, once=True),
    "leave": Doing(_leave, Right.HAND_OVER, once=True, needs=frozenset({"leaves", "until"})),
    "cancel": Doing(_cancel, Right.HAND_OVER, once=True),
    "extend": Doing(_extend, Right.EXTEND),
    "send_extension": Doing(_send_extension, Right.EXTEND, once=True, needs=frozenset({"form"})),
    "complete": Doing(_complete, Right.COMPLETE),
    "send_completion": Doing(_send_completion, Right.COMPLETE, once=True, needs=frozenset({"form"})),
    "drop_form": Doing(_drop_form),
    "agree": Doing(_agree, Right.DECIDE, once=True),
    "close_out": Doing(_agree, Right.DECIDE, once=True),
    "set_date": Doing(_set_date, Right.DECIDE),
    "grant_until": Doing(_grant_until, Right.DECIDE, once=True, needs=frozenset({"request", "until"})),
    "disagree": Doing(_disagree, Right.DECIDE),
    "send_back": Doing(_disagree, Right.DECIDE),
    "note_absence": Doing(_note_absence, Right.BE_AWAY, once=True, needs=frozenset({"first", "last"})),
    "cancel_absence": Doing(_cancel_absence, Right.BE_AWAY, once=True),
    "revise": Doing(_report_on, Right.REPORT, needs=frozenset({"obligation"})),
    "accept_report": Doing(_accept_report, Right.REVIEW, once=True),
    "return_report": Doing(_ask_return, Right.REVIEW),
    "return_for": Doing(_return_for, Right.REVIEW, once=True, needs=frozenset({"report", "reason"})),
    "next_report": Doing(_next_report, Right.REVIEW),
    "accept_all": Doing(_accept_all, Right.REVIEW),
    "enter": Doing(_enter, Right.ENTER, needs=frozenset({"form"})),
    "waive": Doing(_waive, Right.WAIVE, needs=frozenset({"form", "obligations"})),
    "send_waiver": Doing(_send_waiver, Right.WAIVE, once=True, needs=frozenset({"form", "obligations", "reason"})),
    "send_broadcast": Doing(_send_broadcast, Right.BROADCAST, once=True, needs=frozenset({"form", "units", "text"})),
    "resume_all": Doing(_resume_all, Right.PAUSE, once=True, needs=frozenset({"form"})),
    "resume_fresh": Doing(_resume_fresh, Right.PAUSE, once=True, needs=frozenset({"form"})),
    "send_entry": Doing(_send_entry, Right.ENTER, once=True, needs=frozenset({"form"})),
    "import_calendar": Doing(_import_calendar, Right.SET_CALENDAR, once=True, needs=frozenset({"file"})),
    "drop_calendar": Doing(_drop_calendar, Right.SET_CALENDAR, once=True, needs=frozenset({"file"})),
    "edit": Doing(_edit, Right.CORRECT),
    "due": Doing(_due, Right.CORRECT),
    "unadopt": Doing(_unadopt, Right.CORRECT),
    "put_right": Doing(_put_right, once=True, needs=frozenset({"form", "what", "values", "shown"})),  # right: by what
    "end_role": Doing(_end_role, Right.MANAGE_PEOPLE, needs=frozenset({"person", "role", "unit"})),
    "ask_deletion": Doing(_ask_deletion, once=True, for_former=True),
    "keep_data": Doing(_keep_data, once=True, for_former=True),
    "agree_deletion": Doing(_agree_deletion, Right.DECIDE_DELETION, once=True),
    "refuse_deletion": Doing(_refuse_deletion, Right.DECIDE_DELETION, once=True),
    "draft_slip": Doing(_draft_slip, Right.ISSUE_SLIPS, needs=frozenset({"obligation"})),
    "issue_slip": Doing(_issue_slip, Right.ISSUE_SLIPS, once=True, needs=frozenset({"form", "obligation"})),
    "drop_slip": Doing(_drop_slip, Right.ISSUE_SLIPS, once=True, needs=frozenset({"form"})),
    "decline_slip": Doing(_decline_slip, Right.ISSUE_SLIPS, once=True, needs=frozenset({"slip"})),
    "close_slip": Doing(_close_slip, Right.ISSUE_SLIPS, needs=frozenset({"slip"})),
    "plan_inspection": Doing(_plan_inspection, Right.INSPECT, needs=frozenset({"form"})),
    "confirm_inspection": Doing(_confirm_inspection, Right.INSPECT, once=True, needs=frozenset({"form"})),
    "record_findings": Doing(_record_findings, Right.INSPECT),
    "findings_done": Doing(_findings_done, Right.INSPECT, needs=frozenset({"inspection"})),
    "order_measure": Doing(_order_measure, Right.INSPECT),
    "confirm_measure": Doing(_confirm_measure, Right.INSPECT, once=True, needs=frozenset({"form"})),
    "end_inspection": Doing(_end_inspection, Right.INSPECT),
    "field_files": Doing(_field_files, Right.INSPECT),
    "pass_measure": Doing(_pass_measure, Right.INSPECT, once=True),
    "return_measure": Doing(_return_measure, Right.INSPECT),
    "rectify": Doing(_rectify, Right.ANSWER_MEASURE),
    "sign_slip": Doing(_sign_slip, Right.SIGN_SLIP, once=True),
    "register_group": Doing(_register_group, Right.MANAGE_GROUPS, once=True),
    "refuse_group": Doing(_refuse_group, Right.MANAGE_GROUPS, once=True),
    "leave_group": Doing(_leave_group, Right.MANAGE_GROUPS, once=True),
}
