"""Sensitivity from Python: which parameters move an outcome of a sweep, how surely, how much is
luck, and in which corner something happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.sensitivity import analysis
from coercivity.experiments.sensitivity.analysis import OutcomeSensitivity
from coercivity.experiments.sensitivity.corner import Condition, Corner, read_corner
from coercivity.experiments.sensitivity.sample import Sample, read_sample
from coercivity.experiments.studies.arguments import in_words_of_a_call, names_of
from coercivity.experiments.sweep.run_sweep import SweepSummary
from coercivity.model.basis.display import display_function
from coercivity.model.basis.errors import InputError, shorten, suggest

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from coercivity.experiments.studies.sweep import SweepResult

INDICES: Final = ("outcome", "parameter", "other", "measure", "value", "low", "high", "unit")
OUTCOMES: Final = ("outcome", "label", "unit", "method", "median", "p05", "p95", "luck", "refused")
BOUNDS: Final = ("parameter", "side", "value", "quasi_p", "again")
IN_UNITS: Final = ("mu_star", "mu", "sigma")  # measures in the unit of their outcome


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What a sweep says about its parameters.

    sample: the sweep as arrays (points x parameters; each outcome points x seeds). method: of the
    analysis. findings: one an outcome. conditions: what was asked of the corner, empty without one.
    corner: the box that was found, or that none was; None where nobody asked.
    """

    sample: Sample
    method: str
    findings: tuple[OutcomeSensitivity, ...]
    conditions: tuple[Condition, ...] = ()
    corner: Corner | None = None

    def __iter__(self) -> Iterator[OutcomeSensitivity]:
        return iter(self.findings)

    def __getitem__(self, outcome: str) -> OutcomeSensitivity:
        """The finding of one outcome. Raises InputError for one that was not analysed."""
        for finding in self.findings:
            if finding.outcome == outcome:
                return finding
        known = [finding.outcome for finding in self.findings]
        raise InputError("outcome '{value}' is not here", suggest(outcome, known), value=outcome)

    def table(self) -> pd.DataFrame:
        """One row an outcome, parameter and measure, the largest first: value with its 95% interval
        low to high, and unit.

        measure: first, total and second (Sobol', shares of the variance; other: the second of a
        pair), mu_star, mu and sigma (Morris, in the unit of the outcome, mu and sigma without an
        interval), delta, pawn (0-1); of a tornado at_low and at_high: the mean effect at either end
        of the range, with the 5th and 95th percentile over the seeds.
        """
        import pandas as pd

        rows = [row for finding in self.findings for row in _rows(finding)]
        return pd.DataFrame(rows, columns=list(INDICES))

    def outcomes(self) -> pd.DataFrame:
        """One row an outcome: what the points of the sweep give (median, p05, p95), the share of
        the variance of single runs that is luck (0-1), and why it was refused, empty where it was
        not.
        """
        import pandas as pd

        return pd.DataFrame(
            [
                (
                    *(getattr(one, name) for name in OUTCOMES[:7]),
                    None if one.luck is None else one.luck.share,
                    one.refused,
                )
                for one in self.findings
            ],
            columns=list(OUTCOMES),
        ).astype(dict.fromkeys(OUTCOMES[4:8], float))

    def bounds(self) -> pd.DataFrame:
        """One row a bound of the corner, the strongest first: parameter, side (low, high), value,
        quasi_p (the chance that a bound on nothing does as well), again (in what share of half
        samples it is found again). Empty where luck gives a box as good, or nobody asked.
        """
        import pandas as pd

        found = () if self.corner is None else self.corner.bounds
        rows = [tuple(getattr(bound, name) for name in BOUNDS) for bound in found]
        return pd.DataFrame(rows, columns=list(BOUNDS))

    def points(self) -> pd.DataFrame:
        """One row a point that the corner was looked for in: its parameters, and hit: whether the
        condition holds in at least half of its worlds. Raises InputError where no corner was asked.
        """
        import pandas as pd

        if not self.conditions:
            raise InputError(
                "corner is missing", "ask for example corner='firms_stopped_share>0.3'"
            )
        values, hit, _ = analysis.corner_points(self.sample, self.conditions)
        return pd.DataFrame(values, columns=list(self.sample.names)).assign(hit=hit)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the numbers allow to say, outcome by outcome, then of the corner."""
        from coercivity.experiments.sensitivity.sentences import corner_sentences

        said = [line for finding in self.findings for line in finding.sentences]
        return (*said, *(() if self.corner is None else corner_sentences(self.corner)))

    @property
    def plots(self) -> tuple[str, ...]:
        """Names of the figures that `plot` draws: each outcome that was not refused; behind it
        OUTCOME-plane (Morris: size and spread of effects) or OUTCOME-pairs (Sobol': interactions)
        where there is one, and corner where one was asked.
        """
        names: tuple[str, ...] = display_function("plots of a sensitivity")(self)
        return names

    def plot(self, name: str | None = None) -> Figure:
        """Draw one figure of `plots`, the first where none is named: the measures of an outcome as
        bars with their 95% intervals, the largest first (Sobol': total and first order side by
        side), or the swings of a tornado.

        Returns a matplotlib Figure that pyplot knows nothing of, so that a notebook shows it once.
        Raises InputError for an unknown name, where every outcome was refused, and without
        matplotlib (`pip install "coercivity[plot]"`).
        """
        return display_function("figure of a sensitivity")(self, name)

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        return str(display_function("card of a sensitivity")(self))

    def __repr__(self) -> str:
        outcomes = ", ".join(finding.outcome for finding in self.findings)
        return f"Sensitivity({self.sample.scenario}, {self.method}: {shorten(outcomes, 120)})"

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: what `coercivity sensitivity DIR --json` prints."""
        return analysis.to_dict(self.sample, self.findings, self.corner)

    def export_ema(self, to: str | Path) -> Path:
        """Write the runs as a new FILE.tar.gz that `load_results` of the EMA workbench reads;
        return its path.
        """
        from coercivity.experiments.sensitivity.ema_export import check_ema_path, export_ema

        path = in_words_of_a_call(check_ema_path)(to)
        export_ema(self.sample, path)
        return path


@in_words_of_a_call
def sensitivity(
    folder: str | Path | SweepResult,
    outcomes: str | Sequence[str] | None = None,
    *,
    method: str | None = None,
    corner: str | None = None,
    scenario: str | None = None,
) -> Sensitivity:
    """Which parameters move an outcome of a sweep, how surely, how much is luck, and in which
    corner something happens.

    folder: of a sweep, complete or not, or what `sweep` returned. outcomes: one or several of its
    outcomes; all without any. method: sobol, morris, delta, pawn or tornado; what fits the design
    without it. corner: a condition on outcomes, such as `firms_stopped_share>0.3`, or several
    joined by `and`; the box on few parameters in which it holds is looked for by PRIM and set
    against boxes that shuffled points give. scenario: which, where the sweep holds several.

        found = coercivity.sensitivity("runs/clock", corner="firms_stopped_share>0.3")
        found.table().query("measure == 'pawn'")
        found.bounds()

    Sources: Saltelli et al. (2010), Morris (1991), Borgonovo (2007), Pianosi & Wagener (2015) by
    way of SALib; PRIM: Friedman & Fisher (1999), Bryant & Lempert (2010).
    Raises InputError, one line, for what the sweep does not hold or its design does not allow. What
    cannot be computed for one outcome is said in its `refused`.
    """
    place = folder.folder if isinstance(folder, SweepSummary) else folder
    sample = read_sample(place, scenario)
    chosen = analysis.choose_outcomes(sample, names_of(outcomes))
    conditions = () if corner is None else read_corner(corner, tuple(sample.values))
    (fit,) = analysis.choose_methods(sample, method)
    box = analysis.corner_of(sample, conditions) if conditions else None
    findings = analysis.analyse(sample, chosen, fit)
    return Sensitivity(sample, fit, tuple(findings), conditions, box)


def _rows(finding: OutcomeSensitivity) -> Iterator[tuple[Any, ...]]:
    """Rows of the long table: those of a tornado, or of indices."""
    for swing in () if finding.tornado is None else finding.tornado.swings:
        for side, value, band in (
            ("at_low", swing.low, swing.low_band),
            ("at_high", swing.high, swing.high_band),
        ):
            yield (finding.outcome, swing.parameter, "", side, value, *band, finding.unit)
    if finding.indices is None:
        return
    for measure in dict.fromkeys(row.measure for row in finding.indices.rows):
        unit = finding.unit if measure in IN_UNITS else "share"
        for row in finding.indices.measured(measure):
            pair = (row.of[0], row.of[1] if len(row.of) > 1 else "")
            yield (finding.outcome, *pair, measure, row.value, row.low, row.high, unit)
