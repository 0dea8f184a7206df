"""Sensitivity indices of one outcome, all through SALib: Sobol', Morris, Borgonovo's delta, PAWN.

Pure functions of (problem, points, values): *problem* is SALib's (names, bounds, num_vars),
*points* is n x d in the order of the sampler, *values* has one number a point. Every index comes
with a 95% interval; seeds of the bootstraps are fixed, so the same numbers give the same indices.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.sweep.sampling import LEAST_SAMPLES, MORRIS_LEVELS
from coercivity.model.basis.errors import InputError, Phrase
from coercivity.model.basis.luck import stream, uniforms

LEVEL: Final = 0.95
SEED: Final = 1  # of every bootstrap; SALib takes 0 for none
SOBOL_RESAMPLES: Final = 500
MORRIS_RESAMPLES: Final = 1000
DELTA_RESAMPLES: Final = 25
PAWN_RESAMPLES: Final = 200
PAWN_SLICES: Final = 10
DUMMIES: Final = 5  # columns of luck that no model reads: what a density measure gives to nothing
LEAST_POINTS: Final = LEAST_SAMPLES["lhs"]  # below this a density measure says nothing


@dataclass(frozen=True)
class Index:
    """One index with its 95% interval (NaN where there is none); *of* is one parameter, or two for
    an interaction.
    """

    of: tuple[str, ...]
    measure: str  # first, total, second | mu_star, mu, sigma | delta | pawn
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Indices:
    """All indices of one outcome by one method. *floor*: the largest upper bound over columns of
    pure luck (density measures only).
    """

    method: str
    points: int
    rows: tuple[Index, ...]
    floor: float | None = None
    groups: int = 0  # base samples of Sobol', trajectories of Morris: what the bootstrap draws from

    def measured(self, measure: str) -> list[Index]:
        """The indices of one measure, largest first."""
        return sorted(
            (row for row in self.rows if row.measure == measure),
            key=lambda row: (-row.value, row.of),
        )


def check_varies(values: FloatArray) -> None:
    """Raises InputError where every value is the same: nothing moves it, and no share of a variance
    of zero exists.
    """
    if not np.ptp(values) > 1e-12 * max(1.0, float(np.abs(values).max())):
        raise InputError(
            "the outcome is {value} in every point: nothing in this design moves it",
            "choose another outcome or wider ranges",
            value=f"{values.flat[0]:.4g}",
        )


def sobol_rows(count: int, parameters: int, samples: int) -> tuple[int, bool]:
    """Rows that belong to one base sample of a Sobol' design, and whether it has second order.
    Raises InputError when neither fits.
    """
    for second in (True, False):
        rows = parameters * (2 if second else 1) + 2
        if count == samples * rows:
            return rows, second
    raise InputError(
        "{count} points do not make a Sobol' design of {samples} samples on {parameters} "
        "parameters",
        "read the sweep it was made by",
        count=count,
        samples=samples,
        parameters=parameters,
    )


def sobol(problem: Mapping[str, Any], values: FloatArray, samples: int) -> Indices:
    """First and total order, and second order where the design has it (Saltelli et al. 2010,
    Saltelli 2002).

    values: n in the order of SALib's sampler. The interval is 1.96 standard deviations of the
    bootstrap over base samples.
    """
    from SALib.analyze import sobol as salib

    check_varies(values)
    _, second = sobol_rows(len(values), len(problem["names"]), samples)
    with _silence_salib():
        estimates = salib.analyze(
            dict(problem),
            values,
            calc_second_order=second,
            num_resamples=SOBOL_RESAMPLES,
            conf_level=LEVEL,
            seed=SEED,
        )
    names = problem["names"]
    rows = [
        _row((name,), measure, estimates[key][index], estimates[f"{key}_conf"][index])
        for measure, key in (("first", "S1"), ("total", "ST"))
        for index, name in enumerate(names)
    ]
    if second:
        rows += [
            _row((names[i], names[j]), "second", estimates["S2"][i, j], estimates["S2_conf"][i, j])
            for i, j in combinations(range(len(names)), 2)
        ]
    return Indices("sobol", len(values), tuple(rows), groups=samples)


def morris(
    problem: Mapping[str, Any], points: FloatArray, values: FloatArray, levels: int = MORRIS_LEVELS
) -> Indices:
    """Elementary effects: mu* (mean size), mu (mean), sigma (spread: curvature or interaction), in
    units of the outcome for a move across the whole range.

    Morris 1991, Campolongo et al. 2007. points and values: trajectories of d + 1 rows in order.
    Only mu* has an interval; those of mu and sigma are NaN.
    """
    from SALib.analyze import morris as salib

    check_varies(values)
    with _silence_salib():
        estimates = salib.analyze(
            dict(problem),
            points,
            values,
            num_resamples=MORRIS_RESAMPLES,
            conf_level=LEVEL,
            num_levels=levels,
            seed=SEED,
        )
    rows = []
    for index, name in enumerate(problem["names"]):
        rows.append(
            _row((name,), "mu_star", estimates["mu_star"][index], estimates["mu_star_conf"][index])
        )
        rows += [
            _row((name,), measure, estimates[measure][index], float("nan"))
            for measure in ("mu", "sigma")
        ]
    return Indices(
        "morris", len(values), tuple(rows), groups=len(values) // (len(problem["names"]) + 1)
    )


def delta(
    problem: Mapping[str, Any],
    points: FloatArray,
    values: FloatArray,
    resamples: int = DELTA_RESAMPLES,
) -> Indices:
    """Borgonovo's delta: how far knowing a parameter moves the whole density of the outcome, 0 to
    1, bias-reduced (Plischke et al. 2013).
    """
    from SALib.analyze import delta as salib

    check_varies(values)
    check_points(len(values))
    with_dummies, wide = _with_dummies(problem, points)
    with _silence_salib():
        try:
            estimates = salib.analyze(
                with_dummies,
                wide,
                values,
                num_resamples=resamples,
                conf_level=LEVEL,
                seed=SEED,
                method="delta",
            )
        except (ValueError, RuntimeError) as error:
            raise InputError(
                "delta cannot be computed ({why})",
                "use --method pawn, which needs no density",
                why=Phrase(str(error)),
            ) from None
    value, spread = np.asarray(estimates["delta_raw"]), np.asarray(estimates["delta_raw_conf"])
    if not np.isfinite(value).all():
        raise InputError(
            "delta cannot be computed for every parameter",
            "use --method pawn, which needs no density",
        )
    return _density("delta", problem, len(values), value, value - spread, value + spread)


def pawn(
    problem: Mapping[str, Any],
    points: FloatArray,
    values: FloatArray,
    resamples: int = PAWN_RESAMPLES,
) -> Indices:
    """PAWN: median over slices of a parameter of the Kolmogorov-Smirnov distance to the whole, 0 to
    1 (Pianosi and Wagener 2018).

    Works on outcomes with many equal values. The interval is the 2.5th to 97.5th percentile of the
    bootstrap over points, moved by its bias.
    """
    from SALib.analyze import pawn as salib

    check_varies(values)
    check_points(len(values))
    with_dummies, wide = _with_dummies(problem, points)
    with _silence_salib():
        value = np.asarray(
            salib.analyze(with_dummies, wide, values, S=PAWN_SLICES, seed=SEED)["median"]
        )
    rng = stream(SEED, "pawn bootstrap")
    again = [
        pawn_medians(wide[rows], values[rows])
        for rows in rng.integers(len(values), size=(resamples, len(values)))
    ]
    drawn = np.asarray(again)
    shift = value - drawn.mean(
        axis=0
    )  # points drawn twice make slices look more different than they are
    low, high = np.quantile(drawn, (0.5 - LEVEL / 2, 0.5 + LEVEL / 2), axis=0) + shift
    return _density("pawn", problem, len(values), value, low, high)


def pawn_medians(points: FloatArray, values: FloatArray, slices: int = PAWN_SLICES) -> FloatArray:
    """The same medians as SALib's, for all parameters (d) at once and without the p-values that
    take most of its time: for the bootstrap.
    """
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    last = np.append(
        ranked[1:] != ranked[:-1], True
    )  # distances are read after the last of equal values
    whole = np.flatnonzero(last) + 1.0
    medians = np.empty(points.shape[1])
    for index, column in enumerate(points.T):
        edges = np.quantile(column, np.arange(0.0, 1.0 + 1.0 / slices, 1.0 / slices)[: slices + 1])
        inside = (column[order, None] >= edges[:-1]) & (column[order, None] < edges[1:])
        counts = inside.sum(axis=0)
        share = np.cumsum(inside, axis=0)[last][:, counts > 0] / counts[counts > 0]
        medians[index] = np.median(np.abs(share - whole[:, None] / len(values)).max(axis=0))
    return medians


def check_points(count: int) -> None:
    """Raises InputError for fewer points than a density measure needs."""
    if count < LEAST_POINTS:
        raise InputError(
            "{count} points are too few for delta, PAWN or a corner",
            "run at least {low} (method lhs, samples: 500 is a good number)",
            count=count,
            low=LEAST_POINTS,
        )


def _density(
    method: str,
    problem: Mapping[str, Any],
    points: int,
    value: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> Indices:
    names = problem["names"]
    rows = tuple(
        Index((name,), method, float(value[index]), float(low[index]), float(high[index]))
        for index, name in enumerate(names)
    )
    return Indices(method, points, rows, floor=float(high[len(names) :].max()))


def _with_dummies(
    problem: Mapping[str, Any], points: FloatArray
) -> tuple[dict[str, Any], FloatArray]:
    """The problem with plain names (SALib refuses some endings) and DUMMIES columns of luck at the
    end.
    """
    luck = np.column_stack(
        [uniforms(SEED, f"dummy {index}", 0, len(points)) for index in range(DUMMIES)]
    )
    count = len(problem["names"])
    names = [f"x{index}" for index in range(count + DUMMIES)]
    return {
        "num_vars": len(names),
        "names": names,
        "bounds": [*problem["bounds"], *([[0.0, 1.0]] * DUMMIES)],
    }, np.column_stack([points, luck])


def _row(names: tuple[str, ...], measure: str, value: Any, spread: Any) -> Index:
    return Index(
        names, measure, float(value), float(value) - float(spread), float(value) + float(spread)
    )


@contextmanager
def _silence_salib() -> Iterator[None]:
    """Keep SALib's printing, its filters of warnings and its use of NumPy's one global generator to
    itself.
    """
    state, formatter = np.random.get_state(), warnings.formatwarning
    try:
        with warnings.catch_warnings(record=True):
            yield
    finally:
        np.random.set_state(state)
        warnings.formatwarning = formatter
