"""`duban requests` and `duban decide`, beside a service that took the requests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.cast import Cast, cast, notice, task
from tests.cli.desk import Desk, run, sentence
from tests.conversations.looking import rows

AT = ("--at", "2025-03-21T09:00")


@pytest.fixture
async def asked(tmp_path: Path) -> AsyncIterator[tuple[Cast, Desk]]:
    """Give an office where 区教体局 asked for an extension and for its task to be closed out."""
    async with cast(tmp_path, given=notice(task(3, "区教体局"), task(9, "区发改局", role="support"))) as people:
        (tmp_path / "config.toml").write_text(
            f'[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\n'
            f'key_file = "{tmp_path / "duban.key"}"\n',
            "utf-8",
        )
        for line in (
            "/extend 3 4月25日 因供地手续未办完",
            "跳过",
            "确认",
            "/done 3 三所学校全部建成投用",
            "否",
            "确认",
        ):
            await people.say(people.li, line)
        yield people, Desk(tmp_path)


async def test_what_waits_is_listed_and_decided(asked: tuple[Cast, Desk]) -> None:
    people, desk = asked
    extension, completion = desk.json("requests", *AT)
    assert (extension["id"], extension["kind"], extension["until"]) == ("E1", "extension", "2025-04-25")
    assert (extension["due_at"], extension["times"], extension["late"]) == ("2025-04-11T00:00:00+08:00", 0, False)
    assert (completion["id"], completion["kind"], completion["text"]) == ("C1", "completion", "三所学校全部建成投用")
    assert "因供地手续未办完" in desk.do("requests", *AT)
    assert desk.do("decide", "e1", "--grant", "2025-04-18", *AT) == "E1 granted until 2025-04-18: 区教体局, 附件 3\n"
    assert desk.do("decide", "C1", "--refuse", "请附验收意见", *AT) == "C1 refused: 区教体局, 附件 3\n"
    await people.stage.settle()
    assert people.li.said("同意延期。截止日期由4月10日改为2025年4月18日")
    assert people.li.said("退回：请附验收意见")
    assert desk.do("requests", *AT) == "no request waits for a decision\n"
    assert rows(people, "SELECT via FROM audit WHERE action = 'decide'") == [("cli",), ("cli",)]


async def test_granting_without_a_date_grants_what_was_asked(asked: tuple[Cast, Desk]) -> None:
    people, desk = asked
    assert "E1 granted until 2025-04-25" in desk.do("decide", "E1", "--grant", *AT)
    assert "C1 granted: 区教体局" in desk.do("decide", "C1", "--grant", *AT)
    assert rows(people, "SELECT DISTINCT state FROM obligation") == [("done",)]


async def test_what_cannot_be_decided_is_refused_in_a_sentence(asked: tuple[Cast, Desk]) -> None:
    _, desk = asked
    assert desk.refusal("decide", "E9", "--grant", *AT) == "there is no open request E9; open ones: E1, C1"
    assert desk.refusal("decide", "3", "--grant", *AT).startswith("there is no open request 3")
    assert "not later than the present one" in desk.refusal("decide", "E1", "--grant", "2025-04-10", *AT)
    assert "has no date" in desk.refusal("decide", "C1", "--grant", "2025-04-18", *AT)
    desk.do("decide", "E1", "--refuse", "材料不全", *AT)
    assert "open ones: C1" in desk.refusal("decide", "E1", "--grant", *AT)


def test_a_decision_is_one_or_the_other(adopted: Desk) -> None:
    for wrong in ((), ("--grant", "--refuse", "x"), ("--refuse", " "), ("--grant", "soon")):
        assert adopted.run("decide", "E1", *wrong).exit_code == 2
    assert sentence(run("requests", "--config", adopted.folder / "none.toml"))
    assert adopted.json("requests") == []
