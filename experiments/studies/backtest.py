"""The backtest from Python: the model against the record, and against what can be said without a
model, as frames.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from coercivity.experiments.backtest import run_backtest
from coercivity.experiments.studies.arguments import in_words_of_a_call, names_of
from coercivity.experiments.worlds.draws import draws as drawn

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.worlds.run import Progress


@dataclass(frozen=True, eq=False)
class Backtest:
    """Targets of the record, and what the draws give for each (`survey`)."""

    survey: run_backtest.Survey

    @cached_property
    def _document(self) -> dict[str, Any]:
        return run_backtest.document(self.survey)

    def table(self) -> pd.DataFrame:
        """One row a target: id, episode, sample (in, kept_back, out, start), what is read
        (scenario, quantity, state, partner, good, from, to, statistic), the record (value,
        tolerance, low, high, unit, source), the draws (p05, median, p95, undefined, within),
        verdict (PASS, PARTIAL, FAIL), error in tolerances (0-10), and that of each reckoning
        without a model (error_no_change, error_proportional, error_exponential; NaN where it says
        nothing).
        """
        import pandas as pd

        rows = []
        for target in self._document["targets"]:
            naive = {
                f"error_{name}": None if said is None else said["error"]
                for name, said in target["naive"].items()
            }
            rows.append(
                {key: cell for key, cell in target.items() if key not in ("naive", "distance")}
                | naive
            )
        frame = pd.DataFrame(rows)
        errors = [name for name in map(str, frame) if name.startswith("error")]
        numbers = [*_NUMBERS, *errors]
        return frame.astype(dict.fromkeys(numbers, float))

    def samples(self) -> pd.DataFrame:
        """One row a sample, and one for all that are scored: targets, PASS, PARTIAL, FAIL, the
        share that passes and that does not fail (0-1), median error in tolerances.
        """
        import pandas as pd

        return pd.DataFrame(self._document["samples"])

    def benchmarks(self) -> pd.DataFrame:
        """One row a sample and reckoning without a model: series that the model wins, ties and
        loses, mean errors of both in tolerances, and p_value of a sign test, which describes only.
        """
        import pandas as pd

        return pd.DataFrame(self._document["benchmarks"])

    def bands(self) -> pd.DataFrame:
        """One row a sample and kind of number: rows, inside: share of them in the band of 80% of
        the draws, wider: tolerances by which the fit asks that band to be wider, inside_wider:
        share in that (0-1). Source: Romano, Patterson & Candès 2019.
        """
        import pandas as pd

        return pd.DataFrame(self._document["bands"])

    def mixtures(self) -> pd.DataFrame:
        """One row a kind of number and sample: the reckoning that the fit would mix with the model
        and its weight (0-1; 0 where the model alone is nearest), mean errors by series of the
        model, the reckoning alone and the mixture, in tolerances, and whether it holds there.
        """
        import pandas as pd

        return pd.DataFrame(self._document["mixtures"])

    def values(self) -> pd.DataFrame:
        """One row a target and draw: id, draw, value (NaN where undefined), in the target's
        unit.
        """
        import pandas as pd

        rows = [
            (name, draw, value)
            for name, values in self.survey.values.items()
            for draw, value in enumerate(values)
        ]
        return pd.DataFrame(rows, columns=["id", "draw", "value"]).astype({"value": float})

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: what `coercivity backtest --json` prints, with the lines of
        figures where they were kept.
        """
        return self._document


_NUMBERS = ("value", "tolerance", "low", "high", "p05", "median", "p95", "within")


@in_words_of_a_call
def backtest(
    episodes: str | Iterable[str] = (),
    *,
    draws: int = 30,
    sample: str | None = None,
    lines: bool = False,
    workers: int = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Set the model against the record, and against three reckonings without a model.

    episodes: of `table("evidence")`, one or several; all of them without any. draws: of parameter
    vector and seed. sample: only targets of this one: in (the fit saw them), kept_back, out (after
    2024) or start (balanced to them, no test). lines: keep whole series, for figures. workers:
    processes; 0 takes one for each usable core, 1 works in this one; nothing depends on it.
    progress(done, total) counts runs.

    The rule of the verdicts was written down before the first run
    (`experiments/backtest/score.py`).

        >>> import coercivity
        >>> sorted(coercivity.table("evidence")["sample"].unique())
        ['in', 'kept_back', 'out', 'start']

        found = coercivity.backtest("quotas-2010", draws=4)
        found.table()[["id", "value", "median", "verdict"]]

    Raises InputError, one line, for an unknown episode or sample, before any run.
    """
    targets = run_backtest.choose_targets(names_of(episodes), sample)
    found = run_backtest.run_survey(
        targets, drawn(draws), workers=workers, lines=lines, progress=progress
    )
    return Backtest(found)
