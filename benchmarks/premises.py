"""An office to measure in: a configuration and a database in a folder, with one liaison and one owed task a chat."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.fast_api import FIRST_CHAT
from benchmarks.measuring import TOKEN
from duban.premises import Premises
from notices.plan import Plan
from office.notice.adopting import adopt_notice
from office.reports.drafting import shown_task
from office.work import Work
from rules.clock import StandingClock
from rules.policy import Policy
from storage import ledger, outbox, people
from storage.ledger import Due
from storage.schema import create_database
from storage.states import Role
from storage.store import Transaction, open_store
from storage.vault import create_key, open_vault
from tests.cast import MORNING, notice, task

Content = dict[str, Any]
AT: datetime = MORNING  # every measured office lives on this day, so that no figure depends on today's
FILES = ("duban.db", "duban.key")
CONFIG = """\
[office]
name = "清河区督查室"
[telegram]
token = "{token}"
username = "duban_bench_bot"
api_url = "{url}"
[database]
url = "sqlite:///{folder}/duban.db"
key_file = "{folder}/duban.key"
[limits]
messages_per_second = 0
[log]
level = "WARNING"
"""


def build_office(folder: Path, *, liaisons: int) -> None:
    """Adopt a notice with one task a unit, and register a liaison for each."""
    url = f"sqlite:///{folder / 'duban.db'}"
    create_key(folder / "duban.key")
    create_database(url)
    premises = Premises(Policy(office="清河区督查室"), open_vault(folder / "duban.key"), StandingClock(AT))
    store = open_store(url, checkpoints=True)
    try:
        premises.do(store, lambda work: _populate(work, liaisons))
    finally:
        store.close()


def copy_office(model: Path, folder: Path, *, url: str) -> Path:
    """Copy an office into a new folder and point it to a Bot API; gives its configuration."""
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copy(model / name, folder / name)
    config = folder / "config.toml"
    config.write_text(CONFIG.format(token=TOKEN, url=url, folder=folder.as_posix()), encoding="utf-8")
    config.chmod(0o600)
    return config


def count(database: Path, query: str) -> int:
    """Give a figure of a database that nobody has open any more."""
    with sqlite3.connect(database) as connection:
        return int(connection.execute(query).fetchone()[0])


def _populate(work: Work, liaisons: int) -> None:
    given = notice(*(task(number, f"第{number}局") for number in range(1, liaisons + 1)))
    adopt_notice(work, Plan(given), source_hash="benchmark")
    assigned = ledger.unannounced_tasks(work.tx)
    ledger.mark_announced(work.tx, [each.assignment_id for each in assigned], at=work.at)
    for place, unit in enumerate(ledger.units(work.tx)):
        person = people.add_person(work.tx, telegram_id=FIRST_CHAT + place, name=f"联络员{place}", at=work.at)
        people.add_membership(
            work.tx, person_id=person, role=Role.LIAISON, unit_id=unit.id, leader_name=None, at=work.at
        )


def fill_outbox(folder: Path, messages: int, *, reminders: bool) -> None:
    """Leave messages in an office's outbox: previews of drafts, as they answer a reply, or reminders of what is owed."""
    store = open_store(f"sqlite:///{folder / 'duban.db'}", checkpoints=True)
    try:
        store.write_now(lambda tx: _fill(tx, messages, reminders=reminders))
    finally:
        store.close()


def _fill(tx: Transaction, messages: int, *, reminders: bool) -> None:
    holders = people.holders(tx, Role.LIAISON)
    dues = {holder.person_id: ledger.owed_by(tx, [holder.unit_id or 0], today=AT.date())[0] for holder in holders}
    for place in range(messages):
        holder = holders[place % len(holders)]
        due = dues[holder.person_id]
        content = _reminder(due) if reminders else _preview(due)
        kind, priority = ("nudge", outbox.REMINDER) if reminders else ("draft", outbox.ANSWER)
        outbox.add(
            tx,
            chat_id=holder.telegram_id,
            person_id=holder.person_id,
            kind=kind,
            content=content,
            priority=priority,
            at=AT.astimezone(UTC),
        )


def _preview(due: Due) -> Content:
    more: Content = {"problems": None, "next_step": None, "stage_met": None, "findings": [], "reason": None}
    text = "已完成投资12.5亿元，开工项目30个，开工率95%，较上期增长8.5%；下一步抓紧办理剩余手续。"
    shown = {**shown_task(due), "report_id": 1, "version": 1, "text": text, "characters": 37, **more}
    rows = [
        [{"do": "submit", "reports": [1]}, {"do": "change", "reports": [1]}, {"do": "add_parts", "reports": [1]}],
        [{"do": "other_task", "reports": [1]}],
    ]
    return {"tasks": [shown], "can_submit": True, "keyboard": {"token": "AAAAAAAAAAAAAAAA", "rows": rows}}


def _reminder(due: Due) -> Content:
    shown = {**shown_task(due), "role": "liaison", "rung": "-7", "days": 0, "days_left": 21, "state": "open"}
    rows = [[{"do": "report_on", "obligation": due.obligation_id}]]
    keyboard = {"token": "AAAAAAAAAAAAAAAA", "rows": rows}
    return {"position": [1, 4], "as_liaison": True, "days": 0, "tasks": [shown], "keyboard": keyboard}
