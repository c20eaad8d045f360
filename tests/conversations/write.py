"""`python -m tests.conversations.write`: play the marked conversations, write docs/conversations.md and its pictures."""

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conversations.draw import write_pictures
from tests.transcripts import CHAPTERS, DOCUMENT, HEAD, Scene, scene_of

FOLDER = Path(__file__).parent


def marked() -> list[tuple[str, Scene]]:
    """List the tests marked for the document (as pytest names them) with their scenes, in the document's order."""
    return sorted(_found(), key=lambda pair: CHAPTERS.index(pair[1].chapter))


def _found() -> Iterator[tuple[str, Scene]]:
    for file in sorted(FOLDER.glob("test_*.py")):
        module = importlib.import_module(f"tests.conversations.{file.stem}")
        for name, test in vars(module).items():
            if inspect.iscoroutinefunction(test) and (scene := scene_of(test)) is not None:
                yield f"{file}::{name}", scene


class Writer:
    """Collects the scenes as they were played, by their headings."""

    def __init__(self) -> None:
        self.played: dict[str, Scene] = {}

    def write(self, scenes: list[Scene]) -> None:
        """Write the document anew."""
        chapters: dict[str, list[str]] = {}
        for scene in scenes:
            chapters.setdefault(scene.chapter, []).append(self.played[scene.heading].written())
        parts = [f"## {chapter}\n\n" + "\n".join(written) for chapter, written in chapters.items()]
        DOCUMENT.write_text("\n".join([HEAD, *parts]), "utf-8")


def main() -> None:
    """Play every marked test and write what was said."""
    tests, writer = marked(), Writer()
    code = pytest.main(["-q", "-p", "no:cacheprovider", *(name for name, _ in tests)], plugins=[writer])
    if code:
        sys.exit(code)
    writer.write([scene for _, scene in tests])
    write_pictures()


if __name__ == "__main__":
    main()
