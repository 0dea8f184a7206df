"""What cards, explanations and the terminal say of makers that stood already when the count began,
and of prices whose months before the measure lie under an earlier one.
"""

from __future__ import annotations

from functools import partial
from typing import Final, Protocol

from coercivity.experiments.quantities.headlines import FOCUS, Headline, focal_date, formulas
from coercivity.experiments.worlds.idle_at_start import IdleAtStart, sector_of_stops
from coercivity.experiments.worlds.spreads import spread
from coercivity.experiments.worlds.twin import measure_before
from coercivity.model.scenario.scenario import Scenario
from coercivity.viz.words.dates import date_words

STOOD: Final = "Makers in {state} that stood already when the count began"
STOP: Final = (
    "A line stops when a missing part keeps it below 90% of its plan: it may "
    "still make most of its output."
)
FIRST_STOP: Final = "first_stop_days"  # the row beside which it stands
ONE_BASE: Final = (
    "Price multiples of both worlds: the peak of all years over the price in the half year before "
    "the measure, in the world that has it."
)
NEW_ONLY: Final = (
    "First stops count from the measure's day, new stops only: makers that stood already are not "
    "among them, and more of them in one twin leaves fewer to stop."
)


class HasSpan(Protocol):
    """Whatever has a scenario and months: a run, an ensemble."""

    @property
    def scenario(self) -> Scenario: ...
    @property
    def months(self) -> tuple[str, ...]: ...


def not_compared(row: Headline, standing: IdleAtStart, state: str = FOCUS) -> str:
    """Why the stops of a row are not compared, in place of a difference; '' where they are, and for
    rows of anything else.
    """
    sector = sector_of_stops(standing.facts, row.id, state)
    if sector is None or standing.same(sector):
        return ""
    base, mine = (f"{spread(list(map(float, one))).median:.0f}" for one in standing.of(sector))
    return f"not compared: {base} and {mine} stood already"


def before_words(row: Headline, result: HasSpan, state: str = FOCUS) -> str:
    """Under which measure the months lie that a price is a multiple of; '' for none, and for rows
    of anything else.
    """
    formula = formulas(result.scenario.facts, state).get(row.id)
    if (
        formula is None
        or not isinstance(formula.rule, partial)
        or "state" not in formula.rule.keywords
    ):
        return ""
    since = focal_date(result.scenario, result.months, state)
    return under_words(result, since, formula.of, state)


def under_words(result: HasSpan, since: str, good: str, state: str = FOCUS) -> str:
    """'the months before lie under the measure of April 2025'; '' where none covers the good."""
    event = measure_before(result.scenario, result.months, since, good, state)
    if event is None:
        return ""
    return f"the months before lie under the measure of {date_words(event.date[:7])}"
