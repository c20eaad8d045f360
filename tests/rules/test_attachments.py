"""Files that may be attached are known by ending and first bytes together."""

import pytest

from rules.attachments import ending_of, is_as_named


@pytest.mark.parametrize("name", ["照片.JPG", "方案.pdf", "表.xlsx", "总结.wps", "公文.ofd", "a.b.docx"])
def test_pictures_pdf_and_office_documents_are_taken(name: str) -> None:
    assert ending_of(name) is not None


@pytest.mark.parametrize("name", ["材料.zip", "a.exe", "宏.xlsm", "页面.html", "pdf", "", "录像.mp4", "a.pdf.rar"])
def test_everything_else_is_not(name: str) -> None:
    assert ending_of(name) is None
    assert not is_as_named(name, b"%PDF-1.7")


def test_what_does_not_begin_as_its_ending_says_is_not_taken() -> None:
    assert is_as_named("方案.pdf", b"%PDF-1.7")
    assert not is_as_named("方案.pdf", b"MZ\x90\x00")
    assert is_as_named("旧.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...")
    assert is_as_named("新.wps", b"PK\x03\x04...")
    assert not is_as_named("照片.png", b"")
