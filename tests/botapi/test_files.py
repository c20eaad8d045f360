"""Files both ways: what a person sends can be fetched, what the bot sends must be whole."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.botapi import faults

if TYPE_CHECKING:
    from duban.rehearsal.botapi import BotApi, User

    from .conftest import Bot

PNG = b"\x89PNG\r\n\x1a\n"


async def upload(
    session: aiohttp.ClientSession, server: BotApi, kind: str, data: bytes, filename: str | None = "a.bin"
) -> str:
    """Send a file as the bot does; gives "ok" or the refusal."""
    form = aiohttp.FormData({"chat_id": "1001"}, quote_fields=False, default_to_multipart=True)
    if filename is None:
        form.add_field(kind, data.decode())  # a field of text, as a part without a file name is
    else:
        form.add_field(kind, io.BytesIO(data), filename=filename, content_type="application/octet-stream")
    async with session.post(f"{server.url}/bot{server.token}/send{kind.capitalize()}", data=form) as response:
        told = await response.json(content_type=None)
        return "ok" if told["ok"] else f"{told['error_code']} {told['description']}"


@pytest.mark.parametrize(
    ("kind", "data", "filename", "told"),
    [
        ("document", b"x", "a.txt", "ok"),
        ("document", b"", "a.txt", "400 Bad Request: file must be non-empty"),
        ("document", b"x", None, "400 Bad Request: wrong file_id or the file is temporarily unavailable"),
        ("photo", PNG, "a.png", "ok"),
        ("photo", b"PK\x03\x04", "a.png", "400 Bad Request: IMAGE_PROCESS_FAILED"),
        ("photo", PNG + bytes(10 * 1024 * 1024), "a.png", "413 Request Entity Too Large"),
    ],
)
async def test_an_upload_must_be_whole_and_fit(
    server: BotApi,
    session: aiohttp.ClientSession,
    liaison: User,
    *,
    kind: str,
    data: bytes,
    filename: str | None,
    told: str,
) -> None:
    assert await upload(session, server, kind, data, filename) == told


async def test_a_message_without_its_file_is_refused(bot: Bot, liaison: User) -> None:
    for kind in ("document", "photo"):
        told = await bot.refused(f"send{kind.capitalize()}", chat_id=1001)
        assert told == f"400 Bad Request: there is no {kind} in the request"


async def test_a_link_works_only_after_getFile(  # noqa: N802
    server: BotApi, session: aiohttp.ClientSession, bot: Bot, liaison: User
) -> None:
    file_id = liaison.document(b"PK\x03\x04", "附件4.xlsx")["document"]["file_id"]
    path = server.world.files.find(file_id).file_path
    address = f"{server.url}/file/bot{server.token}/{path}"
    async with session.get(address) as response:
        assert response.status == 404
    assert (await bot("getFile", file_id=file_id))["file_path"] == path
    async with session.get(address) as response:
        assert await response.read() == b"PK\x03\x04"
    assert [entry.delivered for entry in server.journal.of("file")] == [False, True]


async def test_a_download_can_be_broken_on_purpose(
    server: BotApi, session: aiohttp.ClientSession, bot: Bot, liaison: User
) -> None:
    told = await bot("getFile", file_id=liaison.document(b"x" * 1000, "a.txt")["document"]["file_id"])
    address = f"{server.url}/file/bot{server.token}/{told['file_path']}"
    server.faults.on("file", fault=faults.status(502, "<html>Bad Gateway</html>"))
    server.faults.on("file", nth=2, fault=faults.truncate)
    async with session.get(address) as response:
        assert response.status == 502
    async with session.get(address) as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    async with session.get(address) as response:
        assert len(await response.read()) == 1000


async def test_files_are_played_by_curl(server: BotApi, session: aiohttp.ClientSession) -> None:
    root = f"{server.url}/control/user/1001"
    body = {"name": "通知.docx", "base64": b64encode(b"PK\x03\x04").decode(), "caption": "请审"}
    async with session.post(f"{root}/document", data=json.dumps(body)) as response:
        sent = await response.json()
    assert (sent["document"]["file_name"], sent["caption"]) == ("通知.docx", "请审")
    assert await upload(session, server, "document", b"workbook", "核对.xlsx") == "ok"
    async with session.get(f"{root}/messages") as response:
        [shown] = await response.json()
    assert shown["document"] == "核对.xlsx"
    async with session.get(f"{root}/file/{shown['message_id']}") as response:
        assert await response.read() == b"workbook"
    async with session.get(f"{root}/file/999") as response:
        assert response.status == 400
