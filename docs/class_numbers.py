"""Writes docs/class-numbers.md: every number that a class is told, what it is and where it stands,
from experiments/game. Run by `make docs`.
"""

from collections.abc import Iterator
from pathlib import Path

from coercivity.experiments.game.debrief import NUMBERS as IN_DEBRIEF
from coercivity.experiments.game.market import MARKETS
from coercivity.experiments.game.numbers import NUMBERS
from coercivity.experiments.game.scoring import SAME, VALUES
from coercivity.experiments.game.table import SEATS, goals, words
from coercivity.experiments.game.telling import numbers_of, tiles

HERE = Path(__file__).resolve().parent
HEAD = """<!-- made by docs/class_numbers.py from experiments/game; do not edit here -->

# The numbers of a class

What a class is told in numbers, each defined once (`experiments/game/numbers.py`): the same name is
the same number on a private brief, a tile of the news, a bet, a goal and in the debrief. "The
half-year" is that of a round; what has no window in its name is of the last month, and the number
"half a year ago" is the same one six months earlier. On the charts of a class `price` and `stock`
are a line's last month, `dependence` is the mean of the last six months of the line "by where it
was separated".
"""
GOALS = """
## What only goals count

Goals are scored on the numbers above where the table says so, else on these; all scales are assumed
([sheets](lessons/sheets.md)).
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
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (HERE / "class-numbers.md").write_text(page(), encoding="utf-8")
