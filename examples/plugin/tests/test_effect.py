"""What sharing should do, written down before it was run.

Prediction: under the measures of japan-2026 the first line of Japan to stop stops later, for who
has least is lent to. Refuted by: a first stop that is, in the mean of four seeds, not later. Of the
number of firms that stop nothing is predicted: who lends comes nearer to a stop himself.
"""

from coercivity_sharing import DATA

import coercivity

SEEDS = range(1, 5)
MONTHS = 48


def first_stops(scenario: str) -> list[float]:
    """Days from the measure to the first stop of a line in Japan, by seed; those of the whole run
    where none stops.
    """
    results = coercivity.run_worlds(scenario, SEEDS, months=MONTHS, data=DATA)
    found = [result.headlines()["first_stop_days"] for result in results]
    return [30.4 * (MONTHS - 24) if days is None else days for days in found]


def test_the_first_stop_comes_later() -> None:
    without, lent = first_stops("japan-2026"), first_stops("sharing-2026")
    assert sum(lent) > sum(without), (without, lent)
