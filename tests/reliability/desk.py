"""One office's database with everybody in it, for acting on it thousands of times, each time undone afterwards."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text

from bot.wording import word
from bot.words import Words
from notices.plan import Plan
from office.acting import press
from office.answering import answer_command
from office.chasing.inspections import answer_measure, note_finding, order_measure, plan_inspection
from office.chasing.slips import Draft, issue_slip
from office.notice.adopting import adopt_notice
from office.receiving import receive_text
from office.register.inviting import invite_person, invite_units
from office.register.registering import register
from office.reports.drafting import shown_task
from office.reports.entering import enter_report
from office.saying import Action
from office.work import Letter, Work
from rules.clock import SimulatedClock
from rules.policy import Policy
from storage import conversations, ledger, outbox, people, slips
from storage.engine import open_engine
from storage.people import KnownPerson
from storage.schema import create_database
from storage.states import Role, SlipColour
from storage.vault import Vault, create_key, open_vault
from tests.cast import MORNING, ZONE, notice, task

OWN, LED, OTHER, NOWHERE = "own", "led", "other", "nowhere"  # how a target lies to the persons below; the last is none
UNITS = {OWN: "区发改局", LED: "区教体局", OTHER: "区民政局"}
TASKS = {OWN: 1, LED: 3, OTHER: 4}
LEADER = "赵区长"
SINGLE = {
    "liaison": Role.LIAISON,
    "head": Role.HEAD,
    "leader": Role.LEADER,
    "supervisor": Role.SUPERVISOR,
    "admin": Role.ADMIN,
}
PAIRS = tuple("+".join(pair) for pair in combinations(SINGLE, 2))
PERSONS = ("stranger", "former", *SINGLE, *PAIRS)
WRITES = ("INSERT INTO ", "UPDATE ", "DELETE FROM ")
OF_TALK = {"outbox", "keyboard", "dialogue", "fact"}  # what may be written for a person who is refused
WORDS = Words("zh", ZONE)
OPENED = {"code": "", "link": None}  # what is put into a message only when it goes out
ABSENT = 987_654  # a number that nothing has


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody got: how a press ended, what was said to them (kind and text), which tables were written.

    `at_once`: the kinds of what goes out to others as if they had asked for it.
    """

    ended: str
    said: tuple[tuple[str, str], ...]
    written: frozenset[str]
    at_once: frozenset[str]

    @property
    def kinds(self) -> list[str]:
        """Give the kinds of what was said."""
        return [kind for kind, _ in self.said]


@dataclass
class Desk:
    """The office, its people by what they are, and the numbers of what there is."""

    engine: Engine
    vault: Vault
    clock: SimulatedClock
    policy: Policy
    accounts: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        event.listen(self.engine, "after_cursor_execute", self._note)

    def _note(self, _c: object, cursor: Any, statement: str, *_rest: object) -> None:
        for begin in WRITES:
            if statement.startswith(begin) and cursor.rowcount != 0:
                self.written.add(statement[len(begin) :].split(maxsplit=1)[0].strip('"'))

    def work(self, tx: Connection) -> Work:
        """Give the work of a transaction, now."""
        return Work(tx, self.clock.now(), self.policy, self.vault)

    def letter(self, who: str, said: str = "", message_id: int = 900_000) -> Letter:
        """Give what a person sends in private."""
        account = self.accounts[who]
        return Letter(account, account, f"某{who}", message_id, self.clock.now(), text=said)

    @contextmanager
    def undone(self) -> Iterator[Connection]:
        """Act in a transaction that leaves nothing behind."""
        with self.engine.connect() as tx, tx.begin() as transaction:
            yield tx
            transaction.rollback()

    def keep(self, act: Callable[[Work], Any]) -> Any:
        """Act, and keep it."""
        with self.engine.begin() as tx:
            return act(self.work(tx))

    def rows(self, sql: str, **values: object) -> list[Any]:
        """Look into the database."""
        with self.undone() as tx:
            return [tuple(row) for row in tx.execute(text(sql), values)]

    def number(self, sql: str, **values: object) -> int:
        """Look one number up."""
        [(found,)] = self.rows(sql, **values)
        return int(found)

    def outcome(self, who: str, act: Callable[[Work], Any], *, prepare: Callable[[Work], Any] | None = None) -> Outcome:
        """Let somebody act, see what they get, and undo it."""
        with self.undone() as tx:
            work = self.work(tx)
            if prepare is not None:
                prepare(work)
            before = tx.execute(text("SELECT coalesce(max(id), 0) FROM outbox")).scalar_one()
            self.written.clear()
            ended = act(work)
            said = tx.execute(
                text("SELECT kind, content FROM outbox WHERE id > :n AND chat_id = :chat ORDER BY id"),
                {"n": before, "chat": self.accounts[who]},
            ).all()
            others = tx.execute(
                text("SELECT kind FROM outbox WHERE id > :n AND chat_id <> :chat AND priority = :answer"),
                {"n": before, "chat": self.accounts[who], "answer": outbox.ANSWER},
            ).scalars()
            at_once, written = frozenset(others), frozenset(self.written)
        return Outcome(str(ended), tuple((kind, worded(kind, content)) for kind, content in said), written, at_once)

    def command(self, who: str, name: str, words: str = "") -> Outcome:
        """Let somebody send a command."""
        return self.outcome(who, lambda work: answer_command(work, self.letter(who, f"/{name} {words}"), name, words))

    def typed(self, who: str, said: str) -> Outcome:
        """Let somebody type a text."""
        return self.outcome(who, lambda work: receive_text(work, self.letter(who, said)))

    def pressed(self, who: str, action: Action, *, of: str | None = None, revoked: bool = False) -> Outcome:
        """Let somebody press a button with this action, made for them or for somebody else.

        `revoked`: every role of its owner ends between showing and pressing.
        """
        owner = people_id(self, of or who)

        def offer(work: Work) -> None:
            token_of(work, owner, [action], "t" * 16)
            if revoked:
                _end(work, owner)

        return self.outcome(who, lambda work: press(work, self.letter(who), f"{'t' * 16}:0"), prepare=offer)


def worded(kind: str, content: Any) -> str:
    """Word a message as its reader sees it, its buttons' labels too."""
    values = json.loads(content) if isinstance(content, str) else content  # as the column is stored
    found = word(kind, {**OPENED, **values}, WORDS)
    rows = (found.markup or {}).get("inline_keyboard", [])
    return "\n".join([found.text, *(button["text"] for row in rows for button in row)])


def token_of(work: Work, owner: int, actions: Sequence[Action], token: str, *, days: int = 60) -> None:
    """Keep the actions behind a message's buttons."""
    conversations.add_buttons(
        work.tx,
        token=token,
        person_id=owner,
        actions=list(actions),
        at=work.at,
        expires_at=work.at + timedelta(days=days),
    )


def people_id(desk: Desk, who: str) -> int:
    """Give a person's number; a stranger has none, and gets the supervisor's buttons."""
    account = desk.accounts["supervisor" if who == "stranger" else who]
    if who not in desk.people:
        desk.people[who] = desk.number("SELECT id FROM person WHERE telegram_id = :a", a=account)
    return desk.people[who]


def open_desk(folder: Path, policy: Policy | None = None) -> Desk:
    """Make the office: three units with a task each, every role alone and every two together.

    Of each task one period is reported, returned and begun anew, the next one waits for its review and a slip is proposed
    for the third; each unit has a slip to sign for, and something to put right.
    """
    url = f"sqlite:///{folder / 'duban.db'}"
    create_database(url)
    create_key(folder / "duban.key")
    desk = Desk(
        open_engine(url),
        open_vault(folder / "duban.key"),
        SimulatedClock(MORNING),
        policy or Policy(office="清河区督查室"),
    )
    units = UNITS
    first = task(1, units[OWN])
    given = notice(
        replace(first, owners=(*first.owners, *task(1, "区财政局", role="support").owners)),
        task(3, units[LED], leaders=(LEADER,)),
        task(4, units[OTHER]),
    )
    desk.keep(lambda work: adopt_notice(work, Plan(given), source_hash="abc"))
    for place, who in enumerate((*PERSONS, "liaison of led", "liaison of other")):
        desk.accounts[who] = 5000 + place
    for who in (*SINGLE, *PAIRS):
        for name in who.split("+"):
            _register(desk, who, SINGLE[name], units[OWN])
    _register(desk, "liaison of led", Role.LIAISON, units[LED])
    _register(desk, "liaison of other", Role.LIAISON, units[OTHER])
    _register(desk, "former", Role.LIAISON, units[OTHER])
    former = people_id(desk, "former")
    desk.keep(lambda work: _end(work, former))
    for who in ("liaison", "liaison of led", "liaison of other"):
        for place, said in enumerate((_report(who), "提交", f"改：{_report(who)}", "更正")):
            _say(desk, who, said, 7001 + place)
    desk.keep(lambda work: work.tx.execute(text("UPDATE obligation SET state = 'returned' WHERE state = 'submitted'")))
    for side, unit in UNITS.items():
        _field_work(desk, unit, TASKS[side], {OWN: "liaison"}.get(side, f"liaison of {side}"))
    desk.keep(lambda work: work.tx.execute(text("DELETE FROM dialogue")))
    desk.clock.advance(timedelta(minutes=1))
    return desk


def obligations_of(desk: Desk, unit: str, no: int) -> list[int]:
    """Give the numbers of what a unit owes for a task, in the order of its periods."""
    sql = "SELECT o.id FROM obligation o JOIN task t ON t.id = o.task_id JOIN unit u ON u.id = o.unit_id"
    return [
        number for (number,) in desk.rows(f"{sql} WHERE t.no = :no AND u.name = :unit ORDER BY o.id", no=no, unit=unit)
    ]


def _field_work(desk: Desk, unit: str, no: int, liaison: str) -> None:
    """Have a unit's next report wait, a slip for it issued and one proposed, and something found on the spot."""
    first, second, third = obligations_of(desk, unit, no)[:3]
    by, answers = people_id(desk, "supervisor"), people_id(desk, liaison)
    unit_id = desk.number("SELECT id FROM unit WHERE name = :n", n=unit)

    def act(work: Work) -> None:
        due, next_due, last_due = (ledger.obligation(work.tx, number) for number in (first, second, third))
        assert due is not None
        assert next_due is not None
        assert last_due is not None
        enter_report(work, next_due, source="phone", received=work.at, text=f"已建成{no}座泵站。", by=by)
        day = work.at.astimezone(ZONE).date()
        facts = {
            "tasks": [shown_task(due)],
            "text": due.text,
            "days": 1,
            "reminded": [],
            "requirement": "报送。",
            "before": None,
        }
        issue_slip(work, Draft(due, SlipColour.RED, None, day, facts), by=by)
        slips.propose(work.tx, obligation_id=third, due_at=last_due.due_at, colour=SlipColour.BLUE, at=work.at)
        inspection = plan_inspection(
            work, form=f"plan {no}", day=day, parts=[(unit_id, [no])], is_announced=True, by=by
        )
        note_finding(work, desk.letter("supervisor", f"现场{no}"), _known(work, by), inspection.id)
        for place in range(2):
            measure = order_measure(
                work,
                form=f"measure {no}.{place}",
                inspection_id=inspection.id,
                unit_id=unit_id,
                text=f"更换灭火器{no}。",
                due=day,
                by=by,
            )
        answer_measure(work, desk.letter(liaison, f"已更换{no}。", 8000 + no), _known(work, answers), measure)

    desk.keep(act)


def _known(work: Work, number: int) -> KnownPerson:
    account = work.tx.execute(text("SELECT telegram_id FROM person WHERE id = :p"), {"p": number}).scalar_one()
    found = people.who_is(work.tx, account)
    assert found is not None
    return found


def _say(desk: Desk, who: str, said: str, message_id: int) -> None:
    desk.keep(lambda work: receive_text(work, desk.letter(who, said, message_id)))


def _report(who: str) -> str:
    no = {"liaison": 1, "liaison of led": 3, "liaison of other": 4}[who]
    return f"已完成投资{no}.5亿元，密写{no}。"


def _register(desk: Desk, who: str, role: Role, unit: str) -> None:
    def act(work: Work) -> None:
        if role in (Role.LIAISON, Role.HEAD):
            code = invite_units(work, [unit], role)[0].code
        else:
            code = invite_person(work, role, LEADER if role == Role.LEADER else f"某{who}").code
        register(work, desk.letter(who), code)

    desk.keep(act)


def _end(work: Work, person_id: int) -> None:
    work.tx.execute(text("UPDATE membership SET until = since WHERE person_id = :p"), {"p": person_id})
    assert people.count_holders(work.tx, Role.LIAISON) > 0
