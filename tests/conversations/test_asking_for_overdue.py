"""/overdue in plain words: every filter, freely combined; pages; only what the asker may know of; on both databases."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from office.looking.listing import list_overdue, overdue_units
from office.looking.understanding import understand
from office.rights import Right, bounds, covers
from storage.overdue import Filter
from storage.people import KnownPerson, Part
from storage.states import Role
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import rows

GIVEN = notice(
    task(1, "区发改局", leaders=("赵区长",)),
    task(2, "区发改局", leaders=("钱区长",)),
    task(3, "区教体局", leaders=("赵区长", "孙区长")),
    task(4, "清风镇", text="建成农村公路12公里。"),
)
JULY = local("2025-07-15 10:00")


def asked(people: Cast, words: str) -> list[tuple[int, str]]:
    """Give (task, period) of what a supervisor's words find, or the words that mean nothing."""
    work = people.stage.premises.work

    def look(words: str) -> list[tuple[int, str]]:
        def act(tx: object) -> list[tuple[int, str]]:
            here = work(tx)  # type: ignore[arg-type]
            understood = understand(here, words, None)
            assert not understood.unknown, understood.unknown
            return [(item.due.no, item.due.period[-2:]) for item in list_overdue(here, understood.filter(here, None))]

        return people.stage.store.read_now(act)

    return look(words)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [(1, "Q1"), (2, "Q1"), (3, "Q1"), (4, "Q1"), (1, "Q2"), (2, "Q2"), (3, "Q2"), (4, "Q2")]),
        ("区教体局", [(3, "Q1"), (3, "Q2")]),
        ("教体", [(3, "Q1"), (3, "Q2")]),
        ("区教体局 清风镇 一季度", [(3, "Q1"), (4, "Q1")]),
        ("区教体局一季度", [(3, "Q1")]),
        ("教体局的二季度逾期情况", [(3, "Q2")]),
        ("一季度 赵区长", [(1, "Q1"), (3, "Q1")]),
        ("赵区长牵头的", [(1, "Q1"), (3, "Q1"), (1, "Q2"), (3, "Q2")]),
        ("孙区长", [(3, "Q1"), (3, "Q2")]),
        ("超过５天", [(1, "Q1"), (2, "Q1"), (3, "Q1"), (4, "Q1")]),
        ("超过5天 区发改局", [(1, "Q1"), (2, "Q1")]),
        ("5天以上 任务4", [(4, "Q1"), (4, "Q2")]),
        ("over 5 days task 4", [(4, "Q1")]),
        ("第3项 2025-Q2", [(3, "Q2")]),
        ("４月１０日 任务２", [(2, "Q1")]),
        ("7月10日截止 清风镇", [(4, "Q2")]),
        ("10 July 清风镇", [(4, "Q2")]),
        ("公路 Q1 2025", [(4, "Q1")]),
        ("附件 任务1", [(1, "Q1"), (1, "Q2")]),
        ("2025年 任务1", [(1, "Q1"), (1, "Q2")]),
        ("4月11日", []),
        ("三季度", []),
    ],
)
async def test_conditions_are_combined(tmp_path: Path, words: str, found: list[tuple[int, str]]) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(JULY)
        assert asked(people, words) == found


async def test_another_name_of_a_unit_means_it(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(JULY)
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("""UPDATE unit SET aliases = '["教育局"]' WHERE name = '区教体局'""")
        )
        assert "条件：区教体局；2025年第一季度" in await people.say(people.wang, "/overdue 教育局，一季度")


async def test_the_answer_is_right_on_every_database(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, given=GIVEN, database_url=database_url) as people:
        await people.stage.move_to(local("2025-04-10 09:00"))
        await people.stage.move_to(JULY)
        answer = await people.say(people.wang, "/overdue 赵区长 教体 公路")
        assert "没有符合条件" in answer
        answer = await people.say(people.wang, "/overdue 赵区长 超过5天")
        assert "逾期未报 2 项，涉及 2 个单位" in answer
        assert "逾期96天" in answer
        assert "上次提醒4月10日 09:00" in answer
        for command in ("图", "表"):
            await people.say(people.wang, command)
        assert people.wang.last.document is not None
        assert "应报 4 项，3 个单位" in await people.say(people.wang, "/status 一季度")
        assert "逾期2" in await people.say(people.wang, "/unit 区发改局")
        assert "✓" not in await people.say(people.wang, "催办 区发改局")


async def alone(people: Cast) -> None:
    """Have the supervisor register, and nobody else."""
    await people.say(people.wang, people.stage.invite_person(Role.SUPERVISOR, "王科").code)
    await people.stage.move_to(local("2025-04-11 10:00"))


async def test_one_units_list_is_paged_by_tasks_and_by_words_too(tmp_path: Path) -> None:
    given = notice(*(task(no, "区发改局") for no in range(1, 41)))
    async with cast(tmp_path, given=given, registered=False) as people:
        await alone(people)
        assert "第1/3页" in await people.say(people.wang, "/overdue 发改局")
        assert "任务17 " in await people.say(people.wang, "下一页")
        assert "任务40 " in await people.press(people.wang, "下一页")
        assert "第3/3页" in await people.say(people.wang, "下一页")
        assert "第2/3页" in await people.say(people.wang, "上一页")


async def test_a_long_list_fits_a_phone_and_sums_up_what_is_left(tmp_path: Path) -> None:
    given = notice(*(task(no * 10 + place, f"单位{place}") for no in range(1, 6) for place in range(1, 10)))
    async with cast(tmp_path, given=given, registered=False) as people:
        await alone(people)
        answer = await people.say(people.wang, "/overdue")
        assert "另有4项：/overdue 单位1" in answer
        assert len([line for line in answer.splitlines() if line]) <= 35


async def test_turning_a_page_where_no_list_was_says_what_to_do(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "发送 /overdue" in await people.say(people.wang, "下一页")


async def test_names_beyond_the_bounds_are_as_unknown_as_those_of_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path, given=GIVEN) as people:
        leader = people.stage.api.user(3002, "钱")
        await people.say(leader, people.stage.invite_person(Role.LEADER, "钱区长").code)
        await people.stage.move_to(JULY)
        for who in (people.zhang, leader):
            answers = [
                await people.say(who, f"/overdue {word}") for word in ("清风镇", "不存在", "孙区长", "公路", "任务4")
            ]
            for word, answer in zip(("清风镇", "不存在", "孙区长", "公路", "任务4"), answers, strict=True):
                assert f"没有与“{word}”相符" in answer
                for secret in ("区教体局", "孙区长", "清风镇"):
                    assert secret not in answer.replace(f"“{word}”", "")


async def test_bounds_of_a_query_say_what_the_right_says_of_each(tmp_path: Path) -> None:
    """Whatever roles a person has, the query finds exactly the obligations that `covers` allows."""
    async with cast(tmp_path, given=GIVEN) as people:
        await people.stage.move_to(JULY)
        units = [number for (number,) in rows(people, "SELECT id FROM unit ORDER BY id")]
        chance = random.Random(5)
        kinds = [
            *[Part(role, unit, "单位", None) for role in (Role.LIAISON, Role.HEAD) for unit in units],
            *[Part(Role.LEADER, None, None, name) for name in ("赵区长", "钱区长", "李区长")],
            Part(Role.SUPERVISOR, None, None, None),
        ]

        def check(tx: object) -> None:
            work = people.stage.premises.work(tx)  # type: ignore[arg-type]
            everything = list_overdue(work)
            for _ in range(60):
                parts = tuple(chance.sample(kinds, chance.randint(1, 3)))
                person = KnownPerson(1, 1, "某", None, "yes", False, parts)
                for right in (Right.SEE_OVERDUE, Right.SEE_BOARD, Right.REMIND):
                    wanted = replace(Filter(until=work.at), within=bounds(person, right))
                    found = {item.due.obligation_id for item in list_overdue(work, wanted)}
                    assert found == {i.due.obligation_id for i in everything if covers(person, right, i.due)}
                    assert sum(unit.count for unit in overdue_units(work, wanted)) == len(found)

        people.stage.store.read_now(check)
