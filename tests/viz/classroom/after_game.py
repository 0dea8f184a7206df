"""All that a debrief says of luck, of decisions and of predictions, and the page of each team, for tests of its sentences."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from coercivity.viz.classroom.engine.game import new_game
from coercivity.viz.classroom.engine.game_histories import History, changes_by_number
from coercivity.viz.classroom.engine.game_tables import SEATS
from coercivity.viz.classroom.rooms import views
from coercivity.viz.classroom.rooms.registry import Rooms
from coercivity.viz.classroom.words import band_text
from coercivity.viz.classroom.words.team_page import team_page
from tests.viz.classroom.test_class_bands import history
from tools.check.room_table import BAN, TRUCE, Watch, to_talk

DAY = "2026-01-06"


def after_a_game() -> list[Any]:
    """What is told of luck, of predictions and on the page of each team, from no history and from
    many.
    """
    room, _ = Rooms(None, Watch()).make(new_game(3, SEATS, length=2), "90")
    room.do("predict", when="before", seat="target", text="", number=25)
    to_talk(room)
    room.do("deal", deal=TRUCE)
    room.do("close")
    room.do("reveal")
    to_talk(room)
    room.do("seal", seat="exporter", moves=[BAN], paper=True)
    for step in ("close", "reveal", "finish"):
        room.do(step)
    labels = band_text.headline_labels()
    room.do("predict", when="after", seat="target", text="", number=3)
    by_one = {"scores": dict.fromkeys(SEATS, 9.0), "headlines": dict.fromkeys(labels, 9.0)}
    told: list[Any] = []
    for count, by, moved in ((0, 0.0, True), (8, 9.0, True), (20, 0.0, True), (20, 0.0, False)):
        mine, quiet = (
            {n: History.unpacked(history(n / 9 + more)) for n in range(count)} for more in (by, 0.0)
        )
        own = History.unpacked(history(by + 0.5))
        pages = [team_page(room.game, seat, own, mine, quiet, DAY) for seat in SEATS]
        answer = band_text.place_of(band_text.ANSWER, own, mine, quiet)
        guesses = views.all_predictions(room)
        told += [
            band_text.bands_in_words(own, mine, quiet, moved),
            band_text.predictions_in_words(guesses, answer, (7.5, 1.0)),
            band_text.changes_in_words(changes_by_number(mine, quiet), labels),
            *(band_text.decision_in_words(one, own.values, labels, SEATS) for one in ({}, by_one)),
            *(asdict(page) | {"charts": list(map(asdict, page.charts))} for page in pages),
        ]
    return told
