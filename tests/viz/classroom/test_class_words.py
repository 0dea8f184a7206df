"""Words of the class in German and Japanese: cases, one word for one thing, how a class is spoken to,
where an example comes from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from coercivity.viz.classroom.engine.card_menu import menu
from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.words.game_text import on_menu
from coercivity.viz.words.language import languages, speaking

FOLDER = Path(__file__).parents[3] / "viz" / "data" / "languages"
DATIVE = re.compile(r"\b(?:von|an|aus|mit|bei|zu|nach) \{(?:good|missing)\}")
FAMILIAR = re.compile(
    r"\b(?:ihr (?:habt|seid|wollt|könnt|\w+tet)|euch|eue?re?[mnrs]?|euer)\b", re.I
)
LICENCE = re.compile(r"Lizenz")


def german() -> Iterator[tuple[str, str, list[str]]]:
    """Each sentence with its German and where it stands."""
    with (FOLDER / "de.po").open("rb") as file:
        for one in read_po(file, locale="de"):
            if isinstance(one.id, tuple):
                for text, said in zip(one.id, one.string, strict=True):
                    yield text, said, [place for place, _ in one.locations]
            elif one.id:
                yield one.id, str(one.string), [place for place, _ in one.locations]


def test_no_german_sentence_asks_for_a_good_in_a_case_that_its_name_has_not() -> None:
    assert [said for _, said, _ in german() if DATIVE.search(said)] == []


def test_one_word_for_a_licence() -> None:
    found = [text for text, said, _ in german() if LICENCE.search(said)]
    assert [text for text in found if not text.startswith("Source:")] == []


def test_a_class_is_spoken_to_in_one_way() -> None:
    places = ("classroom", "game", "lesson", "wall", "room")
    assert [
        said
        for _, said, where in german()
        if FAMILIAR.search(said) and any(name in place for place in where for name in places)
    ] == []


@pytest.mark.parametrize("code", languages())
def test_a_card_s_source_is_named_without_its_table(code: str) -> None:
    game = new_game(1, list(SEATS))
    with speaking(code):
        told = [on_menu(one)["source"] for seat in SEATS for one in menu(game, seat)]
    assert len(told) > 30
    assert [one for one in told if re.search(r"timeline|triggers|\b[TP]\d{3}\b", one)] == []
