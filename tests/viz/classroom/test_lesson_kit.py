"""The facilitator's kit: buttons are those of the pages, places are those that a room fills, sheets
have a page each, slides open and nothing runs over, a command writes all of it in every language.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coercivity.cli import app
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.lessons.paper import (
    PEOPLE,
    SIMULATED,
    TICKED,
    place_name,
    plan,
    spread,
)
from coercivity.viz.classroom.lessons.sheets import sheets
from coercivity.viz.classroom.lessons.slides import lesson_slides
from coercivity.viz.classroom.lessons.texts import (
    BUTTONS,
    LESSONS,
    TEXTS,
    load_results,
    texts,
    values_of,
)
from coercivity.viz.classroom.rooms.places import label
from coercivity.viz.drawn.letters import lines_of
from coercivity.viz.drawn.paper import paper_pdf
from coercivity.viz.words.in_template import sentences
from coercivity.viz.words.language import languages, speaking
from tests.viz.classroom.room_table import Watch, close_all, open_registry

PAGES = Path(__file__).parents[3] / "viz" / "classroom" / "pages"


def test_buttons_of_the_kit_are_on_a_page() -> None:
    """A button that is renamed is renamed in the kit."""
    shown = {
        text for path in PAGES.glob("*.vue") for text in sentences(path.read_text(encoding="utf-8"))
    }
    assert set(BUTTONS.values()) <= shown


def test_sentences_name_no_button_but_by_its_name() -> None:
    """What stands between quotes or is pressed is a {name}, which `values_of` knows."""
    known = set(values_of(load_results())) | {"people"}
    for text in texts():
        assert set(re.findall(r"\{(\w+)\}", text)) <= known, text
        assert not re.search(r"[“”\"*]", text), text
        assert not re.search(r"\b[Pp]ress(?:es)? (?!\{|and\b|prints\b|\w+ and)", text), text


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("people", PEOPLE)
def test_the_table_of_places_is_what_a_room_does(lesson: str, people: int, tmp_path: Path) -> None:
    roles = TICKED[lesson][people]
    registry = open_registry(tmp_path / "rooms", Watch())
    try:
        room, _ = registry.make(new_game(1, LESSONS[lesson].seats, length=2), roles=roles)
        for number in range(people):
            registry.join(room.code, "", "", f"Somebody {number}")
    finally:
        close_all()
    told = spread(people, (*LESSONS[lesson].seats, *roles))
    assert {place: len(room.at(place)) for place in told} == told
    assert [place_name(place) for place in told] == [label(place) for place in told]


def test_a_rehearsal_begins_with_as_many_as_the_kit_says() -> None:
    from coercivity.viz.classroom.rooms.rehearsal import PEOPLE as SIMULATED_PEOPLE

    assert SIMULATED == SIMULATED_PEOPLE


@pytest.mark.parametrize("code", languages())
def test_each_sheet_has_one_page_in_every_language(code: str) -> None:
    with speaking(code):
        paper = sheets(LESSONS["90"].seats, load_results())
        data = paper_pdf(paper)
        assert data == paper_pdf(paper)
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


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_second_prediction_is_asked_for_where_phones_ask_it(lesson: str) -> None:
    """A phone asks once the debrief has begun, and asks the question of the first prediction."""
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = [
            one for one in csv.DictReader(file) if (one["lesson"], one["part"]) == (lesson, "plan")
        ]
    begun = [k for k, row in enumerate(rows) if "{debrief}" in row["four"]]
    asked = [k for k, row in enumerate(rows) if "second prediction" in row["four"].lower()]
    shown = [k for k, row in enumerate(rows) if "Second prediction" in row["three"]]
    assert begun == asked == shown
    (row,) = (rows[k] for k in asked)
    assert row["four"].index("{debrief}") < row["four"].index("second prediction")
    assert "how long a line in Japan stands" in row["three"]


@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("lesson", LESSONS)
def test_slides_open_and_no_text_runs_over(code: str, lesson: str) -> None:
    from pptx import Presentation

    with speaking(code):
        data = lesson_slides(lesson, load_results())
        assert data == lesson_slides(lesson, load_results())
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


def test_the_command_writes_all_of_a_lesson(tmp_path: Path) -> None:
    folder = tmp_path / "kit"
    result = CliRunner().invoke(app, ["lesson", "90", "--language", "ja", "--out", str(folder)])
    assert result.exit_code == 0, result.output
    assert {path.name for path in folder.iterdir()} == {"plan.pdf", "sheets.pdf", "slides.pptx"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lesson", "45"], "lesson '45' is not known"),
        (["lesson", "90", "--language", "xx"], "language 'xx' is not known"),
        (["lesson", "90", "--out", "/proc/nowhere"], "cannot be written"),
    ],
)
def test_what_the_command_refuses(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert words in result.output
