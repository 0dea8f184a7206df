"""Claims from Python: what others said, put to the model, as frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coercivity.experiments.claims import run_claims
from coercivity.experiments.claims.verdict import ClaimVerdict
from coercivity.experiments.studies.arguments import in_words_of_a_call, names_of
from coercivity.experiments.worlds.asked_facts import Data, find_facts
from coercivity.model.basis.errors import InputError, suggest

if TYPE_CHECKING:
    import pandas as pd

    from coercivity.experiments.questions.shared_runs import Progress

VALUES: Final = ("id", "group", "at", "draw", "value")


@dataclass(frozen=True, eq=False)
class Claims:
    """Findings on claims, in the order asked. draws: worlds of each, a parameter vector and a seed
    apiece.
    """

    findings: tuple[ClaimVerdict, ...]
    draws: int

    def __iter__(self) -> Iterator[ClaimVerdict]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __getitem__(self, claim: str) -> ClaimVerdict:
        """The finding on one claim, by its id. Raises InputError for one that was not asked."""
        for finding in self.findings:
            if finding.claim.id == claim.upper():
                return finding
        known = [finding.claim.id for finding in self.findings]
        raise InputError("claim '{value}' is not here", suggest(claim, known), value=claim)

    def table(self) -> pd.DataFrame:
        """One row a claim: id, claim, verdict (holds, does_not_hold, conditional, built_in,
        inconclusive), support (share of draws in which it holds, 0-1), turns_on and flips_at (the
        parameter that decides it, and where), metric with its unit, median value, p05, p95, worlds
        and threshold, placebo and placebo_support (the same with its mechanism off).
        """
        import pandas as pd

        rows: list[dict[str, Any]] = [finding.to_dict() for finding in self.findings]
        return pd.DataFrame(rows).drop(columns="beside", errors="ignore")

    def values(self) -> pd.DataFrame:
        """One row a world: id, group (main, placebo, corner, scan), at (the value of the parameter
        that is moved in a scan, else NaN), draw, and the metric (NaN where undefined).
        """
        import pandas as pd

        rows = [
            (finding.claim.id, group, at, draw, value)
            for finding in self.findings
            for group, at, values in _groups(finding)
            for draw, value in enumerate(values)
        ]
        return pd.DataFrame(rows, columns=list(VALUES)).astype({"at": float, "value": float})


def _groups(finding: ClaimVerdict) -> Iterator[tuple[str, float | None, Any]]:
    evidence = finding.evidence
    for group in ("main", "placebo", "corner"):
        yield group, None, getattr(evidence, group)
    for at, values in evidence.scan.items():
        yield "scan", at, values


@in_words_of_a_call
def claims(
    ids: str | Iterable[str] = (),
    *,
    draws: int = 16,
    workers: int = 0,
    progress: Progress | None = None,
    data: Data = None,
) -> Claims:
    """Put the article's claims to the model.

    ids: C1 to C16, one or several; all of them without any. draws: worlds of a claim, each with a
    vector of the collection and a seed. workers: processes; 0 takes one for each usable core, 1
    works in this one; findings do not depend on it. progress(done, total) counts runs. data: the
    facts that they are put to, as for `run`.

    Thresholds were written down before the first run (`table("claims")`); the rule of the verdicts
    stands in `experiments/claims/verdict.py`.

        found = coercivity.claims("C4", draws=4, workers=1)
        found.table()[["id", "verdict", "support"]]

    Raises InputError, one line, for an unknown id or a number that does not fit, before any run.
    """
    found = run_claims.run_claims(
        names_of(ids),
        draws_count=draws,
        workers=workers,
        progress=progress,
        facts=find_facts(data),
    )
    return Claims(tuple(found), draws)
