"""Which member of the collection is shipped: the one whose worlds lie in the bulk of what all
draws show.

Rule. B_m is the band from the 10th to the 90th percentile over draws (vector and seed, as every
band of the project is drawn) of a series in month m. Of a member that is run with some seeds, b is
the share of its months below B_m and a the share above, over all seeds. A line out of the middle of
the draws has b = a = 0.1, one that hugs their median 0. The member is taken for which the mean over
series and scenarios of |b - 0.1| + |a - 0.1| is least, of equals the likelier one (the first); one
that misses a figure of `docs/believed.md` which the vector shipped before meets is passed over, and
where all do, the one that misses fewest is taken. Only simulated worlds are compared; the record to
2025 has chosen the collection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.quantities.headlines import focal_date
from coercivity.experiments.quantities.series import series_table
from coercivity.experiments.worlds.draws import Draw, draws, load_collection
from coercivity.experiments.worlds.ensemble import with_vector
from coercivity.experiments.worlds.ensemble_runs import Task, run_tasks
from coercivity.experiments.worlds.run import Progress, count_workers
from coercivity.model.basis.calendar import month_names
from coercivity.model.basis.errors import InputError
from coercivity.model.basis.facts import Facts
from coercivity.model.scenario.scenario import load_scenario, with_changes

SCENARIOS: Final = ("business-as-usual", "japan-2026")
SERIES: Final = (
    "price_ndpr_china",
    "price_ndpr_japan",
    "price_dy_china",
    "price_dy_japan",
    "cover_dysprosium_oxide",
    "cover_magnet_heat_resistant",
    "output_lost_so_far",
)  # prices, stocks and loss
BAND: Final = (0.1, 0.9)
EITHER_SIDE: Final = 0.1  # share of months that a line out of the middle of the draws is below it
DRAWS: Final = 40
SEEDS: Final = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class Central:
    """Vectors beside the band of the draws: share of months below and above it (vectors x scenarios
    x series), and their distance from what a line of the bulk has (vectors).
    """

    ids: tuple[str, ...]
    below: FloatArray
    above: FloatArray

    @property
    def distance(self) -> FloatArray:
        """Mean over scenarios and series of |b - 0.1| + |a - 0.1|, by vector."""
        apart = np.abs(self.below - EITHER_SIDE) + np.abs(self.above - EITHER_SIDE)
        return np.asarray(apart.mean(axis=(1, 2)))

    @property
    def order(self) -> tuple[str, ...]:
        """Vectors from the most central on."""
        return tuple(self.ids[at] for at in np.argsort(self.distance, kind="stable"))


def most_central(
    vectors: Mapping[str, Mapping[str, float]],
    draw_count: int = DRAWS,
    seeds: Sequence[int] = SEEDS,
    workers: int = 0,
    months: int | None = None,
    progress: Progress | None = None,
) -> Central:
    """Run vectors, by id the parameters that they change, and as many draws as asked beside them.

    months: of every run, instead of the scenario's own. Raises InputError where no collection is
    shipped.
    """
    if not load_collection().ids:
        raise InputError("model/data/collection.csv has no member", "run `coercivity calibrate`")
    drawn = draws(draw_count)
    alone = [Draw(tuple(sorted(values.items())), 0, name) for name, values in vectors.items()]
    each = (
        *((draw, draw.seed) for draw in drawn),
        *((draw, seed) for draw in alone for seed in seeds),
    )
    tasks = []
    for name in SCENARIOS:
        scenario = with_changes(load_scenario(name), months=months)
        since = focal_date(scenario, month_names(scenario.start, scenario.months))
        tasks += [Task(with_vector(scenario, draw), seed, since, True) for draw, seed in each]
    places = [[row.id for row in series_table(Facts.default())].index(name) for name in SERIES]
    found = run_tasks(tasks, count_workers(workers, len(tasks)), progress)
    runs = [lines[:, places] for _, lines in found]
    size = len(drawn) + len(alone) * len(seeds)
    below, above = [], []
    for at in range(0, len(runs), size):
        band = np.array(runs[at : at + len(drawn)])
        lines = np.array(runs[at + len(drawn) : at + size])
        sides = outside(band, lines.reshape(len(alone), len(seeds), *lines.shape[1:]))
        below.append(sides[0])
        above.append(sides[1])
    return Central(tuple(vectors), np.stack(below, axis=1), np.stack(above, axis=1))


def outside(band: FloatArray, lines: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of months in which lines (members x seeds x months x series) lie below and above the
    band of draws (draws x months x series): members x series, over all seeds together. Months that
    a line or all draws leave undefined do not count.
    """
    told = np.isfinite(band).any(axis=0)
    low, high = np.full((2, *told.shape), np.nan)
    low[told], high[told] = np.nanquantile(band[:, told], BAND, axis=0)
    known = np.isfinite(lines) & np.isfinite(low)
    count = np.maximum(known.sum(axis=(1, 2)), 1)
    return (
        (known & (lines < low)).sum(axis=(1, 2)) / count,
        (known & (lines > high)).sum(axis=(1, 2)) / count,
    )
