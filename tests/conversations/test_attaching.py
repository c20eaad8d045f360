"""Photos and documents go with the report they are for, stay with it, and are never lost."""

from pathlib import Path

from rules import failpoints
from tests.cast import Cast, cast, local, notice, task
from tests.conversations.looking import reported, rows, states

PDF = b"%PDF-1.7 plan"


def attached(people: Cast) -> list[tuple[object, ...]]:
    """List (task, name, removed?) of every attachment, in the order it came."""
    return rows(
        people,
        "SELECT task.no, attachment.name, attachment.removed_at IS NOT NULL FROM attachment"
        " LEFT JOIN obligation ON obligation.id = attachment.obligation_id"
        " LEFT JOIN task ON task.id = obligation.task_id ORDER BY attachment.id",
    )


def buttons(people: Cast) -> list[str]:
    """List the buttons under the last message to 李丽."""
    return [text for row in people.li.last.buttons for text, _ in row]


async def photo(people: Cast, who: object, caption: str | None = None, **options: object) -> str:
    """Have somebody send a photo; gives the last thing the bot said."""
    who.photo(caption, **options)  # type: ignore[attr-defined]
    await people.stage.settle()
    return str(who.last.text)  # type: ignore[attr-defined]


async def test_a_photo_with_a_caption_is_a_report_with_an_attachment(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        answer = await photo(people, people.li, "已完成3个项目。")
        assert "附件1个：照片.jpg" in answer
        await people.press(people.li, "提交")
        assert [(row.progress, row.attachments) for row in reported(people)] == [("已完成3个项目。", 1)]
        assert rows(people, "SELECT purpose, keep_until FROM stored_file") == [("attachment", None)]


async def test_files_sent_alone_go_with_the_only_draft(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await photo(people, people.li)
        answer = await people.send_file(people.li, PDF, "方案.pdf")
        assert "已完成" not in answer
        assert "附件2个：照片.jpg、方案.pdf" in answer
        assert "✓ 已报送" in await people.say(people.li, "提交")
        assert attached(people) == [(3, "照片.jpg", 0), (3, "方案.pdf", 0)]


async def test_a_file_sent_before_the_text_asks_for_the_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "任务3 · 2025年第一季度现有附件1个" in await photo(people, people.li)
        assert "请再发送进展文字" in people.li.last.text
        assert "附件1个" in await people.say(people.li, "已完成3个项目。")


async def test_a_file_that_may_be_for_several_reports_is_kept_and_asked_about(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "这些附件是哪项任务的" in await photo(people, people.zhang)
        assert "附件已留存" in people.zhang.last.text
        assert attached(people) == [(None, "照片.jpg", 0)]
        assert "附件已留存" in await people.say(people.zhang, "提交")
        assert "附件已留存" in await people.say(people.zhang, "9")
        assert "任务2 · 2025年第一季度现有附件1个" in await people.say(people.zhang, "2")
        assert "附件1个" in await people.say(people.zhang, "已完成5个项目。")
        assert states(people) == [(2, 1, "draft")]


async def test_a_file_kept_survives_a_restart_and_a_button_places_it(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await photo(people, people.zhang)
    async with cast(tmp_path, registered=False) as people:
        assert "附件已留存" in await people.say(people.zhang, "修改")
        await people.press(people.zhang, "任务1 2025年第一季度 第1项工作，全年完成10个项目。")
        assert attached(people) == [(1, "照片.jpg", 0)]


async def test_the_file_of_a_text_without_a_task_goes_where_the_text_goes(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        assert "这段文字报的是哪项任务" in await photo(people, people.zhang, "已完成3个项目。")
        assert attached(people) == [(None, "照片.jpg", 0)]
        assert "附件1个" in await people.say(people.zhang, "2")
        assert attached(people) == [(2, "照片.jpg", 0)]


async def test_a_file_under_a_text_for_two_tasks_is_asked_about_and_never_guessed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await photo(people, people.zhang, "1. 已完成3个项目。\n2. 已完成5个项目。")
        assert "这些附件是哪项任务的" in people.zhang.last.text
        assert "附件1个" in await people.say(people.zhang, "2")
        assert attached(people) == [(2, "照片.jpg", 0)]
        await people.say(people.zhang, "提交")
        await people.say(people.zhang, "提交")
        assert [(row.no, row.attachments) for row in reported(people)] == [(1, 0), (2, 1)]


async def test_a_reply_places_the_file(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.zhang, "1. 已完成3个项目。")
        first = people.zhang.last
        await people.say(people.zhang, "2. 已完成5个项目。")
        assert "任务1" in await photo(people, people.zhang, reply_to=first)
        assert attached(people) == [(1, "照片.jpg", 0)]


async def test_a_reply_to_the_receipt_adds_to_what_was_submitted(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        answer = await photo(people, people.li, reply_to=people.li.said("✓ 已报送")[0])
        assert answer == "附件已收到。任务3 · 2025年第一季度现有附件1个：照片.jpg。"
        assert reported(people)[0].attachments == 1
        assert rows(people, "SELECT count(*) FROM audit WHERE action = 'attach'") == [(1,)]


async def test_an_album_is_one_answer_with_all_its_pictures(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        before = len(people.li.inbox)
        people.li.media_group(4, "已完成3个项目。")
        await people.stage.settle()
        assert len(people.li.inbox) == before + 1
        assert "附件4个：照片.jpg、照片.jpg、照片.jpg等" in people.li.last.text


async def test_the_rest_of_an_album_that_comes_later_changes_the_answer_in_place(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        before = len(people.li.inbox)
        group = {"media_group_id": "77"}
        for caption in ("已完成3个项目。", None, None):
            stored = people.stage.api.world.files.add(b"\xff\xd8\xff" + str(caption).encode(), "p.jpg")
            text = {"caption": caption} if caption else {}
            people.li._say({**group, "photo": stored.as_photo(), **text}, file=stored)
            await people.stage.settle()
        assert len(people.li.inbox) == before + 1
        assert "附件3个" in people.li.last.text
        assert "提交" in buttons(people)
        assert "✓ 已报送" in await people.press(people.li, "提交")


async def test_an_album_without_a_caption_is_asked_about_once_and_placed_whole(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        before = len(people.zhang.inbox)
        people.zhang.media_group(3)
        await people.stage.settle()
        assert len(people.zhang.inbox) == before + 1
        assert "现有附件3个" in await people.say(people.zhang, "2")


async def test_attachments_stay_with_new_drafts_edits_and_corrections(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.photo("已完成3个项目。")
        await people.stage.settle()
        people.li.edit(sent, "已完成4个项目。")
        await people.stage.settle()
        assert "附件1个" in people.li.last.text
        assert "附件1个" in await people.say(people.li, "已完成5个项目。")
        await people.say(people.li, "提交")
        assert [(row.version, row.attachments) for row in reported(people)] == [(3, 1)]


async def test_a_caption_added_by_an_edit_is_the_text(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        sent = people.li.photo()
        await people.stage.settle()
        people.li.edit(sent, "已完成4个项目。")
        await people.stage.settle()
        assert "附件1个" in people.li.last.text
        assert states(people) == [(3, 1, "draft")]


async def test_a_draft_moved_to_another_task_takes_its_files_along(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await photo(people, people.zhang, "1. 已完成3个项目。")
        await photo(people, people.zhang, data=b"\xff\xd8\xff another")
        await people.press(people.zhang, "换任务或时段")
        assert "附件2个" in await people.say(people.zhang, "2")
        assert attached(people) == [(2, "照片.jpg", 0), (2, "照片.jpg", 0)]


async def test_an_attachment_is_removed_with_its_bytes(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await photo(people, people.li, "已完成3个项目。")
        await people.send_file(people.li, PDF, "方案.pdf")
        assert "1. 照片.jpg\n2. 方案.pdf" in await people.press(people.li, "删除附件")
        assert "附件1个：方案.pdf" in await people.say(people.li, "1")
        assert "附件" not in await people.say(people.li, "删除附件")
        assert attached(people) == [(3, "照片.jpg", 1), (3, "方案.pdf", 1)]
        assert rows(people, "SELECT count(*) FROM stored_file") == [(0,)]
        assert "没有可以删除的附件" in await people.say(people.li, "删除附件")


async def test_all_attachments_are_removed_at_once_and_one_by_its_button(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        for name in ("甲.pdf", "乙.pdf", "丙.pdf"):
            await people.send_file(people.li, PDF + name.encode(), name)
        await people.press(people.li, "删除附件")
        assert "附件2个：甲.pdf、丙.pdf" in await people.press(people.li, "2. 乙.pdf")
        await people.press(people.li, "删除附件")
        assert "9" not in await people.say(people.li, "9")
        assert "附件" not in await people.say(people.li, "全部")
        assert "✓ 已报送" in await people.say(people.li, "提交")


async def test_attachments_of_a_closed_report_stay_as_they_are(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await photo(people, people.li, "已完成3个项目。")
        await people.say(people.li, "提交")
        answer = await photo(people, people.li, reply_to=people.li.last, data=b"\xff\xd8\xff another")
        assert "现有附件2个" in answer
        await people.press(people.li, "删除附件")
        question = people.li.last
        await people.stage.move_to(local("2025-04-20 10:00"))
        people.li.press(question.message_id, "1. 照片.jpg")
        await people.stage.settle()
        assert "已审结" in people.li.last.text
        assert people.li.toasts[-1] == "没有办成，请看消息中的说明"
        assert attached(people) == [(3, "照片.jpg", 0), (3, "照片.jpg", 0)]


async def test_somebody_elses_attachment_is_not_removed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await photo(people, people.li, "已完成3个项目。")
        assert "没有可以删除的附件" in await people.say(people.zhang, "删除附件")
        assert attached(people) == [(3, "照片.jpg", 0)]


async def test_the_same_file_twice_is_one(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        stored = people.stage.api.world.files.add(PDF, "方案.pdf")
        for _ in range(2):
            people.li._say({"document": stored.as_document()}, file=stored)
            await people.stage.settle()
        assert "附件1个" in people.li.last.text
        assert rows(people, "SELECT count(*) FROM stored_file") == [(1,)]


async def test_the_eleventh_attachment_is_refused(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        for number in range(10):
            await people.send_file(people.li, PDF + bytes([65 + number]), f"{number}.pdf")
        await people.send_file(people.li, PDF, "多.pdf")
        assert people.li.said("已满10个")
        await people.say(people.li, "提交")
        assert reported(people)[0].attachments == 10
        assert rows(people, "SELECT count(*) FROM stored_file") == [(10,)]


async def test_what_cannot_be_attached_is_refused_politely_and_the_text_taken(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        answer = await people.send_file(people.li, b"PK\x03\x04", "材料.zip", caption="已完成3个项目。")
        assert "/200字 ✓" in answer
        assert people.li.said("这个文件没有收。可以附图片、PDF")
        assert "这个文件没有收" in await people.send_file(people.li, b"MZ", "方案.pdf")
        assert rows(people, "SELECT count(*) FROM attachment") == [(0,)]


async def test_a_file_over_the_limit_is_refused_unfetched_and_the_text_taken(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        stored = people.stage.api.world.files.add(PDF, "大.pdf")
        document = stored.as_document() | {"file_size": (20 << 20) + 1}
        people.li._say({"document": document, "caption": "已完成3个项目。"}, file=stored)
        await people.stage.settle()
        assert people.li.said("文件超过20MB")
        assert states(people) == [(3, 1, "draft")]
        assert people.stage.api.journal.of("getFile") == []


async def test_a_fixed_word_under_a_photo_is_done_after_the_photo_is_placed(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        assert "✓ 已报送" in await photo(people, people.li, "提交")
        assert reported(people)[0].attachments == 1


async def test_a_file_during_a_question_leaves_the_question_open(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        await people.say(people.li, "已完成3个项目。")
        await people.say(people.li, "补充")
        assert "现有附件1个" in await photo(people, people.li)
        await people.say(people.li, "资金不足")
        assert rows(people, "SELECT problems FROM report") == [("资金不足",)]


async def test_nothing_owed_keeps_the_file_and_says_so(tmp_path: Path) -> None:
    given = notice(task(1, "区发改局", role="support"), task(2, "区教体局"))
    async with cast(tmp_path, given=given) as people:
        assert "已留存" in await photo(people, people.zhang)
        assert attached(people) == [(None, "照片.jpg", 0)]


async def test_files_of_strangers_heads_and_supervisors_are_not_fetched(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        for who in (people.outsider, people.wang):
            await photo(people, who)
        assert people.stage.api.journal.of("getFile") == []
        assert rows(people, "SELECT count(*) FROM stored_file") == [(0,)]


async def test_a_failure_before_the_commit_keeps_one_file_and_answers_once(tmp_path: Path) -> None:
    async with cast(tmp_path) as people:
        failpoints.arm("handlers.received:1:raise")
        await photo(people, people.li, "已完成3个项目。")
        assert attached(people) == [(3, "照片.jpg", 0)]
        assert len(people.li.said("/200字 ✓")) == 1
