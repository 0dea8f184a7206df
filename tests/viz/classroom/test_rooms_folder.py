"""Where journals are kept on each system, unless the owner says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from coercivity.viz.classroom.rooms import folder


@pytest.mark.parametrize(
    ("system", "environment", "expected"),
    [
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/coercivity/rooms"),
        ("win32", {}, "/me/AppData/Local/coercivity/rooms"),
        ("darwin", {}, "/me/Library/Application Support/coercivity/rooms"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/coercivity/rooms"),
        ("linux", {}, "/me/.local/share/coercivity/rooms"),
        ("win32", {"LOCALAPPDATA": "/local", folder.FOLDER: "/chosen"}, "/chosen"),
    ],
)
def test_journals_are_in_the_users_own_place(
    system: str, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr(Path, "home", lambda: Path("/me"))
    for name in (folder.FOLDER, "LOCALAPPDATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert folder.rooms_folder() == Path(expected)
