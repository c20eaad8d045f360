"""`duban slips` and `duban slip …`, beside a service that reminded."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tests.cast import Cast, cast, local, notice, task
from tests.cli.desk import Desk

AT = ("--at", "2025-04-14T09:00")


@pytest.fixture
async def late(tmp_path: Path) -> AsyncIterator[tuple[Cast, Desk]]:
    """Give an office where 区教体局 is overdue with task 3."""
    async with cast(tmp_path, given=notice(task(3, "区教体局"), task(9, "区发改局", role="support"))) as people:
        (tmp_path / "config.toml").write_text(
            f'[office]\nname = "清河区督查室"\n[database]\nurl = "sqlite:///{tmp_path / "duban.db"}"\n'
            f'key_file = "{tmp_path / "duban.key"}"\n',
            "utf-8",
        )
        for at in ("2025-04-10 09:00", "2025-04-14 08:40"):
            await people.stage.move_to(local(at))
        yield people, Desk(tmp_path)


async def test_a_slip_is_issued_written_and_closed(late: tuple[Cast, Desk], tmp_path: Path) -> None:
    people, desk = late
    [proposed] = desk.json("slips", *AT)
    assert (proposed["slip"], proposed["colour"], proposed["state"]) == (None, "blue", "proposed")
    assert "督查单〔2025〕1号 issued: blue" in desk.do("slip", "issue", "区教体局", "3", "--yes", *AT)
    await people.stage.settle()
    assert people.li.said("【督查单〔2025〕1号】蓝色提示单")
    [slip] = desk.json("slips", *AT)
    assert (slip["slip"], slip["state"], slip["days_overdue"]) == ("督查单〔2025〕1号", "issued", 4)
    assert slip["limit_at"] == "2025-04-18T00:00:00+08:00"
    assert slip["unsigned"] == ["李丽"]
    assert "督查单〔2025〕1号" in desk.do("slips", *AT)
    assert desk.do("slip", "export", "1", "--out", tmp_path / "1.docx", *AT).startswith("wrote")
    text = "\n".join(line.text for line in Document(BytesIO((tmp_path / "1.docx").read_bytes())).paragraphs)
    assert "督查单〔2025〕1号" in text
    assert "逾期4天，尚未报送。其间已提醒2次（4月10日、4月14日）" in text
    assert desk.do("slip", "close", "2025-1", "--reason", "已电话报告", *AT) == "督查单〔2025〕1号 closed: 已电话报告\n"
    await people.stage.settle()
    assert "（已电话报告）" in people.li.last.text


async def test_what_cannot_be_is_refused_in_a_sentence(late: tuple[Cast, Desk]) -> None:
    _, desk = late
    assert "colours come in order" in desk.refusal("slip", "issue", "区教体局", "3", "--colour", "red", "--yes", *AT)
    assert "has nothing overdue for task 7" in desk.refusal("slip", "issue", "区教体局", "7", "--yes", *AT)
    assert desk.refusal("slip", "close", "8", "--reason", "无", *AT) == "there is no slip 8; open ones: none"
    asked = desk.run("slip", "issue", "区教体局", "3", *AT, input="n\n")
    assert asked.exit_code == 1
    assert "blue slip to 区教体局" in asked.stderr
    desk.do("slip", "issue", "区教体局", "3", "--yes", *AT)
    refused = desk.refusal("slip", "issue", "区教体局", "3", "--yes", *AT)
    assert refused == "督查单〔2025〕1号 (blue) runs until 2025-04-17: one matter, one slip at a time"
    desk.do("slip", "close", "1", "--reason", "不再需要", *AT)
    assert "closed already" in desk.refusal("slip", "close", "1", "--reason", "不再需要", *AT)
