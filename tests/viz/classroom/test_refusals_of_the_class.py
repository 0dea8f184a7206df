"""Whatever the class game refuses, its pages say it in the reader's language."""

from __future__ import annotations

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.game_json import from_dict, to_dict
from coercivity.viz.classroom.engine.game_tables import cards
from coercivity.viz.classroom.pages import class_page
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.words.language import speaking
from coercivity.viz.words.refusals import refusal_in_words
from tests.viz.rendered import Desk, shown
from tools.check.room_table import to_talk


def test_what_the_rules_of_play_refuse_is_said_with_its_sums() -> None:
    dear = {"card": "grant", "stage": "chain", "amount": 1500}
    game = play_round(new_game(), {"ally": [dear]})
    game = play_round(game, {"ally": [{**dear, "amount": 600}]})
    with pytest.raises(InputError) as refused:
        play_round(game, {"ally": [dear]})
    with speaking("de"):
        said = refusal_in_words(refused.value)
    assert f"„{cards()['ally']['grant'].label}“" not in said  # the card by its German name
    assert "1500 Mio. USD" in said
    assert "900 Mio. USD" in said


def test_a_game_of_a_file_is_refused_with_round_seat_and_card() -> None:
    raw = to_dict(new_game(1, ["target"]))
    raw["rounds"] = [{"moves": {"target": [{"card": "stock", "whim": 1}]}}]
    with pytest.raises(InputError) as refused:
        from_dict(raw)
    label = cards()["target"]["stock"].label
    place = f"Round 1: Japan, {label}: Key “whim” is not known."
    assert refusal_in_words(refused.value).startswith(place)


def test_everybody_is_refused_in_their_language(desk: Desk, registry: Rooms) -> None:
    game = new_game(3, ("exporter", "target"), length=2)
    room, lead = registry.make(game, roles=("press", "market", "board:target"))
    places = ("target", "press", "market", "board:target")
    token = {place: registry.join(room.code, place, "Ann")[1] for place in places}
    asked = {
        "target": ("seal", [{"card": "gold"}]),
        "press": ("publish", {"round": 0}),
        "market": ("bet", {"round": 0}),
        "board:target": ("back", {"round": 0}),
    }
    with speaking("de"):
        for place, (event, given) in asked.items():
            with shown(class_page.Page, class_page.address(room, token[place])) as page:
                if page.parts(event):
                    page.tell(event, given)
                    assert page.part(event).problem.startswith(("Jetzt nicht: ", "Das galt für"))
        to_talk(room)
        with shown(class_page.Page, class_page.address(room, token["target"])) as page:
            page.tell("seal", [{"card": "gold"}])
            assert page.part("seal").problem.startswith(
                "Japan: Karte: „gold“ ist hier nicht bekannt."
            )
        with shown(class_page.Page, class_page.address(room, lead)) as page:
            page.tell("act", {"name": "reveal"})
            assert page.part("act").problem.startswith("Jetzt nicht: Teams reden und versiegeln.")
