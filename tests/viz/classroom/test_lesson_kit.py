"""The facilitator's kit: buttons are those of the pages, places are those that a room fills, sheets
have a page each, slides open and nothing runs over, a command writes all of it in every language.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.lessons.kit import FILES
from coercivity.viz.classroom.lessons.lesson_plan import (
    PEOPLE,
    SIMULATED,
    TICKED,
    place_name,
    plan,
    spread,
)
from coercivity.viz.classroom.lessons.sheets import sheets
from coercivity.viz.classroom.lessons.slides import lesson_slides
from coercivity.viz.classroom.lessons.texts import BUTTONS, LESSONS, load_results
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.pages.game_files import lesson_archive
from coercivity.viz.classroom.rooms.place_views import label
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.rooms.rehearsal import PEOPLE as SIMULATED_PEOPLE
from coercivity.viz.documents.fonts import lines_of
from coercivity.viz.documents.paper_layout import paper_pdf
from coercivity.viz.words.language import languages, speaking
from coercivity.viz.words.template_text import sentences
from tests.viz.rendered import Desk, shown

PAGES = Path(__file__).parents[3] / "viz" / "classroom" / "pages"


def test_buttons_of_the_kit_are_on_a_page() -> None:
    shown = {
        text for path in PAGES.glob("*.vue") for text in sentences(path.read_text(encoding="utf-8"))
    }
    assert set(BUTTONS.values()) <= shown


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("people", PEOPLE)
def test_the_table_of_places_is_what_a_room_does(lesson: str, people: int, registry: Rooms) -> None:
    roles = TICKED[lesson][people]
    room, _ = registry.make(new_game(1, LESSONS[lesson].seats, length=2), roles=roles)
    for number in range(people):
        registry.join(room.code, "", "", f"Somebody {number}")
    told = spread(people, (*LESSONS[lesson].seats, *roles))
    assert {place: len(room.at(place)) for place in told} == told
    assert [place_name(place) for place in told] == [label(place) for place in told]
    assert SIMULATED == SIMULATED_PEOPLE  # with as many a rehearsal begins


@pytest.mark.parametrize("code", languages())
def test_each_sheet_has_one_page_in_every_language(code: str) -> None:
    with speaking(code):
        paper = sheets(LESSONS["90"].seats, load_results())
        data = paper_pdf(paper)
    wanted = sum(block.kind == "page" for block in paper.blocks)
    assert len(re.findall(rb"/Type /Page\b", data)) == wanted == 10


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("lesson", LESSONS)
def test_plans_name_everything_that_is_to_be_filled(code: str, lesson: str) -> None:
    with speaking(code):
        paper = plan(lesson, load_results())
    told = [text for block in paper.blocks for text in (*block.lines, *sum(block.rows, ()))]
    assert not [text for text in told if re.search(r"[{}]", text)]
    assert sum(len(text) for text in told) > 200


@pytest.mark.parametrize("code", languages())
def test_slides_open_and_no_text_runs_over(code: str) -> None:
    lesson = "90"
    from pptx import Presentation

    with speaking(code):
        data = lesson_slides(lesson, load_results())
    deck = Presentation(io.BytesIO(data))
    assert 8 <= len(deck.slides) <= 10
    for slide in deck.slides:
        foot = [
            shape
            for shape in slide.shapes
            if shape.has_text_frame and "0." in shape.text_frame.text
        ]
        assert foot, "no version on the slide"
        for shape in slide.shapes:
            if shape.has_table:
                high = sum(row.height for row in shape.table.rows)
                assert shape.top + high < deck.slide_height - 400_000
            elif shape.has_text_frame and shape.shape_type == 17:  # a box of text
                high = 0.0
                for paragraph in shape.text_frame.paragraphs:
                    points = paragraph.runs[0].font.size.pt
                    wide = shape.width / 914_400 - 0.2
                    high += lines_of(paragraph.text, points, wide) * points * 1.25 * 12_700
                assert shape.top + high <= deck.slide_height, shape.text_frame.text[:60]


def files_of(packed: str) -> dict[str, bytes]:
    told = json.loads(packed)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(told["base64"]))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_archive_holds_what_the_command_writes(tmp_path: Path) -> None:
    packed = lesson_archive("30", "de")
    held = files_of(packed)
    folder = tmp_path / "kit"
    asked = ["lesson", "30", "--language", "de", "--out", str(folder)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert list(held) == [f"lesson-30-de/{name}" for name in FILES]
    for name in FILES:
        assert held[f"lesson-30-de/{name}"] == (folder / name).read_bytes()
    assert json.loads(packed)["name"] == "lesson-30-de.zip"
    with pytest.raises(InputError):
        lesson_archive("45", "en")
    for arguments, words in (
        (["45"], "lesson '45' is not known"),
        (["90", "--language", "xx"], "language 'xx' is not known"),
        (["90", "--out", "/proc/nowhere"], "cannot be written"),
    ):
        result = CliRunner().invoke(app, ["lesson", *arguments])
        assert result.exit_code == 2
        assert words in result.output


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
