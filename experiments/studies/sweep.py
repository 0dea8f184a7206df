"""A sweep from Python: a design is run into a folder, here or on a Dask cluster, and what came out
is a frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coercivity.experiments.studies.arguments import in_words_of_a_call
from coercivity.experiments.sweep import run_sweep
from coercivity.experiments.sweep.design import Design, load_design
from coercivity.model.basis.display import card_of, display_function

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.sweep.progress import Report


@dataclass(frozen=True)
class SweepResult(run_sweep.SweepSummary):
    """What the folder of a sweep holds after a call.

    folder: where the parts lie. runs: in all; of them done, failed and missing. computed: by this
    call, in so many seconds. problems: a line for each chunk that had to be given up. ok: whether
    every run is there and at least one did not fail.
    """

    def table(self, columns: Sequence[str] | None = None, complete: bool = False) -> pd.DataFrame:
        """One row a run, sorted by run: run, scenario, seed, point, the parameters that move, the
        outcomes (NaN where undefined), status, message.

        columns: only these. complete: refuse while runs are missing. `.attrs` holds the design, its
        fingerprint and the version that made the rows. Raises InputError where parts are damaged.
        """
        from coercivity.experiments.sweep.finished_parts import read_sweep

        return read_sweep(self.folder, columns, complete)

    def outcomes(self) -> pd.DataFrame:
        """One row a scenario and outcome: median, 5th and 95th percentile over the runs that are
        done, their number, and how many leave the outcome undefined.

        unit: that of the three. A stop that never comes counts as later than any day; where it
        comes in too few runs for a percentile, that is NaN.
        """
        import pandas as pd

        from coercivity.experiments.sweep.export import outcome_spreads

        return pd.DataFrame(
            [
                {
                    "scenario": one.scenario,
                    "outcome": one.outcome,
                    "unit": one.unit,
                    **asdict(one.spread),
                    "runs": one.runs,
                    "undefined": one.undefined,
                }
                for one in outcome_spreads(self.folder)
            ],
            columns=[*_SPREAD, "runs", "undefined"],
        ).astype({"median": float, "p05": float, "p95": float})

    def failures(self) -> pd.DataFrame:
        """One row a message of runs that failed: how many, the first of them and its seed."""
        import pandas as pd

        from coercivity.experiments.sweep.export import failures

        return pd.DataFrame(
            [asdict(one) for one in failures(self.folder)],
            columns=["message", "runs", "first", "seed"],
        )

    def export(self, to: str | Path) -> Path:
        """Write all runs that are there into one new file, .csv or .parquet; return its path."""
        from coercivity.experiments.sweep.export import export

        return in_words_of_a_call(export)(self.folder, to)[0]

    def _repr_html_(self) -> str:
        """The card that a notebook shows."""
        return card_of(self, lambda: display_function("card of a sweep")(self))

    def __repr__(self) -> str:
        return (
            f"SweepResult({self.folder.name}: {self.runs} runs, {self.done} done, {self.failed} "
            f"failed, {self.missing} missing)"
        )


_SPREAD = ("scenario", "outcome", "unit", "median", "p05", "p95")


@in_words_of_a_call
def sweep(
    design: Design | str | Path | Mapping[str, Any],
    out: str | Path,
    *,
    workers: int = 0,
    chunk: int | None = None,
    dask: str | None = None,
    progress: Report | None = None,
) -> SweepResult:
    """Run the sweep of a design into a folder, or what is missing of it: the same call resumes.

    design: a name that ships, the path of a YAML file, or a mapping with its keys
    (`docs/sweeps.md`). out: a new or empty folder, or that of this sweep. workers: processes; 0
    takes one for each usable core, 1 works in this one; rows do not depend on it. chunk: runs in a
    part, 1 to 5,000, fixed when the folder is begun; about a minute of work without it. dask: the
    address of a scheduler (`tcp://HOST:PORT`), or `local`, in place of processes of our own.
    progress: called after each chunk, and about once a second meanwhile, with a `Progress` (done,
    total, failed, rate in runs a second, seconds left).

        >>> import coercivity
        >>> asked = {"scenario": "japan-2026", "months": 60, "seeds": 4, "method": "lhs",
        ...          "samples": 100, "parameters": ["over_compliance", "licence_clock_months"],
        ...          "outcomes": ["firms_stopped_share", "output_lost_24m"]}
        >>> coercivity.load_design(asked).run_count
        400

        found = coercivity.sweep(asked, "runs/clock", workers=2)
        found.table().groupby("point").firms_stopped_share.mean()

    Raises InputError, one line, before any run for what does not fit; SweepStopped where it has to
    end early (a full disk, a cluster that is gone): what was written stays.
    """
    wanted = design if isinstance(design, Design) else load_design(design)
    done = run_sweep.run_sweep(wanted, out, workers, progress, chunk=chunk, dask=dask)
    return SweepResult(**vars(done))
