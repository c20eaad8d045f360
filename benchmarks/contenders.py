"""The programs beside which the product is measured, and the sender on its own; each runs in a process of its own.

python -m benchmarks.contenders NAME URL [MORE …]
"""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.measuring import TOKEN

BESIDE = 16  # calls in flight of the bare sender
TEXT = "任务3 · 2025年第一季度（4月10日前报送）\n“已完成投资12.5亿元，开工项目30个，开工率95%。”\n字数：41/200字 ✓\n\n发“提交”或按按钮报送。"


def echo(url: str) -> None:
    """Answer every text, as python-telegram-bot's own example does: its polling, its HTTPXRequest, nothing stored."""
    from telegram import Update  # noqa: PLC0415  # each contender loads only what is its own
    from telegram.ext import Application, MessageHandler, filters  # noqa: PLC0415

    async def answer(update: Update, _context: Any) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    application = Application.builder().token(TOKEN).base_url(f"{url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, answer))
    application.run_polling()


def send_bare(url: str, count: str) -> None:
    """Send as fast as aiohttp alone can, some calls at a time."""
    asyncio.run(_send_bare(f"{url}/bot{TOKEN}/sendMessage", int(count)))


def send_stored(url: str, folder: str) -> None:
    """Send what is in an office's outbox with the product's own sender, without limits."""
    asyncio.run(_send_stored(url, Path(folder)))


async def _send_bare(url: str, count: int) -> None:
    import aiohttp  # noqa: PLC0415

    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            params = {
                "chat_id": 100_001 + number,
                "text": TEXT,
                "reply_markup": {"inline_keyboard": [[{"text": "提交", "callback_data": "AAAAAAAAAAAAAAAA:0"}]]},
                "link_preview_options": {"is_disabled": True},
            }
            async with session.post(url, json=params) as response:
                assert (await response.json())["ok"]

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=BESIDE)) as session:
        await _told_to_go()
        await asyncio.gather(*(work() for _ in range(BESIDE)))
        await _told_to_go()


async def _send_stored(url: str, folder: Path) -> None:
    from benchmarks.premises import AT  # noqa: PLC0415
    from bot.api import TelegramApi  # noqa: PLC0415
    from bot.limits import SendingLimits  # noqa: PLC0415
    from bot.sender import Sender  # noqa: PLC0415
    from duban.premises import Premises  # noqa: PLC0415
    from rules.clock import SystemClock  # noqa: PLC0415
    from rules.policy import Limits, Policy  # noqa: PLC0415
    from storage.store import open_store  # noqa: PLC0415
    from storage.vault import open_vault  # noqa: PLC0415

    store = open_store(f"sqlite:///{folder / 'duban.db'}", checkpoints=True)
    policy = Policy(office="清河区督查室", limits=Limits(per_second=0))
    premises = Premises(policy, open_vault(folder / "duban.key"), SystemClock.starting_at(AT))
    try:
        async with TelegramApi(url=url, token=TOKEN) as api:
            sender = Sender(api, store, premises.clock, premises, SendingLimits(premises.clock, policy.limits))
            await _told_to_go()
            sending = asyncio.create_task(sender.run())
            await _told_to_go()
            sending.cancel()
            await asyncio.wait([sending])
    finally:
        store.close()


async def _told_to_go() -> None:
    """Say that all is ready, and wait for the word."""
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)


CONTENDERS: dict[str, Callable[..., None]] = {"echo": echo, "send_bare": send_bare, "send_stored": send_stored}

if __name__ == "__main__":
    CONTENDERS[sys.argv[1]](*sys.argv[2:])
