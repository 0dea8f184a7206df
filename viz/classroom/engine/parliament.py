"""The parliament of a state: whether the state conceded, and what its members are scored by.

    score = score of the state - PRICE c

c: concessions of the state that its own score does not count: none, but in a game of the first
rules, where only Japan's score counted them. PRICE: points that one concession costs Japan
(game_goals.csv).

A parliament has one say and answers for what becomes of the state, so its score is the state's: an
aim of its own would make it play against its government. Who has to ratify and minds more
than who bargains: Putnam, International Organization 42, 1988,
https://doi.org/10.1017/S0020818300027697. The members of a parliament share its score.
"""

from __future__ import annotations

from typing import Final

from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.engine.game_tables import goals, price_of_concession
from coercivity.viz.classroom.engine.round_effects import replay_game

CONCESSION: Final = "concession"  # the card, and the goal
LICENCES: Final = "licences"  # the deal, in which its other party concedes


def ways_conceded(game: Game, number: int, seat: str) -> tuple[str, ...]:
    """How a seat conceded to China in a round that is played: by the card, in a deal, or in both;
    nothing where it did not.
    """
    this_round = game.rounds[number - 1]
    by_card = any(move.card == CONCESSION for move in this_round.of(seat))
    in_deal = replay_game(game).concedes_in_deal(number, seat)
    return ("card",) * by_card + ("deal",) * in_deal


def count_concessions(game: Game, seat: str) -> int:
    """Concessions of a seat in all rounds played."""
    return sum(len(ways_conceded(game, number, seat)) for number in range(1, game.played + 1))


def price() -> float:
    """Points that one concession costs Japan."""
    return price_of_concession("target")


def score(game: Game, seat: str, of_state: float) -> float:
    """The score of a seat's parliament where the state's own is *of_state*."""
    counts = any(goal.goal == CONCESSION for goal in goals(game.rules)[seat])
    return of_state if counts else of_state - price() * count_concessions(game, seat)
