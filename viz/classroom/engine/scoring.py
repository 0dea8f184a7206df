"""Scores: each seat on its own stated goals. Goals, weights and anchors stand in game_goals.csv and
are all assumed; the formulas are here, but for numbers that a class is told too: those are worked
out in numbers.py alone.

points of a goal = 100 (value - none) / (full - none), kept between -100 and 100
score of a seat = sum of weight x points - b x deals that it broke,  b: points that a concession
brings China
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from coercivity.model.basis.facts import load_table
from coercivity.viz.classroom.engine.game_run import Reading, read_game
from coercivity.viz.classroom.engine.game_state import GAME_RULES, LEAD, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.game_tables import (
    GOVERNMENT,
    SEATS,
    SeatGoal,
    goals,
    price_of_concession,
    seats,
)
from coercivity.viz.classroom.engine.numbers import YEAR, NumberRequest, earnings, value
from coercivity.viz.classroom.engine.round_effects import GameState, replay_game

LEAST: Final = -100.0  # bounds of a goal's points, by the rules of the game
MOST: Final = {1: 200.0, 2: 100.0, 3: 100.0}
BREACH: Final = "breach"  # a line of the score that only a seat has that broke a deal
BROKE: Final = (
    "Broken deals",
    "deals that this seat broke; each costs what a concession brings China",
    "broken deals",
)
RULED: Final = {
    "trigger": 1.0,
    "import_tariff": 0.5,
    "dispute": 0.1,
}  # kinds of acts of governments that decide by their rule
BLOWS: Final = {
    ("strike_back", "elsewhere"): 1.0,
    ("strike_back", "tariff"): 0.5,
    ("remark", "strong"): 0.25,
    ("remark", "mild"): 0.1,
    ("dispute", ""): 0.1,
}
Value = Callable[
    [Reading, GameState, int, str], float
]  # of a reading, what was decided, months so far, and the seat


def _yearly(number: str) -> Callable[[Reading, int, str], float]:
    """A number that is summed from the game's first month on, as USD bn a year."""

    def of(read: Reading, until: int, government: str) -> float:
        years = (until - LEAD) / YEAR
        return (
            value(NumberRequest(number, government), read, until) / years if until > LEAD else 0.0
        )

    return of


_LOST, _COST, _SOLD = _yearly("lost_since"), _yearly("cost_since"), _yearly("exports_since")


SAME: Final[dict[tuple[str, str], str]] = {  # goals that are a number of the class as it is told
    ("exporter", "leverage"): "place",
    ("exporter", "trust"): "distrust",
    ("target", "dependence"): "reliance",
    **{
        (seat, goal): number
        for seat in ("ally", "bloc")
        for goal, number in (
            ("dependence", "reliance"),
            ("outside", "outside"),
            ("home", "at_home"),
        )
    },
}


def goal_number(seat: str, goal: str) -> NumberRequest:
    """The number that one of these goals is."""
    return NumberRequest(SAME[seat, goal], GOVERNMENT[seat])


def _number_of_goal(seat: str, goal: str) -> Value:
    return lambda read, now, until, _: value(goal_number(seat, goal), read, until)


def weighted_blows(read: Reading, now: GameState, until: int) -> float:
    """Blows by others, each by its author's counter-leverage: elsewhere 1, a tariff 1/2, a strong
    remark 1/4, a mild one or a case 1/10 (assumed).

    Of a government that its rule decides for, what it did is read from the run: a tariff, an
    incident (1), a case. Source: counter_leverage.csv.
    """
    weight = {row["government"]: row["counter_leverage"] for row in load_table("counter_leverage")}
    by_cards = sum(
        weight[GOVERNMENT[seat]]
        * BLOWS.get((move.card, move.get("with") or move.get("strength")), 0.0)
        for this_round in now.game.rounds
        for seat, moves in this_round.moves
        if seat in GOVERNMENT
        for move in moves
    )
    ruled = {GOVERNMENT[seat] for seat in GOVERNMENT if seat not in (*now.game.seats, "exporter")}
    by_rule = sum(
        weight[actor] * RULED.get(kind, 0.0)
        for month, actor, kind, _ in read.events
        if LEAD <= month < until and actor in ruled
    )
    return by_cards + by_rule


def concessions(read: Reading, now: GameState, until: int, by: str = "") -> float:
    """Concessions to China since the game began, by moves, in deals and by rule: of one government,
    or of all. Those for a deal that China has broken count no more.
    """
    made = sum(
        kind == "concession" and LEAD <= month < until and by in ("", actor)
        for month, actor, kind, _ in read.events
    )
    void = sum(
        _first_month(number) < until and by in ("", GOVERNMENT[seat]) for number, seat in now.voided
    )
    return float(made - void)


def _first_month(number: int) -> int:
    """The month in which a round begins."""
    return LEAD + ROUND_MONTHS * (number - 1)


def _money(read: Reading, now: GameState, until: int, seat: str) -> float:
    """Public money paid, net of what came back, and what was spent at once, % of the budget."""
    paid = float(read.of("spent", GOVERNMENT[seat])[until - 1]) if until else 0.0
    return 100.0 * (paid + now.fixed[seat]) / seats()[seat].budget


def _firm_lines(read: Reading, until: int) -> float:
    """Magnets made in all its plants, % of the year before the game."""
    magnets = read["firm"][:, 1]
    return (
        100.0
        * float(magnets[LEAD:until].mean())
        / max(float(magnets[LEAD - YEAR : LEAD].mean()), 1e-9)
        if until > LEAD
        else 100.0
    )


def _firm_profit(read: Reading, now: GameState, until: int) -> float:
    """Sales less inputs, conversion and the plants built, USD bn a year."""
    if until <= LEAD:
        return 0.0
    earned = float(earnings(read)[LEAD:until].sum())
    return (earned - now.fixed["firm"]) / 1000.0 / ((until - LEAD) / YEAR)


def _firm_stock(read: Reading, until: int) -> float:
    """Inputs in stock at the price paid, USD million, mean since the game began."""
    return (
        float(read["firm"][LEAD:until, 6].mean())
        if until > LEAD
        else float(read["firm"][LEAD - 1, 6])
    )


VALUES: Final[dict[tuple[str, str], Value]] = {
    **{key: _number_of_goal(*key) for key in SAME},
    ("exporter", "concession"): lambda read, now, until, seat: concessions(read, now, until),
    ("exporter", "exports"): lambda read, now, until, seat: _SOLD(read, until, "World"),
    ("exporter", "struck"): lambda read, now, until, seat: weighted_blows(read, now, until),
    ("target", "output"): lambda read, now, until, seat: _LOST(read, until, "Japan"),
    ("target", "cost"): lambda read, now, until, seat: _COST(read, until, "Japan"),
    ("target", "spending"): _money,
    **{
        (name, "concession"): lambda read, now, until, seat: concessions(
            read, now, until, GOVERNMENT[seat]
        )
        for name in ("target", "ally", "bloc")
    },
    **{
        (name, goal): rule
        for name in ("ally", "bloc")
        for goal, rule in {
            "output": lambda read, now, until, seat: (
                _LOST(read, until, GOVERNMENT[seat]) + _COST(read, until, GOVERNMENT[seat])
            ),
            "spending": _money,
        }.items()
    },
    ("firm", "lines"): lambda read, now, until, seat: _firm_lines(read, until),
    ("firm", "profit"): lambda read, now, until, seat: _firm_profit(read, now, until),
    ("firm", "stock"): lambda read, now, until, seat: _firm_stock(read, until),
}


def points(goal: SeatGoal, reached: float, rules: int = GAME_RULES) -> float:
    """100 (reached - none) / (full - none), between -100 and 100 (under rules 1: and 200)."""
    return min(max(100.0 * (reached - goal.none) / (goal.full - goal.none), LEAST), MOST[rules])


def breaches(now: GameState, until: int, seat: str) -> int:
    """Deals that a seat has broken in the months so far."""
    return sum(by == seat and _first_month(number) < until for number, by, _ in now.breaches)


def price_of_breach(rules: int) -> float:
    """Points that a broken deal costs whoever broke it: what a concession brings China, so that
    none is signed to be broken. Nothing under rules 1.
    """
    return price_of_concession("exporter") if rules > 1 else 0.0


def charge(now: GameState, until: int, seat: str) -> list[dict[str, Any]]:
    """The line of a seat's score for deals that it broke; none where it broke none."""
    count, price = breaches(now, until, seat), price_of_breach(now.game.rules)
    if not (count and price):
        return []
    label, formula, unit = BROKE
    line = {
        "goal": BREACH,
        "label": label,
        "value": float(count),
        "unit": unit,
        "points": -100.0 * count,
        "weight": price / 100.0,
        "formula": formula,
        "none": 0.0,
        "full": -1.0,
    }
    return [line]


def score_seat(read: Reading, now: GameState, until: int, seat: str) -> dict[str, Any]:
    """The score of one seat after so many months: total, and each goal with its value, unit, points
    and weight.
    """
    lines: list[dict[str, Any]] = []
    rules = now.game.rules
    for goal in goals(rules)[seat]:
        reached = VALUES[seat, goal.goal](read, now, until, seat)
        lines.append(
            {
                "goal": goal.goal,
                "label": goal.label,
                "value": reached,
                "unit": goal.unit,
                "points": points(goal, reached, rules),
                "weight": goal.weight,
                "formula": goal.formula,
                "none": goal.none,
                "full": goal.full,
            }
        )
    lines += charge(now, until, seat)
    return {
        "seat": seat,
        "name": seats()[seat].name,
        "score": sum(line["weight"] * line["points"] for line in lines),
        "goals": lines,
        "status": "assumed",
    }


def score_all(read: Reading, game: Game, until: int) -> dict[str, dict[str, Any]]:
    """The scores of all seats, also of those that are not played."""
    now = replay_game(game)
    return {seat: score_seat(read, now, until, seat) for seat in SEATS}


@lru_cache(maxsize=64)
def _scores(game: Game) -> dict[str, Any]:
    end = LEAD + ROUND_MONTHS * game.played
    so_far = score_all(read_game(game, end), game, end)
    if not game.over:
        return {"over": False, "rounds": game.played, "now": so_far}
    return {
        "over": True,
        "rounds": game.played,
        "now": so_far,
        "follow_up": score_all(read_game(game), game, game.months),
    }


def scores(game: Game) -> dict[str, Any]:
    """Scores of every seat: ``now`` (after the rounds played) and, once the game is over,
    ``follow_up`` (four years later, with the acts left in force).

    {over, rounds, now: {seat: {seat, name, score, status, goals: [{goal, label, value, unit,
    points, weight, formula, none, full}]}}, follow_up}
    """
    return _scores(game)
