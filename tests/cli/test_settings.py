"""The configuration: every key is checked, what is wrong is named, secrets never are."""

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from duban.settings import Settings, SettingsError, load_settings
from rules.ladder import DEFAULT_LADDER, RETURNED_LADDER, Rung, moments

SECRET = "123456:secret-of-the-bot"


def load(folder: Path, text: str) -> Settings:
    (folder / "config.toml").write_text(text, "utf-8")
    return load_settings(folder / "config.toml")


def ladder(folder: Path, text: str) -> tuple[Rung, ...]:
    return load(folder, text).policy().ladder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = [", "is not valid TOML"),
        ("typo = 1", "[typo] is not a known key"),
        ("[office]\ntypo = 1", "[office] typo is not a known key"),
        ("[[reminders]]\nbefore = 1\ntypo = 1", "[[reminders]] number 1 typo is not a known key"),
        ("telegram = 3", "[telegram] = 3: must be a table that begins with [telegram]"),
        ("[reminders]\nbefore = 3", "[[reminders]]: must be a table that begins with [[reminders]]"),
        ('[office]\ntimezone = "Mars"', "[office] timezone = 'Mars': is no time zone"),
        ('[telegram]\nmode = "push"', "[telegram] mode = 'push': must be 'polling' or 'webhook'"),
        ('[telegram]\napi_url = "nowhere"', "[telegram] api_url = 'nowhere': must be an address with scheme and host"),
        ('[telegram]\nproxy = "user:pw@nowhere"', "[telegram] proxy: must be an address"),
        ("[limits]\ninvite_days = 0", "[limits] invite_days = 0: must be greater than or equal to 1"),
        ('[limits]\ninvite_days = "many"', "[limits] invite_days = 'many': must be a whole number"),
        ('[reporting]\ncadence = "daily"', "[reporting] cadence = 'daily': must be 'biweekly', 'monthly', 'quarterly'"),
        ("[reporting]\nday = 0", "[reporting] day = 0: must be from 1 on, or -1 for the last"),
        ('[quiet_hours]\nstart = "25:00"', "[quiet_hours] start = '25:00': must be a time of day such as \"09:00\""),
        ('[http]\nlisten = "8080"', "[http] listen = '8080': must be host:port"),
        ('[log]\nlevel = "loud"', "[log] level = 'loud': must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
        ('[[reminders]]\nbefore = "soon"', "[[reminders]] number 1 before = 'soon': must be a number of working days"),
        ("[[reminders]]\nbefore = 90", "[[reminders]] number 1 before = 90: must be from 0 to 25 working days"),
        ('[[escalation]]\nto = "head"', "[[escalation]] number 1 after is missing"),
        ('[[escalation]]\nafter = 0\nto = "head"', "[[escalation]] number 1 after = 0: must be from 1 to 15"),
        (
            '[[escalation]]\nafter = 1\nto = ["boss"]',
            "number 1 to = 'boss': must be 'liaison', 'head', 'leader' or 'supervisor'",
        ),
        ("[[returned_reminders]]\nbefore = 90", "[[returned_reminders]] number 1 before = 90: must be from 0 to 25"),
        ("[[notice.1.reminders]]\nbefore = 90", "[[notice.1.reminders]] number 1 before = 90: must be from 0 to 25"),
        ("[notice.1]\ntypo = 1", "[notice.1] typo is not a known key"),
        ("[[notice.x.reminders]]\nbefore = 1", "[notice.x]"),
        ('[database]\nurl = "mysql://u:pw@h/x"', "[database] url: must be a file such as sqlite:///data/duban.db"),
        ('[database]\nurl = "sqlite:///:memory:"', "[database] url: must be a file"),
        ('[telegram]\ntoken_file = "none"', "[telegram] token_file = "),
        ('[watch]\nheartbeat_url = "pw.example.org"', "[watch] heartbeat_url: must be an address"),
        ("[watch]\nheartbeat_seconds = 1", "[watch] heartbeat_seconds = 1: must be greater than or equal to 10"),
        ("[backup]\nkeep = 0", "[backup] keep = 0: must be greater than or equal to 1"),
    ],
)
def test_what_is_wrong_is_named_with_its_value_and_what_is_allowed(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    assert told in str(caught.value)
    assert "pw" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("wrong", ['mode = "webhook"', "token = 5", "typo = 1", 'mode = "push"'])
def test_no_error_shows_the_token(tmp_path: Path, wrong: str) -> None:
    token = "" if wrong.startswith("token") else f'token = "{SECRET}"\n'
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, f'[telegram]\n{token}webhook_secret = "{SECRET}"\n{wrong}\n')
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("data", [b"\xff\xfe", '[office]\nname = "督"'.encode("gb18030")])
def test_a_configuration_in_another_encoding_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(data)
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(tmp_path / "config.toml")


def test_a_folder_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load_settings(tmp_path)


def test_a_secret_comes_from_the_environment_first_then_from_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text(f"{SECRET}\n")
    text = '[telegram]\ntoken_file = "token"\n'
    assert load(tmp_path, text).telegram.token.get_secret_value() == SECRET
    monkeypatch.setenv("DUBAN_TELEGRAM_TOKEN", "2:environment")
    monkeypatch.setenv("DUBAN_TELEGRAM_WEBHOOK_SECRET", "hook")
    monkeypatch.setenv("DUBAN_DATABASE_URL", "sqlite:///other.db")
    settings = load(tmp_path, text)
    assert settings.telegram.token.get_secret_value() == "2:environment"
    assert settings.telegram.webhook_secret is not None
    assert settings.telegram.webhook_secret.get_secret_value() == "hook"
    assert settings.database.url == f"sqlite:///{tmp_path}/other.db"


def test_an_empty_environment_variable_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DUBAN_TELEGRAM_TOKEN", "")
    assert load(tmp_path, f'[telegram]\ntoken = "{SECRET}"').telegram.token.get_secret_value() == SECRET


def test_paths_start_at_the_configurations_folder(tmp_path: Path) -> None:
    settings = load(tmp_path, '[log]\nfile = "logs/d.log"\n[database]\nkey_file = "/abs/key"')
    assert settings.log.file == tmp_path / "logs" / "d.log"
    assert str(settings.database.key_file) == "/abs/key"
    assert settings.database.url == f"sqlite:///{tmp_path}/data/duban.db"


def test_an_absolute_database_stays_where_it_is(tmp_path: Path) -> None:
    assert load(tmp_path, '[database]\nurl = "sqlite:////var/d.db"').database.url == "sqlite:////var/d.db"


def test_reminders_and_escalation_change_only_their_side_of_the_ladder(tmp_path: Path) -> None:
    found = ladder(tmp_path, '[[reminders]]\nbefore = 2\nat = "10:30"\n')
    assert found == (Rung("before-2", -2, "workdays", time(10, 30), ("liaison",)), *DEFAULT_LADDER[4:])
    found = ladder(tmp_path, '[[escalation]]\nafter = 3\nto = "head"\n')
    assert found == (*DEFAULT_LADDER[:4], Rung("after-3", 3, "workdays", time(9), ("head",)))


def test_a_notice_has_steps_of_its_own_and_the_offices_where_it_has_none(tmp_path: Path) -> None:
    text = (
        '[[escalation]]\nafter = 3\nto = "supervisor"\n[[returned_reminders]]\nbefore = 2\nto = ["liaison", "head"]\n'
        '[[notice.2.reminders]]\nbefore = "5 days"\nat = "14:00"\n'
    )
    policy = load(tmp_path, text).policy()
    late = Rung("after-3", 3, "workdays", time(9), ("supervisor",))
    own = Rung("before-5d", -5, "days", time(14), ("liaison",))
    again = Rung("returned-before-2", -2, "workdays", time(9), ("liaison", "head"))
    assert policy.ladder_for(1, is_returned=False) == (*DEFAULT_LADDER[:4], late)
    assert policy.ladder_for(2, is_returned=False) == (own, late)
    assert policy.ladder_for(1, is_returned=True) == (again, *RETURNED_LADDER[2:])
    assert policy.ladder_for(2, is_returned=True) == policy.returned_ladder


@pytest.mark.parametrize(
    ("written", "days", "unit"),
    [
        ("3", 3, "workdays"),
        ('"3 working days"', 3, "workdays"),
        ('"1 working day"', 1, "workdays"),
        ('"3 workdays"', 3, "workdays"),
        ('"3个工作日"', 3, "workdays"),
        ('"3 days"', 3, "days"),
        ('"1 day"', 1, "days"),
        ('"3天"', 3, "days"),
    ],
)
def test_a_span_is_working_days_unless_it_says_days(tmp_path: Path, written: str, days: int, unit: str) -> None:
    before = ladder(tmp_path, f"[[reminders]]\nbefore = {written}\n")[0]
    after = ladder(tmp_path, f'[[escalation]]\nafter = {written}\nto = ["head"]\n')[-1]
    assert (before.days, before.unit) == (-days, unit)
    assert (after.days, after.unit) == (days, unit)


def test_days_and_working_days_fall_on_their_own_dates(tmp_path: Path) -> None:
    policy = load(tmp_path, '[[reminders]]\nbefore = 3\n[[reminders]]\nbefore = "3 days"\n').policy()
    zone = ZoneInfo("Asia/Shanghai")
    found = moments(date(2025, 4, 14), policy.ladder[:2], policy.calendar, zone)  # a Monday
    assert [(rung.key, at.astimezone(zone)) for rung, at in found] == [
        ("before-3", datetime(2025, 4, 9, 9, tzinfo=zone)),
        ("before-3d", datetime(2025, 4, 11, 9, tzinfo=zone)),
    ]


def test_steps_on_the_same_day_have_keys_of_their_own(tmp_path: Path) -> None:
    text = '[[reminders]]\nbefore = 0\nat = "09:00"\n[[reminders]]\nbefore = 0\nat = "15:00"\n'
    keys = [rung.key for rung in ladder(tmp_path, text)]
    assert len(set(keys)) == len(keys)


def test_quiet_hours_and_limits_reach_the_policy(tmp_path: Path) -> None:
    policy = load(tmp_path, '[quiet_hours]\nstart = "22:00"\nend = "07:00"\n[limits]\ninvite_days = 3\n').policy()
    assert (policy.quiet_hours.start, policy.quiet_hours.end) == (time(22), time(7))
    assert policy.limits.invite_days == 3
