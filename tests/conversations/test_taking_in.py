"""A supervisor sends a notice as a file: preview, workbook, 采用 or 放弃."""

import asyncio
import json
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import api as api_module
from duban.rehearsal.botapi import User
from notices.files import read_plan
from notices.notice import NoticeError
from notices.plan import Plan, UnitEntry
from office.notice import taking_in
from office.notice.adopting import Preview
from office.notice.taking_in import PLAN
from office.work import OfficeError
from storage.states import Role
from tests.botapi import faults
from tests.cast import CALENDAR, Cast, cast, local
from tests.conversations.looking import outbox, rows
from tests.transcripts import transcript

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "notices").glob("*.txt"))
NOTICE = """清河区人民政府办公室
关于做好2025年重点工作任务落实的通知

各有关单位：
请各责任单位每季度首月10日前报送上季度进展，每项一般不超过200字。

2025年1月20日

附件
1.新建3所学校。（责任单位：区教体局）
2.改造老旧小区12个。（牵头单位：区住建局；配合单位：区财政局）
""".encode()
TITLE = "清河区人民政府办公室关于做好2025年重点工作任务落实的通知"
SECRET = "机密★1年\n".encode() + NOTICE


def kept(people: Cast) -> list[tuple[object, ...]]:
    return rows(people, "SELECT purpose, name, keep_until IS NULL FROM stored_file ORDER BY id")


def intakes(people: Cast) -> int:
    return int(rows(people, "SELECT count(*) FROM intake")[0][0])


def notices(people: Cast) -> int:
    return int(rows(people, "SELECT count(*) FROM notice")[0][0])


def preview(who: User) -> str:
    return who.said("【收文】")[-1].text


def fetched(people: Cast) -> int:
    return len(people.stage.api.journal.of("getFile")) + len(people.stage.api.journal.of("file"))


async def another_supervisor(people: Cast) -> User:
    user = people.stage.api.user(2002, "陈", "科")
    await people.say(user, f"/start {people.stage.invite_person(Role.SUPERVISOR, '陈科').code}")
    return user


# --- who may ---------------------------------------------------------------------------------------------------------


async def test_a_strangers_file_is_not_even_fetched(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "仅供受邀人员" in await people.send_file(people.outsider, NOTICE, "通知.txt")
        assert fetched(people) == 0
        assert kept(people) == []


async def test_a_liaisons_archive_is_refused_unfetched_and_the_text_under_it_taken(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "/200字 ✓" in await people.send_file(people.li, NOTICE, "照片.zip", caption="已完成3个项目。")
        assert people.li.said("这个文件没有收")
        assert fetched(people) == 0


async def test_a_supervisor_who_is_a_liaison_too_sends_notices_but_reports_by_the_text_below(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.register(people.wang, "区教体局")
        assert "/200字 ✓" in await people.send_file(people.wang, NOTICE, "附件.txt", caption="已完成3个项目。")
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert "任务 2 项" in preview(people.wang)


async def test_a_picture_from_a_supervisor_is_answered_with_what_can_be_read(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.wang.photo()
        await people.stage.settle()
        assert "请把通知文件" in people.wang.last.text


# --- the main road ---------------------------------------------------------------------------------------------------


@transcript("立项", "发送通知文件，核对后采用", "王科把通知文件发给机器人。")
async def test_a_notice_is_read_shown_adopted_and_pushed(tmp_path: Path, database_url: str | None) -> None:
    async with cast(tmp_path, database_url=database_url) as people:
        await people.send_file(people.wang, NOTICE, "2025年通知.txt", caption="请办理")
        shown, workbook = people.wang.inbox[-2:]
        assert shown.text.startswith(f"【收文】{TITLE}")
        assert "2025年任务 2 项，责任单位 3 个" in shown.text
        assert "报送 4 期，最近一期4月10日截止" in shown.text
        assert "采用后：新立项。" in shown.text
        assert [text for row in shown.buttons for text, _ in row] == ["采用", "放弃"]
        assert workbook.document is not None
        assert workbook.document.name == "2025年通知-核对.xlsx"
        assert read_plan(workbook.document.data, name="x", calendar=CALENDAR).notice.title == TITLE
        assert "直接发回" in workbook.text
        assert notices(people) == 1

        said = await people.press(people.wang, "采用")
        assert said.startswith(f"✓ 已立项：{TITLE}")
        assert "任务 2 项，责任单位 3 个，报送期 4 个，应报 8 份" in said
        assert "还有 2 个单位没有联络员" in said
        assert shown.buttons == []
        assert kept(people)[0] == ("notice", "2025年通知.txt", True)
        assert intakes(people) == 0

        await people.stage.move_to(local("2025-03-20 10:05"))
        assert "新建3所学校" in people.li.last.text
        assert [button for row in people.li.last.buttons for button, _ in row] == ["签收"]


async def test_the_words_work_as_the_buttons_do(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert "已放弃“通知.txt”" in await people.say(people.wang, "放弃")
        assert kept(people) == []
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert "✓ 已立项" in await people.say(people.wang, "采用。")
        assert "没有待采用的文件" in await people.say(people.wang, "采用")
        assert notices(people) == 2


async def test_a_typed_word_is_about_the_message_it_quotes(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "甲.txt")
        first = people.wang.inbox[-2].message_id
        mine = people.wang.document(NOTICE.replace("重点工作".encode(), "民生实事".encode()), "乙.txt")
        await people.stage.settle()
        assert "没有待采用的文件" in await people.say(people.wang, "采用", reply_to=mine["message_id"])
        assert "已放弃“甲.txt”" in await people.say(people.wang, "放弃", reply_to=first)
        assert "✓ 已立项" in await people.say(people.wang, "采用")


async def test_a_dropped_file_is_deleted_and_a_workbook_on_its_way_is_not_sent(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.clock.advance(timedelta(minutes=1))
        people.stage.api.faults.on("sendDocument", fault=faults.retry_after(30))
        people.wang.document(NOTICE, "通知.txt")
        service = people.stage.service
        await service.poller.poll_once()
        await service.desk.work_off()
        await service.sender._take()
        await service.sender.finish()
        people.wang.press(people.wang.said("【收文】")[-1].message_id, "放弃")
        await people.stage.settle()
        people.stage.clock.advance(timedelta(minutes=1))
        await people.stage.settle()
        assert outbox(people, "notice_workbook") == [("cancelled", "its file is not kept any more")]
        assert kept(people) == []
        assert [message.document for message in people.wang.inbox if message.document] == []
        assert notices(people) == 1


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_a_plan_is_kept_to_the_last_field(file: Path) -> None:
    plan = read_plan(file.read_bytes(), name=file.name, calendar=CALENDAR)
    plan = replace(plan, units=(UnitEntry("各镇街", ("各街镇",), ("甲镇", "乙街道")),))
    assert PLAN.validate_python(json.loads(json.dumps(PLAN.dump_python(plan, mode="json")))) == plan


async def test_english_words(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.wang, "/language")
        await people.press(people.wang, "English")
        await people.send_file(people.wang, NOTICE, "notice.txt")
        shown = people.wang.inbox[-2]
        assert "Year 2025, tasks: 2, responsible units: 3" in shown.text
        assert "Reporting periods: 4, the next due 10 Apr" in shown.text
        assert "✓ Adopted" in await people.press(people.wang, "Adopt")
        assert "Send a notice as a file" in await people.say(people.wang, "/help")


# --- twice, by two, too late ------------------------------------------------------------------------------------------


async def test_the_same_file_twice_is_kept_once_and_the_old_buttons_are_out_of_date(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        old = people.wang.said("【收文】")[0]
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert (intakes(people), len(kept(people))) == (1, 2)
        people.wang.press(old.message_id, "采用")
        await people.stage.settle()
        assert "没有待采用的文件" in people.wang.last.text
        assert "✓ 已立项" in await people.press(people.wang, "采用")


async def test_a_corrected_file_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        old = people.wang.said("【收文】")[0]
        await people.send_file(people.wang, NOTICE.replace(b"12", b"15"), "通知-核对.xlsx")
        assert (intakes(people), len(kept(people))) == (1, 2)
        await people.press(people.wang, "采用")
        people.wang.press(old.message_id, "采用")
        await people.stage.settle()
        assert "没有待采用的文件" in people.wang.last.text
        assert rows(people, "SELECT text FROM task ORDER BY id DESC LIMIT 1") == [("改造老旧小区15个。",)]


async def test_an_update_handed_over_twice_is_answered_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.api.faults.on("getUpdates", fault=faults.dup_update(3))
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert len(people.wang.said("【收文】")) == 1
        assert intakes(people) == 1


async def test_two_supervisors_adopt_it_once_and_the_other_is_told(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        chen = await another_supervisor(people)
        for who in (people.wang, chen):
            await people.send_file(who, NOTICE, "通知.txt")
        people.wang.press(people.wang.said("【收文】")[-1].message_id, "采用")
        chen.press(chen.said("【收文】")[-1].message_id, "采用")
        await people.stage.settle()
        ends = sorted(who.last.text[:4] for who in (people.wang, chen))
        assert ends == ["✓ 已立", "这份通知"]
        assert notices(people) == 2
        assert "已经立项" in await people.send_file(chen, NOTICE, "通知.txt")
        assert intakes(people) == 0
        assert [(purpose, bool(for_good)) for purpose, _, for_good in kept(people)] == [
            ("notice", True),
            ("workbook", False),
        ]


async def test_both_buttons_pressed_do_one_thing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        shown = people.wang.said("【收文】")[-1]
        (adopt_data, drop_data) = (data for row in shown.buttons for _, data in row)
        for data in (adopt_data, drop_data, adopt_data):
            people.wang.press_raw(data, shown.message_id)
        await people.stage.settle()
        assert len(people.wang.said("✓ 已立项")) == 1
        assert len(people.wang.said("没有待采用的文件")) == 1
        assert people.wang.toasts[-1] == "此操作已办理"
        assert kept(people)[0] == ("notice", "通知.txt", True)


async def test_somebody_elses_and_forged_buttons_do_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        chen = await another_supervisor(people)
        await people.send_file(people.wang, NOTICE, "通知.txt")
        shown = people.wang.said("【收文】")[-1]
        data = shown.buttons[0][0][1]
        for who, pressed in ((chen, data), (people.li, data), (people.outsider, data), (people.wang, data[:-1] + "7")):
            who.press_raw(pressed, shown.message_id)
        await people.stage.settle()
        assert (notices(people), intakes(people)) == (1, 1)


async def test_the_right_is_checked_again_at_the_press_and_at_the_word(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.register(people.wang, "区教体局")
        await people.send_file(people.wang, NOTICE, "通知.txt")
        people.stage.store.write_now(
            lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since WHERE role = 'supervisor'") and None
        )
        assert "没有办理此事的权限" in await people.press(people.wang, "采用")
        assert "没有办理此事的权限" in await people.say(people.wang, "采用")
        assert notices(people) == 1


async def test_a_liaison_who_types_the_word_adopts_nothing(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert "没有办理此事的权限" in await people.say(people.li, "采用")
        assert notices(people) == 1


async def test_what_nobody_decides_on_is_forgotten(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        await people.stage.move_to(local("2025-04-03 09:00"))
        assert len(kept(people)) == 2
        await people.stage.move_to(local("2025-04-03 11:00"))
        assert (kept(people), intakes(people)) == ([], 0)
        assert "没有待采用的文件" in await people.press(people.wang, "采用")


async def test_a_file_of_an_adopted_notice_is_kept_for_good(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        await people.press(people.wang, "采用")
        await people.stage.move_to(local("2025-05-06 11:00"))
        assert kept(people) == [("notice", "通知.txt", True)]


NEWER = NOTICE.decode().replace("3所", "5所").replace("区财政局", "区审计局").encode()


@transcript("立项", "通知重新印发", "同一份通知改了内容，王科再次发来。")
async def test_a_notice_issued_again_shows_its_differences_and_updates(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        await people.press(people.wang, "采用")
        await people.send_file(people.wang, NEWER, "新通知.txt")
        shown = preview(people.wang)
        assert "变动 3 处" in shown
        assert "附件第1项内容：新建3所学校。 → 新建5所学校。" in shown
        assert "附件第2项 区审计局：列为配合单位" in shown
        assert "附件第2项 区财政局：不再是配合单位" in shown
        assert "✓" in await people.press(people.wang, "采用")
        assert notices(people) == 2  # the cast's own, and this one
        assert "较早的版本" in await people.send_file(people.wang, NOTICE, "通知.txt")


async def test_what_would_no_longer_do_as_shown_is_shown_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NEWER, "新通知.txt")
        chen = await another_supervisor(people)
        await people.send_file(chen, NOTICE, "通知.txt")
        await people.press(chen, "采用")
        again = await people.press(people.wang, "采用")
        assert again.startswith("这期间情况有变，没有采用")
        assert "变动 3 处" in again
        assert notices(people) == 2
        assert len([message for message in people.wang.inbox if message.document]) == 1
        assert "✓" in await people.press(people.wang, "采用")
        assert notices(people) == 2


async def test_where_it_cannot_be_told_which_notice_is_meant_a_person_chooses(tmp_path: Path) -> None:
    other = (
        NOTICE.decode()
        .replace("新建3所学校", "提高河长巡河频次")
        .replace("改造老旧小区12个", "举办招聘会20场")
        .encode()
    )
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, "通知.txt")
        await people.press(people.wang, "采用")
        await people.send_file(people.wang, other, "另一份.txt")
        assert "不能自动判断" in people.wang.said("像是已立项通知")[-1].text
        shown = await people.press(people.wang, "作为新通知")
        assert "这期间情况有变" not in shown
        assert "采用后：新立项" in shown
        assert notices(people) == 2
        assert "✓" in await people.press(people.wang, "采用")
        assert notices(people) == 3


# --- what cannot be taken ---------------------------------------------------------------------------------------------


async def test_what_is_no_notice_is_told_in_the_readers_sentence(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for data in ("今天天气不错。".encode(), b"\xff\xfe\x00\x01\x02", b" "):
            assert "文件没有读成：" in await people.send_file(people.wang, data, "随笔.txt")
        assert (kept(people), intakes(people)) == ([], 0)


@transcript("立项", "涉密文件不收", "王科误发了标有密级的文件。")
async def test_a_secret_notice_is_refused_and_nothing_of_it_kept(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        said = await people.send_file(people.wang, SECRET, "绝密计划.txt")
        assert "没有留存" in said
        assert "删除" in said
        assert (kept(people), intakes(people)) == ([], 0)
        [audited] = rows(people, "SELECT content FROM audit WHERE action = 'refuse_file'")
        assert "secret" in str(audited)
        assert "绝密计划" not in str(audited)


async def test_a_file_too_large_for_the_bot_api_is_not_fetched(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "超过20MB" in await people.send_file(people.wang, bytes((20 << 20) + 1), "大.docx")
        assert fetched(people) == 0


async def test_a_file_larger_than_said_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_module, "DOWNLOAD_LIMIT", 1000)
    async with cast(tmp_path) as people:
        assert "超过20MB" in await people.send_file(people.wang, NOTICE * 100, "大.txt")


async def test_wrong_cells_of_a_workbook_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Cell:
        sheet: str
        cell: str
        value: str
        allowed: str

    class WorkbookError(NoticeError):
        wrong = tuple(Cell("任务", f"F{n}", "某角色", "牵头、配合或责任") for n in range(1, 24))

    def refuse(*_: object, **__: object) -> Plan:
        raise WorkbookError("workbook", "工作簿有23处填写有误")

    monkeypatch.setattr(taking_in, "read_plan", refuse)
    async with cast(tmp_path) as people:
        said = await people.send_file(people.wang, b"PK", "通知-核对.xlsx")
        assert said.startswith("工作簿中有 23 处填写有误")
        assert "• 任务 F1“某角色”：牵头、配合或责任" in said
        assert said.count("某角色") == 20
        assert "另有 3 处" in said


async def test_what_only_an_administrator_can_settle_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Preview:
        raise OfficeError("this cannot be adopted in the chat")

    monkeypatch.setattr(taking_in, "preview", refuse)
    async with cast(tmp_path) as people:
        assert "需由管理员用命令" in await people.send_file(people.wang, NOTICE, "通知.txt")
        assert kept(people) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd-核对.xlsx"),
        ("C:\\文件\\通知.docx", "通知-核对.xlsx"),
        ("通知\u202excod.exe", "通知xcod-核对.xlsx"),
        ('a"\r\nX: y.txt', 'a"X: y-核对.xlsx'),
        ("长" * 300 + ".docx", "长" * 95 + "-核对.xlsx"),
        ("", "文件-核对.xlsx"),
        ("通知-核对.xlsx", "通知-核对.xlsx"),
    ],
)
async def test_a_files_name_is_only_ever_shown(tmp_path: Path, name: str, shown: str) -> None:
    async with cast(tmp_path) as people:
        await people.send_file(people.wang, NOTICE, name)
        document = people.wang.last.document
        assert document is not None
        assert document.name == shown
        assert not {"/", "\\"} & set(str(kept(people)[0][1]))


# --- when something fails ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["getFile", "file"])
@pytest.mark.parametrize(
    "fault",
    [
        faults.status(502, "<html>Bad Gateway</html>"),
        faults.rst_before,
        faults.truncate,
        faults.bad_json,  # half of the bytes, as if they were all
        faults.not_found,
        faults.retry_after(3),
        faults.refusal(400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
    ],
    ids=lambda fault: fault.name,
)
async def test_a_download_that_fails_is_tried_again(tmp_path: Path, method: str, fault: faults.Scripted) -> None:
    async with cast(tmp_path) as people:
        people.stage.api.faults.on(method, times=2, fault=fault)
        await people.send_file(people.wang, NOTICE, "通知.txt")
        assert len(people.wang.said("【收文】")) == 1
        assert "任务 2 项" in preview(people.wang)


async def test_after_the_last_try_the_sender_is_told(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.api.faults.on("getFile", times=None, fault=faults.status(502))
        said = await people.send_file(people.wang, NOTICE, "通知.txt")
        assert "多次尝试仍没能处理" in said
        assert rows(people, "SELECT count(*) FROM inbox WHERE state = 'dead'") == [(1,)]
        assert len(people.wang.said("多次尝试")) == 1


async def test_other_chats_are_answered_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_reading, may_go_on = threading.Event(), threading.Event()

    def slow(data: bytes, **options: object) -> Plan:
        is_reading.set()
        assert may_go_on.wait(20)
        return read_plan(data, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(taking_in, "read_plan", slow)
    async with cast(tmp_path) as people:
        service, before = people.stage.service, len(people.li.inbox)
        people.wang.document(NOTICE, "通知.txt")
        people.li.send("/tasks")
        await service.poller.poll_once()
        try:
            await service.desk._take_in_hand()
            await asyncio.to_thread(is_reading.wait, 20)
            async with asyncio.timeout(20):
                while len(people.li.inbox) == before:
                    await service.sender.send_all()
            assert "本单位任务" in people.li.last.text
            assert people.wang.said("【收文】") == []
        finally:
            may_go_on.set()
        await service.desk.finish()
        await people.stage.settle()
        assert "任务 2 项" in preview(people.wang)
