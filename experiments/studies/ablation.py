"""What each mechanism is worth, from Python: as frames."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from coercivity.experiments.questions.ablation import NAIVE, Row, ablate
from coercivity.experiments.questions.ablation_evidence import (
    EvidenceWorth,
    evidence_of_mechanisms,
)
from coercivity.experiments.studies.arguments import in_words_of_a_call, names_of
from coercivity.experiments.worlds.draws import draws as drawn
from coercivity.model.basis.errors import unknown_value_error

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.worlds.run import Progress


@dataclass(frozen=True, eq=False)
class Ablation:
    """What mechanisms are worth to the record (`evidence`) and to policy experiments (`policy`)."""

    evidence: tuple[EvidenceWorth, ...]
    policy: tuple[Row, ...]

    def table(self) -> pd.DataFrame:
        """One row a mechanism and sample (in, kept_back, bounds): series, mean errors of the whole
        model and without it (tolerances), difference, its standard_error over draws, helps, harms.
        """
        import pandas as pd

        held = [asdict(row) | {"helps": row.helps, "harms": row.harms} for row in self.evidence]
        return pd.DataFrame(held)

    def policy_table(self) -> pd.DataFrame:
        """One row a scenario, mechanism and number: medians of the whole model, without it and of
        the difference, in the units of the number; worth: whether the difference has one sign in
        most worlds and is a tenth of the number.
        """
        import pandas as pd

        kept = ("scenario", "mechanism", "number", "worth")
        rows = [
            {name: row[name] for name in kept}
            | {name: row[name]["median"] for name in ("whole", "off", "difference")}
            for row in self.policy
        ]
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain values: what `coercivity ablation --json` prints."""
        return {"evidence": [asdict(row) for row in self.evidence], "policy": list(self.policy)}


@in_words_of_a_call
def ablation(
    mechanisms: str | Iterable[str] = (),
    *,
    draws: int = 12,
    workers: int = 0,
    progress: Progress | None = None,
) -> Ablation:
    """Say what each mechanism is worth: each off, with the naive thing in its place.

    mechanisms: such as "M3", one or several; all of them without any. draws: of parameter vector
    and seed. workers: processes; 0 takes one for each usable core; nothing depends on it.
    progress(done, total) counts runs, of the record first. What happened after 2025 is not read.

        found = coercivity.ablation("M3", draws=4)
        found.table()[["sample", "difference", "standard_error", "helps"]]

    Raises InputError, one line, for a mechanism that is not known, before any run.
    """
    wanted = tuple(dict.fromkeys(names_of(mechanisms))) or tuple(NAIVE)
    for name in wanted:
        if name not in NAIVE:
            raise unknown_value_error("mechanism", name, NAIVE)
    chosen = drawn(draws)
    evidence = evidence_of_mechanisms(chosen, wanted, workers, progress)
    policy = ablate(chosen, workers, progress, only=wanted)
    return Ablation(tuple(evidence), tuple(policy))
