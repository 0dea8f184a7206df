"""What each mechanism is worth to the evidence: the mean error of the model against the record with
the mechanism off and the naive thing in its place, less that of the whole model, draw by draw.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from coercivity.agents.base.arrays import FloatArray
from coercivity.experiments.backtest.evidence_targets import Target, load_bounds, load_targets
from coercivity.experiments.backtest.run_backtest import Survey, run_survey
from coercivity.experiments.backtest.score import scaled_error
from coercivity.experiments.questions.ablation import NAIVE
from coercivity.experiments.worlds.draws import Draw

SAMPLES: Final[Mapping[str, str]] = {
    "in": "in the fit",
    "kept_back": "kept back",
    "bounds": "what must hold anyway",
}


@dataclass(frozen=True)
class EvidenceWorth:
    """What a mechanism is worth to a sample of the record: mean errors of the whole model and of
    the one without it (tolerances), the difference, and its standard error over draws.
    """

    mechanism: str
    sample: str
    series: int
    whole: float
    off: float
    difference: float
    standard_error: float

    @property
    def helps(self) -> bool:
        """Whether the model is nearer to the record with it, by more than the standard error."""
        return self.difference > self.standard_error

    @property
    def harms(self) -> bool:
        """Whether it is nearer without."""
        return self.difference < -self.standard_error


def evidence_of_mechanisms(
    draws: Sequence[Draw],
    mechanisms: Sequence[str] = tuple(NAIVE),
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[EvidenceWorth]:
    """One row a mechanism and sample; what happened after 2025 is not read."""
    targets = samples_of_record()
    every = [target for some in targets.values() for target in some]
    rows: list[EvidenceWorth] = []
    whole: dict[str, FloatArray] = {}
    for number, name in enumerate(("", *mechanisms)):

        def count_on(done: int, of: int, before: int = number) -> None:
            if progress is not None:
                progress(before * of + done, (1 + len(mechanisms)) * of)

        off = {name: False} if name else {}
        survey = run_survey(every, draws, workers=workers, mechanisms=off, progress=count_on)
        errors = {sample: errors_by_draw(survey, some) for sample, some in targets.items() if some}
        if not name:
            whole = errors
            continue
        rows += [
            _worth(name, sample, len(targets[sample]), whole[sample], errors[sample])
            for sample in errors
        ]
    return rows


def samples_of_record() -> dict[str, list[Target]]:
    """Targets to December 2025 by sample."""
    held = load_targets()
    found = {name: [one for one in held if one.sample == name] for name in ("in", "kept_back")}
    return {**found, "bounds": list(load_bounds())}


def errors_by_draw(survey: Survey, targets: Sequence[Target]) -> FloatArray:
    """Mean error of each draw, in tolerances: the median over the rows of a series in an episode,
    the mean over series, as votes are counted.
    """
    series: dict[tuple[str, object], list[list[float]]] = defaultdict(list)
    for target in targets:
        errors = [scaled_error(target, value) for value in survey.values[target.id]]
        series[target.episode, target.key].append(errors)
    return np.mean([np.median(rows, axis=0) for rows in series.values()], axis=0)


def _worth(
    name: str, sample: str, series: int, whole: FloatArray, off: FloatArray
) -> EvidenceWorth:
    apart = off - whole
    spread = float(apart.std(ddof=1) / np.sqrt(len(apart))) if len(apart) > 1 else float("nan")
    return EvidenceWorth(
        name, sample, series, float(whole.mean()), float(off.mean()), float(apart.mean()), spread
    )
