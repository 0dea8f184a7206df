"""Licences are worth nothing while a ban is in force; what lifts the ban is worth much."""

from __future__ import annotations

from typing import Any

import pytest

from coercivity.viz.classroom.engine.game import new_game, play_round
from coercivity.viz.classroom.engine.numbers import Asked, value
from coercivity.viz.classroom.engine.pieces import LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.reading import read_game
from coercivity.viz.classroom.engine.standing import barred

LICENCES: dict[str, Any] = {
    "kind": "licences",
    "first": "exporter",
    "other": "target",
    "rounds": "4",
}
LIFT = {"card": "suspend", "which": "newest", "how_long": "for_good"}
# a ban, and the part of what Japan loses that its end has to take away: little of it under a ban
# for military users, which had stopped few lines that were not standing already
BANS = (({"card": "dual_use_ban"}, 0.02), ({"card": "blanket_ban", "goods": "all"}, 0.1))


def lost(game: Game) -> float:
    """Output that Japan loses in the third half-year."""
    until = LEAD + 3 * ROUND_MONTHS
    return value(Asked("lost", "Japan"), read_game(game, until), until)


@pytest.mark.parametrize(("ban", "part"), BANS, ids=[one["card"] for one, _ in BANS])
def test_under_a_ban_licences_move_less_than_a_fiftieth_and_its_end_moves_more(
    ban: dict[str, str], part: float
) -> None:
    banned = play_round(new_game(1, length=3), {"exporter": [{**ban, "whom": "target"}]})
    assert barred(banned) == ["target"]
    nothing = lost(play_round(play_round(banned, {}), {}))
    licensed = lost(play_round(play_round(banned, {}, [LICENCES]), {}))
    lifted = play_round(banned, {"exporter": [LIFT]})
    assert barred(lifted) == []
    assert abs(licensed - nothing) < nothing / 50
    assert lost(play_round(lifted, {})) < nothing * (1.0 - part)
