"""What tests of the class game share: a clock that a test moves, and rooms on disk that every page of the test asks."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from coercivity.viz.classroom.rooms import registry as rooms_module
from coercivity.viz.classroom.rooms.registry import Rooms
from tools.check.room_table import Watch, close_all, open_registry


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def registry(tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rooms]:
    one = open_registry(tmp_path / "rooms", watch)
    monkeypatch.setattr(rooms_module, "_made", [one])
    yield one
    close_all()
