"""The press of a class: headlines about the half-year that comes, each a claim of a list with how
sure the paper is of it, scored on what came true.

    points = 100 (1 - 4 (sure - true)^2)      sure: 0.6, 0.75 or 0.9; true: 1 or 0

A proper rule (Brier, Monthly Weather Review 78, 1950, https://doi.org/10.1175/1520-0493(1950)078<0001:VOFEIT>2.0.CO;2):
nobody gains by being surer than he is, and who is sure and wrong loses more than he could have won.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from coercivity import InputError
from coercivity.viz.classroom.engine.card_acts import MEASURES
from coercivity.viz.classroom.engine.game_run import Reading, read_game
from coercivity.viz.classroom.engine.game_state import LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.game_tables import CHOOSE, GOVERNMENT, check_option
from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.numbers import NumberRequest, value
from coercivity.viz.classroom.engine.round_effects import replay_game
from coercivity.viz.classroom.engine.typical_course import PLANTS, course, usual_round_end

SURE: Final = (60, 75, 90)  # %
MOST_HEADLINES: Final = 3  # of one person in a round


@dataclass(frozen=True)
class Headline:
    """A claim about a round, how sure the paper is of it (%), and its words."""

    round: int
    person: int
    claim: Any
    sure: Any
    text: str


DY, NDPR = MARKETS["price_dy"].asked, MARKETS["price_ndpr"].asked
Test = Callable[[Game, int, Reading], bool]  # a game, a round that is played, its reading


@dataclass(frozen=True)
class Claim:
    """What a headline can say, and whether it came true. asked, way: of a claim about the usual
    course of a number (typical_course.py), which number, and whether it ends above (1) or below
    (-1).
    """

    id: str
    label: str
    came: Test
    asked: NumberRequest | None = None
    way: int = 0


def _moves(game: Game, number: int) -> list[tuple[str, str]]:
    return [(seat, move.card) for seat, moves in game.rounds[number - 1].moves for move in moves]


def _measure(game: Game, number: int, read: Reading) -> bool:
    return any(seat == "exporter" and card in MEASURES for seat, card in _moves(game, number))


def _lifts_measures(game: Game, number: int, read: Reading) -> bool:
    eased = ("suspend", "general_licence")
    return any(seat == "exporter" and card in eased for seat, card in _moves(game, number))


def _concedes_anything(game: Game, number: int, read: Reading) -> bool:
    return any(card == "concession" for _, card in _moves(game, number)) or any(
        replay_game(game).concedes_in_deal(number, seat) for seat in GOVERNMENT
    )


def _deal(game: Game, number: int, read: Reading) -> bool:
    return bool(game.rounds[number - 1].deals)


def _breach(game: Game, number: int, read: Reading) -> bool:
    return any(when == number for when, _, _ in replay_game(game).breaches)


def _strikes(game: Game, number: int, read: Reading) -> bool:
    return any(card in ("strike_back", "dispute") for _, card in _moves(game, number))


def _stops(game: Game, number: int, read: Reading) -> bool:
    return value(NumberRequest("stopped", "Japan"), read, LEAD + ROUND_MONTHS * number) > 0


def _all_run(game: Game, number: int, read: Reading) -> bool:
    return value(NumberRequest("standing", "Japan"), read, LEAD + ROUND_MONTHS * number) == 0


def _off_course(asked: NumberRequest, way: int, game: Game, number: int, read: Reading) -> bool:
    """Whether a number ends above (1) or below (-1) its usual course."""
    after = value(asked, read, LEAD + ROUND_MONTHS * number)
    return way * (after - usual_round_end(asked, read, number)) > 0


def _than_usual(name: str, label: str, asked: NumberRequest, way: int) -> Claim:
    return Claim(name, label, partial(_off_course, asked, way), asked, way)


CLAIMS: Final[Mapping[str, Claim]] = {
    one.id: one
    for one in (
        Claim("measure", "China takes a new measure", _measure),
        Claim("lifts", "China eases its controls", _lifts_measures),
        Claim("concedes", "A government concedes to China", _concedes_anything),
        Claim("deal", "A deal is made", _deal),
        Claim("breach", "A deal is broken", _breach),
        Claim("strikes", "A government strikes back at China", _strikes),
        Claim("stops", "A maker's line in Japan comes to a stop", _stops),
        Claim(
            "all_run", "At the end of the half-year no maker's line in Japan stands still", _all_run
        ),
        _than_usual(
            "begun", "Plants outside China, open or under way, grow more than usual", PLANTS, 1
        ),
        _than_usual("dy_up", "Dysprosium oxide in Japan ends dearer than usual", DY, 1),
        _than_usual("dy_down", "Dysprosium oxide in Japan ends cheaper than usual", DY, -1),
        _than_usual("ndpr_up", "NdPr oxide in Japan ends dearer than usual", NDPR, 1),
        _than_usual("ndpr_down", "NdPr oxide in Japan ends cheaper than usual", NDPR, -1),
    )
}


def check_headline(printed: Headline, others: Iterable[Headline]) -> None:
    """Refuse a headline beside the *others*. Raises InputError."""
    check_option(printed.claim, CLAIMS, "claim", fix=CHOOSE)
    if isinstance(printed.sure, bool) or printed.sure not in SURE:
        raise InputError(
            "sure '{value}' does not fit",
            "use one of {names} (percent)",
            value=printed.sure,
            names=tuple(map(str, SURE)),
        )
    mine = [one for one in others if (one.round, one.person) == (printed.round, printed.person)]
    if any(one.claim == printed.claim for one in mine):
        raise InputError("you have printed this already", "take it back first, or print another")
    if len(mine) >= MOST_HEADLINES:
        raise InputError(
            "{count} headlines a half-year are enough",
            "take one back to print another",
            count=MOST_HEADLINES,
        )


def came_true(game: Game, number: int, read: Reading | None = None) -> dict[str, bool]:
    """Which claims came true in a round that is played. read: of the game, that long or longer,
    where somebody has it.
    """
    read = read or read_game(game, LEAD + ROUND_MONTHS * number)
    return {name: claim.came(game, number, read) for name, claim in CLAIMS.items()}


def courses(game: Game) -> dict[str, float]:
    """Of each claim about a usual course, where its number usually ends the coming round."""
    read = read_game(game, game.now)
    return {
        name: course(claim.asked, value(claim.asked, read, game.now), game.played + 1)
        for name, claim in CLAIMS.items()
        if claim.asked
    }


def points(sure: float, came: bool) -> float:
    """Points of a headline: 96 at most, -224 at least, by the rule above. sure: %."""
    return 100.0 * (1.0 - 4.0 * (sure / 100.0 - came) ** 2)


def sums(printed: Iterable[Headline], came: Mapping[int, Mapping[str, bool]]) -> dict[int, float]:
    """Points of each person who has printed, over all rounds of which it is known what *came*
    true.
    """
    headlines = list(printed)
    won = dict.fromkeys(sorted({one.person for one in headlines}), 0.0)
    for one in headlines:
        if one.round in came:
            won[one.person] += points(one.sure, came[one.round][one.claim])
    return won
