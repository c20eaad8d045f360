"""The service and the commands beside it, each in a process of its own."""

import asyncio
import os
import pickle
import shutil
from pathlib import Path

import pytest

from duban.rehearsal.botapi import BotApi
from rules.clock import SystemClock
from storage.locks import FileLock
from tests.cli.desk import Desk
from tests.cli.road import PATIENCE, Road, duban, start, walk
from tests.cli.test_invite import without_username


@pytest.fixture(scope="module")
def road(initialised: Path, tmp_path_factory: pytest.TempPathFactory) -> Road:
    """Walk the road once, even where pytest-xdist shares this module out among workers."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    walked = place / "road.pickle"
    with FileLock(place / "road.lock"):
        if not walked.exists():
            shutil.copytree(initialised, place / "road")
            walked.write_bytes(pickle.dumps(asyncio.run(walk(Desk(place / "road")))))
        found = pickle.loads(walked.read_bytes())
    assert isinstance(found, Road)
    return found


def test_a_replaced_code_is_refused(road: Road) -> None:
    assert "邀请码" in road["old_code"]
    assert "欢迎" not in road["old_code"]


def test_a_new_code_registers_and_brings_the_tasks(road: Road) -> None:
    assert "新建3所学校" in road["welcome"]


def test_invite_all_skips_those_who_registered(road: Road) -> None:
    assert road["invite_all_now"] == []


def test_a_tick_beside_the_service_reminds_those_who_have_not_answered_and_nobody_else(road: Road) -> None:
    made = road["tick"]
    assert list(made) == ["at", "nudges", "escalations", "digests", "outbox"]
    assert (made["at"], made["nudges"], made["escalations"]) == ("2025-04-07T09:00:00+08:00", 2, 0)
    assert road["reminded"] == (1, 0)
    assert "第2次，共4次" in road["reminder"]


def test_a_tick_again_makes_nothing(road: Road) -> None:
    assert {road["tick_again"][name] for name in ("nudges", "escalations", "digests", "outbox")} == {0}


def test_a_second_run_is_refused_in_one_sentence(road: Road) -> None:
    assert road["second_run"].code == 1
    assert road["second_run"].stderr == "another `duban run` serves this database already; stop it first\n"


def test_overdue_lists_the_silent_with_their_liaison(road: Road) -> None:
    found = [(item["unit"], item["no"], item["reachable"], item["liaison"]) for item in road["overdue"]]
    assert found == [("区发改局", 1, True, "张敏"), ("区发改局", 2, True, "张敏")]


def test_reports_lists_what_came_with_exactly_these_keys(road: Road) -> None:
    [found] = road["reports"]
    keys = "notice_id unit list no period version state characters progress problems next_step stage_met sent_at late"
    assert list(found) == keys.split()
    assert (found["unit"], found["no"], found["period"], found["version"]) == ("区教体局", 3, "2025-Q1", 1)
    assert (found["state"], found["late"], found["problems"]) == ("submitted", False, None)
    assert found["progress"] == "新建学校3所已全部开工，累计完成投资12.5亿元。"
    assert found["sent_at"].startswith("2025-03-20T10:0")
    assert found["sent_at"].endswith("+08:00")


def test_reports_can_be_chosen_by_period_and_unit(road: Road) -> None:
    assert road["chosen"] == [1, 0, 1, 0]


def test_reports_as_a_table_is_a_line_each(road: Road) -> None:
    assert len(road["reports_table"].splitlines()) == 3
    assert "新建学校3所已全部开工" in road["reports_table"]


def test_the_chat_says_of_overdue_what_the_command_says(road: Road) -> None:
    assert "区发改局　2项　逾期1天" in road["answer"]
    assert "区教体局" not in road["answer"]


def test_the_digest_reaches_the_supervisor(road: Road) -> None:
    assert (road["tick_after"]["escalations"], road["tick_after"]["digests"]) == (2, 1)
    assert "逾期未报 2 项，1 个单位" in road["digest"]


def test_a_backup_is_taken_beside_the_service_but_not_put_back(road: Road) -> None:
    assert road["backup"].code == 0
    assert road["restore_beside"].code == 1
    assert road["restore_beside"].stderr == (
        "the service is running on this database; stop `duban run` first, then restore\n"
    )


def test_after_a_restore_nothing_is_sent_until_resume(road: Road) -> None:
    assert road["restore"].code == 0
    assert road["sent_while_held"] == 0
    assert road["resume"].code == 0
    assert "messages go out again" in road["resume"].stdout


def test_sigterm_ends_the_service_with_0(road: Road) -> None:
    assert road["exit_codes"] == [0, 0, 0]


async def test_a_wrong_token_ends_the_service_with_a_sentence(desk: Desk) -> None:
    async with BotApi(SystemClock(), "1:right") as server:
        without_username(desk, token="1:wrong", api_url=server.url)
        ended = await duban(desk, "run")
    assert ended.code == 1
    assert ended.stderr.splitlines()[-1] == (
        "Telegram refuses the token; put the one @BotFather gave you into [telegram] token"
    )
    assert "Traceback" not in ended.stderr
    assert "1:wrong" not in ended.stderr


async def test_without_a_network_the_service_keeps_trying_until_it_is_stopped(desk: Desk) -> None:
    without_username(desk, token="1:x", api_url="http://127.0.0.1:1")
    process = await start(desk, "run")
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        for _ in range(2):
            assert b"the Bot API does not answer yet" in await process.stderr.readline()
    process.terminate()
    assert await process.wait() == 0
    assert b"Traceback" not in await process.stderr.read()


async def test_health_is_answered_where_it_is_to_be_listened_for(desk: Desk, unused_tcp_port: int) -> None:
    import aiohttp  # noqa: PLC0415

    desk.add_settings(f'[http]\nlisten = "127.0.0.1:{unused_tcp_port}"')
    async with BotApi(SystemClock(), "1:x") as server:
        text = desk.config.read_text("utf-8").replace('token = ""', f'token = "1:x"\napi_url = "{server.url}"')
        desk.config.write_text(text, "utf-8")
        process = await start(desk, "run")
        await server.wait_for(lambda: server.is_polled, PATIENCE)
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{unused_tcp_port}/healthz") as answer,
        ):
            assert answer.status == 200
        process.terminate()
        assert await process.wait() == 0
