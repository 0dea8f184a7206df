"""The written objective: how far a run of the model lies from each target of the record, and how
likely that makes its parameter vector.

Targets, weights and tolerances are rows of `model/data/evidence.csv`; only rows with sample `in` or
`bound` and a positive fit weight are ever read here.

A target of value z and tolerance t lies I deviations from a vector whose mean over seeds is f:

    I = |f - z| / sqrt((t / 2)^2 + v (1 + 1 / R)),

t / 2 the standard deviation of observation (a tolerance is read as a 95% interval), v variance
between histories (seeds), R seeds of the model and one of the record, which is a single history
too. All in the target's own scale: ln x for a tolerance of kind log, x / |z| for relative, x for
absolute. A vector is a value of every parameter that is not measured; no allowance is made for
parameters left out (decision 0050). How likely the record is under it is `log_likelihood`, whose
tails are long: what no vector meets counts against all of them nearly alike (decision 0112).
Targets that stand for one series share their weight: a weight below 1 widens the variance of
observation by 1 / weight. A stop that never comes counts as the day after its window, in means,
luck, emulator and truths alike; any other undefined value lies as far off as can be (decision
0109).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.backtest.evidence_targets import FITTED, LINE
from coercivity.model.basis.errors import InputError, Phrase

if TYPE_CHECKING:
    from coercivity.experiments.backtest.evidence_targets import Target

FREEDOM: Final = 4.0  # degrees of freedom of Student's t
FAR: Final = 3.0  # deviations, beyond which a target is told as not met
UNDEFINED: Final = 10.0  # deviations of a value that a run does not have, and the cap


@dataclass(frozen=True, eq=False)
class Objective:
    """Targets in their own scales: value and standard deviation of observation (one of each a
    target), and what an undefined value counts as (NaN where it stays undefined).
    """

    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    values: FloatArray  # as written in the table
    scale: FloatArray  # |value| of the table where the tolerance is relative, else 1
    sd: FloatArray  # of observation, in the scale of the kind
    never: FloatArray  # in the units of the table

    def __len__(self) -> int:
        return len(self.ids)

    def scaled(self, runs: FloatArray) -> FloatArray:
        """Model values (... x targets) in the targets' scales; NaN where undefined or, on a log
        scale, not positive.
        """
        out = np.where(np.isnan(runs), self.never, np.asarray(runs, dtype=float))
        for column, kind in enumerate(self.kinds):
            if kind == "log":
                out[..., column] = np.log(np.where(out[..., column] > 0, out[..., column], np.nan))
        return out / self.scale

    def unscaled(self, scaled: FloatArray) -> FloatArray:
        """The way back from `scaled`."""
        out = np.asarray(scaled, dtype=float) * self.scale
        logs = np.array([kind == "log" for kind in self.kinds])
        return np.where(logs, np.exp(np.where(logs, out, 0.0)), out)

    @property
    def record(self) -> FloatArray:
        """The record in the targets' scales."""
        return self.scaled(self.values)

    def joined(self, other: Objective) -> Objective:
        """These targets, then those of another objective."""
        return Objective(
            self.ids + other.ids,
            self.kinds + other.kinds,
            np.append(self.values, other.values),
            np.append(self.scale, other.scale),
            np.append(self.sd, other.sd),
            np.append(self.never, other.never),
        )

    def with_values(self, values: FloatArray) -> Objective:
        """The same targets and scales with another record (synthetic data)."""
        return replace(self, values=np.asarray(values, dtype=float))


def fit_targets(targets: Sequence[Target]) -> tuple[Target, ...]:
    """Targets that a fit may use. Raises InputError for a row with a fit weight that is not in the
    sample or reaches beyond December 2025.
    """
    for row in targets:
        if row.fit_weight > 0 and (
            row.sample not in FITTED or max(row.last, row.base_last or "") > LINE
        ):
            last = max(row.last, row.base_last or "")
            raise InputError(
                "fit_weight {weight} on sample '{sample}' to {last}",
                "only {fitted} up to {line} may be fitted",
                where=Phrase.of("evidence '{row}'", row=row.id),
                weight=f"{row.fit_weight:g}",
                sample=row.sample,
                last=last,
                fitted=" and ".join(FITTED),
                line=LINE,
            )
    return tuple(row for row in targets if row.fit_weight > 0)


def make_objective(targets: Sequence[Target]) -> Objective:
    """The objective over these targets, nothing set aside yet."""
    chosen = fit_targets(targets)
    if not chosen:
        raise InputError(
            "evidence has no row with a positive fit_weight", "a calibration needs at least one"
        )
    sd = []
    for row in chosen:
        half = (
            row.tolerance / 2.0
        )  # a tolerance of kind relative or log is a share or a log already
        sd.append(half / np.sqrt(min(row.fit_weight, 1.0)))
    return Objective(
        tuple(row.id for row in chosen),
        tuple(row.tolerance_kind for row in chosen),
        np.array([row.value for row in chosen]),
        np.array([abs(row.value) if row.tolerance_kind == "relative" else 1.0 for row in chosen]),
        np.array(sd),
        np.array([row.never for row in chosen]),
    )


def implausibility(objective: Objective, mean: FloatArray, luck: FloatArray) -> FloatArray:
    """I of each vector (rows) for each target (columns), capped at 10.

    mean: vectors x targets, mean over seeds in the targets' scales; luck: v (1 + 1 / R), by target.
    Undefined means are as implausible as can be.
    """
    distance = np.abs(mean - objective.record) / np.sqrt(objective.sd**2 + luck)
    return np.where(np.isfinite(distance), np.minimum(distance, UNDEFINED), UNDEFINED)


def log_likelihood(each: FloatArray) -> FloatArray:
    """Log of the likelihood of the record, by vector: -(n + 1) / 2 sum ln(1 + I^2 / n), I of each
    target, n 4 degrees of freedom of Student's t.

    A target that the model cannot reach counts against all vectors nearly alike, and does not
    decide the rest, as it would in a sum of squares or in the worst of all. Source: Lange, Little &
    Taylor 1989, who take 4.
    """
    terms = np.log1p(each**2 / FREEDOM)
    return np.asarray(-0.5 * (FREEDOM + 1.0) * terms.sum(axis=1))
