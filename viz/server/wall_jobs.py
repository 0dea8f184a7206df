"""What the wall of a class asks worker processes for (see jobs.py): each runs the world of a game
and returns one JSON string, the same for all who ask and in every language.
"""

from __future__ import annotations

from coercivity.experiments.game.pieces import Game


def half(game: Game) -> str:
    """The last half-year of a game month by month (viz/drawn/wall_data.py); before the first round
    the half-year before the game.
    """
    from coercivity.experiments.game.replay import replay
    from coercivity.viz.drawn.wall_data import half_json

    return half_json(replay(game))
