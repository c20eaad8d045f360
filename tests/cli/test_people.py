"""`duban people`, `duban person forget`: who is registered, and deletion from the command line."""

from functools import partial

import pytest

from duban.commands.opening import opened
from office.register.registering import register
from office.work import Letter
from tests.cli.desk import Desk

AT = ("--at", "2025-03-20T10:00")


@pytest.fixture
def staffed(adopted: Desk) -> Desk:
    """Give the desk with 李丽 registered as a liaison (person 1) and 钱主任 as the administrator (person 2)."""
    liaison = adopted.json("invite", "区教体局", *AT)[0]["code"]
    admin = adopted.json("invite", "--role", "admin", "钱主任", *AT)[0]["code"]
    with opened(adopted.config, AT[1]) as office:
        for number, name, code in ((1002, "李丽", liaison), (4001, "钱", admin)):
            letter = Letter(number, number, name, 1, office.premises.clock.now())
            office.premises.do(office.store, partial(register, letter=letter, code=code))
    return adopted


def test_people_are_listed_with_their_roles(staffed: Desk) -> None:
    first, second = staffed.json("people", *AT)
    assert first == {
        "id": 1,
        "name": "李丽",
        "has_phone": False,
        "language": None,
        "reach": "yes",
        "forgotten": False,
        "registered_at": "2025-03-20T10:00:00+08:00",
        "roles": [{"role": "liaison", "unit": "区教体局", "since": "2025-03-20T10:00:00+08:00", "until": None}],
    }
    assert (second["name"], second["roles"][0]["role"]) == ("钱主任", "admin")
    assert "liaison 区教体局" in staffed.do("people")


def test_nobody_is_registered_at_first(adopted: Desk) -> None:
    assert adopted.json("people") == []
    assert adopted.do("people") == "nobody is registered\n"


def test_a_person_is_forgotten(staffed: Desk) -> None:
    told = staffed.do("person", "forget", 1, "--yes", *AT)
    assert told == "person 1 was forgotten and is shown as 原联络员; older backups still hold the data\n"
    person = staffed.json("people", *AT)[0]
    assert (person["name"], person["forgotten"], person["roles"][0]["until"]) == (
        "原联络员",
        True,
        "2025-03-20T10:00:00+08:00",
    )
    assert staffed.refusal("person", "forget", 1, "--yes") == "person 1 was forgotten before"


def test_it_asks_first(staffed: Desk) -> None:
    result = staffed.run("person", "forget", 1, *AT, input="n\n")
    assert result.exit_code == 1
    assert "李丽 (liaison 区教体局) loses name, phone, account and roles" in result.stderr
    assert staffed.json("people", *AT)[0]["name"] == "李丽"


def test_the_last_administrator_and_a_number_nobody_has_are_refused(staffed: Desk) -> None:
    assert "last administrator" in staffed.refusal("person", "forget", 2, "--yes")
    assert staffed.refusal("person", "forget", 9, "--yes") == "there is no person 9; `duban people` lists them"
