"""What a phone shows first: three cards and two numbers, those that matter most for a seat in this
round. The rest is behind a tap.

Cards: those that answer what others did to this seat in the last round (column ``answers`` of
game_cards.csv), two at most, then the others; each group by the column ``priority``. A card that
cannot be played comes last.
Numbers: of the seat's goals, the heaviest first, those that its brief has.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from coercivity.viz.classroom.engine.game_state import Game
from coercivity.viz.classroom.engine.game_tables import (
    SEATS,
    Card,
    cards,
    check_option,
    default_choices,
    goals,
    prices,
)
from coercivity.viz.classroom.engine.round_effects import replay_game

CARDS: Final = 3
NUMBERS: Final = 2
MOST_ANSWERS: Final = 2  # of the first cards, so that one of the seat's own stays
AIM: Final = "whom"  # the choice of a card that says whom it is aimed at
NUMBERS_OF: Final = {  # a goal -> numbers of a brief by their ids, the nearest first
    "output": ("lost", "down"),
    "cost": ("cost",),
    "dependence": ("dependence",),
    "outside": ("building",),
    "home": ("building",),
    "leverage": ("rivals_magnet", "rivals_separation"),
    "exports": ("exports",),
    "concession": ("credibility",),
    "lines": ("made", "sold"),
    "profit": ("earned",),
    "stock": ("tied_up", "stock"),
}


def first_cards(game: Game, seat: str, refused: Container[str] = ()) -> tuple[str, ...]:
    """The cards of a seat that a phone shows first in the coming round; those that are *refused*
    come last.
    """
    done = cards_against(game, seat)
    order = sorted(
        cards()[check_option(seat, SEATS, "seat")].values(),
        key=lambda card: (card.card in refused, card.priority),
    )
    answers = [card for card in order if done & set(card.answers) and card.card not in refused]
    ahead = answers[:MOST_ANSWERS]
    rest = [card for card in order if card not in ahead]
    return tuple(card.card for card in (*ahead, *rest))[:CARDS]


def cards_against(game: Game, seat: str) -> set[str]:
    """Cards that others played in the last round and that are aimed at this seat, or at nobody by
    name.
    """
    if not game.rounds:
        return set()
    last = game.rounds[-1]
    return {
        move.card
        for other in game.seats
        if other != seat
        for move in last.of(other)
        if dict(move.choices).get(AIM, seat) in (seat, "all")
    }


def first_numbers(seat: str) -> tuple[str, ...]:
    """Ids of the numbers of a seat's brief, the nearest one of each goal by the goals' weights,
    then the second ones: a phone shows the first of them that the brief has.
    """
    order = sorted(goals()[check_option(seat, SEATS, "seat")], key=lambda goal: -goal.weight)
    found = [NUMBERS_OF.get(goal.goal, ()) for goal in order]
    return tuple(dict.fromkeys(of[place] for place in range(2) for of in found if len(of) > place))


def begins_with(game: Game, seat: str, card: Card) -> dict[str, str]:
    """The choices that a sheet begins with in this round: those of the table; aimed at a seat that
    is played; and where the money does not reach, the dearest way that it reaches.
    """
    chosen = default_choices(card)
    aims = dict(card.choices).get(AIM, ())
    if AIM in chosen and chosen[AIM] not in game.seats:
        chosen[AIM] = next((aim for aim in aims if aim in game.seats), chosen[AIM])
    left = replay_game(game).left(seat)
    paid = [(cost, dict(way)) for way, cost in prices(card) if cost <= left]
    if not paid or chosen in [way for _, way in paid]:
        return chosen
    return max(paid, key=lambda one: one[0])[1]
