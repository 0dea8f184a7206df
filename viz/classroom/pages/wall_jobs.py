"""What the wall of a class asks worker processes for (see jobs.py): each runs the world of a game
and returns one JSON string, the same for all who ask and in every language.
"""

from __future__ import annotations

from coercivity.viz.classroom.engine.pieces import Game


def half(game: Game) -> str:
    """The last half-year of a game month by month (pages/wall_data.py); before the first round
    the half-year before the game.
    """
    from coercivity.viz.classroom.engine.replay import replay
    from coercivity.viz.classroom.pages.wall_data import half_json

    return half_json(replay(game))
