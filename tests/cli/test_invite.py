"""`duban invite`: one-time codes, shown once."""

import sqlite3
from asyncio import to_thread
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from duban.rehearsal.botapi import BotApi
from rules.clock import SystemClock
from tests.cli.desk import Desk

KEYS = ["unit", "role", "code", "link", "expires_at"]
AT = ("--at", "2025-03-20T10:00")


def change(desk: Desk, sql: str, *values: Any) -> None:
    with closing(sqlite3.connect(desk.folder / "data" / "duban.db")) as connection:
        connection.execute(sql, values)
        connection.commit()


def open_codes(desk: Desk) -> int:
    with closing(sqlite3.connect(desk.folder / "data" / "duban.db")) as connection:
        found = connection.execute("SELECT count(*) FROM invite WHERE revoked_at IS NULL AND role != 'admin'")
        return int(found.fetchone()[0])


def without_username(desk: Desk, **telegram: str) -> None:
    lines = "\n".join(f'{key} = "{value}"' for key, value in telegram.items())
    text = desk.config.read_text("utf-8")
    head, _, rest = text.partition("[telegram]")
    desk.config.write_text(f"{head}[telegram]\n{lines}\n[database]{rest.partition('[database]')[2]}", "utf-8")


def test_a_unit_gets_a_code_with_a_link(adopted: Desk) -> None:
    [row] = adopted.json("invite", "区发改局", *AT)
    assert list(row) == KEYS
    assert (row["unit"], row["role"]) == ("区发改局", "liaison")
    assert row["link"] == f"https://t.me/qinghe_bot?start={row['code']}"
    assert row["expires_at"] == "2025-04-03T10:00:00+08:00"


def test_the_table_shows_unit_code_link_and_last_day(adopted: Desk) -> None:
    shown = adopted.do("invite", "区发改局", *AT).splitlines()
    assert len(shown) == 3
    assert all(word in shown[2] for word in ("区发改局", "liaison", "https://t.me/qinghe_bot?start=", "2025-04-03"))


def test_invites_last_as_long_as_the_limit_says(adopted: Desk) -> None:
    adopted.add_settings("[limits]\ninvite_days = 3\n")
    assert adopted.json("invite", "区发改局", *AT)[0]["expires_at"] == "2025-03-23T10:00:00+08:00"


def test_all_invites_every_unit_and_replaces_unused_codes(adopted: Desk) -> None:
    first = adopted.json("invite", "--all")
    assert [row["unit"] for row in first] == ["区发改局", "区教体局"]
    second = adopted.json("invite", "--all")
    assert {row["code"] for row in first}.isdisjoint(row["code"] for row in second)
    assert open_codes(adopted) == 2


def test_all_skips_units_with_a_liaison(adopted: Desk) -> None:
    change(
        adopted,
        "INSERT INTO person (telegram_id, name, reach, created_at) VALUES (1001, '张敏', 'yes', '2025-03-01 00:00:00')",
    )
    change(
        adopted,
        "INSERT INTO membership (person_id, role, unit_id, since) "
        "SELECT 1, 'liaison', id, '2025-03-01 00:00:00' FROM unit WHERE name = '区发改局'",
    )
    assert [row["unit"] for row in adopted.json("invite", "--all")] == ["区教体局"]


def test_a_head_is_invited_for_a_unit(adopted: Desk) -> None:
    [row] = adopted.json("invite", "--role", "head", "区教体局")
    assert (row["unit"], row["role"]) == ("区教体局", "head")


@pytest.mark.parametrize("role", ["supervisor", "leader", "admin"])
def test_a_person_is_invited_by_name(desk: Desk, role: str) -> None:
    [row] = desk.json("invite", "--role", role, "王科")
    assert (row["unit"], row["role"]) == (None, role)
    assert "王科" in desk.do("invite", "--role", role, "王科")


def test_a_unit_named_twice_gets_one_code(adopted: Desk) -> None:
    change(adopted, "UPDATE unit SET aliases = '[\"发改\"]' WHERE name = '区发改局'")
    rows = adopted.json("invite", "区发改局", "发改", " 区发改局 ")
    assert [row["unit"] for row in rows] == ["区发改局"]


def test_an_unknown_unit_is_refused_with_the_nearest_names_and_nobody_is_invited(adopted: Desk) -> None:
    assert adopted.refusal("invite", "区教体局", "区发展改革局") == (
        "there is no unit 区发展改革局; the nearest are: 区发改局、区教体局"
    )
    assert open_codes(adopted) == 0


def test_before_a_notice_is_adopted_there_are_no_units(desk: Desk) -> None:
    assert "run `duban notice adopt FILE` first" in desk.refusal("invite", "区发改局")
    assert desk.json("invite", "--all") == []


def test_without_a_username_or_a_token_there_is_no_link(adopted: Desk) -> None:
    without_username(adopted)
    assert adopted.json("invite", "区发改局")[0]["link"] is None


def test_where_telegram_does_not_answer_there_is_no_link(adopted: Desk) -> None:
    without_username(adopted, token="1:x", api_url="http://127.0.0.1:1")
    assert adopted.json("invite", "区发改局")[0]["link"] is None


async def test_the_link_comes_from_get_me(adopted: Desk, tmp_path: Path) -> None:
    async with BotApi(SystemClock(), "1:x", username="asked_bot") as server:
        without_username(adopted, token="1:x", api_url=server.url)
        [row] = await to_thread(adopted.json, "invite", "区发改局")
    assert row["link"] == f"https://t.me/asked_bot?start={row['code']}"


# --- letters ---------------------------------------------------------------------------------------------------------


def text_of(file: Path) -> str:
    return "\n".join(paragraph.text for paragraph in Document(str(file)).paragraphs)


def test_letters_hold_each_units_own_code(adopted: Desk) -> None:
    adopted.config.write_text(
        adopted.config.read_text("utf-8").replace("[office]", '[office]\ncontact = "周俊杰，电话 12345"'), "utf-8"
    )
    file = adopted.folder / "invites.docx"
    rows = adopted.json("invite", "--all", "--docx", file, *AT)
    assert [list(row) for row in rows] == [KEYS, KEYS]
    text = text_of(file)
    for row in rows:
        assert f"{row['unit']}：" in text
        assert f"邀请码：{row['code']}\n{row['link']}" in text
    assert "于2025年3月27日前登记" in text
    assert "联系方式：周俊杰，电话 12345" in text
    assert file.stat().st_mode & 0o077 == 0


def test_with_letters_no_code_is_printed(adopted: Desk) -> None:
    printed = adopted.do("invite", "区发改局", "--docx", adopted.folder / "one.docx", *AT)
    assert printed.startswith(f"letters written to {adopted.folder / 'one.docx'}: 1;")
    assert "start=" not in printed


def test_letters_without_a_link_have_the_code_alone(adopted: Desk) -> None:
    without_username(adopted)
    adopted.do("invite", "区发改局", "--docx", adopted.folder / "one.docx")
    assert "https://" not in text_of(adopted.folder / "one.docx")


def test_a_file_that_is_there_is_kept_and_nobody_is_invited(adopted: Desk) -> None:
    file = adopted.folder / "invites.docx"
    file.write_bytes(b"mine")
    assert adopted.refusal("invite", "--all", "--docx", file) == f"{file} is there already; give another name"
    assert file.read_bytes() == b"mine"
    assert open_codes(adopted) == 0


def test_where_nobody_is_invited_no_letter_is_left(adopted: Desk) -> None:
    file = adopted.folder / "invites.docx"
    adopted.refusal("invite", "区审计局", "--docx", file)
    assert not file.exists()
    assert adopted.run("invite", "--role", "head", "区发改局", "--docx", file).exit_code == 2
    assert not file.exists()


def test_letters_name_the_offices_own_day_while_it_is_to_come(adopted: Desk) -> None:
    adopted.add_settings('[registration]\ndue = "2025-03-25"\n')
    adopted.do("invite", "--all", "--docx", adopted.folder / "a.docx", *AT)
    assert "于2025年3月25日前登记" in text_of(adopted.folder / "a.docx")
    adopted.do("invite", "--all", "--docx", adopted.folder / "b.docx", "--at", "2025-03-26T10:00")
    assert "尽快登记" in text_of(adopted.folder / "b.docx")


def test_units_that_do_not_use_the_bot_are_not_invited_with_all(adopted: Desk) -> None:
    change(adopted, "UPDATE unit SET uses_bot = 0 WHERE name = '区教体局'")
    assert [row["unit"] for row in adopted.json("invite", "--all")] == ["区发改局"]
