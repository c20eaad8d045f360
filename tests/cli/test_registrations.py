"""`duban registrations`: who is missing, with the invite's state and the day."""

from tests.cli.desk import Desk
from tests.cli.test_invite import change

AT = ("--at", "2025-03-20T10:00")
KEYS = ["unit", "state", "liaisons", "without_phone", "invited_until", "due_on", "days_left"]


def test_before_anybody_is_invited_no_day_is_set(adopted: Desk) -> None:
    rows = adopted.json("registrations", *AT)
    assert [list(row) for row in rows] == [KEYS, KEYS]
    assert rows[0] == {
        "unit": "区发改局",
        "state": "not_invited",
        "liaisons": [],
        "without_phone": [],
        "invited_until": None,
        "due_on": None,
        "days_left": None,
    }


def test_the_day_is_counted_from_the_first_invite_and_a_second_one_does_not_move_it(adopted: Desk) -> None:
    adopted.json("invite", "区发改局", *AT)
    adopted.json("invite", "区发改局", "--at", "2025-03-25T10:00")
    row = adopted.json("registrations", "--at", "2025-03-29T10:00")[0]
    assert (row["state"], row["due_on"], row["days_left"]) == ("invited", "2025-03-27", -2)
    assert row["invited_until"] == "2025-04-08T10:00:00+08:00"
    later = adopted.json("registrations", "--at", "2025-05-01T10:00")[0]
    assert (later["state"], later["invited_until"]) == ("expired", None)


def test_the_offices_own_day_holds_for_all(adopted: Desk) -> None:
    adopted.add_settings('[registration]\ndue = "2025-02-28"\n')
    adopted.json("invite", "区发改局", *AT)
    assert {row["due_on"] for row in adopted.json("registrations", *AT)} == {"2025-02-28"}


def test_registered_units_and_those_without_the_bot_have_no_day(adopted: Desk) -> None:
    person = (
        "INSERT INTO person (telegram_id, name, reach, created_at) VALUES (1001, '张敏', 'yes', '2025-03-01 00:00:00')"
    )
    change(adopted, person)
    change(
        adopted,
        "INSERT INTO membership (person_id, role, unit_id, since) "
        "SELECT 1, 'liaison', id, '2025-03-01 00:00:00' FROM unit WHERE name = '区发改局'",
    )
    change(adopted, "UPDATE unit SET uses_bot = 0 WHERE name = '区教体局'")
    adopted.add_settings('[registration]\ndue = "2025-02-28"\n')
    rows = adopted.json("registrations", *AT)
    assert [(row["state"], row["liaisons"], row["due_on"]) for row in rows] == [
        ("registered", ["张敏"], None),
        ("no_bot", [], None),
    ]
    lines = adopted.do("registrations", *AT).splitlines()
    assert lines[0].split()[:3] == ["unit", "state", "liaisons"]
    assert lines[2].split()[:3] == ["区发改局", "registered", "张敏"]


def test_without_units_it_says_what_to_do(desk: Desk) -> None:
    assert desk.do("registrations") == "there are no units yet; run `duban notice adopt FILE` first\n"
