"""Who may do what: this table says it once more, and every cell of it is tried on the real office.

The table is written by hand and never read from `office/rights.py`: a right that changes there must be changed here too.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from bot.words import catalogue
from office.acting import FOREIGN, press
from office.answering import COMMANDS, answer_command
from office.doing import DOING
from office.receiving import TWINS, receive_edit, receive_text
from office.saying import Action
from office.work import Work
from storage import conversations
from tests.reliability.desk import (
    ABSENT,
    LED,
    NOWHERE,
    OF_TALK,
    OTHER,
    OWN,
    PAIRS,
    PERSONS,
    SINGLE,
    TASKS,
    UNITS,
    Desk,
    Outcome,
    open_desk,
    people_id,
    token_of,
)

LIAISON, HEAD, LEADER, SUPERVISOR, ADMIN, FORMER = "liaison", "head", "leader", "supervisor", "admin", "former"
OFFICE = {SUPERVISOR, ADMIN}
EVERYBODY = {LIAISON, HEAD, LEADER, SUPERVISOR, ADMIN}
EVEN_FORMER = EVERYBODY | {FORMER}

MAY_SEND: dict[str, set[str]] = {  # commands
    "tasks": EVERYBODY,
    "task": EVERYBODY,
    "report": {LIAISON},
    "overdue": EVERYBODY,
    "status": OFFICE,
    "unit": OFFICE,
    "plan": {LIAISON},
    "form": {LIAISON},
    "ask": {LIAISON},
    "extend": {LIAISON},
    "done": {LIAISON},
    "withdraw": {LIAISON},
    "correct": {LIAISON},
    "away": {LIAISON},
    "handover": {LIAISON},
    "leave": {LIAISON},
    "review": OFFICE,
    "enter": OFFICE,
    "waive": OFFICE,
    "broadcast": OFFICE,
    "pause": OFFICE,
    "resume": OFFICE,
    "slip": EVERYBODY,
    "inspect": EVERYBODY,
    "edit": OFFICE,
    "due": OFFICE,
    "people": OFFICE,
    "invite": OFFICE,
    "extensions": OFFICE,
    "completions": OFFICE,
    "corrections": OFFICE,
    "plans": OFFICE,
    "registrations": OFFICE,
    "groups": OFFICE,
    "mydata": EVEN_FORMER,
    "forget": EVEN_FORMER,
    "language": EVERYBODY,
    "help": EVERYBODY,
    "start": EVERYBODY,
}
MAY_DO: dict[str, set[str]] = {  # buttons and the words typed in their place
    "sign": {LIAISON},
    "submit": {LIAISON},
    "change": {LIAISON},
    "add_parts": {LIAISON},
    "skip": {LIAISON},
    "stage": {LIAISON},
    "report_on": {LIAISON},
    "other_task": {LIAISON},
    "choose": {LIAISON},
    "as_one": {LIAISON},
    "as_correction": {LIAISON},
    "as_next": {LIAISON},
    "attest": {LIAISON},
    "remove_file": {LIAISON},
    "remove_files": {LIAISON},
    "join": {LIAISON},
    "keep_apart": {LIAISON},
    "withdraw": {LIAISON},
    "leave_submitted": {LIAISON},
    "correct": {LIAISON},
    "grant_correction": OFFICE,
    "refuse_correction": OFFICE,
    "adopt": OFFICE,
    "drop": OFFICE,
    "plan_on": {LIAISON},
    "plan_skip": {LIAISON},
    "plan_back": {LIAISON},
    "plan_cancel": {LIAISON},
    "plan_submit": {LIAISON},
    "form_plan": {LIAISON},
    "form_report": {LIAISON},
    "overdue_page": EVERYBODY,
    "next_page": EVERYBODY,
    "previous_page": EVERYBODY,
    "board": {HEAD, LEADER, SUPERVISOR, ADMIN},
    "overdue_table": {HEAD, LEADER, SUPERVISOR, ADMIN},
    "remind": OFFICE,
    "remind_unit": OFFICE,
    "send_call": OFFICE,
    "drop_call": OFFICE,
    "status": OFFICE,
    "unit": OFFICE,
    "tasks_page": EVERYBODY,
    "task": EVERYBODY,
    "task_text": EVERYBODY,
    "ask_units": {LIAISON},
    "send_ask": {LIAISON},
    "remind_silent": {LIAISON},
    "stitch": {LIAISON},
    "contribute": {LIAISON},
    "choose_contribution": {LIAISON},
    "language": EVERYBODY,
    "handover": {LIAISON},
    "ask_leave": {LIAISON},
    "leave": {LIAISON},
    "cancel": {LIAISON},
    "extend": {LIAISON},
    "send_extension": {LIAISON},
    "complete": {LIAISON},
    "send_completion": {LIAISON},
    "drop_form": EVERYBODY,
    "agree": OFFICE,
    "close_out": OFFICE,
    "set_date": OFFICE,
    "grant_until": OFFICE,
    "disagree": OFFICE,
    "send_back": OFFICE,
    "note_absence": {LIAISON},
    "cancel_absence": {LIAISON},
    "ask_deletion": EVEN_FORMER,
    "keep_data": EVEN_FORMER,
    "agree_deletion": OFFICE,
    "refuse_deletion": OFFICE,
    "revise": {LIAISON},
    "accept_report": OFFICE,
    "return_report": OFFICE,
    "return_for": OFFICE,
    "next_report": OFFICE,
    "accept_all": OFFICE,
    "enter": OFFICE,
    "send_entry": OFFICE,
    "waive": OFFICE,
    "send_waiver": OFFICE,
    "send_broadcast": OFFICE,
    "resume_all": OFFICE,
    "resume_fresh": OFFICE,
    "import_calendar": {ADMIN},
    "drop_calendar": {ADMIN},
    "edit": OFFICE,
    "due": OFFICE,
    "unadopt": OFFICE,
    "put_right": OFFICE,
    "end_role": OFFICE,
    "draft_slip": OFFICE,
    "issue_slip": OFFICE,
    "drop_slip": OFFICE,
    "decline_slip": OFFICE,
    "close_slip": OFFICE,
    "sign_slip": {LIAISON, HEAD, LEADER},
    "plan_inspection": OFFICE,
    "confirm_inspection": OFFICE,
    "record_findings": OFFICE,
    "findings_done": OFFICE,
    "order_measure": OFFICE,
    "confirm_measure": OFFICE,
    "end_inspection": OFFICE,
    "field_files": OFFICE,
    "pass_measure": OFFICE,
    "return_measure": OFFICE,
    "rectify": {LIAISON},
    "register_group": OFFICE,
    "refuse_group": OFFICE,
    "leave_group": OFFICE,
}
MAY_SAY = {"签收": {LIAISON, HEAD, LEADER}, "sign": {LIAISON, HEAD, LEADER}}  # words that mean several buttons
REACH: dict[str, dict[str, set[str]]] = {  # how far it reaches of what lies where; the whole office is all three
    "see": {LIAISON: {OWN}, HEAD: {OWN}, LEADER: {LED}, SUPERVISOR: {OWN, LED, OTHER}, ADMIN: {OWN, LED, OTHER}},
    "serve": {LIAISON: {OWN}},
    "receive": {LIAISON: {OWN}, HEAD: {OWN}, LEADER: {LED}},
    "office": {SUPERVISOR: {OWN, LED, OTHER}, ADMIN: {OWN, LED, OTHER}},
}
NOT_ALLOWED, STRANGER = catalogue("zh")["not_allowed"], catalogue("zh")["stranger"]
MISSING = (
    "who may use {kind} {names}? Add a line to {table} in tests/reliability/test_rights.py, and one to AIMED there"
    " if a button of it names a unit, a task or a report"
)
AT_ONCE = {
    "leave_group",
    "forgotten",
}  # to others, and not held by a pause: nobody reads the one, the other is the last
Values = Callable[[Desk, str], Action]


def obligation(desk: Desk, side: str) -> int:
    """Give the first obligation of the unit on that side."""
    if side == NOWHERE:
        return ABSENT
    sql = "SELECT min(o.id) FROM obligation o JOIN task t ON t.id = o.task_id JOIN unit u ON u.id = o.unit_id"
    return desk.number(f"{sql} WHERE t.no = :no AND u.name = :unit", no=TASKS[side], unit=UNITS[side])


def of_unit(desk: Desk, side: str) -> int:
    return ABSENT if side == NOWHERE else desk.number("SELECT id FROM unit WHERE name = :n", n=UNITS[side])


def of_task(desk: Desk, side: str) -> int:
    return ABSENT if side == NOWHERE else desk.number("SELECT id FROM task WHERE no = :n", n=TASKS[side])


def draft(desk: Desk, side: str) -> int:
    found = desk.rows("SELECT id FROM report WHERE state = 'draft' AND obligation_id = :o", o=obligation(desk, side))
    return int(found[0][0]) if found else ABSENT


def assignment(desk: Desk, side: str) -> int:
    found = desk.rows(
        "SELECT id FROM assignment WHERE task_id = :t AND unit_id = :u", t=of_task(desk, side), u=of_unit(desk, side)
    )
    return int(found[0][0]) if found else ABSENT


def of_notice(_desk: Desk, side: str) -> int:
    return ABSENT if side == NOWHERE else 1


def liaison_of(desk: Desk, side: str) -> int:
    return ABSENT if side == NOWHERE else people_id(desk, LIAISON if side == OWN else f"liaison of {side}")


def _one(desk: Desk, side: str, sql: str) -> int:
    """Look up the number of what is the unit's on that side."""
    return ABSENT if side == NOWHERE else desk.number(sql, unit=of_unit(desk, side))


def waiting_report(desk: Desk, side: str) -> int:
    sql = "SELECT r.id FROM report r JOIN obligation o ON o.id = r.obligation_id WHERE o.unit_id = :unit"
    return _one(desk, side, f"{sql} AND r.state = 'submitted' AND o.state = 'submitted'")


def slip(desk: Desk, side: str, state: str = "issued") -> int:
    sql = "SELECT s.id FROM slip s JOIN obligation o ON o.id = s.obligation_id WHERE o.unit_id = :unit"
    return _one(desk, side, f"{sql} AND s.state = '{state}'")


def inspection(desk: Desk, side: str) -> int:
    return _one(desk, side, "SELECT inspection_id FROM inspected_unit WHERE unit_id = :unit")


def measure(desk: Desk, side: str, state: str = "open") -> int:
    return _one(desk, side, f"SELECT id FROM measure WHERE unit_id = :unit AND state = '{state}'")


def measure_answer(desk: Desk, side: str) -> int:
    return _one(
        desk, side, "SELECT a.id FROM measure_answer a JOIN measure m ON m.id = a.measure_id WHERE m.unit_id = :unit"
    )


def serving(desk: Desk, side: str) -> Action:
    """Give the role of a unit's liaison, to be ended."""
    return {"person": liaison_of(desk, side), "role": LIAISON, "unit": of_unit(desk, side), "reason": "调离岗位"}


def planned(desk: Desk, side: str) -> Action:
    """Give a filled plan of an inspection; none names a unit that is not there."""
    units = {} if side == NOWHERE else {"units": [of_unit(desk, side)]}
    return {**FORM, **units, "day": "2099-01-01", "tasks": [], "announced": True}


def unit_name(side: str) -> str:
    return UNITS.get(side, "区无此局")


FORM = {"form": "f" * 16}
LATER = "2099-01-01T00:00:00+00:00"
AIMED: dict[str, tuple[str, Values]] = {  # buttons that name something, and how far whoever may press them reaches
    "sign": ("serve", lambda d, s: {"assignments": [assignment(d, s)]}),
    "submit": ("serve", lambda d, s: {"reports": [draft(d, s)]}),
    "change": ("serve", lambda d, s: {"reports": [draft(d, s)]}),
    "add_parts": ("serve", lambda d, s: {"reports": [draft(d, s)]}),
    "skip": ("serve", lambda d, s: {"reports": [draft(d, s)], "pending": [[draft(d, s), "problems"]]}),
    "stage": ("serve", lambda d, s: {"reports": [draft(d, s)], "pending": [[draft(d, s), "stage"]], "met": True}),
    "report_on": ("serve", lambda d, s: {"obligation": obligation(d, s)}),
    "other_task": ("serve", lambda d, s: {"reports": [draft(d, s)]}),
    "attest": ("serve", lambda d, s: {"reports": [draft(d, s)], "agreed": True}),
    "ask_units": ("serve", lambda d, s: {"obligation": obligation(d, s)}),
    "send_ask": ("serve", lambda d, s: {"obligation": obligation(d, s)}),
    "remind_silent": ("serve", lambda d, s: {"obligation": obligation(d, s)}),
    "stitch": ("serve", lambda d, s: {"obligation": obligation(d, s)}),
    "extend": ("serve", lambda d, s: {"obligation": obligation(d, s)}),
    "complete": ("serve", lambda d, s: {"task": of_task(d, s), "unit": of_unit(d, s)}),
    "handover": ("serve", lambda d, s: {"unit": of_unit(d, s)}),
    "ask_leave": ("serve", lambda d, s: {"unit": of_unit(d, s)}),
    "leave": ("serve", lambda d, s: {"leaves": of_unit(d, s), "until": LATER}),
    "revise": ("serve", lambda d, s: {"obligation": obligation(d, s)}),
    "accept_report": ("office", lambda d, s: {"report": waiting_report(d, s)}),
    "return_report": ("office", lambda d, s: {"report": waiting_report(d, s)}),
    "return_for": ("office", lambda d, s: {"report": waiting_report(d, s), "reason": "数据缺失"}),
    "enter": ("office", lambda d, s: {**FORM, "unit": unit_name(s)}),
    "send_entry": (
        "office",
        lambda d, s: (
            {**FORM, "unit": unit_name(s), "obligation": obligation(d, s), "source": "phone"}
            | {"received": d.clock.now().isoformat(), "text": "已建成8座泵站。"}
        ),
    ),
    "waive": ("office", lambda d, s: {**FORM, "obligations": [obligation(d, s)], "reason": "机构改革"}),
    "send_waiver": ("office", lambda d, s: {**FORM, "obligations": [obligation(d, s)], "reason": "机构改革"}),
    "edit": ("office", lambda d, s: {"task": of_task(d, s)}),
    "unadopt": ("office", lambda d, s: {"notice": of_notice(d, s)}),
    "put_right": ("office", lambda d, s: {**FORM, "shown": "", "what": "end_role"} | {"values": serving(d, s)}),
    "end_role": ("office", serving),
    "draft_slip": ("office", lambda d, s: {"obligation": obligation(d, s)}),
    "issue_slip": (
        "office",
        lambda d, s: {**FORM, "obligation": obligation(d, s), "requirement": "", "colour": "red"},
    ),
    "decline_slip": ("office", lambda d, s: {"slip": slip(d, s, "proposed")}),
    "close_slip": ("office", lambda d, s: {"slip": slip(d, s)}),
    "sign_slip": ("receive", lambda d, s: {"slip": slip(d, s)}),
    "confirm_inspection": ("office", planned),
    "record_findings": ("office", lambda d, s: {"inspection": inspection(d, s)}),
    "findings_done": ("office", lambda d, s: {"inspection": inspection(d, s)}),
    "order_measure": ("office", lambda d, s: {"inspection": inspection(d, s)}),
    "confirm_measure": (
        "office",
        lambda d, s: {
            **FORM,
            "inspection": inspection(d, s),
            "unit": of_unit(d, s),
            "due": "2099-01-01",
            "text": "更换。",
        },
    ),
    "end_inspection": ("office", lambda d, s: {"inspection": inspection(d, s)}),
    "field_files": ("office", lambda d, s: {"inspection": inspection(d, s)}),
    "pass_measure": ("office", lambda d, s: {"answer": measure_answer(d, s)}),
    "return_measure": ("office", lambda d, s: {"answer": measure_answer(d, s)}),
    "rectify": ("serve", lambda d, s: {"measure": measure(d, s)}),
    "task": ("see", lambda d, s: {"task": of_task(d, s)}),
    "task_text": ("see", lambda d, s: {"task": of_task(d, s), "page": 0}),
}
SHOWN: dict[str, Action] = {  # what other buttons carry that have to carry something
    "overdue_page": {"words": "", "page": 0},
    "tasks_page": {"words": "", "page": 0},
    "language": {"to": "zh"},
    "remind_unit": {"name": UNITS[OWN]},
    "status": {"words": ""},
    "unit": {"name": UNITS[OWN]},
    "accept_all": {"words": ""},
    "send_broadcast": {**FORM, "units": [UNITS[OWN]], "text": "请核对台账。"},
    "resume_all": FORM,
    "resume_fresh": FORM,
    "import_calendar": {"file": ABSENT},
    "drop_calendar": {"file": ABSENT},
    "drop_slip": FORM,
    "plan_inspection": FORM,
}
SAME_FOR_ALL = {"remind_silent", "stitch"}  # nobody was asked yet: the own says no more either


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give the office."""
    return open_desk(tmp_path_factory.mktemp("desk"))


def roles(who: str) -> set[str]:
    return set() if who == "stranger" else set(who.split("+"))


def carried(desk: Desk, name: str, side: str = OWN) -> Action:
    """Give what a button of this action carries."""
    if name == "send_call":
        return {"unit": of_unit(desk, side)}
    return AIMED[name][1](desk, side) if name in AIMED else SHOWN.get(name, {})


def is_refused(got: Outcome) -> bool:
    """Whether somebody was told that it is not for them, and nothing else."""
    return [said for _, said in got.said] in ([NOT_ALLOWED], [STRANGER])


def check(got: Outcome, who: str, allowed: set[str], what: str) -> None:
    """Check one cell."""
    assert got.said or got.ended == FOREIGN, f"{what} as {who}: nothing was answered"
    assert got.at_once <= AT_ONCE, f"{what} as {who}: {got.at_once - AT_ONCE} would go out during a pause"
    if roles(who) & allowed:
        assert not is_refused(got), f"{what} as {who}: refused"
        return
    assert is_refused(got) or got.ended == FOREIGN, f"{what} as {who}: {got.kinds}"
    assert got.written <= OF_TALK, f"{what} as {who} wrote {got.written - OF_TALK}"


def test_the_table_names_every_command_and_every_action() -> None:
    for kind, table, told, there in (
        ("the command", "MAY_SEND", MAY_SEND, COMMANDS),
        ("the action", "MAY_DO", MAY_DO, DOING),
    ):
        new, gone = sorted(set(there) - set(told)), sorted(set(told) - set(there))
        assert not new, MISSING.format(kind=kind, names=", ".join(new), table=table)
        assert not gone, f"{table} in tests/reliability/test_rights.py still names {', '.join(gone)}"


@pytest.mark.parametrize("who", PERSONS)
def test_commands_buttons_and_words_do_what_the_table_says_for(desk: Desk, who: str) -> None:
    cells = 0
    for name in COMMANDS:
        check(desk.command(who, name), who, MAY_SEND[name], f"/{name}")
        cells += 1
    for name in DOING:
        values = carried(desk, name, LED if LEADER in roles(who) and name in ("task", "task_text") else OWN)
        check(desk.pressed(who, {**values, "do": name}), who, MAY_DO[name], f"the button {name}")
        cells += 1
    for said, name in TWINS.items():
        if name in DOING:
            check(desk.typed(who, said), who, MAY_SAY.get(said, MAY_DO[name]), f"the word {said}")
            cells += 1
    assert cells * len(PERSONS) > 2000


@pytest.mark.parametrize("who", [*SINGLE, *PAIRS])
def test_what_lies_out_of_reach_is_as_if_it_were_not_there(desk: Desk, who: str) -> None:
    for name, (right, values) in AIMED.items():
        if not roles(who) & MAY_DO[name]:
            continue
        reached = set().union(*(REACH[right].get(role, set()) for role in roles(who)))
        nothing = desk.pressed(who, {**values(desk, NOWHERE), "do": name})
        assert nothing.written <= OF_TALK
        for side in (OWN, LED, OTHER):
            got = desk.pressed(who, {**values(desk, side), "do": name})
            if side not in reached:
                assert got.said == nothing.said, f"{name} as {who} shows what is {side}"
                assert got.written <= OF_TALK, f"{name} as {who} changes what is {side}: {got.written - OF_TALK}"
            elif name not in SAME_FOR_ALL:
                assert (got.said, got.written) != (nothing.said, nothing.written), (
                    f"{name} as {who} does nothing for {side}"
                )


@pytest.mark.parametrize("who", [*SINGLE, *PAIRS])
def test_words_that_name_what_is_out_of_reach_find_nothing(desk: Desk, who: str) -> None:
    reached = set().union(*(REACH["see"].get(role, set()) for role in roles(who)))
    for command, named in (("task", "{no}"), ("tasks", "{unit}"), ("overdue", "{unit}")):
        nothing = desk.command(who, command, named.format(no=99, unit="区无此局"))
        for side in (OWN, LED, OTHER):
            words = named.format(no=TASKS[side], unit=UNITS[side])
            got = desk.command(who, command, words)
            if side not in reached:
                told = [said.replace(words, "？") for _, said in got.said]
                assert told == [said.replace("99", "？").replace("区无此局", "？") for _, said in nothing.said]
    for command in ("report", "extend", "done", "ask", "withdraw", "correct"):
        if LIAISON in roles(who):
            for no in (TASKS[LED], TASKS[OTHER]):
                got, nothing = desk.command(who, command, f"{no}"), desk.command(who, command, "99")
                told = [said.replace(f"{no}", "？") for _, said in got.said]
                assert told == [said.replace("99", "？").replace(f"{no}", "？") for _, said in nothing.said], command


@pytest.mark.parametrize("who", [*SINGLE, *PAIRS])
def test_numbers_of_slips_and_measures_out_of_reach_are_as_if_nothing_had_them(desk: Desk, who: str) -> None:
    seen = set().union(*(REACH["see"].get(role, set()) for role in roles(who)))
    answered = REACH["serve"][LIAISON] if LIAISON in roles(who) else set()
    for side in (OWN, LED, OTHER):
        number = desk.number("SELECT number FROM slip WHERE id = :s", s=slip(desk, side))
        got, nothing = desk.command(who, "slip", f"{number}号"), desk.command(who, "slip", "99号")
        assert (got.said == nothing.said) == (side not in seen), f"/slip as {who} for what is {side}"
        for state in ("open", "answered"):
            no = measure(desk, side, state)
            told, none = (desk.typed(who, f"整改{number} 灭火器已全部更换") for number in (f"{no:03}", "999"))
            if side not in answered:
                assert told.written == none.written
                named = [said.replace(f"{no:03}", "？") for _, said in told.said]
                assert named == [said.replace("999", "？") for _, said in none.said]
            elif state == "open":
                assert "measure_answer" in told.written


@pytest.mark.parametrize("who", [*SINGLE, *PAIRS])
def test_refusals_do_not_depend_on_what_is_named(desk: Desk, who: str) -> None:
    for name, allowed in MAY_SEND.items():
        for words in (f"{UNITS[OWN]} {TASKS[OWN]} 因机构改革", "1", "区无此局 99 因机构改革"):
            if not roles(who) & allowed:
                assert is_refused(desk.command(who, name, words)), f"/{name} {words} as {who}"
    for name, (_, values) in AIMED.items():
        for side in (OWN, NOWHERE):
            if not roles(who) & MAY_DO[name]:
                assert is_refused(desk.pressed(who, {**values(desk, side), "do": name})), f"{name} {side} as {who}"


def test_only_an_administrator_appoints_and_ends_the_offices_people(desk: Desk) -> None:
    for person in (people_id(desk, "admin"), people_id(desk, "supervisor+admin"), ABSENT):
        for role in (SUPERVISOR, ADMIN):
            ended = {"person": person, "role": role, "unit": None}
            proposed = {**FORM, "what": "end_role", "values": {**ended, "reason": "调离岗位"}, "shown": ""}
            for action in ({**ended, "do": "end_role"}, {**proposed, "do": "put_right"}):
                assert is_refused(desk.pressed(SUPERVISOR, action))
                assert not is_refused(desk.pressed(ADMIN, action))
    for words in ("督查人员 钱科", "管理员 钱科"):
        assert is_refused(desk.command(SUPERVISOR, "invite", words))
        assert desk.command(ADMIN, "invite", words).kinds == ["invite_made"]


QUESTIONS = {  # what opens a question of the office, line by line, and what is typed as its answer
    "/review": ("通过", "退回 数据缺失", "全部通过"),
    "/enter 区发改局": ("1", "电话"),
    "/waive 1": ("因机构改革",),
    "/broadcast 请核对台账。": ("确认",),
    "/slip 销单 1号": ("已经面谈",),
    "/inspect 区发改局": ("明天",),
    "/inspect 记录 1": ("消防通道堵塞。",),
    "/edit 1": ("内容", "内容改为：建成3座泵站"),
    "/due 一季度": ("4月25日",),
    "/edit 1 取消任务 因重复": ("确认",),
    "/people 区教体局": ("撤销职务 1",),
    "/people 区教体局\n撤销职务 1": ("调离岗位",),
    "/people 区教体局\n撤销职务 1\n调离岗位": ("确认",),
    "整改退回 2": ("照片不清楚",),
}


QUESTIONS_OF_UNITS = {  # the same of a liaison
    "/report": ("1", "已完成3个项目。"),
    "/extend 1": ("4月25日 因供地手续未办完",),
    "/extend 1 4月25日 因供地手续未办完\n跳过": ("确认",),
    "/done 1": ("任务已经全部完成。",),
    "/away": ("5月1日-5月7日",),
    "/ask 1": ("确认", "请提供数据"),
    "/leave": ("确认", "1"),
    "/handover": ("1",),
    "答复整改": ("灭火器已全部更换。",),
}


@pytest.mark.parametrize("opened", [*QUESTIONS, *QUESTIONS_OF_UNITS])
def test_a_question_left_open_by_a_role_that_ended_takes_no_answer(desk: Desk, opened: str) -> None:
    role, left = (LIAISON, HEAD) if opened in QUESTIONS_OF_UNITS else (SUPERVISOR, LIAISON)
    who = next(pair for pair in PAIRS if roles(pair) == {role, left})
    person, end = people_id(desk, who), f"UPDATE membership SET until = since WHERE role = '{role}' AND person_id = :p"

    def prepare(work: Work, *, leave_open: bool) -> None:
        for said in opened.split("\n"):
            if said.startswith("/"):
                answer_command(work, desk.letter(who), *said.removeprefix("/").partition(" ")[::2])
            else:
                receive_text(work, desk.letter(who, said))
        assert work.tx.execute(text("SELECT count(*) FROM dialogue")).scalar_one() == 1, "no question was opened"
        work.tx.execute(text(end), {"p": person})
        if not leave_open:
            work.tx.execute(text("DELETE FROM dialogue"))

    for said in {**QUESTIONS, **QUESTIONS_OF_UNITS}[opened]:
        got, without = (
            desk.outcome(
                who,
                lambda work, said=said: receive_text(work, desk.letter(who, said)),  # type: ignore[misc]
                prepare=lambda work, is_open=is_open: prepare(work, leave_open=is_open),  # type: ignore[misc]
            )
            for is_open in (True, False)
        )
        assert got.said == without.said, said
        assert got.written - OF_TALK == without.written - OF_TALK


def test_which_unit_is_to_be_reminded_is_answered_only_by_who_may(desk: Desk) -> None:
    for who in (HEAD, LEADER, SUPERVISOR):
        got = desk.outcome(
            who,
            lambda work, who=who: receive_text(work, desk.letter(who, UNITS[OTHER])),  # type: ignore[misc]
            prepare=lambda work, who=who: conversations.ask(  # type: ignore[misc]
                work.tx, desk.accounts[who], "remind_which", {}, at=work.at
            ),
        )
        assert got.kinds == (["remind"] if who == SUPERVISOR else ["not_understood"])


def test_which_report_is_to_be_corrected_is_asked_again_only_of_own_ones(desk: Desk) -> None:
    for side, kind in ((OWN, "which_closed"), (OTHER, "which_report")):
        among = [obligation(desk, side)]
        got = desk.outcome(
            LIAISON,
            lambda work: receive_text(work, desk.letter(LIAISON, "99")),
            prepare=lambda work, among=among: conversations.ask(  # type: ignore[misc]
                work.tx, desk.accounts[LIAISON], "correct_which", {"among": among}, at=work.at
            ),
        )
        assert got.kinds == [kind]
        assert not any(UNITS[OTHER] in said or "第4项" in said for _, said in got.said)


def test_an_answer_is_edited_only_by_who_still_serves_the_unit(desk: Desk) -> None:
    message, moved = 8000 + TASKS[OWN], {"p": people_id(desk, "liaison"), "u": of_unit(desk, OTHER)}

    def edit(work: Work) -> None:
        receive_edit(work, desk.letter("liaison", "已更换，附照片。", message))

    def move(work: Work) -> None:
        work.tx.execute(text("UPDATE membership SET unit_id = :u WHERE person_id = :p"), moved)

    assert "measure_answer" in desk.outcome("liaison", edit).written
    assert desk.outcome("liaison", edit, prepare=move).written <= OF_TALK


def test_nothing_is_ordered_at_an_inspection_that_is_over(desk: Desk) -> None:
    action = {**carried(desk, "confirm_measure"), "do": "confirm_measure"}
    assert "measure" in desk.pressed(SUPERVISOR, action).written
    token, supervisor = "m" * 16, people_id(desk, SUPERVISOR)

    def close(work: Work) -> None:
        token_of(work, supervisor, [action], token)
        work.tx.execute(text("UPDATE inspection SET state = 'cancelled'"))

    got = desk.outcome(SUPERVISOR, lambda work: press(work, desk.letter(SUPERVISOR), f"{token}:0"), prepare=close)
    assert (got.ended, got.kinds) == ("refused", ["inspection_refused"])


def test_a_role_that_ended_between_showing_and_pressing_ends_the_button(desk: Desk) -> None:
    for name, allowed in MAY_DO.items():
        if FORMER in allowed:
            continue
        who = next(role for role in SINGLE if role in allowed)
        values = carried(desk, name)
        got = desk.pressed(who, {**values, "do": name}, revoked=True)
        assert [said for _, said in got.said] == [STRANGER], name
        assert got.written <= OF_TALK | {"membership"}, name


def test_another_persons_button_does_nothing_for_anybody(desk: Desk) -> None:
    for name in DOING:
        values = carried(desk, name)
        for who in ("stranger", "former", "supervisor", "liaison"):
            got = desk.pressed(who, {**values, "do": name}, of="admin")
            assert (got.ended, got.said) == (FOREIGN, ())
            assert got.written <= OF_TALK


def test_a_button_is_pressed_once_and_for_its_time_only(desk: Desk) -> None:
    person = people_id(desk, "liaison")
    with desk.undone() as tx:
        work = desk.work(tx)
        token_of(work, person, [{"do": "sign"}], "o" * 16)
        token_of(work, person, [{"do": "sign"}], "e" * 16, days=0)
        letter = desk.letter("liaison")
        ended = [press(work, letter, f"{token * 16}:0") for token in "ooe"]
    assert ended == ["done_once", "used", "expired"]
