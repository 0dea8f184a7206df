"""A sweep's sensitivity in one go: which method fits its design, each outcome settled and analysed,
and the sentences that it allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from coercivity.agents.base.arrays import BoolArray, FloatArray
from coercivity.experiments.sensitivity import sentences as say
from coercivity.experiments.sensitivity.corner import Condition, Corner, find_corner
from coercivity.experiments.sensitivity.indices import (
    Indices,
    check_varies,
    delta,
    morris,
    pawn,
    sobol,
)
from coercivity.experiments.sensitivity.replications import (
    Luck,
    OutcomeMeans,
    check_defined,
    luck_share,
    percent,
    settle,
    whole_blocks,
)
from coercivity.experiments.sensitivity.sample import Sample, outcome_label
from coercivity.experiments.sensitivity.tornado import Tornado, tornado
from coercivity.model.basis.errors import InputError, suggest, unknown_value_error
from coercivity.model.basis.extras import require_packages

METHODS: Final = ("sobol", "morris", "delta", "pawn", "tornado")
# method of a design -> methods of analysis that fit it, the usual one first
FITS: Final[Mapping[str, tuple[str, ...]]] = {
    "sobol": ("sobol", "pawn", "delta"),
    "morris": ("morris",),
    "oat": ("tornado",),
    "lhs": ("pawn", "delta"),
    "collection": ("pawn", "delta"),
    "list": ("pawn", "delta"),
    "grid": (),
}
CORNERS: Final = ("lhs", "sobol", "collection", "list")
WHOLE: Final = ("sobol", "morris", "tornado")  # need every run of the design
SAME: Final = 0.2  # share of points with one value from which a density cannot be smoothed


@dataclass(frozen=True)
class OutcomeSensitivity:
    """One outcome by one method. *refused* says in a line why there are no indices; else exactly
    one of indices and tornado is there.
    """

    outcome: str
    label: str
    unit: str
    method: str
    median: float | None
    p05: float | None
    p95: float | None
    notes: tuple[str, ...]
    luck: Luck | None = None
    indices: Indices | None = None
    tornado: Tornado | None = None
    refused: str = ""
    sentences: tuple[str, ...] = ()


def choose_methods(sample: Sample, wanted: str | None = None) -> tuple[str, ...]:
    """The method asked for, or the one that fits the design. Raises InputError naming the fit, or
    the number of runs that are missing.
    """
    fits = FITS[sample.method]
    if wanted is not None and wanted not in METHODS:
        raise unknown_value_error("--method", wanted, METHODS)
    if not sample.names:
        raise InputError(
            "the sweep moves no parameter, so nothing can be said about parameters",
            "sweep with method lhs, sobol, morris or oat",
        )
    if not fits:
        raise InputError(
            "a sweep with method {method} fits no index",
            "sweep with method lhs (pawn, delta), sobol, morris or oat (tornado)",
            method=sample.method,
        )
    if wanted is not None and wanted not in fits:
        needs = next(
            (design for design, methods in FITS.items() if methods and methods[0] == wanted), "lhs"
        )
        raise InputError(
            "--method {wanted} needs a sweep with method {needs}, and this one is {method}",
            "it allows: {methods}",
            wanted=wanted,
            needs=needs,
            method=sample.method,
            methods=fits,
        )
    chosen = wanted or fits[0]
    if chosen in WHOLE and sample.missing:
        raise InputError(
            "{missing} of {count} runs are missing, and {method} needs them all",
            "finish the sweep with the command that began it, or use --method pawn on what there is"
            if "pawn" in fits
            else "finish the sweep with the command that began it",
            missing=sample.missing,
            count=sample.there.size,
            method=chosen,
        )
    return (chosen,)


def choose_outcomes(sample: Sample, wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """The outcomes asked for, or all. Raises InputError for one that the sweep does not hold."""
    outcomes_held = tuple(sample.values)
    for name in wanted:
        if name not in outcomes_held:
            raise InputError(
                "--outcome '{value}' is not in this sweep", suggest(name, outcomes_held), value=name
            )
    if not outcomes_held:
        raise InputError(
            "the sweep holds no outcome",
            "name some in its design, for example outcomes: [first_stop_days, firms_stopped_share]",
        )
    return tuple(dict.fromkeys(wanted)) or outcomes_held


def analyse(sample: Sample, outcomes: Sequence[str], method: str) -> list[OutcomeSensitivity]:
    """Return a finding for each outcome."""
    return [analyse_outcome(sample, outcome, method) for outcome in outcomes]


def analyse_outcome(sample: Sample, outcome: str, method: str) -> OutcomeSensitivity:
    """Return the finding of one outcome; what cannot be computed is refused in a line, not
    raised.
    """
    if method != "tornado":
        require_packages("SALib", "sweep", f"method {method}")
    rows = usable_points(sample, method)
    settled = settle(
        sample.values[outcome][rows], sample.unit(outcome), sample.days, sample.lost[rows]
    )
    notes = list(settled.notes)
    if method in ("delta", "pawn"):
        notes += _sample_lines(sample, rows)
    known = settled.means[~np.isnan(settled.means)]
    p05, median, p95 = (
        (float(value) for value in np.quantile(known, (0.05, 0.5, 0.95)))
        if len(known)
        else (None, None, None)
    )
    label, unit = outcome_label(sample.facts, outcome), sample.unit(outcome)
    head = (outcome, label, unit, method, median, p05, p95)
    try:
        check_defined(settled)
        if method == "delta" and _many_equal(known):
            raise InputError(
                "more than {share} of the points share one value, of which delta makes a "
                "smooth density",
                "use --method pawn",
                share=percent(SAME),
            )
        luck = luck_share(settled.runs, sample.block if method in ("sobol", "morris") else 1)
        if method == "tornado":
            check_varies(settled.runs)
            swings = tornado(sample.names, sample.points, settled.runs)
            return OutcomeSensitivity(
                *head,
                tuple(notes),
                luck,
                tornado=swings,
                sentences=tuple(say.tornado_sentences(label, unit, swings)),
            )
        indices = _indices(sample, method, rows, settled, notes)
    except InputError as error:
        return OutcomeSensitivity(*head, tuple(notes), refused=str(error))
    said = {
        "sobol": say.sobol_sentences,
        "morris": lambda name, found: say.morris_sentences(name, unit, found),
    }.get(method, say.density_sentences)
    return OutcomeSensitivity(
        *head,
        tuple(notes),
        luck,
        indices,
        sentences=(*said(label, indices), say.luck_sentence(luck, len(sample.seeds))),
    )


def usable_points(sample: Sample, method: str) -> BoolArray:
    """Points that a method takes: all, or for densities and corners those drawn independently that
    have a run.
    """
    if method in WHOLE:
        return np.ones(len(sample.points), dtype=bool)
    return sample.independent() & sample.there.any(axis=1)


def corner_of(sample: Sample, conditions: Sequence[Condition]) -> Corner:
    """The corner in which all conditions hold in at least half of the worlds of a point. Raises
    InputError where the design or the points do not fit.
    """
    points, hit, notes = corner_points(sample, conditions)
    return find_corner(sample.names, points, hit, " and ".join(map(str, conditions)), notes)


def corner_points(
    sample: Sample, conditions: Sequence[Condition]
) -> tuple[FloatArray, BoolArray, list[str]]:
    """Points (n x d) in which the conditions are known, whether they hold there, and what was left
    out. Raises InputError for a design that does not fit.
    """
    if sample.method not in CORNERS or not sample.names:
        raise InputError(
            "--corner needs points spread over the ranges (method {methods}), and this "
            "sweep is {method}",
            methods=CORNERS,
            method=sample.method,
        )
    rows = usable_points(sample, "corner")
    notes, met = (
        _sample_lines(sample, rows),
        np.ones((int(rows.sum()), len(sample.seeds)), dtype=bool),
    )
    unknown = sample.lost[rows].copy()
    for one in conditions:
        values = sample.values[one.outcome][rows].copy()
        if sample.unit(one.outcome) == "days":
            values[np.isnan(values) & ~sample.lost[rows]] = np.inf  # later than any day
        unknown |= np.isnan(values)
        met &= one.met(values)
    counted = (~unknown).sum(axis=1)
    inside = (2 * counted >= len(sample.seeds)) & (counted > 0)
    if not inside.all():
        notes.append(f"{int((~inside).sum())} points in which it is undefined are left out")
    hits = (met & ~unknown).sum(axis=1)[inside]
    hit = np.asarray(2 * hits >= counted[inside], dtype=bool)
    split = float(((hits > 0) & (hits < counted[inside])).mean()) if inside.any() else 0.0
    if len(sample.seeds) > 1:
        notes.append(
            "a point counts when the condition holds in at least half of its worlds; in "
            f"{percent(split)} of the points worlds differ, which is luck"
        )
    return sample.points[rows][inside], hit, notes


def to_dict(
    sample: Sample, findings: Sequence[OutcomeSensitivity], corner: Corner | None
) -> dict[str, Any]:
    """The whole answer as plain values."""
    return {
        "sweep": {
            "scenario": sample.scenario,
            "method": sample.method,
            "months": sample.months,
            "points": len(sample.points),
            "samples": sample.samples,
            "seeds": list(sample.seeds),
            "runs": int(sample.there.size),
            "missing": sample.missing,
            "failed": int((sample.lost & sample.there).sum()),
            "bounds": {
                name: list(pair)
                for name, pair in zip(sample.names, sample.problem["bounds"], strict=True)
            },
            "fingerprint": sample.fingerprint,
            "version": sample.version,
        },
        "outcomes": [_to_json_values(asdict(one)) for one in findings],
        "corner": None
        if corner is None
        else _to_json_values(
            {**asdict(corner), "found": corner.found, "sentences": say.corner_sentences(corner)}
        ),
    }


def _indices(
    sample: Sample, method: str, rows: BoolArray, settled: OutcomeMeans, notes: list[str]
) -> Indices:
    """The indices over the points that are defined."""
    if method in ("sobol", "morris"):
        whole_rows = whole_blocks(settled.means, sample.block)
        if not whole_rows.all():
            left, blocks = int(whole_rows.sum()) // sample.block, len(whole_rows) // sample.block
            notes.append(
                f"{blocks - left} of {blocks} groups of points that belong together hold an "
                "undefined point and are left out"
            )
        values = settled.means[whole_rows]
        if method == "sobol":
            return sobol(sample.problem, values, len(values) // sample.block)
        return morris(sample.problem, sample.points[whole_rows], values)
    whole_rows = ~np.isnan(settled.means)
    measures: dict[str, Callable[..., Indices]] = {"delta": delta, "pawn": pawn}
    return measures[method](
        sample.problem, sample.points[rows][whole_rows], settled.means[whole_rows]
    )


def _sample_lines(sample: Sample, rows: BoolArray) -> list[str]:
    notes = []
    if sample.missing:
        notes.append(
            f"{sample.missing} of {sample.there.size} runs are missing; this is what "
            f"{int(rows.sum())} points say"
        )
    if sample.method == "sobol":
        notes.append(
            f"of the Sobol' design only the {int(rows.sum())} base points are used: the "
            "others repeat their values"
        )
    return notes


def _many_equal(known: FloatArray) -> bool:
    return bool(np.ptp(known)) and float(
        np.unique(known, return_counts=True)[1].max()
    ) > SAME * len(known)


def _to_json_values(value: Any) -> Any:
    """Tuples as lists, NaN as None: what JSON holds."""
    if isinstance(value, Mapping):
        return {key: _to_json_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json_values(item) for item in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
