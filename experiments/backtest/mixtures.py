"""A mixture of the model's median and a reckoning without a model: by kind of number the reckoning
and its weight that the rows of the fit like best, judged by rows that the fit has not seen.

Distances from the record, in tolerances and with their sign, are averaged: d = (1 - w) d_model + w
d_reckoning, w weight of the reckoning (0 to 1). In logs for a tolerance in logs. The mean of two
forecasts is often nearer than either (Bates & Granger 1969).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from coercivity.experiments.backtest.naive import NAMES
from coercivity.experiments.backtest.score import (
    CAP,
    KINDS,
    SCORED,
    Score,
    clipped_distance,
)
from coercivity.experiments.quantities.record_target import Key

WEIGHTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
FEWEST: Final = 2  # series of a kind in the fit, below which nothing is chosen
BETTER: Final = 0.02  # tolerances by which a mixture has to be nearer in the fit to be one


class Mixture(NamedTuple):
    """A reckoning and its weight; weight 0 is the model alone."""

    reckoning: str
    weight: float


def mixture_rows(scores: Iterable[Score]) -> list[dict[str, Any]]:
    """Per kind of number and sample: mean error by series of the model, of the reckoning and of the
    mixture that the fit chose, and over how many series. holds: where the model is mixed, whether
    the mixture is nearer than it in this sample.
    """
    every = [one for one in scores if one.target.sample in SCORED]
    rows = []
    for kind in dict.fromkeys(("prices", "flows", *KINDS.values())):
        own = [one for one in every if KINDS.get(one.target.quantity, "flows") == kind]
        chosen = choose([one for one in own if one.target.sample == "in"])
        for sample in SCORED:
            of = [one for one in own if one.target.sample == sample and _says(one, chosen)]
            if not of:
                continue
            alone, mixed = error(of, chosen._replace(weight=0.0)), error(of, chosen)
            rows.append(
                {
                    "sample": sample,
                    "kind": kind,
                    "reckoning": chosen.reckoning,
                    "weight": chosen.weight,
                    "series": len(_series(of)),
                    "model": alone,
                    "alone": error(of, chosen._replace(weight=1.0)),
                    "mixture": mixed,
                    "holds": None if chosen.weight == 0.0 else mixed < alone,
                }
            )
    return rows


def choose(fitted: Sequence[Score]) -> Mixture:
    """The mixture with the least mean error over the series of the fit; the model alone where none
    is nearer by BETTER over the same rows, or where fewer than FEWEST series speak.
    """
    best, gain = Mixture(NAMES[0], 0.0), BETTER
    for name in NAMES:
        of = [one for one in fitted if one.naive[name] is not None]
        for weight in WEIGHTS[1:] if len(_series(of)) >= FEWEST else ():
            nearer = error(of, Mixture(name, 0.0)) - error(of, Mixture(name, weight))
            if nearer > gain:
                best, gain = Mixture(name, weight), nearer
    return best


def error(of: Sequence[Score], mixture: Mixture) -> float:
    """Mean over series of the median over their rows of |d|, at most CAP."""
    votes = [np.median([abs(_distance(one, mixture)) for one in rows]) for rows in _series(of)]
    return float(np.mean(np.minimum(votes, CAP)))


def _says(one: Score, mixture: Mixture) -> bool:
    return one.naive[mixture.reckoning] is not None


def _distance(one: Score, mixture: Mixture) -> float:
    model = clipped_distance(one.target, one.median)
    said = one.naive[mixture.reckoning]
    point = clipped_distance(one.target, None if said is None else said.value)
    model, point = (CAP if value is None else value for value in (model, point))
    return (1.0 - mixture.weight) * model + mixture.weight * point


def _series(of: Sequence[Score]) -> list[list[Score]]:
    """Rows of each series of each episode, which has one vote."""
    series: dict[tuple[str, Key], list[Score]] = {}
    for one in of:
        series.setdefault((one.target.episode, one.target.key), []).append(one)
    return list(series.values())
