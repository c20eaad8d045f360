"""Who gets in, as what, and what those outside learn: nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.reading import clean_name
from bot.words import catalogue
from storage.states import Role
from tests.cast import Cast, cast, local
from tests.conversations.looking import plain, rows
from tests.transcripts import transcript

WRONG = catalogue("zh")["wrong_code"]
STRANGER = catalogue("zh")["stranger"]


@transcript(
    "登记",
    "凭邀请码或邀请链接登记",
    "张敏和李丽是联络员，路人这一次受邀担任区发改局责任人；三人分别发送邀请码、链接和带字的邀请码。",
)
async def test_a_code_registers_with_or_without_start_or_as_a_link(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        codes = [people.stage.invite_unit("区发改局", role).code for role in (Role.LIAISON, Role.HEAD)]
        other = people.stage.invite_unit("区教体局").code
        await people.say(people.zhang, codes[0])
        assert people.zhang.said("您已登记为【区发改局】联络员")
        assert people.zhang.said("【区发改局】承担 2 项任务，请阅知")
        await people.say(people.li, f"https://t.me/duban_bot?start={other}")
        assert people.li.said("您已登记为【区教体局】联络员")
        await people.say(people.outsider, f"邀请码：{codes[1]}")
        assert people.outsider.said("您已登记为【区发改局】责任人")


@transcript("登记", "邀请码不能用", "路人先后发送已用的、作废的、写错的邀请码。")
async def test_wrong_used_expired_and_revoked_codes_sound_alike(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        used = people.stage.invite_unit("区发改局").code
        await people.say(people.zhang, f"/start {used}")
        revoked = people.stage.invite_unit("区教体局").code
        expired = people.stage.invite_unit("区教体局").code
        answers = [await people.say(people.outsider, f"/start {code}") for code in (used, revoked, "A" * 22, "x" * 65)]
        await people.stage.move_to(local("2025-05-06 10:00"))
        answers.append(await people.say(people.outsider, f"/start {expired}"))
        assert set(answers) == {WRONG}


async def test_a_code_in_the_wrong_case_is_wrong(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        code = people.stage.invite_unit("区教体局").code
        assert await people.say(people.outsider, f"/start {code.swapcase()}") == WRONG
        assert rows(people, "SELECT count(*) FROM person") == [(0,)]


async def test_of_two_who_use_one_code_one_gets_in(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        code = people.stage.invite_unit("区教体局").code
        people.li.send(f"/start {code}")
        people.outsider.send(f"/start {code}")
        await people.stage.settle()
        assert len(people.li.said("您已登记")) + len(people.outsider.said("您已登记")) == 1
        assert rows(people, "SELECT count(*) FROM membership") == [(1,)]


async def test_too_many_guesses_lock_for_an_hour(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        good = people.stage.invite_unit("区教体局").code
        for n in range(5):
            await people.say(people.outsider, f"/start {'A' * 21}{n}")
        assert await people.say(people.outsider, f"/start {good}") == WRONG
        people.stage.clock.advance(timedelta(minutes=61))
        await people.say(people.outsider, f"/start {good}")
        assert people.outsider.said("您已登记")


async def test_the_own_link_opened_again_is_no_guess(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        code = people.stage.invite_unit("区发改局").code
        for _ in range(8):
            last = await people.say(people.zhang, f"/start {code}")
        assert "您已登记：区发改局联络员" in last
        await people.register(people.zhang, "区教体局")
        assert rows(people, "SELECT count(*) FROM membership") == [(2,)]


async def test_somebody_registered_hears_that_a_code_is_wrong(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert await people.say(people.zhang, f"/start {'A' * 22}") == WRONG
        assert await people.say(people.zhang, "A" * 22) == WRONG


@transcript("登记", "一人联络两个单位", "张敏已是一个单位的联络员，又收到另一个单位的邀请码。")
async def test_one_person_may_serve_two_units(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, people.stage.invite_unit("区教体局").code)
        answer = await people.say(people.zhang, "/tasks")
        assert "【区发改局】\n任务1" in answer
        assert "【区教体局】\n任务3" in answer


async def test_a_leader_may_be_invited_under_a_second_name(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for name in ("赵区长", "钱区长"):
            await people.say(people.outsider, people.stage.invite_person(Role.LEADER, name).code)
        assert rows(people, "SELECT leader_name FROM membership WHERE role = 'leader' ORDER BY id") == [
            ("赵区长",),
            ("钱区长",),
        ]


@pytest.mark.parametrize(
    ("role", "words"), [(Role.SUPERVISOR, "督查人员"), (Role.LEADER, "牵头领导"), (Role.ADMIN, "管理员")]
)
async def test_the_offices_roles_are_welcomed_and_helped(tmp_path: Path, role: Role, words: str) -> None:
    async with cast(tmp_path, registered=False) as people:
        assert words in await people.say(people.wang, f"/start {people.stage.invite_person(role, '王科').code}")
        assert "/overdue" in await people.say(people.wang, "/help")
        assert "没有办理此事的权限" in await people.say(people.wang, "/report")
        assert "不接收报送文字" in await people.say(people.wang, "已完成3个项目。")
        assert rows(people, "SELECT count(*) FROM kept_text") == [(0,)]


@transcript("登记", "没有受邀的人", "路人没有邀请码，发什么都只得到一句话。")
async def test_strangers_hear_one_sentence_whatever_they_send(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for text in ("你好", "提交", "/overdue", "/help", "/start", "/nothing", "任务3", "姓名 路人", "13912345678"):
            assert await people.say(people.outsider, text) == STRANGER
        people.outsider.contact("13912345678")
        people.outsider.sticker()
        await people.stage.settle()
        assert {message.text for message in people.outsider.inbox} == {STRANGER}


async def test_someone_whose_role_ended_is_a_stranger_again(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        people.stage.store.write_now(lambda tx: tx.exec_driver_sql("UPDATE membership SET until = since"))
        people.li.contact("13912345678")
        await people.stage.settle()
        assert people.li.last.text == STRANGER
        assert rows(people, "SELECT count(*) FROM person WHERE phone IS NOT NULL") == [(0,)]


@transcript("登记", "登记联系电话", "李丽先误发了他人的名片，再按按钮发送本人号码。")
async def test_the_own_contact_is_taken_and_somebody_elses_is_not(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert people.li.keyboard == [["发送本人号码", "跳过"]]
        people.li.contact("+8613912345678", user_id=1001)
        await people.stage.settle()
        assert "您本人的号码" in people.li.last.text
        people.li.contact("+8613912345678")
        await people.stage.settle()
        assert "尾号5678" in people.li.last.text
        assert people.li.keyboard == []


@pytest.mark.parametrize(
    "said",
    ["13912345678", "手机 139 1234 5678", "我的电话是：+86-139-1234-5678", "１３９１２３４５６７８", "0755-82345678"],
)
async def test_a_typed_phone_is_kept_encrypted_and_nowhere_in_plain(tmp_path: Path, said: str) -> None:
    async with cast(tmp_path) as people:
        assert "尾号5678" in await people.say(people.li, said)
        assert rows(people, "SELECT count(*) FROM person WHERE phone IS NOT NULL") == [(1,)]
        assert not plain(people, "5678")
    stored = on_disk(tmp_path)
    for form in ("13912345678", "139 1234 5678", "139-1234-5678", "82345678"):
        assert form.encode() not in stored


@pytest.mark.parametrize("said", ["姓名 李莉", "姓名：李莉", "我的名字是李莉"])
async def test_a_name_is_put_right(tmp_path: Path, said: str) -> None:
    async with cast(tmp_path) as people:
        assert "李莉" in await people.say(people.li, said)
        assert rows(people, "SELECT name FROM person WHERE telegram_id = 1002") == [("李莉",)]


@pytest.mark.parametrize("said", ["名字牌制作完成30个", "姓名登记工作完成3项", "姓名 \u202e莉李", "姓名 1"])
async def test_what_only_begins_like_a_name_is_none(tmp_path: Path, said: str) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, said)
        assert rows(people, "SELECT name FROM person WHERE telegram_id = 1002") == [("李丽",)]


async def test_a_disguised_name_is_cleaned(tmp_path: Path) -> None:
    async with cast(tmp_path, registered=False) as people:
        await mask(people)
        assert rows(people, "SELECT name FROM person") == [("李gnp.exe 丽",)]


def on_disk(folder: Path) -> bytes:
    """Give the database's files, byte by byte."""
    return b"".join(file.read_bytes() for file in folder.glob("duban.db*"))


async def mask(people: Cast) -> None:
    """Register under a name with right-to-left overrides and control characters in it."""
    disguised = people.stage.api.user(1002, "李\u202egnp.exe\u2066\x07", "丽\u202c")
    await people.say(disguised, people.stage.invite_unit("区教体局").code)


@pytest.mark.parametrize(
    ("told", "kept"), [("张敏", "张敏"), ("欧阳 建国", "欧阳建国"), ("Anna Li", "Anna Li"), ("李丽 Lily", "李丽 Lily")]
)
def test_a_chinese_name_has_no_space(told: str, kept: str) -> None:
    assert clean_name(told) == kept
