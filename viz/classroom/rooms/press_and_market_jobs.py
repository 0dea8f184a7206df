"""What the pages of press and market ask worker processes for (see lab_jobs.py): the numbers that
are bet on today, and what became of every claim and every number in the rounds played. The same for
all who ask, as one JSON string.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from coercivity.viz.classroom.engine import market, press
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_state import Game, pack_json
from coercivity.viz.classroom.engine.market import Outcome


@dataclass(frozen=True)
class SettledRounds:
    """What is known of the rounds played, by round: the outcome of each market's number, and which
    claims came true.
    """

    outcomes: dict[int, dict[str, Outcome]] = field(default_factory=dict)
    came: dict[int, dict[str, bool]] = field(default_factory=dict)


def numbers(game: Game) -> str:
    """The numbers that are bet on: {id: [today, where it usually ends the half-year]}."""
    return pack_json(market.market_numbers(game))


def courses(game: Game) -> str:
    """Where the numbers of claims usually end the half-year that comes: {claim: number}."""
    return pack_json(press.courses(game))


def settled_bets(game: Game) -> str:
    """What became of every market and every claim, by round: {outcomes: {round: {id: {before,
    usual, after, side}}}, came: {round: {id: whether it came true}}}. One reading of the game
    serves all rounds.
    """
    read, played = read_game(game, game.now), range(1, game.played + 1)
    outcomes = {number: market.outcomes(game, number, read) for number in played}
    return pack_json(
        {
            "outcomes": {
                number: {name: asdict(one) for name, one in found.items()}
                for number, found in outcomes.items()
            },
            "came": {number: press.came_true(game, number, read) for number in played},
        }
    )


def read_settled_bets(text: str) -> SettledRounds:
    """What `settled_bets` has told; nothing is known where the *text* is ''."""
    if not text:
        return SettledRounds()
    told = json.loads(text)
    return SettledRounds(
        {
            int(number): {name: Outcome(**one) for name, one in found.items()}
            for number, found in told["outcomes"].items()
        },
        {int(number): found for number, found in told["came"].items()},
    )
