"""Writes docs/class-numbers.md: every number that a class is told, what it is and where it stands,
from viz/classroom/engine. Run by `make docs`.

    python -m tools.docs.class_numbers --run
        plays the games behind the usual courses (some minutes) and prints the table of
        viz/classroom/engine/typical_course.py
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from coercivity.model.results.result import model_version
from coercivity.viz.classroom.engine.debrief import NUMBERS as IN_DEBRIEF
from coercivity.viz.classroom.engine.example_games import SCRIPTS
from coercivity.viz.classroom.engine.game_run import read_game
from coercivity.viz.classroom.engine.game_state import LEAD, MOST_ROUNDS, ROUND_MONTHS, Game
from coercivity.viz.classroom.engine.game_tables import SEATS, goals, words
from coercivity.viz.classroom.engine.market import MARKETS
from coercivity.viz.classroom.engine.numbers import NUMBERS, NumberRequest, label, value
from coercivity.viz.classroom.engine.robots import play
from coercivity.viz.classroom.engine.scoring import SAME, VALUES
from coercivity.viz.classroom.engine.team_briefs import numbers_of, tiles
from coercivity.viz.classroom.engine.typical_course import (
    MADE_WITH,
    SEEDS,
    SIMULATED,
    STEPS,
    step_between,
)

HERE = Path(__file__).resolve().parents[2] / "docs"
HEAD = """<!-- made by tools/docs/class_numbers.py from viz/classroom/engine; do not edit here -->

# The numbers of a class

What a class is told in numbers, each defined once (`viz/classroom/engine/numbers.py`): the same
name is the same number on a private brief, a tile of the news, a bet, a goal and in the debrief.
"The half-year" is that of a round; what has no window in its name is of the last month, and the
number "half a year ago" is the same one six months earlier. On the charts of a class `price` and
`stock` are a line's last month, `dependence` is the mean of the last six months of the line "by
where it was separated".
"""
GOALS = """
## What only goals count

Goals are scored on the numbers above where the table says so, else on these; all scales are assumed
([sheets](lessons/sheets.md)).
"""

COURSES = """
## The usual course

Bets, and claims of the press about prices and plants, ask whether a number ends the half-year above
or below its usual course: where it stands when the half-year begins, times a step; output lost
begins at nothing, so its steps are added. The steps are medians over {scripts} scripts in {seeds}
worlds and {simulated} games of simulated people, the two with the same weight (coercivity
{version}; `python -m tools.docs.class_numbers --run`).
"""


def places(name: str) -> Iterator[str]:
    """Where a number stands."""
    seats = [
        words(seat)
        for seat in SEATS
        if any(asked.number == name for asked in numbers_of(seat).values())
    ]
    if seats:
        yield f"brief of {', '.join(seats)}"
    if any(asked.number == name for asked in tiles().values()):
        yield "news"
    if any(market.asked.number == name for market in MARKETS.values()):
        yield "market"
    if any(asked.number == name for asked in IN_DEBRIEF.values()):
        yield "debrief"
    scored = [words(seat) for (seat, _), number in SAME.items() if number == name]
    if scored:
        yield f"goal of {', '.join(scored)}"


def page() -> str:
    """The whole page."""
    lines = [HEAD, "| number | unit | what it is | where |", "|---|---|---|---|"]
    for name, one in NUMBERS.items():
        where = "; ".join(places(name)) or "what others are made of"
        lines.append(f"| {one.label} (`{name}`) | {one.unit} | {one.means} | {where} |")
    lines += [GOALS, "| seat | goal | unit | what is counted |", "|---|---|---|---|"]
    for seat in SEATS:
        for goal in goals()[seat]:
            if (seat, goal.goal) in VALUES and (seat, goal.goal) not in SAME:
                lines.append(f"| {words(seat)} | {goal.label} | {goal.unit} | {goal.formula} |")
    return "\n".join([*lines, *courses()]) + "\n"


def courses() -> list[str]:
    """The table of usual courses."""
    told = COURSES.format(
        scripts=len(SCRIPTS), seeds=len(SEEDS), simulated=len(SIMULATED), version=MADE_WITH
    )
    half_years = range(1, MOST_ROUNDS + 1)
    lines = [told, f"| number | {' | '.join(f'half-year {n}' for n in half_years)} |"]
    lines.append("|---" * (1 + MOST_ROUNDS) + "|")
    for asked, steps in STEPS.items():
        lines.append(f"| {label(asked)} | {' | '.join(f'{step:g}' for step in steps)} |")
    return lines


# ---------------------------------------------------------------- games behind the usual courses


def steps_of(game: Game) -> dict[tuple[NumberRequest, int], float]:
    """The steps of a game by number and half-year."""
    read, found = read_game(game, game.now), {}
    for asked in STEPS:
        at = [value(asked, read, LEAD + ROUND_MONTHS * number) for number in range(game.length + 1)]
        for number in range(1, game.length + 1):
            found[asked, number] = step_between(asked, at[number - 1], at[number])
    return found


def run() -> None:
    """Play all games and print the steps, medians in which both kinds of games weigh the same."""
    kinds = (
        [steps_of(one.game(seed)) for one in SCRIPTS for seed in SEEDS],
        [steps_of(play(seed)) for seed in SIMULATED],
    )
    print(f"coercivity {model_version()}")
    for asked in STEPS:
        steps = []
        for number in range(1, MOST_ROUNDS + 1):
            each = [
                [game[asked, number] for game in kind if (asked, number) in game] for kind in kinds
            ]
            values = np.concatenate(each)
            weights = np.concatenate([np.full(len(some), 1.0 / len(some)) for some in each])
            order = np.argsort(values)
            half = np.searchsorted(np.cumsum(weights[order]), 0.5 * weights.sum())
            steps.append(float(f"{values[order][half]:.3g}"))
        print(f"    {asked}: {tuple(steps)},")


if __name__ == "__main__":
    if "--run" in sys.argv:
        run()
    (HERE / "class-numbers.md").write_text(page(), encoding="utf-8")
