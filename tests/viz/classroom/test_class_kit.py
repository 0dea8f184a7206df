"""The kit of a lesson is taken away from the class page: length and language are chosen there, and a worker makes the files."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.lessons.kit import FILES
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.pages.game_files import lesson_archive
from coercivity.viz.words.language import languages
from tests.viz.rendered import Desk, shown


def files_of(packed: str) -> dict[str, bytes]:
    told = json.loads(packed)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(told["base64"]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_archive_holds_what_the_command_writes(tmp_path: Path) -> None:
    held = files_of(lesson_archive("30", "de"))
    folder = tmp_path / "kit"
    asked = ["lesson", "30", "--language", "de", "--out", str(folder)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert list(held) == [f"lesson-30-de/{name}" for name in FILES]
    for name in FILES[:2]:
        assert held[f"lesson-30-de/{name}"] == (folder / name).read_bytes()
    assert json.loads(lesson_archive("30", "de"))["name"] == "lesson-30-de.zip"


def test_there_is_no_kit_of_another_lesson() -> None:
    with pytest.raises(InputError):
        lesson_archive("45", "en")


def test_the_door_hands_it_out(desk: Desk) -> None:
    with shown(class_page.Page, "/class") as page:
        part = page.part("kit")
        choices = json.loads(part.choices)
        assert [one["id"] for one in choices["lessons"]] == ["30", "90", "180"]
        assert [one["id"] for one in choices["languages"]] == list(languages())
        for wrong in ({"lesson": "45", "language": "de"}, {"lesson": "30", "language": "xx"}, 7):
            page.tell("kit", wrong)
            assert desk.waiting(lesson_archive) == []
        page.tell("kit", {"lesson": "30", "language": "ja"})
        (asked,) = desk.waiting(lesson_archive)
        assert asked.args == ("30", "ja")
        assert (part.busy, part.file) == (True, "")
        desk.answer(lesson_archive, "the file")
        assert (part.busy, part.file, part.shown) == (False, "the file", 1)


def test_who_reads_a_code_of_a_room_sees_no_kit(desk: Desk) -> None:
    with shown(class_page.Page, "/class?room=BCDFGH") as page:
        assert page.parts("kit") == []
