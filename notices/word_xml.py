"""The parts of a Word file and the values in them; nothing outside the file is ever opened."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Any, Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_STRICT: Final = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
}


class Package:
    """A Word file's parts by name."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(data))
        self._names = {name.lower(): name for name in self._zip.namelist()}
        targets = [target for kind, target in self._relations("") if kind == "officeDocument"]
        self._main = targets[0] if targets else "word/document.xml"

    def document(self) -> Any:
        """Return the main part's root."""
        return self._part(self._main)

    def parts(self, *kinds: str) -> list[Any]:
        """Return the roots of the parts of these kinds (styles, numbering, header …) that belong to the document."""
        found = [self._part(target) for kind, target in self._relations(self._main) if kind in kinds]
        return [root for root in found if root is not None]

    def _relations(self, name: str) -> list[tuple[str, str]]:
        folder, base = posixpath.split(name)
        root = self._part(posixpath.join(folder, "_rels", f"{base}.rels"))
        return [
            (
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join(folder, each.get("Target", ""))),
            )
            for each in (root if root is not None else ())
            if each.get("TargetMode") != "External"
        ]

    def _part(self, name: str) -> Any:
        """Return a part's root, None if it is not there."""
        known = self._names.get(name.lstrip("/").lower())
        if known is None:
            return None
        text = self._zip.read(known)
        for strict, usual in _STRICT.items():
            text = text.replace(strict, usual)
        return etree.fromstring(text, _parser())


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )


def value(parent: Any, name: str) -> str | None:
    """Return the `w:val` of a child, None without the child or the value."""
    child = parent.find(f"{W}{name}") if parent is not None else None
    found = child.get(f"{W}val") if child is not None else None
    return None if found is None else str(found)


def number(parent: Any, name: str) -> int | None:
    """Return the `w:val` of a child as a whole number, None without one."""
    found = value(parent, name) or ""
    return int(found) if found.lstrip("-").isdecimal() else None


def is_on(element: Any) -> bool | None:
    """Tell whether an on/off property is on; None: it is not there. Without a value it is on."""
    if element is None:
        return None
    return element.get(f"{W}val", "1") not in {"0", "false", "off"}
