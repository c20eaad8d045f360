"""A conversation marked for docs/conversations.md is written down as it is played, and must be what stands there."""

from collections.abc import Iterator

import pytest

from tests.transcripts import DOCUMENT, playing, scene_of


@pytest.fixture(autouse=True)
def _written_down(request: pytest.FixtureRequest) -> Iterator[None]:
    scene = scene_of(request.function)
    if scene is None:
        yield
        return
    with playing(scene):
        yield
    writer = next((plugin for plugin in request.config.pluginmanager.get_plugins() if hasattr(plugin, "played")), None)
    if writer is not None:
        writer.played[scene.heading] = scene
    else:
        assert scene.written() in DOCUMENT.read_text("utf-8"), "docs/conversations.md is stale: make conversations"
