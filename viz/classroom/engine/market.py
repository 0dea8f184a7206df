"""The market of a class: traders bet play money on whether a number ends the half-year that comes
above or below its usual course (typical_course.py); what is lost on one side is won on the other.

Every number of MARKETS has a pool for "up", above its course, and one for "down", below it. The
house puts HOUSE coins on each side, so that a lone bet has a counterpart. A trader has PURSE coins
for each half-year. After the reveal the winning side shares both pools by what each has staked;
where the number has ended within a dead band around its usual course, stakes go back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from coercivity import InputError
from coercivity.viz.classroom.engine.game_run import Reading, read_game
from coercivity.viz.classroom.engine.game_state import LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.game_tables import CHOOSE, check_option
from coercivity.viz.classroom.engine.numbers import NumberRequest, label, unit, value
from coercivity.viz.classroom.engine.typical_course import course

PURSE: Final = 100  # coins of a trader for a half-year
HOUSE: Final = 20  # coins of the house on each side
SIDES: Final = ("up", "down")  # above and below its usual course
DEAD: Final = 0.005


@dataclass(frozen=True)
class Market:
    """A number that is bet on: how it is called, its unit, and the share (of its usual course; of 1
    where that is smaller) by which it has to end off it for either side to be right.
    """

    id: str
    label: str
    unit: str
    dead: float
    value: Callable[[Reading, int], float]  # after so many months
    asked: NumberRequest  # which number of the class it is (numbers.py)


def _market(name: str, asked: NumberRequest) -> Market:
    return Market(name, label(asked), unit(asked), DEAD, partial(value, asked), asked)


MARKETS: Final[Mapping[str, Market]] = {
    one.id: one
    for one in (
        _market("price_dy", NumberRequest("price", "Japan", "dysprosium_oxide")),
        _market("price_ndpr", NumberRequest("price", "Japan", "ndpr_oxide")),
        _market("lost", NumberRequest("lost", "Japan")),
        _market("bought", NumberRequest("dependence", "Japan")),
        _market("exports", NumberRequest("exports")),
    )
}


@dataclass(frozen=True)
class Bet:
    """Coins of a person on one side of a market, for a round."""

    round: int
    person: int
    market: Any
    side: Any
    coins: Any


@dataclass(frozen=True)
class Outcome:
    """What became of a number in a round: before, where it usually ends from there, after, and
    which side was right ('' for neither).
    """

    before: float
    usual: float
    after: float
    side: str


def check_bet(bet: Bet, others: Iterable[Bet]) -> None:
    """Refuse a bet beside the *others* that stand. Raises InputError."""
    check_option(bet.market, MARKETS, "market", fix=CHOOSE)
    check_option(bet.side, SIDES, "side", fix=CHOOSE)
    if isinstance(bet.coins, bool) or not isinstance(bet.coins, int) or bet.coins < 0:
        raise InputError(
            "coins '{value}' does not fit",
            "use a whole number from {low} to {high}",
            value=bet.coins,
            low=0,
            high=PURSE,
        )
    staked = sum(one.coins for one in others if (one.round, one.person) == (bet.round, bet.person))
    if staked + bet.coins > PURSE:
        raise InputError(
            "you stake {count} coins, and {amount} of {more} are left for this half-year",
            "stake less, or take another bet back",
            count=bet.coins,
            amount=PURSE - staked,
            more=PURSE,
        )


def pools(bets: Iterable[Bet], number: int) -> dict[str, dict[str, int]]:
    """Coins on each side of each market in a round, with those of the house."""
    found = {name: dict.fromkeys(SIDES, HOUSE) for name in MARKETS}
    for bet in bets:
        if bet.round == number:
            found[bet.market][bet.side] += bet.coins
    return found


def chance(pool: Mapping[str, int]) -> float:
    """The chance (0-1) that the market gives to "up"."""
    return pool["up"] / (pool["up"] + pool["down"])


def payout_of_bet(pool: Mapping[str, int], side: str, coins: int) -> float:
    """Coins that come back to a bet on this side if it is right, as the *pool* stands without it:

    back = coins (up + down + coins) / (side + coins)
    """
    return coins * (sum(pool.values()) + coins) / (pool[side] + coins)


def market_numbers(game: Game) -> dict[str, tuple[float, float]]:
    """Every market's number at the end of the last round played, and where it usually ends the
    coming one.
    """
    read = read_game(game, game.now)
    found = {name: market.value(read, game.now) for name, market in MARKETS.items()}
    return {
        name: (value, course(MARKETS[name].asked, value, game.played + 1))
        for name, value in found.items()
    }


def outcomes(game: Game, number: int, read: Reading | None = None) -> dict[str, Outcome]:
    """What became of every market's number in a round that is played. read: of the game, that long
    or longer, where somebody has it.
    """
    until = LEAD + ROUND_MONTHS * number
    read = read or read_game(game, until)
    found = {}
    for name, market in MARKETS.items():
        before, after = market.value(read, until - ROUND_MONTHS), market.value(read, until)
        usual = course(market.asked, before, number)
        found[name] = Outcome(before, usual, after, side_of(market, usual, after))
    return found


def side_of(market: Market, usual: float, after: float) -> str:
    """Which side is right where a number whose usual course is *usual* ends at *after*; '' for
    neither.
    """
    off = after - usual
    if abs(off) <= market.dead * max(abs(usual), 1.0):
        return ""
    return "up" if off > 0 else "down"


def gain(bet: Bet, pool: Mapping[str, int], right: str) -> float:
    """Coins that a bet has won (or lost), with the *pool* of its market, itself among it, and the
    side that was right ('' for neither: the stake goes back).
    """
    if not right:
        return 0.0
    return (
        bet.coins * sum(pool.values()) / pool[right] - bet.coins
        if right == bet.side
        else -bet.coins
    )


def gains(bets: Iterable[Bet], number: int, found: Mapping[str, Outcome]) -> dict[int, float]:
    """Coins that each person has won (or lost) in a round; together with what the house wins they
    are none.
    """
    placed = [bet for bet in bets if bet.round == number]
    coins, won = pools(placed, number), dict.fromkeys((bet.person for bet in placed), 0.0)
    for bet in placed:
        won[bet.person] += gain(bet, coins[bet.market], found[bet.market].side)
    return won


def house(bets: Iterable[Bet], number: int, found: Mapping[str, Outcome]) -> float:
    """Coins that the house has won (or lost) in a round, on both sides of every market."""
    coins = pools(bets, number)
    return sum(
        gain(Bet(number, 0, name, side, HOUSE), coins[name], found[name].side)
        for name in MARKETS
        for side in SIDES
    )


def sums(bets: Iterable[Bet], found: Mapping[int, Mapping[str, Outcome]]) -> dict[int, float]:
    """Coins that each person has won (or lost) in all rounds of which the outcome is *found*."""
    placed = list(bets)
    won = dict.fromkeys(sorted({bet.person for bet in placed}), 0.0)
    for number, outcome in found.items():
        for person, coins in gains(placed, number, outcome).items():
            won[person] += coins
    return won


def rank_sums(sums: Mapping[int, float]) -> list[tuple[int, int, float]]:
    """Place, person and sum, the best first; who has as much has the same place."""
    order = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
    return [
        (1 + sum(other > value for other in sums.values()), person, value)
        for person, value in order
    ]
