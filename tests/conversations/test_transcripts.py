"""docs/conversations.md holds every conversation that is marked for it, and no other."""

import re

from tests.conversations.write import marked
from tests.transcripts import DOCUMENT, HEAD

STALE = "write it anew: make conversations"


def test_the_document_holds_what_is_marked_in_order() -> None:
    document = DOCUMENT.read_text("utf-8")
    scenes = [scene for _, scene in marked()]
    headings = [scene.heading for scene in scenes]
    assert len(set(headings)) == len(headings)
    assert document.startswith(HEAD), STALE
    assert re.findall(r"^### (.+)$", document, re.MULTILINE) == headings, STALE
    assert re.findall(r"^## (.+)$", document, re.MULTILINE) == list(dict.fromkeys(s.chapter for s in scenes)), STALE
