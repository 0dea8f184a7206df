"""What a notebook shows of a sweep: what its folder holds, its outcomes with bands, what failed,
and what to do next.
"""

from __future__ import annotations

from typing import Final

from coercivity.experiments.studies.sweep import SweepResult
from coercivity.experiments.sweep.export import failures, outcome_spreads
from coercivity.viz.words.card_html import (
    card,
    code,
    folded_parts,
    paragraph,
    shortened_table,
    table,
)
from coercivity.viz.words.summary import cell

SHOWN: Final = 12  # outcomes that are seen; the others are behind a line
BANDS: Final = "Median of all runs that are done, in brackets the 5th to the 95th percentile."


def sweep_card(found: SweepResult) -> str:
    """The card of a sweep."""
    about = [
        f"{found.runs} runs: {found.done} done, {found.failed} failed, {found.missing} missing",
        f"{found.computed} of them now, in {found.seconds:.0f} seconds" if found.computed else "",
    ]
    rows = [
        (one.scenario, one.outcome, cell(one.spread, one.unit, one.runs), f"{one.undefined}")
        for one in outcome_spreads(found.folder)
        if one.runs
    ]
    heads = ("scenario", "outcome", "median", "runs without it")
    wrong = [(one.message, one.runs) for one in failures(found.folder)] if found.failed else []
    parts = [
        shortened_table("outcomes", heads, rows, SHOWN) if rows else paragraph("No run is done."),
        paragraph(BANDS if rows else ""),
        folded_parts(f"{found.failed} runs failed", table(("message", "runs"), wrong))
        if wrong
        else paragraph(""),
        *(paragraph(problem) for problem in found.problems[:SHOWN]),
        paragraph("The same call goes on with what is missing." if found.missing else ""),
        code(
            ".table()",
            ".outcomes()",
            *((".failures()",) if wrong else ()),
            f'coercivity.sensitivity("{found.folder}")',
        ),
    ]
    return card("Sweep", found.folder.name, about, parts)
