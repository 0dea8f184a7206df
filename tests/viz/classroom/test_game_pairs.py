"""Any two cards of a seat can be played in one half-year, in either order, after a measure of
China's; what is refused is refused in a line.
"""

from __future__ import annotations

import contextlib
from itertools import permutations

import pytest

from coercivity.model.basis.errors import InputError
from coercivity.viz.classroom.engine.game import SEATS, new_game, play_round, scenario_of
from coercivity.viz.classroom.engine.table import cards

ROUND = {"exporter": [{"card": "wider_licensing", "whom": "all", "goods": "light"}]}


@pytest.mark.parametrize("seat", SEATS)
def test_two_cards_in_either_order(seat: str) -> None:
    begun = play_round(new_game(3, SEATS, length=2), ROUND)
    played = 0
    for pair in permutations(cards()[seat].values(), 2):
        moves = [
            {"card": card.card, **{name: options[-1] for name, options in card.choices}}
            for card in pair
        ]
        with contextlib.suppress(InputError):
            scenario_of(play_round(begun, {seat: moves}))
            played += 1
    assert played > len(cards()[seat])
