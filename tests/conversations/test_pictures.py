"""The handbooks' pictures show the conversations as they are played."""

import pytest

from tests.conversations.draw import FOLDER, PICTURES, pictures, scene


def test_the_pictures_are_those_of_the_document() -> None:
    drawn = pictures()
    assert drawn
    for name, text in drawn.items():
        assert (FOLDER / f"{name}.svg").read_text("utf-8") == text, f"{name}.svg is stale: make conversations"


@pytest.mark.parametrize("heading", sorted({heading for heading, _, _ in PICTURES.values()}))
def test_a_scene_is_read_back_with_its_speakers_and_buttons(heading: str) -> None:
    messages = scene(heading)
    assert any(said.is_bot and said.lines for said in messages)
    assert any(said.buttons for said in messages)
