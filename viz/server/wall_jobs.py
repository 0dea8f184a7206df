"""What the wall of a class asks worker processes for (see jobs.py): each runs the world of a game
and returns one JSON string, the same for all who ask and in every language.
"""

from __future__ import annotations

import json

from coercivity.experiments.game.pieces import Game


def half(game: Game) -> str:
    """The last half-year of a game month by month (viz/drawn/wall_data.py); before the first round
    the half-year before the game.
    """
    from coercivity.experiments.game.replay import replay
    from coercivity.viz.drawn.wall_data import half_json

    return half_json(replay(game))


def settled(game: Game) -> str:
    """What the last round made of the press's claims and the market's numbers:
    {came: {claim: whether it came true}, sides: {market: the side that was right, '' for none}}.
    """
    from coercivity.experiments.game.market import outcomes
    from coercivity.experiments.game.press import came_true

    sides = {name: one.side for name, one in outcomes(game, game.played).items()}
    came = came_true(game, game.played)
    return json.dumps({"came": came, "sides": sides}, separators=(",", ":"), allow_nan=False)
