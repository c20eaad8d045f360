"""A code gives its role to one person, whoever races for it; a button that was made up does nothing and tells nothing."""

import random
import secrets
import string
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from duban.premises import Premises
from notices.plan import Plan
from office.acting import EXPIRED, FOREIGN, UNKNOWN, USED, press
from office.notice.adopting import adopt_notice
from office.register.inviting import invite_person, invite_successor, invite_units
from office.register.registering import register
from office.work import Letter, Work
from rules.clock import SimulatedClock
from rules.policy import Policy
from storage import people
from storage.schema import create_database
from storage.states import Role
from storage.store import Store, open_store
from storage.vault import create_key, open_vault
from tests.cast import MORNING, cast, notice, task
from tests.conversations.looking import rows
from tests.reliability.desk import open_desk, people_id, token_of

RACES = {"sqlite": 1000, "postgres": 200}
FORGED = 50_000
TOKEN = string.ascii_letters + string.digits + "-_"


def office(folder: Path, url: str | None) -> tuple[Premises, Store]:
    """Make an empty office."""
    url = url or f"sqlite:///{folder / 'duban.db'}"
    create_database(url)
    create_key(folder / "duban.key")
    policy = Policy(office="清河区督查室")
    return Premises(policy, open_vault(folder / "duban.key"), SimulatedClock(MORNING)), open_store(url)


def use(premises: Premises, account: int, code: str) -> Callable[[Any], None]:
    """Make the act of somebody who opens a link."""
    letter = Letter(account, account, f"某{account}", 1, MORNING)
    return lambda tx: register(premises.work(tx), letter, code)


def race(premises: Premises, store: Store, codes: list[str], *, first: int) -> None:
    """Have two persons at every code at once, in either order, as many in one commit as there may be."""
    order = random.Random(5)
    acts = []
    for place, code in enumerate(codes):
        pair = [first + 2 * place, first + 2 * place + 1]
        order.shuffle(pair)
        acts += [use(premises, account, code) for account in pair]
    for future in [store.submit(act) for act in acts]:
        future.result()


def look(store: Store, sql: str) -> list[tuple[Any, ...]]:
    return store.read_now(lambda tx: [tuple(row) for row in tx.execute(text(sql))])


def test_of_two_persons_at_one_code_one_gets_the_role(tmp_path: Path, database_url: str | None) -> None:
    premises, store = office(tmp_path, database_url)
    races = RACES["postgres" if database_url else "sqlite"]
    try:
        codes = premises.do(
            store, lambda work: [invite_person(work, Role.LEADER, f"领导{n}").code for n in range(races)]
        )
        race(premises, store, codes, first=10_000)
        assert look(store, "SELECT count(*), count(DISTINCT used_by) FROM invite WHERE used_at IS NOT NULL") == [
            (races, races)
        ]
        assert look(store, "SELECT count(*), count(DISTINCT leader_name) FROM membership") == [(races, races)]
        assert look(store, "SELECT count(*) FROM person") == [(races,)]
        said = Counter(dict(look(store, "SELECT kind, count(*) FROM outbox GROUP BY kind")))
        assert said == {"welcome": races, "wrong_code": races}
    finally:
        store.close()


def test_of_two_persons_at_one_handover_one_succeeds_and_the_role_ends_once(
    tmp_path: Path, database_url: str | None
) -> None:
    premises, store = office(tmp_path, database_url)
    units = [f"第{n}单位" for n in range(60)]
    given = notice(*(task(n, unit) for n, unit in enumerate(units, 1)))
    try:
        premises.do(store, lambda work: adopt_notice(work, Plan(given), source_hash="abc"))
        for place, invitation in enumerate(premises.do(store, lambda work: invite_units(work, units))):
            store.write_now(use(premises, 1000 + place, invitation.code))

        def successors(work: Work) -> list[str]:
            known = [people.who_is(work.tx, 1000 + place) for place in range(len(units))]
            return [
                invite_successor(work, person, next(iter(person.units_as(Role.LIAISON)))).code
                for person in known
                if person
            ]

        codes = premises.do(store, successors)
        race(premises, store, codes, first=10_000)
        serving = "SELECT count(*), count(DISTINCT unit_id) FROM membership WHERE until IS NULL"
        assert look(store, serving) == [(60, 60)]
        assert look(store, "SELECT count(*) FROM membership WHERE until IS NOT NULL") == [(60,)]
        assert look(store, "SELECT count(*) FROM person") == [(120,)]
    finally:
        store.close()


def test_sixteen_at_one_code(tmp_path: Path, database_url: str | None) -> None:
    premises, store = office(tmp_path, database_url)
    try:
        code = premises.do(store, lambda work: invite_person(work, Role.ADMIN, "管理员").code)
        for future in [store.submit(use(premises, 7000 + n, code)) for n in range(16)]:
            future.result()
        assert look(store, "SELECT count(*) FROM membership") == [(1,)]
        said = dict(look(store, "SELECT kind, count(*) FROM outbox GROUP BY kind"))
        assert said == {"welcome": 1, "wrong_code": 15}
    finally:
        store.close()


def forged(chance: random.Random, known: dict[str, str]) -> str:
    """Make up what a client could send for a button."""
    return chance.choice(FORGERIES)(chance, known)


def _random_name(chance: random.Random, _known: dict[str, str]) -> str:
    return f"{''.join(chance.choices(TOKEN, k=16))}:{chance.randrange(1000)}"


def _noise(chance: random.Random, _known: dict[str, str]) -> str:
    return "".join(chr(chance.choice((0, 10, 32, 58, 127, 0x4E00, 0x1F600))) for _ in range(chance.randrange(64)))


def _no_such_place(chance: random.Random, known: dict[str, str]) -> str:
    return f"{chance.choice(list(known.values()))}:{chance.randrange(3, 999)}"


def _another_persons(_chance: random.Random, known: dict[str, str]) -> str:
    return f"{known['another']}:0"


def _ended(chance: random.Random, known: dict[str, str]) -> str:
    return f"{known[chance.choice(('expired', 'used'))]}:0"


def _one_letter_off(chance: random.Random, known: dict[str, str]) -> str:
    mine, place = list(known["mine"]), chance.randrange(16)
    mine[place] = chance.choice(TOKEN.replace(mine[place], ""))
    return f"{''.join(mine)}:0"


def _odd_place(chance: random.Random, known: dict[str, str]) -> str:
    return f"{known['mine']}:{chance.choice(('', '-1', '0x0', '０', '0 ', '00001', '1e1', '0:0', '3', '999'))}"


def _odd_form(chance: random.Random, known: dict[str, str]) -> str:
    return chance.choice(("", ":", "sign", '{"do":"sign"}', known["mine"], f" {known['mine']}:0", "0" * 64))


FORGERIES = (
    _random_name,
    _noise,
    _no_such_place,
    _another_persons,
    _ended,
    _one_letter_off,
    _odd_place,
    _odd_form,
)


def test_made_up_buttons_do_nothing_and_tell_nothing(tmp_path: Path) -> None:
    desk, chance = open_desk(tmp_path), random.Random(7)
    known = {name: secrets.token_urlsafe(12) for name in ("mine", "another", "expired", "used")}
    liaison, admin = people_id(desk, "liaison"), people_id(desk, "admin")

    def offer(work: Work) -> None:
        token_of(work, liaison, [{"do": "sign"}], known["mine"])
        token_of(work, admin, [{"do": "help"}, {"do": "agree_deletion"}], known["another"])
        token_of(work, liaison, [{"do": "sign"}], known["expired"], days=0)
        token_of(work, liaison, [{"do": "sign"}], known["used"])
        press(work, desk.letter("liaison"), f"{known['used']}:0")

    with desk.undone() as tx:
        work = desk.work(tx)
        offer(work)
        desk.written.clear()
        letters = [desk.letter(who) for who in ("liaison", "former", "stranger")]
        ended = Counter(press(work, chance.choice(letters), forged(chance, known)) for _ in range(FORGED))
        assert set(ended) == {UNKNOWN, FOREIGN, EXPIRED, USED}
        assert desk.written == set()
        assert press(work, letters[0], f"{known['mine']}:0") == "done_once"


@pytest.mark.parametrize(("who", "asked"), [("wang", "/overdue"), ("zhang", "/tasks"), ("zhang", "/task 1")])
async def test_a_role_that_ends_between_queueing_and_sending_keeps_the_answer_back(
    tmp_path: Path, who: str, asked: str
) -> None:
    async with cast(tmp_path) as people_:
        user, service, clock = getattr(people_, who), people_.stage.service, people_.stage.clock
        before = len(user.inbox)
        user.send(asked)
        await service.poller.poll_once()
        await service.desk.work_off()
        clock.advance(timedelta(seconds=1))
        end = text(
            "UPDATE membership SET until = :now WHERE person_id = (SELECT id FROM person WHERE telegram_id = :t)"
        )
        now = clock.now().replace(tzinfo=None)
        await people_.stage.store.write(lambda tx: tx.execute(end, {"t": user.id, "now": now}).rowcount)
        await people_.stage.settle()
        assert len(user.inbox) == before
        assert rows(people_, "SELECT reason FROM outbox WHERE state = 'cancelled'") == [
            ("the recipient lost a role since it was said",)
        ]


async def test_who_gives_a_role_up_is_still_told_so(tmp_path: Path) -> None:
    async with cast(tmp_path) as people_:
        await people_.say(people_.zhang, "/leave")
        await people_.say(people_.zhang, "确认退出")
        assert rows(people_, "SELECT state FROM outbox WHERE kind = 'left'") == [("sent",)]
