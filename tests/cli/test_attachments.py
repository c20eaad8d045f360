"""`duban attachments` writes files under names of its own; `duban reports` counts them."""

from datetime import UTC, datetime

from storage import attachments, files
from storage.files import FileContent
from storage.store import Transaction, open_store
from tests.cli.desk import Desk

AT = datetime(2025, 3, 20, 2, tzinfo=UTC)
EVIL = "../../etc/名单.PDF"


def attach(desk: Desk, name: str, data: bytes, *, obligation: int = 1) -> None:
    """Put a file with an obligation's report."""

    def act(tx: Transaction) -> None:
        tx.exec_driver_sql(
            "INSERT INTO person (id, telegram_id, name, reach, created_at)"
            " SELECT 1, 1, '李丽', 'yes', '2025-03-20 02:00:00' WHERE NOT EXISTS (SELECT 1 FROM person)"
        )
        file_id = files.add(tx, FileContent(name, "application/pdf", data), purpose="attachment", at=AT)
        named = {"unique_id": name, "name": name, "media_type": "application/pdf", "size": len(data)}
        place = {"chat_id": 1, "message_id": 1, "sent_at": AT, "added_at": AT}
        values = {"obligation_id": obligation, "person_id": 1, "file_id": file_id, **named, **place}
        attachments.add(tx, values)

    store = open_store(f"sqlite:///{desk.folder / 'data' / 'duban.db'}")
    try:
        store.write_now(act)
    finally:
        store.close()


def test_attachments_are_written_under_safe_names(adopted: Desk) -> None:
    for name, data in ((EVIL, b"one"), ("a.jpg", b"two")):
        attach(adopted, name, data)
    out = adopted.folder / "out"
    assert adopted.do("attachments", "--out", out) == f"2 files written to {out}\n"
    written = {file.name: file.read_bytes() for file in out.iterdir()}
    assert written == {"区发改局_附件1_2025-Q1_1.pdf": b"one", "区发改局_附件1_2025-Q1_2.jpg": b"two"}
    assert "exists already" in adopted.refusal("attachments", "--out", out)


def test_they_are_chosen_by_period_and_unit(adopted: Desk) -> None:
    attach(adopted, "a.pdf", b"one")
    out = adopted.folder / "out"
    assert adopted.do("attachments", "--out", out, "--period", "2025-Q2").startswith("0 files")
    assert adopted.do("attachments", "--out", out, "--unit", "区教体局").startswith("0 files")
    assert adopted.do("attachments", "--out", out, "--unit", "区发改局", "--period", "2025-Q1").startswith("1 files")
    assert "there is no period" in adopted.refusal("attachments", "--out", out, "--period", "2024-Q1")
