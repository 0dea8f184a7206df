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

from coercivity.experiments.game.acts import MEASURES
from coercivity.experiments.game.market import MARKETS
from coercivity.experiments.game.numbers import Asked, value
from coercivity.experiments.game.pieces import LEAD, ROUND_MONTHS, Game
from coercivity.experiments.game.reading import Reading, read_game
from coercivity.experiments.game.standing import standing
from coercivity.model.basis.errors import InputError, shorten

SURE: Final = (60, 75, 90)  # %
MOST_HEADLINES: Final = 3  # of one person in a round
DEARER: Final = 0.1  # share by which a price has to move to be news
GROWN: Final = (
    0.1  # and capacity: by a fiftieth it always grew in the first half-year (decision 0071)
)


@dataclass(frozen=True)
class Headline:
    """A claim about a round, how sure the paper is of it (%), and its words."""

    round: int
    person: int
    claim: Any
    sure: Any
    text: str


Test = Callable[[Game, int, Reading], bool]  # a game, a round that is played, its reading


@dataclass(frozen=True)
class Claim:
    """What a headline can say, and whether it came true."""

    id: str
    label: str
    came: Test


def _moves(game: Game, number: int) -> list[tuple[str, str]]:
    return [(seat, move.card) for seat, moves in game.rounds[number - 1].moves for move in moves]


def _measure(game: Game, number: int, read: Reading) -> bool:
    return any(seat == "exporter" and card in MEASURES for seat, card in _moves(game, number))


def _lifts(game: Game, number: int, read: Reading) -> bool:
    eased = ("suspend", "general_licence")
    return any(seat == "exporter" and card in eased for seat, card in _moves(game, number))


def _concedes(game: Game, number: int, read: Reading) -> bool:
    deals = game.rounds[number - 1].deals
    return any(card == "concession" for _, card in _moves(game, number)) or any(
        deal.kind == "licences" for deal in deals
    )


def _deal(game: Game, number: int, read: Reading) -> bool:
    return bool(game.rounds[number - 1].deals)


def _breach(game: Game, number: int, read: Reading) -> bool:
    return any(when == number for when, _, _ in standing(game).breaches)


def _strikes(game: Game, number: int, read: Reading) -> bool:
    return any(card in ("strike_back", "dispute") for _, card in _moves(game, number))


def _stops(game: Game, number: int, read: Reading) -> bool:
    return value(Asked("stopped", "Japan"), read, LEAD + ROUND_MONTHS * number) > 0


def _all_run(game: Game, number: int, read: Reading) -> bool:
    return value(Asked("standing", "Japan"), read, LEAD + ROUND_MONTHS * number) == 0


def _begun(game: Game, number: int, read: Reading) -> bool:
    """Capacity outside China, open or under way, grows by more than GROWN."""
    until = LEAD + ROUND_MONTHS * number
    now, before = (value(Asked("abroad"), read, month) for month in (until, until - ROUND_MONTHS))
    return now > before * (1.0 + GROWN)


def _price(market: str, way: int, game: Game, number: int, read: Reading) -> bool:
    until = LEAD + ROUND_MONTHS * number
    price = MARKETS[market].value
    before = price(read, until - ROUND_MONTHS)
    return way * (price(read, until) - before) > DEARER * before


CLAIMS: Final[Mapping[str, Claim]] = {
    one.id: one
    for one in (
        Claim("measure", "China takes a new measure", _measure),
        Claim("lifts", "China eases its controls", _lifts),
        Claim("concedes", "A government concedes to China", _concedes),
        Claim("deal", "A deal is made", _deal),
        Claim("breach", "A deal is broken", _breach),
        Claim("strikes", "A government strikes back at China", _strikes),
        Claim("stops", "A maker's line in Japan comes to a stop", _stops),
        Claim(
            "all_run", "At the end of the half-year no maker's line in Japan stands still", _all_run
        ),
        Claim("begun", "Plants outside China, open or under way, grow by a tenth", _begun),
        Claim(
            "dy_up", "Dysprosium oxide in Japan is a tenth dearer", partial(_price, "price_dy", 1)
        ),
        Claim(
            "dy_down",
            "Dysprosium oxide in Japan is a tenth cheaper",
            partial(_price, "price_dy", -1),
        ),
        Claim("ndpr_up", "NdPr oxide in Japan is a tenth dearer", partial(_price, "price_ndpr", 1)),
        Claim(
            "ndpr_down", "NdPr oxide in Japan is a tenth cheaper", partial(_price, "price_ndpr", -1)
        ),
    )
}


def check_headline(printed: Headline, others: Iterable[Headline]) -> None:
    """Refuse a headline beside the *others*. Raises InputError."""
    if printed.claim not in CLAIMS:
        raise InputError(
            f"claim '{shorten(printed.claim)}' is not known; use one of {', '.join(CLAIMS)}"
        )
    if isinstance(printed.sure, bool) or printed.sure not in SURE:
        raise InputError(
            f"sure '{shorten(printed.sure)}' does not fit; use one of "
            f"{', '.join(map(str, SURE))} (percent)"
        )
    mine = [one for one in others if (one.round, one.person) == (printed.round, printed.person)]
    if any(one.claim == printed.claim for one in mine):
        raise InputError("you have printed this already; take it back first, or print another")
    if len(mine) >= MOST_HEADLINES:
        raise InputError(
            f"{MOST_HEADLINES} headlines a half-year are enough; take one back to print another"
        )


def came_true(game: Game, number: int, read: Reading | None = None) -> dict[str, bool]:
    """Which claims came true in a round that is played. read: of the game, that long or longer,
    where somebody has it.
    """
    read = read or read_game(game, LEAD + ROUND_MONTHS * number)
    return {name: claim.came(game, number, read) for name, claim in CLAIMS.items()}


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
